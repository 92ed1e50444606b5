/** How a number spreads over the seeds. */
import jStat from 'jstat';

/** Of some numbers, one or more. */
export interface Spread {
  /** Arithmetic mean. */
  readonly mean: number;
  /** Standard deviation of the sample, over n - 1; null of a single number. */
  readonly deviation: number | null;
  /** Of an even number of values the mean of the two in the middle. */
  readonly median: number;
  /** Quartiles, on the line between two neighbours. */
  readonly quartiles: readonly [lower: number, upper: number];
  /** The smallest value. */
  readonly least: number;
  /** The largest value. */
  readonly greatest: number;
  /** How many values there are. */
  readonly count: number;
}

/** Quantiles as NumPy has them by default. */
export function quantilesOf(values: readonly number[], at: readonly number[]): number[] {
  // What the library does with a single number is no quantile.
  return values.length === 1 ? at.map(() => values[0]) : jStat.quantiles(values, at, 1, 1);
}

/** The spread of some numbers; null of none. */
export function spreadOf(values: readonly number[]): Spread | null {
  if (values.length === 0) return null;
  const [lower, upper] = quantilesOf(values, [0.25, 0.75]);
  return {
    mean: jStat.mean(values),
    deviation: values.length < 2 ? null : jStat.stdev(values, true),
    median: jStat.median(values),
    quartiles: [lower, upper],
    least: Math.min(...values),
    greatest: Math.max(...values),
    count: values.length,
  };
}
