/**
 * Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC11), the
 * generator of the core, here for what the host draws: shuffles, splits and data sets. The counter is
 * (block, sample, step, purpose | evaluation << 4); purpose 15 is the host's, so that no host stream
 * ever meets a stream of the core under the same seed.
 */
import { integer } from '../core/checks.ts';

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const ROUNDS = 10;
const HOST_PURPOSE = 15;

/** Four 32-bit words. */
export type Words4 = readonly [number, number, number, number];

/** High 32 bits of the product of two unsigned 32-bit words; every partial product is exact in a double. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const cross = aLow * bHigh + (middle & 0xffff);
  return (aHigh * bHigh + (middle >>> 16) + (cross >>> 16)) >>> 0;
}

/** One block: the four words of `counter` under `key` (two words). All words unsigned 32-bit. */
export function philox4x32(counter: Words4, key: readonly [number, number]): Words4 {
  let [x0, x1, x2, x3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = multiplyHigh(MULTIPLIER_0, x0);
    const low0 = Math.imul(MULTIPLIER_0, x0);
    const high1 = multiplyHigh(MULTIPLIER_1, x2);
    const low1 = Math.imul(MULTIPLIER_1, x2);
    x0 = (high1 ^ x1 ^ k0) >>> 0;
    x1 = low1 >>> 0;
    x2 = (high0 ^ x3 ^ k1) >>> 0;
    x3 = low0 >>> 0;
    k0 = (k0 + WEYL_0) >>> 0;
    k1 = (k1 + WEYL_1) >>> 0;
  }
  return [x0, x1, x2, x3];
}

/** The key of a seed, an integer from 0 to 2^53 - 1: its low and high words. OptionError for others. */
export function seedKey(seed: number): readonly [low: number, high: number] {
  integer('seed', seed, 0, Number.MAX_SAFE_INTEGER);
  return [seed >>> 0, Math.floor(seed / 2 ** 32)];
}

/** A stream of a seed: the words of blocks 0, 1, 2, ... in order. */
export class HostRandom {
  readonly #key: readonly [number, number];
  readonly #stream: number;
  #block = 0;
  #used = 4;
  #words: Words4 = [0, 0, 0, 0];

  /** @param stream which of the seed's streams, 32 bits: 0 shuffles and splits, the others make data */
  constructor(seed: number, stream = 0) {
    this.#key = seedKey(seed);
    this.#stream = stream;
  }

  /** The next word, uniform over 0 .. 2^32 - 1. */
  next(): number {
    if (this.#used === 4) {
      this.#words = philox4x32([this.#block++, this.#stream, 0, HOST_PURPOSE], this.#key);
      this.#used = 0;
    }
    return this.#words[this.#used++];
  }

  /** Uniform over [0, 1), of 53 bits. */
  uniform(): number {
    const high = this.next() >>> 5;
    return (high * 2 ** 26 + (this.next() >>> 6)) * 2 ** -53;
  }

  /**
   * Uniform over 0 .. bound - 1 without bias, for 1 <= bound < 2^32 (Lemire, "Fast random integer generation
   * in an interval", 2019).
   */
  below(bound: number): number {
    const reject = (2 ** 32 - bound) % bound;
    for (;;) {
      const word = this.next();
      if (Math.imul(word, bound) >>> 0 >= reject) return multiplyHigh(word, bound);
    }
  }
}
