/**
 * Measurement with a finite number of shots, Eq. 5: f = (1/M) sum_j H_j. Every draw is an exact
 * sample of the outcome distribution of the state; nothing is a Gaussian stand-in.
 */
import { Option } from "./status";
import { binomial } from "./binomial";
import {
  Buffer, ENVIRONMENT, Field, PAIR, at, buffer, clear, field, get, increase, integer, isSingle, option, outputsRow, rowCount,
} from "./memory";
import { quadraticForm, sampleProbabilities } from "./columns";
import { firstSample, isLaidOut, samplesInPair } from "./engine";
import {
  readoutFactor, setShotSum, shotSum, term, termCoefficient, termExpectation, termOutput, termWeight, termZ,
} from "./observable";
import { TERM_BLOCK_BITS, nextWord, openStream, uniform } from "./random";
import { probabilitiesSingle } from "./single";
import { odd, probabilities } from "./state";

/** Replaces one lane of a probability vector by its running sum. */
function accumulate(lane: usize): void {
  const bytes = PAIR * <usize>rowCount();
  let sum: real = 0;
  for (let i: usize = 0; i < bytes; i += PAIR) {
    sum += load<real>(lane + i);
    store<real>(lane + i, sum);
  }
}

/** One shot: a row drawn by binary search in the running sum, then readout flips. */
function bitstring(lane: usize): u32 {
  const rows = rowCount();
  const u = uniform() * load<real>(lane + <usize>(rows - 1) * PAIR);
  let outcome: u32 = 0;
  for (let half = rows >> 1; half > 0; half >>= 1) {
    if (load<real>(lane + <usize>(outcome + half - 1) * PAIR) <= u) outcome += half;
  }
  const error = flipThreshold();
  if (error != 0) for (let bit: u32 = 1; bit < rows; bit <<= 1) if (nextWord() < error) outcome ^= bit;
  return outcome;
}

/** Readout error as a fraction of 2^32. */
function flipThreshold(): u32 {
  return <u32>(option(Option.ReadoutError) * 4294967296.0);
}

/** Opens the stream of one lane's shots in the evaluation at hand; `term` when it is measured alone. */
function openShots(evaluation: u32, step: u32, lane: i32, term: u32): void {
  openStream(field(Field.Purpose), step, evaluation, firstSample() + lane, term << TERM_BLOCK_BITS);
}

/** Estimates every term of one lane from the same bitstrings; leaves the running sum in place. */
function sampleJointly(lane: i32, shots: i32): void {
  const chances = at(buffer(Buffer.Scratch), lane);
  const terms = field(Field.TermCount);
  accumulate(chances);
  for (let t = 0; t < terms; t++) setShotSum(term(t), lane, 0);
  for (let shot = 0; shot < shots; shot++) {
    const outcome = bitstring(chances);
    for (let t = 0; t < terms; t++) {
      const record = term(t);
      setShotSum(record, lane, shotSum(record, lane) + (odd(outcome & termZ(record)) ? -1 : 1));
    }
  }
}

/**
 * Work of measuring a pair, in gate applications on one: a draw per term, or per shot and lane a search in
 * the running sum and a parity per term.
 */
export function measurementWork(shots: i32): i32 {
  const terms = field(Field.TermCount);
  if (field(Field.JointShots) == 0) return 1 + terms;
  const perShot = 4 * (field(Field.RowBits) + terms);
  return 1 + <i32>min<f64>((<f64>shots * <f64>perShot) / <f64>rowCount(), 1073741823.0);
}

/** Work of one term's matrix over the columns. */
export function matrixWork(): i32 {
  const columns = field(Field.Columns);
  return 1 + ((columns * (columns + 8)) >> 4);
}

/** <P> of one term in both lanes of the pair at hand, exact and without readout error, at `to`. */
function expectation(index: i32, record: usize, to: usize): void {
  if (isLaidOut()) quadraticForm(index, field(Field.Pair), to);
  else termExpectation(record, buffer(Buffer.State), to);
}

