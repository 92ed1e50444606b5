/**
 * The losses of a laid-out mini-batch. Where the model is a bare expectation that is measured exactly, all pairs go
 * through one loop, as many at a time as the allowance has room for; everything else goes pair by pair.
 */
import { Option, Report, Status } from '../abi/codes';
import { bareLoss } from '../loss/loss';
import { measurementWork } from '../measure/shots';
import { advancePair, batchLabel, batchWeight, isWeight } from '../memory/batch';
import { drawsSamples, measuresSpread, readsJacobian } from '../memory/configuration';
import { integer } from '../memory/options';
import { get, put } from '../memory/reals';
import { Buffer, EXPECTATION, Field, buffer, field, setField } from '../memory/registers';
import { addToReport } from '../memory/report';
import { addToSum } from '../memory/sums';
import { readoutFactor, term, termCoefficient, termWeight } from '../program/observable';
import { packedForm, quadraticForm } from './columns/forms';
import { packMatrix, termMatrix } from './columns/layout';
import { Phase, worked } from './contract';
import { isPrediction } from './evaluation';
import { enterMeasurement, takeLosses } from './measurement';
import { enterHead, hasHeadSums } from './pool';
import { isPacked } from './shape';

/**
 * Takes the losses of the current pair of samples, or of more.
 * @returns the phase in which the rest of the batch is measured, `Phase.Idle` when nothing is left; BadLabel, BadWeight
 */
export function takeBatch(): i32 {
  if (isBare()) return takeBareLosses();
  const status = takeLosses();
  if (status != Status.Ok) return status;
  if (hasHeadSums()) return enterHead();
  return advancePair() ? enterMeasurement() : Phase.Idle;
}

/** Whether the model's output is one expectation, exact, of a training step. */
function isBare(): bool {
  return (
    !isPrediction() &&
    !drawsSamples() &&
    !measuresSpread() &&
    !readsJacobian() &&
    field(Field.Shots) == 0 &&
    integer(Option.Logits) == 0 &&
    integer(Option.Outputs) == 1
  );
}

function takeBareLosses(): i32 {
  const count = field(Field.Count);
  const pairs = (count + 1) >> 1;
  const from = field(Field.Pair);
  const each = measurementWork();
  const end = min(from + max(field(Field.Allowance) / each, 1), pairs);
  worked((end - from) * each);
  const last = min(2 * end, count);
  takeExpectations(2 * from, last);
  addToReport(Report.StepEvaluations, last - 2 * from);
  const share = <real>1 / <real>count;
  const outputs = buffer(Buffer.Outputs);
  const losses = field(Field.LossSum);
  for (let sample = 2 * from; sample < last; sample++) {
    const label = batchLabel(sample);
    if (<u32>label > 1) return Status.BadLabel;
    const weight = batchWeight(sample);
    if (!isWeight(weight)) return Status.BadWeight;
    addToSum(losses, weight * bareLoss(sample, get(outputs, sample), label, weight * share));
  }
  setField(Field.Pair, min(end, pairs - 1));
  return end < pairs ? Phase.Measure : Phase.Idle;
}

/** The one output's expectation for samples [from, end), into their outputs. */
function takeExpectations(from: i32, end: i32): void {
  const outputs = buffer(Buffer.Outputs);
  const terms = field(Field.TermCount);
  const packed = isPacked();
  for (let t = 0; t < terms; t++) {
    const record = term(t);
    const weight = termWeight(record);
    const factor = readoutFactor(weight);
    const coefficient = termCoefficient(record);
    if (packed) packMatrix(buffer(Buffer.Mixture), termMatrix(t));
    for (let sample = from; sample < end; sample++) {
      const lane = sample & 1;
      if (weight > 0 && lane == 0) {
        if (packed) packedForm(buffer(Buffer.Mixture), sample >> 1, EXPECTATION);
        else quadraticForm(t, sample >> 1, EXPECTATION);
      }
      const value: real = weight > 0 ? get(EXPECTATION, lane) * factor : 1;
      const before: real = t == 0 ? 0 : get(outputs, sample);
      put(outputs, sample, before + coefficient * value);
    }
  }
  if (terms == 0) for (let sample = from; sample < end; sample++) put(outputs, sample, 0);
}
