/**
 * Block-wise training: a step measures and moves a block of the circuit's parameters, those that an operation inside
 * the light cone turns by, divided at random into blocks that hardly differ in size. A sweep goes through all blocks
 * once; the next one divides anew. Which they are follows from the seed and the number of the step alone.
 *
 *   n parameters in m = ceil(n / K) blocks, the smallest first:   step t is block t mod m of sweep t div m
 */
import { Option } from '../abi/codes';
import { blockSize } from '../memory/configuration';
import { integer } from '../memory/options';
import { Buffer, Field, buffer, field, setField } from '../memory/registers';
import { currentStep } from '../memory/report';
import { Purpose, below, openStream } from '../number/random';
import { isTrainable, operation, operationIndex } from './operations';

/** No block: no operation that the observable can see turns by it. */
const NONE = -1;

function orderOf(place: i32): usize {
  return buffer(Buffer.Blocks) + ((<usize>place) << 2);
}

/** The place where the block of a parameter is kept, behind the order. */
function blockOf(parameter: i32): usize {
  return orderOf(integer(Option.Parameters) + parameter);
}

/** Parameters inside the light cone, in their order. @returns how many there are */
function listActive(): i32 {
  const parameters = integer(Option.Parameters);
  for (let i = 0; i < parameters; i++) store<i32>(blockOf(i), NONE);
  const operations = field(Field.ActiveOperations);
  for (let i = 0; i < operations; i++) {
    const record = operation(i);
    if (isTrainable(record)) store<i32>(blockOf(operationIndex(record)), 0);
  }
  let count = 0;
  for (let i = 0; i < parameters; i++) if (load<i32>(blockOf(i)) != NONE) store<i32>(orderOf(count++), i);
  return count;
}

/** Divides the parameters for the sweep that the current step is in: Fisher and Yates, from the end. */
export function drawBlocks(): void {
  const size = blockSize();
  if (size == 0) return;
  const count = listActive();
  const blocks = max((count + size - 1) / size, 1);
  const sweep = currentStep() / <u32>blocks;
  setField(Field.BlockSweep, <i32>sweep);
  setField(Field.Block, <i32>(currentStep() % <u32>blocks));
  openStream(Purpose.Partition, sweep, 0, 0);
  for (let last = count - 1; last > 0; last--) {
    const chosen = <i32>below(last + 1);
    const parameter = load<i32>(orderOf(chosen));
    store<i32>(orderOf(chosen), load<i32>(orderOf(last)));
    store<i32>(orderOf(last), parameter);
  }
  for (let place = 0; place < count; place++) {
    // From the end, so that what is left over goes to the last blocks.
    const block = blocks - 1 - ((count - 1 - place) * blocks) / count;
    store<i32>(blockOf(load<i32>(orderOf(place))), block);
  }
}

/** Whether the current step moves a parameter. */
export function isMoved(parameter: i32): bool {
  if (blockSize() == 0 || parameter >= integer(Option.Parameters)) return true;
  return load<i32>(blockOf(parameter)) == field(Field.Block);
}

/** Whether the current step displaces an operation's angle. */
export function isMovedBy(record: usize): bool {
  return isTrainable(record) && isMoved(operationIndex(record));
}

/** Angles of operations [first, end) that the current step displaces. */
export function countMoved(first: i32, end: i32): i32 {
  let count = 0;
  for (let i = first; i < end; i++) if (isMovedBy(operation(i))) count++;
  return count;
}

/** decay^k, with k how often the parameters of the current block have been moved before this step, and `more`. */
export function sweepPower(decay: real, more: u32): real {
  let power: real = 1;
  for (let k = <u32>field(Field.BlockSweep) + more; k > 0; k >>= 1) {
    if ((k & 1) != 0) power *= decay;
    decay *= decay;
  }
  return power;
}
