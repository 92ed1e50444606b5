/** Whether the mean step goes uphill, against a transcription and against expectations that can be written out. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { Encoding, Loss } from '../../../assembly/abi/codes.ts';
import {
  type Ascent,
  type Dataset,
  type FitOptions,
  type ModelOptions,
  Trainer,
  type TrainingOptions,
} from '../../../host/index.ts';
import { qpu, type Question } from '../../../host/qpu/index.ts';
import { ensureBuilt } from '../../support/built.mjs';
import { assertAllClose, assertClose } from '../../support/close.ts';
import { rowsOf } from '../../support/host-data.ts';
import * as oracle from '../../support/oracle/index.ts';
import { assertMean, mean } from '../../support/statistics.ts';

const rows = [
  [0.9, 0.2, 0.4],
  [0.1, 0.8, -0.3],
  [0.5, -0.6, 0.2],
  [-0.2, 0.3, 0.7],
];
const dataset: Dataset = {
  features: Float64Array.from(rows.flat()),
  rows: 4,
  columns: 3,
  labels: Int32Array.of(0, 1, 1, 0),
  classes: ['a', 'b'],
  name: 'four rows',
};
/** The whole set in every mini-batch, so that its order is all that is drawn. */
const batch = 4;
const MODEL = { qubits: 2, features: 3, layers: 1, observable: 'z0', head: 'none', loss: 'mse' } as const;
const ORACLE = oracle.paperModel(2, 1, 3);
const NLR = { rule: 'nlr', steps: 60, batch, rate: 0.05, shots: 20, schedule: 'constant' } as const;

/** Everything that a run shows at each step. */
interface Seen {
  readonly before: number[];
  readonly after: number[];
  readonly measured: number[];
  readonly ascent: Ascent;
  readonly tentative: number | null;
  readonly loss: number;
  readonly rate: number;
}

async function run(model: ModelOptions, training: TrainingOptions, options: FitOptions = { ascent: true }) {
  const trainer = await Trainer.create({ model, training, dataset });
  const seen: Seen[] = [];
  let before = Array.from(trainer.parameters);
  for await (const { ascent, tentativeLoss: tentative, loss, rate } of trainer.fit(options)) {
    const after = Array.from(trainer.parameters);
    const measured = Array.from(trainer.gradient);
    seen.push({ before, after, measured, ascent: ascent as Ascent, tentative, loss, rate });
    before = after;
  }
  return { trainer, seen };
}

const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, i) => sum + value * b[i], 0);

