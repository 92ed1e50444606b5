/**
 * Charts as SVG, by vega-lite: a chunk of its own, for it is larger than the rest of the command and few runs draw. It
 * needs no canvas and no browser: text is as wide as vega estimates.
 */
import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { darkStyle, escaped, FAINT, INK, PAPER } from './page-colours.ts';

/** A chart's look: readable on both pages, and for those who do not tell all colours apart (Okabe and Ito's). */
const LOOK = {
  background: PAPER,
  padding: 12,
  font: 'system-ui, sans-serif',
  view: { stroke: FAINT },
  axis: {
    labelColor: INK,
    titleColor: INK,
    gridColor: FAINT,
    domainColor: FAINT,
    tickColor: FAINT,
    titleFontWeight: 'normal',
  },
  legend: { labelColor: INK, titleColor: INK, orient: 'top', symbolStrokeWidth: 2 },
  title: { color: INK, subtitleColor: INK, anchor: 'start', fontWeight: 'bold' },
  text: { color: INK },
} as const;

/** Warnings are for who writes charts, not for who looks at them. */
const SILENT: NonNullable<Parameters<typeof compile>[1]>['logger'] = {
  level: () => SILENT,
  error: () => SILENT,
  warn: () => SILENT,
  info: () => SILENT,
  debug: () => SILENT,
} as never;

/**
 * Draws a chart.
 * @param spec of vega-lite, without a look of its own
 * @param title and what it shows, for those who do not see it
 * @returns an SVG file that needs no other
 */
export async function renderSvg(
  spec: object,
  { title, description }: { readonly title: string; readonly description: string },
): Promise<string> {
  const { spec: compiled } = compile({ ...spec, config: LOOK } as unknown as TopLevelSpec, {
    logger: SILENT,
  });
  const view = new View(parse(compiled), { renderer: 'none' });
  const svg = await view.toSVG();
  view.finalize();
  const label = `<title>${escaped(title)}</title><desc>${escaped(description)}</desc>`;
  return `${svg.replace(/<svg ([^>]*)>/, (_, attributes: string) => `<svg ${attributes} role="img">${label}${darkStyle()}`)}\n`;
}
