/** Nothing that the ABI can be given traps, hangs or writes where it should not. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ABI_VERSION, Engine } from '../../../assembly/abi/codes.ts';
import { Fuzzer, fuzzed, knownTrace } from '../../fuzz/calls-at-random.ts';
import { BUILDS, hasColumns, isSingle, load, type TrainingBuild } from '../../support/core-harness.ts';
import { enginesOf } from '../../support/members.ts';
import * as oracle from '../../support/oracle/index.ts';

const SEED = 1016;
/** Sequences of calls, and calls in each. The debug build is slow and has the same source. */
const SEQUENCES: Record<TrainingBuild, number> = {
  release: 800,
  device: 400,
  'device-fast': 800,
  debug: 200,
  'device-f32': 400,
  'device-fast-f32': 800,
};
const LENGTH = 40;
/** Sequences that one instance lives through. */
const LIVES = 20;
/** Functions of the laid-out engines that answer with a number, or not-a-number. */
const LAID_OUT_ANSWERS = ['predict_effective', 'moments_loss'] as const;

for (const build of BUILDS) {
  describe(`abi: ${build}`, () => {
    it('every exported function is fuzzed', () => {
      const functions = Object.entries(load(build)).filter(([, value]) => typeof value === 'function');
      assert.deepEqual(functions.map(([name]) => name).sort(), fuzzed(build).sort());
    });

    it('says its version and its precision', () => {
      assert.equal(load(build).abi_version(), ABI_VERSION);
      assert.equal(load(build).real_bytes(), isSingle(build) ? 4 : 8);
    });

    it(`${SEQUENCES[build]} sequences of ${LENGTH} random calls, seed ${SEED}`, () => {
      const rng = oracle.seededRng(SEED);
      const expected = knownTrace(build);
      const done = new Map<Engine, number>();
      const answers = { predict_effective: 0, moments_loss: 0 };
      for (let sequence = 0; sequence < SEQUENCES[build]; sequence += LIVES) {
        const fuzzer = new Fuzzer(build, rng);
        for (let life = 0; life < LIVES; life++) {
          fuzzer.run(LENGTH);
          if (life % 5 === 4) {
            assert.equal(fuzzer.knownTrace(), expected, `sequence ${sequence + life}: ${fuzzer.history()}`);
          }
        }
        for (const name of LAID_OUT_ANSWERS) answers[name] += fuzzer.found[name];
        fuzzer.done.forEach((count, engine) => done.set(engine, count + (done.get(engine) ?? 0)));
      }
      for (const engine of enginesOf(build)) {
        const count = done.get(engine) ?? 0;
        // One in nine in the mean of seeds, of the engines that take fewest programs.
        assert.ok(
          count > SEQUENCES[build] / 16,
          `${Engine[engine]} got through ${count} steps and predictions`,
        );
      }
      if (!hasColumns(build)) return;
      // Rare: most configurations at random rule out the engines that lay circuits out.
      for (const name of LAID_OUT_ANSWERS) {
        assert.ok(answers[name] > SEQUENCES[build] / 100, `${name} gave ${answers[name]} numbers`);
      }
    });
  });
}
