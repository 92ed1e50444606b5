/** The squared error over a whole data set by its moments: that of going through it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Encoding, Engine, Loss, Option, Rule, Status } from '../../../assembly/abi/codes.ts';
import { assertAllClose, assertClose, assertSameBits } from '../../support/close.ts';
import { within } from '../../support/tolerance.ts';
import { COLUMN_BUILDS } from '../../support/core-columns.ts';
import {
  type Build,
  BUILDS,
  type CoreTraining,
  hasColumns,
  isDevice,
  isSingle,
  load,
  Machine,
  ok,
} from '../../support/core-harness.ts';
import { localString } from '../../support/core-heisenberg.ts';
import { canTrain, LAID_OUT, RULES } from '../../support/members.ts';
import * as oracle from '../../support/oracle/index.ts';
import { mean } from '../../support/statistics.ts';

const SEED = 1034;
const BATCH = 4;

/** Samples and labels, a mini-batch at a time. */
function* batches(samples: readonly number[][], labels: readonly number[]) {
  for (let from = 0; from < samples.length; from += BATCH) {
    yield { rows: samples.slice(from, from + BATCH), marks: labels.slice(from, from + BATCH) };
  }
}

/** A machine with room for moments. */
function machineFor(
  build: Build,
  model: oracle.OracleModel,
  engine: Engine,
  training: Partial<CoreTraining> = {},
): Machine {
  const machine = new Machine(build, model, { batch: BATCH, ...training, engine, moments: 1 });
  assert.equal(machine.abi.engine_in_use(), engine);
  return machine;
}

/** Adds a data set, one mini-batch after another. */
function add(machine: Machine, samples: readonly number[][], labels: readonly number[]): void {
  for (const { rows, marks } of batches(samples, labels)) {
    machine.fill(rows, marks);
    assert.equal(machine.abi.moments_add(rows.length), Status.Ok);
  }
}

/** The mean squared error by going through a data set. */
function lossOf(machine: Machine, samples: readonly number[][], labels: readonly number[]): number {
  const errors: number[] = [];
  for (const { rows, marks } of batches(samples, labels)) {
    machine.predict(rows).forEach(([z], b) => errors.push((z - (marks[b] === 0 ? -1 : 1)) ** 2));
  }
  return mean(errors);
}

/** The builds whose memory is large enough. */
function buildsFor(model: oracle.OracleModel, engine: Engine): Build[] {
  const small = machineFor('release', model, engine).abi.plan() < 64_000;
  return COLUMN_BUILDS.filter((build) => small || !isDevice(build));
}

/** Parameters are drawn anew between losses; the data set stays. Bits agree within a precision. */
function check(model: oracle.OracleModel, rng: oracle.Rng, size: number, what: string): void {
  const { batch, labels } = oracle.randomBatch(rng, model, size);
  const thetas = [0, 1, 2].map(() => oracle.randomTheta(rng, model));
  for (const engine of LAID_OUT) {
    const bits = new Map<boolean, number[]>();
    for (const build of buildsFor(model, engine)) {
      const where = `${build}, ${Engine[engine]}, seed ${SEED}, ${what}`;
      const machine = machineFor(build, model, engine);
      add(machine, batch, labels);
      const found = thetas.map((theta) => {
        const loss = machine.withParameters(theta).abi.moments_loss();
        assertClose(loss, lossOf(machine, batch, labels), within(build, 1e-12, 2e-5), where);
        return loss;
      });
      const first = bits.get(isSingle(build)) ?? found;
      bits.set(isSingle(build), first);
      assertSameBits(found, first, where);
    }
  }
}

