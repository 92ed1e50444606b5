/** Nothing that the ABI can be given traps, hangs or writes where it should not. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ABI_VERSION } from '../assembly/status.ts';
import { FUZZED, Fuzzer, knownTrace } from './core-fuzz.ts';
import { BUILDS, load } from './core-harness.ts';
import * as oracle from './oracle.ts';

const SEED = 1015;
/** Sequences of calls, and calls in each. The debug build is slow and has the same source. */
const SEQUENCES = { release: 800, device: 800, 'device-f32': 800, debug: 200 };
const LENGTH = 40;
/** Sequences that one instance lives through. */
const LIVES = 20;

for (const build of BUILDS) {
  describe(`abi: ${build}`, () => {
    it('every exported function is fuzzed', () => {
      const functions = Object.entries(load(build)).filter(([, value]) => typeof value === 'function');
      assert.deepEqual(functions.map(([name]) => name).sort(), [...FUZZED].sort());
    });

    it('says its version and its precision', () => {
      assert.equal(load(build).abi_version(), ABI_VERSION);
      assert.equal(load(build).real_bytes(), build === 'device-f32' ? 4 : 8);
    });

    it(`${SEQUENCES[build]} sequences of ${LENGTH} random calls, seed ${SEED}`, () => {
      const rng = oracle.seededRng(SEED);
      const expected = knownTrace(build);
      for (let sequence = 0; sequence < SEQUENCES[build]; sequence += LIVES) {
        const fuzzer = new Fuzzer(build, rng);
        for (let life = 0; life < LIVES; life++) {
          fuzzer.run(LENGTH);
          if (life % 5 === 4) {
            assert.equal(fuzzer.knownTrace(), expected, `sequence ${sequence + life}: ${fuzzer.history()}`);
          }
        }
      }
    });
  });
}
