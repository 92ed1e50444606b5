/**
 * Measurement with a finite number of shots, Eq. 5: f = (1/M) sum_j H_j. Every draw is an exact
 * sample of the outcome distribution of the state; nothing is a Gaussian stand-in.
 */
import { Option } from "./status";
import {
  Buffer, ENVIRONMENT, Field, PAIR, at, buffer, clear, field, get, increase, integer, option, stateBytes,
} from "./memory";
import {
  readoutFactor, setShotSum, shotSum, term, termCoefficient, termExpectation, termOutput, termWeight, termZ,
} from "./observable";
import { TERM_BLOCK_BITS, nextWord, nextWord64, openStream, uniform } from "./random";
import { odd, probabilities } from "./state";

/** Random bits compared per chance: the whole fraction of a real. */
const FRACTION_BITS: u32 = sizeof<real>() == 8 ? 53 : 24;

/**
 * Successes among `shots` independent chances of probability p, from the open stream.
 *
 * Each chance compares a uniform random number with p bit by bit, most significant first, and stops
 * at the first bit that differs (Knuth and Yao, "The complexity of nonuniform random number
 * generation", 1976); 64 chances advance with one popcount. Exact for p on a 2^-53 grid (2^-24 in
 * single precision), about 2 * shots random bits, bounded by 53 rounds.
 */
export function binomial(shots: u32, p: real): u32 {
  if (!(p > 0)) return 0;
  if (p >= 1) return shots;
  const threshold = <u64>(p * <real>(<u64>1 << FRACTION_BITS));
  let undecided = shots;
  let successes: u32 = 0;
  for (let bit = FRACTION_BITS; bit > 0 && undecided > 0; bit--) {
    let ones: u32 = 0;
    for (let left = undecided; left > 0; ) {
      const taken = min<u32>(left, 64);
      ones += <u32>popcnt<u64>(nextWord64() << (64 - taken));
      left -= taken;
    }
    if (((threshold >> (bit - 1)) & 1) != 0) {
      successes += undecided - ones;
      undecided = ones;
    } else {
      undecided -= ones;
    }
  }
  return successes;
}

/** Replaces one lane of a probability vector by its running sum. */
function accumulate(lane: usize): void {
  const bytes = stateBytes() >> 1;
  let sum: real = 0;
  for (let i: usize = 0; i < bytes; i += PAIR) {
    sum += load<real>(lane + i);
    store<real>(lane + i, sum);
  }
}

/** One shot: a basis state drawn by binary search in the running sum, then readout flips. */
function bitstring(lane: usize): u32 {
  const qubits = integer(Option.Qubits);
  const last = (1 << qubits) - 1;
  const u = uniform() * load<real>(lane + <usize>last * PAIR);
  let outcome: u32 = 0;
  for (let half: u32 = 1 << (qubits - 1); half > 0; half >>= 1) {
    if (load<real>(lane + <usize>(outcome + half - 1) * PAIR) <= u) outcome += half;
  }
  const error = flipThreshold();
  if (error != 0) for (let i = 0; i < qubits; i++) if (nextWord() < error) outcome ^= 1 << i;
  return outcome;
}

/** Readout error as a fraction of 2^32. */
function flipThreshold(): u32 {
  return <u32>(option(Option.ReadoutError) * 4294967296.0);
}

/** Opens the stream of one lane's shots in the evaluation at hand; `term` when it is measured alone. */
function openShots(evaluation: u32, step: u32, lane: i32, term: u32): void {
  openStream(field(Field.Purpose), step, evaluation, 2 * field(Field.Pair) + lane, term << TERM_BLOCK_BITS);
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
 * Work of measuring a pair, in gate applications: a look at every row, and per shot and lane a search in
 * the running sum and a parity per term, or a few random bits per term.
 */
export function measurementWork(shots: i64): i32 {
  const terms = field(Field.TermCount);
  const qubits = integer(Option.Qubits);
  const perShot = field(Field.JointShots) != 0 ? 4 * (qubits + terms) : terms;
  return 1 + <i32>min<i64>((shots * perShot) >> qubits, 0x3fffffff);
}

/**
 * Measures both lanes of a state: f_k of every output, exact or from the configured shots, into the
 * expectations buffer [lane][output]; not-a-number where the state is. The scratch state is overwritten.
 * @param evaluation which circuit of the step this is: 0 the loss, 1 the tentative loss, then the shifts
 */
export function measure(state: usize, evaluation: u32, step: u32): void {
  const outputs = integer(Option.Outputs);
  const expectations = buffer(Buffer.Expectations);
  const shots = field(Field.Shots);
  const terms = field(Field.TermCount);
  const joint = shots > 0 && field(Field.JointShots) != 0;
  const chances = buffer(Buffer.Scratch);
  const stateReals = 2 << integer(Option.Qubits);
  probabilities(state, chances);
  clear(expectations, at(expectations, 2 * outputs));
  if (joint) {
    for (let lane = 0; lane < 2; lane++) {
      openShots(evaluation, step, lane, 0);
      sampleJointly(lane, shots);
    }
  }
  for (let t = 0; t < terms; t++) {
    const record = term(t);
    const weight = termWeight(record);
    if (!joint && weight > 0) termExpectation(record, state, chances, ENVIRONMENT);
    for (let lane = 0; lane < 2; lane++) {
      let value: real = 1;
      if (joint) {
        value = <real>shotSum(record, lane) / <real>shots;
        // A state that is not a number has no outcomes; its probabilities now end in their total.
        if (!(get(chances, stateReals - 2 + lane) > 0)) value = <real>NaN;
      } else if (weight > 0) {
        value = get(ENVIRONMENT, lane) * readoutFactor(weight);
        if (shots > 0 && value == value) {
          openShots(evaluation, step, lane, t);
          const sum = 2 * <i32>binomial(shots, (1 + value) * <real>0.5) - shots;
          setShotSum(record, lane, sum);
          value = <real>sum / <real>shots;
        }
      }
      increase(expectations, lane * outputs + termOutput(record), termCoefficient(record) * value);
    }
  }
}

/**
 * Variance, from shot noise, of sum_k u_k f_k for the sample just measured in `lane`; 0 when exact. A
 * sample estimate: trust it from about ten shots on. With one shot there is none, and the result is 0.
 *
 * Joint bitstrings are drawn a second time from the same stream, so that covariances between outputs
 * count: the unbiased sample variance of the per-shot value, over M. Terms measured on their own add
 * u^2 c^2 (1 - f^2) / (M - 1).
 * @param weights u_k of the lane
 */
export function shotVariance(lane: i32, evaluation: u32, step: u32, weights: usize): real {
  const shots = field(Field.Shots);
  if (shots == 0) return 0;
  const terms = field(Field.TermCount);
  const freedom = <real>max(shots - 1, 1);
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
