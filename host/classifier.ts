/** From model outputs to classes: shared by a trainer and a loaded model. */

import { MAX_SHOTS } from '../assembly/status.ts';
import type { Dataset } from './data/dataset.ts';
import { OptionError } from './errors.ts';
import type { Member } from './member.ts';

/** One prediction. */
export interface Prediction {
  /** Class index. */
  readonly label: number;
  /** Class name. */
  readonly name: string;
  /** Logits or expectations: one for two classes (positive means the second), else one per class. */
  readonly scores: readonly number[];
}

/** How a data set fares. */
export interface Evaluation {
  /** Mean loss. Of a one-vs-rest model the mean over its members too. */
  readonly loss: number;
  /** Share of right answers, 0 to 1. */
  readonly accuracy: number;
  readonly rows: number;
}

/** Shots as the core counts them. @throws OptionError */
export function shotCount(shots: number | 'exact'): number {
  if (shots === 'exact') return 0;
  if (Number.isInteger(shots) && shots >= 1 && shots <= MAX_SHOTS) return shots;
  throw new OptionError(
    'ERR_OPTION_VALUE',
    `shots is ${shots}; expected 'exact' or a whole number from 1 to ${MAX_SHOTS}`,
    'shots',
  );
}

function largest(scores: readonly number[]): number {
  return scores.reduce((best, score, label) => (score > (scores[best] as number) ? label : best), 0);
}

/** Class of a sample: the sign of a single score, else the largest. */
function classOf(scores: readonly number[]): number {
  return scores.length === 1 ? Number((scores[0] as number) > 0) : largest(scores);
}

/** Scores of every sample and the mean loss, over one member or over one per class. */
function score(
  members: readonly Member[],
  dataset: Dataset,
  shots: number,
): { scores: number[][]; loss: number } {
  const outputs = members.map((member) => member.outputs(dataset, shots));
  const scores = Array.from({ length: dataset.rows }, (_, i) =>
    outputs.flatMap(({ values, width }) => Array.from(values.subarray(i * width, (i + 1) * width))),
  );
  return { scores, loss: outputs.reduce((sum, { loss }) => sum + loss, 0) / outputs.length };
}

/** Predicts every row of a preprocessed data set. */
export function predictAll(
  members: readonly Member[],
  dataset: Dataset,
  classes: readonly string[],
  shots: number,
): Prediction[] {
  return score(members, dataset, shots).scores.map((scores) => {
    const label = classOf(scores);
    return { label, name: classes[label] ?? String(label), scores };
  });
}

/** Loss and accuracy on a preprocessed, labelled data set. */
export function evaluateAll(members: readonly Member[], dataset: Dataset, shots: number): Evaluation {
  const { scores, loss } = score(members, dataset, shots);
  const right = scores.filter((values, i) => classOf(values) === dataset.labels[i]).length;
  return { loss, accuracy: right / dataset.rows, rows: dataset.rows };
}

/** Rows without labels as a data set. */
export function unlabelled(rows: readonly ArrayLike<number>[], name: string): Dataset {
  const columns = rows[0]?.length ?? 0;
  const features = new Float64Array(rows.length * columns);
  rows.forEach((values, i) => {
    if (values.length !== columns) {
      throw new OptionError(
        'ERR_OPTION_VALUE',
        `row ${i + 1} has ${values.length} features; expected ${columns}`,
        'rows',
      );
    }
    features.set(Array.from(values), i * columns);
  });
  return {
    features,
    rows: rows.length,
    columns,
    labels: new Int32Array(rows.length).fill(-1),
    classes: [],
    name,
  };
}
