/**
 * The circuit program: a flat table of operations in time order, Eq. 1 and 2. Each rotation is
 * exp(-i angle/2 P) with angle = scale * v + offset, v a trainable parameter, an input feature or
 * nothing. So angle encoding, data re-uploading and the paper's ansatz are all the same table. A fixed
 * one-qubit unitary is RZ(phi) RY(theta) RZ(lambda) with constant angles, up to a phase that nothing
 * shows; its three entries fuse into one gate like any others.
 *
 * `compile.ts` sorts the table into gates; this file builds it, binds numbers to its angles and runs
 * one gate at a time.
 */
import { Operation, Option, Source, Status } from '../abi/codes';
import {
  ANGLE_BYTES,
  Buffer,
  COEFFICIENTS,
  ENVIRONMENT,
  Field,
  GATE_BYTES,
  IMAGES,
  OPERATION_BYTES,
  PAIR,
  REAL,
  Stage,
  buffer,
  field,
  get,
  setBuffer,
  setField,
} from '../memory/map';
import { applyControlledZ, applyPauliRotation, applyUnitary, permute } from '../kernels/gates';
import { sincos } from '../number/math';
import { integer } from '../memory/options';
import { isLastPart } from '../kernels/slices';

/** What a gate is: a run of operations that one kernel applies at once. In the order of `Operation`. */
export enum GateKind {
  /** One-qubit rotations on one qubit, fused. */
  Unitary = 0,
  PauliRotation = 1,
  /** A run of CNOTs. */
  Permutation = 2,
  ControlledZ = 3,
}

// Record of an operation: kind, a, b, source (u8 each), index u16, gate u16, scale, offset. `a` and `b`
// are row bits. Record of a gate: its first operation u16, and whether it starts its qubits; one more
// record ends the list.
const A: usize = 1;
const B: usize = 2;
const SOURCE: usize = 3;
const INDEX: usize = 4;
const GATE: usize = 6;
const SCALE: usize = 8;
const OFFSET: usize = 8 + REAL;

export function operation(index: i32): usize {
  return buffer(Buffer.Operations) + <usize>index * OPERATION_BYTES;
}

export function operationKind(record: usize): i32 {
  return load<u8>(record);
}

export function operationA(record: usize): u32 {
  return load<u8>(record, A);
}

export function operationB(record: usize): u32 {
  return load<u8>(record, B);
}

export function setOperationBits(record: usize, a: u32, b: u32): void {
  store<u8>(record, <u8>a, A);
  store<u8>(record, <u8>b, B);
}

export function operationSource(record: usize): i32 {
  return load<u8>(record, SOURCE);
}

/** The parameter or feature that drives the angle. */
export function operationIndex(record: usize): i32 {
  return load<u16>(record, INDEX);
}

export function operationGate(record: usize): u32 {
  return load<u16>(record, GATE);
}

export function setOperationGate(record: usize, gate: u32): void {
  store<u16>(record, <u16>gate, GATE);
}

export function operationScale(record: usize): real {
  return load<real>(record, SCALE);
}

export function operationOffset(record: usize): real {
  return load<real>(record, OFFSET);
}

/** Set in the record of a gate that no earlier gate shares a qubit with. */
const STARTS: u32 = 0x8000;

function gate(index: i32): usize {
  return buffer(Buffer.Gates) + <usize>index * GATE_BYTES;
}

export function setGate(index: i32, first: u32, starts: bool): void {
  store<u16>(gate(index), <u16>(starts ? first | STARTS : first));
}

export function gateFirst(index: i32): i32 {
  return load<u16>(gate(index)) & (STARTS - 1);
}

/** One past the gate's last operation. */
export function gateEnd(index: i32): i32 {
  return gateFirst(index + 1);
}

/** Whether nothing comes before the gate on its qubits, so that no earlier gate notices it. */
export function startsItsQubits(index: i32): bool {
  return (load<u16>(gate(index)) & STARTS) != 0;
}

export function gateKind(index: i32): i32 {
  return kindOfGate(operationKind(operation(gateFirst(index))));
}

/** The kind of gate that an operation makes. */
export function kindOfGate(kind: i32): i32 {
  // The rotations are three and three.
  return isRotation(kind) ? kind / 3 : kind - Operation.CNOT + GateKind.Permutation;
}


@inline
export function isTwoQubit(kind: i32): bool {
  return kind >= Operation.RXX;
}


@inline
export function isRotation(kind: i32): bool {
  return kind <= Operation.RZZ;
}

/** Whether an angle of the operation is trained; gates without one have a constant source. */
export function isTrainable(record: usize): bool {
  return operationSource(record) == Source.Parameter;
}

// ---- building --------------------------------------------------------------------------------

