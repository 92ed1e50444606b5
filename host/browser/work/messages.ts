/** What the page and the worker say to one another. Everything is plain data, or an array that changes hands. */
import type { Circuit, NlrErrorCode } from '../../index.ts';
import type { OwnTable, Settings } from '../settings/settings.ts';
import type { FileKind, MadeFile } from './files.ts';
import type { Fit, Target } from './fit.ts';
import type { Slice, Variance, Way } from './plateau.ts';
import type { Progress } from './problems.ts';

/** The columns of a race's record, a number a step each. */
export const COLUMNS = [
  'loss',
  'gradient',
  'observable',
  'violation',
  'line',
  'circuits',
  'shots',
  'decision',
] as const;
export type Column = (typeof COLUMNS)[number];

/** Numbers of `decision`. */
export const REVERSED = 1;
export const OTHER = 2;

/** What is there once a race is laid out. */
export interface Opened {
  readonly circuit: Circuit;
  readonly qubits: number;
  readonly features: number;
  readonly observables: readonly string[];
  readonly parameters: number;
  readonly classes: readonly string[];
  readonly rows: { readonly train: number; readonly test: number };
  readonly columnNames: readonly string[];
  /** Points of a data set of two numbers, to be drawn; undefined of others. */
  readonly points?: Points;
  /** Height and width of images. */
  readonly shape?: readonly [number, number];
}

/** Rows of two numbers, x and y in turn, with the index of their class; the last ones are those to test on. */
export interface Points {
  readonly at: Float32Array;
  readonly labels: Uint8Array;
  readonly trained: number;
  /** Least and largest of x and of y, with a margin. */
  readonly window: readonly [number, number, number, number];
}

/** How one rule stands. */
export interface Standing {
  readonly step: number;
  readonly finished: boolean;
  readonly trace: string;
  readonly reversals: number;
  readonly alarm: boolean;
  /** Why it ended early: a sentence. */
  readonly failed?: string;
  /** On the rows to test on; absent until they are looked at again. */
  readonly accuracy?: number;
  readonly confusion?: readonly (readonly number[])[];
}

/** What has come since the last batch, of every rule. */
export interface Batch {
  readonly race: number;
  readonly running: boolean;
  readonly arms: readonly {
    readonly columns: Readonly<Record<Column, Float64Array>>;
    readonly standing: Standing;
  }[];
  readonly surface?: Surface;
}

/** The probability of the second class, or the index of the likeliest of several, over the window of the points. */
export interface Surface {
  readonly arm: number;
  readonly side: number;
  readonly values: Float32Array;
}

/** What the worker does with a race when it is asked. */
export interface RaceCalls {
  open(race: number, settings: Settings, table: OwnTable | undefined): Promise<Opened>;
  /** @param pace steps a second; 0: as many as there is time for */
  run(pace: number): Promise<void>;
  pause(): Promise<void>;
  step(): Promise<void>;
  /** Whose surface and classifications are wanted. */
  focus(arm: number): Promise<void>;
  /** Probabilities of the classes of raw rows, by the rule that has the focus. */
  classify(row: Float64Array): Promise<readonly number[]>;
  /** A row to test on, and its class. */
  sample(index: number): Promise<{ readonly row: Float64Array; readonly label: string }>;
  file(kind: FileKind, arm: number): Promise<MadeFile>;
}

/** What the worker does for the page Fit. */
export interface FitCalls {
  /** What every module makes of the model of the race, by the rule of this number. */
  fits(settings: Settings, arm: number): Promise<readonly Fit[]>;
  /** The core as C and the model as it is now, packed. */
  firmware(target: Target, arm: number): Promise<MadeFile>;
}

/** What the worker does for the page Problems. */
export interface ProblemCalls {
  /** Solves a problem by the rule of this number; what comes of it is told under the run's. Ends the one before. */
  solve(run: number, settings: Settings, arm: number): Promise<void>;
  stopSolving(): Promise<void>;
}

/** What the worker does for the page Plateau. */
export interface PlateauCalls {
  ways(settings: Settings): Promise<readonly Way[]>;
  /** Of the model of the race as it is, by the rule of this number. */
  slice(settings: Settings, arm: number): Promise<Slice>;
  /** Tells the variances one by one. Ends those before. */
  variances(settings: Settings): Promise<void>;
  stopVariances(): Promise<void>;
}

/** All that the worker does when it is asked. */
export type Calls = RaceCalls & FitCalls & ProblemCalls & PlateauCalls;

/** From the page. */
export interface Request {
  readonly id: number;
  readonly call: string;
  readonly args: readonly unknown[];
}

/** What went wrong, as a sentence. */
export interface Failure {
  readonly code: NlrErrorCode | 'ERR_LAB';
  readonly message: string;
}

/** From the worker. */
export type Response =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly failure: Failure }
  | { readonly batch: Batch }
  | { readonly progress: Progress }
  | { readonly variance: Variance };
