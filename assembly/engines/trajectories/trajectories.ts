/**
 * The trajectories engine: circuits with channels, shot by shot. Two samples at a time run through the circuit as pure
 * states; at every channel each draws one of its Kraus operators, with the probability that it has there, and behind the
 * circuit its outcome: an exact draw of what the processor would give, in the memory of pure states (Dalibard, Castin and
 * Molmer, PRL 68, 580). Terms that are not measured together have shots of their own.
 *
 *   Encode -> Forward ... -> Draw -> Forward ... (the next shot) -> Measure -> the next pair
 *                                                                          -> displaced circuits, each from its start
 *
 * Shape: the state, a scratch one, the state that all shots start from, and the counts of all outcomes.
 */
import { Option, Status } from '../../abi/codes';
import { copyState, encode } from '../../kernels/state';
import { takeCalibrated } from '../../measure/calibration';
import { scaleBySlopes } from '../../measure/extrapolation';
import { forgetCounts } from '../../measure/counts';
import { batchFeatures, firstSample, secondSample } from '../../memory/batch';
import { calibrates, extrapolates } from '../../memory/configuration';
import { integer } from '../../memory/options';
import { PAIR, get, put } from '../../memory/reals';
import { Buffer, Field, GATE_COEFFICIENTS, buffer, field, setField } from '../../memory/registers';
import { shotsOfAngle } from '../../program/allotment';
import { bindFeatures } from '../../program/angles';
import { isMovedBy } from '../../program/blocks';
import { isChannel } from '../../program/channels';
import { applyReady, readyGate } from '../../program/gates';
import { setShotSum, term, termWeight } from '../../program/observable';
import { operation, operationKind } from '../../program/operations';
import { Phase, worked } from '../contract';
import { weighSamples } from '../environment';
import { countCircuits, isDifferentiated, isDrawn } from '../evaluation';
import { measurePair, takeLosses } from '../measurement';
import { measureScale, nextDerivatives, nextNoisyPair } from '../noisy/scales';
import { isUndone, lastPass, passOf, walkLength, walkOperation } from '../noisy/walk';
import { takeDisplaced } from '../parameter-shift';
import { enterHead, hasHeadSums } from '../pool';
import { applyDrawn } from './channels';
import { takeOutcome } from './outcomes';

export function trajectoriesTick(phase: Phase): i32 {
  switch (phase) {
    case Phase.Encode:
      return encodePair();
    case Phase.Forward:
      return forward();
    case Phase.Draw:
      return draw();
    default:
      return field(Field.Shift) == 0 ? measureLosses() : measureDisplaced();
  }
}

function encodePair(): i32 {
  const features = batchFeatures(firstSample());
  const others = batchFeatures(secondSample());
  if (!encode(buffer(Buffer.Kept), features, others)) return Status.BadSample;
  bindFeatures(features, others);
  setField(Field.Shift, 0);
  setField(Field.LiveBits, field(Field.RowBits));
  return isDrawn() || field(Field.ScaleDerived) != 0 ? displaceFirst() : enterCircuit();
}

/** The first shot of a circuit is next, with nothing counted; where nothing is to be measured, the measurement. */
function enterCircuit(): Phase {
  for (let lane = 0; lane < 2; lane++) {
    for (let t = field(Field.TermCount) - 1; t >= 0; t--) setShotSum(term(t), lane, 0);
  }
  return enterTerm(0);
}

/** The first shot of a term, or of a later one that is not constant; of terms measured together that is the first. */
function enterTerm(index: i32): Phase {
  while (index < field(Field.TermCount) && termWeight(term(index)) == 0) index++;
  setField(Field.Term, index);
  setField(Field.ShotsTaken, 0);
  if (field(Field.JointShots) != 0 || calibrates()) for (let lane = 0; lane < 2; lane++) forgetCounts(lane);
  return index < field(Field.TermCount) ? enterShot() : Phase.Measure;
}

/** The next shot starts where all do. */
function enterShot(): Phase {
  copyState(buffer(Buffer.State), buffer(Buffer.Kept));
  setField(Field.Gate, 0);
  return walkLength() > 0 ? Phase.Forward : Phase.Draw;
}

