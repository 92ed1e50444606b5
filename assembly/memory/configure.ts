/** Setting options, and what they must agree on. */
import {
  Encoding,
  Engine,
  GREATEST_RATE,
  Gradient,
  Loss,
  MAX_MATRIX_PARAMETERS,
  OPTION_COUNT,
  Option,
  Reversal,
  Schedule,
  Status,
} from '../abi/codes';
import { KNOWN_OPTIONS } from '../abi/ranges';
import {
  isBacktracking,
  isExactOnly,
  isLaidOut,
  isMadeOfPasses,
  isReadingAngles,
  isReadingEpsilon,
  isTentative,
  ruleLeastShots,
} from '../abi/traits';
import { EFFECTIVE_FORM, NOISE, PAPER_FAMILY, RIVAL_METHODS, TRAINS } from '../profile';
import {
  allotsShots,
  calibrates,
  callerMeasures,
  displacedShots,
  displacesAngles,
  drawsSamples,
  extrapolates,
  isAveraged,
  mitigates,
  parameterCount,
  readsJacobian,
  reverses,
  solvesAngles,
  splitsGradient,
} from './configuration';
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
 * Sets one option. The arena is void afterwards: call `init` again. What only rules read that this build does not have can
 * only be 0, and changes nothing.
 * @returns `Status.BadOption` for an unknown key or a value out of range.
 */
export function configure(key: i32, value: f64): i32 {
  setField(Field.Fault, key + 1);
  if (<u32>key >= <u32>OPTION_COUNT || !inRange(key, value)) return Status.BadOption;
  setField(Field.Fault, 0);
  if (key < KNOWN_OPTIONS) setOption(key, value);
  setField(Field.Stage, Stage.Configuring);
  if (EFFECTIVE_FORM) setField(Field.Effective, 0);
  return Status.Ok;
}

/** An option as it was set; 0 for one never set or unknown. */
export function optionValue(key: i32): f64 {
  return <u32>key < <u32>KNOWN_OPTIONS ? option(key) : 0;
}

/**
 * Whether anything reads an option that cannot be 0. One that nothing reads need not be set: the rates of heads and
 * reversals that there are not, the length of no schedule, and of a build that only predicts all that trains.
 */
function isRead(key: i32): bool {
  const rule = integer(Option.Rule);
  if (key == Option.NegativeRate) {
    if (PAPER_FAMILY && integer(Option.Reversal) != Reversal.Constant) return false;
    return TRAINS && isTentative(rule) && !(PAPER_FAMILY && isBacktracking(rule));
  }
  if (key == Option.HeadRate)
    return TRAINS && integer(Option.Logits) != 0 && !drawsSamples() && !readsJacobian();
  if (key == Option.Epsilon) return TRAINS && isReadingEpsilon(rule);
  if (key == Option.Steps) {
    if (!TRAINS || option(Option.ShotsBudget) != 0) return false;
    return integer(Option.Schedule) != Schedule.Constant || drawsSamples() || isAveraged();
  }
  return TRAINS || key != Option.Rate;
}

/** Least kappa: the bottom of the paper's range. */
const LEAST_KAPPA: f64 = 1.5;

/** The first option that says where eta' comes from and does not fit; -1 when all do. */
function familyFault(shots: i32): i32 {
  const reversal = integer(Option.Reversal);
  if (reversal == Reversal.Kappa && option(Option.Kappa) < LEAST_KAPPA) return Option.Kappa;
  const byDepth = reversal == Reversal.Eq10 || reversal == Reversal.Eq10State;
  if ((byDepth || integer(Option.EffectiveRate) != 0) && integer(Option.Depth) == 0) return Option.Depth;
  // The spread of a single shot says nothing.
  return reversal == Reversal.Eq10State && shots == 1 ? Option.Shots : -1;
}

/** Whether the rule goes by the variance of its measurements, which is that of one circuit as it is read. */
function readsVariance(): bool {
  return ruleLeastShots(integer(Option.Rule)) > 1;
}

