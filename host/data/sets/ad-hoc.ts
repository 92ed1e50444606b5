/**
 * Qiskit's `ad_hoc_data` of two features (Havlicek et al. 2019): points that the ZZ feature map and one observable tell
 * apart, chosen so. With NumPy's random stream, so that a seed has here the rows that it has there.
 *
 *   A = R_1 + i R_2, 4 x 4 of U(0,1);   V: the eigenvectors of A^dagger A, eigenvalues descending;   O = V^dagger D V,
 *   D = diag(1, -1, -1, 1);   phi(x) = x_0 Z_0 + x_1 Z_1 + (pi - x_0)(pi - x_1) Z_0 Z_1;
 *   psi = e^(i phi) H e^(i phi) H |00>;   class A where <psi|O|psi> > gap, B where < -gap, else no point.
 *
 * Points are drawn from a grid of 100 x 100 with replacement, so that a point may come twice, and in both parts.
 */
import { OptionError } from '../../core/errors.ts';
import type { Dataset } from '../dataset.ts';
import { type ComplexMatrix, daggerTimes, hermitianEigenvectors, zeros } from './hermitian.ts';
import { datasetOf, described, type Fixed, type MadeData } from './made.ts';
import { NumpyRandom } from './numpy-random.ts';
import { flagOption, openOption, resolveOptions, SEED, type SetOptions, wholeOption } from './options.ts';

/** How many of each class, and how clear they are. */
export interface AdHocOptions {
  /** Rows of each class to train on, 1 to 100,000; default 100. */
  readonly train: number;
  /** Rows of each class to test on, 0 to 100,000; default 25. */
  readonly test: number;
  /** The least magnitude of the expectation, between 0 and 1, both excluded; default 0.3. */
  readonly gap: number;
  /** Leave out test points that are training points, and points that come again within a part; default false. */
  readonly distinct: boolean;
  /** Of NumPy's `default_rng`, 0 to 2^53 - 1; default 1. */
  readonly seed: number;
}

/** The rows of its options. */
export const AD_HOC_OPTIONS: SetOptions<AdHocOptions> = {
  train: wholeOption(100, 1, 1e5, 'rows of each class to train on'),
  test: wholeOption(25, 0, 1e5, 'rows of each class to test on'),
  gap: openOption(0.3, 0, 1, 'least magnitude of the expectation'),
  distinct: flagOption('leave out points that come again, and test points that are training points'),
  seed: { ...SEED, help: "seed, as NumPy's default_rng has it" },
};

/** What is the same for all. */
export const AD_HOC: Fixed = {
  name: 'ad-hoc',
  title: "Qiskit's ad hoc data",
  task: 'the sign of an observable behind the ZZ feature map, at points where it is clear',
  formula: 'sign <psi(x)| V^dagger D V |psi(x)>, psi = e^(i phi) H e^(i phi) H |00>, beyond the gap',
  preprocessing:
    'none; numbers are angles from 0 to 2 pi for the ZZ feature map (--encoding zz --qubits 2), not amplitudes',
  citation:
    'V. Havlicek et al., "Supervised learning with quantum-enhanced feature spaces", Nature 567, 209-212, 2019; Qiskit Machine Learning, ad_hoc_data',
  licence: 'none: generated',
};

/** Points along a side of the grid. */
const SIDE = 100;
const DIMENSION = 4;
const CLASSES = ['A', 'B'];
/** Parity of a basis state: 00, 01, 10, 11. */
const PARITY = [1, -1, -1, 1];

/** Signs of Z_0, Z_1 and Z_0 Z_1 at each basis state, qubit 0 the most significant bit. */
const SIGNS = [
  [1, 1, 1],
  [1, -1, -1],
  [-1, 1, -1],
  [-1, -1, 1],
];

/** The observable, V^dagger D V, of the numbers that come next. */
function observableOf(random: NumpyRandom): ComplexMatrix {
  const a = zeros(DIMENSION);
  for (const part of [a.re, a.im]) for (let i = 0; i < part.length; i++) part[i] = random.random();
  const v = hermitianEigenvectors(daggerTimes(a, a));
  const turned: ComplexMatrix = { side: DIMENSION, re: v.re.slice(), im: v.im.slice() };
  for (let i = 0; i < turned.re.length; i++) {
    turned.re[i] *= PARITY[Math.floor(i / DIMENSION)];
    turned.im[i] *= PARITY[Math.floor(i / DIMENSION)];
  }
  return daggerTimes(v, turned);
}

/** e^(i phi) H e^(i phi) H |00>: real parts, then imaginary ones. */
function featureState(x0: number, x1: number): Float64Array {
  const angles = SIGNS.map(([z0, z1, zz]) => x0 * z0 + x1 * z1 + (Math.PI - x0) * (Math.PI - x1) * zz);
  const state = new Float64Array(2 * DIMENSION);
  for (let i = 0; i < DIMENSION; i++) {
    let [re, im] = [0, 0];
    for (let j = 0; j < DIMENSION; j++) {
      // Both Hadamard gates: a quarter, and a sign for each qubit that is 1 in i and in j.
      const common = i & j;
      const sign = common === 0 || common === 3 ? 1 : -1;
      re += sign * Math.cos(angles[j]);
      im += sign * Math.sin(angles[j]);
    }
    const [c, s] = [Math.cos(angles[i]) / 4, Math.sin(angles[i]) / 4];
    state[i] = c * re - s * im;
    state[i + DIMENSION] = c * im + s * re;
  }
  return state;
}

