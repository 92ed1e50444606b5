/** What a training step reports. */
import { REPORT_COUNT, Report } from '../../assembly/abi/codes.ts';
import type { Core } from '../core/core.ts';
import { type DecisionName, DECISIONS } from './choices.ts';
import { wordOf } from './words.ts';

/** One step. Numbers that a rule does not measure are null. */
export interface StepReport {
  /** Steps completed, from 1. */
  readonly step: number;
  /** Mini-batch loss before the step. */
  readonly loss: number;
  /** Loss on the same mini-batch behind the tentative step (Algorithm 1, line 7). */
  readonly tentativeLoss: number | null;
  /** Delta C of Eq. 8. */
  readonly lossChange: number | null;
  /** Standard error of the change from shot noise; 0 when exact. */
  readonly lossChangeError: number | null;
  /** What became of the tentative update: 'descended' as tried, or by a rule that makes no test. */
  readonly decision: DecisionName;
  readonly gradientNorm: {
    /** |grad L| over the circuit parameters. */
    readonly loss: number;
    /** |grad <O>|, mean over the batch, of the observable the loss reads, scaled to norm 1 at most; null when not asked for, and with the two-point gradient. */
    readonly observable: number | null;
  };
  /** Share of all steps so far whose tentative loss rose: p_t. */
  readonly violationRate: number;
  /** Reversals so far. */
  readonly reversals: number;
  /** Circuit evaluations so far. */
  readonly evaluations: number;
  /** Shots so far. */
  readonly shots: number;
  /** Signed learning rate of this step. */
  readonly rate: number;
  /** Mean signed learning rate so far. */
  readonly meanRate: number;
  /**
   * The mean signed rate, of one model at least, is below zero: the reversals turn the mean step into ascent.
   * With `nlr` and a constant schedule, and only there, that is p_t > eta / (eta + eta').
   */
  readonly alarm: boolean;
}

/**
 * What the cores report of their latest step: of the models of a one-vs-rest classifier the mean, of counts the sum.
 */
export function readReport(cores: readonly Core[]): StepReport {
  const reports = cores.map((core) => core.doubles(core.abi.report_ptr(), REPORT_COUNT));
  const each = (slot: Report) => reports.map((slots) => slots[slot] as number);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const mean = (slot: Report) => sum(each(slot)) / cores.length;
  const measured = (value: number) => (Number.isNaN(value) ? null : value);
  const steps = each(Report.Step);
  const perStep = (slot: Report) => sum(each(slot).map((value, i) => value / (steps[i] || 1))) / cores.length;
  const tentativeLoss = mean(Report.TentativeLoss);
  return {
    step: Math.min(...steps),
    loss: mean(Report.Loss),
    tentativeLoss: measured(tentativeLoss),
    lossChange: measured(tentativeLoss - mean(Report.Loss)),
    lossChangeError: measured(mean(Report.LossChangeError)),
    decision: wordOf(DECISIONS, each(Report.Decision).find((decision) => decision !== 0) ?? 0),
    gradientNorm: {
      loss: mean(Report.GradientNormLoss),
      observable: measured(mean(Report.GradientNormObservable)),
    },
    violationRate: perStep(Report.Violations),
    reversals: sum(each(Report.Reversals)),
    evaluations: sum(each(Report.Evaluations)),
    shots: sum(each(Report.Shots)),
    rate: mean(Report.Rate),
    meanRate: perStep(Report.RateSum),
    alarm: each(Report.RateSum).some((total) => total < 0),
  };
}
