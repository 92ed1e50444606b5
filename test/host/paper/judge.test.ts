/** The words and decisions that verdicts are made of, at both sides of every bound, and how long cells are said to take. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type ModelOptions, PAPER, plan } from '../../../host/index.ts';
import { OPTIMISERS, armOf, printed } from '../../../host/paper/arms.ts';
import { CellCosts } from '../../../host/paper/estimate.ts';
import { type PaperCell, trainings, type Scope } from '../../../host/paper/experiment.ts';
import {
  commandOf,
  type Court,
  DECIDED,
  decided,
  flagsOf,
  meanOf,
  overReadings,
  paired,
  said,
  saidOf,
  saidPair,
  saidPairs,
  valuesOf,
} from '../../../host/paper/judge.ts';
import {
  READINGS,
  cutOf,
  epochsIn,
  readingsOf,
  seedsOf,
  stepsOf,
  titleOf,
} from '../../../host/paper/readings.ts';
import { measured } from '../../../host/paper/summary.ts';
import type { Cell } from '../../../host/study/cell.ts';
import type { CellResult } from '../../../host/study/result.ts';
import { type PairedTest } from '../../../host/study/paired.ts';
import { assertClose } from '../../support/close.ts';
import { assertGolden, outcomes } from '../../support/golden.ts';
import { rounded } from './section-text.ts';

const images = { mnist: 'sample', 'fashion-mnist': 'whole' } as const;
const QUICK: Scope = { seeds: [1, 2, 3], quick: true, images };
const FULL: Scope = { seeds: [1, 2, 3, 4, 5, 6], quick: false, images };
const NO_EPOCH_SHOTS: Scope = { ...FULL, epochShots: false };

/** A test of three seeds. */
const pair = (more: Partial<PairedTest>): PairedTest => ({
  ...{ mean: -0.25, median: -0.25, deviation: 0.1, interval: null, t: -4.33, p: 0.005, wilcoxon: null },
  ...{ wins: 3, losses: 0, ties: 0, seeds: 3, compared: 3 },
  ...more,
});

const PAIRS: Readonly<Record<string, PairedTest>> = {
  less: pair({}),
  more: pair({ mean: 0.25, t: 4.33, wins: 0, losses: 3 }),
  'at the bound': pair({ p: DECIDED }),
  'above the bound': pair({ p: DECIDED + 1e-9 }),
  'no mean': pair({ mean: null, t: null, p: null, deviation: null, wins: 2, compared: 0 }),
  'no difference on average': pair({ mean: 0, t: 0, p: 1 }),
  'all alike, and less': pair({ t: null, p: null, deviation: 0 }),
  'one seed': pair({ t: null, p: null, deviation: null, seeds: 1, wins: 1 }),
  'one of three the same': pair({ ties: 1, wins: 2 }),
  'all the same': pair({ mean: 0, t: null, p: null, deviation: 0, ties: 3, wins: 0 }),
};

/** A court whose trainings come to a tenth of the seed, more for RMSProp; Adam diverges from seed 2. */
const COURT: Court = {
  ...{ id: 'table-6', scope: QUICK },
  results: {
    has: () => true,
    value: () => undefined,
    training: ({ rule, seed }: Cell) =>
      rule === 'adam' && seed === 2
        ? undefined
        : ({
            loss: 0.1 * seed + (rule === 'rmsprop' ? 0.5 + 0.01 * seed ** 2 : 0),
          } as unknown as CellResult),
  },
};
const GRID = { setUp: { set: 'gaussians', encoding: 'amplitude' }, arms: OPTIMISERS } as const;
const [STEP_EXACT] = READINGS;

