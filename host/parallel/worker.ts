/** The program of a thread: trains what it is given, one training after another. */
import type { MessagePort } from 'node:worker_threads';
import { Trainer } from '../index.ts';
import { type Refusal, refusalOf } from './refusal.ts';
import {
  type AggregateLoss,
  nameOf,
  type RunProgress,
  type TrainedRun,
  trainerOptionsOf,
  type TrainingRun,
} from './run.ts';

/** A training and where its progress goes, if anyone wants to know. */
export interface Task {
  readonly run: TrainingRun;
  readonly progress: MessagePort | undefined;
}

/** What became of it. */
export type Answer = { readonly trained: TrainedRun } | { readonly refusal: Refusal };

/** Least time between two reports of progress, milliseconds. */
const PROGRESS_INTERVAL = 50;

/** Trains to the end. @throws whatever `Trainer.create` and `Trainer.fit` throw */
async function train({ run, progress }: Task): Promise<TrainedRun> {
  const { test, evaluateEvery, ascent } = run;
  const trainer = await Trainer.create(trainerOptionsOf(run));
  const { steps, seed } = trainer.training;
  const name = nameOf(run);
  const losses: number[] = [];
  const history: AggregateLoss[] = [];
  let started = performance.now();
  let told = started;
  for await (const report of trainer.fit({ ascent })) {
    const { step, loss } = report;
    losses.push(loss);
    let aggregate: AggregateLoss | undefined;
    if (evaluateEvery !== undefined && (step % evaluateEvery === 0 || trainer.finished)) {
      const before = performance.now();
      aggregate = { step, loss: trainer.trainingLoss() };
      history.push(aggregate);
      started += performance.now() - before;
    }
    if (progress && (aggregate || performance.now() - told >= PROGRESS_INTERVAL)) {
      told = performance.now();
      progress.postMessage({ name, seed, steps, report, aggregate } satisfies RunProgress);
    }
  }
  const seconds = (performance.now() - started) / 1000;
  const { report, trace } = trainer;
  if (report === undefined) throw new RangeError('there is nothing to report before the first step');
  return {
    ...{ name, seed, trace, report, losses: Float64Array.from(losses), history, seconds },
    model: trainer.save(),
    train: trainer.evaluate(run.dataset),
    test: test && trainer.evaluate(test),
  };
}

/** Called by the pool, in its thread. */
export default async function answer(task: Task): Promise<Answer> {
  try {
    return { trained: await train(task) };
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    return { refusal };
  }
}
