// What test/assembly/number/binomial.test.ts compiles, in either precision: draws with arguments of its choice.
import { binomial } from '../../../assembly/number/binomial';
import { setOption } from '../../../assembly/memory/options';
import { openStream } from '../../../assembly/number/random';
import { Option } from '../../../assembly/abi/codes';

export function seed(low: f64, high: f64): void {
  setOption(Option.SeedLow, low);
  setOption(Option.SeedHigh, high);
}

/** One draw, on the training stream of a step. */
export function draw(step: u32, shots: u32, chance: real): u32 {
  openStream(1, step, 0, 0);
  return binomial(shots, chance);
}

/** The same, the chance given by its bits. */
export function drawBits(step: u32, shots: u32, bits: u64): u32 {
  const chance = sizeof<real>() == 8 ? <real>reinterpret<f64>(bits) : <real>reinterpret<f32>(<u32>bits);
  return draw(step, shots, chance);
}
