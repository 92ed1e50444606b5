/** The paper's data sets: what is drawn, what of it gets into the circuit, and what is remembered. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Dataset } from '../../../host/data/dataset.ts';
import type { Split } from '../../../host/data/split.ts';
import { PAPER } from '../../../host/index.ts';
import { BEYOND, OPTIMISERS, PERTURBATIONS } from '../../../host/paper/arms.ts';
import type { Results, Scope } from '../../../host/paper/experiment.ts';
import { armsIn, cellOf, type Grid, gridCells, gridTable } from '../../../host/paper/grid.ts';
import {
  preparer,
  problemOf,
  SETS,
  type SetUp,
  type Sources,
  trainRows,
} from '../../../host/paper/problems.ts';
import { READINGS } from '../../../host/paper/readings.ts';
import type { Problem } from '../../../host/study/cell.ts';
import type { CellResult } from '../../../host/study/result.ts';
import { assertGolden, outcomes } from '../../support/golden.ts';
import { rounded, sectionText } from './section-text.ts';

const QUICK: Scope = { seeds: [1, 2], quick: true, images: { mnist: 'sample', 'fashion-mnist': 'sample' } };
const FULL: Scope = { seeds: [1, 2], quick: false, images: { mnist: 'whole', 'fashion-mnist': 'whole' } };
const SCOPES = { quick: QUICK, full: FULL };
const { features: _, ...MODEL } = PAPER.model;

/** Every way to use a set; the products of an image's pixels are too many for a circuit. */
const SET_UPS: readonly SetUp[] = SETS.flatMap((set) =>
  (['amplitude', 'angle', 'zz'] as const).flatMap((encoding) =>
    encoding === 'zz' && /mnist/.test(set)
      ? []
      : [false, true].map((recommended): SetUp => ({ set, encoding, recommended })),
  ),
);
const nameOf = ({ set, encoding, recommended }: SetUp) =>
  `${set}, ${encoding}${recommended === true ? ', recommended' : ''}`;

describe('problems', () => {
  test('say what is drawn, and how many features are left of it', () => {
    const said = Object.entries(SCOPES).flatMap(([name, scope]) => [
      ...SET_UPS.map((setUp) => [
        `${name}: ${nameOf(setUp)}`,
        () => {
          const problem = problemOf(setUp, MODEL, scope) as unknown as Described;
          const { model, ...rest } = problem;
          return [rest, [model.encoding, model.features], trainRows(setUp, scope)];
        },
      ]),
      [
        `${name}: of another size`,
        () => {
          const setUp = { set: 'gaussians', encoding: 'zz', rows: 333, features: 3, separation: 5 } as const;
          return [problemOf(setUp, MODEL, scope), trainRows(setUp, scope)];
        },
      ],
    ]);
    assertGolden(new URL('problems.txt', import.meta.url), outcomes(Object.fromEntries(said)));
  });
});

interface Described {
  readonly model: { readonly encoding: string; readonly features: number };
}

/** Images of two classes, brighter in one half or the other, whose pixels are all different. */
function images(rows: number, name: string): Dataset {
  const features = Float64Array.from({ length: rows * 784 }, (__, i) => {
    const [row, pixel] = [Math.floor(i / 784), i % 784];
    return (
      ((row * 131 + pixel * 17 + ((row * pixel) % 29)) % 97) + (pixel < 392 === (row % 2 === 0) ? 100 : 0)
    );
  });
  const labels = Int32Array.from({ length: rows }, (__, row) => row % 2);
  return { features, rows, columns: 784, labels, classes: ['0', '1'], name, shape: [28, 28] };
}
const split = (name: string): Split => ({ train: images(24, name), test: images(6, name) });

/** Sources that note what they are asked for. */
function noting(): Sources & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    originals: async (name, options, from) => {
      asked.push(`originals ${name} ${JSON.stringify(options)} ${from}`);
      return split(name);
    },
    digits: async () => {
      asked.push('digits');
      return split('digits');
    },
  };
}

/** What is made of a set, in short: its size, its first row and the mean square of all. */
function inShort({ rows, columns, features, labels, ...rest }: Dataset) {
  const square = features.reduce((sum, value) => sum + value ** 2, 0) / features.length;
  const ones = labels.filter((label) => label === 1).length;
  // The sign of a component is nobody's wish.
  const first = [...features.subarray(0, Math.min(columns, 4))].map(Math.abs);
  return { rows, columns, ones, square, first, rest };
}

