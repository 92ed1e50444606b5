/**
 * Amplitude storage. Conventions of the whole core, stated once:
 *
 * - Qubit order: qubit 0 is the most significant bit of the amplitude index; qubit q has the
 *   amplitude bit n - 1 - q. Inside the core, operations and terms hold amplitude bits.
 * - Layout: amplitude k of both lanes is one row {re re im im} of four reals at state + k * ROW. A
 *   lane is a sample: two samples run through every kernel side by side.
 * - Gate sign: a rotation is exp(-i angle/2 P). Every one-qubit gate is in SU(2), written as
 *   w - i (x X + y Y + z Z) with w^2 + x^2 + y^2 + z^2 = 1. Global phases are dropped.
 * - Arithmetic: `lanes` is v128 in the SIMD build and a single real in the scalar builds, where each
 *   kernel runs once per lane. Both do the same operations in the same order, so their bits agree.
 */
import { Encoding, Option } from "./status";
import { PAIR, REAL, ROW, integer, stateBytes, sumOfSquares } from "./memory";

/** Bytes of `lanes`: how far a kernel steps from one lane to the next. */
export const LANE: usize = isVector<lanes>() ? 16 : sizeof<real>();

@inline
export function add(a: lanes, b: lanes): lanes {
  if (isVector<lanes>()) return f64x2.add(a, b);
  else return a + b;
}

@inline
export function sub(a: lanes, b: lanes): lanes {
  if (isVector<lanes>()) return f64x2.sub(a, b);
  else return a - b;
}

@inline
export function mul(a: lanes, b: lanes): lanes {
  if (isVector<lanes>()) return f64x2.mul(a, b);
  else return a * b;
}

@inline
export function negative(a: lanes): lanes {
  if (isVector<lanes>()) return f64x2.neg(a);
  else return -a;
}

@inline
export function zero(): lanes {
  if (isVector<lanes>()) return f64x2.splat(0);
  else return 0;
}

/** Whether an odd number of bits is set. */
@inline
export function odd(bits: u32): bool {
  return (popcnt<u32>(bits) & 1) != 0;
}

/** Copies a state. */
export function copyState(to: usize, from: usize): void {
  const bytes = stateBytes();
  for (let i: usize = 0; i < bytes; i += LANE) store<lanes>(to + i, load<lanes>(from + i));
}

/** Both lanes to |0...0>. */
function zeroState(state: usize): void {
  const bytes = stateBytes();
  for (let i: usize = 0; i < bytes; i += LANE) store<lanes>(state + i, zero());
  store<real>(state, 1);
  store<real>(state, 1, REAL);
}

/**
 * Amplitude encoding of one sample into one lane of a state that is zero above: psi_k = x_k / |x|.
 * @returns false when |x|^2 is zero or so small that its digits underflow, infinite or not a number
 */
function encodeAmplitudes(lane: usize, features: usize): bool {
  const d = <usize>integer(Option.Features);
  const square = sumOfSquares(features, <i32>d);
  // Below this, squares of components that matter fall out of the normal range.
  const least = sizeof<real>() == 8 ? 1e-302 : 1e-36;
  if (!(square > <real>least && square < <real>Infinity)) return false;
  const norm = sqrt<real>(square);
  for (let k: usize = 0; k < d; k++) store<real>(lane + k * ROW, load<real>(features + k * REAL) / norm);
  return true;
}

/**
 * Start state of two samples (their features at `first` and `second`), by the configured encoding.
 * @returns false when a sample cannot be amplitude-encoded.
 */
export function encode(state: usize, first: usize, second: usize): bool {
  zeroState(state);
  if (integer(Option.Encoding) == Encoding.Zero) return true;
  return encodeAmplitudes(state, first) && encodeAmplitudes(state + REAL, second);
}

/** Probabilities |psi_k|^2 of both lanes, one pair a row, at `to`. */
export function probabilities(state: usize, to: usize): void {
  const bytes = stateBytes();
  for (let lane: usize = 0; lane < PAIR; lane += LANE) {
    for (let i: usize = 0; i < bytes; i += ROW) {
      const re = load<lanes>(state + lane + i);
      const im = load<lanes>(state + lane + i, PAIR);
      store<lanes>(to + lane + (i >> 1), add(mul(re, re), mul(im, im)));
    }
  }
}
