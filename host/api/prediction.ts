/** What the scores of a sample say: its class, and the probabilities of all. */
import { sumOf } from '../data/sums.ts';
import type { ResolvedModel } from './options.ts';

/** One prediction. */
export interface Prediction {
  /** Class index. */
  readonly label: number;
  /** Class name. */
  readonly name: string;
  /** Logits or expectations: one for two classes (positive means the second), else one per class. */
  readonly scores: readonly number[];
  /**
   * Of every class; they add up to 1. The sigmoid of a logit, the softmax of several, (1 + f)/2 of a bare expectation
   * and with the squared error, of a model a class its own probability over the sum of all. Not calibrated: a
   * class that gets 0.9 need not be right nine times in ten. Exponentials are the JavaScript engine's: from one to
   * another the last bit may differ.
   */
  readonly probabilities: readonly number[];
}

function largest(scores: readonly number[]): number {
  return scores.reduce((best, score, label) => (score > (scores[best] as number) ? label : best), 0);
}

/** Class of a sample: the sign of a single score, else the largest. */
function classOf(scores: readonly number[]): number {
  return scores.length === 1 ? Number((scores[0] as number) > 0) : largest(scores);
}

/** What decides how a model's scores are read. */
type Scored = Pick<ResolvedModel, 'head' | 'loss'>;

/** 1 / (1 + e^-z), with an exponential that never overflows. */
function sigmoid(z: number): number {
  const e = Math.exp(-Math.abs(z));
  return z >= 0 ? 1 / (1 + e) : e / (1 + e);
}

/**
 * The probability of the second of two classes. A logit that cross-entropy trained is a log-odds: its sigmoid. The margin
 * that the hinge loss trains is none, but is read as if it were, so that its sign and order are kept. A bare expectation, or an output that the squared error fits to -1 and +1, is a mean of these two:
 * (1 + f)/2, within 0 and 1.
 */
function ofSecond(score: number, { head, loss }: Scored): number {
  if (head === 'linear' && loss !== 'mse') return sigmoid(score);
  return Math.min(1, Math.max(0, (1 + score) / 2));
}

/** e^z_c / sum e^z */
function softmax(logits: readonly number[]): number[] {
  const top = logits.reduce((most, z) => Math.max(most, z), Number.NEGATIVE_INFINITY);
  const powers = logits.map((z) => Math.exp(z - top));
  const sum = sumOf(powers);
  return powers.map((power) => power / sum);
}

/** Shares of 1; equal ones where every model says no. */
function shares(parts: readonly number[]): number[] {
  const sum = sumOf(parts);
  return parts.map((part) => (sum > 0 ? part / sum : 1 / parts.length));
}

/**
 * Probabilities of the classes, in their order; they add up to 1.
 *
 * - one score for two classes: see `ofSecond`;
 * - a logit a class: their softmax;
 * - a model a class: the probability that each gives its own class, divided by the sum of all.
 *
 * @param scores of one sample
 * @param oneVsRest whether each score is of a model of its own
 */
function probabilitiesOf(scores: readonly number[], model: Scored, oneVsRest: boolean): number[] {
  if (oneVsRest) return shares(scores.map((score) => ofSecond(score, model)));
  if (scores.length > 1) return softmax(scores);
  const second = ofSecond(scores[0] as number, model);
  return [1 - second, second];
}

/** What the scores of a sample say. @param classes names */
export function predictionOf(
  scores: readonly number[],
  classes: readonly string[],
  model: Scored,
  oneVsRest: boolean,
): Prediction {
  const label = classOf(scores);
  return {
    label,
    name: classes[label] as string,
    scores,
    probabilities: probabilitiesOf(scores, model, oneVsRest),
  };
}
