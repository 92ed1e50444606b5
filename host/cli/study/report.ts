/** A comparison as one HTML page that needs no other file: the tables and the figures. */
import { shellWord } from '../output/commands.ts';
import { type Measure } from '../../study/comparison.ts';
import { version } from '../../../package.json';
import {
  type ComparisonResult,
  MEASURE_TITLES,
  pairedTable,
  rulesTable,
  type Table,
  tuningTable,
} from './result.ts';
import type { Figure } from './figures/shown.ts';

/** A figure that has been drawn. */
export interface Drawing extends Figure {
  readonly svg: string;
}

const STYLE = `
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

const escaped = (text: string) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

/** A table. */
function tableHtml({ titles, rows }: Table): string {
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

function figureHtml({ name, svg, title, description }: Drawing): string {
  return `<figure id="${name}">${own(svg, name)}<figcaption>${escaped(title)}. ${escaped(description)}</figcaption></figure>`;
}

/** The measures that have a table of pairs. */
const MEASURES: readonly Measure[] = ['loss', 'auc', 'best', 'toHalf', 'lossTest', 'accuracyTest'];

/** The page. @param args of the command that made it */
export function reportHtml(
  result: Omit<ComparisonResult, 'out'>,
  drawings: readonly Drawing[],
  args: readonly string[],
): string {
  const { problem, seeds, paired, tuning } = result;
  const title = `${result.rules.map(({ rule }) => rule).join(', ')} on ${problem}`;
  const pairs = MEASURES.flatMap((measure) => {
    const table = pairedTable(paired, measure);
    return table.rows.length === 0 ? [] : `<h3>${escaped(MEASURE_TITLES[measure])}</h3>${tableHtml(table)}`;
  });
  return [
    '<!doctype html>',
    `<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escaped(title)}</title><style>${STYLE}</style></head><body>`,
    `<h1>${escaped(title)}</h1>`,
    `<p>${seeds.length} seeds, ${seeds[0]} to ${seeds.at(-1)}. Losses are exact and of whole sets; medians unless it says otherwise.</p>`,
    tableHtml(rulesTable(result.rules)),
    ...result.notes.map((note) => `<p>${escaped(note)}</p>`),
    ...drawings.map(figureHtml),
    '<h2>Rule against rule, seed by seed</h2>',
    '<p class="soft">The difference is the value of the rule less that of the one it is held against, its mean over the seeds; the interval is a bias-corrected and accelerated bootstrap at 95 %, t is Student’s, p two-sided and not corrected for the number of comparisons.</p>',
    ...(pairs.length === 0 ? ['<p>There is one rule.</p>'] : pairs),
    ...(tuning.length === 0
      ? []
      : [
          '<h2>Tuning</h2>',
          '<p class="soft">On seeds that nothing is compared on; what it took comes on top of what the comparison did.</p>',
          tableHtml(tuningTable(tuning)),
        ]),
    '<h2>Made by</h2>',
    `<pre>${escaped(['nlr-vqa', ...args].map(shellWord).join(' '))}</pre>`,
    `<p class="soft">nlr-vqa ${version}. The data of every point: curves.csv, runs.csv, paired.csv.</p>`,
    '</body></html>',
    '',
  ].join('\n');
}
