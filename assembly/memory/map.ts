/**
 * The memory map: every buffer of the core, in its order; sizes.ts has the formulas.
 *
 *   [fixed block][ arena ............................................................... ]
 *    options      program | training | mini-batch | angles, states; images between steps
 *
 * The fixed block has a compile-time address. The arena is laid out once by `init` and nothing is
 * allocated afterwards. `plan` walks the same map without touching memory.
 */
import { Option, Status } from '../abi/codes';
import { COLUMN_ENGINES, MEMORY_GROWS, RIVAL_METHODS, SAMPLE_POOLS } from '../profile';
import { consistent } from './configure';
import { integer } from './options';
import { clear, move } from './reals';
import { Buffer, Field, QUBITS, Stage, buffer, clearFields, field, setBuffer, setField } from './registers';
import {
  IMAGE_HEADER_BYTES,
  REPORT_BYTES,
  averageBytes,
  bytesOf,
  checkpointBytes,
  imageBytes,
  residualBytes,
  workBytes,
} from './sizes';

/** First address behind the fixed block. */
function arenaBase(): usize {
  return (__heap_base + 15) & ~15;
}

/**
 * Walks the map; with `commit`, records every address. Angles and work area, the last of the arena, double
 * as the image area. No size overflows within the limits of the options.
 * @returns the end of the arena, which is the number of bytes of linear memory in use
 */
function layOut(commit: bool): usize {
  let at = arenaBase();
  // In the end, where the angles begin.
  let image = at;
  for (let name: i32 = 0; name < Buffer.State; name++) {
    image = at;
    if (commit) setBuffer(name, at);
    at = (at + bytesOf(name) + 15) & ~15;
  }
  if (commit) {
    setBuffer(Buffer.State, at);
    const parameters = buffer(Buffer.Persistent) + IMAGE_HEADER_BYTES + REPORT_BYTES;
    const bytes = bytesOf(Buffer.Gradient);
    setBuffer(Buffer.Parameters, parameters);
    setBuffer(Buffer.Active, parameters);
    setBuffer(Buffer.FirstMoment, parameters + bytes);
    setBuffer(Buffer.SecondMoment, parameters + 2 * bytes);
    if (SAMPLE_POOLS) setBuffer(Buffer.MeanCurvature, parameters + 3 * bytes);
    // They end what a checkpoint holds.
    if (RIVAL_METHODS) {
      const average = buffer(Buffer.Persistent) + checkpointBytes() - averageBytes();
      setBuffer(Buffer.Average, average);
      setBuffer(Buffer.Residuals, average - residualBytes());
    }
  }
  return max<usize>(at + workBytes(), (image + imageBytes() + 15) & ~15);
}

/**
 * Bytes of linear memory that this configuration uses, before anything is touched.
 * @returns `Status.BadCombination` when the options contradict one another, or one that cannot be 0 was never set
 */
export function plan(): i32 {
  if (!consistent()) return Status.BadCombination;
  return <i32>layOut(false);
}

/** Bytes of linear memory present. The fixed-size builds never ask, so that a runtime may shrink the page. */
function memoryBytes(): usize {
  return MEMORY_GROWS ? (<usize>memory.size()) << 16 : 65536;
}

/** Makes room for `bytes` of linear memory if this build may grow. */
function reserve(bytes: usize): bool {
  const present = memoryBytes();
  if (bytes <= present) return true;
  if (MEMORY_GROWS) return memory.grow(<i32>((bytes - present + 0xffff) >> 16)) >= 0;
  return false;
}

/**
 * Lays the arena out and clears it. An image of `keep` bytes waiting at the old image address is
 * carried over to the new one.
 */
export function layOutArena(keep: usize): i32 {
  if (!consistent()) return Status.BadCombination;
  const end = layOut(false);
  const held = imageAddress();
  if (!reserve(end)) return Status.OutOfMemory;
  layOut(true);
  const work = buffer(Buffer.Angles);
  if (keep > end - work) return Status.BadLength;
  move(work, held, keep);
  clear(arenaBase(), work);
  clear((work + keep + 3) & ~3, end);
  clearFields();
  if (COLUMN_ENGINES) {
    const qubits = integer(Option.Qubits);
    for (let bit = 0; bit < qubits; bit++) store<u8>(QUBITS + bit, <u8>(qubits - 1 - bit));
  }
  setField(Field.Stage, Stage.Building);
  return Status.Ok;
}

/** Ok between steps of a compiled program, else NotReady or Busy. */
export function unready(): i32 {
  if (field(Field.Stage) != Stage.Compiled) return Status.NotReady;
  return field(Field.Phase) != 0 ? Status.Busy : Status.Ok;
}

/** Where images are written and read: angles and states, or the start of the arena before `init`. */
export function imageAddress(): usize {
  if (field(Field.Stage) == Stage.Configuring) return arenaBase();
  return buffer(Buffer.Angles);
}

/** Bytes of the image area: up to what a laid-out engine keeps, or to the end of the arena. */
export function imageCapacity(): i32 {
  if (field(Field.Stage) == Stage.Configuring) return <i32>(memoryBytes() - imageAddress());
  const kept: usize = COLUMN_ENGINES ? <usize>field(Field.LastingFrom) : 0;
  return <i32>((kept != 0 ? kept : layOut(false)) - imageAddress());
}

/**
 * Lays out and clears the arena for the options as they are.
 * @returns BadCombination, OutOfMemory
 */
export function init(): i32 {
  return layOutArena(0);
}
