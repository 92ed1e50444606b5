/** From raw rows to classes or numbers: what a trainer and a loaded model have in common. */
import { MAX_COUNT, MAX_SHOTS } from '../../assembly/abi/codes.ts';
import type { Reals } from '../core/core.ts';
import {
  asRead,
  checkEncodable,
  checkFeatures,
  type Dataset,
  numbered,
  readDataset,
} from '../data/dataset.ts';
import { checkRaw, type Pipeline, transformDataset } from '../data/preprocess.ts';
import { meanOf, sumOf } from '../data/sums.ts';
import {
  contradiction,
  integer,
  isNumbers,
  looking,
  optional,
  record,
  refuse,
  type Table,
} from '../core/checks.ts';
import { DataError, OptionError } from '../core/errors.ts';
import { type Metrics, metrics } from './metrics.ts';
import type { PredictingModel } from './predicting-model.ts';
import type { ResolvedModel } from './options.ts';
import { type Prediction, predictionOf } from './prediction.ts';
import { regressionMetrics, type RegressionMetrics, type Target, targetsOf } from './regression.ts';

/** How a data set fares. */
export interface Evaluation extends Metrics {
  /**
   * Mean loss. With class weights, sum w l / sum w over these rows, whatever their mix of classes. Of a one-vs-rest
   * classifier the mean over its models too. By the core's bits, but of a weighted model in a core that only predicts.
   */
  readonly loss: number;
}

/** How the outputs are measured. */
export interface ShotOptions {
  /** Shots per circuit, or 'exact'; default 'exact', with trajectories the training's. */
  readonly shots?: number | 'exact';
}

/** Rows of the caller's as a data set without labels. @throws OptionError, DataError */
function unlabelled(given: readonly ArrayLike<number>[] | Dataset): Dataset {
  return looking('rows', given, () => {
    if (Array.isArray(given)) return fromRows(given);
    if (typeof given !== 'object' || given === null || !('features' in given))
      return refuse('rows', given, 'a list of rows, each a list of numbers, or a data set');
    const { rows } = given as Dataset;
    const labels = new Int32Array(integer('rows', rows, 0, MAX_COUNT)).fill(-1);
    return readDataset({ ...(given as Dataset), labels, classes: [], targets: undefined });
  });
}

/** Rows of numbers as a data set. */
function fromRows(given: readonly ArrayLike<number>[]): Dataset {
  const rows = given.length;
  const columns = rows > 0 && isNumbers(given[0]) ? given[0].length : 0;
  const features = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    const values = given[i];
    if (!isNumbers(values)) refuse(`row ${i + 1}`, values, 'a list of numbers, as every row');
    if (values.length !== columns) {
      const message = `row ${i + 1} has ${values.length} features; expected ${columns}`;
      throw new OptionError('ERR_OPTION_VALUE', message, 'rows');
    }
    features.set(values, i * columns);
  }
  const labels = new Int32Array(rows).fill(-1);
  return readDataset(asRead({ features, rows, columns, labels, classes: [], name: 'rows' }));
}

/** Reads `ShotOptions`. */
export const SHOT_OPTIONS: Table<ShotOptions> = {
  shots: optional((shots, at) => (shots === 'exact' ? shots : integer(at, shots, 1, MAX_SHOTS))),
};

/**
 * Preprocesses raw rows for a model. @throws DataError when they are malformed, of another width than the
 * model's, or have no direction to encode
 */
export function prepare(given: Dataset, pipeline: Pipeline, model: ResolvedModel): Dataset {
  const raw = readDataset(given);
  checkRaw(pipeline, raw);
  const dataset = readDataset(transformDataset(pipeline, raw));
  if (dataset.columns !== model.features) {
    const message = `the data has ${dataset.columns} features after preprocessing; the model takes ${model.features}`;
    throw new DataError('ERR_DATA_FEATURES', message, { file: raw.name });
  }
  if (model.encoding === 'amplitude') checkEncodable(dataset, { amplitudes: 2 ** model.qubits });
  else checkFeatures(dataset);
  return dataset;
}

