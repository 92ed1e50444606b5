/** Trainings as they are asked for and as they turn out: one cell each, known by a hash of all that decides its bits. */
import type { Dataset } from '../../host/data/dataset.ts';
import { hashOf } from '../claim/cells.ts';
import type { Configuration } from './grid.ts';
import type { Data } from './sources.ts';

/** Rows to train on, and rows that the trained model is read on, both as the model takes them. */
export interface Rows {
  readonly train: Dataset;
  readonly evaluated: Dataset;
}

/** One training. */
export interface Cell {
  readonly data: Data;
  /** Which rows it is trained on and read on: a fold of the training rows, or all of them and the test rows. */
  readonly split: string;
  readonly configuration: Configuration;
  readonly seed: number;
  /** Shots a circuit with which it is read too, beside the exact reading. */
  readonly readings: readonly number[];
}

/** What became of one. */
export interface Outcome {
  /** Share of right answers by exact expectations, and by each of the readings. */
  readonly accuracy: number;
  readonly read: readonly number[];
  readonly logLoss: number;
  readonly parameters: number;
  /** Bytes of linear memory of one model, and how many models there are. */
  readonly arenaBytes: number;
  readonly models: number;
  /** The hash of losses and parameters. */
  readonly trace: string;
}

/** A cell, and where its rows come from, which are asked for only if it has not been trained before. */
export interface Job {
  readonly cell: Cell;
  readonly rows: () => Promise<Rows>;
}

/** What trains cells. @param what of messages */
export interface Trains {
  run(jobs: readonly Job[], what: string): Promise<Outcome[]>;
}

/** Its place in the store. */
export const keyOf = (cell: Cell): string => hashOf(cell);
