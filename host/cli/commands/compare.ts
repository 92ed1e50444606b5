/** `nlr-vqa compare` */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { resolveTraining } from '../../api/options.ts';
import type { Measure } from '../../study/comparison.ts';
import type { Shard } from '../../study/shard.ts';
import { CellStore } from '../../study/store.ts';
import {
  type ColumnFlags,
  columnFlags,
  commonFlags,
  type DataFlags,
  dataFlags,
  type ForceFlag,
  forceFlag,
  modelFlags,
  noiseFlag,
  type PreprocessingFlags,
  preprocessingFlags,
  refitFlag,
  taskFlag,
  type TestFlags,
  testFlags,
  trainingFlags,
} from '../input/flags.ts';
import { outputsFor } from '../input/preset.ts';
import { filesOf, sourceFromFlags } from '../input/source.ts';
import { NOT_STDOUT, oneOf, whole, written } from '../input/values.ts';
import type { WatchFlags } from '../input/watch-flags.ts';
import { UsageError } from '../output/failure.ts';
import { colourful } from '../output/format.ts';
import { print, printJson, tell } from '../output/streams.ts';
import { plain } from '../output/plain.ts';
import { redisUrl } from '../queue/broker.ts';
import { stoppable, withQueue } from '../queue/stoppable.ts';
import { readArms, readTuning } from '../study/arms.ts';
import { type CostedArm, costArms, describeEstimate, estimateSentence } from '../study/estimate.ts';
import { estimateLeft } from '../study/estimate-left.ts';
import { StudyFiles } from '../study/files.ts';
import { lossesAtAGlance } from '../study/glance.ts';
import { readProblem } from '../study/problem.ts';
import { describeComparison } from '../study/result.ts';
import { type Comparison, runComparison, TUNED_FOR } from '../study/run.ts';
import { describeShard, runShard } from '../study/shard.ts';
import { namesOf, shardFlag, shardText } from '../study/shard-file.ts';
import { planArms, reads, refuseUnread, type SharedFlags, sharedConfiguration } from '../study/settings.ts';
import { type Outputs, withOutputs } from '../training/outputs.ts';
import { kindOfReport } from '../training/replaceable.ts';
import { seedsFrom } from '../training/seeds.ts';

interface StudyFlags extends ForceFlag {
  readonly rules: string;
  readonly seeds: number;
  readonly evaluations?: number;
  readonly tune?: string | true;
  readonly tuneSeeds?: number;
  readonly tuneFor?: Measure;
  readonly looks: number;
  readonly ascent: boolean;
  readonly threads?: number;
  readonly estimate?: boolean;
  readonly out?: string;
  readonly shard?: Shard;
  readonly queue?: string;
}

type CompareFlags = SharedFlags &
  PreprocessingFlags &
  DataFlags &
  ColumnFlags &
  TestFlags &
  Pick<WatchFlags, 'classWeights'> &
  StudyFlags;

/** Seeds to tune on unless `--tune-seeds` says, and how far they are from those to compare on. */
const TUNING_SEEDS = 5;
const FAR = 1_000_000;

/** What `--tune` without an argument tries. */
const GRID = 'rate=0.003/0.01/0.03/0.1/0.3';

const EXAMPLES = `
Rules:
  RULE, or RULE:option=value:option=value with the options of training below, as in adam:rate=0.1:shots=5, or of the
  structure: layers, layout, entangler, initialisation and so on. eta is another name for rate. An option that is not
  given is as the flag says, or else the rule's default. Values between slashes are tuned, each combination on seeds of
  its own: adam:rate=0.01/0.03/0.1. The measure to tune for is the loss of the whole training set at the end.

Examples:
  nlr-vqa compare --rules nlr,nlr-guarded,adam --seeds 20 --out digits
  nlr-vqa compare --rules adam:shots=5,frugal --shots-budget 300000 --data gaussians
  nlr-vqa compare --rules nlr,sgd --evaluations 100000 --shots 100 --csv data.csv --label class
  nlr-vqa compare --rules adam,sgd --tune rate=0.01/0.03/0.1:shots=5/20 --shots-budget 1000000 --out tuned
  nlr-vqa compare --rules adam,adam:initialisation=identity-blocks --layout mirrored --steps 100
  nlr-vqa compare --rules nlr,adam --shots 20 --noise depolarizing:0.01,readout:0.02 --data gaussians --qubits 4 --steps 50
  nlr-vqa compare --rules frugal,adam:shots=20 --shots-budget 3000000 --estimate
  nlr-vqa compare --rules nlr,adam --seeds 40 --out study --shard 3/8
  nlr-vqa compare --rules nlr,adam --seeds 40 --out study --queue redis://queue.example
`;

