/**
 * Bitstrings: counts of all outcomes, for a sample whose terms are measured together, or whose circuits the caller
 * measures. They are drawn shot by shot, or, where there are many for each outcome, by binomial draws of how many fall
 * into either half of the outcomes, and so on down: the same distribution either way, that of the running sum of the
 * probabilities as it is in the build's reals, with readout flips in it.
 *
 * A shot is one word of the stream and, where that leaves two outcomes open, 20 bits of the next: an outcome's
 * probability is right within 2^-52.
 */
import { Option } from '../abi/codes';
import { LANE, add } from '../kernels/state';
import { samplesInPair } from '../memory/batch';
import { calibrates, callerMeasures } from '../memory/configuration';
import { number } from '../memory/options';
import { PAIR, REAL, at, get, increase } from '../memory/reals';
import { Buffer, Field, buffer, field, setField } from '../memory/registers';
import { isTrajectory, isWide, rowCount } from '../memory/shape';
import { binomial } from '../number/binomial';
import { TERM_BLOCK_BITS, nextWord } from '../number/random';
import { setShotSum, term, termZ } from '../program/observable';
import { WORD_UNIT, moreOfWord, openBlock, openShots } from './shots';

/** Shots from which they are divided among the outcomes, in all and for each outcome. */
const LEAST_DIVIDED = 48;
const LEAST_DIVIDED_EACH = 5;

/** The term that bitstrings are drawn for; 0 where they are for all. */
function termOfCounts(): u32 {
  return calibrates() && field(Field.JointShots) == 0 ? field(Field.Term) : 0;
}

/** Whether so many shots are divided among the outcomes, not drawn one by one. */
function areDivided(shots: i32): bool {
  return shots >= LEAST_DIVIDED && shots >= LEAST_DIVIDED_EACH * <i32>rowCount();
}

/** Shots, or binomial draws, in one tick: about the time of a gate on a pair of samples of four qubits. */
function drawsInTick(divided: bool): i32 {
  return divided ? 4 : 16;
}

/** Readout flips in the probabilities of both lanes, bit by bit: a becomes a - e (a - b), b what a lost more. */
function flipReadout(chances: usize): void {
  const e = number(Option.ReadoutError);
  const end = 2 * <i32>rowCount();
  if (e == 0) return;
  for (let bit = 2; bit < end; bit <<= 1) {
    for (let i = 0; i < end; i++) {
      if ((i & bit) != 0) continue;
      const flow = e * (get(chances, i) - get(chances, i + bit));
      increase(chances, i, -flow);
      increase(chances, i + bit, flow);
    }
  }
}

/** Replaces the probabilities of both lanes by their running sums, after readout. */
function accumulate(chances: usize): void {
  flipReadout(chances);
  const end = PAIR * <usize>rowCount();
  for (let i: usize = PAIR; i < end; i += LANE) {
    store<lanes>(chances + i, add(load<lanes>(chances + i - PAIR), load<lanes>(chances + i)));
  }
}

/** Offset of the first of a lane's running sums that exceeds `target`; of the last one where none before it does. */
@inline
function sumBeyond(sums: usize, last: usize, target: f64): usize {
  let offset: usize = 0;
  // Which way is a coin toss, too dear to branch on.
  for (let half = (last + PAIR) >> 1; half >= PAIR; half >>= 1) {
    offset += half & -(<usize>(<f64>load<real>(sums + offset + half - PAIR) <= target));
  }
  return offset;
}

/**
 * One shot.
 * @param last offset of the last of a lane's running sums
 * @param span the 2^32nd part of it
 * @returns the offset of a row in them
 */
@inline
function bitstring(sums: usize, last: usize, span: f64): usize {
  let target = <f64>nextWord() * span;
  let offset = sumBeyond(sums, last, target);
  if (offset < last && <f64>load<real>(sums + offset) - target < span) {
    target += moreOfWord() * span;
    offset = sumBeyond(sums, last, target);
  }
  return offset;
}

/** Where the outcomes of a row's bitstring are counted, i32 {lane 0, lane 1}: behind the probabilities, or all there is. */
function countsOf(row: u32): usize {
  // The scratch state is at work while trajectories are counted.
  if (isTrajectory()) return buffer(Buffer.Outcomes) + ((<usize>row) << 3);
  const base = buffer(Buffer.Scratch);
  // A sample over both lanes fills the scratch state with probabilities, and leaves the second lane of each row.
  if (isWide()) return base + REAL + PAIR * <usize>row;
  return base + ((<usize>row) << 3) + (callerMeasures() ? 0 : PAIR * <usize>rowCount());
}

/** How often a row was counted. */
export function countOf(lane: i32, row: u32): i32 {
  return load<i32>(countsOf(row) + ((<usize>lane) << 2));
}

