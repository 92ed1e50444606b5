/**
 * The outcome of a trajectory: a bitstring, drawn from the state that it ends in, in the bases of the letters, and read
 * with its errors.
 */
import { Channel, Option } from '../../abi/codes';
import { applyUnitary } from '../../kernels/gates';
import { odd, probabilities } from '../../kernels/state';
import { countOutcome } from '../../measure/counts';
import { calibrates } from '../../memory/configuration';
import { number } from '../../memory/options';
import { PAIR, clear, get, put } from '../../memory/reals';
import { Buffer, Field, GATE_COEFFICIENTS, buffer, field } from '../../memory/registers';
import { rowCount } from '../../memory/shape';
import { setShotSum, shotSum, term, termX, termZ } from '../../program/observable';
import {
  operation,
  operationA,
  operationKind,
  operationOffset,
  operationScale,
} from '../../program/operations';
import { drawFlip, drawOperation, drawOutcome } from './draws';

const HALF_ROOT_2: real = <real>0.7071067811865476;

/** Turns the letters of a string to Z: X by RY(-pi/2), Y by RX(pi/2). */
function turnLetters(x: u32, z: u32): void {
  for (let left = x; left > 0; left &= left - 1) {
    const bit = ctz<u32>(left);
    const isY = ((z >> bit) & 1) != 0;
    clear(GATE_COEFFICIENTS, GATE_COEFFICIENTS + 4 * PAIR);
    for (let lane = 0; lane < 2; lane++) {
      put(GATE_COEFFICIENTS, lane, HALF_ROOT_2);
      put(GATE_COEFFICIENTS, (isY ? 2 : 4) + lane, isY ? HALF_ROOT_2 : -HALF_ROOT_2);
    }
    applyUnitary(buffer(Buffer.State), bit, GATE_COEFFICIENTS);
  }
}

/** The row of one lane that is drawn, of the probabilities in the scratch state; their sum then is in its last row. */
function drawnRow(lane: i32): u32 {
  const chances = buffer(Buffer.Scratch);
  const last = <i32>rowCount() - 1;
  let all: real = 0;
  for (let row = 0; row <= last; row++) all += get(chances, 2 * row + lane);
  const target = drawOutcome(lane) * all;
  let sum: real = 0;
  let row = 0;
  for (; row < last; row++) {
    sum += get(chances, 2 * row + lane);
    if (target < sum) break;
  }
  put(chances, 2 * last + lane, all);
  return row;
}

/** A row as it is read: the table's readouts in their order, then the even one. @param last pass of the circuit */
function readRow(lane: i32, row: u32, pass: i32): u32 {
  const end = field(Field.ActiveOperations);
  let first = end;
  while (first > 0 && operationKind(operation(first - 1)) == Channel.Readout) first--;
  for (let index = first; index < end; index++) {
    const record = operation(index);
    const bit = operationA(record);
    const rate = ((row >> bit) & 1) != 0 ? operationScale(record) : operationOffset(record);
    if (drawOperation(lane, pass, index) < rate) row ^= (<u32>1) << bit;
  }
  const even = number(Option.ReadoutError);
  if (even == 0) return row;
  for (let bit: u32 = 0; bit < <u32>field(Field.RowBits); bit++)
    if (drawFlip(lane, bit) < even) row ^= (<u32>1) << bit;
  return row;
}

/**
 * Draws and counts the outcome of both lanes: of all terms together, or of the current one.
 * @param pass the circuit's last
 */
export function takeOutcome(pass: i32): void {
  const joint = field(Field.JointShots) != 0;
  const record = term(field(Field.Term));
  if (!joint) turnLetters(termX(record), termZ(record));
  probabilities(buffer(Buffer.State), buffer(Buffer.Scratch));
  for (let lane = 0; lane < 2; lane++) {
    const row = readRow(lane, drawnRow(lane), pass);
    if (joint || calibrates()) countOutcome(lane, row, 1);
    else
      setShotSum(record, lane, shotSum(record, lane) + (odd(row & (termX(record) | termZ(record))) ? -1 : 1));
  }
}
