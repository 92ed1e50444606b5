/** How many bytes everything takes, as the options stand. No size overflows within their limits. */
import { Encoding, Engine, Option, REPORT_COUNT, Rule } from '../abi/codes';
import { isLaidOut, isMadeOfPasses, ruleVectors } from '../abi/traits';
import { COLUMN_ENGINES, NOISE, SAMPLE_POOLS, SAMPLE_TARGETS } from '../profile';
import {
  TILE_BITS,
  allotsShots,
  calibrationReals,
  callerMeasures,
  curvatureElements,
  displacesAngles,
  drawnOf,
  drawsSamples,
  headWidth,
  isAveraged,
  mitigates,
  movesBlocks,
  outputWidth,
  parameterCount,
  readsJacobian,
  runsTiled,
  runsWide,
  scaledReals,
  splitsGradient,
} from './configuration';
import { integer, optionsWritten } from './options';
import { PAIR, REAL, ROW } from './reals';
import { Buffer } from './registers';

/** Operation and gate records: see program/operations.ts. */
export const OPERATION_BYTES: usize = 8 + 2 * REAL;
export const GATE_BYTES: usize = 2;
/** Pauli term record: see program/observable.ts. */
export const TERM_BYTES: usize = 32;
/** Cosine and sine of half an operation's angle. */
export const ANGLE_BYTES: usize = 2 * REAL;

/** Header of every image: magic, version | kind | precision, length, checksum, configuration, 0. */
export const IMAGE_HEADER_BYTES: usize = 24;
/** The report, persistent, `REPORT_COUNT` 64-bit floats. */
export const REPORT_BYTES: usize = 8 * REPORT_COUNT;

/** Bytes of the counts of all outcomes of two samples, u32 each: see measure/counts.ts. */
export function countsBytes(bits: usize): usize {
  return (<usize>8) << bits;
}

/** Bytes of a tile of a large state, and of what a run of gates keeps of each of them: see program/runs.ts. */
export const TILE_BYTES: usize = ROW << TILE_BITS;
export const RUN_GATE_BYTES: usize = 8 * PAIR;

/** Bytes of two tiles and of a run, a permutation and at most a gate a qubit; none where states are not large. */
export function tilesBytes(): usize {
  return runsTiled() ? 2 * TILE_BYTES + <usize>(integer(Option.Qubits) + 1) * RUN_GATE_BYTES : 0;
}

/** States of two samples at work: `Buffer.State`, `Partner` and `Scratch`; with displaced angles `Kept` too. */
export function statesAtWork(): usize {
  return displacesAngles() ? 4 : 3;
}

/** Bytes of the work area: at least all states of two samples, tiles of them, and angles for each of the samples. */
export function workBytes(): usize {
  let least: usize = ((statesAtWork() * ROW) << (<usize>integer(Option.Qubits))) >> (<usize>runsWide());
  least += tilesBytes();
  if (integer(Option.Encoding) == Encoding.Zero) least += secondAngleBytes();
  if (callerMeasures()) least = countsBytes(<usize>integer(Option.Qubits));
  // Where the laid-out engines are asked for by name, nothing is kept for the samples.
  if (COLUMN_ENGINES && isLaidOut(integer(Option.Engine))) least = 0;
  return max<usize>(least, (<usize>integer(Option.Workspace)) & ~3);
}

/** Bytes of the angles of a second lane, where features drive some. */
export function secondAngleBytes(): usize {
  return (<usize>integer(Option.Operations) * ANGLE_BYTES + 15) & ~15;
}

/** Bytes of a curvature, where the rule keeps one: see loss/head-sums.ts, rules/sfgn.ts. */
export function curvatureBytes(): usize {
  return SAMPLE_POOLS ? <usize>curvatureElements() * REAL : 0;
}

/** Bytes of the averaged parameters, and of how many steps they are of: see train/average.ts. */
export function averageBytes(): usize {
  return isAveraged() ? <usize>(parameterCount() + 1) * REAL : 0;
}