/** Operations of one shot, as many as the allowance has room for. */
function forward(): Phase {
  const length = walkLength();
  let position = field(Field.Gate);
  let work = 0;
  do {
    run(position);
    position++;
    work++;
  } while (position < length && work < field(Field.Allowance));
  worked(work);
  setField(Field.Gate, position);
  return position < length ? Phase.Forward : Phase.Draw;
}

/** The operation at a position of the way, on both samples. */
function run(position: i32): void {
  const index = walkOperation(position);
  if (isChannel(operationKind(operation(index)))) {
    applyDrawn(index, passOf(position));
    return;
  }
  const undone = isUndone(position);
  readyGate(index, false);
  if (field(Field.Shift) != 0 && position == field(Field.DisplacedPosition)) displaceReady();
  if (undone) for (let i = 2; i < 8; i++) put(GATE_COEFFICIENTS, i, -get(GATE_COEFFICIENTS, i));
  applyReady(index, Buffer.State, undone);
}

/** The angle of the rotation that is ready by +pi/2 or -pi/2, half of it by half of that. */
function displaceReady(): void {
  const side: real = field(Field.Shift) == 1 ? 1 : -1;
  const kind = operationKind(operation(field(Field.DisplacedOperation)));
  // A rotation of one qubit has the sine at its axis, one of two right behind the cosine.
  const sine = GATE_COEFFICIENTS + PAIR * <usize>(kind < 3 ? 1 + kind : 1);
  for (let lane = 0; lane < 2; lane++) {
    const c = get(GATE_COEFFICIENTS, lane);
    const s = get(sine, lane);
    put(GATE_COEFFICIENTS, lane, HALF_ROOT_2 * (c - side * s));
    put(sine, lane, HALF_ROOT_2 * (s + side * c));
  }
}

const HALF_ROOT_2: real = <real>0.7071067811865476;

/** The outcome of a shot; then the next shot, or those of the next term, or the measurement. */
function draw(): Phase {
  takeOutcome(lastPass());
  const taken = field(Field.ShotsTaken) + 1;
  setField(Field.ShotsTaken, taken);
  if (taken < field(Field.Shots)) return enterShot();
  if (calibrates()) takeCalibrated();
  return field(Field.JointShots) != 0 ? Phase.Measure : enterTerm(field(Field.Term) + 1);
}

function measureLosses(): i32 {
  if (extrapolates() && measureScale()) return Phase.Encode;
  const status = takeLosses();
  if (status != Status.Ok) return status;
  if (hasHeadSums()) return enterHead();
  return isDifferentiated() ? displaceFirst() : nextNoisyPair();
}

/** The displaced circuits of the current pair are next. */
function displaceFirst(): Phase {
  return seekAngle(0);
}

/** The next angle that the step moves, from a position on; without one, all derivatives at this scale are taken. */
function seekAngle(position: i32): Phase {
  const length = walkLength();
  while (position < length && !isMovedBy(operation(walkOperation(position)))) position++;
  if (position == length) {
    setField(Field.Shots, integer(Option.Shots));
    setField(Field.Shift, 0);
    setField(Field.DisplacedPass, 0);
    return nextDerivatives();
  }
  setField(Field.DisplacedPosition, position);
  setField(Field.DisplacedOperation, walkOperation(position));
  setField(Field.Shots, shotsOfAngle(operation(walkOperation(position))));
  setField(Field.DisplacedPass, passOf(position));
  setField(Field.Shift, 1);
  return enterCircuit();
}

/** Eq. 7, one sign of one angle, for the current pair of samples. */
function measureDisplaced(): Phase {
  const shift = field(Field.Shift);
  measurePair();
  countCircuits();
  scaleBySlopes(field(Field.Scale), buffer(Buffer.Expectations));
  weighSamples();
  takeDisplaced(field(Field.DisplacedOperation), <real>1.5 - <real>shift);
  if (shift == 2) return seekAngle(field(Field.DisplacedPosition) + 1);
  setField(Field.Shift, 2);
  return enterCircuit();
}
