/**
 * Binomial draws, called directly in both precisions, with SIMD and without: against the oracle draw for draw, against
 * the exact distribution in whole numbers, and with every kind of argument. The modules are compiled here, for the core
 * exports no draw.
 */
import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { MAX_SHOTS } from '../../../assembly/abi/codes.ts';
import { compileEntry } from '../../support/entry-module.ts';
import * as oracle from '../../support/oracle/index.ts';
import { assertChiSquared, assertMean, SIGMAS, variance } from '../../support/statistics.ts';

/** The exports of test/assembly/number/binomial-entry.ts. */
interface Draws {
  seed(low: number, high: number): void;
  /** One draw on the training stream of a step, of a half of its first block. */
  draw(step: number, shots: number, chance: number, half: number): number;
  /** The same, the chance given by its bits. */
  drawBits(step: number, shots: number, bits: bigint): number;
  /** Two draws of both halves: the first in the upper half. */
  drawPair(step: number, first: number, second: number, chance: number, other: number): bigint;
  /** What belongs to a word of 64 bits with sign. */
  outcome(shots: number, p: number, word: bigint): number;
  /** The same by the expansion: NaN where it is not certain. */
  quick(shots: number, p: number, word: bigint): number;
  /** A word of four blocks of the stream (1, step 2, evaluation 3, sample 4) that come at once; 16: the word behind them. */
  wordOfFour(block: number, apart: number, word: number): number;
}

/** Modules by precision, SIMD, and whether they only sum: PROFILE of the smallest module, of a fast one, of release. */
const MODULES = {
  'f64, sums only': ['f64', 'f64', 0],
  'f64, scalar': ['f64', 'f64', 2],
  'f64, SIMD': ['f64', 'v128', 3],
  'f32, sums only': ['f32', 'f32', 0],
  'f32, scalar': ['f32', 'f32', 2],
} as const;
type Name = keyof typeof MODULES;
const NAMES = Object.keys(MODULES) as Name[];
const ENTRY = 'test/assembly/number/binomial-entry.ts';
/** As on a device, where a conversion out of range traps. */
const TRAPPING = { scalar: ['--disable', 'nontrapping-f2i'] };

const cores = Object.fromEntries(
  await Promise.all(
    NAMES.map(async (name) => [name, await compileEntry<Draws>(ENTRY, MODULES[name], TRAPPING)] as const),
  ),
) as Record<Name, Draws>;

/** The outcomes from `first` on that are not hopelessly rare, with their probabilities, from the mode outward. */
function distribution(shots: number, p: number): { first: number; masses: number[] } {
  const odds = p / (1 - p);
  const mode = Math.min(Math.floor((shots + 1) * p), shots);
  const above = [1];
  for (let k = mode; k < shots && above[above.length - 1] > 1e-20; k++)
    above.push(((above[above.length - 1] * (shots - k)) / (k + 1)) * odds);
  const below = [1];
  for (let k = mode; k > 0 && below[below.length - 1] > 1e-20; k--)
    below.push((below[below.length - 1] * k) / (shots - k + 1) / odds);
  const masses = [...below.slice(1).reverse(), ...above];
  const sum = masses.reduce((a, b) => a + b, 0);
  return { first: mode - below.length + 1, masses: masses.map((mass) => mass / sum) };
}

/** Counts and probabilities of runs of outcomes, each of a fortieth of the distribution or a single outcome. */
function binned(counts: number[], masses: number[]): { counts: number[]; masses: number[] } {
  const bins = { counts: [0], masses: [0] };
  masses.forEach((mass, i) => {
    const last = bins.counts.length - 1;
    bins.counts[last] += counts[i];
    bins.masses[last] += mass;
    if (bins.masses[last] < 1 / 40 || i === masses.length - 1) return;
    bins.counts.push(0);
    bins.masses.push(0);
  });
  return bins;
}

