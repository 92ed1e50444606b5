/** One training from several seeds. */
import { looking, record, refuse, snapshot, type Table, whole } from '../core/checks.ts';
import { Trainer } from '../index.ts';
import { RUN, type TrainedRun, trainerOptionsOf, type TrainingRun } from './run.ts';
import { PARALLEL, type ParallelOptions, settleAll } from './train-all.ts';

/** Options of `trainSeeds`: those of one training, and the seeds to train it from. */
export interface SeedsOptions extends Omit<TrainingRun, 'name'>, ParallelOptions {
  /** Different whole numbers from 0 to 2^53 - 1, one or more. */
  readonly seeds: readonly number[];
}

/** Different seeds, one or more. @throws OptionError */
function readSeeds(given: unknown, at: string): readonly number[] {
  const seeds = looking(at, given, () =>
    Array.isArray(given) ? [...given] : refuse(at, given, 'a list of seeds'),
  );
  if (seeds.length === 0) refuse(at, seeds, 'one seed at least');
  const isSeed = whole(0);
  const repeated = seeds.find((seed, i) => seeds.indexOf(isSeed(seed, 'seed')) !== i);
  return repeated === undefined ? seeds : refuse(at, seeds, `different ones: ${repeated} comes twice`);
}

const { name: _, ...OF_A_SEED } = RUN;
const OPTIONS: Table<SeedsOptions> = { ...OF_A_SEED, ...PARALLEL, seeds: readSeeds };

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
  const { seeds, threads, signal, onProgress, ...run } = record('trainSeeds', options, OPTIONS);
  const training = snapshot('training', run.training);
  const runs = seeds.map((seed) => ({ ...run, training: { ...training, seed } }));
  // What is wrong with all of them is found here, without a seed to blame.
  const trainer = await Trainer.create(trainerOptionsOf(runs[0]));
  if (run.test !== undefined) trainer.evaluate(run.test);
  const outcomes = await settleAll(runs, { threads, signal, onProgress }, true);
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}
