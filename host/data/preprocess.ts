/**
 * Pipelines of fitted preprocessing steps: applying them to rows and data sets, and reading them from a model
 * file. Fitting is in fit.ts, so that prediction carries no linear algebra.
 */
import {
  contradiction,
  type Fields,
  integer,
  isFields,
  isListOf,
  isNumbers,
  known,
  refuse,
  snapshot,
  that,
  whole,
} from '../core/checks.ts';
import { DataError, FormatError, OptionError } from '../core/errors.ts';
import { alignColumns, namesOf } from './columns.ts';
import { checkFeatures, checkSizes, type Dataset, readDataset } from './dataset.ts';
import { parseColumns } from './parse-columns.ts';
import { applyTransform, inputsOf, outputsOf, type Transform } from './transform.ts';

export type {
  Column,
  Columns,
  Constant,
  Crop,
  MinMax,
  Pca,
  Pool,
  Products,
  Scale,
  Standardise,
  Transform,
} from './transform.ts';

/** Fitted steps in the order of application. */
export type Pipeline = readonly Transform[];

/** Pipelines that have been read: copies that nobody can change. */
const READ = new WeakSet<Pipeline>();

/** A pipeline of the caller's as model files hold it: a checked copy. @throws OptionError */
export function readPipeline(given: Pipeline): Pipeline {
  if (READ.has(given)) return given;
  try {
    return parsePipeline(given);
  } catch (cause) {
    const { message } = cause as Error;
    throw new OptionError('ERR_OPTION_VALUE', `this is no pipeline of fitPipeline: ${message}`, 'pipeline', {
      cause,
    });
  }
}

/**
 * Preprocesses one row into a new array. DataError when a step meets another number of values than it was
 * fitted to, OptionError for a pipeline that no model file could hold.
 */
export function applyPipeline(given: Pipeline, values: ArrayLike<number>): Float64Array {
  const pipeline = readPipeline(given);
  const row = Float64Array.from(that<ArrayLike<number>>('a list of numbers', isNumbers)(values, 'values'));
  if (row.length === 0) throw new DataError('ERR_DATA_EMPTY', 'the row has no values; expected one at least');
  widthThrough(pipeline, row.length);
  return through(pipeline, row, 1);
}

/** Rows through all steps. @param x overwritten */
function through(pipeline: Pipeline, x: Float64Array<ArrayBuffer>, rows: number): Float64Array<ArrayBuffer> {
  return pipeline.reduce((current, transform) => applyTransform(transform, current, rows), x);
}

/** Rows that go through a pipeline at a time: enough to be fast, and little beside the data set. */
const BLOCK = 256;

/**
 * Preprocesses every row. The first step `columns` finds its columns by their names; what comes out has no names
 * any more. The image shape survives the steps that keep pixels in place.
 */
export function transformDataset(steps: Pipeline, given: Dataset): Dataset {
  const pipeline = readPipeline(steps);
  const dataset = readDataset(given);
  const [first] = pipeline;
  if (first === undefined) return dataset;
  const aligned = first.kind === 'columns' ? alignColumns(first, dataset) : dataset;
  const columns = widthThrough(pipeline, aligned.columns, dataset.name);
  const features = new Float64Array(aligned.rows * columns);
  for (let from = 0; from < aligned.rows; from += BLOCK) {
    const to = Math.min(from + BLOCK, aligned.rows);
    // A copy, in memory of its own even where the data is in shared memory.
    const block = Float64Array.from(aligned.features.subarray(from * aligned.columns, to * aligned.columns));
    features.set(through(pipeline, block, to - from), from * columns);
  }
  let shape = aligned.shape;
  for (const step of pipeline) {
    if (step.kind === 'pool' || step.kind === 'crop') shape = [step.toHeight, step.toWidth];
    else if (step.kind === 'pca' || step.kind === 'constant' || step.kind === 'products') shape = undefined;
    else if (step.kind === 'columns' && outputsOf(step, 0) !== dataset.columns) shape = undefined;
  }
  const {
    shape: _,
    columnNames: __,
    categories: ___,
    source: ____,
    fields: _____,
    angles: ______,
    ...rest
  } = aligned;
  return { ...rest, features, columns, ...(shape && { shape }) };
}

/** Checks data before a pipeline meets it: its first step `columns` sees to missing values itself. Throws DataError. */
export function checkRaw(pipeline: Pipeline, dataset: Dataset): void {
  if (pipeline[0]?.kind === 'columns') checkSizes(dataset);
  else checkFeatures(dataset);
}

/**
 * A pipeline that knows the columns of its training data by name.
 * @throws OptionError for text columns that no step makes numbers of
 */
export function withNames(pipeline: Pipeline, dataset: Dataset): Pipeline {
  if (pipeline[0]?.kind === 'columns') return pipeline;
  if (dataset.categories !== undefined) {
    const message = `${dataset.name} has columns of text; fitPipeline makes numbers of them`;
    contradiction(message, 'pipeline');
  }
  return dataset.columnNames === undefined ? pipeline : [namesOf(dataset), ...pipeline];
}

/** How many values the pipeline takes; undefined when it takes any number. */
export function pipelineInputs(pipeline: Pipeline): number | undefined {
  return inputsThrough(readPipeline(pipeline));
}

function inputsThrough(pipeline: Pipeline): number | undefined {
  let appended = 0;
  for (const transform of pipeline) {
    const inputs = inputsOf(transform);
    if (inputs !== undefined) return inputs - appended;
    if (transform.kind === 'constant') appended++;
  }
  return undefined;
}

