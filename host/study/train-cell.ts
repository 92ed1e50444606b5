/** Trains one cell, in a thread or wherever. */
import type { StepReport, TrainingOptions } from '../index.ts';
import { Trainer } from '../index.ts';
import type { TrainingRun } from '../parallel/run.ts';
import { looksAt, meanOver, spentOf, spentUntil } from './looks.ts';
import type { CellResult, Curve } from './result.ts';

/** A problem that can be trained on: what `Trainer.create` takes but for the training, and data to test on. */
export type Prepared = Omit<TrainingRun, 'name' | 'training' | 'evaluateEvery' | 'ascent'>;

/** All that a training is made of. */
export interface CellWork {
  readonly prepared: Prepared;
  readonly training: TrainingOptions;
  readonly looks: number;
  readonly ascent: boolean;
}

/** Columns that grow. */
type Growing = { readonly [Name in keyof Curve]: Curve[Name][number][] };

/** The mean of what some steps measured; null where they did not. */
class Mean {
  #sum = 0;
  #count = 0;

  add(value: number | null): void {
    if (value === null) return;
    this.#sum += value;
    this.#count++;
  }

  /** The mean since the last call. */
  take(): number | null {
    const mean = this.#count === 0 ? null : this.#sum / this.#count;
    this.#sum = this.#count = 0;
    return mean;
  }
}

/** Puts the curve of a training together. */
class CurveMaker {
  readonly curve: Growing;
  readonly #batchLoss = new Mean();
  readonly #gradientNorm = new Mean();
  readonly #observableNorm = new Mean();

  constructor(loss: number) {
    const none = () => [null];
    const zero = () => [0];
    this.curve = {
      ...{ step: zero(), evaluations: zero(), shots: zero(), loss: [loss] },
      ...{ batchLoss: none(), gradientNorm: none(), observableNorm: none() },
      ...{ violationRate: zero(), reversals: zero(), meanRate: zero() },
    };
  }

  add({ loss, gradientNorm }: StepReport): void {
    this.#batchLoss.add(loss);
    this.#gradientNorm.add(gradientNorm.loss);
    this.#observableNorm.add(gradientNorm.observable);
  }

  look(report: StepReport, loss: number): void {
    const { curve } = this;
    for (const name of ['step', 'evaluations', 'shots', 'violationRate', 'reversals', 'meanRate'] as const)
      curve[name].push(report[name]);
    curve.loss.push(loss);
    curve.batchLoss.push(this.#batchLoss.take());
    curve.gradientNorm.push(this.#gradientNorm.take());
    curve.observableNorm.push(this.#observableNorm.take());
  }
}

/** How a trained model fares on other data. */
function tested(
  trainer: Trainer,
  { test, task }: Prepared,
): { loss: number; accuracy: number | null } | null {
  if (test === undefined) return null;
  if (task === 'regression') return { loss: trainer.evaluateValues(test).loss, accuracy: null };
  return trainer.evaluate(test);
}

/** What was measured of the steps' direction. */
function ascended({ ascent }: StepReport): CellResult['ascent'] {
  if (ascent === undefined) return undefined;
  const { meanProduct, ratio, thresholds } = ascent;
  return { meanProduct, ratio, rate: thresholds.rate, step: thresholds.step };
}

/**
 * Trains to the end.
 * @param onStep is told of every step, and how many there will be
 * @throws whatever `Trainer.create` and `Trainer.fit` throw
 */
export async function trainCell(
  { prepared, training, looks, ascent }: CellWork,
  onStep: (report: StepReport, steps: number) => void = () => {},
): Promise<CellResult> {
  const { test: _, ...options } = prepared;
  const trainer = await Trainer.create({ ...options, training });
  const { steps } = trainer.training;
  const when = looksAt(steps, looks);
  const maker = new CurveMaker(trainer.trainingLoss());
  let next = 0;
  for await (const report of trainer.fit({ ascent })) {
    maker.add(report);
    if (report.step === when[next] || trainer.finished) {
      maker.look(report, trainer.trainingLoss());
      next++;
    }
    onStep(report, steps);
  }
  const { report, trace } = trainer;
  if (report === undefined) throw new RangeError('there is nothing to report before the first step');
  const { curve } = maker;
  const spent = spentOf(curve);
  const [initialLoss] = curve.loss;
  const budget = training.shotsBudget === 'none' ? undefined : training.shotsBudget;
  const onTest = tested(trainer, prepared);
  const isNumeric = prepared.task === 'regression';
  const { reversals, evaluations, shots, violationRate, meanRate, gradientNorm } = report;
  return {
    initialLoss,
    loss: curve.loss.at(-1) as number,
    best: Math.min(...curve.loss),
    auc: meanOver(spent, curve.loss, budget),
    toHalf: spentUntil(spent, curve.loss, initialLoss / 2),
    lossTest: onTest?.loss ?? null,
    accuracy: {
      train: isNumeric ? null : trainer.evaluate(prepared.dataset).accuracy,
      test: onTest?.accuracy ?? null,
    },
    ...{ steps: report.step, evaluations, shots, reversals, violationRate, meanRate, gradientNorm },
    ...(ascent && { ascent: ascended(report) }),
    trace,
    curve,
  };
}
