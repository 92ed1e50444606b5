/**
 * The samples engine: two samples at a time run through the circuit side by side, each on the rows that it needs.
 *
 *   Encode -> Forward ... -> [Draw ...] -> Measure -> PullBack -> Backward ... -> the next pair
 *                                                  -> Prefix, Suffix, Superpose (parameter-shift.ts)
 *
 * Shape: two states of two samples, the second for the observable pulled back or for the prefix, a scratch one, and with
 * displaced angles the final state of the circuit itself.
 */
import { Status } from '../abi/codes';
import { clearState, copyState, encode, probabilities } from '../kernels/state';
import { probabilitiesWide } from '../kernels/wide';
import { batchFeatures, firstSample, secondSample } from '../memory/batch';
import { displacesAngles } from '../memory/configuration';
import { Buffer, Field, buffer, field, setField } from '../memory/registers';
import { isWide } from '../memory/shape';
import { TILED_STATES, TRAINS } from '../profile';
import { bindFeatures } from '../program/angles';
import { applyGate, applyReady, extendLive, readyGate } from '../program/gates';
import { applyObservable } from '../program/observable';
import { GateKind, gateKind, startsItsQubits } from '../program/operations';
import { advanceRun, readyRunEnvironment, retreatRun, runEnd, runFirst, runsGates } from '../program/runs';
import { Phase, worked } from './contract';
import { differentiateGate, readyEnvironment, weighSamples } from './environment';
import { isDifferentiated, isDrawn, nextPair } from './evaluation';
import { afterCircuit, drawPair, takeLosses } from './measurement';
import { displaceFirst, displacedTick, measureDisplaced } from './parameter-shift';
import { enterHead, hasHeadSums } from './pool';

export function samplesTick(phase: Phase): i32 {
  switch (phase) {
    case Phase.Encode:
      return encodePair();
    case Phase.Forward:
      return forward();
    case Phase.Draw:
      return draw();
    case Phase.Measure:
      return !TRAINS || field(Field.Shift) == 0 ? measureLosses() : measureDisplaced();
    // Behind the losses of a prediction is nothing.
    case Phase.PullBack:
      return TRAINS ? pullBack() : Phase.Idle;
    case Phase.Backward:
      return TRAINS ? backward() : Phase.Idle;
    default:
      return TRAINS ? displacedTick(phase) : Phase.Idle;
  }
}

function encodePair(): i32 {
  const features = batchFeatures(firstSample());
  const others = batchFeatures(secondSample());
  if (!encode(buffer(Buffer.State), features, others)) return Status.BadSample;
  bindFeatures(features, others);
  // The prefix of the displaced circuits starts here too.
  if (displacesAngles()) copyState(buffer(Buffer.Partner), buffer(Buffer.State));
  setField(Field.Shift, 0);
  setField(Field.LiveBits, field(Field.FeatureBits));
  return enterGate(0);
}

/** The gate to run next; behind the last one, the circuit is left. */
function enterGate(index: i32): Phase {
  setField(Field.Gate, index);
  if (index < field(Field.GateCount)) return Phase.Forward;
  const next = afterCircuit();
  return isDrawn() ? differentiate() : next;
}

function forward(): Phase {
  const index = field(Field.Gate);
  extendLive(index);
  if (TILED_STATES && runsGates(1)) {
    const end = runEnd(index);
    if (end > index) return enterGate(advanceRun(index, end, Buffer.State) ? end : index);
  }
  applyGate(index, Buffer.State);
  return enterGate(index + 1);
}

/** A few bitstrings, for terms that are measured together. */
function draw(): Phase {
  if (field(Field.Lane) == 0 && field(Field.ShotsTaken) == 0) {
    const scratch = buffer(Buffer.Scratch);
    if (isWide()) probabilitiesWide(buffer(Buffer.State), scratch);
    else probabilities(buffer(Buffer.State), scratch);
  }
  return drawPair();
}

function measureLosses(): i32 {
  const status = takeLosses();
  if (status != Status.Ok) return status;
  if (hasHeadSums()) return enterHead();
  return isDifferentiated() ? differentiate() : nextPair();
}

/** The derivatives of the current pair are next. */
function differentiate(): Phase {
  return displacesAngles() ? displaceFirst() : Phase.PullBack;
}

/** |lambda> = sum_k v_k O_k |psi>, with the weights of each sample. */
function pullBack(): Phase {
  weighSamples();
  clearState(buffer(Buffer.Partner));
  applyObservable(buffer(Buffer.Partner), buffer(Buffer.State), firstSample(), secondSample());
  setField(Field.Gate, field(Field.GateCount) - 1);
  return Phase.Backward;
}

/** One gate back: its environment, and the gate undone on both states. */
function backward(): Phase {
  const index = field(Field.Gate);
  worked(BACKWARD_WORK);
  if (TILED_STATES && runsGates(2)) {
    const first = runFirst(index);
    if (first <= index) return backwardRun(first, index);
  }
  if (readyEnvironment(index, buffer(Buffer.Partner))) differentiateGate(index, isWide());
  // Where nothing comes before on the same qubits, no environment still to be read would notice.
  if (!startsItsQubits(index)) {
    readyGate(index, true);
    applyReady(index, Buffer.State, true);
    applyReady(index, Buffer.Partner, true);
  }
  setField(Field.Gate, index - 1);
  return index == 0 ? nextPair() : Phase.Backward;
}

/** A part of a run of gates back. */
function backwardRun(first: i32, last: i32): Phase {
  if (!retreatRun(first, last + 1)) return Phase.Backward;
  for (let i = last; i >= first; i--) {
    readyRunEnvironment(first, i);
    if (gateKind(i) == GateKind.Unitary) differentiateGate(i, isWide());
  }
  setField(Field.Gate, first - 1);
  return first == 0 ? nextPair() : Phase.Backward;
}

/** Work of one gate backwards, in gates on a pair of samples. */
export const BACKWARD_WORK = 3;
