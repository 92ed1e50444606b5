/**
 * Observables: each output is a Pauli sum O = sum_t c_t P_t. A term holds its string as two masks over the row
 * bits: see kernels/pauli.ts.
 */
import { Option, Status } from '../abi/codes';
import { addPauli, overlap } from '../kernels/pauli';
import { outputsRow } from '../memory/batch';
import { integer, number } from '../memory/options';
import { REAL, get } from '../memory/reals';
import { Buffer, FACTORS, Field, QUBITS, Stage, buffer, field, setField } from '../memory/registers';
import { TERM_BYTES } from '../memory/sizes';
import { COLUMN_ENGINES } from '../profile';

// Record of a term: output u8, weight u8, 2 spare, x mask u32, z mask u32; then the sums of the +-1
// outcomes of both lanes, i32 each; 4 spare; then the coefficient.
const WEIGHT: usize = 1;
const X_MASK: usize = 4;
const Z_MASK: usize = 8;
const SHOT_SUMS: usize = 12;
const COEFFICIENT: usize = 24;

export function term(index: i32): usize {
  return buffer(Buffer.Terms) + <usize>index * TERM_BYTES;
}

export function termOutput(record: usize): i32 {
  return load<u8>(record);
}

/** Qubits on which the string is not the identity. */
export function termWeight(record: usize): u32 {
  return load<u8>(record, WEIGHT);
}

export function termX(record: usize): u32 {
  return load<u32>(record, X_MASK);
}

export function termZ(record: usize): u32 {
  return load<u32>(record, Z_MASK);
}

export function termCoefficient(record: usize): real {
  return load<real>(record, COEFFICIENT);
}

/** Sum of the +-1 outcomes of one lane's latest shots. */
export function shotSum(record: usize, lane: i32): i32 {
  return load<i32>(record + ((<usize>lane) << 2), SHOT_SUMS);
}

export function setShotSum(record: usize, lane: i32, sum: i32): void {
  store<i32>(record + ((<usize>lane) << 2), sum, SHOT_SUMS);
}

/** The same of both lanes at once: i32x4, of which two count. */
export function setShotSums(record: usize, sums: v128): void {
  v128.store64_lane(record, sums, 0, SHOT_SUMS);
}

export function setTermMasks(record: usize, x: u32, z: u32): void {
  store<u32>(record, x, X_MASK);
  store<u32>(record, z, Z_MASK);
}

/** The qubit of a row bit. */
export function qubitOf(bit: u32): u32 {
  return COLUMN_ENGINES ? load<u8>(QUBITS + bit) : integer(Option.Qubits) - 1 - bit;
}

/** A mask over row bits as a mask over qubits; before `compile`, when the bits run backwards, also the other way. */
export function qubitMask(mask: u32): u32 {
  let qubits: u32 = 0;
  for (let bit: u32 = 0; mask > 0; bit++) {
    qubits |= (mask & 1) << qubitOf(bit);
    mask >>= 1;
  }
  return qubits;
}

/**
 * Adds coefficient * P to an output. Bit q of `xMask` puts X (or Y) on qubit q, bit q of `zMask` Z (or Y).
 * @returns NotReady before `init` or after `compile`, TooMany, BadIndex, BadNumber
 */
export function observableAdd(output: i32, xMask: i32, zMask: i32, coefficient: f64): i32 {
  if (field(Field.Stage) != Stage.Building) return Status.NotReady;
  const count = field(Field.TermCount);
  if (count >= integer(Option.Terms)) return Status.TooMany;
  if (<u32>output >= <u32>integer(Option.Outputs)) return Status.BadIndex;
  if ((<u32>(xMask | zMask)) >> (<u32>integer(Option.Qubits)) != 0) return Status.BadIndex;
  if (!isFinite<real>(<real>coefficient)) return Status.BadNumber;
  const record = term(count);
  store<u8>(record, <u8>output);
  store<u8>(record, <u8>popcnt<u32>(xMask | zMask), WEIGHT);
  setTermMasks(record, qubitMask(xMask), qubitMask(zMask));
  store<real>(record, <real>coefficient, COEFFICIENT);
  setField(Field.TermCount, count + 1);
  return Status.Ok;
}

/** Whether two strings of Pauli letters anticommute. */
function anticommute(a: usize, b: usize): bool {
  return ((popcnt<u32>(termX(a) & termZ(b)) + popcnt<u32>(termZ(a) & termX(b))) & 1) != 0;
}

/**
 * The largest that the one output can be: the sum of its coefficients' sizes, or, where all strings anticommute with
 * one another, the root of the sum of their squares, which is the norm itself.
 */
export function observableNorm(): real {
  const count = field(Field.TermCount);
  let sum: real = 0;
  let squares: real = 0;
  let apart = true;
  for (let t = 0; t < count; t++) {
    const c = termScale(term(t));
    sum += abs<real>(c);
    squares += c * c;
    for (let other = 0; other < t; other++) if (!anticommute(term(t), term(other))) apart = false;
  }
  return apart ? sqrt<real>(squares) : sum;
}

/** Sum of the coefficients' sizes of all strings but the identity. */
export function coefficientSum(): real {
  let sum: real = 0;
  for (let t = field(Field.TermCount) - 1; t >= 0; t--)
    if (termWeight(term(t)) > 0) sum += abs<real>(termCoefficient(term(t)));
  return sum;
}

/** (1 - 2e)^weight: what independent readout flips with probability e leave of a Pauli expectation. */
export function readoutFactor(weight: u32): real {
  const keep: real = 1 - <real>2 * number(Option.ReadoutError);
  let factor: real = 1;
  for (; weight > 0; weight--) factor *= keep;
  return factor;
}

/** <psi|P|psi> for one term's Pauli string, both lanes, stored {lane 0, lane 1} at `to`. */
export function termExpectation(record: usize, psi: usize, to: usize): void {
  const x = termX(record);
  const z = termZ(record);
  overlap(psi, psi, x, z, popcnt<u32>(x & z), to);
}

/** |lambda> <- |lambda> + g P |psi> for one term's Pauli string, with the factors g of the lanes in FACTORS. */
export function addTerm(lambda: usize, psi: usize, record: usize): void {
  addPauli(lambda, psi, termX(record), termZ(record), FACTORS);
}

/**
 * |lambda> <- |lambda> + sum_k v_k O_k |psi>, with the outputs' weights v of each sample: the start of
 * the backward pass. Readout error is part of O.
 * @param first the first lane's sample, @param second the second's
 */
export function applyObservable(lambda: usize, psi: usize, first: i32, second: i32): void {
  const count = field(Field.TermCount);
  for (let t = 0; t < count; t++) {
    const record = term(t);
    const output = termOutput(record);
    const scale = termScale(record);
    store<real>(FACTORS, scale * get(outputsRow(Buffer.OutputWeights, first), output));
    store<real>(FACTORS, scale * get(outputsRow(Buffer.OutputWeights, second), output), REAL);
    addTerm(lambda, psi, record);
  }
}

/** A term's coefficient, less what readout flips take of it. */
export function termScale(record: usize): real {
  return termCoefficient(record) * readoutFactor(termWeight(record));
}
