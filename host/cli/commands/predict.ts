/** `nlr-vqa predict` */
import type { Command } from 'commander';
import type { Prediction } from '../../api/prediction.ts';
import type { Dataset } from '../../data/dataset.ts';
import { DataError } from '../../core/errors.ts';
import { columnsOf, readRows, type RowsToPredict } from '../input/read-data.ts';
import type { Model } from '../../api/model.ts';
import { UsageError } from '../output/failure.ts';
import {
  type CommonFlags,
  commonFlags,
  csvFlags,
  type DataFlags,
  type ForceFlag,
  forceFlag,
} from '../input/flags.ts';
import { inputsOf, openModel } from '../input/model-file.ts';
import { plain } from '../output/plain.ts';
import {
  jsonOf,
  linesOf,
  type PredictionFormat,
  PREDICTION_FORMATS,
  type Rows,
  valueLines,
} from '../output/predictions.ts';
import { inPieces, tell, writeLines } from '../output/streams.ts';
import { plural } from '../output/format.ts';
import type { OutputFile } from '../../files/output-file.ts';
import { type Outputs, withOutputs } from '../training/outputs.ts';
import { refuseCsvFlags, STDIN } from '../input/source.ts';
import { numberOr, oneOf, path, written as fileWritten } from '../input/values.ts';

interface PredictFlags extends CommonFlags, ForceFlag, Omit<DataFlags, 'idx'> {
  readonly idx?: string;
  readonly shots: number | 'exact';
  readonly probabilities?: boolean;
  readonly format?: PredictionFormat;
  readonly columnNames: boolean;
  readonly out?: string;
}

const EXAMPLES = `
One line a row: the class, then its scores (one for two classes, positive meaning the second; else one each), or with
--probabilities those of all classes. They are the model's own and not calibrated: of a logit its sigmoid, of several
their softmax, of a bare expectation f (1 + f)/2, of one model per class each one's own over their sum.
Columns are found by the names in the header, in any order; others are not looked at. A row that lacks a value has
a line without class and scores when the model was trained with --missing drop. A model that was trained with
--task regression prints a number a row.

Examples:
  nlr-vqa predict model.nlrvqa --csv new.csv
  nlr-vqa predict model.nlrvqa --csv new.csv --probabilities --out answers.csv
  nlr-vqa predict model.nlrvqa --csv labelled.csv --label class   the labels are not looked at
  zcat new.csv.gz | nlr-vqa predict model.nlrvqa --csv -
  nlr-vqa predict model.nlrvqa --idx images.gz --format jsonl
`;

/** How the predictions are to be written. @throws UsageError */
function formatOf({ json, format }: PredictFlags): PredictionFormat {
  if (!json) return format ?? 'csv';
  if (format === undefined || format === 'json') return 'json';
  throw new UsageError(`--json and --format ${format} exclude each other`);
}

/** Takes the file for the predictions before any work, over none that is read. @throws UsageError, DataError */
async function claimOut(
  { csv, idx, out }: PredictFlags,
  model: string,
  outputs: Outputs,
): Promise<OutputFile | undefined> {
  if (out === undefined) return undefined;
  const data = csv ?? idx;
  await outputs.reads(data === undefined || data === STDIN ? [model] : [model, data]);
  return outputs.claim('--out', out, 'data');
}

/** The predictions as lines; of JSON a single one. */
function written(
  predictions: Rows,
  flags: PredictFlags,
  about: { readonly classes: readonly string[]; readonly data: string; readonly model: string },
): Iterable<string> {
  const { shots, probabilities = false, columnNames } = flags;
  const { classes, data, model } = about;
  const format = formatOf(flags);
  // The bare lines are as they have always been; who asks for a table gets its header.
  const header = columnNames && (probabilities || flags.format === 'csv');
  const columns = { classes, probabilities, header, escape: flags.out === undefined };
  if (format !== 'json') return linesOf(predictions, format, columns);
  const found = predictions.map((each) => jsonOf(each, columns));
  return [JSON.stringify({ predictions: found, classes, shots, data, model })];
}

function checkWidth(dataset: Dataset, inputs: number, labelled: boolean): void {
  if (dataset.columns === inputs) return;
  const hint = !labelled && dataset.columns === inputs + 1 ? '; --label COLUMN leaves the labels out' : '';
  throw new DataError(
    'ERR_DATA_FEATURES',
    `the rows have ${dataset.columns} features; the model takes ${inputs}${hint}`,
    { file: dataset.name },
  );
}

