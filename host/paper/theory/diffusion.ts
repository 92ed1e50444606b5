/**
 * Theorem 1 of the paper: what a step with reversals comes to on average, in its first two moments, and the diffusion
 * coefficients that are made of the second one. p is the probability that the tentative step raises the cost.
 */

/** eta and eta'. */
export interface Rates {
  readonly rate: number;
  readonly negativeRate: number;
}

/** Mean signed rate (1 - p) eta - p eta': above zero a step descends in the mean, as far as violations do not choose g. */
export function meanRate(p: number, { rate, negativeRate }: Rates): number {
  return (1 - p) * rate - p * negativeRate;
}

/** The p at which the mean signed rate is zero: eta / (eta + eta'), a third where eta' = 2 eta. */
export function turningShare({ rate, negativeRate }: Rates): number {
  return rate / (rate + negativeRate);
}

/** (1 - p) eta^2 + p E[rate^2 | violated], the bracket of Eq. 16. @param violatedSquare eta'^2, or the mean square of backtracked rates */
export function meanSquareRate(p: number, rate: number, violatedSquare: number): number {
  return (1 - p) * rate ** 2 + p * violatedSquare;
}

/** E|Delta theta|^2 where |g|^2 does not depend on the violation. @param gradientSquare E|g|^2 */
export function secondMoment(rateSquare: number, gradientSquare: number): number {
  return rateSquare * gradientSquare;
}

/**
 * D as Eq. 16 has it, with Sigma = sigma^2 I / d: E|g|^2 is sigma^2 where the cost is flat, so that D is the whole
 * E|Delta theta|^2.
 */
export function statedDiffusion(moment: number): number {
  return moment;
}

/**
 * D as the proof of Theorem 1 defines it, E|Delta theta|^2 / (2 d): that of a Brownian motion whose coordinates have the
 * variance 2 D t each, as Remark 1 takes it. It is 2 d times smaller than Eq. 16's.
 * @param dimensions d, the number of parameters
 */
export function provenDiffusion(moment: number, dimensions: number): number {
  return moment / (2 * dimensions);
}
