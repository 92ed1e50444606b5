/** What is left to be done of a comparison. */
import { hashOfCell } from '../../study/cell.ts';
import type { CellStore } from '../../study/store.ts';
import { type Estimate, estimateOf } from './estimate.ts';
import { cellOf, type Comparison, tuningCells } from './run.ts';

/** How much of a comparison is in a store. */
function finishedIn(comparison: Comparison, store: CellStore | undefined) {
  const certain = comparison.arms.filter(({ settings }) => settings.length < 2);
  const cells = [
    ...tuningCells(comparison),
    ...comparison.seeds.flatMap((seed) =>
      certain.map((arm) => cellOf(comparison, arm, arm.settings[0], seed)),
    ),
  ];
  const finished = cells.filter(({ cell }) => store?.get(hashOfCell(cell)) !== undefined);
  const seconds = finished.reduce((sum, { setting }) => sum + setting.cost.seconds, 0);
  return { finished: finished.length, seconds };
}

/** What it costs, those trainings left out that a store has. */
export function estimateLeft(
  comparison: Comparison,
  store: CellStore | undefined,
  threads: number,
): Estimate {
  const counts = {
    ...{ seeds: comparison.seeds.length, tuningSeeds: comparison.tuningSeeds.length, threads },
  };
  const { cpuSeconds } = estimateOf(comparison.arms, { ...counts, finished: 0, left: 1 });
  const { finished, seconds } = finishedIn(comparison, store);
  return estimateOf(comparison.arms, { ...counts, finished, left: Math.max(0, 1 - seconds / cpuSeconds) });
}
