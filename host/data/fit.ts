/** Fitting preprocessing to a training set. */
import {
  anything,
  isNumbers,
  choice,
  contradiction,
  looking,
  optional,
  real,
  record,
  refuse,
  type Table,
  that,
  whole,
} from '../core/checks.ts';
import { DataError, OptionError } from '../core/errors.ts';
import { checkFeatures, checkSizes, type Dataset, readDataset, row, squaredNorm } from './dataset.ts';
import { type ColumnsStep, fitColumns } from './fit-columns.ts';
import { type Pipeline, readPipeline, transformDataset } from './preprocess.ts';
import { columnMeans, finiteFit } from './moments.ts';
import { pca } from './pca.ts';
import type { MinMax, Standardise, Transform } from './transform.ts';

/** Height and width in pixels. */
export type Size = readonly [height: number, width: number];

/** What to fit. Image steps read the shape of the data set, or `from` where it has none. */
export type Step =
  /** Only first, and there by itself where columns have names or text: columns by name, text and missing values. */
  | ColumnsStep
  /** Average pooling to this size, no larger than the image. */
  | {
      /** Which step it is. */
      readonly kind: 'pool';
      /** What comes out. */
      readonly to: Size;
      /** What a row is; default the `shape` of the data set. */
      readonly from?: Size;
    }
  /** The window of this size whose first pixel is at (top, left). */
  | {
      /** Which step it is. */
      readonly kind: 'crop';
      /** First line of the window, from 0. */
      readonly top: number;
      /** First column of the window, from 0. */
      readonly left: number;
      /** What comes out; it has to lie within the image. */
      readonly to: Size;
      /** What a row is; default the `shape` of the data set. */
      readonly from?: Size;
    }
  /** Mean 0 and variance 1 per column. */
  | {
      /** Which step it is. */
      readonly kind: 'standardise';
    }
  /** Range 0 to pi per column, for angle encoding. */
  | {
      /** Which step it is. */
      readonly kind: 'minmax';
    }
  /** Projection on the leading principal components. */
  | {
      /** Which step it is. */
      readonly kind: 'pca';
      /** How many, 1 to the columns, and to one less than the rows of the training set. */
      readonly components: number;
    }
  /** An appended component, `ratio` times the root mean square norm of the rows that reach it. */
  | {
      /** Which step it is. */
      readonly kind: 'constant';
      /** Its size in root mean square norms of the training rows, finite. */
      readonly ratio: number;
    }
  /** The (pi - x_i)(pi - x_j) of every two columns behind them, for the ZZ feature map. */
  | {
      /** Which step it is. */
      readonly kind: 'products';
    }
  /** Multiplication by a given number. */
  | {
      /** Which step it is. */
      readonly kind: 'scale';
      /** What every value is multiplied by, finite. */
      readonly factor: number;
    };

/** A fitted pipeline, and the training set seen through it. */
export interface Fitted {
  /** The steps with what they learned of the training set, in order. */
  readonly pipeline: Pipeline;
  /** The training set behind all steps. */
  readonly training: Dataset;
}

/**
 * Fits the steps in order, each to what the ones before it make of the training set.
 * OptionError for a step that cannot be fitted to it, or when it is the test part of a split; DataError for
 * features that are not finite, or all zero before a constant component.
 */
export function fitPipeline(given: Dataset, toFit: readonly Step[]): Fitted {
  const training = readDataset(given);
  const steps = readSteps(toFit);
  if (training.part === 'test') {
    const message = `${training.name} is the test part of a split; fit preprocessing to the training part`;
    throw new OptionError('ERR_OPTION_COMBINATION', message);
  }
  const named = training.columnNames !== undefined || training.categories !== undefined;
  const all: readonly Step[] =
    named && steps[0]?.kind !== 'columns' ? [{ kind: 'columns' }, ...steps] : steps;
  if (all.some(({ kind }, i) => kind === 'columns' && i > 0)) {
    contradiction('the step columns can only be the first', 'columns');
  }
  if (all[0]?.kind === 'columns') checkSizes(training);
  else checkFeatures(training);
  const pipeline: Transform[] = [];
  let current = training;
  for (const step of all) {
    const transform = fit(step, current);
    pipeline.push(transform);
    current = transformDataset([transform], current);
  }
  return { pipeline: readPipeline(pipeline), training: current };
}

const size = that<Size>('a height and a width', (value) => isNumbers(value) && value.length === 2);

const oneOf = (words: readonly string[]) =>
  that<never>(`one of ${words.join(', ')}`, (word) => words.some((each) => each === word));

/** What each kind of step has beside its kind. */
const STEPS: { readonly [K in Step['kind']]: Table<Omit<Extract<Step, { kind: K }>, 'kind'>> } = {
  columns: {
    missing: optional(oneOf(['refuse', 'drop', 'mean'])),
    unseen: optional(oneOf(['zeros', 'refuse'])),
  },
  pool: { to: size, from: optional(size) },
  crop: { top: whole(0), left: whole(0), to: size, from: optional(size) },
  standardise: {},
  minmax: {},
  pca: { components: that('a number', (value) => typeof value === 'number') },
  products: {},
  constant: { ratio: real(-Number.MAX_VALUE) },
  scale: { factor: real(-Number.MAX_VALUE) },
};

