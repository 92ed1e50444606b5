/** Checkpoints and model images: they go on with the same bits, and damaged or foreign ones change nothing. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  Engine,
  Gradient,
  Loss,
  Option,
  OPTION_COUNT,
  Report,
  REPORT_COUNT,
  Rule,
  Schedule,
  Status,
} from '../../../assembly/abi/codes.ts';
import { assertAllClose, assertSameBits } from '../../support/close.ts';
import {
  type Build,
  BUILDS,
  type CoreTraining,
  DOUBLE_BUILDS,
  isSingle,
  load,
  Machine,
  ok,
  putImage,
} from '../../support/core-harness.ts';
import {
  afterCount,
  CONFIGURATION_AT,
  COUNT_AT,
  countOf,
  crc32,
  IMAGE_HEADER,
  LENGTH_AT,
  sealed,
  VERSION_AT,
  withCount,
  withDouble,
  withWord,
} from '../../support/core-image.ts';
import { canTrain, GRADIENTS, RULES, SHOT_GRADIENTS } from '../../support/members.ts';
import * as oracle from '../../support/oracle/index.ts';
import { wholeSnapshot } from '../../support/training-runs.ts';

const SEED = 1011;
const rng = oracle.seededRng(SEED);
const MODEL = oracle.randomModel(rng, {
  qubits: 2,
  outputs: 2,
  logits: 2,
  diagonal: true,
  extraOperations: 3,
});
const { batch: SAMPLES, labels: LABELS } = oracle.randomBatch(rng, MODEL, 3);

/** A machine with fresh parameters. */
function fresh(build: Build, training: Partial<CoreTraining> = {}, model = MODEL): Machine {
  const machine = new Machine(build, model, { batch: 3, ...training });
  ok(machine.abi.parameters_initialise(), 'initialise');
  return machine;
}

function train(machine: Machine, steps: number): Machine {
  for (let t = 0; t < steps; t++) machine.step(SAMPLES, LABELS);
  return machine;
}

/** What a rule is trained with beside its defaults. */
const BESIDE: Readonly<Partial<Record<Rule, Partial<CoreTraining>>>> = {
  [Rule.Nlr]: { rate: 0.5 },
  [Rule.NlrGuarded]: { shots: 10, gradient: Gradient.ParameterShift },
  [Rule.Momentum]: { schedule: Schedule.Cosine, steps: 12 },
  [Rule.Adam]: { shots: 10, gradient: Gradient.ParameterShift },
};

/** Every rule, and every gradient. */
const TRAININGS: Partial<CoreTraining>[] = [
  ...RULES.map((rule) => ({ rule, ...BESIDE[rule] })),
  ...GRADIENTS.map((gradient) => ({ gradient })),
  ...SHOT_GRADIENTS.map((gradient) => ({ gradient, shots: 10 })),
];

