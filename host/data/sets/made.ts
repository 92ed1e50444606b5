/** Data sets that are made: what they have in common, and what they say of themselves. */
import { DataError } from '../../core/errors.ts';
import { type Dataset, subset } from '../dataset.ts';
import { trainTestSplit } from '../split.ts';

/** What a data set says of itself. Plain data, as JSON has it. */
export interface About {
  /** The name by which it is asked for. */
  readonly name: string;
  /** Its name as a heading has it. */
  readonly title: string;
  /** What is told apart, and how the rows come about. */
  readonly task: string;
  /** How the numbers come about, in a line; of files what they are. */
  readonly formula: string;
  /** Of everything that was drawn. */
  readonly seed: number;
  /** Every option, with the value that it had. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Names of the classes, in the order of their indices. */
  readonly classes: readonly string[];
  /** Numbers in a row. */
  readonly columns: number;
  /** Rows of each part. */
  readonly rows: {
    /** To train on. */
    readonly train: number;
    /** To test on, 0 without any. */
    readonly test: number;
  };
  /** Rows of each class, in the order of `classes`. */
  readonly perClass: {
    /** Of the rows to train on. */
    readonly train: readonly number[];
    /** Of the rows to test on, zeros without any. */
    readonly test: readonly number[];
  };
  /** Numbers that are known of this very set, such as the accuracy that no classifier exceeds. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** What has been done to the rows, and what a model should do first. */
  readonly preprocessing: string;
  /** What to cite for it; begins with `none` where there is nothing. */
  readonly citation: string;
  /** Under which its rows may be used; begins with `none` where nothing limits it. */
  readonly licence: string;
}

/** A data set that was made, and what it is. */
export interface MadeData {
  /** What to train on. */
  readonly train: Dataset;
  /** What to test on; undefined where no row was set aside. */
  readonly test: Dataset | undefined;
  /** Formula, options, sizes and what is known of it. */
  readonly about: About;
}

/** What long work listens to and tells. */
export interface MakingRun {
  /** Gives the work up with the signal's reason. */
  readonly signal?: AbortSignal;
  /** How many of the parts are done; called before the first and after each. */
  readonly progress?: (done: number, of: number) => void;
}

/** The parts of `About` that are the same whatever the options are. */
export type Fixed = Pick<
  About,
  'name' | 'title' | 'task' | 'formula' | 'preprocessing' | 'citation' | 'licence'
>;

/** The parts of a set, described. */
export function described(
  fixed: Fixed,
  { train, test }: Pick<MadeData, 'train' | 'test'>,
  options: { readonly seed: number },
  facts: Readonly<Record<string, unknown>> = {},
): MadeData {
  const counts = (part: Dataset | undefined) =>
    train.classes.map((_, k) => part?.labels.reduce((sum, label) => sum + (label === k ? 1 : 0), 0) ?? 0);
  const about = {
    ...fixed,
    seed: options.seed,
    options: { ...options },
    classes: train.classes,
    columns: train.columns,
    rows: { train: train.rows, test: test?.rows ?? 0 },
    perClass: { train: counts(train), test: counts(test) },
    facts,
  };
  return { train, test, about };
}

/** Two parts of a set that was drawn at random; no test part where its share is 0. @throws DataError */
export function splitAtRandom(
  whole: Dataset,
  testFraction: number,
  seed: number,
): Pick<MadeData, 'train' | 'test'> {
  if (testFraction === 0) return { train: whole, test: undefined };
  return trainTestSplit(whole, { testFraction, seed });
}

/**
 * Two parts of recordings, each cut off at its own time: of every group of rows, which are in the order of time, the
 * last ones are for testing.
 * @param gap rows that belong to neither part, because they overlap with both
 * @throws DataError when a part would be empty
 */
export function splitByTime(
  whole: Dataset,
  groups: readonly (readonly number[])[],
  testFraction: number,
  gap = 0,
): Pick<MadeData, 'train' | 'test'> {
  if (testFraction === 0) return { train: whole, test: undefined };
  const parts = groups.map((rows) => {
    const cut = rows.length - Math.round(rows.length * testFraction);
    return { train: rows.slice(0, cut), test: rows.slice(cut + gap) };
  });
  const [train, test] = (['train', 'test'] as const).map((part) => parts.flatMap((rows) => rows[part]));
  if (train.length === 0 || test.length === 0) {
    const message = `${whole.rows} rows leave a part empty when the last ${testFraction} of them are for testing`;
    throw new DataError('ERR_DATA_ROWS', message, { file: whole.name });
  }
  return {
    train: { ...subset(whole, train), part: 'train' },
    test: { ...subset(whole, test), part: 'test' },
  };
}

/** A data set of rows with a label each. */
export function datasetOf(
  name: string,
  classes: readonly string[],
  columnNames: readonly string[],
  rows: readonly (readonly [label: number, values: ArrayLike<number>])[],
): Dataset {
  const columns = columnNames.length;
  const features = new Float64Array(rows.length * columns);
  rows.forEach(([, values], i) => features.set(values, i * columns));
  const labels = Int32Array.from(rows, ([label]) => label);
  return { features, rows: rows.length, columns, labels, classes, name, columnNames, labelName: 'class' };
}

/** `x0`, `x1` and so on. */
export function numberedNames(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${prefix}${i}`);
}
