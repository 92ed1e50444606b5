/** What runners come to, number by number: worked out anew by hand, and kept where only the whole can be compared. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HostRandom } from '../../../../host/data/philox.ts';
import type { Scope } from '../../../../host/paper/experiment.ts';
import { problemOf } from '../../../../host/paper/problems.ts';
import { modelOf, READINGS } from '../../../../host/paper/readings.ts';
import { RUNNERS } from '../../../../host/paper/runners/index.ts';
import type { RunnerName } from '../../../../host/paper/runners/names.ts';
import type { Tentative } from '../../../../host/paper/runners/tentative.ts';
import {
  costObservable,
  FlatCost,
  type ObservableKind,
  uniformAngles,
} from '../../../../host/paper/theory/flat-cost.ts';
import { flatTrainer } from '../../../../host/paper/theory/flat-training.ts';
import type { Json } from '../../../../host/study/cell.ts';
import { assertClose } from '../../../support/close.ts';
import { assertGolden, outcomes } from '../../../support/golden.ts';

const run = async (name: RunnerName, input: object) =>
  RUNNERS[name](JSON.parse(JSON.stringify(input)) as Json);

/** RX RY RZ on one qubit: C = 1 - cos x cos y. */
const ONE = { qubits: 1, layers: 1, observable: 'first' } as const;
const cost = ([x, y]: readonly number[]) => 1 - Math.cos(x) * Math.cos(y);
const slope = ([x, y]: readonly number[]) => [Math.sin(x) * Math.cos(y), Math.cos(x) * Math.sin(y)];
/** g . H g */
const bend = ([x, y]: readonly number[], [a, b]: readonly number[]) =>
  (a * a + b * b) * Math.cos(x) * Math.cos(y) - 2 * a * b * Math.sin(x) * Math.sin(y);

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = (sorted.length - 1) / 2;
  return (sorted[Math.floor(half)] + sorted[Math.ceil(half)]) / 2;
}

describe('exact tentative steps of one qubit', () => {
  const [decrease, samples, seed] = [0.2, 200, 4];
  for (const [rate, steeper] of [
    [2.5, 0],
    [6, 0],
    [4, 0.6],
  ] as const) {
    test(`are what the formula gives, eta = ${rate}, |grad C| from ${steeper}`, async () => {
      const input = {
        problem: ONE,
        shots: 'exact',
        rate,
        negativeRate: 2 * rate,
        decrease,
        samples,
        seed,
        steeper,
      };
      const found = (await run('tentative', input)) as unknown as Tentative;
      const random = new HostRandom(seed, 0x74656e74);
      const tried: {
        theta: number[];
        g: number[];
        square: number;
        change: number;
        rates: [number, number];
      }[] = [];
      while (tried.length < samples) {
        const theta = [...uniformAngles(3, random)];
        const g = slope(theta);
        const square = g[0] ** 2 + g[1] ** 2;
        if (Math.sqrt(square) < steeper) continue;
        const changeAt = (at: number) => cost([theta[0] - at * g[0], theta[1] - at * g[1]]) - cost(theta);
        const passes = (at: number) => changeAt(at) <= -decrease * at * square;
        let halved = rate / 2;
        for (let i = 1; i < 10 && !passes(halved); i++) halved /= 2;
        // The greatest rate of a failing step: halved until it passes, and then bisected eight times.
        let good = rate / 2;
        for (let i = 0; i < 20 && !passes(good); i++) good /= 2;
        let bad = 2 * good;
        for (let i = 0; i < 8; i++) {
          const middle = (good + bad) / 2;
          if (passes(middle)) good = middle;
          else bad = middle;
        }
        tried.push({ theta, g, square, change: changeAt(rate), rates: [halved, good] });
      }
      const violated = tried.filter(({ change }) => change > 0);
      const bends = ({ theta, g }: (typeof tried)[number]) => bend(theta, g);
      const caps = violated.map((each) =>
        bends(each) > 0 ? (2 * (1 - decrease) * each.square) / bends(each) / rate : Infinity,
      );
      const passing = violated.map(({ rates }) => rates[1] / rate);
      const predicted = (each: (typeof tried)[number]) => (rate / 2) * bends(each) > each.square;
      const share = violated.length / samples;
      for (const [what, value, expected] of [
        ['places', found.places, samples],
        ['predicted', found.predicted, tried.filter(predicted).length / samples],
        ['counted', found.counted, share],
        ['noticed', found.noticed, share],
        ['expected', found.expected, share],
        [
          'agreement',
          found.agreement,
          tried.filter((each) => predicted(each) === each.change > 0).length / samples,
        ],
        ['uphill', found.uphill, 0],
        ['steepness', found.steepness, mean(tried.map(({ square }) => Math.sqrt(square)))],
        ['error', found.error, 0],
        ['change', found.change, mean(tried.map(({ change }) => Math.abs(change)))],
        ['bent', found.bent, caps.filter((cap) => cap < Infinity).length / caps.length],
        ['stated', found.stated, median(caps.filter((cap) => cap < Infinity))],
        ['proven', found.proven, median(caps.filter((cap) => cap < Infinity))],
        ['passing', found.passing, median(passing)],
        ['within', found.withinStated, mean(passing.map((each, i) => Number(each <= 1.1 * caps[i])))],
        ['without', found.without, 0],
        ['square', found.square, mean(tried.map(({ square }) => square))],
        ['violated square', found.violatedSquare, mean(violated.map(({ square }) => square))],
        [
          'reversing',
          found.reversing,
          mean(tried.map(({ change, square }) => (change > 0 ? 2 * rate : rate) ** 2 * square)),
        ],
        [
          'backtracking',
          found.backtracking,
          mean(tried.map(({ change, square, rates }) => (change > 0 ? rates[0] : rate) ** 2 * square)),
        ],
        ['backtracked square', found.backtrackedSquare, mean(violated.map(({ rates }) => rates[0] ** 2))],
      ] as const)
        // The curvature is one of differences: good to a millionth.
        assertClose(value as number, expected, 1e-5 * Math.max(1, Math.abs(expected)), what);
      assert.ok(violated.length > 20 && violated.length < samples - 20, `${violated.length}`);
    });
  }
});

