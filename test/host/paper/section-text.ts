/** Sections as texts that people look at when one changes: a line for each column, row, verdict and part of a picture. */
import type { Section } from '../../../host/paper/section.ts';

/** Six digits: the last ones of sines and logarithms are not the same everywhere. */
export const rounded = (_: string, value: unknown) =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value;

const inShort = (value: unknown) => JSON.stringify(value, rounded);

type Cell = Section['tables'][number]['rows'][number]['cells'][number];

/** A cell: of a measured number mean, deviation, interval, how many, and what the paper prints. */
function cellText(cell: Cell): string {
  if (typeof cell !== 'object' || cell === null) return inShort(cell);
  const { mean, deviation, interval, count, printed } = cell;
  return inShort([
    mean,
    deviation,
    ...(interval ?? ['no interval']),
    count,
    ...(printed === undefined ? [] : [printed]),
  ]);
}

/** The verdicts alone. */
export const verdictsText = ({ verdicts }: Section): string =>
  verdicts
    .map(({ claim, where, verdict, condition, number, seeds, command }) =>
      [
        `${verdict}: ${claim} [${where}; seeds ${seeds}; ${command}]`,
        ...(condition === undefined ? [] : [`  only if: ${condition}`]),
        ...number.split('\n').map((line) => `  ${line}`),
        '',
      ].join('\n'),
    )
    .join('');

/** The whole of a section. */
export function sectionText(section: Section): string {
  const { id, title, about, tables, plots, notes } = section;
  return [
    `== ${id}: ${title}`,
    about,
    ...tables.flatMap(({ name, title: called, about: of, columns, rows }) => [
      '',
      `table ${name}: ${called}`,
      ...(of === '' ? [] : [of]),
      columns.map((column) => `${column.name} [${column.unit}]`).join(' | '),
      ...rows.map(
        (row) =>
          `${row.name}: ${row.cells.map(cellText).join(' ')}${row.failed === undefined ? '' : ` (${row.failed} failed)`}`,
      ),
    ]),
    ...plots.flatMap((plot) => {
      const { name, title: called, description, ...drawn } = plot;
      return ['', `picture ${name}: ${called}`, description, inShort(drawn).replaceAll('},{', '},\n {')];
    }),
    '',
    verdictsText(section),
    ...notes.map((note) => `note: ${note}`),
    '',
  ].join('\n');
}
