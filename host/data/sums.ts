/** Sums and means of numbers, in index order: their bits go by it. */

/** The sum. */
export function sumOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum;
}

/** The mean. */
export function meanOf(values: ArrayLike<number>): number {
  return sumOf(values) / values.length;
}

/** The mean of numbers whose sum may overflow: each is divided first. */
export function meanOfLarge(values: ArrayLike<number>): number {
  let mean = 0;
  for (let i = 0; i < values.length; i++) mean += (values[i] as number) / values.length;
  return mean;
}