/**
 * Appends one operation. `b` is read by two-qubit kinds only (CNOT: a controls b); source, index,
 * scale and offset by rotations only.
 * @returns NotReady before `init` or after `compile`, TooMany, BadIndex, BadNumber
 */
export function circuitAdd(kind: i32, a: i32, b: i32, source: i32, index: i32, scale: f64, offset: f64): i32 {
  if (field(Field.Stage) != Stage.Building) return Status.NotReady;
  const count = field(Field.OperationCount);
  if (count >= integer(Option.Operations)) return Status.TooMany;
  const qubits = <u32>integer(Option.Qubits);
  if (<u32>kind > <u32>Operation.CZ || <u32>a >= qubits) return Status.BadIndex;
  if (!isTwoQubit(kind)) b = a;
  else if (<u32>b >= qubits || a == b) return Status.BadIndex;
  if (!isRotation(kind)) source = Source.Constant;
  if (<u32>source > <u32>Source.Feature) return Status.BadIndex;
  if (source == Source.Constant) index = 0;
  else if (<u32>index >= <u32>integer(source == Source.Parameter ? Option.Parameters : Option.Features)) {
    return Status.BadIndex;
  }
  if (!isFinite<real>(<real>scale) || !isFinite<real>(<real>offset)) return Status.BadNumber;
  const record = operation(count);
  store<u8>(record, <u8>kind);
  setOperationBits(record, qubits - 1 - a, qubits - 1 - b);
  store<u8>(record, <u8>source, SOURCE);
  store<u16>(record, <u16>index, INDEX);
  store<real>(record, <real>scale, SCALE);
  store<real>(record, <real>offset, OFFSET);
  setField(Field.OperationCount, count + 1);
  return Status.Ok;
}

/**
 * Appends the paper's ansatz (section V.A): per layer RX, RY, RZ with a parameter each on every qubit,
 * then CNOT from each qubit to the next. Takes parameters 0 ... 3 n layers - 1 in that order.
 * @returns NotReady as `circuitAdd`, BadIndex for no layers or more than the parameters allow, TooMany;
 *   then nothing was appended
 */
export function circuitAnsatz(layers: i32): i32 {
  if (field(Field.Stage) != Stage.Building) return Status.NotReady;
  const qubits = integer(Option.Qubits);
  if (<u32>(layers - 1) >= <u32>(integer(Option.Parameters) / (3 * qubits))) return Status.BadIndex;
  if (field(Field.OperationCount) + layers * (4 * qubits - 1) > integer(Option.Operations))
    return Status.TooMany;
  const rotations = 3 * qubits;
  for (let layer = 0; layer < layers; layer++) {
    for (let i = 0; i < rotations; i++) {
      // RX, RY, RZ
      circuitAdd(i % 3, i / 3, 0, Source.Parameter, layer * rotations + i, 1, 0);
    }
    for (let target = 1; target < qubits; target++) {
      circuitAdd(Operation.CNOT, target - 1, target, Source.Constant, 0, 0, 0);
    }
  }
  return Status.Ok;
}

// ---- binding ---------------------------------------------------------------------------------

/** Cosine and sine of half the angle of an operation {c s}, of the first lane; `secondLane` is behind by so much. */
export function operationAngle(index: i32): usize {
  return buffer(Buffer.Angles) + <usize>index * ANGLE_BYTES;
}

/** From an angle of the first lane to that of the second: 0 where the lanes share their angles. */
export function secondLane(): usize {
  return <usize>field(Field.SecondAngles);
}

function copyAngle(to: usize, from: usize): void {
  store<real>(to, load<real>(from));
  store<real>(to, load<real>(from, REAL), REAL);
}

function bindAngle(at: usize, record: usize, value: real): void {
  sincos((operationScale(record) * value + operationOffset(record)) * <real>0.5, at);
}

/** Angles that one tick binds. */
const ANGLES_A_TICK = 8;

/** Ticks to bind all angles. */
export function bindingWork(): i32 {
  return max((field(Field.ActiveOperations) + ANGLES_A_TICK - 1) / ANGLES_A_TICK, 1);
}

/**
 * Binds the parameters in force to the angles of a few operations, those that no feature drives.
 * @param from the first of them
 * @returns one behind the last
 */
export function bindParameters(from: i32): i32 {
  const parameters = buffer(Buffer.Active);
  const end = min(from + ANGLES_A_TICK, field(Field.ActiveOperations));
  for (let i = from; i < end; i++) {
    const record = operation(i);
    const source = operationSource(record);
    if (!isRotation(operationKind(record)) || source == Source.Feature) continue;
    const angle = operationAngle(i);
    bindAngle(angle, record, source == Source.Parameter ? get(parameters, operationIndex(record)) : 0);
    copyAngle(angle + secondLane(), angle);
  }
  return end;
}

