/**
 * The options: their values and their ranges. An option never set is 0, which is out of range wherever 0 makes no
 * sense.
 */
import { LEAST_RATE } from '../abi/codes';
import { CHOICE, COUNT, KNOWN_OPTIONS, LARGEST, OPEN, POSITIVE, RANGES, WHOLE } from '../abi/ranges';

/** The options by their keys, 8 bytes each: whole numbers as u32, others as f64. */
const OPTIONS: usize = memory.data(8 * KNOWN_OPTIONS, 16);

function slot(key: i32): usize {
  return OPTIONS + ((<usize>key) << 3);
}

function range(key: i32): u32 {
  return load<u8>(RANGES + <usize>key);
}

/** An option that is a whole number. */
export function integer(key: i32): i32 {
  return load<i32>(slot(key));
}

/** Any option. */
export function option(key: i32): f64 {
  return (range(key) & WHOLE) != 0 ? <f64>load<u32>(slot(key)) : load<f64>(slot(key));
}

/** An option that is no whole number. */
export function number(key: i32): real {
  return <real>load<f64>(slot(key));
}

/** Options that an image holds: up to the last that is not 0. */
export function optionsWritten(): i32 {
  let count = KNOWN_OPTIONS;
  while (count > 0 && option(count - 1) == 0) count--;
  return count;
}

/** Whether an option can have a value: its range is in options.table.ts. */
export function inRange(key: i32, value: f64): bool {
  // What only rules read that this build does not have.
  if (key >= KNOWN_OPTIONS) return value == 0;
  const kind = range(key);
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
    if ((kind & COUNT) == COUNT) {
      if (value != floor<f64>(value)) return false;
    } else {
      if ((kind & POSITIVE) != 0) least = LEAST_RATE;
      // When rounded, too.
      if ((kind & OPEN) != 0 && <real>value == <real>most) return false;
    }
  }
  return value >= least && value <= most;
}

/** Keeps a value that is in range. */
export function setOption(key: i32, value: f64): void {
  if ((range(key) & WHOLE) != 0) store<u32>(slot(key), <u32>value);
  else store<f64>(slot(key), value);
}
