/**
 * What a saddle-free Gauss-Newton step (rules/sfgn.ts) takes from the measurements of single samples. With z the model's
 * one output, sum_k w_k f_k + b or a bare expectation, u the weights of the observable that the loss reads, sum |u| = 1,
 * and n = |w|_1 or 1, so that w = n u, for sample b and the angle a of a gate that parameter d turns by scale times,
 *
 *   J_bd   += scale n (f+ - f-) / 2,                      f = u.f,  f+ and f- at a +- pi/2
 *   side_d += scale^2 s_b (l' n ((f+ + f-) / 2 - f0) + l'' n^2 Var f0)
 *   noise_d += scale^2 s_b l'' n^2 (Var f+ + Var f-) / 4,   s_b = w_b / B
 *
 * of the head J = (f, 1), side 0 and noise s_b l'' Var f_j. Var is what shots leave (variance.ts): noise is what that adds
 * to the squares of J, and in side l'' n^2 Var f0 is rid of l'(z) f0, whose factors have the same noise. Of a parameter
 * of several gates, side has what each of them has along itself alone.
 *
 *   J [sample][parameter]    bends [sample]{s l'', s (l' n f0 - l'' n^2 Var f0)}    side, noise, step [parameter]
 */
import { Option } from '../abi/codes';
import { outputsRow, partsRow } from '../memory/batch';
import { parameterCount } from '../memory/configuration';
import { integer } from '../memory/options';
import { at, clear, get, increase, put } from '../memory/reals';
import { Buffer, Field, buffer, field } from '../memory/registers';
import { operationIndex, operationScale } from '../program/operations';
import { addCovariance, covarianceTicks, packedPlace } from './covariance';
import { shotVariance } from './variance';

/** side, noise, and what a rule works out of them. */
export function jacobianSide(parameter: i32): usize {
  return at(buffer(Buffer.Sides), parameter);
}

export function jacobianNoise(parameter: i32): usize {
  return jacobianSide(parameterCount() + parameter);
}

export function jacobianStep(parameter: i32): usize {
  return jacobianNoise(parameterCount() + parameter);
}

/** s_b l'' */
export function jacobianBend(sample: i32): real {
  return get(buffer(Buffer.Bends), 2 * sample);
}

/** Nothing is known of any sample. */
export function clearJacobian(): void {
  clear(jacobianSide(0), jacobianStep(0));
}

/** n */
function readLength(): real {
  if (integer(Option.Logits) == 0) return 1;
  const outputs = integer(Option.Outputs);
  const weights = at(buffer(Buffer.Active), integer(Option.Parameters));
  let length: real = 0;
  for (let k = 0; k < outputs; k++) length += abs<real>(get(weights, k));
  return length;
}

/**
 * The loss of a sample has been taken, and what it reads of the outputs: its row of J begins with the head's part.
 * @param bend s_b l''
 */
export function beginJacobian(lane: i32, sample: i32, bend: real): void {
  const outputs = integer(Option.Outputs);
  const circuit = integer(Option.Parameters);
  const weights = outputsRow(Buffer.OutputWeights, sample);
  const expectations = outputsRow(Buffer.Expectations, lane);
  const row = partsRow(sample);
  const noisy = field(Field.Shots) > 0;
  clear(row, partsRow(sample + 1));
  let f: real = 0;
  for (let k = 0; k < outputs; k++) f += get(weights, k) * get(expectations, k);
  let middle = get(buffer(Buffer.Slopes), sample) * f;
  const length = readLength();
  if (noisy) middle -= bend * length * length * shotVariance(lane, weights);
  put(buffer(Buffer.Bends), 2 * sample, bend);
  put(buffer(Buffer.Bends), 2 * sample + 1, middle);
  if (integer(Option.Logits) == 0) return;
  for (let k = 0; k < outputs; k++) put(row, circuit + k, get(expectations, k));
  put(row, circuit + outputs, 1);
  if (!noisy) return;
  for (let part = 0; part < covarianceTicks(); part++) addCovariance(lane, part);
  for (let k = 0; k < outputs; k++)
    increase(jacobianNoise(circuit), k, bend * get(buffer(Buffer.Factor), packedPlace(k, k)));
}

/**
 * A displaced circuit of a sample has been measured.
 * @param record of its operation, @param half +1/2 or -1/2, @param f what the loss reads of it
 */
export function addToJacobian(record: usize, lane: i32, sample: i32, half: real, f: real): void {
  const parameter = operationIndex(record);
  const scale = operationScale(record);
  const factor = scale * half * readLength();
  increase(partsRow(sample), parameter, factor * f);
  const middle = get(buffer(Buffer.Bends), 2 * sample + 1);
  const beside = get(buffer(Buffer.Slopes), sample) * f - middle;
  increase(jacobianSide(0), parameter, <real>0.5 * scale * scale * beside);
  if (field(Field.Shots) == 0) return;
  const variance = shotVariance(lane, outputsRow(Buffer.OutputWeights, sample));
  increase(jacobianNoise(0), parameter, factor * factor * jacobianBend(sample) * variance);
}
