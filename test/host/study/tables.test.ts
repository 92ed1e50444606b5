/** What a study says of its rules, and its tables as bytes, of results that were made up. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Cell } from '../../../host/study/cell.ts';
import { hashOfCell } from '../../../host/study/cell.ts';
import { type Arm, MEASURE_NAMES, pairedOf, summaryOf } from '../../../host/study/comparison.ts';
import { csv, curvesCsv, type NamedOutcome, pairedCsv, runsCsv } from '../../../host/study/csv.ts';
import type { CellResult } from '../../../host/study/result.ts';
import { assertGolden } from '../../support/golden.ts';

/** A result of which every number is another one. */
function resultOf(seed: number, better: number, change: Partial<CellResult> = {}): CellResult {
  return {
    ...{
      initialLoss: 0.75 + seed,
      loss: 0.5 / better + seed / 16,
      best: 0.375 / better,
      auc: 0.625 - seed / 32,
    },
    ...{ toHalf: 100 / better, lossTest: 0.5625 / better, accuracy: { train: 0.875, test: 0.8125 } },
    ...{ steps: 9 + seed, evaluations: 90 * better, shots: 900 + seed, reversals: seed, violationRate: 0.25 },
    ...{ meanRate: seed % 2 ? -0.125 : 0.0625, gradientNorm: { loss: 0.3125, observable: 0.4375 } },
    trace: `trace${seed}`,
    curve: {
      ...{
        step: [0, 9],
        evaluations: [0, 90],
        shots: [0, 900],
        loss: [0.75, 0.5],
        batchLoss: [null, 0.6875],
      },
      ...{ gradientNorm: [null, 0.28125], observableNorm: [null, null], violationRate: [0, 0.25] },
      ...{ reversals: [0, 2], meanRate: [0, -0.125] },
    },
    ...change,
  };
}

const cell: Cell = {
  problem: { name: 'moons, "old"' },
  ...{ rule: 'nlr', setting: { steps: 9, rate: 0.5, schedule: 'constant' }, seed: 1, looks: 1 },
};
const outcome = (result: CellResult) => ({ hash: '', seconds: 1, result });
const named: readonly NamedOutcome[] = [
  {
    arm: 'nlr:rate=0.5',
    cell: { ...cell, model: { layers: 2 } },
    outcome: outcome(
      resultOf(1, 1, { ascent: { meanProduct: 0.015625, ratio: 0.5, rate: 0.375, step: null } }),
    ),
  },
  {
    arm: 'adam\nof mine',
    cell: {
      ...cell,
      problem: { name: 'moons' },
      rule: 'adam',
      setting: { noise: [{ channel: 'dephasing', rate: 0.125 }] },
    },
    outcome: outcome(
      resultOf(2, 2, {
        ...{ toHalf: null, lossTest: null, accuracy: { train: null, test: null } },
        gradientNorm: { loss: 0.25, observable: null },
      }),
    ),
  },
  {
    ...{ arm: 'sgd', cell: { ...cell, rule: 'sgd', setting: {}, seed: 3 } },
    outcome: { hash: '', seconds: 1, failure: { code: 'ERR_CORE_DIVERGED', message: 'too wild' } },
  },
];

/** Arms on seeds that they share in part. */
const armOf = (
  name: string,
  better: number,
  seeds: readonly number[],
  change: Partial<CellResult> = {},
): Arm => ({
  ...{ name, failed: better === 1 ? [7, 8] : [] },
  results: new Map(
    seeds.map((seed) => [
      seed,
      resultOf(seed, better + ((seed * 5) % 3) / 8, seed === 3 ? { ...change } : {}),
    ]),
  ),
});
const none = { toHalf: null, lossTest: null, accuracy: { train: 1, test: null } };
const arms = [
  armOf('nlr', 1, [1, 2, 3, 4], none),
  armOf('adam', 2, [2, 3, 4, 5]),
  armOf('sgd', 4, [9]),
  armOf('late', 1.5, [3, 4], none),
];

/** Six digits: the tests are by series. */
const rounded = (value: unknown) =>
  JSON.stringify(
    value,
    (_, each) => (typeof each === 'number' ? Number(each.toPrecision(6)) : each),
    1,
  ).replaceAll(/[[{][^[\]{}]*[\]}]/g, (list) => list.replaceAll(/\s+/g, ' '));

test('runs and looks are rows, with quotes where they have to be, and nothing for what is not there', () => {
  const { hash } = { hash: new Set(named.map(({ cell: each }) => hashOfCell(each))) };
  assert.equal(hash.size, 3);
  // A hash has the version of the package in it.
  const runs = [...hash].reduce((text, each, i) => text.replace(each, `hash ${i}`), runsCsv(named));
  const plain = csv(
    ['a,b', 'c'],
    [
      [1, null],
      [undefined, true],
      ['x\r', '"'],
      ['', -0.5],
    ],
  );
  assertGolden(new URL('tables.csv.txt', import.meta.url), [runs, curvesCsv(named), plain].join('\n'));
});

test('rules are summed up over the seeds that have a value', () => {
  const texts = [...arms, { name: 'nothing', results: new Map(), failed: [1] }].map(summaryOf).map(rounded);
  assertGolden(new URL('summaries.txt', import.meta.url), `${texts.join('\n')}\n`);
});

test('rules are held against those before them, seed by seed, by measures that one of both has', () => {
  const paired = pairedOf(arms, 1);
  const rows = pairedCsv('moons', paired)
    .trim()
    .split('\n')
    .map((row) =>
      row
        .split(',')
        .map((each) =>
          each === '' || Number.isNaN(Number(each)) ? each : Number(Number(each).toPrecision(6)),
        )
        .join(','),
    );
  assertGolden(new URL('paired.csv.txt', import.meta.url), `${rows.join('\n')}\n`);
  const one = paired.find(
    ({ rule, against, measure }) => rule === 'adam' && against === 'nlr' && measure === 'loss',
  );
  const differences = [2, 3, 4].map(
    (seed) => (arms[1].results.get(seed)?.loss ?? 0) - (arms[0].results.get(seed)?.loss ?? 0),
  );
  assert.ok(Math.abs((one?.mean ?? 0) - differences.reduce((sum, each) => sum + each, 0) / 3) < 1e-12);
  assert.deepEqual([one?.wins, one?.losses, one?.ties, one?.seeds], [3, 0, 0, 3]);
  assert.deepEqual(MEASURE_NAMES, ['loss', 'best', 'auc', 'lossTest', 'accuracyTest', 'toHalf']);
});