/** Refuses flags that contradict one another. @throws UsageError */
function checkFlags(flags: CompareFlags): void {
  const { evaluations, steps, shotsBudget, out, estimate, shard, queue, threads, csv, testCsv } = flags;
  const given = { '--steps': steps, '--evaluations': evaluations, '--shots-budget': shotsBudget };
  const lengths = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : name));
  if (evaluations !== undefined && lengths.length > 1) {
    const other = lengths.find((name) => name !== '--evaluations');
    throw new UsageError(`--evaluations and ${other} exclude each other: each says how long a training is`);
  }
  if (estimate && out !== undefined)
    throw new UsageError('--estimate cannot go with --out: nothing is trained, and nothing written');
  if (shard !== undefined && out === undefined)
    throw new UsageError('--shard needs --out: a part of a comparison is kept until it is merged');
  if (queue === undefined) return;
  const others = { '--shard': shard, '--threads': threads, '--estimate': estimate };
  const other = Object.entries(others).find(([, value]) => value !== undefined)?.[0];
  if (other !== undefined) throw new UsageError(`--queue and ${other} exclude each other`);
  if (csv === '-' || testCsv === '-')
    throw new UsageError('--queue needs data that its workers can read too, and stdin is not');
}

/** Says where the rules are not compared at equal cost. */
function sayUnequal(arms: readonly CostedArm[], { steps, shotsBudget, evaluations }: CompareFlags): void {
  if (shotsBudget !== undefined || evaluations !== undefined) return;
  const costs = arms.map(({ settings: [{ cost }] }) => Math.max(cost.shots, cost.evaluations));
  const share = Math.max(...costs) / Math.min(...costs);
  if (share < 1.01) return;
  const equal = `as many steps${steps === undefined ? '' : `, ${steps},`} are not as much work: the costliest rule takes ${share.toFixed(2)} times what the cheapest does`;
  tell(`${equal}; --shots-budget or --evaluations compare at equal cost`);
}

async function compare(flags: CompareFlags, outputs: Outputs): Promise<void> {
  checkFlags(flags);
  const { json = false, quiet = false, out, shard } = flags;
  const { seed } = resolveTraining({ seed: flags.seed });
  const seeds = seedsFrom(seed, flags.seeds);
  const grid = flags.tune === undefined ? new Map() : readTuning(flags.tune === true ? GRID : flags.tune);
  const texts = readArms(flags.rules, grid, reads);
  refuseUnread(
    flags,
    texts.map(({ rule }) => rule),
  );
  const tunes = texts.some(({ settings }) => settings.length > 1);
  if (!tunes && (flags.tuneSeeds ?? flags.tuneFor) !== undefined)
    throw new UsageError(
      '--tune-seeds and --tune-for need something to tune: --tune, or values between slashes',
    );
  const planned = planArms(texts, flags, flags.ascent);
  const configuration = sharedConfiguration(flags);
  const source = sourceFromFlags(flags, seed);
  await outputs.reads(filesOf(source));
  const { missing, unseen, classWeights, crop, pool, standardise, pca, minmax, constant } = flags;
  const shaping = { missing, unseen, classWeights, crop, pool, standardise, pca, minmax, constant };
  const say = quiet ? () => {} : tell;
  const read = await readProblem({ source, configuration, shaping }, say);
  const prepared = read.prepare(seed);
  const { sentence } = outputsFor(configuration, prepared.dataset.classes.length);
  if (sentence !== undefined) say(sentence);
  const { evaluations, looks } = flags;
  const arms = await costArms(planned, { prepared, seed, looks, evaluations });
  const tuningSeeds = tunes ? seedsFrom(seed + FAR, flags.tuneSeeds ?? TUNING_SEEDS) : [];
  const tuneFor = flags.tuneFor ?? 'loss';
  const comparison: Comparison = { problem: read.problem, arms, seeds, tuningSeeds, tuneFor, looks };
  const threads = Math.min(flags.threads ?? availableParallelism(), seeds.length * arms.length);
  if (flags.estimate) {
    const estimate = estimateLeft(comparison, undefined, threads);
    if (json) printJson({ problem: read.problem.name, seeds, threads, ...estimate });
    else print(...describeEstimate(estimate, threads));
    return;
  }
  if (!quiet) sayUnequal(arms, flags);
  await withQueue(flags.queue, async (broker) => {
    // Nothing is written before all is known to be right.
    const names = shard && namesOf(shard);
    const store = out === undefined ? undefined : await CellStore.open(out, names?.cells);
    const args = process.argv.slice(2);
    const prepare = (_: unknown, from: number) => read.prepare(from);
    const how = { prepare, store, threads: flags.threads, quiet, broker, out };
    try {
      if (shard && names && store && out !== undefined) {
        const about = await outputs.claim('--out', join(out, names.about), kindOfReport(names.about));
        await about.write(new TextEncoder().encode(shardText(comparison, shard, args)));
        const result = await stoppable(how, (run) => runShard(comparison, { shard, store, out, run }));
        if (json) printJson(result);
        else print(...describeShard(result));
        return;
      }
      const files = out === undefined ? undefined : await StudyFiles.claim(outputs, out, read.problem.name);
      const by = broker && `the workers of ${broker.place} train`;
      say(by ?? estimateSentence(estimateLeft(comparison, store, threads), threads));
      const compared = await stoppable(how, (run) => runComparison(comparison, run));
      await files?.write(compared, args);
      const result = { ...compared.result, ...(out !== undefined && { out }) };
      if (json) printJson(result);
      else print(...describeComparison(result, colourful() ? lossesAtAGlance(compared.runs) : []));
      if (out !== undefined) say(`wrote ${plain(join(out, 'report.html'))} and what is in it`);
    } finally {
      await store?.close();
    }
  });
}

