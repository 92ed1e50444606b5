/** Normal draws, and the normal distribution. */
import type { HostRandom } from '../philox.ts';

/** Standard normal draws of a stream (Box and Muller 1958), in pairs. */
export class Normals {
  #spare: number | undefined;

  constructor(readonly random: HostRandom) {}

  next(): number {
    const spare = this.#spare;
    this.#spare = undefined;
    if (spare !== undefined) return spare;
    // One less the draw is never 0, whose logarithm is infinite.
    const radius = Math.sqrt(-2 * Math.log(1 - this.random.uniform()));
    const angle = 2 * Math.PI * this.random.uniform();
    this.#spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }
}

/** Where the distribution function is 0 or 1 to the last bit of a sum with 1. */
const FAR = 9;

/** The share of a standard normal distribution below `x`, to an absolute error of 1e-15 (Marsaglia 2004). */
export function normalBelow(x: number): number {
  if (!(Math.abs(x) < FAR)) return x < 0 ? 0 : 1;
  let term = x;
  let sum = x;
  for (let odd = 3, before = Number.NaN; sum !== before; odd += 2) {
    before = sum;
    term *= (x * x) / odd;
    sum += term;
  }
  return 0.5 + (sum * Math.exp(-0.5 * x * x)) / Math.sqrt(2 * Math.PI);
}
