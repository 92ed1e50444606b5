/** Saddle-free Gauss-Newton: beside its printed equations, in every engine, in slices, and refused where it is none. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  Channel,
  Engine,
  Extrapolation,
  Gradient,
  Loss,
  MAX_MATRIX_PARAMETERS,
  Option,
  Rule,
  Schedule,
  Status,
} from '../../../assembly/abi/codes.ts';
import { answerStep, asked, beginDrawn, simulatedCounts, tellAll } from '../../support/caller-answers.ts';
import { assertClose } from '../../support/close.ts';
import { BUILDS, type CoreTraining, load, Machine, ok, optionValues } from '../../support/core-harness.ts';
import { localString } from '../../support/core-heisenberg.ts';
import { assertRival, RIVAL_TRAINING, sfgnRun } from '../../support/core-rivals.ts';
import { RIVAL_BUILDS } from '../../support/members.ts';
import * as oracle from '../../support/oracle/index.ts';
import { assertMean } from '../../support/statistics.ts';

const SEED = 1110;
const SFGN: Partial<CoreTraining> = { ...RIVAL_TRAINING, rule: Rule.Sfgn, rate: 0.4, damping: 0.05 };
const ENGINES = [Engine.Samples, Engine.Columns, Engine.Heisenberg];

const TERMS = [
  { output: 0, xMask: 1, zMask: 0, coefficient: 0.5 },
  { output: 0, xMask: 0, zMask: 3, coefficient: -0.4 },
];
const SCALES = [1, -1, 0.5, 2];

/** A head on two outputs that are measured term by term. */
const apart = () => {
  const head = { logits: 1, loss: Loss.CrossEntropy };
  return localString(oracle.seededRng(SEED + 2), { qubits: 3, features: 5, outputs: 2 }, head);
};

/** A head on outputs from the same bitstrings, whose gates share parameters. */
const joint = (loss: Loss = Loss.CrossEntropy) => {
  const shape = { qubits: 3, outputs: 2, logits: 1, loss, extraOperations: 4 };
  return oracle.randomModel(oracle.seededRng(SEED), { ...shape, linear: true, diagonal: true });
};

/** A bare expectation, with parameters of several scales. */
function bare(loss: Loss): oracle.OracleModel {
  const paper = oracle.paperModel(3, 2, 5, { loss, terms: TERMS });
  return { ...paper, operations: paper.operations.map((op, j) => ({ ...op, scale: SCALES[j % 4] })) };
}

/** Two energies, of which a sample has its label's. */
const chosen = (): oracle.OracleModel => ({
  ...bare(Loss.Energy),
  outputs: 2,
  terms: TERMS.map((term, output) => ({ ...term, output })),
});

const MODELS: readonly [name: string, model: oracle.OracleModel, engines: readonly Engine[]][] = [
  ['a head, term by term', apart(), ENGINES],
  ['a head, joint bitstrings', joint(), ENGINES.slice(0, 2)],
  ['a head, the squared error', joint(Loss.MeanSquare), ENGINES.slice(0, 2)],
  ['a head, the hinge', joint(Loss.Hinge), ENGINES.slice(0, 1)],
  ['bare, the squared error', bare(Loss.MeanSquare), ENGINES],
  ['bare, the cross-entropy', bare(Loss.CrossEntropy), ENGINES],
  ['bare, the hinge', bare(Loss.Hinge), ENGINES.slice(0, 2)],
  ['an energy', bare(Loss.Energy), ENGINES],
  ['energies by label', chosen(), ENGINES.slice(0, 2)],
];

function dataOf(model: oracle.OracleModel) {
  const rng = oracle.seededRng(SEED + 1);
  return { ...oracle.randomBatch(rng, model, 7), theta: oracle.randomTheta(rng, model) };
}

/** What `step_work` has for 20 factors more than one: a tick for each 2048 / P elements of a row. */
function spareWork(parameters: number): number {
  const each = Math.floor(2048 / parameters);
  return (
    20 * Array.from({ length: parameters }, (_, row) => Math.floor(row / each) + 1).reduce((a, b) => a + b)
  );
}

