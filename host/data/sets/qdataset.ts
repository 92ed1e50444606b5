/**
 * The QDataSet's one-qubit examples (Perrier, Youssry and Ferrie 2022), made from their equations: a qubit under random
 * control pulses, with noise or without it, and the mean over the noise of the expectations of X, Y and Z after each of
 * six initial states. The class is whether there was noise.
 *
 * An expectation E_O(rho) = mean of tr[O U rho U^dagger] over `realisations` of the noise, so of a noisy row each has a
 * standard error of up to 1 / sqrt(realisations). There is no cheaper exact mean: the noise does not commute with the
 * pulses. Rows of a state and of its opposite are one another's negatives: of 18 numbers 9 are independent.
 */
import { callable, contradiction, optional, record, signal as abortSignal } from '../../core/checks.ts';
import { HostRandom } from '../philox.ts';
import { datasetOf, described, type Fixed, type MadeData, type MakingRun, splitAtRandom } from './made.ts';
import {
  resolveOptions,
  SEED,
  type SetOptions,
  testFractionOption,
  wholeOption,
  wordOption,
  wordsOption,
} from './options.ts';
import { addRotation, type Drive, drawPulses, type PulseShape, waveform } from './qdataset-evolution.ts';
import { type Noise, NOISES, noiseSource, STEPS } from './qdataset-noise.ts';

/** The qubit, its pulses and its noise. */
export interface QDatasetOptions {
  /** Rows of both classes together, 2 to 1,000,000; default 400. */
  readonly rows: number;
  /** K, realisations of the noise that a noisy row is the mean over, 1 to 1,000,000; default 2000. */
  readonly realisations: number;
  /** Shape of the five pulses on an axis; default Gaussian. */
  readonly pulses: PulseShape;
  /** Axes of the pulses; default x. */
  readonly control: 'x' | 'xy';
  /** Noise on z, of control x; on x and on z, of control xy. Default N1, or N1 and N5. */
  readonly noise: readonly Noise[];
  /**
   * Share of the rows to test on, at random with the proportions of the classes, 0 to below 1; default 0.2; 0: no
   * test part.
   */
  readonly testFraction: number;
  /** Of everything that is drawn, 0 to 2^53 - 1; default 1. */
  readonly seed: number;
}

const PULSE_SHAPES: readonly PulseShape[] = ['gaussian', 'square'];

/** The rows of its options. */
export const QDATASET_OPTIONS: SetOptions<QDatasetOptions> = {
  rows: wholeOption(400, 2, 1e6, 'rows of both classes together'),
  realisations: wholeOption(2000, 1, 1e6, 'K, realisations of the noise behind each noisy row'),
  pulses: wordOption<PulseShape>('gaussian', PULSE_SHAPES, 'shape of the five pulses on an axis'),
  control: wordOption<'x' | 'xy'>('x', ['x', 'xy'], 'axes of the pulses'),
  noise: wordsOption<Noise>(['N1'], NOISES, [1, 2], 'noise on z, or with control xy on x,z'),
  testFraction: testFractionOption('at random'),
  seed: SEED,
};

/** What is the same for all. */
export const QDATASET: Fixed = {
  name: 'qdataset',
  title: 'QDataSet, one qubit',
  task: 'whether a driven qubit was noisy, by its mean expectations of X, Y, Z after six initial states',
  formula:
    'E = mean over K of tr[O U rho U^dagger], U = prod exp(-i H dt), H = (12 + n_z) Z/2 + (f_x + n_x) X/2 + f_y Y/2, 1024 steps of a time of 1',
  preprocessing:
    'none; noise shortens the rows, so keep the length with a constant component, or divide it out to make it hard',
  citation:
    'E. Perrier, A. Youssry, C. Ferrie, "QDataSet, quantum datasets for machine learning", Scientific Data 9, 582, 2022',
  licence: 'none: generated from the equations; the published code is under the MIT licence',
};

const STATES = ['+x', '-x', '+y', '-y', '+z', '-z'];
const OBSERVABLES = ['X', 'Y', 'Z'];
const CLASSES = ['noiseless', 'noisy'];

