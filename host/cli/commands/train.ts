/** `nlr-vqa train` */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Dataset } from '../../data/dataset.ts';
import { resolveTraining } from '../../api/options.ts';
import { Trainer } from '../../api/trainer.ts';
import { readSource, type TrainingData } from '../input/read-data.ts';
import { failureOf, flagName, UsageError } from '../output/failure.ts';
import { checkWritable, isRepeatable, readBytes, realName, writeWhole } from '../../files/disk.ts';
import {
  type ColumnFlags,
  columnFlags,
  type CommonFlags,
  commonFlags,
  type DataFlags,
  dataFlags,
  type ModelFlags,
  modelFlags,
  type PreprocessingFlags,
  preprocessingFlags,
  type TestFlags,
  type TrainingFlags,
  taskFlag,
  testFlags,
  trainingFlags,
} from '../input/flags.ts';
import { print, printJson, tell } from '../output/streams.ts';
import { type Configuration, configure, outputsFor } from '../input/preset.ts';
import { plain } from '../output/plain.ts';
import { type WatchFlags, watchFlags } from '../input/watch-flags.ts';
import { describeResult, measure, type TrainingResult } from '../training/result.ts';
import { runTraining } from '../training/run.ts';
import { fileOfSeed, runsOf, seedsFrom, trainFromSeeds } from '../training/seeds.ts';
import { describeCurve, nextSteps, plotOf, writePlot } from '../training/show.ts';
import { splitValidation, type WatchedData } from '../training/validation.ts';
import { LOOK_EVERY, openLog, Watch } from '../training/watch.ts';
import { describeValuesResult, measureValues } from '../training/values-result.ts';
import { createTrainer, trainerOptions } from '../training/trainer-options.ts';
import {
  type Context,
  filesOf,
  readContext,
  readsStdin,
  type Source,
  sourceFromFlags,
} from '../input/source.ts';
import { whole } from '../input/values.ts';

interface RunFlags {
  readonly evaluateEvery?: number;
  readonly ascent?: boolean;
  readonly out?: string;
  readonly checkpoint?: string;
  readonly every?: number;
  readonly resume?: string;
  readonly seeds?: number;
  readonly threads?: number;
}

type TrainFlags = CommonFlags &
  ModelFlags &
  TrainingFlags &
  PreprocessingFlags &
  DataFlags &
  ColumnFlags &
  TestFlags &
  RunFlags &
  WatchFlags;

/** Flags that make sense beside `--resume`; all others come from the checkpoint. */
const WITH_RESUME = [
  ...['resume', 'checkpoint', 'every', 'out', 'json', 'quiet', 'evaluateEvery', 'ascent'],
  ...['log', 'plot', 'curve'],
];

/** Steps between two checkpoints unless `--every` says. */
const EVERY = 50;

const EXAMPLES = `
Examples:
  nlr-vqa train                                            the built-in digits, 0 against 1
  nlr-vqa train --preset paper --rule nlr-guarded          the paper's model
  nlr-vqa train --csv iris.csv --label species --out iris.nlrvqa
  nlr-vqa train --csv kunden.csv --label churn --ignore id,name --missing mean --out kunden.nlrvqa
  nlr-vqa train --csv houses.csv --label price --task regression --out houses.nlrvqa
  nlr-vqa train --idx images.gz labels.gz --classes 3,6 --qubits 6 --shots exact
  nlr-vqa train --checkpoint run.nlrvqa --every 20         then, after a power cut:
  nlr-vqa train --resume run.nlrvqa
  nlr-vqa train --csv data.csv --label class --class-weights balanced --validation-fraction 0.2 --patience 5
  nlr-vqa train --log steps.jsonl --plot loss.svg
  nlr-vqa train --seeds 10 --out model.nlrvqa              model.seed-1.nlrvqa to model.seed-10.nlrvqa
`;

/** A run that is ready to start, or to go on. */
interface Prepared {
  readonly trainer: Trainer;
  readonly data: WatchedData;
  readonly context: Context;
  readonly checkpoint: string | undefined;
}

/** Where a run writes. */
interface Outputs {
  readonly out: string | undefined;
  readonly checkpoint: string | undefined;
}

/**
 * Finds out before any work that a run can write its files, and over none that it reads.
 * @param resumed the checkpoint to go on from; a new checkpoint may replace it
 * @throws UsageError, DataError
 */
async function checkOutputs({ out, checkpoint }: Outputs, source: Source, resumed?: string): Promise<void> {
  const read = await Promise.all(filesOf(source).map(realName));
  const kept = resumed === undefined ? [] : [await realName(resumed)];
  const check = async (flag: string, file: string | undefined, taken: readonly string[]) => {
    if (file === undefined) return undefined;
    if (taken.includes(await realName(file))) {
      throw new UsageError(`${flag} names ${file}, which this run reads; give another file`);
    }
    return checkWritable(file);
  };
  const model = await check('--out', out, [...read, ...kept]);
  const state = await check('--checkpoint', checkpoint, read);
  if (model !== undefined && model === state)
    throw new UsageError('--out and --checkpoint name the same file');
}

