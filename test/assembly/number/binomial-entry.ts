// What test/assembly/number/binomial.test.ts compiles, in either precision, with SIMD and without: draws with
// arguments of its choice, and what belongs to words of its choice.
import { Option } from '../../../assembly/abi/codes';
import { setOption } from '../../../assembly/memory/options';
import { binomial, binomialPair, invert } from '../../../assembly/number/binomial';
import { quantile } from '../../../assembly/number/expansion';
import {
  everyOtherBlockTo,
  nextBlock,
  nextFourBlocksTo,
  nextWord,
  openStream,
} from '../../../assembly/number/random';

export function seed(low: f64, high: f64): void {
  setOption(Option.SeedLow, low);
  setOption(Option.SeedHigh, high);
}

/** One draw, on the training stream of a step. */
export function draw(step: u32, shots: u32, chance: real, half: u32): u32 {
  openStream(1, step, 0, 0);
  return binomial(shots, chance, half);
}

/** The same, the chance given by its bits. */
export function drawBits(step: u32, shots: u32, bits: u64): u32 {
  const chance = sizeof<real>() == 8 ? <real>reinterpret<f64>(bits) : <real>reinterpret<f32>(<u32>bits);
  return draw(step, shots, chance, 0);
}

/** Two draws of one block: the first in the upper half. */
export function drawPair(step: u32, first: u32, second: u32, chance: real, other: real): u64 {
  if (!isVector<lanes>()) return ((<u64>draw(step, first, chance, 0)) << 32) | draw(step, second, other, 1);
  openStream(1, step, 0, 0);
  const shots = f64x2.replace_lane(f64x2.splat(<f64>first), 1, <f64>second);
  const chances = f64x2.replace_lane(f64x2.splat(<f64>chance), 1, <f64>other);
  const drawn = binomialPair(nextBlock(), shots, chances);
  return ((<u64>f64x2.extract_lane(drawn, 0)) << 32) | (<u64>f64x2.extract_lane(drawn, 1));
}

/** The outcome of a word. More bits are the first half of block 0 of step 1. */
export function outcome(shots: u32, p: f64, word: i64): u32 {
  openStream(1, 1, 0, 0);
  return invert(shots, p, word, 0);
}

/** The outcome of a word by the expansion, not-a-number where it is not certain. */
export function quick(shots: u32, p: f64, word: i64): f64 {
  const h = <f64>(<i32>(word >> 32)) * 4.656612873077393e-10;
  const n = <f64>shots;
  const v = n * p * (1 - p);
  if (!isVector<lanes>()) return quantile<f64>(n, p, v, h);
  const k = quantile<v128>(f64x2.splat(n), f64x2.splat(p), f64x2.splat(v), f64x2.splat(h));
  return f64x2.extract_lane(k, 1);
}

const BLOCKS: usize = memory.data(64, 16);

/** A word of the four blocks that come at once from one on, so far apart; word 16 is the one that comes behind them. */
export function wordOfFour(block: u32, apart: u32, word: u32): u32 {
  if (!isVector<lanes>()) return 0;
  openStream(1, 2, 3, 4, block);
  if (apart == 1) nextFourBlocksTo(BLOCKS);
  else everyOtherBlockTo(BLOCKS);
  return word < 16 ? load<u32>(BLOCKS + ((<usize>word) << 2)) : nextWord();
}
