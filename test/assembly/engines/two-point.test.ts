/** The two-point gradient: the formula with the oracle's losses, in every engine, beside the adjoint and the shift. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  Engine,
  Gradient,
  Loss,
  Operation,
  Option,
  Rule,
  Schedule,
  Source,
} from '../../../assembly/abi/codes.ts';
import { asked, ASKING_BUILDS, honest } from '../../support/caller-answers.ts';
import { answered, assertSame, builtIn, fresh, MODELS, TRAININGS } from '../../support/caller-runs.ts';
import { assertAllClose, assertClose } from '../../support/close.ts';
import {
  BUILDS,
  type Build,
  type CoreTraining,
  hasColumns,
  isSingle,
  load,
  Machine,
  ok,
  optionValues,
  stepShots,
} from '../../support/core-harness.ts';
import { localString } from '../../support/core-heisenberg.ts';
import { drawnBatch, trainingOptions } from '../../support/core-oracle.ts';
import { RIVAL_BUILDS } from '../../support/members.ts';
import * as oracle from '../../support/oracle/index.ts';
import { trainingSet } from '../../support/training-runs.ts';
import { within } from '../../support/tolerance.ts';

const SEED = 1031;
/** c where no option says another. */
const DISPLACEMENT = 0.1;
const STEPS = 4;
const TWO_POINT = { gradient: Gradient.TwoPoint, samples: 7, batch: 3, seed: [SEED, 9] as const };
const EVERY_RULE = [Rule.Nlr, Rule.NlrGuarded, Rule.Sgd, Rule.Momentum, Rule.RmsProp, Rule.Adam];

/** The direction of a step: bit i of the words of which every block of the stream gives its first. */
function direction(seed: readonly [number, number], step: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    const word = new oracle.Stream(seed, [0, step, oracle.DIRECTION_PURPOSE], i >> 5).word();
    return (word >>> (i & 31)) & 1 ? 1 : -1;
  });
}

/** Spall's formula, with losses from elsewhere. @param distance c of a step */
function twoPoint(
  losses: oracle.Objective,
  seed: readonly [number, number],
  distance: (step: number) => number,
): oracle.Objective {
  return {
    loss: losses.loss,
    gradient: (theta, batch, step) => {
      const delta = direction(seed, step, theta.length);
      const c = distance(step);
      const [ahead, behind] = ([1, -1] as const).map((side) => {
        const beside = delta.map((sign, i) => theta[i] + side * c * sign);
        return losses.loss(beside, batch, step, oracle.sideEvaluation(side)).loss;
      });
      const gradient = delta.map((sign) => ((ahead - behind) / (2 * c)) * sign);
      return { gradient, observableGradient: [Number.NaN] };
    },
  };
}

/** Trains a machine and the oracle from the same parameters, step by step. */
function check(machine: Machine): void {
  const { model, training, build } = machine;
  const { shots, seed } = training;
  ok(machine.abi.parameters_initialise(), 'initialise');
  const { batch: samples, labels } = trainingSet(machine, SEED);
  const losses =
    shots === 0
      ? oracle.exactObjective(model, samples, labels)
      : oracle.shotObjective(model, samples, labels, { shots, seed });
  const c = training.displacement || DISPLACEMENT;
  // c_k = c / (k + 1)^gamma
  const distance = (k: number) => (training.schedule === Schedule.Spall ? c / (k + 1) ** 0.101 : c);
  const steps = oracle.train(
    [...machine.parameters],
    { ...trainingOptions(model, training), until: STEPS, shotsPerStep: stepShots(machine) },
    twoPoint(losses, seed, distance),
    (step) => drawnBatch(training, step),
  );
  const tolerance = within(build, 1e-11, 1e-3);
  steps.forEach((step, t) => {
    const what = `${build}, ${Engine[training.engine]}, ${Rule[training.rule]}, ${shots} shots, step ${t}`;
    const report = machine.drawnStep(samples, labels);
    assertClose(report.Loss, step.loss, tolerance, `${what}: loss`);
    assertClose(report.GradientNormLoss, step.gradientNormLoss, tolerance, `${what}: norm`);
    assert.ok(Number.isNaN(report.GradientNormObservable), `${what}: nothing is known of the observable`);
    if (Number.isNaN(step.tentativeLoss)) assert.ok(Number.isNaN(report.TentativeLoss), what);
    else {
      assertClose(report.TentativeLoss, step.tentativeLoss, tolerance, `${what}: tentative loss`);
      assertClose(report.LossChangeError, step.lossChangeError, tolerance, `${what}: its error`);
    }
    assert.equal(report.Decision, step.decision, `${what}: decision`);
    assertAllClose(machine.parameters, step.parameters, tolerance, `${what}: parameters`);
  });
}