describe('checkpoint: round trip', () => {
  it('a resumed run has the bits of an uninterrupted one', () => {
    for (const build of BUILDS) {
      for (const training of TRAININGS.filter((each) => canTrain(build, each))) {
        const whole = train(fresh(build, training), 4);
        const image = whole.checkpoint();
        const half = wholeSnapshot(whole);
        train(whole, 4);
        const resumed = fresh(build, training);
        assert.equal(resumed.restore(image), Status.Ok);
        assert.deepEqual(wholeSnapshot(resumed), half, 'as it was');
        assert.deepEqual(
          wholeSnapshot(train(resumed, 4)),
          wholeSnapshot(whole),
          `${build}, ${JSON.stringify(training)}`,
        );
      }
    }
  });

  it('going back on the same instance replays', () => {
    for (const build of BUILDS) {
      const machine = train(fresh(build, { rule: Rule.Adam }), 3);
      const image = machine.checkpoint();
      const first = wholeSnapshot(train(machine, 3));
      assert.equal(machine.restore(image), Status.Ok);
      assert.deepEqual(wholeSnapshot(train(machine, 3)), first);
    }
  });

  it('predictions with shots go on with the same draws too', () => {
    const shots = { shots: 10, gradient: Gradient.ParameterShift };
    for (const build of BUILDS) {
      const machine = fresh(build, shots);
      machine.predict(SAMPLES, 20);
      const image = machine.checkpoint();
      const expected = machine.predict(SAMPLES, 20);
      const resumed = fresh(build, shots);
      assert.equal(resumed.restore(image), Status.Ok);
      assert.deepEqual(resumed.predict(SAMPLES, 20), expected);
      assert.notDeepEqual(resumed.predict(SAMPLES, 20), expected, 'every prediction has draws of its own');
    }
  });

  it('passes between the double-precision builds', () => {
    const images = DOUBLE_BUILDS.map((build) => train(fresh(build, { rule: Rule.Adam }), 3).checkpoint());
    for (const image of images) assert.deepEqual(image, images[0]);
    const traces = DOUBLE_BUILDS.map((build) => {
      const machine = fresh(build, { rule: Rule.Adam });
      assert.equal(machine.restore(images[0]), Status.Ok);
      return train(machine, 3).trace;
    });
    assert.equal(new Set(traces).size, 1);
    assert.equal(fresh('device-f32', { rule: Rule.Adam }).restore(images[0]), Status.BadMagic);
  });
});