test('observables are those of their names', () => {
  const kinds: readonly ObservableKind[] = ['first', 'last', 'mean', 'parity', 'ising'];
  const said = [1, 2, 3].flatMap((qubits) =>
    kinds.map((kind) => [
      `${kind}, ${qubits}`,
      () =>
        costObservable(kind, qubits).map(({ pauli, coefficient }) => [
          pauli,
          Number(coefficient.toPrecision(6)),
        ]),
    ]),
  );
  assertGolden(new URL('observables.txt', import.meta.url), outcomes(Object.fromEntries(said)));
});

test('a saddle is refused where there is none', async () => {
  const training = {
    rule: 'sgd',
    seed: 1,
    steps: 2,
    rate: 0.1,
    shots: 'exact',
    schedule: 'constant',
  } as const;
  await assert.rejects(
    flatTrainer({ problem: ONE, training, start: { at: 'saddle', beside: 0 } }),
    /^RangeError: this cost has no saddle of that kind$/,
  );
});

test('a cost has the parameters and the variance of its problem', async () => {
  const exact = await FlatCost.of(ONE);
  const measured = await FlatCost.of({ qubits: 2, layers: 3, observable: 'parity' }, 50);
  assert.deepEqual([exact.parameters, measured.parameters], [3, 18]);
  assert.deepEqual(
    [exact.variance(0.5), measured.variance(1), measured.variance(0), measured.variance(2.5)],
    [0, 1 / 50, 0, 0],
  );
  assertClose(measured.variance(0.5), 0.75 / 50, 1e-15, 'variance');
  assert.equal(exact.curvature(Float64Array.of(0, 0, 0), Float64Array.of(0, 0, 0)), 0);
});

/** Numbers with six digits; what is nothing but rounding is nothing. */
const shortly = (_: string, value: unknown) =>
  typeof value === 'number' ? (Math.abs(value) < 1e-9 ? 0 : Number(value.toPrecision(6))) : value;

