/**
 * Every section of the report as it is written, of made-up outcomes: in a world where reversing is good and in one where it
 * is not. Verdicts, tables and notes are kept as people read them, pictures and lists of cells by their hashes.
 */
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import type { PaperCell, Results, Scope } from '../../../host/paper/experiment.ts';
import { EXPERIMENTS } from '../../../host/paper/index.ts';
import type { Measured, Section, SectionTable } from '../../../host/paper/section.ts';
import { assertGolden } from '../../support/golden.ts';
import { madeUp } from './made-up.ts';

const images = { mnist: 'sample', 'fashion-mnist': 'sample' } as const;
const QUICK: Scope = { seeds: [1, 2, 3], quick: true, images };
const FULL: Scope = { seeds: [1, 2], quick: false, images: { mnist: 'whole', 'fashion-mnist': 'whole' } };
const NOTHING: Results = { has: () => false, training: () => undefined, value: () => undefined };

/** Five digits are the same on every engine. */
const rounded = (_: string, value: unknown) =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value;
const plain = (value: unknown) => JSON.stringify(value, rounded);
const hashOf = (value: unknown) => createHash('sha256').update(plain(value)).digest('hex').slice(0, 16);

function cellText(cell: Measured | number | string | null): string {
  if (typeof cell !== 'object' || cell === null) return typeof cell === 'number' ? plain(cell) : `${cell}`;
  const { mean, deviation, count, printed } = cell;
  return `${plain(mean)} (${plain(deviation)}, ${count}${printed === undefined ? '' : `, paper ${printed}`})`;
}

/** A table whole, or by the hash of its rows. */
function tableText({ name, title, about, columns, rows }: SectionTable, isWhole: boolean): string {
  const lines = rows.map(({ name: row, cells, failed }) =>
    [row, ...cells.map(cellText), ...(failed === undefined ? [] : [`${failed} failed`])].join(' | '),
  );
  return [
    `\n## ${name}: ${title}`,
    about,
    columns.map((column) => `${column.name} (${column.unit})`).join(' | '),
    ...(isWhole ? lines : []),
    `${rows.length} rows, ${hashOf(rows)}`,
  ].join('\n');
}

function sectionText(section: Section, isWhole: boolean): string {
  const { id, title, about, tables, plots, verdicts, notes } = section;
  return [
    `# ${id}: ${title}`,
    about,
    ...tables.map((table) => tableText(table, isWhole)),
    ...plots.map((plot) => `\n## picture ${plot.name}: ${plot.title}\n${plot.description}\n${hashOf(plot)}`),
    ...verdicts.map(
      ({ claim, where, verdict, condition, number, seeds, command }) =>
        `\n## ${verdict}: ${claim} (${where})\n${condition === undefined ? '' : `if ${condition}\n`}${number}\n${seeds} seeds, ${command}`,
    ),
    ...notes.map((note) => `\nnote: ${note}`),
    '',
  ].join('\n');
}

/** What an experiment asks to be run, before and after anything is known. */
function cellsText(cells: readonly PaperCell[]): string {
  const texts = cells.map((cell) => (cell.kind === 'training' ? cell.cell : cell));
  return `${cells.length} cells, ${hashOf(texts)}`;
}

describe('sections of the report', () => {
  for (const experiment of EXPERIMENTS) {
    for (const world of ['as the paper has it', 'as it is'] as const) {
      test(`${experiment.id}, in a world ${world}`, () => {
        const section = experiment.summarise(QUICK, madeUp(world));
        const name = `sections/${experiment.id}-${world === 'as it is' ? 'bad' : 'good'}.txt`;
        assertGolden(new URL(name, import.meta.url), sectionText(section, world === 'as it is'));
      });
    }
  }

  test('ask for the same cells', () => {
    const lines = EXPERIMENTS.flatMap(({ id, cells }) =>
      [QUICK, FULL, { ...FULL, epochShots: false }].map((scope) => {
        const asked = [NOTHING, madeUp('as it is')].map((results) => cellsText(cells(scope, results)));
        return `${id}, ${scope.quick ? 'quick' : 'full'}${scope.epochShots === false ? ' without epochs with shots' : ''}: ${asked.join(' and then ')}\n`;
      }),
    );
    assertGolden(new URL('sections/cells.txt', import.meta.url), lines.join(''));
  });
});
