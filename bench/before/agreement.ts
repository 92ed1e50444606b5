/** Whether two versions answer alike where answers are drawn: in the mean. */
import type { Both } from './versions.ts';

/** Largest difference of numbers that are not drawn, relative to the larger one. */
const ROUNDING = 1e-12;
/** Standard errors within which the means of drawn answers must agree. */
const SIGMAS = 5;

/** Mean and squared standard error of one number of repeated answers. */
function estimate(answers: readonly (readonly number[])[], i: number): { mean: number; error: number } {
  const mean = answers.reduce((sum, answer) => sum + answer[i], 0) / answers.length;
  const squares = answers.reduce((sum, answer) => sum + (answer[i] - mean) ** 2, 0);
  return { mean, error: squares / (answers.length - 1) / answers.length };
}

/**
 * How far the means of two lists of repeated answers lie apart, at most, in standard errors of their difference;
 * numbers that are the same to rounding lie not apart at all.
 * @throws RangeError for fewer than two answers of either, or for answers of different lengths
 */
export function standardErrors(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number {
  const length = a[0]?.length ?? 0;
  if (Math.min(a.length, b.length) < 2) throw new RangeError('two answers of each at least');
  if ([...a, ...b].some((answer) => answer.length !== length))
    throw new RangeError('answers of different lengths');
  return Array.from({ length }, (_, i) => {
    const [one, other] = [estimate(a, i), estimate(b, i)];
    const apart = Math.abs(one.mean - other.mean);
    if (apart <= ROUNDING * Math.max(Math.abs(one.mean), Math.abs(other.mean))) return 0;
    const errors = apart / Math.sqrt(one.error + other.error);
    // Not-a-number agrees with nothing.
    return Number.isNaN(errors) ? Number.POSITIVE_INFINITY : errors;
  }).reduce((most, errors) => Math.max(most, errors), 0);
}

/** @throws Error when the means of drawn answers of the two versions are more than 5 standard errors apart */
export function assertSameMeans({ before, now }: Both<readonly (readonly number[])[]>, what: string): void {
  const off = standardErrors(before, now);
  if (!(off <= SIGMAS)) throw new Error(`${what}: the means are ${off.toFixed(1)} standard errors apart`);
}
