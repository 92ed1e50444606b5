/**
 * The encoded-subspace columns. A sample is x = sum_c x_c e_c over the columns c (in blocks, when feature
 * bits are hidden from the observable), so with Phi = U E the propagated columns
 *
 *   f = sum_blocks x^T M x,   M = Re(Phi^* P Phi),
 *
 * and the gradient of sum_b w_b f_b is that of one weighted mixture of the columns, rho = sum_b w_b x_b x_b^T:
 * |lambda> = O Phi rho. So loss and gradient cost the same circuits whatever the size of the batch.
 *
 * Samples are laid out two by two, [pair][block][column]{lane 0, lane 1}, with their weights w behind each pair.
 * Matrices are [column][column].
 */
import { Encoding, Option } from "./status";
import {
  Buffer, ENVIRONMENT, Field, PAIR, REAL, ROW, buffer, clear, field, get, integer, outputsRow, put, rowCount, stride,
} from "./memory";
import { matrixBytes, matrixWidth, samplePairBytes } from "./engine";
import { addPauli, term, termOutput, termScale } from "./observable";
import { LANE, add, clearState, isEncodable, mul, splat, zero } from "./state";

/** One pair of samples, laid out. */
export function samplePair(pair: i32): usize {
  return buffer(Buffer.Samples) + <usize>pair * samplePairBytes();
}

function blockBytes(): usize {
  return PAIR << field(Field.ColumnBits);
}

/** Where the weights of a pair of samples are, behind all its blocks. */
function pairWeights(pair: i32): usize {
  return samplePair(pair + 1) - PAIR;
}

/** Matrix of one term's Pauli string. */
export function termMatrix(index: i32): usize {
  return buffer(Buffer.Matrices) + <usize>index * matrixBytes();
}

/** 1 / sqrt(square); 0 where a sample of that |x|^2 cannot be encoded (state.ts). */
function scaleOf(square: real): real {
  return isEncodable(square) ? <real>1 / sqrt<real>(square) : 0;
}

/**
 * Lays two samples out side by side, their features at `first` and `second`, scaled to length 1. The squares
 * of even and odd features are summed apart, so that four sums are under way at once.
 * @returns false when one cannot be encoded
 */
export function laySamples(pair: i32, first: usize, second: usize): bool {
  const laid = samplePair(pair);
  clear(laid, laid + samplePairBytes());
  if (integer(Option.Encoding) == Encoding.Zero) {
    put(laid, 0, 1);
    put(laid, 1, 1);
    return true;
  }
  const features = <usize>integer(Option.Features);
  let even0: real = 0;
  let even1: real = 0;
  let odd0: real = 0;
  let odd1: real = 0;
  const bytes = features * REAL;
  for (let i: usize = 0; i + REAL < bytes; i += 2 * REAL) {
    const x0 = load<real>(first + i);
    const x1 = load<real>(second + i);
    const y0 = load<real>(first + i, REAL);
    const y1 = load<real>(second + i, REAL);
    even0 += x0 * x0;
    even1 += x1 * x1;
    odd0 += y0 * y0;
    odd1 += y1 * y1;
  }
  if ((features & 1) != 0) {
    const x0 = load<real>(first + bytes - REAL);
    const x1 = load<real>(second + bytes - REAL);
    even0 += x0 * x0;
    even1 += x1 * x1;
  }
  const scale0 = scaleOf(even0 + odd0);
  const scale1 = scaleOf(even1 + odd1);
  if (scale0 == 0 || scale1 == 0) return false;
  const places = buffer(Buffer.Places);
  for (let k: usize = 0; k < features; k++) {
    const target = laid + <usize>load<u32>(places + (k << 2)) * PAIR;
    store<real>(target, load<real>(first + k * REAL) * scale0);
    store<real>(target, load<real>(second + k * REAL) * scale1, REAL);
  }
  return true;
}

/** All columns at the start of the circuit: column c is the basis state of row c. */
export function encodeColumns(state: usize): void {
  clearState(state);
  const columns = <usize>field(Field.Columns);
  for (let c: usize = 0; c < columns; c++) store<real>(state + c * stride() + (c >> 1) * ROW + (c & 1) * REAL, 1);
}

/**
 * M = Re(left^* right) over the columns of two states, for pairs of columns on and above the diagonal:
 * all that `quadraticForm` reads.
 */
