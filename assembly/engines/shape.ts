/** The shapes of the engines' states, and how each divides the work area. */
import { Engine, Option } from '../abi/codes';
import {
  callerMeasures,
  displacesAngles,
  pullsBack,
  pullsTwice,
  runsWide,
  sweepsAngles,
} from '../memory/configuration';
import { integer } from '../memory/options';
import { PAIR, REAL, ROW } from '../memory/reals';
import { Buffer, Field, buffer, field, setBuffer, setField } from '../memory/registers';
import { isHeisenberg } from '../memory/shape';
import { countsBytes, imageBytes, secondAngleBytes, statesAtWork, tilesBytes } from '../memory/sizes';
import { COLUMN_ENGINES, TILED_STATES, WIDE_STATES } from '../profile';
import { countAngles } from '../program/operations';
import { keptStates, segmentAngles } from './noisy/kept';
import { mostAngles } from './noisy/walk';

/** A turn of Bloch vectors, 3 by 3. */
export const TURN_BYTES: usize = 9 * REAL;

/** Columns in whole pairs: the length of a row of a matrix over them. */
export function matrixWidth(): i32 {
  return (field(Field.Columns) + 1) & ~1;
}

/** Bytes of one matrix over the columns, [column][column]. */
export function matrixBytes(): usize {
  return <usize>matrixWidth() * <usize>matrixWidth() * REAL;
}

/** Whether products of columns are kept of laid-out samples: see columns/layout.ts. */
export function isPacked(): bool {
  return isHeisenberg() && (sweepsAngles() || symmetricElements() <= 2 << field(Field.FeatureBits));
}

/** Bytes of a laid-out pair of samples, [block][column]{lane 0, lane 1} or as products, and of their weights behind it. */
export function samplePairBytes(): usize {
  const laid: usize = PAIR << field(Field.FeatureBits);
  return PAIR + (isPacked() ? max(laid, <usize>symmetricElements() * PAIR) : laid);
}

/** Independent elements of a symmetric matrix over the columns. */
export function symmetricElements(): i32 {
  const columns = field(Field.Columns);
  return (columns * (columns + 1)) >> 1;
}

/** Lanes of the Heisenberg engine's sweep for displaced angles: those elements, in whole pairs. */
export function displacedLanes(): i32 {
  return (symmetricElements() + 1) & ~1;
}

/** Bytes of that sweep's workspace: see heisenberg/displaced-steps.ts. */
export const DISPLACED_WORK_BYTES: usize = 32 * REAL;

/** Bytes of what the sweep leaves: see heisenberg/displaced-values.ts. */
function displacedBytes(): f64 {
  const angles = <f64>countAngles(0, field(Field.ActiveOperations));
  const values = 2 * angles * <f64>field(Field.TermCount) * <f64>displacedLanes() * <f64>REAL;
  return <f64>DISPLACED_WORK_BYTES + values;
}

/** Sums over a data set beside those of products. */
export const DATA_SET_TOTALS: i32 = 4;

/** Bytes of the moments of a data set: see model/data-set-loss.ts. */
function dataSetBytes(): f64 {
  const elements = <f64>symmetricElements();
  return (
    ceil<f64>(<f64>REAL * (DATA_SET_TOTALS + 3 * elements + 0.5 * elements * (elements + 1)) * 0.0625) * 16
  );
}

/** Pairs of samples in a full mini-batch. */
export function batchPairs(): f64 {
  return <f64>((integer(Option.Batch) + 1) >> 1);
}

/** Blocks of a sample that no observable connects: one per pattern of its hidden feature bits. */
export function blocks(): f64 {
  return <f64>((<u32>1) << (field(Field.FeatureBits) - field(Field.ColumnBits)));
}

/** The shape of states that hold two samples, and where they lie. @returns bytes of work area */
export function shapeSamples(linear: bool): f64 {
  const wide = runsWide();
  // Who asks a caller for counts has no states.
  const state: usize = callerMeasures() ? 0 : (ROW << integer(Option.Qubits)) >> (<usize>wide);
  const first = buffer(Buffer.State);
  if (WIDE_STATES) setField(Field.Wide, <i32>wide);
  if (COLUMN_ENGINES) setField(Field.LastingFrom, 0);
  setField(Field.Engine, Engine.Samples);
  setField(Field.RowBits, integer(Option.Qubits));
  if (COLUMN_ENGINES) setField(Field.Stride, <i32>ROW);
  setBuffer(Buffer.Partner, first + state);
  setBuffer(Buffer.Scratch, first + 2 * state);
  setBuffer(Buffer.Kept, first + 3 * state);
  let end = first + statesAtWork() * state;
  if (TILED_STATES) setBuffer(Buffer.Tiles, end);
  end += tilesBytes();
  if (callerMeasures()) return <f64>countsBytes(<usize>integer(Option.Qubits));
  setField(Field.SecondAngles, linear ? 0 : <i32>(end - buffer(Buffer.Angles)));
  if (!linear) end += secondAngleBytes();
  return <f64>(end - first);
}

