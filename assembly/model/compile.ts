/**
 * From a table of operations to a list of gates: operations outside the observable's light cone drop
 * out, one-qubit neighbours fuse, runs of CNOTs become one permutation.
 */
import { Operation, Option, Rule, Status } from '../abi/codes';
import { isTwoQubit, turnsByX, turnsByZ } from '../abi/traits';
import { chooseEngine } from '../engines/choose';
import { hasValueTo } from '../loss/loss';
import { integer } from '../memory/options';
import { at, clear, get, move, put } from '../memory/reals';
import {
  Buffer,
  Field,
  GATE_COEFFICIENTS,
  IMAGES,
  Stage,
  buffer,
  field,
  setField,
} from '../memory/registers';
import { startProgress } from '../memory/report';
import { OPERATION_BYTES } from '../memory/sizes';
import { CHECKS_OBSERVABLE, COUNTS_WORK, RIVAL_METHODS, TRAINS } from '../profile';
import { observableNorm, term, termWeight, termX, termZ } from '../program/observable';
import {
  GateKind,
  countAngles,
  gateFirst,
  isTrainable,
  kindOfGate,
  operation,
  operationA,
  operationB,
  operationGate,
  operationIndex,
  operationKind,
  setGate,
  setOperationGate,
  startsItsQubits,
} from '../program/operations';

/** Gate number of an operation that the observable cannot see. */
const OUTSIDE: u32 = 0xffff;

/**
 * Walks back from the observable and marks what it can see. `x` and `z` collect the amplitude bits on
 * which the back-propagated strings may hold X or Y, and Z or Y. An operation whose generator commutes
 * with all of them changes nothing and is outside. Conservative: it may keep an operation that does
 * nothing, never drops one that does something.
 */
function markLightCone(): void {
  let x: u32 = 0;
  let z: u32 = 0;
  for (let t = field(Field.TermCount) - 1; t >= 0; t--) {
    x |= termX(term(t));
    z |= termZ(term(t));
  }
  for (let i = field(Field.OperationCount) - 1; i >= 0; i--) {
    const record = operation(i);
    const kind = operationKind(record);
    const a = (<u32>1) << operationA(record);
    const b = (<u32>1) << operationB(record);
    const both = a | b;
    let seen: u32 = 0;
    if (kind == Operation.CNOT) {
      // X spreads from control to target, Z from target to control.
      seen = (x & a) | (z & b);
      if ((x & a) != 0) x |= b;
      if ((z & b) != 0) z |= a;
    } else if (kind == Operation.CZ) {
      seen = x & both;
      const spread = ((x & a) != 0 ? b : 0) | ((x & b) != 0 ? a : 0);
      z |= spread;
    } else {
      // A rotation about P turns what anticommutes with P into its product with P.
      const spreads: u32 = turnsByX(kind) ? both : 0;
      const signs: u32 = turnsByZ(kind) ? both : 0;
      seen = (spreads & z) | (signs & x);
      if (seen != 0) {
        x |= spreads;
        z |= signs;
      }
    }
    setOperationGate(record, seen != 0 ? 0 : OUTSIDE);
  }
  setField(Field.VisibleBits, x | z);
}

/** The gate that last touched each amplitude bit, while grouping; -1 none. */
function touched(bit: u32): i32 {
  return load<i32>(IMAGES + ((<usize>bit) << 2));
}

function touch(bit: u32, index: i32): void {
  store<i32>(IMAGES + ((<usize>bit) << 2), index);
}

/**
 * Puts the first gates of all qubits that begin with a rotation to the front, lowest bit first: as long as
 * the bits above are untouched, such a gate has few rows to do. @returns how many there are
 */
function startQubits(count: i32): i32 {
  let gates = 0;
  const qubits = <u32>integer(Option.Qubits);
  for (let bit: u32 = 0; bit < qubits; bit++) {
    touch(bit, -1);
    for (let i = 0; i < count; i++) {
      const record = operation(i);
      if (operationGate(record) == OUTSIDE || (operationA(record) != bit && operationB(record) != bit))
        continue;
      if (!isTwoQubit(operationKind(record))) {
        setGate(gates, GateKind.Unitary, true);
        touch(bit, gates++);
      }
      break;
    }
  }
  return gates;
}

/**
 * Gives every visible operation the number of its gate, in time order. A one-qubit rotation joins the
 * gate that last touched its qubit if that is a fused unitary; a CNOT joins the last permutation if
 * nothing has touched its qubits since. Only operations on other qubits are overtaken.
 */
