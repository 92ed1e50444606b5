/** Cross-validation's parts of the training rows. */
import { type Dataset, subset } from '../../host/data/dataset.ts';
import { shuffled } from '../../host/data/split.ts';

/** How many parts there are, each of which is held out once. */
export const FOLDS = 5;
const FIRST_SEED = 1;

/** Training rows without a fold, and the fold. */
export interface Fold {
  readonly train: Dataset;
  readonly validation: Dataset;
}

/**
 * Fold `index`, from 0: every fifth row of each class, in a random order. Of the first five folds a row is in the validation
 * part of one, and classes have their share in each, to within a row; the next five are the same of another order.
 */
export function foldOf(dataset: Dataset, index: number): Fold {
  const [repeat, place] = [Math.floor(index / FOLDS), index % FOLDS];
  const seen = new Map<number, number>();
  const parts: [number[], number[]] = [[], []];
  for (const i of shuffled(dataset.rows, FIRST_SEED + repeat)) {
    const count = seen.get(dataset.labels[i]) ?? 0;
    seen.set(dataset.labels[i], count + 1);
    parts[count % FOLDS === place ? 1 : 0].push(i);
  }
  const [train, validation] = parts.map((rows) =>
    subset(
      dataset,
      rows.sort((a, b) => a - b),
    ),
  );
  return { train, validation };
}
