/** The average of the parameters: what it is of, who sees it, and that a checkpoint goes on with it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  Engine,
  Gradient,
  Loss,
  Option,
  REPORT_COUNT,
  Rule,
  Schedule,
  Status,
} from '../../../assembly/abi/codes.ts';
import { assertAllClose, assertClose, assertSameBits } from '../../support/close.ts';
import { BUILDS, type Build, type CoreTraining, load, Machine, ok } from '../../support/core-harness.ts';
import { sealed } from '../../support/core-image.ts';
import { RIVAL_BUILDS, rulesOf } from '../../support/members.ts';
import * as oracle from '../../support/oracle/index.ts';

const SEED = 1101;
const STEPS = 8;

const MODEL = oracle.paperModel(2, 2, 4, { logits: 1, loss: Loss.MeanSquare });
const TRAINING: Partial<CoreTraining> = {
  rule: Rule.Adam,
  engine: Engine.Columns,
  steps: STEPS,
  rate: 0.3,
  headRate: 0.2,
};

const rng = oracle.seededRng(SEED);
const { batch: SAMPLES, labels: LABELS } = oracle.randomBatch(rng, MODEL, 2);

/** A machine before its first step. */
function fresh(build: Build, training: Partial<CoreTraining>): Machine {
  const machine = new Machine(build, MODEL, { ...TRAINING, ...training });
  ok(machine.abi.parameters_initialise(), 'initialise');
  return machine;
}

/** The parameters behind each step. */
function run(machine: Machine, steps = STEPS): number[][] {
  return Array.from({ length: steps }, () => {
    machine.step(SAMPLES, LABELS);
    return [...machine.parameters];
  });
}

/** The average, and how many steps it is of. */
function averageOf({ abi, ...machine }: Machine): { mean: number[]; steps: number } {
  const count = abi.parameter_count();
  const values = new Float64Array(abi.memory.buffer, abi.average_ptr(), count + 1);
  void machine;
  return { mean: [...values.subarray(0, count)], steps: values[count] };
}

const meanOf = (rows: readonly number[][]) =>
  rows[0].map((_, i) => rows.reduce((sum, row) => sum + row[i], 0) / rows.length);