/** A model at work, with one core or one per class. */
export abstract class Classifier {
  /** @internal */
  constructor(
    /** @internal */
    protected readonly models: readonly PredictingModel[],
    /** The model's options with defaults filled in. */
    readonly model: ResolvedModel,
    /** Fitted preprocessing, applied to every raw row. */
    readonly pipeline: Pipeline,
    /** Class names, in the order of the labels; none of a model that predicts numbers. */
    readonly classes: readonly string[],
    /** Of a model that predicts numbers, what they are in its units. */
    readonly target?: Target,
  ) {}

  /** Parameters of the first model, zero-copy: circuit, head weights row by row, head biases. */
  get parameters(): Reals {
    return (this.models[0] as PredictingModel).parameters;
  }

  /** Parameters of every model, zero-copy: one model, or one a class against the rest. */
  get modelParameters(): readonly Reals[] {
    return this.models.map(({ parameters }) => parameters);
  }

  /** Bytes of linear memory in use: the arena of every model. */
  get arenaBytes(): number {
    return sumOf(this.models.map(({ arenaBytes }) => arenaBytes));
  }

  /**
   * Predicts rows of raw features: one array each, or a data set, whose labels are not looked at.
   * @throws OptionError, DataError
   */
  predict(rows: readonly ArrayLike<number>[] | Dataset, options: ShotOptions = {}): Prediction[] {
    this.#needsClasses('predict', 'predictValues');
    return this.#score(unlabelled(rows), options).scores.map((scores) => this.predictionOf(scores));
  }

  /**
   * Predicts a number for each row, in the target's own units, by a model that was trained with the task 'regression'.
   * @throws OptionError, DataError
   */
  predictValues(rows: readonly ArrayLike<number>[] | Dataset, options: ShotOptions = {}): Float64Array {
    const { mean, scale } = this.#needsTarget('predictValues', 'predict');
    const { scores } = this.#score(unlabelled(rows), options);
    return Float64Array.from(scores, ([score = 0]) => mean + scale * score);
  }

  /** How well numbers are predicted, on a raw data set with targets. @throws OptionError, DataError */
  evaluateValues(dataset: Dataset, options: ShotOptions = {}): RegressionMetrics {
    const target = this.#needsTarget('evaluateValues', 'evaluate');
    const read = readDataset(dataset);
    const targets = targetsOf(read);
    return regressionMetrics(this.predictValues(read, options), targets, target);
  }

  #needsTarget(called: string, instead: string): Target {
    if (this.target !== undefined) return this.target;
    const message = `${called} is for the task regression; this model has classes: ${instead}`;
    contradiction(message, 'task');
  }

  #needsClasses(called: string, instead: string): void {
    if (this.target === undefined) return;
    const message = `${called} is for classes; this model predicts numbers: ${instead}`;
    contradiction(message, 'task');
  }

  /**
   * Loss, accuracy and the other metrics on a raw, labelled data set; its classes are the model's by their names.
   * @throws OptionError, DataError
   */
  evaluate(dataset: Dataset, options: ShotOptions = {}): Evaluation {
    this.#needsClasses('evaluate', 'evaluateValues');
    const known = numbered(readDataset(dataset), this.classes);
    const { scores, loss } = this.#score(known, options);
    const predictions = scores.map((each) => this.predictionOf(each));
    return { loss, ...metrics(predictions, known.labels, this.classes) };
  }

  /** What the scores of one sample say. @internal */
  predictionOf(scores: readonly number[]): Prediction {
    this.#needsClasses('predict', 'predictValues');
    return predictionOf(scores, this.classes, this.model, this.models.length > 1);
  }

  /** Scores of every raw row and the mean loss, over one model or over one per class. */
  #score(raw: Dataset, options: ShotOptions): { scores: number[][]; loss: number } {
    const { shots } = record('predict', options, SHOT_OPTIONS);
    const dataset = prepare(raw, this.pipeline, this.model);
    const outputs = this.models.map((one) => one.outputs(dataset, shots === 'exact' ? 0 : shots));
    const scores = Array.from({ length: dataset.rows }, (_, i) => {
      const row: number[] = [];
      for (const { values, width } of outputs) {
        for (let k = 0; k < width; k++) row.push(values[i * width + k] as number);
      }
      return row;
    });
    return { scores, loss: meanOf(outputs.map(({ loss, weight }) => loss / weight)) };
  }
}