/** The engines that run a model which no feature drives and whose terms are measured one by one. */
function enginesOf(build: Build): readonly Engine[] {
  return hasColumns(build) ? [Engine.Samples, Engine.Columns, Engine.Heisenberg] : [Engine.Samples];
}

describe('two-point gradient', () => {
  for (const rule of EVERY_RULE) {
    it(`${Rule[rule]}: the printed formula with the dense losses, exact and with shots, in every engine`, () => {
      const rng = oracle.seededRng(SEED);
      const head = { logits: 2, loss: Loss.CrossEntropy };
      const apart = localString(rng, { qubits: 3, features: 5, outputs: 2 }, head);
      for (const build of BUILDS) {
        for (const engine of enginesOf(build)) {
          check(new Machine(build, apart, { ...TWO_POINT, rule, engine, rate: 0.2, negativeRate: 0.3 }));
          // In single precision a probability rounds otherwise than the oracle's, and with it a draw.
          if (isSingle(build)) continue;
          check(new Machine(build, apart, { ...TWO_POINT, rule, engine, rate: 0.2, shots: 40, guard: 0.3 }));
        }
      }
    });
  }

  it('terms measured together, features in the angles, and the circuit of the paper', () => {
    const rng = oracle.seededRng(SEED + 1);
    const models = [
      oracle.paperModel(3, 2, 8),
      oracle.randomModel(rng, { qubits: 3, outputs: 2, logits: 3, diagonal: true }),
    ];
    for (const build of BUILDS) {
      for (const model of models) {
        check(new Machine(build, model, { ...TWO_POINT, rule: Rule.Nlr }));
        if (!isSingle(build))
          check(new Machine(build, model, { ...TWO_POINT, rule: Rule.NlrGuarded, shots: 50 }));
      }
    }
  });

  it('more parameters than one word has signs', () => {
    for (const build of BUILDS) {
      const model = oracle.paperModel(4, 6, 16, { logits: 1, loss: Loss.CrossEntropy });
      assert.ok(model.parameters > 64);
      check(new Machine(build, model, { ...TWO_POINT, rule: Rule.Nlr }));
    }
  });

  it('one parameter of a sine: the adjoint and the shift, by sin c / c', () => {
    const operations = [
      { kind: Operation.RY, a: 0, source: Source.Parameter, index: 0, scale: 1, offset: 0 },
    ];
    const terms = [{ output: 0, xMask: 1, zMask: 0, coefficient: 1 }];
    const model = oracle.paperModel(1, 0, 2, { operations, terms, parameters: 1, loss: Loss.Hinge });
    const samples = [
      [1, 0.3],
      [0.2, -1],
    ];
    for (const build of BUILDS) {
      for (const engine of enginesOf(build)) {
        const slopeBy = (gradient: Gradient) => {
          // Heisenberg has no displaced angles.
          const by = gradient === Gradient.ParameterShift ? Engine.Samples : engine;
          const machine = new Machine(build, model, { gradient, engine: by, rule: Rule.Sgd });
          machine.withParameters([0.4]).step(samples, [0, 1]);
          return machine.gradient[0];
        };
        const slope = (slopeBy(Gradient.TwoPoint) * DISPLACEMENT) / Math.sin(DISPLACEMENT);
        const tolerance = within(build, 1e-12, 1e-5);
        const what = `${build}, ${Engine[engine]}`;
        assert.ok(Math.abs(slope) > 0.05, what);
        assertClose(slope, slopeBy(Gradient.Adjoint), tolerance, `${what}: adjoint`);
        assertClose(slope, slopeBy(Gradient.ParameterShift), tolerance, `${what}: shift`);
      }
    }
  });

  it('its mean over many directions is the adjoint gradient (5 sigma, and what c leaves)', () => {
    const rng = oracle.seededRng(SEED + 2);
    const model = oracle.paperModel(2, 1, 4);
    const theta = oracle.randomTheta(rng, model);
    const { batch, labels } = oracle.randomBatch(rng, model, 2);
    const exact = new Machine('release', model, { rule: Rule.Sgd }).withParameters(theta);
    exact.step(batch, labels);
    const machine = new Machine('release', model, { ...TWO_POINT, samples: 0, batch: 2, rule: Rule.Sgd });
    const steps = 4000;
    const sums = theta.map(() => [0, 0]);
    for (let t = 0; t < steps; t++) {
      machine.withParameters(theta).step(batch, labels);
      machine.gradient.forEach((slope, i) => {
        sums[i][0] += slope;
        sums[i][1] += slope * slope;
      });
    }
    sums.forEach(([sum, squares], i) => {
      const mean = sum / steps;
      const error = Math.sqrt((squares / steps - mean * mean) / steps);
      assert.ok(Math.abs(mean - exact.gradient[i]) < 5 * error + DISPLACEMENT ** 2, `parameter ${i}`);
    });
  });

  it('the caller answers as the simulator would', () => {
    for (const build of ASKING_BUILDS) {
      for (const [name, model] of Object.entries(MODELS)) {
        for (const training of Object.values(TRAININGS)) {
          // It displaces no angle that could have shots of its own.
          const options = { ...training, gradient: Gradient.TwoPoint, displacedShots: 0 };
          const told = answered(fresh(build, model, asked(options)), honest);
          assertSame(told, builtIn(build, model, options), `${build}, ${name}`);
        }
      }
    }
  });

  it("Spall's gains: the rate falls as (A + 1 + t)^-0.602, the displacement as (t + 1)^-0.101", () => {
    const rng = oracle.seededRng(SEED + 3);
    const head = { logits: 2, loss: Loss.CrossEntropy };
    const model = localString(rng, { qubits: 3, features: 5, outputs: 2 }, head);
    const spall = { ...TWO_POINT, schedule: Schedule.Spall, rate: 0.2, headRate: 0.1, displacement: 0.25 };
    for (const build of RIVAL_BUILDS) {
      for (const engine of enginesOf(build)) {
        check(new Machine(build, model, { ...spall, rule: Rule.Sgd, engine, steps: 20 }));
        // Beyond the end of the training they go on.
        check(new Machine(build, model, { ...spall, rule: Rule.Adam, engine, steps: 2 }));
        const shots = { shots: 40, shotsBudget: 3000 };
        check(new Machine(build, model, { ...spall, ...shots, rule: Rule.Sgd, engine }));
        check(new Machine(build, model, { ...spall, schedule: Schedule.Cosine, rule: Rule.Sgd, engine }));
      }
    }
  });

  it('takes room for one more vector, where parameter shift takes one more state', () => {
    const model = oracle.paperModel(6, 2, 8, { logits: 1, loss: Loss.CrossEntropy });
    for (const build of BUILDS) {
      const plan = (training: Partial<CoreTraining>) => {
        const abi = load(build);
        const whole = { ...new Machine(build, oracle.paperModel(1, 1, 2)).training, ...training };
        for (const [key, value] of optionValues(model, whole)) ok(abi.configure(key, value), Option[key]);
        return { bytes: ok(abi.plan(), 'plan'), real: abi.real_bytes() };
      };
      const { bytes, real } = plan({ gradient: Gradient.TwoPoint });
      const vector = Math.ceil(((model.parameters + 2) * real) / 16) * 16;
      assert.equal(model.logits * (model.outputs + 1), 2);
      assert.equal(bytes, plan({ gradient: Gradient.Adjoint }).bytes + vector, build);
      const state = (4 * real) << model.qubits;
      assert.equal(bytes + state, plan({ gradient: Gradient.ParameterShift }).bytes + vector, build);
    }
  });
});
