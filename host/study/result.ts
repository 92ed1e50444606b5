/** What becomes of a cell. */
import { CoreError, type NlrErrorCode } from '../index.ts';

/**
 * A training as columns of numbers, a row for each look at it; the first is the start. What a step measures is the mean over
 * the steps since the look before; null at the start, and where the rule does not measure it.
 */
export interface Curve {
  /** Steps made so far. */
  readonly step: readonly number[];
  /** Circuits run so far. */
  readonly evaluations: readonly number[];
  /** Shots taken so far; 0 where outputs are exact. */
  readonly shots: readonly number[];
  /** Exact loss of the whole training set. */
  readonly loss: readonly number[];
  /** Measured loss of the mini-batches. */
  readonly batchLoss: readonly (number | null)[];
  /** |grad L| over the parameters of the circuit. */
  readonly gradientNorm: readonly (number | null)[];
  /** |grad <O>| of the observable that the loss reads. */
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
  /** r = E[g . grad L | violated] / E[g . grad L | not]; null until there were both, and for rules other than nlr. */
  readonly ratio: number | null;
  /** eta / (eta + eta'), of the mean signed rate. */
  readonly rate: number | null;
  /** eta / (eta + r eta'), of the mean step; null without r, and where no share of violations turns it. */
  readonly step: number | null;
}

/** A training that came to its end. Losses are exact and over whole sets. */
export interface CellResult {
  /** Of the training set, at the start. */
  readonly initialLoss: number;
  /** Of the training set, at the end. */
  readonly loss: number;
  /** The lowest of the training set that was looked at. */
  readonly best: number;
  /** Mean loss over what was spent, shots or else evaluations: the area under the curve, divided by its length. */
  readonly auc: number;
  /** What had been spent when the loss was half of what it was at the start; null where it never was. */
  readonly toHalf: number | null;
  /** Of the test set, at the end; null without one. */
  readonly lossTest: number | null;
  /** Shares of right answers at the end, 0 to 1; null where numbers are predicted. */
  readonly accuracy: {
    /** Of the training set. */
    readonly train: number | null;
    /** Of the test set; null without one. */
    readonly test: number | null;
  };
  /** Steps made. */
  readonly steps: number;
  /** Circuits run. */
  readonly evaluations: number;
  /** Shots taken; 0 where outputs are exact. */
  readonly shots: number;
  /** Reversed steps; 0 of a rule that does not look back. */
  readonly reversals: number;
  /** p_t, the share of all steps whose tentative loss rose, 0 to 1. */
  readonly violationRate: number;
  /** Mean signed rate; below zero reversals outweighed descent. */
  readonly meanRate: number;
  /** Of the last step, on its mini-batch. */
  readonly gradientNorm: {
    /** |grad L| over the parameters of the circuit. */
    readonly loss: number;
    /** |grad <O>| of the observable that the loss reads; null where it is not measured. */
    readonly observable: number | null;
  };
  /** Where it was measured. */
  readonly ascent?: Ascended;
  /** Hash over the bits of every loss and of the final parameters. */
  readonly trace: string;
  /** The training as it was looked at. */
  readonly curve: Curve;
}

/** A training that can have no result, whoever runs it. */
export interface CellFailure {
  /** Kind of the error; of a training ERR_CORE_DIVERGED. */
  readonly code: NlrErrorCode;
  /** What happened, in a sentence. */
  readonly message: string;
}

/** The failure of a training that left the finite numbers, and would do so again. @throws any other error */
export function failureFrom(error: unknown): CellFailure {
  if (!(error instanceof CoreError) || error.code !== 'ERR_CORE_DIVERGED') throw error;
  return { code: error.code, message: error.message };
}

/** What became of a cell. */
export type CellOutcome =
  | {
      /** Of the cell, as `hashOfCell` gives it. */
      readonly hash: string;
      /** What the training came to. */
      readonly result: CellResult;
      /** Seconds that it took on its thread; no part of the result. */
      readonly seconds: number;
    }
  | {
      /** Of the cell, as `hashOfCell` gives it. */
      readonly hash: string;
      /** Why it has no result. */
      readonly failure: CellFailure;
      /** Seconds until it failed. */
      readonly seconds: number;
    };
