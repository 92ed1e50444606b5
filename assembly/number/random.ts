/**
 * Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel random
 * numbers: as easy as 1, 2, 3" (SC 2011), checked against the vectors published with Random123.
 *
 * Counter-based means stateless: the word drawn depends only on the seed and on where it is used
 * (purpose, step, evaluation, sample, position). So no order of evaluation, slice length or engine
 * can change a draw, and a checkpoint needs no generator state. The stream is part of the ABI.
 *
 *   key     = (seed low, seed high)
 *   counter = (block, sample, step, purpose | evaluation << PURPOSE_BITS)
 *
 * where a Pauli term measured on its own starts at block term << TERM_BLOCK_BITS of the pair of samples, the number of
 * the first, each of which has its half of the blocks; terms measured together take a word of the pair for a shot of
 * both samples (measure/outcomes.ts), or the sample's own blocks where shots are divided; and the step of a prediction
 * is its own number, from 1.
 */
import { Option } from '../abi/codes';
import { integer } from '../memory/options';
import { STREAM } from '../memory/registers';

/** How shots are made of the words. A checkpoint of a training with shots goes on only with the one that made it. */
export const SHOTS_VERSION: u32 = 3;

/** What a stream is used for: append-only, and 15 is the host's (host/data/philox.ts). */
export enum Purpose {
  Initialise = 0,
  /** Shots while training. */
  Train = 1,
  /** Mini-batch indices. */
  Batch = 2,
  /** Shots of `predict`. */
  Predict = 3,
  /** Directions of gradients. */
  Direction = 4,
  /** Where the draw of samples from a pool begins. */
  Draw = 5,
  /** Noise on a step, and perturbations in place of one. */
  Noise = 6,
  /** Parameters after a stall. */
  Restart = 7,
  /** Shots that calibrate the readout. */
  Calibrate = 8,
  /** Blocks of parameters, by their sweep. */
  Partition = 9,
}

/** Room for the purposes below the evaluation number. */
const PURPOSE_BITS: u32 = 4;

/** The evaluation numbers of a step: which circuit, or where a range of them begins. */
export enum Evaluation {
  Loss = 0,
  TentativeLoss = 1,
  /** Two for each operation, of at most 2^12: see engines/parameter-shift.ts. */
  Displaced = 2,
  /** The passes of a gradient that is made of them. */
  Passes = 0x3000,
  /** Tentative losses from the second on. */
  LaterLosses = 0x4000,
}

/** Above those: the scale of the noise that a folded circuit runs at, and its pass with the displaced angle. */
export const SCALE_BITS: u32 = 20;
export const PASS_BITS: u32 = 23;

/** Blocks kept apart for each of at most 2^10 terms: 2^20. A binomial draw takes two at most. */
export const TERM_BLOCK_BITS: u32 = 20;

// Layout of the open stream: counter (4 words), block drawn (4 words), words used.
const BLOCK: usize = 16;
const USED: usize = 32;

const MULTIPLIER_0: u64 = 0xd2511f53;
const MULTIPLIER_1: u64 = 0xcd9e8d57;
const WEYL_0: u32 = 0x9e3779b9;
const WEYL_1: u32 = 0xbb67ae85;

/**
 * One block of four words for a counter at `from` and a key, stored at `to`.
 * @returns words 1 and 3, the low one first: where nothing else is needed of them, sooner than by a load
 */
export function philox(from: usize, to: usize, key0: u32, key1: u32): u64 {
  let word0: u64 = load<u32>(from);
  let word2: u64 = load<u32>(from, 8);
  // Words 1 and 3 are the low halves of the last round's products: they are cut off where they are used.
  let product1: u64 = load<u32>(from, 4);
  let product0: u64 = load<u32>(from, 12);
  const end = key0 + 10 * WEYL_0;
  do {
    const next0 = MULTIPLIER_0 * word0;
    const next1 = MULTIPLIER_1 * word2;
    word0 = (next1 >> 32) ^ (<u64>((<u32>product1) ^ key0));
    word2 = (next0 >> 32) ^ (<u64>((<u32>product0) ^ key1));
    product0 = next0;
    product1 = next1;
    key1 += WEYL_1;
    key0 += WEYL_0;
  } while (key0 != end);
  // Two words at once, as they are mostly read: a load that spans two stores would have to wait for both.
  store<u64>(to, word0 | (product1 << 32));
  store<u64>(to, word2 | (product0 << 32), 8);
  return (product1 & 0xffffffff) | (product0 << 32);
}

/** Opens the stream of one use at a block; the next word is that block's first. */
export function openStream(purpose: u32, step: u32, evaluation: u32, sample: u32, block: u32 = 0): void {
  store<u32>(STREAM, block);
  store<u32>(STREAM, sample, 4);
  store<u32>(STREAM, step, 8);
  store<u32>(STREAM, purpose | (evaluation << PURPOSE_BITS), 12);
  store<u32>(STREAM, 4, USED);
}

/**
 * The next block, for `blockWord`. No word may be left of the block before, as after `openStream`.
 * @returns the upper halves of its two `blockWord`s, the first one's first
 */