/** Expectations of X, Y, Z (rows) after +x, +y, +z (columns) without noise, row-major. */
export function noiselessExpectations(
  x: Float64Array,
  y: Float64Array = new Float64Array(STEPS),
): Float64Array {
  const nothing = new Float64Array(STEPS);
  const sum = new Float64Array(9);
  addRotation({ x, y, noiseX: nothing, noiseZ: nothing }, sum);
  return sum;
}

/** The 18 numbers of a row: X, Y, Z after each state. */
function rowOf(turned: Float64Array, realisations: number): number[] {
  return STATES.flatMap((_, state) =>
    OBSERVABLES.map((_, i) => {
      const value = turned[3 * i + (state >> 1)] / realisations;
      return state % 2 === 0 ? value : -value + 0;
    }),
  );
}

/** One example of a seed: of its own stream, whatever the others are. */
function example(options: QDatasetOptions, index: number): number[] {
  const { realisations, pulses, control, noise, seed } = options;
  const random = new HostRandom(seed, index + 1);
  const [x, y] = ['x', 'y'].map((axis) =>
    control.includes(axis) ? waveform(drawPulses(random), pulses) : new Float64Array(STEPS),
  );
  if (index % 2 === 0) return rowOf(noiselessExpectations(x, y), 1);
  const drive: Drive = { x, y, noiseX: new Float64Array(STEPS), noiseZ: new Float64Array(STEPS) };
  const outs = control === 'x' ? [drive.noiseZ] : [drive.noiseX, drive.noiseZ];
  const sources = noise.map((each) => noiseSource(each, random));
  const sum = new Float64Array(9);
  for (let k = 0; k < realisations; k++) {
    sources.forEach((source, axis) => source(outs[axis], outs[axis - 1]));
    addRotation(drive, sum);
  }
  return rowOf(sum, realisations);
}

/** Refuses noise that does not go with the pulses. @throws OptionError */
function checkNoise({ control, noise }: QDatasetOptions): void {
  const axes = control === 'x' ? 1 : 2;
  if (noise.length !== axes)
    contradiction(
      `control ${control} takes ${axes === 1 ? 'one kind' : 'two kinds'} of noise, not ${noise.length}`,
      'noise',
    );
  if (noise[0] === 'N6')
    contradiction('N6 is the square of the noise on the axis before, and the first axis has none', 'noise');
}

/** The noise of control xy where nobody says. */
const BOTH: readonly Noise[] = ['N1', 'N5'];

/**
 * Makes the examples. Each noisy row takes `realisations` evolutions of 1024 steps: about a tenth of a second for 2000.
 * @throws OptionError, DataError; the reason of `signal`
 */
export async function qdataset(given: Partial<QDatasetOptions> = {}, how: MakingRun = {}): Promise<MadeData> {
  const read = resolveOptions('qdataset', given, QDATASET_OPTIONS);
  const { signal, progress } = record<MakingRun>('qdataset', how, {
    signal: optional(abortSignal),
    progress: optional(callable),
  });
  const options = given.noise === undefined && read.control === 'xy' ? { ...read, noise: BOTH } : read;
  checkNoise(options);
  const { rows, testFraction, seed, realisations } = options;
  const examples: [number, number[]][] = [];
  for (let i = 0; i < rows; i++) {
    if (i % 2 === 1 || i === 0) {
      progress?.(i, rows);
      // Others get their turn, a signal among them.
      await new Promise((resolve) => setTimeout(resolve));
      signal?.throwIfAborted();
    }
    examples.push([i % 2, example(options, i)]);
  }
  progress?.(rows, rows);
  const names = STATES.flatMap((state) => OBSERVABLES.map((observable) => `${observable}(${state})`));
  const whole = datasetOf('qdataset', CLASSES, names, examples);
  const facts = { standardErrorAtMost: 1 / Math.sqrt(realisations), independentNumbers: 9 };
  return described(QDATASET, splitAtRandom(whole, testFraction, seed), options, facts);
}
