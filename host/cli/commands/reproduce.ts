/** `nlr-vqa reproduce` */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { resolveTraining } from '../../api/options.ts';
import {
  EXPERIMENT_WORDS,
  experimentsOf,
  flagsOf,
  preparer,
  type Report,
  runPaper,
  type Scope,
} from '../../paper/index.ts';
import { CellStore } from '../../study/store.ts';
import { type CommonFlags, commonFlags, type ForceFlag, forceFlag } from '../input/flags.ts';
import { ORIGINAL_FILES, type OriginalName } from '../../data/sets/originals.ts';
import { placeOfOriginal } from '../input/made-sets.ts';
import { NOT_STDOUT, whole, written } from '../input/values.ts';
import { UsageError } from '../output/failure.ts';
import { count, plural } from '../output/format.ts';
import { plain } from '../output/plain.ts';
import { print, printJson, tell } from '../output/streams.ts';
import { type CellTime, PaperFiles } from '../paper/files.ts';
import { type Folders, imagesOf, sampleSentences, sourcesOf } from '../paper/sources.ts';
import { reportLines } from '../paper/terminal.ts';
import { duration } from '../study/estimate.ts';
import { CellsProgress, interruptedAfter } from '../study/progress.ts';
import { type Outputs, withOutputs } from '../training/outputs.ts';
import { seedsFrom } from '../training/seeds.ts';
import { interruptible } from '../training/stop.ts';

interface ReproduceFlags extends CommonFlags, ForceFlag {
  readonly quick?: boolean;
  readonly epochShots: boolean;
  readonly seeds?: number;
  readonly mnist?: string;
  readonly fashion?: string;
  readonly threads?: number;
  readonly out?: string;
}

/** Seeds unless someone says. */
const SEEDS = 20;
const QUICK_SEEDS = 5;

const EXAMPLES = `
Each table comes in the readings that the paper leaves open: 500 steps with <Z0> and the squared error, or 300 epochs
with a linear head and the cross-entropy; exact, or with 1000 shots. The paper's figures stand beside ours. --quick
has every table and row from 5 seeds, epochs cut to a tenth and marked so, and shots in the first reading alone.
Epochs with shots take three quarters of the time of all: --no-epoch-shots leaves them out, and they can follow into
the same folder. Figures are drawn into the folder of --out; theory tries the lemmas, the theorems and the claim
itself; its parts have names of their own in the report, such as theory-claim.

Examples:
  nlr-vqa reproduce table-1 --quick --seeds 2
  nlr-vqa reproduce consistency                          the paper against itself; nothing is run
  nlr-vqa reproduce theory figure-1 figure-3 --quick --out report
  nlr-vqa reproduce all --quick --out report
  nlr-vqa reproduce all --no-epoch-shots --out report
  nlr-vqa reproduce table-8 table-10 --out report --mnist mnist --fashion fashion-mnist
`;

/** The command as a reader types it, folders of data by their flags' argument. */
function commandOf(words: readonly string[], flags: ReproduceFlags, scope: Scope): string {
  return [
    'nlr-vqa reproduce',
    ...(words.length === 0 ? ['all'] : words),
    ...flagsOf(scope),
    ...(flags.seed === undefined ? [] : [`--seed ${flags.seed}`]),
    ...(flags.mnist === undefined ? [] : ['--mnist FOLDER']),
    ...(flags.fashion === undefined ? [] : ['--fashion FOLDER']),
  ].join(' ');
}

/** The files that are read. @throws DataError where one is not there */
async function filesOf(folders: Folders): Promise<string[]> {
  const given = Object.keys(folders).filter((name) => folders[name as OriginalName] !== undefined);
  const places = given.flatMap((name) =>
    ORIGINAL_FILES.map((file) => placeOfOriginal(folders[name as OriginalName] as string, file)),
  );
  return Promise.all(places);
}

