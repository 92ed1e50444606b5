/** The divisions of divided.ts where there is SIMD, two neighbouring ranges at once: the same draws. */
import { PAIR, at } from '../memory/reals';
import { Buffer, GATE_COEFFICIENTS, buffer } from '../memory/registers';
import { rowCount } from '../memory/shape';
import { isPair, likelyPair, settlePair } from '../number/binomial';
import { everyOtherBlockTo, nextBlock } from '../number/random';
import { countsOf } from './counts';
import { firstBlock } from './outcomes';
import { openBlock } from './shots';

/** Ranges that are divided in one go: four blocks. */
export const MOST_RANGES: u32 = 8;

/** Those blocks, and in their place the draws. No gate is ready while bitstrings are drawn. */
const DRAWN: usize = GATE_COEFFICIENTS;
const VECTOR: usize = 16;

/** Two counts of a lane, so far apart, f64x2. */
@inline
function shotsOf(counts: usize, apart: usize): v128 {
  return f64x2.convert_low_i32x4_u(v128.load32_lane(counts + apart, v128.load32_zero(counts), 1));
}

/**
 * The chances of the lower halves of two neighbouring ranges, f64x2: divided.ts has the same operations.
 * @param sums running sums of the lane
 * @param first row of the first range
 * @param width rows of each
 */
@inline
function chancesOf(sums: usize, first: u32, width: u32): v128 {
  const half = PAIR * <usize>(width >> 1);
  const last = sums + PAIR * <usize>first - PAIR;
  const between = load<f64>(last + 2 * half);
  const before = f64x2(first == 0 ? 0 : load<f64>(last), between);
  const middle = f64x2(load<f64>(last + half), load<f64>(last + 3 * half));
  const behind = f64x2(between, load<f64>(last + 4 * half));
  return f64x2.div(f64x2.sub(middle, before), f64x2.sub(behind, before));
}

/** Draws what is open of two draws, from the block of the first range. */
function settle(draws: v128, shots: v128, p: v128, lane: i32, range: u32, evaluation: u32, step: u32): v128 {
  openBlock(evaluation, step, lane, firstBlock() + range);
  nextBlock();
  return settlePair(draws, shots, p);
}

/**
 * Divides ranges of one width, of which the first is even and the last odd, `MOST_RANGES` at most. First what is likely
 * of all of them, so that none waits for what stays open of another.
 */
export function dividePairs(lane: i32, from: u32, last: u32, evaluation: u32, step: u32): void {
  const width = rowCount() >> (31 - clz(from));
  const first = from * width - rowCount();
  const sums = at(buffer(Buffer.Scratch), lane);
  const row = countsOf(1) - countsOf(0);
  const half = row * <usize>(width >> 1);
  const counts = countsOf(first) + ((<usize>lane) << 2);
  const end = DRAWN + <usize>((last - from + 1) >> 1) * VECTOR;
  openBlock(evaluation, step, lane, firstBlock() + from);
  everyOtherBlockTo(DRAWN);
  let own = counts;
  let next = first;
  for (let drawn = DRAWN; drawn < end; drawn += VECTOR) {
    const words = v128.load(drawn);
    const upper = v128.shuffle<i32>(words, words, 1, 3, 1, 3);
    v128.store(drawn, likelyPair(upper, shotsOf(own, 2 * half), chancesOf(sums, next, width)));
    own += 4 * half;
    next += 2 * width;
  }
  own = counts;
  next = first;
  for (let drawn = DRAWN; drawn < end; drawn += VECTOR) {
    const shots = shotsOf(own, 2 * half);
    let draws = v128.load(drawn);
    if (!isPair(draws)) {
      const range = (next + rowCount()) / width;
      draws = settle(draws, shots, chancesOf(sums, next, width), lane, range, evaluation, step);
    }
    const fallen = i32x4.trunc_sat_f64x2_u_zero(draws);
    const rest = i32x4.trunc_sat_f64x2_u_zero(f64x2.sub(shots, draws));
    v128.store32_lane(own, fallen, 0);
    v128.store32_lane(own + half, rest, 0);
    v128.store32_lane(own + 2 * half, fallen, 1);
    v128.store32_lane(own + 3 * half, rest, 1);
    own += 4 * half;
    next += 2 * width;
  }
}
