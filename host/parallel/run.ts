/** What goes into a training on a thread, and what comes back: plain data, which crosses between threads. */
import {
  anything,
  bytes,
  flag,
  optional,
  record,
  shown,
  type Table,
  text,
  that,
  whole,
} from '../core/checks.ts';
import { LOADING } from '../core/core.ts';
import type { Dataset, Evaluation, StepReport, TrainerOptions } from '../index.ts';

/** One training: what `Trainer.create` takes, and what to look at beside it. */
export interface TrainingRun extends Omit<TrainerOptions, 'wasm'> {
  /** What messages and progress call it; default `seed 7`, after the seed of its training. */
  readonly name?: string;
  /** Labelled data to evaluate the trained model on. */
  readonly test?: Dataset;
  /** Steps between two looks at the loss of the whole training set; default none. */
  readonly evaluateEvery?: number;
  /** Look whether the steps go uphill: see `FitOptions.ascent`; default not. */
  readonly ascent?: boolean;
  /** Bytes of another build of the core than the embedded one. */
  readonly wasm?: ArrayBuffer | ArrayBufferView;
}

/** The loss of the whole training set on the way: see `Trainer.trainingLoss`. */
export interface AggregateLoss {
  /** Steps completed. */
  readonly step: number;
  /** Exact mean loss. */
  readonly loss: number;
}

/** A finished training. */
export interface TrainedRun {
  /** What messages call it. */
  readonly name: string;
  /** Of its training, 0 to 2^53 - 1. */
  readonly seed: number;
  /** Hash over the bits of every loss and of the final parameters: that of the same training on its own. */
  readonly trace: string;
  /** The last step's report. */
  readonly report: StepReport;
  /** Mini-batch loss before each step. */
  readonly losses: Float64Array;
  /** Losses of the whole training set, with `evaluateEvery`. */
  readonly history: readonly AggregateLoss[];
  /** The model file, as `Trainer.save` writes it. */
  readonly model: Uint8Array;
  /** The trained model on its training set, exact expectations. */
  readonly train: Evaluation;
  /** The same on the test set; undefined without one. */
  readonly test: Evaluation | undefined;
  /** Seconds of training, without those of evaluation. */
  readonly seconds: number;
}

/** How far a training is. */
export interface RunProgress {
  /** What messages call it. */
  readonly name: string;
  /** Of its training, 0 to 2^53 - 1. */
  readonly seed: number;
  /** Steps of the whole training. */
  readonly steps: number;
  /** The latest step's report. */
  readonly report: StepReport;
  /** The loss of the whole training set, when it has just been looked at. */
  readonly aggregate?: AggregateLoss;
}

/** What a training takes. Its model, data and preprocessing are checked where they are used. */
export const RUN: Table<TrainingRun> = {
  name: optional(text),
  model: anything,
  training: anything,
  dataset: anything,
  test: anything,
  pipeline: anything,
  oneVsRest: optional(flag),
  task: optional(
    that("'classification': numbers are predicted by one Trainer", (task) => task === 'classification'),
  ),
  evaluateEvery: optional(whole(1)),
  ascent: optional(flag),
  classWeights: anything,
  wasm: optional(bytes),
  engines: LOADING.engines,
};

/** Every field of a training, read once. @throws OptionError */
export function readRun(run: TrainingRun): TrainingRun {
  return record('a training', run, RUN);
}

/** What `Trainer.create` takes of a training. */
export function trainerOptionsOf({
  name: _,
  test: __,
  evaluateEvery: ___,
  ascent: ____,
  ...options
}: TrainingRun): TrainerOptions {
  return options;
}

/** The seed of a training, as `resolveTraining` has it. */
function seedOf({ training }: TrainingRun): number {
  return training?.seed ?? 1;
}

/** What messages call a training. */
export function nameOf(run: TrainingRun): string {
  return typeof run.name === 'string' ? run.name : `seed ${shown(seedOf(run))}`;
}
