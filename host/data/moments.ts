/** What several steps are fitted from: the mean of each column, and what to say of numbers too large for it. */
import { DataError } from '../core/errors.ts';
import { type Dataset, row } from './dataset.ts';

/** The mean of each column. @throws DataError when a sum overflows */
export function columnMeans(dataset: Dataset): Float64Array {
  const sums = new Float64Array(dataset.columns);
  for (let i = 0; i < dataset.rows; i++) {
    const x = row(dataset, i);
    for (let j = 0; j < x.length; j++) sums[j] += x[j];
  }
  return sums.map((sum) => finiteFit(sum / dataset.rows, dataset));
}

/** Finite features can still have sums or squares that overflow. @throws DataError */
export function finiteFit(value: number, dataset: Dataset): number {
  if (Number.isFinite(value)) return value;
  const message = 'the features are too large to fit preprocessing to; rescale them first';
  throw new DataError('ERR_DATA_FINITE', message, { file: dataset.name });
}
