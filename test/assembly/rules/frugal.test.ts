/** The rule `frugal`: what it draws, what it counts, and where its head goes. Beside rules.test.ts, which follows it too. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  Draws,
  Encoding,
  Engine,
  Gradient,
  HeadNoise,
  HeadStep,
  Loss,
  Option,
  Rule,
  Schedule,
  Status,
} from '../../../assembly/abi/codes.ts';
import type { Question } from '../../../host/qpu/question.ts';
import {
  answerStep,
  asked,
  ASKING_BUILDS,
  beginDrawn,
  simulatedCounts,
  tellAll,
} from '../../support/caller-answers.ts';
import { assertAllClose, assertClose, assertSameBits } from '../../support/close.ts';
import {
  type Build,
  type CoreTraining,
  isSingle,
  load,
  Machine,
  ok,
  optionValues,
} from '../../support/core-harness.ts';
import { COLUMN_BUILDS } from '../../support/core-columns.ts';
import { LOSSES_AND_LOGITS } from '../../support/core-models.ts';
import { oracleRun } from '../../support/core-oracle.ts';
import { RIVAL_BUILDS, TRUE_GRADIENTS } from '../../support/members.ts';
import * as oracle from '../../support/oracle/index.ts';
import { SIGMAS } from '../../support/statistics.ts';
import { within } from '../../support/tolerance.ts';

const SEED = 1092;

const FRUGAL: Partial<CoreTraining> = {
  rule: Rule.Frugal,
  schedule: Schedule.Linear,
  steps: 40,
  rate: 0.05,
  beta2: 0.99,
  // Where a slope is 0 but for rounding, Adam's step is another one otherwise.
  epsilon: 1e-3,
  samples: 24,
};

const ONE_A_SIGN: Partial<CoreTraining> = { gradient: Gradient.ParameterShift, shots: 8, displacedShots: 1 };

/** Shots of which the head's ridge is smaller, and the smallest that there is. */
const MANY: Partial<CoreTraining>[] = [
  { gradient: Gradient.ParameterShift, shots: 50, displacedShots: 1 },
  { gradient: Gradient.ParameterShift, shots: 400, displacedShots: 1 },
];

/** Shots that leave the head's curvature without a definite sign now and then. */
const FEWEST: Partial<CoreTraining> = { gradient: Gradient.ParameterShift, shots: 2, displacedShots: 3 };

/** Some steps of machines beside the oracle's. */
function follow(
  model: oracle.OracleModel,
  training: Partial<CoreTraining>,
  rng: oracle.Rng,
  what: string,
  builds: readonly Build[] = COLUMN_BUILDS,
) {
  const theta = oracle.randomTheta(rng, model);
  const { batch: samples, labels } = oracle.randomBatch(rng, model, 24);
  for (const build of builds) {
    // In single precision a chance rounds otherwise than the oracle's, and with it a draw.
    if (isSingle(build) && (training.shots ?? 0) > 0) continue;
    const machine = new Machine(build, model, { ...FRUGAL, ...training }).withParameters(theta);
    oracleRun(machine, samples, labels, 4).forEach((step, t) => {
      const where = `${build}, seed ${SEED}, ${what}, step ${t}`;
      const report = machine.drawnStep(samples, labels);
      const tolerance = within(build, 1e-10, 2e-3);
      assertClose(report.Loss, step.loss, tolerance, `${where}: loss`);
      assertClose(report.GradientNormLoss, step.gradientNormLoss, tolerance, `${where}: |grad L|`);
      assertClose(
        report.GradientNormObservable,
        step.gradientNormObservable,
        tolerance,
        `${where}: |grad f|`,
      );
      assertAllClose(machine.parameters, step.parameters, tolerance, `${where}: parameters`);
    });
  }
}

