/**
 * The lowest energy of a Hamiltonian by diagonalisation: Lanczos with every vector kept at right angles to all others,
 * begun again from the best half of the space where that has become too large to keep (thick restarts: Wu and Simon 2000).
 * The matrix is never written down. H = A + iB acts on real and imaginary parts as the symmetric matrix (A -B; B A), whose
 * eigenvalues are those of H; without strings of an odd number of Y there is no B, and real parts are all.
 */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { pauliMasks } from '../api/circuit.ts';
import { integer } from '../core/checks.ts';
import { dot } from '../data/eigen.ts';
import { HostRandom } from '../data/philox.ts';
import { type Hamiltonian, remade } from './hamiltonian.ts';
import { bitCount } from './pauli.ts';

/** All strings with the same X mask: what they do to amplitude b goes to amplitude b ^ x. Qubit q is bit q of b. */
interface Flip {
  readonly x: number;
  readonly terms: readonly { readonly z: number; readonly re: number; readonly im: number }[];
}

/** Numbers that are kept of the matrix and of the space, 8 bytes each. */
const KEPT_ENTRIES = 2 ** 24;
const KEPT_AMPLITUDES = 2 ** 25;

/** Vectors of the space at most, and at least, and how many more before it is looked at again. */
const WIDEST = 96;
const NARROWEST = 12;
const EVERY = 4;

/** Multiplications by the Hamiltonian at most: more than any gap that double precision tells apart takes. */
const MOST_PRODUCTS = 20000;

/** Residual |H v - E v| that is asked for, as a share of the sum of all |c|. */
const PRECISE = 1e-11;

/** A Hamiltonian without its constant. */
class Operator {
  /** Real numbers of a vector: amplitudes, or their real parts and then their imaginary ones. */
  readonly length: number;
  /** The sum of all |c|, which no energy exceeds. */
  readonly bound: number;
  readonly #size: number;
  readonly #flips: readonly Flip[];
  readonly #tables = new Map<string, Float64Array>();

  constructor({ qubits, terms }: Hamiltonian) {
    this.#size = 2 ** qubits;
    this.bound = terms.reduce((sum, { coefficient }) => sum + Math.abs(coefficient), 0);
    const flips = new Map<number, { z: number; re: number; im: number }[]>();
    for (const { pauli, coefficient } of terms) {
      const { x, z } = pauliMasks(pauli, qubits);
      // i^|x & z|
      const power = bitCount(x & z) % 4;
      const re = power % 2 === 0 ? coefficient * (1 - power) : 0;
      const im = power % 2 === 1 ? coefficient * (2 - power) : 0;
      flips.set(x, [...(flips.get(x) ?? []), { z, re, im }]);
    }
    this.#flips = [...flips].map(([x, list]) => ({ x, terms: list }));
    const isReal = this.#flips.every((flip) => flip.terms.every(({ im }) => im === 0));
    this.length = isReal ? this.#size : 2 * this.#size;
  }

