/** All that the theory's sections say, in worlds that are made up: claims, tables, pictures and verdicts, word for word. */
import { describe, test } from 'node:test';
import type { PaperCell, Results, Scope } from '../../../../host/paper/experiment.ts';
import { THEORY } from '../../../../host/paper/theory/index.ts';
import { assertGolden } from '../../../support/golden.ts';
import { rounded, sectionText, verdictsText } from '../section-text.ts';
import { byChance, FULL, known, NOTHING, QUICK } from './worlds.ts';

/** Three seeds are as good as five for words, and half as long. */
const FEW: Scope = { ...QUICK, seeds: [1, 2, 3] };

describe('sections of the theory', () => {
  for (const experiment of THEORY) {
    const { id } = experiment;
    test(`${id} says the same of the same numbers`, () => {
      assertGolden(
        new URL(`${id}.txt`, import.meta.url),
        sectionText(experiment.summarise(FEW, byChance(1))),
      );
    });

    // The claim has more to compare than all the others: one world more is enough of it.
    const worlds: Readonly<Record<string, Results>> = {
      'as the paper has it': known('as the paper has it'),
      ...(id !== 'theory-claim' && {
        'as it is': known('as it is'),
        'by chance': byChance(2),
        'by another chance': byChance(3),
      }),
    };
    test(`${id} judges either way`, () => {
      const said = Object.entries(worlds).map(
        ([world, results]) => `== ${world}\n${verdictsText(experiment.summarise(FEW, results))}`,
      );
      assertGolden(new URL(`${id}-verdicts.txt`, import.meta.url), said.join('\n'));
    });
  }

  test('say where they are cut, and where they are not', () => {
    const said = THEORY.filter(({ id }) => id !== 'theory-claim').flatMap((experiment) => {
      const { id, tables, notes } = experiment.summarise(FULL, byChance(4));
      return [
        `== ${id}`,
        ...tables.map(({ about, columns, rows }) => `${about} ${rows.length} x ${columns.length}`),
        ...notes,
      ];
    });
    assertGolden(new URL('full.txt', import.meta.url), `${said.join('\n')}\n`);
  });
});

/** What is to be run, in short: how many cells there are of those that differ in seed and rate alone, and one of them. */
function cellsText(cells: readonly PaperCell[]): string {
  const kinds = new Map<string, { readonly first: PaperCell; count: number; seconds: number }>();
  for (const cell of cells) {
    const name = cell.kind === 'value' ? cell.name : `${cell.cell.rule} at ${cell.cell.setting.rate}, data`;
    const what = name.replace(/, seed \d+$/, '').replace(/( at| of) [\d.]+,/, '');
    const kind = kinds.get(what) ?? { first: cell, count: 0, seconds: 0 };
    kinds.set(what, {
      ...kind,
      count: kind.count + 1,
      seconds: kind.seconds + (cell.kind === 'value' ? cell.seconds : 0),
    });
  }
  return [...kinds]
    .map(([what, { first, count, seconds }]) => {
      const one = first.kind === 'value' ? { runner: first.runner, input: first.input } : first.cell;
      return `${count} of ${what}, ${Number(seconds.toPrecision(6))} s\n  ${JSON.stringify(one, rounded)}\n`;
    })
    .join('');
}

test('cells of the theory are those that have to be run', () => {
  const said = THEORY.flatMap((experiment) =>
    Object.entries({ quick: QUICK, full: FULL }).map(([name, scope]) => {
      const cells = experiment.cells(scope, NOTHING);
      const text = cellsText(cells);
      // Of the full report the numbers alone: what is asked is the same.
      return `== ${experiment.id}, ${name}\n${name === 'quick' ? text : text.replace(/^ {2}.*\n/gm, '')}`;
    }),
  );
  assertGolden(new URL('cells.txt', import.meta.url), said.join('\n'));
});
