/**
 * The way through a noisy circuit: positions in time order, and the operation that is run at each. A circuit folded to the
 * scale 2k + 1 is U (U* U)^k, so that its noise is that much stronger and nothing else has changed: its way has 2k + 1
 * passes, every second of which undoes the gates, last gate first. Noise is not undone: it is that of the gate that is
 * run, and comes behind it as ever.
 */
import { Channel } from '../../abi/codes';
import { countScales } from '../../memory/configuration';
import { Field, field } from '../../memory/registers';
import { isChannel } from '../../program/channels';
import {
  countAngles,
  operation,
  operationGate,
  operationIndex,
  operationKind,
  setOperationGate,
} from '../../program/operations';

/** Passes of the way at the current scale. */
function passes(): i32 {
  return 2 * field(Field.Scale) + 1;
}

/** Positions of the way. */
export function walkLength(): i32 {
  return field(Field.ActiveOperations) * passes();
}

/** The pass that a position is in. */
export function passOf(position: i32): i32 {
  return position / field(Field.ActiveOperations);
}

/** The last pass, behind which it is measured. */
export function lastPass(): i32 {
  return passes() - 1;
}

/** Whether the operation at a position is undone there. */
export function isUndone(position: i32): bool {
  return (passOf(position) & 1) != 0;
}

/** The operation at a position. */
export function walkOperation(position: i32): i32 {
  const place = position % field(Field.ActiveOperations);
  return isUndone(position) ? <i32>operationGate(operation(place)) : place;
}

/** Whether the operation at a position is what is read wrong, and not in the last pass: nothing is measured before. */
export function isReadLater(position: i32): bool {
  if (passOf(position) == lastPass()) return false;
  return operationKind(operation(walkOperation(position))) == Channel.Readout;
}

/** Trainable angles of the whole way. */
export function walkAngles(): i32 {
  return countAngles(0, field(Field.ActiveOperations)) * passes();
}

/** Trainable angles of the way at the largest scale. */
export function mostAngles(): i32 {
  return countAngles(0, field(Field.ActiveOperations)) * (2 * countScales() - 1);
}

/** Whether the operation is a channel, behind a gate. */
function isNoise(index: i32): bool {
  return isChannel(operationKind(operation(index)));
}

/**
 * Notes in which order a pass that undoes goes: gates from the last to the first, each followed by its channels as they
 * stand. A channel says of how many operations its gate is made. It is noted where compiling had the numbers of gates,
 * which are no longer needed: every operation is one.
 */
export function orderUndone(): void {
  const count = field(Field.ActiveOperations);
  let place = 0;
  for (let end = count; end > 0;) {
    let channels = end;
    while (channels > 0 && isNoise(channels - 1)) channels--;
    // Operations of the gate whose channels these are; without any, one.
    const span = channels < end ? max(operationIndex(operation(channels)), 1) : 1;
    let first = channels;
    while (first > 0 && channels - first < span && !isNoise(first - 1)) first--;
    for (let i = channels - 1; i >= first; i--) setOperationGate(operation(place++), i);
    for (let i = channels; i < end; i++) setOperationGate(operation(place++), i);
    end = first;
  }
}
