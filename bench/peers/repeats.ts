/** The figures that move most from run to run: a run is repeated, and each one is recorded. */
import { BARS, type Measured } from './bars.ts';
import type { machine } from './machine.ts';
import type { Spread } from './statistics.ts';
import { aligned, duration, significant } from './table.ts';

/** Rows against the C reference whose bar has to be met in each of several runs. */
export const REPEATED = ['step-32-d8', 'shots-step'] as const;

/** A row of one run: median nanoseconds, and the ratio with its quartiles. */
export interface Repeat {
  readonly ours: number;
  readonly C: number;
  readonly ratio: number;
  readonly quartiles: readonly [number, number];
}

/** One run: its rows by their names. */
export type Run = Readonly<Record<string, Repeat>>;

/** Several runs on a machine. */
export interface RunsOf {
  readonly machine: ReturnType<typeof machine>;
  readonly runs: readonly Run[];
}

/** Several runs, as they are recorded: those on the machine of the other figures, and on others. */
export interface Repeats extends RunsOf {
  readonly beside?: readonly RunsOf[];
}

const quartiles = ({ low, high }: Spread) => [low, high] as const;

/** What a run measured, by rows. @throws Error when a row could not be measured */
export function repeatOf(measured: readonly Measured[]): Run {
  return Object.fromEntries(
    measured.map(({ row, title, pair, reason }) => {
      if (pair === undefined) throw new Error(`${title}: ${reason}`);
      const { ours, peer, ratio } = pair;
      return [
        row,
        {
          ours: ours.median,
          C: peer.median,
          ratio: ratio.median,
          quartiles: quartiles(ratio),
        } satisfies Repeat,
      ];
    }),
  );
}

/** How far a row's ratio moved, its bar, and whether every run met it. */
export interface Movement {
  readonly row: string;
  readonly ratios: readonly number[];
  readonly least: number;
  readonly greatest: number;
  readonly factor: number;
  readonly met: boolean;
}

/** What several runs say of each row. @throws RangeError without runs, or for a row without a bar */
export function movements(runs: readonly Run[], against: string): readonly Movement[] {
  const [first] = runs;
  if (first === undefined) throw new RangeError('no runs');
  return Object.keys(first).map((row) => {
    const factor = BARS.find((bar) => bar.row === row && bar.against === against)?.factor;
    if (factor === undefined) throw new RangeError(`${row} has no bar against ${against}`);
    const ratios = runs.map((run) => run[row].ratio);
    const least = Math.min(...ratios);
    return { row, ratios, least, greatest: Math.max(...ratios), factor, met: least >= factor };
  });
}

/** Every run's ratios, the least and the greatest, and the verdict over all. */
export function repeatsTable(runs: readonly Run[], against: string): string {
  const lines = movements(runs, against).map(({ row, ratios, least, greatest, factor, met }) => {
    const ours = runs.map((run) => run[row].ours);
    return [
      row,
      `${duration(Math.min(...ours))} - ${duration(Math.max(...ours))}`,
      ratios.map(significant).join(', '),
      `${significant(least)} - ${significant(greatest)}`,
      `>= ${factor}`,
      met ? 'met in each' : 'SHORT',
    ];
  });
  return aligned(['row', 'nlr-vqa ', 'ratio in each run', 'from, to ', 'bar ', 'verdict'], lines);
}
