/** What was promised, and whether it holds. */
import { OURS, PEERS, REFERENCE } from './peers.ts';
import type { Pair } from './measure.ts';

/** One measured pair in the table. */
export interface Measured {
  readonly row: string;
  readonly title: string;
  readonly peer: string;
  readonly unit: 'ns' | 'bytes';
  /** Absent where it could not be measured. */
  readonly pair?: Pair;
  /** Why it was not measured. */
  readonly reason?: string;
  /** What a reader should know about the figures. */
  readonly note?: string;
}

/** A promise: the peer's time over ours, at least `factor`. */
export interface Bar {
  readonly row: string;
  /** A peer's name, or the fastest framework of the row. */
  readonly against: string;
  readonly factor: number;
}

/** Whichever framework is fastest in the row. */
export const FASTEST = 'fastest peer';

/** Our time at most 1.2 times the peer's. */
const LITTLE_SLOWER = 1 / 1.2;

export const BARS: readonly Bar[] = [
  { row: 'step-32-d8', against: REFERENCE, factor: 25 },
  { row: 'step-32-d64', against: REFERENCE, factor: 2 },
  { row: 'step-800-d64', against: REFERENCE, factor: 5 },
  { row: 'step-32-d8', against: FASTEST, factor: 200 },
  { row: 'step-32-d8', against: 'PennyLane lightning.qubit', factor: 20_000 },
  { row: 'shots-step', against: REFERENCE, factor: 25 },
  { row: 'shots-step', against: FASTEST, factor: 1500 },
  { row: 'evaluation', against: 'jsqubits', factor: 600 },
  { row: 'evaluation', against: 'quantum-circuit', factor: 7000 },
  ...[10, 12, 14, 16].map((n) => ({ row: `gate-n${n}`, against: 'Qulacs', factor: LITTLE_SLOWER })),
];

/** A bar and what became of it. */
export interface Verdict extends Bar {
  /** Who `against` came to mean. */
  readonly peer: string;
  /** Median ratio; absent when it was not measured. */
  readonly found?: number;
  /** Our median time, and the time that would meet the bar; nanoseconds. */
  readonly ours?: number;
  readonly needed?: number;
  readonly met: boolean;
}

const frameworks = new Set(PEERS.filter(({ framework }) => framework).map(({ name }) => name));

/** The framework with the least ratio to us in a row. */
function fastest(row: string, measured: readonly Measured[]): Measured | undefined {
  return measured
    .filter((entry) => entry.row === row && entry.pair !== undefined && frameworks.has(entry.peer))
    .sort((a, b) => (a.pair?.ratio.median ?? 0) - (b.pair?.ratio.median ?? 0))[0];
}

/** What became of a bar, given who it came to mean. */
function verdict(bar: Bar, { peer, pair }: Measured): Verdict {
  if (pair === undefined) return { ...bar, peer, met: false };
  const found = pair.ratio.median;
  const ours = pair.ours.median;
  return { ...bar, peer, found, ours, needed: (ours * found) / bar.factor, met: found >= bar.factor };
}

/** The verdicts on all bars whose row and peer were to be measured. */
export function verdicts(measured: readonly Measured[]): readonly Verdict[] {
  return BARS.flatMap((bar) => {
    const meant =
      bar.against === FASTEST
        ? fastest(bar.row, measured)
        : measured.find(({ row, peer }) => row === bar.row && peer === bar.against);
    return meant === undefined ? [] : [verdict(bar, meant)];
  });
}

/** A bar in words. */
export function inWords({ factor }: Bar): string {
  return factor < 1
    ? `at most ${(1 / factor).toPrecision(2)}x its time`
    : `${OURS} at least ${factor}x faster`;
}
