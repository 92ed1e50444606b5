/** Targets and weights of the samples: in every loss, gradient, rule and engine those of the oracle. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Encoding, Engine, Gradient, Loss, Option, Rule, Status } from '../../../assembly/abi/codes.ts';
import { answerStep, asked, ASKING_BUILDS } from '../../support/caller-answers.ts';
import { fresh } from '../../support/caller-runs.ts';
import { assertAllClose, assertClose, assertSameBits } from '../../support/close.ts';
import { COLUMN_BUILDS } from '../../support/core-columns.ts';
import {
  BUILDS,
  type CoreTraining,
  hasColumns,
  isSingle,
  load,
  Machine,
  ok,
  putImage,
} from '../../support/core-harness.ts';
import { localString } from '../../support/core-heisenberg.ts';
import { oracleRun } from '../../support/core-oracle.ts';
import { canTrain, FOLLOWED, LAID_OUT, TENTATIVE, TRUE_GRADIENTS } from '../../support/members.ts';
import * as oracle from '../../support/oracle/index.ts';
import { within } from '../../support/tolerance.ts';

const SEED = 1091;
const BATCH = 5;

/** The kinds of model: labels and targets, without a head, with one logit, with three. */
const KINDS: readonly (readonly [name: string, model: Partial<oracle.OracleModel>])[] = [
  ['targets', { loss: Loss.MeanSquare, targets: true }],
  ['targets, one logit', { loss: Loss.MeanSquare, targets: true, logits: 1, outputs: 2 }],
  ['labels', { loss: Loss.MeanSquare }],
  ['hinge', { loss: Loss.Hinge, logits: 1 }],
  ['cross-entropy', { loss: Loss.CrossEntropy }],
  ['cross-entropy, one logit', { loss: Loss.CrossEntropy, logits: 1, outputs: 2 }],
  ['softmax', { loss: Loss.CrossEntropy, logits: 3, outputs: 2 }],
];

/** The engines, each with the gradients that it knows. */
const WAYS: readonly (readonly [Engine, readonly Gradient[]])[] = [
  [Engine.Samples, TRUE_GRADIENTS],
  [Engine.Columns, TRUE_GRADIENTS],
  [Engine.Heisenberg, [Gradient.Adjoint]],
];

/** A model that every engine can run. */
const modelOf = (rng: oracle.Rng, kind: Partial<oracle.OracleModel>) => {
  const { outputs = 1 } = kind;
  return localString(rng, { qubits: 3, features: 6, outputs }, { ...kind, outputs });
};

const WEIGHTED: Partial<CoreTraining> = { weights: 1, batch: BATCH };

describe('targets and weights: loss and gradient', () => {
  for (const [name, kind] of KINDS) {
    it(`${name}: against the dense oracle, in every engine`, () => {
      const rng = oracle.seededRng(SEED);
      const model = modelOf(rng, kind);
      const theta = oracle.randomTheta(rng, model);
      const { batch, labels } = oracle.randomBatch(rng, model, BATCH);
      const weights = oracle.randomWeights(rng, BATCH);
      const expected = oracle.lossGradient(model, theta, batch, labels, 'adjoint', weights);
      const differences = oracle.lossGradient(model, theta, batch, labels, 'central-differences', weights);
      assertAllClose(expected.gradient, differences.gradient, 1e-8, 'the oracle with itself');
      for (const build of COLUMN_BUILDS) {
        for (const [engine, gradients] of WAYS) {
          for (const gradient of gradients) {
            const what = `${build}, ${Engine[engine]}, ${Gradient[gradient]}`;
            const tolerance = within(build, 1e-11, 1e-4);
            const machine = new Machine(build, model, { ...WEIGHTED, engine, gradient, rule: Rule.Sgd });
            const report = machine.withParameters(theta).step(batch, labels, undefined, weights);
            assertClose(report.Loss, expected.loss, tolerance, `${what}: loss`);
            assertAllClose(machine.gradient, expected.gradient, tolerance, `${what}: gradient`);
            const norm = oracle.norm(expected.observableGradient);
            assertClose(report.GradientNormObservable, norm, tolerance, `${what}: norm of the observable`);
          }
        }
      }
    });
  }

  it('features that drive angles, too', () => {
    const rng = oracle.seededRng(SEED + 1);
    const model = oracle.randomModel(rng, {
      qubits: 3,
      loss: Loss.MeanSquare,
      logits: 1,
      encoding: Encoding.Zero,
    });
    model.targets = true;
    const theta = oracle.randomTheta(rng, model);
    const { batch, labels } = oracle.randomBatch(rng, model, BATCH);
    const weights = oracle.randomWeights(rng, BATCH);
    const expected = oracle.lossGradient(model, theta, batch, labels, 'adjoint', weights);
    for (const build of COLUMN_BUILDS) {
      const machine = new Machine(build, model, { ...WEIGHTED, rule: Rule.Sgd }).withParameters(theta);
      machine.step(batch, labels, undefined, weights);
      assertAllClose(machine.gradient, expected.gradient, within(build, 1e-11, 1e-4), build);
    }
  });
});

