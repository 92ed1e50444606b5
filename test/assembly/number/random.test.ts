/** The core's random stream against published vectors and the oracle's own generator, draw for draw. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Loss, Option, Status } from '../../../assembly/abi/codes.ts';
import { assertSameBits } from '../../support/close.ts';
import { within } from '../../support/tolerance.ts';
import { type Build, BUILDS, isSingle, load, Machine, ok } from '../../support/core-harness.ts';
import { drawnBatch } from '../../support/core-oracle.ts';
import * as oracle from '../../support/oracle/index.ts';
import { assertChiSquared } from '../../support/statistics.ts';

const SEEDS: [number, number][] = [
  [0, 0],
  [1, 0],
  [0, 1],
  [0xffffffff, 0xffffffff],
  [0xa4093822, 0x299f31d0],
];

/** A uniform number as the build makes it of two words, low first: 53 or 24 bits. */
function uniformOf(build: Build, source: oracle.WordSource): number {
  if (!isSingle(build)) return oracle.uniform53(source);
  source.word();
  return (source.word() >>> 8) * 2 ** -24;
}

/** The initial parameters, in the build's precision. */
function initialParameters(build: Build, model: oracle.OracleModel, seed: [number, number]): number[] {
  const round = isSingle(build) ? Math.fround : Number;
  const stream = new oracle.Stream(seed, [0, 0, oracle.INITIALISE_PURPOSE]);
  const width = Math.sqrt(6 / (model.outputs + model.logits));
  return Array.from({ length: oracle.parameterCount(model) }, (_, i) => {
    if (i >= model.parameters + model.logits * model.outputs) return 0;
    const half = round(i < model.parameters ? Math.PI : width);
    return round(round(2 * half * uniformOf(build, stream)) - half);
  });
}