function gram(to: usize, left: usize, right: usize): void {
  const rows = rowCount();
  const width = stride();
  const row = <usize>matrixWidth() * REAL;
  for (let lane: usize = 0; lane < PAIR; lane += LANE) {
    for (let j: usize = 0; j < width; j += ROW) {
      for (let k = j; k < width; k += ROW) {
        let upper = zero();
        let lower = zero();
        let a = left + j;
        let b = right + k + lane;
        for (let r: u32 = 0; r < rows; r++) {
          const re = load<lanes>(b);
          const im = load<lanes>(b, PAIR);
          upper = add(upper, add(mul(splat(a), re), mul(splat(a + PAIR), im)));
          lower = add(lower, add(mul(splat(a + REAL), re), mul(splat(a + PAIR + REAL), im)));
          a += width;
          b += width;
        }
        // Two columns are ROW bytes of a state, two rows of a matrix, PAIR bytes of each.
        const target = to + (j / PAIR) * row + (k >> 1) + lane;
        store<lanes>(target, upper);
        store<lanes>(target + row, lower);
      }
    }
  }
}

/** Puts out the matrix of one term from the propagated columns. Overwrites the scratch state. */
export function measureTerm(index: i32): void {
  const scratch = buffer(Buffer.Scratch);
  clearState(scratch);
  put(ENVIRONMENT, 0, 1);
  put(ENVIRONMENT, 1, 1);
  addPauli(scratch, buffer(Buffer.State), term(index), ENVIRONMENT);
  gram(termMatrix(index), buffer(Buffer.State), scratch);
}

/**
 * <P> of one term for a pair of samples, {lane 0, lane 1} at `to`: sum over blocks of x^T M x. Two rows of M go
 * side by side, and the odd and even columns of each, so that four sums are under way at once.
 */
export function quadraticForm(index: i32, pair: i32, to: usize): void {
  const matrix = termMatrix(index);
  const columns = <usize>field(Field.Columns);
  const row = <usize>matrixWidth() * REAL;
  const end = pairWeights(pair);
  const pairs = columns >> 1;
  for (let lane: usize = 0; lane < PAIR; lane += LANE) {
    let sum = zero();
    for (let block = samplePair(pair); block < end; block += blockBytes()) {
      const x = block + lane;
      for (let j: usize = 0; j < pairs; j++) {
        const own = x + 2 * j * PAIR;
        const first = load<lanes>(own);
        const second = load<lanes>(own, PAIR);
        let m = matrix + 2 * j * (row + REAL);
        const cross = mul(splat(m + REAL), second);
        const upper = mul(splat(m), first);
        const lower = mul(splat(m + row + REAL), second);
        let evenUpper = cross;
        let oddUpper = zero();
        let evenLower = zero();
        let oddLower = zero();
        for (let k = j + 1; k < pairs; k++) {
          m += 2 * REAL;
          const even = load<lanes>(x + 2 * k * PAIR);
          const odd = load<lanes>(x + 2 * k * PAIR, PAIR);
          evenUpper = add(evenUpper, mul(splat(m), even));
          oddUpper = add(oddUpper, mul(splat(m + REAL), odd));
          evenLower = add(evenLower, mul(splat(m + row), even));
          oddLower = add(oddLower, mul(splat(m + row + REAL), odd));
        }
        if ((columns & 1) != 0) {
          m += 2 * REAL;
          const last = load<lanes>(x + (columns - 1) * PAIR);
          evenUpper = add(evenUpper, mul(splat(m), last));
          evenLower = add(evenLower, mul(splat(m + row), last));
        }
        const upperAcross = add(evenUpper, oddUpper);
        const lowerAcross = add(evenLower, oddLower);
        sum = add(sum, mul(first, add(upper, add(upperAcross, upperAcross))));
        sum = add(sum, mul(second, add(lower, add(lowerAcross, lowerAcross))));
      }
      if ((columns & 1) != 0) {
        const last = load<lanes>(x + (columns - 1) * PAIR);
        sum = add(sum, mul(mul(splat(matrix + (columns - 1) * (row + REAL)), last), last));
      }
    }
    store<lanes>(to + lane, sum);
  }
}

/** Probabilities of the rows for a pair of samples, one pair a row, at `to`: sum over blocks of |Phi x|^2. */
export function sampleProbabilities(pair: i32, to: usize): void {
  const rows = rowCount();
  const width = stride();
  const columns = <usize>field(Field.Columns);
  const end = pairWeights(pair);
  let psi = buffer(Buffer.State);
  for (let r: u32 = 0; r < rows; r++) {
    for (let lane: usize = 0; lane < PAIR; lane += LANE) {
      let sum = zero();
      for (let block = samplePair(pair); block < end; block += blockBytes()) {
        let re = zero();
        let im = zero();
        for (let c: usize = 0; c < columns; c++) {
          const x = load<lanes>(block + lane + c * PAIR);
          const amplitude = psi + (c >> 1) * ROW + (c & 1) * REAL;
          re = add(re, mul(splat(amplitude), x));
          im = add(im, mul(splat(amplitude + PAIR), x));
        }
        sum = add(sum, add(mul(re, re), mul(im, im)));
      }
      store<lanes>(to + lane, sum);
    }
    to += PAIR;
    psi += width;
  }
}

