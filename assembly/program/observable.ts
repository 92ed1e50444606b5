/**
 * Observables: each output is a Pauli sum O = sum_t c_t P_t. A Pauli string is two masks over the
 * row bits: X or Y where `x` is set, Z or Y where `z` is set, so
 *
 *   P|k> = i^|x & z| (-1)^|k & z| |k ^ x>
 */
import { Option, Status } from '../abi/codes';
import {
  Buffer,
  ENVIRONMENT,
  Field,
  PAIR,
  QUBITS,
  REAL,
  ROW,
  Stage,
  TERM_BYTES,
  buffer,
  field,
  get,
  outputsRow,
  isSingle,
  setField,
  stride,
} from '../memory/map';
import { integer, number } from '../memory/options';
import { isFirstPart, isLastPart, partEnd, partFrom } from '../kernels/slices';
import { addPauliSingle, overlapSingle } from '../kernels/wide';
import { LANE, add, mul, negative, odd, sub, zero } from '../kernels/state';

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

export function setTermMasks(record: usize, x: u32, z: u32): void {
  store<u32>(record, x, X_MASK);
  store<u32>(record, z, Z_MASK);
}

/** The qubit of a row bit. */
export function qubitOf(bit: u32): u32 {
  return COLUMNS ? load<u8>(QUBITS + bit) : integer(Option.Qubits) - 1 - bit;
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

/** (1 - 2e)^weight: what independent readout flips with probability e leave of a Pauli expectation. */
export function readoutFactor(weight: u32): real {
  const keep: real = 1 - <real>2 * number(Option.ReadoutError);
  let factor: real = 1;
  for (; weight > 0; weight--) factor *= keep;
  return factor;
}

/**
 * The real part of <lambda| i^turns Q |psi>, where Q|k> = (-1)^|k & z| |k ^ x>: both lanes, summed over
 * the pairs of a row, at `to`. With turns = |x & z| this is Re<lambda|P|psi>, with 3 more Im<lambda|P|psi>.
 */
export function overlap(lambda: usize, psi: usize, x: u32, z: u32, turns: u32, to: usize): void {
  if (isSingle()) {
    overlapSingle(lambda, psi, x, z, turns, to);
    return;
  }
  const bits = field(Field.RowBits);
  const last = partEnd(bits);
  const width = stride();
  for (let lane: usize = 0; lane < PAIR; lane += LANE) {
    let sum = zero();
    // On the way from part to part the sum has no sign yet.
    if (!isFirstPart()) sum = load<lanes>(to + lane);
    for (let k = partFrom(bits); k < last; k++) {
      let a = lambda + lane + <usize>(k ^ x) * width;
      let b = psi + lane + <usize>k * width;
      const end = b + width;
      do {
        const ar = load<lanes>(a);
        const ai = load<lanes>(a, PAIR);
        const br = load<lanes>(b);
        const bi = load<lanes>(b, PAIR);
        // Re of conj(a) b, or of i conj(a) b.
        const product = (turns & 1) != 0 ? sub(mul(ai, br), mul(ar, bi)) : add(mul(ar, br), mul(ai, bi));
        sum = odd(k & z) ? sub(sum, product) : add(sum, product);
        a += ROW;
        b += ROW;
      } while (COLUMNS && b < end);
    }
    store<lanes>(to + lane, (turns & 2) != 0 && isLastPart() ? negative(sum) : sum);
  }
}

/** <psi|P|psi> for one term's Pauli string, both lanes, stored {lane 0, lane 1} at `to`. */
export function termExpectation(record: usize, psi: usize, to: usize): void {
  const x = termX(record);
  const z = termZ(record);
  overlap(psi, psi, x, z, popcnt<u32>(x & z), to);
}

/** |lambda> <- |lambda> + g P |psi> for one term's Pauli string, with a factor of each lane {g g} at `factors`. */
export function addPauli(lambda: usize, psi: usize, record: usize, factors: usize): void {
  const x = termX(record);
  const z = termZ(record);
  const turns = popcnt<u32>(x & z) & 3;
  if (isSingle()) {
    addPauliSingle(lambda, psi, x, z, turns, load<real>(factors));
    return;
  }
  const bits = field(Field.RowBits);
  const last = partEnd(bits);
  const width = stride();
  // i^turns psi is psi, (-im, re), -psi, (im, -re): odd turns swap below, one and two change sign here.
  const swap = (turns & 1) != 0;
  const minus = turns == 1 || turns == 2;
  for (let lane: usize = 0; lane < PAIR; lane += LANE) {
    const g = load<lanes>(factors + lane);
    for (let k = partFrom(bits); k < last; k++) {
      const signed = odd(k & z) != minus ? negative(g) : g;
      let source = psi + lane + <usize>k * width;
      let target = lambda + lane + <usize>(k ^ x) * width;
      const end = source + width;
      do {
        const re = mul(signed, load<lanes>(source));
        const im = mul(signed, load<lanes>(source, PAIR));
        store<lanes>(target, add(load<lanes>(target), swap ? im : re));
        store<lanes>(target, add(load<lanes>(target, PAIR), swap ? negative(re) : im), PAIR);
        source += ROW;
        target += ROW;
      } while (COLUMNS && source < end);
    }
  }
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
    store<real>(ENVIRONMENT, scale * get(outputsRow(Buffer.OutputWeights, first), output));
    store<real>(ENVIRONMENT, scale * get(outputsRow(Buffer.OutputWeights, second), output), REAL);
    addPauli(lambda, psi, record, ENVIRONMENT);
  }
}

/** A term's coefficient, less what readout flips take of it. */
export function termScale(record: usize): real {
  return termCoefficient(record) * readoutFactor(termWeight(record));
}