/** How many values come out when `inputs` go in. DataError when the pipeline does not take that many. */
export function pipelineOutputs(pipeline: Pipeline, inputs: number): number {
  return widthThrough(readPipeline(pipeline), whole(1, MAX_VALUES)(inputs, 'inputs'));
}

function widthThrough(pipeline: Pipeline, inputs: number, file?: string): number {
  let width = inputs;
  for (const [i, transform] of pipeline.entries()) {
    const expected = inputsOf(transform) ?? width;
    if (width !== expected) {
      const step = `preprocessing step ${i + 1} (${transform.kind})`;
      const message = `${step} takes ${expected} values, not ${width}`;
      throw new DataError('ERR_DATA_FEATURES', message, { file });
    }
    width = outputsOf(transform, width);
  }
  return width;
}

/** Steps a model file may hold, and values a row may have: beyond any use, and safe to multiply. */
const MAX_STEPS = 32;
const MAX_VALUES = 2 ** 24;

/** Reads a pipeline from parsed JSON that is not to be trusted, such as a model file. Throws FormatError. */
export function parsePipeline(json: unknown): Pipeline {
  let steps: unknown;
  try {
    steps = snapshot('preprocessing', json);
  } catch (cause) {
    throw refused((cause as Error).message, cause);
  }
  if (!Array.isArray(steps) || steps.length > MAX_STEPS) {
    throw refused(`preprocessing must be a list of at most ${MAX_STEPS} steps`);
  }
  const pipeline: Pipeline = Object.freeze(
    steps.map((step: unknown, i) => Object.freeze(parseTransform(step, `preprocessing step ${i + 1}`))),
  );
  if (pipeline.some(({ kind }, i) => kind === 'columns' && i > 0)) {
    throw refused('preprocessing has a step of columns that is not the first');
  }
  const inputs = inputsThrough(pipeline) ?? 1;
  if (inputs < 1) throw refused(`preprocessing takes ${inputs} values, expected at least one`);
  try {
    widthThrough(pipeline, inputs);
  } catch (cause) {
    throw refused((cause as Error).message, cause);
  }
  READ.add(pipeline);
  return pipeline;
}

function parseTransform(json: unknown, where: string): Transform {
  try {
    const fields = that<Fields>('an object', isFields)(json, 'the step');
    const transform = parseKind(fields);
    known(transform.kind, fields, Object.keys(transform));
    return transform;
  } catch (cause) {
    throw refused(`${where}: ${(cause as Error).message}`, cause);
  }
}

/** Reads a step. @throws OptionError */
function parseKind(fields: Fields): Transform {
  const { kind } = fields;
  const size = (key: string, least: number, most: number) => integer(key, fields[key], least, most);
  switch (kind) {
    case 'columns':
      return parseColumns(fields, MAX_VALUES);
    case 'pool': {
      const { height, width } = image(size);
      return {
        kind,
        height,
        width,
        toHeight: size('toHeight', 1, height),
        toWidth: size('toWidth', 1, width),
      };
    }
    case 'crop': {
      const { height, width } = image(size);
      const top = size('top', 0, height - 1);
      const left = size('left', 0, width - 1);
      const toHeight = size('toHeight', 1, height - top);
      return { kind, height, width, top, left, toHeight, toWidth: size('toWidth', 1, width - left) };
    }
    case 'standardise': {
      const mean = vector(fields.mean, 'mean');
      return { kind, mean, scale: divisors(fields, mean.length) };
    }
    case 'minmax': {
      const minimum = vector(fields.minimum, 'minimum');
      return { kind, minimum, scale: divisors(fields, minimum.length) };
    }
    case 'pca': {
      const mean = vector(fields.mean, 'mean');
      return { kind, mean, components: matrix(fields, mean.length) };
    }
    case 'constant':
      return { kind, value: finite(fields.value, 'value') };
    case 'products':
      // As many as make no more values than a row may have.
      return { kind, columns: size('columns', 1, 2 ** 12) };
    case 'scale':
      return { kind, factor: finite(fields.factor, 'factor') };
    default:
      return refuse('kind', kind, 'that of a fitted step');
  }
}

function image(size: (key: string, least: number, most: number) => number): {
  height: number;
  width: number;
} {
  const height = size('height', 1, MAX_VALUES);
  return { height, width: size('width', 1, Math.floor(MAX_VALUES / height)) };
}

const finite = that<number>('a finite number', Number.isFinite);

const isVector = (value: unknown): value is number[] =>
  isListOf(value, Number.isFinite) && value.length > 0 && value.length <= MAX_VALUES;

const vector = that<number[]>('a list of finite numbers', isVector);

function divisors({ scale }: Fields, length: number): number[] {
  const good = (value: unknown) =>
    isVector(value) && value.length === length && value.every((divisor) => divisor > 0);
  return that<number[]>(`${length} positive numbers`, good)(scale, 'scale');
}

function matrix({ components }: Fields, columns: number): number[][] {
  const isLine = (line: unknown) => isVector(line) && line.length === columns;
  const good = (value: unknown) => isListOf(value, isLine) && value.length > 0 && value.length <= columns;
  const expected = `1 to ${columns} lists of ${columns} finite numbers`;
  return that<number[][]>(expected, good)(components, 'components');
}

function refused(message: string, cause?: unknown): FormatError {
  return new FormatError('ERR_FORMAT_PREPROCESSING', message, undefined, { cause });
}
