/** `nlr-vqa train --seeds N`: one training from several seeds, on several threads. */
import { availableParallelism } from 'node:os';
import { format, parse } from 'node:path';
import { trainTestSplit } from '../../data/split.ts';
import { NlrError } from '../../core/errors.ts';
import { named } from '../../parallel/refusal.ts';
import { type TrainedRun, trainerOptionsOf, type TrainingRun } from '../../parallel/run.ts';
import { type RunOutcome, trainAll } from '../../parallel/train-all.ts';
import { Trainer } from '../../api/trainer.ts';
import type { Say } from '../input/notes.ts';
import { readSource, type TrainingData } from '../input/read-data.ts';
import { failureOf, UsageError } from '../output/failure.ts';
import type { OutputFile } from '../../files/output-file.ts';
import { plural } from '../output/format.ts';
import { print, printJson, tell } from '../output/streams.ts';
import { SeedsProgress } from './seeds-progress.ts';
import { describeSeeds, type FailedSeed, seedResult, seedsResult, sharedResult } from './seeds-result.ts';
import type { Source } from '../input/source.ts';
import { interruptible } from './stop.ts';

/** Seeds at most. */
const MAX_SEEDS = 10_000;

/** The training from one seed. */
export type RunOfSeed = (seed: number) => TrainingRun;

/** `count` seeds from `first` on. @throws UsageError */
export function seedsFrom(first: number, count: number): number[] {
  if (count > MAX_SEEDS) throw new UsageError(`--seeds is ${count}; expected at most ${MAX_SEEDS}`);
  if (first > Number.MAX_SAFE_INTEGER - count + 1) {
    throw new UsageError(`--seeds ${count} from --seed ${first} on would pass the largest seed, 2^53 - 1`);
  }
  return Array.from({ length: count }, (_, i) => first + i);
}

/** Where the model of a seed goes: `model.nlrvqa` becomes `model.seed-7.nlrvqa`. */
export function fileOfSeed(out: string, seed: number): string {
  const { dir, name, ext } = parse(out);
  return format({ dir, base: `${name}.seed-${seed}${ext}` });
}

/**
 * Reads the data once. A share of it to test on is drawn from each seed, as in a run of that seed on its own.
 * @param prepare makes a training of the data
 * @param say hears about the data
 * @throws DataError, OptionError
 */
export async function runsOf(
  source: Source,
  prepare: (data: TrainingData) => TrainingRun,
  say: Say,
): Promise<RunOfSeed> {
  const seeded = (run: TrainingRun, seed: number) => ({ ...run, training: { ...run.training, seed } });
  const { testFraction } = source;
  if (!testFraction) {
    const run = prepare(await readSource(source, say));
    return (seed) => seeded(run, seed);
  }
  const { train: whole } = await readSource({ ...source, testFraction: 0 }, say);
  return (seed) => seeded(prepare(trainTestSplit(whole, { testFraction, seed })), seed);
}

/** Prepares a training. @throws Error that begins with its seed */
function namedRun(runOf: RunOfSeed, seed: number): TrainingRun {
  try {
    return runOf(seed);
  } catch (error) {
    throw named(`seed ${seed}`, error);
  }
}

/** Where the model of a seed goes; of none when none is to be written. */
export type ModelFiles = ReadonlyMap<number, OutputFile>;

/** Models in their files, by seed, and the first thing that went wrong with one. */
interface Written {
  readonly files: ReadonlyMap<number, string>;
  readonly failure: unknown;
}

async function writeModels(trained: readonly TrainedRun[], outputs: ModelFiles): Promise<Written> {
  const files = new Map<number, string>();
  let failure: unknown;
  for (const { seed, model } of trained) {
    const file = outputs.get(seed);
    const failed = file && (await failureOf(file.write(model)));
    if (file !== undefined && failed === undefined) files.set(seed, file.name);
    failure ??= failed;
  }
  return { files, failure };
}

/** A run from several seeds. */
export interface SeedsRun {
  readonly seeds: readonly number[];
  readonly runOf: RunOfSeed;
  readonly threads: number | undefined;
  readonly files: ModelFiles;
  readonly json: boolean;
  readonly quiet: boolean;
}

/** Every training that ended well, and the errors of the others. */
interface Ended {
  readonly trained: readonly TrainedRun[];
  readonly failures: readonly { readonly seed: number; readonly error: unknown }[];
}

function sorted(seeds: readonly number[], outcomes: readonly RunOutcome[]): Ended {
  return {
    trained: outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : [])),
    failures: outcomes.flatMap((outcome, i) =>
      outcome.status === 'rejected' ? [{ seed: seeds[i], error: outcome.reason }] : [],
    ),
  };
}

/** An error for all that failed. */
function failureFrom({ failures }: Ended, seeds: number): unknown {
  const [first] = failures;
  return failures.length < 2
    ? first?.error
    : named(`${failures.length} of ${seeds} seeds failed`, first.error);
}

function failedSeed({ seed, error }: Ended['failures'][number]): FailedSeed {
  const { message } = error as Error;
  return error instanceof NlrError ? { seed, code: error.code, message } : { seed, message };
}

function tellFiles(files: readonly string[]): void {
  const [first] = files;
  if (files.length === 1) tell(`wrote ${first}`);
  if (files.length > 1) tell(`wrote ${files.length} models, ${first} to ${files.at(-1)}`);
}

/**
 * Trains from every seed, writes the models and prints how they fare; a seed that fails is left out.
 * @throws Interrupted by a signal, with nothing written; the error of a seed that failed, after all that
 */
export async function trainFromSeeds({ seeds, runOf, files, json, quiet, ...run }: SeedsRun): Promise<void> {
  const first = runOf(seeds[0]);
  // What is wrong with all of them is found here, without a seed to blame.
  const trainer = await Trainer.create(trainerOptionsOf(first));
  if (first.test) trainer.evaluate(first.test);
  const threads = Math.min(run.threads ?? availableParallelism(), seeds.length);
  const progress = new SeedsProgress(seeds.length, trainer.training.steps, quiet);
  const said = () =>
    `interrupted after ${progress.done} of ${plural(seeds.length, 'seed')}; nothing was written`;
  const started = performance.now();
  const { ended, written, seconds } = await interruptible(said, async (signal) => {
    const planned = seeds.map((seed) => () => (seed === seeds[0] ? first : namedRun(runOf, seed)));
    const options = { threads: run.threads, signal, onProgress: progress.update };
    const outcomes = await trainAll(planned, options).finally(() => progress.stop());
    const ended = sorted(seeds, outcomes);
    const seconds = (performance.now() - started) / 1000;
    // From here on a signal comes too late: every model is written whole, and all of them are.
    return { ended, seconds, written: await writeModels(ended.trained, files) };
  });
  if (ended.trained.length === 0) throw failureFrom(ended, seeds.length);
  const result = seedsResult(await sharedResult(trainer, { train: first.dataset, test: first.test }), {
    threads,
    seconds,
    seeds: ended.trained.map((each) => seedResult(each, written.files.get(each.seed))),
    failures: ended.failures.map(failedSeed),
  });
  if (json) printJson(result);
  else print(...describeSeeds(result));
  if (!quiet) tellFiles([...written.files.values()]);
  const failure = failureFrom(ended, seeds.length) ?? written.failure;
  if (failure !== undefined) throw failure;
}