describe('verdicts', () => {
  test('are in these words', () => {
    const readings = [true, false, true].map((holds, i) => ({
      title: `reading ${i}`,
      holds,
      number: `${i}.5`,
    }));
    const claim = { claim: 'it is so', where: 'Table I' };
    assertGolden(
      new URL('judge.txt', import.meta.url),
      outcomes({
        ...Object.fromEntries(
          Object.entries(PAIRS).flatMap(([name, test]) => [
            [name, () => [saidPair(test), decided(test), decided(test, false)]],
          ]),
        ),
        'pairs, one of them the same': () =>
          saidPairs([
            { name: 'SGD', pair: PAIRS.less },
            { name: 'Adam', pair: PAIRS['all the same'] },
          ]),
        'pairs, all the same': () =>
          saidPairs([
            { name: 'SGD', pair: PAIRS['all the same'] },
            { name: 'Adam', pair: PAIRS['all the same'] },
          ]),
        ...Object.fromEntries(
          [
            null,
            undefined,
            Number.NaN,
            Infinity,
            0,
            1,
            1.5,
            -2.25,
            1e-4,
            9.9e-5,
            999.4,
            999.6,
            999999,
            1e6,
          ].map((value) => [`number ${value}`, () => said(value)]),
        ),
        'of a setting': () => saidOf('L = 5', 0.125),
        'of a name': () => saidOf('SGD', null),
        'mean of what there is': () => meanOf([1, null, 2]),
        'mean of nothing': () => `${meanOf([null])}`,
        'flags, quick': () => flagsOf(QUICK),
        'flags, full': () => flagsOf(FULL),
        'command without epochs with shots': () => commandOf('table-1', NO_EPOCH_SHOTS),
        'over readings, some': () => overReadings(COURT, claim, readings),
        'over readings, none': () => overReadings(COURT, claim, readings.slice(1, 2)),
        'over readings, all': () => overReadings(COURT, claim, readings.slice(2)),
        'over readings, several all': () => overReadings(COURT, claim, [readings[0], readings[2]]),
        'a row by seed': () =>
          valuesOf(COURT, GRID, armOf(OPTIMISERS, 'Adam'), STEP_EXACT, ({ loss }) => loss),
        'a row that is not there': () => armOf(OPTIMISERS, 'Nadam'),
        'the paper beside a row': () =>
          printed(OPTIMISERS.slice(0, 2), { SGD: { loss: 1 }, Momentum: { loss: 2 } }),
      }),
    );
  });

  test('pair rows seed by seed', () => {
    const arms = [armOf(OPTIMISERS, 'RMSProp'), armOf(OPTIMISERS, 'SGD')] as const;
    const less = paired(COURT, GRID, arms, STEP_EXACT, ({ loss }) => loss);
    const more = paired(COURT, GRID, arms, STEP_EXACT, ({ loss }) => loss, false);
    assertClose(less.mean ?? 0, 0.5 + (0.01 * 14) / 3, 1e-12, 'mean');
    assert.deepEqual([less.wins, less.losses, more.wins, more.losses], [0, 3, 3, 0]);
    assert.deepEqual([decided(less), decided(less, false)], ['worse', 'better']);
  });

  test('have readings as the scope lets them', () => {
    const scopes = { quick: QUICK, full: FULL, 'no epochs with shots': NO_EPOCH_SHOTS };
    const said = Object.fromEntries(
      Object.entries(scopes).flatMap(([name, scope]) => [
        [
          `${name}, readings`,
          () => [readingsOf(scope), readingsOf(scope, true)].map((all) => all.map(({ id }) => id)),
        ],
        ...READINGS.flatMap((reading) => [
          [
            `${name}, ${reading.title}`,
            () => [
              ...[seedsOf(reading, scope), titleOf(reading, scope), cutOf(reading, scope)],
              ...[stepsOf(reading, scope, 800), stepsOf(reading, scope, 801, { steps: 7, epochs: 14 })],
            ],
          ],
        ]),
      ]),
    );
    const few = [1, 4, 5, 14, 15, 25].map((epochs) => epochsIn({ quick: true }, epochs));
    assertGolden(
      new URL('readings.txt', import.meta.url),
      outcomes({ ...said, 'epochs of a quick report': () => few }),
    );
  });

  test('measure what there is', () => {
    const shortly = (values: readonly (number | null | undefined)[], printed?: number) => {
      const { mean, deviation, interval, count, ...rest } = measured(values, printed);
      return [mean, deviation, interval === null ? 'no interval' : 'an interval', count, rest];
    };
    assert.deepEqual(shortly([]), [null, null, 'no interval', 0, {}]);
    assert.deepEqual(shortly([null, 0.5, undefined], 2), [0.5, null, 'no interval', 1, { printed: 2 }]);
    assert.deepEqual(shortly([0.25, null, 0.75]), [0.5, Math.sqrt(0.125), 'an interval', 2, {}]);
  });
});