function setCount(lane: i32, row: u32, count: i32): void {
  store<i32>(countsOf(row) + ((<usize>lane) << 2), count);
}

/** Forgets what has been counted for one lane. */
export function forgetCounts(lane: i32): void {
  for (let row = rowCount(); row-- > 0;) setCount(lane, row, 0);
}

/** Counts a bitstring `times` over, for a sample whose terms are measured together. */
export function countOutcome(lane: i32, row: u32, times: i32): void {
  setCount(lane, row, countOf(lane, row) + times);
}

/**
 * Makes sums of signs of the counts of both lanes, in their place: see `signSum`. A Walsh-Hadamard transform, in whole
 * numbers.
 */
function transformCounts(): void {
  const from = countsOf(0);
  const step = countsOf(1) - from;
  const end = step * <usize>rowCount();
  for (let bit = step; bit < end; bit <<= 1) {
    for (let i: usize = 0; i < end; i += step) {
      if ((i & bit) != 0) continue;
      for (let at = from + i; at < from + i + 8; at += 4) {
        const a = load<i32>(at);
        const b = load<i32>(at + bit);
        store<i32>(at, a + b);
        store<i32>(at + bit, a - b);
      }
    }
  }
}

/** Sum over the shots of one lane of the product of the signs of the row bits in a mask, once counts are transformed. */
export function signSum(lane: i32, mask: u32): i32 {
  return countOf(lane, mask);
}

/** Sums every term's outcomes from the counts of both lanes. */
export function sumCounts(): void {
  transformCounts();
  for (let t = field(Field.TermCount) - 1; t >= 0; t--) {
    const record = term(t);
    for (let lane = 0; lane < 2; lane++) setShotSum(record, lane, signSum(lane, termZ(record)));
  }
}

/** The running sum of a lane before a row. */
function sumBefore(lane: usize, row: u32): real {
  return row == 0 ? 0 : load<real>(lane + <usize>(row - 1) * PAIR);
}

/**
 * Divides the shots of a range of rows between its halves. Ranges are numbered from the whole, 1, on: the halves of
 * range j are 2j and 2j + 1. Its draw has half j & 1 of block j & ~1, and the block behind for more bits.
 */
function divide(lane: i32, sums: usize, range: u32, evaluation: u32, step: u32): void {
  const level = <u32>31 - clz<u32>(range);
  const width = rowCount() >> level;
  const first = (range - ((<u32>1) << level)) * width;
  const middle = first + (width >> 1);
  const shots = countOf(lane, first);
  const before = sumBefore(sums, first);
  const chance = (sumBefore(sums, middle) - before) / (sumBefore(sums, first + width) - before);
  openBlock(evaluation, step, lane, (termOfCounts() << TERM_BLOCK_BITS) | (range & ~1));
  const fallen = binomial(shots, chance, range & 1);
  setCount(lane, first, fallen);
  setCount(lane, middle, shots - fallen);
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
  const sums = at(scratch, lane);
  const divided = areDivided(shots);
  let taken = field(Field.ShotsTaken);
  if (taken == 0) {
    if (lane == 0) accumulate(scratch);
    forgetCounts(lane);
    if (divided) setCount(lane, 0, shots);
    else openShots(evaluation, step, lane, termOfCounts());
  }
  // Of the ranges, the first is number 1.
  const all = divided ? <i32>rowCount() - 1 : shots;
  const end = min(all, taken + drawsInTick(divided));
  const span = <f64>sumBefore(sums, rowCount()) * WORD_UNIT;
  const last = PAIR * <usize>(rowCount() - 1);
  const counts = countsOf(0) + ((<usize>lane) << 2);
  const width = countsOf(1) - countsOf(0);
  for (; taken < end; taken++) {
    if (divided) {
      divide(lane, sums, taken + 1, evaluation, step);
    } else {
      const count = counts + (bitstring(sums, last, span) / PAIR) * width;
      store<i32>(count, load<i32>(count) + 1);
    }
  }
  if (taken == all) {
    taken = 0;
    setField(Field.Lane, lane + 1);
  }
  setField(Field.ShotsTaken, taken);
  return field(Field.Lane) == samplesInPair();
}

/** Whether a lane's running sum ends in a number: a state that is none has no outcomes. */
export function hasOutcomes(lane: i32): bool {
  return callerMeasures() || get(buffer(Buffer.Scratch), 2 * <i32>rowCount() - 2 + lane) > 0;
}

/** Work of drawing one sample's shots before, where bitstrings are drawn. */
export function drawingWork(shots: i32): i32 {
  const divided = areDivided(shots);
  const draws = divided ? <i32>rowCount() - 1 : shots;
  const tick = drawsInTick(divided);
  return (draws + tick - 1) / tick;
}