/** The steps, each with the fields of its kind. @throws OptionError */
function readSteps(given: readonly Step[]): Step[] {
  if (!looking('steps', given, () => Array.isArray(given))) refuse('steps', given, 'a list of steps');
  return Array.from(
    looking('steps', given, () => [...given]),
    (step, i) => {
      const at = `steps[${i}]`;
      if (typeof step !== 'object' || step === null)
        refuse(at, step, `an object of a kind: ${Object.keys(STEPS).join(', ')}`);
      const kind = choice(
        `${at}.kind`,
        looking(at, step, () => step.kind),
        STEPS,
      );
      return record(at, step, { kind: anything, ...STEPS[kind] } as Table<Step>);
    },
  );
}

function fit(step: Step, dataset: Dataset): Transform {
  switch (step.kind) {
    case 'columns':
      return fitColumns(step, dataset);
    case 'pool': {
      const [height, width] = imageSize(step, dataset);
      const [toHeight, toWidth] = within(step.to, [height, width], 'pool');
      return { kind: 'pool', height, width, toHeight, toWidth };
    }
    case 'crop': {
      const [height, width] = imageSize(step, dataset);
      const { top, left } = step;
      const [toHeight, toWidth] = within(step.to, [height - top, width - left], 'crop');
      return { kind: 'crop', height, width, top, left, toHeight, toWidth };
    }
    case 'standardise':
      return standardise(dataset);
    case 'minmax':
      return minmax(dataset);
    case 'pca':
      return pca(dataset, step.components);
    case 'constant': {
      const meanSquare = squaredNorm(dataset.features) / dataset.rows;
      if (meanSquare === 0) {
        const message =
          'a constant component needs rows that are not all zero: no column varies, or the values are too small to square';
        throw new DataError('ERR_DATA_ZERO_VECTOR', message, { file: dataset.name });
      }
      const norm = finiteFit(Math.sqrt(meanSquare), dataset);
      return { kind: 'constant', value: step.ratio * norm };
    }
    case 'products':
      return { kind: 'products', columns: dataset.columns };
    case 'scale':
      return { kind: 'scale', factor: step.factor };
  }
}

function standardise(dataset: Dataset): Standardise {
  const { rows, columns } = dataset;
  const { minimum, maximum } = ranges(dataset);
  const mean = columnMeans(dataset);
  const squares = new Float64Array(columns);
  for (let i = 0; i < rows; i++) {
    const x = row(dataset, i);
    for (let j = 0; j < columns; j++) squares[j] += (x[j] - mean[j]) ** 2;
  }
  for (let j = 0; j < columns; j++) {
    // The mean of equal numbers is off by rounding, which a division by its own size would blow up.
    if (minimum[j] === maximum[j]) mean[j] = minimum[j];
  }
  const scale = Array.from(squares, (square, j) => {
    const deviation = minimum[j] === maximum[j] ? 0 : Math.sqrt(square / rows);
    return finiteFit(deviation, dataset) || 1;
  });
  return { kind: 'standardise', mean: [...mean], scale };
}

function minmax(dataset: Dataset): MinMax {
  const { minimum, maximum } = ranges(dataset);
  const scale = minimum.map((least, j) => finiteFit(maximum[j] - least, dataset) || 1);
  return { kind: 'minmax', minimum, scale };
}

function ranges(dataset: Dataset): { minimum: number[]; maximum: number[] } {
  const minimum = Array.from(row(dataset, 0), (value) => value + 0);
  const maximum = [...minimum];
  for (let i = 1; i < dataset.rows; i++) {
    const x = row(dataset, i);
    for (let j = 0; j < x.length; j++) {
      if (x[j] < minimum[j]) minimum[j] = x[j] + 0;
      if (x[j] > maximum[j]) maximum[j] = x[j];
    }
  }
  return { minimum, maximum };
}

function imageSize(step: { readonly kind: string; readonly from?: Size }, dataset: Dataset): Size {
  const size = step.from ?? dataset.shape;
  if (size === undefined) {
    const message = `${step.kind} needs images, but the shape of the ${dataset.columns} columns is not known`;
    contradiction(message, step.kind);
  }
  const [height, width] = size;
  const whole = Number.isInteger(height) && Number.isInteger(width) && height > 0 && width > 0;
  if (whole && height * width === dataset.columns) return size;
  const message = `${step.kind} cannot read ${dataset.columns} columns as images of ${height} x ${width}`;
  contradiction(message, step.kind);
}

function within(to: Size, [mostHeight, mostWidth]: Size, option: string): Size {
  const [height, width] = to;
  const whole = Number.isInteger(height) && Number.isInteger(width) && height > 0 && width > 0;
  if (whole && height <= mostHeight && width <= mostWidth) return to;
  const message = `${option} to ${height} x ${width} does not fit in ${mostHeight} x ${mostWidth} pixels`;
  throw new OptionError('ERR_OPTION_VALUE', message, option);
}
