/** The host's random numbers, and the shuffles and splits that are made of them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Dataset } from '../../../host/data/dataset.ts';
import { HostRandom, philox4x32, seedKey } from '../../../host/data/philox.ts';
import { shuffled, trainTestSplit } from '../../../host/data/split.ts';
import { PHILOX_VECTORS } from '../../support/philox-vectors.ts';
import fc from '../../support/property.ts';

test('philox: the published vectors', () => {
  for (const [counter, key, words] of PHILOX_VECTORS) assert.deepEqual(philox4x32(counter, key), words);
});

test('philox: the host stream is blocks 0, 1, ... of purpose 15', () => {
  const seed = 5 * 2 ** 32 + 7;
  assert.deepEqual(seedKey(seed), [7, 5]);
  const random = new HostRandom(seed);
  for (const block of [0, 1, 2]) {
    for (const word of philox4x32([block, 0, 0, 15], [7, 5])) assert.equal(random.next(), word);
  }
});

test('philox: seeds are integers from 0 to 2^53 - 1', () => {
  assert.deepEqual(seedKey(Number.MAX_SAFE_INTEGER), [0xffffffff, 0x1fffff]);
  for (const seed of [-1, 0.5, Number.NaN, 2 ** 53, Infinity]) {
    assert.throws(() => seedKey(seed), { code: 'ERR_OPTION_VALUE', option: 'seed' });
  }
});

test('philox: bounded draws are uniform (chi-squared, 5 sigma)', () => {
  for (const bound of [1, 3, 10, 97]) {
    const random = new HostRandom(bound);
    const counts = new Array<number>(bound).fill(0);
    const draws = 1000 * bound;
    for (let i = 0; i < draws; i++) counts[random.below(bound)]++;
    const chi = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    assert(chi <= bound - 1 + 5 * Math.sqrt(2 * (bound - 1)), `bound and seed ${bound}: chi-squared ${chi}`);
  }
});

test('philox: a bound with much rejection stays in range and unbiased', () => {
  const random = new HostRandom(1);
  const bound = 3 * 2 ** 30;
  const draws = 30000;
  const thirds = [0, 0, 0];
  // Without rejection every third value would come twice as often.
  const remainders = [0, 0, 0];
  for (let i = 0; i < draws; i++) {
    const drawn = random.below(bound);
    thirds[Math.floor(drawn / 2 ** 30)]++;
    remainders[drawn % 3]++;
  }
  const sigma = Math.sqrt(draws * (1 / 3) * (2 / 3));
  for (const count of [...thirds, ...remainders])
    assert(Math.abs(count - draws / 3) < 5 * sigma, `seed 1: ${thirds}, ${remainders}`);
});

test('philox: a uniform number is 53 bits of two words', () => {
  const [first, second] = philox4x32([0, 0, 0, 15], [7, 0]);
  const bits = (BigInt(first >>> 5) << 26n) | BigInt(second >>> 6);
  assert.equal(new HostRandom(7).uniform(), Number(bits) / 2 ** 53);
});

test('split: a shuffle is a permutation, the same for the same seed', () => {
  fc.assert(
    fc.property(fc.nat(300), fc.maxSafeNat(), (n, seed) => {
      const order = shuffled(n, seed);
      assert.deepEqual(
        [...order].sort((a, b) => a - b),
        Array.from({ length: n }, (_, i) => i),
      );
      assert.deepEqual(shuffled(n, seed), order);
    }),
  );
  assert.notDeepEqual(shuffled(50, 1), shuffled(50, 2));
});

test('split: the order of a seed never changes', () => {
  assert.deepEqual([...shuffled(10, 42)], [9, 7, 1, 2, 4, 5, 8, 0, 6, 3]);
});

test('split: all orders of three are equally likely (seeds 0 to 5999, 5 sigma)', () => {
  const counts = new Map<string, number>();
  const draws = 6000;
  for (let seed = 0; seed < draws; seed++) {
    const order = shuffled(3, seed).join('');
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  assert.equal(counts.size, 6);
  const sigma = Math.sqrt(draws * (1 / 6) * (5 / 6));
  for (const count of counts.values()) assert(Math.abs(count - draws / 6) < 5 * sigma);
});

/** One column that numbers the rows. */
function numbered(labels: readonly number[]): Dataset {
  return {
    features: Float64Array.from(labels, (_, i) => i),
    rows: labels.length,
    columns: 1,
    labels: Int32Array.from(labels),
    classes: ['a', 'b', 'c', 'd'],
    name: 'd',
  };
}

