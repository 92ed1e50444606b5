/** The flags that several commands share, in groups, and the types they parse to. */
import { type Command, Option } from 'commander';
import { MAX_QUBITS } from '../../../assembly/abi/codes.ts';
import {
  listing,
  type OptionRow,
  OPTIONS,
  readersOf,
  type TrainingRow,
} from '../../../assembly/abi/options.table.ts';
import { ENTANGLER_GATES, ENTANGLERS, LAYOUTS, type Structure } from '../../api/ansatz.ts';
import { LOSSES } from '../../api/choices.ts';
import {
  type InitialisationName,
  INITIALISATIONS,
  type LossName,
  MODEL_ENCODINGS,
  type ModelEncoding,
  resolveModel,
  resolveTraining,
  type RuleName,
  type TrainingOptions,
} from '../../api/options.ts';
import { TRAINING } from '../../api/training-options.ts';
import type { Size } from '../../data/fit.ts';
import { flagName } from '../output/failure.ts';
import { NOISE_HELP, noise } from './noise.ts';
import { RECOMMENDED } from './recommended.ts';
import {
  completing,
  list,
  number,
  numberOr,
  oneOf,
  type Parser,
  path,
  size,
  type Window,
  whole,
  window,
} from './values.ts';

/** Of every command. */
export interface CommonFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly seed?: number;
}

/** Of commands that write files. */
export interface ForceFlag {
  readonly force?: boolean;
}

/** What is trained. Absent: as the preset says. */
export interface ModelFlags {
  readonly preset: 'recommended' | 'paper';
  readonly qubits?: number;
  readonly layers?: number;
  readonly encoding?: ModelEncoding;
  readonly layout?: Structure['layout'];
  readonly mirrorDepth?: number;
  readonly entangler?: Structure['entangler'];
  readonly entanglerGate?: Structure['entanglerGate'];
  readonly reuploads?: number;
  readonly correlated?: boolean;
  readonly initialisation?: InitialisationName;
  readonly initialScale?: number;
  readonly observable?: string;
  readonly head?: 'linear' | 'none';
  readonly loss?: LossName;
  readonly multiclass?: 'softmax' | 'one-vs-rest';
  readonly classes?: readonly string[];
}

/** How it is trained: the options that have a flag. Absent: as the preset says. */
export type TrainingFlags = TrainingOptions;

/** Preprocessing. Absent: as the preset and the data say; false: not that step. */
export interface PreprocessingFlags {
  readonly crop?: Window;
  readonly pool?: Size | false;
  readonly standardise?: boolean;
  readonly pca?: number | false;
  readonly minmax?: boolean;
  readonly constant?: number | false;
}

/** Where labelled data comes from. Nothing: the built-in digits. */
export interface DataFlags {
  readonly csv?: string;
  readonly label?: string;
  readonly task?: 'classification' | 'regression';
  readonly header?: boolean;
  readonly delimiter?: string;
  readonly decimal?: '.' | ',';
  readonly image?: Size;
  readonly idx?: readonly string[];
  /** A set that is made, with its options. */
  readonly data?: string;
  readonly classes?: readonly string[];
}

/** Which columns of a CSV file a model takes, and what it makes of them. */
export interface ColumnFlags {
  readonly columns?: readonly string[];
  readonly ignore?: readonly string[];
  readonly text?: readonly string[];
  readonly missing?: 'refuse' | 'drop' | 'mean';
  readonly unseen?: 'zeros' | 'refuse';
}

/** A test set of its own, or a share of the data. */
export interface TestFlags {
  readonly testFraction?: number;
  readonly testCsv?: string;
  readonly testIdx?: readonly string[];
}

/** Adds one flag with an argument; `parser` makes it from the flag's own name. */
function add<T>(
  command: Command,
  group: string,
  flags: string,
  description: string,
  parser?: (flag: string) => Parser<T>,
) {
  const option = new Option(flags, description).helpGroup(group);
  const parse = parser?.(option.long ?? flags);
  // Commander hands over what it has parsed before, too.
  if (parse) option.argParser(completing((text: string) => parse(text), parse.completions));
  command.addOption(option);
}

/** Adds a flag that takes one of some words. */
function choose(
  command: Command,
  group: string,
  flags: string,
  choices: readonly string[],
  value: string,
): void {
  add(command, group, flags, defaults(choices.join(', '), value), words(choices));
}

