/**
 * Measurement with a finite number of shots, Eq. 5: f = (1/M) sum_j H_j. Every draw is an exact
 * sample of the outcome distribution of the state; nothing is a Gaussian stand-in.
 */
import { firstSample, samplesInPair } from '../memory/batch';
import { calibrates, callerMeasures } from '../memory/configuration';
import { get, put } from '../memory/reals';
import { Field, field } from '../memory/registers';
import { isTrajectory } from '../memory/shape';
import { binomial, binomialPair } from '../number/binomial';
import { TERM_BLOCK_BITS, nextBlock, openStream } from '../number/random';
import { PAIRED_DRAWS } from '../profile';
import { setShotSum, setShotSums } from '../program/observable';

/** Opens the stream of one lane's shots in the current evaluation at a block. */
export function openBlock(evaluation: u32, step: u32, lane: i32, block: u32): void {
  openStream(field(Field.Purpose), step, evaluation, firstSample() + lane, block);
}

/** The same, at the start; `term` when it is measured alone. */
export function openShots(evaluation: u32, step: u32, lane: i32, term: u32): void {
  openBlock(evaluation, step, lane, term << TERM_BLOCK_BITS);
}

/** Whether outcomes are counted one by one before a measurement: bitstrings, trajectories, or what the caller tells. */
export function isCounted(): bool {
  const each = isTrajectory() || calibrates();
  return field(Field.Shots) > 0 && (field(Field.JointShots) != 0 || callerMeasures() || each);
}

/**
 * Draws the block for a term that is measured alone, where two draws are made at once. Before its expectation is
 * computed, so that the one does not wait for the other.
 * @returns what `estimateAlone` wants of it
 */
export function readyEstimate(index: i32, evaluation: u32, step: u32): u64 {
  if (!PAIRED_DRAWS || !isVector<lanes>()) return 0;
  openShots(evaluation, step, 0, index);
  return nextBlock();
}

/**
 * Eq. 5 for one term measured alone, in both lanes: the mean of M outcomes of +1 or -1, whose sum is kept for its
 * variance. The two samples of a pair share a block, and each has its half.
 * @param ready from `readyEstimate`
 * @param values <P> with readout error {lane 0, lane 1}; in their place the estimates
 */
export function estimateAlone(
  record: usize,
  index: i32,
  values: usize,
  evaluation: u32,
  step: u32,
  ready: u64,
): void {
  const shots = field(Field.Shots);
  if (PAIRED_DRAWS && isVector<lanes>()) {
    const value = v128.load(values);
    const all = f64x2.splat(<f64>shots);
    const chances = f64x2.mul(f64x2.add(f64x2.splat(1), value), f64x2.splat(0.5));
    const successes = binomialPair(ready, all, chances);
    const sums = f64x2.sub(f64x2.add(successes, successes), all);
    setShotSums(record, i32x4.trunc_sat_f64x2_s_zero(sums));
    // What is no number stays what it is.
    v128.store(values, v128.bitselect(f64x2.div(sums, all), value, f64x2.eq(value, value)));
    return;
  }
  for (let lane = 0; lane < samplesInPair(); lane++) {
    openShots(evaluation, step, 0, index);
    const value = get(values, lane);
    const sum = 2 * <i32>binomial(shots, (1 + value) * <real>0.5, lane) - shots;
    setShotSum(record, lane, sum);
    if (value == value) put(values, lane, <real>sum / <real>shots);
  }
}

/** Work of measuring a sample or two after their shots, in gate applications on a pair. */
export function measurementWork(): i32 {
  return 1 + field(Field.TermCount);
}
