/** The loss by step, drawn with characters as wide as the terminal. */
import chart from 'asciichart';
import type { CurvePoints } from './curves.ts';
import { count, fixed } from './format.ts';

/** A named series. */
interface CurveSeries {
  readonly name: string;
  readonly points: CurvePoints;
}

/** Rows of a curve, columns of its labels, and its width at most: a wider one is no better. */
const HEIGHT = 8;
const LABEL = 10;
const WIDEST = 100;
/** The narrowest that shows anything. */
const NARROWEST = 20;

/** The steps of a drawing, and its columns. */
interface Axis {
  readonly first: number;
  readonly last: number;
  readonly width: number;
}

/** What is drawn of a series: a value a column, from the column of its first step on. */
interface Drawn {
  readonly at: number;
  readonly values: readonly number[];
}

/** The value that each column from the first point's on shows: the mean of its steps, or what came before. */
function columnsOf(points: CurvePoints, { first, last, width }: Axis): Drawn {
  const sums = new Array<number>(width).fill(0);
  const counts = new Array<number>(width).fill(0);
  for (const { step, value } of points) {
    const column = Math.floor(((step - first) * width) / (last - first + 1));
    sums[column] += value;
    counts[column]++;
  }
  const at = counts.findIndex((each) => each > 0);
  const values: number[] = [];
  for (let column = at; column < width; column++)
    values.push(counts[column] > 0 ? sums[column] / counts[column] : (values.at(-1) as number));
  return { at, values };
}

/** A number as wide as the labels are, however small or large it is. */
function label(value: number): string {
  const room = LABEL - 1;
  let text = fixed(value);
  for (let digits = 3; text.length > room && digits >= 0; digits--) text = value.toExponential(digits);
  return text.padStart(room);
}

/** One drawing. @param colours of the series; none: plain */
function drawing(series: readonly CurveSeries[], axis: Axis, colours: readonly string[]): string[] {
  const drawn = series.map(({ points }) => columnsOf(points, axis));
  const values = drawn.flatMap((each) => each.values);
  const range = { min: Math.min(...values), max: Math.max(...values) };
  // asciichart labels a line that is flat by the next whole number.
  const format = range.min === range.max ? () => label(range.max) : label;
  // Each by itself and then one over the other: a series that begins later has nothing before.
  const texts = drawn.map((each) =>
    chart.plot([each.values], { ...range, height: HEIGHT, format }).split('\n'),
  );
  const frame = drawn.findIndex(({ at }) => at === 0);
  const lines = texts[frame].map((line, row) => {
    const cells = new Array<string>(axis.width).fill(' ');
    for (const [i, { at }] of drawn.entries()) {
      for (const [x, cell] of [...texts[i][row].slice(LABEL + 1)].entries())
        if (cell !== ' ') cells[at + x] = chart.colored(cell, colours[i]);
    }
    return `${line.slice(0, LABEL + 1)}${cells.join('')}`.trimEnd();
  });
  const [first, end] = [count(axis.first), count(axis.last)];
  const ends = `${first}${end.padStart(Math.max(end.length + 1, axis.width - first.length))}`;
  return [...lines, `${' '.repeat(LABEL)}${ends}`];
}

/**
 * The curves as lines: in one drawing by colour, or one below the other without. They begin at the first step that
 * there is a point of.
 * @param columns of the terminal
 * @param colour whether there may be colours
 */
export function curveLines(series: readonly CurveSeries[], columns: number, colour: boolean): string[] {
  const shown = series.filter(({ points }) => points.length > 1);
  if (shown.length === 0) return [];
  const first = Math.min(...shown.map(({ points }) => points[0].step));
  const last = Math.max(...shown.map(({ points }) => points[points.length - 1].step));
  const room = Math.min(WIDEST, Math.max(NARROWEST, columns - LABEL - 1));
  // A column for each step at most, as long as that is wide enough to see.
  const width = Math.min(room, Math.max(NARROWEST, last - first + 1));
  if (colour && shown.length > 1) {
    const colours = [chart.blue, chart.yellow];
    const words = ['blue', 'yellow'];
    const names = shown.map(({ name }, i) => `${name} (${words[i]})`).join(', ');
    return [`Loss by step: ${names}`, ...drawing(shown, { first, last, width }, colours)];
  }
  return shown.flatMap(({ name, points }, i) => [
    ...(i > 0 ? [''] : []),
    `Loss by step: ${name}`,
    ...drawing([{ name, points }], { first: points[0].step, last, width }, []),
  ]);
}