describe("the product of a step and the exact gradient is the oracle's", () => {
  test('and so are r, the violation rate and both thresholds, with constant rates', async () => {
    const { seen } = await run(MODEL, NLR);
    const [violated, others, products]: number[][] = [[], [], []];
    for (const { before, after, measured, ascent, tentative, loss } of seen) {
      const { gradient } = oracle.lossGradient(ORACLE, before, rows, [...dataset.labels], 'adjoint');
      const step = after.map((value, i) => value - before[i]);
      products.push(dot(step, gradient));
      assertClose(ascent.product, products.at(-1) as number, 1e-12, `the product of step ${ascent.step}`);
      const isViolated = (tentative as number) > loss;
      assert.equal(ascent.violated, isViolated);
      (isViolated ? violated : others).push(dot(measured, gradient));
      const p = violated.length / products.length;
      assert.equal(ascent.steps, products.length);
      assert.equal(ascent.loss, loss);
      assertClose(ascent.violationRate as number, p, 1e-12, 'p_t');
      assertClose(ascent.meanProduct, mean(products), 1e-12, 'the mean product');
      assert.equal(ascent.alarm.step, mean(products) > 0);
      assertClose(ascent.thresholds.rate as number, 0.05 / (0.05 + 0.1), 1e-12, 'of the rate');
      // At a tie, rounding decides.
      if (others.length !== 2 * violated.length) {
        assert.equal(ascent.alarm.rate, others.length < 2 * violated.length);
      }
      if (violated.length === 0 || others.length === 0) {
        assert.equal(ascent.ratio, null);
        continue;
      }
      const r = mean(violated) / mean(others);
      assertClose(ascent.ratio as number, r, 1e-9, 'r');
      if (mean(others) <= 0 || 0.05 + r * 0.1 <= 0) assert.equal(ascent.thresholds.step, null);
      else {
        assertClose(ascent.thresholds.step as number, 0.05 / (0.05 + r * 0.1), 1e-9, 'of the step');
        assert.equal(ascent.alarm.step, p > (ascent.thresholds.step as number), 'the threshold is exact');
      }
    }
    const last = seen.at(-1)?.ascent as Ascent;
    assert.ok(violated.length > 5 && others.length > 5, `${violated.length} of ${seen.length} violated`);
    assert.ok(last.thresholds.step !== null);
    assert.equal(last.evaluations, seen.length * batch);
    assert.equal(last.shots, 0);
  });

  for (const [what, model, training] of [
    ['a head and a schedule', { ...MODEL, head: 'linear', observable: 'all-z' }, { schedule: 'cosine' }],
    ['the two-point gradient', MODEL, { gradient: 'two-point' }],
    ['exact steps', MODEL, { shots: 'exact', rate: 1.5 }],
    ['readout errors', MODEL, { readoutError: 0.1 }],
    ['the guarded rule', MODEL, { rule: 'nlr-guarded' }],
    ['Adam', MODEL, { rule: 'adam' }],
  ] as const) {
    test(`with ${what}`, async () => {
      const options = { ...NLR, headRate: 0.2, ...training } as TrainingOptions;
      const { seen, trainer } = await run(model as ModelOptions, options);
      const reference: oracle.OracleModel =
        model.head === 'none'
          ? { ...ORACLE, readoutError: options.readoutError ?? 0 }
          : { ...ORACLE, terms: [oracle.zTerm(0, 0), oracle.zTerm(1, 1)], outputs: 2, logits: 1 };
      let rates = 0;
      for (const { before, after, ascent, rate } of seen) {
        const { gradient } = oracle.lossGradient(reference, before, rows, [...dataset.labels], 'adjoint');
        const product = dot(
          after.map((value, i) => value - before[i]),
          gradient,
        );
        assertClose(ascent.product, product, 1e-12, `step ${ascent.step}`);
        rates += rate;
        assertClose(ascent.meanRate, rates / ascent.steps, 1e-12, 'the mean signed rate');
        const { violationRate: p, thresholds, alarm } = ascent;
        // Whatever the schedule and the head: the lines are where the signs turn.
        if (thresholds.step !== null) assert.equal(alarm.step, (p as number) > thresholds.step);
        if (thresholds.rate !== null && Math.abs((p as number) - thresholds.rate) > 1e-9)
          assert.equal(alarm.rate, (p as number) > thresholds.rate);
        if (options.rule === 'nlr') assert.ok(thresholds.rate !== null);
        else assert.deepEqual([ascent.ratio, thresholds.rate, thresholds.step], [null, null, null]);
        if (options.rule === 'adam') assert.deepEqual([ascent.violated, p], [null, null]);
      }
      assert.equal(trainer.steps, NLR.steps);
    });
  }
});

test('weights of the classes weigh its loss too', async () => {
  for (const oneVsRest of [false, true]) {
    const training = { rule: 'sgd', steps: 3, batch, rate: 0.1, shots: 'exact' } as const;
    const options = { model: MODEL, training, dataset, oneVsRest, classWeights: [3, 0.5] };
    const trainer = await Trainer.create(options);
    const cores = trainer['models'];
    let before = cores.map(({ parameters }) => Array.from(parameters));
    for await (const { ascent } of trainer.fit({ ascent: true })) {
      // An exact step's own gradient is the exact one.
      const products = cores.map(({ parameters, gradient }, i) =>
        dot(
          Array.from(parameters, (value, p) => value - before[i][p]),
          Array.from(gradient),
        ),
      );
      assertClose((ascent as Ascent).product, mean(products), 1e-12, 'the product');
      before = cores.map(({ parameters }) => Array.from(parameters));
    }
  }
});

