/** What the options amount to, wherever more than one file asks. */
import {
  Answerer,
  Draws,
  Extrapolation,
  Gradient,
  HeadNoise,
  HeadStep,
  Option,
  Reversal,
  Rule,
} from '../abi/codes';
import {
  isBacktracking,
  isDisplacing,
  isPerSample,
  isPooling,
  isPullingBack,
  isTentative,
} from '../abi/traits';
import {
  CALLER_MEASURES,
  DISPLACED_SWEEP,
  NOISE,
  PAPER_FAMILY,
  RIVAL_METHODS,
  SAMPLE_POOLS,
  TILED_STATES,
  TRAINS,
  WIDE_STATES,
} from '../profile';
import { integer, option } from './options';

/** Circuit parameters and the head's weights and biases. */
export function parameterCount(): i32 {
  return integer(Option.Parameters) + integer(Option.Logits) * (integer(Option.Outputs) + 1);
}

/** Numbers that the model gives per sample: logits, or the bare expectation. */
export function outputWidth(): i32 {
  return max(integer(Option.Logits), 1);
}

/** Labels that a sample may have: classes, of which there are two at least, or the outputs that the energy is chosen from. */
export function labelCount(): i32 {
  const logits = integer(Option.Logits);
  return max(logits > 0 ? logits : integer(Option.Outputs), 2);
}

/** Whether the caller measures the circuits: see engines/caller. */
export function callerMeasures(): bool {
  return CALLER_MEASURES && integer(Option.Answerer) != Answerer.Simulator;
}

/** Fewest qubits of a state that runs over both lanes: no device has room for so many. */
const LEAST_WIDE: i32 = 10;

/** Whether a batch of one sample runs over both lanes. */
export function runsWide(): bool {
  return WIDE_STATES && integer(Option.Batch) == 1 && integer(Option.Qubits) >= LEAST_WIDE;
}

/** A tile of a large state has 2^TILE_BITS rows, 128 KiB, so that two of them stay in a core's own cache. */
export const TILE_BITS: i32 = isDefined(SMALL_TILES) ? 6 : 12;

/** States of 2^LEAST_TILED rows, 8 MiB, or more are large. A test compiles modules with fewer, and with smaller tiles. */
export const LEAST_TILED: i32 = isDefined(SMALL_TILES) ? 7 : 18;

/** Whether states of 2^bits rows are large, so that runs of gates go through them in tiles. */
export function areTiled(bits: i32): bool {
  return bits >= LEAST_TILED && bits <= 2 * TILE_BITS;
}

/** Whether the states of two samples, or of one over both lanes, are. */
export function runsTiled(): bool {
  return TILED_STATES && !callerMeasures() && areTiled(integer(Option.Qubits) - <i32>runsWide());
}

/** Whether circuits with displaced angles are run, from the state before their gate. */
export function displacesAngles(): bool {
  return TRAINS && isDisplacing(integer(Option.Gradient));
}

/** Whether the Heisenberg engine has a sweep in place of those circuits. */
export function sweepsAngles(): bool {
  return DISPLACED_SWEEP && displacesAngles();
}

/** Shots of each circuit with a displaced angle; 0: exact. */
export function displacedShots(): i32 {
  const own = integer(Option.DisplacedShots);
  return own > 0 ? own : integer(Option.Shots);
}

/** Whether a mini-batch is a pool, of which the samples of the gradient are drawn. */
export function drawsSamples(): bool {
  return SAMPLE_POOLS && isPooling(integer(Option.Rule));
}

/** Whether the rule reads what each sample adds to the gradient: see `Buffer.Parts`. */
export function splitsGradient(): bool {
  return PAPER_FAMILY && isPerSample(integer(Option.Rule));
}

/** Whether the rule reads eta'. */
export function reverses(): bool {
  const rule = integer(Option.Rule);
  return isTentative(rule) && !(PAPER_FAMILY && isBacktracking(rule));
}

