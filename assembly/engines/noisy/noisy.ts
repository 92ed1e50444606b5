/**
 * The noisy engine: circuits with channels, exactly. Two samples at a time go forward as Pauli vectors, which are read
 * wherever the model measures; for the gradient the observable that the loss reads goes back through the circuit, gate
 * by gate and channel by channel, and meets the states of the way forward at every angle. They are kept for it: a
 * channel cannot be undone.
 *
 *   Encode -> Forward ... -> [Draw ...] -> Measure -> PullBack -> Backward [-> Replay ...] ... -> the next pair
 *                                                  -> Prefix, Suffix (displaced.ts)
 *
 * Nothing is fused: channels belong to the operations of the table as they stand. Shape: a vector of two samples for the
 * state, one for the observable or the prefix, rows for probabilities and counts, and the vectors that are kept.
 */
import { Status } from '../../abi/codes';
import { encode } from '../../kernels/state';
import {
  clearVector,
  copyVector,
  rowProbabilities,
  stringAt,
  vectorOfAmplitudes,
} from '../../kernels/pauli-pairs';
import { slopeOfScale } from '../../measure/extrapolation';
import { batchFeatures, firstSample, outputsRow, samplesInPair, secondSample } from '../../memory/batch';
import { calibrates, displacesAngles, extrapolates, pullsBack } from '../../memory/configuration';
import { REAL, get } from '../../memory/reals';
import { Buffer, ENVIRONMENT, Field, buffer, field, setField } from '../../memory/registers';
import { bindFeatures } from '../../program/angles';
import { term, termOutput, termScale, termX, termZ } from '../../program/observable';
import { isTrainable, operation } from '../../program/operations';
import { Phase, worked } from '../contract';
import { accumulate, weighSamples } from '../environment';
import { isDifferentiated, isDrawn } from '../evaluation';
import { drawPair, takeLosses } from '../measurement';
import { enterHead, hasHeadSums } from '../pool';
import { displaceFirst, displacedTick, measureDisplaced } from './displaced';
import { drawCalibrated, endCircuit, invertReadout } from './calibrated';
import { measureScale, nextDerivatives, nextNoisyPair } from './scales';
import { isReplayed, keepState, keptState, lastSegment, replayStart, segmentOf } from './kept';
import { Displaced, runOperation, operationWork, slopeOfOperation } from './operations';
import { isUndone, walkLength, walkOperation } from './walk';

export function noisyTick(phase: Phase): i32 {
  switch (phase) {
    case Phase.Encode:
      return encodePair();
    case Phase.Forward:
      return forward();
    case Phase.Draw:
      return draw();
    case Phase.Measure:
      return field(Field.Shift) == 0 ? measureLosses() : measureDisplaced();
    case Phase.PullBack:
      return pullBack();
    case Phase.Backward:
      return backward();
    case Phase.Replay:
      return replay();
    default:
      return displacedTick(phase);
  }
}

function encodePair(): i32 {
  const features = batchFeatures(firstSample());
  const others = batchFeatures(secondSample());
  const sites = <u32>field(Field.RowBits);
  worked(2 * operationWork());
  const amplitudes = buffer(Buffer.Partner);
  if (!encode(amplitudes, features, others)) return Status.BadSample;
  vectorOfAmplitudes(buffer(Buffer.State), amplitudes, sites, buffer(Buffer.Scratch));
  bindFeatures(features, others);
  if (displacesAngles()) copyVector(buffer(Buffer.Partner), buffer(Buffer.State), sites);
  setField(Field.Shift, 0);
  setField(Field.PassedAngles, 0);
  return enterPosition(0);
}

/** The operation to run next; behind the last one, the circuit is left. */
function enterPosition(position: i32): Phase {
  setField(Field.Gate, position);
  if (position < walkLength()) return Phase.Forward;
  const next = endCircuit();
  return isDrawn() || field(Field.ScaleDerived) != 0 ? differentiate() : next;
}

/** Whether states are kept for the way back. */
function isKept(position: i32): bool {
  return pullsBack() && isDifferentiated() && isTrainable(operation(walkOperation(position)));
}

