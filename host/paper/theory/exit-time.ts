/**
 * Remark 1 of the paper: how many steps a random walk takes to leave a ball of radius R around its start.
 *
 * A walk with independent steps of mean zero has E|theta_t|^2 = t E|Delta theta|^2, so that by optional stopping the mean
 * exit time is R^2 / E|Delta theta|^2, up to the overshoot of the last step. A Brownian motion with the variance 2 D t in each
 * of d coordinates takes R^2 / (2 d D). The remark has R^2 / (2 D) instead, without the d.
 */

/** R^2 / E|Delta theta|^2, steps. @param moment E|Delta theta|^2 of one step */
export function exitSteps(radius: number, moment: number): number {
  return radius ** 2 / moment;
}

/** R^2 / (2 D) of Remark 1, steps. @param diffusion D, of Eq. 16 or of the proof */
export function remarkedExitSteps(radius: number, diffusion: number): number {
  return radius ** 2 / (2 * diffusion);
}

/** How often Remark 1 says too much: with Eq. 16's D it says half of the truth, with that of Theorem 1's proof d times it. */
export const REMARK_FACTORS = {
  /** (R^2 / 2D) / (R^2 / E|Delta theta|^2) with D = E|Delta theta|^2. */
  stated: () => 1 / 2,
  /** The same with D = E|Delta theta|^2 / (2 d). */
  proven: (dimensions: number) => dimensions,
} as const;