const words =
  <T extends string>(choices: readonly T[]) =>
  (flag: string) =>
    oneOf(flag, choices);
const keys = <T extends string>(choices: Readonly<Record<T, unknown>>) => Object.keys(choices) as T[];
const atLeast = (least: number) => (flag: string) => whole(flag, least);

/** `--json --seed --quiet`. @param seeds what the seed is for */
export function commonFlags(command: Command, seeds: string): void {
  const group = 'General:';
  add(command, group, '--json', 'print one JSON object and nothing else');
  add(command, group, '--quiet', 'no progress and no messages, errors excepted');
  add(command, group, '--seed <n>', seeds, atLeast(0));
  command.addHelpOption(new Option('-h, --help', 'this help').helpGroup(group));
}

/** Of commands that write files. */
export function forceFlag(command: Command): void {
  add(command, 'General:', '--force', 'write over files that are there, whatever they are');
}

/** What `--help` shows where a flag is absent: the recommended preset. */
const MODEL = resolveModel({ ...RECOMMENDED.model, features: 1 });
const DEFAULTS = resolveTraining(RECOMMENDED.training);

/** A description with its default. */
const defaults = (description: string, value: unknown) => `${description} (default: ${value})`;

/** `--preset` and the model. */
export function modelFlags(command: Command): void {
  const group = 'Model:';
  const names = ['recommended', 'paper'] as const;
  command.addOption(
    new Option(
      '--preset <name>',
      "'recommended', which has the defaults below, or 'paper' to reproduce the paper; other flags override it",
    )
      .argParser(oneOf('--preset', names))
      .default('recommended')
      .helpGroup(group),
  );
  const { qubits, layers, encoding, head, loss } = MODEL;
  const observable = defaults(
    "'z0', 'all-z', 'mean-z' (local), 'parity' (global), or Pauli sums such as '0.5 Z0 Z1 + X2; Z1'",
    'all-z',
  );
  const how = ['softmax', 'one-vs-rest'] as const;
  const multiclass = defaults('more than two classes: softmax or one-vs-rest', how[0]);
  add(command, group, '--qubits <n>', defaults(`qubits, 1 to ${MAX_QUBITS}`, qubits), number);
  add(command, group, '--layers <n>', defaults('layers, or rounds of a QCNN', layers), number);
  const zz = 'the ZZ feature map: as many numbers as qubits, and their products';
  const encodings = `${keys(MODEL_ENCODINGS).join(', ')}; zz is ${zz}`;
  add(command, group, '--encoding <name>', defaults(encodings, encoding), words(keys(MODEL_ENCODINGS)));
  structureFlags(command, group);
  const more = 'with more classes than qubits their products too; without a head one sum, z0';
  add(command, group, '--observable <sum>', `${observable}, ${more}`);
  choose(command, group, '--head <name>', ['linear', 'none'], head);
  const losses = keys(LOSSES).filter((name) => name !== 'energy');
  choose(command, group, '--loss <name>', losses, loss);
  add(command, group, '--multiclass <how>', multiclass, words(how));
}

/** What the layers are made of, and how their parameters start. */
function structureFlags(command: Command, group: string): void {
  const layouts =
    'layers of RX RY RZ and an entangler; mirrored, every second one backwards; qcnn, convolutions and poolings that halve the qubits';
  const depth = defaults('layers in half a block of the layout mirrored', 1);
  const again = defaults('encode the features so often, before as many groups of layers', 1);
  const names = LAYOUTS.join(', ');
  add(command, group, '--layout <name>', defaults(`${names}: ${layouts}`, LAYOUTS[0]), words(LAYOUTS));
  add(command, group, '--mirror-depth <n>', depth, number);
  choose(command, group, '--entangler <name>', ENTANGLERS, ENTANGLERS[0]);
  choose(command, group, '--entangler-gate <name>', ENTANGLER_GATES, ENTANGLER_GATES[0]);
  add(command, group, '--reuploads <n>', again, number);
  add(command, group, '--correlated', 'one parameter for the same gate on all qubits of a layer');
  choose(command, group, '--initialisation <name>', INITIALISATIONS, INITIALISATIONS[0]);
  const scale = "standard deviation of 'gaussian', half width of 'small-angles', radians";
  add(command, group, '--initial-scale <x>', `${scale} (default: by the layers; 0.1)`, number);
}

