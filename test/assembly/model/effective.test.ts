/** Predictions by the effective observable: those of `predict`, for as long as it stands. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Encoding, Engine, Gradient, Loss, Option, Report, Status } from '../../../assembly/abi/codes.ts';
import { assertAllClose, assertSameBits } from '../../support/close.ts';
import { within } from '../../support/tolerance.ts';
import { COLUMN_BUILDS } from '../../support/core-columns.ts';
import {
  type Build,
  BUILDS,
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

const SEED = 1033;
const BATCH = 3;

/** The effective predictions of the samples, which it leaves in place. */
function effective(machine: Machine, samples: readonly oracle.Vector[]): number[] {
  machine.fill(samples);
  return samples.map((_, b) => machine.abi.predict_effective(b));
}

/** A machine with its effective observable built. */
function built(build: Build, model: oracle.OracleModel, engine: Engine, theta: oracle.Vector): Machine {
  const machine = new Machine(build, model, { engine, batch: BATCH }).withParameters(theta);
  assert.equal(machine.abi.engine_in_use(), engine);
  assert.equal(machine.abi.effective_build(), Status.Ok);
  return machine;
}

/** All rows against `predict`, and against the same bits of the other builds. */
function check(model: oracle.OracleModel, rng: oracle.Rng, what: string): void {
  const theta = oracle.randomTheta(rng, model);
  const { batch } = oracle.randomBatch(rng, model, BATCH);
  for (const engine of LAID_OUT) {
    const room = new Machine('release', model, { engine, batch: BATCH }).abi.plan() < 64_000;
    const bits = new Map<boolean, number[]>();
    for (const build of COLUMN_BUILDS.filter((build) => room || !isDevice(build))) {
      const where = `${build}, ${Engine[engine]}, seed ${SEED}, ${what}`;
      const machine = built(build, model, engine, theta);
      const found = effective(machine, batch);
      // Lengths of samples do not count.
      const scaled = batch.map((x, b) => x.map((v) => v * [3, -0.25, 8][b]));
      const again = effective(machine, scaled);
      const expected = machine.predict(batch).flat();
      assertAllClose(found, expected, within(build, 1e-12, 1e-5), where);
      assertAllClose(again, expected, within(build, 1e-12, 1e-5), `${where}, scaled`);
      const first = bits.get(isSingle(build)) ?? found;
      bits.set(isSingle(build), first);
      assertSameBits(found, first, where);
    }
  }
}

describe('effective: what predict says', () => {
  for (const logits of [0, 1]) {
    const head = { logits, outputs: logits === 0 ? 1 : 3, loss: Loss.MeanSquare };

    it(`${logits} logits: random programs, any number of features, also hidden ones`, () => {
      const rng = oracle.seededRng(SEED + logits);
      for (let trial = 0; trial < 40; trial++) {
        const qubits = 1 + (trial % 5);
        const features = 1 + oracle.randomInteger(rng, 2 ** qubits);
        const readoutError = trial % 3 ? 0 : 0.06;
        check(
          localString(rng, { qubits, features, outputs: head.outputs }, { ...head, readoutError }),
          rng,
          `${trial}`,
        );
        if (qubits > 3) continue;
        const encoding = trial % 4 === 3 ? Encoding.Zero : Encoding.Amplitude;
        const shape = { qubits, features, encoding, readoutError, linear: true };
        check(oracle.randomModel(rng, { ...head, ...shape }), rng, `random program ${trial}`);
      }
    });

    it(`${logits} logits: 62 to 67 features and 128`, () => {
      const rng = oracle.seededRng(SEED + 10 + logits);
      for (const features of [62, 63, 64, 65, 66, 67, 128]) {
        const shape = { ...head, outputs: 1 };
        check(oracle.paperModel(7, 1, features, shape), rng, `${features} features`);
        check(localString(rng, { qubits: 7, features }, shape), rng, `${features} features, few operations`);
      }
    });
  }

  it('with any source of gradients', () => {
    const rng = oracle.seededRng(SEED + 2);
    const model = oracle.paperModel(3, 2, 6);
    const theta = oracle.randomTheta(rng, model);
    const { batch } = oracle.randomBatch(rng, model, BATCH);
    for (const shots of [0, 20]) {
      for (const build of COLUMN_BUILDS) {
        const training = { gradient: Gradient.ParameterShift, shots, batch: BATCH };
        const machine = new Machine(build, model, { ...training, engine: Engine.Columns }).withParameters(
          theta,
        );
        ok(machine.abi.effective_build(), 'effective_build');
        const found = effective(machine, batch);
        assertAllClose(found, machine.predict(batch).flat(), within(build, 1e-12, 1e-5), build);
      }
    }
  });

  it('the same bits whatever came before', () => {
    const rng = oracle.seededRng(SEED + 3);
    for (let trial = 0; trial < 12; trial++) {
      const qubits = 2 + (trial % 3);
      const model = oracle.paperModel(
        qubits,
        1 + (trial % 3),
        2 + oracle.randomInteger(rng, 2 ** qubits - 1),
      );
      const theta = oracle.randomTheta(rng, model);
      const { batch, labels } = oracle.randomBatch(rng, model, BATCH);
      for (const engine of LAID_OUT) {
        for (const build of COLUMN_BUILDS) {
          const machine = built(build, model, engine, theta);
          const expected = effective(machine, batch);
          for (let t = 0; t < 4; t++) {
            if (t % 2) machine.predict(batch);
            else machine.step(batch, labels);
            machine.withParameters(theta);
            ok(machine.abi.effective_build(), 'effective_build');
            const what = `${build}, ${Engine[engine]}, seed ${SEED + 3}, trial ${trial}, ${t}`;
            assertSameBits(effective(machine, batch), expected, what);
          }
        }
      }
    }
  });
});

