/** Sums over the mini-batch, and what they come to: the numbers that a step is decided by. */
import { clear, get, increase, put } from './reals';
import { Field, field } from './registers';

export enum Sum {
  /** Of the losses at theta; behind the norms, their mean. */
  Loss,
  /** Of the losses at theta_temp, on the same mini-batch. */
  TentativeLoss,
  /** Of the losses at the displaced parameters of a gradient made of passes. */
  DisplacedLoss,
  /** In its place what no such gradient has: the mean of the loss ahead of an angle and behind it (rules/rotosolve.ts),
   * or what shots go by (rules/gcans.ts). */
  SideLoss = DisplacedLoss,
  Allotment = DisplacedLoss,
  /** Variance, from shot noise, of the mean loss at theta, and of its change to the current evaluation. */
  LossVariance,
  Variance,
  /** Labelled samples of a prediction. */
  Labelled,
  /** Variances of the outputs at theta, of a step. */
  Spread = Labelled,
  /** |grad L| */
  GradientNorm,
  /** |grad <O>| */
  ObservableNorm,
  /** Signed learning rate that the rule took. */
  SignedRate,
  /** How many there are. */
  End,
}

const SUMS: usize = memory.data(Sum.End * sizeof<real>(), 2 * sizeof<real>());

export function sum(name: Sum): real {
  return get(SUMS, name);
}

export function setSum(name: Sum, value: real): void {
  put(SUMS, name, value);
}

export function addToSum(name: Sum, amount: real): void {
  increase(SUMS, name, amount);
}

export function clearSums(): void {
  clear(SUMS, SUMS + <usize>Sum.End * sizeof<real>());
}

/** Mean over the batch. */
export function mean(name: Sum): real {
  return sum(name) / <real>field(Field.Count);
}
