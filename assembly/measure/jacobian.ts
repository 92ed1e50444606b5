/**
 * What a saddle-free Gauss-Newton step (rules/sfgn.ts) takes from the measurements of single samples. With z the model's
 * one output, sum_k w_k f_k + b or a bare expectation, u the weights of the observable that the loss reads, sum |u| = 1,
 * and n = |w|_1 or 1, so that w = n u, for sample b and the angle a of a gate that parameter d turns by scale times,
 *
 *   J_bd   += scale n (f+ - f-) / 2,                      f = u.f,  f+ and f- at a +- pi/2
 *   side_d += scale^2 s_b (l' n ((f+ + f-) / 2 - f0) + l'' n^2 Var f0)
 *   V_dd   += scale^2 s_b l'' n^2 (Var f+ + Var f-) / 4,   s_b = w_b / B
 *
 * of the head J = (f, 1), side 0 and V_jk s_b l'' Cov f_j f_k. Var and Cov are what shots leave (variance.ts,
 * covariance.ts): V is what that adds to the products of J, of which others come from circuits of their own; and in side
 * l'' n^2 Var f0 is rid of l'(z) f0, whose factors have the same noise. Of a parameter of several gates, side has what each
 * of them has along itself alone.
 *
 *   J [sample][parameter]    bends [sample]{s l'', s (l' n f0 - l'' n^2 Var f0)}    side, step [parameter]    -V where the
 *   matrix will be
 */
import { Option } from '../abi/codes';
import { outputsRow, partsRow } from '../memory/batch';
import { parameterCount } from '../memory/configuration';
import { integer } from '../memory/options';
import { at, clear, get, increase, put } from '../memory/reals';
import { Buffer, Field, buffer, field } from '../memory/registers';
import { curvatureBytes } from '../memory/sizes';
import { operationIndex, operationScale } from '../program/operations';
import { addCovariance, covarianceTicks, packedPlace } from './covariance';
import { shotVariance } from './variance';

/** side, and what a rule works out of all. */
export function jacobianSide(parameter: i32): usize {
  return at(buffer(Buffer.Sides), parameter);
}

export function jacobianStep(parameter: i32): usize {
  return jacobianSide(parameterCount() + parameter);
}

/** s_b l'' */
export function jacobianBend(sample: i32): real {
  return get(buffer(Buffer.Bends), 2 * sample);
}

/** Nothing is known of any sample. */
export function clearJacobian(): void {
  clear(jacobianSide(0), jacobianStep(0));
  clear(buffer(Buffer.Curvature), buffer(Buffer.Curvature) + curvatureBytes());
}

/** Takes what shots add to a product of J off the matrix. */
function takeOff(row: i32, column: i32, noise: real): void {
  increase(buffer(Buffer.Curvature), packedPlace(row, column), -noise);
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
  for (let j = 0; j < outputs; j++)
    for (let k = 0; k <= j; k++)
      takeOff(circuit + j, circuit + k, bend * get(buffer(Buffer.Factor), packedPlace(j, k)));
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
  takeOff(parameter, parameter, factor * factor * jacobianBend(sample) * variance);
}
