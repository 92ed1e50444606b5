/** The rows of the training part that are looked at, not trained on. */
import type { Dataset } from '../../data/dataset.ts';
import { trainTestSplit } from '../../data/split.ts';
import type { TrainingData } from '../input/read-data.ts';
import type { Source } from '../input/source.ts';

/** All data of a run. */
export interface WatchedData extends TrainingData {
  /** Nothing is fitted to it, preprocessing neither. */
  readonly validation?: Dataset;
}

/** Sets the validation rows aside, as many of each class as its share; all rows stay where there are to be none. */
export function splitValidation(data: TrainingData, { validationFraction, seed }: Source): WatchedData {
  if (validationFraction === undefined) return data;
  const { train, test: validation } = trainTestSplit(data.train, { testFraction: validationFraction, seed });
  return { ...data, train, validation };
}
