/** From a configuration and its data to a trainer: fits the preprocessing, checks that everything has room. */
import { MAX_LOGITS } from '../../../assembly/abi/codes.ts';
import { Trainer, type TrainerOptions } from '../../api/trainer.ts';
import type { Dataset } from '../../data/dataset.ts';
import { fitPipeline } from '../../data/fit.ts';
import type { Pipeline } from '../../data/preprocess.ts';
import type { ColumnFlags, PreprocessingFlags } from '../input/flags.ts';
import type { WatchFlags } from '../input/watch-flags.ts';
import { type Configuration, checkRoom, outputsFor, preprocessing } from '../input/preset.ts';
import { UsageError } from '../output/failure.ts';

/** What a trainer takes for a configuration, with its preprocessing fitted to the training set. */
export function trainerOptions(
  configuration: Configuration,
  flags: PreprocessingFlags & ColumnFlags & Pick<WatchFlags, 'classWeights'>,
  dataset: Dataset,
): Omit<TrainerOptions, 'wasm'> {
  const { model, training, oneVsRest } = outputsFor(configuration, dataset.classes.length).configuration;
  const steps = preprocessing(flags, configuration, dataset);
  const { pipeline, training: prepared }: { pipeline: Pipeline; training: Dataset } = fitPipeline(
    dataset,
    steps,
  );
  checkRoom(configuration, prepared.columns);
  const numeric = dataset.targets !== undefined;
  const classes = oneVsRest || numeric ? undefined : dataset.classes.length;
  if (classes !== undefined && classes > MAX_LOGITS) {
    throw new UsageError(
      `${dataset.name} has ${classes} classes, a softmax head at most ${MAX_LOGITS}; --classes keeps some of them, --multiclass one-vs-rest takes each against the others`,
    );
  }
  return {
    model: { ...model, features: prepared.columns, classes },
    training,
    dataset,
    pipeline,
    oneVsRest,
    ...(numeric && { task: 'regression' }),
    classWeights: flags.classWeights,
  };
}

/** A trainer for a configuration. */
export async function createTrainer(
  configuration: Configuration,
  flags: PreprocessingFlags & ColumnFlags & Pick<WatchFlags, 'classWeights'>,
  dataset: Dataset,
): Promise<Trainer> {
  return Trainer.create(trainerOptions(configuration, flags, dataset));
}
