/** What a cell of a CSV file can be: a number with a decimal point or comma, a missing value, or text. */
import { decimal } from './dataset.ts';

/** The character before the fraction. */
export type DecimalMark = '.' | ',';

const MISSING = /^(na|n\/a|nan|null|\?)?$/i;

/** Whether a cell says that there is no value: it is blank, NA, N/A, NaN, null or ?, in either case. */
export function isMissing(cell: string): boolean {
  return MISSING.test(cell);
}

const WITH_COMMA = /^[+-]?(\d+,\d*|,\d+)(e[+-]?\d+)?$/i;

/** The number in a cell, or undefined for any other text. */
export function numberIn(cell: string, mark: DecimalMark): number | undefined {
  if (mark === '.' || !cell.includes(',')) {
    return mark === ',' && cell.includes('.') ? undefined : decimal(cell);
  }
  return WITH_COMMA.test(cell) ? Number(cell.replace(',', '.')) : undefined;
}

/** What the numbers of a text tell of its decimal mark: nothing, one, or that only its reader knows. */
export type MarkFound = DecimalMark | 'unknown';

/**
 * Looks for the decimal mark of a text whose cells are not separated by commas. A comma is one unless all
 * numbers with a comma have exactly three digits behind it, as where it separates thousands; where some
 * numbers have a point the comma is none.
 */
export function findMark(source: string, delimiter: string): MarkFound {
  if (delimiter === ',') return '.';
  const edge = `[${delimiter.replace(/[\]\\^-]/g, '\\$&')}"\\s]`;
  const has = (number: string) => new RegExp(`(?:^|${edge})[+-]?${number}(?=${edge}|$)`).test(source);
  const exponent = '(?:e[+-]?\\d+)?';
  if (!source.includes(',') || !has(`\\d*,\\d+${exponent}`) || has(`\\d*\\.\\d+${exponent}`)) return '.';
  const fraction = has(`(?:0|\\d{4,})?,\\d+${exponent}`) || has(`\\d*,(?:\\d{1,2}|\\d{4,})${exponent}`);
  return fraction ? ',' : 'unknown';
}