describe('effective: how long it stands', () => {
  const model = oracle.paperModel(3, 1, 6, { logits: 1 });
  const odd = { ...model, features: 7 };
  const theta = oracle.randomTheta(oracle.seededRng(SEED + 20), model);
  const { batch, labels } = oracle.randomBatch(oracle.seededRng(SEED + 20), odd, BATCH);

  const rowsOf = ({ features }: oracle.OracleModel) => batch.map((x) => x.slice(0, features));
  const ENDS: [string, (machine: Machine) => void][] = [
    ['step', (machine) => void machine.step(rowsOf(machine.model), labels)],
    ['step_begin', ({ abi }) => void ok(abi.step_begin(1), 'step_begin')],
    ['predict', (machine) => void machine.predict(rowsOf(machine.model))],
    ['predict of a bad sample', (machine) => void machine.abi.predict(BATCH, 0)],
    ['image_ptr', ({ abi }) => void abi.image_ptr()],
    ['checkpoint_write', ({ abi }) => void ok(abi.checkpoint_write(), 'checkpoint_write')],
    ['model_write', ({ abi }) => void ok(abi.model_write(), 'model_write')],
    ['reseed', ({ abi }) => void ok(abi.reseed(5, 6), 'reseed')],
    [
      'model_read',
      (machine) => {
        const image = machine.modelImage();
        machine.putImage(image);
        ok(machine.abi.model_read(image.length), 'model_read');
      },
    ],
    ['init', ({ abi }) => void ok(abi.init(), 'init')],
    ['configure', ({ abi }) => void ok(abi.configure(Option.Batch, BATCH), 'configure')],
  ];

  for (const [what, end] of ENDS) {
    it(`not beyond ${what}`, () => {
      for (const engine of LAID_OUT) {
        for (const shape of [model, odd]) {
          for (const build of COLUMN_BUILDS) {
            const machine = built(build, shape, engine, theta);
            const rows = rowsOf(shape);
            assert.ok(effective(machine, rows).every(Number.isFinite));
            if (what === 'predict of a bad sample') machine.fill(rows.map((x) => x.map(() => 0)));
            end(machine);
            const after = rows.map((_, b) => machine.abi.predict_effective(b));
            const where = `${build}, ${Engine[engine]}, ${shape.features} features`;
            assertSameBits(after, [Number.NaN, Number.NaN, Number.NaN], where);
          }
        }
      }
    });
  }

  it('no larger batch or sample, configured later, is read', () => {
    for (const engine of LAID_OUT) {
      for (const shape of [model, odd]) {
        for (const build of COLUMN_BUILDS) {
          for (const [key, value] of [
            [Option.Batch, 1024],
            [Option.Features, 65_536],
          ]) {
            const machine = built(build, shape, engine, theta);
            ok(machine.abi.configure(key, value), 'configure');
            for (const row of [0, 1, 1023]) {
              assert.equal(
                machine.abi.predict_effective(row),
                Number.NaN,
                `${build}, ${Option[key]}, row ${row}`,
              );
            }
          }
        }
      }
    }
  });

  it('the parameters as they were when it was built', () => {
    for (const engine of LAID_OUT) {
      for (const shape of [model, odd]) {
        for (const build of COLUMN_BUILDS) {
          const machine = built(build, shape, engine, theta);
          const rows = rowsOf(shape);
          const expected = effective(machine, rows);
          machine.parameters.fill(0.5);
          const what = `${build}, ${Engine[engine]}, ${shape.features} features`;
          assertSameBits(effective(machine, rows), expected, what);
        }
      }
    }
  });

  it('training and predicting go on as without it', () => {
    for (const engine of LAID_OUT) {
      for (const build of COLUMN_BUILDS) {
        for (const rule of RULES.filter((each) => canTrain(build, { rule: each, engine }))) {
          const [machine, reference] = [0, 1].map(() =>
            new Machine(build, model, { engine, rule, batch: BATCH }).withParameters(theta),
          );
          const rows = rowsOf(model);
          for (let t = 0; t < 4; t++) {
            ok(machine.abi.effective_build(), 'effective_build');
            effective(machine, rows);
            for (const one of [machine, reference]) {
              one.step(rows, labels);
              one.predict(rows, 9, labels);
            }
            assertSameBits(machine.reportSlots, reference.reportSlots, `${build}, step ${t}`);
            assertSameBits(machine.parameters, reference.parameters, `${build}, step ${t}`);
          }
          assert.equal(machine.report.Predictions, 4, Report[Report.Predictions]);
        }
      }
    }
  });
});

