/** The numbering of bits for columns: whatever part of the qubits is seen, nobody outside notices. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  Engine,
  Loss,
  MAX_FEATURES,
  MAX_QUBITS,
  Operation,
  Option,
  Rule,
  Status,
} from '../../../assembly/abi/codes.ts';
import { assertAllClose } from '../../support/close.ts';
import { within } from '../../support/tolerance.ts';
import { COLUMN_BUILDS, columns } from '../../support/core-columns.ts';
import { BUILDS, isSingle, load, Machine, ok, putImage } from '../../support/core-harness.ts';
import { afterCount, IMAGE_HEADER, withDouble } from '../../support/core-image.ts';
import { constantOp, localModel, scramble } from '../../support/core-models.ts';
import { assertModelReadBack } from '../../support/engine-checks.ts';
import { canTrain, GRADIENTS, RULES, SHOT_GRADIENTS } from '../../support/members.ts';
import * as oracle from '../../support/oracle/index.ts';
import { wholeSnapshot } from '../../support/training-runs.ts';

const SEED = 1019;
const QUBITS = 4;

/** A model whose observable sees exactly the qubits of a mask, tangled among themselves; so are the others. */
function seeing(rng: oracle.Rng, mask: number, features: number, logits = 0): oracle.OracleModel {
  const all = Array.from({ length: QUBITS }, (_, q) => q);
  const chain = (qubits: number[]) =>
    qubits.slice(1).map((q, i) => oracle.fixed(Operation.CNOT, qubits[i], q));
  const parts = [1, 0].map((side) => all.filter((q) => ((mask >> q) & 1) === side));
  const operations = [
    ...scramble(rng, QUBITS),
    ...parts.flatMap(chain),
    ...scramble(rng, QUBITS),
    ...parts.flatMap((part) => chain([...part].reverse())),
    ...all.map((q) => ({ ...constantOp(Operation.RY, q), source: 1, index: q, offset: 0.1 })),
  ];
  const terms = [{ output: 0, xMask: mask & 0b0101, zMask: mask, coefficient: 0.7 }];
  const loss = logits > 1 ? Loss.CrossEntropy : Loss.MeanSquare;
  return oracle.paperModel(QUBITS, 0, features, { operations, parameters: QUBITS, terms, logits, loss });
}

describe('row bits: what is seen', () => {
  it('every set of 4 qubits, any number of features', () => {
    const rng = oracle.seededRng(SEED);
    for (let mask = 0; mask < 2 ** QUBITS; mask++) {
      for (const features of [1, 1 + oracle.randomInteger(rng, 16), 16]) {
        const model = seeing(rng, mask, features);
        const theta = oracle.randomTheta(rng, model);
        const { batch, labels } = oracle.randomBatch(rng, model, 3);
        const expected = batch.map((x) => oracle.evaluate(model, theta, x)[0]);
        const { gradient } = oracle.lossGradient(model, theta, batch, labels);
        for (const build of COLUMN_BUILDS) {
          const what = `${build}, seed ${SEED}, qubits ${mask.toString(2)}, ${features} features`;
          const machine = columns(build, model, { batch: 3, rule: Rule.Sgd }).withParameters(theta);
          assert.equal(machine.abi.visible_qubits(), mask, what);
          assertAllClose(machine.predict(batch).flat(), expected, within(build, 1e-13, 2e-6), what);
          machine.step(batch, labels);
          assertAllClose(machine.gradient, gradient, within(build, 1e-12, 2e-5), what);
        }
      }
    }
  });

  it('each basis state by itself: no feature is in the place of another', () => {
    const rng = oracle.seededRng(SEED + 1);
    for (let mask = 0; mask < 2 ** QUBITS; mask++) {
      const model = seeing(rng, mask, 16);
      const theta = oracle.randomTheta(rng, model);
      const basis = Array.from({ length: 16 }, (_, k) =>
        Array.from({ length: 16 }, (_, i) => Number(i === k)),
      );
      const expected = basis.map((x) => oracle.evaluate(model, theta, x)[0]);
      for (const build of COLUMN_BUILDS) {
        const machine = columns(build, model, { batch: 16 }).withParameters(theta);
        const rows = machine.predict(basis).flat();
        assertAllClose(rows, expected, within(build, 1e-13, 2e-6), `${build}, qubits ${mask.toString(2)}`);
      }
    }
  });
});

