/**
 * An evaluation: one pass over the mini-batch, with which an update rule, a gradient source or a prediction gets a
 * loss. It is given by the parameters it reads, the sum its losses go to, the number of its random streams, whether
 * the gradient comes along, and the phase that follows. It ends in `afterBatch`.
 */
import { Report } from '../abi/codes';
import { advancePair, samplesInPair } from '../memory/batch';
import { callerMeasures, drawsSamples } from '../memory/configuration';
import { Buffer, Field, buffer, field, setBuffer, setField } from '../memory/registers';
import { addToReport, counted, report } from '../memory/report';
import { isBatchLaidOut } from '../memory/shape';
import { Sum, setSum, sum } from '../memory/sums';
import { Evaluation, PASS_BITS, Purpose, SCALE_BITS } from '../number/random';
import { COLUMN_ENGINES, EXACT_ANGLES, NOISE, SAMPLE_POOLS, TRAINS } from '../profile';
import { bindParameters } from '../program/angles';
import { Phase, worked } from './contract';

/**
 * Begins an evaluation. The step's first has `Evaluation.Loss`: laid-out engines lay the batch out for it, and the
 * later ones read the same samples. `Sum.Variance` is that of the loss at theta and of this one, to compare the two.
 * @returns its first phase
 */
export function beginEvaluation(
  parameters: Buffer,
  losses: Sum,
  number: i32,
  withGradient: bool,
  following: Phase,
): Phase {
  setBuffer(Buffer.Active, buffer(parameters));
  setField(Field.LossSum, losses);
  setSum(losses, 0);
  setSum(Sum.Variance, sum(Sum.LossVariance));
  setField(Field.Evaluation, number);
  setField(Field.WithGradient, <i32>withGradient);
  setField(Field.Following, following);
  setField(Field.BoundOperations, 0);
  if (!EXACT_ANGLES) setField(Field.AngleTooLarge, 0);
  return Phase.Bind;
}

/**
 * Binds a few angles, or in the larger modules as many as the allowance has room for; where the caller measures, its
 * own. Behind the last, the engine takes over.
 */
export function bind(): Phase {
  if (!callerMeasures()) {
    let bound = field(Field.BoundOperations);
    let work = 0;
    do {
      bound = bindParameters(bound);
      work++;
    } while (COLUMN_ENGINES && bound < field(Field.ActiveOperations) && work < field(Field.Allowance));
    if (COLUMN_ENGINES) worked(work);
    setField(Field.BoundOperations, bound);
    if (bound < field(Field.ActiveOperations)) return Phase.Bind;
  }
  setField(Field.Pair, 0);
  setField(Field.Shift, 0);
  return isBatchLaidOut() && field(Field.Evaluation) != Evaluation.Loss ? launchFirst() : Phase.Encode;
}

/** A laid-out engine's first term, or all columns, is next. */
export function launchFirst(): Phase {
  setField(Field.Term, 0);
  return Phase.Launch;
}

/** Begins the pass over the samples drawn of a pool, for their derivatives alone. @returns its first phase */
export function beginDrawn(count: i32, following: Phase): Phase {
  setField(Field.Count, count);
  setField(Field.WithGradient, 1);
  setField(Field.Following, following);
  setField(Field.Pair, 0);
  setField(Field.Shift, 0);
  return field(Field.GateCount) > 0 ? Phase.Encode : following;
}

/** Whether such a pass is under way: what a circuit ends in is not measured. */
export function isDrawn(): bool {
  return SAMPLE_POOLS && field(Field.IsDrawn) != 0;
}

/** Whether this is a prediction, not part of a step. */
export function isPrediction(): bool {
  return !TRAINS || field(Field.Purpose) == Purpose.Predict;
}

/** Whether the pass under way takes the losses of a pool. */
export function isPooled(): bool {
  return drawsSamples() && !isPrediction();
}

/** Whether derivatives follow the loss: where the circuit has any gate. */
export function isDifferentiated(): bool {
  return TRAINS && field(Field.WithGradient) != 0 && field(Field.GateCount) != 0;
}

/** The current pair is done: the next one, or the end of the pass. */
export function nextPair(): Phase {
  return advancePair() ? Phase.Encode : afterBatch();
}

/** The pass is through. */
export function afterBatch(): Phase {
  // Named, not divided: the bits of a computed not-a-number differ between engines.
  if (isPrediction()) {
    report(Report.EvaluatedLoss, sum(Sum.Labelled) > 0 ? sum(Sum.Loss) / sum(Sum.Labelled) : NaN);
  }
  if (field(Field.LossSum) == Sum.Loss) setSum(Sum.LossVariance, sum(Sum.Variance));
  return field(Field.Following);
}

/** Which circuit of the step is the current one: it numbers the random streams. */
export function circuitNumber(): u32 {
  const shift = field(Field.Shift);
  const folded = NOISE ? (field(Field.Scale) << SCALE_BITS) | (field(Field.DisplacedPass) << PASS_BITS) : 0;
  if (shift == 0) return field(Field.Evaluation) | folded;
  return (Evaluation.Displaced + 2 * field(Field.DisplacedOperation) + shift - 1) | folded;
}

/** Which step or prediction it belongs to. */
export function stepNumber(): u32 {
  return counted(isPrediction() ? Report.Predictions : Report.Step);
}

/** Counts the circuits and shots of one circuit for the current pair; booked when the step is done. */
export function countCircuits(): void {
  const shots = field(Field.Shots);
  const circuits = <f64>(samplesInPair() * (shots > 0 ? field(Field.MeasurementBases) : 1));
  addToReport(Report.StepEvaluations, circuits);
  addToReport(Report.StepShots, circuits * shots);
}