/** Bytes of a checkpoint: header, report, parameters, what the rule keeps, and the average. */
export function checkpointBytes(): usize {
  return (
    IMAGE_HEADER_BYTES +
    REPORT_BYTES +
    <usize>parameterCount() * REAL * (1 + ruleVectors(integer(Option.Rule))) +
    curvatureBytes() +
    averageBytes()
  );
}

/** Options that every image has room for. Later ones take room only where they are set, so that they move nothing. */
const FIRST_OPTIONS: i32 = 31;

/** Upper bound: every operation with its own scale and offset. See model/images.ts for the layout. */
function modelBytes(): usize {
  const records = integer(Option.Operations) + integer(Option.Terms) + 1;
  const options = max(optionsWritten(), FIRST_OPTIONS);
  return IMAGE_HEADER_BYTES + <usize>(8 * (options + parameterCount()) + 24 * records);
}

/** Bytes of the larger of the two images. */
export function imageBytes(): usize {
  return max<usize>(checkpointBytes(), modelBytes());
}

/** Bytes of a buffer with a place of its own in the map. */
export function bytesOf(name: i32): usize {
  const operations = <usize>integer(Option.Operations);
  const batch = <usize>integer(Option.Batch);
  switch (name) {
    case Buffer.Operations:
      return operations * OPERATION_BYTES;
    case Buffer.Gates:
      return (operations + 1) * GATE_BYTES;
    case Buffer.Terms:
      return <usize>integer(Option.Terms) * TERM_BYTES;
    case Buffer.Angles:
      return operations * ANGLE_BYTES;
    case Buffer.Persistent:
      return checkpointBytes();
    case Buffer.Gradient:
      return <usize>parameterCount() * REAL;
    case Buffer.ObservableGradient:
      return <usize>integer(Option.Parameters) * REAL;
    case Buffer.Displaced:
      if (readsJacobian()) return 2 * <usize>parameterCount() * REAL;
      return isMadeOfPasses(integer(Option.Gradient)) || drawsSamples() || allotsShots()
        ? <usize>parameterCount() * REAL
        : 0;
    case Buffer.Curvature:
      return curvatureBytes();
    case Buffer.Parts:
      if (NOISE && mitigates()) return <usize>(scaledReals() + calibrationReals()) * REAL;
      return splitsGradient() || readsJacobian() ? batch * <usize>parameterCount() * REAL : 0;
    case Buffer.Factor:
      return curvatureElements() > 0 ? <usize>((headWidth() * (headWidth() + 1)) >> 1) * REAL : 0;
    case Buffer.Pool:
      return drawsSamples() ? batch * <usize>integer(Option.Outputs) * REAL : 0;
    case Buffer.Drawn:
      return drawsSamples() ? <usize>drawnOf(<i32>batch) * 4 : 0;
    case Buffer.Shares:
      if (readsJacobian()) return 2 * batch * REAL;
      return drawsSamples() ? <usize>drawnOf(<i32>batch) * REAL : 0;
    case Buffer.Features:
      return batch * <usize>integer(Option.Features) * REAL;
    case Buffer.Outputs:
      return batch * <usize>outputWidth() * REAL;
    case Buffer.Expectations:
      return <usize>integer(Option.Outputs) * PAIR;
    case Buffer.OutputWeights:
      return batch * <usize>integer(Option.Outputs) * REAL;
    case Buffer.Slopes:
      return batch * REAL;
    case Buffer.Targets:
      return SAMPLE_TARGETS && integer(Option.Targets) != 0 ? batch * REAL : 0;
    case Buffer.Weights:
      return SAMPLE_TARGETS && integer(Option.Weights) != 0 ? batch * REAL : 0;
    case Buffer.Indices:
      if (movesBlocks()) return batch * 4 + <usize>integer(Option.Parameters) * 8;
    // Else as many as labels.
    case Buffer.Labels:
      return batch * 4;
    default:
      return 0;
  }
}