describe('moments: the loss', () => {
  for (const logits of [0, 1]) {
    it(`${logits} logits: random programs, data sets of 1 to 30 samples`, () => {
      const rng = oracle.seededRng(SEED + logits);
      for (let trial = 0; trial < 30; trial++) {
        const qubits = 1 + (trial % 4);
        const features = 1 + oracle.randomInteger(rng, 2 ** qubits);
        const readoutError = trial % 3 ? 0 : 0.06;
        const outputs = logits === 0 ? 1 : 2;
        const shape = { qubits, features, outputs, logits, loss: Loss.MeanSquare, readoutError };
        check(localString(rng, shape, shape), rng, 1 + trial, `trial ${trial}, few operations`);
        if (qubits > 3) continue;
        const encoding = trial % 4 === 3 ? Encoding.Zero : Encoding.Amplitude;
        check(
          oracle.randomModel(rng, { ...shape, encoding, linear: true }),
          rng,
          1 + trial,
          `trial ${trial}`,
        );
      }
    });
  }

  it('against the dense oracle', () => {
    const rng = oracle.seededRng(SEED + 2);
    const model = oracle.paperModel(3, 2, 7);
    const theta = oracle.randomTheta(rng, model);
    const { batch, labels } = oracle.randomBatch(rng, model, 11);
    const expected = oracle.batchLoss(model, theta, batch, labels);
    for (const engine of LAID_OUT) {
      for (const build of COLUMN_BUILDS) {
        const machine = machineFor(build, model, engine).withParameters(theta);
        add(machine, batch, labels);
        assertClose(machine.abi.moments_loss(), expected, within(build, 1e-12, 1e-5), build);
      }
    }
  });

  it('of one class alone', () => {
    const rng = oracle.seededRng(SEED + 3);
    const model = oracle.paperModel(2, 1, 3, { logits: 1 });
    const { batch } = oracle.randomBatch(rng, model, 9);
    for (const label of [0, 1]) {
      for (const build of COLUMN_BUILDS) {
        const machine = machineFor(build, model, Engine.Columns).withParameters(
          oracle.randomTheta(rng, model),
        );
        const labels = batch.map(() => label);
        add(machine, batch, labels);
        const expected = lossOf(machine, batch, labels);
        assertClose(
          machine.abi.moments_loss(),
          expected,
          within(build, 1e-12, 1e-5),
          `${build}, label ${label}`,
        );
      }
    }
  });

  it('leaves the effective observable ready', () => {
    const rng = oracle.seededRng(SEED + 4);
    for (const features of [5, 6]) {
      const model = oracle.paperModel(3, 1, features, { logits: 1 });
      const { batch, labels } = oracle.randomBatch(rng, model, BATCH);
      const theta = oracle.randomTheta(rng, model);
      for (const engine of LAID_OUT) {
        for (const build of COLUMN_BUILDS) {
          const machine = machineFor(build, model, engine).withParameters(theta);
          add(machine, batch, labels);
          ok(Number.isNaN(machine.abi.moments_loss()) ? -1 : 0, 'moments_loss');
          const found = batch.map((_, b) => machine.abi.predict_effective(b));
          // More samples are laid out where it does its work.
          add(machine, batch, labels);
          const again = batch.map((_, b) => machine.abi.predict_effective(b));
          const what = `${build}, ${Engine[engine]}, ${features} features`;
          assertSameBits(again, found, what);
          assertAllClose(found, machine.predict(batch).flat(), within(build, 1e-12, 1e-5), what);
        }
      }
    }
  });
});

describe('moments: how long they last', () => {
  const model = oracle.paperModel(3, 1, 6, { logits: 1 });
  const rng = oracle.seededRng(SEED + 20);
  const theta = oracle.randomTheta(rng, model);
  const { batch, labels } = oracle.randomBatch(rng, model, 10);

  it('beyond steps, predictions, images and whatever is put in their place, without a trace in training', () => {
    for (const engine of LAID_OUT) {
      for (const build of COLUMN_BUILDS) {
        for (const rule of RULES.filter((each) => canTrain(build, { rule: each, engine }))) {
          const [machine, reference] = [0, 1].map(() =>
            machineFor(build, model, engine, { rule }).withParameters(theta),
          );
          const { abi } = machine;
          add(machine, batch, labels);
          const expected = abi.moments_loss();
          for (let t = 0; t < 4; t++) {
            for (const one of [machine, reference]) one.step(batch.slice(0, BATCH), labels.slice(0, BATCH));
            const what = `${build}, ${Engine[engine]}, ${Rule[rule]}, step ${t}`;
            assertSameBits(machine.reportSlots, reference.reportSlots, what);
            assertSameBits(machine.parameters, reference.parameters, what);
            const image = machine.checkpoint();
            machine.modelImage();
            new Uint8Array(abi.memory.buffer, abi.image_ptr(), abi.image_capacity()).fill(
              [0xff, 0x7f, 0, 1][t],
            );
            assert.equal(machine.restore(image), Status.Ok);
            const loss = abi.moments_loss();
            // Both predict, so that their reports go on alike.
            const [own, other] = [machine, reference].map((one) => lossOf(one, batch, labels));
            assert.equal(own, other, what);
            assertClose(loss, own, within(build, 1e-12, 1e-5), what);
          }
          assert.equal(machine.withParameters(theta).abi.moments_loss(), expected);
        }
      }
    }
  });

  it('until they are cleared, or the arena is laid out', () => {
    for (const engine of LAID_OUT) {
      for (const build of COLUMN_BUILDS) {
        const machine = machineFor(build, model, engine).withParameters(theta);
        const { abi } = machine;
        assert.equal(abi.moments_loss(), Number.NaN, 'nothing added');
        add(machine, batch, labels);
        const all = abi.moments_loss();
        assert.equal(abi.moments_clear(), Status.Ok);
        assert.equal(abi.moments_loss(), Number.NaN, 'cleared');
        add(machine, batch.slice(3), labels.slice(3));
        const expected = lossOf(machine, batch.slice(3), labels.slice(3));
        assertClose(abi.moments_loss(), expected, within(build, 1e-12, 1e-5), build);
        ok(abi.moments_clear(), 'moments_clear');
        add(machine, batch, labels);
        assert.equal(abi.moments_loss(), all, 'from a clean start');
        const anew = new Machine(build, model, machine.training, abi).withParameters(theta);
        assert.equal(anew.abi.moments_loss(), Number.NaN, 'laid out anew');
        add(anew, batch, labels);
        assert.equal(anew.abi.moments_loss(), all);
        const image = anew.modelImage();
        anew.putImage(image);
        ok(abi.model_read(image.length), 'model_read');
        assert.equal(abi.option_value(Option.Moments), 1);
        assert.equal(abi.moments_loss(), Number.NaN, 'read from an image');
        add(anew, batch, labels);
        assert.equal(abi.moments_loss(), all);
      }
    }
  });

  it('nothing is written behind the arena', () => {
    for (let trial = 0; trial < 30; trial++) {
      const qubits = 1 + (trial % 4);
      const features = 1 + oracle.randomInteger(rng, 2 ** qubits);
      const any = localString(rng, { qubits, features });
      const { batch: samples, labels: marks } = oracle.randomBatch(rng, any, 6);
      for (const engine of LAID_OUT) {
        for (const build of buildsFor(any, engine)) {
          const machine = machineFor(build, any, engine);
          const { buffer } = machine.abi.memory;
          const end = machine.abi.plan();
          const beyond = new Uint8Array(buffer, end, Math.min(4096, buffer.byteLength - end)).fill(0xa5);
          add(machine, samples, marks);
          machine.step(samples.slice(0, BATCH), marks.slice(0, BATCH));
          machine.abi.moments_loss();
          const stray = beyond.findIndex((byte) => byte !== 0xa5);
          assert.equal(stray, -1, `${build}, ${Engine[engine]}, seed ${SEED + 20}, trial ${trial}`);
        }
      }
    }
  });
});

