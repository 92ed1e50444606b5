/** Numbers to predict: what a target is in the model's units, and how well it is met. */
import { real, record, type Table } from '../core/checks.ts';
import { DataError } from '../core/errors.ts';
import { type Dataset, rowError } from '../data/dataset.ts';
import { meanOfLarge } from '../data/sums.ts';

/**
 * How a number to predict becomes what the model puts out, and back: (number - mean) / scale, with the mean and the
 * standard deviation of the training set. Travels in the model file.
 */
export interface Target {
  readonly mean: number;
  readonly scale: number;
}

/** How well numbers are predicted. Errors are in the target's own units. */
export interface RegressionMetrics {
  readonly rows: number;
  /** Mean squared error of the targets as the model sees them, of variance 1 in the training set: what is trained. */
  readonly loss: number;
  /** Root mean square error. */
  readonly rmse: number;
  /** Mean absolute error. */
  readonly mae: number;
  /**
   * 1 - sum of squared errors / sum of squared distances from these rows' mean: 1 is perfect, 0 as good as their mean.
   * Null where all targets are the same, or too close together to square.
   */
  readonly r2: number | null;
}

const TARGET: Table<Target> = { mean: real(-Number.MAX_VALUE), scale: real(Number.MIN_VALUE) };

/** Reads a target from a file. @throws OptionError */
export function readTarget(value: unknown, at: string): Target {
  return record(at, value as Target, TARGET);
}

/** The targets of a data set, a finite number a row. @throws DataError */
export function targetsOf(dataset: Dataset): Float64Array {
  const { targets, name } = dataset;
  if (targets === undefined) {
    throw new DataError('ERR_DATA_LABEL', 'the data has no targets: numbers to predict', { file: name });
  }
  const bad = targets.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return targets;
  throw rowError(dataset, bad, 'ERR_DATA_LABEL', `has the target ${targets[bad]}, expected a finite number`);
}

/** Whether there is nothing to tell apart. Their computed spread need not be 0: their mean is rounded. */
const areSame = (targets: Float64Array) => targets.every((value) => value === targets[0]);

/** Fits a target to a training set. @throws DataError when there is nothing to tell apart */
export function fitTarget(dataset: Dataset): Target {
  const targets = targetsOf(dataset);
  const middle = meanOfLarge(targets);
  const scale = Math.sqrt(meanOfLarge(targets.map((value) => (value - middle) ** 2)));
  if (areSame(targets)) {
    const message = `every row has the target ${targets[0]}; there is nothing to predict`;
    throw new DataError('ERR_DATA_ONE_CLASS', message, { file: dataset.name });
  }
  if (Number.isFinite(scale) && scale > 0) return { mean: middle, scale };
  const message = 'the targets are too large or too close together to standardise; rescale them first';
  throw new DataError('ERR_DATA_FINITE', message, { file: dataset.name });
}

/** Targets as a model sees them. */
export function standardised(targets: Float64Array, { mean, scale }: Target): Float64Array {
  return targets.map((value) => (value - mean) / scale);
}

/** How well values meet targets, both in the target's own units. */
export function regressionMetrics(
  values: Float64Array,
  targets: Float64Array,
  { scale }: Target,
): RegressionMetrics {
  const errors = values.map((value, i) => value - (targets[i] as number));
  const square = meanOfLarge(errors.map((error) => error ** 2));
  const middle = meanOfLarge(targets);
  const spread = meanOfLarge(targets.map((value) => (value - middle) ** 2));
  return {
    rows: values.length,
    loss: meanOfLarge(errors.map((error) => (error / scale) ** 2)),
    rmse: Math.sqrt(square),
    mae: meanOfLarge(errors.map(Math.abs)),
    r2: areSame(targets) || spread === 0 ? null : 1 - square / spread,
  };
}

/** A preprocessed data set with targets as the model sees them, and no labels. */
export function numericDataset(prepared: Dataset, features: Float64Array, target: Target): Dataset {
  const targets = standardised(targetsOf(prepared), target);
  return { ...prepared, features, targets, labels: new Int32Array(prepared.rows).fill(-1), classes: [] };
}

/** Whether targets that standardise to the same numbers were the same before. */
export function sameTarget(one: Target | undefined, other: Target | undefined): boolean {
  return one?.mean === other?.mean && one?.scale === other?.scale;
}
