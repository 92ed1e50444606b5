/** Numbers and tables as plain text. */

const TIMES = [
  ['s', 1e9],
  ['ms', 1e6],
  ['us', 1e3],
  ['ns', 1],
] as const;

/** Three significant digits, without an exponent up to a million. */
export function significant(value: number): string {
  const rounded = Number(value.toPrecision(3));
  return Math.abs(rounded) < 1e6 ? String(rounded) : rounded.toLocaleString('en-US');
}

/** A time in a unit that suits it, such as '12.3 us'. */
export function duration(nanoseconds: number): string {
  const [unit, scale] = TIMES.find(([, size]) => nanoseconds >= size) ?? TIMES[3];
  return `${significant(nanoseconds / scale)} ${unit}`;
}

/** Memory, such as '61.9 MB'. */
export function megabytes(bytes: number): string {
  return `${significant(bytes / 1e6)} MB`;
}

/** Aligned columns; a column whose head ends in a space is set to the right. */
export function aligned(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head.map((title) => title.trimEnd()), ...rows];
  const widths = head.map((_, column) => Math.max(...lines.map((cells) => (cells[column] ?? '').length)));
  const line = (cells: readonly string[]) =>
    widths
      .map((width, column) =>
        head[column].endsWith(' ')
          ? (cells[column] ?? '').padStart(width)
          : (cells[column] ?? '').padEnd(width),
      )
      .join('  ')
      .trimEnd();
  return lines.map(line).join('\n');
}