for (const build of BUILDS) {
  describe(`random: ${build}`, () => {
    it('the known answer of Random123 for counter 0 and key 0 makes the first two angles', () => {
      const machine = new Machine(build, oracle.paperModel(2, 1, 4), { seed: [0, 0] });
      ok(machine.abi.parameters_initialise(), 'initialise');
      const words = [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8];
      const round = isSingle(build) ? Math.fround : Number;
      const pi = round(Math.PI);
      for (const [i, low, high] of [
        [0, words[0], words[1]],
        [1, words[2], words[3]],
      ]) {
        const bits = high * 2 ** 21 + (low >>> 11);
        const u = isSingle(build) ? (high >>> 8) * 2 ** -24 : bits * 2 ** -53;
        assert.equal(machine.parameters[i], round(round(2 * pi * u) - pi));
      }
    });

    it('initial parameters: angles in [-pi, pi), Xavier weights, biases 0, to the last bit', () => {
      for (const seed of SEEDS) {
        for (const logits of [0, 1, 4]) {
          const outputs = logits === 0 ? 1 : 3;
          const terms = Array.from({ length: outputs }, (_, k) => oracle.zTerm(k, k));
          const loss = Loss.CrossEntropy;
          const model = oracle.paperModel(3, 2, 8, { outputs, logits, terms, loss });
          const machine = new Machine(build, model, { seed });
          assert.deepEqual([...machine.parameters], new Array(machine.parameters.length).fill(0), 'before');
          ok(machine.abi.parameters_initialise(), 'initialise');
          assertSameBits(machine.parameters, initialParameters(build, model, seed), `seed ${seed}`);
        }
      }
    });

    it('initial angles spread evenly over [-pi, pi) (seed 3, chi-squared, 5 sigma)', () => {
      const model = oracle.paperModel(1, 1, 2, { parameters: 600 });
      const machine = new Machine(build, model, { seed: [3, 0] });
      ok(machine.abi.parameters_initialise(), 'initialise');
      const counts = new Array<number>(20).fill(0);
      for (const angle of machine.parameters)
        counts[Math.floor(((angle + Math.PI) / (2 * Math.PI)) * 20)] += 1;
      assertChiSquared(counts, new Array(20).fill(1 / 20), 'angles');
    });

    it('initialising again gives the same parameters and forgets all progress', () => {
      const machine = new Machine(build, oracle.paperModel(2, 1, 4));
      ok(machine.abi.parameters_initialise(), 'initialise');
      const [first, fresh] = [machine.parameters.slice(), machine.checkpoint()];
      for (let step = 0; step < 3; step++) machine.step([[1, 2, 3, 4]], [1]);
      assert.notDeepEqual(machine.parameters, first);
      ok(machine.abi.step_begin(1), 'step_begin');
      assert.equal(machine.abi.parameters_initialise(), Status.Busy);
      machine.finish();
      ok(machine.abi.parameters_initialise(), 'initialise');
      assert.deepEqual(machine.parameters, first);
      assert.deepEqual(machine.checkpoint(), fresh);
      assert.equal(load(build).parameters_initialise(), Status.NotReady);
    });

    it('reseed is the seed of what is drawn from then on, and leaves the rest', () => {
      const model = oracle.paperModel(3, 2, 8);
      const machine = new Machine(build, model, { seed: [1, 2] });
      for (const [low, high] of SEEDS) {
        machine.abi.reseed(low, high);
        assert.equal(machine.abi.option_value(Option.SeedLow), low);
        assert.equal(machine.abi.option_value(Option.SeedHigh), high);
        ok(machine.abi.parameters_initialise(), 'initialise');
        assertSameBits(machine.parameters, initialParameters(build, model, [low, high]), `${low}, ${high}`);
      }
    });

    it('mini-batches are the subsets that the oracle draws, step by step', () => {
      const model = oracle.paperModel(1, 1, 2);
      for (const [samples, batch, seed] of [
        [1, 1, [1, 0]],
        [5, 5, [2, 9]],
        [100, 7, [3, 0]],
        [2 ** 31 - 1, 16, [4, 0]],
        [60_000, 32, [0xffffffff, 0xffffffff]],
      ] as [number, number, [number, number]][]) {
        const machine = new Machine(build, model, { samples, batch, seed });
        const data = Array.from({ length: batch }, () => [1, 2]);
        const zeros = new Array<number>(batch).fill(0);
        for (let step = 0; step < 5; step++) {
          ok(machine.abi.step_begin(batch), 'step_begin');
          const expected = drawnBatch(machine.training, step);
          assert.deepEqual(machine.indices, expected, `${batch} of ${samples}, step ${step}`);
          assert.equal(new Set(expected).size, batch);
          ok(machine.abi.step_begin(batch), 'begun again');
          assert.deepEqual(machine.indices, expected, 'the same draw');
          machine.fill(data, zeros);
          machine.finish();
        }
      }
    });

    it('every sample is drawn as often (seed 6, 5 sigma)', () => {
      const machine = new Machine(build, oracle.paperModel(1, 1, 2), { samples: 10, batch: 3, seed: [6, 0] });
      const [steps, counts] = [2000, new Array<number>(10).fill(0)];
      for (let step = 0; step < steps; step++) {
        ok(machine.abi.step_begin(3), 'step_begin');
        for (const index of machine.indices) counts[index] += 1;
        machine.fill([[1], [1], [1]], [0, 1, 0]);
        machine.finish();
      }
      const bound = 5 * Math.sqrt(steps * 0.3 * 0.7);
      for (const count of counts) assert.ok(Math.abs(count - 0.3 * steps) < bound, `${counts}`);
    });
  });
}

describe('random: precision', () => {
  it('single-precision angles are the double ones, coarser', () => {
    const [double, single] = (['release', 'device-f32'] as const).map((build) => {
      const machine = new Machine(build, oracle.paperModel(3, 2, 8));
      ok(machine.abi.parameters_initialise(), 'initialise');
      return machine.parameters;
    });
    const bound = within('device-f32', 0, 1e-6);
    double.forEach((angle, i) => {
      assert.ok(Math.abs(angle - single[i]) < bound, `${angle}, ${single[i]}`);
    });
  });
});
