/** How numbers, names and tables look to people. */
import { plain } from './plain.ts';

/** What a cell shows when there is no number. */
const NONE = '-';

/** Whether stdout is a terminal that wants colours (see no-color.org). */
export function colourful(): boolean {
  return Boolean(process.stdout.isTTY && !process.env.NO_COLOR && process.env.TERM !== 'dumb');
}

/** Bold where there may be colours. */
export function bold(text: string): string {
  return !colourful() ? text : `\u001b[1m${text}\u001b[22m`;
}

/** With a fixed number of decimals; tiny numbers with a few digits instead. */
export function fixed(value: number | null | undefined, decimals = 4): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NONE;
  const tiny = value !== 0 && Math.abs(value) < 10 ** -decimals;
  return tiny ? String(Number(value.toPrecision(Math.max(decimals - 1, 1)))) : value.toFixed(decimals);
}

/** A share of 1 as a percentage. */
export function percent(share: number | null | undefined, decimals = 1): string {
  return share === null || share === undefined ? NONE : `${(100 * share).toFixed(decimals)} %`;
}

/** A whole number with separators. */
export function count(value: number | null | undefined): string {
  return value === null || value === undefined ? NONE : Math.round(value).toLocaleString('en-US');
}

/** `1 row`, `2 rows`. */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** Names and values in two columns. */
export function pairs(rows: readonly (readonly [name: string, value: string])[]): string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => plain(`${name.padEnd(width)}  ${value}`));
}

/** Warnings, a line each, as they stand at the end of a result. */
export function warningLines(warnings: readonly string[]): string[] {
  return warnings.map((warning) => `warning: ${warning}`);
}

/** A number in millions, with three digits. */
export function millions(value: number): string {
  const scaled = value / 1e6;
  return `${scaled >= 100 ? count(scaled) : scaled.toPrecision(3)} M`;
}

/** Whether a column has words, not numbers: most of what it says begins with a letter, a quote or a bracket. */
function hasWords(cells: readonly string[]): boolean {
  const said = cells.filter((cell) => cell !== '' && cell !== NONE);
  return said.length > 0 && 2 * said.filter((cell) => /^[\p{L}'"(<|]/u.test(cell)).length >= said.length;
}

/** A table with a header; the first column and words are flush left, numbers flush right. */
export function table(titles: readonly string[], cells: readonly (readonly string[])[]): string[] {
  const header = titles.map(plain);
  const rows = cells.map((row) => row.map(plain));
  const columns = header.map((title, i) => {
    const column = rows.map((row) => row[i]);
    const width = Math.max(title.length, ...column.map((cell) => cell.length));
    const isLeft = i === 0 || hasWords(column);
    return (cell: string) => (isLeft ? cell.padEnd(width) : cell.padStart(width));
  });
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => columns[i](cell))
      .join('  ')
      .trimEnd();
  return [bold(line(header)), ...rows.map(line)];
}