async function reproduce(words: readonly string[], flags: ReproduceFlags, outputs: Outputs): Promise<void> {
  const { quick = false, json = false, quiet = false, out } = flags;
  const experiments = experimentsOf(words);
  if (experiments === undefined)
    throw new UsageError(`expected ${EXPERIMENT_WORDS.join(', ')}; not ${words.join(' ')}`);
  const { seed } = resolveTraining({ seed: flags.seed });
  const seeds = seedsFrom(seed, flags.seeds ?? (quick ? QUICK_SEEDS : SEEDS));
  const folders: Folders = { mnist: flags.mnist, 'fashion-mnist': flags.fashion };
  await outputs.reads(await filesOf(folders));
  const images = imagesOf(folders);
  const scope: Scope = { seeds, quick, ...(!flags.epochShots && { epochShots: false }), images };
  const say = quiet ? () => {} : tell;
  // Nothing is written before all is known to be right.
  const store = out === undefined ? undefined : await CellStore.open(out);
  const times: CellTime[] = [];
  try {
    const files = out === undefined ? undefined : await PaperFiles.claim(outputs, out, experiments);
    const threads = flags.threads ?? availableParallelism();
    const run = { store, threads, prepare: preparer(sourcesOf(folders)) };
    const onTimes = (id: string, cell: CellTime['cell'], seconds: number) =>
      times.push({ id, cell, seconds });
    const command = commandOf(words, flags, scope);
    const report = await watched({ quiet, out, threads, images }, (watch) =>
      runPaper(experiments, scope, command, { ...run, ...watch, onTimes }),
    );
    await files?.write(report, times);
    if (json) printJson(report);
    else print(...reportLines(report));
    if (out !== undefined) say(`wrote ${plain(join(out, 'report.html'))} and what is beside it`);
  } finally {
    await store?.close();
  }
}

/** Runs it with a bar, until it is done or a signal comes. @throws Interrupted */
async function watched(
  {
    quiet,
    out,
    threads,
    images,
  }: {
    readonly quiet: boolean;
    readonly out?: string;
    readonly threads: number;
    readonly images: Scope['images'];
  },
  work: (watch: Pick<Parameters<typeof runPaper>[3], 'signal' | 'onRound' | 'onProgress'>) => Promise<Report>,
): Promise<Report> {
  let bar: CellsProgress | undefined;
  const told = new Set<string>();
  const said = () => interruptedAfter(bar?.done ?? 0, 'cell', out);
  return interruptible(said, async (signal) => {
    try {
      return await work({
        signal,
        onRound: ({ cells, seconds, kept }) => {
          bar?.stop();
          const all = seconds.reduce((sum, each) => sum + each, 0);
          for (const sentence of quiet ? [] : sampleSentences(images, cells)) {
            if (!told.has(sentence)) tell(sentence);
            told.add(sentence);
          }
          if (!quiet)
            tell(
              `${plural(cells.length, 'cell')}${kept > 0 ? `, ${count(kept)} of them finished already` : ''}: ${duration(all)} of processor time, ${duration(all / threads)} on ${plural(threads, 'thread')}`,
            );
          bar = new CellsProgress('cells', seconds, quiet);
        },
        onProgress: ({ index, step, steps, done }) =>
          bar?.update({ index, step, steps, ...(done && { outcome: done }) }),
      });
    } finally {
      bar?.stop();
    }
  });
}

/** Adds the command. */
export function addReproduce(program: Command): void {
  const command = program
    .command('reproduce')
    .description("reproduce the paper's tables, figures and theory, and judge its claims")
    .argument('[experiments...]', `what to reproduce: ${EXPERIMENT_WORDS.join(', ')} (default: all)`)
    .addHelpText('after', EXAMPLES);
  command
    .option('--quick', 'every table and row in minutes: 5 seeds, a tenth of the epochs')
    .option('--no-epoch-shots', 'leave out the longest reading, 300 epochs with 1000 shots')
    .option(
      '--seeds <n>',
      `seeds, --seed and those after it (default: ${SEEDS}; ${QUICK_SEEDS} when quick)`,
      whole('--seeds', 1),
    )
    .option('--mnist <folder>', 'the four original files of MNIST (default: the digits that come along)')
    .option(
      '--fashion <folder>',
      'the four original files of Fashion-MNIST (default: the few that come along)',
    )
    .option(
      '--threads <n>',
      'cells at once (default: as many as there are processors)',
      whole('--threads', 1),
    )
    .option(
      '--out <folder>',
      'keep every cell there, so that the same command goes on after an interruption, and write the report',
      written('--out', NOT_STDOUT),
    );
  forceFlag(command);
  commonFlags(command, 'first seed (default: 1)');
  command.action((words: string[], flags: ReproduceFlags) =>
    withOutputs(flags, (outputs) => reproduce(words, flags, outputs)),
  );
}
