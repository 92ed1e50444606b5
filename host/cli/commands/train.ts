/** `nlr-vqa train` */
import { relative } from 'node:path';
import type { Command } from 'commander';
import { resolveTraining } from '../../api/options.ts';
import { Trainer, type TrainerOptions } from '../../api/trainer.ts';
import { DataError } from '../../core/errors.ts';
import { readSource, type TrainingData } from '../input/read-data.ts';
import { failureOf, flagName, UsageError } from '../output/failure.ts';
import { isRepeatable, readBytes } from '../../files/disk.ts';
import type { OutputFile } from '../../files/output-file.ts';
import {
  type ColumnFlags,
  columnFlags,
  type CommonFlags,
  commonFlags,
  type DataFlags,
  dataFlags,
  type ModelFlags,
  modelFlags,
  noiseFlag,
  type PreprocessingFlags,
  preprocessingFlags,
  type TestFlags,
  type TrainingFlags,
  refitFlag,
  taskFlag,
  testFlags,
  trainingFlags,
} from '../input/flags.ts';
import { shellWord } from '../output/commands.ts';
import { print, printJson, tell } from '../output/streams.ts';
import { type CircuitFlags, circuitFlags, withCircuit } from '../input/circuit-flags.ts';
import { fedBy } from '../input/circuit-columns.ts';
import type { Say } from '../input/notes.ts';
import { type Configuration, configure, outputsFor } from '../input/preset.ts';
import { plain } from '../output/plain.ts';
import { type WatchFlags, watchFlags } from '../input/watch-flags.ts';
import { componentsNote } from '../training/preprocessed.ts';
import { describeResult, measure, type TrainingResult } from '../training/result.ts';
import { type Outputs, withOutputs } from '../training/outputs.ts';
import {
  describeStages,
  growthContext,
  type GrowthFlags,
  grownResult,
  growthFlags,
  grows,
  runGrowth,
} from '../training/growth.ts';
import { runTraining } from '../training/run.ts';
import { fileOfSeed, runsOf, seedsFrom, trainFromSeeds } from '../training/seeds.ts';
import { describeCurve, nextSteps, plotOf, stepsToKeep, writePlot } from '../training/show.ts';
import { splitValidation, type WatchedData } from '../training/validation.ts';
import { LOOK_EVERY, openLog, Watch } from '../training/watch.ts';
import { describeValuesResult, measureValues } from '../training/values-result.ts';
import { trainerOptions } from '../training/trainer-options.ts';
import {
  type Context,
  filesOf,
  readContext,
  readsStdin,
  type Source,
  sourceFromFlags,
} from '../input/source.ts';
import { NOT_STDOUT, path, whole, written } from '../input/values.ts';

interface RunFlags {
  readonly evaluateEvery?: number;
  readonly ascent?: boolean;
  readonly out?: string;
  readonly checkpoint?: string;
  readonly every?: number;
  readonly resume?: string;
  readonly finish?: boolean;
  readonly seeds?: number;
  readonly threads?: number;
}

type TrainFlags = CommonFlags &
  ModelFlags &
  CircuitFlags &
  TrainingFlags &
  PreprocessingFlags &
  DataFlags &
  ColumnFlags &
  TestFlags &
  RunFlags &
  GrowthFlags &
  WatchFlags;