/** Says what is said about data, unless nothing is to be. */
const sayUnless = (quiet = false) => (quiet ? () => {} : tell);

/** Refuses flags that are for classes where numbers are predicted. @throws UsageError */
function refuseForNumbers(flags: TrainFlags, names: readonly (keyof TrainFlags)[]): void {
  const name = flags.task === 'regression' ? names.find((each) => flags[each] !== undefined) : undefined;
  if (name !== undefined)
    throw new UsageError(`${flagName(name)} is for classes; --task regression has none`);
}

/** Says what many classes are read from. */
function sayOutputs(configuration: Configuration, { classes }: Dataset, quiet?: boolean): void {
  const { sentence } = outputsFor(configuration, classes.length);
  if (sentence !== undefined) sayUnless(quiet)(sentence);
}

/** Finds out before any work that what is watched can be written, over no other file of the run. */
async function checkWatched(
  { log, plot }: WatchFlags,
  others: readonly (string | undefined)[],
): Promise<void> {
  const taken = await Promise.all(others.flatMap((file) => (file === undefined ? [] : realName(file))));
  for (const [flag, file] of Object.entries({ '--log': log, '--plot': plot })) {
    if (file === undefined) continue;
    const name = await realName(file);
    if (taken.includes(name))
      throw new UsageError(`${flag} names ${file}, which this run reads or writes; give another file`);
    await checkWritable(file);
    taken.push(name);
  }
}

/** Trains from several seeds instead of one. */
async function startSeeds(flags: TrainFlags, count: number): Promise<void> {
  for (const name of ['checkpoint', 'every'] as const) {
    if (flags[name] === undefined) continue;
    throw new UsageError(`${flagName(name)} cannot go with --seeds: only the run of one seed can be resumed`);
  }
  refuseForNumbers(flags, ['seeds']);
  for (const name of ['validationFraction', 'patience', 'log', 'plot', 'curve'] as const) {
    if (flags[name] === undefined) continue;
    throw new UsageError(`${flagName(name)} cannot go with --seeds: it watches the run of one seed`);
  }
  const { threads, out, evaluateEvery, ascent, json = false, quiet = false } = flags;
  const configuration = configure(flags);
  const { seed } = resolveTraining(configuration.training);
  const seeds = seedsFrom(seed, count);
  const source = sourceFromFlags(flags, seed);
  if (out !== undefined) {
    for (const each of seeds) {
      await checkOutputs({ out: fileOfSeed(out, each), checkpoint: undefined }, source);
    }
  }
  let told = false;
  const prepare = ({ train, test }: TrainingData) => {
    const options = trainerOptions(configuration, flags, train);
    if (!told) sayOutputs(configuration, train, quiet);
    told = true;
    return { ...options, test, evaluateEvery, ascent };
  };
  const runOf = await runsOf(source, prepare, sayUnless(quiet));
  await trainFromSeeds({ seeds, runOf, threads, out, json, quiet });
}

async function start(flags: TrainFlags): Promise<Prepared> {
  const configuration = configure(flags);
  const { validationFraction, patience } = flags;
  refuseForNumbers(flags, ['classes', 'classWeights', 'validationFraction']);
  const { seed } = resolveTraining(configuration.training);
  const source = { ...sourceFromFlags(flags, seed), validationFraction };
  if (patience !== undefined && validationFraction === undefined)
    throw new UsageError('--patience needs --validation-fraction: it counts looks at the validation set');
  if (flags.threads !== undefined) throw new UsageError('--threads needs --seeds N');
  if (flags.every !== undefined && flags.checkpoint === undefined) {
    throw new UsageError('--every needs --checkpoint FILE');
  }
  if (flags.checkpoint !== undefined && readsStdin(source)) {
    throw new UsageError('--checkpoint needs data in files: stdin could not be read again to resume');
  }
  for (const file of flags.checkpoint === undefined ? [] : filesOf(source)) {
    if (!(await isRepeatable(file)))
      throw new UsageError(`--checkpoint needs data in files: ${file} could not be read again to resume`);
  }
  await checkOutputs({ out: flags.out, checkpoint: flags.checkpoint }, source);
  await checkWatched(flags, [...filesOf(source), flags.out, flags.checkpoint]);
  const data = splitValidation(await readSource(source, sayUnless(flags.quiet)), source);
  const trainer = await createTrainer(configuration, flags, data.train);
  sayOutputs(configuration, data.train, flags.quiet);
  const out = flags.out && resolve(flags.out);
  const every = flags.evaluateEvery ?? LOOK_EVERY;
  const watch = validationFraction === undefined ? undefined : { every, patience };
  const context = { source, seconds: 0, every: flags.every ?? EVERY, out, watch };
  return { trainer, data, context, checkpoint: flags.checkpoint };
}