for (const build of BUILDS) {
  describe(`checkpoint: ${build}`, () => {
    const training = { rule: Rule.Adam };
    const machine = train(fresh(build, training), 2);
    const image = machine.checkpoint();
    train(machine, 1);
    const before = wholeSnapshot(machine);

    /** Asserts that the core refuses an image, and that nothing has changed. */
    const refuses = (bad: Uint8Array, length: number, what: string, status?: Status) => {
      machine.putImage(bad);
      const found = machine.abi.checkpoint_read(length);
      assert.ok(found < 0, `${what} was taken`);
      if (status !== undefined) assert.equal(found, status, what);
      assertSameBits(machine.reportSlots, before.report, what);
    };

    it('any changed byte is refused', () => {
      // Every value of every byte where it is quick, three of each elsewhere.
      const masks = build === 'device' ? Array.from({ length: 255 }, (_, i) => i + 1) : [0x01, 0x80, 0xff];
      for (let at = 0; at < image.length; at++) {
        for (const mask of masks) {
          const bad = image.slice();
          bad[at] ^= mask;
          refuses(bad, bad.length, `byte ${at} ^ ${mask}`);
        }
      }
      assert.deepEqual(wholeSnapshot(machine), before);
    });

    it('any other length is refused', () => {
      for (let length = 0; length < image.length; length++)
        refuses(image.slice(0, length), length, `${length}`);
      const longer = new Uint8Array(image.length + 16);
      longer.set(image);
      for (let extra = 1; extra <= 16; extra++) refuses(longer, image.length + extra, `${extra} more`);
      for (const length of [-1, -(2 ** 31), 2 ** 31 - 1, machine.abi.image_capacity() + 1]) {
        refuses(image, length, `length ${length}`, Status.BadLength);
      }
      for (const claimed of [0, IMAGE_HEADER, image.length - 1, image.length + 1, 2 ** 32 - 1]) {
        refuses(sealed(image, claimed), image.length, `a header that says ${claimed}`, Status.BadLength);
      }
      for (const length of [IMAGE_HEADER, image.length - 8, image.length + 8]) {
        const honest = sealed(longer.slice(0, length));
        refuses(honest, length, `sealed at ${length}`, Status.BadLength);
      }
      assert.deepEqual(wholeSnapshot(machine), before);
    });

    it('a newer version, another magic, kind or precision', () => {
      const newer = withWord(image, VERSION_AT, new DataView(image.buffer).getUint32(VERSION_AT, true) + 1);
      refuses(newer, newer.length, 'version 2', Status.OtherVersion);
      const magic = withWord(image, 0, 0x12345678);
      refuses(magic, magic.length, 'magic', Status.BadMagic);
      for (const at of [6, 7]) {
        for (const value of [0, 1, 3, 12, 255]) {
          const other = image.slice();
          other[at] = value;
          if (other[at] !== image[at]) refuses(sealed(other), other.length, `byte ${at}`, Status.BadMagic);
        }
      }
      const model = machine.modelImage();
      refuses(model, model.length, 'a model', Status.BadMagic);
      assert.deepEqual(wholeSnapshot(machine), before);
    });

    it('another configuration, whatever it differs in', () => {
      const others: [Partial<CoreTraining>, oracle.OracleModel][] = [
        [{ seed: [7, 7] }, MODEL],
        [{ rate: 0.011 }, MODEL],
        [{ headRate: 0.5 }, MODEL],
        [{ beta1: 0.8 }, MODEL],
        [{ beta2: 0.9 }, MODEL],
        [{ epsilon: 1e-4 }, MODEL],
        [{ steps: 1000 }, MODEL],
        [{ batch: 2 }, MODEL],
        [{ samples: 3 }, MODEL],
        [{ schedule: Schedule.Cosine }, MODEL],
        [{ gradient: Gradient.ParameterShift }, MODEL],
        [{}, { ...MODEL, readoutError: MODEL.readoutError / 2 + 0.01 }],
        [{}, { ...MODEL, terms: [...MODEL.terms].reverse() }],
        [{}, { ...MODEL, terms: MODEL.terms.map((term) => ({ ...term, coefficient: 1 })) }],
        [{}, { ...MODEL, operations: MODEL.operations.map((op) => ({ ...op, offset: op.offset + 1e-3 })) }],
        [{}, { ...MODEL, operations: MODEL.operations.slice(1) }],
      ];
      others.forEach(([changed, model], i) => {
        const other = fresh(build, { ...training, ...changed }, model);
        const held = wholeSnapshot(other);
        assert.equal(other.restore(image), Status.OtherConfiguration, `${i}`);
        assert.deepEqual(wholeSnapshot(other), held, `${i}`);
      });
      assert.equal(
        fresh(build, { ...training, rule: Rule.Momentum }).restore(image),
        Status.OtherConfiguration,
      );
    });

    it('a reseeded run does not go on under the old seed', () => {
      const shots = { shots: 10, gradient: Gradient.ParameterShift };
      const machine = fresh(build, shots);
      machine.abi.reseed(77, 7);
      train(machine, 2);
      const held = machine.checkpoint();
      assert.equal(fresh(build, shots).restore(held), Status.OtherConfiguration);
      assert.equal(fresh(build, { ...shots, seed: [77, 7] }).restore(held), Status.Ok);
    });

    it('one with shots that were drawn in another way is refused, one without goes on', () => {
      for (const [shots, status] of [
        [10, Status.OtherConfiguration],
        [0, Status.Ok],
      ]) {
        const training = { shots, gradient: Gradient.ParameterShift };
        const machine = fresh(build, training);
        train(machine, 2);
        const image = machine.checkpoint();
        const model = machine.modelImage();
        // The configuration as it was before it said how shots are drawn: the engine and the program.
        const program = model.slice(IMAGE_HEADER, model.length - 8 * machine.parameters.length);
        const engine = machine.abi.engine_in_use?.() ?? Engine.Samples;
        const before = withWord(image, CONFIGURATION_AT, crc32(program, engine));
        assert.equal(fresh(build, training).restore(before), status, `${shots} shots`);
      }
    });

    it('before compile', () => {
      assert.equal(load(build).checkpoint_write(), Status.NotReady);
      assert.equal(load(build).checkpoint_read(100), Status.NotReady);
      const empty = new Machine(build, MODEL, { batch: 3, ...training });
      ok(empty.abi.init(), 'init');
      assert.equal(empty.abi.checkpoint_write(), Status.NotReady);
      empty.putImage(image);
      assert.equal(empty.abi.checkpoint_read(image.length), Status.NotReady);
    });
  });

  describe(`model image: ${build}`, () => {
    const training = { rule: Rule.Momentum };
    const machine = train(fresh(build, training), 3);
    const image = machine.modelImage();
    const expected = machine.predict(SAMPLES);

    /** Loads a model into a core and puts it behind the same face. */
    const reload = (into: Build, bytes: Uint8Array, abi = load(into)) => {
      putImage(abi, bytes);
      ok(abi.model_read(bytes.length), 'model_read');
      const other = Object.create(machine) as Machine;
      return Object.assign(other, { abi, build: into });
    };

    it('needs nothing before it, predicts with the same bits and trains on as from the same parameters', () => {
      const other = reload(build, image);
      assertSameBits(other.parameters, machine.parameters, 'parameters');
      assert.deepEqual(other.predict(SAMPLES), expected);
      assert.deepEqual(other.modelImage(), image);
      assert.equal(other.reportSlots[Report.Step], 0);
      const again = fresh(build, training).withParameters(machine.parameters);
      again.predict(SAMPLES);
      assert.deepEqual(wholeSnapshot(train(other, 3)), wholeSnapshot(train(again, 3)));
    });

    it('replaces a model of any other size in the same instance', () => {
      for (const [qubits, layers] of [
        [1, 1],
        [5, 3],
      ]) {
        const { abi } = fresh(build, {}, oracle.paperModel(qubits, layers, 2));
        // The image area of a compiled model has room for images of its own size; without one, for any.
        ok(abi.configure(Option.Batch, 1), 'configure');
        assert.deepEqual(reload(build, image, abi).predict(SAMPLES), expected);
      }
    });

    it('is read by every other build', () => {
      for (const other of BUILDS) {
        const rows = reload(other, image).predict(SAMPLES).flat();
        const single = isSingle(other) !== isSingle(build);
        assertAllClose(rows, expected.flat(), single ? 1e-5 : 0, `${build} to ${other}`);
      }
    });

    it('any changed byte and any other length is refused and changes nothing', () => {
      const held = wholeSnapshot(machine);
      const refused = (bad: Uint8Array, length: number, what: string) => {
        machine.putImage(bad);
        assert.ok(machine.abi.model_read(length) < 0, `${what} was taken`);
      };
      for (let at = 0; at < image.length; at++) {
        const bad = image.slice();
        bad[at] ^= 1 + Math.floor(rng() * 255);
        refused(bad, bad.length, `byte ${at}`);
        refused(image.slice(0, at), at, `length ${at}`);
      }
      const longer = new Uint8Array(image.length + 8);
      longer.set(image);
      refused(longer, image.length + 1, 'one byte more');
      const newer = withWord(image, VERSION_AT, new DataView(image.buffer).getUint32(VERSION_AT, true) + 1);
      machine.putImage(newer);
      assert.equal(machine.abi.model_read(newer.length), Status.OtherVersion);
      machine.putImage(machine.checkpoint());
      assert.equal(machine.abi.model_read(machine.abi.checkpoint_write()), Status.BadMagic, 'a checkpoint');
      assert.deepEqual(wholeSnapshot(machine), held);
      assert.deepEqual(machine.predict(SAMPLES), expected);
    });

    it('a sealed image cut short or drawn out is refused', () => {
      const longer = new Uint8Array(image.length + 64);
      longer.set(image);
      for (let length = IMAGE_HEADER; length <= image.length + 64; length += 4) {
        if (length === image.length) continue;
        const abi = load(build);
        putImage(abi, sealed(longer.slice(0, length)));
        assert.ok(abi.model_read(length) < 0, `length ${length}`);
        assert.equal(abi.predict(1, 0), Status.NotReady);
      }
    });

    it('parameters that are not numbers are refused', () => {
      for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
        const abi = load(build);
        putImage(abi, withDouble(image, image.length - 8, value));
        assert.equal(abi.model_read(image.length), Status.BadNumber);
        assert.equal(abi.predict(1, 0), Status.NotReady);
      }
    });

    it('has the header it says: magic NLRV, length, CRC-32', () => {
      const view = new DataView(image.buffer);
      assert.equal(String.fromCharCode(...image.slice(0, 4)), 'NLRV');
      assert.equal(view.getUint32(LENGTH_AT, true), image.length);
      const blank = image.slice();
      blank.fill(0, 12, 16);
      assert.equal(view.getUint32(12, true), crc32(blank));
    });
  });
}

