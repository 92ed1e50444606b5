// What test/assembly/measure/outcomes.test.ts compiles, in either precision, with SIMD and without: outcomes of
// probabilities of its choice, and sums of signs of them.
import { Option } from '../../../assembly/abi/codes';
import { odd } from '../../../assembly/kernels/state';
import { drawAtOnce, isDrawnAtOnce, signSumAtOnce } from '../../../assembly/measure/at-once';
import { accumulate, outcome, shotWord } from '../../../assembly/measure/outcomes';
import { setOption } from '../../../assembly/memory/options';
import { at, put } from '../../../assembly/memory/reals';
import { Buffer, Field, clearFields, field, setBuffer, setField } from '../../../assembly/memory/registers';
import { Purpose } from '../../../assembly/number/random';

const SCRATCH: usize = memory.data(8192, 16);
const ROWS: usize = memory.data(160, 16);

/** A pair of samples, or one, whose states have 2^bits rows. */
export function begin(seed: f64, bits: i32, shots: i32, samples: i32): void {
  setOption(Option.SeedLow, seed);
  clearFields();
  setBuffer(Buffer.Scratch, SCRATCH);
  setField(Field.RowBits, bits);
  setField(Field.Shots, shots);
  setField(Field.Count, samples);
  setField(Field.Purpose, Purpose.Train);
}

export function setChance(lane: i32, row: i32, chance: f64): void {
  put(SCRATCH, 2 * row + lane, <real>chance);
}

/** Whether the shots are drawn at once. */
export function isAtOnce(): bool {
  return isVector<lanes>() && isDrawnAtOnce();
}

/** Draws all shots of a step, of both samples, from the probabilities that were set for it. */
export function draw(step: u32, shots: i32): void {
  accumulate();
  if (isVector<lanes>() && isDrawnAtOnce()) {
    drawAtOnce(0, step);
    // Behind the sums and the bounds of all rows.
    memory.copy(ROWS, SCRATCH + ((<usize>20) << field(Field.RowBits)), 2 * shots);
    return;
  }
  for (let shot = 0; shot < shots; shot++) {
    const word = shotWord(0, step, shot);
    for (let lane = 0; lane < 2; lane++)
      store<u8>(ROWS + 2 * shot + lane, <u8>outcome(lane, at(SCRATCH, lane), word, 0, step, shot));
  }
}

export function row(lane: i32, shot: i32): i32 {
  return load<u8>(ROWS + 2 * shot + lane);
}

/** What the core makes of the shots last drawn. */
export function signs(lane: i32, mask: u32, shots: i32): i32 {
  if (isVector<lanes>() && isDrawnAtOnce()) return signSumAtOnce(lane, mask);
  let sum = 0;
  for (let shot = 0; shot < shots; shot++) sum += odd(row(lane, shot) & mask) ? -1 : 1;
  return sum;
}
