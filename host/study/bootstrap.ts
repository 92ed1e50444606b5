/**
 * Bootstrap intervals of a mean (Efron 1987, "Better bootstrap confidence intervals"): bias-corrected and accelerated, by
 * resamples of a seed, drawn as SciPy draws them.
 */
import jStat from 'jstat';
import { NumpyRandom } from '../data/sets/numpy-random.ts';
import { meanOf } from '../data/sums.ts';
import { quantilesOf } from './spread.ts';

/** An interval, both ends included. */
export type Interval = readonly [low: number, high: number];

/** Resamples unless someone says. */
export const RESAMPLES = 9999;

/** Draws resamples of so many numbers, once for all intervals of as many. */
export class Resampler {
  readonly #draws = new Map<number, Uint32Array>();

  constructor(
    /** Of NumPy's `default_rng`, 0 to 2^53 - 1: the same seed draws the same resamples. */
    readonly seed: number,
    /** Resamples of each interval; default 9999. */
    readonly resamples = RESAMPLES,
  ) {}

  /** Which of `count` numbers are in each resample, one after the other. */
  #of(count: number): Uint32Array {
    const known = this.#draws.get(count);
    if (known !== undefined) return known;
    const random = new NumpyRandom(this.seed);
    const drawn = Uint32Array.from({ length: this.resamples * count }, () => random.below(count));
    this.#draws.set(count, drawn);
    return drawn;
  }

  /** The means of the resamples. */
  means(values: readonly number[]): Float64Array {
    const count = values.length;
    const drawn = this.#of(count);
    return Float64Array.from({ length: this.resamples }, (_, resample) => {
      let sum = 0;
      for (let i = 0; i < count; i++) sum += values[drawn[resample * count + i]];
      return sum / count;
    });
  }
}

/** How much the standard error changes with the mean, from the means without one number each. */
function acceleration(values: readonly number[]): number {
  const count = values.length;
  const sum = meanOf(values) * count;
  const without = values.map((value) => (sum - value) / (count - 1));
  const centre = meanOf(without);
  let [squares, cubes] = [0, 0];
  for (const each of without) {
    const away = (count - 1) * (centre - each);
    squares += away ** 2 / count ** 2;
    cubes += away ** 3 / count ** 3;
  }
  return cubes / (6 * squares ** 1.5);
}

/**
 * The interval of the mean of some numbers at a level such as 0.95.
 * @returns null of fewer than two numbers; of numbers that are all the same, that number
 */
export function meanInterval(values: readonly number[], resampler: Resampler, level = 0.95): Interval | null {
  if (values.length < 2) return null;
  if (values.every((value) => value === values[0])) return [values[0], values[0]];
  const means = resampler.means(values);
  const mean = meanOf(values);
  let below = 0;
  for (const each of means) below += (Number(each < mean) + Number(each <= mean)) / 2;
  const bias = jStat.normal.inv(below / means.length, 0, 1);
  const accelerated = acceleration(values);
  const at = [(1 - level) / 2, (1 + level) / 2].map((share) => {
    const shifted = bias + jStat.normal.inv(share, 0, 1);
    return jStat.normal.cdf(bias + shifted / (1 - accelerated * shifted), 0, 1);
  });
  const [low, high] = quantilesOf([...means], at);
  return [low, high];
}