/** What a command has of the training options. */
interface TrainingUse {
  /** Defaults of the command's own. */
  readonly own?: TrainingOptions;
  /** Options that it has no use for. */
  readonly without?: readonly (keyof TrainingOptions)[];
  /** Rules that it has no use for: help does not speak of them, nor of what they alone read. */
  readonly unfit?: readonly RuleName[];
}

/** Rule, rates, shots and the rest of training: a flag for each option that has one in the table. */
export function trainingFlags(
  command: Command,
  { own = {}, without = [], unfit = [] }: TrainingUse = {},
): void {
  const fits = (rule: string) => !unfit.some((other) => other === rule);
  for (const row of OPTIONS as readonly OptionRow[]) {
    const { training } = row;
    if (training?.flag === undefined || without.includes(training.name as keyof TrainingOptions)) continue;
    const readers = readersOf(row.name);
    if (readers.length > 0 && !readers.some(fits)) continue;
    const value = own[training.name as keyof TrainingOptions];
    const flag = value === undefined ? training.flag : { ...training.flag, otherwise: String(value) };
    trainingFlag(command, row, training, flag, fits);
  }
}

/** The noise that a circuit runs with. */
export function noiseFlag(command: Command, group = 'Training:'): void {
  add(command, group, '--noise <channels>', NOISE_HELP, noise);
}

/** The share of the budget that is the head's. */
export function refitFlag(command: Command): void {
  const help =
    "share of --shots-budget, 0.1 say, that measures all samples at the end and fits the linear head to them, or 'none'";
  const parser = (long: string) => numberOr(long, 'none');
  add(command, 'Training:', '--refit-head <share>', defaults(help, 'none'), parser);
}

/**
 * The preset's value, and what some rules have in its place: `exact; 32 for frugal and gcans`. Where every rule that reads the
 * option has a value of its own, the preset's is nobody's.
 */
export function defaultOf(
  { name: option, byRule = {} }: OptionRow,
  name: keyof TrainingOptions,
  fits: (rule: string) => boolean = () => true,
): string {
  const rules = Object.entries(byRule).filter(([rule]) => fits(rule));
  const readers = readersOf(option).filter(fits);
  const values = [...new Set(rules.map(([, value]) => value))];
  const isPreset = readers.length === 0 || readers.some((rule) => !rules.some(([own]) => own === rule));
  if (!isPreset && values.length === 1) return String(values[0]);
  const parts = values.map((value) => {
    const having = rules.filter(([, other]) => other === value).map(([rule]) => rule);
    return `${value} for ${listing(having)}`;
  });
  return [...(isPreset ? [String(DEFAULTS[name])] : []), ...parts].join('; ');
}

function trainingFlag(
  command: Command,
  row: OptionRow,
  { name, word }: TrainingRow,
  { argument, help: text, otherwise }: NonNullable<TrainingRow['flag']>,
  fits: (rule: string) => boolean,
): void {
  const group = 'Training:';
  const help = text.replace('{rules}', listing(readersOf(row.name).filter(fits)));
  const { choices, flag, value } = TRAINING[name as keyof typeof TRAINING];
  const long = flagName(name);
  if (flag) return add(command, group, value ? long.replace(/^--/, '--no-') : long, help);
  const flags = `${long} <${argument}>`;
  const shown = otherwise ?? defaultOf(row, name as keyof TrainingOptions, fits);
  if (choices) {
    const named = keys(choices);
    const listed = name === 'rule' ? named.filter(fits) : named;
    return add(command, group, flags, defaults(listed.join(', '), shown), words(named));
  }
  if (word === undefined) return add(command, group, flags, defaults(help, shown), number);
  const parser = (long: string) => numberOr(long, word);
  add(command, group, flags, defaults(`${help}, or '${word}'`, shown), parser);
}

/** The steps before the model, in their order. */
export function preprocessingFlags(command: Command): void {
  const group = 'Preprocessing, fitted to the training part, in this order:';
  const pool = defaults('average pooling of images to HEIGHTxWIDTH', '14x14, of larger images');
  const standardise = defaults('mean 0 and variance 1 per column', 'unless the columns are pixels');
  const pca = defaults('project on the k leading principal components', 'as many as fit, if need be');
  const minmax = defaults('range 0 to pi per column', 'with angle encoding');
  const constant = defaults('append a constant of this share of the rms norm', '1, with amplitude encoding');
  add(command, group, '--crop <window>', 'HEIGHTxWIDTH in the middle, or HEIGHTxWIDTH+TOP+LEFT', window);
  add(command, group, '--pool <size>', pool, size);
  add(command, group, '--no-pool', 'none');
  add(command, group, '--standardise', standardise);
  add(command, group, '--no-standardise', 'not');
  add(command, group, '--pca <k>', pca, number);
  add(command, group, '--no-pca', 'none');
  add(command, group, '--minmax', minmax);
  add(command, group, '--no-minmax', 'not');
  add(command, group, '--constant <ratio>', constant, number);
  add(command, group, '--no-constant', 'none');
}

