/**
 * Lemmas 1 and 2 of the paper: when a tentative step raises the cost, and how far backtracking may go then. All to second
 * order in the step, along one measured gradient g, with the true gradient grad C and the Hessian H of the cost.
 */

/** What both lemmas read of a place and a measured gradient. */
export interface Slope {
  /** g . grad C. */
  readonly product: number;
  /** g . H g. */
  readonly curvature: number;
  /** |g|^2. */
  readonly square: number;
}

/** Eq. 11 without its remainder: C(theta - eta g) - C(theta) to second order. @param rate eta */
export function costChange({ product, curvature }: Slope, rate: number): number {
  return rate * (-product + (rate / 2) * curvature);
}

/** Eq. 12: whether the step is expected to raise the cost. */
export function isViolation({ product, curvature }: Slope, rate: number): boolean {
  return (rate / 2) * curvature > product;
}

/**
 * The rate from which on Eq. 12 holds: 2 g . grad C / g . H g. 0 where g points uphill, Infinity where nothing bends the cost
 * up again.
 */
export function violationFrom({ product, curvature }: Slope): number {
  if (product < 0) return 0;
  return curvature > 0 ? (2 * product) / curvature : Infinity;
}

/** A rate that is none: a cap below 0 allows no step at all. */
const cap = (numerator: number, curvature: number) =>
  curvature > 0 ? Math.max(0, (2 * numerator) / curvature) : numerator > 0 ? Infinity : 0;

/** Eq. 13 as Lemma 2 states it: 2 (1 - c) g . grad C / g . H g. @param decrease c of Armijo's condition */
export function statedCap({ product, curvature }: Slope, decrease: number): number {
  return cap((1 - decrease) * product, curvature);
}

/**
 * The cap that Lemma 2's proof arrives at: 2 (g . grad C - c |g|^2) / g . H g. It is Eq. 13 only where g = grad C: a gradient
 * of noise has |g|^2 far above g . grad C, and then no step passes.
 */
export function provenCap({ product, curvature, square }: Slope, decrease: number): number {
  return cap(product - decrease * square, curvature);
}

/** Armijo's condition: whether the cost has fallen by at least c rate |g|^2. */
export function isEnough(change: number, square: number, rate: number, decrease: number): boolean {
  return change <= -decrease * rate * square;
}
