/** Images with a valid checksum and lies inside: they may be refused or taken, but nothing traps and nothing lasts. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  Encoding,
  Engine,
  Loss,
  OPTION_COUNT,
  Option,
  Report,
  REPORT_COUNT,
  Rule,
  SQUARING_RULES,
  Status,
} from '../../assembly/abi/codes.ts';
import { REPORT } from '../../assembly/abi/report.table.ts';
import { knownTrace } from '../fuzz/calls-at-random.ts';
import {
  type Abi,
  type Build,
  BUILDS,
  hasColumns,
  load,
  Machine,
  ok,
  putImage,
} from '../support/core-harness.ts';
import { afterCount, IMAGE_HEADER, sealed, withDouble, withCount, withWord } from '../support/core-image.ts';
import { assertSameBits } from '../support/close.ts';
import { canTrain, rulesOf, ruleVectors } from '../support/members.ts';
import * as oracle from '../support/oracle/index.ts';

const SEED = 1016;
const HOSTILE = [
  NaN,
  Infinity,
  -Infinity,
  -1,
  0,
  0.5,
  1e300,
  -1e300,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  2 ** 63,
  5e-324,
];
const WORDS = [0, 1, 0xff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff];
const SHAPE = { qubits: 2, outputs: 2, logits: 2, encoding: Encoding.Amplitude, readoutError: 0.1 };
/** A model that each engine can run; columns with one qubit hidden from the observable. */
const MODELS: Partial<Record<Engine, oracle.OracleModel>> = {
  [Engine.Samples]: oracle.randomModel(oracle.seededRng(SEED), { ...SHAPE, features: 2 }),
  [Engine.Columns]: oracle.paperModel(3, 1, 7, {
    terms: [oracle.zTerm(0), oracle.zTerm(1, 1), oracle.zTerm(0, 1, 0.5)],
    outputs: 2,
    logits: 2,
    loss: Loss.CrossEntropy,
    readoutError: 0.1,
  }),
};

/** Uses whatever model the core holds now: predictions, two steps in slices, images, the trace. */
function use(abi: Abi): void {
  if (abi.parameter_count() === 0) return;
  const batch = Math.min(abi.option_value(Option.Batch), 2);
  const features = batch * abi.option_value(Option.Features) * abi.real_bytes();
  new Uint8Array(abi.memory.buffer, abi.features_ptr(), features).fill(0x3f);
  new Int32Array(abi.memory.buffer, abi.labels_ptr(), batch).fill(0);
  if (abi.option_value(Option.Shots) < 1000) abi.predict(batch, 5);
  abi.predict(batch, 0);
  for (let step = 0; step < 2; step++) {
    abi.step_begin(batch);
    for (let slice = 0; slice < 400; slice++) {
      if (abi.step_advance(1) !== Status.More) break;
    }
  }
  abi.step_begin(1);
  abi.trace_low();
  // Not in the builds with one engine.
  abi.step_work?.();
  abi.step_evaluations?.();
}

/** Whether a slot of the report can hold a number, by its kind. */
function isPossible(slot: number, value: number): boolean {
  switch (REPORT.find(({ number }) => number === slot)?.kind) {
    case 'count':
      return Number.isInteger(value) && value >= 0 && value <= 2 ** 53;
    case 'share':
      return value >= 0 && value <= 1;
    case 'number':
      return Number.isFinite(value);
    default:
      return true;
  }
}

/** Every build with every engine that it has. */
const CASES = BUILDS.flatMap((build): [Build, Engine][] => [
  [build, Engine.Samples],
  ...(hasColumns(build) ? [[build, Engine.Columns] as [Build, Engine]] : []),
]);

