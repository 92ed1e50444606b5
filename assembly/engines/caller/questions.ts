/**
 * Ask and tell: where the caller measures the circuits, on a quantum processor or with whatever stands in for
 * one. The step runs as ever; where it would measure, it returns `Status.Asked` and a question is open: which
 * sample, which circuit with which angles, which Pauli letters, how many shots. The caller tells the counts,
 * outcome by outcome, and goes on with `step_advance`. A question stays open until its counts are complete, however
 * often the caller fails.
 *
 * A mini-batch goes by pairs of samples, of which the first is asked for, then the second; a sample goes by its
 * terms, or is asked for once where all their letters are Z.
 */
import { Ask, Option, Source, Status } from '../../abi/codes';
import { isRotation } from '../../abi/traits';
import { odd } from '../../kernels/state';
import { countOutcome, forgetCounts } from '../../measure/counts';
import { batchRow, firstSample, rowFeatures, samplesInPair } from '../../memory/batch';
import { unready } from '../../memory/map';
import { integer } from '../../memory/options';
import { get } from '../../memory/reals';
import { ASK, Buffer, Field, buffer, field, setField } from '../../memory/registers';
import { PI } from '../../number/math';
import {
  qubitMask,
  qubitOf,
  setShotSum,
  shotSum,
  term,
  termWeight,
  termX,
  termZ,
} from '../../program/observable';
import {
  operation,
  operationA,
  operationB,
  operationIndex,
  operationKind,
  operationOffset,
  operationScale,
  operationSource,
} from '../../program/operations';

function asks(slot: Ask): i32 {
  return load<i32>(ASK + ((<usize>slot) << 2));
}

function setAsk(slot: Ask, value: i32): void {
  store<i32>(ASK + ((<usize>slot) << 2), value);
}

function isJoint(): bool {
  return field(Field.JointShots) != 0;
}

/** The first term from `index` on that is not constant. */
function measuredTerm(index: i32): i32 {
  while (index < field(Field.TermCount) && termWeight(term(index)) == 0) index++;
  return index;
}

/** Asks about the lane and the current term, with no counts yet; of terms asked for together about all letters. */
function ask(): void {
  const lane = field(Field.Lane);
  const index = field(Field.Term);
  let x: u32 = 0;
  let z: u32 = 0;
  for (let t = field(Field.TermCount) - 1; t >= 0; t--) {
    if (!isJoint() && t != index) continue;
    x |= termX(term(t));
    z |= termZ(term(t));
  }
  if (isJoint()) forgetCounts(lane);
  else setShotSum(term(index), lane, 0);
  setField(Field.ShotsTaken, 0);
  setAsk(Ask.Sample, batchRow(firstSample() + lane));
  setAsk(Ask.Shots, field(Field.Shots));
  setAsk(Ask.XMask, qubitMask(x));
  setAsk(Ask.ZMask, qubitMask(z));
}

/**
 * Asks the first question about the current pair.
 * @param evaluation which circuit of the step this is
 * @returns whether there is anything to ask: a term that is not constant
 */
export function askFirst(evaluation: u32): bool {
  setAsk(Ask.Evaluation, evaluation);
  setAsk(Ask.Operations, field(Field.ActiveOperations));
  setField(Field.Lane, 0);
  setField(Field.Term, measuredTerm(0));
  if (field(Field.MeasurementBases) == 0) return false;
  setField(Field.QuestionOpen, 1);
  ask();
  return true;
}

/**
 * Looks at what has been told.
 * @returns Asked when nothing has, or when the answer is complete and the next question is open; BadCounts when it
 *   does not sum to the shots, and the question is open as if nothing had; Ok when it was the pair's last
 */
export function nextQuestion(): i32 {
  const told = field(Field.ShotsTaken);
  if (told == 0) return Status.Asked;
  if (told != field(Field.Shots)) {
    ask();
    return Status.BadCounts;
  }
  let next = measuredTerm(field(Field.Term) + 1);
  if (isJoint() || next == field(Field.TermCount)) {
    next = measuredTerm(0);
    setField(Field.Lane, field(Field.Lane) + 1);
    if (field(Field.Lane) == samplesInPair()) {
      setField(Field.QuestionOpen, 0);
      return Status.Ok;
    }
  }
  setField(Field.Term, next);
  ask();
  return Status.Asked;
}

// ---- the ABI -----------------------------------------------------------------------------------

/** Whether a question is open: between `Status.Asked` and its last count. */
function isStanding(): bool {
  return unready() == Status.Busy && field(Field.QuestionOpen) != 0;
}

/**
 * The open question: i32 [ASK_COUNT], its slots are `Ask`.
 * @returns an address; 0 when no question is open
 */
export function askAddress(): i32 {
  return isStanding() ? <i32>ASK : 0;
}

/**
 * One operation of the circuit asked for, in the order to run them.
 * @returns kind | first qubit << 8 | second qubit << 16, where the second counts for two-qubit kinds only;
 *   NotReady when no question is open, BadIndex
 */
export function askOperation(index: i32): i32 {
  if (!isStanding()) return Status.NotReady;
  if (<u32>index >= <u32>field(Field.ActiveOperations)) return Status.BadIndex;
  const record = operation(index);
  return (
    operationKind(record) |
    (<i32>(qubitOf(operationA(record)) << 8)) |
    (<i32>(qubitOf(operationB(record)) << 16))
  );
}

/**
 * The angle of one operation of the circuit asked for, radians: scale * v + offset, displaced where Eq. 7 says so.
 * @returns 0 for CNOT and CZ; not-a-number when no question is open or the index is out of range
 */
export function askAngle(index: i32): f64 {
  if (askOperation(index) < 0) return NaN;
  const record = operation(index);
  if (!isRotation(operationKind(record))) return 0;
  const source = operationSource(record);
  let value: real = 0;
  if (source == Source.Parameter) value = get(buffer(Buffer.Active), operationIndex(record));
  else if (source == Source.Feature) value = get(rowFeatures(asks(Ask.Sample)), operationIndex(record));
  let angle = operationScale(record) * value + operationOffset(record);
  const shift = field(Field.Shift);
  if (shift != 0 && index == field(Field.DisplacedOperation)) angle += shift == 1 ? PI / 2 : -PI / 2;
  return <f64>angle;
}

/**
 * Tells how often an outcome was measured. Call it for as many outcomes as there are, each once or in parts.
 * @param outcome mask over qubits: bit q is set where qubit q gave -1; bits of qubits not asked for are ignored
 * @param count 0 ... the shots asked for
 * @returns NotReady when no question is open; BadIndex for a bit of no qubit; BadCounts for a negative count or
 *   more than the shots asked for in all: then all counts of this question are forgotten
 */
export function tell(outcome: u32, count: i32): i32 {
  if (!isStanding()) return Status.NotReady;
  if (outcome >> (<u32>integer(Option.Qubits)) != 0) return Status.BadIndex;
  const told = field(Field.ShotsTaken);
  if (<u32>count > <u32>(field(Field.Shots) - told)) {
    ask();
    return Status.BadCounts;
  }
  setField(Field.ShotsTaken, told + count);
  const lane = field(Field.Lane);
  const asked = outcome & (asks(Ask.XMask) | asks(Ask.ZMask));
  if (isJoint()) {
    // Before columns rearrange them, rows are the qubits backwards, and their masks each other's.
    countOutcome(lane, qubitMask(asked), count);
  } else {
    const record = term(field(Field.Term));
    setShotSum(record, lane, shotSum(record, lane) + (odd(asked) ? -count : count));
  }
  return Status.Ok;
}
