/**
 * The options of data sets: a row each, which says the default, what is taken and, for a command line, how it is
 * written. Values are read by it, whoever gives them.
 */
import { flag, isListOf, known, looking, oneOf, type Reader, real, that, whole } from '../../core/checks.ts';

/** One option. */
export interface SetOption<T> {
  /** How it is written on a command line: a number, a word, words between commas, or nothing but the flag. */
  readonly kind: 'number' | 'text' | 'list' | 'flag';
  /** What stands for the value in a help text. */
  readonly argument: string;
  /** What it is, for a help text. */
  readonly help: string;
  /** The default. */
  readonly value: T;
  /** Checks a value: gives it back, or throws OptionError with the option's name. */
  readonly read: Reader<T>;
}

/** A row for each option. */
export type SetOptions<T> = { readonly [Name in keyof T]-?: SetOption<T[Name]> };

/** A whole number. */
export function wholeOption(value: number, least: number, most: number, help: string): SetOption<number> {
  return { kind: 'number', argument: 'n', help, value, read: whole(least, most) };
}

/** A number. */
export function realOption(value: number, least: number, most: number, help: string): SetOption<number> {
  return { kind: 'number', argument: 'x', help, value, read: real(least, most) };
}

/** A number between bounds that are excluded. */
export function openOption(value: number, least: number, most: number, help: string): SetOption<number> {
  const inside = (x: unknown) => typeof x === 'number' && x > least && x < most;
  const read = that<number>(`a number between ${least} and ${most}, both excluded`, inside);
  return { kind: 'number', argument: 'x', help, value, read };
}

/** One of some words. */
export function wordOption<T extends string>(value: T, words: readonly T[], help: string): SetOption<T> {
  return {
    kind: 'text',
    argument: 'word',
    help: `${help}: ${words.join(', ')}`,
    value,
    read: oneOf(...words),
  };
}

/** Some of some words, each once at most unless `repeated`, in the caller's order. */
export function wordsOption<T extends string>(
  value: readonly T[],
  words: readonly T[],
  [least, most]: readonly [number, number],
  help: string,
): SetOption<readonly T[]> {
  const good = (list: unknown) =>
    isListOf(list, (word) => words.includes(word as T)) &&
    list.length >= least &&
    list.length <= most &&
    new Set(list).size === list.length;
  const expected = `${least === most ? least : `${least} to ${most}`} of ${words.join(', ')}, each once at most`;
  const reader = that<readonly T[]>(expected, good);
  return { kind: 'list', argument: 'words', help, value, read: (list, at) => [...reader(list, at)] };
}

/** Yes or no; no by default. */
export function flagOption(help: string): SetOption<boolean> {
  return { kind: 'flag', argument: '', help, value: false, read: flag };
}

/** The seed of everything that is drawn. */
export const SEED = wholeOption(1, 0, Number.MAX_SAFE_INTEGER, 'seed of everything that is drawn');

const isShare = (value: unknown) => typeof value === 'number' && value >= 0 && value < 1;

/** The share of the rows that are for testing. */
export function testFractionOption(how: string): SetOption<number> {
  const read = that<number>('a number from 0 to below 1', isShare);
  return { kind: 'number', argument: 'share', help: `share set aside for testing, ${how}`, value: 0.2, read };
}

/** Reads the caller's options; what is absent has its default. @throws OptionError */
export function resolveOptions<T extends object>(what: string, given: Partial<T>, rows: SetOptions<T>): T {
  const names = Object.keys(rows) as (keyof T & string)[];
  known(what, given, names);
  const read = names.map((name) => {
    const value = looking(what, given, () => given[name]);
    return [name, value === undefined ? rows[name].value : rows[name].read(value, name)];
  });
  return Object.fromEntries(read) as T;
}
