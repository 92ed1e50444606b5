/** A labelled data set in memory, and the checks it has to pass before training or prediction. */
import {
  fieldsOf,
  flag,
  isListOf,
  isNamed,
  isNumbers,
  looking,
  oneOf,
  optional,
  record,
  refuse,
  shown,
  type Table,
  text,
  that,
  whole,
} from '../core/checks.ts';
import { DataError, type DataErrorCode, OptionError } from '../core/errors.ts';

/** Rows of features with a class each. Plain data: treat it as immutable. */
export interface Dataset {
  /** Features, rows x columns, row-major. */
  readonly features: Float64Array;
  /** Samples. */
  readonly rows: number;
  /** Numbers in a row. */
  readonly columns: number;
  /** Index into `classes` for each row; -1 where the label is not known. */
  readonly labels: Int32Array;
  /** Class names in the order of their indices; empty when nothing is labelled. */
  readonly classes: readonly string[];
  /** Numbers to predict, in place of labels: one a row. */
  readonly targets?: Float64Array;
  /** What messages call this data, usually the name of its file. */
  readonly name: string;
  /** Height and width when each row is a row-major image of height x width = columns pixels. */
  readonly shape?: readonly [height: number, width: number];
  /** Line of the source, from 1, for each row of a text file. */
  readonly lines?: Int32Array;
  /** Names of the columns, when there are any: by them a model finds its features in other data. */
  readonly columnNames?: readonly string[];
  /** The texts of each column that has text instead of numbers; the features are indices into them. */
  readonly categories?: readonly (readonly string[] | undefined)[];
  /** What the header calls the labels. */
  readonly labelName?: string;
  /** Where the columns were in a file that had more, the label not counted: how many, and which, from 0. */
  readonly source?: {
    /** Columns of the file, without the label. */
    readonly columns: number;
    /** Which of them each column here is, from 0. */
    readonly at: readonly number[];
  };
  /** Which field of a row of the file each column is, from 0, the label counted; absent: the first ones, in order. */
  readonly fields?: readonly number[];
  /** Whether the features are angles, radians, which an encoding of angles takes as they are. */
  readonly angles?: boolean;
  /** Which side of a split this is. Nothing is ever fitted on a `'test'` part. */
  readonly part?: 'train' | 'test';
}

const array = <T>(type: string) =>
  that<T>(
    `${type === 'Int32Array' ? 'an' : 'a'} ${type}`,
    (value) => ArrayBuffer.isView(value) && isNamed(value, type),
  );
const integers = array<Int32Array>('Int32Array');

const isTexts = (value: unknown) => isListOf(value, (name) => typeof name === 'string');

/** Class names as they have to be: all different. @throws OptionError, DataError */
export function readClasses(given: unknown, at: string): readonly string[] {
  const names = looking(at, given, () =>
    Object.freeze([...that<string[]>('a list of texts', isTexts)(given, at)]),
  );
  if (new Set(names).size === names.length) return names;
  const twice = names.find((name, i) => names.indexOf(name) !== i) as string;
  throw new DataError('ERR_DATA_LABEL', `the ${at} name ${quoted(twice)} twice`);
}

const isSize = (size: unknown) => Number.isInteger(size) && (size as number) > 0;
const isShape = (value: unknown) => isListOf(value, isSize) && value.length === 2;

const PLACES = that<readonly number[]>('a list of places', (value) => isListOf(value, Number.isInteger));

const SOURCE: Table<NonNullable<Dataset['source']>> = {
  columns: whole(0),
  at: PLACES,
};

const texts = that<readonly string[]>('a list of texts', isTexts);

const FIELDS: Table<Dataset> = {
  features: array('Float64Array'),
  rows: whole(0),
  columns: whole(0),
  labels: integers,
  classes: readClasses,
  targets: optional(array('Float64Array')),
  name: text,
  shape: optional(that('a height and a width', isShape)),
  lines: optional(integers),
  columnNames: optional(texts),
  categories: optional(
    that('a list of lists of texts', (value) =>
      isListOf(value, (each) => each === undefined || isTexts(each)),
    ),
  ),
  labelName: optional(text),
  source: optional((source, at) => record(at, source as NonNullable<Dataset['source']>, SOURCE)),
  fields: optional(PLACES),
  angles: optional(flag),
  part: optional(oneOf('train', 'test')),
};

