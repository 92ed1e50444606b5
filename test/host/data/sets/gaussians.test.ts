/** Two Gaussians on a sphere: their formula, and that nothing exceeds the accuracy that is said to be the best. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { row, squaredNorm } from '../../../../host/data/dataset.ts';
import { HostRandom } from '../../../../host/data/philox.ts';
import { bayesOfGaussians, gaussians } from '../../../../host/data/sets/gaussians.ts';
import { normalBelow, Normals } from '../../../../host/data/sets/normal.ts';

test('gaussians: the normal distribution, by SciPy 1.17.1', () => {
  for (const [x, expected] of [
    [-6, 9.865876450376946e-10],
    [-2.5, 0.006209665325776132],
    [-0.3, 0.3820885778110474],
    [0, 0.5],
    [1, 0.8413447460685429],
    [2, 0.9772498680518208],
    [3.7, 0.9998922002665226],
    [8, 0.9999999999999993],
    [-40, 0],
    [40, 1],
  ])
    assert(Math.abs(normalBelow(x) - expected) <= 1e-15, `${x}: ${normalBelow(x)}`);
});

test('gaussians: normal draws have the moments of one', () => {
  const normals = new Normals(new HostRandom(3, 1));
  const n = 40000;
  const sums = [0, 0, 0, 0];
  let below = 0;
  for (let i = 0; i < n; i++) {
    const x = normals.next();
    sums.forEach((_, k) => (sums[k] += x ** (k + 1)));
    if (x < 1) below++;
  }
  // Of x^k the mean, and the standard deviation: (E[x^2k] - E[x^k]^2)^(1/2).
  [0, 1, 0, 3].forEach((mean, k) => {
    const deviation = Math.sqrt([1, 2, 15, 96][k] / n);
    assert(Math.abs(sums[k] / n - mean) < 5 * deviation, `moment ${k + 1}`);
  });
  const share = normalBelow(1);
  assert(Math.abs(below / n - share) < 5 * Math.sqrt((share * (1 - share)) / n));
});

test('gaussians: rows of length 1, both classes alike, a share to test on', () => {
  const { train, test: held, about } = gaussians({ rows: 500, dimensions: 5, seed: 7 });
  assert.deepEqual([train.rows, held?.rows, train.columns], [400, 100, 5]);
  assert.deepEqual(about.perClass, { train: [200, 200], test: [50, 50] });
  for (let i = 0; i < train.rows; i++) assert(Math.abs(squaredNorm(row(train, i)) - 1) < 1e-14);
  assert.equal(gaussians({ testFraction: 0 }).test, undefined);
  assert.deepEqual(gaussians({ seed: 9 }).train, gaussians({ seed: 9 }).train);
  assert.notDeepEqual(gaussians({ seed: 9 }).train.features, gaussians({ seed: 8 }).train.features);
});

/**
 * log g(k), g(k) = integral over t > 0 of t^(d-1) e^(-t^2/2 + t k) dt, by Simpson's rule around the largest value: an
 * independent way to the density of a direction.
 */
function logRadial(k: number, d: number): number {
  const middle = (k + Math.sqrt(k * k + 4 * (d - 1))) / 2;
  const height = (t: number) => (t <= 0 ? -Infinity : (d - 1) * Math.log(t) - (t * t) / 2 + t * k);
  const [from, to, parts] = [Math.max(0, middle - 12), middle + 12, 2000];
  const top = height(middle);
  let sum = 0;
  for (let i = 0; i <= parts; i++) {
    const weight = i === 0 || i === parts ? 1 : i % 2 === 1 ? 4 : 2;
    sum += weight * Math.exp(height(from + ((to - from) * i) / parts) - top);
  }
  return top + Math.log((sum * (to - from)) / (3 * parts));
}

for (const { separation, angle, dimensions } of [
  { separation: 4, angle: 90, dimensions: 8 },
  { separation: 2, angle: 60, dimensions: 3 },
  { separation: 1.5, angle: 150, dimensions: 5 },
]) {
  test(`gaussians: the likelihoods decide as often rightly as is said, ${separation} apart at ${angle} degrees`, () => {
    const rows = 2000;
    const { train } = gaussians({ rows, dimensions, separation, angle, testFraction: 0, seed: 11 });
    const half = (angle * Math.PI) / 360;
    const mean = [separation / 2 / Math.tan(half), separation / 2];
    let [vectors, states] = [0, 0];
    for (let i = 0; i < rows; i++) {
      const u = row(train, i);
      const [k0, k1] = [u[0] * mean[0] + u[1] * mean[1], u[0] * mean[0] - u[1] * mean[1]];
      const [l0, l1] = [logRadial(k0, dimensions), logRadial(k1, dimensions)];
      if ((l1 > l0 ? 1 : 0) === train.labels[i]) vectors++;
      // Of u and -u together: the sum of both densities, of which one may be far the smaller.
      const both = (k: number, l: number) => l + Math.log1p(Math.exp(logRadial(-k, dimensions) - l));
      if ((both(k1, l1) > both(k0, l0) ? 1 : 0) === train.labels[i]) states++;
    }
    const bayes = bayesOfGaussians(separation, angle);
    for (const [found, expected] of [
      [vectors / rows, bayes.vectors],
      [states / rows, bayes.states],
    ]) {
      assert(
        Math.abs(found - expected) < 5 * Math.sqrt((expected * (1 - expected)) / rows),
        `${found} ${expected}`,
      );
    }
  });
}

test('gaussians: what is said to be the best: 4 apart at right angles, and antipodal', () => {
  const { vectors, states } = bayesOfGaussians(4, 90);
  assert(Math.abs(vectors - 0.9772498680518208) < 1e-15);
  assert(Math.abs(states - (vectors ** 2 + (1 - vectors) ** 2)) < 1e-15);
  assert(Math.abs(bayesOfGaussians(4, 179.9999999).states - 0.5) < 1e-8);
  const { facts } = gaussians().about;
  assert.deepEqual([facts.bayesAccuracy, facts.bayesAccuracyOfStates], [vectors, states]);
});

test('gaussians: antipodal means and other nonsense are refused', () => {
  for (const options of [
    { angle: 180 },
    { angle: 0 },
    { separation: 0 },
    { dimensions: 1 },
    { rows: 1 },
    { testFraction: 1 },
  ])
    assert.throws(() => gaussians(options), { name: 'OptionError', code: 'ERR_OPTION_VALUE' });
  assert.throws(() => bayesOfGaussians(4, 180), { name: 'OptionError', option: 'angle' });
  assert.throws(() => bayesOfGaussians(Number.NaN, 90), { name: 'OptionError', option: 'separation' });
});
