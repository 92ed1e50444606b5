/** The flags that several commands share, in groups, and the types they parse to. */
import { type Command, Option } from 'commander';
import type { Size } from '../data/fit.ts';
import {
  ENCODINGS,
  type EncodingName,
  GRADIENTS,
  type GradientName,
  LOSSES,
  type LossName,
  RULES,
  type RuleName,
  SCHEDULES,
  type ScheduleName,
} from '../options.ts';
import { list, number, oneOf, type Parser, shots, size, type Window, whole, window } from './values.ts';

/** Of every command. */
export interface CommonFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly seed?: number;
}

/** What is trained. Absent: as the preset says. */
export interface ModelFlags {
  readonly preset: 'recommended' | 'paper';
  readonly qubits?: number;
  readonly layers?: number;
  readonly encoding?: EncodingName;
  readonly observable?: string;
  readonly head?: 'linear' | 'none';
  readonly loss?: LossName;
  readonly multiclass?: 'softmax' | 'one-vs-rest';
  readonly classes?: readonly string[];
}

/** How it is trained. Absent: as the preset says. */
export interface TrainingFlags {
  readonly rule?: RuleName;
  readonly steps?: number;
  readonly batch?: number;
  readonly rate?: number;
  readonly negativeRate?: number;
  readonly headRate?: number;
  readonly shots?: number | 'exact';
  readonly gradient?: GradientName;
  readonly schedule?: ScheduleName;
  readonly readoutError?: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  readonly guard?: number;
}

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
  readonly header?: boolean;
  readonly delimiter?: string;
  readonly image?: Size;
  readonly idx?: readonly string[];
  readonly classes?: readonly string[];
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
  if (parse) option.argParser((text: string) => parse(text));
  command.addOption(option);
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

/** `--preset` and the model. */
export function modelFlags(command: Command): void {
  const group = 'Model:';
  const names = ['recommended', 'paper'] as const;
  command.addOption(
    new Option('--preset <name>', "'recommended', or 'paper' to reproduce the paper; other flags override it")
      .argParser(oneOf('--preset', names))
      .default('recommended')
      .helpGroup(group),
  );
  add(command, group, '--qubits <n>', 'qubits, 1 to 16', number);
  add(command, group, '--layers <n>', 'layers of RX RY RZ and a CNOT chain', number);
  add(command, group, '--encoding <name>', keys(ENCODINGS).join(' or '), words(keys(ENCODINGS)));
  add(command, group, '--observable <sum>', "'z0', 'all-z', or Pauli sums such as '0.5 Z0 Z1 + X2; Z1'");
  add(command, group, '--head <name>', 'linear or none', words(['linear', 'none']));
  add(command, group, '--loss <name>', keys(LOSSES).join(', '), words(keys(LOSSES)));
  const multiclass = ['softmax', 'one-vs-rest'] as const;
  add(
    command,
    group,
    '--multiclass <how>',
    'more than two classes: softmax or one-vs-rest',
    words(multiclass),
  );
}

/** Rule, rates, shots and the rest of training. */
export function trainingFlags(command: Command): void {
  const group = 'Training:';
  add(command, group, '--rule <name>', keys(RULES).join(', '), words(keys(RULES)));
  add(command, group, '--steps <n>', 'training steps', number);
  add(command, group, '--batch <n>', 'samples in a mini-batch', number);
  add(command, group, '--rate <eta>', 'learning rate', number);
  add(command, group, '--negative-rate <eta>', 'rate of a reversal; default twice the rate', number);
  add(command, group, '--head-rate <eta>', 'learning rate of the head', number);
  add(command, group, '--shots <m>', "shots per circuit, or 'exact'", shots);
  add(command, group, '--gradient <name>', keys(GRADIENTS).join(' or '), words(keys(GRADIENTS)));
  add(command, group, '--schedule <name>', keys(SCHEDULES).join(' or '), words(keys(SCHEDULES)));
  add(command, group, '--readout-error <p>', 'probability that a measured bit flips', number);
  add(command, group, '--beta1 <x>', 'first decay of momentum and adam', number);
  add(command, group, '--beta2 <x>', 'second decay of rmsprop and adam', number);
  add(command, group, '--epsilon <x>', 'added to the denominator of rmsprop and adam', number);
  add(command, group, '--guard <k>', 'nlr-guarded reverses above this many standard errors', number);
}

/** The steps before the model, in their order. */
export function preprocessingFlags(command: Command): void {
  const group = 'Preprocessing, fitted to the training part, in this order:';
  add(command, group, '--crop <window>', 'HEIGHTxWIDTH in the middle, or HEIGHTxWIDTH+TOP+LEFT', window);
  add(command, group, '--pool <size>', 'average pooling of images to HEIGHTxWIDTH', size);
  add(command, group, '--no-pool', 'none');
  add(command, group, '--standardise', 'mean 0 and variance 1 per column');
  add(command, group, '--no-standardise', 'not');
  add(command, group, '--pca <k>', 'project on the k leading principal components', number);
  add(command, group, '--no-pca', 'none');
  add(command, group, '--minmax', 'range 0 to pi per column, for angle encoding');
  add(command, group, '--no-minmax', 'not');
  add(command, group, '--constant <ratio>', 'append a constant of this share of the rms norm', number);
  add(command, group, '--no-constant', 'none');
}

/** Labelled data. */
export function dataFlags(command: Command): void {
  csvFlags(command, 'the column with the labels: its name, or its index from 0 (-1 is the last)');
  const group = 'Data:';
  add(command, group, '--idx <files...>', 'IMAGES LABELS: two IDX files, raw or gzipped');
  add(command, group, '--classes <names>', 'keep only these classes, in this order: 0,1', list);
}

/** A CSV file. @param label what `--label` means here */
export function csvFlags(command: Command, label: string): void {
  const group = 'Data:';
  add(command, group, '--csv <file>', 'a CSV file');
  add(command, group, '--label <column>', label);
  add(command, group, '--header', 'the first row has the column names (default: guessed)');
  add(command, group, '--no-header', 'the first row is data');
  add(command, group, '--delimiter <character>', 'field separator (default: guessed)');
  add(command, group, '--image <size>', 'the columns are pixels of HEIGHTxWIDTH images', size);
}

/** Data to test on. */
export function testFlags(command: Command): void {
  const group = 'Data:';
  add(command, group, '--test-fraction <share>', 'share to set aside for testing (default: 0.2)', number);
  add(command, group, '--test-csv <file>', 'a test set with the same columns instead');
  add(command, group, '--test-idx <files...>', 'IMAGES LABELS: a test set instead');
}
