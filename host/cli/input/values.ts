/** From the text of a flag's argument to its value. Ranges are checked where the option is used. */
import { decimal } from '../../data/dataset.ts';
import type { Size } from '../../data/fit.ts';
import { UsageError } from '../output/failure.ts';

/** What a shell offers for an argument: files, or some words. */
export type Completions = 'files' | readonly string[];

/** What commander calls with the text of an argument; `completions` are for scripts of shells. */
export type Parser<T> = ((text: string) => T) & { readonly completions?: Completions };

/** A parser whose argument a shell can complete. */
export function completing<T>(parse: (text: string) => T, completions: Completions | undefined): Parser<T> {
  return Object.assign(parse, { completions });
}

function refuse(flag: string, text: string, expected: string): never {
  throw new UsageError(`${flag} is '${text}'; expected ${expected}`);
}

/** A decimal number. */
export function number(flag: string): Parser<number> {
  return (text) => {
    const value = decimal(text.trim());
    return value !== undefined && Number.isFinite(value) ? value : refuse(flag, text, 'a number');
  };
}

/** A whole number of at least `least`. */
export function whole(flag: string, least: number): Parser<number> {
  return (text) => {
    const value = decimal(text.trim()) ?? Number.NaN;
    if (Number.isSafeInteger(value) && value >= least) return value;
    return refuse(flag, text, `a whole number from ${least} to 2^53 - 1`);
  };
}

/** A number, or a word that stands for one. */
export function numberOr<T extends string>(flag: string, word: T): Parser<number | T> {
  return (text) => (text === word ? word : (decimal(text) ?? refuse(flag, text, `a number or '${word}'`)));
}

/** The name of a file that is read. */
export function path(flag: string): Parser<string> {
  return completing((text) => (text === '' ? refuse(flag, text, 'the name of a file') : text), 'files');
}

/** The name of a file that is written. @param instead what comes of stdout, for who writes `-` */
export function written(flag: string, instead: string): Parser<string> {
  return completing((text) => {
    if (text !== '' && text !== '-') return text;
    return refuse(flag, text, text === '' ? 'the name of a file' : `the name of a file: ${instead}`);
  }, 'files');
}

/** What is said of `-` where what is written does not go to stdout. */
export const NOT_STDOUT = 'it is written whole or not at all, which stdout cannot be';

/** One of some words. */
export function oneOf<T extends string>(flag: string, words: readonly T[]): Parser<T> {
  const found = (text: string) => words.find((word) => word === text);
  return completing((text) => found(text) ?? refuse(flag, text, `one of ${words.join(', ')}`), words);
}

/** Words between commas. */
export function list(flag: string): Parser<string[]> {
  return (text) => {
    const words = text.split(',').map((word) => word.trim());
    return words.every((word) => word !== '') ? words : refuse(flag, text, 'names between commas');
  };
}

/** `28x28`: height and width. */
export function size(flag: string): Parser<Size> {
  return (text) => {
    const match = /^(\d{1,5})x(\d{1,5})$/.exec(text);
    return match ? [Number(match[1]), Number(match[2])] : refuse(flag, text, 'HEIGHTxWIDTH, such as 14x14');
  };
}

/** A window of an image; in the middle when it has no place. */
export interface Window {
  readonly to: Size;
  readonly top?: number;
  readonly left?: number;
}

/** `24x24` or `24x24+2+2`: size, then the top and left of the first pixel. */
export function window(flag: string): Parser<Window> {
  return (text) => {
    const match = /^(\d{1,5})x(\d{1,5})(?:\+(\d{1,5})\+(\d{1,5}))?$/.exec(text);
    if (!match) return refuse(flag, text, 'HEIGHTxWIDTH or HEIGHTxWIDTH+TOP+LEFT, such as 24x24+2+2');
    const to: Size = [Number(match[1]), Number(match[2])];
    return match[3] === undefined ? { to } : { to, top: Number(match[3]), left: Number(match[4]) };
  };
}
