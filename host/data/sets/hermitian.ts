/** The eigenvectors of a small Hermitian matrix, by Jacobi's rotations. */

/** A square complex matrix, row-major: real and imaginary parts apart. */
export interface ComplexMatrix {
  readonly side: number;
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** A matrix of zeros. */
export function zeros(side: number): ComplexMatrix {
  return { side, re: new Float64Array(side * side), im: new Float64Array(side * side) };
}

/** Product of the conjugate transpose of `a` with `b`. */
export function daggerTimes(a: ComplexMatrix, b: ComplexMatrix): ComplexMatrix {
  const { side } = a;
  const product = zeros(side);
  for (let i = 0; i < side; i++) {
    for (let j = 0; j < side; j++) {
      let re = 0;
      let im = 0;
      for (let k = 0; k < side; k++) {
        const [left, right] = [k * side + i, k * side + j];
        re += a.re[left] * b.re[right] + a.im[left] * b.im[right];
        im += a.re[left] * b.im[right] - a.im[left] * b.re[right];
      }
      product.re[i * side + j] = re;
      product.im[i * side + j] = im;
    }
  }
  return product;
}

/** More sweeps than any matrix takes: convergence is quadratic. */
const MOST_SWEEPS = 64;

/** Turns columns p and q of a matrix: p' = c p - s e^(-i phi) q, q' = s e^(i phi) p + c q. */
function turnColumns(m: ComplexMatrix, p: number, q: number, c: number, sRe: number, sIm: number): void {
  const { side, re, im } = m;
  for (let row = 0; row < side; row++) {
    const [at, to] = [row * side + p, row * side + q];
    const [pRe, pIm, qRe, qIm] = [re[at], im[at], re[to], im[to]];
    re[at] = c * pRe - (sRe * qRe + sIm * qIm);
    im[at] = c * pIm - (sRe * qIm - sIm * qRe);
    re[to] = c * qRe + (sRe * pRe - sIm * pIm);
    im[to] = c * qIm + (sRe * pIm + sIm * pRe);
  }
}

/** Turns rows p and q by the conjugates, so that the matrix stays Hermitian. */
function turnRows(m: ComplexMatrix, p: number, q: number, c: number, sRe: number, sIm: number): void {
  const { side, re, im } = m;
  for (let column = 0; column < side; column++) {
    const [at, to] = [p * side + column, q * side + column];
    const [pRe, pIm, qRe, qIm] = [re[at], im[at], re[to], im[to]];
    re[at] = c * pRe - (sRe * qRe - sIm * qIm);
    im[at] = c * pIm - (sRe * qIm + sIm * qRe);
    re[to] = c * qRe + (sRe * pRe + sIm * pIm);
    im[to] = c * qIm + (sRe * pIm - sIm * pRe);
  }
}

/**
 * All eigenvectors.
 * @param matrix Hermitian; not changed
 * @returns a unitary matrix whose columns are they, the eigenvalues descending, each column scaled so that its entry
 * of the largest magnitude is real and positive
 */
export function hermitianEigenvectors(matrix: ComplexMatrix): ComplexMatrix {
  const { side } = matrix;
  const m: ComplexMatrix = { side, re: matrix.re.slice(), im: matrix.im.slice() };
  const v = zeros(side);
  for (let i = 0; i < side; i++) v.re[i * side + i] = 1;
  for (let sweep = 0, turned = true; turned && sweep < MOST_SWEEPS; sweep++) {
    turned = false;
    for (let p = 0; p < side; p++) {
      for (let q = p + 1; q < side; q++) {
        const [re, im] = [m.re[p * side + q], m.im[p * side + q]];
        const size = Math.hypot(re, im);
        const [a, b] = [m.re[p * side + p], m.re[q * side + q]];
        if (size <= Number.EPSILON * 2 ** -10 * Math.sqrt(Math.abs(a * b)) || size === 0) continue;
        turned = true;
        // The smaller of the two angles that make the entry vanish.
        const tau = (b - a) / (2 * size);
        const t = (tau < 0 ? -1 : 1) / (Math.abs(tau) + Math.sqrt(1 + tau * tau));
        const c = 1 / Math.sqrt(1 + t * t);
        const s = (t * c) / size;
        turnColumns(m, p, q, c, s * re, s * im);
        turnRows(m, p, q, c, s * re, s * im);
        turnColumns(v, p, q, c, s * re, s * im);
      }
    }
  }
  const order = Array.from({ length: side }, (_, k) => k);
  order.sort((a, b) => m.re[b * side + b] - m.re[a * side + a]);
  return scaledColumns(v, order);
}

/** Columns in an order, each with its largest entry real and positive. */
function scaledColumns(v: ComplexMatrix, order: readonly number[]): ComplexMatrix {
  const { side } = v;
  const scaled = zeros(side);
  order.forEach((from, to) => {
    const sizes = Array.from({ length: side }, (_, i) =>
      Math.hypot(v.re[i * side + from], v.im[i * side + from]),
    );
    const largest = sizes.indexOf(Math.max(...sizes));
    const [re, im] = [
      v.re[largest * side + from] / sizes[largest],
      v.im[largest * side + from] / sizes[largest],
    ];
    for (let i = 0; i < side; i++) {
      const [x, y] = [v.re[i * side + from], v.im[i * side + from]];
      scaled.re[i * side + to] = x * re + y * im;
      scaled.im[i * side + to] = y * re - x * im;
    }
  });
  return scaled;
}
