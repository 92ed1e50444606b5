/**
 * Saddle-free Gauss-Newton: Newton steps of a matrix that has no direction of negative curvature but what noise leaves. The
 * displaced circuits of the parameter shift, and the circuit as it is, tell of each sample b and parameter d the
 * derivative J_bd of the model's output z and its second derivative z''_bd. With l', l'' the derivatives of a sample's
 * loss by z, V and v0 the covariance that shots leave J and the variance that they leave z, and means over the mini-batch by
 * weight,
 *
 *   g = mean l' J      c_d = mean[ l' z''_d + l'' v0 ]      G = mean l'' (J J^T - V)
 *   m = EMA_beta1(g), R = |EMA_beta2(c)|, A = EMA_beta2(G), without their bias
 *   p = (A + diag R + lambda I)^-1 m,     theta <- theta - p min(eta, 1 / |p|)
 *
 * by Cholesky. c is the Hessian's diagonal less that of G: what the curvature of the circuit itself gives, whatever its
 * sign. That of the head is 0. The head is in p, and has no rate of its own. Where the matrix is not positive definite,
 * lambda is doubled, DOUBLINGS times at most; a parameter at which it is not even then stays where it is in this step.
 *
 *   loss and gradient (measure/jacobian.ts) -> A, row by row ... -> its factor ... -> a row back ... -> the step
 */
import { Option, Report } from '../abi/codes';
import { clearJacobian, jacobianBend, jacobianSide, jacobianStep } from '../measure/jacobian';
import { packedPlace } from '../measure/covariance';
import { partsRow } from '../memory/batch';
import { parameterCount } from '../memory/configuration';
import { integer, number } from '../memory/options';
import { at, get, increase, move, put, sumOfSquares } from '../memory/reals';
import { Buffer, Field, buffer, field, setField } from '../memory/registers';
import { reported } from '../memory/report';
import { curvatureBytes } from '../memory/sizes';
import { Next } from './contract';
import { beginDescent, endDescent, noted, renew } from './moves';

const DOUBLINGS = 20;

/** Products that one tick works out, about. */
const PRODUCTS_A_TICK = 2048;

export function sfgn(stage: i32): Next {
  if (stage == 0) {
    clearJacobian();
    setField(Field.Part, 0);
    setField(Field.Doublings, 0);
    return Next.LossAndGradient;
  }
  if (field(Field.Escaped) != 0) return Next.Diverged;
  // A part is a row, of the matrix, of its factor or on the way back.
  const count = parameterCount();
  const part = field(Field.Part);
  if (part == 3 * count) return descend();
  if (part < count) gatherSome(part);
  else if (part < 2 * count) factorSome(part - count);
  else solveRow(3 * count - 1 - part);
  return Next.Again;
}

/** Elements of a row of the matrix that one tick sums: each is a product for every sample. */
function gatheredATick(): i32 {
  return max(PRODUCTS_A_TICK / integer(Option.Batch), 1);
}

/** Elements of a row of its factor that one tick works out: each is a product for every element before it, at most. */
function factoredATick(): i32 {
  return max(PRODUCTS_A_TICK / parameterCount(), 1);
}

/** Ticks of a lower triangle, of so many elements of a row each. */
function triangleTicks(each: i32): i32 {
  let ticks = 0;
  for (let row = 0; row < parameterCount(); row++) ticks += row / each + 1;
  return ticks;
}

/** Ticks of a step beside those of a rule that moves all at once, at most: the factor is begun again by each doubling. */
export function matrixTicks(): i32 {
  const factor = triangleTicks(factoredATick());
  return triangleTicks(gatheredATick()) + (1 + DOUBLINGS) * factor + parameterCount();
}

/** The elements of a row before `end` are there: what is left of it is next, or the next part. */
function pass(row: i32, end: i32): void {
  const isThrough = end > row;
  setField(Field.Moved, isThrough ? 0 : end);
  if (isThrough) setField(Field.Part, field(Field.Part) + 1);
}

/** 1 - beta^t */
function unbias(slot: Report, decay: Option): real {
  return 1 - <real>reported(slot) * number(decay);
}

/** A running mean with what is new. */
function renewed(mean: real, value: real, decay: real): real {
  return decay * mean + (1 - decay) * value;
}

/**
 * A row of L, L L^T = A + diag R + lambda I, in rows that lie one behind the other. The states have done their work, and
 * any image, of which A is a part, has room in their place.
 */
