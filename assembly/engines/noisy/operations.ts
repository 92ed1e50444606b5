/**
 * The operations of a noisy circuit on Pauli vectors: pushed forward on states, pulled back on observables, and the
 * derivative by an angle where the two meet.
 */
import { Channel, Operation, Option } from '../../abi/codes';
import { isRotation, isTwoQubit } from '../../abi/traits';
import { pairOf } from '../../kernels/pauli-vector';
import {
  exchangePairs,
  pairBytes,
  pullChannel,
  pushChannel,
  slopeOfPlane,
  turnPlane,
} from '../../kernels/pauli-pairs';
import { integer } from '../../memory/options';
import { PAIR, REAL } from '../../memory/reals';
import { ENVIRONMENT, Field, GATE_COEFFICIENTS, field } from '../../memory/registers';
import { operationAngle, secondLane } from '../../program/angles';
import { channelAction } from '../../program/channels';
import { isReadLater, isUndone, walkOperation } from './walk';
import {
  operation,
  operationA,
  operationB,
  operationKind,
  operationOffset,
  operationScale,
} from '../../program/operations';

/** An operation as it stands, or with its angle displaced by +pi/2 or -pi/2: as `Field.Shift` says it. */
export enum Displaced {
  Not = 0,
  Up = 1,
  Down = 2,
}

/** Work of an operation on the vectors of a pair: they have half as many numbers as 2^n states of two samples. */
export function operationWork(): i32 {
  return 1 << (integer(Option.Qubits) - 1);
}

/** Cosine and sine of a whole angle, from those of half of it, displaced by right angles, which rounds nothing. */
function wholeAngle(half: usize, lane: usize, displaced: Displaced, backwards: bool): void {
  const c = load<real>(half);
  const s = load<real>(half, REAL);
  let cosine = c * c - s * s;
  let sine: real = <real>2 * c * s;
  if (displaced != Displaced.Not) {
    const before = cosine;
    cosine = displaced == Displaced.Up ? -sine : sine;
    sine = displaced == Displaced.Up ? before : -before;
  }
  const to = GATE_COEFFICIENTS + lane * REAL;
  store<real>(to, cosine);
  store<real>(to, backwards ? -sine : sine, PAIR);
}

/** Planes of a rotation: one for a qubit, four for two. */
function planes(kind: i32): u32 {
  return isTwoQubit(kind) ? 4 : 1;
}

/** The letters of a rotation's plane: of p on a and b, then of q, four bits each. */
function lettersOf(kind: i32, which: u32): u32 {
  if (isTwoQubit(kind)) return pairOf(<u32>(kind - Operation.RXX), which);
  return ((<u32>(kind + 1) % 3) + 1) | (((<u32>(kind + 2) % 3) + 1) << 8);
}

/** The offset of the letters of p, or 8 bits up of q. */
function offset(letters: u32, a: usize, b: usize): usize {
  return <usize>(letters & 15) * a + <usize>((letters >> 4) & 15) * b;
}

/** Pushes a state through the operation at a position of the way, or pulls an observable back through it. */
export function runOperation(position: i32, vector: usize, displaced: Displaced, pulled: bool): void {
  if (isReadLater(position)) return;
  const index = walkOperation(position);
  // Undone, as in every second pass of a folded circuit, is the gate: its noise is not.
  const backwards = isUndone(position) != pulled;
  const record = operation(index);
  const kind = operationKind(record);
  const sites = <u32>field(Field.RowBits);
  const a = operationA(record);
  if (!isRotation(kind)) {
    if (kind < Channel.Depolarizing) {
      exchangePairs(vector, sites, a, operationB(record), kind == Operation.CNOT);
      return;
    }
    channelAction(kind, operationOffset(record), operationScale(record), GATE_COEFFICIENTS);
    if (pulled) pullChannel(vector, sites, a, GATE_COEFFICIENTS);
    else pushChannel(vector, sites, a, GATE_COEFFICIENTS);
    return;
  }
  const angle = operationAngle(index);
  wholeAngle(angle, 0, displaced, backwards);
  wholeAngle(angle + secondLane(), 1, displaced, backwards);
  const spanA = pairBytes(a);
  const spanB = isTwoQubit(kind) ? pairBytes(operationB(record)) : pairBytes(sites);
  for (let which: u32 = 0; which < planes(kind); which++) {
    const letters = lettersOf(kind, which);
    const p = offset(letters, spanA, spanB);
    const q = offset(letters >> 8, spanA, spanB);
    turnPlane(vector, sites, min(spanA, spanB), max(spanA, spanB), p, q, GATE_COEFFICIENTS);
  }
}

/** The derivatives of both lanes by the angle of a rotation, behind which observable and state are: in ENVIRONMENT. */
export function slopeOfOperation(index: i32, observable: usize, state: usize): void {
  const record = operation(index);
  const kind = operationKind(record);
  const sites = <u32>field(Field.RowBits);
  const spanA = pairBytes(operationA(record));
  const spanB = isTwoQubit(kind) ? pairBytes(operationB(record)) : pairBytes(sites);
  store<real>(ENVIRONMENT, 0);
  store<real>(ENVIRONMENT, 0, REAL);
  for (let which: u32 = 0; which < planes(kind); which++) {
    const letters = lettersOf(kind, which);
    const p = offset(letters, spanA, spanB);
    const q = offset(letters >> 8, spanA, spanB);
    slopeOfPlane(observable, state, sites, min(spanA, spanB), max(spanA, spanB), p, q, ENVIRONMENT);
  }
}