for (const [build, engine] of CASES) {
  const model = MODELS[engine] as oracle.OracleModel;
  const options = { rule: Rule.NlrGuarded, batch: 2, engine };

  describe(`hostile images: ${build}, ${Engine[engine]}`, () => {
    it('checkpoints that report nonsense', () => {
      const machine = new Machine(build, model, options);
      ok(machine.abi.parameters_initialise(), 'initialise');
      const { batch, labels } = oracle.randomBatch(oracle.seededRng(SEED), model, 2);
      machine.step(batch, labels);
      const image = machine.checkpoint();
      let taken = 0;
      for (let slot = 0; slot < REPORT_COUNT; slot++) {
        for (const value of HOSTILE) {
          const what = `${Report[slot]} = ${value}`;
          assert.ok(machine.restore(image) === Status.Ok, 'the sound one');
          const status = machine.restore(withDouble(image, IMAGE_HEADER + 8 * slot, value));
          assert.equal(status, isPossible(slot, value) ? Status.Ok : Status.BadContent, what);
          if (status === Status.Ok) taken += 1;
          else assertSameBits(machine.checkpoint(), image, `${what}: nothing has changed`);
          for (let step = 0; step < 2; step++) {
            ok(machine.abi.step_begin(2), 'step_begin');
            machine.fill(batch, labels);
            const made = machine.abi.step_advance(1e6);
            assert.ok([Status.Ok, Status.Diverged].includes(made), `${what}: ${made}`);
            if (made !== Status.Ok) continue;
            assert.ok(Number.isInteger(machine.report.Step) && machine.report.Step > 0, what);
            assert.ok(machine.parameters.every(Number.isFinite), what);
          }
        }
      }
      assert.ok(taken > 0);
      assert.equal(knownTrace(build, machine.abi), knownTrace(build));
    });

    it('checkpoints whose parameters and vectors are nonsense', () => {
      for (const rule of rulesOf(build)) {
        if (!canTrain(build, { ...options, rule })) continue;
        const machine = new Machine(build, model, { ...options, rule });
        ok(machine.abi.parameters_initialise(), 'initialise');
        const image = machine.checkpoint();
        const real = machine.abi.real_bytes();
        const from = IMAGE_HEADER + 8 * REPORT_COUNT;
        for (let at = from; at < image.length; at += real) {
          for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
            const changed = image.slice();
            const view = new DataView(changed.buffer);
            if (real === 8) view.setFloat64(at, value, true);
            else view.setFloat32(at, value, true);
            assert.equal(
              machine.restore(sealed(changed)),
              Status.BadContent,
              `${Rule[rule]}, ${value} at ${at}`,
            );
          }
        }
        assertSameBits(machine.checkpoint(), image, `${Rule[rule]}: nothing has changed`);
        if (!((SQUARING_RULES >> rule) & 1)) continue;
        // A mean of squares below zero, in the second vector or the only one.
        const changed = image.slice();
        const last = from + (1 + Math.min(ruleVectors(rule), 2)) * machine.parameters.length * real - 1;
        changed[last] = 0xbf;
        assert.equal(machine.restore(sealed(changed)), Status.BadContent, Rule[rule]);
      }
    });

    it('models with any word of the body replaced', () => {
      const image = new Machine(build, model, options).modelImage();
      const expected = knownTrace(build);
      let abi = load(build);
      let [taken, refused] = [0, 0];
      for (let at = IMAGE_HEADER; at + 4 <= image.length; at += 4) {
        for (const word of WORDS) {
          if (abi.image_capacity() < image.length) abi = load(build);
          putImage(abi, withWord(image, at, word));
          if (abi.model_read(image.length) === Status.Ok) {
            taken += 1;
            use(abi);
            ok(abi.configure(Option.Batch, 1), 'configure');
          } else {
            refused += 1;
            assert.equal(abi.predict(1, 0), Status.NotReady, 'a refused model leaves none behind');
          }
        }
        if (at % 64 === 0) assert.equal(knownTrace(build, abi), expected, `after the word at ${at}`);
        ok(abi.configure(Option.Batch, 1), 'configure');
      }
      assert.ok(taken > 100 && refused > 100, `${taken} taken, ${refused} refused`);
    });

    it('models whose options are each replaced by hostile numbers', () => {
      const image = withCount(new Machine(build, model, options).modelImage(), OPTION_COUNT);
      const abi = load(build);
      for (let key = 0; key < OPTION_COUNT; key++) {
        for (const value of [...HOSTILE, 16, 17, 64, 65]) {
          const bad = withDouble(image, IMAGE_HEADER + 8 * key, value);
          ok(abi.configure(Option.Batch, 1), 'configure');
          putImage(abi, bad);
          if (abi.model_read(bad.length) === Status.Ok) use(abi);
        }
      }
      assert.equal(knownTrace(build, abi), knownTrace(build));
    });

    it('models that claim more operations and terms than they bring, or fewer', () => {
      const image = new Machine(build, model, options).modelImage();
      const counts = afterCount(image);
      for (const at of [counts, counts + 4]) {
        for (const claimed of [0, 1, 2, 1000, 65535, 65536, 2 ** 31, 2 ** 32 - 1]) {
          const abi = load(build);
          putImage(abi, withWord(image, at, claimed));
          assert.ok(abi.model_read(image.length) < 0, `${claimed} at ${at}`);
        }
      }
    });
  });
}