describe('average of the parameters', () => {
  for (const [share, first] of [
    [1, 0],
    [0.5, 4],
    [0.25, 6],
    // A share of a step is none but the last.
    [0.01, 7],
  ]) {
    it(`over the last ${share} of the training`, () => {
      for (const build of RIVAL_BUILDS) {
        for (const rule of rulesOf(build)) {
          const machine = fresh(build, { rule, averagedShare: share });
          const plain = run(fresh(build, { rule }));
          const behind = run(machine);
          // Steps go on from the parameters themselves.
          assert.deepEqual(behind, plain, `${build}, ${Rule[rule]}`);
          const { mean, steps } = averageOf(machine);
          assert.equal(steps, STEPS - first);
          assertAllClose(mean, meanOf(plain.slice(first)), 1e-12, `${build}, ${Rule[rule]}`);
        }
      }
    });
  }

  it('of a budget of shots by the share that is spent, and on beyond the end', () => {
    for (const build of RIVAL_BUILDS) {
      const shots = { gradient: Gradient.ParameterShift, shots: 4, engine: Engine.Samples };
      const each = fresh(build, shots).abi.step_shots();
      const machine = fresh(build, { ...shots, shotsBudget: 5 * each, steps: 1000, averagedShare: 0.5 });
      const plain = run(machine);
      const { mean, steps } = averageOf(machine);
      // r behind the third step is 0.6.
      assert.equal(steps, STEPS - 2);
      assertAllClose(mean, meanOf(plain.slice(2)), 1e-12, build);
    }
  });

  it('predicts, alone and by the effective observable, and is what a data set and a model image are of', () => {
    for (const build of RIVAL_BUILDS) {
      const machine = fresh(build, { averagedShare: 1, moments: 1, workspace: 40_000 });
      run(machine);
      const { mean } = averageOf(machine);
      const other = fresh(build, { moments: 1, workspace: 40_000 }).withParameters(mean);
      const [by, expected] = [machine, other].map((each) => {
        const { abi } = each;
        const outputs = each.predict(SAMPLES, 0, LABELS).flat();
        ok(abi.moments_clear(), 'moments_clear');
        ok(abi.moments_add(2), 'moments_add');
        const loss = abi.moments_loss();
        ok(abi.effective_build(), 'effective_build');
        return [...outputs, each.report.EvaluatedLoss, loss, abi.predict_effective(1)];
      });
      assertSameBits(by, expected, build);
      const read = load(build);
      const image = machine.modelImage();
      new Uint8Array(read.memory.buffer, read.image_ptr(), image.length).set(image);
      ok(read.model_read(image.length), 'model_read');
      assertSameBits(new Float64Array(read.memory.buffer, read.parameters_ptr(), mean.length), mean, 'image');
      // It says nothing of an average any more.
      assert.equal(read.average_ptr(), 0);
      // The two smallest modules predict with it too.
      for (const small of BUILDS) ok(loadImage(small, image), `${small} reads it`);
    }
  });

  it('is there from the first step on, until it is forgotten', () => {
    for (const build of RIVAL_BUILDS) {
      const machine = fresh(build, { averagedShare: 1 });
      const plain = fresh(build, {});
      assertSameBits(machine.predict(SAMPLES).flat(), plain.predict(SAMPLES).flat(), 'before');
      run(machine, 3);
      run(plain, 3);
      assert.notDeepEqual(machine.predict(SAMPLES), plain.predict(SAMPLES));
      const { abi } = machine;
      new Float64Array(abi.memory.buffer, abi.average_ptr(), abi.parameter_count() + 1).fill(0, -1);
      assertSameBits(machine.predict(SAMPLES).flat(), plain.predict(SAMPLES).flat(), 'forgotten');
    }
  });

  it('goes through a checkpoint, and any slices', () => {
    for (const build of RIVAL_BUILDS) {
      const whole = fresh(build, { averagedShare: 0.7 });
      run(whole);
      const first = fresh(build, { averagedShare: 0.7 });
      run(first, 5);
      const second = new Machine(build, MODEL, { ...TRAINING, averagedShare: 0.7 });
      assert.equal(second.restore(first.checkpoint()), Status.Ok);
      for (let t = 5; t < STEPS; t++) second.step(SAMPLES, LABELS, 1);
      assert.deepEqual(averageOf(second), averageOf(whole));
      assert.deepEqual([...second.parameters], [...whole.parameters]);
    }
  });

  it('a checkpoint whose average is of no number of steps, or not finite, is refused', () => {
    for (const build of RIVAL_BUILDS) {
      const machine = fresh(build, { averagedShare: 1 });
      run(machine, 2);
      const image = machine.checkpoint();
      const end = image.length;
      for (const [at, value] of [
        [end - 8, -1],
        [end - 8, 1.5],
        [end - 8, 2 ** 54],
        [end - 16, Number.NaN],
        [end - 16, Number.POSITIVE_INFINITY],
      ]) {
        const bad = image.slice();
        new DataView(bad.buffer).setFloat64(at, value, true);
        assert.equal(machine.restore(sealed(bad)), Status.BadContent, `${value} at ${at - end}`);
      }
      assert.equal(machine.restore(image), Status.Ok);
      // Two vectors of Adam, the parameters, the average and its steps.
      assert.equal(end, 24 + 8 * REPORT_COUNT + 8 * (4 * machine.parameters.length + 1));
    }
  });

  it('parameters as large as numbers are have one', () => {
    for (const build of RIVAL_BUILDS) {
      const training = { rule: Rule.Sgd, schedule: Schedule.Constant, averagedShare: 1 };
      const machine = fresh(build, { ...training, engine: Engine.Samples });
      const last = machine.parameters.length - 3;
      // One that no loss sees: it stays, with either sign.
      for (const value of [Number.MAX_VALUE, -Number.MAX_VALUE, Number.MAX_VALUE]) {
        machine.parameters[last] = value;
        machine.step(SAMPLES, LABELS);
        assert.ok(averageOf(machine).mean.every(Number.isFinite), `${value}`);
      }
      assertClose(averageOf(machine).mean[last] / Number.MAX_VALUE, 1 / 3, 1e-12, 'mean');
    }
  });

  it('needs the length of the training, and a build that has it', () => {
    for (const build of BUILDS) {
      const abi = load(build);
      if (!RIVAL_BUILDS.includes(build)) {
        for (const key of [Option.AveragedShare, Option.Displacement]) {
          assert.equal(abi.configure(key, 0), Status.Ok);
          assert.equal(abi.configure(key, 0.5), Status.BadOption, `${build}, ${Option[key]}`);
        }
        assert.equal(abi.configure(Option.Schedule, Schedule.Spall), Status.BadOption);
        continue;
      }
      const { abi: whole } = fresh(build, { averagedShare: 1 });
      for (const key of Object.values(Option).filter((each) => typeof each === 'number')) {
        if (key !== Option.Steps) abi.configure(key, whole.option_value(key));
      }
      assert.equal(abi.plan(), Status.BadCombination);
      assert.equal(abi.option_at_fault(), Option.Steps);
    }
  });
});

/** Reads a model image. @returns the status */
function loadImage(build: Build, image: Uint8Array): number {
  const abi = load(build);
  new Uint8Array(abi.memory.buffer, abi.image_ptr(), image.length).set(image);
  return abi.model_read(image.length);
}
