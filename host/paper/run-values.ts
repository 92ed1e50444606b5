/** Works out value cells: those that a store does not have, on threads, each kept as soon as it is finished. */
import { availableParallelism } from 'node:os';
import { CoreError } from '../index.ts';
import { Pool } from '../parallel/pool.ts';
import { errorOf, named } from '../parallel/refusal.ts';
import { throughPool } from '../parallel/through-pool.ts';
import type { Json } from '../study/cell.ts';
import type { CellStore, KeptValue } from '../study/store.ts';
import { hashOfPaperCell, type ValueCell } from './experiment.ts';
import type { ValueAnswer, ValueTask } from './worker.ts';

/** The program of a thread. The build puts it beside every bundle that has this file in it. */
const PROGRAM = new URL('./paper-worker.js', import.meta.url);

/** How values are worked out. */
export interface ValuesRun {
  readonly store?: CellStore;
  /** At once; default one for each processor. */
  readonly threads?: number;
  readonly signal?: AbortSignal;
  /** Is told of each that is finished, by its place in the list. */
  readonly onDone?: (index: number) => void;
}

/** What a thread's answer comes to. A training that leaves the finite numbers would do so again: that is its outcome. */
function outcomeOf(hash: string, answer: ValueAnswer): KeptValue {
  const { seconds } = answer;
  if ('value' in answer) return { hash, value: answer.value, seconds };
  const error = errorOf(answer.refusal);
  if (!(error instanceof CoreError) || error.code !== 'ERR_CORE_DIVERGED') throw error;
  return { hash, failure: { code: error.code, message: error.message }, seconds };
}

/**
 * Works out values, each once.
 * @returns what became of each, in their order
 * @throws what a runner throws, with the name of the cell; the signal's reason
 */
export async function runValues(cells: readonly ValueCell[], run: ValuesRun): Promise<KeptValue[]> {
  const { store, threads = availableParallelism(), signal, onDone } = run;
  const hashes = cells.map(hashOfPaperCell);
  const outcomes = new Map<string, KeptValue>();
  const done = (outcome: KeptValue) => {
    outcomes.set(outcome.hash, outcome);
    hashes.forEach((hash, index) => {
      if (hash === outcome.hash) onDone?.(index);
    });
  };
  const missing: number[] = [];
  for (const [index, hash] of hashes.entries()) {
    if (hashes.indexOf(hash) < index) continue;
    const kept = store?.valueOf(hash);
    if (kept === undefined) missing.push(index);
    else done(kept);
  }
  signal?.throwIfAborted();
  const count = Math.min(threads, missing.length);
  if (count > 0) {
    const start = (giveUp: (reason: unknown) => void) => new Pool(PROGRAM, count, giveUp);
    await throughPool({ start, count, signal }, missing, async (pool, index) => {
      const { name, runner, input } = cells[index];
      const task: ValueTask = { runner, input };
      try {
        const answer = await pool.run<ValueAnswer>(task, [], { name, given: input });
        const outcome = outcomeOf(hashes[index], answer);
        await store?.addValue({ runner, input } as unknown as Json, outcome);
        done(outcome);
      } catch (error) {
        throw named(name, error);
      }
    });
  }
  return hashes.map((hash) => outcomes.get(hash) as KeptValue);
}
