/** Arrays of reals, and ranges of bytes. `real` is f64, or f32 in the modules named so. */

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

/** Zeroes [from, to), whole words. */
export function clear(from: usize, to: usize): void {
  for (; from < to; from += 4) store<u32>(from, 0);
}

/** Moves whole words, up to 2^31 bytes, between regions that may overlap. */
export function move(to: usize, from: usize, bytes: usize): void {
  const step = to < from ? 4 : -4;
  let i = step > 0 ? 0 : <i32>bytes - 4;
  for (; <u32>i < <u32>bytes; i += step) store<u32>(to + i, load<u32>(from + i));
}
