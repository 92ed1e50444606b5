/**
 * Readout calibration: the states |0...0> and |1...1> are prepared and measured with shots of their own, which gives of
 * every qubit how often a 0 is read as 1, e, and a 1 as 0, f. Every measurement is rid of them by the inverse of the
 * confusion matrices [1 - e, f; e, 1 - f], qubit by qubit (Bravyi et al., PRA 103, 042605): unbiased but for the
 * calibration's own noise, at a larger variance.
 *
 * Layout, behind what an extrapolation keeps in `Buffer.Scaled`: estimates [row bit]{e f}, then what shots say of every term [term]{lane 0, lane 1}.
 */
import { Channel, Option } from '../abi/codes';
import { odd } from '../kernels/state';
import { scaledReals } from '../memory/configuration';
import { integer } from '../memory/options';
import { PAIR, REAL, at, get, put } from '../memory/reals';
import { Buffer, Field, buffer, field } from '../memory/registers';
import { rowCount } from '../memory/shape';
import { binomial } from '../number/binomial';
import { Purpose, openStream } from '../number/random';
import { term, termWeight, termX, termZ } from '../program/observable';
import { operation, operationA, operationKind, operationOffset, operationScale } from '../program/operations';
import { countOf } from './counts';
import { hasOutcomes } from './outcomes';

/** How much more often a bit has to be read right than wrong. */
const LEAST_CONTRAST: real = <real>0.02;

/** The estimates of a row bit {e f}. */
function errorsOf(bit: i32): usize {
  return at(buffer(Buffer.Scaled), scaledReals() + 2 * bit);
}

/** What shots say of a term without the errors of the readout, both lanes. */
export function calibratedValues(index: i32): usize {
  return at(errorsOf(integer(Option.Qubits)), 2 * index);
}

/** How likely a bit is read wrong by all that reads it, in order. @param bit as it is: 0 or 1 */
function misread(rowBit: u32, bit: i32): real {
  let one = <real>bit;
  for (let i = 0; i < field(Field.OperationCount); i++) {
    const record = operation(i);
    if (operationKind(record) != Channel.Readout || operationA(record) != rowBit) continue;
    one = one * (1 - operationScale(record)) + (1 - one) * operationOffset(record);
  }
  return bit == 0 ? one : 1 - one;
}

/** Estimates the errors of all qubits, each from the same shots. @returns false where one cannot be inverted */
export function calibrate(): bool {
  const shots = integer(Option.CalibrationShots);
  let sound = true;
  for (let rowBit = 0; rowBit < integer(Option.Qubits); rowBit++) {
    const errors = errorsOf(rowBit);
    for (let bit = 0; bit < 2; bit++) {
      openStream(Purpose.Calibrate, 0, bit, rowBit);
      put(errors, bit, <real>binomial(shots, misread(rowBit, bit)) / <real>shots);
    }
    if (1 - get(errors, 0) - get(errors, 1) < LEAST_CONTRAST) sound = false;
  }
  return sound;
}

/** The inverse of a qubit's readout as it acts on letters that are measured: as program/channels.ts writes actions. */
export function inverseAction(rowBit: i32, to: usize): void {
  const errors = errorsOf(rowBit);
  const scale = <real>1 / (1 - get(errors, 0) - get(errors, 1));
  const shift = (get(errors, 0) - get(errors, 1)) * scale;
  put(to, 0, scale);
  put(to, 1, scale);
  put(to, 2, shift);
  put(to, 3, shift);
}

/** The counts of both lanes as shares of the shots in the scratch state, without the errors of some bits. */
function invertCounts(bits: u32): void {
  const rows = buffer(Buffer.Scratch);
  const count = rowCount();
  const share = <real>1 / <real>field(Field.Shots);
  for (let row: u32 = 0; row < count; row++)
    for (let lane = 0; lane < 2; lane++) put(rows, 2 * <i32>row + lane, share * <real>countOf(lane, row));
  for (; bits > 0; bits &= bits - 1) {
    const bit = ctz<u32>(bits);
    const errors = errorsOf(bit);
    const e = get(errors, 0);
    const f = get(errors, 1);
    const scale = <real>1 / (1 - e - f);
    for (let row: u32 = 0; row < count; row++) {
      if (((row >> bit) & 1) != 0) continue;
      const zero = rows + <usize>row * PAIR;
      const one = zero + (PAIR << bit);
      for (let lane: usize = 0; lane < PAIR; lane += REAL) {
        const a = load<real>(zero + lane);
        const b = load<real>(one + lane);
        store<real>(zero + lane, ((1 - f) * a - f * b) * scale);
        store<real>(one + lane, ((1 - e) * b - e * a) * scale);
      }
    }
  }
}

/** Sums a term's signs over the shares in the scratch state. */
function sumSigns(index: i32): void {
  const rows = buffer(Buffer.Scratch);
  const mask = termX(term(index)) | termZ(term(index));
  const values = calibratedValues(index);
  for (let lane = 0; lane < 2; lane++) {
    let sum: real = 0;
    for (let row: u32 = 0; row < rowCount(); row++) {
      const share = get(rows, 2 * <i32>row + lane);
      sum += odd(row & mask) ? -share : share;
    }
    put(values, lane, sum);
  }
}

/** Takes what the counts say: of all terms together, or of the current one. */
export function takeCalibrated(): void {
  const joint = field(Field.JointShots) != 0;
  const current = field(Field.Term);
  // A state that is no number has no outcomes.
  const known0 = hasOutcomes(0);
  const known1 = hasOutcomes(1);
  const mask = termX(term(current)) | termZ(term(current));
  invertCounts(joint ? rowCount() - 1 : mask);
  const end = joint ? field(Field.TermCount) : current + 1;
  for (let t = joint ? 0 : current; t < end; t++) {
    if (termWeight(term(t)) == 0) continue;
    sumSigns(t);
    if (!known0) put(calibratedValues(t), 0, <real>NaN);
    if (!known1) put(calibratedValues(t), 1, <real>NaN);
  }
}
