/** Arrays of reals, and ranges of bytes. `real` is f64, or f32 in the modules named so. */

import { SHORT_TICKS } from '../profile';

/** Bytes of a real, of a pair of lanes, and of one amplitude of both lanes {re re im im}. */
export const REAL: usize = sizeof<real>();
export const PAIR: usize = 2 * REAL;
export const ROW: usize = 4 * REAL;

/** Address of element i. */
export function at(array: usize, i: i32): usize {
  return array + <usize>i * REAL;
}

export function get(array: usize, i: i32): real {
  return load<real>(at(array, i));
}

export function put(array: usize, i: i32, value: real): void {
  store<real>(at(array, i), value);
}

export function increase(array: usize, i: i32, amount: real): void {
  put(array, i, get(array, i) + amount);
}

/** sum_i x_i^2, in order. */
export function sumOfSquares(array: usize, count: i32): real {
  let sum: real = 0;
  for (let i = 0; i < count; i++) {
    const x = get(array, i);
    sum += x * x;
  }
  return sum;
}

/** Whether all reals of [from, to) are finite. */
export function areFinite(from: usize, to: usize): bool {
  for (; from < to; from += REAL) if (!isFinite<real>(load<real>(from))) return false;
  return true;
}

/** Zeroes [from, to), whole words. Where speed counts for more than code, four at once. */
export function clear(from: usize, to: usize): void {
  if (SHORT_TICKS) {
    for (; from + 16 <= to; from += 16) {
      if (isVector<lanes>()) {
        store<v128>(from, i64x2.splat(0));
      } else {
        store<u64>(from, 0);
        store<u64>(from, 0, 8);
      }
    }
  }
  for (; from < to; from += 4) store<u32>(from, 0);
}

/** Moves whole words, up to 2^31 bytes, between regions that may overlap. */
export function move(to: usize, from: usize, bytes: usize): void {
  if (SHORT_TICKS && to < from) {
    // What is written ends before what is still to be read.
    for (; bytes >= 16; bytes -= 16) {
      store<u64>(to, load<u64>(from));
      store<u64>(to, load<u64>(from, 8), 8);
      to += 16;
      from += 16;
    }
  }
  const step = to < from ? 4 : -4;
  let i = step > 0 ? 0 : <i32>bytes - 4;
  for (; <u32>i < <u32>bytes; i += step) store<u32>(to + i, load<u32>(from + i));
}
