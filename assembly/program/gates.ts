/** Gates: runs of operations that one kernel applies at once, with the angles bound to them. */
import { Operation } from '../abi/codes';
import { applyControlledZ, applyPauliRotation, applyUnitary, permute } from '../kernels/gates';
import { isLastSlice } from '../kernels/slices';
import { PAIR, REAL } from '../memory/reals';
import {
  Buffer,
  Field,
  GATE_COEFFICIENTS,
  IMAGES,
  buffer,
  exchange,
  field,
  setField,
} from '../memory/registers';
import { TILED_STATES } from '../profile';
import { operationAngle, secondLane } from './angles';
import {
  GateKind,
  gateEnd,
  gateFirst,
  gateKind,
  operation,
  operationA,
  operationB,
  operationKind,
} from './operations';

/** Address of a component of a vector {x . y . z .}, the axes counted on in a circle. */
export function component(vector: usize, axis: u32): usize {
  return vector + <usize>(axis % 3) * PAIR;
}

/** Turns two numbers into each other: a' = c a + s b, b' = c b - s a. */
export function turn(a: usize, b: usize, c: real, s: real): void {
  const first = load<real>(a);
  const second = load<real>(b);
  store<real>(a, c * first + s * second);
  store<real>(b, c * second - s * first);
}

/**
 * Multiplies the rotations of a fused gate into GATE_COEFFICIENTS, one lane {w . x . y . z .}:
 * (c - i s sigma_k)(w - i v.sigma) has, with the axes k, l, m in cyclic order,
 *
 *   v_k' = c v_k + s w,   w' = c w - s v_k,   v_m' = c v_m + s v_l,   v_l' = c v_l - s v_m
 * @param further from the first lane's angles to this lane's
 */
function fuseLane(to: usize, first: i32, end: i32, further: usize): void {
  store<real>(to, 1);
  store<real>(to, 0, PAIR);
  store<real>(to, 0, 2 * PAIR);
  store<real>(to, 0, 3 * PAIR);
  const v = to + PAIR;
  for (let i = first; i < end; i++) {
    const angle = operationAngle(i) + further;
    const c = load<real>(angle);
    const s = load<real>(angle, REAL);
    const k = operationKind(operation(i));
    turn(component(v, k), to, c, s);
    turn(component(v, k + 2), component(v, k + 1), c, s);
  }
}

/** Multiplies the rotations of a fused gate into GATE_COEFFICIENTS {w w x x y y z z}. */
function fuse(first: i32, end: i32): void {
  const further = secondLane();
  fuseLane(GATE_COEFFICIENTS, first, end, 0);
  if (further != 0) {
    fuseLane(GATE_COEFFICIENTS + REAL, first, end, further);
    return;
  }
  for (let at = GATE_COEFFICIENTS; at < GATE_COEFFICIENTS + 4 * PAIR; at += PAIR)
    store<real>(at, load<real>(at), REAL);
}

/** The angle of a two-qubit rotation in GATE_COEFFICIENTS {c c s s}. */
function spread(angle: usize): void {
  const other = angle + secondLane();
  store<real>(GATE_COEFFICIENTS, load<real>(angle));
  store<real>(GATE_COEFFICIENTS, load<real>(other), REAL);
  store<real>(GATE_COEFFICIENTS, load<real>(angle, REAL), PAIR);
  store<real>(GATE_COEFFICIENTS, load<real>(other, REAL), PAIR + REAL);
}

/** GATE_COEFFICIENTS to those of the inverse: all but the first pair, the cosine part, change sign. */
function invert(): void {
  for (let at = GATE_COEFFICIENTS + PAIR; at < GATE_COEFFICIENTS + 4 * PAIR; at += REAL)
    store<real>(at, -load<real>(at));
}

/** The images of the row bits under the CNOTs of a gate, in time order or, for its inverse, against it. */
export function composeImages(first: i32, end: i32, inverse: bool): void {
  const bits = <u32>field(Field.RowBits);
  for (let bit: u32 = 0; bit < bits; bit++) {
    let image: u32 = 1 << bit;
    for (let i = first; i < end; i++) {
      const record = operation(TILED_STATES && inverse ? first + end - 1 - i : i);
      image ^= ((image >> operationA(record)) & 1) << operationB(record);
    }
    store<u32>(IMAGES + ((<usize>bit) << 2), image);
  }
}

/** Gets a gate, or its inverse, ready for `applyReady`: its coefficients, or the images of its CNOTs. */
export function readyGate(index: i32, inverse: bool): void {
  const kind = gateKind(index);
  const first = gateFirst(index);
  if (kind == GateKind.Permutation) composeImages(first, gateEnd(index), false);
  else if (kind == GateKind.Unitary) fuse(first, gateEnd(index));
  else if (kind == GateKind.PauliRotation) spread(operationAngle(first));
  if (inverse) invert();
}

/**
 * Applies the gate that is ready to the state in a buffer. A permutation goes through the scratch state,
 * with which the buffer changes place.
 */
export function applyReady(index: i32, name: Buffer, inverse: bool): void {
  const kind = gateKind(index);
  const state = buffer(name);
  if (kind == GateKind.Permutation) {
    permute(buffer(Buffer.Scratch), state, inverse);
    if (isLastSlice()) exchange(name, Buffer.Scratch);
    return;
  }
  const only = operation(gateFirst(index));
  const mask = ((<u32>1) << operationA(only)) | ((<u32>1) << operationB(only));
  const pauli = operationKind(only);
  if (kind == GateKind.Unitary) applyUnitary(state, operationA(only), GATE_COEFFICIENTS);
  else if (kind == GateKind.ControlledZ) applyControlledZ(state, mask);
  else applyPauliRotation(state, mask, pauli != Operation.RZZ, pauli != Operation.RXX, GATE_COEFFICIENTS);
}

/** Applies one gate to the state in a buffer. */
export function applyGate(index: i32, name: Buffer): void {
  readyGate(index, false);
  applyReady(index, name, false);
}

/** Notes which rows a gate, applied to a fresh state, leaves other than zero. */
export function extendLive(index: i32): void {
  const reached =
    gateKind(index) == GateKind.Unitary
      ? <i32>operationA(operation(gateFirst(index))) + 1
      : field(Field.RowBits);
  setField(Field.LiveBits, max(field(Field.LiveBits), reached));
}

/** Turns the angle of an operation by +pi (sign -1), or back by -pi (sign 1): the half of it by a right angle, which rounds nothing. */
export function displaceAngle(index: i32, sign: real): void {
  const angle = operationAngle(index);
  const other = angle + secondLane();
  turn(angle, angle + REAL, 0, sign);
  if (other != angle) turn(other, other + REAL, 0, sign);
}
