/** `nlr-vqa data`: lists, makes and downloads data sets. */
import type { Command } from 'commander';
import { DATA_SETS, type SetEntry } from '../../data/sets/catalogue.ts';
import { type OriginalName, ORIGINALS } from '../../data/sets/originals.ts';
import { barOf } from '../data/bar.ts';
import { describeSet, listSets } from '../data/describe.ts';
import { fetchSet, type FetchSource } from '../data/fetch.ts';
import { claimFiles, writeFiles } from '../data/files.ts';
import { optionsIn, setFlags } from '../data/flags.ts';
import { type CommonFlags, commonFlags, type ForceFlag, forceFlag } from '../input/flags.ts';
import { type FileFlags, filesRead, makeSet } from '../input/made-sets.ts';
import { NOT_STDOUT, path, written } from '../input/values.ts';
import { self, shellWord } from '../output/commands.ts';
import { UsageError } from '../output/failure.ts';
import { count, plural } from '../output/format.ts';
import { plain } from '../output/plain.ts';
import { print, printJson, tell } from '../output/streams.ts';
import { type Outputs, withOutputs } from '../training/outputs.ts';
import { interruptible } from '../training/stop.ts';

const SETS: Readonly<Record<string, SetEntry>> = DATA_SETS;

const EXAMPLES = `
Examples:
  nlr-vqa data list
  nlr-vqa data make moons --rows 200 --out moons.csv
  nlr-vqa train --csv moons.csv --label class --test-csv moons.test.csv --encoding angle --steps 20
  nlr-vqa data make --help                          the data sets; data make NAME --help: its options
  nlr-vqa data fetch mnist                          into the folder mnist
`;

/** An example for each set, which says the most of it. */
const MAKE_EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  gaussians: ['--separation 2 --out gaussians.csv', '--dimensions 16 --angle 60 --json'],
  mnist: ['--sample --classes 3,6 --side 8 --out digits.csv', '--sample --per-class 5 --out digits.idx'],
  'fashion-mnist': ['--sample --classes 5,9 --side 8 --out shoes.csv'],
  qdataset: [
    '--rows 20 --realisations 50 --out qubits.csv',
    '--rows 4 --control xy --noise N1,N6 --realisations 50',
  ],
  'ad-hoc': ['--seed 0 --train 20 --test 5 --out ad-hoc.csv', '--gap 0.2 --distinct'],
  moons: ['--noise 0.1 --out noisy-moons.csv'],
  vibration: ['--classes healthy,unbalanced,bearing --out vibration.csv'],
  nab: ['--csv machine.csv --anomalies windows.json --length 8 --out windows.csv'],
};

type MakeFlags = CommonFlags & ForceFlag & FileFlags & { readonly out?: string };

/** `data list` */
function list({ json }: CommonFlags): void {
  if (json) {
    const sets = Object.values(SETS).map(({ fixed, columns, classes, from, options }) => ({
      ...fixed,
      columns,
      classes,
      from,
      options: Object.fromEntries(
        Object.entries(options).map(([name, { value, help }]) => [name, { value, help }]),
      ),
    }));
    printJson({ sets });
  } else {
    print(...listSets(SETS), '', `${self()} data make NAME --help has the options of each`);
  }
}

/** `data make NAME` */
async function make(name: string, flags: MakeFlags, outputs: Outputs): Promise<void> {
  const { out, json, quiet } = flags;
  const options = optionsIn(flags as Readonly<Record<string, unknown>>, SETS[name]);
  await outputs.reads(await filesRead(name, flags));
  const hasTest = options.testFraction !== 0 && options.test !== 0;
  const bar = barOf(name, quiet);
  const { places, made } = await interruptible(
    () => `${name} was not made`,
    async (signal) => {
      const places = out === undefined ? undefined : await claimFiles(out, hasTest, outputs);
      return { places, made: await makeSet(name, flags, options, { signal, progress: bar.update }) };
    },
  ).finally(() => bar.stop());
  const files = places === undefined ? [] : await writeFiles(made, places);
  if (json) return printJson({ ...made.about, files });
  print(...describeSet(made.about));
  if (quiet) return;
  for (const file of files) tell(`wrote ${file}`);
  if (out === undefined) tell('nothing was written; --out NAME.csv writes it');
}

