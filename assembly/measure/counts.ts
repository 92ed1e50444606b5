/**
 * Bitstrings: outcomes counted one by one, for a sample whose terms are measured together, or whose circuits the
 * caller measures.
 */
import { Option } from '../abi/codes';
import { odd } from '../kernels/state';
import { samplesInPair } from '../memory/batch';
import { callerMeasures } from '../memory/configuration';
import { option } from '../memory/options';
import { PAIR, REAL, at, get } from '../memory/reals';
import { Buffer, Field, buffer, field, setField } from '../memory/registers';
import { isWide, rowCount } from '../memory/shape';
import { nextWord, uniform } from '../number/random';
import { setShotSum, term, termZ } from '../program/observable';
import { openShots } from './shots';

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

/** Where the outcomes of a row's bitstring are counted, u32 {lane 0, lane 1}: behind the probabilities, or all there is. */
function countsOf(row: u32): usize {
  const base = buffer(Buffer.Scratch);
  // A sample over both lanes fills the scratch state with probabilities, and leaves the second lane of each row.
  if (isWide()) return base + REAL + PAIR * <usize>row;
  return base + ((<usize>row) << 3) + (callerMeasures() ? 0 : PAIR * <usize>rowCount());
}

/** How often a row's bitstring was counted in one lane. */
export function countOf(lane: i32, row: u32): u32 {
  return load<u32>(countsOf(row) + ((<usize>lane) << 2));
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
export function sumCounts(lane: i32): void {
  const terms = field(Field.TermCount);
  const rows = rowCount();
  for (let t = 0; t < terms; t++) {
    const record = term(t);
    let sum = 0;
    for (let row: u32 = 0; row < rows; row++) {
      const count = <i32>countOf(lane, row);
      sum += odd(row & termZ(record)) ? -count : count;
    }
    setShotSum(record, lane, sum);
  }
}

/**
 * Goes on drawing the bitstrings of the current pair, from which all terms are estimated: a few shots, of one lane.
 * The probabilities of both lanes are in the scratch state, and become running sums of them.
 * @returns whether all are drawn
 */
export function drawShots(evaluation: u32, step: u32): bool {
  const lane = field(Field.Lane);
  const shots = field(Field.Shots);
  const scratch = buffer(Buffer.Scratch);
  const chances = at(scratch, lane);
  let taken = field(Field.ShotsTaken);
  if (taken == 0) {
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
  setField(Field.ShotsTaken, taken);
  return field(Field.Lane) == samplesInPair();
}

/** Shots drawn in one tick: about the time of a gate on a pair of samples of four qubits. */
const SHOTS_A_TICK = 8;

/** Whether a lane's running sum ends in a number: a state that is none has no outcomes. */
export function hasOutcomes(lane: i32): bool {
  return callerMeasures() || get(buffer(Buffer.Scratch), 2 * <i32>rowCount() - 2 + lane) > 0;
}

/** Work of drawing one sample's shots before, where bitstrings are drawn. */
export function drawingWork(shots: i32): i32 {
  return (shots + SHOTS_A_TICK - 1) / SHOTS_A_TICK;
}
