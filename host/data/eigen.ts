/** The leading eigenvectors of a symmetric matrix. */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { squaredNorm } from './dataset.ts';
import { HostRandom } from './philox.ts';

/** An eigenvalue and its eigenvector, of length 1. */
interface Eigenpair {
  readonly value: number;
  readonly vector: ArrayLike<number>;
}

/** Sides up to which all of a matrix is decomposed. */
const SMALL = 256;

/** Vectors that are sought beyond those that are wanted, so that the last of these converge too. */
const SPARE = 8;

/**
 * The eigenvectors of the largest eigenvalues, largest first. A large matrix is decomposed only on the space that
 * its powers make of a block of random vectors (block Lanczos with every vector kept at right angles to all others;
 * Golub and Underwood 1977), which is made larger until the residuals are rounding, at worst to the whole.
 * @param matrix symmetric, side x side, row-major
 */
export function leadingEigenpairs(matrix: Float64Array, side: number, count: number): Eigenpair[] {
  if (side <= SMALL) return decomposed((i, j) => matrix[i * side + j], side, count);
  const space = new Space(matrix, side);
  const random = new HostRandom(0);
  const draw = () => Float64Array.from({ length: side }, () => random.below(2 ** 20) - 2 ** 19);
  let block: Float64Array[] = [];
  for (let due = 0; ;) {
    const from = space.size;
    const width = Math.min(count + SPARE, side - from);
    for (const seed of block) space.add(seed);
    while (space.size < from + width) space.add(draw());
    if (space.size >= due || space.size === side) {
      const found = space.leading(count);
      if (found !== undefined) return found;
      due = Math.ceil(1.5 * space.size);
    }
    block = space.images.slice(from);
  }
}

function decomposed(entry: (i: number, j: number) => number, side: number, count: number): Eigenpair[] {
  const matrix = new Matrix(side, side);
  for (let i = 0; i < side; i++) for (let j = 0; j < side; j++) matrix.set(i, j, entry(i, j));
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrix, {
    assumeSymmetric: true,
  });
  const order = realEigenvalues.map((_, k) => k).sort((a, b) => realEigenvalues[b] - realEigenvalues[a]);
  return order
    .slice(0, count)
    .map((k) => ({ value: realEigenvalues[k], vector: eigenvectorMatrix.getColumn(k) }));
}

/** Vectors at right angles to one another, and what a matrix makes of them. */
class Space {
  readonly #basis: Float64Array[] = [];
  readonly images: Float64Array[] = [];

  constructor(
    readonly matrix: Float64Array,
    readonly side: number,
  ) {}

  get size(): number {
    return this.#basis.length;
  }

  /** Adds what a vector has beyond the space, if that is more than rounding and there is room. */
  add(vector: Float64Array): void {
    if (this.size === this.side) return;
    const added = upright(vector, this.#basis, 1e-8);
    if (added === undefined) return;
    this.#basis.push(added);
    const { matrix, side } = this;
    this.images.push(
      Float64Array.from({ length: side }, (_, i) => dot(matrix.subarray(i * side, (i + 1) * side), added)),
    );
  }

  /** The leading eigenpairs as far as the space has them; undefined while it does not. */
  leading(count: number): Eigenpair[] | undefined {
    const { size, side } = this;
    if (size < count) return undefined;
    const table = new Float64Array(size * size);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j <= i; j++)
        table[i * size + j] = table[j * size + i] = dot(this.#basis[i], this.images[j]);
    }
    const inside = decomposed((i, j) => table[i * size + j], size, count);
    const rounding = side * Number.EPSILON * Math.abs(inside[0].value);
    const found: Eigenpair[] = [];
    for (const { value, vector: weights } of inside) {
      const vector = combined(this.#basis, weights);
      const image = combined(this.images, weights);
      const residual = Math.sqrt(squaredNorm(image.map((x, i) => x - value * vector[i])));
      if (residual > rounding && size < side) return undefined;
      found.push({ value, vector });
    }
    return found;
  }
}

function combined(vectors: readonly Float64Array[], weights: ArrayLike<number>): Float64Array {
  const sum = new Float64Array(vectors[0].length);
  vectors.forEach((vector, k) => {
    for (let i = 0; i < sum.length; i++) sum[i] += weights[k] * vector[i];
  });
  return sum;
}

/** Sum of products, in index order. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j] * b[j];
  return sum;
}

/**
 * The part of a vector at right angles to others of length 1, made as long as they are; undefined where less than
 * the share `least` of it is left.
 */
export function upright(
  vector: Float64Array,
  others: readonly ArrayLike<number>[],
  least: number,
): Float64Array | undefined {
  let rest = vector;
  let share = 1;
  // Once is not enough in floating point; twice is, where something is left.
  for (let pass = 0; pass < 3; pass++) {
    const length = Math.sqrt(dot(rest, rest));
    if (pass > 0) share *= length;
    if (!(length > 0) || share < least) return undefined;
    rest = rest.map((value) => value / length);
    if (pass === 2) break;
    for (const other of others) {
      const along = dot(rest, other);
      for (let j = 0; j < rest.length; j++) rest[j] -= along * other[j];
    }
  }
  return rest;
}