describe('model image: other shapes', () => {
  it('every loss, head and encoding survives', () => {
    for (let trial = 0; trial < 16; trial++) {
      const logits = trial % 4;
      const model = oracle.randomModel(rng, {
        logits,
        ...(logits === 0 ? { outputs: 1, loss: Loss.Hinge } : {}),
      });
      const theta = oracle.randomTheta(rng, model);
      const { batch } = oracle.randomBatch(rng, model, 2);
      for (const build of BUILDS) {
        const machine = new Machine(build, model).withParameters(theta);
        const expected = machine.predict(batch);
        const image = machine.modelImage();
        machine.parameters.fill(0);
        machine.putImage(image);
        ok(machine.abi.model_read(image.length), 'model_read');
        assert.deepEqual(machine.predict(batch), expected, `${build}, seed ${SEED}, trial ${trial}`);
      }
    }
  });
});

for (const build of BUILDS) {
  describe(`images of other versions: ${build}`, () => {
    const machine = new Machine(build, oracle.paperModel(2, 1, 4), { rule: Rule.Adam });
    const trained = () => machine.step([[1, 2, 3, 4]], [0]);

    it('a model leaves out the options that are 0 from the end', () => {
      const image = machine.modelImage();
      assert.equal(countOf(image), Option.Guard + 1, 'the readout error is 0');
    });

    it('a model with options of a later version is taken when they are 0, and refused when not', () => {
      // As large as an image with so many options.
      const larger = new Machine(build, oracle.paperModel(4, 1, 4));
      const image = withCount(larger.modelImage(), OPTION_COUNT + 3);
      const abi = load(build);
      putImage(abi, image);
      assert.equal(abi.model_read(image.length), Status.Ok);
      for (const value of [1, -1, Number.NaN]) {
        const later = withDouble(image, IMAGE_HEADER + 8 * (OPTION_COUNT + 2), value);
        ok(abi.configure(Option.Batch, 1), 'configure');
        putImage(abi, later);
        assert.equal(abi.model_read(later.length), Status.BadOption, `${value}`);
      }
    });

    it('a model without an option that cannot be 0, or with more options than bytes, is refused', () => {
      const image = machine.modelImage();
      const abi = load(build);
      const short = withCount(image, Option.Epsilon);
      putImage(abi, short);
      assert.equal(abi.model_read(short.length), Status.BadOption);
      for (const count of [image.length / 8, 2 ** 29, 2 ** 32 - 1]) {
        putImage(abi, withWord(image, COUNT_AT, count));
        assert.equal(abi.model_read(image.length), Status.BadLength, `${count}`);
      }
    });

    it('a checkpoint with fewer slots is taken, the others 0; one with more is of another version', () => {
      trained();
      const image = machine.checkpoint();
      const parameters = [...machine.parameters];
      assert.equal(countOf(image), REPORT_COUNT);
      const fewer = withCount(image, Report.StepShots);
      trained();
      assert.equal(machine.restore(fewer), Status.Ok);
      assert.deepEqual([...machine.parameters], parameters);
      const kept = [...new Float64Array(image.slice(IMAGE_HEADER, afterCount(image)).buffer)];
      assert.deepEqual(
        [...machine.reportSlots].map((value) => (Number.isNaN(value) ? null : value)),
        kept.map((value, slot) => (slot >= Report.StepShots ? 0 : Number.isNaN(value) ? null : value)),
      );
      assert.equal(machine.restore(withCount(image, REPORT_COUNT + 1)), Status.OtherVersion);
      assert.equal(machine.restore(withWord(image, COUNT_AT, REPORT_COUNT - 1)), Status.BadLength);
    });
  });
}
