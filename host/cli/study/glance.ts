/** The losses of a comparison at a glance: a line of blocks for each rule, all on one scale. */
import type { CellResult } from '../../study/result.ts';
import { count, fixed, plural } from '../output/format.ts';
import { plain } from '../output/plain.ts';
import { sparkline } from '../output/sparkline.ts';
import { bandOf, type BandPoint } from './figures/bands.ts';
import type { ComparedRun } from './result.ts';

/** Blocks of a line. */
const WIDTH = 40;

/** The median at a place, that of the last point before it; null beyond the end. */
function medianAt(points: readonly BandPoint[], x: number): number | null {
  if (x > (points.at(-1)?.x ?? Number.NEGATIVE_INFINITY)) return null;
  return points.filter((point) => point.x <= x).at(-1)?.median ?? null;
}

/**
 * Median losses of the training set by what was spent, from the start to where the last rule ends.
 * @returns nothing where fewer than two looks were taken
 */
export function lossesAtAGlance(runs: readonly ComparedRun[]): string[] {
  const results = new Map<string, CellResult[]>();
  for (const { rule, outcome } of runs)
    if ('result' in outcome) results.set(rule, [...(results.get(rule) ?? []), outcome.result]);
  const all = [...results.values()].flat();
  const spent = all.length > 0 && all.every(({ shots }) => shots > 0) ? 'shots' : 'evaluations';
  const bands = [...results].map(([rule, each]) => {
    const points = bandOf(each.map(({ curve }) => ({ x: curve[spent], y: curve.loss })));
    return { rule: plain(rule), points };
  });
  const medians = bands.flatMap(({ points }) => points.map(({ median }) => median));
  const end = Math.max(0, ...bands.map(({ points }) => points.at(-1)?.x ?? 0));
  if (end === 0 || medians.length <= bands.length) return [];
  const [least, greatest] = [Math.min(...medians), Math.max(...medians)];
  const wide = Math.max(...bands.map(({ rule }) => rule.length));
  const seeds = Math.max(...[...results.values()].map((each) => each.length));
  return [
    '',
    `loss of the training set over ${count(end)} ${spent}, ${fixed(least)} to ${fixed(greatest)}${seeds > 1 ? `, median of ${plural(seeds, 'seed')}` : ''}`,
    ...bands.map(({ rule, points }) => {
      const at = Array.from({ length: WIDTH }, (_, i) => medianAt(points, (end * i) / (WIDTH - 1)));
      return `${rule.padEnd(wide)}  ${sparkline(at, least, greatest)}  ${fixed(points[0]?.median)} to ${fixed(points.at(-1)?.median)}`;
    }),
  ];
}
