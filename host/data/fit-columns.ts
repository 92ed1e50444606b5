/** Fitting the step `columns`: the categories of text, and what missing values become. */
import { DataError } from '../core/errors.ts';
import { type Column, type Columns, namesOf } from './columns.ts';
import { columnIn, type Dataset, orderClasses } from './dataset.ts';
import { meanOfLarge } from './sums.ts';

/** Texts of one column that become numbers of their own: more are names or identifiers, not categories. */
export const MAX_CATEGORIES = 64;

/** What to do about missing values, and about text that is not in the training data. */
export interface ColumnsStep {
  /** Which step it is. */
  readonly kind: 'columns';
  /** What to do about rows that lack a value; default `'refuse'`. The mean of a column of text is the share of each category. */
  readonly missing?: Columns['missing'];
  /** What to make of text that the training set does not have; default `'zeros'`. */
  readonly unseen?: Columns['unseen'];
}

/** Fits the step to a training set. @throws OptionError, DataError naming the column */
export function fitColumns(step: ColumnsStep, dataset: Dataset): Columns {
  const { missing = 'refuse', unseen = 'zeros' } = step;
  const named = namesOf(dataset);
  const columns = named.columns.map((column, j): Column => {
    const values = columnOf(dataset, j);
    const texts = dataset.categories?.[j];
    const refuse = (message: string): never => {
      throw new DataError('ERR_DATA_COLUMN', `${columnIn(dataset, j)} ${message}`, { file: dataset.name });
    };
    if (missing === 'mean' && values.length === 0)
      refuse('has no value at all, so there is no mean: leave it out');
    if (texts === undefined) return { ...column, ...(missing === 'mean' && { fill: [meanOfLarge(values)] }) };
    const categories = orderClasses(new Set(values.map((value) => texts[value] as string)));
    if (categories.length > MAX_CATEGORIES) {
      refuse(
        `has ${categories.length} different texts in ${values.length} rows, more than ${MAX_CATEGORIES}: leave it out if it holds names or identifiers`,
      );
    }
    if (categories.length === 0) refuse('has no value at all');
    const shares = () =>
      categories.map((text) => meanOfLarge(values.map((value) => Number(texts[value] === text))));
    return { ...column, categories, ...(missing === 'mean' && { fill: shares() }) };
  });
  return { ...named, columns, missing, unseen };
}

/** The values of a column that are there. */
function columnOf({ features, rows, columns }: Dataset, j: number): number[] {
  const values: number[] = [];
  for (let i = 0; i < rows; i++) {
    const value = features[i * columns + j] as number;
    if (!Number.isNaN(value)) values.push(value);
  }
  return values;
}
