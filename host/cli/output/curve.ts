/** The loss by step, drawn with characters as wide as the terminal. */
import chart from 'asciichart';
import { count, fixed } from './format.ts';

/** A number by step, in the order of steps. */
export type CurvePoints = readonly { readonly step: number; readonly value: number }[];

/** A named series. */
export interface CurveSeries {
  readonly name: string;
  readonly points: CurvePoints;
}

/** Rows of a curve, columns of its labels, and its width at most: a wider one is no better. */
const HEIGHT = 8;
const LABEL = 10;
const WIDEST = 100;
/** The narrowest that shows anything. */
const NARROWEST = 20;

/** The value that each of some columns shows: the mean of its steps, or what came before. */
function columnsOf(points: CurvePoints, last: number, width: number): number[] {
  const sums = new Array<number>(width).fill(0);
  const counts = new Array<number>(width).fill(0);
  for (const { step, value } of points) {
    const column = Math.min(width - 1, Math.floor(((step - 1) * width) / last));
    sums[column] += value;
    counts[column]++;
  }
  const values: number[] = [];
  let latest = points[0].value;
  for (let column = 0; column < width; column++) {
    if (counts[column] > 0) latest = sums[column] / counts[column];
    values.push(latest);
  }
  return values;
}

function label(value: number): string {
  return fixed(value).padStart(LABEL - 1);
}

/** One drawing. @param colours of the series; none: plain */
function drawing(
  series: readonly CurveSeries[],
  last: number,
  width: number,
  colours: readonly string[],
): string[] {
  const drawn = series.map(({ points }) => columnsOf(points, last, width));
  const text = chart.plot(drawn, { height: HEIGHT, colors: colours, format: label });
  const first = count(1);
  const end = count(last);
  const axis = `${' '.repeat(LABEL)}${first}${end.padStart(Math.max(end.length + 1, width - first.length))}`;
  return [...text.split('\n').map((line) => line.trimEnd()), axis];
}

/**
 * The curves as lines: in one drawing by colour, or one below the other without.
 * @param columns of the terminal
 * @param colour whether there may be colours
 */
export function curveLines(series: readonly CurveSeries[], columns: number, colour: boolean): string[] {
  const shown = series.filter(({ points }) => points.length > 1);
  const last = Math.max(0, ...shown.map(({ points }) => points[points.length - 1].step));
  if (shown.length === 0) return [];
  const room = Math.min(WIDEST, Math.max(NARROWEST, columns - LABEL - 1));
  // A column for each step at most, as long as that is wide enough to see.
  const width = Math.min(room, Math.max(NARROWEST, last));
  if (colour && shown.length > 1) {
    const colours = [chart.blue, chart.yellow];
    const words = ['blue', 'yellow'];
    const names = shown.map(({ name }, i) => `${name} (${words[i]})`).join(', ');
    return [`Loss by step: ${names}`, ...drawing(shown, last, width, colours)];
  }
  return shown.flatMap(({ name, points }, i) => [
    ...(i > 0 ? [''] : []),
    `Loss by step: ${name}`,
    ...drawing([{ name, points }], last, width, []),
  ]);
}
