/**
 * The machine: steps and predictions as one resumable series of ticks, and the only file that sets the phase. It runs
 * until its allowance of work is spent. One unit of work is one gate applied to one pair of samples, or a slice of one
 * to all columns (kernels/slices.ts). One tick is never cut: a gate or four on a pair of samples, a kernel's slice on
 * the columns, a measurement, a few shots, or a few parameters of an update. Slicing changes no bit, because every
 * tick reads and writes only the arena.
 */
import { MAX_SHOTS, Option, Report, Status } from '../abi/codes';
import { callerTick } from '../engines/caller/caller';
import { nextQuestion } from '../engines/caller/questions';
import { columnsTick } from '../engines/columns/columns';
import { Phase } from '../engines/contract';
import { beginEvaluation, bind, isPrediction, launchFirst } from '../engines/evaluation';
import { heisenbergTick } from '../engines/heisenberg/heisenberg';
import { noisyTick } from '../engines/noisy/noisy';
import { headTick } from '../engines/pool';
import { samplesTick } from '../engines/samples';
import { trajectoriesTick } from '../engines/trajectories/trajectories';
import { isLossUnknown } from '../memory/batch';
import { callerMeasures } from '../memory/configuration';
import { unready } from '../memory/map';
import { integer } from '../memory/options';
import { Field, Stage, field, setField } from '../memory/registers';
import { addToReport, startProgress } from '../memory/report';
import { isBatchLaidOut, isHeisenberg, isMixed, isTrajectory } from '../memory/shape';
import { Sum, clearSums } from '../memory/sums';
import { Purpose } from '../number/random';
import {
  CALLER_MEASURES,
  COLUMN_ENGINES,
  EFFECTIVE_FORM,
  HEISENBERG_ENGINE,
  NOISE,
  RIVAL_METHODS,
  SAMPLE_POOLS,
  TRAINS,
} from '../profile';
import { drawParameters } from '../program/initialise';
import { forgetShares } from '../rules/residuals';
import { answering } from './average';
import { gradientTick } from './gradient';
import { askRule, beginStep, startStep } from './step';

/**
 * Draws the initial parameters and forgets all progress.
 * @returns NotReady before `compile`, Busy during a step
 */
export function initialiseParameters(): i32 {
  const status = unready();
  if (status != Status.Ok) return status;
  drawParameters();
  startProgress();
  return Status.Ok;
}

/** Whether a mini-batch can have so many samples: 1 ... B. */
function isBatch(count: i32): bool {
  return <u32>(count - 1) < <u32>integer(Option.Batch);
}

/** Sets the machine to the start of a run over `count` samples. */
function begin(purpose: Purpose, count: i32, shots: i32): void {
  setField(Field.Purpose, purpose);
  setField(Field.Count, count);
  setField(Field.Shots, shots);
  // A step given up may have left off in the middle of something.
  if (EFFECTIVE_FORM) setField(Field.Effective, 0);
  if (CALLER_MEASURES) setField(Field.QuestionOpen, 0);
  if (SAMPLE_POOLS) setField(Field.IsDrawn, 0);
  if (COLUMN_ENGINES) setField(Field.NextSlice, 0);
  if (COLUMN_ENGINES) setField(Field.Kernel, 0);
  if (HEISENBERG_ENGINE) setField(Field.LanePair, 0);
  if (NOISE) {
    setField(Field.ReplayEnd, 0);
    setField(Field.Scale, 0);
    setField(Field.ScaleDerived, 0);
  }
  setField(Field.Phase, Phase.Start);
}

/**
 * Begins a step on a mini-batch of `count` samples (1 ... B), or begins the one under way again. With
 * `Samples` set, the indices buffer then says which samples of the training set to put into the
 * features and labels buffers, in that order; otherwise the choice is the caller's. Leave both alone
 * until the step is done: the tentative loss reads them again.
 * @returns NotReady before `compile`, BadIndex, BadCombination with `Targets` or `Weights` in a build without them
 */
export function stepBegin(count: i32): i32 {
  if (field(Field.Stage) != Stage.Compiled) return Status.NotReady;
  if (!isBatch(count)) return Status.BadIndex;
  if (isLossUnknown()) return Status.BadCombination;
  beginStep(count);
  begin(Purpose.Train, count, integer(Option.Shots));
  return Status.Ok;
}

/** Gives up the step under way, if any: parameters and progress stay as before it. */
export function stepAbandon(): void {
  setField(Field.Phase, Phase.Idle);
}

