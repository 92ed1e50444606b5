/** One training from several seeds. */
import { OptionError, resolveTraining, Trainer } from '../index.ts';
import type { TrainedRun, TrainingRun } from './run.ts';
import { type ParallelOptions, settleAll } from './train-all.ts';

/** Options of `trainSeeds`: those of one training, and the seeds to train it from. */
export interface SeedsOptions extends Omit<TrainingRun, 'name'>, ParallelOptions {
  /** Different whole numbers from 0 to 2^53 - 1, one or more. */
  readonly seeds: readonly number[];
}

function checkSeeds(seeds: readonly number[]): void {
  if (seeds.length === 0) throw new OptionError('ERR_OPTION_VALUE', 'seeds names no seed', 'seeds');
  for (const seed of seeds) resolveTraining({ seed });
  const repeated = seeds.find((seed, i) => seeds.indexOf(seed) !== i);
  if (repeated === undefined) return;
  throw new OptionError('ERR_OPTION_VALUE', `seeds names ${repeated} twice`, 'seeds');
}

/**
 * Trains one model from each of several seeds, as many at once as there are threads. Each has the bits that it
 * has on its own. The first one that fails stops the others.
 * @returns the trained models in the order of the seeds
 * @throws OptionError, DataError, CoreError. One that concerns a single seed begins with it; the signal's reason
 * @example
 * ```ts
 * const runs = await trainSeeds({ model, training, dataset, test, seeds: [1, 2, 3] });
 * for (const { seed, trace, test } of runs) console.log(seed, trace, test?.accuracy);
 * ```
 */
export async function trainSeeds(options: SeedsOptions): Promise<TrainedRun[]> {
  const { seeds, threads, signal, onProgress, ...run } = options;
  checkSeeds(seeds);
  const runs = seeds.map((seed) => ({ ...run, training: { ...run.training, seed } }));
  // What is wrong with all of them is found here, without a seed to blame.
  const trainer = await Trainer.create(runs[0]);
  if (run.test) trainer.evaluate(run.test);
  const outcomes = await settleAll(runs, { threads, signal, onProgress }, true);
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}