function factorRow(row: i32): usize {
  return at(buffer(Buffer.Angles), packedPlace(row, 0));
}

/** The next elements of a row of A, with their bias, beside the running mean until the step is known. */
function gatherSome(row: i32): void {
  const from = field(Field.Moved);
  const end = min(from + gatheredATick(), row + 1);
  const samples = field(Field.Count);
  const matrix = at(buffer(Buffer.Curvature), packedPlace(row, 0));
  const means = at(buffer(Buffer.MeanCurvature), packedPlace(row, 0));
  for (let j = from; j < end; j++) {
    let sum = get(matrix, j);
    for (let b = 0; b < samples; b++) sum += jacobianBend(b) * get(partsRow(b), row) * get(partsRow(b), j);
    put(matrix, j, noted(renewed(get(means, j), sum, number(Option.Beta2))));
  }
  pass(row, end);
}

/** R + lambda of a row, as often as it has been doubled. */
function heldBy(row: i32): real {
  const beside = renewed(
    get(buffer(Buffer.SecondMoment), row),
    load<real>(jacobianSide(row)),
    number(Option.Beta2),
  );
  const damping = number(Option.Damping) * <real>(1 << field(Field.Doublings));
  return abs<real>(beside) / unbias(Report.Beta2Power, Option.Beta2) + damping;
}

/** The next elements of a row of L; behind the last, the entry of L^-1 m, in the place of the step. */
function factorSome(row: i32): void {
  const from = field(Field.Moved);
  const end = min(from + factoredATick(), row + 1);
  const own = factorRow(row);
  const matrix = at(buffer(Buffer.Curvature), packedPlace(row, 0));
  const unbiased = unbias(Report.Beta2Power, Option.Beta2);
  for (let j = from; j < end; j++) {
    const other = factorRow(j);
    let value = get(matrix, j) / unbiased;
    for (let k = 0; k < j; k++) value -= get(own, k) * get(other, k);
    if (j < row) {
      put(own, j, value / get(other, j));
      continue;
    }
    value += heldBy(row);
    if (!(value > 0)) {
      if (field(Field.Doublings) < DOUBLINGS) {
        setField(Field.Doublings, field(Field.Doublings) + 1);
        setField(Field.Moved, 0);
        setField(Field.Part, parameterCount());
        return;
      }
      // Divides to 0: the parameter drops out.
      value = <real>Infinity;
    }
    put(own, row, sqrt<real>(value));
    reduce(row);
  }
  pass(row, end);
}

/** The entry of L^-1 m. */
function reduce(row: i32): void {
  const own = factorRow(row);
  const mean = renewed(
    get(buffer(Buffer.FirstMoment), row),
    get(buffer(Buffer.Gradient), row),
    number(Option.Beta1),
  );
  let value = mean / unbias(Report.Beta1Power, Option.Beta1);
  const step = jacobianStep(0);
  for (let j = 0; j < row; j++) value -= get(own, j) * get(step, j);
  put(step, row, value / get(own, row));
}

/** (L^T)^-1 of it, from the last row up: an entry of p, and its part in those before. */
function solveRow(row: i32): void {
  const own = factorRow(row);
  const step = jacobianStep(0);
  const value = get(step, row) / get(own, row);
  put(step, row, value);
  for (let j = 0; j < row; j++) increase(step, j, -get(own, j) * value);
  pass(row, row + 1);
}

/** Everything is known: the parameters, and the running means. */
function descend(): Next {
  const count = parameterCount();
  const step = jacobianStep(0);
  const length = sqrt<real>(sumOfSquares(step, count));
  const rate = min<real>(beginDescent(), 1 / length);
  const beta1 = number(Option.Beta1);
  const beta2 = number(Option.Beta2);
  for (let i = 0; i < count; i++) {
    const value = get(buffer(Buffer.Parameters), i) - rate * get(step, i);
    put(buffer(Buffer.Parameters), i, noted(value));
    renew(buffer(Buffer.FirstMoment), i, get(buffer(Buffer.Gradient), i), beta1);
    renew(buffer(Buffer.SecondMoment), i, get(jacobianSide(0), i), beta2);
  }
  move(buffer(Buffer.MeanCurvature), buffer(Buffer.Curvature), curvatureBytes());
  return endDescent(rate);
}
