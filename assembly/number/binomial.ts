/**
 * Exact binomial draws, by inversion: a draw is one uniform number U of its own, and its outcome is the smallest k
 * with F(k) > U, F(k) the probability of at most k successes. So there is one right answer whatever finds it, and no
 * build, no neighbour and no order of evaluation can change it.
 *
 * U is the signed word W of 64 bits that the draw takes: 1/2 + (W + 1/2) / 2^64. Where it is within 2^-53 of 0 or 1,
 * 64 more bits follow, from the block behind the draw's own, so that tails have all digits of a double too.
 *
 * F is by definition what `search` sums, in double precision and in its order, which differs from the exact sum by
 * 2^-43 + 2^-47 sqrt(shots) of the smaller of F and 1 - F at most. Within that of a boundary, and only there, it
 * decides; a draw's own bits beyond a double's would be held against nothing. Everything else gives an answer only
 * where U is farther from F(k) and F(k - 1) than all errors of both ways together, and leaves the rest: the expansion a
 * few draws in ten thousand of 1000 shots, one in a hundred of 20 and one in ten where hardly any is expected.
 *
 * In double precision in all builds, by + - * / sqrt, floor, nearest and conversions alone.
 */
import { PAIRED_DRAWS, QUICK_DRAWS } from '../profile';
import { LEAST_VARIANCE, quantile } from './expansion';
import { blockWord, followingBlock, nextBlock } from './random';

/** 2^-31 and 2^-64: units of 2U - 1 by its first 32 bits, and of U. */
const FIRST_BITS: f64 = 4.656612873077393e-10;
const UNIT: f64 = 5.421010862427522e-20;

/** 2^-30, more than any error of the sums of `searchFew`, at most shots * 2^-51. */
const SUM_ERROR: f64 = 9.313225746154785e-10;

/** Variance below which summing the distribution from 0 on is quicker than `search`. */
const FEW: f64 = 4;

/** U where it is below 1/2, else 1 - U; of 128 bits where those of the word leave less than a double has. */
function tailOf(word: i64, half: usize): f64 {
  const mask = ~(word >> 63);
  const bits = (word ^ mask) & i64.MAX_VALUE;
  let rest: f64 = 0.5;
  if (bits < 1 << 11) {
    followingBlock();
    rest = (<f64>(<u64>(blockWord(half) ^ mask)) + 0.5) * UNIT;
  }
  return (<f64>bits + rest) * UNIT;
}

/**
 * The outcome where few are expected, by summing the distribution from 0 successes on (BINV of Kachitvichyanukul and
 * Schmeiser, "Binomial random variate generation", Comm. ACM 31, 1988).
 * @param p at most 1/2
 * @param u U, within 2^-52
 * @returns -1 where it is not certain
 */
function searchFew(shots: u32, p: f64, u: f64): i32 {
  const q = 1 - p;
  let term: f64 = 1;
  let power = q;
  let bits = shots;
  do {
    if ((bits & 1) != 0) term *= power;
    power *= power;
  } while ((bits >>= 1) != 0);
  let k: f64 = 0;
  while (u >= term && term > SUM_ERROR) {
    u -= term;
    const left = (<f64>shots - k) * p;
    k += 1;
    term *= left / (k * q);
  }
  return u > SUM_ERROR && term - u > SUM_ERROR ? <i32>k : -1;
}

/**
 * The outcome by the sums that define it, in units of the distribution's middle: outward to both ends, to the right
 * one last, each as far as terms are more than 2^-60 of the tail; then inward until the tail is full.
 * @param p inside (0, 1)
 * @param tail U, or 1 - U where `upper`, at most 1/2
 */
function search(shots: u32, p: f64, tail: f64, upper: bool): u32 {
  const n = <f64>shots;
  const least = tail * 8.673617379884035e-19;
  // `count` is of what a step makes one more of, which has the chance a: successes upward, failures downward.
  let a = upper ? p : 1 - p;
  let b = upper ? 1 - p : p;
  let start = floor<f64>(n * p);
  if (!upper) start = n - start;
  let count: f64;
  let term: f64;
  let sum: f64 = 1;
  let passes = 2;
  do {
    const swap = a;
    a = b;
    b = swap;
    start = n - start;
    count = start;
    term = 1;
    while (count < n && term > least) {
      term *= ((n - count) * a) / ((count + 1) * b);
      count += 1;
      sum += term;
    }
  } while (--passes);
  count = n - count;
  const wanted = tail * sum;
  sum = term;
  while (sum <= wanted && count < n) {
    term *= ((n - count) * b) / ((count + 1) * a);
    count += 1;
    sum += term;
  }
  return <i32>(upper ? n - count : count);
}

