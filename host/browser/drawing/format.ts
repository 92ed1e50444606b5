/** Numbers as the page shows them. */

/** A number in four or five characters; a dash where there is none. */
export function short(value: number | undefined | null, digits = 4): string {
  if (value === undefined || value === null || Number.isNaN(value)) return '–';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) return value.toExponential(1).replace('e+', 'e');
  return value.toFixed(size >= 100 ? 0 : digits);
}

/** A share in percent. */
export const percent = (value: number | undefined): string =>
  value === undefined || Number.isNaN(value) ? '–' : `${(100 * value).toFixed(1)} %`;

/** A count with a unit of thousands where it is long. */
export function count(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '–';
  for (const [unit, name] of [
    [1e12, 'T'],
    [1e9, 'G'],
    [1e6, 'M'],
    [1e4, 'k'],
  ] as const) {
    if (value >= unit)
      return `${(value / (unit === 1e4 ? 1e3 : unit)).toFixed(value >= 10 * unit ? 0 : 1)}${name}`;
  }
  return String(Math.round(value));
}
