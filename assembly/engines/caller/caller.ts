/**
 * The caller as the engine: circuits run on a quantum processor, or whatever answers for one. The step goes on as
 * ever; where a circuit would be measured, questions stand until their counts are told (questions.ts).
 *
 *   Encode -> Draw: questions ... -> Measure -> the next pair
 *                                            -> Prefix (parameter-shift.ts)
 *
 * Shape: the counts of all outcomes of two samples, and no state.
 */
import { Encoding, Option, Status } from '../../abi/codes';
import { isEncodable } from '../../kernels/state';
import { batchFeatures, firstSample, secondSample } from '../../memory/batch';
import { integer } from '../../memory/options';
import { sumOfSquares } from '../../memory/reals';
import { Field, field, setField } from '../../memory/registers';
import { Phase } from '../contract';
import { circuitNumber, isDifferentiated, isDrawn, nextPair } from '../evaluation';
import { enterMeasurement, takeLosses } from '../measurement';
import { displaceFirst, displacedTick, measureDisplaced } from '../parameter-shift';
import { enterHead, hasHeadSums } from '../pool';
import { askFirst } from './questions';

export function callerTick(phase: Phase): i32 {
  switch (phase) {
    case Phase.Encode:
      return lookAtPair();
    case Phase.Draw:
      // Behind the last answer, the machine goes on to the measurement.
      return askFirst(circuitNumber()) ? Phase.Draw : Phase.Measure;
    case Phase.Measure:
      return field(Field.Shift) == 0 ? measureLosses() : measureDisplaced();
    default:
      return displacedTick(phase);
  }
}

/** Whether a sample can be a start state; where its features drive angles, they are the caller's business. */
function isAskable(sample: i32): bool {
  if (integer(Option.Encoding) == Encoding.Zero) return true;
  return isEncodable(sumOfSquares(batchFeatures(sample), integer(Option.Features)));
}

function lookAtPair(): i32 {
  if (!isAskable(firstSample()) || !isAskable(secondSample())) return Status.BadSample;
  setField(Field.Shift, 0);
  return isDrawn() ? displaceFirst() : enterMeasurement();
}

function measureLosses(): i32 {
  const status = takeLosses();
  if (status != Status.Ok) return status;
  if (hasHeadSums()) return enterHead();
  return isDifferentiated() ? displaceFirst() : nextPair();
}
