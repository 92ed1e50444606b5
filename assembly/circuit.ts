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
import { Operation, Option, Source, Status } from "./status";
import {
  ANGLE_BYTES, Buffer, COEFFICIENTS, COLUMNS, ENVIRONMENT, Field, GATE_BYTES, OPERATION_BYTES, PAIR, REAL, Stage,
  buffer, field, get, integer, move, setBuffer, setField,
} from "./memory";
import { applyControlledZ, applyPauliRotation, applyUnitary, permute } from "./gates";
import { sincos } from "./math";

/** What a gate is: a run of operations that one kernel applies at once. */
export enum GateKind {
  /** One-qubit rotations on one qubit, fused. */
  Unitary = 0,
  /** A run of CNOTs. */
  Permutation = 1,
  ControlledZ = 2,
  PauliRotation = 3,
}

// Record of an operation: kind, a, b, source (u8 each), index u16, gate u16, scale, offset. `a` and `b`
// are amplitude bits. Record of a gate: kind u32, first operation u16, number of operations u16.
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

export function gate(index: i32): usize {
  return buffer(Buffer.Gates) + <usize>index * GATE_BYTES;
}

export function gateKind(record: usize): i32 {
  return load<u8>(record);
}

export function gateFirst(record: usize): i32 {
  return load<u16>(record, 4);
}

/** One past the gate's last operation. */
export function gateEnd(record: usize): i32 {
  return <i32>load<u16>(record, 4) + <i32>load<u16>(record, 6);
}

export function isTwoQubit(kind: i32): bool {
  return kind >= Operation.RXX;
}

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
  store<u8>(record, <u8>(qubits - 1 - a), A);
  store<u8>(record, <u8>(qubits - 1 - b), B);
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
  if (layers < 1 || layers > integer(Option.Parameters) / (3 * qubits)) return Status.BadIndex;
  if (field(Field.OperationCount) + layers * (4 * qubits - 1) > integer(Option.Operations)) return Status.TooMany;
  let parameter = 0;
  for (let layer = 0; layer < layers; layer++) {
    for (let qubit = 0; qubit < qubits; qubit++) {
      for (let kind: i32 = Operation.RX; kind <= Operation.RZ; kind++) {
        circuitAdd(kind, qubit, qubit, Source.Parameter, parameter++, 1, 0);
      }
    }
    for (let qubit = 1; qubit < qubits; qubit++) {
      circuitAdd(Operation.CNOT, qubit - 1, qubit, Source.Constant, 0, 0, 0);
    }
  }
  return Status.Ok;
}

// ---- binding ---------------------------------------------------------------------------------

/** Cosine and sine of half the angle of an operation, both lanes {c c s s}. */
export function operationAngle(index: i32): usize {
  return buffer(Buffer.Angles) + <usize>index * ANGLE_BYTES;
}

/** Stores the half angle of one lane at {c . s .}. */
function storeAngle(at: usize, angle: real): void {
  sincos(angle * <real>0.5, COEFFICIENTS);
  store<real>(at, load<real>(COEFFICIENTS));
  store<real>(at, load<real>(COEFFICIENTS, REAL), PAIR);
}

/** Binds the parameters in force to all angles that no feature drives. */
export function bindParameters(): void {
  const parameters = buffer(Buffer.Active);
  const count = field(Field.ActiveOperations);
  for (let i = 0; i < count; i++) {
    const record = operation(i);
    if (!isRotation(operationKind(record)) || operationSource(record) == Source.Feature) continue;
    let angle = operationOffset(record);
    if (operationSource(record) == Source.Parameter) {
      angle += operationScale(record) * get(parameters, operationIndex(record));
    }
    storeAngle(operationAngle(i), angle);
    storeAngle(operationAngle(i) + REAL, angle);
  }
}

/** Binds the features of two samples to the angles that they drive. */
export function bindFeatures(first: usize, second: usize): void {
  const count = field(Field.ActiveOperations);
  for (let i = 0; i < count; i++) {
    const record = operation(i);
    if (operationSource(record) != Source.Feature) continue;
    const index = operationIndex(record);
    storeAngle(operationAngle(i), operationScale(record) * get(first, index) + operationOffset(record));
    storeAngle(operationAngle(i) + REAL, operationScale(record) * get(second, index) + operationOffset(record));
  }
}

// ---- running ---------------------------------------------------------------------------------

/** Turns the plane of two stored reals: p' = c p - s q, q' = c q + s p. */
export function rotate(p: usize, q: usize, c: real, s: real): void {
  const a = load<real>(p);
  const b = load<real>(q);
  store<real>(p, c * a - s * b);
  store<real>(q, c * b + s * a);
}

