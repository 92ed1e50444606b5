/**
 * Measurement with a finite number of shots, Eq. 5: f = (1/M) sum_j H_j. Every draw is an exact
 * sample of the outcome distribution of the state; nothing is a Gaussian stand-in.
 */
import { firstSample, samplesInPair } from '../memory/batch';
import { callerMeasures } from '../memory/configuration';
import { get, put } from '../memory/reals';
import { Field, field } from '../memory/registers';
import { binomial, binomialPair } from '../number/binomial';
import { TERM_BLOCK_BITS, nextWord, openStream } from '../number/random';
import { PAIRED_DRAWS } from '../profile';
import { setShotSum } from '../program/observable';

/** Opens the stream of one lane's shots in the current evaluation at a block. */
export function openBlock(evaluation: u32, step: u32, lane: i32, block: u32): void {
  openStream(field(Field.Purpose), step, evaluation, firstSample() + lane, block);
}

/** The same, at the start; `term` when it is measured alone. */
export function openShots(evaluation: u32, step: u32, lane: i32, term: u32): void {
  openBlock(evaluation, step, lane, term << TERM_BLOCK_BITS);
}

/** 2^-32: one word of the stream as a fraction. */
export const WORD_UNIT: f64 = 2.3283064365386963e-10;

/** The next 20 bits of a number of which a word is the whole part. With one bit more, rounding could make it too large. */
export function moreOfWord(): f64 {
  return <f64>(nextWord() >> 12) * 9.5367431640625e-7;
}

/** Whether outcomes are counted one by one before a measurement: bitstrings of the simulator, or what the caller tells. */
export function isCounted(): bool {
  return field(Field.Shots) > 0 && (field(Field.JointShots) != 0 || callerMeasures());
}

/** Chances of +1 of a term in both lanes, and how often it came. */
const CHANCES: usize = memory.data(16, 16);
const SUCCESSES: usize = memory.data(8, 8);

/** Keeps the sum of M outcomes of +1 or -1 of a term, of which so many were +1. @returns their mean, unless `value` is none */
function takeSuccesses(record: usize, lane: i32, successes: i32, value: real): real {
  const shots = field(Field.Shots);
  const sum = 2 * successes - shots;
  setShotSum(record, lane, sum);
  return value == value ? <real>sum / <real>shots : value;
}

/**
 * Eq. 5 for one term measured alone: the mean of M outcomes of +1 or -1, whose sum is kept for its variance. The two
 * samples of a pair share a block, and each has its half.
 * @param values <P> with readout error {lane 0, lane 1}; in their place the estimates
 */
export function estimateAlone(record: usize, index: i32, values: usize, evaluation: u32, step: u32): void {
  const shots = field(Field.Shots);
  if (PAIRED_DRAWS) {
    openShots(evaluation, step, 0, index);
    for (let lane = 0; lane < 2; lane++) put(CHANCES, lane, (1 + get(values, lane)) * <real>0.5);
    binomialPair(shots, shots, CHANCES, SUCCESSES);
    for (let lane = 0; lane < 2; lane++) {
      const successes = load<i32>(SUCCESSES + ((<usize>lane) << 2));
      put(values, lane, takeSuccesses(record, lane, successes, get(values, lane)));
    }
    return;
  }
  for (let lane = 0; lane < samplesInPair(); lane++) {
    openShots(evaluation, step, 0, index);
    const value = get(values, lane);
    const successes = binomial(shots, (1 + value) * <real>0.5, lane);
    put(values, lane, takeSuccesses(record, lane, successes, value));
  }
}

/** Work of measuring a sample or two after their shots, in gate applications on a pair. */
export function measurementWork(): i32 {
  return 1 + field(Field.TermCount);
}