describe('preparations', () => {
  /** Small sets: what is done to them is the same. */
  const small = (setUp: SetUp): Problem => {
    const problem = problemOf(setUp, MODEL, QUICK) as Problem & { readonly data: object };
    const data =
      setUp.set === 'qdataset'
        ? { rows: 40, realisations: 20 }
        : setUp.set === 'ad-hoc'
          ? { train: 8, test: 4, gap: 0.3, distinct: true, seed: 12345 }
          : setUp.set === 'gaussians'
            ? { ...problem.data, rows: 40 }
            : problem.data;
    return { ...problem, data } as Problem;
  };

  test('are fitted to the training part, and come to what the problem says', async () => {
    const lines: string[] = [];
    for (const setUp of SET_UPS) {
      // A sample of 12 images has no room for the components that are recommended.
      const scope = setUp.set === 'fashion-mnist' ? FULL : QUICK;
      const problem = /mnist/.test(setUp.set) ? problemOf(setUp, MODEL, scope) : small(setUp);
      const sources = noting();
      const { dataset, test: tested, model } = await preparer(sources)(problem, 3);
      assert.ok(tested);
      assert.equal(dataset.columns, (model as { features: number }).features, nameOf(setUp));
      const found = [inShort(dataset), inShort(tested), sources.asked];
      lines.push(nameOf(setUp), ...found.map((each) => `  ${JSON.stringify(each, rounded)}`));
    }
    assertGolden(new URL('prepared.txt', import.meta.url), `${lines.join('\n')}\n`);
  });

  test('ask for images as the scope says, each once', async () => {
    const sources = noting();
    const prepare = preparer(sources);
    const wanted = (['mnist', 'fashion-mnist'] as const).flatMap((set) =>
      Object.values(SCOPES).map((scope) => problemOf({ set, encoding: 'amplitude' }, MODEL, scope)),
    );
    for (const problem of [...wanted, ...wanted]) await prepare(problem, 1);
    assert.deepEqual(sources.asked, [
      'digits',
      'originals mnist {"classes":["0","1"],"perClass":500} whole',
      'originals fashion-mnist {"classes":["0","1"]} sample',
      'originals fashion-mnist {"classes":["0","1"],"perClass":500} whole',
    ]);
  });

  test('are remembered where no seed decides them', async () => {
    const prepare = preparer(noting());
    for (const [set, isSame] of [
      ['gaussians', false],
      ['qdataset', false],
      ['ad-hoc', true],
      ['mnist', true],
    ] as const) {
      const problem = small({ set, encoding: 'amplitude' });
      const [one, two] = [await prepare(problem, 1), await prepare({ ...problem, name: 'other' }, 2)];
      assert.equal(one === two, isSame, set);
      assert.equal(
        Buffer.from(one.dataset.features.buffer).equals(Buffer.from(two.dataset.features.buffer)),
        isSame,
        set,
      );
      const again = await prepare(problem, 1);
      assert.deepEqual(again.dataset, one.dataset, set);
    }
  });
});

/** What trainings come to: numbers that tell rules and seeds apart. Momentum diverges from the second seed. */
const RESULTS: Results = {
  has: () => true,
  value: () => undefined,
  training: ({ rule, seed }) =>
    rule === 'momentum' && seed === 2
      ? undefined
      : ({
          ...{ loss: rule.length / 16 + seed / 64, accuracy: { train: 0.5, test: seed / 4 } },
          ...{ gradientNorm: { loss: seed / 8, observable: rule === 'adam' ? null : seed / 2 } },
          ...{ reversals: seed, steps: 8, shots: 1000 * seed, evaluations: 10 },
          curve: { gradientNorm: rule === 'sgd' ? [] : [null, seed / 32] },
        } as unknown as CellResult),
};

describe('grids', () => {
  const more = [
    {
      name: 'two layers',
      rule: 'nlr',
      model: { layers: 2 },
      setting: { rate: 0.5 },
      length: { steps: 9, epochs: 20 },
    },
    { name: 'a budget', rule: 'nlr', setting: { shotsBudget: 5000 }, setUp: { rows: 100 } },
    { name: 'printed', rule: 'nlr', printed: { accuracy: 95, loss: 0.5, gradient: 2 } },
    { name: 'printed in part', rule: 'sgd', printed: { loss: 0.25 } },
  ] as const;
  const grid: Grid = {
    setUp: { set: 'gaussians', encoding: 'amplitude' },
    arms: [...OPTIMISERS, ...PERTURBATIONS, ...BEYOND, ...more],
  };

  test('have a training for every row', () => {
    const said = Object.entries(SCOPES).flatMap(([name, scope]) =>
      READINGS.flatMap((reading) => [
        [`${name}, ${reading.id}`, () => gridCells(grid, [reading], scope).length],
        ...armsIn(grid, reading, scope).map((arm) => [
          `${name}, ${reading.id}, ${arm.name}`,
          () => {
            const { problem, ...rest } = cellOf(grid, arm, reading, scope, 5);
            const { model, ...data } = problem as unknown as { model: object };
            return name === 'quick' && reading.id === 'step-exact' ? [rest, model, data] : rest;
          },
        ]),
      ]),
    );
    assertGolden(new URL('grid-cells.txt', import.meta.url), outcomes(Object.fromEntries(said)));
  });

  test('are tables with the figures of the paper', () => {
    const tables = READINGS.map((reading, i) =>
      gridTable(
        grid,
        reading,
        i % 2 === 0 ? QUICK : FULL,
        RESULTS,
        i < 2 ? {} : { name: `own-${reading.id}`, title: 'A title', about: i === 2 ? 'About it.' : '' },
      ),
    );
    const section = { id: 'grid', title: 'Grids', about: '', tables, plots: [], verdicts: [], notes: [] };
    assertGolden(new URL('grid.txt', import.meta.url), sectionText(section));
  });
});
