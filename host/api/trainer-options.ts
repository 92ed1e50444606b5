/** What a training is made with, resumed with and gone on with. */
import {
  anything,
  callable,
  flag,
  oneOf,
  optional,
  record,
  signal,
  snapshot,
  type Table,
  text,
  that,
  whole,
} from '../core/checks.ts';
import { LOADING, type LoadOptions } from '../core/core.ts';
import { type Dataset, readDataset } from '../data/dataset.ts';
import { type Pipeline, readPipeline } from '../data/preprocess.ts';
import type { AscentOptions } from './ascent.ts';
import type { Answer } from './asking.ts';
import type { ClassWeights } from './class-weights.ts';
import type { ModelOptions, TrainingOptions } from './options.ts';
import type { Task } from './task.ts';

/** Options of `Trainer.create`. */
export interface TrainerOptions extends LoadOptions {
  readonly model: ModelOptions;
  readonly training?: TrainingOptions;
  /** The training set, as it comes: the pipeline is applied here. */
  readonly dataset: Dataset;
  /** Fitted preprocessing; travels inside the model file. Default none. */
  readonly pipeline?: Pipeline;
  /** One model per class against the rest, instead of a softmax head. */
  readonly oneVsRest?: boolean;
  /**
   * How much the loss of a sample counts, by its class: 'balanced', or numbers, which are scaled to a mean of 1 over the
   * training set. Default all alike.
   */
  readonly classWeights?: ClassWeights;
  /**
   * Classes, the default, or 'regression': to predict the `targets` of the data set, standardised by the training set,
   * by the single output of a linear head with the squared error.
   */
  readonly task?: Task;
}

/** Options of `Trainer.resume`. */
export interface ResumeOptions extends LoadOptions {
  /** The same training set, as it comes. */
  readonly dataset: Dataset;
  /** The file's name, for messages. */
  readonly name?: string;
}

/** Options of `Trainer.fit`. */
export interface FitOptions {
  /** Stops between two slices of work; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Stop after this many steps in all; default the training's `steps`. A `shotsBudget` ends it before, whatever this is. */
  readonly until?: number;
  /** Gate applications between two looks at the clock; default 20000. */
  readonly slice?: number;
  /** Tells the core the counts that it asks for, where training's `answerer` is 'caller': see nlr-vqa/qpu. */
  readonly answer?: Answer;
  /**
   * Look whether each step went uphill: the report's `ascent`. Changes no bit of the training. Costs one exact loss and
   * gradient a step on a core of its own, or where the caller measures as many circuits as a loss and a parameter shift take,
   * at half the shots; both are counted in `ascent`, beside the report's. Who gives up while it looks loses the look, not the
   * step. Default not.
   */
  readonly ascent?: AscentOptions;
}

export const OPTIONS: Table<TrainerOptions> = {
  ...LOADING,
  model: anything,
  training: anything,
  dataset: readDataset as Table<TrainerOptions>['dataset'],
  pipeline: (pipeline = []) => readPipeline(pipeline as Pipeline),
  oneVsRest: optional(flag),
  task: optional(oneOf('classification', 'regression')),
  classWeights: optional((weights, at) => snapshot(at, weights as ClassWeights)),
};

export const RESUMING = { ...LOADING, dataset: OPTIONS.dataset, name: optional(text) };

export const FITTING: Table<FitOptions> = {
  signal: optional(signal),
  until: optional(that('a number of steps', (until) => typeof until === 'number' && until >= 0)),
  slice: optional(whole(1, 0x7fffffff)),
  answer: optional(callable),
  ascent: optional((ascent, at) =>
    typeof ascent === 'boolean' ? ascent : record(at, ascent as object, { wasm: LOADING.wasm }),
  ),
};