function expectationOf({ re, im }: ComplexMatrix, state: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < DIMENSION; i++) {
    for (let j = 0; j < DIMENSION; j++) {
      const [a, b, c, d] = [state[i], state[i + DIMENSION], state[j], state[j + DIMENSION]];
      // The real part of conj(psi_i) O_ij psi_j; the imaginary ones cancel.
      sum += re[i * DIMENSION + j] * (a * c + b * d) - im[i * DIMENSION + j] * (a * d - b * c);
    }
  }
  return sum;
}

/** The number at a point of the grid, from 0 to below 2 pi. */
const gridNumber = (index: number) => (2 * Math.PI * index) / SIDE;

/** The expectation at every point of the grid, row i of x_0, column j of x_1. */
export interface AdHocGrid {
  readonly expectations: Float64Array;
  /** Behind what the observable took. */
  readonly random: NumpyRandom;
}

/** The grid of a seed. @throws OptionError */
export function adHocGrid(seed: number): AdHocGrid {
  const random = new NumpyRandom(seed);
  const observable = observableOf(random);
  const expectations = Float64Array.from({ length: SIDE * SIDE }, (_, at) =>
    expectationOf(observable, featureState(gridNumber(Math.floor(at / SIDE)), gridNumber(at % SIDE))),
  );
  return { expectations, random };
}

/** What was drawn. */
export interface AdHocData extends MadeData {
  /** The point of each row: 100 x the place along x_0 + the place along x_1. */
  readonly points: {
    /** Of the rows to train on, 0 to 9999. */
    readonly train: Int32Array;
    /** Of the rows to test on, 0 to 9999; empty without any. */
    readonly test: Int32Array;
  };
}

/** Points that are drawn from the grid, with whether each came before. */
interface Drawn {
  readonly label: number;
  readonly at: number;
  readonly again: boolean;
}

/** Draws points of each class, those of class A first. */
function drawPoints(random: NumpyRandom, classOf: (at: number) => number, perClass: number): number[][] {
  return CLASSES.map((_, label) => {
    const points: number[] = [];
    while (points.length < perClass) {
      const at = SIDE * random.below(SIDE) + random.below(SIDE);
      if (classOf(at) === label) points.push(at);
    }
    return points;
  });
}

/** Points of the grid with the class of each. */
function marked(groups: readonly (readonly number[])[], before: ReadonlySet<number>): Drawn[] {
  const seen = new Set(before);
  return groups.flatMap((points, label) =>
    points.map((at) => {
      const again = seen.has(at);
      seen.add(at);
      return { label, at, again };
    }),
  );
}

/** Rows of points. */
function rowsOf(points: readonly Drawn[], side: 'train' | 'test'): Dataset {
  const rows = points.map(({ label, at }): [number, number[]] => [
    label,
    [gridNumber(Math.floor(at / SIDE)), gridNumber(at % SIDE)],
  ]);
  return { ...datasetOf(`ad-hoc ${side}`, CLASSES, ['x0', 'x1'], rows), angles: true, part: side };
}

/** Makes the data. @throws OptionError for a gap that leaves a class without a point */
export function adHoc(given: Partial<AdHocOptions> = {}): AdHocData {
  const options = resolveOptions('adHoc', given, AD_HOC_OPTIONS);
  const { train, test, gap, seed, distinct } = options;
  const { expectations, random } = adHocGrid(seed);
  const classOf = (at: number) => (expectations[at] > gap ? 0 : expectations[at] < -gap ? 1 : -1);
  const [inA, inB] = CLASSES.map((_, k) => expectations.filter((_, at) => classOf(at) === k).length);
  if (inA === 0 || inB === 0) {
    const [above, below] = [Math.max(...expectations), Math.min(...expectations)];
    const message = `gap is ${gap}, but with seed ${seed} the expectations are from ${below.toFixed(3)} to ${above.toFixed(3)}; expected less`;
    throw new OptionError('ERR_OPTION_VALUE', message, 'gap');
  }
  const drawn = drawPoints(random, classOf, train + test);
  const first = marked(
    drawn.map((points) => points.slice(0, train)),
    new Set(),
  );
  const inTrain = new Set(first.map(({ at }) => at));
  const second = marked(
    drawn.map((points) => points.slice(train)),
    inTrain,
  );
  const kept = (points: readonly Drawn[]) => (distinct ? points.filter(({ again }) => !again) : points);
  const [trainPoints, testPoints] = [kept(first), kept(second)];
  const parts = {
    train: rowsOf(trainPoints, 'train'),
    test: testPoints.length === 0 ? undefined : rowsOf(testPoints, 'test'),
  };
  const facts = {
    cells: { A: inA, B: inB, void: SIDE * SIDE - inA - inB },
    repeatedTrainRows: trainPoints.filter(({ again }) => again).length,
    testRowsInTrain: testPoints.filter(({ at }) => inTrain.has(at)).length,
  };
  const places = (points: readonly Drawn[]) => Int32Array.from(points, ({ at }) => at);
  return {
    ...described(AD_HOC, parts, options, facts),
    points: { train: places(trainPoints), test: places(testPoints) },
  };
}