describe('row bits: the most qubits and features', () => {
  it('65536 features on 20 qubits, 3 of them seen', () => {
    // <Z_0 Z_10 Z_19> behind a CNOT from 19 to 10 reads bits 19 and 9 of the amplitude index.
    const operations = [oracle.fixed(Operation.CNOT, 19, 10)];
    const terms = [{ output: 0, xMask: 0, zMask: (1 << 0) | (1 << 10) | (1 << 19), coefficient: 1 }];
    const model = oracle.paperModel(MAX_QUBITS, 0, MAX_FEATURES, { operations, parameters: 1, terms });
    const rng = oracle.seededRng(SEED + 7);
    const { batch } = oracle.randomBatch(rng, model, 2);
    const expected = batch.map((x) => {
      const squares = x.reduce((sum, v) => sum + v * v, 0);
      return x.reduce((sum, v, k) => sum + ((k >> 9) & 1 ? -v * v : v * v), 0) / squares;
    });
    for (const engine of [Engine.Samples, Engine.Columns]) {
      const machine = new Machine('release', model, { engine }).withParameters([0]);
      assert.equal(machine.abi.engine_in_use(), engine);
      assertAllClose(machine.predict(batch).flat(), expected, 1e-12, `${Engine[engine]}, seed ${SEED + 7}`);
    }
  });
});

