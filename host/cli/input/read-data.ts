/** Reads data sets, labelled or not, from the built-in digits, CSV and IDX files. */
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { type Columns, namesOf } from '../../data/columns.ts';
import { type CsvColumn, type CsvFile, type CsvOptions, readCsv } from '../../data/csv.ts';
import {
  checkLabels,
  columnIn,
  type Dataset,
  listed,
  numbered,
  row,
  selectClasses,
  subset,
} from '../../data/dataset.ts';
import { mnist01 } from '../../data/digits.ts';
import { readIdx, readIdxDataset } from '../../data/idx.ts';
import type { Pipeline } from '../../data/preprocess.ts';
import { trainTestSplit } from '../../data/split.ts';
import { DataError, type DataErrorCode } from '../../core/errors.ts';
import { readBytes, readText, textOf } from '../../files/disk.ts';
import { plural } from '../output/format.ts';
import { strangers, useOfFlags, useOfModel } from './columns.ts';
import type { DataFlags } from './flags.ts';
import { adviseOnEmpty, checkClasses, checkColumns, describeCsv, type Say, unseenTexts } from './notes.ts';
import { makeSource } from './made-sets.ts';
import { type CsvSource, type IdxSource, type SetSource, type Source, STDIN } from './source.ts';

/** What messages call stdin. */
const STDIN_NAME = 'stdin';

/** What a run trains and tests on. */
export interface TrainingData {
  readonly train: Dataset;
  readonly test: Dataset | undefined;
}

/** The digits that come with the package; they lie beside the bundled command. */
export function builtInDigits(): Promise<{ train: Dataset; test: Dataset }> {
  return mnist01((name) => readFile(new URL(`./mnist-0-1/${name}`, import.meta.url)));
}

function withShape(dataset: Dataset, image: CsvSource['image']): Dataset {
  if (image === undefined) return dataset;
  const [height, width] = image;
  const text = dataset.categories?.findIndex((texts) => texts !== undefined) ?? -1;
  if (text >= 0) {
    const message = `${columnIn(dataset, text)} has text, but --image ${height}x${width} takes columns of pixels, which are numbers`;
    throw new DataError('ERR_DATA_COLUMN', message, { file: dataset.name });
  }
  if (height * width === dataset.columns) return { ...dataset, shape: image };
  throw new DataError(
    'ERR_DATA_FEATURES',
    `the rows have ${dataset.columns} features, but --image ${height}x${width} needs ${height * width}`,
    { file: dataset.name },
  );
}

const shownName = (file: string) => (file === STDIN ? STDIN_NAME : file);

/** The text of a file, or of stdin. @throws DataError */
async function textIn(file: string, folder: string): Promise<string> {
  if (file !== STDIN) return readText(file, folder);
  return textOf(await buffer(process.stdin), STDIN_NAME);
}

/** What a CSV file is read for: how columns are used, and what happens to missing values. */
type Reading = Pick<CsvOptions, 'label' | 'task' | 'classes' | 'use' | 'missing'>;

/** Reads a CSV file and says how. @throws DataError */
async function readCsvFile(
  { file, header, delimiter, decimal, image }: Omit<CsvSource, 'kind' | 'label'>,
  folder: string,
  reading: Reading,
  say: Say,
): Promise<CsvFile> {
  const text = await textIn(file, folder);
  const options = { name: shownName(file), header, delimiter, decimal, ...reading };
  try {
    const read = readCsv(text, options);
    say(describeCsv(read.dataset, read.layout));
    return { ...read, dataset: withShape(read.dataset, image) };
  } catch (error) {
    throw explained(error, text, options);
  }
}

/** Another attempt at a text that could not be read; undefined when it fails too. */
function attempt(text: string, options: CsvOptions): CsvFile | undefined {
  try {
    return readCsv(text, options);
  } catch {
    return undefined;
  }
}

/** What another attempt at the text knows of why it could not be read, or the same error. */
function explained(error: unknown, text: string, options: CsvOptions): unknown {
  if (!(error instanceof DataError)) return error;
  const { label, header, missing } = options;
  if (error.code === 'ERR_DATA_COLUMN' && header === undefined && /^[+-]?\d+$/.test(`${label}`)) {
    const named = attempt(text, { ...options, header: true, missing: 'keep' });
    if (named?.layout.names?.includes(`${label}`)) {
      const message = `${error.message}; --header says that the first row has the names of the columns`;
      return new DataError(error.code, message, {}, { cause: error });
    }
  }
  if (error.code === 'ERR_DATA_MISSING' || (error.code === 'ERR_DATA_EMPTY' && missing === 'drop')) {
    const kept = attempt(text, { ...options, missing: 'keep' });
    const advice = kept && adviseOnEmpty(kept);
    if (advice !== undefined)
      return new DataError('ERR_DATA_COLUMN', advice, { file: options.name }, { cause: error });
  }
  return error;
}

