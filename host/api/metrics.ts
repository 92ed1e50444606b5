/** How well predictions are: per class, as a confusion matrix, and in single numbers. Defined as in scikit-learn. */
import { isListOf, isNumbers, that } from '../core/checks.ts';
import { readClasses } from '../data/dataset.ts';
import { meanOf, sumOf } from '../data/sums.ts';
import { OptionError } from '../core/errors.ts';
import type { Prediction } from './prediction.ts';

/** How well one class is told from the others. */
export interface ClassMetrics {
  /** Of the class, as the data set has it. */
  readonly name: string;
  /** Of the rows that were taken for this class, the share that are of it; null when none was. */
  readonly precision: number | null;
  /** Of the rows of this class, the share that were taken for it; null when there is none. */
  readonly recall: number | null;
  /** Harmonic mean of the two: 2 right / (rows + taken); null when there is no row of either kind. */
  readonly f1: number | null;
  /** Rows of this class. */
  readonly support: number;
}

/** How well predictions of labelled rows are. */
export interface Metrics {
  /** Share of right answers, 0 to 1. */
  readonly accuracy: number;
  /** How many rows were predicted. */
  readonly rows: number;
  /** In the order of the labels. */
  readonly classes: readonly ClassMetrics[];
  /** Rows by true class (outer) and predicted class (inner), in the order of the labels. */
  readonly confusion: readonly (readonly number[])[];
  /**
   * Means over the classes that are among the labels or the answers, each as heavy as the next; what is not defined
   * counts as 0.
   */
  readonly macro: {
    /** Mean precision, 0 to 1. */
    readonly precision: number;
    /** Mean recall, 0 to 1. */
    readonly recall: number;
    /** Mean F1, 0 to 1. */
    readonly f1: number;
  };
  /** Mean recall of the classes that have rows: what always naming the largest class gets is 1 / classes. */
  readonly balancedAccuracy: number;
  /** Mean of -log of the probability given to the true class, no less than 2^-52. */
  readonly logLoss: number;
  /**
   * Of two classes, the chance that a row of the second has a higher score than one of the first, a tie counting half:
   * the area under the ROC curve. Null for more classes, and when a class has no row.
   */
  readonly auc: number | null;
}

/** No probability is taken for smaller, or one sure mistake would make the mean infinite. */
const LEAST = Number.EPSILON;

const share = (part: number, whole: number) => (whole === 0 ? null : part / whole);

const mean = (values: readonly (number | null)[]) => meanOf(values.map((value) => value ?? 0));

/** Rows by true and by predicted class. */
function confusionOf(
  predictions: readonly Prediction[],
  labels: ArrayLike<number>,
  classes: number,
): number[][] {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  predictions.forEach(({ label }, i) => {
    const row = counts[labels[i] as number];
    if (row?.[label] === undefined) {
      const found = row === undefined ? `label ${labels[i]}` : `prediction ${label}`;
      const message = `row ${i + 1} has the ${found}; expected a class from 0 to ${classes - 1}`;
      throw new OptionError('ERR_OPTION_VALUE', message, row === undefined ? 'labels' : 'predictions');
    }
    row[label]++;
  });
  return counts;
}

/** Which of the rows get the highest scores, by the sum of the ranks of the second class (Mann and Whitney). */
function aucOf(scores: readonly number[], labels: ArrayLike<number>): number | null {
  const order = Array.from(scores.keys()).sort((a, b) => (scores[a] as number) - (scores[b] as number));
  let ranks = 0;
  let second = 0;
  for (let from = 0; from < order.length;) {
    let to = from;
    let tied = 0;
    const score = scores[order[from] as number];
    for (; to < order.length && scores[order[to] as number] === score; to++)
      tied += Number(labels[order[to] as number] === 1);
    // Ranks from 1; those that tie share their mean.
    ranks += (tied * (from + 1 + to)) / 2;
    second += tied;
    from = to;
  }
  const first = order.length - second;
  return first === 0 || second === 0 ? null : (ranks - (second * (second + 1)) / 2) / (first * second);
}

/** What ranks a row of two classes: the score that decides, or where each class has one the second's share. */
function ranking({ scores, probabilities }: Prediction): number {
  return (scores.length === 1 ? scores[0] : probabilities[1]) as number;
}

const arePredictions = (value: unknown) =>
  isListOf(value, (each) => {
    const { label, scores, probabilities } = each as Prediction;
    return typeof label === 'number' && isNumbers(scores) && isNumbers(probabilities);
  });

/**
 * How well predictions are.
 * @param predictions one a row, as `predict` gives them
 * @param labels the true class of each row, an index into `classes`
 * @param classes names, in the order of the labels
 * @throws OptionError
 * @example
 * ```ts
 * const { classes, confusion } = metrics(trainer.predict(rows), labels, trainer.classes);
 * ```
 */
export function metrics(
  predictions: readonly Prediction[],
  labels: ArrayLike<number>,
  classes: readonly string[],
): Metrics {
  that('a list of predictions', arePredictions)(predictions, 'predictions');
  that('a list of numbers', isNumbers)(labels, 'labels');
  readClasses(classes, 'classes');
  const rows = predictions.length;
  if (rows === 0 || labels.length !== rows) {
    const message = `${rows} predictions do not go with ${labels.length} labels; expected as many, one or more`;
    throw new OptionError('ERR_OPTION_VALUE', message, 'labels');
  }
  const confusion = confusionOf(predictions, labels, classes.length);
  const taken = classes.map((_, c) => sumOf(confusion.map((row) => row[c] as number)));
  const each = classes.map((name, c): ClassMetrics => {
    const row = confusion[c] as number[];
    const right = row[c] as number;
    const support = sumOf(row);
    const answers = taken[c] as number;
    return {
      name,
      precision: share(right, answers),
      recall: share(right, support),
      f1: share(2 * right, support + answers),
      support,
    };
  });
  const seen = each.filter(({ f1 }) => f1 !== null);
  const right = sumOf(confusion.map((row, c) => row[c] as number));
  const surprises = predictions.map(({ probabilities }, i) => {
    return -Math.log(Math.max(LEAST, probabilities[labels[i] as number] as number));
  });
  return {
    accuracy: right / rows,
    rows,
    classes: each,
    confusion,
    macro: {
      precision: mean(seen.map(({ precision }) => precision)),
      recall: mean(seen.map(({ recall }) => recall)),
      f1: mean(seen.map(({ f1 }) => f1)),
    },
    balancedAccuracy: mean(each.filter(({ support }) => support > 0).map(({ recall }) => recall)),
    logLoss: meanOf(surprises),
    auc: classes.length === 2 ? aucOf(predictions.map(ranking), labels) : null,
  };
}
