/** What works out the theory's cells, against circuits whose cost is known by hand, and against trainings. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Trainer } from '../../../../host/index.ts';
import { HostRandom } from '../../../../host/data/philox.ts';
import { preparer, problemOf } from '../../../../host/paper/problems.ts';
import { modelOf, READINGS, settingOf } from '../../../../host/paper/readings.ts';
import type { Descent } from '../../../../host/paper/runners/descent.ts';
import type { Exit } from '../../../../host/paper/runners/exit.ts';
import { RUNNERS } from '../../../../host/paper/runners/index.ts';
import type { RunnerName } from '../../../../host/paper/runners/names.ts';
import type { Tentative } from '../../../../host/paper/runners/tentative.ts';
import type { Trace } from '../../../../host/paper/runners/trace.ts';
import type { Variances } from '../../../../host/paper/runners/variance.ts';
import { FlatCost, moved, product, uniformAngles } from '../../../../host/paper/theory/flat-cost.ts';
import { flatTrainer, noiseOf } from '../../../../host/paper/theory/flat-training.ts';
import type { Json } from '../../../../host/study/cell.ts';
import { assertClose, assertSameBits } from '../../../support/close.ts';

/** Works out, by way of JSON as cells are. */
async function run<T>(name: RunnerName, input: object): Promise<T> {
  const plain = JSON.parse(JSON.stringify(input)) as Json;
  return JSON.parse(JSON.stringify(await RUNNERS[name](plain))) as T;
}

/** RX RY RZ on one qubit: <Z> = cos x cos y, and z does nothing. */
const ONE = { qubits: 1, layers: 1, observable: 'first' } as const;
const PARITY = { qubits: 4, layers: 4, observable: 'parity' } as const;
const CONSTANT = { schedule: 'constant', seed: 3 } as const;

describe('the cost 1 - <O>', () => {
  test('has value, gradient and curvature of 1 - cos x cos y', async () => {
    const cost = await FlatCost.of(ONE);
    const theta = Float64Array.of(0.4, -1.1, 2);
    assertClose(cost.value(theta), 1 - Math.cos(0.4) * Math.cos(1.1), 1e-14, 'value');
    const gradient = [Math.sin(0.4) * Math.cos(-1.1), Math.cos(0.4) * Math.sin(-1.1), 0];
    cost.gradient(theta).forEach((value, i) => assertClose(value, gradient[i], 1e-14, `gradient ${i}`));
    const along = Float64Array.of(2, 1, 5);
    // (4 + 1) cos x cos y - 2 * 2 sin x sin y
    const bent = 5 * Math.cos(0.4) * Math.cos(-1.1) - 4 * Math.sin(0.4) * Math.sin(-1.1);
    assertClose(cost.curvature(theta, along), bent, 1e-5, 'curvature');
  });

  test('is measured with the variance that it says', async () => {
    const cost = await FlatCost.of(ONE, 50, 7);
    const theta = Float64Array.of(1, 0.3, 0);
    const exact = cost.value(theta);
    const found = Array.from({ length: 2000 }, () => cost.measure(theta) - exact);
    const square = found.reduce((sum, value) => sum + value ** 2, 0) / found.length;
    // The square of a nearly normal number spreads by sqrt(2).
    assertClose(square / cost.variance(exact), 1, (5 * Math.SQRT2) / Math.sqrt(found.length), 'variance');
  });
});

describe('variance', () => {
  test('of one qubit is a quarter, of what the observable sees', async () => {
    const found = await run<Variances>('variance', { problem: ONE, samples: 4000, seed: 1 });
    assert.equal(found.parameters, 3);
    assert.equal(found.seen, 2);
    for (const [what, value, expected] of [
      ['derivative', found.seenMean, 1 / 4],
      ['of all three', found.mean, 1 / 6],
      ['cost', found.cost, 1 / 4],
      ['square', found.square, 1 / 2],
    ] as const)
      assertClose(value / expected, 1, 0.08, what);
  });
});

