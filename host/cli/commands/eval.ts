/** `nlr-vqa eval` */
import type { Command } from 'commander';
import { parseObservable } from '../../api/circuit.ts';
import { MAX_MEASURED, type PreparedCircuit, prepareCircuit } from '../../api/direct.ts';
import type { Noise } from '../../api/noise.ts';
import { OptionError } from '../../core/errors.ts';
import { namesIn, type QasmProgram } from '../../qasm/index.ts';
import { type CommonFlags, commonFlags, noiseFlag } from '../input/flags.ts';
import { assignments, qasmName, readQasmFile } from '../input/qasm-file.ts';
import { numberOr, path } from '../input/values.ts';
import { pairs, plural } from '../output/format.ts';
import { UsageError } from '../output/failure.ts';
import { plain } from '../output/plain.ts';
import { noiseText } from '../output/noise.ts';
import { print, printJson } from '../output/streams.ts';

interface EvalFlags extends CommonFlags {
  readonly observable?: string;
  readonly shots: number | 'exact';
  readonly counts?: boolean;
  readonly gradient?: boolean;
  readonly param?: Readonly<Record<string, number>>;
  readonly noise?: Noise;
}

/** What `eval --json` prints. */
interface Evaluation {
  readonly file: string;
  readonly qubits: number;
  readonly operations: number;
  /** Shots of each circuit. */
  readonly shots: number | 'exact';
  /** Behind each gate as it stands in the file. */
  readonly noise?: Noise;
  readonly observable?: string;
  readonly expectation?: number;
  /** By the names of the inputs. */
  readonly gradient?: Readonly<Record<string, number>>;
  /** How often each outcome came, by its text, and what the characters of the text are. */
  readonly counts?: Readonly<Record<string, number>>;
  readonly measured?: readonly string[];
}

const EXAMPLES = `
Examples:
  nlr-vqa eval bell.qasm --observable 'Z0*Z1'
  nlr-vqa eval bell.qasm --counts --shots 1000
  nlr-vqa eval bell.qasm --observable 'Z0*Z1' --noise depolarizing:0.01,damping:0.02,readout:0.03
  nlr-vqa eval ansatz.qasm --observable '0.5 Z0 Z1 - X1' --param theta=0.3,phi=1 --gradient
`;

/** The numbers of the inputs, in their order. @throws UsageError */
function numbersOf(
  names: readonly string[],
  given: Readonly<Record<string, number>>,
  file: string,
): number[] {
  const missing = names.find((name) => !Object.hasOwn(given, name));
  if (missing !== undefined)
    throw new UsageError(
      `the input ${missing} of ${file} has no value; --param ${missing}=NUMBER gives it one`,
    );
  return names.map((name) => given[name] as number);
}

/** Reads the file; with values for its inputs in their place, unless there are derivatives by them. */
async function read(file: string, { param = {}, gradient }: EvalFlags): Promise<QasmProgram> {
  const program = await readQasmFile(file, gradient ? {} : { values: param }).catch((error: unknown) => {
    if (!(error instanceof OptionError && error.option === 'values')) throw error;
    throw new UsageError(error.message.replace(/^values is/, '--param names'));
  });
  const stranger = gradient && Object.keys(param).find((name) => !program.parameters.includes(name));
  if (!stranger) return program;
  const known = program.parameters.join(', ') || 'it has none';
  throw new UsageError(
    `--param names "${stranger}"; expected one of the inputs of ${qasmName(file)}: ${known}`,
  );
}

/** Counts of the program's bits, or where it measures nothing, of all its qubits; in order of declaration. */
function countsOf(
  prepared: PreparedCircuit,
  { measured, bits, registers }: QasmProgram,
  { shots, seed }: EvalFlags,
  numbers: readonly number[],
): Pick<Evaluation, 'counts' | 'measured'> {
  const isMeasured = measured.some((qubit) => qubit !== undefined);
  const sources = isMeasured ? measured : Array.from({ length: prepared.qubits }, (_, qubit) => qubit);
  const distinct = [...new Set(sources.filter((qubit) => qubit !== undefined))];
  if (distinct.length > MAX_MEASURED)
    throw new UsageError(
      `--counts is of ${MAX_MEASURED} qubits at most, and ${distinct.length} are measured here`,
    );
  const places = sources.map((qubit) => (qubit === undefined ? -1 : distinct.indexOf(qubit)));
  const { counts } = prepared.sample(shots as number, numbers, [], { seed, measured: distinct });
  // A bit that nothing is measured into is 0.
  const texts = [...counts].map(([text, count]) => [
    places.map((place) => text[place] ?? '0').join(''),
    count,
  ]);
  const names = (isMeasured ? bits : registers).flatMap(namesIn);
  return { counts: Object.fromEntries(texts) as Record<string, number>, measured: names };
}