describe('row bits: images', () => {
  /** A model image without what may differ between engines: header and options. */
  const programOf = (image: Uint8Array) => image.slice(afterCount(image));

  for (const build of COLUMN_BUILDS) {
    it(`${build}: a model says the same qubits as one of the samples engine`, () => {
      const rng = oracle.seededRng(SEED + 2);
      for (let trial = 0; trial < 30; trial++) {
        const qubits = 1 + (trial % 5);
        const model = localModel(rng, { qubits, features: 1 + oracle.randomInteger(rng, 2 ** qubits) });
        const theta = oracle.randomTheta(rng, model);
        const images = [Engine.Samples, Engine.Columns].map((engine) =>
          new Machine(build, model, { engine }).withParameters(theta).modelImage(),
        );
        assert.deepEqual(programOf(images[1]), programOf(images[0]), `seed ${SEED + 2}, trial ${trial}`);
      }
    });

    it(`${build}: write, read, and the model is the same: predictions, images, training`, () => {
      const rng = oracle.seededRng(SEED + 3);
      for (let mask = 0; mask < 2 ** QUBITS; mask++) {
        const model = seeing(rng, mask, 1 + oracle.randomInteger(rng, 16), mask % 3);
        const { batch, labels } = oracle.randomBatch(rng, model, 3);
        const machine = columns(build, model, { batch: 3, rule: Rule.Adam });
        machine.withParameters(oracle.randomTheta(rng, model));
        const what = `seed ${SEED + 3}, qubits ${mask.toString(2)}`;
        assert.equal(machine.abi.visible_qubits(), mask, what);
        assertModelReadBack(machine, { batch, labels }, what);
      }
    });

    it(`${build}: images and whatever is put in their place leave the program as it was`, () => {
      const rng = oracle.seededRng(SEED + 4);
      for (let trial = 0; trial < 24; trial++) {
        const qubits = 1 + (trial % 4);
        const model = localModel(rng, { qubits, features: 2 ** qubits });
        const machine = columns(build, model, { batch: 3 }).withParameters(oracle.randomTheta(rng, model));
        const { batch, labels } = oracle.randomBatch(rng, model, 3);
        const expected = machine.predict(batch);
        machine.checkpoint();
        machine.modelImage();
        assert.deepEqual(machine.predict(batch), expected, `trial ${trial}, after images`);
        const { abi } = machine;
        const area = new Uint8Array(abi.memory.buffer, abi.image_ptr(), abi.image_capacity());
        for (const byte of [0xff, 0x7f, 0]) {
          area.fill(byte);
          assert.deepEqual(machine.predict(batch), expected, `trial ${trial}, after bytes ${byte}`);
        }
        ok(abi.step_begin(3), 'step_begin');
        machine.fill(batch, labels);
        // A host that writes there during a step spoils the step, and nothing else.
        for (let slice = 0; slice < 1000 && abi.step_advance(1) === Status.More; slice++) area.fill(0xff);
        assert.deepEqual(machine.withParameters(oracle.randomTheta(rng, model)).predict(batch).length, 3);
      }
    });

    it(`${build}: a resumed run has the bits of an uninterrupted one`, () => {
      const rng = oracle.seededRng(SEED + 5);
      for (const [gradient, shots] of [
        ...GRADIENTS.map((gradient) => [gradient, 0]),
        ...SHOT_GRADIENTS.map((gradient) => [gradient, 12]),
      ]) {
        for (const rule of RULES.filter((each) =>
          canTrain(build, { rule: each, gradient, engine: Engine.Columns }),
        )) {
          const model = seeing(rng, 0b1011, 13, 2);
          const { batch, labels } = oracle.randomBatch(rng, model, 3);
          const fresh = () => {
            const machine = columns(build, model, { gradient, shots, rule, batch: 3 });
            ok(machine.abi.parameters_initialise(), 'initialise');
            return machine;
          };
          const whole = fresh();
          for (let t = 0; t < 3; t++) whole.step(batch, labels);
          const image = whole.checkpoint();
          const resumed = fresh();
          assert.equal(resumed.restore(image), Status.Ok);
          for (const machine of [whole, resumed]) for (let t = 0; t < 3; t++) machine.step(batch, labels);
          assert.deepEqual(wholeSnapshot(resumed), wholeSnapshot(whole), `${Rule[rule]}, ${shots} shots`);
        }
      }
    });
  }

  it('a checkpoint belongs to its engine', () => {
    const model = oracle.paperModel(2, 1, 4);
    for (const build of COLUMN_BUILDS) {
      const image = columns(build, model).checkpoint();
      assert.equal(new Machine(build, model).restore(image), Status.OtherConfiguration);
    }
  });

  it('a model of columns is read by every build, also as one of Engine.Auto', () => {
    const rng = oracle.seededRng(SEED + 6);
    for (let mask = 0; mask < 2 ** QUBITS; mask++) {
      const model = seeing(rng, mask, 16);
      const { batch } = oracle.randomBatch(rng, model, 2);
      const machine = columns('release', model).withParameters(oracle.randomTheta(rng, model));
      const expected = machine.predict(batch).flat();
      const image = machine.modelImage();
      const auto = withDouble(image, IMAGE_HEADER + 8 * Option.Engine, Engine.Auto);
      for (const build of BUILDS) {
        const abi = load(build);
        putImage(abi, image);
        assert.equal(abi.model_read(image.length), Status.Ok);
        for (const bytes of [image, auto]) {
          ok(abi.configure(Option.Batch, 1), 'configure');
          putImage(abi, bytes);
          ok(abi.model_read(bytes.length), `model_read, ${build}`);
          const other = Object.assign(Object.create(machine) as Machine, { abi, build });
          const tolerance = isSingle(build) ? 1e-5 : 1e-13;
          assertAllClose(
            other.predict(batch).flat(),
            expected,
            tolerance,
            `${build}, qubits ${mask.toString(2)}`,
          );
        }
      }
    }
  });
});