/**
 * Measures the pair of samples at hand: f_k of every output, exact or from the configured shots, into the
 * expectations buffer [lane][output]; not-a-number where the state is. The scratch state is overwritten.
 * @param evaluation which circuit of the step this is: 0 the loss, 1 the tentative loss, then the shifts
 */
export function measure(evaluation: u32, step: u32): void {
  const outputs = integer(Option.Outputs);
  const expectations = buffer(Buffer.Expectations);
  const shots = field(Field.Shots);
  const terms = field(Field.TermCount);
  const joint = shots > 0 && field(Field.JointShots) != 0;
  const chances = buffer(Buffer.Scratch);
  const lanesInUse = samplesInPair();
  clear(expectations, at(expectations, 2 * outputs));
  if (joint) {
    if (isLaidOut()) sampleProbabilities(field(Field.Pair), chances);
    else if (isSingle()) probabilitiesSingle(buffer(Buffer.State), chances);
    else probabilities(buffer(Buffer.State), chances);
    for (let lane = 0; lane < lanesInUse; lane++) {
      openShots(evaluation, step, lane, 0);
      sampleJointly(lane, shots);
    }
  }
  for (let t = 0; t < terms; t++) {
    const record = term(t);
    const weight = termWeight(record);
    if (!joint && weight > 0) expectation(t, record, ENVIRONMENT);
    for (let lane = 0; lane < lanesInUse; lane++) {
      let value: real = 1;
      if (joint) {
        value = <real>shotSum(record, lane) / <real>shots;
        // A state that is not a number has no outcomes; its probabilities now end in their total.
        if (!(get(chances, 2 * <i32>rowCount() - 2 + lane) > 0)) value = <real>NaN;
      } else if (weight > 0) {
        value = get(ENVIRONMENT, lane) * readoutFactor(weight);
        if (shots > 0 && value == value) {
          openShots(evaluation, step, lane, t);
          const sum = 2 * <i32>binomial(shots, (1 + value) * <real>0.5) - shots;
          setShotSum(record, lane, sum);
          value = <real>sum / <real>shots;
        }
      }
      increase(outputsRow(Buffer.Expectations, lane), termOutput(record), termCoefficient(record) * value);
    }
  }
}

/**
 * Variance, from shot noise, of sum_k u_k f_k for the sample just measured in `lane`, with shots. A
 * sample estimate: trust it from about ten shots on. With one shot there is none, and the result is 0.
 *
 * Joint bitstrings are drawn a second time from the same stream, so that covariances between outputs
 * count: the unbiased sample variance of the per-shot value, over M. Terms measured on their own add
 * u^2 c^2 (1 - f^2) / (M - 1).
 * @param weights u_k of the lane
 */
export function shotVariance(lane: i32, evaluation: u32, step: u32, weights: usize): real {
  const shots = field(Field.Shots);
  const terms = field(Field.TermCount);
  const freedom = max<real>(<real>shots - 1, 1);
  if (field(Field.JointShots) == 0) {
    let sum: real = 0;
    for (let t = 0; t < terms; t++) {
      const record = term(t);
      if (termWeight(record) == 0) continue;
      const f = <real>shotSum(record, lane) / <real>shots;
      const u = get(weights, termOutput(record)) * termCoefficient(record);
      sum += u * u * (1 - f * f);
    }
    return sum / freedom;
  }
  openShots(evaluation, step, lane, 0);
  const chances = at(buffer(Buffer.Scratch), lane);
  let mean: real = 0;
  let square: real = 0;
  for (let shot = 0; shot < shots; shot++) {
    const outcome = bitstring(chances);
    let value: real = 0;
    for (let t = 0; t < terms; t++) {
      const record = term(t);
      const signed = termCoefficient(record) * get(weights, termOutput(record));
      value += odd(outcome & termZ(record)) ? -signed : signed;
    }
    // Welford's update.
    const change = value - mean;
    mean += change / <real>(shot + 1);
    square += change * (value - mean);
  }
  return square / (freedom * <real>shots);
}
