/** Paired statistics against what SciPy says of the same numbers (statistics-golden.py wrote it down), and what they are. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Resampler, meanInterval } from '../../../host/study/bootstrap.ts';
import { pairedTest } from '../../../host/study/paired.ts';
import { spreadOf } from '../../../host/study/spread.ts';
import { signedRank } from '../../../host/study/wilcoxon.ts';
import golden from './statistics-golden.json' with { type: 'json' };

/** jStat's distribution of t is good to so much. */
const PRECISION = 1e-7;

function close(found: number | null | undefined, expected: number | null, precision = 1e-12): void {
  if (expected === null || found === null || found === undefined) return assert.equal(found, expected);
  const error = Math.abs(found - expected);
  assert.ok(error <= precision * Math.abs(expected) + 1e-16, `${found}, expected ${expected}`);
}

describe('as SciPy has it', () => {
  const resampler = new Resampler(golden.seed, golden.resamples);
  for (const { name, differences, ...expected } of golden.cases) {
    test(name, () => {
      const pairs = differences.map((difference) => [difference, 0] as const);
      const found = pairedTest(pairs, true, resampler);
      close(found.mean, expected.mean);
      close(found.median, expected.median);
      close(found.deviation, expected.deviation);
      close(found.t, expected.t);
      close(found.p, expected.p, PRECISION);
      const spread = spreadOf(differences);
      for (const i of [0, 1]) close(spread?.quartiles[i], expected.quartiles[i]);
      // The same resamples, so the same interval, but for the quantiles of the normal distribution.
      for (const i of [0, 1]) close(found.interval?.[i], expected.interval[i], expected.precision);
      if (expected.wilcoxon === null) return;
      assert.equal(found.wilcoxon?.statistic, expected.wilcoxon.statistic);
      assert.equal(found.wilcoxon?.exact, expected.wilcoxon.exact);
      close(found.wilcoxon?.p, expected.wilcoxon.p, PRECISION);
    });
  }

  test('the distribution of t, far out too', () => {
    for (const { t, freedom, p } of golden.t) {
      // Numbers of this mean and deviation.
      const count = freedom + 1;
      const mean = t / Math.sqrt(count);
      const raw = Array.from({ length: count }, (_, i) => i - freedom / 2);
      const scale = Math.sqrt(raw.reduce((sum, value) => sum + value * value, 0) / freedom);
      const pairs = raw.map((value) => [mean + value / scale, 0] as const);
      close(pairedTest(pairs, true, resampler).p, p, PRECISION);
    }
  });
});

describe('a spread', () => {
  test('is the deviation of a sample, and goes from the least to the greatest', () => {
    const { deviation, ...spread } = spreadOf([2, 4, 4, 4, 5, 5, 7, 9]) ?? assert.fail();
    close(deviation, Math.sqrt(32 / 7));
    const quartiles = [4, 5.5] as const;
    assert.deepEqual(spread, { mean: 5, median: 4.5, quartiles, least: 2, greatest: 9, count: 8 });
    close(spreadOf([1, 2])?.deviation, Math.SQRT1_2);
  });

  test('of one number has no deviation, and there is none of none', () => {
    const one = { mean: 3, deviation: null, median: 3, quartiles: [3, 3], least: 3, greatest: 3, count: 1 };
    assert.deepEqual(spreadOf([3]), one);
    assert.equal(spreadOf([]), null);
  });
});

describe('the signed-rank test', () => {
  test('of shared ranks is that of all signs, counted one by one', () => {
    const sizes = [1, 1, 2, 2, 2, 3, 5, 5];
    for (let mask = 0; mask < 2 ** sizes.length; mask += 7) {
      const sumOf = (signs: number) =>
        ranks.reduce((sum, rank, i) => sum + (((signs >> i) & 1) === 1 ? rank : 0), 0);
      const ranks = [1.5, 1.5, 4, 4, 4, 6, 7.5, 7.5];
      const total = 36;
      const observed = Math.min(sumOf(mask), total - sumOf(mask));
      let tail = 0;
      for (let signs = 0; signs < 256; signs++) if (sumOf(signs) <= observed) tail++;
      const differences = sizes.map((size, i) => (((mask >> i) & 1) === 1 ? size : -size));
      const found = signedRank(differences);
      assert.equal(found?.statistic, observed);
      close(found?.p ?? null, Math.min(1, (2 * tail) / 256));
    }
  });

  test('has nothing to say of zeros alone', () => {
    assert.equal(signedRank([0, 0]), null);
    assert.equal(signedRank([]), null);
  });
});

describe('pairs', () => {
  const resampler = new Resampler(1, 99);

  test('what never came to be loses against any value, and no mean is over it', () => {
    const pairs = [
      [1, 2],
      [3, null],
      [null, 4],
      [null, null],
      [5, 5],
    ] as const;
    const { wins, losses, ties, seeds, compared, mean } = pairedTest(pairs, true, resampler);
    assert.deepEqual([wins, losses, ties, seeds, compared, mean], [2, 1, 2, 5, 2, -0.5]);
    const more = pairedTest(pairs, false, resampler);
    assert.deepEqual([more.wins, more.losses, more.ties], [1, 2, 2]);
    // A value below zero is not worse than one that never came to be.
    const below = pairedTest(
      [
        [-1, null],
        [null, -1],
      ],
      false,
      resampler,
    );
    assert.deepEqual([below.wins, below.losses, below.median], [1, 1, null]);
    assert.deepEqual(
      [pairedTest([[1, null]], true, resampler).wins, pairedTest([[1, null]], false, resampler).wins],
      [1, 1],
    );
  });

  test('of differences that are all alike, or of one, there is no t', () => {
    const alike = pairedTest(
      [
        [2, 1],
        [3, 2],
        [4, 3],
      ],
      true,
      resampler,
    );
    assert.deepEqual([alike.t, alike.p, alike.interval], [null, null, [1, 1]]);
    assert.deepEqual([alike.wins, alike.losses], [0, 3]);
    const one = pairedTest([[2, 1]], true, resampler);
    assert.deepEqual([one.mean, one.deviation, one.t, one.interval], [1, null, null, null]);
    const none = pairedTest([], true, resampler);
    assert.deepEqual([none.mean, none.wilcoxon, none.seeds], [null, null, 0]);
  });
});

test('a bootstrap interval is that of its seed, and holds the mean about as often as it says', () => {
  const values = [3, 1, 4, 1, 5, 9, 2, 6];
  assert.deepEqual(meanInterval(values, new Resampler(5, 200)), meanInterval(values, new Resampler(5, 200)));
  assert.notDeepEqual(
    meanInterval(values, new Resampler(5, 200)),
    meanInterval(values, new Resampler(6, 200)),
  );
  // Of 400 samples of 20 uniform numbers 93 to 95 % hold the mean; 5 sigma are 5.4 %.
  const resampler = new Resampler(8, 300);
  let state = 12345;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  let held = 0;
  for (let sample = 0; sample < 400; sample++) {
    const [low, high] = meanInterval(Array.from({ length: 20 }, uniform), resampler) ?? [0, 0];
    if (low <= 0.5 && 0.5 <= high) held++;
  }
  assert.ok(held / 400 > 0.88, `${held} of 400`);
});