/** Draws follow the exact distribution: chi-squared where there are enough bins, else every count; mean, variance. */
function assertBinomial(draws: readonly number[], shots: number, p: number, what: string): void {
  const { first, masses } = distribution(shots, p);
  const counts = masses.map(() => 0);
  for (const k of draws) {
    assert.ok(k >= first && k < first + masses.length, `${what}: drew ${k}`);
    counts[k - first] += 1;
  }
  const bins = binned(counts, masses);
  if (bins.masses.filter((mass) => mass * draws.length >= 10).length >= 8) {
    assertChiSquared(bins.counts, bins.masses, what);
  } else {
    masses.forEach((mass, i) => {
      // A count below one expected scatters as a Poisson number, not as a normal one.
      const bound = SIGMAS * Math.sqrt(draws.length * mass * (1 - mass)) + SIGMAS;
      assert.ok(
        Math.abs(counts[i] - draws.length * mass) < bound,
        `${what}: ${first + i} ${counts[i]} times`,
      );
    });
  }
  assertMean(draws, shots * p, what);
  const exact = shots * p * (1 - p);
  const kurtosis = 3 + (1 - 6 * p * (1 - p)) / exact;
  const error = exact * Math.sqrt((kurtosis - 1 + 2 / (draws.length - 1)) / draws.length);
  const found = variance(draws);
  assert.ok(Math.abs(found - exact) < SIGMAS * error, `${what}: variance ${found}, exact ${exact}`);
}

/** Shots and chances of all kinds, around variances of 4 and 12 among them. */
const GRID: [shots: number, p: number][] = [
  ...Array.from({ length: 20 }, (_, i): [number, number] => [i + 1, [0.5, 0.1, 0.37, 0.93][i % 4]]),
  [30, 0.5],
  [47, 0.5],
  [48, 0.5],
  [49, 0.5],
  [60, 0.27],
  [60, 0.28],
  [100, 0.13],
  [100, 0.15],
  [100, 0.85],
  [100, 0.87],
  [1000, 0.0121],
  [1000, 0.0122],
  [1000, 0.9878],
  [1000, 0.9879],
  [1000, 1e-5],
  [1000, 0.001],
  [1000, 0.02],
  [1000, 0.05],
  [1000, 0.1],
  [1000, 0.25],
  [1000, 0.5],
  [1000, 0.7],
  [1000, 0.95],
  [1000, 0.998],
  [20_000, 0.3],
  [MAX_SHOTS, 3e-7],
  [MAX_SHOTS, 1.1e-5],
  [MAX_SHOTS, 1.15e-5],
  [MAX_SHOTS, 2.6e-5],
  [MAX_SHOTS, 0.01],
  [MAX_SHOTS, 0.5],
  [MAX_SHOTS, 0.9],
];