function forward(): Phase {
  const position = field(Field.Gate);
  const kept = isKept(position);
  const angle = field(Field.PassedAngles);
  worked(operationWork());
  if (kept) keepState(angle, false);
  runOperation(position, buffer(Buffer.State), Displaced.Not, false);
  if (kept) {
    keepState(angle, true);
    setField(Field.PassedAngles, angle + 1);
  }
  return enterPosition(position + 1);
}

/** A few bitstrings, for terms that are measured together. */
function draw(): Phase {
  if (calibrates()) return drawCalibrated();
  if (field(Field.Lane) == 0 && field(Field.ShotsTaken) == 0)
    rowProbabilities(buffer(Buffer.State), field(Field.RowBits), buffer(Buffer.Scratch));
  return drawPair();
}

function measureLosses(): i32 {
  if (extrapolates() && measureScale()) return Phase.Encode;
  const status = takeLosses();
  if (status != Status.Ok) return status;
  if (hasHeadSums()) return enterHead();
  return isDifferentiated() ? differentiate() : nextNoisyPair();
}

/** The derivatives of the current pair are next: at the scale that has just run. */
function differentiate(): Phase {
  return displacesAngles() ? displaceFirst() : Phase.PullBack;
}

/** sum_k v_k O_k as a vector, with the weights of each sample. */
function pullBack(): Phase {
  weighSamples();
  const observable = buffer(Buffer.Partner);
  worked(operationWork());
  clearVector(observable, field(Field.RowBits));
  const count = field(Field.TermCount);
  const level = field(Field.Scale);
  for (let t = 0; t < count; t++) {
    const record = term(t);
    const at = stringAt(observable, termX(record), termZ(record));
    const output = termOutput(record);
    const scale = termScale(record);
    const first =
      scale * slopeOfScale(level, 0, output) * get(outputsRow(Buffer.OutputWeights, firstSample()), output);
    const second =
      scale * slopeOfScale(level, 1, output) * get(outputsRow(Buffer.OutputWeights, secondSample()), output);
    store<real>(at, load<real>(at) + first);
    store<real>(at, load<real>(at, REAL) + second, REAL);
  }
  invertReadout(observable, true);
  setField(Field.Gate, walkLength() - 1);
  setField(Field.KeptSegment, lastSegment());
  return Phase.Backward;
}

/** One operation back: the derivative by its angle, and the observable pulled through it. */
function backward(): Phase {
  const position = field(Field.Gate);
  const index = walkOperation(position);
  const observable = buffer(Buffer.Partner);
  const record = operation(index);
  const undone = isUndone(position);
  worked(operationWork());
  if (isTrainable(record)) {
    const angle = field(Field.PassedAngles) - 1;
    if (segmentOf(angle) != field(Field.KeptSegment)) {
      replayStart(angle, position);
      return Phase.Replay;
    }
    setField(Field.PassedAngles, angle);
    slopeOfOperation(index, observable, keptState(angle));
    for (let lane = 0; lane < samplesInPair(); lane++) {
      const slope = get(ENVIRONMENT, lane);
      accumulate(record, undone ? -slope : slope, lane);
    }
    // Nothing before the first angle has one.
    if (angle == 0) return nextDerivatives();
  }
  runOperation(position, observable, Displaced.Not, true);
  setField(Field.Gate, position - 1);
  return position == 0 ? nextDerivatives() : Phase.Backward;
}

/** One operation forward again, from the state that a segment begins with, up to the operation that waits for it. */
function replay(): Phase {
  const position = field(Field.ReplayPosition);
  const index = walkOperation(position);
  worked(operationWork());
  runOperation(position, buffer(Buffer.State), Displaced.Not, false);
  if (isTrainable(operation(index))) {
    const angle = field(Field.ReplayAngle);
    keepState(angle, true);
    setField(Field.ReplayAngle, angle + 1);
  }
  setField(Field.ReplayPosition, position + 1);
  return isReplayed(position) ? Phase.Backward : Phase.Replay;
}
