/** Curves of many seeds as one: the median and the middle half. */
import { quantilesOf } from '../../../study/spread.ts';

/** A curve: where it was looked at, and what was seen; null where nothing was. */
export interface Points {
  readonly x: readonly number[];
  readonly y: readonly (number | null)[];
}

/** A point of the band over all curves. */
export interface BandPoint {
  readonly x: number;
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/** The value of a curve at a place, on the line between its neighbours; null before the first and behind the last point. */
function valueAt({ x, y }: Points, at: number): number | null {
  const i = x.findIndex((each) => each >= at);
  if (i < 0) return null;
  const [upper, lower] = [y[i], y[i - 1]];
  if (x[i] === at || lower === undefined || lower === null || upper === null)
    return x[i] === at ? upper : null;
  return lower + ((upper - lower) * (at - x[i - 1])) / (x[i] - x[i - 1]);
}

/** Median and quartiles over curves at the places of the one with most of them; where more than half of them say nothing there is no point. */
export function bandOf(curves: readonly Points[]): BandPoint[] {
  const [longest] = [...curves].sort(
    (a, b) => b.x.length - a.x.length || (b.x.at(-1) ?? 0) - (a.x.at(-1) ?? 0),
  );
  return (longest?.x ?? []).flatMap((x) => {
    const values = curves.flatMap((curve) => valueAt(curve, x) ?? []);
    if (values.length === 0 || 2 * values.length < curves.length) return [];
    const [low, median, high] = quantilesOf(values, [0.25, 0.5, 0.75]);
    return [{ x, low, median, high }];
  });
}