/** Whether eta' goes by the variance of the observable at theta. */
export function measuresSpread(): bool {
  return PAPER_FAMILY && integer(Option.Reversal) == Reversal.Eq10State && reverses();
}

/** Whether all of a pool are, once each. */
export function drawsAll(): bool {
  return RIVAL_METHODS && integer(Option.Draws) == Draws.All;
}

/** How many are drawn of a pool of so many: all, or half of them, rounded up. */
export function drawnOf(count: i32): i32 {
  return drawsAll() ? count : (count + 1) >> 1;
}

/** Whether the head takes Newton steps, else it goes with the circuit's parameters. */
export function headByNewton(): bool {
  return !RIVAL_METHODS || integer(Option.HeadStep) == HeadStep.Newton;
}

/** Whether the head's sums are rid of what shot noise adds. */
export function removesHeadNoise(): bool {
  const kept = RIVAL_METHODS && integer(Option.HeadNoise) == HeadNoise.Kept;
  return integer(Option.Shots) > 0 && !kept;
}

/** A logit's weights and its bias. */
export function headWidth(): i32 {
  return integer(Option.Outputs) + 1;
}

/** Independent elements of the curvature that a rule keeps: a symmetric matrix for each logit, or one of all parameters. */
export function curvatureElements(): i32 {
  const width = headWidth();
  const count = parameterCount();
  if (readsJacobian()) return (count * (count + 1)) >> 1;
  return drawsSamples() ? integer(Option.Logits) * ((width * (width + 1)) >> 1) : 0;
}

/** Whether the observable is pulled back through the states of the loss. */
export function pullsBack(): bool {
  return isPullingBack(integer(Option.Gradient));
}

/** Whether an exact step in columns pulls a second observable back, for |grad <O>|. */
export function pullsTwice(): bool {
  return pullsBack() && integer(Option.ObservableNorm) != 0;
}

/** Whether the parameters of the last steps are averaged. */
export function isAveraged(): bool {
  return RIVAL_METHODS && option(Option.AveragedShare) > 0;
}

/** Whether the loss along a single angle is measured, all of its sinusoid: see rules/rotosolve.ts. */
export function solvesAngles(): bool {
  return RIVAL_METHODS && integer(Option.Rule) == Rule.Rotosolve;
}

/** Whether displaced circuits get shots by the variance of their derivatives: see rules/gcans.ts. */
export function allotsShots(): bool {
  return RIVAL_METHODS && integer(Option.Rule) == Rule.Gcans;
}

/** Whether the rule reads the derivatives of each sample's output, and keeps a matrix of them: see rules/sfgn.ts. */
export function readsJacobian(): bool {
  return RIVAL_METHODS && integer(Option.Rule) == Rule.Sfgn;
}

/** Whether a step moves a part of the circuit's parameters: see program/blocks.ts. */
export function movesBlocks(): bool {
  return RIVAL_METHODS && (integer(Option.Blocks) > 1 || solvesAngles());
}

/** Whether outputs are extrapolated to zero noise: see measure/extrapolation.ts. */
export function extrapolates(): bool {
  return NOISE && integer(Option.Extrapolation) != Extrapolation.None;
}

/** How many scales of the noise there are. */
export function countScales(): i32 {
  return extrapolates() ? integer(Option.Scales) : 1;
}

/** Reals that an extrapolation keeps: values and slopes of two samples, coefficients and a workspace. */
export function scaledReals(): i32 {
  return extrapolates() ? countScales() * (4 * integer(Option.Outputs) + 5) : 0;
}

/** Whether the readout is calibrated, and its errors inverted: see measure/calibration.ts. */
export function calibrates(): bool {
  return NOISE && integer(Option.CalibrationShots) > 0;
}

/** Whether there is one of both. */
export function mitigates(): bool {
  return extrapolates() || calibrates();
}

/** Reals that a calibration keeps: two errors of every qubit, and what each term's shots say of both lanes. */
export function calibrationReals(): i32 {
  return calibrates() ? 2 * (integer(Option.Qubits) + integer(Option.Terms)) : 0;
}