for (const name of NAMES) {
  describe(`binomial: ${name}`, () => {
    const core = cores[name];
    const real = MODULES[name][0];
    const rounded = real === 'f64' ? Number : Math.fround;
    const summing = MODULES[name][2] === 0;

    it('draw for draw the oracle, alone and two at once (seed 2101)', () => {
      const rng = oracle.seededRng(2101);
      core.seed(2101, 0xffffffff);
      const streams = (step: number, half: number) =>
        oracle.shotStreams([2101, 0xffffffff], half, step, 0).term(0);
      for (let step = 0; step < 10_000; step++) {
        const [first, second] = [0, 1].map((half) => {
          const shots = Math.floor(Math.exp(rng() * Math.log(step % 50 === 0 ? MAX_SHOTS : 3000)));
          const small = step % 3 === 0 ? rng() / 2 : Math.min(0.5, (40 * rng()) / shots);
          const p = rounded(step % 2 === 0 ? small : 1 - small);
          const drawn = oracle.binomialDraw(streams(step, half), shots, p);
          const what = `step ${step}, ${shots} shots, p ${p}`;
          assert.equal(core.draw(step, shots, p, half), drawn, what);
          return { shots, p, drawn };
        });
        const pair = core.drawPair(step, first.shots, second.shots, first.p, second.p);
        assert.equal(pair, (BigInt(first.drawn) << 32n) | BigInt(second.drawn), `step ${step}`);
      }
    });

    it('follows the distribution (seeds 2200 on, chi-squared, 5 sigma)', () => {
      GRID.forEach(([shots, chance], i) => {
        const p = rounded(chance);
        core.seed(2200 + i, 0);
        const draws = Array.from({ length: summing && shots > 3000 ? 2000 : 60_000 }, (_, step) =>
          core.draw(step, shots, p, 0),
        );
        assertBinomial(draws, shots, p, `seed ${2200 + i}, ${shots} shots, p ${p}`);
      });
    });

    it('is certain at the ends and beyond, and 0 for what is no number', () => {
      const tiny = real === 'f64' ? 5e-324 : 2 ** -149;
      const below = real === 'f64' ? 1 - 2 ** -53 : 1 - 2 ** -24;
      for (const shots of [0, 1, 2, 47, 48, 1000, MAX_SHOTS]) {
        for (const p of [0, -0, NaN, -tiny, -0.5, -1, -1e30, -Infinity, tiny])
          assert.equal(core.draw(1, shots, p, 0), 0, `${shots} shots, p ${p}`);
        for (const p of [1, 1.5, 2, 1e30, Infinity])
          assert.equal(core.draw(1, shots, p, 0), shots, `${shots} shots, p ${p}`);
        if (shots <= 1000) assert.equal(core.draw(1, shots, below, 0), shots, `${shots} shots, p ${below}`);
      }
      assert.equal(core.draw(1, 0, 0.5, 0), 0);
    });

    it('any bits of a chance give an outcome and no trap (seed 2301)', () => {
      const rng = oracle.seededRng(2301);
      core.seed(2301, 0);
      const word = () => BigInt(Math.floor(rng() * 2 ** 32));
      for (let step = 0; step < 20_000; step++) {
        const shots = step % 3 === 0 ? Math.floor(rng() * 70) : Math.floor(rng() * (MAX_SHOTS + 1));
        // Half of them have the exponents of numbers between 2^-24 and 1.
        let bits = (word() << 32n) | word();
        const down = BigInt(Math.floor(rng() * 24));
        if (step % 2 === 0 && real === 'f64') bits = (bits >> 12n) | ((1022n - down) << 52n);
        if (step % 2 === 0 && real === 'f32') bits = (bits & 0x7fffffn) | ((126n - down) << 23n);
        const k = core.drawBits(step, shots, bits);
        assert.ok(Number.isInteger(k) && k >= 0 && k <= shots, `bits ${bits}, ${shots} shots: ${k}`);
      }
    });
  });
}

test('four blocks at once are those that would come one by one, or every other of eight (seed 2401)', () => {
  const rng = oracle.seededRng(2401);
  const core = cores['f64, SIMD'];
  for (let trial = 0; trial < 200; trial++) {
    const key: [number, number] = [Math.floor(rng() * 2 ** 32), Math.floor(rng() * 2 ** 32)];
    // Some run over the end of 32 bits.
    const block = trial % 2 === 0 ? Math.floor(rng() * 2 ** 20) : 2 ** 32 - 1 - (trial % 9);
    core.seed(...key);
    for (const apart of [1, 2]) {
      const wanted = [0, 1, 2, 3, 4].flatMap((i) =>
        oracle.philox4x32([(block + apart * i) >>> 0, 4, 2, 1 | (3 << 4)], key),
      );
      const found = Array.from({ length: 17 }, (_, word) => core.wordOfFour(block, apart, word) >>> 0);
      assert.deepEqual(found, wanted.slice(0, 17), `seed ${key.join()}, block ${block}, ${apart} apart`);
    }
  }
});

/** Digits of exact probabilities, of which the last few are lost to rounding. */
const DIGITS = 400n;
const ONE = 1n << DIGITS;

/** A double as a fraction of whole numbers, the second a power of 2. */
function fraction(x: number): [bigint, bigint] {
  let denominator = 1n;
  while (!Number.isInteger(x)) {
    x *= 2;
    denominator *= 2n;
  }
  return [BigInt(x), denominator];
}

/**
 * F and 1 - F of the binomial distribution in units of 2^-400, from whole numbers: of every k where both are more than
 * 2^-100, or so many of them.
 */