async function evaluate(given: string, flags: EvalFlags): Promise<void> {
  const file = qasmName(given);
  const { shots, seed, gradient, counts, observable: text, param = {}, noise } = flags;
  if (text === undefined && (gradient || !counts))
    throw new UsageError(
      `--observable is missing${gradient ? ', which --gradient needs' : ', and so is --counts; one of them says what is wanted'}`,
    );
  if (counts && shots === 'exact') throw new UsageError('--counts needs --shots M');
  const program = await read(given, flags);
  const { circuit, qubits, parameters, applications } = program;
  const observable = text === undefined ? undefined : parseObservable(text, qubits);
  if (noise !== undefined && applications.length === 0 && circuit.length > 1)
    throw new UsageError(
      `--noise stands behind each gate, and ${file} is so long that neighbours had to be put together`,
    );
  const numbers = numbersOf(parameters, param, file);
  const placed = noise && applications;
  const prepared = await prepareCircuit(circuit, { observable, qubits, shots, seed, noise, placed });
  const found = gradient ? prepared.gradient(numbers) : undefined;
  const result: Evaluation = {
    ...{ file, qubits, operations: circuit.length, shots, noise },
    ...(observable && { observable: text, expectation: found?.value ?? prepared.expectation(numbers) }),
    ...(found && {
      gradient: Object.fromEntries(parameters.map((name, i) => [name, found.gradient[i] as number])),
    }),
    ...(counts && countsOf(prepared, program, flags, numbers)),
  };
  if (flags.json) printJson(result);
  else print(...describe(result));
}

function describe({
  file,
  qubits,
  operations,
  shots,
  noise,
  observable,
  expectation,
  gradient,
  counts = {},
  measured,
}: Evaluation): string[] {
  return pairs([
    ...(observable === undefined
      ? []
      : [
          ['expectation', String(expectation)],
          ['observable', plain(observable)],
        ]),
    ...Object.entries(gradient ?? {}).map(([name, value]) => [`by ${plain(name)}`, String(value)]),
    ...(gradient && Object.keys(gradient).length === 0
      ? [['gradient', 'none: the program has no inputs']]
      : []),
    // An object has those first that look like numbers.
    ...Object.entries(counts)
      .map(([text, count]) => [text, String(count)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
    ...(measured ? [['measured', plain(measured.join(' '))]] : []),
    ['shots', shots === 'exact' ? 'none: exact' : `${shots} per circuit`],
    ...(noise ? [['noise', noiseText(noise)]] : []),
    ['circuit', `${plain(file)}, ${plural(qubits, 'qubit')}, ${plural(operations, 'operation')}`],
  ] as [string, string][]);
}

/** Adds the command. */
export function addEval(program: Command): void {
  const command = program
    .command('eval')
    .description('what a circuit in an OpenQASM file comes to')
    .argument('<file>', 'an OpenQASM 2 or 3 file; - is stdin', path('the file'))
    .addHelpText('after', EXAMPLES);
  command.optionsGroup('Measuring:');
  command
    .option(
      '--observable <sum>',
      "a Pauli sum such as 'Z0*Z1' or '0.5 Z0 Z1 - X2'; qubits are numbered in the order of their declaration",
    )
    .option('--shots <m>', "shots per circuit, or 'exact'", numberOr('--shots', 'exact'), 'exact')
    .option('--gradient', 'the derivatives by the inputs too; with shots by the parameter shift')
    .option(
      '--counts',
      'how often each outcome comes, of at most 12 measured qubits; the first bit is the first character',
    )
    .option(
      '--param <name=value>',
      'the value of an input; once for each, or between commas',
      assignments('--param'),
    );
  noiseFlag(command, 'Measuring:');
  commonFlags(command, 'seed of the shots (default: 1)');
  command.action(evaluate);
}
