/**
 * From a table of operations to a list of gates: operations outside the observable's light cone drop
 * out, one-qubit neighbours fuse, runs of CNOTs become one permutation.
 */
import { Channel, Loss, Operation, Option, Status } from '../abi/codes';
import { isTwoQubit, turnsByX, turnsByZ } from '../abi/traits';
import { chooseEngine } from '../engines/choose';
import { hasValueTo } from '../loss/loss';
import { calibrate } from '../measure/calibration';
import {
  allotsShots,
  calibrates,
  countScales,
  extrapolates,
  measuresSpread,
  solvesAngles,
} from '../memory/configuration';
import { integer, number } from '../memory/options';
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
import { CHECKS_OBSERVABLE, COUNTS_WORK, NOISE, PAPER_FAMILY, RIVAL_METHODS, TRAINS } from '../profile';
import { countBlocks } from '../program/blocks';
import { isChannel } from '../program/channels';
import { observableNorm, term, termWeight, termX, termZ } from '../program/observable';
import { hasSingleStrings, takeTraceVariance } from '../program/observable-variance';
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
import { lipschitz } from '../rules/gcans';

/** Gate number of an operation that the observable cannot see. */
const OUTSIDE: u32 = 0xffff;

/** The operation at a place of a folded circuit, every second pass of which goes the other way. */
function inPass(place: i32, count: i32): i32 {
  return ((place / count) & 1) != 0 ? count - 1 - (place % count) : place % count;
}

/**
 * Walks back from the observable and marks what it can see. `x` and `z` collect the amplitude bits on
 * which the back-propagated strings may hold X or Y, and Z or Y. An operation whose generator commutes
 * with all of them changes nothing and is outside, unless it brings noise that shows. Conservative: it may keep an
 * operation that does nothing, never drops one that does something.
 */
function markLightCone(): void {
  let x: u32 = 0;
  let z: u32 = 0;
  for (let t = field(Field.TermCount) - 1; t >= 0; t--) {
    x |= termX(term(t));
    z |= termZ(term(t));
  }
  const count = field(Field.OperationCount);
  // A folded circuit has more passes, every second the other way: with noise between, none undoes the one before. What
  // the observable reaches only grows, so that the last of them sees whatever any sees.
  const passes = NOISE ? 2 * countScales() - 1 : 1;
  // Operations before the channel, of the gate whose noise is seen: they are kept with it.
  let noisy = 0;
  for (let place = passes * count - 1; place >= 0; place--) {
    const i = NOISE ? inPass(place, count) : place;
    const record = operation(i);
    const kind = operationKind(record);
    const a = (<u32>1) << operationA(record);
    const b = (<u32>1) << operationB(record);
    const both = a | b;
    let seen: u32 = 0;
    if (isChannel(kind)) {
      // A letter stays what it is, or becomes none.
      seen = (x | z) & a;
      if (seen != 0 && kind != Channel.Readout) noisy = max(operationIndex(record), 1);
    } else if (kind == Operation.CNOT) {
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
    if (NOISE && noisy > 0 && !isChannel(kind)) {
      seen = 1;
      noisy--;
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

/** A circuit with noise stays as it stands: every visible operation is a gate of its own, in time order. */
function numberOperations(): i32 {
  const count = field(Field.OperationCount);
  let gates = 0;
  for (let i = 0; i < count; i++)
    if (operationGate(operation(i)) != OUTSIDE) setOperationGate(operation(i), gates++);
  return gates;
}

/** Whether every operation is a gate: nothing is noted of gates before they are indexed. */
function isNumbered(): bool {
  return NOISE && (field(Field.ChannelCount) > 0 || extrapolates());
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
      setGate(index, active, !isNumbered() && startsItsQubits(index));
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

/** The programs that a rule to compare with cannot train: what is at fault. */
function rivalFault(): i32 {
  // Beyond 1 the hinge has a corner; rounding may have taken a sum of coefficients a little there.
  if (solvesAngles() && integer(Option.Loss) == Loss.Hinge && observableNorm() > 1 + <real>1e-9)
    return Status.BadObservable;
  let option = 0;
  // Along a parameter of several gates the loss is no sinusoid.
  if (solvesAngles() && countAngles(0, field(Field.ActiveOperations)) != field(Field.ActiveParameters))
    option = Option.Rule;
  if (allotsShots() && !(lipschitz() * number(Option.Rate) < 2)) option = Option.Rate;
  if (option == 0) return Status.Ok;
  setField(Field.Fault, option + 1);
  return Status.BadCombination;
}

/**
 * Closes the circuit and the observable and gets them ready to run.
 * @returns NotReady before `init`, when already compiled, or without any operation or term; BadObservable;
 *   BadCombination where the rule cannot train the program; as `chooseEngine`
 */
export function compileProgram(): i32 {
  if (field(Field.Stage) != Stage.Building) return Status.NotReady;
  if (field(Field.OperationCount) == 0 || field(Field.TermCount) == 0) return Status.NotReady;
  if (TRAINS && CHECKS_OBSERVABLE && !hasValueTo(observableNorm())) return Status.BadObservable;
  if (PAPER_FAMILY) {
    if (measuresSpread() && !hasSingleStrings()) return Status.BadCombination;
    takeTraceVariance();
  }
  markLightCone();
  const gates = isNumbered() ? numberOperations() : groupIntoGates();
  sortByGate();
  indexGates(gates);
  if (COUNTS_WORK) setField(Field.ActiveParameters, countActiveParameters());
  if (RIVAL_METHODS) countBlocks();
  planMeasurement();
  let status: i32 = RIVAL_METHODS ? rivalFault() : Status.Ok;
  if (status == Status.Ok) status = chooseEngine();
  if (status == Status.Ok && calibrates() && !calibrate()) status = Status.BadReadout;
  if (status != Status.Ok) {
    setField(Field.Stage, Stage.Configuring);
    return status;
  }
  startProgress();
  setField(Field.Stage, Stage.Compiled);
  return Status.Ok;
}
