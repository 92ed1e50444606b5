/** A comparison as one HTML page that needs no other file: the tables and the figures. */
import { shellWord } from '../output/commands.ts';
import { type Measure } from '../../study/comparison.ts';
import { version } from '../../../package.json';
import { type ComparisonResult, MEASURE_TITLES, pairedTable, rulesTable, tuningTable } from './result.ts';
import { type Drawing, escaped, figureHtml, headHtml, STYLE, tableHtml } from '../output/page.ts';

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
    `${headHtml(title, STYLE)}<body>`,
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
