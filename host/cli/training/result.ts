/** The numbers of a finished training run, for programs and for people. */
import { TENTATIVE_RULES } from '../../../assembly/abi/codes.ts';
import { RULES } from '../../api/choices.ts';
import type { RuleName } from '../../api/options.ts';
import { type Plan, plan } from '../../api/plan.ts';
import type { Ascent, StepReport } from '../../api/report.ts';
import { reversalRate } from '../../api/reversal-rate.ts';
import type { Trainer } from '../../api/trainer.ts';
import type { TrainingData } from '../input/read-data.ts';
import type { Evaluation } from '../../api/classifier.ts';
import type { ValidationLook } from '../../api/early-stopping.ts';
import type { Metrics } from '../../api/metrics.ts';
import type { Dataset } from '../../data/dataset.ts';
import { count, fixed, pairs, percent, plural, warningLines } from '../output/format.ts';
import { describeMetrics, singleNumbers } from '../output/metrics.ts';
import { type NoiseFacts, noiseFacts, noiseRows } from '../output/noise.ts';
import { plain } from '../output/plain.ts';
import { classWarnings } from './class-warnings.ts';
import { preprocessingSteps } from './preprocessed.ts';
import type { RunRecord } from './run.ts';

/** What `train --json` prints. */
export interface TrainingResult extends NoiseFacts {
  readonly rule: RuleName;
  /** Exact mean loss of the training set at the final parameters. */
  readonly loss: number;
  /** The same of the test set; null without one. */
  readonly lossTest: number | null;
  /** Shares of right answers, exact expectations. */
  readonly accuracy: { readonly train: number; readonly test: number | null };
  /** By class, of the test set, or without one of the training set. */
  readonly metrics: Metrics & { readonly of: 'test' | 'train' };
  /** Of the last step: |grad L| over the circuit parameters, |grad <O>| averaged over the batch. */
  readonly gradientNorm: { readonly loss: number; readonly observable: number | null };
  readonly steps: number;
  readonly reversals: number;
  /** Share of the steps whose tentative loss rose; 0 for rules that do not look. */
  readonly violationRate: number;
  /** Mean signed learning rate. */
  readonly meanRate: number;
  /** Whether the mean signed rate is below zero: reversals outweighed descent in rate. */
  readonly alarm: boolean;
  readonly evaluations: number;
  readonly shots: number;
  readonly seconds: number;
  readonly arenaBytes: number;
  readonly memoryPages: number;
  readonly wasmBytes: number;
  readonly seed: number;
  /** Hash over the bits of every step's loss and of the final parameters. */
  readonly trace: string;
  readonly classes: readonly string[];
  readonly qubits: number;
  readonly features: number;
  /** Trainable numbers of one model: circuit and head. */
  readonly parameters: number;
  /** Circuit parameters, and those inside the observable's light cone. */
  readonly circuitParameters: number;
  readonly activeParameters: number;
  readonly samples: { readonly train: number; readonly test: number };
  /** What became of the columns, step by step; empty where the model has them as they are. */
  readonly preprocessing: readonly string[];
  /** How much the loss of a sample counted, in the order of the classes, with `--class-weights`. */
  readonly classWeights?: readonly number[];
  /** The validation set, with `--validation-fraction`: the model is that of the step with its lowest loss. */
  readonly validation?: {
    readonly rows: number;
    readonly best: ValidationLook | null;
    /** Whether it ended the training before its last step. */
    readonly stopped: boolean;
  };
  readonly warnings: readonly string[];
  /** Aggregate losses on the way, with `--evaluate-every`. */
  readonly history?: RunRecord['history'];
  /** Whether the steps went uphill, with `--ascent`: the last record, and all of them. */
  readonly ascent?: Ascent & { readonly series: readonly Ascent[] };
}

/** What tells more than the rates. */
export const LOOK = 'whether the mean step went uphill, --ascent measures';

/** Where the mean step went. */
const slope = ({ alarm }: Ascent) => (alarm.step ? 'uphill' : 'downhill');

/** What was measured of it, in aligned lines. */
function ascentRows(ascent: Ascent): [string, string][] {
  const { meanProduct, ratio, thresholds, steps, evaluations, shots } = ascent;
  const rows: [string, string][] = [
    ['mean step . grad L', `${fixed(meanProduct, 6)}, ${slope(ascent)}, over ${plural(steps, 'step')}`],
  ];
  if (thresholds.rate !== null) {
    const exact = thresholds.step === null ? 'none' : percent(thresholds.step);
    rows.push([
      'violations turn',
      `the mean signed rate at ${percent(thresholds.rate)}, the mean step at ${exact} (r = ${fixed(ratio)})`,
    ]);
  }
  const counted = shots === 0 ? 'exact' : `${count(shots)} shots`;
  return [...rows, ['looking took', `${plural(evaluations, 'circuit evaluation')}, ${counted}`]];
}

