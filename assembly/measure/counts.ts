/**
 * Bitstrings: counts of all outcomes, for a sample whose terms are measured together, or whose circuits the caller
 * measures. They are drawn shot by shot (outcomes.ts), where there is SIMD many at once and without counts (at-once.ts),
 * or, where there are many for each outcome, by binomial draws of how many fall into either half of the outcomes, and so
 * on down: the same distribution each way.
 */
import { samplesInPair } from '../memory/batch';
import { callerMeasures } from '../memory/configuration';
import { PAIR, REAL, at } from '../memory/reals';
import { Buffer, Field, buffer, field, setField } from '../memory/registers';
import { isTrajectory, isWide, rowCount } from '../memory/shape';
import { binomial } from '../number/binomial';
import { DRAWS_AT_ONCE } from '../profile';
import { setShotSum, term, termZ } from '../program/observable';
import { drawAtOnce, isDrawnAtOnce, setSumsAtOnce, signSumAtOnce } from './at-once';
import { accumulate, areDivided, firstBlock, outcome, shotWord, sumBefore } from './outcomes';
import { openBlock } from './shots';
import { drawSingle, isSingleShot } from './single';

/** Shots of a pair, or binomial draws, in one tick: about the time of a gate on a pair of samples of four qubits. */
function drawsInTick(divided: bool): i32 {
  return divided ? 4 : 8;
}

/** Ticks of a pair's shots, or of those of one sample where they are divided. */
function drawingTicks(shots: i32): i32 {
  const divided = areDivided(shots);
  const draws = divided ? <i32>rowCount() - 1 : shots;
  const tick = drawsInTick(divided);
  return (draws + tick - 1) / tick;
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

/** Sum over the shots of one lane of the product of the signs of the row bits in a mask, once they are summed. */
export function signSum(lane: i32, mask: u32): i32 {
  return DRAWS_AT_ONCE && isVector<lanes>() && isDrawnAtOnce()
    ? signSumAtOnce(lane, mask)
    : countOf(lane, mask);
}

/** Sums every term's outcomes of both lanes, from their counts or what there is in place of them. */
export function sumCounts(): void {
  if (isSingleShot()) return;
  if (DRAWS_AT_ONCE && isVector<lanes>() && isDrawnAtOnce()) return setSumsAtOnce();
  transformCounts();
  for (let t = field(Field.TermCount) - 1; t >= 0; t--) {
    const record = term(t);
    for (let lane = 0; lane < 2; lane++) setShotSum(record, lane, signSum(lane, termZ(record)));
  }
}

/**
 * Divides the shots of a range of rows between its halves. Ranges are numbered from the whole, 1, on: the halves of
 * range j are 2j and 2j + 1. Its draw has half j & 1 of block j & ~1, and the block behind for more bits.
 */
function divide(lane: i32, range: u32, evaluation: u32, step: u32): void {
  const level = <u32>31 - clz<u32>(range);
  const width = rowCount() >> level;
  const first = (range - ((<u32>1) << level)) * width;
  const middle = first + (width >> 1);
  const shots = countOf(lane, first);
  const before = sumBefore(lane, first);
  const chance = (sumBefore(lane, middle) - before) / (sumBefore(lane, first + width) - before);
  openBlock(evaluation, step, lane, firstBlock() + (range & ~1));
  const fallen = binomial(shots, chance, range & 1);
  setCount(lane, first, fallen);
  setCount(lane, middle, shots - fallen);
}

/** Some of one lane's divisions. @returns whether those of the pair are done */
function divideShots(evaluation: u32, step: u32): bool {
  const lane = field(Field.Lane);
  let taken = field(Field.ShotsTaken);
  if (taken == 0) setCount(lane, 0, field(Field.Shots));
  const all = <i32>rowCount() - 1;
  // Of the ranges, the first is number 1.
  for (const end = min(all, taken + drawsInTick(true)); taken < end;) divide(lane, ++taken, evaluation, step);
  setField(Field.ShotsTaken, taken == all ? 0 : taken);
  if (taken == all) setField(Field.Lane, lane + 1);
  return field(Field.Lane) == samplesInPair();
}

/** A few shots of each of the pair's samples. @returns whether they are the last */
function countShots(evaluation: u32, step: u32): bool {
  const shots = field(Field.Shots);
  const scratch = buffer(Buffer.Scratch);
  let taken = field(Field.ShotsTaken);
  for (const end = min(shots, taken + drawsInTick(false)); taken < end; taken++) {
    const word = shotWord(evaluation, step, taken);
    for (let lane = samplesInPair() - 1; lane >= 0; lane--) {
      countOutcome(lane, outcome(lane, at(scratch, lane), word, evaluation, step, taken), 1);
    }
  }
  setField(Field.ShotsTaken, taken);
  return taken == shots;
}

/**
 * Goes on drawing the bitstrings of the current pair, from which all terms are estimated. The probabilities of both
 * lanes are in the scratch state, and become running sums of them.
 * @returns whether all are drawn
 */
export function drawShots(evaluation: u32, step: u32): bool {
  if (isSingleShot()) {
    drawSingle(evaluation, step);
    return true;
  }
  const isFirst = field(Field.Lane) == 0 && field(Field.ShotsTaken) == 0;
  if (isFirst) accumulate();
  if (DRAWS_AT_ONCE && isVector<lanes>() && isDrawnAtOnce()) {
    drawAtOnce(evaluation, step);
    return true;
  }
  if (isFirst) for (let lane = 0; lane < samplesInPair(); lane++) forgetCounts(lane);
  return areDivided(field(Field.Shots)) ? divideShots(evaluation, step) : countShots(evaluation, step);
}

/** Work of drawing the shots of so many samples before they are measured, where bitstrings are drawn. */
export function drawingWork(samples: i32, shots: i32): f64 {
  return <f64>(areDivided(shots) ? samples : (samples + 1) >> 1) * <f64>drawingTicks(shots);
}
