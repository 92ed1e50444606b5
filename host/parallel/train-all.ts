/** Several trainings at once, each on one thread. */
import { availableParallelism } from 'node:os';
import {
  callable,
  looking,
  optional,
  record,
  refuse,
  signal as readSignal,
  type Table,
  whole,
} from '../core/checks.ts';
import { named } from './refusal.ts';
import { nameOf, readRun, type RunProgress, type TrainedRun, type TrainingRun } from './run.ts';
import { Threads } from './threads.ts';

/** Threads at most. */
export const MAX_THREADS = 256;

/** How trainings share the machine. */
export interface ParallelOptions {
  /** Trainings at once, 1 to 256; default one for each processor. No result depends on it. */
  readonly threads?: number;
  /** Stops all trainings; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Is told of every training several times a second, and at its end. What it throws stops all of them. */
  readonly onProgress?: (progress: RunProgress) => void;
}

/** A training, or a function that prepares it when a thread is about to need it. */
export type PlannedRun = TrainingRun | (() => TrainingRun | Promise<TrainingRun>);

/** What became of each of several trainings, in their order. */
export type RunOutcome = PromiseSettledResult<TrainedRun>;

/** What these may be. */
export const PARALLEL: Table<ParallelOptions> = {
  threads: optional(whole(1, MAX_THREADS)),
  signal: optional(readSignal),
  onProgress: optional(callable),
};

/** One training from its preparation to its end. */
async function trainOne(planned: PlannedRun, threads: Threads): Promise<TrainedRun> {
  const given = typeof planned === 'function' ? await planned() : planned;
  const name = looking('a training', given, () => nameOf(given));
  try {
    return await threads.train(readRun(given));
  } catch (error) {
    throw named(name, error);
  }
}

/**
 * The work of `trainAll`.
 * @param failFast the first training that fails stops the others, and its error is thrown
 */
export async function settleAll(
  given: readonly PlannedRun[],
  options: ParallelOptions,
  failFast: boolean,
): Promise<RunOutcome[]> {
  const read = record('trainAll', options, PARALLEL);
  const { threads = availableParallelism(), signal, onProgress } = read;
  if (!looking('runs', given, () => Array.isArray(given))) refuse('runs', given, 'a list of trainings');
  const runs = looking('runs', given, () => [...given]);
  const count = Math.min(threads, runs.length, MAX_THREADS);
  signal?.throwIfAborted();
  if (count === 0) return [];
  let giveUp: (reason: unknown) => void = () => {};
  const givenUp = new Promise<never>((_, reject) => {
    giveUp = reject;
  });
  const abort = () => giveUp(signal?.reason);
  signal?.addEventListener('abort', abort);
  const pool = new Threads(count, onProgress, giveUp);
  const outcomes: RunOutcome[] = [];
  let next = 0;
  const work = async () => {
    while (next < runs.length) {
      const i = next++;
      const [outcome] = await Promise.allSettled([trainOne(runs[i], pool)]);
      outcomes[i] = outcome;
      if (failFast && outcome.status === 'rejected') giveUp(outcome.reason);
    }
  };
  try {
    // One more than there are threads: the next training is prepared while they are all at work.
    await Promise.race([givenUp, Promise.all(Array.from({ length: count + 1 }, work))]);
    return outcomes;
  } finally {
    next = runs.length;
    signal?.removeEventListener('abort', abort);
    await pool.close();
  }
}

/**
 * Trains several models at once and waits for all of them, whatever becomes of each. Every training has the
 * bits that it has on its own.
 * @returns the outcomes in the order of `runs`. The error of a training that failed begins with its name
 * @throws OptionError for a bad number of threads; the signal's reason
 * @example
 * ```ts
 * const rules = ['nlr', 'adam'] as const;
 * const outcomes = await trainAll(rules.map((rule) => ({ name: rule, model, training: { rule }, dataset })));
 * ```
 */
export function trainAll(runs: readonly PlannedRun[], options: ParallelOptions = {}): Promise<RunOutcome[]> {
  return settleAll(runs, options, false);
}
