/**
 * Amplitude storage. Conventions of the whole core, stated once:
 *
 * - Qubit order: qubit 0 is the most significant bit of a basis state's index k, qubit q its bit
 *   n - 1 - q. Inside the core, operations and terms hold row bits: the
 *   index bits themselves, or, in the columns engine, those of them that the observable can see.
 * - Layout: [row][lane pair]{re re im im}, reals. A lane is a sample or an encoded basis column. The
 *   samples engine has one pair a row and runs two samples side by side; the columns engine has all its
 *   columns in a row. `stride` is the bytes of a row.
 * - Gate sign: a rotation is exp(-i angle/2 P). Every one-qubit gate is in SU(2), written as
 *   w - i (x X + y Y + z Z) with w^2 + x^2 + y^2 + z^2 = 1. Global phases are dropped.
 * - Arithmetic: `lanes` is v128 in the SIMD build and a single real in the scalar builds, where each
 *   kernel runs once per lane. Both do the same operations in the same order, so their bits agree.
 */
import { Encoding, Option } from '../abi/codes';
import { integer } from '../memory/options';
import { PAIR, REAL, ROW, clear, move, sumOfSquares } from '../memory/reals';
import { isWide, stateBytes } from '../memory/shape';
import { LANE_COPIES } from '../profile';

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

/** One real in every lane. */
@inline
export function splat(at: usize): lanes {
  if (isVector<lanes>()) return v128.load64_splat(at);
  else return load<lanes>(at);
}

/** Address of the real part of amplitude k of a state that runs alone (wide.ts); the imaginary part is PAIR behind. */
@inline
export function amplitude(state: usize, k: u32): usize {
  return state + <usize>(k >> 1) * ROW + <usize>(k & 1) * REAL;
}

/** Whether an odd number of bits is set. */
@inline
export function odd(bits: u32): bool {
  return (popcnt<u32>(bits) & 1) != 0;
}

/** Copies a state. */
export function copyState(to: usize, from: usize): void {
  const bytes = stateBytes();
  if (!LANE_COPIES) move(to, from, bytes);
  else for (let i: usize = 0; i < bytes; i += LANE) store<lanes>(to + i, load<lanes>(from + i));
}

/** All amplitudes to zero. */
export function clearState(state: usize): void {
  const bytes = stateBytes();
  if (!LANE_COPIES) clear(state, state + bytes);
  else for (let i: usize = 0; i < bytes; i += LANE) store<lanes>(state + i, zero());
}

/**
 * Whether a sample of this |x|^2 can be scaled to length 1: not zero, not so small that squares of components
 * that matter fall out of the normal range, and finite.
 */
export function isEncodable(square: real): bool {
  const least = sizeof<real>() == 8 ? 1e-302 : 1e-36;
  return square > <real>least && square < <real>Infinity;
}

/**
 * Lays a sample's features out in one lane, scaled to length 1: amplitude encoding, psi_k = x_k / |x|.
 * @param lane first place, of zeros
 * @param step bytes from one place to the next
 * @param places u32 of every feature; 0: feature k goes to place k
 * @returns false when |x|^2 is zero or so small that its digits underflow, infinite or not a number
 */
export function encodeAmplitudes(lane: usize, step: usize, features: usize, places: usize): bool {
  const d = integer(Option.Features);
  const square = sumOfSquares(features, d);
  if (!isEncodable(square)) return false;
  const scale = <real>1 / sqrt<real>(square);
  for (let k: usize = 0; k < <usize>d; k++) {
    const at = places != 0 ? <usize>load<u32>(places + (k << 2)) : k;
    const target = isWide() ? amplitude(lane, <u32>k) : lane + at * step;
    store<real>(target, load<real>(features + k * REAL) * scale);
  }
  return true;
}

/**
 * Start state of two samples (their features at `first` and `second`), by the configured encoding.
 * @returns false when a sample cannot be amplitude-encoded.
 */
export function encode(state: usize, first: usize, second: usize): bool {
  clearState(state);
  if (integer(Option.Encoding) != Encoding.Zero) {
    return (
      encodeAmplitudes(state, ROW, first, 0) && (isWide() || encodeAmplitudes(state + REAL, ROW, second, 0))
    );
  }
  store<real>(state, 1);
  if (!isWide()) store<real>(state, 1, REAL);
  return true;
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
