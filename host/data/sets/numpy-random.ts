/**
 * NumPy's `default_rng(seed)`, number for number: a SeedSequence (O'Neill 2015, "Developing a seed_seq alternative")
 * that seeds PCG64, the 128-bit PCG with output XSL-RR (O'Neill 2014). For data sets that others publish by their
 * seed; whatever this package draws for itself comes from Philox. Slow, for it reckons with big integers.
 */
import { integer } from '../../core/checks.ts';

const POOL_WORDS = 4;
const SEED_WORDS = 8;
const INIT_A = 0x43b0d7e5;
const MULTIPLY_A = 0x931e8875;
const INIT_B = 0x8b51f9dd;
const MULTIPLY_B = 0x58f38ded;
const MIX_LEFT = 0xca01f9dd;
const MIX_RIGHT = 0x4973f715;

/** A hash whose constant changes with every word. */
function hasher(start: number, multiplier: number): (word: number) => number {
  let constant = start;
  return (word) => {
    const mixed = word ^ constant;
    constant = Math.imul(constant, multiplier);
    const product = Math.imul(mixed, constant);
    return (product ^ (product >>> 16)) >>> 0;
  };
}

function mix(x: number, y: number): number {
  const mixed = Math.imul(MIX_LEFT, x) - Math.imul(MIX_RIGHT, y);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** The first words that `SeedSequence(seed)` makes, unsigned 32-bit. */
function seedWords(seed: number): number[] {
  const entropy = seed < 2 ** 32 ? [seed] : [seed >>> 0, Math.floor(seed / 2 ** 32)];
  const hash = hasher(INIT_A, MULTIPLY_A);
  const pool = Array.from({ length: POOL_WORDS }, (_, i) => hash(entropy[i] ?? 0));
  for (let from = 0; from < POOL_WORDS; from++) {
    for (let to = 0; to < POOL_WORDS; to++) if (from !== to) pool[to] = mix(pool[to], hash(pool[from]));
  }
  const output = hasher(INIT_B, MULTIPLY_B);
  return Array.from({ length: SEED_WORDS }, (_, i) => output(pool[i % POOL_WORDS]));
}

const MULTIPLIER = 0x2360ed051fc65da44385df649fccf645n;
const MASK_64 = 2n ** 64n - 1n;
const MASK_128 = 2n ** 128n - 1n;

/** 128 bits of four words, each pair with its low word first, the high pair first. */
function bits128([b, a, d, c]: readonly number[]): bigint {
  return (BigInt(a) << 96n) | (BigInt(b) << 64n) | (BigInt(c) << 32n) | BigInt(d);
}

/** The stream of `numpy.random.default_rng(seed)`, for a seed from 0 to 2^53 - 1. */
export class NumpyRandom {
  #state = 0n;
  readonly #increment: bigint;
  /** The half of a word that is still to be given out. */
  #half: number | undefined;

  /** @throws OptionError */
  constructor(seed: number) {
    integer('seed', seed, 0, Number.MAX_SAFE_INTEGER);
    const words = seedWords(seed);
    this.#increment = ((bits128(words.slice(4)) << 1n) | 1n) & MASK_128;
    this.#step();
    this.#state = (this.#state + bits128(words)) & MASK_128;
    this.#step();
  }

  #step(): void {
    this.#state = (this.#state * MULTIPLIER + this.#increment) & MASK_128;
  }

  #next64(): bigint {
    this.#step();
    const folded = (this.#state >> 64n) ^ (this.#state & MASK_64);
    const turn = this.#state >> 122n;
    return ((folded >> turn) | (folded << (64n - turn))) & MASK_64;
  }

  #next32(): number {
    const kept = this.#half;
    this.#half = undefined;
    if (kept !== undefined) return kept;
    const word = this.#next64();
    this.#half = Number(word >> 32n);
    return Number(word & 0xffffffffn);
  }

  /** `random()`: uniform over [0, 1), of 53 bits. */
  random(): number {
    return Number(this.#next64() >> 11n) * 2 ** -53;
  }

  /** `choice(bound)` and `integers(bound)`: uniform over 0 .. bound - 1, for 2 <= bound < 2^32 (Lemire 2019). */
  below(bound: number): number {
    const reject = (2 ** 32 - bound) % bound;
    for (;;) {
      const product = BigInt(this.#next32()) * BigInt(bound);
      if (Number(product & 0xffffffffn) >= reject) return Number(product >> 32n);
    }
  }
}