/** Holds some steps in all builds and some engines against the printed equations. @returns the oracle's steps */
function follow(
  model: oracle.OracleModel,
  training: Partial<CoreTraining>,
  what: string,
  engines: readonly Engine[] = [Engine.Samples],
  weighted = false,
): oracle.SfgnStep[] {
  const { batch: samples, labels, theta } = dataOf(model);
  const weights = weighted ? samples.map((_, i) => (i % 4) / 2) : undefined;
  const options = { ...SFGN, ...training, weights: weighted ? 1 : 0 } as const;
  const first = new Machine(RIVAL_BUILDS[0], model, { ...options, engine: engines[0] });
  const steps = sfgnRun(first.withParameters(theta), samples, labels, 4, weights);
  for (const build of RIVAL_BUILDS) {
    for (const engine of engines) {
      const machine = new Machine(build, model, { ...options, engine }).withParameters(theta);
      steps.forEach((step, t) => {
        const where = `${build}, ${Engine[engine]}, ${what}, step ${t}`;
        const report = machine.drawnStep(samples, labels, 40, weights);
        assertRival(machine, report, step, where, 1e-8);
        assertClose(report.Rate, step.rate, 1e-8, `${where}: rate`);
      });
    }
  }
  return steps;
}

describe('sfgn', () => {
  for (const [name, training, weighted] of [
    ['exact', {}],
    ['shots, a schedule and weights', { shots: 16, schedule: Schedule.Linear, steps: 8 }, true],
    ['shots of its own', { shots: 40, displacedShots: 2 }],
  ] as [string, Partial<CoreTraining>, boolean?][]) {
    it(`the printed equations, ${name}`, () => {
      for (const [what, model, engines] of MODELS)
        follow(model, training, `${name}, ${what}`, engines, weighted);
    });
  }

  it('the matrix of few shots is that without shots on average, between outputs of the same bitstrings too (5 sigma)', () => {
    const model = joint(Loss.MeanSquare);
    const { batch: samples, labels, theta } = dataOf(model);
    // Without a memory each step keeps its own matrix; at this rate all are of the same parameters.
    const training: Partial<CoreTraining> = { ...SFGN, samples: 0, beta2: 0, rate: 1e-12 };
    const elements = (theta.length * (theta.length + 1)) / 2;
    const matrixAfter = (machine: Machine) => {
      machine.step(samples.slice(0, 3), labels.slice(0, 3));
      return new Float64Array(machine.checkpoint().slice(-8 * elements).buffer);
    };
    const build = RIVAL_BUILDS[RIVAL_BUILDS.length - 1];
    const expected = matrixAfter(new Machine(build, model, training).withParameters(theta));
    // Of the bias alone: 2 for every sample.
    assert.equal(expected.at(-1), 2);
    const drawn = new Machine(build, model, { ...training, shots: 4 }).withParameters(theta);
    const matrices = Array.from({ length: 3000 }, () => matrixAfter(drawn));
    expected.forEach((value, i) =>
      assertMean(
        matrices.map((matrix) => matrix[i]),
        value,
        `element ${i}`,
      ),
    );
  });

  it('a step is no longer than 1', () => {
    const steps = follow(bare(Loss.MeanSquare), { rate: 900, damping: 1e-6 }, 'a high rate');
    assert.ok(steps.every(({ rate }) => rate < 900));
    assert.ok(follow(apart(), { rate: 1e-3 }, 'a low rate').every(({ rate }) => rate === 1e-3));
  });

  it('noise between the gates', () => {
    for (const loss of [Loss.MeanSquare, Loss.Energy]) {
      const rng = oracle.seededRng(SEED + 3);
      const noisy = oracle.withNoise(oracle.paperModel(2, 2, 4, { loss, terms: TERMS }), rng);
      assert.ok(noisy.operations.some(({ kind }) => kind === Channel.Damping));
      follow(noisy, {}, Loss[loss], [Engine.Noisy]);
    }
  });

  it('trajectories: many shots take the exact step', () => {
    const rng = oracle.seededRng(SEED + 4);
    const noisy = oracle.withNoise(oracle.paperModel(2, 1, 4, { loss: Loss.MeanSquare, terms: TERMS }), rng);
    const { batch: samples, labels, theta } = dataOf(noisy);
    for (const build of RIVAL_BUILDS) {
      const [exact, drawn] = [
        { engine: Engine.Noisy },
        { engine: Engine.Trajectories, shots: 2000, displacedShots: 2000 },
      ].map((training) => new Machine(build, noisy, { ...SFGN, ...training }).withParameters(theta));
      exact.drawnStep(samples, labels);
      drawn.drawnStep(samples, labels, 100000);
      // Deviations of 0.02 of an expectation come to 0.03 of a step.
      exact.parameters.forEach((value, i) => assertClose(drawn.parameters[i], value, 0.15, `${i}`));
    }
  });

  it('asks a caller for the circuits of the parameter shift, and takes the same step', () => {
    const model = apart();
    for (const build of RIVAL_BUILDS) {
      const { batch: samples, labels, theta } = dataOf(model);
      const training = { ...SFGN, shots: 12, displacedShots: 7 };
      const machine = new Machine(build, model, asked(training)).withParameters(theta);
      const twin = new Machine(build, model, { ...training, engine: Engine.Samples }).withParameters(theta);
      for (let t = 0; t < 3; t++) {
        beginDrawn(machine, samples, labels);
        answerStep(machine, (one: Machine, question) => tellAll(one, simulatedCounts(one, question)));
        twin.drawnStep(samples, labels);
        assert.equal(machine.trace, twin.trace);
      }
    }
  });

  it('doubles the damping where few shots leave no positive matrix, and at the last leaves a parameter out', () => {
    const training = { shots: 2, engine: Engine.Samples };
    const large = (model: oracle.OracleModel, factor: number) => {
      const { batch: samples, labels, theta } = dataOf(model);
      return {
        ...{ samples, labels },
        theta: theta.map((value, i) => (i < model.parameters ? value : factor * value)),
      };
    };
    const seen = { doubled: 0, dropped: 0 };
    for (const build of RIVAL_BUILDS) {
      for (const [damping, factor] of [
        [0.05, 3],
        [1e-8, 3],
      ]) {
        const model = joint(Loss.MeanSquare);
        const machine = new Machine(build, model, { ...SFGN, ...training, damping });
        const { samples, labels, theta } = large(model, factor);
        machine.withParameters(theta);
        const what = `${build}, lambda ${damping}`;
        sfgnRun(machine, samples, labels, 5).forEach((step, t) => {
          const work = machine.abi.step_work();
          const twin = new Machine(build, model, machine.training);
          assert.equal(twin.restore(machine.checkpoint()), Status.Ok);
          const report = machine.drawnStep(samples, labels, 7);
          // What it says is enough, however often that is.
          beginDrawn(twin, samples, labels);
          assert.equal(twin.abi.step_advance(work), Status.Ok);
          assert.equal(twin.trace, machine.trace);
          assertRival(machine, report, step, `${what}, step ${t}`, 1e-6);
          seen.doubled += Number(step.doublings > 0 && step.doublings < 20);
          seen.dropped += step.dropped;
        });
      }
    }
    assert.ok(seen.doubled > 0 && seen.dropped > 0, JSON.stringify(seen));
  });

  it('rows of more elements than one tick has, and mini-batches that are not full', () => {
    const model = oracle.paperModel(3, 8, 5, { loss: Loss.MeanSquare, terms: TERMS });
    assert.ok(model.parameters > 64);
    for (const build of RIVAL_BUILDS) {
      const machine = new Machine(build, model, { ...SFGN, engine: Engine.Columns, samples: 0 });
      const { batch: samples, labels, theta } = dataOf(model);
      machine.withParameters(theta);
      const rows = [0, 1];
      sfgnRun(machine, samples, labels, 3, undefined, () => rows).forEach((step, t) => {
        const report = machine.step(
          rows.map((row) => samples[row]),
          rows.map((row) => labels[row]),
          1,
        );
        assertRival(machine, report, step, `${build}, step ${t}`, 1e-8);
      });
    }
  });

  it('takes the work that it says, less that of all doublings where there is none', () => {
    for (const build of RIVAL_BUILDS) {
      for (const [what, model, engines] of MODELS.slice(0, 5)) {
        for (const engine of engines) {
          const machine = new Machine(build, model, { ...SFGN, engine, samples: 0 });
          const { batch: samples, labels, theta } = dataOf(model);
          const { abi } = machine.withParameters(theta);
          const enough = abi.step_work() - spareWork(machine.parameters.length);
          for (const work of [enough, enough - 1]) {
            machine.withParameters(theta);
            ok(abi.step_begin(3), 'step_begin');
            machine.fill(samples.slice(0, 3), labels.slice(0, 3));
            const status = work === enough ? Status.Ok : Status.More;
            assert.equal(abi.step_advance(work), status, `${build}, ${what}, ${Engine[engine]}`);
          }
        }
      }
    }
  });

  it('slices and a checkpoint change nothing, nor does a step that was given up', () => {
    const model = joint();
    for (const build of RIVAL_BUILDS) {
      const training = { ...SFGN, shots: 20 };
      const { batch: samples, labels, theta } = dataOf(model);
      const [whole, first] = [0, 1].map(() => new Machine(build, model, training).withParameters(theta));
      for (let t = 0; t < 6; t++) whole.drawnStep(samples, labels);
      for (let t = 0; t < 3; t++) first.drawnStep(samples, labels, 1);
      // All but its end.
      ok(first.abi.step_begin(3), 'step_begin');
      first.fill(samples.slice(0, 3), labels.slice(0, 3));
      const enough = first.abi.step_work() - spareWork(first.parameters.length);
      assert.equal(first.abi.step_advance(enough - 1), Status.More);
      first.abi.step_abandon();
      const second = new Machine(build, model, training);
      assert.equal(second.restore(first.checkpoint()), Status.Ok);
      for (let t = 3; t < 6; t++) second.drawnStep(samples, labels, 7);
      assert.equal(second.trace, whole.trace);
    }
  });

  it('gives a step up that would leave the finite numbers', () => {
    const model = joint(Loss.MeanSquare);
    for (const build of RIVAL_BUILDS) {
      const machine = new Machine(build, model, { ...SFGN, samples: 0 });
      const { batch: samples, labels, theta } = dataOf(model);
      // A gradient of 1e150 is finite, and its square's square is not.
      const far = theta.map((value, i) => (i < model.parameters ? value : 1e155 * value));
      machine.withParameters(far);
      ok(machine.abi.step_begin(3), 'step_begin');
      machine.fill(samples.slice(0, 3), labels.slice(0, 3));
      assert.equal(machine.abi.step_advance(0x7fffffff), Status.Diverged);
      assert.deepEqual([...machine.parameters], far);
      machine.withParameters(theta);
      machine.step(samples.slice(0, 3), labels.slice(0, 3));
      assert.ok(machine.parameters.every(Number.isFinite));
    }
  });

  it('is refused with several logits, blocks, no damping, too many parameters, single shots, and outputs made of several', () => {
    const sound = apart();
    const refused = (change: Partial<CoreTraining>, other: Partial<oracle.OracleModel>, option: Option) => {
      for (const build of RIVAL_BUILDS) {
        const abi = load(build);
        const { training } = new Machine(build, sound, SFGN);
        for (const [key, value] of optionValues({ ...sound, ...other }, { ...training, ...change }))
          ok(abi.configure(key, value), Option[key]);
        assert.equal(abi.plan(), Status.BadCombination, JSON.stringify(change));
        assert.equal(abi.option_at_fault(), option);
      }
    };
    refused({}, { logits: 3 }, Option.Logits);
    refused({ blocks: 2 }, {}, Option.Blocks);
    refused({ damping: 0 }, {}, Option.Damping);
    refused({}, { parameters: MAX_MATRIX_PARAMETERS - 2 }, Option.Parameters);
    refused({ gradient: Gradient.Adjoint }, {}, Option.Gradient);
    refused({ gradient: Gradient.TwoPoint }, {}, Option.Gradient);
    refused({ shots: 1 }, {}, Option.Shots);
    refused({ shots: 5, displacedShots: 1 }, {}, Option.DisplacedShots);
    const folded = [
      [Option.Extrapolation, Extrapolation.Linear],
      [Option.Scales, 2],
    ] as const;
    refused({ extra: folded }, {}, Option.Extrapolation);
    refused({ extra: [[Option.CalibrationShots, 100]] }, {}, Option.CalibrationShots);
    for (const build of RIVAL_BUILDS) {
      const most = { ...sound, parameters: MAX_MATRIX_PARAMETERS - 3 };
      assert.ok(new Machine(build, most, { ...SFGN, blocks: 1 }).abi.plan() > 0);
    }
    for (const build of BUILDS)
      if (!RIVAL_BUILDS.includes(build))
        assert.equal(load(build).configure(Option.Rule, Rule.Sfgn), Status.BadOption);
  });
});