function groupIntoGates(): i32 {
  // Until `indexGates`, a gate's record holds its kind and whether it starts its qubits.
  let permutation = -1;
  const count = field(Field.OperationCount);
  let gates = startQubits(count);
  for (let i = 0; i < count; i++) {
    const record = operation(i);
    if (operationGate(record) == OUTSIDE) continue;
    const kind = kindOfGate(operationKind(record));
    const a = operationA(record);
    const b = operationB(record);
    const last = max(touched(a), touched(b));
    let index = gates;
    if (kind == GateKind.Unitary) {
      if (last >= 0 && gateFirst(last) == GateKind.Unitary) index = last;
    } else if (kind == GateKind.Permutation) {
      if (permutation >= 0 && last <= permutation) index = permutation;
      permutation = index;
    }
    const fresh = index == gates;
    const alone = (touched(a) < 0 || touched(a) == index) && (touched(b) < 0 || touched(b) == index);
    if (fresh) gates++;
    setGate(index, kind, alone && (fresh || startsItsQubits(index)));
    setOperationGate(record, index);
    touch(a, index);
    touch(b, index);
  }
  return gates;
}

/** Sorts operations by gate, keeping time order within one; those outside the cone end up last. */
function sortByGate(): void {
  // Not in the work area: an image may wait there.
  const held = GATE_COEFFICIENTS;
  const count = field(Field.OperationCount);
  for (let i = 1; i < count; i++) {
    const key = operationGate(operation(i));
    let to = i;
    while (to > 0 && operationGate(operation(to - 1)) > key) to--;
    move(held, operation(i), OPERATION_BYTES);
    move(operation(to + 1), operation(to), <usize>(i - to) * OPERATION_BYTES);
    move(operation(to), held, OPERATION_BYTES);
  }
}

/** Writes where each gate's operations begin, and counts the visible ones. */
function indexGates(gates: i32): void {
  const count = field(Field.OperationCount);
  let active = 0;
  let next: u32 = 0;
  for (; active < count; active++) {
    const index = operationGate(operation(active));
    if (index == OUTSIDE) break;
    if (index == next) {
      setGate(index, active, startsItsQubits(index));
      next++;
    }
  }
  setGate(gates, active, false);
  setField(Field.GateCount, gates);
  setField(Field.ActiveOperations, active);
}

/** Parameters that drive at least one visible operation; marks go through the gradient buffer. */
function countActiveParameters(): i32 {
  const marks = buffer(Buffer.Gradient);
  const end = at(marks, integer(Option.Parameters));
  clear(marks, end);
  let active = 0;
  const count = field(Field.ActiveOperations);
  for (let i = 0; i < count; i++) {
    const record = operation(i);
    if (!isTrainable(record)) continue;
    const index = operationIndex(record);
    if (get(marks, index) == 0) active++;
    put(marks, index, 1);
  }
  clear(marks, end);
  return active;
}

/** How outputs are measured with shots: once for all when every string is Z-type, else term by term. */
function planMeasurement(): void {
  let x: u32 = 0;
  let strings = 0;
  const count = field(Field.TermCount);
  for (let t = 0; t < count; t++) {
    x |= termX(term(t));
    if (termWeight(term(t)) > 0) strings++;
  }
  const joint = x == 0 && strings > 1;
  setField(Field.JointShots, joint ? 1 : 0);
  setField(Field.MeasurementBases, joint ? 1 : strings);
}

/** The program is not one that can run: it has to be given anew. */
function refuseProgram(status: i32): i32 {
  setField(Field.Stage, Stage.Configuring);
  return status;
}

/**
 * Closes the circuit and the observable and gets them ready to run.
 * @returns NotReady before `init`, when already compiled, or without any operation or term; BadObservable; as
 *   `chooseEngine`
 */
export function compileProgram(): i32 {
  if (field(Field.Stage) != Stage.Building) return Status.NotReady;
  if (field(Field.OperationCount) == 0 || field(Field.TermCount) == 0) return Status.NotReady;
  if (TRAINS && CHECKS_OBSERVABLE && !hasValueTo(observableNorm())) return Status.BadObservable;
  markLightCone();
  const gates = groupIntoGates();
  sortByGate();
  indexGates(gates);
  if (COUNTS_WORK) setField(Field.ActiveParameters, countActiveParameters());
  planMeasurement();
  if (RIVAL_METHODS && integer(Option.Rule) == Rule.Rotosolve) {
    // Rounding may have taken a sum of coefficients a little beyond.
    if (observableNorm() > 1 + <real>1e-9) return refuseProgram(Status.BadObservable);
    if (countAngles(0, field(Field.ActiveOperations)) != field(Field.ActiveParameters)) {
      setField(Field.Fault, Option.Rule + 1);
      return refuseProgram(Status.BadCombination);
    }
  }
  const status = chooseEngine();
  if (status != Status.Ok) {
    setField(Field.Stage, Stage.Configuring);
    return status;
  }
  startProgress();
  setField(Field.Stage, Stage.Compiled);
  return Status.Ok;
}
