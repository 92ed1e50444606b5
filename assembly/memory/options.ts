/**
 * The options: their values and their ranges. An option never set is 0, which is out of range wherever 0 makes no
 * sense.
 */
import {
  Answerer,
  Encoding,
  Engine,
  GREATEST_RATE,
  Gradient,
  LEAST_RATE,
  Loss,
  MAX_BATCH,
  MAX_FEATURES,
  MAX_LOGITS,
  MAX_OPERATIONS,
  MAX_OUTPUTS,
  MAX_PARAMETERS,
  MAX_QUBITS,
  MAX_SHOTS,
  MAX_TERMS,
  MAX_WORKSPACE,
  OPTION_COUNT,
  Option,
  Rule,
  Schedule,
} from '../abi/codes';
import { CALLER_MEASURES } from '../profile';

/** The options as they are set, 64-bit floats by their keys; see configure.ts. */
export const OPTIONS: usize = memory.data(8 * OPTION_COUNT, 16);
/** The integer options again as such, below `Option.SeedLow`: read in every loop. */
const INTEGERS: usize = memory.data(4 * Option.SeedLow, 16);

export function option(key: i32): f64 {
  return load<f64>(OPTIONS + ((<usize>key) << 3));
}

/** An integer option below `Option.SeedLow`. */
export function integer(key: i32): i32 {
  return load<i32>(INTEGERS + ((<usize>key) << 2));
}

export function number(key: i32): real {
  return <real>option(key);
}

/** The integer options that cannot be 0, a bit each; the least value of the others is 0. */
const POSITIVE: u32 =
  (1 << Option.Qubits) |
  (1 << Option.Operations) |
  (1 << Option.Parameters) |
  (1 << Option.Terms) |
  (1 << Option.Outputs) |
  (1 << Option.Batch) |
  (1 << Option.Steps);

/** Largest value of every integer option, in order. */
const LARGEST: usize = memory.data<u32>([
  MAX_QUBITS,
  MAX_FEATURES,
  Encoding.Amplitude,
  MAX_OPERATIONS,
  MAX_PARAMETERS,
  MAX_TERMS,
  MAX_OUTPUTS,
  MAX_LOGITS,
  MAX_BATCH,
  Loss.Hinge,
  Gradient.ParameterShift,
  MAX_SHOTS,
  Rule.Adam,
  Schedule.Cosine,
  0x7fffffff,
  0x7fffffff,
  Engine.Heisenberg,
  MAX_WORKSPACE,
  1,
  1,
  CALLER_MEASURES ? Answerer.Caller : 0,
  0xffffffff,
  0xffffffff,
]);

/** Whether an option can have a value. */
export function inRange(key: i32, value: f64): bool {
  let least: f64 = 0;
  let largest: f64 = GREATEST_RATE;
  if (key <= Option.SeedHigh) {
    if (value != floor<f64>(value)) return false;
    least = (POSITIVE >> key) & 1;
    largest = load<u32>(LARGEST + ((<usize>key) << 2));
  } else if (key <= Option.HeadRate || key == Option.Epsilon) {
    // Positive in single precision too.
    least = LEAST_RATE;
  } else if (key <= Option.Beta2) {
    // Decays are less than 1 when rounded, too.
    if (<real>value == 1) return false;
    largest = 1;
  } else if (key == Option.ReadoutError) {
    largest = 0.5;
  }
  return value >= least && value <= largest;
}

/** Keeps a value that is in range. */
export function setOption(key: i32, value: f64): void {
  store<f64>(OPTIONS + ((<usize>key) << 3), value);
  if (key < Option.SeedLow) store<i32>(INTEGERS + ((<usize>key) << 2), <i32>value);
}
