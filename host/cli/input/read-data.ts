/** Reads data sets, labelled or not, from the built-in digits, CSV and IDX files. */
import { readFile } from 'node:fs/promises';
import { parseCsv } from '../../data/csv.ts';
import { checkDataset, type Dataset, numbered, selectClasses } from '../../data/dataset.ts';
import { mnist01 } from '../../data/digits.ts';
import { idxDataset, readIdx } from '../../data/idx.ts';
import { trainTestSplit } from '../../data/split.ts';
import { DataError, type DataErrorCode } from '../../core/errors.ts';
import { readBytes, readText } from '../../files/disk.ts';
import type { DataFlags } from './flags.ts';
import type { CsvSource, IdxSource, SetSource, Source } from './source.ts';

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
  if (height * width === dataset.columns) return { ...dataset, shape: image };
  throw new DataError(
    'ERR_DATA_FEATURES',
    `the rows have ${dataset.columns} features, but --image ${height}x${width} needs ${height * width}`,
    { file: dataset.name },
  );
}

async function readCsvSet(source: CsvSource, folder: string, classes?: readonly string[]): Promise<Dataset> {
  const { file, label, header, delimiter, image } = source;
  const text = await readText(file, folder);
  return withShape(parseCsv(text, { name: file, label, header, delimiter, classes }), image);
}

async function readIdxSet({ images, labels }: IdxSource, folder: string): Promise<Dataset> {
  const [pixels, names] = [await readBytes(images, folder), await readBytes(labels, folder)];
  return idxDataset(await readIdx(pixels, images), await readIdx(names, labels), { name: images });
}

/**
 * Reads a set that is to be tested on.
 * @param classes of the model, in its order
 * @param only classes to keep; absent: any other label is an error
 */
async function readTestSet(
  source: SetSource,
  folder: string,
  classes: readonly string[],
  only: readonly string[] | undefined,
): Promise<Dataset> {
  if (source.kind === 'csv' && only === undefined) return readCsvSet(source, folder, classes);
  const dataset =
    source.kind === 'csv'
      ? await readCsvSet(source, folder)
      : source.kind === 'idx'
        ? await readIdxSet(source, folder)
        : (await builtInDigits()).test;
  const kept = only === undefined ? dataset : selectClasses(dataset, only);
  return numbered(kept, classes, '; --classes keeps only those');
}

/** Reads all data of a training run. @throws DataError, OptionError */
export async function readSource({
  folder,
  set,
  classes,
  test,
  testFraction,
  seed,
}: Source): Promise<TrainingData> {
  const keep = (dataset: Dataset) => (classes === undefined ? dataset : selectClasses(dataset, classes));
  if (set.kind === 'digits') {
    const digits = await builtInDigits();
    return { train: keep(digits.train), test: keep(digits.test) };
  }
  const whole = set.kind === 'csv' ? await readCsvSet(set, folder) : await readIdxSet(set, folder);
  const kept = keep(whole);
  checkDataset(kept);
  if (test !== undefined) {
    return { train: kept, test: await readTestSet(test, folder, kept.classes, classes) };
  }
  if (!testFraction) return { train: kept, test: undefined };
  return trainTestSplit(kept, { testFraction, seed });
}

/** Reads the set that a model is evaluated on; of the built-in digits the test part. @throws DataError */
export function readEvaluationSet(
  set: SetSource,
  classes: readonly string[],
  only: readonly string[] | undefined,
): Promise<Dataset> {
  return readTestSet(set, '.', classes, only);
}

/** Text where a number belongs, in a file whose label column was not named: perhaps that is what it is. */
function hinted(error: unknown): unknown {
  const text =
    error instanceof DataError && error.code === 'ERR_DATA_NUMBER' && /is not a dec/.test(error.message);
  if (!text) return error;
  const message = `${error.message}; --label COLUMN leaves the labels out`;
  return new DataError(error.code as DataErrorCode, message, {}, { cause: error });
}

/** Reads rows to predict: every column of a CSV file but `--label`, or the images of an IDX file. */
export async function readRows({ csv, idx, ...flags }: DataFlags): Promise<Dataset> {
  if (csv !== undefined) {
    const { label, header, delimiter, image } = flags;
    const text = await readText(csv);
    try {
      return withShape(parseCsv(text, { name: csv, label, header, delimiter }), image);
    } catch (error) {
      throw label === undefined ? hinted(error) : error;
    }
  }
  const [file = ''] = idx ?? [];
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
