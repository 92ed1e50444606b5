/**
 * The states that the way back meets: one behind every trainable angle of a pair's way forward. Where all of them would
 * take too much room, the angles are divided into segments: of each but the last the state before it is kept, and the
 * way back runs it again when it gets there. T angles in segments of sqrt T keep 2 sqrt T states.
 *
 * Layout, in `Buffer.KeptStates`: the states of one segment, then those before the segments.
 */
import { copyVector, pairBytes } from '../../kernels/pauli-pairs';
import { Buffer, Field, buffer, field, setField } from '../../memory/registers';
import { isTrainable, operation } from '../../program/operations';
import { walkAngles, walkOperation } from './walk';

/** Bytes up to which all states are kept. */
const ALL_BYTES: f64 = 16777216;

/** Angles of a segment, for so many angles and states of so many bytes. */
export function segmentAngles(angles: i32, bytes: f64): i32 {
  if (<f64>angles * bytes <= ALL_BYTES) return max(angles, 1);
  return <i32>ceil<f64>(sqrt<f64>(<f64>angles));
}

export function segmentOf(angle: i32): i32 {
  return angle / field(Field.SegmentAngles);
}

export function lastSegment(): i32 {
  return segmentOf(max(walkAngles() - 1, 0));
}

/** States that are kept of a way forward with so many angles in segments of so many. */
export function keptStates(angles: i32, segment: i32): i32 {
  return segment + max(angles - 1, 0) / segment;
}

function place(index: i32): usize {
  return buffer(Buffer.KeptStates) + <usize>index * pairBytes(field(Field.RowBits));
}

/** The state behind an angle of the segment that is at hand. */
export function keptState(angle: i32): usize {
  return place(angle % field(Field.SegmentAngles));
}

/** The state before a segment. */
function before(segment: i32): usize {
  return place(field(Field.SegmentAngles) + segment);
}

/**
 * Keeps the state before or behind an angle, as far as it is wanted: before the first one of each segment but the last,
 * behind those of the last and of a segment that runs again.
 */
export function keepState(angle: i32, behind: bool): void {
  const segment = segmentOf(angle);
  const sites = <u32>field(Field.RowBits);
  const state = buffer(Buffer.State);
  const isLast = segment == lastSegment();
  if (behind) {
    if (isLast || field(Field.ReplayEnd) != 0) copyVector(keptState(angle), state, sites);
  } else if (!isLast && angle % field(Field.SegmentAngles) == 0) {
    copyVector(before(segment), state, sites);
  }
}

/** Lets the segment of an angle, its last, run again, up to the operation of that angle. */
export function replayStart(angle: i32, position: i32): void {
  const segment = segmentOf(angle);
  const first = segment * field(Field.SegmentAngles);
  let from = position;
  for (let left = angle - first; left > 0;) if (isTrainable(operation(walkOperation(--from)))) left--;
  copyVector(buffer(Buffer.State), before(segment), field(Field.RowBits));
  setField(Field.ReplayPosition, from);
  setField(Field.ReplayAngle, first);
  setField(Field.ReplayEnd, position + 1);
  setField(Field.KeptSegment, segment);
}

/** Whether the operation at a position was the last that runs again. */
export function isReplayed(position: i32): bool {
  if (position + 1 != field(Field.ReplayEnd)) return false;
  setField(Field.ReplayEnd, 0);
  return true;
}