/** Address of the component of a vector {x . y . z .} that is `further` axes behind `axis`, in cyclic order. */
export function component(vector: usize, axis: u32, further: u32): usize {
  return vector + PAIR * <usize>((axis + further) % 3);
}

/**
 * (w, v) <- (c - i s sigma_k)(w - i v.sigma), one lane, at {w . x . y . z .}:
 *
 *   w' = c w - s v_k,   v' = c v + s w e_k + s e_k x v
 */
function turn(at: usize, axis: u32, c: real, s: real): void {
  const vector = at + PAIR;
  rotate(at, component(vector, axis, 0), c, s);
  rotate(component(vector, axis, 1), component(vector, axis, 2), c, s);
}

/** Multiplies the rotations of a fused gate into COEFFICIENTS {w w x x y y z z}. */
function fuse(first: i32, end: i32): void {
  for (let lane: usize = 0; lane < PAIR; lane += REAL) {
    const at = COEFFICIENTS + lane;
    store<real>(at, 1);
    for (let axis: usize = 1; axis <= 3; axis++) store<real>(at + axis * PAIR, 0);
    for (let i = first; i < end; i++) {
      const angle = operationAngle(i) + lane;
      turn(at, operationKind(operation(i)), load<real>(angle), load<real>(angle, PAIR));
    }
  }
}

/** COEFFICIENTS to those of the inverse: all but the first pair, the cosine part, change sign. */
function invert(): void {
  for (let at = COEFFICIENTS + PAIR; at < COEFFICIENTS + 4 * PAIR; at += REAL) store<real>(at, -load<real>(at));
}

/** The images of the basis bits under the CNOTs of a gate, in time order. */
function composeColumns(first: i32, end: i32): void {
  const qubits = <u32>integer(Option.Qubits);
  for (let bit: u32 = 0; bit < qubits; bit++) {
    let image: u32 = 1 << bit;
    for (let i = first; i < end; i++) {
      const record = operation(i);
      image ^= ((image >> operationA(record)) & 1) << operationB(record);
    }
    store<u32>(COLUMNS + (<usize>bit << 2), image);
  }
}

/**
 * Applies one gate, or its inverse, to the state in a buffer. A permutation goes through the scratch
 * state, with which the buffer changes place.
 */
export function applyGate(index: i32, name: Buffer, inverse: bool): void {
  const record = gate(index);
  const kind = gateKind(record);
  const first = gateFirst(record);
  const state = buffer(name);
  if (kind == GateKind.Permutation) {
    composeColumns(first, gateEnd(record));
    permute(buffer(Buffer.Scratch), state, inverse);
    setBuffer(name, buffer(Buffer.Scratch));
    setBuffer(Buffer.Scratch, state);
    return;
  }
  const only = operation(first);
  const mask = (<u32>1 << operationA(only)) | (<u32>1 << operationB(only));
  if (kind == GateKind.ControlledZ) {
    applyControlledZ(state, mask);
    return;
  }
  if (kind == GateKind.Unitary) fuse(first, gateEnd(record));
  else move(COEFFICIENTS, operationAngle(first), ANGLE_BYTES);
  if (inverse) invert();
  if (kind == GateKind.Unitary) {
    applyUnitary(state, operationA(only), COEFFICIENTS);
  } else {
    const pauli = operationKind(only);
    applyPauliRotation(state, mask, pauli != Operation.RZZ, pauli != Operation.RXX, COEFFICIENTS);
  }
}

/** cos(pi/4) = sin(pi/4): a shift of the angle by pi/2 turns its half angle by pi/4. */
const HALF_SHIFT: real = <real>0.7071067811865476;

/**
 * Applies a gate to the state in `Buffer.State` with one operation's angle shifted by +pi/2 (sign 1)
 * or -pi/2 (sign -1): the displaced circuits of Eq. 7. The bound angle gets its own bits back.
 */
export function applyShiftedGate(index: i32, shifted: i32, sign: real): void {
  const at = operationAngle(shifted);
  move(ENVIRONMENT, at, ANGLE_BYTES);
  for (let lane: usize = 0; lane < PAIR; lane += REAL) {
    const c = load<real>(at + lane);
    const s = load<real>(at + lane, PAIR);
    store<real>(at + lane, HALF_SHIFT * (c - sign * s));
    store<real>(at + lane, HALF_SHIFT * (s + sign * c), PAIR);
  }
  applyGate(index, Buffer.State, false);
  move(at, ENVIRONMENT, ANGLE_BYTES);
}
