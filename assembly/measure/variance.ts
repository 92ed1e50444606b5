/** How far shot noise can carry a loss. */
import { get } from '../memory/reals';
import { Field, field } from '../memory/registers';
import { shotSum, term, termCoefficient, termOutput, termWeight, termZ } from '../program/observable';
import { signSum } from './counts';

/** u_k c of a term of one lane: how much its outcomes count. */
function termFactor(record: usize, weights: usize): real {
  return get(weights, termOutput(record)) * termCoefficient(record);
}

/**
 * Variance, from shot noise, of sum_k u_k f_k for the sample just measured in `lane`, with shots. A
 * sample estimate: trust it from about ten shots on. With one shot there is none, and the result is 0.
 *
 * Terms measured on their own add u^2 c^2 (1 - f^2) / (M - 1). Terms measured together: the unbiased sample variance
 * of the per-shot value, over M, so that covariances between outputs count. Two strings' outcomes multiply to those of
 * a third, so that with their sums s, and S of the third, it is sum_ab u_a c_a u_b c_b (S - s_a s_b / M) / (M (M - 1)).
 * @param weights u_k of the lane
 */
export function shotVariance(lane: i32, weights: usize): real {
  const shots = field(Field.Shots);
  const terms = field(Field.TermCount);
  const joint = field(Field.JointShots) != 0;
  let sum: real = 0;
  for (let a = 0; a < terms; a++) {
    const first = term(a);
    if (termWeight(first) == 0) continue;
    for (let b = 0; b <= a; b++) {
      const second = term(b);
      if (termWeight(second) == 0 || (!joint && a != b)) continue;
      const together = a == b ? shots : signSum(lane, termZ(first) ^ termZ(second));
      // A whole number below 2^41.
      const spread = <i64>shots * <i64>together - <i64>shotSum(first, lane) * <i64>shotSum(second, lane);
      const product = termFactor(first, weights) * termFactor(second, weights) * <real>spread;
      sum += a == b ? product : 2 * product;
    }
  }
  const count = <real>shots;
  // Rounding could leave less than nothing.
  return max<real>(sum, 0) / (count * count * max<real>(count - 1, 1));
}