describe('looking', () => {
  ensureBuilt('build/core.device.wasm');
  const device = new Uint8Array(readFileSync(new URL('../../../build/core.device.wasm', import.meta.url)));

  for (const [what, training, oneVsRest, ascent] of [
    ['with shots', NLR, false, true],
    ['exact', { ...NLR, shots: 'exact' }, false, true],
    ['with a budget of shots', { ...NLR, shotsBudget: 10 ** 9 }, false, true],
    ['one against the rest', NLR, true, true],
    ['by another build', NLR, false, { wasm: device }],
  ] as const) {
    test(`changes no bit of a training, ${what}`, async () => {
      const options = { model: MODEL, training: { ...training, steps: 12 }, dataset, oneVsRest };
      const [plain, looked] = [await Trainer.create(options), await Trainer.create(options)];
      for await (const report of plain.fit()) assert.equal(report.ascent, undefined);
      for await (const report of looked.fit({ ascent })) assert.equal(report.ascent?.step, report.step);
      assert.equal(looked.trace, plain.trace);
      assert.deepEqual(looked.save(), plain.save());
      assert.deepEqual(looked.checkpoint(), plain.checkpoint());
      const { ascent: last, ...report } = looked.report ?? {};
      assert.deepEqual(report, plain.report);
      assert.equal(last?.steps, 12);
    });
  }

  test('goes on where it was in the next call, and counts only the steps that it saw', async () => {
    const trainer = await Trainer.create({ model: MODEL, training: NLR, dataset });
    const steps: number[] = [];
    for await (const { ascent } of trainer.fit({ until: 3, ascent: true })) steps.push(ascent?.steps ?? 0);
    for await (const { ascent } of trainer.fit({ until: 5 })) assert.equal(ascent, undefined);
    for await (const { ascent } of trainer.fit({ until: 7, ascent: true })) steps.push(ascent?.steps ?? 0);
    assert.deepEqual(steps, [1, 2, 3, 4, 5]);
  });

  test('goes on by another build where the next call names one, with the sums that there are', async () => {
    const training = { ...NLR, shots: 'exact', steps: 6 } as const;
    const trainer = await Trainer.create({ model: MODEL, training, dataset });
    const spent: number[] = [];
    for (const [until, ascent] of [
      [2, true],
      [4, { wasm: device }],
      [6, { wasm: device }],
    ] as const) {
      for await (const report of trainer.fit({ until, ascent }))
        spent.push(report.ascent?.evaluations ?? Number.NaN);
    }
    assert.equal(trainer.report?.ascent?.steps, 6);
    spent.forEach((evaluations, i) => assert.equal(evaluations, (i + 1) * spent[0]));
    const broken = trainer.fit({ until: 7, ascent: { wasm: new Uint8Array(3) } });
    await assert.rejects(broken.next(), { code: 'ERR_CORE_MODULE' });
  });

  test('counts whole steps where a call was aborted between two models', async () => {
    const three = rowsOf(['a', 'b', 'c']);
    const options = { model: MODEL, training: { ...NLR, steps: 4 }, dataset: three, oneVsRest: true };
    const one = async (after: number) => {
      const trainer = await Trainer.create(options);
      let left = after;
      const signal = { throwIfAborted: () => assert(left-- !== 0, 'enough') } as unknown as AbortSignal;
      const steps: number[] = [];
      const fit = async (more: FitOptions) => {
        for await (const { ascent } of trainer.fit({ ascent: true, ...more })) steps.push(ascent?.steps ?? 0);
      };
      await fit({ signal, slice: 1, until: 1 }).catch((error) => assert.match(String(error), /enough/));
      const aborted = left < 0;
      await fit({});
      const at = `aborted at look ${after} at the signal`;
      assert.deepEqual(
        steps,
        Array.from(steps.keys(), (i) => i + 1),
        at,
      );
      // The look at a step that all models have made is lost.
      assert(steps.length >= 3, at);
      return aborted;
    };
    // Wherever in the first step.
    let after = 0;
    while (await one(after)) after++;
    assert(after > 6, `${after} looks at the signal`);
  });

  test('that is given up loses the look, not the step', async () => {
    const options = { model: MODEL, training: { ...NLR, steps: 4, answerer: 'caller' }, dataset } as const;
    const trainer = await Trainer.create(options);
    const stop = new AbortController();
    let questions = 0;
    const zeros = qpu((question) => {
      if (question.shots === 10 && ++questions === 3) stop.abort(new Error('enough'));
      return { '00': question.shots };
    });
    await assert.rejects(async () => {
      for await (const _ of trainer.fit({ ascent: true, answer: zeros, signal: stop.signal }));
    }, /enough/);
    assert.equal(trainer.steps, 1);
    for await (const { ascent, step } of trainer.fit({ ascent: true, answer: zeros }))
      assert.equal(ascent?.steps, step - 1);
    const plain = await Trainer.create(options);
    for await (const _ of plain.fit({ answer: qpu(({ shots }) => ({ '00': shots })) }));
    assert.equal(trainer.trace, plain.trace);
  });
});

// ---- one parameter, few shots: every outcome of a step can be written out ------------------------------------

const THETA = 1.1;
const ETA = 0.05;
const tiny: Dataset = {
  features: Float64Array.of(0, 0),
  rows: 2,
  columns: 1,
  labels: Int32Array.of(0, 1),
  classes: ['a', 'b'],
  name: 'two rows',
};
/** RY(theta)|0>, <Z>, and (f - y)^2; of the two rows, y = -1 and 1, a mini-batch has one. */
const TINY: ModelOptions = {
  qubits: 1,
  features: 1,
  encoding: 'angle',
  circuit: [{ gate: 'ry', qubits: [0], angle: { parameter: 0 } }],
  observable: 'z0',
  head: 'none',
  loss: 'mse',
};

/** What M shots of the mean +-1 outcomes give, at an angle: values with their probabilities. */
function outcomes(angle: number, shots: number): readonly (readonly [value: number, probability: number])[] {
  const p = Math.cos(angle / 2) ** 2;
  const choose = (k: number) => {
    let ways = 1;
    for (let i = 0; i < k; i++) ways = (ways * (shots - i)) / (i + 1);
    return ways;
  };
  return Array.from({ length: shots + 1 }, (_, k) => [
    (2 * k - shots) / shots,
    choose(k) * p ** k * (1 - p) ** (shots - k),
  ]);
}

