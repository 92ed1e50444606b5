/**
 * Binomial draws, called directly in both precisions: against the oracle draw for draw, against the exact
 * distribution, and with every kind of argument. The module is compiled here, for the core exports no draw.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { MAX_SHOTS } from '../../../assembly/abi/codes.ts';
import * as oracle from '../../support/oracle/index.ts';
import { assertChiSquared, assertMean, SIGMAS, variance } from '../../support/statistics.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** The exports of test/assembly/number/binomial-entry.ts. */
interface Draws {
  seed(low: number, high: number): void;
  /** One draw on the training stream of a step. */
  draw(step: number, shots: number, chance: number): number;
  /** The same, the chance given by its bits. */
  drawBits(step: number, shots: number, bits: bigint): number;
}

async function compile(real: 'f64' | 'f32'): Promise<Draws> {
  const folder = await mkdtemp(join(tmpdir(), 'binomial-'));
  try {
    const outFile = join(folder, 'draws.wasm');
    const options = [
      '--config',
      'none',
      '--runtime',
      'stub',
      '--lowMemoryLimit',
      '65536',
      '-O1',
      '--noAssert',
    ];
    // As on a device, where a conversion out of range traps.
    options.push('--disable', 'nontrapping-f2i');
    const uses = ['abort=', `real=${real}`, `lanes=${real}`, 'PROFILE=0'].flatMap((value) => [
      '--use',
      value,
    ]);
    const compiler = 'node_modules/assemblyscript/bin/asc.js';
    const source = 'test/assembly/number/binomial-entry.ts';
    await run(process.execPath, [compiler, source, '--outFile', outFile, ...options, ...uses], { cwd: ROOT });
    const { instance } = await WebAssembly.instantiate(await readFile(outFile), {});
    return instance.exports as unknown as Draws;
  } finally {
    await rm(folder, { recursive: true });
  }
}

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

/** Shots and chances over the search, over rejection and at their border, variance 12. */
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