async function predict(file: string, flags: PredictFlags, outputs: Outputs): Promise<void> {
  const { csv, idx, label } = flags;
  formatOf(flags);
  if ((csv === undefined) === (idx === undefined)) {
    throw new UsageError('predict needs either --csv FILE or --idx IMAGES');
  }
  const source = { ...flags, idx: idx === undefined ? undefined : [idx] };
  if (csv === undefined) refuseCsvFlags(source);
  const out = await claimOut(flags, file, outputs);
  const model = await openModel(file, flags.seed);
  const step = columnsOf(model.pipeline);
  const { dataset, at, of } = await readRows(source, step, flags.quiet ? () => {} : tell);
  if (step === undefined) checkWidth(dataset, inputsOf(model), label !== undefined);
  if (model.target !== undefined) return predictNumbers(file, model, { dataset, at, of }, flags, out);
  const predictions = new Array<Prediction | undefined>(of).fill(undefined);
  const found = at.length === 0 ? [] : model.predict(dataset, { shots: flags.shots });
  for (const [i, prediction] of found.entries()) {
    predictions[at[i] as number] = prediction;
  }
  const lines = written(predictions, flags, { classes: model.classes, data: dataset.name, model: file });
  await deliver(lines, of, flags, out);
}

/** A number a row, in the target's own units. */
async function predictNumbers(
  file: string,
  model: Model,
  { dataset, at, of }: RowsToPredict,
  flags: PredictFlags,
  out: OutputFile | undefined,
): Promise<void> {
  if (flags.probabilities) throw new UsageError(`--probabilities is for classes; ${file} predicts numbers`);
  const values = new Array<number | undefined>(of).fill(undefined);
  const found = at.length === 0 ? [] : model.predictValues(dataset, { shots: flags.shots });
  found.forEach((value, i) => {
    values[at[i] as number] = value;
  });
  const format = formatOf(flags);
  const { shots, columnNames } = flags;
  const whole = { predictions: values.map((value) => value ?? null), shots, data: dataset.name, model: file };
  const header = columnNames && flags.format === 'csv';
  const lines = format === 'json' ? [JSON.stringify(whole)] : valueLines(values, format, header);
  await deliver(lines, of, flags, out);
}

/** Writes lines to stdout or to the file that is asked for. */
async function deliver(
  lines: Iterable<string>,
  predictions: number,
  { quiet }: PredictFlags,
  out: OutputFile | undefined,
): Promise<void> {
  if (out === undefined) return writeLines(lines);
  await out.write(Buffer.concat(Array.from(inPieces(lines), (piece) => Buffer.from(piece))));
  if (!quiet) tell(`wrote ${plain(out.name)}: ${plural(predictions, 'prediction')}`);
}

/** Adds the command. */
export function addPredict(program: Command): void {
  const command = program
    .command('predict')
    .description('classify rows without labels')
    .argument('<model>', 'a model file', path('the model'))
    .addHelpText('after', EXAMPLES);
  csvFlags(command, 'a column to leave out, because it has the labels');
  command.optionsGroup('Data:');
  command.option('--idx <images>', 'an IDX file of images, raw or gzipped', path('--idx'));
  command.optionsGroup('Measuring:');
  command.option('--shots <m>', "shots per circuit, or 'exact'", numberOr('--shots', 'exact'), 'exact');
  command.optionsGroup('Output:');
  command
    .option('--probabilities', 'the probability of every class in place of the scores')
    .option(
      '--format <name>',
      `${PREDICTION_FORMATS.join(', ')} (default: csv): a line a row, or one object as by --json`,
      oneOf('--format', PREDICTION_FORMATS),
    )
    .option('--no-column-names', 'no first line with names, which --probabilities and --format csv print')
    .option(
      '--out <file>',
      'write there instead of to stdout, whole or not at all',
      fileWritten('--out', 'without --out the predictions go to stdout'),
    );
  forceFlag(command);
  commonFlags(command, 'seed of the shots (default: as in the model)');
  command.action((file: string, flags: PredictFlags) =>
    withOutputs(flags, (outputs) => predict(file, flags, outputs)),
  );
}
