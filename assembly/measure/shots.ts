/**
 * Measurement with a finite number of shots, Eq. 5: f = (1/M) sum_j H_j. Every draw is an exact
 * sample of the outcome distribution of the state; nothing is a Gaussian stand-in.
 */
import { Option } from '../abi/codes';
import { binomial } from '../number/binomial';
import {
  Buffer,
  ENVIRONMENT,
  Field,
  PAIR,
  at,
  buffer,
  clear,
  field,
  get,
  increase,
  isAsked,
  isSingle,
  outputsRow,
  rowCount,
  setField,
} from '../memory/map';
import { quadraticForm, sampleProbabilities } from '../engines/columns/columns';
import { firstSample, isLaidOut, samplesInPair } from '../engines/engine';
import {
  readoutFactor,
  setShotSum,
  shotSum,
  term,
  termCoefficient,
  termExpectation,
  termOutput,
  termWeight,
  termZ,
} from '../program/observable';
import { integer, option } from '../memory/options';
import { TERM_BLOCK_BITS, nextWord, openStream, uniform } from '../number/random';
import { probabilitiesSingle } from '../kernels/wide';
import { odd, probabilities } from '../kernels/state';

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

/** Where the outcomes of a row's bitstring are counted, u32 {lane 0, lane 1}: behind the probabilities, or all there is. */
function countsOf(row: u32): usize {
  let base = buffer(Buffer.Scratch);
  // A sample over both lanes fills the scratch state with probabilities, and is done with its own.
  if (isSingle()) base = buffer(Buffer.State);
  else if (!isAsked()) base += PAIR * <usize>rowCount();
  return base + ((<usize>row) << 3);
}

/** Forgets what has been counted for one lane. */
export function forgetCounts(lane: i32): void {
  for (let row = rowCount(); row-- > 0;) store<u32>(countsOf(row) + ((<usize>lane) << 2), 0);
}

/** Counts a bitstring `times` over, for a sample whose terms are measured together. */
export function countOutcome(lane: i32, row: u32, times: u32): void {
  const at = countsOf(row) + ((<usize>lane) << 2);
  store<u32>(at, load<u32>(at) + times);
}

/** Sums every term's outcomes from the counts of one lane. */
function sumCounts(lane: i32): void {
  const terms = field(Field.TermCount);
  const rows = rowCount();
  for (let t = 0; t < terms; t++) {
    const record = term(t);
    let sum = 0;
    for (let row: u32 = 0; row < rows; row++) {
      const count = load<i32>(countsOf(row) + ((<usize>lane) << 2));
      sum += odd(row & termZ(record)) ? -count : count;
    }
    setShotSum(record, lane, sum);
  }
}

/**
 * Goes on drawing the bitstrings of the pair at hand, from which all terms are estimated: a few shots, of one lane.
 * `Field.Lane` is behind the last sample when all are drawn.
 */
export function drawShots(evaluation: u32, step: u32): i32 {
  const lane = field(Field.Lane);
  const shots = field(Field.Shots);
  const scratch = buffer(Buffer.Scratch);
  const chances = at(scratch, lane);
  let taken = field(Field.Taken);
  if (taken == 0) {
    if (lane == 0) {
      if (isLaidOut()) sampleProbabilities(field(Field.Pair), scratch);
      else if (isSingle()) probabilitiesSingle(buffer(Buffer.State), scratch);
      else probabilities(buffer(Buffer.State), scratch);
    }
    forgetCounts(lane);
    accumulate(chances);
    openShots(evaluation, step, lane, 0);
  }
  const end = min(shots, taken + SHOTS_A_TICK);
  for (; taken < end; taken++) countOutcome(lane, bitstring(chances), 1);
  if (taken == shots) {
    taken = 0;
    setField(Field.Lane, lane + 1);
  }
  setField(Field.Taken, taken);
  return 1;
}

/** Shots drawn in one tick: about the time of a gate on a pair of samples of four qubits. */
const SHOTS_A_TICK = 8;

/** Whether outcomes are counted one by one before a measurement: bitstrings of the simulator, or what the caller tells. */
export function isCounted(): bool {
  return field(Field.Shots) > 0 && (field(Field.JointShots) != 0 || isAsked());
}

/** Work of measuring a sample or two after their shots, in gate applications on a pair. */
export function measurementWork(): i32 {
  return 1 + field(Field.TermCount);
}

/** Work of drawing one sample's shots before, where bitstrings are drawn. */
export function drawingWork(shots: i32): i32 {
  return (shots + SHOTS_A_TICK - 1) / SHOTS_A_TICK;
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

/** Whether a lane's running sum ends in a number: a state that is none has no outcomes. */
function hasOutcomes(lane: i32): bool {
  return isAsked() || get(buffer(Buffer.Scratch), 2 * <i32>rowCount() - 2 + lane) > 0;
}

/**
 * Measures the pair of samples at hand: f_k of every output, exact or from the configured shots, into the
 * expectations buffer [lane][output]; not-a-number where the state is. What `isCounted` has been counted before.
 * @param evaluation which circuit of the step this is: 0 the loss, 1 the tentative loss, then the shifts
 */
export function measure(evaluation: u32, step: u32): void {
  const expectations = buffer(Buffer.Expectations);
  const shots = field(Field.Shots);
  const terms = field(Field.TermCount);
  const joint = shots > 0 && field(Field.JointShots) != 0;
  const lanesInUse = samplesInPair();
  clear(expectations, at(expectations, 2 * integer(Option.Outputs)));
  if (joint) for (let lane = 0; lane < lanesInUse; lane++) sumCounts(lane);
  for (let t = 0; t < terms; t++) {
    const record = term(t);
    const weight = termWeight(record);
    const alone = !isCounted() && weight > 0;
    if (alone) expectation(t, record, ENVIRONMENT);
    for (let lane = 0; lane < lanesInUse; lane++) {
      let value: real = 1;
      if (alone) {
        value = get(ENVIRONMENT, lane) * readoutFactor(weight);
        if (shots > 0 && value == value) {
          openShots(evaluation, step, lane, t);
          const sum = 2 * <i32>binomial(shots, (1 + value) * <real>0.5) - shots;
          setShotSum(record, lane, sum);
          value = <real>sum / <real>shots;
        }
      } else if (weight > 0) {
        value = <real>shotSum(record, lane) / <real>shots;
        if (joint && !hasOutcomes(lane)) value = <real>NaN;
      }
      increase(outputsRow(Buffer.Expectations, lane), termOutput(record), termCoefficient(record) * value);
    }
  }
}

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
    const count = load<u32>(countsOf(row) + ((<usize>lane) << 2));
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
