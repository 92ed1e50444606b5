/** What a training step reports. */
import { Report } from '../../assembly/abi/codes.ts';
import { type DecisionName, DECISIONS } from './choices.ts';

/** What a step did to first order, and what all steps looked at so far did. Of several models, over all of them. */
export interface Ascent {
  /** Of the report that it comes with. */
  readonly step: number;
  /** Mini-batch loss before the step. */
  readonly loss: number;
  /** step . grad L over all parameters: above zero the step went uphill. Of several models their mean. */
  readonly product: number;
  /** Whether the tentative loss rose, of one model at least; null for rules that do not look. */
  readonly violated: boolean | null;
  /** Steps looked at so far, in this process; the rest is over them. */
  readonly steps: number;
  /** Mean of step . grad L: above zero the mean step goes uphill. */
  readonly meanProduct: number;
  /** Mean signed rate. */
  readonly meanRate: number;
  /** p_t, each step counted by its place in the schedule; null for rules that do not look. */
  readonly violationRate: number | null;
  /** r = E[g . grad L | violated] / E[g . grad L | not]; null until there were both, for rules other than nlr, and where Eq. 10 gives eta'. */
  readonly ratio: number | null;
  /** At which p_t the signs turn, with `nlr`. */
  readonly thresholds: {
    /** eta / (eta + eta'), of the mean signed rate. */
    readonly rate: number | null;
    /** eta / (eta + r eta'), of the mean step; null without r, or where no share of violations turns it. */
    readonly step: number | null;
  };
  /** What points uphill so far. */
  readonly alarm: {
    /** The mean signed rate is below zero. */
    readonly rate: boolean;
    /** The mean step goes uphill: the mean product is above zero. */
    readonly step: boolean;
  };
  /** Circuits that looking has cost so far, beside what the report counts. */
  readonly evaluations: number;
  /** Their shots, where the caller measures. */
  readonly shots: number;
}

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
  /** Euclidean norms, before the step. */
  readonly gradientNorm: {
    /** |grad L| over the circuit parameters. */
    readonly loss: number;
    /**
     * |grad <O>|, mean over the batch, of the observable the loss reads: the outputs' sum with weights whose sizes sum to 1.
     * Of single Pauli strings <O> is then between -1 and 1; a Pauli sum keeps its scale. Null when not asked for, and with
     * the two-point gradient.
     */
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
   * The mean signed rate, of one model at least, is below zero: the reversals outweigh descent in rate. With `nlr` and a
   * constant schedule, and only there, that is p_t > eta / (eta + eta'). The mean step may go downhill all the same, since
   * violations fall on smaller gradients.
   */
  readonly alarm: boolean;
  /** Where `fit` was asked to look whether the step went uphill. */
  readonly ascent?: Ascent;
}

/** The words of decisions, by their numbers. */
const DECISION_NAMES: DecisionName[] = [];
for (const [name, number] of Object.entries(DECISIONS)) DECISION_NAMES[number] = name as DecisionName;

/** What has a core that reports. */
export interface Reporting {
  /** The slots of the core's report, zero-copy. */
  readonly slots: Float64Array;
}

function sum(cores: readonly Reporting[], slot: Report): number {
  let total = 0;
  for (let i = 0; i < cores.length; i++) total += (cores[i] as Reporting).slots[slot] as number;
  return total;
}

function mean(cores: readonly Reporting[], slot: Report): number {
  return sum(cores, slot) / cores.length;
}

/** The mean over models of a sum over steps, by the step. */
function perStep(cores: readonly Reporting[], slot: Report): number {
  let total = 0;
  for (let i = 0; i < cores.length; i++) {
    const { slots } = cores[i] as Reporting;
    total += (slots[slot] as number) / (slots[Report.Step] || 1);
  }
  return total / cores.length;
}

function measured(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/** Steps that all have completed. */
export function stepsOf(cores: readonly Reporting[]): number {
  let steps = Number.POSITIVE_INFINITY;
  for (let i = 0; i < cores.length; i++)
    steps = Math.min(steps, (cores[i] as Reporting).slots[Report.Step] as number);
  return steps;
}

function decisionOf(cores: readonly Reporting[]): DecisionName {
  let decision = 0;
  for (let i = 0; decision === 0 && i < cores.length; i++)
    decision = (cores[i] as Reporting).slots[Report.Decision] as number;
  return DECISION_NAMES[decision] as DecisionName;
}

function isAlarm(cores: readonly Reporting[]): boolean {
  for (let i = 0; i < cores.length; i++)
    if (((cores[i] as Reporting).slots[Report.RateSum] as number) < 0) return true;
  return false;
}

/**
 * What the cores report of their latest step: of the models of a one-vs-rest classifier the mean, of counts the sum. Plain
 * numbers, read at once: that takes less time than anything that would read them when they are asked for.
 */
export function readReport(cores: readonly Reporting[]): StepReport {
  const loss = mean(cores, Report.Loss);
  const tentativeLoss = mean(cores, Report.TentativeLoss);
  return {
    step: stepsOf(cores),
    loss,
    tentativeLoss: measured(tentativeLoss),
    lossChange: measured(tentativeLoss - loss),
    lossChangeError: measured(mean(cores, Report.LossChangeError)),
    decision: decisionOf(cores),
    gradientNorm: {
      loss: mean(cores, Report.GradientNormLoss),
      observable: measured(mean(cores, Report.GradientNormObservable)),
    },
    violationRate: perStep(cores, Report.Violations),
    reversals: sum(cores, Report.Reversals),
    evaluations: sum(cores, Report.Evaluations),
    shots: sum(cores, Report.Shots),
    rate: mean(cores, Report.Rate),
    meanRate: perStep(cores, Report.RateSum),
    alarm: isAlarm(cores),
  };
}
