/** Two moons: scikit-learn's half circles, and noise of the size that was asked for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { moons } from '../../../../host/data/sets/moons.ts';

test('moons: without noise, those of scikit-learn 1.9.1', () => {
  const { train } = moons({ rows: 7, noise: 0, testFraction: 0 });
  const expected = [
    ...[1.0, 0.0, 6.123233995736766e-17, 1.0, -1.0, 1.2246467991473532e-16, 0.0, 0.5],
    ...[
      0.4999999999999999, -0.3660254037844386, 1.4999999999999998, -0.3660254037844387, 2.0,
      0.4999999999999999,
    ],
  ];
  expected.forEach((value, i) => assert(Math.abs(train.features[i] - value) < 1e-15, `${i}`));
  assert.deepEqual([...train.labels], [0, 0, 0, 1, 1, 1, 1]);
  assert.deepEqual(train.columnNames, ['x', 'y']);
});

test('moons: noise is added to each number', () => {
  const rows = 4000;
  const [noisy, clean] = [0.3, 0].map((noise) => moons({ rows, noise, testFraction: 0 }).train.features);
  let square = 0;
  noisy.forEach((value, i) => (square += (value - clean[i]) ** 2));
  const variance = square / noisy.length;
  assert(Math.abs(variance / 0.09 - 1) < 5 * Math.sqrt(2 / noisy.length), `${variance}`);
});

test('moons: the parts have both moons in proportion; the seed decides', () => {
  const made = moons({ seed: 3 });
  assert.deepEqual(made.about.perClass, { train: [160, 160], test: [40, 40] });
  assert.deepEqual(moons({ seed: 3 }), made);
  assert.notDeepEqual(moons({ seed: 4 }).train.features, made.train.features);
  assert.throws(() => moons({ noise: -1 }), { code: 'ERR_OPTION_VALUE', option: 'noise' });
});
