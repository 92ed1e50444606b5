/**
 * One training step: Algorithm 1 of the paper, lines 3 to 12. An update rule says what is next; this file has it
 * done and books the result. Rules that make no test take lines 4 to 6 alone.
 *
 *   1, 13   C(theta) over all data: feeds nothing; `momentsLoss` (model/data-set-loss.ts), or the host's `trainingLoss`
 *   2       for t = 1 ... T: the host calls `step_begin`
 *   3       a mini-batch at random: `beginStep`
 *   4, 5    L_t(theta) and its gradient: `Next.LossAndGradient`, and gradient.ts
 *   6       theta_temp = theta - eta g: rules/moves.ts
 *   7       L_t(theta_temp): `Next.TentativeLoss`
 *   8       Delta C, Eq. 8: rules/nlr.ts
 *   9 - 12  theta, by Eq. 9: rules/nlr.ts, and `finish`
 */
import { Decision, Option, Report, Status } from '../abi/codes';
import { Phase } from '../engines/contract';
import { beginEvaluation } from '../engines/evaluation';
import { calibrates, rememberedSamples } from '../memory/configuration';
import { integer } from '../memory/options';
import { at, clear } from '../memory/reals';
import { Buffer, Field, buffer, field, setBuffer, setField } from '../memory/registers';
import { addToReport, currentStep, report, reported, slot, traceLoss } from '../memory/report';
import { Sum, clearSums, mean, sum } from '../memory/sums';
import { Evaluation } from '../number/random';
import { PAPER_FAMILY, RIVAL_METHODS, SAMPLE_POOLS } from '../profile';
import { Next } from '../rules/contract';
import { nextOf } from '../rules/dispatch';
import { drawPool } from '../rules/residuals';
import { averageParameters } from './average';
import { drawBatch } from './batch';
import { beginGradient, beginPool, drawnGradient } from './gradient';

/** Line 3, where the core draws the mini-batch. */
export function beginStep(count: i32): void {
  const samples = integer(Option.Samples);
  if (RIVAL_METHODS && rememberedSamples() > 0) drawPool(samples, count);
  else if (samples > 0) drawBatch(samples, count);
}

/** The step's first tick: nothing is counted, summed or decided yet. */
export function startStep(): i32 {
  clear(slot(Report.StepEvaluations), slot(Report.StepShots + 1));
  // The observable's gradient lies behind the loss's.
  clear(buffer(Buffer.Gradient), at(buffer(Buffer.ObservableGradient), integer(Option.Parameters)));
  clearSums();
  if (calibrates() && currentStep() == 0) {
    addToReport(Report.StepEvaluations, 2);
    addToReport(Report.StepShots, 2 * integer(Option.CalibrationShots));
  }
  setField(Field.RuleStage, 0);
  setField(Field.TentativeLosses, 0);
  setField(Field.Moved, 0);
  setField(Field.Escaped, 0);
  return askRule();
}

/** Lines 4 to 12, as the rule wants them. */
export function askRule(): i32 {
  if (!isFinite<real>(mean(Sum.TentativeLoss))) return Status.Diverged;
  const stage = field(Field.RuleStage);
  const next = nextOf(stage);
  if (next == Next.Again) return Phase.Rule;
  if (next == Next.Diverged) return Status.Diverged;
  setField(Field.RuleStage, stage + 1);
  if (next == Next.LossAndGradient) return beginGradient();
  if (SAMPLE_POOLS && next == Next.PoolLoss) return beginPool();
  if (SAMPLE_POOLS && next == Next.DrawnGradient) return drawnGradient();
  if (next == Next.TentativeLoss) return tryParameters();
  return finish();
}

/** Line 7. Every tentative loss of a step has random streams of its own. */
function tryParameters(): Phase {
  const before = field(Field.TentativeLosses);
  setField(Field.TentativeLosses, before + 1);
  return beginEvaluation(
    Buffer.Tentative,
    Sum.TentativeLoss,
    before == 0 ? Evaluation.TentativeLoss : Evaluation.LaterLosses + before,
    false,
    Phase.Rule,
  );
}

/** Line 12 is through: books the step and reports it. */
function finish(): Phase {
  const loss = sum(Sum.Loss);
  const tested = field(Field.TentativeLosses) > 0;
  const tentative = tested ? mean(Sum.TentativeLoss) : <real>NaN;
  const decision = field(Field.Decision);
  traceLoss(loss);
  // Behind further tries, the first one counts.
  const rose = PAPER_FAMILY && field(Field.TentativeLosses) > 1 ? field(Field.Rose) != 0 : tentative > loss;
  if (rose) addToReport(Report.Violations, 1);
  if (decision == Decision.Reversed) addToReport(Report.Reversals, 1);
  // As the random streams count, whatever a host has written there.
  report(Report.Step, <f64>currentStep() + 1);
  addToReport(Report.Evaluations, reported(Report.StepEvaluations));
  addToReport(Report.Shots, reported(Report.StepShots));
  addToReport(Report.RateSum, sum(Sum.SignedRate));
  report(Report.Loss, loss);
  report(Report.TentativeLoss, tentative);
  report(Report.LossChangeError, tested ? sqrt<real>(sum(Sum.Variance)) : <real>NaN);
  report(Report.Decision, decision);
  report(Report.GradientNormLoss, sum(Sum.GradientNorm));
  report(Report.GradientNormObservable, sum(Sum.ObservableNorm));
  report(Report.Rate, sum(Sum.SignedRate));
  averageParameters();
  setBuffer(Buffer.Active, buffer(Buffer.Parameters));
  return Phase.Idle;
}
