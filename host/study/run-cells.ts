/** Runs the cells of a study: those that a store does not have, on threads, each kept as soon as it is finished. */
import { availableParallelism } from 'node:os';
import { anything, callable, optional, record, signal, type Table, whole } from '../core/checks.ts';
import { named } from '../parallel/refusal.ts';
import { throughPool } from '../parallel/through-pool.ts';
import { MAX_THREADS } from '../parallel/train-all.ts';
import { canonical, type Cell, hashOfCell, type Problem } from './cell.ts';
import type { CellOutcome } from './result.ts';
import type { CellStore } from './store.ts';
import { CellThreads } from './threads.ts';
import type { CellWork, Prepared } from './train-cell.ts';
import type { Step } from './worker.ts';

/** How far a cell is. */
export interface CellProgress {
  /** Its place in the list. */
  readonly index: number;
  /** The cell itself. */
  readonly cell: Cell;
  /** Steps made; 1 of a cell that is done. */
  readonly step: number;
  /** Steps that there will be at most; 1 of a cell that is done. */
  readonly steps: number;
  /** Measured loss of the latest mini-batch; null of a cell that is done. */
  readonly loss: number | null;
  /** What became of it, when it is done. */
  readonly outcome?: CellOutcome;
}

/** How cells are run. */
export interface RunOptions {
  /**
   * Makes data, preprocessing and model of a problem. It has to make the same of the same problem and seed, and is asked once
   * for all cells that follow each other with both.
   */
  readonly prepare: (problem: Problem, seed: number) => Prepared | Promise<Prepared>;
  /** Has cells that are finished, and gets those that will be; default none. */
  readonly store?: CellStore;
  /** Cells at once, 1 to 256; default one for each processor. No result depends on it. */
  readonly threads?: number;
  /** Stops all cells under way; the promise then rejects with the signal's reason. What is finished is in the store. */
  readonly signal?: AbortSignal;
  /** Is told of every cell several times a second, and at its end, also of those that the store had. */
  readonly onProgress?: (progress: CellProgress) => void;
}

const OPTIONS: Table<RunOptions> = {
  prepare: callable,
  store: anything,
  threads: optional(whole(1, MAX_THREADS)),
  signal: optional(signal),
  onProgress: optional(callable),
};

/** What errors call a cell. */
export function nameOfCell({ problem, rule, seed }: Cell): string {
  return `${problem.name}, ${rule}, seed ${seed}`;
}

/** Prepares problems, and remembers some: cells of a problem and a seed mostly follow each other. */
export class Preparations {
  readonly #kept = new Map<string, Promise<Prepared>>();

  constructor(
    readonly prepare: RunOptions['prepare'],
    readonly most: number,
  ) {}

  of({ problem, seed }: Cell): Promise<Prepared> {
    const key = canonical([problem, seed]);
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    const made = (async () => this.prepare(problem, seed))();
    this.#kept.set(key, made);
    if (this.#kept.size > this.most) this.#kept.delete([...this.#kept.keys()][0]);
    return made;
  }
}

/** All that a cell's training is made of. */
export function workOf(
  { rule, setting, seed, looks, ascent = false, ...cell }: Cell,
  prepared: Prepared,
): CellWork {
  const model = { ...prepared.model, ...cell.model };
  return { prepared: { ...prepared, model }, training: { ...setting, rule, seed }, looks, ascent };
}

/**
 * Trains the cells of a study, as many at once as there are threads, and puts each into the store when it is finished. Cells
 * that the store has are not trained; cells that are the same are trained once.
 * @returns what became of each, in their order. A training that leaves the finite numbers is a failure that is kept
 * @throws OptionError, DataError, CoreError of the first cell that cannot be trained, named; the signal's reason
 */
export async function runCells(cells: readonly Cell[], options: RunOptions): Promise<CellOutcome[]> {
  const read = record('runCells', options, OPTIONS);
  const { prepare, store, threads = availableParallelism(), signal, onProgress } = read;
  const hashes = cells.map(hashOfCell);
  const outcomes = new Map<string, CellOutcome>();
  /** Where each hash is in the list. */
  const places = new Map<string, number[]>();
  hashes.forEach((hash, index) => places.set(hash, [...(places.get(hash) ?? []), index]));
  const done = (outcome: CellOutcome) => {
    outcomes.set(outcome.hash, outcome);
    for (const index of places.get(outcome.hash) ?? [])
      onProgress?.({ index, cell: cells[index], step: 1, steps: 1, loss: null, outcome });
  };
  const missing: number[] = [];
  for (const [hash, [first]] of places) {
    const kept = store?.get(hash);
    if (kept === undefined) missing.push(first);
    else done(kept);
  }
  signal?.throwIfAborted();
  const count = Math.min(threads, missing.length, MAX_THREADS);
  if (count > 0) {
    await train({ cells, hashes, missing, count }, { ...read, prepare }, async (index, outcome) => {
      await store?.add(cells[index], outcome);
      done(outcome);
    });
  }
  return hashes.map((hash) => outcomes.get(hash) as CellOutcome);
}

/** Which cells are trained. */
interface Missing {
  readonly cells: readonly Cell[];
  readonly hashes: readonly string[];
  readonly missing: readonly number[];
  readonly count: number;
}

async function train(
  { cells, hashes, missing, count }: Missing,
  { prepare, signal, onProgress }: RunOptions,
  keep: (index: number, outcome: CellOutcome) => Promise<void>,
): Promise<void> {
  const preparations = new Preparations(prepare, 2 * count);
  const one = async (pool: CellThreads, index: number) => {
    const cell = cells[index];
    try {
      const work = workOf(cell, await preparations.of(cell));
      const told = onProgress && ((step: Step) => onProgress({ index, cell, ...step }));
      return await pool.train(hashes[index], work, told);
    } catch (error) {
      throw named(nameOfCell(cell), error);
    }
  };
  const start = (giveUp: (reason: unknown) => void) => new CellThreads(count, giveUp);
  await throughPool({ start, count, signal }, missing, async (pool, index) =>
    keep(index, await one(pool, index)),
  );
}