describe('targets and weights: training', () => {
  for (const [name, kind] of KINDS) {
    it(`${name}: step by step the oracle's rules, exact and with shots`, () => {
      const rng = oracle.seededRng(SEED + 2);
      const model = modelOf(rng, kind);
      const samples = 9;
      const data = oracle.randomBatch(rng, model, samples);
      const weights = oracle.randomWeights(rng, samples);
      const theta = oracle.randomTheta(rng, model);
      for (const rule of FOLLOWED) {
        for (const [engine, gradients] of WAYS) {
          for (const gradient of gradients) {
            for (const shots of gradient === Gradient.Adjoint ? [0] : [0, 30]) {
              const training = { ...WEIGHTED, samples, rule, engine, gradient, shots, rate: 0.1, guard: 0.4 };
              for (const build of COLUMN_BUILDS) {
                // In single precision a probability rounds otherwise than the oracle's, and with it a draw.
                if (!canTrain(build, { rule, gradient, engine }) || (isSingle(build) && shots > 0)) continue;
                const machine = new Machine(build, model, training).withParameters(theta);
                const steps = oracleRun(machine, data.batch, data.labels, 2, weights);
                steps.forEach((step, t) => {
                  const what = `${build}, ${Rule[rule]}, ${Engine[engine]}, ${Gradient[gradient]}, ${shots} shots, step ${t}`;
                  const tolerance = within(build, 1e-10, 1e-3);
                  const report = machine.drawnStep(data.batch, data.labels, undefined, weights);
                  assertClose(report.Loss, step.loss, tolerance, `${what}: loss`);
                  if (TENTATIVE.includes(rule)) {
                    assertClose(report.TentativeLoss, step.tentativeLoss, tolerance, `${what}: tentative`);
                    assertClose(report.LossChangeError, step.lossChangeError, tolerance, `${what}: error`);
                    assert.equal(report.Decision, step.decision, `${what}: decision`);
                  }
                  assertAllClose(machine.parameters, step.parameters, tolerance, `${what}: parameters`);
                });
              }
            }
          }
        }
      }
    });
  }

  it('the two-point gradient takes two such losses', () => {
    const rng = oracle.seededRng(SEED + 3);
    const model = modelOf(rng, KINDS[1][1]);
    const theta = oracle.randomTheta(rng, model);
    const { batch, labels } = oracle.randomBatch(rng, model, BATCH);
    const weights = oracle.randomWeights(rng, BATCH);
    for (const build of COLUMN_BUILDS) {
      const training = { ...WEIGHTED, gradient: Gradient.TwoPoint, rule: Rule.Sgd };
      const machine = new Machine(build, model, training).withParameters(theta);
      machine.step(batch, labels, undefined, weights);
      const signs = [...machine.gradient].map((slope) => Math.sign(slope / machine.gradient[0]));
      const [ahead, behind] = [0.1, -0.1].map((c) =>
        oracle.batchLoss(
          model,
          theta.map((value, i) => value + c * signs[i]),
          batch,
          labels,
          weights,
        ),
      );
      const slope = (ahead - behind) / 0.2;
      assertClose(
        Math.abs(machine.gradient[0]),
        Math.abs(slope),
        within(build, 1e-10, 1e-3),
        `${build}: slope`,
      );
    }
  });

  it('where the caller measures, as by the simulator', () => {
    const rng = oracle.seededRng(SEED + 4);
    const model = oracle.paperModel(3, 2, 8, { targets: true });
    const { batch, labels } = oracle.randomBatch(rng, model, BATCH);
    const weights = oracle.randomWeights(rng, BATCH);
    for (const build of ASKING_BUILDS) {
      const training = { ...WEIGHTED, samples: 0, shots: 30, rule: Rule.NlrGuarded };
      const told = fresh(build, model, asked(training));
      const simulated = fresh(build, model, training);
      for (let step = 0; step < 2; step++) {
        ok(told.abi.step_begin(BATCH), 'step_begin');
        told.fill(batch, labels, weights);
        answerStep(told);
        simulated.step(batch, labels, undefined, weights);
      }
      assertSameBits(told.reportSlots, simulated.reportSlots, build);
      assertSameBits(told.parameters, simulated.parameters, build);
    }
  });

  it('weights of 1 and targets of -1 and 1 change no bit', () => {
    const rng = oracle.seededRng(SEED + 5);
    const model = oracle.paperModel(3, 2, 8, { logits: 1 });
    const { batch, labels } = oracle.randomBatch(rng, model, BATCH);
    const targets = labels.map((label) => (label === 0 ? -1 : 1));
    for (const build of COLUMN_BUILDS) {
      for (const engine of [Engine.Samples, ...LAID_OUT]) {
        const plain = new Machine(build, model, { batch: BATCH, engine });
        const other = new Machine(build, { ...model, targets: true }, { ...WEIGHTED, engine });
        for (const machine of [plain, other]) {
          ok(machine.abi.parameters_initialise(), 'initialise');
          for (let step = 0; step < 3; step++) machine.step(batch, machine === plain ? labels : targets);
        }
        assertSameBits(other.reportSlots, plain.reportSlots, `${build}, ${Engine[engine]}`);
        assertSameBits(other.parameters, plain.parameters, `${build}, ${Engine[engine]}`);
      }
    }
  });
});

