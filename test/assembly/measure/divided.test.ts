/**
 * Shots that are divided among outcomes, called directly in both precisions, with SIMD and without: against the oracle draw
 * for draw, whatever the probabilities, for any number of shots and of outcomes. The modules are compiled here, for the core
 * exports no draw.
 */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { MAX_SHOTS } from '../../../assembly/abi/codes.ts';
import { compileEntry, ENTRY_TARGETS } from '../../support/entry-module.ts';
import * as oracle from '../../support/oracle/index.ts';

const ENTRY = 'test/assembly/measure/divided-entry.ts';
const SEED = 1113;
const PAGES = 2;
const MOST_BITS = 10;

/** The exports of test/assembly/measure/divided-entry.ts. */
interface Divided {
  readonly memory: WebAssembly.Memory;
  begin(seed: number, bits: number, shots: number, samples: number, wide: number): void;
  setChance(lane: number, row: number, chance: number): void;
  end(bits: number): number;
  divide(step: number): number;
  count(lane: number, row: number): number;
}

type Name = keyof typeof ENTRY_TARGETS;
const NAMES = Object.keys(ENTRY_TARGETS) as Name[];

type Rng = () => number;

/** The values as parts of their sum. */
function shares(values: readonly number[], sum = 1): number[] {
  const all = values.reduce((a, b) => a + b, 0);
  return values.map((value) => (value / all) * sum);
}

const filled = (rows: number, of: (row: number) => number) =>
  Array.from({ length: rows }, (_, row) => of(row));
const placed = (rows: number, values: readonly number[], rng: Rng) => {
  const all = filled(rows, () => 0);
  for (const value of values) all[oracle.randomInteger(rng, rows)] += value;
  return all;
};

/** Probabilities of every kind; `least` is the least number of the build above 0, `ulp` that of 1. */
const KINDS: Readonly<Record<string, (rows: number, rng: Rng, least: number, ulp: number) => number[]>> = {
  even: (rows) => filled(rows, () => 1 / rows),
  any: (rows, rng) => shares(filled(rows, rng)),
  uneven: (rows, rng) => shares(filled(rows, () => rng() ** 30)),
  'one for certain': (rows, rng) => placed(rows, [1], rng),
  'one of two': (rows, rng) => placed(rows, [0.3, 0.7], rng),
  'all least': (rows, rng, least) =>
    filled(rows, (row) => least * (row === 0 ? 3 : oracle.randomInteger(rng, 4))),
  'a part of the whole': (rows, rng) => shares(filled(rows, rng), 0.9),
  'more than the whole': (rows, rng) => shares(filled(rows, rng), 1 + 1e-3),
  'the first almost certain': (rows, _, __, ulp) => filled(rows, (row) => (row === 0 ? 1 - ulp : ulp)),
  'the last almost certain': (rows, _, __, ulp) => filled(rows, (row) => (row === rows - 1 ? 1 : ulp / 4)),
  'rounded below nothing': (rows, rng, _, ulp) =>
    shares(placed(rows, [1, 1], rng)).map((p) => (p === 0 ? -ulp * rng() : p)),
};

const SHOTS = [0, 1, 2, 3, 19, 20, 49, 50, 51, 1000, MAX_SHOTS];

/** The oracle's counts: a draw for each range, from the whole down. */
function divided(
  chances: readonly number[],
  shots: number,
  seed: number,
  step: number,
  sample: number,
  rounded: (x: number) => number,
) {
  const rows = chances.length;
  const sums = [0];
  chances.forEach((p, row) => sums.push(rounded(row === 0 ? p : sums[row] + p)));
  const streams = oracle.shotStreams([seed, 0], sample, step, 0);
  const fallen = [0, shots];
  for (let range = 1; range < rows; range++) {
    const width = rows >> Math.floor(Math.log2(range));
    const first = range * width - rows;
    const [before, middle, behind] = [first, first + width / 2, first + width].map((row) => sums[row]);
    const chance = rounded(rounded(middle - before) / rounded(behind - before));
    const lower = fallen[range] === 0 ? 0 : oracle.binomialDraw(streams.range(range), fallen[range], chance);
    fallen[2 * range] = lower;
    fallen[2 * range + 1] = fallen[range] - lower;
  }
  return fallen.slice(rows);
}

const modules = new Map<Name, Divided>();
before(async () => {
  for (const name of NAMES)
    modules.set(name, await compileEntry(ENTRY, ENTRY_TARGETS[name], { pages: PAGES }));
});

for (const name of NAMES) {
  const single = ENTRY_TARGETS[name][0] === 'f32';
  const rounded = single ? Math.fround : Number;
  const [least, ulp] = single ? [2 ** -149, 2 ** -24] : [Number.MIN_VALUE, 2 ** -53];

  describe(`divided shots: ${name}`, () => {
    it(`are the oracle's, whatever the probabilities, within their memory (seed ${SEED})`, () => {
      const core = modules.get(name) as Divided;
      const rng = oracle.seededRng(SEED);
      let step = 0;
      for (let bits = 1; bits <= MOST_BITS; bits++) {
        const rows = 2 ** bits;
        for (const [kind, make] of Object.entries(KINDS)) {
          for (const shots of bits > 6 ? [51, 1000, MAX_SHOTS] : SHOTS) {
            step++;
            const wide = name === 'f64, SIMD' && step % 5 === 0;
            const samples = wide || step % 3 === 0 ? 1 : 2;
            core.begin(SEED + step, bits, shots, samples, Number(wide));
            const chances = Array.from({ length: samples }, () => make(rows, rng, least, ulp).map(rounded));
            // What else is there is nothing's business: no number, and the bytes behind.
            for (let lane = 0; lane < 2; lane++)
              for (let row = 0; row < rows; row++)
                core.setChance(lane, row, chances[lane]?.[row] ?? Number.NaN);
            const behind = new Uint8Array(core.memory.buffer, core.end(bits), 64).fill(0xa5);
            const what = `${rows} rows, ${kind}, ${shots} shots, step ${step}`;
            assert.ok(core.divide(step) <= samples * rows, what);
            assert.ok(
              behind.every((byte) => byte === 0xa5),
              what,
            );
            chances.forEach((own, lane) => {
              const counts = filled(rows, (row) => core.count(lane, row));
              assert.deepEqual(counts, divided(own, shots, SEED + step, step, lane, rounded), what);
              assert.equal(
                counts.reduce((a, b) => a + b),
                shots,
                what,
              );
              counts.forEach((count, row) => assert.ok(count === 0 || own[row] > 0, `${what}: row ${row}`));
            });
          }
        }
      }
    });

    it('a state that is no number has all its shots somewhere', () => {
      const core = modules.get(name) as Divided;
      for (const nothing of [Number.NaN, Number.POSITIVE_INFINITY, 0]) {
        core.begin(SEED, 4, 1000, 1, 0);
        for (let row = 0; row < 16; row++) core.setChance(0, row, nothing);
        core.divide(1);
        assert.equal(
          filled(16, (row) => core.count(0, row)).reduce((a, b) => a + b),
          1000,
        );
      }
    });
  });
}
