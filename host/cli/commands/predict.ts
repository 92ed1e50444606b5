/** `nlr-vqa predict` */
import type { Command } from 'commander';
import type { Prediction } from '../../api/classifier.ts';
import type { Dataset } from '../../data/dataset.ts';
import { DataError } from '../../core/errors.ts';
import { columnsOf, readRows } from '../input/read-data.ts';
import { UsageError } from '../output/failure.ts';
import { type CommonFlags, commonFlags, csvFlags, type DataFlags } from '../input/flags.ts';
import { inputsOf, openModel } from '../input/model-file.ts';
import { plain } from '../output/plain.ts';
import { print, printJson, tell } from '../output/streams.ts';
import { refuseCsvFlags } from '../input/source.ts';
import { numberOr } from '../input/values.ts';

interface PredictFlags extends CommonFlags, Omit<DataFlags, 'idx'> {
  readonly idx?: string;
  readonly shots: number | 'exact';
}

const EXAMPLES = `
One line a row: the class, then its scores (one for two classes, positive meaning the second; else one each).
Columns are found by the names in the header, in any order; others are not looked at. A row that lacks a value has
a line without class and scores when the model was trained with --missing drop.

Examples:
  nlr-vqa predict model.nlrvqa --csv new.csv
  nlr-vqa predict model.nlrvqa --csv labelled.csv --label class   the labels are not looked at
  zcat new.csv.gz | nlr-vqa predict model.nlrvqa --csv -
  nlr-vqa predict model.nlrvqa --idx images.gz --json
`;

/** A field of CSV, quoted where it must be. */
function field(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A row without a prediction has the commas, and a pair of quotes where no line would be left. */
function line(prediction: Prediction | undefined, scores: number): string {
  if (prediction === undefined) return scores === 0 ? '""' : ','.repeat(scores);
  return [field(plain(prediction.name)), ...prediction.scores].join(',');
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

async function predict(file: string, flags: PredictFlags): Promise<void> {
  const { csv, idx, label } = flags;
  if ((csv === undefined) === (idx === undefined)) {
    throw new UsageError('predict needs either --csv FILE or --idx IMAGES');
  }
  const source = { ...flags, idx: idx === undefined ? undefined : [idx] };
  if (csv === undefined) refuseCsvFlags(source);
  const model = await openModel(file, flags.seed);
  const step = columnsOf(model.pipeline);
  const { dataset, at, of } = await readRows(source, step, flags.quiet ? () => {} : tell);
  if (step === undefined) checkWidth(dataset, inputsOf(model), label !== undefined);
  const predictions = new Array<Prediction | undefined>(of).fill(undefined);
  for (const [i, prediction] of model.predict(dataset, { shots: flags.shots }).entries()) {
    predictions[at[i] as number] = prediction;
  }
  if (flags.json) {
    const found = predictions.map((each) => each && { label: each.name, scores: each.scores });
    printJson({
      predictions: found,
      classes: model.classes,
      shots: flags.shots,
      data: dataset.name,
      model: file,
    });
    return;
  }
  const scores = model.classes.length === 2 ? 1 : model.classes.length;
  print(predictions.map((each) => line(each, scores)).join('\n'));
}

/** Adds the command. */
export function addPredict(program: Command): void {
  const command = program
    .command('predict')
    .description('classify rows without labels')
    .argument('<model>', 'a model file')
    .addHelpText('after', EXAMPLES);
  csvFlags(command, 'a column to leave out, because it has the labels');
  command.optionsGroup('Data:');
  command.option('--idx <images>', 'an IDX file of images, raw or gzipped');
  command.optionsGroup('Measuring:');
  command.option('--shots <m>', "shots per circuit, or 'exact'", numberOr('--shots', 'exact'), 'exact');
  commonFlags(command, 'seed of the shots (default: as in the model)');
  command.action(predict);
}