describe('targets and weights: a whole data set', () => {
  it('predictions report sum w l over the samples that have a label or a target', () => {
    const rng = oracle.seededRng(SEED + 6);
    for (const [name, kind] of KINDS) {
      const model = modelOf(rng, kind);
      const theta = oracle.randomTheta(rng, model);
      const { batch, labels } = oracle.randomBatch(rng, model, BATCH);
      const weights = oracle.randomWeights(rng, BATCH);
      const known = [0, 2, 3];
      const marks = labels.map((label, b) => (known.includes(b) ? label : model.targets ? Number.NaN : -1));
      // What belongs to no loss is not looked at.
      const shares = weights.map((weight, b) => (known.includes(b) ? weight : -1));
      const of = (values: number[]) => known.map((b) => values[b]);
      const expected = oracle.batchLoss(
        model,
        theta,
        known.map((b) => batch[b]),
        of(labels),
        of(weights),
      );
      for (const build of COLUMN_BUILDS) {
        const machine = new Machine(build, model, WEIGHTED).withParameters(theta);
        machine.predict(batch, 0, marks, shares);
        assertClose(machine.report.EvaluatedLoss, expected, within(build, 1e-12, 1e-5), `${build}, ${name}`);
        machine.predict(batch);
        assert.ok(Number.isNaN(machine.report.EvaluatedLoss), `${build}, ${name}: none is known`);
      }
    }
  });

  it('moments', () => {
    const rng = oracle.seededRng(SEED + 7);
    for (const [name, kind] of KINDS.slice(0, 3)) {
      const model = modelOf(rng, kind);
      const { batch, labels } = oracle.randomBatch(rng, model, BATCH);
      const weights = oracle.randomWeights(rng, BATCH);
      const theta = oracle.randomTheta(rng, model);
      const twice = <T>(values: T[]) => [...values, ...values];
      const expected = oracle.batchLoss(model, theta, twice(batch), twice(labels), twice(weights));
      for (const build of COLUMN_BUILDS) {
        for (const engine of LAID_OUT) {
          const machine = new Machine(build, model, { ...WEIGHTED, engine, moments: 1 });
          machine.fill(batch, labels, weights);
          ok(machine.abi.moments_add(BATCH), 'moments_add');
          ok(machine.abi.moments_add(BATCH), 'moments_add');
          machine.withParameters(theta);
          const what = `${build}, ${Engine[engine]}, ${name}`;
          assertClose(machine.abi.moments_loss(), expected, within(build, 1e-12, 2e-5), what);
          // What is refused adds nothing.
          const wrong = weights.map(() => -1);
          machine.fill(batch, labels, wrong);
          assert.equal(machine.abi.moments_add(1), Status.BadWeight, what);
          assertClose(machine.abi.moments_loss(), expected, within(build, 1e-12, 2e-5), what);
        }
      }
    }
  });
});

