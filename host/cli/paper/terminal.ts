/** A report on a terminal: tables with the paper's figures beside ours, then what becomes of the claims. */
import {
  alongside,
  digits,
  type Measured,
  type Report,
  type Section,
  type SectionTable,
  type Unit,
  type Verdict,
} from '../../paper/index.ts';
import { bold, percent, plural, table } from '../output/format.ts';
import { plain } from '../output/plain.ts';

/** A number of a column. */
export function shown(value: number | null, unit: Unit): string {
  if (value === null || !Number.isFinite(value)) return '-';
  return unit === 'percent' ? percent(value) : digits(value);
}

/** Mean and deviation. */
export function meanShown({ mean, deviation }: Measured, unit: Unit): string {
  if (mean === null) return '-';
  if (deviation === null || deviation === 0) return shown(mean, unit);
  if (unit === 'percent') return `${(100 * mean).toFixed(1)} ± ${percent(deviation)}`;
  const written = alongside(deviation);
  return `${written(mean)} ± ${written(deviation)}`;
}

/** The interval of a mean; nothing where all seeds have the same. */
export function intervalShown({ interval, deviation }: Measured, unit: Unit): string {
  if (interval === null || deviation === 0) return '';
  const [low, high] = interval;
  if (unit === 'percent') return `${(100 * low).toFixed(1)} to ${percent(high)}`;
  const written = alongside(deviation);
  return `${written(low)} to ${written(high)}`;
}

const isMeasured = (cell: SectionTable['rows'][number]['cells'][number]): cell is Measured =>
  typeof cell === 'object' && cell !== null;

/** A table: what the paper prints stands in a column of its own, behind ours. */
export function tableLines({ title, about, columns, rows }: SectionTable): string[] {
  const printedAt = columns.map((_, i) =>
    rows.some(({ cells }) => isMeasured(cells[i]) && cells[i].printed !== undefined),
  );
  const intervalAt = columns.map(
    ({ name }, i) => name === 'final loss' && rows.some(({ cells }) => isMeasured(cells[i])),
  );
  const titles = [
    '',
    ...columns.flatMap(({ name }, i) => [
      name,
      ...(intervalAt[i] ? ['95 % interval'] : []),
      ...(printedAt[i] ? ['paper'] : []),
    ]),
  ];
  const lines = rows.map(({ name, cells, failed }) => [
    failed === undefined ? name : `${name} (${failed} failed)`,
    ...cells.flatMap((cell, i) => {
      const { unit } = columns[i];
      if (!isMeasured(cell))
        return [typeof cell === 'string' ? cell : shown(cell, unit), ...blanks(intervalAt[i], printedAt[i])];
      const { printed } = cell;
      return [
        meanShown(cell, unit),
        ...(intervalAt[i] ? [intervalShown(cell, unit)] : []),
        ...(printedAt[i] ? [printed === undefined ? '' : paperShown(printed, unit)] : []),
      ];
    }),
  ]);
  return [bold(title), ...(about === '' ? [] : wrapped(about)), ...table(titles, lines), ''];
}

/** A figure of the paper, with the digits that it has there. */
export const paperShown = (value: number, unit: Unit) =>
  unit === 'percent' ? percent(value) : String(value);

const blanks = (...there: readonly boolean[]) => there.filter(Boolean).map(() => '');

/** Columns of lines of text. */
const WIDTH = 100;

/** A text in lines. */
export function wrapped(text: string, indent = ''): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of plain(text).split(' ')) {
    if (line !== '' && indent.length + line.length + word.length + 1 > WIDTH) {
      lines.push(indent + line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, indent + line];
}

/** A verdict in a few lines. */
function verdictLines({ claim, where, verdict, condition, number: figures, seeds }: Verdict): string[] {
  const judged = condition === undefined ? verdict : `${verdict}: ${condition}`;
  const over = seeds > 0 ? ` (${plural(seeds, 'seed')})` : '';
  return [
    ...wrapped(`${claim} [${where}]`, '  '),
    ...wrapped(
      `${judged.toUpperCase().slice(0, verdict.length)}${judged.slice(verdict.length)}${over}`,
      '    ',
    ),
    ...figures.split('\n').flatMap((line) => wrapped(line, '      ')),
  ];
}

/** A section. */
function sectionLines({ title, about, tables, verdicts, notes }: Section): string[] {
  return [
    bold(title),
    ...wrapped(about),
    '',
    ...tables.flatMap(tableLines),
    ...notes.flatMap((note) => wrapped(note)),
    ...(verdicts.length === 0 ? [] : ['Claims:', ...verdicts.flatMap(verdictLines)]),
    '',
  ];
}

/** What one claim does, and what several do. */
const VERDICTS = [
  ['holds', 'holds', 'hold'],
  ['holds only if', 'holds in some readings alone', 'hold in some readings alone'],
  ['does not hold', 'does not hold', 'do not hold'],
] as const;

/** All of a report. */
export function reportLines({ sections }: Report): string[] {
  const verdicts = sections.flatMap((section) => section.verdicts);
  const counts = VERDICTS.map(([word, one, several]) => {
    const found = verdicts.filter(({ verdict }) => verdict === word).length;
    return `${found} ${found === 1 ? one : several}`;
  });
  return [
    ...sections.flatMap(sectionLines),
    ...(verdicts.length === 0 ? [] : [`${plural(verdicts.length, 'claim')}: ${counts.join(', ')}`]),
  ];
}
