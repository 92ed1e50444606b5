/** Where labelled data comes from, as plain data: from flags, and back from a checkpoint. */
import { resolve } from 'node:path';
import { FormatError } from '../../core/errors.ts';
import type { EarlyStoppingState } from '../../api/early-stopping.ts';
import { type CurvesState, isCurvesState } from '../output/curves.ts';
import { UsageError } from '../output/failure.ts';
import type { ColumnFlags, DataFlags, TestFlags } from './flags.ts';
import { filesOfMade, type MadeSource, madeSource } from './made-sets.ts';

/** A CSV file and how to read it. */
export interface CsvSource {
  readonly kind: 'csv';
  /** `-` is stdin. */
  readonly file: string;
  readonly label: string;
  /** What the label column has; absent: classes, which are asked about where they look like numbers. */
  readonly task?: 'classification' | 'regression';
  readonly header?: boolean;
  readonly delimiter?: string;
  readonly decimal?: '.' | ',';
  /** The columns to use, to leave out and to read as text. */
  readonly columns?: readonly string[];
  readonly ignore?: readonly string[];
  readonly text?: readonly string[];
  /** What happens to rows that lack a value; absent: they are refused. */
  readonly missing?: 'refuse' | 'drop' | 'mean';
  /** Height and width, when the columns are the pixels of an image. */
  readonly image?: readonly [number, number];
}

/** Two IDX files. */
export interface IdxSource {
  readonly kind: 'idx';
  readonly images: string;
  readonly labels: string;
}

/** One labelled set. */
export type SetSource = { readonly kind: 'digits' } | CsvSource | IdxSource | MadeSource;

/** All labelled data of a training run. */
export interface Source {
  /** Folder that the file names are relative to. */
  readonly folder: string;
  readonly set: SetSource;
  /** Classes to keep, in order; absent: all. */
  readonly classes?: readonly string[];
  /** A test set of its own, else a share of the data; neither for the digits, which have one. */
  readonly test?: CsvSource | IdxSource;
  readonly testFraction?: number;
  /** A share of what is left for training, to look at on the way. */
  readonly validationFraction?: number;
  /** Seed of the splits. */
  readonly seed: number;
}

function twoFiles(flag: string, files: readonly string[]): IdxSource {
  const [images, labels] = files;
  if (images !== undefined && labels !== undefined && files.length === 2)
    return { kind: 'idx', images, labels };
  throw new UsageError(`${flag} takes two files, images and labels, not ${files.length}`);
}

function csvSource(file: string, flags: DataFlags & ColumnFlags, known?: string): CsvSource {
  const { label = known, task, header, delimiter, decimal, image, columns, ignore, text, missing } = flags;
  if (label === undefined) throw new UsageError('--csv needs --label COLUMN, the column with the classes');
  return {
    kind: 'csv',
    file,
    label,
    task,
    header,
    delimiter,
    decimal,
    image,
    columns,
    ignore,
    text,
    missing,
  };
}

const CSV_FLAGS = [
  'label',
  'task',
  'header',
  'delimiter',
  'decimal',
  'image',
  'columns',
  'ignore',
  'text',
  'missing',
  'unseen',
] as const;

/** Refuses the flags that only a CSV file has a use for. @throws UsageError */
export function refuseCsvFlags(flags: DataFlags & ColumnFlags): void {
  for (const flag of CSV_FLAGS) {
    if (flags[flag] !== undefined) throw new UsageError(`--${flag} needs --csv FILE`);
  }
}

/**
 * One labelled set from the flags; the built-in digits without any.
 * @param label the column with the labels, where no flag says
 * @throws UsageError
 */
export function setFromFlags(flags: DataFlags & ColumnFlags, label?: string): SetSource {
  const { csv, idx, data, columns, ignore } = flags;
  const [one, other] = Object.entries({ csv, idx, data }).flatMap(([flag, of]) =>
    of === undefined ? [] : flag,
  );
  if (other !== undefined) throw new UsageError(`--${one} and --${other} exclude each other`);
  if (columns !== undefined && ignore !== undefined) {
    throw new UsageError('--columns and --ignore exclude each other');
  }
  if (flags.image !== undefined && flags.text !== undefined) {
    throw new UsageError('--image and --text exclude each other: pixels are numbers');
  }
  if (csv !== undefined) return csvSource(csv, flags, label);
  refuseCsvFlags(flags);
  if (data !== undefined) return madeSource(data);
  return idx === undefined ? { kind: 'digits' } : twoFiles('--idx', idx);
}