describe('frugal: step by step as its text has it', () => {
  for (const [loss, logits] of LOSSES_AND_LOGITS) {
    const name = `${Loss[loss]}, ${logits} logits`;
    it(`${name}: pools of every size, exact`, () => {
      const rng = oracle.seededRng(SEED);
      for (const batch of [1, 2, 3, 6, 24]) {
        const shape = { qubits: 3, outputs: logits === 0 ? 1 : 3, logits, loss, linear: true };
        const model = oracle.randomModel(rng, { ...shape, encoding: Encoding.Amplitude });
        for (const gradient of TRUE_GRADIENTS) {
          for (const engine of [Engine.Samples, Engine.Columns])
            follow(model, { batch, gradient, engine }, rng, `${batch} of ${Gradient[gradient]}`);
        }
      }
    });

    it(`${name}: terms measured together and apart, and features in angles`, () => {
      const rng = oracle.seededRng(SEED + 1);
      for (const diagonal of [true, false]) {
        for (const shots of [ONE_A_SIGN, FEWEST, ...MANY]) {
          const shape = {
            qubits: 3,
            outputs: logits === 0 ? 1 : 3,
            logits,
            loss,
            diagonal,
            readoutError: 0.02,
          };
          const model = oracle.randomModel(rng, { ...shape, encoding: Encoding.Zero });
          follow(model, { batch: 5, ...shots }, rng, `${diagonal ? 'together' : 'apart'}`);
        }
      }
    });
  }

  it('its parts apart: all samples, a head that goes with the circuit, noise left in its sums', () => {
    const rng = oracle.seededRng(SEED + 10);
    for (const [loss, logits] of LOSSES_AND_LOGITS) {
      const shape = { qubits: 3, outputs: logits === 0 ? 1 : 3, logits, loss, diagonal: true };
      const model = oracle.randomModel(rng, { ...shape, encoding: Encoding.Amplitude });
      for (const draws of [Draws.BySlope, Draws.All, Draws.Residual]) {
        for (const headStep of [HeadStep.Newton, HeadStep.Adam]) {
          for (const headNoise of [HeadNoise.Removed, HeadNoise.Kept]) {
            const parts = { draws, headStep, headNoise, headRate: 0.2 };
            const what = `${Loss[loss]}, ${logits} logits, ${JSON.stringify(parts)}`;
            for (const how of [{}, ONE_A_SIGN])
              follow(model, { batch: 5, ...how, ...parts }, rng, what, RIVAL_BUILDS);
          }
        }
      }
    }
  });

  it('many outputs: a row of the head in a tick, more terms than one tick takes', () => {
    const rng = oracle.seededRng(SEED + 2);
    const terms = Array.from({ length: 20 }, (_, output) => ({
      output,
      xMask: 0,
      zMask: 1 + (output % 15),
      coefficient: oracle.randomBetween(rng, -1, 1),
    }));
    const shape = { terms, outputs: 20, logits: 3, loss: Loss.CrossEntropy };
    const model = oracle.paperModel(4, 1, 16, shape);
    for (const shots of [{}, ONE_A_SIGN, FEWEST]) follow(model, { batch: 4, ...shots }, rng, 'many outputs');
  });
});

describe('frugal: the samples drawn', () => {
  it('are D p_b times sample b in the mean over all offsets, and never one more or less than rounding', () => {
    const rng = oracle.seededRng(SEED + 3);
    for (let trial = 0; trial < 40; trial++) {
      const count = 1 + oracle.randomInteger(rng, 9);
      const slopes = Array.from({ length: count }, () =>
        rng() < 0.3 ? 0 : oracle.randomBetween(rng, -1, 1),
      );
      const p = oracle.chances(slopes);
      const drawn = Math.ceil(count / 2);
      assertClose(
        p.reduce((sum, each) => sum + each, 0),
        1,
        1e-14,
        'chances',
      );
      // The draw changes where the offset passes the fraction of an end.
      const ends: number[] = [];
      for (const each of p) ends.push((ends.at(-1) ?? 0) + drawn * each);
      const marks = [0, ...ends.map((end) => end % 1), 1].sort((a, b) => a - b);
      const mean = new Array<number>(count).fill(0);
      marks.slice(1).forEach((end, i) => {
        const [from, width] = [marks[i], end - marks[i]];
        if (width < 1e-12) return;
        const places = oracle.systematicDraw(p, drawn, from + width / 2);
        p.forEach((chance, b) => {
          const times = places.filter((place) => place === b).length;
          assert.ok(Math.abs(times - drawn * chance) < 1 + 1e-9, `seed ${SEED + 3}, trial ${trial}`);
          mean[b] += width * times;
        });
      });
      assertAllClose(
        mean,
        p.map((each) => drawn * each),
        1e-9,
        `seed ${SEED + 3}, trial ${trial}`,
      );
    }
  });

  /** Mean and standard error of each entry. */
  function meansOf(rows: readonly number[][]) {
    return rows[0].map((_, i) => {
      const values = rows.map((row) => row[i]);
      const mean = values.reduce((a, b) => a + b, 0) / values.length;
      const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
      return { mean, error: Math.sqrt(square / values.length) };
    });
  }

  it('give the gradient of the whole pool in the mean over seeds, exact, with the head that is new', () => {
    const rng = oracle.seededRng(SEED + 4);
    const model = oracle.paperModel(2, 1, 4, {
      terms: oracle.randomTerms(rng, 2, 2, true),
      outputs: 2,
      logits: 1,
      loss: Loss.CrossEntropy,
    });
    const theta = oracle.randomTheta(rng, model);
    const { batch, labels } = oracle.randomBatch(rng, model, 7);
    let head: number[] = [];
    const gradients = Array.from({ length: 400 }, (_, seed) => {
      const options = { ...FRUGAL, samples: 0, batch: 7, seed: [seed, 1] as const };
      const machine = new Machine('release', model, options).withParameters(theta);
      machine.step(batch, labels);
      head = [...machine.parameters.slice(model.parameters)];
      return [...machine.gradient.slice(0, model.parameters)];
    });
    const moved = [...theta.slice(0, model.parameters), ...head];
    const { gradient } = oracle.lossGradient(model, moved, batch, labels);
    meansOf(gradients).forEach(({ mean, error }, p) => {
      assert.ok(
        Math.abs(mean - gradient[p]) <= SIGMAS * error + 1e-12,
        `${p}: ${mean}, ${gradient[p]}, ${error}`,
      );
    });
    assert.ok(meansOf(gradients).some(({ error }) => error > 0));
  });

  it('give it with few shots too, of a loss whose slope is linear: one shot a sign, and none of f0 again', () => {
    const rng = oracle.seededRng(SEED + 5);
    const model = oracle.paperModel(2, 1, 4, { loss: Loss.MeanSquare });
    const theta = oracle.randomTheta(rng, model);
    const { batch, labels } = oracle.randomBatch(rng, model, 4);
    const { gradient } = oracle.lossGradient(model, theta, batch, labels);
    for (const engine of [Engine.Samples, Engine.Columns, Engine.Heisenberg]) {
      const gradients = Array.from({ length: 2000 }, (_, seed) => {
        const options = { ...FRUGAL, ...ONE_A_SIGN, samples: 0, batch: 4, engine, seed: [seed, 2] as const };
        const machine = new Machine('release', model, options, SHARED).withParameters(theta);
        machine.step(batch, labels);
        return [...machine.gradient.slice(0, model.parameters)];
      });
      meansOf(gradients).forEach(({ mean, error }, p) => {
        const what = `${Engine[engine]}, ${p}: ${mean}, ${gradient[p]}, ${error}`;
        assert.ok(Math.abs(mean - gradient[p]) <= SIGMAS * error + 1e-12, what);
      });
    }
  });

  const SHARED = load('release');
});

