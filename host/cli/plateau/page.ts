/** A look at a plateau as one HTML page that needs no other file. */
import { version } from '../../../package.json';
import type { PlateauReport } from '../../plateau/report.ts';
import { shellWord } from '../output/commands.ts';
import { type Drawing, escaped, figureHtml, headHtml, STYLE, tableHtml } from '../output/page.ts';
import { coneSvg } from './cone-svg.ts';
import { findingRows, pairsTable, sizesTable } from './tables.ts';

/** The page. @param args of the command that made it */
export function plateauHtml(
  report: PlateauReport,
  { name, drawings, args }: { name: string; drawings: readonly Drawing[]; args: readonly string[] },
): string {
  const title = `Before training on ${name}`;
  const [sizes, pairs] = [sizesTable(report), pairsTable(report)];
  const rows = findingRows(report).map(
    ([what, value]) => `<tr><th>${escaped(what)}</th><td>${escaped(value)}</td></tr>`,
  );
  const style = `${STYLE}.found th,.found td{white-space:normal;text-align:left;vertical-align:top}.cone{overflow-x:auto}`;
  return [
    `${headHtml(title, style)}<body>`,
    `<h1>${escaped(title)}</h1>`,
    '<h2>What to do</h2>',
    `<ul>${report.advice.map((each) => `<li>${escaped(each)}</li>`).join('')}</ul>`,
    '<h2>What was found</h2>',
    `<div class="wide found"><table>${rows.join('\n')}</table></div>`,
    '<h2>The light cone</h2>',
    '<p class="soft">Filled gates are seen by the observable; the others change nothing that it measures.</p>',
    `<div class="cone" id="light-cone">${coneSvg(report.map)}</div>`,
    ...drawings.map(figureHtml),
    ...(sizes === undefined ? [] : ['<h2>Sizes</h2>', tableHtml(sizes)]),
    ...(pairs === undefined ? [] : ['<h2>Classes, as amplitudes</h2>', tableHtml(pairs)]),
    '<h2>Made by</h2>',
    `<pre>${escaped(['nlr-vqa', ...args].map(shellWord).join(' '))}</pre>`,
    `<p class="soft">nlr-vqa ${version}. Derivatives are exact and of the outputs f, before any head; Var is over starts as the model draws them, each with a row of the data.</p>`,
    '</body></html>',
    '',
  ].join('\n');
}
