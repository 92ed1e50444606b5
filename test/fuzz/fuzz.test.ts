/** The fuzzer itself, its corpus, and a bounded run of what `npm run fuzz` does at length. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { Status } from '../../assembly/abi/codes.ts';
import { Fuzzer, fuzzed } from './calls-at-random.ts';
import { BUILDS, load } from '../support/core-harness.ts';
import { caseSeed, emptyTally, FUZZED_BUILDS, outcomeOf, runCase } from './campaign.ts';
import { Canaries } from './canaries.ts';
import {
  CORPUS_BUILDS,
  corpusUrl,
  formatEntries,
  outcomeAtEnd,
  parseEntries,
  type Sequence,
} from './corpus.ts';
import { fastRng } from './draws.ts';

/** The seeds that were run at length. */
const campaigns: readonly { seed: number; calls: number }[] = JSON.parse(
  readFileSync(new URL('corpus/campaigns.json', import.meta.url), 'utf8'),
);
const { seed: SEED } = campaigns[0];
/** Calls per build in the bounded run: the first cases of the first campaign, `npm run fuzz -- --seed 1`. */
const CALLS = 500_000;
/** Of the build that only predicts: its models come from another, which takes time, and it has half the functions. */
const PREDICTING_CALLS = 100_000;

/** What only builds with all engines can come to: the caller measures there, samples have weights, observables are checked. */
const OF_ALL: readonly string[] = ['Asked', 'BadCounts', 'BadWeight', 'BadObservable'];
/** What only builds with one engine can: they refuse large angles. */
const OF_ONE: readonly string[] = ['BadAngle'];

function corpusOf(build: (typeof CORPUS_BUILDS)[number]): Sequence[] {
  return JSON.parse(readFileSync(corpusUrl(build), 'utf8'));
}

/** Statuses up to the latest that any corpus has: those since were not there to be found. */
const KNOWN = (() => {
  const reached = CORPUS_BUILDS.flatMap(corpusOf).map(({ reaches }) => reaches.split(' ')[1]);
  const numberOf = (name: string) => Status[name as keyof typeof Status] ?? 0;
  const latest = Math.min(...reached.map(numberOf));
  return Object.keys(Status).filter((name) => Number.isNaN(Number(name)) && numberOf(name) >= latest);
})();

for (const build of CORPUS_BUILDS) {
  describe(`fuzz: corpus of ${build}`, () => {
    const corpus = corpusOf(build);

    it('reaches what it says (if not, after a change: npm run fuzz -- --corpus)', () => {
      for (const { reaches, calls } of corpus) {
        assert.equal(outcomeAtEnd(build, parseEntries(calls)), reaches, calls);
      }
    });

    it('has every function and every status', () => {
      const words = corpus.map(({ reaches }) => reaches.split(' '));
      assert.deepEqual([...new Set(words.map(([name]) => name))].sort(), fuzzed(build).sort());
      const reached = new Set(words.map(([, outcome]) => outcome));
      const missing = KNOWN.filter((name) => !reached.has(name));
      assert.deepEqual(missing, 'tell' in load(build) ? OF_ONE : OF_ALL);
    });

    it('harms no other build', () => {
      for (const other of BUILDS) {
        for (const { calls } of corpus) outcomeAtEnd(other, parseEntries(calls));
      }
    });
  });
}

describe('fuzz: bounded run', () => {
  for (const build of FUZZED_BUILDS) {
    const calls = 'step_begin' in load(build) ? CALLS : PREDICTING_CALLS;
    it(`${build}: ${calls} calls, seed ${SEED}`, () => {
      const tally = emptyTally();
      for (let index = FUZZED_BUILDS.indexOf(build); tally.calls < calls; index += FUZZED_BUILDS.length) {
        runCase(build, caseSeed(SEED, index), tally);
      }
    });
  }
});

describe('fuzz: the fuzzer', () => {
  it('draws the same case from the same seed, and another from another', () => {
    const logOf = (seed: number) => {
      const log: string[] = [];
      runCase('device-fast', seed, emptyTally(), (_, name, result) => log.push(outcomeOf(name, result)));
      return log.join('\n');
    };
    assert.equal(logOf(caseSeed(3, 4)), logOf(caseSeed(3, 4)));
    assert.notEqual(logOf(caseSeed(3, 4)), logOf(caseSeed(3, 5)));
    assert.notEqual(logOf(caseSeed(3, 4)), logOf(caseSeed(4, 4)));
  });

  it('keeps a sequence as text, to the bit', () => {
    const entries = [
      { name: 'configure', args: [0, -0] },
      { name: 'configure', args: [-5, Number.NaN] },
      { name: 'configure', args: [3, Number.NEGATIVE_INFINITY] },
      { name: 'tell', args: [0, 5e-324] },
      { name: 'image_ptr', args: [], bytes: Buffer.from([0, 255]) },
      { name: 'init', args: [] },
    ];
    assert.deepEqual(parseEntries(formatEntries(entries)), entries);
  });

  for (const build of FUZZED_BUILDS) {
    it(`notices a stray write, ${build}`, () => {
      const history = () => 'a test';
      // One build does not say where its data ends; images go where the arena begins.
      const { __heap_base, image_ptr } = load(build);
      const end = (__heap_base as WebAssembly.Global<'i32'> | undefined)?.value ?? image_ptr();
      const arena = Math.ceil(end / 16) * 16;
      const constant = new Uint8Array(load(build).memory.buffer).findIndex((byte) => byte !== 0);
      assert.ok(constant > 0 && constant < arena, `${constant}`);
      for (const [at, message] of [
        [3, /byte 3 changed in a test/],
        [constant, /the constant at \d+ changed in a test/],
        [arena + 100, /byte \d+ behind the arena changed in a test/],
        [65535, /byte 65535 behind the arena changed in a test/],
      ] as const) {
        const abi = load(build);
        const canaries = new Canaries(abi);
        canaries.protect(arena + 100, history);
        canaries.check(history);
        new Uint8Array(abi.memory.buffer)[at] ^= 1;
        assert.throws(() => canaries.check(history), message);
      }
    });
  }

  it('notices a trap and says what led to it', () => {
    const fuzzer = new Fuzzer('device', fastRng(1));
    fuzzer.call('plan', []);
    assert.throws(() => fuzzer.call('no_such_call', [7]), /in device: plan\(\); no_such_call\(7\)/);
  });
});
