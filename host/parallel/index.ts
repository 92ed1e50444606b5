/** Trainings on worker threads: the package's `nlr-vqa/parallel` entry, for Node alone. */
export type { AggregateLoss, RunProgress, TrainedRun, TrainingRun } from './run.ts';
export {
  MAX_THREADS,
  type ParallelOptions,
  type PlannedRun,
  type RunOutcome,
  trainAll,
} from './train-all.ts';
export { type SeedsOptions, trainSeeds } from './train-seeds.ts';
