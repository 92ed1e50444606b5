/** Rows of the suite, and how they are printed. */
import type { Summary } from './timing.ts';

/** What a row was compared with. */
export interface Ratio extends Summary {
  /** What a ratio of 1 means. */
  readonly to: string;
}

/** The least or most that a ratio's median may be. */
export type Bar = { readonly least: number } | { readonly most: number };

/** One figure. */
export interface Row {
  readonly what: string;
  /** Nanoseconds of one; null where the figure is the ratio alone. */
  readonly time: Summary | null;
  /** How many a second, and of what, by the median. */
  readonly rate: { readonly value: number; readonly unit: string } | null;
  readonly ratio: Ratio | null;
  readonly bar: Bar | null;
  /** Whether the ratio is within the bar; null without one. */
  readonly ok: boolean | null;
  readonly note: string;
}

/** Rows that were measured together. */
export interface Section {
  readonly title: string;
  readonly rows: readonly Row[];
  /** Why there are no rows, or fewer than usual; empty when all are there. */
  readonly skipped: string;
}

/** What `row` is told beyond its name. */
interface RowParts {
  readonly time?: Summary;
  /** What is done at a time, in the plural, and how many of it. */
  readonly unit?: string;
  readonly perCall?: number;
  readonly ratio?: Ratio;
  readonly bar?: Bar;
  readonly note?: string;
}

function within(value: number, bar: Bar): boolean {
  return 'least' in bar ? value >= bar.least : value <= bar.most;
}

/** A row from what is known of it; the rest follows. */
export function row(what: string, { time, unit, perCall = 1, ratio, bar, note = '' }: RowParts): Row {
  return {
    what,
    time: time ?? null,
    rate: time === undefined || unit === undefined ? null : { value: (1e9 * perCall) / time.median, unit },
    ratio: ratio ?? null,
    bar: bar ?? null,
    ok: bar === undefined || ratio === undefined ? null : within(ratio.median, bar),
    note,
  };
}

const TIME_UNITS = [
  [1e9, 's'],
  [1e6, 'ms'],
  [1e3, 'us'],
  [1, 'ns'],
] as const;

function digits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

function duration(nanoseconds: number): string {
  const [size, unit] = TIME_UNITS.find(([size]) => nanoseconds >= size) ?? [1, 'ns'];
  return `${digits(nanoseconds / size)} ${unit}`;
}

function perSecond({ value, unit }: { readonly value: number; readonly unit: string }): string {
  const [size, prefix] =
    value >= 1e9 ? [1e9, 'G '] : value >= 1e6 ? [1e6, 'M '] : value >= 1e3 ? [1e3, 'k '] : [1, ''];
  return `${digits(value / size)} ${prefix}${unit}/s`;
}

function spread({ lower, upper }: Summary, format: (value: number) => string): string {
  return `${format(lower)} - ${format(upper)}`;
}

const HEAD = ['what', 'figure', 'quartiles', 'rate', 'ratio', 'quartiles', 'bar', ''];

function cells({ what, time, rate, ratio, bar, ok, note }: Row): string[] {
  return [
    `  ${what}`,
    time === null ? '' : duration(time.median),
    time === null ? '' : spread(time, duration),
    rate === null ? '' : perSecond(rate),
    ratio === null ? '' : `${digits(ratio.median)} x ${ratio.to}`,
    ratio === null ? '' : spread(ratio, digits),
    bar === null ? '' : 'least' in bar ? `>= ${bar.least}` : `<= ${bar.most}`,
    [ok === null ? '' : ok ? 'ok' : 'short', note].filter((text) => text !== '').join('  '),
  ];
}

/** All sections as one aligned table. */
export function table(sections: readonly Section[]): string {
  const lines = sections.flatMap(({ title, rows, skipped }): string[][] => [
    [],
    [title],
    ...(skipped === '' ? [] : [[`  skipped: ${skipped}`]]),
    ...rows.map(cells),
  ]);
  const widths = HEAD.map((head, column) =>
    Math.max(head.length, ...lines.filter(({ length }) => length > 1).map((line) => line[column].length)),
  );
  return [HEAD, ...lines]
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(line.length > 1 ? widths[column] : 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