/** Why the alarm is on, in numbers. */
function alarmText(
  { training }: Trainer,
  { violationRate, meanRate, ascent }: StepReport,
  advice: string | undefined,
): string {
  const found = ascent ? `measured, the mean step went ${slope(ascent)}` : advice;
  const look = found === undefined ? '' : `; ${found}`;
  if (meanRate >= 0) {
    return `reversals outweighed descent in rate for at least one class: its mean signed rate is below zero${look}`;
  }
  const { rule, schedule, rate } = training;
  const negativeRate = reversalRate(training);
  // Only then does every rise reverse the step, and every step weigh the same.
  const share =
    rule === 'nlr' && schedule === 'constant' && negativeRate !== null
      ? `${percent(violationRate)} of the tentative steps raised the loss, above ${percent(rate / (rate + negativeRate))} = eta / (eta + eta'), and `
      : '';
  return `reversals outweighed descent in rate: ${share}the mean signed rate is ${fixed(meanRate)}, below zero${look}`;
}

/** What is said of the run's direction, if there is something to say. @param advice what tells more, if anything does */
export function alarmed(trainer: Trainer, report: StepReport, advice?: string): string[] {
  if (report.alarm) return [alarmText(trainer, report, advice)];
  return report.ascent?.alarm.step ? ['the mean step went uphill'] : [];
}

/** What a trainer's configuration costs and warns of, against no budget: it has its memory already. */
export function costOf({ model, training, classWeights, target }: Trainer): Promise<Plan> {
  const { circuit, circuitParameters: _, logits: __, observables: observable, ...same } = model;
  const options = { ...same, observable, ...(model.layers === undefined && { circuit }) };
  const task = target && ('regression' as const);
  return plan(options, training, { budgetBytes: Number.MAX_SAFE_INTEGER, classWeights, task });
}

/** The metrics to show: of rows that the model has not been trained on, if there are some. */
export function metricsOf(onTrain: Evaluation, onTest: Evaluation | undefined): TrainingResult['metrics'] {
  const { loss: _, ...metrics } = onTest ?? onTrain;
  return { of: onTest === undefined ? 'train' : 'test', ...metrics };
}

/** What a result says of the run whatever was predicted. */
export type RunFacts = Omit<TrainingResult, 'loss' | 'lossTest' | 'accuracy' | 'metrics'>;

/** Measures a finished run that tells classes apart. */
export async function measure(
  trainer: Trainer,
  data: TrainingData & { readonly validation?: Dataset },
  record: RunRecord,
): Promise<TrainingResult> {
  const { train, test } = data;
  const onTrain = trainer.evaluate(train);
  const onTest = test && trainer.evaluate(test);
  const { rule, ...facts } = await runFacts(trainer, data, record);
  return {
    rule,
    loss: onTrain.loss,
    lossTest: onTest?.loss ?? null,
    accuracy: { train: onTrain.accuracy, test: onTest?.accuracy ?? null },
    metrics: metricsOf(onTrain, onTest),
    ...facts,
  };
}

/** What a finished run took and came to, but for how good the model is. */
export async function runFacts(
  trainer: Trainer,
  { train, test, validation }: TrainingData & { readonly validation?: Dataset },
  { seconds, history, watch, ascent }: RunRecord,
): Promise<RunFacts> {
  const { model, training, report } = trainer;
  if (report === undefined) throw new RangeError('there is nothing to measure before the first step');
  const cost = await costOf(trainer);
  const { violationRate, meanRate, alarm } = report;
  return {
    rule: training.rule,
    gradientNorm: report.gradientNorm,
    steps: report.step,
    reversals: report.reversals,
    violationRate,
    meanRate,
    alarm,
    evaluations: report.evaluations,
    shots: report.shots,
    seconds,
    arenaBytes: trainer.arenaBytes,
    memoryPages: trainer.memoryPages,
    wasmBytes: trainer.wasmBytes,
    seed: training.seed,
    trace: trainer.trace,
    classes: train.classes,
    qubits: model.qubits,
    features: model.features,
    parameters: trainer.parameters.length,
    circuitParameters: cost.circuitParameters,
    activeParameters: cost.activeParameters,
    samples: { train: train.rows, test: test?.rows ?? 0 },
    preprocessing: preprocessingSteps(trainer.pipeline, train),
    ...noiseFacts(training),
    ...(trainer.classWeights && { classWeights: trainer.classWeights }),
    ...(validation && {
      validation: {
        rows: validation.rows,
        best: watch?.early?.best ?? null,
        stopped: !trainer.finished,
      },
    }),
    warnings: [...cost.warnings, ...alarmed(trainer, report, LOOK)],
    ...(history.length > 0 && { history }),
    ...(ascent && { ascent: { ...(ascent.at(-1) as Ascent), series: ascent } }),
  };
}

