/** `nlr-vqa export` */
import type { Command } from 'commander';
import type { Circuit } from '../../api/circuit.ts';
import { prepare } from '../../api/classifier.ts';
import type { Model } from '../../api/model.ts';
import { DataError } from '../../core/errors.ts';
import { prepareState, writeOpenQasm } from '../../qasm/index.ts';
import {
  type CommonFlags,
  commonFlags,
  csvFlags,
  type DataFlags,
  type ForceFlag,
  forceFlag,
} from '../input/flags.ts';
import { inputsOf, openModel } from '../input/model-file.ts';
import { columnsOf, readRows } from '../input/read-data.ts';
import { refuseCsvFlags, STDIN } from '../input/source.ts';
import { oneOf, path, whole, written } from '../input/values.ts';
import { UsageError } from '../output/failure.ts';
import { plural } from '../output/format.ts';
import { plain } from '../output/plain.ts';
import { printJson, tell, write } from '../output/streams.ts';
import { type Outputs, withOutputs } from '../training/outputs.ts';

const FORMATS = ['qasm3', 'qasm2'] as const;

interface ExportFlags extends CommonFlags, ForceFlag, Omit<DataFlags, 'idx'> {
  readonly format: (typeof FORMATS)[number];
  readonly row?: number;
  readonly class?: string;
  readonly inputs?: boolean;
  readonly measure?: boolean;
  readonly out?: string;
}

const EXAMPLES = `
The trained parameters are numbers in the program, or with --inputs its inputs. Features that turn gates are inputs, or
with --csv FILE --row N the numbers of that row, preprocessed as the model does. Features that are amplitudes of the
start state are prepared by gates for such a row; without one, the program is the circuit behind that state alone.

Examples:
  nlr-vqa export model.nlrvqa --out model.qasm
  nlr-vqa export model.nlrvqa --csv new.csv --row 3 --format qasm2 --measure
`;

/** A row of a table as the circuit gets it. @throws NlrError */
async function featuresOf(file: string, model: Model, flags: ExportFlags): Promise<Float64Array | undefined> {
  const { csv, row = 1, quiet } = flags;
  if (csv === undefined) {
    if (flags.row !== undefined) throw new UsageError('--row needs --csv FILE');
    refuseCsvFlags(flags);
    return undefined;
  }
  const step = columnsOf(model.pipeline);
  const { dataset, at, of } = await readRows(flags, step, quiet ? () => {} : tell);
  const place = at.indexOf(row - 1);
  if (place < 0) {
    const message = row > of ? `there is no row ${row}; there are ${of}` : `row ${row} lacks a value`;
    throw new DataError('ERR_DATA_ROWS', message, { file: dataset.name });
  }
  if (step === undefined && dataset.columns !== inputsOf(model)) {
    const message = `the rows have ${dataset.columns} features; ${file} takes ${inputsOf(model)}`;
    throw new DataError('ERR_DATA_FEATURES', message, { file: dataset.name });
  }
  const { features, columns } = prepare(dataset, model.pipeline, model.model);
  return features.slice(place * columns, (place + 1) * columns);
}

/** The parameters of the circuit: of the only model, or of a class's. @throws UsageError */
function parametersOf(file: string, model: Model, name: string | undefined): Float64Array {
  const several = model.modelParameters.length > 1;
  if (!several && name !== undefined)
    throw new UsageError(`--class is for one model a class; ${file} has one model for all`);
  if (several && name === undefined)
    throw new UsageError(
      `${file} has one model a class; --class NAME says whose: ${model.classes.join(', ')}`,
    );
  const at = name === undefined ? 0 : model.classes.indexOf(name);
  if (at < 0) throw new UsageError(`--class is '${name}'; expected one of ${model.classes.join(', ')}`);
  return Float64Array.from(model.modelParameters[at] ?? []).slice(0, model.model.circuitParameters);
}

/** Observables as a model reads them. */
function observablesOf({ observables }: Model['model']): string {
  const sums = observables.map((terms) =>
    terms
      .map(({ coefficient, pauli }) => `${coefficient === 1 ? '' : `${coefficient} `}${pauli}`)
      .join(' + '),
  );
  return sums.join('; ');
}

async function exportModel(file: string, flags: ExportFlags, outputs: Outputs): Promise<void> {
  const { csv, format, inputs = false, measure = false, json = false, quiet = false } = flags;
  const out = flags.out === undefined ? undefined : await claim(file, flags.out, csv, outputs);
  const model = await openModel(file, undefined);
  const { circuit, encoding, qubits } = model.model;
  const features = await featuresOf(file, model, flags);
  const isAmplitude = encoding === 'amplitude';
  const start: Circuit = isAmplitude && features ? prepareState(features, qubits) : [];
  if (isAmplitude && !features && !quiet)
    tell(
      `the features of ${plain(file)} are amplitudes of the state that the circuit starts from; --csv FILE --row N prepares one`,
    );
  const parameters = parametersOf(file, model, flags.class);
  const version = format === 'qasm2' ? 2 : 3;
  const program = writeOpenQasm([...start, ...circuit], {
    ...{ version, qubits, measure },
    // A name may be made of anything; of a comment it makes one line.
    comment: plain(`${file}; its outputs are the expectations of ${observablesOf(model.model)}`),
    ...(!inputs && { parameters }),
    ...(!isAmplitude && features && { features: features.slice(0, drivenBy(circuit)) }),
  });
  if (out !== undefined) await out.write(Buffer.from(program));
  if (json) printJson({ format, qubits, program, ...(out && { file: out.name }) });
  else if (out === undefined) write(program);
  if (out !== undefined && !quiet)
    tell(
      `wrote ${plain(out.name)}: OpenQASM ${version}, ${plural(start.length + circuit.length, 'operation')}`,
    );
}

/** One past the last feature that turns a gate. */
const drivenBy = (circuit: Circuit) =>
  circuit.reduce((count, { angle }) => Math.max(count, (angle?.feature ?? -1) + 1), 0);

async function claim(file: string, out: string, csv: string | undefined, outputs: Outputs) {
  await outputs.reads(csv === undefined || csv === STDIN ? [file] : [file, csv]);
  return outputs.claim('--out', out, 'program');
}

/** Adds the command. */
export function addExport(program: Command): void {
  const command = program
    .command('export')
    .description('write the circuit of a model as an OpenQASM program')
    .argument('<model>', 'a model file', path('the model'))
    .addHelpText('after', EXAMPLES);
  csvFlags(command, 'a column to leave out, because it has the labels');
  command.optionsGroup('Data:');
  command.option('--row <n>', 'the row of the table, from 1 (default: the first)', whole('--row', 1));
  command.optionsGroup('Output:');
  command
    .option('--format <name>', `${FORMATS.join(' or ')}`, oneOf('--format', FORMATS), FORMATS[0])
    .option('--inputs', 'leave the trained parameters inputs, theta_0 and so on')
    .option('--measure', 'measure all qubits at the end')
    .option('--class <name>', 'of one model a class, whose')
    .option(
      '--out <file>',
      'write there instead of to stdout, whole or not at all',
      written('--out', 'without --out the program goes to stdout'),
    );
  forceFlag(command);
  commonFlags(command, 'accepted everywhere; nothing is drawn here');
  command.action((file: string, flags: ExportFlags) =>
    withOutputs(flags, (outputs) => exportModel(file, flags, outputs)),
  );
}
