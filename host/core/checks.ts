/**
 * What the caller's values may be. A table of readers says it, a reader per field; reading a record refuses what is
 * unknown or wrong, and gives a copy, so that nothing later meets a getter or another value than was checked. Values
 * may come from JavaScript, where anything is possible: reading one may throw, and so does that as an `OptionError`.
 */
import { NlrError, OptionError } from './errors.ts';

/** Checks a value. @param at what messages call it @returns the value, or a copy of it @throws NlrError */
export type Reader<T> = (value: unknown, at: string) => T;

/** A reader for each field of a record. */
export type Table<T> = { readonly [Field in keyof T]-?: Reader<T[Field]> };

/** Characters of a value that messages show. */
const SHOWN = 80;

/** A value as messages show it: short, whatever it is. */
export function shown(value: unknown): string {
  try {
    if (ArrayBuffer.isView(value)) {
      const type = Object.prototype.toString.call(value).slice(8, -1);
      return `${type.startsWith('I') ? 'an' : 'a'} ${type}`;
    }
    if (Array.isArray(value) && value.length > SHOWN) return `a list of ${value.length}`;
    const isQuoted = typeof value === 'string' || (typeof value === 'object' && value !== null);
    // JSON tells the text "4" from 4, but makes null of NaN.
    const text = isQuoted
      ? JSON.stringify(value)
      : typeof value === 'function'
        ? 'a function'
        : String(value);
    return text.length > SHOWN ? `${text.slice(0, SHOWN)}...` : text;
  } catch {
    return 'an object';
  }
}

/** What whatever was thrown says. */
export function messageOf(thrown: unknown): string {
  try {
    return thrown instanceof Error
      ? String(thrown.message)
      : typeof thrown === 'string'
        ? thrown
        : shown(thrown);
  } catch {
    return 'an error that cannot be read';
  }
}

/** Refuses the value of an option. @throws OptionError */
export function refuse(option: string, value: unknown, expected: string, cause?: unknown): never {
  const message = `${option} is ${shown(value)}; expected ${expected}`;
  throw new OptionError('ERR_OPTION_VALUE', message, option, { cause });
}

/** Refuses options that do not go together, or not with the data. @throws OptionError */
export function contradiction(message: string, option: string): never {
  throw new OptionError('ERR_OPTION_COMBINATION', message, option);
}

/** Looks into a value, which may throw whatever it likes. @throws NlrError */
export function looking<T>(at: string, value: unknown, look: () => T): T {
  try {
    return look();
  } catch (cause) {
    if (cause instanceof NlrError) throw cause;
    return refuse(at, value, 'a value that can be read', cause);
  }
}

/** The value, if it is a whole number in a range. @throws OptionError */
export function integer(option: string, value: unknown, least: number, most: number): number {
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most)
    // Adding 0 turns -0, which JSON does not keep, into 0.
    return (value as number) + 0;
  return refuse(option, value, `a whole number from ${least} to ${most}`);
}

/** The value, if it is one of some words. @throws OptionError */
export function choice<T extends string>(
  option: string,
  value: unknown,
  choices: Readonly<Record<T, unknown>>,
): T {
  if (typeof value === 'string' && Object.hasOwn(choices, value)) return value as T;
  return refuse(option, value, `one of ${Object.keys(choices).join(', ')}`);
}

/** The object, if it has no other fields than these. @param what it is, for the message @throws OptionError */
export function known<T extends object>(what: string, given: T, fields: readonly string[]): T {
  if (typeof given !== 'object' || given === null) refuse(what, given, `an object of ${fields.join(', ')}`);
  const stranger = looking(what, given, () => Object.keys(given).find((field) => !fields.includes(field)));
  if (stranger === undefined) return given;
  const message = `${what} has no '${stranger}'; expected ${fields.join(', ')}`;
  throw new OptionError('ERR_OPTION_UNKNOWN', message, stranger);
}

/** Reads a record that has no other fields than its table: every field once. @throws NlrError */
export function record<T extends object>(what: string, given: T, table: Table<T>): T {
  return fieldsOf(what, known(what, given, Object.keys(table)), table);
}

/** Reads the fields of a table, whatever others there are. @throws NlrError */
export function fieldsOf<T extends object>(what: string, given: T, table: Table<T>): T {
  const read: Partial<T> = {};
  for (const field of Object.keys(table) as (keyof T & string)[]) {
    const value = looking(what, given, () => given[field]);
    read[field] = table[field](value, field);
  }
  return read as T;
}

/** Anything, which is looked at elsewhere. */
export const anything: Reader<never> = (value) => value as never;

// Making a reader does nothing, as a bundler is told below: those that a program does not use are left out of it.

/** What is not given, or what a reader reads. */
/* @__NO_SIDE_EFFECTS__ */
export function optional<T>(reader: Reader<T>): Reader<T | undefined> {
  return (value, at) => (value === undefined ? undefined : reader(value, at));
}

