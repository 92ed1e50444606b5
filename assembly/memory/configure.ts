/** Setting options, and what they must agree on. */
import {
  Encoding,
  Engine,
  GREATEST_RATE,
  Gradient,
  Loss,
  OPTION_COUNT,
  Option,
  Schedule,
  Status,
} from '../abi/codes';
import {
  isExactOnly,
  isLaidOut,
  isMadeOfPasses,
  isReadingEpsilon,
  isTentative,
  ruleLeastShots,
} from '../abi/traits';
import { EFFECTIVE_FORM, TRAINS } from '../profile';
import { callerMeasures, displacesAngles, drawsSamples } from './configuration';
import { inRange, integer, option, setOption } from './options';
import { Field, Stage, field, setField } from './registers';

/**
 * The option that the latest `configure`, `plan`, `init` or `modelRead` found at fault: never set, out of its range, or
 * one of two that contradict each other.
 * @returns its key; -1 when it found none
 */
export function optionAtFault(): i32 {
  return field(Field.Fault) - 1;
}

/**
 * Sets one option. The arena is void afterwards: call `init` again.
 * @returns `Status.BadOption` for an unknown key or a value out of range.
 */
export function configure(key: i32, value: f64): i32 {
  setField(Field.Fault, key + 1);
  if (<u32>key >= <u32>OPTION_COUNT || !inRange(key, value)) return Status.BadOption;
  setField(Field.Fault, 0);
  setOption(key, value);
  setField(Field.Stage, Stage.Configuring);
  if (EFFECTIVE_FORM) setField(Field.Effective, 0);
  return Status.Ok;
}

/** An option as it was set; 0 for one never set or unknown. */
export function optionValue(key: i32): f64 {
  return <u32>key < <u32>OPTION_COUNT ? option(key) : 0;
}

/**
 * Whether anything reads an option that cannot be 0. One that nothing reads need not be set: the rates of heads and
 * reversals that there are not, the length of no schedule, and of a build that only predicts all that trains.
 */
function isRead(key: i32): bool {
  const rule = integer(Option.Rule);
  if (key == Option.NegativeRate) return TRAINS && isTentative(rule);
  if (key == Option.HeadRate) return TRAINS && integer(Option.Logits) != 0 && !drawsSamples();
  if (key == Option.Epsilon) return TRAINS && isReadingEpsilon(rule);
  if (key == Option.Steps) {
    if (!TRAINS || option(Option.ShotsBudget) != 0) return false;
    return integer(Option.Schedule) != Schedule.Constant || drawsSamples();
  }
  return TRAINS || key != Option.Rate;
}

/** The first option that does not fit, alone or with others; -1 when all do. */
function firstFault(): i32 {
  // An option never set is 0, which is out of range wherever 0 makes no sense.
  for (let key = 0; key < OPTION_COUNT; key++) {
    const value = option(key);
    if (!inRange(key, value) && (value != 0 || isRead(key))) return key;
  }
  const qubits = integer(Option.Qubits);
  if (integer(Option.Encoding) != Encoding.Zero) {
    const features = integer(Option.Features);
    if (features == 0 || features > 1 << qubits) return Option.Features;
  }
  const logits = integer(Option.Logits);
  const loss = integer(Option.Loss);
  if (logits == 0 && integer(Option.Outputs) != 1 && loss != Loss.Energy) return Option.Outputs;
  if (logits > 1 && loss != Loss.CrossEntropy) return Option.Loss;
  if (loss != Loss.MeanSquare && (integer(Option.Moments) | integer(Option.Targets)) != 0) return Option.Loss;
  const shots = integer(Option.Shots);
  if (shots > 0 && shots < ruleLeastShots(integer(Option.Rule))) return Option.Shots;
  if (shots > 0 && isExactOnly(integer(Option.Gradient))) return Option.Gradient;
  // Passes over the batch know of no single sample.
  if (drawsSamples() && isMadeOfPasses(integer(Option.Gradient))) return Option.Gradient;
  if (TRAINS && integer(Option.DisplacedShots) > 0 && (shots == 0 || !displacesAngles())) {
    return Option.DisplacedShots;
  }
  if (TRAINS && shots == 0 && option(Option.ShotsBudget) != 0) return Option.ShotsBudget;
  // Beyond this ratio a reversal could leave single precision.
  const steepest = GREATEST_RATE * option(Option.Rate);
  if (TRAINS && isTentative(integer(Option.Rule)) && option(Option.NegativeRate) > steepest) {
    return Option.NegativeRate;
  }
  if (callerMeasures()) {
    if (shots == 0) return Option.Shots;
    if (isLaidOut(integer(Option.Engine))) return Option.Engine;
  }
  const samples = integer(Option.Samples);
  return samples == 0 || integer(Option.Batch) <= samples ? -1 : Option.Batch;
}

/** Whether the options fit each other. */
export function consistent(): bool {
  const fault = firstFault();
  setField(Field.Fault, fault + 1);
  return fault < 0;
}
