/** The module inside the library's entry, which only predicts: with the bits of the builds that train. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  Answerer,
  Encoding,
  Engine,
  Gradient,
  Loss,
  Option,
  REPORT_COUNT,
  Report,
  Rule,
  Status,
} from '../../assembly/abi/codes.ts';
import { EXPORTS } from '../../host/build/profiles.mjs';
import { assertSameBits } from '../support/close.ts';
import { type Abi, type CoreTraining, load, Machine, ok, putImage } from '../support/core-harness.ts';
import { IMAGE_HEADER, sealed } from '../support/core-image.ts';
import { LOSSES_AND_LOGITS } from '../support/core-models.ts';
import * as oracle from '../support/oracle/index.ts';

const SEED = 1071;
const SHOTS = [0, 1, 40];
const RULES = [Rule.Nlr, Rule.NlrGuarded, Rule.Sgd, Rule.Momentum, Rule.RmsProp, Rule.Adam];

/** What a prediction leaves behind: outputs, their loss, and how many predictions there were. */
function left(abi: Abi, count: number): number[] {
  const { buffer } = abi.memory;
  const width = Math.max(abi.option_value(Option.Logits), 1);
  const report = new Float64Array(buffer, abi.report_ptr(), REPORT_COUNT);
  return [
    ...new Float64Array(buffer, abi.outputs_ptr(), count * width),
    report[Report.EvaluatedLoss],
    report[Report.Predictions],
  ];
}

/** Puts samples and labels in place, as many as a mini-batch has. */
function fill(abi: Abi, samples: readonly number[][], labels: readonly number[]): void {
  const { buffer } = abi.memory;
  const features = samples.flat();
  new Float64Array(buffer, abi.features_ptr(), features.length).set(features);
  new Int32Array(buffer, abi.labels_ptr(), labels.length).set(labels);
}

/** Predicts samples, exactly and with shots, at once or `work` at a time. */
function predictions(
  abi: Abi,
  samples: readonly number[][],
  labels: readonly number[],
  work?: number,
): number[] {
  return SHOTS.flatMap((shots) => {
    fill(abi, samples, labels);
    const count = samples.length;
    if (work === undefined) {
      ok(abi.predict(count, shots), 'predict');
      return left(abi, count);
    }
    ok(abi.predict_begin(count, shots), 'predict_begin');
    for (let slices = 0; ok(abi.step_advance(work), 'step_advance') === Status.More; slices++) {
      assert.ok(slices < 1e5, 'comes to an end');
      assert.equal(abi.predict(count, shots), Status.Busy);
    }
    return left(abi, count);
  });
}

/** An instance of a build that has read a model, and the status of that. */
function reading(build: 'compact' | 'device' | 'release', image: Uint8Array): [Abi, number] {
  const abi = load(build);
  putImage(abi, image);
  return [abi, abi.model_read(image.length)];
}

describe('compact: predictions', () => {
  for (const encoding of [Encoding.Zero, Encoding.Amplitude]) {
    for (const [loss, logits] of LOSSES_AND_LOGITS) {
      it(`${Encoding[encoding]}, ${Loss[loss]}, ${logits} logits: the bits of the device build, in slices too`, () => {
        const rng = oracle.seededRng(SEED + 100 * encoding + 10 * loss + logits);
        for (const diagonal of [false, true]) {
          for (const qubits of [1, 3, 4]) {
            const outputs = logits === 0 ? 1 : 2;
            const model = oracle.randomModel(rng, { qubits, encoding, loss, logits, outputs, diagonal });
            const theta = oracle.randomTheta(rng, model);
            const { batch, labels } = oracle.randomBatch(rng, model, 3);
            labels[2] = -1;
            const from = (build: 'compact' | 'device') =>
              new Machine(build, model, { batch: 3 }).withParameters(theta).abi;
            const expected = predictions(from('device'), batch, labels);
            assertSameBits(predictions(from('compact'), batch, labels), expected, 'at once');
            for (const work of [1, 7, 50]) {
              assertSameBits(predictions(from('compact'), batch, labels, work), expected, `by ${work}`);
            }
          }
        }
      });
    }
  }

  it('other seeds, other shots', () => {
    const model = oracle.paperModel(3, 1, 8);
    const theta = oracle.randomTheta(oracle.seededRng(SEED + 1), model);
    const { batch, labels } = oracle.randomBatch(oracle.seededRng(SEED + 2), model, 2);
    const [device, compact] = (['device', 'compact'] as const).map((build) => {
      const { abi } = new Machine(build, model).withParameters(theta);
      const before = predictions(abi, batch, labels);
      assert.equal(abi.reseed(7, 8), Status.Ok);
      const after = predictions(abi, batch, labels);
      assert.notDeepEqual(after.slice(-4), before.slice(-4));
      return [...before, ...after];
    });
    assertSameBits(compact, device, 'reseeded');
  });

  it('refuse what every build refuses, and can be given up', () => {
    const model = oracle.paperModel(2, 1, 4);
    const { batch, labels } = oracle.randomBatch(oracle.seededRng(SEED + 3), model, 2);
    for (const build of ['device', 'compact'] as const) {
      assert.equal(load(build).predict(1, 0), Status.NotReady);
      const { abi } = new Machine(build, model);
      assert.equal(abi.step_advance(1), Status.NotReady);
      assert.deepEqual([abi.predict(3, 0), abi.predict(1, -1)], [Status.BadIndex, Status.BadOption]);
      fill(abi, batch, [2, 0]);
      assert.equal(abi.predict(2, 0), Status.BadLabel);
      fill(abi, [[0, 0, 0, 0]], [0]);
      assert.equal(abi.predict(1, 0), Status.BadSample);
      assert.equal(abi.predict_begin(2, 0), Status.Ok);
      assert.equal(abi.step_advance(1), Status.More);
      assert.equal(abi.reseed(1, 2), Status.Busy);
      abi.step_abandon();
      fill(abi, batch, labels);
      assert.equal(abi.predict(2, 0), Status.Ok);
    }
  });
});