/** The shape of the noisy engine's mixed states, and where everything lies. @returns bytes of work area */
export function shapeMixed(linear: bool): f64 {
  const qubits = integer(Option.Qubits);
  // Of many qubits more than an address can say.
  const strings = <f64>((<u32>1) << qubits) * <f64>((<u32>1) << qubits);
  const vector = strings * <f64>PAIR;
  const angles = mostAngles();
  const segment = segmentAngles(angles, vector);
  const kept = pullsBack() ? <f64>keptStates(angles, segment) : 0;
  // Probabilities of two samples, and what is drawn of them: as much as a state takes.
  const rows = <f64>(ROW << qubits);
  let end: f64 = buffer(Buffer.State);
  setField(Field.Engine, Engine.Noisy);
  setField(Field.Wide, 0);
  setField(Field.LastingFrom, 0);
  setField(Field.RowBits, qubits);
  setField(Field.Stride, <i32>ROW);
  setField(Field.SegmentAngles, segment);
  for (let name: i32 = Buffer.State; name <= Buffer.KeptStates; name++) {
    setBuffer(name, <usize>min<f64>(end, 4294967295.0));
    if (name == Buffer.State || name == Buffer.Partner) end += vector;
    else if (name == Buffer.Scratch) end += ceil<f64>(rows * 0.0625) * 16;
    else if (name == Buffer.KeptStates) end += kept * vector;
  }
  setField(Field.SecondAngles, linear ? 0 : <i32>min<f64>(end - <f64>buffer(Buffer.Angles), 2147483647.0));
  if (!linear) end += <f64>secondAngleBytes();
  return end - <f64>buffer(Buffer.State);
}

/** The shape of the states of trajectories, and where everything lies. @returns bytes of work area */
export function shapeTrajectories(linear: bool): f64 {
  const qubits = <usize>integer(Option.Qubits);
  const state = ROW << qubits;
  const first = buffer(Buffer.State);
  setField(Field.Engine, Engine.Trajectories);
  setField(Field.Wide, 0);
  setField(Field.LastingFrom, 0);
  setField(Field.RowBits, <i32>qubits);
  setField(Field.Stride, <i32>ROW);
  setBuffer(Buffer.Scratch, first + state);
  setBuffer(Buffer.Kept, first + 2 * state);
  setBuffer(Buffer.Outcomes, first + 3 * state);
  let end = first + 3 * state + countsBytes(qubits);
  setField(Field.SecondAngles, linear ? 0 : <i32>(end - buffer(Buffer.Angles)));
  if (!linear) end += secondAngleBytes();
  return <f64>(end - first);
}

/**
 * Where the buffers of a laid-out batch lie, behind states of so many bytes. What has to last comes after all
 * else, and after the longest image, which is written over the rest.
 * @param steps bytes of the Heisenberg engine's lists
 * @returns bytes of work area
 */
function divide(state: f64, steps: f64): f64 {
  const matrix = <f64>matrixWidth() * <f64>matrixWidth() * <f64>REAL;
  const turns = isHeisenberg() ? <f64>((<usize>field(Field.GateCount) * TURN_BYTES + 15) & ~15) : 0;
  setField(Field.SecondAngles, 0);
  setField(Field.Wide, 0);
  let end: f64 = buffer(Buffer.State);
  for (let name: i32 = Buffer.State; name <= Buffer.Steps; name++) {
    // Single precision has sizes that are not a multiple of this.
    end = ceil<f64>(end * 0.0625) * 16;
    if (name == Buffer.Places) {
      // Counted from the states, so that single precision never needs more than double.
      end = max<f64>(end, <f64>((buffer(Buffer.State) + imageBytes() + 15) & ~15));
      setField(Field.LastingFrom, <i32>min<f64>(end, 2147483647.0));
    }
    setBuffer(name, <usize>min<f64>(end, 4294967295.0));
    if (name == Buffer.Second) end += pullsTwice() || (displacesAngles() && !isHeisenberg()) ? state : 0;
    else if (name == Buffer.Partner) end += !isHeisenberg() ? state : sweepsAngles() ? displacedBytes() : 0;
    else if (name <= Buffer.Scratch) end += state;
    else if (name == Buffer.Samples) end += (batchPairs() + <f64>(<i32>isPacked())) * <f64>samplePairBytes();
    else if (name == Buffer.Matrices) end += <f64>field(Field.TermCount) * matrix;
    else if (name == Buffer.Mixture) end += matrix;
    else if (name == Buffer.Turns) end += turns;
    else if (name == Buffer.Places) end += <f64>((4 * integer(Option.Features) + 15) & ~15);
    else if (name == Buffer.DataSet) end += integer(Option.Moments) != 0 ? dataSetBytes() : 0;
    else end += steps;
  }
  return end - <f64>buffer(Buffer.State);
}

/** The shape of states that hold all columns, and where everything lies. @returns bytes of work area */
export function shapeColumns(): f64 {
  setField(Field.Engine, Engine.Columns);
  setField(Field.RowBits, popcnt<u32>(field(Field.VisibleBits)));
  setField(Field.Stride, (matrixWidth() >> 1) * <i32>ROW);
  return divide(<f64>field(Field.Stride) * <f64>((<u32>1) << field(Field.RowBits)), 0);
}

/** Where the Pauli vectors and everything else lie. @param state bytes of the longest vector @returns bytes of work area */
export function shapeHeisenberg(state: f64, steps: f64): f64 {
  setField(Field.Engine, Engine.Heisenberg);
  setField(Field.RowBits, popcnt<u32>(field(Field.VisibleBits)));
  setField(Field.Stride, <i32>ROW);
  // The sweep for displaced angles has two lanes.
  return divide(max<f64>(state, 16) * (sweepsAngles() ? 2 : 1), steps);
}
