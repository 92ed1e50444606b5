/**
 * Whether a loss and the norm of its gradient that somebody reports can have been measured together.
 *
 * What is bounded is the gradient by the P parameters of a circuit whose gates turn by exp(-i theta P/2), each parameter one
 * gate, and whose output f is the expectation of a Pauli string: |df/dtheta| <= sqrt(1 - f^2), because the parameter shift
 * rule makes f a sinusoid of each angle that stays within [-1, 1]. Hence |grad f| <= sqrt(P (1 - f^2)), and the chain rule
 * does the rest; a mean over samples is bounded by the largest mean that the same mean loss allows.
 */
import { integer, optional, record, real, type Table, whole } from '../core/checks.ts';

/** What is reported. */
export interface Claim {
  /** Mean loss, natural logarithms and squares unhalved, as this library has them. */
  readonly loss: number;
  /** Norm of its gradient. */
  readonly gradient: number;
  /** Parameters that the gradient is by: of the circuit. */
  readonly parameters: number;
  /** Outputs that a linear head has; default 6. */
  readonly outputs?: number;
  /** Samples that the loss is a mean over; default 32. */
  readonly samples?: number;
}

/** What becomes of a claim under one loss. */
export interface ClaimVerdict {
  /** Which loss, and of what, in words. */
  readonly loss: string;
  /** The largest norm that there can be; null where a head's weights may be as large as they like. */
  readonly bound: number | null;
  /** The sum of a head's absolute weights that the norm takes at least; null without a head, and where none is needed. */
  readonly weights: number | null;
  /** null: depends on the head's weights. */
  readonly possible: boolean | null;
  /** The bound as a formula. */
  readonly formula: string;
}

const CLAIM: Table<Claim> = {
  loss: real(0),
  gradient: real(0),
  parameters: whole(1),
  outputs: optional(whole(1)),
  samples: optional(whole(1)),
};

/** Places at which a function of one number is looked at. */
const GRID = 20_000;

/**
 * The largest mean of phi over samples whose mean loss is given, phi being first concave, then convex, and 0 at 0: one sample
 * may be where phi is convex, the others share the rest alike.
 */
function largestMean(phi: (loss: number) => number, mean: number, samples: number): number {
  const total = mean * samples;
  let largest = phi(mean);
  if (samples === 1) return largest;
  for (let i = 0; i <= GRID; i++) {
    const one = (total * i) / GRID;
    largest = Math.max(largest, (phi(one) + (samples - 1) * phi((total - one) / (samples - 1))) / samples);
  }
  return largest;
}

/** 2 e sqrt(1 - f^2) for a sample with (f - y)^2 = u, y = -1 or 1: e = sqrt(u), 1 - f^2 = 2 e - u. */
function squaredSlope(u: number): number {
  const error = Math.min(Math.sqrt(u), 2);
  return 2 * error * Math.sqrt(Math.max(0, error * (2 - error)));
}

/**
 * The least concave function above `squaredSlope`: the slope grows up to its peak at e = 3/2, and is concave below. With any
 * number of samples no mean is above it.
 */
function squaredEnvelope(u: number): number {
  return squaredSlope(Math.min(u, 9 / 4));
}

/** The bounds of a claim under every loss of this library. @throws OptionError for numbers that are none */
export function judgeClaim(claim: Claim): ClaimVerdict[] {
  const { loss, gradient, parameters, outputs = 6, samples = 32 } = record('claim', claim, CLAIM);
  const root = Math.sqrt(parameters);
  const bounded = (name: string, bound: number, formula: string): ClaimVerdict => ({
    ...{ loss: name, bound, weights: null, possible: gradient <= bound, formula },
  });
  /** With a head z = w.f + b: slope is a bound of |dl/dz|, times sqrt(P |w|_1^2 + outputs + 1). */
  const headed = (name: string, slope: number, formula: string): ClaimVerdict => {
    const head = outputs + 1;
    const rest =
      slope === 0 ? (gradient === 0 ? 0 : Number.POSITIVE_INFINITY) : (gradient / slope) ** 2 - head;
    const weights = rest <= 0 ? null : Math.sqrt(rest / parameters);
    const isImpossible = weights === Number.POSITIVE_INFINITY;
    return {
      ...{ loss: name, bound: isImpossible ? 0 : null, weights: isImpossible ? null : weights },
      ...{ possible: isImpossible ? false : weights === null ? true : null, formula },
    };
  };
  const entropySlope = (each: number) => Math.sqrt(Math.expm1(each));
  return [
    bounded(
      'mean squared error of one expectation, labels -1 and 1',
      loss > 4 ? 0 : root * squaredEnvelope(loss),
      'sqrt(P) 2 e sqrt(e (2 - e)), e = sqrt(loss)',
    ),
    bounded(
      'cross-entropy of one expectation, p = (1 + f)/2',
      root * largestMean(entropySlope, loss, samples),
      'sqrt(P) max mean sqrt(exp(l) - 1)',
    ),
    bounded(
      'cost 1 - f, or an energy above its least value -1',
      loss > 2 ? 0 : root * Math.sqrt(loss * (2 - loss)),
      'sqrt(P loss (2 - loss))',
    ),
    headed(
      'linear head, sigmoid, cross-entropy',
      -Math.expm1(-loss),
      '(1 - exp(-loss)) sqrt(P |w|^2 + outputs + 1)',
    ),
    headed(
      'linear head for each class, softmax, cross-entropy',
      -2 * Math.expm1(-loss),
      '2 (1 - exp(-loss)) sqrt(P |w|^2 + outputs + 1)',
    ),
    headed(
      'linear head, mean squared error',
      2 * Math.sqrt(loss),
      '2 sqrt(loss) sqrt(P |w|^2 + outputs + 1)',
    ),
  ];
}

/** The largest |grad f| of one output: sqrt(P). */
export function observableBound(parameters: number): number {
  return Math.sqrt(integer('parameters', parameters, 0, Number.MAX_SAFE_INTEGER));
}
