/** The numbers of a finished training run, for programs and for people. */

import type { RuleName } from '../../api/options.ts';
import { type Plan, plan } from '../../api/plan.ts';
import type { Ascent, StepReport } from '../../api/report.ts';
import type { Trainer } from '../../api/trainer.ts';
import type { TrainingData } from '../input/read-data.ts';
import { count, fixed, pairs, percent, plural } from '../output/format.ts';
import type { RunRecord } from './run.ts';

/** What `train --json` prints. */
export interface TrainingResult {
  readonly rule: RuleName;
  /** Exact mean loss of the training set at the final parameters. */
  readonly loss: number;
  /** The same of the test set; null without one. */
  readonly lossTest: number | null;
  /** Shares of right answers, exact expectations. */
  readonly accuracy: { readonly train: number; readonly test: number | null };
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
export function ascentRows(ascent: Ascent): [string, string][] {
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
function alarmText({ training }: Trainer, { violationRate, meanRate, ascent }: StepReport): string {
  const look = ascent ? `measured, the mean step went ${slope(ascent)}` : LOOK;
  if (meanRate >= 0) {
    return `reversals outweighed descent in rate for at least one class: its mean signed rate is below zero; ${look}`;
  }
  const { rule, schedule, rate, negativeRate } = training;
  // Only then does every rise reverse the step, and every step weigh the same.
  const share =
    rule === 'nlr' && schedule === 'constant'
      ? `${percent(violationRate)} of the tentative steps raised the loss, above ${percent(rate / (rate + negativeRate))} = eta / (eta + eta'), and `
      : '';
  return `reversals outweighed descent in rate: ${share}the mean signed rate is ${fixed(meanRate)}, below zero; ${look}`;
}

/** What is said of the run's direction, if there is something to say. */
function alarmed(trainer: Trainer, report: StepReport): string[] {
  if (report.alarm) return [alarmText(trainer, report)];
  return report.ascent?.alarm.step ? ['the mean step went uphill'] : [];
}

/** What a trainer's configuration costs and warns of, against no budget: it has its memory already. */
export function costOf({ model, training }: Trainer): Promise<Plan> {
  const { qubits, features, encoding, layers, observables: observable, head, classes, loss } = model;
  const circuit = layers === undefined ? model.circuit : undefined;
  const options = { qubits, features, encoding, layers, circuit, observable, head, classes, loss };
  return plan(options, training, { budgetBytes: Number.MAX_SAFE_INTEGER });
}

/** Measures a finished run. */
export async function measure(
  trainer: Trainer,
  { train, test }: TrainingData,
  { seconds, history, ascent }: RunRecord,
): Promise<TrainingResult> {
  const { model, training, report } = trainer;
  if (report === undefined) throw new RangeError('there is nothing to measure before the first step');
  const onTrain = trainer.evaluate(train);
  const onTest = test && trainer.evaluate(test);
  const cost = await costOf(trainer);
  const { violationRate, meanRate, alarm } = report;
  return {
    rule: training.rule,
    loss: onTrain.loss,
    lossTest: onTest?.loss ?? null,
    accuracy: { train: onTrain.accuracy, test: onTest?.accuracy ?? null },
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
    warnings: [...cost.warnings, ...alarmed(trainer, report)],
    ...(history.length > 0 && { history }),
    ...(ascent && { ascent: { ...(ascent.at(-1) as Ascent), series: ascent } }),
  };
}

/** Whether a rule looks at the tentative loss, so that it has a violation rate. */
export function looksBack(rule: RuleName): boolean {
  return rule === 'nlr' || rule === 'nlr-guarded';
}

/** The result in aligned lines, warnings last. */
export function describeResult(result: TrainingResult): string[] {
  const { accuracy, samples, gradientNorm } = result;
  const seen = looksBack(result.rule);
  const rows: [string, string][] = [
    ['rule', result.rule],
    ['classes', result.classes.join(', ')],
    ['loss, train', fixed(result.loss, 6)],
    ['accuracy, train', `${percent(accuracy.train, 2)} of ${plural(samples.train, 'sample')}`],
  ];
  if (accuracy.test !== null) {
    rows.push(
      ['loss, test', fixed(result.lossTest, 6)],
      ['accuracy, test', `${percent(accuracy.test, 2)} of ${plural(samples.test, 'sample')}`],
    );
  }
  rows.push(
    ['|grad L|, last step', fixed(gradientNorm.loss, 6)],
    ['|grad <O>|, last step', fixed(gradientNorm.observable, 6)],
    ['violation rate', seen ? percent(result.violationRate) : 'not measured by this rule'],
    ['reversals', `${count(result.reversals)} of ${plural(result.steps, 'step')}`],
    ['mean signed rate', fixed(result.meanRate, 6)],
    ...(result.ascent ? ascentRows(result.ascent) : []),
    [
      'parameters',
      `${count(result.parameters)}: ${result.circuitParameters} in the circuit, ${result.activeParameters} of them in the light cone`,
    ],
    ['circuit evaluations', count(result.evaluations)],
    ['shots', result.shots === 0 ? 'none: exact expectations' : count(result.shots)],
    ['seconds', fixed(result.seconds, 2)],
    ['arena', `${count(result.arenaBytes)} bytes, ${plural(result.memoryPages, 'page')} of 64 KiB`],
    ['module', `${count(result.wasmBytes)} bytes`],
    ['seed', String(result.seed)],
    ['trace', result.trace],
  );
  return [...pairs(rows), ...result.warnings.map((warning) => `warning: ${warning}`)];
}