describe('targets and weights: refusals', () => {
  const model = oracle.paperModel(2, 1, 4, { targets: true });
  const samples = [
    [1, 2, 3, 4],
    [4, 3, 2, 1],
  ];

  it('targets and weights that are none, and nothing has changed', () => {
    for (const build of COLUMN_BUILDS) {
      const machine = new Machine(build, model, { weights: 1, batch: 2 }).withParameters([1, 2, 3, 4, 5, 6]);
      const before = machine.checkpoint();
      const { POSITIVE_INFINITY, NEGATIVE_INFINITY, NaN: NONE } = Number;
      const refused = (targets: number[], weights: number[], status: Status) => {
        const what = `${build}, targets ${targets}, weights ${weights}`;
        ok(machine.abi.step_begin(2), 'step_begin');
        machine.fill(samples, targets, weights);
        assert.equal(machine.abi.step_advance(1e6), status, what);
        assertSameBits(machine.checkpoint().subarray(24 + 8 * 20), before.subarray(24 + 8 * 20), what);
      };
      for (const target of [POSITIVE_INFINITY, NEGATIVE_INFINITY, NONE])
        refused([0.5, target], [1, 1], Status.BadLabel);
      for (const weight of [-1, -1e-30, POSITIVE_INFINITY, NEGATIVE_INFINITY, NONE])
        refused([0.5, 1], [1, weight], Status.BadWeight);
      machine.fill(samples, [0.5, POSITIVE_INFINITY]);
      assert.equal(machine.abi.predict(2, 0), Status.BadLabel, `${build}: of a prediction`);
      machine.fill(samples, [0.5, 1], [1, -1]);
      assert.equal(machine.abi.predict(2, 0), Status.BadWeight, `${build}: of a prediction`);
    }
  });

  it('targets go with the mean square loss alone', () => {
    for (const build of BUILDS) {
      for (const loss of [Loss.Hinge, Loss.CrossEntropy]) {
        const { abi } = new Machine(build, oracle.paperModel(2, 1, 4, { loss }));
        ok(abi.configure(Option.Targets, 1), 'Targets');
        assert.equal(abi.plan(), Status.BadCombination, `${build}, ${Loss[loss]}`);
      }
    }
  });

  it('what is not asked for takes no room and has no address', () => {
    for (const build of COLUMN_BUILDS) {
      const plain = new Machine(build, oracle.paperModel(3, 2, 8), { batch: 32 });
      assert.equal(plain.abi.targets_ptr(), 0, build);
      assert.equal(plain.abi.weights_ptr(), 0, build);
      const vector = 32 * plain.abi.real_bytes();
      const bytes = (targets: boolean, weights: 0 | 1) =>
        new Machine(build, oracle.paperModel(3, 2, 8, { targets }), { batch: 32, weights }).abi.plan();
      const takes = (more: number, vectors: number) => {
        // A model image is longer by the options that are set, and may be what the arena ends with.
        const options = more - plain.abi.plan() - vectors * vector;
        assert.ok(options >= 0 && options <= 16, `${build}: ${more}`);
      };
      takes(bytes(true, 0), 1);
      takes(bytes(false, 1), 1);
      takes(bytes(true, 1), 2);
    }
  });
});

describe('targets and weights: images', () => {
  const model = oracle.paperModel(2, 1, 4, { targets: true, logits: 1 });
  const rng = oracle.seededRng(SEED + 8);
  const { batch, labels } = oracle.randomBatch(rng, model, BATCH);
  const weights = oracle.randomWeights(rng, BATCH);

  it('a checkpoint goes on with the same bits; one without them is of another configuration', () => {
    for (const build of COLUMN_BUILDS) {
      const machine = new Machine(build, model, WEIGHTED);
      ok(machine.abi.parameters_initialise(), 'initialise');
      machine.step(batch, labels, undefined, weights);
      const image = machine.checkpoint();
      machine.step(batch, labels, undefined, weights);
      const resumed = new Machine(build, model, WEIGHTED);
      assert.equal(resumed.restore(image), Status.Ok, build);
      resumed.step(batch, labels, undefined, weights);
      assert.equal(resumed.trace, machine.trace, build);
      const plain = new Machine(build, { ...model, targets: false }, { batch: BATCH });
      assert.equal(plain.restore(image), Status.OtherConfiguration, build);
    }
  });

  it('a model predicts in every build; one that knows no targets makes no step and tells no loss', () => {
    const machine = new Machine('release', model, WEIGHTED);
    ok(machine.abi.parameters_initialise(), 'initialise');
    machine.step(batch, labels, undefined, weights);
    const expected = machine.predict(batch).flat();
    const image = machine.modelImage();
    for (const build of [...BUILDS, 'compact'] as const) {
      const abi = load(build);
      putImage(abi, image);
      ok(abi.model_read(image.length), `${build}: model_read`);
      assert.equal(abi.option_value(Option.Targets), 1, build);
      const view = (address: number, count: number) =>
        abi.real_bytes() === 8
          ? new Float64Array(abi.memory.buffer, address, count)
          : new Float32Array(abi.memory.buffer, address, count);
      view(abi.features_ptr(), batch.flat().length).set(batch.flat());
      new Int32Array(abi.memory.buffer, abi.labels_ptr(), BATCH).set(labels.map(() => 1));
      const known = 'targets_ptr' in abi;
      assert.equal(known, hasColumns(build), build);
      if (known) view(abi.targets_ptr(), BATCH).fill(Number.NaN);
      ok(abi.predict(BATCH, 0), `${build}: predict`);
      assertAllClose(view(abi.outputs_ptr(), BATCH), expected, within(build, 1e-12, 1e-5), build);
      assert.ok(
        Number.isNaN(new Float64Array(abi.memory.buffer, abi.report_ptr(), 20)[16]),
        `${build}: loss`,
      );
      if (build === 'compact') continue;
      assert.equal(abi.step_begin(BATCH), known ? Status.Ok : Status.BadCombination, build);
    }
  });
});