/** Flags that take two files. */
const PAIRS: readonly string[] = ['--idx', '--test-idx'];

/**
 * Commander knows one argument or any number of them, and of two it would take the model behind them for a
 * third. So each file gets the flag to itself: `--idx IMAGES --idx LABELS MODEL`.
 * @param args of the whole command line, the command first
 */
export function separatePairs(args: readonly string[]): string[] {
  if (args[0] === 'predict') return [...args];
  return args.flatMap((arg, i) => {
    const second = PAIRS.includes(args[i - 2]) && ![args[i - 1], arg].some((word) => word.startsWith('-'));
    return second ? [args[i - 2], arg] : [arg];
  });
}

function pair(command: Command, group: string, flag: string, description: string): void {
  const option = new Option(`${flag} <images> <labels>`, description).helpGroup(group);
  const parse = path(flag);
  const both = (file: string, before: readonly string[] = []) => [...before, parse(file)];
  option.argParser(Object.assign(both, { completions: parse.completions }));
  command.addOption(option);
}

/** Labelled data. */
export function dataFlags(command: Command): void {
  csvFlags(command, 'the column with the labels: its name, or its index from 0 (-1 is the last)');
  const group = 'Data:';
  pair(command, group, '--idx', 'two IDX files, raw or gzipped');
  add(
    command,
    group,
    '--data <set>',
    "a set of 'data list': moons, or with options moons:noise=0.1:rows=200",
  );
  add(command, group, '--classes <names>', 'keep only these classes, in this order: 0,1', list);
}

/** A CSV file. @param label what `--label` means here */
export function csvFlags(command: Command, label: string): void {
  const group = 'Data:';
  add(command, group, '--csv <file>', 'a CSV file; - is stdin', path);
  add(command, group, '--label <column>', label);
  add(command, group, '--header', 'the first row has the column names (default: guessed)');
  add(command, group, '--no-header', 'the first row is data');
  add(command, group, '--delimiter <character>', 'field separator (default: guessed)');
  const marks = ['.', ','] as const;
  add(
    command,
    group,
    '--decimal <mark>',
    "before a number's fraction: . or , (default: guessed)",
    words(marks),
  );
  add(command, group, '--image <size>', 'the columns are pixels of HEIGHTxWIDTH images', size);
}

/** What is to be predicted. */
export function taskFlag(command: Command): void {
  const tasks = ['classification', 'regression'] as const;
  const help = 'what --label has: classes, or numbers to predict by a linear head and the squared error';
  add(command, 'Data:', '--task <name>', defaults(`${tasks.join(' or ')}: ${help}`, tasks[0]), words(tasks));
}

/** Columns of a CSV file: what is fitted travels in the model file. */
export function columnFlags(command: Command): void {
  const group = 'Columns of a CSV file, by name or index from 0; a model remembers them:';
  const missing = ['refuse', 'drop', 'mean'] as const;
  const unseen = ['zeros', 'refuse'] as const;
  const blank = 'blank cells, NA, N/A, NaN, null, ?: refuse them, drop their rows, or fill in the mean';
  const other = 'text that training did not see: zeros for all categories, or refuse it';
  add(command, group, '--columns <list>', 'use only these: age,city', list);
  add(command, group, '--ignore <list>', 'use all but these: id,name', list);
  add(command, group, '--text <list>', 'take these as text, though they have numbers: zip', list);
  add(command, group, '--missing <how>', defaults(blank, missing[0]), words(missing));
  add(command, group, '--unseen <how>', defaults(other, unseen[0]), words(unseen));
}

/** Data to test on. */
export function testFlags(command: Command): void {
  const group = 'Data:';
  add(command, group, '--test-fraction <share>', 'share to set aside for testing (default: 0.2)', number);
  add(command, group, '--test-csv <file>', 'a test set with the same columns instead', path);
  pair(command, group, '--test-idx', 'a test set instead');
}