/** Flags that make sense beside `--resume`; all others come from the checkpoint. */
const WITH_RESUME = [
  ...['resume', 'checkpoint', 'every', 'out', 'json', 'quiet', 'evaluateEvery', 'ascent'],
  ...['log', 'plot', 'curve', 'finish'],
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
  nlr-vqa train --data gaussians:separation=3              a set of 'data list'
  nlr-vqa train --checkpoint run.nlrvqa --every 20         then, after a power cut:
  nlr-vqa train --resume run.nlrvqa
  nlr-vqa train --resume run.nlrvqa --finish --out model.nlrvqa   the model as far as it is
  nlr-vqa train --csv data.csv --label class --class-weights balanced --validation-fraction 0.2 --patience 5
  nlr-vqa train --log steps.jsonl --plot loss.svg
  nlr-vqa train --data moons --encoding angle --reuploads 5 --qubits 2
  nlr-vqa train --data ad-hoc --encoding zz --qubits 2 --observable 'Z0; Z1; Z0 Z1'
  nlr-vqa train --layout qcnn --initialisation small-angles
  nlr-vqa train --grow-layers 1,2,4 --entangler-gate cz --steps 100
  nlr-vqa train --data moons --encoding angle --adapt 8 --steps 50
  nlr-vqa train --csv data.csv --label class --circuit own.qasm --circuit-features x0,x1
  nlr-vqa train --noise depolarizing:0.01,damping:0.02,readout:0.03
  nlr-vqa train --seeds 10 --out model.nlrvqa              model.seed-1.nlrvqa to model.seed-10.nlrvqa
`;

/** What a run writes. */
type RunFiles = Partial<Record<'out' | 'checkpoint' | 'log' | 'plot', OutputFile>>;

/** A run that is ready to start, or to go on. */
interface Prepared {
  readonly trainer: Trainer;
  readonly data: WatchedData;
  readonly context: Context;
  readonly files: RunFiles;
  /** A sentence for each file that only a checkpoint names. */
  readonly unnamed?: readonly string[];
}

/** Files that a checkpoint names. */
const NAMED = ['log', 'plot', 'out'] as const;

/** Where the files are that a checkpoint names. */
function pathsOf(files: RunFiles): Pick<Context, (typeof NAMED)[number]> {
  const named = NAMED.flatMap((name) => (files[name] === undefined ? [] : [[name, files[name].path]]));
  return Object.fromEntries(named);
}

/** Says what is said about data, unless nothing is to be. */
const sayUnless = (quiet = false) => (quiet ? () => {} : tell);

/** Refuses flags that are for classes where numbers are predicted. @throws UsageError */
function refuseForNumbers(flags: TrainFlags, names: readonly (keyof TrainFlags)[]): void {
  const name = flags.task === 'regression' ? names.find((each) => flags[each] !== undefined) : undefined;
  if (name !== undefined)
    throw new UsageError(`${flagName(name)} is for classes; --task regression has none`);
}

/** Says what many classes are read from, and what stands in for columns that have no room. */
function sayBefore(
  configuration: Configuration,
  flags: PreprocessingFlags,
  options: Pick<TrainerOptions, 'dataset' | 'pipeline' | 'model'>,
  say: Say,
): void {
  const { sentence } = outputsFor(configuration, options.dataset.classes.length);
  for (const each of [componentsNote(options, flags), sentence]) if (each !== undefined) say(each);
}

/** Files that a training reads. */
const readBy = (source: Source, { circuit }: CircuitFlags): string[] =>
  circuit === undefined ? filesOf(source) : [...filesOf(source), circuit];

/** Takes the files that flags name. @throws UsageError, DataError */
async function claimAll(
  flags: TrainFlags,
  outputs: Outputs,
  names: readonly ('out' | 'checkpoint' | 'log' | 'plot')[],
): Promise<RunFiles> {
  const files: RunFiles = {};
  for (const name of names) {
    const file = flags[name];
    if (file !== undefined) files[name] = await outputs.claim(flagName(name), file);
  }
  return files;
}

/** Trains from several seeds instead of one. */
async function startSeeds(flags: TrainFlags, outputs: Outputs, count: number): Promise<void> {
  for (const name of ['checkpoint', 'every'] as const) {
    if (flags[name] === undefined) continue;
    throw new UsageError(`${flagName(name)} cannot go with --seeds: only the run of one seed can be resumed`);
  }
  refuseForNumbers(flags, ['seeds']);
  for (const name of ['validationFraction', 'patience', 'log', 'plot', 'curve'] as const) {
    if (flags[name] === undefined || flags[name] === false) continue;
    throw new UsageError(`${flagName(name)} cannot go with --seeds: it watches the run of one seed`);
  }
  const { threads, out, evaluateEvery, ascent, json = false, quiet = false } = flags;
  const configuration = await withCircuit(configure(flags), flags);
  const { seed } = resolveTraining(configuration.training);
  const seeds = seedsFrom(seed, count);
  const source = sourceFromFlags(flags, seed);
  await outputs.reads(readBy(source, flags));
  const files = new Map<number, OutputFile>();
  for (const each of out === undefined ? [] : seeds) {
    files.set(each, await outputs.claim('--out', fileOfSeed(out as string, each)));
  }
  let told = false;
  const prepare = ({ train, test }: TrainingData) => {
    const say = sayUnless(quiet || told);
    const options = trainerOptions(configuration, flags, fedBy(configuration, flags, train, say));
    sayBefore(configuration, flags, options, say);
    told = true;
    return { ...options, test, evaluateEvery, ascent };
  };
  const runOf = await runsOf(source, prepare, sayUnless(quiet));
  await trainFromSeeds({ seeds, runOf, threads, files, json, quiet });
}

/** Trains a circuit that grows. */
async function startGrowth(flags: TrainFlags, outputs: Outputs): Promise<void> {
  const { quiet = false, json = false } = flags;
  refuseForNumbers(flags, ['classes', 'classWeights']);
  const configuration = configure(flags);
  const source = sourceFromFlags(flags, resolveTraining(configuration.training).seed);
  await outputs.reads(filesOf(source));
  const { out } = await claimAll(flags, outputs, ['out']);
  const data = await readSource(source, sayUnless(quiet));
  const options = trainerOptions(configuration, flags, data.train);
  sayBefore(configuration, flags, options, sayUnless(quiet));
  const grown = await runGrowth(flags, options, quiet);
  const { trainer, record, stages } = grown;
  const values = trainer.target && grownResult(await measureValues(trainer, data, record), grown);
  const classes = trainer.target ? undefined : grownResult(await measure(trainer, data, record), grown);
  if (out !== undefined) await out.write(trainer.save(growthContext(grown)));
  if (json) printJson({ ...(values ?? classes), ...(out && { model: out.name }) });
  else {
    print(...(values ? describeValuesResult(values) : describeResult(classes as TrainingResult)));
    print('', ...describeStages(stages));
    if (out !== undefined) print(...nextSteps(out.name, source.set.kind, values !== undefined));
  }
  if (out !== undefined && !quiet) tell(`wrote ${plain(out.name)}`);
}

async function start(flags: TrainFlags, outputs: Outputs): Promise<Prepared> {
  const configuration = await withCircuit(configure(flags), flags);
  const { validationFraction, patience } = flags;
  refuseForNumbers(flags, ['classes', 'classWeights', 'validationFraction', 'patience']);
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
  await outputs.reads(readBy(source, flags));
  const files = await claimAll(flags, outputs, ['out', 'checkpoint', 'log', 'plot']);
  const say = sayUnless(flags.quiet);
  const read = splitValidation(await readSource(source, say), source);
  const data = { ...read, train: fedBy(configuration, flags, read.train, say) };
  const options = trainerOptions(configuration, flags, data.train);
  const trainer = await Trainer.create(options);
  sayBefore(configuration, flags, options, say);
  const every = flags.evaluateEvery ?? LOOK_EVERY;
  const watch = validationFraction === undefined ? undefined : { every, patience };
  const context = {
    ...{ source, seconds: 0, every: flags.every ?? EVERY, watch },
    ...pathsOf(files),
    ascent: flags.ascent,
  };
  return { trainer, data, context, files };
}

/** What a checkpoint names, as one word on one line. */
function shown(path: string): string {
  return JSON.stringify(relative('', path) || path);
}

/**
 * The files that a checkpoint names are read, because a wrong one is refused, but none of them is written: whoever
 * made the checkpoint may have named what is not theirs.
 */
async function resume(
  file: string,
  flags: TrainFlags,
  outputs: Outputs,
  command: Command,
): Promise<Prepared> {
  for (const option of command.options) {
    const name = option.attributeName();
    if (command.getOptionValueSource(name) === 'cli' && !WITH_RESUME.includes(name)) {
      throw new UsageError(`${flagName(name)} cannot go with --resume: the checkpoint says how it was`);
    }
  }
  // Taken before it is read: while another run goes on from it, it is not what it was.
  const checkpoint = await outputs.claim('--checkpoint', flags.checkpoint ?? file);
  await outputs.reads([file], '--checkpoint');
  const bytes = await readBytes(file);
  const context = readContext(Trainer.contextOf(bytes, file), file);
  const read = filesOf(context.source);
  await outputs.reads(read);
  const files = { ...(await claimAll(flags, outputs, ['out', 'log', 'plot'])), checkpoint };
  if (flags.evaluateEvery !== undefined && context.watch?.every !== undefined)
    throw new UsageError(
      '--evaluate-every cannot go with --resume here: it decides which parameters are kept',
    );
  for (const each of read) {
    if (!(await isRepeatable(each)))
      throw new DataError('ERR_DATA_FILE', `it names ${shown(each)}, which is not a regular file`, { file });
  }
  if (read.length > 0 && !flags.quiet) tell(`${plain(file)}: reads ${read.map(shown).join(' and ')}`);
  const data = splitValidation(await readSource(context.source), context.source);
  const trainer = await Trainer.resume(bytes, { dataset: data.train, name: file });
  return {
    trainer,
    data,
    context: {
      ...{ ...context, ...pathsOf(files) },
      every: flags.every ?? context.every,
      ascent: flags.ascent ?? context.ascent,
    },
    files,
    unnamed: NAMED.flatMap((name) => {
      const path = files[name] === undefined ? context[name] : undefined;
      return path === undefined ? [] : [unwritten(file, name, path)];
    }),
  };
}

/** What to say when a checkpoint names a file for something and the user does not. */
function unwritten(file: string, name: (typeof NAMED)[number], path: string): string {
  const what = { out: 'the model', log: 'the log', plot: 'the chart' }[name];
  return `${plain(file)}: it names ${shown(path)} for ${what}, which is written only when asked for: --resume ${shellWord(file)} ${flagName(name)} FILE`;
}

async function train(flags: TrainFlags, outputs: Outputs, command: Command): Promise<void> {
  const { quiet = false, json = false, seeds } = flags;
  if (json && flags.curve === true)
    throw new UsageError('--curve cannot go with --json, which prints one object and nothing else');
  if (flags.finish && flags.resume === undefined)
    throw new UsageError('--finish needs --resume FILE: it ends the training of a checkpoint where it is');
  if (flags.resume === undefined && grows(flags)) return startGrowth(flags, outputs);
  if (flags.resume === undefined && seeds !== undefined) return startSeeds(flags, outputs, seeds);
  const prepared =
    flags.resume === undefined
      ? await start(flags, outputs)
      : await resume(flags.resume, flags, outputs, command);
  const { trainer, data, context, files, unnamed = [] } = prepared;
  const { out, checkpoint, log, plot } = files;
  if (flags.resume !== undefined && !quiet)
    tell(`${plain(flags.resume)}: ${flags.finish ? 'as it is' : 'going on'} after step ${trainer.steps}`);
  // Not even a quiet run goes without what its first command asked for and a word about it; and before the first step,
  // because a log cannot be made up for.
  for (const sentence of unnamed) tell(sentence);
  const { seconds, watch: watched, ...kept } = context;
  const curve = !json && (flags.curve ?? process.stdout.isTTY);
  const watch = new Watch(trainer, {
    validation: data.validation && {
      ...watched,
      dataset: data.validation,
      every: watched?.every ?? LOOK_EVERY,
    },
    evaluateEvery: flags.evaluateEvery ?? watched?.evaluateEvery,
    keepCurves: plot !== undefined || curve || watched?.curves !== undefined,
    from: { context: watched, name: flags.resume ?? '' },
  });
  if (log !== undefined) watch.writeTo(await openLog(log, trainer.steps));
  const record = await runTraining(trainer, {
    title: 'training',
    quiet,
    seconds,
    watch,
    ascent: context.ascent,
    finish: flags.finish,
    unkept: 'nothing was written; --checkpoint FILE keeps a training that is interrupted',
    checkpoint: checkpoint === undefined ? undefined : { file: checkpoint, context: kept },
  });
  const numeric = trainer.target !== undefined;
  const values = numeric ? await measureValues(trainer, data, record) : undefined;
  const classes = numeric ? undefined : await measure(trainer, data, record);
  const result = values ?? (classes as TrainingResult);
  const failures = [out && (await failureOf(out.write(trainer.save())))];
  const written = failures[0] === undefined ? out?.name : undefined;
  const drawing =
    plot && writePlot(plot, plotOf(trainer, watch, { classes: [], ...result }, data.train.name));
  failures.push(drawing ? await failureOf(drawing) : undefined, watch.failure, record.failure);
  if (json) printJson(written === undefined ? result : { ...result, model: written });
  else {
    print(...(values ? describeValuesResult(values) : describeResult(classes as TrainingResult)));
    if (curve) print(...describeCurve(watch));
    if (written !== undefined) print(...nextSteps(written, context.source.set.kind, numeric));
    else if (out === undefined) print(...stepsToKeep(record.failure ? undefined : checkpoint?.name));
  }
  const failure = failures.find((each) => each !== undefined);
  if (failure !== undefined) throw failure;
  for (const file of quiet ? [] : [written, plot?.name]) if (file) tell(`wrote ${plain(file)}`);
}

/** Adds the command. */
export function addTrain(program: Command): void {
  const command = program
    .command('train')
    .description('train a model and print how it fares')
    .addHelpText('after', EXAMPLES);
  modelFlags(command);
  circuitFlags(command);
  trainingFlags(command);
  noiseFlag(command);
  refitFlag(command);
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
      written('--out', NOT_STDOUT),
    )
    .option(
      '--checkpoint <file>',
      'write the training state now and then, whole or not at all',
      written('--checkpoint', NOT_STDOUT),
    )
    .option('--every <n>', `steps between two checkpoints (default: ${EVERY})`, whole('--every', 1))
    .option(
      '--resume <file>',
      'go on from a checkpoint, with the options and the data it names; --out again writes the model',
      path('--resume'),
    )
    .option('--finish', 'with --resume: train no further; print the result as it is, and write it by --out')
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
  growthFlags(command);
  watchFlags(command, LOOK_EVERY);
  commonFlags(command, 'seed of every random draw and of the split (default: 1)');
  command.action((flags: TrainFlags) => withOutputs((outputs) => train(flags, outputs, command)));
}