for (const real of ['f64', 'f32'] as const) {
  describe(`binomial: ${real}`, async () => {
    const core = await compile(real);
    const rounded = real === 'f64' ? Number : Math.fround;

    it('draw for draw the oracle, which squeezes nothing (seed 2101)', () => {
      const rng = oracle.seededRng(2101);
      core.seed(2101, 0xffffffff);
      for (let step = 0; step < 40_000; step++) {
        const shots = Math.floor(Math.exp(rng() * Math.log(step % 50 === 0 ? MAX_SHOTS : 3000)));
        const small = step % 3 === 0 ? rng() / 2 : Math.min(0.5, (40 * rng()) / shots);
        const p = rounded(step % 2 === 0 ? small : 1 - small);
        const source = new oracle.Stream([2101, 0xffffffff], [0, step, 1]);
        const what = `step ${step}, ${shots} shots, p ${p}`;
        assert.equal(core.draw(step, shots, p), oracle.binomialDraw(source, shots, p), what);
      }
    });

    it('follows the distribution (seeds 2200 on, chi-squared, 5 sigma)', () => {
      GRID.forEach(([shots, chance], i) => {
        const p = rounded(chance);
        core.seed(2200 + i, 0);
        const draws = Array.from({ length: 60_000 }, (_, step) => core.draw(step, shots, p));
        assertBinomial(draws, shots, p, `seed ${2200 + i}, ${shots} shots, p ${p}`);
      });
    });

    it('is certain at the ends and beyond, and 0 for what is no number', () => {
      const tiny = real === 'f64' ? 5e-324 : 2 ** -149;
      const below = real === 'f64' ? 1 - 2 ** -53 : 1 - 2 ** -24;
      for (const shots of [0, 1, 2, 47, 48, 1000, MAX_SHOTS]) {
        for (const p of [0, -0, NaN, -tiny, -0.5, -1, -1e30, -Infinity, tiny])
          assert.equal(core.draw(1, shots, p), 0, `${shots} shots, p ${p}`);
        for (const p of [1, 1.5, 2, 1e30, Infinity])
          assert.equal(core.draw(1, shots, p), shots, `${shots} shots, p ${p}`);
        if (shots <= 1000) assert.equal(core.draw(1, shots, below), shots, `${shots} shots, p ${below}`);
      }
      assert.equal(core.draw(1, 0, 0.5), 0);
    });

    it('any bits of a chance give an outcome and no trap (seed 2301)', () => {
      const rng = oracle.seededRng(2301);
      core.seed(2301, 0);
      const word = () => BigInt(Math.floor(rng() * 2 ** 32));
      for (let step = 0; step < 50_000; step++) {
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

/** The number in [low, high] where an increasing function passes `value`. */
function bisect(increasing: (x: number) => number, value: number, low: number, high: number): number {
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (increasing(middle) < value) low = middle;
    else high = middle;
  }
  return low;
}

describe('binomial: rejection', () => {
  const curve = (u: number) => u + u ** 3 + u / (11 - 44 * u * u);
  /** Below this the core accepts without a look at the distribution. */
  const squeeze = (shots: number, p: number, u: number) => {
    const s = 11 - 44 * u * u;
    const width = 1 + Math.sqrt(6 * shots * p * (1 - p));
    return s >= 2 ? 7 / 8 - (13 - s) / 2 / width : 0;
  };

  it('the squeeze below is the one of the core', async () => {
    const source = await readFile(`${ROOT}assembly/number/binomial.ts`, 'utf8');
    assert.ok(source.includes('if (s >= 2 && (1.75 - v) * width >= 13 - s) break;'));
    assert.ok(source.includes('// Uniform in [0, 2).\n    let v = '));
  });

  it('the hat covers, the squeeze stays inside, a round succeeds with 0.7 or more (seed 2401)', () => {
    const rng = oracle.seededRng(2401);
    let [largest, slack, least] = [0, 1, 1];
    for (let trial = 0; trial < 1200; trial++) {
      const spread = 12 * Math.exp(rng() * Math.log(trial % 20 === 0 ? 3000 : trial % 2 === 0 ? 6 : 60));
      const rare = trial % 3 === 0 ? spread / MAX_SHOTS : trial % 3 === 1 ? rng() / 2 : 0.5 * 1000 ** -rng();
      const shots = Math.min(MAX_SHOTS, Math.ceil(spread / rare / (1 - rare)));
      const p = Math.max(rare, (1 - Math.sqrt(1 - 48 / shots)) / 2);
      if (!(shots * p * (1 - p) >= 12)) continue;
      const width = 1 + Math.sqrt(6 * shots * p * (1 - p));
      const { first, masses } = distribution(shots, p);
      const accepted = masses.map((_, i) => {
        // Over the u of one outcome the chance rises away from 0: its ends decide.
        const k = first + i;
        const [left, right] = [k - 0.5, k + 0.5].map((edge) =>
          bisect(curve, (edge - shots * p) / width, -0.5, 0.5),
        );
        const inner = left > 0 ? left : right < 0 ? right : 0;
        const outer = Math.abs(left) > Math.abs(right) ? left : right;
        const chanceAt = (u: number) => oracle.binomialCandidate(shots, p, u).chance;
        // A hair inside, so that the candidate is k.
        const hair = 1e-9 * (right - left);
        largest = Math.max(largest, chanceAt(outer + (outer === left ? hair : -hair)));
        const nearest = inner === 0 ? 0 : inner + (inner === left ? hair : -hair);
        slack = Math.min(slack, chanceAt(nearest) - squeeze(shots, p, nearest));
        return masses[i];
      });
      const top = accepted[Math.floor(shots * p) - first];
      least = Math.min(least, 1 / (top * width * (9 / 8 + 5 / 4 / (shots * p * (1 - p)))));
    }
    assert.ok(largest <= 1, `a chance of ${largest}`);
    assert.ok(slack >= 0, `the squeeze is ${-slack} outside`);
    assert.ok(least >= 0.7, `a round succeeds with ${least}`);
  });
});