describe('effective: what it refuses', () => {
  const model = oracle.paperModel(3, 1, 6);
  const rows = oracle.randomBatch(oracle.seededRng(SEED + 30), model, BATCH).batch;
  const theta = oracle.randomTheta(oracle.seededRng(SEED + 31), model);

  it('builds that have only samples do not export it', () => {
    for (const build of BUILDS) {
      assert.equal('effective_build' in load(build), hasColumns(build), build);
      assert.equal('predict_effective' in load(build), hasColumns(build), build);
    }
  });

  it('before it is built, without a program, during a step, with samples, with more logits', () => {
    for (const build of COLUMN_BUILDS) {
      const fresh = load(build);
      assert.equal(fresh.effective_build(), Status.NotReady);
      assert.equal(fresh.predict_effective(0), Number.NaN);
      for (const engine of LAID_OUT) {
        const machine = new Machine(build, model, { engine, batch: BATCH }).withParameters(theta);
        assert.ok(effective(machine, rows).every(Number.isNaN), 'before');
        ok(machine.abi.step_begin(1), 'step_begin');
        assert.equal(machine.abi.effective_build(), Status.Busy);
        machine.abi.step_abandon();
        assert.equal(machine.abi.effective_build(), Status.Ok);
        assert.ok(effective(machine, rows).every(Number.isFinite), 'after');
        const softmax = { ...model, logits: 2, loss: Loss.CrossEntropy };
        assert.equal(new Machine(build, softmax, { engine }).abi.effective_build(), Status.BadCombination);
      }
      const samples = new Machine(build, model);
      assert.equal(samples.abi.effective_build(), Status.BadCombination);
      assert.equal(samples.abi.predict_effective(0), Number.NaN);
    }
  });

  it('rows outside the batch, and features without a direction', () => {
    for (const features of [6, 5]) {
      for (const engine of LAID_OUT) {
        for (const build of COLUMN_BUILDS) {
          const machine = built(build, { ...model, features }, engine, theta);
          const place = (x: number, at: number) =>
            Array.from({ length: features }, (_, k) => (k === at ? x : 1));
          machine.fill([place(1, 0), place(1, 0), place(1, 0)]);
          for (const row of [-1, BATCH, BATCH + 1, 2 ** 31 - 1, -(2 ** 31)]) {
            assert.equal(machine.abi.predict_effective(row), Number.NaN, `row ${row}`);
          }
          for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
            for (let at = 0; at < features; at++) {
              assert.ok(
                effective(machine, [place(bad, at)]).every(Number.isNaN),
                `${bad} at ${at} of ${features}`,
              );
            }
          }
          assert.ok(effective(machine, [new Array(features).fill(0)]).every(Number.isNaN), 'zeros');
          assert.ok(effective(machine, [place(1, 0)]).every(Number.isFinite), 'and it still stands');
        }
      }
    }
  });
});
