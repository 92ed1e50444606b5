/**
 * The outcome of one shot, for terms that are measured together: by inversion of the running sum of the probabilities
 * as it is in the build's reals, with readout flips in it.
 *
 * A word of the pair's stream is one shot of both its samples: the lower 16 bits are the first one's, the upper the
 * second's. Where they leave two outcomes open, 32 bits more follow them, from a block of the sample's own, so that
 * there is one right answer whatever finds it: with V all 48, the first outcome whose running sum exceeds V 2^-48 of
 * the sum of all, as rounded in double precision. Its probability is right within 2^-48, and what has none is never
 * drawn.
 */
import { Option } from '../abi/codes';
import { LANE, add } from '../kernels/state';
import { calibrates, callerMeasures } from '../memory/configuration';
import { number } from '../memory/options';
import { PAIR, get, increase } from '../memory/reals';
import { Buffer, Field, buffer, field } from '../memory/registers';
import { rowCount } from '../memory/shape';
import { TERM_BLOCK_BITS, nextWord } from '../number/random';
import { openBlock } from './shots';

/** Bits that every shot takes, and the part that so many make of a whole. */
const BITS: u32 = 16;
export const UNIT: f64 = 0.0000152587890625;

/** The part of that unit in one of the 32 bits that may follow. */
const MORE_UNIT: f64 = 2.3283064365386963e-10;

/** Blocks of a sample from which those of shot 0, 1, ... are: behind all that shots take. */
const MORE_BLOCKS: u32 = 1 << TERM_BLOCK_BITS;

/** The same for a term of its own, within its blocks: shots that are not divided are fewer. */
const MORE_OF_TERM: u32 = MORE_BLOCKS >> 1;

/** Whether bitstrings are drawn for one term after the other: a calibration inverts the errors of each. */
function isOfTerm(): bool {
  return calibrates() && field(Field.JointShots) == 0;
}

/** The block that the bitstrings of the current circuit begin at. */
export function firstBlock(): u32 {
  return isOfTerm() ? (<u32>field(Field.Term)) << TERM_BLOCK_BITS : 0;
}

/** Shots from which they are divided among the outcomes, in all and for each outcome. */
const LEAST_DIVIDED = 48;
const LEAST_DIVIDED_EACH = 5;

/** Whether so many shots are divided among the outcomes, not drawn one by one. */
export function areDivided(shots: i32): bool {
  return shots >= LEAST_DIVIDED && shots >= LEAST_DIVIDED_EACH * <i32>rowCount();
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

/** Replaces the probabilities of both lanes, in the scratch state, by their running sums, after readout. */
export function accumulate(): void {
  const chances = buffer(Buffer.Scratch);
  flipReadout(chances);
  const end = PAIR * <usize>rowCount();
  for (let lane: usize = 0; lane < PAIR; lane += LANE) {
    let sum = load<lanes>(chances + lane);
    for (let i = PAIR + lane; i < end; i += PAIR) {
      sum = add(sum, load<lanes>(chances + i));
      store<lanes>(chances + i, sum);
    }
  }
}

/** The running sum of a lane before a row. */
export function sumBefore(lane: i32, row: u32): real {
  return row == 0 ? 0 : get(buffer(Buffer.Scratch), 2 * <i32>row - 2 + lane);
}

/** Whether a lane's running sum ends in a number: a state that is none has no outcomes. */
export function hasOutcomes(lane: i32): bool {
  return callerMeasures() || sumBefore(lane, rowCount()) > 0;
}

/** The word of a shot. The stream stays open from one to the next, over the ticks. */
export function shotWord(evaluation: u32, step: u32, shot: u32): u32 {
  if ((shot & 3) == 0) openBlock(evaluation, step, 0, firstBlock() + (shot >> 2));
  return nextWord();
}

/** The bits of a lane in the word of a shot. */
export function shotBits(lane: i32, word: u32): u32 {
  return lane == 0 ? word & 0xffff : word >> BITS;
}

/** The bits that follow those of a shot, as a part of their unit. The words of the shots go on behind. */
export function moreOf(lane: i32, evaluation: u32, step: u32, shot: u32): f64 {
  const more = isOfTerm() ? MORE_OF_TERM : MORE_BLOCKS;
  openBlock(evaluation, step, lane, firstBlock() + more + shot);
  const bits = nextWord();
  openBlock(evaluation, step, 0, firstBlock() + (shot >> 2));
  for (let used: u32 = 0; used <= (shot & 3); used++) nextWord();
  return <f64>bits * MORE_UNIT;
}

/** Row of the first of a lane's running sums that exceeds `target`; of the last one where none before it does. */
@inline
function rowBeyond(sums: usize, target: f64): u32 {
  let offset: usize = 0;
  // Which way is a coin toss, too dear to branch on.
  for (let half = (PAIR * <usize>rowCount()) >> 1; half >= PAIR; half >>= 1) {
    offset += half & -(<usize>(<f64>load<real>(sums + offset + half - PAIR) <= target));
  }
  return <u32>(offset / PAIR);
}

/**
 * The outcome of one shot of a lane; of a state that is no number always the first.
 * @param sums the lane's running sums
 * @param word that of the shot
 * @returns the row
 */
export function outcome(lane: i32, sums: usize, word: u32, evaluation: u32, step: u32, shot: u32): u32 {
  const rows = rowCount();
  const unit = <f64>sumBefore(lane, rows) * UNIT;
  if (!(unit > 0)) return 0;
  const bits = shotBits(lane, word);
  const row = rowBeyond(sums, <f64>bits * unit);
  if (row + 1 == rows || <f64>sumBefore(lane, row + 1) > <f64>(bits + 1) * unit) return row;
  return rowBeyond(sums, (<f64>bits + moreOf(lane, evaluation, step, shot)) * unit);
}
