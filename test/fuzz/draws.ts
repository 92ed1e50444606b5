/** What the fuzzer draws its arguments from: few values that matter, again and again. */
import { OPTION_COUNT, Option } from '../../assembly/abi/codes.ts';
import type { Rng } from '../support/oracle/index.ts';

const INTEGERS = [0, 0, 1, 1, 2, 3, 4, 5, 8, 17, -1, -2, 64, 255, 256, 65535, 65536, 2 ** 31 - 1, -(2 ** 31)];
const NUMBERS = [
  0,
  -0,
  1,
  -1,
  0.5,
  3,
  1e-3,
  -2.5,
  1e30,
  1e308,
  -1e308,
  5e-324,
  2.2e-308,
  1e-40,
  NaN,
  Infinity,
  -Infinity,
  2 ** 32,
];
/** The largest number of shots is left out, it is only slow. */
const SHOTS = [0, 0, 1, 2, 7, 64, 65, -1, 2 ** 20 + 1, 2 ** 31 - 1, -(2 ** 31)];

/** A fast generator (sfc32, C. Doty-Humphrey, PractRand), for millions of calls. Seed: any non-negative integer. */
export function fastRng(seed: number): Rng {
  let [a, b, c, counter] = [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0, 0x9e3779b9, 1];
  const next = () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 12; i++) next();
  return next;
}

/** Draws from one generator. */
export class Draws {
  constructor(readonly rng: Rng) {}

  /** 0 ... bound - 1 */
  below(bound: number): number {
    return Math.floor(this.rng() * bound);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)];
  }

  between(least: number, largest: number): number {
    return least + (largest - least) * this.rng();
  }

  integer(): number {
    return this.rng() < 0.9 ? this.pick(INTEGERS) : Math.floor((this.rng() - 0.5) * 2 ** 32);
  }

  number(): number {
    return this.rng() < 0.5 ? this.pick(NUMBERS) : this.between(-4, 4);
  }

  shots(): number {
    return this.pick(SHOTS);
  }

  /** A key and a value. */
  option(): number[] {
    const key = this.rng() < 0.9 ? this.below(OPTION_COUNT) : this.integer();
    if (key === Option.Shots) return [key, this.shots()];
    return [key, this.pick([this.number(), this.below(6), this.integer(), 4096])];
  }
}
