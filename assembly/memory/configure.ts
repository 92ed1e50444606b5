/** Setting options, and what they must agree on. */
import {
  Encoding,
  Engine,
  GREATEST_RATE,
  Gradient,
  Loss,
  OPTION_COUNT,
  Option,
  Rule,
  Status,
} from '../abi/codes';
import { isExactOnly, isLaidOut, ruleLeastShots } from '../abi/traits';
import { EFFECTIVE_FORM } from '../profile';
import { callerMeasures } from './configuration';
import { inRange, integer, option, setOption } from './options';
import { Field, Stage, setField } from './registers';

/**
 * Sets one option. The arena is void afterwards: call `init` again.
 * @returns `Status.BadOption` for an unknown key or a value out of range.
 */
export function configure(key: i32, value: f64): i32 {
  if (<u32>key >= <u32>OPTION_COUNT || !inRange(key, value)) return Status.BadOption;
  setOption(key, value);
  setField(Field.Stage, Stage.Configuring);
  if (EFFECTIVE_FORM) setField(Field.Effective, 0);
  return Status.Ok;
}

/** An option as it was set; 0 for one never set or unknown. */
export function optionValue(key: i32): f64 {
  return <u32>key < <u32>OPTION_COUNT ? option(key) : 0;
}

/** Whether the options fit each other. */
export function consistent(): bool {
  // An option never set is 0, which is out of range wherever 0 makes no sense.
  for (let key = 0; key < OPTION_COUNT; key++) if (!inRange(key, option(key))) return false;
  const qubits = integer(Option.Qubits);
  if (integer(Option.Encoding) != Encoding.Zero) {
    const features = integer(Option.Features);
    if (features == 0 || features > 1 << qubits) return false;
  }
  const logits = integer(Option.Logits);
  if (logits == 0 && integer(Option.Outputs) != 1) return false;
  if (logits > 1 && integer(Option.Loss) != Loss.CrossEntropy) return false;
  const squares = (integer(Option.Moments) | integer(Option.Targets)) != 0;
  if (squares && integer(Option.Loss) != Loss.MeanSquare) return false;
  const shots = integer(Option.Shots);
  if (shots > 0 && shots < ruleLeastShots(integer(Option.Rule))) return false;
  if (shots > 0 && isExactOnly(integer(Option.Gradient))) return false;
  // Beyond this ratio a reversal could leave single precision.
  if (option(Option.NegativeRate) > GREATEST_RATE * option(Option.Rate)) return false;
  if (callerMeasures() && (shots == 0 || isLaidOut(integer(Option.Engine)))) return false;
  const samples = integer(Option.Samples);
  return samples == 0 || integer(Option.Batch) <= samples;
}
