/**
 * Zero-noise extrapolation (Temme, Bravyi and Gambetta, PRL 119, 180509; Li and Benjamin, PRX 7, 021050): each output is
 * measured at the scales 1, 3, 5, ... of the noise, and what it would be at 0 is read off a fit.
 *
 *   polynomials     least squares of degree 1 (linear), as configured, or one less than there are scales (Richardson):
 *                   E = sum_j c_j f_j, whatever the f_j
 *   exponential     f = a + b exp(-c scale), with a the output of the maximally mixed state, its constant: a straight line
 *                   through log |f_j - a| by weighted least squares, E = a +- exp(intercept). Where the f_j - a have not
 *                   all the same sign there is no such curve, and the line through f_j itself is taken.
 *
 * Either way the slopes dE/df_j are kept beside the values, so that a gradient goes through.
 *
 * Layout, in `Buffer.Scaled`: values [scale][lane][output], slopes [scale][lane][output], coefficients [scale], workspace.
 */
import { Extrapolation, Option } from '../abi/codes';
import { countScales, extrapolates } from '../memory/configuration';
import { integer } from '../memory/options';
import { at, get, move, put } from '../memory/reals';
import { Buffer, Field, buffer, field } from '../memory/registers';
import { exp, log } from '../number/math';
import { term, termCoefficient, termOutput, termWeight } from '../program/observable';

/** One scale of the noise. */
function scaleOf(index: i32): real {
  const scale: i32 = 2 * index + 1;
  return <real>scale;
}

/** What was measured at a scale, both lanes [lane][output]. */
export function scaledValues(scale: i32): usize {
  return at(buffer(Buffer.Scaled), 2 * scale * integer(Option.Outputs));
}

/** The slopes of the extrapolated outputs along those, both lanes [lane][output]. */
export function scaledSlopes(scale: i32): usize {
  return scaledValues(countScales() + scale);
}

function coefficients(): usize {
  return scaledValues(2 * countScales());
}

/** A workspace of as many reals as there are scales. */
function workspace(index: i32): usize {
  return at(coefficients(), (1 + index) * countScales());
}

/** The degree of the polynomial that is fitted. */
function degree(): i32 {
  const fit = integer(Option.Extrapolation);
  if (fit == Extrapolation.Richardson) return countScales() - 1;
  return fit == Extrapolation.Polynomial ? integer(Option.ExtrapolationOrder) : 1;
}

/** The sum over the scales of weight_j a_j b_j. */
function product(weights: usize, a: usize, b: usize): real {
  let sum: real = 0;
  for (let j = 0; j < countScales(); j++) sum += get(weights, j) * get(a, j) * get(b, j);
  return sum;
}

/**
 * The c_j of a fit by least squares with weights, read off at 0. Polynomials p_k that are orthogonal over the scales, by
 * their three-term recurrence, need no matrix: c_j = w_j sum_k p_k(scale_j) p_k(0) / <p_k, p_k>.
 * @param weights of the squares
 */
function fitAtZero(fitted: i32, weights: usize): void {
  const scales = countScales();
  const to = coefficients();
  let before = workspace(1);
  let current = workspace(2);
  let beforeAtZero: real = 0;
  let atZero: real = 1;
  let squareBefore: real = 1;
  for (let j = 0; j < scales; j++) {
    put(to, j, 0);
    put(before, j, 0);
    put(current, j, 1);
  }
  for (let k = 0; k <= fitted; k++) {
    const square = product(weights, current, current);
    let middle: real = 0;
    for (let j = 0; j < scales; j++) {
      const p = get(current, j);
      middle += get(weights, j) * scaleOf(j) * p * p;
      put(to, j, get(to, j) + (get(weights, j) * p * atZero) / square);
    }
    middle /= square;
    const share = k == 0 ? <real>0 : square / squareBefore;
    for (let j = 0; j < scales; j++)
      put(before, j, (scaleOf(j) - middle) * get(current, j) - share * get(before, j));
    const nextAtZero = -middle * atZero - share * beforeAtZero;
    beforeAtZero = atZero;
    atZero = nextAtZero;
    squareBefore = square;
    const swapped = before;
    before = current;
    current = swapped;
  }
}

