/** Principal components of a training set. */
import { OptionError } from '../core/errors.ts';
import { type Dataset, row } from './dataset.ts';
import { dot, leadingEigenpairs, upright } from './eigen.ts';
import { columnMeans, finiteFit } from './moments.ts';
import type { Pca } from './transform.ts';

/** Columns up to which their covariance is what is decomposed, however few rows there are. */
const NARROW = 256;

/** The largest side of a matrix whose eigenvectors are sought. */
export const MAX_SIDE = 2048;

/** Numbers in the components: they travel in the model file. */
const MAX_NUMBERS = 2 ** 22;

/** Below this share of the largest eigenvalue a direction is rounding. */
const NOTHING = 1e-14;

/**
 * The eigenvectors of the sample covariance (divisor rows - 1) in descending order of eigenvalue, each with
 * its largest entry by magnitude (the first on a tie) positive. The time is cubic in the columns or the rows,
 * whichever are fewer, and grows with the product of rows, columns and that: pool large images first.
 */
export function pca(dataset: Dataset, components: number): Pca {
  const { rows, columns } = dataset;
  const most = Math.min(columns, rows - 1);
  if (!(Number.isInteger(components) && components >= 1 && components <= most)) {
    const message = `pca gives 1 to ${most} components from ${rows} x ${columns} numbers, not ${components}`;
    throw new OptionError('ERR_OPTION_VALUE', message, 'pca');
  }
  const wide = columns > NARROW && rows < columns;
  const side = wide ? rows : columns;
  if (side > MAX_SIDE || components * columns > MAX_NUMBERS) {
    const message =
      side > MAX_SIDE
        ? `pca takes at most ${MAX_SIDE} columns or rows, whichever are fewer, not ${rows} x ${columns}; use fewer columns, or pool images first`
        : `pca takes at most ${MAX_NUMBERS} numbers in its components, not ${components} x ${columns}; use fewer`;
    throw new OptionError('ERR_OPTION_VALUE', message, 'pca');
  }
  const mean = columnMeans(dataset);
  const directions = wide
    ? fromProducts(dataset, mean, components)
    : fromCovariance(dataset, mean, components);
  return { kind: 'pca', mean: [...mean], components: directions.map(withSign) };
}

function fromCovariance(dataset: Dataset, mean: Float64Array, components: number): number[][] {
  const { rows, columns } = dataset;
  const sums = new Float64Array(columns * columns);
  const centred = new Float64Array(columns);
  for (let i = 0; i < rows; i++) {
    const x = row(dataset, i);
    for (let j = 0; j < columns; j++) centred[j] = x[j] - mean[j];
    for (let j = 0; j < columns; j++) {
      const factor = centred[j];
      for (let k = 0; k <= j; k++) sums[j * columns + k] += factor * centred[k];
    }
  }
  const covariance = symmetric(columns, (j, k) => finiteFit(sums[j * columns + k] / (rows - 1), dataset));
  return leadingEigenpairs(covariance, columns, components).map(({ vector }) => Array.from(vector));
}

/** A matrix, row-major, from its entries on and below the diagonal. */
function symmetric(side: number, entry: (j: number, k: number) => number): Float64Array {
  const matrix = new Float64Array(side * side);
  for (let j = 0; j < side; j++) {
    for (let k = 0; k <= j; k++) matrix[j * side + k] = matrix[k * side + j] = entry(j, k);
  }
  return matrix;
}

/**
 * From the products of all pairs of centred rows, X X^T: where u is an eigenvector of those, X^T u has the direction
 * of one of the covariance, X^T X, with the same eigenvalue. Where the rows span less than was asked for, any
 * directions at right angles to the others do.
 */
function fromProducts(dataset: Dataset, mean: Float64Array, components: number): number[][] {
  const { rows, columns } = dataset;
  const centred = Float64Array.from(dataset.features, (value, at) => value - mean[at % columns]);
  const line = (i: number) => centred.subarray(i * columns, (i + 1) * columns);
  const products = symmetric(rows, (i, k) => finiteFit(dot(line(i), line(k)) / (rows - 1), dataset));
  const found = leadingEigenpairs(products, rows, components);
  const least = NOTHING * rows * Math.max(0, found[0].value);
  const directions: number[][] = [];
  let unit = 0;
  for (const { value, vector } of found) {
    let direction: Float64Array | undefined;
    if (value > least) {
      const sum = new Float64Array(columns);
      for (let i = 0; i < rows; i++) {
        const x = line(i);
        for (let j = 0; j < columns; j++) sum[j] += vector[i] * x[j];
      }
      direction = upright(sum, directions, 1e-8);
    }
    // Of the axes, columns of them, at most as many as there are directions lie among those.
    while (direction === undefined) direction = upright(axis(columns, unit++), directions, 0.01);
    directions.push(Array.from(direction));
  }
  return directions;
}

function axis(columns: number, at: number): Float64Array {
  const unit = new Float64Array(columns);
  unit[at] = 1;
  return unit;
}

function withSign(direction: number[]): number[] {
  const largest = direction.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
  // Adding 0 turns -0, which JSON does not keep, into 0.
  return direction.map((value) => (largest < 0 ? -value : value) + 0);
}