function exactly(shots: number, p: number, most: number): { k: number; below: bigint; above: bigint }[] {
  const [a, whole] = fraction(p);
  const b = whole - a;
  const n = BigInt(shots);
  const middle = BigInt(Math.floor(shots * p));
  const least = ONE >> 200n;
  const up = [ONE];
  for (let k = middle; k < n && up[up.length - 1] > least; k++)
    up.push((up[up.length - 1] * (n - k) * a) / ((k + 1n) * b));
  const down: bigint[] = [];
  for (let k = middle, mass = ONE; k > 0n && mass > least; k--) {
    mass = (mass * k * b) / ((n - k + 1n) * a);
    down.push(mass);
  }
  const masses = [...down.reverse(), ...up];
  const first = Number(middle) - down.length;
  const sum = masses.reduce((total, mass) => total + mass, 0n);
  const rows: { k: number; below: bigint; above: bigint }[] = [];
  let running = 0n;
  masses.forEach((mass, i) => {
    running += mass;
    const [below, above] = [running, sum - running].map((part) => (part * ONE) / sum);
    if (below > ONE >> 100n && above > ONE >> 100n) rows.push({ k: first + i, below, above });
  });
  const every = Math.max(1, rows.length / most);
  return Array.from({ length: Math.min(most, rows.length) }, (_, i) => rows[Math.floor(i * every)]);
}

/** F or 1 - F as the core defines them, the smaller one: its sums, in its order. */
function defined(shots: number, p: number, upper: boolean, tail: number): number {
  const q = 1 - p;
  const middle = Math.floor(shots * p);
  const least = tail * 2 ** -60;
  let sum = 1;
  const outward = (count: number, a: number, b: number): [number, number] => {
    let term = 1;
    for (; count < shots && term > least; count++) {
      term *= ((shots - count) * a) / ((count + 1) * b);
      sum += term;
    }
    return [count, term];
  };
  if (upper) outward(shots - middle, q, p);
  else outward(middle, p, q);
  let [count, term] = upper ? outward(middle, p, q) : outward(shots - middle, q, p);
  count = shots - count;
  const wanted = tail * sum;
  let inward = term;
  const [a, b] = upper ? [q, p] : [p, q];
  while (inward <= wanted) {
    term *= ((shots - count) * a) / ((count + 1) * b);
    count++;
    inward += term;
  }
  return upper ? shots - count : count;
}

/** The signed word whose U, or 1 - U where `upper`, is the nearest to a tail of 2^-64 or more; `step` units further in. */
function wordOf(tail: bigint, upper: boolean, step: bigint): bigint {
  const bits = (tail >> (DIGITS - 64n)) + step;
  const low = bits < 0n ? 0n : bits >= 1n << 63n ? (1n << 63n) - 1n : bits;
  return upper ? (1n << 63n) - 1n - low : low - (1n << 63n);
}

/** U, or 1 - U, of a word. */
const tailOfWord = (word: bigint) => {
  const bits = word < 0n ? word + (1n << 63n) : (1n << 63n) - 1n - word;
  return (Number(bits) + 0.5) * 2 ** -64;
};

const SHOTS = [1, 2, 5, 20, 100, 1000, 10_000, 100_000, MAX_SHOTS];
/** As in expansion.ts. */
const LEAST_VARIANCE = 0.5;
/** Chances besides, for variances of all sizes. */
const OTHERS = [5e-7, 1e-6, 3e-6, 0.00052, 0.0011, 0.006, 0.026, 0.045, 0.06, 0.27, 0.3, 0.45, 0.97, 0.9994];

const CHANCES = [1e-7, 0.0001, 0.013, 0.1, 0.21, 0.37, 0.5, 0.64, 0.85, 0.999];

