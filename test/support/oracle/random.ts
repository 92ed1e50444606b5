/**
 * Random numbers, word for word: Philox4x32-10 and the streams of it. What shots make of them is in shots.ts.
 *
 * Philox: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
 */

// What a stream is for: the low four bits of the counter's last word.
/** Initial parameters. */
export const INITIALISE_PURPOSE = 0;
/** Shots while training. */
export const TRAIN_PURPOSE = 1;
/** Mini-batch indices. */
export const BATCH_PURPOSE = 2;
/** Shots of predictions. */
export const PREDICT_PURPOSE = 3;
/** Directions of two-point gradients. */
export const DIRECTION_PURPOSE = 4;
/** Where the draw of samples from a pool begins. */
export const DRAW_PURPOSE = 5;
/** Noise on steps, and perturbations in place of one. */
export const NOISE_PURPOSE = 6;
/** Parameters after a stall. */
export const RESTART_PURPOSE = 7;
/** Blocks of parameters. */
export const PARTITION_PURPOSE = 9;

/** A Pauli term measured on its own starts at this many blocks times its position in the list of terms. */
export const BLOCKS_PER_TERM = 2 ** 20;

const MULTIPLIERS = [0xd2511f53n, 0xcd9e8d57n];
const KEY_INCREMENTS = [0x9e3779b9, 0xbb67ae85];
const ROUNDS = 10;

/** The 64-bit product of two 32-bit words, as its high and low word. */
function multiply(multiplier: bigint, word: number): [high: number, low: number] {
  const product = multiplier * BigInt(word);
  return [Number(product >> 32n), Number(product & 0xffffffffn)];
}

/**
 * Philox4x32-10.
 * @param counter four 32-bit words
 * @param key two 32-bit words
 * @returns four 32-bit words
 */
export function philox4x32(counter: readonly number[], key: readonly number[]): number[] {
  let [x0, x1, x2, x3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < ROUNDS; round++) {
    const [high0, low0] = multiply(MULTIPLIERS[0], x0);
    const [high1, low1] = multiply(MULTIPLIERS[1], x2);
    [x0, x1, x2, x3] = [(high1 ^ x1 ^ k0) >>> 0, low1, (high0 ^ x3 ^ k1) >>> 0, low0];
    k0 = (k0 + KEY_INCREMENTS[0]) >>> 0;
    k1 = (k1 + KEY_INCREMENTS[1]) >>> 0;
  }
  return [x0, x1, x2, x3];
}

/** Where random words come from. */
export interface WordSource {
  /** The next 32-bit word, 0 to 2^32 - 1. */
  word(): number;
}

/** The words of blocks 0, 1, 2, ... of one stream, in order 0 to 3 within a block, or of one half of each block. */
export class Stream implements WordSource {
  private words: number[] = [];

  /**
   * @param key (seedLow, seedHigh)
   * @param rest the last three counter words; the first is the block number
   * @param block the first block
   * @param half words 0 and 1 of every block, or 2 and 3; default: all
   */
  constructor(
    private readonly key: readonly [seedLow: number, seedHigh: number],
    private readonly rest: readonly [sample: number, step: number, purpose: number],
    private block = 0,
    private readonly half?: number,
  ) {}

  word(): number {
    if (this.words.length === 0) {
      const words = philox4x32([this.block, ...this.rest], this.key);
      this.words = this.half === undefined ? words : words.slice(2 * this.half, 2 * this.half + 2);
      this.block = (this.block + 1) >>> 0;
    }
    return this.words.shift() as number;
  }
}

/** The bits of bitstrings, shot by shot. */
export interface ShotBits {
  /** The 16 bits of the next shot. */
  next(): number;
  /** 32 bits that follow them. */
  more(): number;
}

/** Blocks behind which those further bits are, one for each shot. */
export const FURTHER_BLOCKS = 2 ** 20;

/** Where the words of the shots of one sample in one circuit evaluation come from. */
export interface ShotStreams {
  /** Of bitstrings: a word is a shot of both samples of a pair, and the first one's is its lower half. */
  bitstrings(): ShotBits;
  /** Of the draw that divides a range of bitstrings, 1 for all of them, 2j and 2j + 1 for the halves of range j. */
  range(range: number): WordSource;
  /** Of the draw of a term that is measured on its own. */
  term(term: number): WordSource;
}

export function shotStreams(
  seed: readonly [seedLow: number, seedHigh: number],
  sampleInBatch: number,
  step: number,
  evaluation: number,
  purpose = TRAIN_PURPOSE,
): ShotStreams {
  const at = (sample: number, block: number, half?: number) =>
    new Stream(seed, [sample, step, (purpose | (evaluation << 4)) >>> 0], block, half);
  const second = sampleInBatch % 2;
  const bitstrings = (): ShotBits => {
    const pair = at(sampleInBatch - second, 0);
    let shots = 0;
    return {
      next() {
        shots += 1;
        return Math.floor(pair.word() / 2 ** (16 * second)) % 2 ** 16;
      },
      more: () => at(sampleInBatch, FURTHER_BLOCKS + shots - 1).word(),
    };
  };
  return {
    bitstrings,
    range: (range) => at(sampleInBatch, range - (range % 2), range % 2),
    term: (term) =>
      at(sampleInBatch - (sampleInBatch % 2), (term * BLOCKS_PER_TERM) >>> 0, sampleInBatch % 2),
  };
}

/** A uniform number in [0, 1): the top 53 of 64 bits, from two words, low first. */
export function uniform53(source: WordSource): number {
  const low = source.word();
  const high = source.word();
  return (high * 2 ** 21 + (low >>> 11)) * 2 ** -53;
}

/** A uniform integer in [0, bound): floor(v bound / 2^64) for a 64-bit fraction v from two words, low first. */
export function below(source: WordSource, bound: number): number {
  return Number((chunk64(source) * BigInt(bound)) >> 64n);
}

/**
 * A uniformly random subset of {0 .. population-1}, in the order drawn. R. W. Floyd's algorithm (J. Bentley, "A sample
 * of brilliance", CACM 1987).
 */
export function floydSubset(source: WordSource, population: number, size: number): number[] {
  const chosen: number[] = [];
  for (let j = population - size; j < population; j++) {
    const candidate = below(source, j + 1);
    chosen.push(chosen.includes(candidate) ? j : candidate);
  }
  return chosen;
}

/** 64 fair bits from two words: low first. */
export function chunk64(source: WordSource): bigint {
  const low = BigInt(source.word());
  const high = BigInt(source.word());
  return (high << 32n) | low;
}