/** Adds `data make NAME`. */
function addMake(parent: Command, name: string): void {
  const entry = SETS[name];
  const examples = (MAKE_EXAMPLES[name] ?? [])
    .map((flags) => `  nlr-vqa data make ${name} ${flags}\n`)
    .join('');
  const command = parent
    .command(name)
    .summary(`${entry.fixed.title}: ${entry.fixed.task}`)
    .description(`${entry.fixed.title}: ${entry.fixed.task}. ${entry.fixed.formula}`)
    .option(
      '--out <file>',
      'NAME.csv, or NAME.idx for two IDX files; the test part goes to NAME.test',
      written('--out', NOT_STDOUT),
    )
    .addHelpText(
      'after',
      `\nCitation: ${entry.fixed.citation}\nLicence: ${entry.fixed.licence}\n\nExamples:\n${examples}`,
    );
  if (entry.from === 'download') {
    command
      .option(
        '--from <folder>',
        'the four files, raw or gzipped, as data fetch downloads them',
        path('--from'),
      )
      .option('--sample', 'six images of each class to train on and three to test on, which come along');
  }
  if (entry.from === 'recording') {
    command
      .option('--csv <file>', 'a CSV file with the columns timestamp and value', path('--csv'))
      .option(
        '--anomalies <file>',
        'JSON: [["from", "to"], ...], or such lists by file name',
        path('--anomalies'),
      )
      .option('--key <name>', "the recording's name in it (default: the name of the CSV file)");
  }
  setFlags(command, entry);
  forceFlag(command);
  commonFlags(command, `${entry.options.seed.help} (default: ${entry.options.seed.value})`);
  command.action((flags: MakeFlags) => withOutputs(flags, (outputs) => make(name, flags, outputs)));
}

interface FetchFlags extends CommonFlags {
  readonly out?: string;
  readonly url?: string;
  readonly from?: string;
}

/** Where the files come from. @throws UsageError */
function sourceOf({ url, from }: FetchFlags, home: string): FetchSource {
  if (from !== undefined) {
    if (url !== undefined) throw new UsageError('--from and --url exclude each other');
    return { from };
  }
  const place = url ?? home;
  if (!/^https?:\/\/./.test(place) || !URL.canParse(place))
    throw new UsageError(`--url is '${place}'; expected a folder on the web, https://...`);
  return { url: place.endsWith('/') ? place : `${place}/` };
}

/** `data fetch NAME` */
async function fetchNamed(name: OriginalName, flags: FetchFlags, outputs: Outputs): Promise<void> {
  const { fixed, url: home } = ORIGINALS[name];
  const { out: folder = name, json, quiet } = flags;
  const source = sourceOf(flags, home);
  const again = `${name} is not whole; the same command goes on with it`;
  const files = await interruptible(
    () => again,
    (signal) =>
      fetchSet(name, {
        folder,
        source,
        outputs,
        signal,
        bar: (title) => barOf(title, quiet),
      }),
  );
  const { citation, licence } = fixed;
  if (json) return printJson({ name, folder, files, citation, licence });
  for (const { file, bytes, sha256, was } of files)
    print(
      plain(`${file}  ${plural(bytes, 'byte')}, ${was}, SHA-256 of its content ${sha256.slice(0, 16)}...`),
    );
  print(`${count(files.length)} files of ${fixed.title}: ${licence}; ${citation}`);
  if (!quiet)
    tell(
      `${self()} data make ${name} --from ${shellWord(folder)} --out ${name}.csv makes a data set of them`,
    );
}

/** Adds `data fetch NAME`. */
function addFetch(parent: Command, name: OriginalName): void {
  const command = parent
    .command(name)
    .description(
      `download ${ORIGINALS[name].fixed.title}, or take it from a folder: four files, checked by SHA-256; what was begun is gone on with`,
    )
    .option(
      '--out <folder>',
      `where to, made if it is not there (default: ${name})`,
      written('--out', 'it is a folder'),
    )
    .option('--url <url>', `a mirror with the files, gzipped (default: ${ORIGINALS[name].url})`)
    .option(
      '--from <folder>',
      'a folder of this machine that has the files, raw or gzipped: they are checked and copied, nothing is downloaded',
      path('--from'),
    )
    .addHelpText(
      'after',
      `\nExamples:\n  nlr-vqa data fetch ${name}\n  nlr-vqa data fetch ${name} --out data/${name}\n  nlr-vqa data fetch ${name} --from downloads\n`,
    );
  commonFlags(command, 'accepted everywhere; nothing is drawn here');
  command.action((flags: FetchFlags) => withOutputs({}, (outputs) => fetchNamed(name, flags, outputs)));
}

/** Adds the command. */
export function addData(program: Command): void {
  const data = program
    .command('data')
    .description('list, make and download data sets')
    .addHelpText('after', EXAMPLES);
  const listing = data
    .command('list')
    .description('the data sets')
    .addHelpText('after', '\nExamples:\n  nlr-vqa data list\n  nlr-vqa data list --json\n');
  commonFlags(listing, 'accepted everywhere; nothing is drawn here');
  listing.action(list);
  const making = data.command('make').description('make a data set, describe it, and write it with --out');
  for (const name of Object.keys(SETS)) addMake(making, name);
  const fetching = data.command('fetch').description('download a data set, or take it from a folder');
  for (const name of Object.keys(ORIGINALS) as OriginalName[]) addFetch(fetching, name);
  for (const each of [making, fetching]) {
    const names = each.commands.map((one) => one.name()).join(', ');
    each.on('command:*', ([name]: string[]) => {
      throw new UsageError(`data ${each.name()} knows no '${name}'; expected one of ${names}`);
    });
  }
}
