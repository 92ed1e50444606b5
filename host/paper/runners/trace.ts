/** A training of the paper's step by step: what Figures 2 and 3 draw. */
import { Trainer, type TrainingOptions } from '../../index.ts';
import type { Json, Problem } from '../../study/cell.ts';
import { looksAt } from '../../study/looks.ts';
import { preparer, type Sources } from '../problems.ts';

/** A training of the synthetic set. */
export interface TraceInput {
  readonly problem: Problem;
  readonly training: TrainingOptions;
  /** Looks at the loss of the whole training set. */
  readonly looks: number;
}

/** Numbers of every step, and of every look. */
export interface Trace {
  readonly norm: readonly number[];
  /** Steps that were reversed, from 1. */
  readonly reversed: readonly number[];
  readonly step: readonly number[];
  /** Exact loss of the whole training set. */
  readonly loss: readonly number[];
}

const nothing = () => Promise.reject(new RangeError('traces are of the synthetic set alone'));
const SOURCES: Sources = { originals: nothing, digits: nothing };

/** Digits that a picture shows. */
const rounded = (value: number) => Number(value.toPrecision(5));

/** Trains. @returns a `Trace` */
export async function trace(input: Json): Promise<Json> {
  const { problem, training, looks } = input as unknown as TraceInput;
  const { test: _, ...prepared } = await preparer(SOURCES)(problem, training.seed ?? 1);
  const trainer = await Trainer.create({ ...prepared, training });
  const when = looksAt(trainer.training.steps, looks);
  const [norm, reversed, step]: number[][] = [[], [], [0]];
  const loss = [rounded(trainer.trainingLoss())];
  for await (const report of trainer.fit()) {
    norm.push(rounded(report.gradientNorm.loss));
    if (report.decision === 'reversed') reversed.push(report.step);
    if (report.step !== when[step.length - 1]) continue;
    step.push(report.step);
    loss.push(rounded(trainer.trainingLoss()));
  }
  const found: Trace = { norm, reversed, step, loss };
  return found as unknown as Json;
}