describe('noise', () => {
  test('shrinks a derivative by what the channels leave of it', async () => {
    const [clean, noisy] = [
      await run<Variances>('variance', { problem: ONE, samples: 50, seed: 1 }),
      await run<Variances>('variance', { problem: ONE, samples: 50, seed: 1, noise: 0.1 }),
    ];
    // Three gates leave 0.9 each of <Z>, and a reading 1 - 2 * 0.1.
    assertClose(noisy.mean / clean.mean, (0.9 ** 3 * 0.8) ** 2, 1e-9, 'variance');
  });

  test('is not in the cost that a training is judged by', async () => {
    const training = {
      ...CONSTANT,
      rule: 'sgd',
      rate: 0.1,
      steps: 5,
      shots: 50,
      noise: noiseOf(0.1),
    } as const;
    const found = await run<Descent>('descent', { problem: PARITY, training, looks: 2 });
    const trainer = await flatTrainer({ problem: PARITY, training });
    for await (const _ of trainer.fit());
    const cost = await FlatCost.of(PARITY);
    assert.equal(found.clean, cost.value(Float64Array.from(trainer.parameters)));
    assert.notEqual(found.clean, found.final);
  });
});

describe('tentative steps', () => {
  const input = { problem: PARITY, decrease: 1e-4, samples: 60, seed: 2 };

  test('that are small never raise an exact cost, and Eq. 12 agrees', async () => {
    const found = await run<Tentative>('tentative', {
      ...input,
      shots: 'exact',
      rate: 0.01,
      negativeRate: 0.02,
    });
    assert.deepEqual(
      [found.places, found.predicted, found.counted, found.noticed, found.agreement, found.uphill],
      [60, 0, 0, 0, 1, 0],
    );
    assertClose(found.reversing, 1e-4 * found.square, 1e-12, 'moment');
    assert.equal(found.backtracking, found.reversing);
    assert.equal(found.stated, null);
  });

  test('that are large do, and backtracking comes below both caps', async () => {
    const found = await run<Tentative>('tentative', { ...input, shots: 'exact', rate: 3, negativeRate: 6 });
    assert.ok(found.counted > 0.2 && found.counted === found.noticed);
    assert.ok((found.passing as number) < 1 && found.reversing > found.backtracking);
    assert.ok((found.withinStated as number) >= (found.withinProven as number));
  });

  test('fail as often as the noise of their test says', async () => {
    const found = await run<Tentative>('tentative', {
      ...input,
      samples: 400,
      shots: 100,
      rate: 0.01,
      negativeRate: 0.02,
    });
    assert.ok(found.counted < 0.02);
    assertClose(found.noticed, found.expected, 5 / (2 * Math.sqrt(400)), 'violations');
    const { noticed, square, violatedSquare } = found;
    // E|Delta theta|^2, put together from its two parts.
    const violated = noticed * 4e-4 * (violatedSquare as number);
    const others = 1e-4 * (square - noticed * (violatedSquare as number));
    assertClose(found.reversing, violated + others, 1e-12, 'moment');
  });

  test('pass over what is flatter than asked for', async () => {
    const wanted = { ...input, shots: 'exact', rate: 0.01, negativeRate: 0.02 };
    const [all, steep] = [
      await run<Tentative>('tentative', wanted),
      await run<Tentative>('tentative', { ...wanted, steeper: 1 }),
    ];
    assert.ok(steep.steepness > Math.max(1, all.steepness));
    assert.equal(await run('tentative', { ...wanted, problem: ONE, steeper: 2, samples: 1 }), null);
  });
});