/**
 * Goes on with the step, or with a prediction that asked, until it is done or at least `maxWork` gate
 * applications are spent, at least one tick.
 * @returns Ok when the step is done, More when it is not, NotReady when none is under way; Asked when the caller
 *   is to `tell` counts, BadCounts when those told do not sum to the shots: the same question is open again;
 *   BadSample, BadLabel or Diverged when the step had to be given up: parameters and totals are then as before it.
 */
export function stepAdvance(maxWork: i32): i32 {
  return unready() == Status.Busy ? run(maxWork) : Status.NotReady;
}

/** Whether there is nothing but outcomes: of a caller, or of trajectories. */
function countsOutcomes(): bool {
  return callerMeasures() || isTrajectory();
}

/**
 * Begins a prediction, which `stepAdvance` goes on with: model outputs of the first `count` samples in the
 * features buffer, into the outputs buffer, from `shots` shots per circuit (0: exact), and the mean loss over
 * labels that are not negative into `Report.EvaluatedLoss` (not-a-number without any). Outputs are not-a-number
 * where the state is.
 * @returns NotReady, Busy, BadIndex, BadOption (shots, or none where the caller measures, or with trajectories)
 */
export function predictBegin(count: i32, shots: i32): i32 {
  const unfit = unready();
  if (unfit != Status.Ok) return unfit;
  if (!isBatch(count)) return Status.BadIndex;
  if (<u32>shots > <u32>MAX_SHOTS || (countsOutcomes() && shots == 0)) return Status.BadOption;
  begin(Purpose.Predict, count, shots);
  if (RIVAL_METHODS) forgetShares(count);
  addToReport(Report.Predictions, 1);
  return Status.Ok;
}

/**
 * A whole prediction at once.
 * @returns as `predictBegin`, or BadSample, BadLabel; Asked where the caller measures, More beyond 2^31 units of
 *   work: then go on with `stepAdvance`
 */
export function predict(count: i32, shots: i32): i32 {
  const status = predictBegin(count, shots);
  return status == Status.Ok ? run(i32.MAX_VALUE) : status;
}

/**
 * Computes the term matrices over the columns for the parameters as they are, without any sample.
 * @returns NotReady, Busy, or BadCombination without a laid-out engine
 */
export function measureTerms(): i32 {
  const unfit = unready();
  if (unfit != Status.Ok) return unfit;
  if (!isBatchLaidOut()) return Status.BadCombination;
  begin(Purpose.Predict, 1, 0);
  do setField(Field.Phase, tick());
  while (field(Field.Phase) != Phase.Encode);
  setField(Field.Phase, launchFirst());
  do setField(Field.Phase, tick());
  while (field(Field.Phase) != Phase.Measure);
  setField(Field.Phase, Phase.Idle);
  return Status.Ok;
}

function run(maxWork: i32): i32 {
  let work: u32 = 0;
  do {
    if (callerMeasures() && field(Field.QuestionOpen) != 0) {
      const status = nextQuestion();
      if (status != Status.Ok) return status;
      setField(Field.Phase, Phase.Measure);
    }
    if (COLUMN_ENGINES) setField(Field.Allowance, maxWork - work);
    setField(Field.Work, 1);
    const next = tick();
    setField(Field.Phase, max<i32>(next, Phase.Idle));
    if (next < 0) return next;
    if (next == Phase.Idle) return Status.Ok;
    work += field(Field.Work);
  } while (maxWork > 0 && work < <u32>maxWork);
  return Status.More;
}

/** One tick. @returns the next phase, or a negative status */
function tick(): i32 {
  const phase = field(Field.Phase);
  switch (phase) {
    case Phase.Start:
      return isPrediction() ? startPrediction() : startStep();
    case Phase.Rule:
      return TRAINS ? askRule() : Phase.Idle;
    case Phase.Gradient:
      return TRAINS ? gradientTick() : Phase.Idle;
    case Phase.Head:
      return TRAINS ? headTick() : Phase.Idle;
    case Phase.Bind:
      return bind();
    default:
      if (isMixed()) return noisyTick(phase);
      if (isTrajectory()) return trajectoriesTick(phase);
      if (isHeisenberg()) return heisenbergTick(phase);
      if (isBatchLaidOut()) return columnsTick(phase);
      return callerMeasures() ? callerTick(phase) : samplesTick(phase);
  }
}

function startPrediction(): Phase {
  clearSums();
  return beginEvaluation(answering(), Sum.Loss, 0, false, Phase.Idle);
}
