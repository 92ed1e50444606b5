/** Statistical tests at 5 sigma. Seeds are fixed, so a test that passes once passes always. */
import assert from 'node:assert/strict';

/** Bound of every statistical test. */
export const SIGMAS = 5;

/** Probabilities of 0 to n successes. */
export function binomialProbabilities(n: number, p: number): number[] {
  const probabilities = [(1 - p) ** n];
  for (let k = 1; k <= n; k++) probabilities.push((probabilities[k - 1] * (n - k + 1) * p) / (k * (1 - p)));
  return probabilities;
}

/** Chi-squared of counts, bins with fewer than 10 expected merged, within 5 sigma of its degrees of freedom. */
export function assertChiSquared(
  counts: readonly number[],
  probabilities: readonly number[],
  what: string,
): void {
  const total = counts.reduce((a, b) => a + b, 0);
  let [chiSquared, bins, expected, observed] = [0, 0, 0, 0];
  counts.forEach((count, i) => {
    expected += total * probabilities[i];
    observed += count;
    const left = total * probabilities.slice(i + 1).reduce((a, b) => a + b, 0);
    if (expected < 10 || (left < 10 && i < counts.length - 1)) return;
    chiSquared += (observed - expected) ** 2 / expected;
    bins += 1;
    [expected, observed] = [0, 0];
  });
  const freedom = bins - 1;
  const bound = freedom + SIGMAS * Math.sqrt(2 * freedom);
  assert.ok(freedom >= 5, `${what}: only ${bins} bins`);
  assert.ok(chiSquared < bound, `${what}: chi-squared ${chiSquared}, bound ${bound}, ${freedom} degrees`);
}

export function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

/** Unbiased. */
export function variance(values: readonly number[]): number {
  const centre = mean(values);
  return values.reduce((sum, v) => sum + (v - centre) ** 2, 0) / (values.length - 1);
}

/** The mean of independent draws is within 5 standard errors of what is expected. */
export function assertMean(draws: readonly number[], expected: number, what: string): void {
  const bound = SIGMAS * Math.sqrt(variance(draws) / draws.length) + 1e-12;
  const found = mean(draws);
  assert.ok(Math.abs(found - expected) < bound, `${what}: mean ${found}, expected ${expected} +- ${bound}`);
}
