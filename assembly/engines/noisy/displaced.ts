/**
 * Displaced circuits of a pair in the noisy engine, Eq. 7: the vector before each trainable angle, the prefix, is kept;
 * from there the operation with its angle + or - pi/2 and the rest of the circuit run, are measured, and give their half
 * of the derivative. A channel mixes, so that no one run gives both signs.
 *
 *   Prefix -> Suffix ... -> [Draw ...] -> Measure -> Suffix ... (the other sign) -> Prefix
 */
import { Option } from '../../abi/codes';
import { copyVector } from '../../kernels/pauli-pairs';
import { scaleBySlopes } from '../../measure/extrapolation';
import { integer } from '../../memory/options';
import { Buffer, Field, buffer, field, setField } from '../../memory/registers';
import { shotsOfAngle } from '../../program/allotment';
import { isMovedBy } from '../../program/blocks';
import { operation } from '../../program/operations';
import { Phase, worked } from '../contract';
import { weighSamples } from '../environment';
import { countCircuits } from '../evaluation';
import { measurePair } from '../measurement';
import { takeDisplaced } from '../parameter-shift';
import { endCircuit } from './calibrated';
import { Displaced, runOperation, operationWork } from './operations';
import { nextDerivatives } from './scales';
import { passOf, walkLength, walkOperation } from './walk';

/** The loss of the current pair is taken: its displaced circuits are next. */
export function displaceFirst(): Phase {
  return enterPosition(0);
}

/** The prefix has come to a position: its displaced circuits are next, or the next position; behind the last, the pair is done. */
function enterPosition(position: i32): Phase {
  setField(Field.Gate, position);
  if (position == walkLength()) {
    setField(Field.DisplacedPass, 0);
    setField(Field.Shots, integer(Option.Shots));
    return nextDerivatives();
  }
  const index = walkOperation(position);
  if (!isMovedBy(operation(index))) return Phase.Prefix;
  setField(Field.DisplacedOperation, index);
  setField(Field.DisplacedPass, passOf(position));
  setField(Field.Shots, shotsOfAngle(operation(index)));
  return displace(Displaced.Up);
}

/** The circuit with the angle displaced, from the prefix on. */
function displace(shift: Displaced): Phase {
  setField(Field.Shift, shift);
  setField(Field.SuffixGate, field(Field.Gate));
  copyVector(buffer(Buffer.State), buffer(Buffer.Partner), field(Field.RowBits));
  return Phase.Suffix;
}

/** The phases of displaced circuits. */
export function displacedTick(phase: Phase): Phase {
  worked(operationWork());
  return phase == Phase.Prefix ? prefix() : suffix();
}

/** All signs of the operation are done: it joins the prefix. */
function prefix(): Phase {
  const position = field(Field.Gate);
  runOperation(position, buffer(Buffer.Partner), Displaced.Not, false);
  return enterPosition(position + 1);
}

/** One operation of the displaced circuit. */
function suffix(): Phase {
  const position = field(Field.SuffixGate);
  const displaced = position == field(Field.Gate) ? <Displaced>field(Field.Shift) : Displaced.Not;
  runOperation(position, buffer(Buffer.State), displaced, false);
  setField(Field.SuffixGate, position + 1);
  return position + 1 < walkLength() ? Phase.Suffix : endCircuit();
}

/** Eq. 7, one sign of one angle, for the current pair of samples. */
export function measureDisplaced(): Phase {
  const shift = field(Field.Shift);
  measurePair();
  countCircuits();
  scaleBySlopes(field(Field.Scale), buffer(Buffer.Expectations));
  weighSamples();
  takeDisplaced(field(Field.DisplacedOperation), <real>1.5 - <real>shift);
  if (shift == Displaced.Up) return displace(Displaced.Down);
  setField(Field.Shift, 0);
  return Phase.Prefix;
}
