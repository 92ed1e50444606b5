/** How a measured number is written, wherever a report is read. */

/** Significant digits. */
const DIGITS = 3;

/** Numbers in between are written out. */
const [SMALL, LARGE] = [1e-4, 1e6];

/** Rounded to three digits that all stand there, `1.00`; whole numbers as they are, large and tiny ones as `1.44e9`. */
export function digits(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= LARGE || size < SMALL) return value.toExponential(DIGITS - 1).replace('e+', 'e');
  if (Number.isInteger(value) || size >= 10 ** DIGITS - 0.5) return Math.round(value).toLocaleString('en-US');
  return value.toPrecision(DIGITS);
}

/** Decimals of a mean and of what it varies by, so that two digits of the latter are there. */
const decimalsOf = (deviation: number) => Math.max(0, 1 - Math.floor(Math.log10(deviation)));

/** Most decimals that are written out. */
const MOST_DECIMALS = 6;

/**
 * Writes a mean, and what belongs to it, with as many digits as its deviation lets it have.
 * @param deviation of the numbers that it is the mean of
 */
export function alongside(deviation: number | null): (value: number) => string {
  if (deviation === null || !(deviation > 0)) return digits;
  const decimals = decimalsOf(deviation);
  // Written out it would be mostly zeros.
  if (decimals > MOST_DECIMALS || deviation >= LARGE) return digits;
  return (value) =>
    value.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}
