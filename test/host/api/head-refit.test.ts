/** A share of the budget for the head: what it costs, what it gives, and that its bits are the training's. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fittedHead } from '../../../host/api/head-newton.ts';
import {
  type ModelOptions,
  plan,
  resolveTraining,
  Trainer,
  type TrainingOptions,
} from '../../../host/index.ts';
import { finish, MODEL, rowsOf } from '../../support/host-data.ts';

const ROWS = 12;
const DATASET = rowsOf(['no', 'yes'], ROWS);
const REPEATS = 8;
const TRAINED: TrainingOptions = { rule: 'adam', batch: 4, shots: 10, rate: 0.1, seed: 3 };
const BUDGET = 20_000;
const SHARE = 0.2;
const REFIT: TrainingOptions = { ...TRAINED, shotsBudget: BUDGET, refitHead: SHARE };

const made = (training: TrainingOptions = REFIT, model: ModelOptions = MODEL) =>
  Trainer.create({ model, training, dataset: DATASET });

/** The last n parameters: the head. */
const headOf = ({ modelParameters: [all = [] as never] }: Trainer, size = 3) => Array.from(all.slice(-size));

describe('a head that is fitted behind the training', () => {
  test('takes its share of the budget, and every shot is counted', async () => {
    const step = (await plan(MODEL, TRAINED)).shotsPerStep;
    const trainer = await finish(await made());
    const steps = Math.floor(((1 - SHARE) * BUDGET) / step);
    // Both outputs come from the same bitstrings.
    const each = Math.floor((SHARE * BUDGET) / (REPEATS * ROWS));
    assert.equal(trainer.steps, steps);
    assert.equal(trainer.report?.shots, steps * step + REPEATS * ROWS * each);
    const { evaluationsPerStep } = await plan(MODEL, TRAINED);
    assert.equal(trainer.report?.evaluations, steps * evaluationsPerStep + REPEATS * ROWS);
    assert.equal((await plan(MODEL, REFIT)).stepsPaid, steps);
    assert.equal(trainer.finished, true);
  });

  test('moves the head alone, and the last report is of what it leaves', async () => {
    const steps = Math.floor(((1 - SHARE) * BUDGET) / (await plan(MODEL, TRAINED)).shotsPerStep);
    const plain = await finish(await made({ ...TRAINED, shotsBudget: (1 - SHARE) * BUDGET }));
    assert.equal(plain.steps, steps);
    const trainer = await made();
    let last = 0;
    for await (const { step } of trainer.fit()) if (step === steps) last = trainer.trainingLoss();
    const [[before = [] as never], [after = [] as never]] = [plain.modelParameters, trainer.modelParameters];
    assert.deepEqual(Array.from(before.slice(0, -3)), Array.from(after.slice(0, -3)));
    assert.notDeepEqual(headOf(plain), headOf(trainer));
    assert.equal(last, trainer.trainingLoss());
    assert.ok(last < plain.trainingLoss() / 2, `${plain.trainingLoss()} to ${last}`);
  });

  test('is nearly the one that fits exact outputs best', async () => {
    const trainer = await finish(await made({ ...REFIT, shotsBudget: 2e7, steps: 5 }));
    // Outputs one by one: by a head that hands them through.
    const probe = await made();
    const [parameters = [] as never] = probe.modelParameters;
    parameters.set(trainer.modelParameters[0]?.subarray(0, -3) ?? []);
    const outputs = [0, 1].map((output) => {
      parameters.set([1 - output, output, 0], parameters.length - 3);
      return probe.predict(DATASET).map(({ scores: [z = 0] }) => z);
    });
    const means = Float64Array.from({ length: 2 * ROWS }, (_, k) => outputs[k % 2]?.[k >> 1] as number);
    const exact = fittedHead(
      { means, covariances: new Float64Array(3 * ROWS), width: 2 },
      { logits: 1, loss: 'bce', wanted: DATASET.labels, ridge: 1e-5 },
      new Float64Array(3),
    );
    const fitted = headOf(trainer);
    for (const [i, value] of exact.entries())
      assert.ok(Math.abs(value - (fitted[i] as number)) < 0.05 * Math.hypot(...exact), `${exact} ${fitted}`);
  });

  const ways: Record<string, { model?: ModelOptions; training?: TrainingOptions; oneVsRest?: true }> = {
    'three classes': { model: { ...MODEL, classes: 3 } },
    'one model a class': { oneVsRest: true, training: { shotsBudget: 60_000 } },
    'the squared error': { model: { ...MODEL, loss: 'mse' } },
    frugal: { training: { rule: 'frugal', shots: 16 } },
    trajectories: { training: { noise: [{ channel: 'depolarizing', rate: 0.02 }] } },
    'one output': { model: { ...MODEL, observable: 'z0' } },
    'two settings': {
      model: {
        ...MODEL,
        observable: [[{ pauli: 'Z0', coefficient: 1 }], [{ pauli: 'X1', coefficient: 1 }]],
      },
    },
    'the two-point gradient': { training: { gradient: 'two-point' } },
  };
  for (const [name, { model = MODEL, training, oneVsRest }] of Object.entries(ways)) {
    test(`of ${name}: within the budget, the same bits again, and no higher loss`, async () => {
      const three = oneVsRest || model.classes === 3;
      const dataset = rowsOf(three ? ['a', 'b', 'c'] : ['no', 'yes'], ROWS);
      const options = { model, training: { ...REFIT, ...training }, dataset, oneVsRest };
      const { shotsBudget = 0 } = options.training;
      const one = await finish(await Trainer.create(options));
      const two = await Trainer.create(options);
      // What is predicted meanwhile has streams of its own.
      two.predict(dataset, { shots: 5 });
      await finish(two);
      assert.equal(one.trace, two.trace);
      assert.ok((one.report?.shots ?? 0) <= Number(shotsBudget));
      const share = {
        ...options.training,
        refitHead: 'none',
        shotsBudget: (1 - SHARE) * Number(shotsBudget),
      };
      const plain = await finish(await Trainer.create({ ...options, training: share as TrainingOptions }));
      assert.ok(
        one.trainingLoss() < plain.trainingLoss(),
        `${plain.trainingLoss()} to ${one.trainingLoss()}`,
      );
    });
  }

  test('counts samples by the weights of their classes', async () => {
    const heads = await Promise.all(
      [undefined, { no: 5, yes: 1 }].map(async (classWeights) => {
        const options = { model: MODEL, training: REFIT, dataset: DATASET, classWeights };
        return headOf(await finish(await Trainer.create(options)));
      }),
    );
    assert.notDeepEqual(heads[0], heads[1]);
  });

  test('fits numbers to predict', async () => {
    const targets = Float64Array.from({ length: ROWS }, (_, i) => (i % 2) + 0.1 * Math.sin(i));
    const dataset = { ...DATASET, targets, classes: [], labels: new Int32Array(ROWS).fill(-1) };
    const options = { model: MODEL, dataset, task: 'regression' } as const;
    const fit = async (training: TrainingOptions) => finish(await Trainer.create({ ...options, training }));
    const [plain, refitted] = [await fit({ ...TRAINED, shotsBudget: BUDGET }), await fit(REFIT)];
    assert.ok(refitted.trainingLoss() < plain.trainingLoss());
  });

  test('goes on from any checkpoint to the same bits, and is not fitted twice', async () => {
    const whole = await finish(await made());
    for (let until = 0; until <= whole.steps; until += 3) {
      const part = await finish(await made(), until);
      const resumed = await finish(await Trainer.resume(part.checkpoint(), { dataset: DATASET }));
      assert.equal(resumed.trace, whole.trace);
      assert.equal(resumed.report?.shots, whole.report?.shots);
    }
    const behind = await Trainer.resume(whole.checkpoint(), { dataset: DATASET });
    assert.equal(behind.finished, true);
    await finish(behind);
    assert.equal(behind.trace, whole.trace);
    assert.equal(behind.report?.shots, whole.report?.shots);
  });

  test('that is given up is due, here and in a checkpoint, and comes to the same bits', async () => {
    const whole = await finish(await made());
    const trainer = await finish(await made(), whole.steps - 1);
    const controller = new AbortController();
    const last = trainer.fit({ signal: controller.signal }).next();
    controller.abort(new Error('enough'));
    await assert.rejects(last, /enough/);
    assert.equal(trainer.steps, whole.steps);
    assert.equal(trainer.finished, false);
    const resumed = await Trainer.resume(trainer.checkpoint(), { dataset: DATASET });
    assert.equal(resumed.finished, false);
    for (const each of [trainer, resumed]) {
      await finish(each);
      assert.equal(each.finished, true);
      assert.equal(each.trace, whole.trace);
      assert.equal(each.report?.shots, whole.report?.shots);
    }
  });

  const refusals: Record<string, { training?: TrainingOptions; model?: ModelOptions; saying: RegExp }> = {
    'no budget': { training: { shotsBudget: 'none' }, saying: /no shotsBudget/ },
    'no head': { model: { ...MODEL, head: 'none' }, saying: /no linear head/ },
    'the hinge': { model: { ...MODEL, loss: 'hinge' }, saying: /no curvature/ },
    'a caller': { training: { answerer: 'caller' }, saying: /caller measures/ },
    'a calibration': {
      training: { calibrationShots: 10, readoutError: 0.01 },
      saying: /calibrated/,
    },
    'an average': { training: { averagedShare: 0.5 }, saying: /averagedShare/ },
    'too little': { training: { refitHead: 0.004 }, saying: /takes 96; give more/ },
  };
  for (const [name, { training, model, saying }] of Object.entries(refusals)) {
    test(`is refused with ${name}`, async () => {
      await assert.rejects(
        made({ ...REFIT, ...training }, model),
        (error: { at?: string; code: string } & Error) => {
          assert.match(error.message, saying);
          assert.match(error.code, /^ERR_OPTION_(COMBINATION|VALUE)$/);
          return true;
        },
      );
    });
  }

  test('is a share', () => {
    for (const refitHead of [1, -0.1, Number.NaN, '0.1'])
      assert.throws(() => resolveTraining({ refitHead } as TrainingOptions), /refitHead/);
    assert.equal(resolveTraining({}).refitHead, 'none');
  });
});
