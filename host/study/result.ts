/** What becomes of a cell. */
import { CoreError, type NlrErrorCode } from '../index.ts';

/**
 * A training as columns of numbers, a row for each look at it; the first is the start. What a step measures is the mean over
 * the steps since the look before; null at the start, and where the rule does not measure it.
 */
export interface Curve {
  /** Steps made, circuits run and shots taken so far. */
  readonly step: readonly number[];
  readonly evaluations: readonly number[];
  readonly shots: readonly number[];
  /** Exact loss of the whole training set. */
  readonly loss: readonly number[];
  /** Measured loss of the mini-batches. */
  readonly batchLoss: readonly (number | null)[];
  /** |grad L|, and |grad <O>| of the observable. */
  readonly gradientNorm: readonly (number | null)[];
  readonly observableNorm: readonly (number | null)[];
  /** p_t, the share of all steps so far whose tentative loss rose. */
  readonly violationRate: readonly number[];
  /** Reversals so far. */
  readonly reversals: readonly number[];
  /** Mean signed rate so far. */
  readonly meanRate: readonly number[];
}

/** Where p_t turns the sign of the mean signed rate and of the mean step, with `nlr`. */
export interface Ascended {
  /** Mean of step . grad L: above zero the mean step went uphill. */
  readonly meanProduct: number;
  /** r = E[g . grad L | violated] / E[g . grad L | not]. */
  readonly ratio: number | null;
  /** eta / (eta + eta'), and eta / (eta + r eta'). */
  readonly rate: number | null;
  readonly step: number | null;
}

/** A training that came to its end. Losses are exact and over whole sets. */
export interface CellResult {
  /** Of the training set: at the start, at the end, and the lowest that was looked at. */
  readonly initialLoss: number;
  readonly loss: number;
  readonly best: number;
  /** Mean loss over what was spent, shots or else evaluations: the area under the curve, divided by its length. */
  readonly auc: number;
  /** What had been spent when the loss was half of what it was at the start; null where it never was. */
  readonly toHalf: number | null;
  /** Null without a test set. */
  readonly lossTest: number | null;
  /** Shares of right answers; null where numbers are predicted. */
  readonly accuracy: { readonly train: number | null; readonly test: number | null };
  readonly steps: number;
  readonly evaluations: number;
  readonly shots: number;
  readonly reversals: number;
  readonly violationRate: number;
  readonly meanRate: number;
  /** Of the last step. */
  readonly gradientNorm: { readonly loss: number; readonly observable: number | null };
  /** Where it was measured. */
  readonly ascent?: Ascended;
  /** Hash over the bits of every loss and of the final parameters. */
  readonly trace: string;
  readonly curve: Curve;
}

/** A training that can have no result, whoever runs it. */
export interface CellFailure {
  readonly code: NlrErrorCode;
  readonly message: string;
}

/** The failure of a training that left the finite numbers, and would do so again. @throws any other error */
export function failureFrom(error: unknown): CellFailure {
  if (!(error instanceof CoreError) || error.code !== 'ERR_CORE_DIVERGED') throw error;
  return { code: error.code, message: error.message };
}

/** What became of a cell. */
export type CellOutcome =
  | { readonly hash: string; readonly result: CellResult; readonly seconds: number }
  | { readonly hash: string; readonly failure: CellFailure; readonly seconds: number };