const labelled = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 4, maxLength: 200 });
const fraction = fc.double({ min: 0.2, max: 0.8, noNaN: true });

test('split: the parts are a partition in the original order', () => {
  fc.assert(
    fc.property(labelled, fraction, fc.boolean(), fc.nat(), (labels, testFraction, stratify, seed) => {
      const singles = new Set(labels).size === labels.length;
      fc.pre(!(stratify && singles));
      const { train, test } = trainTestSplit(numbered(labels), { testFraction, seed, stratify });
      assert.deepEqual([train.part, test.part], ['train', 'test']);
      const together = [...train.features, ...test.features];
      assert.deepEqual(
        together.sort((a, b) => a - b),
        labels.map((_, i) => i),
      );
      for (const side of [train, test]) {
        assert.deepEqual(
          [...side.features],
          [...side.features].sort((a, b) => a - b),
        );
        assert.deepEqual(
          [...side.labels],
          [...side.features].map((i) => labels[i]),
        );
      }
      if (!stratify) assert.equal(test.rows, Math.round(testFraction * labels.length));
    }),
  );
});

test('split: stratified, every class keeps its share to within a row, and a row to train on', () => {
  fc.assert(
    fc.property(labelled, fraction, fc.nat(), (labels, testFraction, seed) => {
      const total = (c: number) => labels.filter((label) => label === c).length;
      fc.pre([0, 1, 2, 3].some((c) => total(c) > 1));
      const { train, test } = trainTestSplit(numbered(labels), { testFraction, seed });
      for (const c of [0, 1, 2, 3]) {
        const tested = test.labels.filter((label) => label === c).length;
        assert(Math.abs(tested - testFraction * total(c)) <= 1);
        if (total(c) > 0) assert(train.labels.includes(c));
      }
    }),
  );
});

/** How many of each class are in the part to test on. */
function tested(labels: readonly number[], testFraction: number): number[] {
  const { test } = trainTestSplit(numbered(labels), { testFraction, seed: 3 });
  return [0, 1, 2].map((c) => test.labels.filter((label) => label === c).length);
}

test('split: what is left goes to the largest remainders, on a tie to the class that is named first', () => {
  assert.deepEqual(tested([0, 0, 0, 0, 0, 1, 1, 1, 2, 2], 0.3), [1, 1, 1]);
  assert.deepEqual(tested([1, 1, 1, 1, 0, 0, 0, 0], 1 / 8), [1, 0, 0]);
  assert.deepEqual(tested([2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 0, 0, 0], 0.25), [1, 1, 1]);
  // A class is never given away whole.
  assert.deepEqual(tested([0, 1, 1, 1, 1, 1, 1], 0.8), [0, 5, 0]);
});

test('split: impossible splits are refused', () => {
  const data = numbered([0, 1, 0, 1]);
  for (const testFraction of [0, 1, -0.5, Number.NaN, 2]) {
    assert.throws(() => trainTestSplit(data, { testFraction, seed: 0 }), { option: 'testFraction' });
  }
  assert.throws(() => trainTestSplit(data, { testFraction: 0.5, seed: -1 }), { option: 'seed' });
  assert.throws(() => trainTestSplit(data, { testFraction: 0.01, seed: 0 }), { code: 'ERR_DATA_ROWS' });
  assert.throws(() => trainTestSplit(numbered([0]), { testFraction: 0.9, seed: 0 }), {
    code: 'ERR_DATA_ROWS',
  });
});