/** A model with two steps of training behind it, written by the release build. */
function trained(rng: oracle.Rng, model: oracle.OracleModel, training: Partial<CoreTraining>) {
  const machine = new Machine('release', model, { batch: 3, ...training });
  const { batch, labels } = oracle.randomBatch(rng, model, 3);
  ok(machine.abi.parameters_initialise(), 'initialise');
  for (let step = 0; step < 2; step++) machine.step(batch, labels);
  return { image: machine.modelImage(), parameters: machine.parameters, batch, labels };
}

describe('compact: models of the release build', () => {
  for (const rule of RULES) {
    it(`${Rule[rule]}, every engine and gradient: the bits of the device build`, () => {
      const rng = oracle.seededRng(SEED + 200 + rule);
      for (const engine of [Engine.Auto, Engine.Samples, Engine.Columns, Engine.Heisenberg]) {
        for (const gradient of [Gradient.Adjoint, Gradient.ParameterShift]) {
          if (engine === Engine.Heisenberg && gradient === Gradient.ParameterShift) continue;
          for (const logits of [0, 3]) {
            const loss = logits === 0 ? Loss.MeanSquare : Loss.CrossEntropy;
            const shape = { qubits: 3, linear: true, encoding: Encoding.Amplitude, logits, outputs: 2 };
            const model = oracle.randomModel(rng, { ...shape, outputs: logits === 0 ? 1 : 2, loss });
            const shots = gradient === Gradient.ParameterShift && logits === 3 ? 20 : 0;
            const options = { rule, engine, gradient, shots };
            const { image, parameters, batch, labels } = trained(rng, model, options);
            const what = `${Engine[engine]}, ${Gradient[gradient]}, ${logits} logits`;
            const [compact, status] = reading('compact', image);
            assert.equal(status, Status.Ok, what);
            const own = new Float64Array(compact.memory.buffer, compact.parameters_ptr(), parameters.length);
            assertSameBits(own, parameters, what);
            const [device] = reading('device', image);
            const expected = predictions(device, batch, labels);
            assertSameBits(predictions(compact, batch, labels), expected, what);
            assertSameBits(
              predictions(reading('compact', image)[0], batch, labels, 3),
              expected,
              `${what}, in slices`,
            );
          }
        }
      }
    });
  }

  it('measured by the caller while training', () => {
    const rng = oracle.seededRng(SEED + 300);
    const model = oracle.paperModel(3, 1, 8);
    const options = { gradient: Gradient.ParameterShift, shots: 10, answerer: Answerer.Caller, batch: 3 };
    const machine = new Machine('release', model, options);
    ok(machine.abi.parameters_initialise(), 'initialise');
    const { batch, labels } = oracle.randomBatch(rng, model, 3);
    const image = machine.modelImage();
    const [[compact, status], [device]] = [reading('compact', image), reading('device', image)];
    assert.equal(status, Status.Ok);
    assertSameBits(predictions(compact, batch, labels), predictions(device, batch, labels), 'asked');
  });

  it('damaged and sealed again: the answers of the device build, and no trap', () => {
    const rng = oracle.seededRng(SEED + 400);
    const answers = new Map<number, number>();
    for (const logits of [0, 2]) {
      const loss = logits === 0 ? Loss.MeanSquare : Loss.CrossEntropy;
      const model = oracle.randomModel(rng, { qubits: 2, logits, outputs: 1, loss });
      const { image, batch, labels } = trained(rng, model, {});
      for (let trial = 0; trial < 3000; trial++) {
        const changed = image.slice();
        const body = image.length - IMAGE_HEADER;
        if (trial % 2 === 0) {
          changed[IMAGE_HEADER + oracle.randomInteger(rng, body)] = oracle.randomInteger(rng, 256);
        } else {
          const at = IMAGE_HEADER + 8 * oracle.randomInteger(rng, Math.floor(body / 8));
          new DataView(changed.buffer).setFloat64(at, oracle.randomInteger(rng, 9) - 1, true);
        }
        const [device, expected] = reading('device', sealed(changed));
        // Where a page is too small, or an angle too large, the other may go on.
        if (expected === Status.OutOfMemory) continue;
        const [compact, status] = reading('compact', sealed(changed));
        assert.equal(status, expected, `trial ${trial}`);
        answers.set(status, (answers.get(status) ?? 0) + 1);
        const room = [Option.Batch, Option.Features].map((key) => compact.option_value(key));
        if (status !== Status.Ok || room[0] !== 3 || room[1] !== model.features) continue;
        for (const abi of [device, compact]) fill(abi, batch, labels);
        const predicted = device.predict(3, 5);
        if (predicted === Status.BadAngle) continue;
        assert.equal(compact.predict(3, 5), predicted, `trial ${trial}`);
        assertSameBits(left(compact, 3), left(device, 3), `trial ${trial}`);
      }
    }
    assert.ok((answers.get(Status.Ok) ?? 0) > 500 && answers.size > 3, JSON.stringify([...answers]));
  });
});

describe('compact: without training', () => {
  it('has none of its exports', () => {
    const abi = load('compact');
    for (const name of EXPORTS.TRAINS) {
      assert.ok(!(name in abi), name);
      assert.ok(name in load('device'), name);
    }
  });

  it('a checkpoint is no model', () => {
    const machine = new Machine('release', oracle.paperModel(2, 1, 4));
    ok(machine.abi.parameters_initialise(), 'initialise');
    assert.equal(reading('compact', machine.checkpoint())[1], Status.BadMagic);
  });
});