/** The expansion, for one draw: where there is one for two, by that, which is one function less. */
function likely(shots: f64, p: f64, variance: f64, h: f64): f64 {
  if (!PAIRED_DRAWS || !isVector<lanes>()) return quantile<f64>(shots, p, variance, h);
  const k = quantile<v128>(f64x2.splat(shots), f64x2.splat(p), f64x2.splat(variance), f64x2.splat(h));
  return f64x2.extract_lane(k, 0);
}

/**
 * The outcome that belongs to a word.
 * @param half which of the current block the word is
 */
export function invert(shots: u32, p: f64, word: i64, half: usize): u32 {
  const q = 1 - p;
  if (!(p > 0)) return 0;
  if (!(q > 0)) return shots;
  const variance = <f64>shots * p * q;
  if (QUICK_DRAWS && variance >= LEAST_VARIANCE) {
    const k = likely(<f64>shots, p, variance, <f64>(<i32>(word >> 32)) * FIRST_BITS);
    if (k == k) return <i32>k;
  }
  if (QUICK_DRAWS && variance < FEW) {
    const mirrored = p > 0.5;
    const k = searchFew(shots, mirrored ? q : p, 0.5 + (mirrored ? -UNIT : UNIT) * <f64>word);
    if (k >= 0) return mirrored ? shots - k : k;
  }
  return search(shots, p, tailOf(word, half), word >= 0);
}

/**
 * Successes among `shots` independent chances of probability `chance`, from the open stream, of which it takes one
 * half of the next block; no word may be left of the block before. 0 where `chance` is not above 0 or not a number,
 * `shots` where it is 1 or more.
 * @param shots at most 2^20
 * @param half 0 or 1
 */
export function binomial(shots: u32, chance: real, half: usize = 0): u32 {
  nextBlock();
  return invert(shots, <f64>chance, blockWord(half), half);
}

/**
 * Two draws where they are likely to be found at once: what the upper halves of a block's two words tell.
 * @param upper those halves, in the first two lanes, the sooner the better: most of the work does not wait for the chances
 * @param shots f64x2
 * @param p their chances, f64x2
 * @returns f64x2, not-a-number where it is not certain
 */
@inline
export function likelyPair(upper: v128, shots: v128, p: v128): v128 {
  const variance = f64x2.mul(f64x2.mul(shots, p), f64x2.sub(f64x2.splat(1), p));
  const h = f64x2.mul(f64x2.convert_low_i32x4_s(upper), f64x2.splat(FIRST_BITS));
  // All bits set are not-a-number.
  const small = v128.not(f64x2.ge(variance, f64x2.splat(LEAST_VARIANCE)));
  return v128.or(small, quantile<v128>(shots, p, variance, h));
}

/** Whether both draws are found. */
@inline
export function isPair(draws: v128): bool {
  return i64x2.all_true(f64x2.eq(draws, draws));
}

/** Puts in from the two halves of the current block what `likelyPair` has not found. */
export function settlePair(draws: v128, shots: v128, p: v128): v128 {
  // A draw may take another block for itself.
  const word = blockWord(0);
  const other = blockWord(1);
  const first = f64x2.extract_lane(draws, 0);
  if (first != first) {
    const k = invert(<u32>f64x2.extract_lane(shots, 0), f64x2.extract_lane(p, 0), word, 0);
    draws = f64x2.replace_lane(draws, 0, <f64>k);
  }
  const second = f64x2.extract_lane(draws, 1);
  if (second != second) {
    const k = invert(<u32>f64x2.extract_lane(shots, 1), f64x2.extract_lane(p, 1), other, 1);
    draws = f64x2.replace_lane(draws, 1, <f64>k);
  }
  return draws;
}

/**
 * Two draws from the two halves of the current block, each the same as `binomial` makes it.
 * @param upper what `nextBlock` has returned
 * @param shots f64x2
 * @param p their chances, f64x2
 * @returns f64x2
 */
export function binomialPair(upper: u64, shots: v128, p: v128): v128 {
  const draws = likelyPair(i64x2.splat(upper), shots, p);
  return isPair(draws) ? draws : settlePair(draws, shots, p);
}