test('runners come to what they came to', async () => {
  const PARITY = { qubits: 3, layers: 2, observable: 'parity' } as const;
  // Every parameter is seen by a far larger derivative than rounding.
  const ISING = { ...PARITY, observable: 'ising' } as const;
  const constant = { schedule: 'constant', seed: 3, rate: 0.2, steps: 12 } as const;
  const scope: Scope = { seeds: [1], quick: true, images: { mnist: 'sample', 'fashion-mnist': 'sample' } };
  const setUp = { set: 'gaussians', encoding: 'amplitude', rows: 40 } as const;
  const { layers: _, ...model } = { ...modelOf(READINGS[0]), qubits: 3 };
  const problem = problemOf(setUp, { ...model, layers: 1 }, scope);
  const noise = [{ channel: 'depolarizing', rate: 0.05 }];
  const tried = { problem: PARITY, rate: 0.5, negativeRate: 1, decrease: 1e-4, samples: 30, seed: 2 };
  const clients = {
    clients: 3,
    separation: 3,
    rows: 60,
    training: { rule: 'nlr', seed: 2, steps: 3, batch: 4, shots: 30, rate: 0.5 },
  };
  const grown = {
    problem: problemOf(setUp, { ...model, entanglerGate: 'cz' }, scope),
    seed: 2,
    stages: [1, 2],
    training: { rule: 'nlr', steps: 4, batch: 8, shots: 40, rate: 0.3, schedule: 'constant' },
  };
  const asked: readonly (readonly [string, RunnerName, object])[] = [
    ['steps with shots', 'tentative', { ...tried, shots: 20 }],
    ['steps with few shots', 'tentative', { ...tried, shots: 3, rate: 0.05 }],
    ['small exact steps', 'tentative', { ...tried, shots: 'exact', rate: 1e-3 }],
    [
      'a descent',
      'descent',
      { problem: PARITY, training: { ...constant, rule: 'nlr', shots: 20 }, looks: 4 },
    ],
    [
      'with norms',
      'descent',
      { problem: PARITY, training: { ...constant, rule: 'sgd', shots: 'exact' }, looks: 5, norms: true },
    ],
    [
      'with noise',
      'descent',
      { problem: PARITY, training: { ...constant, rule: 'nlr', shots: 20, noise }, looks: 2 },
    ],
    [
      'from a saddle',
      'descent',
      {
        problem: PARITY,
        training: { ...constant, rule: 'sgd', shots: 'exact' },
        looks: 2,
        start: { at: 'saddle', beside: 0.1 },
      },
    ],
    [
      'from a flat place',
      'descent',
      {
        problem: PARITY,
        training: { ...constant, rule: 'sgd', shots: 'exact' },
        looks: 2,
        start: { at: 'flat', draws: 9 },
      },
    ],
    [
      'from a minimum',
      'descent',
      {
        problem: PARITY,
        training: { ...constant, rule: 'nlr', shots: 20 },
        looks: 2,
        start: { at: 'minimum', steps: 40 },
      },
    ],
    [
      'mirrored',
      'descent',
      {
        problem: { ...PARITY, observable: 'ising' },
        initialisation: 'identity-blocks',
        training: { ...constant, rule: 'sgd', shots: 'exact' },
        looks: 2,
      },
    ],
    ['a walk', 'exit', { walker: { dimensions: 5, moment: 0.02, seed: 1 }, radius: 0.5, walks: 4 }],
    ['one walk', 'exit', { walker: { dimensions: 5, moment: 0.02, seed: 2 }, radius: 0.5, walks: 1 }],
    [
      'trainings that leave',
      'exit',
      {
        walker: { problem: PARITY, training: { ...constant, rule: 'nlr', shots: 9 } },
        radius: 0.6,
        walks: 3,
      },
    ],
    ['variances', 'variance', { problem: ISING, samples: 12, seed: 1 }],
    ['variances with noise', 'variance', { problem: ISING, samples: 12, seed: 1, noise: 0.05 }],
    ['clients alike', 'clients', { ...clients, alike: true }],
    ['clients that differ', 'clients', { ...clients, alike: false }],
    [
      'a trace',
      'trace',
      {
        problem,
        training: { rule: 'nlr', seed: 2, steps: 9, batch: 4, shots: 20, rate: 0.5, schedule: 'constant' },
        looks: 3,
      },
    ],
    ['layers that grow', 'growth', grown],
    [
      'a cost',
      'cost',
      { model: { qubits: 3, layers: 2, features: 8 }, training: { rule: 'nlr', shots: 50, batch: 4 } },
    ],
  ];
  const lines: string[] = [];
  for (const [what, name, input] of asked)
    lines.push(what, `  ${JSON.stringify(await run(name, input), shortly)}`);
  assertGolden(new URL('runners.txt', import.meta.url), `${lines.join('\n')}\n`);
});