/** Whether a rule looks at the tentative loss, so that it has a violation rate. */
export function looksBack(rule: RuleName): boolean {
  return ((TENTATIVE_RULES >> RULES[rule]) & 1) !== 0;
}

/** What is in a result of a run, with or without metrics by class. */
type RunResult = Omit<TrainingResult, 'metrics'>;

/** How good the model is. */
function quality({ accuracy, samples, loss, lossTest, validation }: RunResult): [string, string][] {
  const of = (share: number, rows: number) => `${percent(share, 2)} of ${plural(rows, 'row')}`;
  const rows: [string, string][] = [];
  if (accuracy.test !== null) rows.push(['accuracy, test', of(accuracy.test, samples.test)]);
  rows.push(['accuracy, train', of(accuracy.train, samples.train)]);
  if (accuracy.test !== null) rows.push(['loss, test', fixed(lossTest, 6)]);
  rows.push(['loss, train', fixed(loss, 6)]);
  if (validation?.best) {
    const { step, loss: least, accuracy: share } = validation.best;
    rows.push([
      'kept',
      `step ${count(step)}, with the lowest loss of ${plural(validation.rows, 'validation row')}: ${fixed(least, 6)}, ${percent(share, 2)} right`,
    ]);
  }
  return rows;
}

/** How it was trained, and what that took. */
export function effort(result: RunFacts): [string, string][] {
  const { gradientNorm, classWeights, classes, validation, ascent } = result;
  const looked = looksBack(result.rule);
  const early = validation?.stopped ? ', ended early by the validation set' : '';
  const noisy = noiseRows(result);
  // What is above them is of the model, which has no noise.
  if (noisy.length > 0) noisy.push(['', 'of the training alone; evaluate --noise has the model with it']);
  const weights = classWeights?.map((weight, c) => `${plain(classes[c])} ${fixed(weight, 3)}`);
  return [
    ...(classes.length > 0 ? ([['classes', classes.map(plain).join(', ')]] as [string, string][]) : []),
    ...(weights ? ([['class weights', weights.join(', ')]] as [string, string][]) : []),
    ['preprocessing', result.preprocessing.join(', ') || 'none'],
    ['rule', result.rule],
    ...noisy,
    ['steps', `${count(result.steps)}${early}, in ${fixed(result.seconds, 2)} seconds`],
    ['|grad L|, last step', fixed(gradientNorm.loss, 6)],
    ['|grad <O>|, last step', fixed(gradientNorm.observable, 6)],
    // Rules that do not look back have nothing to say of these.
    ...(looked
      ? ([
          ['violation rate', percent(result.violationRate)],
          ['reversals', `${count(result.reversals)} of ${plural(result.steps, 'step')}`],
          ['mean signed rate', fixed(result.meanRate, 6)],
        ] as [string, string][])
      : []),
    ...(ascent ? ascentRows(ascent) : []),
    [
      'parameters',
      `${count(result.parameters)}: ${result.circuitParameters} in the circuit, ${result.activeParameters} of them in the light cone`,
    ],
    ['circuit evaluations', count(result.evaluations)],
    ['shots', result.shots === 0 ? 'none: exact expectations' : count(result.shots)],
    ['arena', `${count(result.arenaBytes)} bytes, ${plural(result.memoryPages, 'page')} of 64 KiB`],
    ['module', `${count(result.wasmBytes)} bytes`],
    ['seed', String(result.seed)],
    ['trace', result.trace],
  ];
}

/** A run in aligned lines, what matters most first, warnings last. */
export function describeRun(result: RunResult): string[] {
  return [...pairs([...quality(result), ...effort(result)]), ...warningLines(result.warnings)];
}

/** The result of a training: how good the model is, by class too, then how it was trained, warnings last. */
export function describeResult(result: TrainingResult): string[] {
  const { metrics } = result;
  const of = metrics.of === 'test' ? 'on the test set' : 'on the training set: there is no test set';
  const ofClasses = classWarnings(metrics, metrics.of === 'test' ? 'the test set' : 'the training set');
  return [
    ...pairs([...quality(result), ...singleNumbers(metrics)]),
    '',
    ...describeMetrics(metrics, of),
    '',
    ...pairs(effort(result)),
    ...warningLines([...result.warnings, ...ofClasses]),
  ];
}
