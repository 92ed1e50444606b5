/**
 * Block-wise training: a step measures and moves one of K blocks of the circuit's parameters, those that an operation
 * inside the light cone turns by. They are put into a random order, of which the blocks are stretches whose lengths
 * differ by one at most. A sweep goes through all blocks once, and the next one has an order of its own: the seed and the
 * number of the step say which block is next.
 *
 *   n parameters, m = min(K, n) blocks:   step t moves the places [b n div m, (b + 1) n div m),   b = t mod m,
 *                                         of the order of sweep t div m
 */
import { Option } from '../abi/codes';
import { movesBlocks, solvesAngles } from '../memory/configuration';
import { integer } from '../memory/options';
import { clear } from '../memory/reals';
import { Buffer, Field, buffer, field, setField } from '../memory/registers';
import { currentStep } from '../memory/report';
import { Purpose, below, openStream } from '../number/random';
import { RIVAL_METHODS } from '../profile';
import { isTrainable, operation, operationIndex } from './operations';

/** The parameter at a place of the order, which lies behind the rows of the mini-batch. */
function placeAt(place: i32): usize {
  return buffer(Buffer.Indices) + ((<usize>(integer(Option.Batch) + place)) << 2);
}

/** The mark of a parameter that the step moves, behind the order. */
function markOf(parameter: i32): usize {
  return placeAt(integer(Option.Parameters) + parameter);
}

/** Notes the blocks of a sweep, once the light cone is known: the smallest there are have one parameter. */
export function countBlocks(): void {
  const active = field(Field.ActiveParameters);
  const blocks = solvesAngles() ? active : min(integer(Option.Blocks), active);
  setField(Field.Blocks, movesBlocks() ? max(blocks, 1) : 0);
}

/** Whether a step moves a part of the parameters. */
export function inBlocks(): bool {
  return RIVAL_METHODS && field(Field.Blocks) != 0;
}

/** Sweeps before that of the current step: how often its parameters have been moved. */
export function sweepsBefore(): u32 {
  return currentStep() / <u32>max(field(Field.Blocks), 1);
}

/** Marks the block of the current step. */
export function drawBlock(): void {
  if (!inBlocks()) return;
  const parameters = integer(Option.Parameters);
  const marks = markOf(0);
  const end = markOf(parameters);
  clear(marks, end);
  for (let i = field(Field.ActiveOperations) - 1; i >= 0; i--) {
    const record = operation(i);
    if (isTrainable(record)) store<i32>(markOf(operationIndex(record)), 1);
  }
  let count = 0;
  for (let i = 0; i < parameters; i++) if (load<i32>(markOf(i)) != 0) store<i32>(placeAt(count++), i);
  clear(marks, end);
  // Fisher and Yates, from the end.
  openStream(Purpose.Partition, sweepsBefore(), 0, 0);
  for (let last = count - 1; last > 0; last--) {
    const chosen = placeAt(<i32>below(last + 1));
    const parameter = load<i32>(chosen);
    store<i32>(chosen, load<i32>(placeAt(last)));
    store<i32>(placeAt(last), parameter);
  }
  const blocks = field(Field.Blocks);
  const block = <i32>(currentStep() % <u32>blocks);
  const next = ((block + 1) * count) / blocks;
  for (let place = (block * count) / blocks; place < next; place++)
    store<i32>(markOf(load<i32>(placeAt(place))), 1);
}

/** Whether the current step moves a parameter: those of the head it always does. */
export function isMoved(parameter: i32): bool {
  if (!RIVAL_METHODS) return true;
  return !inBlocks() || parameter >= integer(Option.Parameters) || load<i32>(markOf(parameter)) != 0;
}

/** Whether the current step displaces an operation's angle. */
export function isMovedBy(record: usize): bool {
  if (!RIVAL_METHODS) return isTrainable(record);
  return isTrainable(record) && isMoved(operationIndex(record));
}

/** Angles of operations [first, end) that the current step displaces. */
export function countMoved(first: i32, end: i32): i32 {
  let count = 0;
  for (let i = first; i < end; i++) if (isMovedBy(operation(i))) count++;
  return count;
}

/** decay^k */
export function powerOf(decay: real, k: u32): real {
  let power: real = 1;
  for (; k > 0; k >>= 1) {
    if ((k & 1) != 0) power *= decay;
    decay *= decay;
  }
  return power;
}