describe('frugal: what it costs', () => {
  it('every shot is counted, none twice: the pool at M0, half of it displaced at its own', () => {
    const rng = oracle.seededRng(SEED + 6);
    for (const diagonal of [true, false]) {
      for (const batch of [1, 2, 5, 8]) {
        const model = oracle.randomModel(rng, { qubits: 2, outputs: 2, logits: 1, diagonal, linear: true });
        for (const build of COLUMN_BUILDS) {
          const machine = new Machine(build, model, { ...FRUGAL, ...ONE_A_SIGN, samples: 0, batch });
          ok(machine.abi.parameters_initialise(), 'initialise');
          const { batch: samples, labels } = oracle.randomBatch(rng, model, batch);
          const report = machine.step(samples, labels);
          const settings = oracle.sharesBitstrings(model)
            ? 1
            : model.terms.filter((term) => (term.xMask | term.zMask) !== 0).length;
          const circuits = (machine.abi.step_evaluations() / settings - batch) / Math.ceil(batch / 2);
          assert.equal(circuits % 2, 0, `${circuits} displaced circuits of a sample`);
          assert.equal(report.Shots, settings * (8 * batch + Math.ceil(batch / 2) * circuits));
          assert.equal(report.Shots, machine.abi.step_shots());
          assert.equal(report.Evaluations, machine.abi.step_evaluations());
        }
      }
    }
  });

  it('exact, it is one circuit for each sample of the pool', () => {
    const model = oracle.paperModel(3, 2, 8, { logits: 1, loss: Loss.CrossEntropy });
    for (const build of COLUMN_BUILDS)
      assert.equal(new Machine(build, model, { ...FRUGAL, batch: 8 }).abi.step_evaluations(), 8);
  });
});

