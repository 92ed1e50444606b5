/**
 * Counts of all outcomes, for a sample whose terms are measured together, or whose circuits the caller measures, and what
 * terms have of them. draws.ts draws them.
 */
import { callerMeasures } from '../memory/configuration';
import { PAIR, REAL } from '../memory/reals';
import { Buffer, Field, buffer, field } from '../memory/registers';
import { isTrajectory, isWide, rowCount } from '../memory/shape';
import { DRAWS_AT_ONCE } from '../profile';
import { setShotSum, term, termZ } from '../program/observable';
import { isDrawnAtOnce, setSumsAtOnce, signSumAtOnce } from './at-once';
import { isSingleShot } from './single';

/** Where the outcomes of a row's bitstring are counted, i32 {lane 0, lane 1}: behind the probabilities, or all there is. */
export function countsOf(row: u32): usize {
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

/** Sets it. */
export function setCount(lane: i32, row: u32, count: i32): void {
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
    // Two neighbouring rows of counts are a vector.
    const pairs = isVector<lanes>() && step == 8 && bit > step;
    for (let i: usize = 0; i < end; i += pairs ? 16 : step) {
      if ((i & bit) != 0) continue;
      if (isVector<lanes>() && pairs) sumRows(from + i, bit);
      else for (let at = from + i; at < from + i + 8; at += 4) sumRow(at, bit);
    }
  }
}

/** Sum and difference of a count and that of the row `bit` bytes behind. */
function sumRow(at: usize, bit: usize): void {
  const a = load<i32>(at);
  const b = load<i32>(at + bit);
  store<i32>(at, a + b);
  store<i32>(at + bit, a - b);
}

/** The same of both lanes of two rows. */
@inline
function sumRows(at: usize, bit: usize): void {
  const a = v128.load(at);
  const b = v128.load(at + bit);
  v128.store(at, i32x4.add(a, b));
  v128.store(at + bit, i32x4.sub(a, b));
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