describe('descents', () => {
  const training = { ...CONSTANT, rule: 'nlr', rate: 0.2, steps: 40, shots: 20 } as const;

  test('are trainings, looked at exactly', async () => {
    const found = await run<Descent>('descent', { problem: PARITY, training, looks: 6, norms: true });
    const trainer = await flatTrainer({ problem: PARITY, training });
    const cost = await FlatCost.of(PARITY);
    const start = Float64Array.from(trainer.parameters);
    for await (const _ of trainer.fit());
    const end = Float64Array.from(trainer.parameters);
    assertClose(found.initial, cost.value(start), 1e-12, 'initial');
    assertClose(found.final, cost.value(end), 1e-12, 'final');
    const steep = cost.gradient(end);
    assertClose(found.curve.square?.at(-1) as number, product(steep, steep), 1e-10, 'norm');
    const way = Math.sqrt(product(moved(end, start, 1), moved(end, start, 1)));
    assertClose(found.moved, way, 1e-12, 'way');
    assert.deepEqual(
      [found.steps, found.shots, found.reversals, found.violations],
      [40, trainer.report?.shots, trainer.report?.reversals, trainer.report?.violationRate],
    );
    const half = found.curve.cost.findIndex((value) => value <= found.initial / 2);
    assert.equal(found.toHalf, half < 0 ? null : found.curve.spent[half]);
  });

  test('start where they are told', async () => {
    const cost = await FlatCost.of(PARITY);
    const at = async (start?: object) => {
      const trainer = await flatTrainer({ problem: PARITY, training, start: start as never });
      const theta = Float64Array.from(trainer.parameters);
      const gradient = cost.gradient(theta);
      return { cost: cost.value(theta), square: product(gradient, gradient) };
    };
    const [random, minimum, saddle, flat] = [
      await at(),
      await at({ at: 'minimum', steps: 300 }),
      await at({ at: 'saddle', beside: 0 }),
      await at({ at: 'flat', draws: 100 }),
    ];
    assert.ok(minimum.cost < 1e-3 && minimum.square < 1e-3);
    assertClose(saddle.cost, 1, 1e-12, 'saddle');
    assert.ok(saddle.square < 1e-24);
    assert.ok(flat.square < random.square);
    const places = new HostRandom(3, 0x73746172);
    const all = Array.from({ length: 100 }, () => {
      const gradient = cost.gradient(uniformAngles(cost.parameters, places));
      return product(gradient, gradient);
    });
    assert.equal(flat.square, Math.min(...all));
  });

  test('without shots NLR is SGD to the last bit', async () => {
    const ends: Descent[] = [];
    for (const rule of ['sgd', 'nlr'])
      ends.push(
        await run<Descent>('descent', {
          problem: PARITY,
          training: { ...training, rule, rate: 0.05, shots: 'exact' },
          looks: 9,
        }),
      );
    assert.equal(ends[1].reversals, 0);
    assertSameBits(ends[1].curve.cost, ends[0].curve.cost, 'costs');
  });
});

describe('exits', () => {
  test('of chance take R^2 / E|Delta theta|^2 steps', async () => {
    const walker = { dimensions: 40, moment: 0.01, seed: 1 };
    const found = await run<Exit>('exit', { walker, radius: 1, walks: 200 });
    assertClose(found.moment, 0.01, 0.02, 'moment');
    assertClose(found.steps / 100, 1, 0.1, 'steps');
    assert.equal(found.left, 200);
  });

  test('of a training are counted as it leaves', async () => {
    const training = { ...CONSTANT, rule: 'sgd', rate: 0.05, steps: 60, shots: 'exact' } as const;
    const walker = { problem: PARITY, training };
    const found = await run<Exit>('exit', { walker, radius: 0.4, walks: 1 });
    const trainer = await flatTrainer(walker);
    const start = Float64Array.from(trainer.parameters);
    let steps = 0;
    for await (const { step } of trainer.fit()) {
      const away = moved(Float64Array.from(trainer.parameters), start, 1);
      steps = step;
      if (product(away, away) >= 0.16) break;
    }
    assert.deepEqual([found.steps, found.left, found.violations], [steps, Number(steps < 60), 0]);
    const never = await run<Exit>('exit', { walker, radius: 100, walks: 2 });
    assert.deepEqual([never.steps, never.left], [60, 0]);
  });
});

describe('traces', () => {
  test('are the reports of a training', async () => {
    const [, shots] = READINGS;
    const scope = {
      seeds: [1],
      quick: true,
      images: { mnist: 'sample', 'fashion-mnist': 'sample' },
    } as const;
    const setUp = { set: 'gaussians', encoding: 'amplitude', rows: 60 } as const;
    const problem = problemOf(setUp, { ...modelOf(shots), qubits: 3, layers: 2 }, scope);
    const training = { ...settingOf(shots, 25), shots: 30, rule: 'nlr', seed: 4 } as const;
    const found = await run<Trace>('trace', { problem, training, looks: 4 });
    const never = () => Promise.reject(new Error('no images'));
    const { test: _, ...prepared } = await preparer({ originals: never, digits: never })(problem, 4);
    const trainer = await Trainer.create({ ...prepared, training });
    const reversed: number[] = [];
    for await (const report of trainer.fit()) {
      assertClose(found.norm[report.step - 1], report.gradientNorm.loss, 1e-4, `step ${report.step}`);
      if (report.decision === 'reversed') reversed.push(report.step);
    }
    assert.deepEqual(found.reversed, reversed);
    assert.ok(reversed.length > 0);
    assert.equal(found.norm.length, 25);
    assert.deepEqual([found.step[0], found.step.at(-1), found.loss.length], [0, 25, found.step.length]);
    assertClose(found.loss.at(-1) as number, trainer.trainingLoss(), 1e-4, 'loss');
  });
});
