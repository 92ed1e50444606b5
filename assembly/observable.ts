/**
 * Observables: each output is a Pauli sum O = sum_t c_t P_t. A Pauli string is two masks over the
 * amplitude bits: X or Y where `x` is set, Z or Y where `z` is set, so
 *
 *   P|k> = i^|x & z| (-1)^|k & z| |k ^ x>
 */
import { Option, Status } from "./status";
import {
  Buffer, ENVIRONMENT, Field, PAIR, ROW, Stage, TERM_BYTES, buffer, clear, field, get, integer, number, put, setField,
  stateBytes,
} from "./memory";
import { LANE, add, mul, negative, odd, sub, zero } from "./state";

// Record of a term: output u8, weight u8, x mask u16, z mask u16, 2 spare; then the sums of the +-1
// outcomes of both lanes, i32 each; then the coefficient.
const WEIGHT: usize = 1;
const X_MASK: usize = 2;
const Z_MASK: usize = 4;
const SHOT_SUMS: usize = 8;
const COEFFICIENT: usize = 16;

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
  return load<u16>(record, X_MASK);
}

export function termZ(record: usize): u32 {
  return load<u16>(record, Z_MASK);
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

/** Mask over qubits to mask over amplitude bits, and back: reverses the n bits. */
export function reverseBits(mask: u32): u32 {
  let reversed: u32 = 0;
  for (let i = integer(Option.Qubits); i > 0; i--) {
    reversed = (reversed << 1) | (mask & 1);
    mask >>= 1;
  }
  return reversed;
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
  if (<u32>(xMask | zMask) >> <u32>integer(Option.Qubits) != 0) return Status.BadIndex;
  if (!isFinite<real>(<real>coefficient)) return Status.BadNumber;
  const record = term(count);
  store<u8>(record, <u8>output);
  store<u8>(record, <u8>popcnt<u32>(xMask | zMask), WEIGHT);
  store<u16>(record, <u16>reverseBits(xMask), X_MASK);
  store<u16>(record, <u16>reverseBits(zMask), Z_MASK);
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

/** Sum of +-p_k over rows of a probability vector, for a Z-type string: both lanes, stored at `to`. */
function signedSum(probabilities: usize, z: u32, to: usize): void {
  const rows = <u32>(stateBytes() / ROW);
  for (let lane: usize = 0; lane < PAIR; lane += LANE) {
    let sum = zero();
    for (let k: u32 = 0; k < rows; k++) {
      const p = load<lanes>(probabilities + lane + <usize>k * PAIR);
      sum = odd(k & z) ? sub(sum, p) : add(sum, p);
    }
    store<lanes>(to + lane, sum);
  }
}

/**
 * The real part of <lambda| i^turns Q |psi>, where Q|k> = (-1)^|k & z| |k ^ x>: both lanes, at `to`.
 * With turns = |x & z| this is Re<lambda|P|psi>, with 3 more Im<lambda|P|psi>.
 */
function overlap(lambda: usize, psi: usize, x: u32, z: u32, turns: u32, to: usize): void {
  const rows = <u32>(stateBytes() / ROW);
  for (let lane: usize = 0; lane < PAIR; lane += LANE) {
    let sum = zero();
    for (let k: u32 = 0; k < rows; k++) {
      const a = lambda + lane + <usize>(k ^ x) * ROW;
      const b = psi + lane + <usize>k * ROW;
      const ar = load<lanes>(a);
      const ai = load<lanes>(a, PAIR);
      const br = load<lanes>(b);
      const bi = load<lanes>(b, PAIR);
      // Re of conj(a) b, or of i conj(a) b.
      const product = (turns & 1) != 0 ? sub(mul(ai, br), mul(ar, bi)) : add(mul(ar, br), mul(ai, bi));
      sum = odd(k & z) ? sub(sum, product) : add(sum, product);
    }
    store<lanes>(to + lane, (turns & 2) != 0 ? negative(sum) : sum);
  }
}

/** Im<lambda|P|psi> of both lanes, stored {lane 0, lane 1} at `to`. */
export function overlapImaginary(lambda: usize, psi: usize, x: u32, z: u32, to: usize): void {
  overlap(lambda, psi, x, z, popcnt<u32>(x & z) + 3, to);
}

/**
 * Exact noiseless expectation of one term's Pauli string in both lanes, stored {lane 0, lane 1} at `to`.
 * @param probabilities |psi_k|^2 of the same state, read by Z-type strings
 */
export function termExpectation(record: usize, state: usize, probabilities: usize, to: usize): void {
  const x = termX(record);
  if (x == 0) signedSum(probabilities, termZ(record), to);
  else overlap(state, state, x, termZ(record), popcnt<u32>(x & termZ(record)), to);
}

/**
 * |lambda> <- sum_k v_k O_k |psi>, with the outputs' weights v of each lane [lane][output] at
 * `weights`: the start of the backward pass. Readout error is part of O.
 */
export function applyObservable(lambda: usize, psi: usize, weights: usize): void {
  const rows = <u32>(stateBytes() / ROW);
  clear(lambda, lambda + stateBytes());
  const outputs = integer(Option.Outputs);
  const count = field(Field.TermCount);
  for (let t = 0; t < count; t++) {
    const record = term(t);
    const x = termX(record);
    const z = termZ(record);
    const output = termOutput(record);
    const turns = popcnt<u32>(x & z) & 3;
    let scale = termCoefficient(record) * readoutFactor(termWeight(record));
    if (turns == 1 || turns == 2) scale = -scale;
    // i^turns psi is psi, (-im, re), -psi, (im, -re): odd turns swap below, these two change sign here.
    put(ENVIRONMENT, 0, scale * get(weights, output));
    put(ENVIRONMENT, 1, scale * get(weights, outputs + output));
    for (let lane: usize = 0; lane < PAIR; lane += LANE) {
      const g = load<lanes>(ENVIRONMENT + lane);
      for (let k: u32 = 0; k < rows; k++) {
        const source = psi + lane + <usize>k * ROW;
        const target = lambda + lane + <usize>(k ^ x) * ROW;
        const signed = odd(k & z) ? negative(g) : g;
        const re = mul(signed, load<lanes>(source));
        const im = mul(signed, load<lanes>(source, PAIR));
        const addRe = (turns & 1) != 0 ? im : re;
        const addIm = (turns & 1) != 0 ? negative(re) : im;
        store<lanes>(target, add(load<lanes>(target), addRe));
        store<lanes>(target, add(load<lanes>(target, PAIR), addIm), PAIR);
      }
    }
  }
}
