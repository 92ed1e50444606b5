/** New inputs from known ones: what is done at random, and to what, by one seed. */
import type { Rng } from '../../support/oracle/index.ts';
import { Draws } from '../draws.ts';

/** No input grows beyond this. */
const MOST_BYTES = 4096;

const DOUBLES = [
  0,
  -0,
  1,
  -1,
  0.5,
  2.5,
  1e300,
  -1e300,
  NaN,
  Infinity,
  -Infinity,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  5e-324,
];
const INTEGERS = [
  0,
  1,
  2,
  7,
  8,
  20,
  21,
  255,
  256,
  0x7fff,
  0xffff,
  0x10000,
  2 ** 24,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
];
const BYTES = [0, 1, 0x7f, 0x80, 0xff, 0x20, 0x22, 0x2c, 0x0a, 0x30, 0x39, 0x5b, 0x7b];
/** What readers of text stumble over. */
const TEXTS = [
  ...['""', '"', ',', ';', '\t', '\n', '\r\n', '\r', '\ufeff', ' ', '\0', '\u2028', 'é', '\ud800'],
  ...[
    '0',
    '-0',
    '1',
    '-1',
    '2.5',
    '1e999',
    '1e-400',
    '9007199254740993',
    '4294967296',
    '1e21',
    '0x10',
    '.5',
    '5.',
  ],
  ...[
    'NaN',
    'Infinity',
    'null',
    'true',
    '[]',
    '{}',
    '[[]]',
    '"__proto__":',
    '"constructor":',
    ':',
    '{"',
    '],[',
  ],
];

/** Makes new inputs. */
export class Mutator {
  readonly #draws: Draws;
  readonly #words: readonly Uint8Array[];

  /** @param words what the readers compare with */
  constructor(rng: Rng, words: readonly string[]) {
    this.#draws = new Draws(rng);
    this.#words = [...TEXTS, ...words, ...words.map((word) => `"${word}"`)].map((word) =>
      new TextEncoder().encode(word),
    );
  }

  /** One of some inputs, changed in a few places. */
  next(pool: readonly Uint8Array[], text: boolean): Uint8Array {
    const draws = this.#draws;
    // The later ones reach further.
    const recent = draws.below(2) === 0 ? Math.max(0, pool.length - 16) : 0;
    let input = pool[recent + draws.below(pool.length - recent)];
    for (let changes = 1 + draws.below(draws.pick([1, 2, 4, 8])); changes > 0; changes--) {
      input = this.#changed(input, pool, text).subarray(0, MOST_BYTES);
    }
    return input;
  }

  #changed(input: Uint8Array, pool: readonly Uint8Array[], text: boolean): Uint8Array {
    const draws = this.#draws;
    const at = draws.below(input.length + 1);
    const length = Math.min(input.length - at, draws.pick([1, 1, 2, 4, 8, 32, 256]));
    const replaced = (part: Uint8Array, gone: number) => spliced(input, at, gone, part);
    switch (draws.below(text ? 8 : 10)) {
      case 0:
        return replaced(new Uint8Array(0), length);
      case 1:
        return replaced(input.subarray(at, at + length), 0);
      case 2: {
        const other = draws.pick(pool);
        const from = draws.below(other.length + 1);
        const part = other.subarray(from, from + draws.pick([1, 4, 16, 64, 256]));
        return replaced(part, draws.below(2) * part.length);
      }
      case 3:
        return replaced(Uint8Array.of(draws.pick(BYTES)), draws.below(2));
      case 4:
        return replaced(Uint8Array.of((input[at] ?? 0) ^ (1 << draws.below(8))), 1);
      case 5:
        return replaced(Uint8Array.of(draws.below(256)), 1);
      case 6:
        return replaced(draws.pick(this.#words), 0);
      case 7:
        return this.#token(input, draws.pick(this.#words));
      default:
        return this.#number(input);
    }
  }

  /** Puts a word in the place of a run of letters or digits. */
  #token(input: Uint8Array, word: Uint8Array): Uint8Array {
    const isWord = (byte: number | undefined) =>
      byte !== undefined && /[\w.+-]/.test(String.fromCharCode(byte));
    let from = this.#draws.below(input.length + 1);
    while (from < input.length && !isWord(input[from])) from++;
    while (isWord(input[from - 1])) from--;
    let to = from;
    while (isWord(input[to])) to++;
    return spliced(input, from, to - from, word);
  }

  /** Writes a number over an aligned word of 2, 4 or 8 bytes, in either order. */
  #number(input: Uint8Array): Uint8Array {
    const draws = this.#draws;
    const copy = input.slice();
    const view = new DataView(copy.buffer);
    const width = draws.pick([2, 4, 4, 8, 8]);
    if (copy.length < width) return copy;
    const at = width * draws.below(Math.floor(copy.length / width));
    const little = draws.below(4) > 0;
    const integer = draws.pick(INTEGERS);
    if (width === 2) view.setUint16(at, integer, little);
    else if (width === 4) view.setUint32(at, integer, little);
    else view.setFloat64(at, draws.below(2) === 0 ? integer : draws.pick(DOUBLES), little);
    return copy;
  }
}

function spliced(input: Uint8Array, at: number, gone: number, part: Uint8Array): Uint8Array {
  const after = Math.min(input.length, at + gone);
  const made = new Uint8Array(at + part.length + input.length - after);
  made.set(input.subarray(0, at));
  made.set(part, at);
  made.set(input.subarray(after), at + part.length);
  return made;
}