/** Adds the command. */
export function addCompare(program: Command): void {
  const command = program
    .command('compare')
    .description('train by several rules from many seeds, and compare them seed by seed')
    .addHelpText('after', EXAMPLES);
  command.optionsGroup('Comparison:');
  command
    .requiredOption('--rules <list>', 'rules between commas, each in its setting: adam:rate=0.1,nlr')
    .option('--seeds <n>', 'seeds to compare on, --seed and those after it', whole('--seeds', 1), 10)
    .option(
      '--evaluations <n>',
      'circuits that each training may run, in place of --steps: equal cost without shots',
      whole('--evaluations', 1),
    )
    .option('--tune [grid]', `what every rule is tuned over first, on seeds of its own (default: ${GRID})`)
    .option(
      '--tune-seeds <n>',
      `seeds to tune on, a million behind the others (default: ${TUNING_SEEDS})`,
      whole('--tune-seeds', 1),
    )
    .option(
      '--tune-for <measure>',
      `what the best setting is the best by: ${TUNED_FOR.join(', ')} (default: loss)`,
      oneOf('--tune-for', TUNED_FOR),
    )
    .option(
      '--looks <n>',
      'looks at the loss of the whole training set during each training',
      whole('--looks', 0),
      40,
    )
    .option('--no-ascent', 'do not look whether the steps of rules that reverse go uphill')
    .option(
      '--threads <n>',
      'trainings at once (default: as many as there are processors)',
      whole('--threads', 1),
    )
    .option('--estimate', 'print what it would cost, and train nothing')
    .option(
      '--out <folder>',
      'keep every training there, so that the same command goes on after an interruption, and write the report',
      written('--out', NOT_STDOUT),
    )
    .option(
      '--shard <i/n>',
      'train one part of n, for one machine of several with a folder each or one for all; see merge',
      shardFlag,
    )
    .option(
      '--queue <url>',
      'redis://HOST, to whose workers the trainings go; see work',
      redisUrl('--queue'),
    );
  modelFlags(command);
  trainingFlags(command, { without: ['rule'] });
  noiseFlag(command);
  refitFlag(command);
  preprocessingFlags(command);
  dataFlags(command);
  taskFlag(command);
  columnFlags(command);
  testFlags(command);
  forceFlag(command);
  commonFlags(command, 'first seed to compare on (default: 1)');
  command.action((flags: CompareFlags) => withOutputs(flags, (outputs) => compare(flags, outputs)));
}
