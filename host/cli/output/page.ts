/** What the HTML pages of the command have in common: they need no other file. */

import { escaped } from './page-colours.ts';

export { escaped };

/** A table: a title for each column, and rows of as many cells. */
export interface Table {
  readonly titles: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** One picture. */
export interface Figure {
  /** Of its files. */
  readonly name: string;
  readonly title: string;
  /** What it shows, for those who do not see it. */
  readonly description: string;
  /** Of vega-lite, without a look of its own. */
  readonly spec: object;
}

/** A figure that has been drawn. */
export interface Drawing extends Omit<Figure, 'spec'> {
  readonly svg: string;
}

/** The look of a page, light and dark. */
export const STYLE = `
:root{color-scheme:light dark;--line:#d0d7de;--soft:#57606a}
@media (prefers-color-scheme:dark){:root{--line:#30363d;--soft:#8b949e}}
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2.5rem}
p.soft,figcaption{color:var(--soft)}
.wide{overflow-x:auto}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.9rem}
th,td{padding:.25rem .75rem .25rem 0;border-bottom:1px solid var(--line);text-align:right;white-space:nowrap}
th:first-child,td:first-child{text-align:left}
figure{margin:1.5rem 0}figure svg{max-width:100%;height:auto}
pre{overflow-x:auto;border:1px solid var(--line);border-radius:6px;padding:.75rem}
`;

/** The beginning of a page, which says whose it is. */
export function headHtml(title: string, style: string): string {
  return [
    '<!doctype html>',
    `<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="generator" content="nlr-vqa"><title>${escaped(title)}</title><style>${style}</style></head>`,
  ].join('\n');
}

/** A table. */
export function tableHtml({ titles, rows }: Table): string {
  const row = (cells: readonly string[], tag: 'th' | 'td') =>
    `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>`;
  return `<div class="wide"><table><thead>${row(titles, 'th')}</thead><tbody>${rows.map((cells) => row(cells, 'td')).join('\n')}</tbody></table></div>`;
}

/** Names inside a drawing that would be those of another one on the same page. */
const own = (svg: string, prefix: string) =>
  svg
    .replace(/\bid="([^"]+)"/g, `id="${prefix}-$1"`)
    .replace(/url\(#([^)]+)\)/g, `url(#${prefix}-$1)`)
    .replace(/href="#([^"]+)"/g, `href="#${prefix}-$1"`)
    .replace(/^<\?xml[^>]*>\s*/, '')
    .replace(/<!DOCTYPE[^>]*>\s*/, '');

/** A figure with its words below it. */
export function figureHtml({ name, svg, title, description }: Drawing): string {
  return `<figure id="${name}">${own(svg, name)}<figcaption>${escaped(title)}. ${escaped(description)}</figcaption></figure>`;
}
