// What test/assembly/measure/divided.test.ts compiles, in either precision, with SIMD and without: shots that are divided
// among outcomes of probabilities of its choice.
import { Option } from '../../../assembly/abi/codes';
import { countOf } from '../../../assembly/measure/counts';
import { divideShots } from '../../../assembly/measure/divided';
import { accumulate } from '../../../assembly/measure/outcomes';
import { setOption } from '../../../assembly/memory/options';
import { PAIR, put } from '../../../assembly/memory/reals';
import { Buffer, Field, clearFields, setBuffer, setField } from '../../../assembly/memory/registers';
import { Purpose } from '../../../assembly/number/random';

/** Behind all static data. */
function scratch(): usize {
  return (__heap_base + 15) & ~15;
}

/** A pair of samples, or one, whose states have 2^bits rows; `wide` where one is over both lanes. */
export function begin(seed: f64, bits: i32, shots: i32, samples: i32, wide: i32): void {
  setOption(Option.SeedLow, seed);
  clearFields();
  setBuffer(Buffer.Scratch, scratch());
  setField(Field.RowBits, bits);
  setField(Field.Shots, shots);
  setField(Field.Count, samples);
  setField(Field.Wide, wide);
  setField(Field.Purpose, Purpose.Train);
}

export function setChance(lane: i32, row: i32, chance: f64): void {
  put(scratch(), 2 * row + lane, <real>chance);
}

/** The end of the states of the pair. */
export function end(bits: i32): usize {
  return scratch() + ((2 * PAIR) << bits);
}

/** Divides all shots of a step. @returns ticks that it took */
export function divide(step: u32): i32 {
  accumulate();
  let ticks = 1;
  while (!divideShots(0, step)) ticks++;
  return ticks;
}

export function count(lane: i32, row: i32): i32 {
  return countOf(lane, row);
}