describe('estimates', () => {
  const cellOf = (more: Partial<Cell>): PaperCell =>
    trainings([
      {
        problem: { name: 'any', model: { ...PAPER.model, features: 8 } } as unknown as Cell['problem'],
        ...{ rule: 'nlr', seed: 1, looks: 0, setting: { steps: 40, batch: 8, shots: 100 } },
        ...more,
      },
    ])[0];
  /** Seconds, put together from what `plan` counts. */
  async function expected(cell: PaperCell, steps: number): Promise<number> {
    assert.ok(cell.kind === 'training');
    const { problem, model, setting, rule } = cell.cell;
    const whole = { ...(problem.model as unknown as ModelOptions), ...model };
    const { steps: _, shotsBudget: __, ...rest } = setting;
    const found = await plan(whole, { ...rest, rule });
    const isJoint = whole.head === 'linear' && whole.observable !== 'z0';
    const gates = found.gateApplicationsPerStep * (found.engine === 'samples' ? 2.2e-7 : 2.8e-8);
    const shots = isJoint
      ? found.shotsPerStep * 2.3e-9
      : found.shotsPerStep > 0
        ? found.evaluationsPerStep * 4e-8
        : 0;
    return 0.03 + steps * (5e-5 + gates + shots);
  }

  const JOINT = { observable: 'all-z', head: 'linear', loss: 'bce' } as const;
  for (const [name, more, steps] of [
    ['shots', {}, 40],
    ['exact', { setting: { steps: 40, batch: 8 } }, 40],
    ['another rule', { rule: 'sgd' }, 40],
    ['a budget', { setting: { batch: 8, shots: 100, shotsBudget: 1e6 } }, 500],
    ['several outputs', { model: JOINT }, 40],
    ['several outputs, exact', { model: JOINT, setting: { steps: 40, batch: 8 } }, 40],
    ['a head on one output', { model: { ...JOINT, observable: 'z0' } }, 40],
    ['samples', { setting: { steps: 7, batch: 4, shots: 100, engine: 'samples' } }, 7],
  ] as const) {
    test(`are of the counted work: ${name}`, async () => {
      const cell = cellOf(more as Partial<Cell>);
      const seconds = await new CellCosts().of(cell);
      assertClose(seconds / (await expected(cell, steps)), 1, 1e-12, name);
    });
  }

  test('know what makes a step longer from what does not', async () => {
    const costs = new CellCosts();
    const first = await costs.of(cellOf({}));
    const setting = { steps: 40, batch: 8, shots: 100 };
    const alike = [
      { setting: { ...setting, rate: 0.5, negativeRate: 1, deviation: 0.1 } },
      { setting: { ...setting, kappa: 3 } },
      { seed: 9 },
    ];
    for (const more of alike) assert.equal(await costs.of(cellOf(more)), first);
    assertClose(
      (await costs.of(cellOf({ setting: { ...setting, steps: 80 } }))) - 0.03,
      2 * (first - 0.03),
      1e-12,
      'twice the steps',
    );
    for (const more of [{ rule: 'sgd' }, { setting: { ...setting, batch: 16 } }, { model: { layers: 9 } }])
      assert.notEqual(await costs.of(cellOf(more as Partial<Cell>)), first, JSON.stringify(more, rounded));
    assert.equal(await costs.of({ kind: 'value', name: 'a', runner: 'cost', input: {}, seconds: 7 }), 7);
  });
});