describe('binomial: equal to inversion by whole numbers', () => {
  const quickNames = NAMES.filter((name) => MODULES[name][2] !== 0);

  for (const shots of SHOTS) {
    it(`${shots} shots, ${CHANCES.length} chances, on either side of every F(k) (of 300, above that)`, () => {
      for (const p of CHANCES) {
        for (const { k, below, above } of exactly(shots, p, 300)) {
          const upper = below > above;
          const tail = upper ? above : below;
          // What the docstring of binomial.ts allows the definition to be off.
          const allowed = 2 ** -43 + 2 ** -47 * Math.sqrt(shots);
          const off = (tail * BigInt(Math.ceil(allowed * 2 ** 60))) >> 60n;
          const shift = off >> (DIGITS - 64n);
          if (tail >> (DIGITS - 64n) < 1n << 11n) continue;
          // Nearer to the end is k below the middle, and k + 1 above it.
          const [outer, inner] = upper ? [k + 1, k] : [k, k + 1];
          const words = [
            [wordOf(tail, upper, -shift - 2n), outer],
            [wordOf(tail, upper, shift + 2n), inner],
          ] as const;
          for (const name of NAMES) {
            for (const [word, expected] of words) {
              const what = `${name}, p ${p}, F(${k}), word ${word}`;
              assert.equal(cores[name].outcome(shots, p, word), expected, what);
            }
          }
          // Between them the sums decide, to the last bit, and the same in all builds.
          const ulp = 1n << BigInt(Math.max(0, (tail >> (DIGITS - 64n)).toString(2).length - 53));
          for (const step of [-ulp, 0n, ulp]) {
            const word = wordOf(tail, upper, step);
            const side = word >= 0n;
            const expected = defined(shots, p, side, tailOfWord(word));
            for (const name of NAMES) {
              const what = `${name}, p ${p}, F(${k}), word ${word}`;
              assert.equal(cores[name].outcome(shots, p, word), expected, what);
            }
          }
        }
      }
    });
  }

  it('the expansion is certain nowhere at F(k), and right wherever it is certain', () => {
    let certain = 0;
    for (const shots of SHOTS) {
      for (const p of [...CHANCES, ...OTHERS]) {
        if (shots * p * (1 - p) < LEAST_VARIANCE) continue;
        for (const { k, below, above } of exactly(shots, p, 100)) {
          const upper = below > above;
          const tail = upper ? above : below;
          if (tail < ONE >> 13n) continue;
          // Farther and farther from F(k), by a third of the way each.
          for (let distance = tail >> 40n; distance < tail / 2n; distance = (4n * distance) / 3n + 1n) {
            for (const sign of [-1n, 1n]) {
              const word = wordOf(tail + sign * distance, upper, 0n);
              const expected = cores['f64, sums only'].outcome(shots, p, word);
              for (const name of quickNames) {
                const found = cores[name].quick(shots, p, word);
                const what = `${name}, ${shots} shots, p ${p}, F(${k}), word ${word}`;
                if (!Number.isNaN(found)) assert.equal(found, expected, what);
                certain += Number(found === expected);
              }
            }
          }
          for (const name of quickNames)
            assert.ok(Number.isNaN(cores[name].quick(shots, p, wordOf(tail, upper, 0n))), `${name}, F(${k})`);
        }
      }
    }
    assert.ok(certain > 100_000, `${certain} found`);
  });

  it('tails within 2^-53 of an end have 64 bits more, from the block behind', () => {
    const more = oracle.philox4x32([0, 0, 1, 1], [5, 6]);
    const rest = (BigInt(more[1]) << 32n) | BigInt(more[0]);
    const units = [0n, 1n, 77n, 2047n];
    for (const name of NAMES) {
      cores[name].seed(5, 6);
      for (const [shots, p] of [
        [100, 0.5],
        [1000, 0.037],
        [MAX_SHOTS, 0.25],
      ]) {
        for (const bits of units) {
          for (const upper of [false, true]) {
            const word = upper ? (1n << 63n) - 1n - bits : bits - (1n << 63n);
            const behind = upper ? (1n << 64n) - 1n - rest : rest;
            const tail = Number(2n * ((bits << 64n) | behind) + 1n) * 2 ** -129;
            const expected = oracle.binomialQuantile(shots, p, tail, upper ? 'upper' : 'lower');
            assert.equal(cores[name].outcome(shots, p, word), expected, `${name}, ${shots} shots, ${bits}`);
          }
        }
      }
    }
  });
});