async function resume(file: string, flags: TrainFlags, command: Command): Promise<Prepared> {
  for (const option of command.options) {
    const name = option.attributeName();
    if (command.getOptionValueSource(name) === 'cli' && !WITH_RESUME.includes(name)) {
      throw new UsageError(`${flagName(name)} cannot go with --resume: the checkpoint says how it was`);
    }
  }
  const bytes = await readBytes(file);
  const context = readContext(Trainer.contextOf(bytes, file), file);
  const out = flags.out === undefined ? context.out : resolve(flags.out);
  const checkpoint = flags.checkpoint ?? file;
  await checkOutputs({ out: flags.out ?? context.out, checkpoint }, context.source, file);
  if (flags.evaluateEvery !== undefined && context.watch?.every !== undefined)
    throw new UsageError(
      '--evaluate-every cannot go with --resume here: it decides which parameters are kept',
    );
  await checkWatched(flags, [...filesOf(context.source), file, checkpoint, out]);
  const data = splitValidation(await readSource(context.source), context.source);
  const trainer = await Trainer.resume(bytes, { dataset: data.train, name: file });
  return {
    trainer,
    data,
    context: { ...context, every: flags.every ?? context.every, out },
    checkpoint,
  };
}

async function train(flags: TrainFlags, command: Command): Promise<void> {
  const { quiet = false, ascent, seeds } = flags;
  if (flags.resume === undefined && seeds !== undefined) return startSeeds(flags, seeds);
  const prepared =
    flags.resume === undefined ? await start(flags) : await resume(flags.resume, flags, command);
  const { trainer, data, context, checkpoint } = prepared;
  if (flags.resume !== undefined && !quiet) tell(`${flags.resume}: going on after step ${trainer.steps}`);
  const { seconds, watch: watched, ...kept } = context;
  const watch = new Watch(trainer, {
    log: flags.log === undefined ? undefined : await openLog(flags.log, trainer.steps),
    validation: data.validation && {
      ...watched,
      dataset: data.validation,
      every: watched?.every ?? LOOK_EVERY,
    },
    evaluateEvery: flags.evaluateEvery ?? watched?.evaluateEvery,
    keepCurves: flags.plot !== undefined || flags.curve === true || watched?.curves !== undefined,
    from: { context: watched, name: flags.resume ?? '' },
  });
  const record = await runTraining(trainer, {
    title: 'training',
    quiet,
    seconds,
    watch,
    ascent,
    checkpoint: checkpoint === undefined ? undefined : { file: checkpoint, context: kept },
  });
  const numeric = trainer.target !== undefined;
  const values = numeric ? await measureValues(trainer, data, record) : undefined;
  const classes = numeric ? undefined : await measure(trainer, data, record);
  const result = values ?? (classes as TrainingResult);
  const out = flags.out ?? context.out;
  const { plot } = flags;
  const failures = [out === undefined ? undefined : await failureOf(writeWhole(out, trainer.save()))];
  const written = failures[0] === undefined ? out : undefined;
  const drawing =
    plot && writePlot(plot, plotOf(trainer, watch, { classes: [], ...result }, data.train.name));
  failures.push(drawing ? await failureOf(drawing) : undefined, watch.failure);
  if (flags.json) printJson(written === undefined ? result : { ...result, model: written });
  else {
    print(...(values ? describeValuesResult(values) : describeResult(classes as TrainingResult)));
    if (flags.curve ?? process.stdout.isTTY) print(...describeCurve(watch));
    print(...nextSteps(written, context.source.set.kind, numeric));
  }
  const failure = failures.find((each) => each !== undefined);
  if (failure !== undefined) throw failure;
  for (const file of quiet ? [] : [written, plot]) if (file) tell(`wrote ${plain(file)}`);
}

/** Adds the command. */
export function addTrain(program: Command): void {
  const command = program
    .command('train')
    .description('train a model and print how it fares')
    .addHelpText('after', EXAMPLES);
  modelFlags(command);
  trainingFlags(command);
  preprocessingFlags(command);
  dataFlags(command);
  taskFlag(command);
  columnFlags(command);
  testFlags(command);
  const group = 'Run:';
  command.optionsGroup(group);
  command
    .option(
      '--out <file>',
      'write the model; with --seeds one for each: model.nlrvqa gives model.seed-1.nlrvqa',
    )
    .option('--checkpoint <file>', 'write the training state now and then, whole or not at all')
    .option('--every <n>', `steps between two checkpoints (default: ${EVERY})`, whole('--every', 1))
    .option('--resume <file>', 'go on from a checkpoint, with the options and the data it names')
    .option(
      '--evaluate-every <n>',
      'print the loss of the whole training set every n steps',
      whole('--evaluate-every', 1),
    )
    .option('--ascent', 'measure whether the steps go uphill, at the price of an exact gradient a step')
    .option('--seeds <n>', 'train from n seeds, --seed and those after it, and compare', whole('--seeds', 1))
    .option(
      '--threads <n>',
      'seeds trained at once (default: as many as there are processors)',
      whole('--threads', 1),
    );
  watchFlags(command, LOOK_EVERY);
  commonFlags(command, 'seed of every random draw and of the split (default: 1)');
  command.action(train);
}