describe('frugal: a quantum processor', () => {
  for (const build of ASKING_BUILDS) {
    it(`${build}: asks for the pool once, then for the displaced circuits of those drawn`, () => {
      const rng = oracle.seededRng(SEED + 7);
      const shape = { qubits: 2, outputs: 2, logits: 1, diagonal: true, readoutError: 0 };
      const model = oracle.randomModel(rng, { ...shape, encoding: Encoding.Amplitude });
      const training = { ...FRUGAL, ...ONE_A_SIGN, batch: 5, seed: [SEED, 3] as const };
      const theta = oracle.randomTheta(rng, model);
      const { batch: samples, labels } = oracle.randomBatch(rng, model, 24);
      const expected = new Machine(build, model, training).withParameters(theta);
      const machine = new Machine(build, model, asked(training)).withParameters(theta);
      for (let t = 0; t < 3; t++) {
        beginDrawn(machine, samples, labels);
        const questions: Question[] = [];
        let pair = 0;
        answerStep(machine, (teller, question) => {
          const before = questions.at(-1);
          questions.push(question);
          // The place among those drawn, by which the simulator's shots are numbered.
          if (before && before.evaluation > question.evaluation) pair++;
          const second = before?.evaluation === question.evaluation;
          const place = question.evaluation === 0 ? question.sample : 2 * pair + Number(second);
          tellAll(teller, simulatedCounts(teller, { ...question, sample: place }));
        });
        const pool = questions.filter(({ evaluation }) => evaluation === 0);
        assert.deepEqual(
          pool.map(({ sample, shots }) => [sample, shots]),
          [...Array(5).keys()].map((b) => [b, 8]),
        );
        const others = questions.slice(5);
        assert.ok(others.length > 0 && others.every(({ shots, sample }) => shots === 1 && sample < 5));
        expected.drawnStep(samples, labels);
        assertSameBits(machine.parameters, expected.parameters, `step ${t}`);
        assertSameBits(machine.reportSlots, expected.reportSlots, `step ${t}`);
        assert.equal(
          questions.reduce((sum, { shots }) => sum + shots, 0),
          machine.report.Shots / machine.report.Step,
        );
      }
    });
  }
});

describe('frugal: where it goes', () => {
  it('every loss falls, of heads and of none', () => {
    for (const [loss, logits] of LOSSES_AND_LOGITS) {
      const rng = oracle.seededRng(SEED + 8);
      const outputs = logits === 0 ? 1 : 2;
      const terms = Array.from({ length: outputs }, (_, output) => {
        return { output, xMask: 0, zMask: 1 << output, coefficient: 1 };
      });
      const model = oracle.paperModel(2, 2, 4, { terms, outputs, logits, loss });
      const { batch, labels } = oracle.randomBatch(rng, model, 12);
      const shots = logits === 0 ? {} : { gradient: Gradient.ParameterShift, shots: 64, displacedShots: 1 };
      for (const training of [{}, shots]) {
        const options = { ...FRUGAL, ...training, steps: 150, samples: 12, batch: 12 };
        const machine = new Machine('release', model, options);
        ok(machine.abi.parameters_initialise(), 'initialise');
        const lossOf = () => oracle.batchLoss(model, machine.parameters, batch, labels);
        const before = lossOf();
        for (let t = 0; t < 150; t++) machine.drawnStep(batch, labels);
        const what = `${Loss[loss]}, ${logits} logits, ${JSON.stringify(training)}: ${before} to ${lossOf()}`;
        assert.ok(lossOf() < 0.9 * before, what);
      }
    }
  });

  it('a label that turns bad in the middle of a step gives the step up, wherever it does', () => {
    const model = oracle.paperModel(2, 1, 4, { logits: 3, loss: Loss.CrossEntropy });
    for (const build of COLUMN_BUILDS) {
      const { batch, labels } = oracle.randomBatch(oracle.seededRng(SEED + 9), model, 3);
      const machine = new Machine(build, model, { ...FRUGAL, samples: 0, batch: 3 });
      ok(machine.abi.parameters_initialise(), 'initialise');
      let given = 0;
      for (let tick = 1; tick < machine.abi.step_work(); tick++) {
        const before = machine.checkpoint();
        ok(machine.abi.step_begin(3), 'step_begin');
        machine.fill(batch, labels);
        ok(machine.abi.step_advance(tick), 'step_advance');
        machine.fill(batch, [0x7fffffff, -0x80000000, 64]);
        const status = machine.abi.step_advance(1e6);
        if (status === Status.Ok) ok(machine.restore(before), 'restore');
        else given++;
        assert.ok(status === Status.Ok || status === Status.BadLabel || status === Status.Diverged);
        assert.ok(machine.parameters.every(Number.isFinite));
      }
      assert.ok(given > 0);
    }
  });
});

describe('frugal: what it cannot do', () => {
  const model = oracle.paperModel(2, 1, 4);

  it('is refused with a gradient that knows no single sample, with one shot, and without a length', () => {
    for (const build of COLUMN_BUILDS) {
      for (const [training, fault] of [
        [{ gradient: Gradient.TwoPoint }, Option.Gradient],
        [{ gradient: Gradient.ParameterShift, shots: 1 }, Option.Shots],
        [{ schedule: Schedule.Constant, steps: 0 }, Option.Steps],
      ] as [Partial<CoreTraining>, Option][]) {
        const abi = load(build);
        const values = optionValues(model, { ...new Machine(build, model, FRUGAL).training, ...training });
        for (const [key, value] of values) if (value !== 0) ok(abi.configure(key, value), Option[key]);
        assert.equal(abi.plan(), Status.BadCombination, `${build}, ${Option[fault]}`);
        assert.equal(abi.option_at_fault(), fault, `${build}, ${Option[fault]}`);
      }
    }
  });
});