/** The first option that a rule with a matrix of all parameters cannot do with; -1 when there is none. */
function matrixFault(): i32 {
  // Its derivatives are those of one output number.
  if (integer(Option.Logits) > 1) return Option.Logits;
  if (integer(Option.Blocks) > 1) return Option.Blocks;
  if (parameterCount() > MAX_MATRIX_PARAMETERS) return Option.Parameters;
  return option(Option.Damping) > 0 ? -1 : Option.Damping;
}

/** The first option that a rule to compare with cannot do with; -1 when there is none. */
function rivalFault(shots: i32): i32 {
  if (!isReadingAngles(integer(Option.Rule))) return -1;
  if (!displacesAngles()) return Option.Gradient;
  if (readsJacobian()) {
    const fault = matrixFault();
    if (fault >= 0) return fault;
  }
  if (!solvesAngles()) {
    if (allotsShots() && shots == 0) return Option.Shots;
    return shots > 0 && displacedShots() < ruleLeastShots(integer(Option.Rule)) ? Option.DisplacedShots : -1;
  }
  if (integer(Option.Blocks) != 0) return Option.Blocks;
  // What a fit to folded circuits says has each angle several times.
  if (extrapolates()) return Option.Extrapolation;
  const loss = integer(Option.Loss);
  if (integer(Option.Logits) != 0 || (loss != Loss.Hinge && loss != Loss.Energy)) return Option.Loss;
  // A readout that is inverted may leave -1 to 1, where the hinge has its corner.
  return calibrates() && loss == Loss.Hinge ? Option.CalibrationShots : -1;
}

/** The first option that does not fit, alone or with others; -1 when all do. */
function firstFault(): i32 {
  // An option never set is 0, which is out of range wherever 0 makes no sense.
  for (let key = 0; key < KNOWN_OPTIONS; key++) {
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
  if (RIVAL_METHODS) {
    const fault = rivalFault(shots);
    if (fault >= 0) return fault;
  }
  // Passes over the batch know of no single sample.
  if ((drawsSamples() || splitsGradient()) && isMadeOfPasses(integer(Option.Gradient)))
    return Option.Gradient;
  if (TRAINS && integer(Option.DisplacedShots) > 0 && (shots == 0 || !displacesAngles())) {
    return Option.DisplacedShots;
  }
  if (TRAINS && shots == 0 && option(Option.ShotsBudget) != 0) return Option.ShotsBudget;
  // Beyond this ratio a reversal could leave single precision.
  const steepest = GREATEST_RATE * option(Option.Rate);
  if (TRAINS && isTentative(integer(Option.Rule)) && option(Option.NegativeRate) > steepest) {
    return Option.NegativeRate;
  }
  if (PAPER_FAMILY && reverses()) {
    const fault = familyFault(shots);
    if (fault >= 0) return fault;
  }
  if (callerMeasures()) {
    if (shots == 0) return Option.Shots;
    if (isLaidOut(integer(Option.Engine))) return Option.Engine;
  }
  // What a sample adds to the gradient is kept of one circuit.
  if (mitigates() && (splitsGradient() || readsJacobian()))
    return extrapolates() ? Option.Extrapolation : Option.CalibrationShots;
  if (extrapolates()) {
    const scales = integer(Option.Scales);
    if (scales < 2) return Option.Scales;
    if (integer(Option.ExtrapolationOrder) >= scales) return Option.ExtrapolationOrder;
    if (drawsSamples()) return Option.Extrapolation;
    if (shots > 0 && readsVariance()) return Option.Extrapolation;
  }
  if (calibrates()) {
    // Of the readout channels it knows.
    if (option(Option.ReadoutError) != 0) return Option.ReadoutError;
    if (shots > 0 && readsVariance()) return Option.CalibrationShots;
  }
  if (NOISE && integer(Option.Engine) == Engine.Trajectories && shots == 0) return Option.Shots;
  const samples = integer(Option.Samples);
  return samples == 0 || integer(Option.Batch) <= samples ? -1 : Option.Batch;
}

/** Whether the options fit each other. */
export function consistent(): bool {
  const fault = firstFault();
  setField(Field.Fault, fault + 1);
  return fault < 0;
}