export function nextBlock(): u64 {
  const upper = followingBlock();
  store<u32>(STREAM, load<u32>(STREAM) + 1);
  return upper;
}

/** The block that is next, and is next again. @returns as `nextBlock` */
export function followingBlock(): u64 {
  return philox(STREAM, STREAM + BLOCK, integer(Option.SeedLow), integer(Option.SeedHigh));
}

/** The high words of the products of four words with a multiplier, and the low ones. */
@inline
function high(even: v128, odd: v128): v128 {
  return v128.shuffle<i32>(even, odd, 1, 3, 5, 7);
}


@inline
function low(even: v128, odd: v128): v128 {
  return v128.shuffle<i32>(even, odd, 0, 2, 4, 6);
}

/**
 * Four blocks from the open one on, their numbers so far apart, one after the other at `to`: as by `philox`, of which
 * each has a lane until then.
 */
function fourBlocks(to: usize, apart: u32): void {
  const multiplier0 = i32x4.splat(<i32>MULTIPLIER_0);
  const multiplier1 = i32x4.splat(<i32>MULTIPLIER_1);
  let word0 = i32x4.add(v128.load32_splat(STREAM), i32x4.mul(i32x4(0, 1, 2, 3), i32x4.splat(apart)));
  let word1 = v128.load32_splat(STREAM, 4);
  let word2 = v128.load32_splat(STREAM, 8);
  let word3 = v128.load32_splat(STREAM, 12);
  let key0 = i32x4.splat(integer(Option.SeedLow));
  let key1 = i32x4.splat(integer(Option.SeedHigh));
  const weyl0 = i32x4.splat(WEYL_0);
  const weyl1 = i32x4.splat(WEYL_1);
  for (let round = 0; round < 10; round++) {
    const even0 = i64x2.extmul_low_i32x4_u(word0, multiplier0);
    const odd0 = i64x2.extmul_high_i32x4_u(word0, multiplier0);
    const even1 = i64x2.extmul_low_i32x4_u(word2, multiplier1);
    const odd1 = i64x2.extmul_high_i32x4_u(word2, multiplier1);
    word0 = v128.xor(v128.xor(high(even1, odd1), word1), key0);
    word2 = v128.xor(v128.xor(high(even0, odd0), word3), key1);
    word1 = low(even1, odd1);
    word3 = low(even0, odd0);
    key0 = i32x4.add(key0, weyl0);
    key1 = i32x4.add(key1, weyl1);
  }
  const first01 = v128.shuffle<i32>(word0, word1, 0, 4, 1, 5);
  const second01 = v128.shuffle<i32>(word0, word1, 2, 6, 3, 7);
  const first23 = v128.shuffle<i32>(word2, word3, 0, 4, 1, 5);
  const second23 = v128.shuffle<i32>(word2, word3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<i64>(first01, first23, 0, 2));
  v128.store(to, v128.shuffle<i64>(first01, first23, 1, 3), 16);
  v128.store(to, v128.shuffle<i64>(second01, second23, 0, 2), 32);
  v128.store(to, v128.shuffle<i64>(second01, second23, 1, 3), 48);
}

/** The next block, to an address of choice. As after `nextBlock`, no word is left. */
export function nextBlockTo(to: usize): void {
  philox(STREAM, to, integer(Option.SeedLow), integer(Option.SeedHigh));
  store<u32>(STREAM, load<u32>(STREAM) + 1);
}

/** The next four blocks, one after the other. */
export function nextFourBlocksTo(to: usize): void {
  fourBlocks(to, 1);
  store<u32>(STREAM, load<u32>(STREAM) + 4);
}

/** Every other of the next eight blocks, four. */
export function everyOtherBlockTo(to: usize): void {
  fourBlocks(to, 2);
  store<u32>(STREAM, load<u32>(STREAM) + 8);
}

/** 64 bits of the current block: its first two words or its last two, the low word first. @param half 0 or 1 */
@inline
export function blockWord(half: usize): i64 {
  return load<i64>(STREAM + (half << 3), BLOCK);
}

/** The next 32 random bits. */
export function nextWord(): u32 {
  let used = load<u32>(STREAM, USED);
  if (used == 4) {
    nextBlock();
    used = 0;
  }
  store<u32>(STREAM, used + 1, USED);
  return load<u32>(STREAM + BLOCK + (used << 2));
}

/** The next 64 random bits, low word first. */
export function nextWord64(): u64 {
  const low = <u64>nextWord();
  return low | ((<u64>nextWord()) << 32);
}

/** Uniform in [0, 1): 53 random bits, or 24 in single precision. Two words are used either way. */
export function uniform(): real {
  const bits = nextWord64();
  if (sizeof<real>() == 8) return <real>(<f64>(bits >> 11) * 1.1102230246251565e-16);
  return <real>(<f32>(<u32>(bits >> 40)) * <f32>5.9604645e-8);
}

/** Uniform integer in [0, n): the high word of a 64-bit fraction times n, biased by less than 2^-32. */
export function below(n: u32): u32 {
  const bits = nextWord64();
  return <u32>(((bits >> 32) * n + (((bits & 0xffffffff) * n) >> 32)) >> 32);
}
