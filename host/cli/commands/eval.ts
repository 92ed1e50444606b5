/** `nlr-vqa eval` */
import type { Command } from 'commander';
import { parseObservable } from '../../api/circuit.ts';
import { prepareCircuit } from '../../api/direct.ts';
import type { QasmProgram } from '../../qasm/index.ts';
import { type CommonFlags, commonFlags } from '../input/flags.ts';
import { assignments, readQasmFile } from '../input/qasm-file.ts';
import { path } from '../input/values.ts';
import { pairs, plural } from '../output/format.ts';
import { UsageError } from '../output/failure.ts';
import { plain } from '../output/plain.ts';
import { print, printJson } from '../output/streams.ts';

interface EvalFlags extends CommonFlags {
  readonly observable: string;
  readonly gradient?: boolean;
  readonly param?: Readonly<Record<string, number>>;
}

/** What `eval --json` prints. */
interface Evaluation {
  readonly file: string;
  readonly qubits: number;
  readonly operations: number;
  readonly observable: string;
  readonly expectation: number;
  readonly gradient?: Readonly<Record<string, number>>;
}

const EXAMPLES = `
Examples:
  nlr-vqa eval bell.qasm --observable 'Z0*Z1'
  nlr-vqa eval ansatz.qasm --observable '0.5 Z0 Z1 - X1' --param theta=0.3 --gradient
`;

/** The numbers of the inputs, in their order. @throws UsageError */
function numbersOf(
  names: readonly string[],
  given: Readonly<Record<string, number>>,
  file: string,
): number[] {
  const missing = names.filter((name) => !Object.hasOwn(given, name));
  if (missing.length > 0)
    throw new UsageError(
      `${file} has the input ${missing[0]}, which has no value; --param ${missing[0]}=NUMBER gives it one`,
    );
  return names.map((name) => given[name] as number);
}

/** Reads the file; with values for its inputs in their place, unless there are derivatives by them. */
async function read(file: string, { param = {}, gradient }: EvalFlags): Promise<QasmProgram> {
  const program = await readQasmFile(file, gradient ? {} : { values: param });
  const stranger = Object.keys(param).find((name) => gradient && !program.parameters.includes(name));
  if (stranger === undefined) return program;
  const known = program.parameters.join(', ') || 'none';
  throw new UsageError(`--param names '${stranger}'; the inputs of ${file} are ${known}`);
}

async function evaluate(file: string, flags: EvalFlags): Promise<void> {
  const observable = parseObservable(flags.observable);
  const program = await read(file, flags);
  const numbers = numbersOf(program.parameters, flags.param ?? {}, file);
  const prepared = await prepareCircuit(program.circuit, { observable, qubits: program.qubits });
  const found = flags.gradient
    ? prepared.gradient(numbers)
    : { value: prepared.expectation(numbers), gradient: [] };
  const result: Evaluation = {
    file,
    qubits: program.qubits,
    operations: program.circuit.length,
    observable: flags.observable,
    expectation: found.value,
    ...(flags.gradient && {
      gradient: Object.fromEntries(program.parameters.map((name, i) => [name, found.gradient[i] as number])),
    }),
  };
  if (flags.json) printJson(result);
  else print(...describe(result));
}

function describe({
  file,
  qubits,
  operations,
  observable,
  expectation,
  gradient = {},
}: Evaluation): string[] {
  return pairs([
    ['expectation', String(expectation)],
    ['observable', plain(observable)],
    ...Object.entries(gradient).map(([name, value]): [string, string] => [
      `d/d ${plain(name)}`,
      String(value),
    ]),
    ['circuit', `${plain(file)}, ${plural(qubits, 'qubit')}, ${plural(operations, 'operation')}`],
  ]);
}

/** Adds the command. */
export function addEval(program: Command): void {
  const command = program
    .command('eval')
    .description('what a circuit in an OpenQASM file comes to')
    .argument('<file>', 'an OpenQASM 2 or 3 file', path('the file'))
    .addHelpText('after', EXAMPLES);
  command.optionsGroup('Measuring:');
  command
    .requiredOption(
      '--observable <sum>',
      "a Pauli sum such as 'Z0*Z1' or '0.5 Z0 Z1 - X2'; qubits are numbered as declared",
    )
    .option(
      '--param <name=value>',
      'the value of an input; once for each, or between commas',
      assignments('--param'),
    )
    .option('--gradient', 'the derivatives by the inputs too');
  commonFlags(command, 'accepted everywhere; nothing is drawn here');
  command.action(evaluate);
}