/** The output of the maximally mixed state: the coefficients of the strings without any letter. */
function constantOf(output: i32): real {
  let sum: real = 0;
  for (let t = field(Field.TermCount) - 1; t >= 0; t--) {
    const record = term(t);
    if (termOutput(record) == output && termWeight(record) == 0) sum += termCoefficient(record);
  }
  return sum;
}

/** Whether all values of one output are on the same side of `limit`, none at it. */
function areOnOneSide(element: i32, limit: real): bool {
  const first = get(scaledValues(0), element) - limit;
  for (let j = 0; j < countScales(); j++) {
    // The product itself could be too small for a number.
    const value = get(scaledValues(j), element) - limit;
    if (!(first > 0 ? value > 0 : first < 0 && value < 0)) return false;
  }
  return true;
}

/** The extrapolated value of one output on a curve that ends in `limit`, and its slopes. */
function extrapolateCurve(element: i32, limit: real): real {
  const scales = countScales();
  const weights = workspace(0);
  const logs = workspace(3);
  const c = coefficients();
  for (let j = 0; j < scales; j++) {
    const size = abs<real>(get(scaledValues(j), element) - limit);
    put(weights, j, size);
    put(logs, j, log(size));
  }
  fitAtZero(1, weights);
  let intercept: real = 0;
  let all: real = 0;
  let mean: real = 0;
  for (let j = 0; j < scales; j++) {
    intercept += get(c, j) * get(logs, j);
    all += get(weights, j);
    mean += get(weights, j) * scaleOf(j);
  }
  mean /= all;
  let along: real = 0;
  let square: real = 0;
  for (let j = 0; j < scales; j++) {
    const from = scaleOf(j) - mean;
    along += get(weights, j) * from * get(logs, j);
    square += get(weights, j) * from * from;
  }
  const steepness = along / square;
  const size = exp(intercept);
  const above = get(scaledValues(0), element) > limit;
  const value = above ? size : -size;
  for (let j = 0; j < scales; j++) {
    // The weights move with the values too.
    const residual = get(logs, j) - intercept - steepness * scaleOf(j);
    const distance = get(scaledValues(j), element) - limit;
    put(scaledSlopes(j), element, (value * get(c, j) * (1 + residual)) / distance);
  }
  return limit + value;
}

/** Replaces the outputs of both lanes, when all scales have been measured, by what they extrapolate to. */
export function extrapolate(expectations: usize): void {
  const outputs = integer(Option.Outputs);
  const scales = countScales();
  const curved = integer(Option.Extrapolation) == Extrapolation.Exponential;
  for (let element = 0; element < 2 * outputs; element++) {
    const limit: real = curved ? constantOf(element % outputs) : 0;
    if (curved && areOnOneSide(element, limit)) {
      put(expectations, element, extrapolateCurve(element, limit));
      continue;
    }
    for (let j = 0; j < scales; j++) put(workspace(0), j, 1);
    fitAtZero(degree(), workspace(0));
    let value: real = 0;
    for (let j = 0; j < scales; j++) {
      const c = get(coefficients(), j);
      value += c * get(scaledValues(j), element);
      put(scaledSlopes(j), element, c);
    }
    put(expectations, element, value);
  }
}

/** Keeps the outputs of both lanes, measured at a scale. */
export function keepScaled(scale: i32, expectations: usize): void {
  move(scaledValues(scale), expectations, at(0, 2 * integer(Option.Outputs)));
}

/** Lets measured outputs of both lanes count as much as the extrapolated ones move with them. */
export function scaleBySlopes(scale: i32, expectations: usize): void {
  if (!extrapolates()) return;
  const slopes = scaledSlopes(scale);
  for (let element = 2 * integer(Option.Outputs) - 1; element >= 0; element--)
    put(expectations, element, get(expectations, element) * get(slopes, element));
}

/** How much one output of a lane at a scale moves the extrapolated one; 1 without extrapolation. */
export function slopeOfScale(scale: i32, lane: i32, output: i32): real {
  return extrapolates() ? get(scaledSlopes(scale), lane * integer(Option.Outputs) + output) : 1;
}
