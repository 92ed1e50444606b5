/**
 * Dense complex linear algebra, written out. Everything here is immutable by convention: functions return new
 * matrices and vectors. Sizes stay at 2^6 and below, so nothing is optimised.
 */

/** A square complex matrix, row-major: element (r, c) is at r * size + c. */
export interface Matrix {
  readonly size: number;
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** A complex column vector of 2^n amplitudes. */
export interface State {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** A complex number. */
export interface Complex {
  readonly re: number;
  readonly im: number;
}

/** The size x size matrix of zeros. */
export function zeros(size: number): Matrix {
  return { size, re: new Float64Array(size * size), im: new Float64Array(size * size) };
}

/** The size x size identity. */
export function identity(size: number): Matrix {
  const result = zeros(size);
  for (let i = 0; i < size; i++) result.re[i * size + i] = 1;
  return result;
}

/** A 2 x 2 matrix from its elements, each [real, imaginary], row by row. */
export function matrix2(a: number[], b: number[], c: number[], d: number[]): Matrix {
  const rows = [a, b, c, d];
  return { size: 2, re: Float64Array.from(rows, (v) => v[0]), im: Float64Array.from(rows, (v) => v[1]) };
}

/** factor * m for a complex factor. */
export function scaled(m: Matrix, factor: Complex): Matrix {
  const result = zeros(m.size);
  for (let i = 0; i < m.re.length; i++) {
    result.re[i] = factor.re * m.re[i] - factor.im * m.im[i];
    result.im[i] = factor.re * m.im[i] + factor.im * m.re[i];
  }
  return result;
}

/** a + b, of the same size. */
export function plus(a: Matrix, b: Matrix): Matrix {
  const result = zeros(a.size);
  for (let i = 0; i < a.re.length; i++) {
    result.re[i] = a.re[i] + b.re[i];
    result.im[i] = a.im[i] + b.im[i];
  }
  return result;
}

/** The matrix product a b, of the same size. */
export function times(a: Matrix, b: Matrix): Matrix {
  const n = a.size;
  const result = zeros(n);
  for (let r = 0; r < n; r++) {
    for (let c = 0; c < n; c++) {
      let re = 0;
      let im = 0;
      for (let k = 0; k < n; k++) {
        const left = r * n + k;
        const right = k * n + c;
        re += a.re[left] * b.re[right] - a.im[left] * b.im[right];
        im += a.re[left] * b.im[right] + a.im[left] * b.re[right];
      }
      result.re[r * n + c] = re;
      result.im[r * n + c] = im;
    }
  }
  return result;
}

/** The conjugate transpose. */
export function dagger(m: Matrix): Matrix {
  const result = zeros(m.size);
  for (let r = 0; r < m.size; r++) {
    for (let c = 0; c < m.size; c++) {
      result.re[c * m.size + r] = m.re[r * m.size + c];
      result.im[c * m.size + r] = -m.im[r * m.size + c];
    }
  }
  return result;
}

/** The Kronecker product of a and b; the index of a is the more significant one. */
export function kron(a: Matrix, b: Matrix): Matrix {
  const size = a.size * b.size;
  const result = zeros(size);
  for (let r = 0; r < size; r++) {
    for (let c = 0; c < size; c++) {
      const left = Math.floor(r / b.size) * a.size + Math.floor(c / b.size);
      const right = (r % b.size) * b.size + (c % b.size);
      result.re[r * size + c] = a.re[left] * b.re[right] - a.im[left] * b.im[right];
      result.im[r * size + c] = a.re[left] * b.im[right] + a.im[left] * b.re[right];
    }
  }
  return result;
}

/** The matrix-vector product m |state>. */
export function apply(m: Matrix, state: State): State {
  const result = { re: new Float64Array(m.size), im: new Float64Array(m.size) };
  for (let r = 0; r < m.size; r++) {
    let re = 0;
    let im = 0;
    for (let c = 0; c < m.size; c++) {
      const k = r * m.size + c;
      re += m.re[k] * state.re[c] - m.im[k] * state.im[c];
      im += m.re[k] * state.im[c] + m.im[k] * state.re[c];
    }
    result.re[r] = re;
    result.im[r] = im;
  }
  return result;
}

/** The inner product <bra|ket>, conjugate-linear in bra. */
export function inner(bra: State, ket: State): Complex {
  let re = 0;
  let im = 0;
  for (let k = 0; k < bra.re.length; k++) {
    re += bra.re[k] * ket.re[k] + bra.im[k] * ket.im[k];
    im += bra.re[k] * ket.im[k] - bra.im[k] * ket.re[k];
  }
  return { re, im };
}

/** The basis state |index> of `size` amplitudes. */
export function basisState(size: number, index: number): State {
  const state = { re: new Float64Array(size), im: new Float64Array(size) };
  state.re[index] = 1;
  return state;
}

/** Largest |a_i - b_i| over all elements of two matrices or two states. */
export function distance(a: Matrix | State, b: Matrix | State): number {
  let largest = 0;
  for (let i = 0; i < a.re.length; i++) {
    largest = Math.max(largest, Math.hypot(a.re[i] - b.re[i], a.im[i] - b.im[i]));
  }
  return largest;
}
