/**
 * Many shots of a sample whose terms are measured together, without a word for each: binomial draws of how many of them
 * fall into either half of the outcomes, and so on down, to counts of the same distribution.
 *
 * Ranges of outcomes are numbered from the whole, 1, on: the halves of range j are 2j and 2j + 1. Its draw has half j & 1
 * of block j & ~1, and the block behind for more bits. So two halves of a range share a block, and where two draws are
 * made at once it is those (divided-pairs.ts).
 */
import { samplesInPair } from '../memory/batch';
import { Field, field, setField } from '../memory/registers';
import { rowCount } from '../memory/shape';
import { binomial } from '../number/binomial';
import { PAIRED_DRAWS } from '../profile';
import { countOf, setCount } from './counts';
import { MOST_RANGES, dividePairs } from './divided-pairs';
import { firstBlock, sumBefore } from './outcomes';
import { openBlock } from './shots';

/** Draws in a unit of work: about the time of a gate on a pair of samples of four qubits. */
const DRAWS: u32 = 4;

/** Work of dividing the shots of one sample. */
export function dividingWork(): i32 {
  return <i32>((rowCount() + DRAWS - 2) / DRAWS);
}

/** That of one tick of it. */
export function dividingTickWork(): i32 {
  return PAIRED_DRAWS && isVector<lanes>() ? min(<i32>(MOST_RANGES / DRAWS), dividingWork()) : 1;
}

/** Divides the shots of a range between its halves. */
function divide(lane: i32, range: u32, evaluation: u32, step: u32): void {
  const width = rowCount() >> (31 - clz(range));
  const first = range * width - rowCount();
  const middle = first + (width >> 1);
  const shots = countOf(lane, first);
  const before = sumBefore(lane, first);
  const chance = (sumBefore(lane, middle) - before) / (sumBefore(lane, first + width) - before);
  openBlock(evaluation, step, lane, firstBlock() + (range & ~1));
  const fallen = binomial(shots, chance, range & 1);
  setCount(lane, first, fallen);
  setCount(lane, middle, shots - fallen);
}

/** Some of the ranges of a lane, behind those that are divided. @returns the last of them */
function divideSome(lane: i32, divided: u32, evaluation: u32, step: u32): u32 {
  const all = rowCount() - 1;
  if (!PAIRED_DRAWS || !isVector<lanes>()) {
    for (const last = min(all, divided + DRAWS); divided < last;) divide(lane, ++divided, evaluation, step);
    return divided;
  }
  if (divided > 0) {
    const last = min(all, divided + MOST_RANGES);
    dividePairs(lane, divided + 1, last, evaluation, step);
    return last;
  }
  // The whole has no sibling: the first tick has one draw less.
  const last = min(all, MOST_RANGES - 1);
  divide(lane, 1, evaluation, step);
  for (let range: u32 = 2; range < last; range <<= 1)
    dividePairs(lane, range, 2 * range - 1, evaluation, step);
  return last;
}

/** Some of one lane's divisions. @returns whether those of the pair of samples are done */
export function divideShots(evaluation: u32, step: u32): bool {
  const lane = field(Field.Lane);
  const taken = field(Field.ShotsTaken);
  if (taken == 0) setCount(lane, 0, field(Field.Shots));
  const divided = divideSome(lane, taken, evaluation, step);
  const isLast = divided == rowCount() - 1;
  setField(Field.ShotsTaken, isLast ? 0 : <i32>divided);
  if (isLast) setField(Field.Lane, lane + 1);
  return field(Field.Lane) == samplesInPair();
}
