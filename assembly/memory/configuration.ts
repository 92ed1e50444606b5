/** What the options amount to, wherever more than one file asks. */
import { Answerer, Gradient, Option } from '../abi/codes';
import { isDisplacing, isPooling, isPullingBack } from '../abi/traits';
import {
  CALLER_MEASURES,
  DISPLACED_SWEEP,
  SAMPLE_POOLS,
  TILED_STATES,
  TRAINS,
  WIDE_STATES,
} from '../profile';
import { integer } from './options';

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

/** How many are drawn of a pool of so many: half of them, rounded up. */
export function drawnOf(count: i32): i32 {
  return (count + 1) >> 1;
}

/** A logit's weights and its bias. */
export function headWidth(): i32 {
  return integer(Option.Outputs) + 1;
}

/** Independent elements of the head's curvature: a symmetric matrix for each logit. */
export function curvatureElements(): i32 {
  const width = headWidth();
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