  /** sum_z c_z (-1)^|b & z| for every b: a Walsh-Hadamard transform of the coefficients. Kept while there is room. */
  #table(flip: Flip, part: 're' | 'im'): Float64Array | undefined {
    const key = `${flip.x} ${part}`;
    const kept = this.#tables.get(key);
    if (kept !== undefined) return kept;
    if (flip.terms.every((term) => term[part] === 0)) return undefined;
    const table = new Float64Array(this.#size);
    for (const term of flip.terms) table[term.z] += term[part];
    for (let half = 1; half < table.length; half *= 2) {
      for (let from = 0; from < table.length; from += 2 * half) {
        for (let i = from; i < from + half; i++) {
          const [a, b] = [table[i], table[i + half]];
          table[i] = a + b;
          table[i + half] = a - b;
        }
      }
    }
    if ((this.#tables.size + 1) * this.#size <= KEPT_ENTRIES) this.#tables.set(key, table);
    return table;
  }

  apply(from: Float64Array): Float64Array {
    const to = new Float64Array(this.length);
    const [toRe, toIm] = [to.subarray(0, this.#size), to.subarray(this.#size)];
    const [re, im] = [from.subarray(0, this.#size), from.subarray(this.#size)];
    for (const flip of this.#flips) {
      const real = this.#table(flip, 're');
      const imaginary = this.#table(flip, 'im');
      if (real) add(toRe, real, re, flip.x, 1);
      if (real && im.length > 0) add(toIm, real, im, flip.x, 1);
      if (imaginary) {
        add(toRe, imaginary, im, flip.x, -1);
        add(toIm, imaginary, re, flip.x, 1);
      }
    }
    return to;
  }
}

/** to[b ^ x] += sign table[b] from[b] */
function add(to: Float64Array, table: Float64Array, from: Float64Array, x: number, sign: 1 | -1): void {
  if (sign === 1) for (let b = 0; b < from.length; b++) to[b ^ x] += table[b] * from[b];
  else for (let b = 0; b < from.length; b++) to[b ^ x] -= table[b] * from[b];
}

/** to += factor from */
function increase(to: Float64Array, factor: number, from: Float64Array): void {
  for (let i = 0; i < to.length; i++) to[i] += factor * from[i];
}

/** Makes a vector's length 1. @returns what it was */
function normalise(vector: Float64Array): number {
  const length = Math.sqrt(dot(vector, vector));
  if (length > 0) for (let i = 0; i < vector.length; i++) vector[i] /= length;
  return length;
}

/** Vectors at right angles to one another, and what the operator is on the space that they span. */
class Space {
  basis: Float64Array[] = [];
  #products: number[][] = [];

  constructor(readonly operator: Operator) {}

  /**
   * Adds a vector of length 1 at right angles to the others.
   * @returns its image without what lies in the space: the next vector, and how long it was
   */
  add(vector: Float64Array): { readonly next: Float64Array; readonly rest: number } {
    this.basis.push(vector);
    const image = this.operator.apply(vector);
    this.#products.push(this.basis.map((other) => dot(other, image)));
    // Twice is enough in floating point.
    for (let pass = 0; pass < 2; pass++)
      for (const other of this.basis) increase(image, -dot(other, image), other);
    return { next: image, rest: normalise(image) };
  }

  /** The eigenpairs within the space, lowest first. */
  pairs(): { readonly value: number; readonly weights: readonly number[] }[] {
    const matrix = Matrix.zeros(this.basis.length, this.basis.length);
    this.#products.forEach((row, i) => {
      row.forEach((value, j) => {
        matrix.set(i, j, value);
        matrix.set(j, i, value);
      });
    });
    const { realEigenvalues: values, eigenvectorMatrix } = new EigenvalueDecomposition(matrix, {
      assumeSymmetric: true,
    });
    const order = values.map((_, k) => k).sort((a, b) => values[a] - values[b]);
    return order.map((k) => ({ value: values[k], weights: eigenvectorMatrix.getColumn(k) }));
  }

  /** Keeps some eigenvectors within the space, and forgets the rest of it. */
  keep(pairs: readonly { readonly value: number; readonly weights: readonly number[] }[]): void {
    const { basis } = this;
    this.#products = pairs.map(({ value }, i) => [...new Array<number>(i).fill(0), value]);
    this.basis = pairs.map(({ weights }) => {
      const vector = new Float64Array(this.operator.length);
      basis.forEach((each, k) => increase(vector, weights[k], each));
      return vector;
    });
  }
}

/**
 * The lowest eigenvalue of a Hamiltonian, its constant included, to about 1e-11 of the sum of its coefficients' sizes; at
 * 20 qubits it takes minutes and half a gigabyte.
 * @param most vectors that are kept, 6 or more; default 96, fewer of large ones
 * @throws OptionError
 * @example
 * ```ts
 * lowestEnergy(heisenberg(2)); // -3
 * ```
 */
export function lowestEnergy(given: Hamiltonian, most: number = WIDEST): number {
  const hamiltonian = remade(given, 'hamiltonian');
  integer('most', most, 6, WIDEST);
  const operator = new Operator(hamiltonian);
  const room = Math.max(NARROWEST, Math.floor(KEPT_AMPLITUDES / operator.length));
  const width = Math.min(operator.length, most, room);
  const random = new HostRandom(0, 0x6c616e63);
  let vector: Float64Array = Float64Array.from({ length: operator.length }, () => random.uniform() - 0.5);
  normalise(vector);
  const space = new Space(operator);
  for (let products = 1; ; products++) {
    const { next, rest } = space.add(vector);
    vector = next;
    const size = space.basis.length;
    const ended = rest <= 1e-14 * operator.bound || products === MOST_PRODUCTS;
    if (!ended && size < width && size % EVERY !== 0) continue;
    const pairs = space.pairs();
    const [{ value, weights }] = pairs;
    if (ended || rest * Math.abs(weights[size - 1]) <= PRECISE * operator.bound)
      return hamiltonian.constant + value;
    if (size === width) space.keep(pairs.slice(0, width >> 1));
  }
}
