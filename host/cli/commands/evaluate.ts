/** `nlr-vqa evaluate` */
import type { Command } from 'commander';
import { columnsOf, readEvaluationSet } from '../input/read-data.ts';
import { UsageError } from '../output/failure.ts';
import { type CommonFlags, commonFlags, type DataFlags, dataFlags, noiseFlag } from '../input/flags.ts';
import { inputsOf, openModel } from '../input/model-file.ts';
import { fixed, pairs, percent, plural, warningLines } from '../output/format.ts';
import { describeMetrics, singleNumbers } from '../output/metrics.ts';
import { plain } from '../output/plain.ts';
import { print, printJson, tell } from '../output/streams.ts';
import { classWarnings } from '../training/class-warnings.ts';
import { describeValues } from '../training/values-result.ts';
import type { Model } from '../../api/model.ts';
import type { Noise } from '../../api/noise.ts';
import { type SetSource, setFromFlags } from '../input/source.ts';
import { numberOr, path } from '../input/values.ts';

interface EvaluateFlags extends CommonFlags, DataFlags {
  readonly shots: number | 'exact';
  readonly noise?: Noise;
}

const EXAMPLES = `
Examples:
  nlr-vqa evaluate recommended.nlrvqa --shots 100          the test part of the built-in digits
  nlr-vqa evaluate model.nlrvqa --csv more.csv             the label column has the name it had in training
  nlr-vqa evaluate model.nlrvqa --noise depolarizing:0.01,readout:0.03 --shots 1000
  nlr-vqa evaluate model.nlrvqa --idx t10k-images.gz t10k-labels.gz --classes 0,1 --json
`;

/** Values in a row of the built-in digits. */
const DIGIT_PIXELS = 784;

async function evaluate(file: string, flags: EvaluateFlags): Promise<void> {
  const model = await openModel(file, flags.seed, flags);
  const step = columnsOf(model.pipeline);
  const set = setFromFlags(flags, step?.label);
  if (model.target !== undefined) return evaluateNumbers(file, model, set, flags);
  const stranger = flags.classes?.find((name) => !model.classes.includes(name));
  if (stranger !== undefined) {
    throw new UsageError(`--classes names '${stranger}'; ${file} knows ${model.classes.join(', ')}`);
  }
  const digits = model.classes.every((name) => name === '0' || name === '1');
  if (set.kind === 'digits' && !(digits && inputsOf(model) === DIGIT_PIXELS)) {
    throw new UsageError(
      `${file} was not trained on the built-in digits; give --csv FILE --label COLUMN or --idx IMAGES LABELS`,
    );
  }
  const tested = { classes: model.classes, only: flags.classes, step };
  const dataset = await readEvaluationSet(set, tested, flags.quiet ? () => {} : tell);
  const { loss, ...metrics } = model.evaluate(dataset, { shots: flags.shots });
  const { accuracy, rows } = metrics;
  if (flags.json) {
    printJson({
      accuracy,
      loss,
      rows,
      metrics,
      shots: flags.shots,
      noise: flags.noise,
      classes: model.classes,
      data: dataset.name,
      model: file,
    });
    return;
  }
  print(
    ...pairs([
      ['accuracy', percent(accuracy, 2)],
      ...singleNumbers(metrics),
      ['loss', fixed(loss, 6)],
      ['data', `${plain(dataset.name)}, ${plural(rows, 'row')}`],
      ['shots', flags.shots === 'exact' ? 'none: exact expectations' : `${flags.shots} per circuit`],
      ...noiseLine(flags.noise),
      ['model', plain(file)],
    ]),
    '',
    ...describeMetrics(metrics, 'of these rows'),
    ...warningLines(classWarnings(metrics, 'this data')),
  );
}

/** What is said of the noise, where there is some. */
function noiseLine(noise: Noise = []): [string, string][] {
  const said = noise.map(({ channel, rate }) => `${channel} ${rate}`).join(', ');
  return noise.length === 0 ? [] : [['noise', said]];
}

/** How well numbers are predicted. */
async function evaluateNumbers(
  file: string,
  model: Model,
  set: SetSource,
  flags: EvaluateFlags,
): Promise<void> {
  if (set.kind !== 'csv') throw new UsageError(`${file} predicts numbers; give --csv FILE --label COLUMN`);
  if (flags.classes !== undefined) throw new UsageError(`--classes is for classes; ${file} predicts numbers`);
  const tested = { classes: [], only: undefined, step: columnsOf(model.pipeline) };
  const source = { ...set, task: 'regression' } as const;
  const dataset = await readEvaluationSet(source, tested, flags.quiet ? () => {} : tell);
  const metrics = model.evaluateValues(dataset, { shots: flags.shots });
  const { noise } = flags;
  if (flags.json)
    return printJson({ ...metrics, shots: flags.shots, noise, data: dataset.name, model: file });
  print(
    ...pairs([
      ...describeValues(metrics),
      ['data', plain(dataset.name)],
      ['shots', flags.shots === 'exact' ? 'none: exact expectations' : `${flags.shots} per circuit`],
      ...noiseLine(noise),
      ['model', plain(file)],
    ]),
  );
}

/** Adds the command. */
export function addEvaluate(program: Command): void {
  const command = program
    .command('evaluate')
    .description('loss and accuracy of a model on labelled data')
    .argument('<model>', 'a model file', path('the model'))
    .addHelpText('after', EXAMPLES);
  dataFlags(command);
  command.optionsGroup('Measuring:');
  command.option('--shots <m>', "shots per circuit, or 'exact'", numberOr('--shots', 'exact'), 'exact');
  noiseFlag(command, 'Measuring:');
  commonFlags(command, 'seed of the shots (default: as in the model)');
  command.action(evaluate);
}
