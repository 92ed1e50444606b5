/** The program of a thread: trains the cells that it is given, one after another. */
import type { MessagePort } from 'node:worker_threads';
import { type Refusal, refusalOf } from '../parallel/refusal.ts';
import type { CellResult } from './result.ts';
import { type CellWork, trainCell } from './train-cell.ts';

/** A cell and where its progress goes, if anyone wants to know. */
export interface Task {
  readonly work: CellWork;
  readonly progress: MessagePort | undefined;
}

/** How far it is. */
export interface Step {
  readonly step: number;
  readonly steps: number;
  readonly loss: number;
}

/** What became of it. */
export type Answer =
  | { readonly result: CellResult; readonly seconds: number }
  | { readonly refusal: Refusal; readonly seconds: number };

/** Least time between two reports of progress, milliseconds. */
const PROGRESS_INTERVAL = 100;

/** Called by the pool, in its thread. */
export default async function answer({ work, progress }: Task): Promise<Answer> {
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  let told = started;
  try {
    const result = await trainCell(work, ({ step, loss }, steps) => {
      if (progress === undefined || performance.now() - told < PROGRESS_INTERVAL) return;
      told = performance.now();
      progress.postMessage({ step, steps, loss } satisfies Step);
    });
    return { result, seconds: seconds() };
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    return { refusal, seconds: seconds() };
  }
}
