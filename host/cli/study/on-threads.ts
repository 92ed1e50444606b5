/** Trains the cells of a comparison on threads of this machine, with a bar. */
import { runCells, type RunOptions } from '../../study/run-cells.ts';
import { CellsProgress } from './progress.ts';
import type { Runner } from './run.ts';

/** How they are trained. */
export interface OnThreads extends Pick<RunOptions, 'prepare' | 'store' | 'threads' | 'signal'> {
  readonly quiet: boolean;
  /** Hears of every bar. */
  readonly onBar: (bar: CellsProgress) => void;
}

/** A runner that does. It throws what `runCells` throws. */
export function onThreads({ quiet, onBar, ...options }: OnThreads): Runner {
  return async (title, cells) => {
    const bar = new CellsProgress(
      title,
      cells.map(({ setting }) => setting.cost.seconds),
      quiet,
    );
    onBar(bar);
    try {
      return await runCells(
        cells.map(({ cell }) => cell),
        { ...options, onProgress: bar.update },
      );
    } finally {
      bar.stop();
    }
  };
}
