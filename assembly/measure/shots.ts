/**
 * Measurement with a finite number of shots, Eq. 5: f = (1/M) sum_j H_j. Every draw is an exact
 * sample of the outcome distribution of the state; nothing is a Gaussian stand-in.
 */
import { firstSample } from '../memory/batch';
import { callerMeasures } from '../memory/configuration';
import { Field, field } from '../memory/registers';
import { binomial } from '../number/binomial';
import { TERM_BLOCK_BITS, openStream } from '../number/random';
import { setShotSum } from '../program/observable';

/** Opens the stream of one lane's shots in the current evaluation; `term` when it is measured alone. */
export function openShots(evaluation: u32, step: u32, lane: i32, term: u32): void {
  openStream(field(Field.Purpose), step, evaluation, firstSample() + lane, term << TERM_BLOCK_BITS);
}

/** Whether outcomes are counted one by one before a measurement: bitstrings of the simulator, or what the caller tells. */
export function isCounted(): bool {
  return field(Field.Shots) > 0 && (field(Field.JointShots) != 0 || callerMeasures());
}

/**
 * Eq. 5 for one term measured alone: the mean of M outcomes of +1 or -1, whose sum is kept for its variance.
 * @param value <P> with readout error
 */
export function estimateAlone(
  record: usize,
  index: i32,
  lane: i32,
  value: real,
  evaluation: u32,
  step: u32,
): real {
  const shots = field(Field.Shots);
  openShots(evaluation, step, lane, index);
  const sum = 2 * <i32>binomial(shots, (1 + value) * <real>0.5) - shots;
  setShotSum(record, lane, sum);
  return <real>sum / <real>shots;
}

/** Work of measuring a sample or two after their shots, in gate applications on a pair. */
export function measurementWork(): i32 {
  return 1 + field(Field.TermCount);
}
