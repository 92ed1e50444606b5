/**
 * The circuit program: a flat table of operations in time order, Eq. 1 and 2. Each rotation is
 * exp(-i angle/2 P) with angle = scale * v + offset, v a trainable parameter, an input feature or
 * nothing. So angle encoding, data re-uploading and the paper's ansatz are all the same table. A fixed
 * one-qubit unitary is RZ(phi) RY(theta) RZ(lambda) with constant angles, up to a phase that nothing
 * shows; its three entries fuse into one gate like any others.
 *
 * Here it is built; angles.ts binds numbers to its angles, model/compile.ts sorts it into gates, and gates.ts runs
 * one gate at a time.
 */
import { Channel, OPERATION_COUNT, Operation, Option, SOURCE_COUNT, Source, Status } from '../abi/codes';
import { isRotation, isTwoQubit } from '../abi/traits';
import { integer } from '../memory/options';
import { REAL } from '../memory/reals';
import { Buffer, Field, Stage, buffer, field, setField } from '../memory/registers';
import { GATE_BYTES, OPERATION_BYTES } from '../memory/sizes';
import { NOISE } from '../profile';
import { isChannel, isRate } from './channels';

/** What a gate is: a run of operations that one kernel applies at once. */
export enum GateKind {
  /** One-qubit rotations on one qubit, fused. */
  Unitary = 0,
  PauliRotation = 1,
  /** A run of CNOTs. */
  Permutation = 2,
  ControlledZ = 3,
  /** A noise channel: see channels.ts. */
  Channel = 4,
}

// Record of an operation: kind, a, b, source (u8 each), index u16, gate u16, scale, offset. `a` and `b`
// are row bits. Record of a gate: its first operation u16, and whether it starts its qubits; one more
// record ends the list.
const A: usize = 1;
const B: usize = 2;
const SOURCE: usize = 3;
const INDEX: usize = 4;
const GATE_NUMBER: usize = 6;
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
  return load<u16>(record, GATE_NUMBER);
}

export function setOperationGate(record: usize, gate: u32): void {
  store<u16>(record, <u16>gate, GATE_NUMBER);
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
  if (isRotation(kind)) return isTwoQubit(kind) ? GateKind.PauliRotation : GateKind.Unitary;
  if (isChannel(kind)) return GateKind.Channel;
  return kind == Operation.CNOT ? GateKind.Permutation : GateKind.ControlledZ;
}

/** Whether an angle of the operation is trained; gates without one have a constant source. */
export function isTrainable(record: usize): bool {
  return operationSource(record) == Source.Parameter;
}

/** Trainable angles of operations [first, end). */
export function countAngles(first: i32, end: i32): i32 {
  let count = 0;
  for (let i = first; i < end; i++) if (isTrainable(operation(i))) count++;
  return count;
}

// ---- building --------------------------------------------------------------------------------

/** Whether the last operation is what is read wrong, behind which no gate comes. */
function isRead(): bool {
  const count = field(Field.OperationCount);
  return NOISE && count > 0 && operationKind(operation(count - 1)) == Channel.Readout;
}

/**
 * Appends one operation. `b` is read by two-qubit kinds only (CNOT: a controls b); source, index,
 * scale and offset by rotations only. A kind may be a `Channel` too, right behind the gate whose noise it is; its index
 * then says of how many operations that gate is made, 0 or 1 of one.
 * @returns NotReady before `init` or after `compile`, TooMany, BadIndex, BadNumber
 */
export function circuitAdd(kind: i32, a: i32, b: i32, source: i32, index: i32, scale: f64, offset: f64): i32 {
  if (field(Field.Stage) != Stage.Building) return Status.NotReady;
  const count = field(Field.OperationCount);
  if (count >= integer(Option.Operations)) return Status.TooMany;
  const qubits = <u32>integer(Option.Qubits);
  const channel =
    NOISE && <u32>(kind - Channel.Depolarizing) <= <u32>(Channel.Readout - Channel.Depolarizing);
  if ((<u32>kind >= <u32>OPERATION_COUNT && !channel) || <u32>a >= qubits) return Status.BadIndex;
  if (!isTwoQubit(kind)) b = a;
  else if (<u32>b >= qubits || a == b) return Status.BadIndex;
  if (!isRotation(kind)) source = Source.Constant;
  if (<u32>source >= <u32>SOURCE_COUNT) return Status.BadIndex;
  if (channel) index = min(<u32>index, <u32>count);
  else if (source == Source.Constant) index = 0;
  else if (<u32>index >= <u32>integer(source == Source.Parameter ? Option.Parameters : Option.Features)) {
    return Status.BadIndex;
  }
  if (!isFinite<real>(<real>scale) || !isFinite<real>(<real>offset)) return Status.BadNumber;
  if (NOISE) {
    if (channel && !isRate(kind, scale, offset)) return Status.BadNumber;
    // What is read wrong comes behind everything else.
    if (isRead() && kind != Channel.Readout) return Status.BadIndex;
    if (channel) setField(Field.ChannelCount, field(Field.ChannelCount) + 1);
  }
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
  if (isRead()) return Status.BadIndex;
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
