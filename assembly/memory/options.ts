/**
 * The options: their values and their ranges. An option never set is 0, which is out of range wherever 0 makes no
 * sense.
 */
import { LEAST_RATE, OPTION_COUNT } from '../abi/codes';
import { CHOICE, LARGEST, OPEN, POSITIVE, RANGES, WHOLE, WHOLE_COUNT } from '../abi/ranges';

/** The options as they are set, 64-bit floats by their keys; see `configure` in configure.ts. */
export const OPTIONS: usize = memory.data(8 * OPTION_COUNT, 16);
/** The options that are whole numbers again as such: read in every loop. */
const INTEGERS: usize = memory.data(4 * WHOLE_COUNT, 16);

export function option(key: i32): f64 {
  return load<f64>(OPTIONS + ((<usize>key) << 3));
}

/** An option that is a whole number. */
export function integer(key: i32): i32 {
  return load<i32>(INTEGERS + ((<usize>key) << 2));
}

export function number(key: i32): real {
  return <real>option(key);
}

/** Whether an option can have a value: its range is in options.table.ts. */
export function inRange(key: i32, value: f64): bool {
  const kind: u32 = load<u8>(RANGES + <usize>key);
  const largest = LARGEST + <usize>((kind >> 3) << 2);
  let least: f64 = 0;
  let most: f64;
  if ((kind & WHOLE) != 0) {
    if (value != floor<f64>(value)) return false;
    if ((kind & CHOICE) != 0) {
      return value >= 0 && value < 32 && ((load<u32>(largest) >> (<u32>value)) & 1) != 0;
    }
    if ((kind & POSITIVE) != 0) least = 1;
    most = load<u32>(largest);
  } else {
    most = load<f32>(largest);
    if ((kind & POSITIVE) != 0) least = LEAST_RATE;
    // When rounded, too.
    if ((kind & OPEN) != 0 && <real>value == <real>most) return false;
  }
  return value >= least && value <= most;
}

/** Keeps a value that is in range. */
export function setOption(key: i32, value: f64): void {
  store<f64>(OPTIONS + ((<usize>key) << 3), value);
  if ((load<u8>(RANGES + <usize>key) & WHOLE) != 0) store<u32>(INTEGERS + ((<usize>key) << 2), <u32>value);
}
