/**
 * The parameter-shift gradient's way through a pass, Eq. 7: gate by gate the state before it, the prefix, is kept;
 * for each of the gate's angles and each sign the displaced gate and the rest of the circuit run from there.
 */
import { Buffer, Field, buffer, field, isAsked, setField } from '../memory/map';
import { applyGate, applyShiftedGate, gateEnd, gateFirst, isTrainable, operation } from '../program/circuit';
import { isLaidOut } from './engine';
import { takeShifted } from './gradient';
import {
  Phase,
  advancePair,
  beginGate,
  countEvaluations,
  endGate,
  enterMeasurement,
  evaluationAtHand,
  goTo,
  nextPair,
  stepAtHand,
  weighSamples,
} from '../train/pass';
import { measure, measurementWork } from '../measure/shots';
import { copyState } from '../kernels/state';

/** Looks for the next trainable angle of gate `index` from operation `from`; without one, moves on. */
function seekAngle(index: i32, from: i32): void {
  const end = gateEnd(index);
  setField(Field.Gate, index);
  while (from < end && !isTrainable(operation(from))) from++;
  setField(Field.Operation, from);
  setField(Field.Shift, 1);
  setField(Field.Phase, from < end ? Phase.Shift : Phase.Prefix);
}

/** The displaced circuits of a gate's angles are next; behind the last gate, the pair is done. */
export function enterGate(index: i32): void {
  if (index == field(Field.GateCount)) nextPair();
  else seekAngle(index, gateFirst(index));
}

/** All angles of the gate are done: it joins the prefix. */
export function prefix(): i32 {
  const index = field(Field.Gate);
  const work = beginGate();
  if (!isAsked()) applyGate(index, Buffer.Partner);
  if (endGate()) enterGate(index + 1);
  return work;
}

/** One gate with one angle displaced, behind the prefix. */
export function shift(): i32 {
  const index = field(Field.Gate);
  if (isAsked()) {
    enterMeasurement();
    return 1;
  }
  if (!COLUMNS || field(Field.Slice) == 0) copyState(buffer(Buffer.State), buffer(Buffer.Partner));
  const work = beginGate();
  applyShiftedGate(index, field(Field.Operation), field(Field.Shift) == 1 ? 1 : -1);
  if (endGate()) {
    setField(Field.Phase, Phase.Suffix);
    goTo(Field.Suffix, index + 1);
  }
  return work;
}

/** One gate of the rest of the circuit. */
export function suffix(): i32 {
  const index = field(Field.Suffix);
  const work = beginGate();
  applyGate(index, Buffer.State);
  if (endGate()) goTo(Field.Suffix, index + 1);
  return work;
}

/** Eq. 7, one sign of one angle, for the pair of samples at hand. */
export function measureShifted(): i32 {
  const index = field(Field.Operation);
  const minus = field(Field.Shift) == 2;
  const work = measurementWork();
  measure(evaluationAtHand(), stepAtHand());
  countEvaluations();
  weighSamples();
  takeShifted(index, minus ? <real>-0.5 : <real>0.5);
  if (isLaidOut() && advancePair()) {
    enterMeasurement();
    return work;
  }
  if (minus) {
    seekAngle(field(Field.Gate), index + 1);
  } else {
    setField(Field.Shift, 2);
    setField(Field.Phase, Phase.Shift);
  }
  return work;
}
