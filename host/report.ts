/** What a training step reports. */
import { REPORT_COUNT, Report } from '../assembly/status.ts';
import type { Core } from './core.ts';

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
  readonly decision: 'descended' | 'reversed' | 'halved';
  readonly gradientNorm: {
    /** |grad L| over the circuit parameters. */
    readonly loss: number;
    /** |grad <O>|, mean over the batch, of the observable the loss reads, scaled to norm 1 at most. */
    readonly observable: number;
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
  /** The mean signed rate is below zero, p_t > eta / (eta + eta'): the reversals turn the mean step into ascent. */
  readonly alarm: boolean;
}

const DECISIONS = ['descended', 'reversed', 'halved'] as const;

/** Reads the core's report of the latest step. */
export function readReport(core: Core): StepReport {
  const slots = core.doubles(core.abi.report_ptr(), REPORT_COUNT);
  const at = (slot: Report) => slots[slot] as number;
  const measured = (value: number) => (Number.isNaN(value) ? null : value);
  const step = at(Report.Step);
  return {
    step,
    loss: at(Report.Loss),
    tentativeLoss: measured(at(Report.TentativeLoss)),
    lossChange: measured(at(Report.TentativeLoss) - at(Report.Loss)),
    lossChangeError: measured(at(Report.LossChangeError)),
    decision: DECISIONS[at(Report.Decision)] ?? 'descended',
    gradientNorm: { loss: at(Report.GradientNormLoss), observable: at(Report.GradientNormObservable) },
    violationRate: step > 0 ? at(Report.Violations) / step : 0,
    reversals: at(Report.Reversals),
    evaluations: at(Report.Evaluations),
    shots: at(Report.Shots),
    rate: at(Report.Rate),
    meanRate: step > 0 ? at(Report.RateSum) / step : 0,
    alarm: at(Report.RateSum) < 0,
  };
}

/** The mean and the sums over the members of a one-vs-rest model. */
export function mergeReports(reports: readonly StepReport[]): StepReport {
  const [first] = reports;
  if (first === undefined) throw new RangeError('no reports to merge');
  if (reports.length === 1) return first;
  const mean = (pick: (report: StepReport) => number) =>
    reports.reduce((sum, r) => sum + pick(r), 0) / reports.length;
  const sum = (pick: (report: StepReport) => number) => reports.reduce((total, r) => total + pick(r), 0);
  const meanOrNull = (pick: (report: StepReport) => number | null) =>
    pick(first) === null ? null : mean((report) => pick(report) ?? 0);
  return {
    step: first.step,
    loss: mean((r) => r.loss),
    tentativeLoss: meanOrNull((r) => r.tentativeLoss),
    lossChange: meanOrNull((r) => r.lossChange),
    lossChangeError: meanOrNull((r) => r.lossChangeError),
    decision: reports.find((r) => r.decision !== 'descended')?.decision ?? 'descended',
    gradientNorm: {
      loss: mean((r) => r.gradientNorm.loss),
      observable: mean((r) => r.gradientNorm.observable),
    },
    violationRate: mean((r) => r.violationRate),
    reversals: sum((r) => r.reversals),
    evaluations: sum((r) => r.evaluations),
    shots: sum((r) => r.shots),
    rate: mean((r) => r.rate),
    meanRate: mean((r) => r.meanRate),
    alarm: reports.some((r) => r.alarm),
  };
}