/** Binds the features of two samples to the angles that they drive. */
export function bindFeatures(first: usize, second: usize): void {
  if (secondLane() == 0) return;
  const count = field(Field.ActiveOperations);
  for (let i = 0; i < count; i++) {
    const record = operation(i);
    if (operationSource(record) != Source.Feature) continue;
    const angle = operationAngle(i);
    const index = operationIndex(record);
    bindAngle(angle, record, get(first, index));
    bindAngle(angle + secondLane(), record, get(second, index));
  }
}

// ---- running ---------------------------------------------------------------------------------

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
 * Multiplies the rotations of a fused gate into COEFFICIENTS, one lane {w . x . y . z .}:
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

/** Multiplies the rotations of a fused gate into COEFFICIENTS {w w x x y y z z}. */
function fuse(first: i32, end: i32): void {
  const further = secondLane();
  fuseLane(COEFFICIENTS, first, end, 0);
  if (further != 0) {
    fuseLane(COEFFICIENTS + REAL, first, end, further);
    return;
  }
  for (let at = COEFFICIENTS; at < COEFFICIENTS + 4 * PAIR; at += PAIR) store<real>(at, load<real>(at), REAL);
}

/** The angle of a two-qubit rotation in COEFFICIENTS {c c s s}. */
function spread(angle: usize): void {
  const other = angle + secondLane();
  store<real>(COEFFICIENTS, load<real>(angle));
  store<real>(COEFFICIENTS, load<real>(other), REAL);
  store<real>(COEFFICIENTS, load<real>(angle, REAL), PAIR);
  store<real>(COEFFICIENTS, load<real>(other, REAL), PAIR + REAL);
}

/** COEFFICIENTS to those of the inverse: all but the first pair, the cosine part, change sign. */
function invert(): void {
  for (let at = COEFFICIENTS + PAIR; at < COEFFICIENTS + 4 * PAIR; at += REAL)
    store<real>(at, -load<real>(at));
}

/** The images of the row bits under the CNOTs of a gate, in time order. */
function composeImages(first: i32, end: i32): void {
  const bits = <u32>field(Field.RowBits);
  for (let bit: u32 = 0; bit < bits; bit++) {
    let image: u32 = 1 << bit;
    for (let i = first; i < end; i++) {
      const record = operation(i);
      image ^= ((image >> operationA(record)) & 1) << operationB(record);
    }
    store<u32>(IMAGES + ((<usize>bit) << 2), image);
  }
}

/** Gets a gate, or its inverse, ready for `applyReady`: its coefficients, or the images of its CNOTs. */
export function readyGate(index: i32, inverse: bool): void {
  const kind = gateKind(index);
  const first = gateFirst(index);
  if (kind == GateKind.Permutation) composeImages(first, gateEnd(index));
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
    if (!isLastPart()) return;
    setBuffer(name, buffer(Buffer.Scratch));
    setBuffer(Buffer.Scratch, state);
    return;
  }
  const only = operation(gateFirst(index));
  const mask = ((<u32>1) << operationA(only)) | ((<u32>1) << operationB(only));
  const pauli = operationKind(only);
  if (kind == GateKind.Unitary) applyUnitary(state, operationA(only), COEFFICIENTS);
  else if (kind == GateKind.ControlledZ) applyControlledZ(state, mask);
  else applyPauliRotation(state, mask, pauli != Operation.RZZ, pauli != Operation.RXX, COEFFICIENTS);
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

/** cos(pi/4) = sin(pi/4): a shift of the angle by pi/2 turns its half angle by pi/4. */
const HALF_SHIFT: real = <real>0.7071067811865476;

/** Turns the angle of an operation by +pi/2 (sign 1) or -pi/2 (sign -1). */
function shiftAngle(at: usize, sign: real): void {
  const c = load<real>(at);
  const s = load<real>(at, REAL);
  store<real>(at, HALF_SHIFT * (c - sign * s));
  store<real>(at, HALF_SHIFT * (s + sign * c), REAL);
}

/**
 * Applies a gate to the state in `Buffer.State` with one operation's angle shifted: the displaced
 * circuits of Eq. 7. The bound angle gets its own bits back.
 */
export function applyShiftedGate(index: i32, shifted: i32, sign: real): void {
  const angle = operationAngle(shifted);
  const other = angle + secondLane();
  copyAngle(ENVIRONMENT, angle);
  copyAngle(ENVIRONMENT + ANGLE_BYTES, other);
  shiftAngle(angle, sign);
  if (other != angle) shiftAngle(other, sign);
  applyGate(index, Buffer.State);
  copyAngle(angle, ENVIRONMENT);
  copyAngle(other, ENVIRONMENT + ANGLE_BYTES);
}