/** How the reader of a file takes missing values that are to be dealt with so. */
const READ_MISSING = { refuse: 'refuse', drop: 'drop', mean: 'keep' } as const;

/** Reads a CSV file to train on. @throws DataError with the flags that would help */
async function readTraining(source: CsvSource, folder: string, say: Say): Promise<Dataset> {
  const { label, task, missing = 'refuse' } = source;
  const reading = { label, task, use: useOfFlags(source), missing: READ_MISSING[missing] };
  try {
    const read = await readCsvFile(source, folder, reading, say);
    checkColumns(read, reading.use, say);
    return read.dataset;
  } catch (error) {
    throw hinted(error, {
      ERR_DATA_MISSING: '--missing drop leaves such rows out, --missing mean fills the mean in',
      ERR_DATA_NUMBER: '--text COLUMN takes a column as text, --ignore COLUMN leaves it out',
    });
  }
}

/** Reads a labelled CSV file for a model that takes the columns of `step`. @throws DataError */
async function readForModel(
  source: CsvSource,
  folder: string,
  step: Columns | undefined,
  classes: readonly string[] | undefined,
  say: Say,
): Promise<Dataset> {
  const { file, label, task } = source;
  const use = step && useOfModel(step, shownName(file));
  const missing = READ_MISSING[step?.missing ?? 'refuse'];
  const { dataset, layout } = await readCsvFile(source, folder, { label, task, classes, use, missing }, say);
  if (step !== undefined) sayAbout(step, dataset, layout.skipped, say);
  return dataset;
}

/** Says which columns a model has no use for, and which texts it has not seen. */
function sayAbout(step: Columns, dataset: Dataset, skipped: readonly CsvColumn[], say: Say): void {
  const unused = strangers(step, skipped);
  if (unused.length > 0) say(`${dataset.name}: not used by the model: ${listed(unused)}`);
  for (const sentence of unseenTexts(step, dataset)) say(sentence);
}

async function readIdxSet({ images, labels }: IdxSource, folder: string): Promise<Dataset> {
  const read = async (name: string) => ({ name, bytes: await readBytes(name, folder) });
  return readIdxDataset(await read(images), await read(labels));
}

/** The first step of a model's pipeline, if it has one that knows its columns. */
export function columnsOf(pipeline: Pipeline): Columns | undefined {
  return pipeline[0]?.kind === 'columns' ? pipeline[0] : undefined;
}

/** Whether a set has numbers to predict in place of labels. */
const isNumeric = (set: SetSource) => set.kind === 'csv' && set.task === 'regression';

/** What a test set is tested against. */
interface Tested {
  /** Of the model, in its order. */
  readonly classes: readonly string[];
  /** Classes to keep; absent: any other label is an error. */
  readonly only: readonly string[] | undefined;
  /** The columns that the model takes; absent: all of them, by place. */
  readonly step: Columns | undefined;
}

/** The test part of a set that comes with one, or all of one that has none. */
async function madeForTesting(
  source: Exclude<SetSource, CsvSource | IdxSource>,
  folder: string,
): Promise<Dataset> {
  if (source.kind === 'digits') return (await builtInDigits()).test;
  const { train, test } = await makeSource(source, folder);
  return test ?? train;
}

/** Reads a set that is to be tested on. */
async function readTestSet(
  source: SetSource,
  folder: string,
  { classes, only, step }: Tested,
  say: Say,
): Promise<Dataset> {
  const known = only === undefined && !isNumeric(source) ? classes : undefined;
  const dataset =
    source.kind === 'csv'
      ? await readForModel(source, folder, step, known, say)
      : source.kind === 'idx'
        ? await readIdxSet(source, folder)
        : await madeForTesting(source, folder);
  if (source.kind === 'csv' && only === undefined) return dataset;
  const kept = only === undefined ? dataset : selectClasses(dataset, only);
  return numbered(kept, classes, '; --classes keeps only those');
}

/** The columns of training data as a model will take them. */
function columnsBefore(dataset: Dataset, missing: Columns['missing'] = 'refuse'): Columns {
  const named = namesOf(dataset);
  const columns = named.columns.map((column, j) => {
    const categories = dataset.categories?.[j];
    return categories === undefined ? column : { ...column, categories };
  });
  return { ...named, columns, missing };
}

/**
 * Reads all data of a training run.
 * @param say hears how files were read and what looks wrong in them
 * @throws DataError, OptionError
 */