/** Data sets that have been read: copies whose fields nobody can change. Their numbers may be taken away all the same. */
const READ = new WeakSet<Dataset>();

function readFields(given: Dataset, at: string): Dataset {
  const copy = looking(at, given, () => ({ ...given }));
  const fields = Object.entries({ ...copy, ...fieldsOf(at, copy, FIELDS) });
  const present = fields.filter(([, field]) => field !== undefined);
  return asRead(Object.fromEntries(present) as unknown as Dataset);
}

/** A data set that is made here, of the right types, and is not to be read again. */
export function asRead(made: Dataset): Dataset {
  READ.add(Object.freeze(made));
  return made;
}

/**
 * A data set of the caller's, with every field read once and of its type; fields that it does not know stay. The
 * numbers are not copied.
 * @throws OptionError, DataError
 */
export function readDataset(given: Dataset, at = 'dataset'): Dataset {
  if (typeof given !== 'object' || given === null) refuse(at, given, 'a data set');
  const dataset = READ.has(given) ? given : readFields(given, at);
  if (dataset.rows === 0 || dataset.columns === 0) {
    const message = `the data has ${dataset.rows} rows and ${dataset.columns} feature columns; each must be at least 1`;
    throw new DataError('ERR_DATA_EMPTY', message, { file: dataset.name });
  }
  if (dataset.features.length !== dataset.rows * dataset.columns || dataset.labels.length !== dataset.rows) {
    const found = `${dataset.features.length} features and ${dataset.labels.length} labels`;
    const message = `${dataset.rows} rows of ${dataset.columns} columns do not go with ${found}`;
    throw new DataError('ERR_DATA_ROWS', message, { file: dataset.name });
  }
  for (const [what, list] of Object.entries({ lines: dataset.lines, targets: dataset.targets })) {
    if (list !== undefined && list.length !== dataset.rows)
      throw new DataError('ERR_DATA_ROWS', `${list.length} ${what} do not go with ${dataset.rows} rows`);
  }
  return dataset;
}

/** Row `i` (from 0) of the features of a data set of the caller's, as a view. @throws OptionError, DataError */
export function rowOf(dataset: Dataset, i: number): Float64Array {
  const read = readDataset(dataset);
  return row(read, indexIn(read, i));
}

/** An index of a row. @throws DataError */
function indexIn({ rows, name }: Dataset, i: unknown): number {
  if (Number.isInteger(i) && (i as number) >= 0 && (i as number) < rows) return i as number;
  throw new DataError('ERR_DATA_ROWS', `row ${shown(i)} is not among the ${rows} rows of ${name}`);
}

/** Row `i` (from 0) of the features, as a view. */
export function row(dataset: Dataset, i: number): Float64Array {
  return dataset.features.subarray(i * dataset.columns, (i + 1) * dataset.columns);
}

/** The rows at `indices`, copied, in that order. An index outside the data is a DataError. */
export function subset(given: Dataset, indices: ArrayLike<number>): Dataset {
  const dataset = readDataset(given);
  that('a list of numbers', isNumbers)(indices, 'indices');
  const rows = indices.length;
  const features = new Float64Array(rows * dataset.columns);
  const labels = new Int32Array(rows);
  const lines = dataset.lines && new Int32Array(rows);
  const targets = dataset.targets && new Float64Array(rows);
  for (let to = 0; to < rows; to++) {
    const from = indexIn(dataset, indices[to]);
    features.set(row(dataset, from), to * dataset.columns);
    labels[to] = dataset.labels[from];
    if (lines && dataset.lines) lines[to] = dataset.lines[from];
    if (targets && dataset.targets) targets[to] = dataset.targets[from];
  }
  return { ...dataset, features, rows, labels, ...(lines && { lines }), ...(targets && { targets }) };
}

/**
 * The rows of the named classes, relabelled so that class `i` is `classes[i]`.
 * OptionError for fewer than two names or a repeated one, DataError for a class without a row.
 */