/**
 * rho = sum_b w_b x_b x_b^T over the first `pairs` pairs, with the weights behind them; the whole symmetric
 * matrix. Four elements of a row are summed side by side.
 */
function mixSamples(pairs: i32): void {
  const rho = buffer(Buffer.Mixture);
  const columns = field(Field.Columns);
  const width = matrixWidth();
  const step = blockBytes();
  clear(rho, rho + matrixBytes());
  for (let j = 0; j < columns; j++) {
    for (let k = j; k < columns; k += 4) {
      // Beyond the last column, the last one again, for nothing.
      const k1 = <usize>min(k + 1, columns - 1) * PAIR;
      const k2 = <usize>min(k + 2, columns - 1) * PAIR;
      const k3 = <usize>min(k + 3, columns - 1) * PAIR;
      for (let lane: usize = 0; lane < PAIR; lane += LANE) {
        let sum0 = zero();
        let sum1 = zero();
        let sum2 = zero();
        let sum3 = zero();
        for (let pair = 0; pair < pairs; pair++) {
          const weights = pairWeights(pair);
          const weight = load<lanes>(weights + lane);
          for (let block = samplePair(pair) + lane; block < weights; block += step) {
            const weighed = mul(weight, load<lanes>(block + <usize>j * PAIR));
            sum0 = add(sum0, mul(weighed, load<lanes>(block + <usize>k * PAIR)));
            sum1 = add(sum1, mul(weighed, load<lanes>(block + k1)));
            sum2 = add(sum2, mul(weighed, load<lanes>(block + k2)));
            sum3 = add(sum3, mul(weighed, load<lanes>(block + k3)));
          }
        }
        store<lanes>(ENVIRONMENT + lane, sum0);
        store<lanes>(ENVIRONMENT + lane, sum1, PAIR);
        store<lanes>(ENVIRONMENT + lane, sum2, 2 * PAIR);
        store<lanes>(ENVIRONMENT + lane, sum3, 3 * PAIR);
      }
      const end = min(k + 4, columns);
      for (let c = k; c < end; c++) {
        const value = get(ENVIRONMENT, 2 * (c - k)) + get(ENVIRONMENT, 2 * (c - k) + 1);
        put(rho, j * width + c, value);
        put(rho, c * width + j, value);
      }
    }
  }
}

/** |to> <- Phi rho: every column becomes its mixture of the propagated columns. */
function mixColumns(to: usize): void {
  const columns = field(Field.Columns);
  const width = stride();
  const row = <usize>matrixWidth() * REAL;
  const end = to + (width << field(Field.RowBits));
  let psi = buffer(Buffer.State);
  for (; to < end; to += width) {
    for (let k: usize = 0; k < width; k += ROW) {
      for (let lane: usize = 0; lane < PAIR; lane += LANE) {
        let re = zero();
        let im = zero();
        let rho = buffer(Buffer.Mixture) + (k >> 1) + lane;
        for (let j = 0; j < columns; j++) {
          const weight = load<lanes>(rho);
          const amplitude = psi + <usize>(j >> 1) * ROW + <usize>(j & 1) * REAL;
          re = add(re, mul(splat(amplitude), weight));
          im = add(im, mul(splat(amplitude + PAIR), weight));
          rho += row;
        }
        store<lanes>(to + k + lane, re);
        store<lanes>(to + k + lane, im, PAIR);
      }
    }
    psi += width;
  }
}

/**
 * rho_k, the mixture of the batch weighted by the weights of one output and by `slopes` (or equally,
 * without), into `Buffer.Mixture`.
 * @param count samples in the batch
 */
export function mixBatch(output: i32, count: i32, slopes: usize): void {
  const pairs = (count + 1) >> 1;
  for (let b = 0; b < 2 * pairs; b++) {
    let weight: real = 0;
    if (b < count) {
      weight = get(outputsRow(Buffer.OutputWeights, b), output);
      weight *= slopes != 0 ? get(slopes, b) : <real>1 / <real>count;
    }
    put(pairWeights(b >> 1), b & 1, weight);
  }
  mixSamples(pairs);
}

/** |lambda> <- |lambda> + O_k Phi rho_k for one output k and its mixture. Overwrites the scratch state. */
export function pullBackColumns(lambda: usize, output: i32): void {
  const scratch = buffer(Buffer.Scratch);
  mixColumns(scratch);
  const terms = field(Field.TermCount);
  for (let t = 0; t < terms; t++) {
    const record = term(t);
    if (termOutput(record) != output) continue;
    put(ENVIRONMENT, 0, termScale(record));
    put(ENVIRONMENT, 1, termScale(record));
    addPauli(lambda, scratch, record, ENVIRONMENT);
  }
}