/** All data of a training run from the flags. @throws UsageError */
export function sourceFromFlags(flags: DataFlags & ColumnFlags & TestFlags, seed: number): Source {
  const set = setFromFlags(flags);
  const { classes, testFraction, testCsv, testIdx } = flags;
  const asked = { '--test-fraction': testFraction, '--test-csv': testCsv, '--test-idx': testIdx };
  const [first, second] = Object.entries(asked).flatMap(([flag, value]) => (value === undefined ? [] : flag));
  if (first !== undefined && second !== undefined)
    throw new UsageError(`${first} and ${second} exclude each other`);
  if (first !== undefined && set.kind === 'made') {
    throw new UsageError(
      `${first} needs --csv or --idx: --data has a test part of its own, as its options say`,
    );
  }
  if (first !== undefined && set.kind === 'digits') {
    throw new UsageError(`${first} needs --csv or --idx: the built-in digits come with a test set`);
  }
  if (testFraction !== undefined && !(testFraction >= 0 && testFraction < 1)) {
    throw new UsageError(`--test-fraction is ${testFraction}; expected a number from 0 to below 1`);
  }
  if (testCsv !== undefined && set.kind !== 'csv') throw new UsageError('--test-csv needs --csv FILE');
  if (testCsv === STDIN && flags.csv === STDIN)
    throw new UsageError('--csv and --test-csv cannot both be stdin');
  const shared = { folder: process.cwd(), set, classes, seed };
  if (testCsv !== undefined) return { ...shared, test: csvSource(testCsv, flags) };
  if (testIdx !== undefined) return { ...shared, test: twoFiles('--test-idx', testIdx) };
  return set.kind === 'digits' || set.kind === 'made'
    ? shared
    : { ...shared, testFraction: testFraction ?? 0.2 };
}

/** The name that means stdin. */
export const STDIN = '-';

/** Whether a run reads stdin, which it could not do again. */
export function readsStdin({ set, test }: Source): boolean {
  return [set, test].some((source) => source?.kind === 'csv' && source.file === STDIN);
}

/** Absolute paths of the files that a run reads. */
export function filesOf({ folder, set, test }: Source): string[] {
  const names = (source: SetSource | undefined): string[] => {
    if (source === undefined || source.kind === 'digits') return [];
    if (source.kind === 'made') return filesOfMade(source);
    return source.kind === 'csv' ? [source.file] : [source.images, source.labels];
  };
  return [...names(set), ...names(test)]
    .filter((name) => name !== STDIN)
    .map((name) => resolve(folder, name));
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText);
const isSize = (value: unknown): value is [number, number] =>
  Array.isArray(value) && value.length === 2 && value.every(isNumber);
const optional = (value: unknown, is: (value: unknown) => boolean) => value === undefined || is(value);

function isSet(value: unknown): value is SetSource {
  if (!isFields(value)) return false;
  if (value.kind === 'digits') return true;
  if (value.kind === 'made') {
    const flags =
      optional(value.from, isText) && optional(value.sample, (sample) => typeof sample === 'boolean');
    return isText(value.name) && isFields(value.options) && flags;
  }
  if (value.kind === 'idx') return isText(value.images) && isText(value.labels);
  return (
    value.kind === 'csv' &&
    isText(value.file) &&
    isText(value.label) &&
    optional(value.header, (header) => typeof header === 'boolean') &&
    optional(value.delimiter, isText) &&
    optional(value.task, (task) => task === 'classification' || task === 'regression') &&
    optional(value.decimal, (mark) => mark === '.' || mark === ',') &&
    optional(value.columns, isTexts) &&
    optional(value.ignore, isTexts) &&
    optional(value.text, isTexts) &&
    optional(value.missing, (how) => how === 'refuse' || how === 'drop' || how === 'mean') &&
    optional(value.image, isSize)
  );
}

function isSource(value: unknown): value is Source {
  return (
    isFields(value) &&
    isText(value.folder) &&
    isSet(value.set) &&
    optional(value.classes, isTexts) &&
    optional(value.test, (test) => isSet(test) && (test.kind === 'csv' || test.kind === 'idx')) &&
    optional(value.testFraction, isNumber) &&
    optional(value.validationFraction, (share) => isNumber(share) && share > 0 && share < 1) &&
    isNumber(value.seed)
  );
}

/** What a checkpoint carries of what is watched: see training/watch.ts. */
export interface WatchContext {
  readonly curves?: CurvesState;
  /** Steps between two looks at the validation set, and looks to wait for a lower loss. */
  readonly every?: number;
  readonly patience?: number;
  /** Steps between two looks at the loss of the whole training set. */
  readonly evaluateEvery?: number;
  /** Checked by whoever goes on with it. */
  readonly early?: EarlyStoppingState;
}

const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 1;

function isWatchContext(value: unknown): value is WatchContext {
  return (
    isFields(value) &&
    optional(value.curves, isCurvesState) &&
    optional(value.every, isCount) &&
    optional(value.patience, isCount) &&
    optional(value.evaluateEvery, isCount)
  );
}

/** What the command line keeps in a checkpoint beside the training itself. */
export interface Context {
  readonly source: Source;
  /** Seconds trained so far. */
  readonly seconds: number;
  /** Steps between two checkpoints. */
  readonly every: number;
  /** Where the model goes at the end, the log and the chart: to be said, never to be written because it stands here. */
  readonly out?: string;
  readonly log?: string;
  readonly plot?: string;
  /** Look whether the steps go uphill. */
  readonly ascent?: boolean;
  readonly watch?: WatchContext;
}

/** Checks the context of a checkpoint. @throws FormatError */
export function readContext(value: unknown, name: string): Context {
  const good =
    isFields(value) &&
    isSource(value.source) &&
    isNumber(value.seconds) &&
    isNumber(value.every) &&
    value.every >= 1 &&
    [value.out, value.log, value.plot].every((path) => optional(path, isText)) &&
    optional(value.ascent, (ascent) => typeof ascent === 'boolean') &&
    optional(value.watch, isWatchContext);
  if (good) return value as unknown as Context;
  throw new FormatError(
    'ERR_FORMAT_CONFIGURATION',
    'the checkpoint does not say where its data is: it was not written by this command',
    name,
  );
}
