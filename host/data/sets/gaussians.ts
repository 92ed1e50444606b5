/**
 * Two Gaussian clouds, each row divided by its length: points of a sphere, as amplitude encoding sees them.
 *
 * x ~ N(mu_c, I) in R^d, u = x / |x|. The means have one length r and the angle a between them: mu_c = r (cos(a/2)
 * e_0 +- sin(a/2) e_1), so that they are `separation` s = 2 r sin(a/2) standard deviations apart. The scale is free,
 * for it is divided out.
 *
 * What no classifier exceeds is known exactly. The density of u in class c is
 *
 *   p_c(u) = (2 pi)^(-d/2) e^(-r^2/2) g(u . mu_c),   g(k) = integral over t > 0 of t^(d-1) e^(-t^2/2 + t k) dt,
 *
 * and g increases. The means being of one length and the classes equally frequent, the better class is that of the
 * larger u . mu_c, by the plane u . (mu_0 - mu_1) = 0: the same rule as before the division, which loses nothing. So
 * the best accuracy is Phi(s/2).
 *
 * Amplitudes u and -u are one quantum state. What a model sees of it has the density p_c(u) + p_c(-u), and g(k) + g(-k)
 * increases with |k|: the better class is that of the larger |u . mu_c|, and (x.mu_0)^2 - (x.mu_1)^2 is the product
 * of x.(mu_0 - mu_1) and x.(mu_0 + mu_1), which are independent, since the means are of one length. With
 * S = |mu_0 + mu_1| = 2 r cos(a/2) the best accuracy is Phi(s/2) Phi(S/2) + Phi(-s/2) Phi(-S/2): 1/2 for antipodal
 * means, which is why a is below 180 degrees. A constant component beside u brings Phi(s/2) back.
 */
import { squaredNorm } from '../dataset.ts';
import { HostRandom } from '../philox.ts';
import { datasetOf, described, type Fixed, type MadeData, numberedNames, splitAtRandom } from './made.ts';
import { normalBelow, Normals } from './normal.ts';
import {
  openOption,
  resolveOptions,
  SEED,
  type SetOptions,
  testFractionOption,
  wholeOption,
} from './options.ts';

/** How the clouds lie. */
export interface GaussiansOptions {
  /** Rows of both classes together, 2 to 1,000,000; default 1000. */
  readonly rows: number;
  /** Numbers in a row, d, 2 to 4096; default 8. */
  readonly dimensions: number;
  /** Distance of the means in standard deviations, between 0 and 100, both excluded; default 4. */
  readonly separation: number;
  /** Between the means, in degrees, between 0 and 180, both excluded; default 90. */
  readonly angle: number;
  /**
   * Share of the rows to test on, at random with the proportions of the classes, 0 to below 1; default 0.2; 0: no
   * test part.
   */
  readonly testFraction: number;
  /** Of everything that is drawn, 0 to 2^53 - 1; default 1. */
  readonly seed: number;
}

/** The rows of its options. */
export const GAUSSIANS_OPTIONS: SetOptions<GaussiansOptions> = {
  rows: wholeOption(1000, 2, 1e6, 'rows of both classes together'),
  dimensions: wholeOption(8, 2, 4096, 'numbers in a row'),
  separation: openOption(4, 0, 100, 'distance of the means in standard deviations'),
  angle: openOption(90, 0, 180, 'between the means in degrees: antipodal ones would be one quantum state'),
  testFraction: testFractionOption('at random'),
  seed: SEED,
};

/** What is the same for all. */
export const GAUSSIANS: Fixed = {
  name: 'gaussians',
  title: 'Two Gaussians on a sphere',
  task: 'which of two Gaussian clouds a direction is from',
  formula: 'x ~ N(mu_c, I), u = x / |x|; |mu_0| = |mu_1|, |mu_0 - mu_1| = separation',
  preprocessing:
    'rows have length 1; a constant component keeps u and -u apart, which amplitudes alone cannot',
  citation: 'none: a formula',
  licence: 'none: generated',
};

/** The best accuracies, exact to 1e-14. @param separation as in the options @param angle in degrees @throws OptionError */
export function bayesOfGaussians(
  separation: number,
  angle: number,
): {
  /** Of a classifier that sees the rows, 0.5 to 1. */
  vectors: number;
  /** Of one that sees the quantum states, in which u and -u are the same, 0.5 to 1. */
  states: number;
} {
  GAUSSIANS_OPTIONS.separation.read(separation, 'separation');
  GAUSSIANS_OPTIONS.angle.read(angle, 'angle');
  const half = (angle * Math.PI) / 360;
  const sum = separation / Math.tan(half);
  const [apart, along] = [normalBelow(separation / 2), normalBelow(sum / 2)];
  return { vectors: apart, states: apart * along + (1 - apart) * (1 - along) };
}

/** Makes the clouds. @throws OptionError, DataError */
export function gaussians(given: Partial<GaussiansOptions> = {}): MadeData {
  const options = resolveOptions('gaussians', given, GAUSSIANS_OPTIONS);
  const { rows, dimensions, separation, angle, testFraction, seed } = options;
  const normals = new Normals(new HostRandom(seed, 1));
  const half = (angle * Math.PI) / 360;
  const mean = [separation / 2 / Math.tan(half), separation / 2];
  const drawn = Array.from({ length: rows }, (_, i): [number, Float64Array] => {
    const label = i % 2;
    const x = Float64Array.from({ length: dimensions }, () => normals.next());
    x[0] += mean[0];
    x[1] += label === 0 ? mean[1] : -mean[1];
    const length = Math.sqrt(squaredNorm(x));
    return [label, x.map((value) => value / length)];
  });
  const whole = datasetOf('gaussians', ['0', '1'], numberedNames('x', dimensions), drawn);
  const bayes = bayesOfGaussians(separation, angle);
  return described(GAUSSIANS, splitAtRandom(whole, testFraction, seed), options, {
    bayesAccuracy: bayes.vectors,
    bayesAccuracyOfStates: bayes.states,
    bayesError: 1e-14,
  });
}