/** A reader of what passes a test. @param expected what that is, for the message */
/* @__NO_SIDE_EFFECTS__ */
export function that<T>(expected: string, good: (value: unknown) => boolean): Reader<T> {
  return (value, at) => (looking(at, value, () => good(value)) ? (value as T) : refuse(at, value, expected));
}

/** One of some words. */
/* @__NO_SIDE_EFFECTS__ */
export function oneOf<T extends string>(...words: readonly T[]): Reader<T> {
  return (value, at) =>
    words.includes(value as T) ? (value as T) : refuse(at, value, `one of ${words.join(', ')}`);
}

/** A whole number in a range. */
/* @__NO_SIDE_EFFECTS__ */
export function whole(least: number, most: number = Number.MAX_SAFE_INTEGER): Reader<number> {
  return (value, at) => integer(at, value, least, most);
}

/** A finite number in a range. */
/* @__NO_SIDE_EFFECTS__ */
export function real(least: number, most: number = Number.MAX_VALUE): Reader<number> {
  const expected = least === -Number.MAX_VALUE ? 'a finite number' : `a number from ${least} to ${most}`;
  return that(
    expected,
    (value) => Number.isFinite(value) && (value as number) >= least && (value as number) <= most,
  );
}

/** A text. */
export const text: Reader<string> = that('a text', (value) => typeof value === 'string');

/** True or false. */
export const flag: Reader<boolean> = that('true or false', (value) => typeof value === 'boolean');

/** A function. */
export const callable: Reader<never> = that('a function', (value) => typeof value === 'function');

/** An AbortSignal, or what does as one. */
export const signal: Reader<AbortSignal> = that(
  'an AbortSignal',
  (value) => typeof (value as AbortSignal | null)?.throwIfAborted === 'function',
);

/** Bytes, views of them included. Known by name, because they may come from another frame or context. */
export const bytes: Reader<Uint8Array> = (value, at) =>
  looking(at, value, () => {
    if (value instanceof Uint8Array) return value;
    if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    if (isNamed(value, 'ArrayBuffer') || isNamed(value, 'SharedArrayBuffer'))
      return new Uint8Array(value as ArrayBuffer);
    return refuse(at, value, 'bytes: an ArrayBuffer or a view of one');
  });

/** Whether a value is of a class of the language, from whatever frame or context. */
export function isNamed(value: unknown, name: string): boolean {
  return Object.prototype.toString.call(value) === `[object ${name}]`;
}

/** A record whose fields are not known yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether a value is a record, and no list. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value is a list of what passes a test, without holes. */
export function isListOf(value: unknown, good: (entry: unknown) => boolean): value is unknown[] {
  if (!Array.isArray(value)) return false;
  // `every` would pass over holes.
  for (const entry of value) if (!good(entry)) return false;
  return true;
}

/** Numbers in a list or in an array of one type. */
export function isNumbers(value: unknown): value is ArrayLike<number> {
  if (ArrayBuffer.isView(value)) {
    const name = Object.prototype.toString.call(value);
    return !name.startsWith('[object Big') && name !== '[object DataView]';
  }
  return isListOf(value, (entry) => typeof entry === 'number');
}

/** Snapshots, which need not be taken again. */
const SNAPSHOTS = new WeakSet<object>();

/** What was made here and nobody else has, with all that is in it, so that nobody can change it. */
export function frozen<T>(made: T): T {
  if (typeof made !== 'object' || made === null || Object.isFrozen(made)) return made;
  for (const part of Object.values(made)) frozen(part);
  return Object.freeze(made);
}

/** Values in all that a snapshot takes, and lists in lists. */
const MOST_VALUES = 2 ** 24;
const DEEPEST = 32;

/**
 * A deep copy of plain data that nobody can change: lists, records, numbers (-0 becomes 0, as in JSON), and whatever
 * else as it is. Arrays of one type become lists; fields that are undefined are left out.
 * @throws OptionError for what cannot be read, is endless or goes round in a circle
 */
export function snapshot<T>(what: string, value: T): T {
  if (typeof value === 'object' && value !== null && SNAPSHOTS.has(value)) return value;
  let left = MOST_VALUES;
  const copy = (part: unknown, depth: number): unknown => {
    if (typeof part === 'number') return part + 0;
    if (typeof part !== 'object' || part === null) return part;
    const isList = Array.isArray(part) || (ArrayBuffer.isView(part) && isNumbers(part));
    left -= isList ? part.length + 1 : 1;
    if (left < 0 || depth > DEEPEST)
      refuse(what, value, `at most ${MOST_VALUES} values, ${DEEPEST} deep, in no circle`);
    if (isList) return Object.freeze(Array.from(part as unknown[], (entry) => copy(entry, depth + 1)));
    const fields = Object.entries(part).filter(([, field]) => field !== undefined);
    left -= fields.length;
    return Object.freeze(Object.fromEntries(fields.map(([name, field]) => [name, copy(field, depth + 1)])));
  };
  const taken = looking(what, value, () => copy(value, 0));
  if (typeof taken === 'object' && taken !== null) SNAPSHOTS.add(taken);
  return taken as T;
}
