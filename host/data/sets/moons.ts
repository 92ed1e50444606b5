/**
 * Two moons: two half circles that reach into one another, as scikit-learn's `make_moons` has them. Of n rows the first
 * n0 = floor(n/2) are (cos t, sin t), the others (1 - cos t, 1/2 - sin t), t in equal steps from 0 to pi, both ends
 * included; noise N(0, noise^2) is added to each number. The noise is not scikit-learn's: its generator is another.
 */
import { HostRandom } from '../philox.ts';
import { datasetOf, described, type Fixed, type MadeData, splitAtRandom } from './made.ts';
import { Normals } from './normal.ts';
import {
  realOption,
  resolveOptions,
  SEED,
  type SetOptions,
  testFractionOption,
  wholeOption,
} from './options.ts';

/** How many, and how noisy. */
export interface MoonsOptions {
  /** Rows of both classes together, 2 to 1,000,000; default 400. */
  readonly rows: number;
  /** Standard deviation of what is added to each number, 0 to 10; default 0.2. */
  readonly noise: number;
  /**
   * Share of the rows to test on, at random with the proportions of the classes, 0 to below 1; default 0.2; 0: no
   * test part.
   */
  readonly testFraction: number;
  /** Of everything that is drawn, 0 to 2^53 - 1; default 1. */
  readonly seed: number;
}

/** The rows of its options. */
export const MOONS_OPTIONS: SetOptions<MoonsOptions> = {
  rows: wholeOption(400, 2, 1e6, 'rows of both classes together'),
  noise: realOption(0.2, 0, 10, 'standard deviation of what is added to each number'),
  testFraction: testFractionOption('at random'),
  seed: SEED,
};

/** What is the same for all. */
export const MOONS: Fixed = {
  name: 'moons',
  title: 'Two moons',
  task: 'which of two half circles a point of the plane is on',
  formula: '(cos t, sin t) and (1 - cos t, 1/2 - sin t), t from 0 to pi, plus N(0, noise^2)',
  preprocessing:
    'none; angles that come again between the layers (--encoding angle --reuploads 4) suit two numbers whose size matters',
  citation:
    'F. Pedregosa et al., "Scikit-learn: machine learning in Python", JMLR 12, 2825-2830, 2011 (make_moons)',
  licence: 'none: generated',
};

/** Makes the moons. @throws OptionError, DataError */
export function moons(given: Partial<MoonsOptions> = {}): MadeData {
  const options = resolveOptions('moons', given, MOONS_OPTIONS);
  const { rows, noise, testFraction, seed } = options;
  const normals = new Normals(new HostRandom(seed, 1));
  const outer = Math.floor(rows / 2);
  const points = Array.from({ length: rows }, (_, i): [number, number[]] => {
    const label = i < outer ? 0 : 1;
    const [place, count] = label === 0 ? [i, outer] : [i - outer, rows - outer];
    const t = count === 1 ? 0 : (Math.PI * place) / (count - 1);
    const [x, y] = label === 0 ? [Math.cos(t), Math.sin(t)] : [1 - Math.cos(t), 0.5 - Math.sin(t)];
    return [label, [x + noise * normals.next(), y + noise * normals.next()]];
  });
  const whole = datasetOf('moons', ['0', '1'], ['x', 'y'], points);
  return described(MOONS, splitAtRandom(whole, testFraction, seed), options);
}