export function selectClasses(given: Dataset, classes: readonly string[]): Dataset {
  const dataset = readDataset(given);
  const names = checkClassNames(classes);
  if (names.length < 2) throw classesError(`classes must name two or more classes, not ${names.length}`);
  const relabel = new Map(names.map((name, to) => [dataset.classes.indexOf(name), to]));
  const indices: number[] = [];
  const labels: number[] = [];
  for (let i = 0; i < dataset.rows; i++) {
    const to = relabel.get(dataset.labels[i]);
    if (dataset.labels[i] < 0 || to === undefined) continue;
    indices.push(i);
    labels.push(to);
  }
  const present = new Set(labels);
  const absent = names.find((_, to) => !present.has(to));
  if (absent !== undefined) {
    const message = `no row has the label ${quoted(absent)}; the classes are ${listed(dataset.classes)}`;
    throw new DataError('ERR_DATA_LABEL', message, { file: dataset.name });
  }
  return { ...subset(dataset, indices), labels: Int32Array.from(labels), classes: names };
}

/**
 * The rows with their labels renumbered by name, so that label `i` is `classes[i]`. DataError for a row without
 * a label or with one that is none of the classes; `hint` ends its sentence.
 */
export function numbered(dataset: Dataset, classes: readonly string[], hint = ''): Dataset {
  const index = dataset.classes.map((name) => classes.indexOf(name));
  const labels = dataset.labels.map((label) => index[label] ?? -1);
  const stranger = labels.indexOf(-1);
  if (stranger < 0) return { ...dataset, labels, classes };
  const name = dataset.classes[dataset.labels[stranger]];
  const complaint =
    name === undefined
      ? 'has no label'
      : `has the label ${quoted(name)}, none of the classes ${listed(classes)}${hint}`;
  throw rowError(dataset, stranger, 'ERR_DATA_LABEL', complaint);
}

/**
 * Checks that a classifier can be trained on the data: at least one row and column, consistent sizes, finite
 * features, every label a class and two or more classes present. Throws DataError.
 */
export function checkDataset(given: Dataset): void {
  const dataset = readDataset(given);
  checkFeatures(dataset);
  checkLabels(dataset);
}

/** The part of `checkDataset` that does not look at features. */
export function checkLabels(dataset: Dataset, least = 2): void {
  const { labels, classes } = dataset;
  const present = new Set<number>();
  for (let i = 0; i < dataset.rows; i++) {
    const label = labels[i];
    if (!(label >= 0 && label < classes.length)) {
      throw rowError(dataset, i, 'ERR_DATA_LABEL', `has label ${label}, expected 0 to ${classes.length - 1}`);
    }
    present.add(label);
  }
  if (present.size < least) {
    const only = quoted(classes[labels[0]]);
    const message = `every row has the label ${only}; a classifier needs two or more classes`;
    throw new DataError('ERR_DATA_ONE_CLASS', message, { file: dataset.name });
  }
}

/** The part of `checkDataset` that does not look at labels: what prediction needs. */
export function checkFeatures(given: Dataset): void {
  const dataset = readDataset(given);
  checkSizes(dataset);
  const { features, columns } = dataset;
  let bad = 0;
  while (bad < features.length && Number.isFinite(features[bad])) bad++;
  if (bad < features.length) {
    const message = `has ${features[bad]} as feature ${(bad % columns) + 1}, expected a finite number`;
    throw rowError(dataset, Math.floor(bad / columns), 'ERR_DATA_FINITE', message);
  }
}

/** The part of `checkFeatures` that does not look at values. */
export function checkSizes(given: Dataset): void {
  const { columns, name, shape, columnNames, categories } = readDataset(given);
  if (shape && shape[0] * shape[1] !== columns) {
    const message = `images of ${shape[0]} x ${shape[1]} pixels do not go with ${columns} columns`;
    throw new DataError('ERR_DATA_FEATURES', message, { file: name });
  }
  for (const [what, list] of Object.entries({ columnNames, categories })) {
    if (list === undefined || list.length === columns) continue;
    const message = `${list.length} ${what} do not go with ${columns} columns`;
    throw new DataError('ERR_DATA_FEATURES', message, { file: name });
  }
}