/** E[work] over the losses' and both shifts' outcomes of a gradient. */
function overGradients(shots: number, y: number, work: (gradient: number, loss: number) => number): number {
  let sum = 0;
  for (const [f, pf] of outcomes(THETA, shots))
    for (const [up, pu] of outcomes(THETA + Math.PI / 2, shots))
      for (const [down, pd] of outcomes(THETA - Math.PI / 2, shots))
        sum += pf * pu * pd * work(2 * (f - y) * 0.5 * (up - down), (f - y) ** 2);
  return sum;
}

/** What came of a step. */
interface Outcome {
  readonly step: number;
  readonly gradient: number;
  readonly violated: boolean;
  readonly y: number;
}

/** E[work] over the outcomes of a whole NLR step of either sample. */
function overSteps(shots: number, work: (outcome: Outcome) => number): number {
  const of = (y: number) =>
    overGradients(shots, y, (gradient, loss) =>
      outcomes(THETA - ETA * gradient, shots).reduce((sum, [f, probability]) => {
        const violated = (f - y) ** 2 > loss;
        const step = violated ? 2 * ETA * gradient : -ETA * gradient;
        return sum + probability * work({ step, gradient, violated, y });
      }, 0),
    );
  return 0.5 * (of(-1) + of(1));
}

/** First steps from THETA, of as many seeds. */
async function firstSteps(
  seeds: number,
  shots: number,
  answererOf?: (seed: number) => FitOptions['answer'],
): Promise<Ascent[]> {
  const found: Ascent[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    const trainer = await Trainer.create({
      model: TINY,
      training: {
        ...{ rule: 'nlr', steps: 1, batch: 1, rate: ETA, shots, schedule: 'constant', seed },
        answerer: answererOf ? 'caller' : 'simulator',
      } as TrainingOptions,
      dataset: tiny,
    });
    trainer.parameters[0] = THETA;
    for await (const { ascent } of trainer.fit({ ascent: true, answer: answererOf?.(seed) }))
      found.push(ascent as Ascent);
  }
  return found;
}

describe('of a step whose outcomes can be written out', () => {
  const slope = (y: number) => 2 * (Math.cos(THETA) - y) * -Math.sin(THETA);

  test('the mean product, p and r are the expectations', async () => {
    const looks = await firstSteps(500, 2);
    const expected = overSteps(2, ({ step, y }) => step * slope(y));
    assertMean(
      looks.map(({ product }) => product),
      expected,
      'step . grad L',
    );
    assertMean(
      looks.map(({ violated }) => Number(violated)),
      overSteps(2, ({ violated }) => Number(violated)),
      'p_t',
    );
    // step = -eta g or eta' g, so that what a violated step gives is eta' times E[g . grad L; violated].
    for (const which of [true, false]) {
      assertMean(
        looks.map(({ product, violated }) => (violated === which ? product : 0)),
        overSteps(2, ({ step, violated, y }) => (violated === which ? step * slope(y) : 0)),
        `where violated is ${which}`,
      );
    }
  });

  test('the caller is asked anew, so that the product has no bias by the noise of the step', async () => {
    const shots = 4;
    // Draws for each question by its circuit alone; nothing of it says whose it is.
    const answererOf = (seed: number) => {
      const rng = oracle.seededRng(seed);
      return qpu(({ operations, shots: wanted }: Question) => {
        const p = Math.cos(operations[0].angle / 2) ** 2;
        let zeros = 0;
        for (let shot = 0; shot < wanted; shot++) zeros += Number(rng() < p);
        return new Map([
          [0, zeros],
          [1, wanted - zeros],
        ]);
      });
    };
    const looks = await firstSteps(1500, shots, answererOf);
    const half = (y: number) => overGradients(shots / 2, y, (gradient) => gradient);
    const independent = overSteps(shots, ({ step, y }) => step * half(y));
    const own = overSteps(shots, ({ step, gradient }) => step * gradient);
    const products = looks.map(({ product }) => product);
    assertMean(products, independent, 'step . an independent gradient');
    assert.throws(() => assertMean(products, own, 'step . its own gradient'));
    for (const look of looks) assert.deepEqual([look.evaluations, look.shots], [3, 3 * (shots / 2)]);
  });
});

test('the oracle of this file has the model of the library', () => {
  assert.equal(ORACLE.encoding, Encoding.Amplitude);
  assert.equal(ORACLE.loss, Loss.MeanSquare);
  const [f] = oracle.evaluate({ ...ORACLE, operations: [], parameters: 0 }, [], [1, 0, 0]);
  assertAllClose([f], [1], 1e-15, '<Z0>');
});