describe('moments: what is refused', () => {
  const model = oracle.paperModel(2, 1, 4, { logits: 1 });
  const good = [1, 2, 3, 4];
  const calls = ({ abi }: Machine) => [abi.moments_clear(), abi.moments_add(1), abi.moments_loss()];
  const refused = (status: Status) => [status, status, Number.NaN];

  it('builds that have only samples do not export them', () => {
    for (const build of BUILDS) {
      for (const name of ['moments_clear', 'moments_add', 'moments_loss']) {
        assert.equal(name in load(build), hasColumns(build), `${build}, ${name}`);
      }
    }
  });

  it('without a program, during a step, without room for them, with samples', () => {
    for (const build of COLUMN_BUILDS) {
      const fresh = load(build);
      assert.deepEqual([fresh.moments_clear(), fresh.moments_add(1)], [Status.NotReady, Status.NotReady]);
      assert.equal(fresh.moments_loss(), Number.NaN);
      for (const engine of LAID_OUT) {
        const machine = machineFor(build, model, engine);
        ok(machine.abi.step_begin(1), 'step_begin');
        assert.deepEqual(calls(machine), refused(Status.Busy));
        machine.abi.step_abandon();
        machine.fill([good], [0]);
        const [cleared, added, loss] = calls(machine);
        assert.deepEqual([cleared, added, Number.isFinite(loss)], [Status.Ok, Status.Ok, true]);
        const without = new Machine(build, model, { engine });
        without.fill([good], [0]);
        assert.deepEqual(calls(without), refused(Status.BadCombination), Engine[engine]);
      }
      const samples = new Machine(build, model, { moments: 1 });
      samples.fill([good], [0]);
      assert.deepEqual(calls(samples), refused(Status.BadCombination));
    }
  });

  it('losses other than the squared error', () => {
    for (const build of BUILDS) {
      for (const loss of [Loss.Hinge, Loss.CrossEntropy]) {
        assert.throws(
          () => new Machine(build, { ...model, loss }, { moments: 1 }),
          (error) => `${error}`.includes(Status[Status.BadCombination]),
        );
      }
    }
  });

  it('batches that are none, labels that are no class, samples without a direction; those before count', () => {
    const other = [4, -3, 2, 1];
    for (const engine of LAID_OUT) {
      for (const build of COLUMN_BUILDS) {
        const machine = machineFor(build, model, engine).withParameters([1, 2, 3, 4, 5, 6, 0.7, 0.2]);
        const { abi } = machine;
        machine.fill([good, good, good, good], [0, 0, 0, 0]);
        for (const count of [0, -1, BATCH + 1, 2 ** 31 - 1]) {
          assert.equal(abi.moments_add(count), Status.BadIndex, `${count}`);
        }
        assert.equal(abi.moments_loss(), Number.NaN, 'nothing was added');
        const [nowhere, broken] = [
          [0, 0, 0, 0],
          [0, Number.NaN, 0, 1],
        ];
        for (const [rows, labels, status] of [
          [[good, other, good], [0, 1, 2], Status.BadLabel],
          [[good, other, good], [0, 1, -1], Status.BadLabel],
          [[good, other, nowhere], [0, 1, 0], Status.BadSample],
          [[good, other, broken], [0, 1, 0], Status.BadSample],
        ] as const) {
          ok(abi.moments_clear(), 'moments_clear');
          machine.fill(rows, labels);
          assert.equal(abi.moments_add(3), status);
          const expected = lossOf(machine, [good, other], [0, 1]);
          assertClose(
            abi.moments_loss(),
            expected,
            within(build, 1e-12, 1e-5),
            `${build}, ${Status[status]}`,
          );
        }
      }
    }
  });
});
