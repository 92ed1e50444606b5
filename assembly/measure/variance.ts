/** How far shot noise can carry a loss. */
import { odd } from '../kernels/state';
import { get } from '../memory/reals';
import { Field, field } from '../memory/registers';
import { rowCount } from '../memory/shape';
import { shotSum, term, termCoefficient, termOutput, termWeight, termZ } from '../program/observable';
import { countOf } from './counts';

/**
 * Variance, from shot noise, of sum_k u_k f_k for the sample just measured in `lane`, with shots. A
 * sample estimate: trust it from about ten shots on. With one shot there is none, and the result is 0.
 *
 * Terms measured together: the unbiased sample variance of the per-shot value, over M, so that covariances
 * between outputs count. Terms measured on their own add u^2 c^2 (1 - f^2) / (M - 1).
 * @param weights u_k of the lane
 */
export function shotVariance(lane: i32, weights: usize): real {
  const shots = <real>field(Field.Shots);
  const terms = field(Field.TermCount);
  const freedom = max<real>(shots - 1, 1);
  const joint = field(Field.JointShots) != 0;
  let mean: real = 0;
  let sum: real = 0;
  for (let t = 0; t < terms; t++) {
    const record = term(t);
    if (termWeight(record) == 0) continue;
    const f = <real>shotSum(record, lane) / shots;
    const u = get(weights, termOutput(record)) * termCoefficient(record);
    mean += u * f;
    sum += u * u * (1 - f * f);
  }
  if (!joint) return sum / freedom;
  sum = 0;
  for (let row = rowCount(); row-- > 0;) {
    const count = countOf(lane, row);
    if (count == 0) continue;
    let value = -mean;
    for (let t = 0; t < terms; t++) {
      const record = term(t);
      if (termWeight(record) == 0) continue;
      const u = get(weights, termOutput(record)) * termCoefficient(record);
      value += odd(row & termZ(record)) ? -u : u;
    }
    sum += <real>count * (value * value);
  }
  return sum / (freedom * shots);
}