/**
 * Checks that every row is the direction of a state of `amplitudes` amplitudes: no more columns than
 * amplitudes, and a squared norm that is neither zero nor infinite. Throws DataError naming the row.
 */
export function checkEncodable(
  given: Dataset,
  options: {
    /** Amplitudes of the state, 2^n of n qubits. */
    readonly amplitudes: number;
  },
): void {
  const dataset = readDataset(given);
  const { amplitudes } = record('checkEncodable', options, { amplitudes: whole(1) });
  checkFeatures(dataset);
  if (dataset.columns > amplitudes) {
    const message = `${dataset.columns} features do not fit in ${amplitudes} amplitudes; add qubits or pool`;
    throw new DataError('ERR_DATA_FEATURES', message, { file: dataset.name });
  }
  for (let i = 0; i < dataset.rows; i++) {
    const squared = squaredNorm(row(dataset, i));
    if (squared === 0) {
      const message = 'has no direction to encode: all its features are zero, or too small to square';
      throw rowError(dataset, i, 'ERR_DATA_ZERO_VECTOR', `${message}; a constant component gives it one`);
    }
    if (squared === Infinity) {
      throw rowError(dataset, i, 'ERR_DATA_FINITE', 'is too long to normalise: its squared norm overflows');
    }
  }
}

/** Sum of squares, in index order. */
export function squaredNorm(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * values[i];
  return sum;
}

const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/** The value of a decimal number such as `-1.5e3`, or undefined for any other text, hexadecimal included. */
export function decimal(text: string): number | undefined {
  return DECIMAL.test(text) ? Number(text) : undefined;
}

/**
 * The name of a class from the text of its label: numbers in shortest form, so that `1.0`, `+1` and `1` are
 * one class.
 */
export function className(text: string): string {
  const trimmed = text.trim();
  const value = decimal(trimmed);
  // Above 2^53 distinct identifiers would run together.
  return value !== undefined && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? String(value) : trimmed;
}

/** Distinct class names in their standard order: ascending if all are numbers, by code unit otherwise. */
export function orderClasses(names: Iterable<string>): string[] {
  const distinct = [...new Set(names)].sort();
  const numeric = distinct.every((name) => decimal(name) !== undefined);
  return numeric ? distinct.sort((a, b) => Number(a) - Number(b)) : distinct;
}

/** The caller's class names in the form of `className`; OptionError when there is none or one is repeated. */
export function checkClassNames(classes: unknown): string[] {
  const read = looking('classes', classes, () => [
    ...that<string[]>('a list of texts', isTexts)(classes, 'classes'),
  ]);
  const names = read.map(className);
  if (names.length === 0) throw classesError('classes must name at least one class');
  const repeated = names.find((name, i) => names.indexOf(name) !== i);
  if (repeated !== undefined) throw classesError(`classes name ${quoted(repeated)} twice`);
  return names;
}

function classesError(message: string): OptionError {
  return new OptionError('ERR_OPTION_VALUE', message, 'classes');
}

/** A DataError about row `i` (from 0), by line where the source has lines. `complaint` follows "row 17 ". */
export function rowError(dataset: Dataset, i: number, code: DataErrorCode, complaint: string): DataError {
  const line = dataset.lines?.[i];
  return line === undefined
    ? new DataError(code, `row ${i + 1} ${complaint}`, { file: dataset.name })
    : new DataError(code, `the row ${complaint}`, { file: dataset.name, line });
}

/** What messages call column `j` (from 0): by its name, or where it has none by its field of the file, from 1. */
export function columnIn(
  { columnNames, fields }: Pick<Dataset, 'columnNames' | 'fields'>,
  j: number,
): string {
  const name = columnNames?.[j];
  return name ? `column ${quoted(name)}` : `column ${(fields?.[j] ?? j) + 1}`;
}

/** Text from a file, quoted and cut to a length that fits in a message. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text);
}

/** Names from a file, quoted, the first twelve of them. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 12).map(quoted).join(', ');
  return names.length > 12 ? `${shown} and ${names.length - 12} more` : shown;
}