export async function readSource(
  { folder, set, classes, test, testFraction, seed }: Source,
  say: Say = () => {},
): Promise<TrainingData> {
  const keep = (dataset: Dataset) => (classes === undefined ? dataset : selectClasses(dataset, classes));
  if (set.kind === 'digits') {
    const digits = await builtInDigits();
    return { train: keep(digits.train), test: keep(digits.test) };
  }
  if (set.kind === 'made') {
    const made = await makeSource(set, folder);
    return { train: keep(made.train), test: made.test && keep(made.test) };
  }
  const whole = set.kind === 'csv' ? await readTraining(set, folder, say) : await readIdxSet(set, folder);
  const kept = keep(whole);
  if (set.kind !== 'csv' || set.task === undefined) checkClasses(kept, say);
  if (!isNumeric(set)) checkLabels(kept);
  if (test !== undefined) {
    const step = set.kind === 'csv' ? columnsBefore(kept, set.missing) : undefined;
    const tested = { classes: kept.classes, only: classes, step };
    return { train: kept, test: await readTestSet(test, folder, tested, say) };
  }
  if (!testFraction) return { train: kept, test: undefined };
  return trainTestSplit(kept, { testFraction, seed });
}

/**
 * Reads the set that a model is evaluated on; of the built-in digits the test part.
 * @throws DataError
 */
export function readEvaluationSet(set: SetSource, tested: Tested, say: Say): Promise<Dataset> {
  return readTestSet(set, '.', tested, say);
}

/** Adds what to do about an error, by its code. */
function hinted(error: unknown, hints: Readonly<Partial<Record<DataErrorCode, string>>>): unknown {
  const hint = error instanceof DataError ? hints[error.code as DataErrorCode] : undefined;
  if (!(error instanceof DataError) || hint === undefined) return error;
  return new DataError(error.code as DataErrorCode, `${error.message}; ${hint}`, {}, { cause: error });
}

/** Rows to predict. */
export interface RowsToPredict {
  /** Those that can be predicted. */
  readonly dataset: Dataset;
  /** Which rows of the file they are, from 0, and how many it has. */
  readonly at: readonly number[];
  readonly of: number;
}

function everyRow(dataset: Dataset): RowsToPredict {
  return { dataset, at: Array.from({ length: dataset.rows }, (_, i) => i), of: dataset.rows };
}

/** Rows that have a value in every column: the others have no prediction by a model that drops them. */
function completeRows(dataset: Dataset): RowsToPredict {
  const at: number[] = [];
  for (let i = 0; i < dataset.rows; i++) if (!row(dataset, i).some(Number.isNaN)) at.push(i);
  return { dataset: at.length === dataset.rows ? dataset : subset(dataset, at), at, of: dataset.rows };
}

/**
 * Reads rows to predict: the columns of a CSV file that the model takes, or the images of an IDX file.
 * @param step the model's columns; absent: every column but `--label` is a feature
 * @throws DataError
 */
export async function readRows(
  { csv, idx, label, ...flags }: DataFlags,
  step: Columns | undefined,
  say: Say,
): Promise<RowsToPredict> {
  if (csv === undefined) return everyRow(await readImages(idx?.[0] ?? ''));
  const missing = step === undefined || step.missing === 'refuse' ? 'refuse' : 'keep';
  const use = step && useOfModel(step, shownName(csv), label === undefined ? LABELS_OUT : undefined);
  try {
    const reading = { label, use, missing } as const;
    const { dataset, layout } = await readCsvFile({ file: csv, ...flags }, '.', reading, say);
    if (step === undefined) return everyRow(dataset);
    sayAbout(step, dataset, layout.skipped, say);
    if (step.missing !== 'drop') return everyRow(dataset);
    const rows = completeRows(dataset);
    const lacking = rows.of - rows.at.length;
    if (lacking > 0)
      say(`${dataset.name}: no prediction for ${plural(lacking, 'row')}, where a value is missing`);
    return rows;
  } catch (error) {
    throw hinted(error, {
      ERR_DATA_MISSING: 'the model was trained without missing values, as train --missing says',
      ...(label === undefined && step === undefined && { ERR_DATA_NUMBER: LABELS_OUT.slice(2) }),
    });
  }
}

/** Perhaps a file whose label column was not named has one. */
const LABELS_OUT = '; --label COLUMN leaves the labels out';

async function readImages(file: string): Promise<Dataset> {
  const { shape, data } = await readIdx(await readBytes(file), file);
  const [rows, ...rest] = shape;
  if (rest.length === 0) {
    throw new DataError('ERR_DATA_IDX', 'the file has one dimension, expected images', { file });
  }
  return {
    features: Float64Array.from(data),
    rows,
    columns: rest.reduce((product, size) => product * size, 1),
    labels: new Int32Array(rows).fill(-1),
    classes: [],
    name: file,
  };
}
