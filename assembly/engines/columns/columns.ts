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
import { Encoding, Option } from '../../abi/codes';
import {
  Buffer,
  ENVIRONMENT,
  Field,
  PAIR,
  REAL,
  ROW,
  buffer,
  clear,
  field,
  get,
  outputsRow,
  put,
  rowCount,
  setField,
  stride,
} from '../../memory/map';
import { matrixBytes, matrixWidth, samplePairBytes } from '../engine';
import { addPauli, term, termOutput, termScale } from '../../program/observable';
import { integer } from '../../memory/options';
import { isFirstPart, partEnd, partFrom } from '../../kernels/slices';
import { LANE, add, clearState, isEncodable, mul, splat, zero } from '../../kernels/state';

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
  for (let c: usize = 0; c < columns; c++)
    store<real>(state + c * stride() + (c >> 1) * ROW + (c & 1) * REAL, 1);
}

/** P psi of one term over all columns, in the scratch state, which is all zero. */
export function readyTerm(index: i32): void {
  const scratch = buffer(Buffer.Scratch);
  put(ENVIRONMENT, 0, 1);
  put(ENVIRONMENT, 1, 1);
  addPauli(scratch, buffer(Buffer.State), term(index), ENVIRONMENT);
}

/** The columns j of the states, a pair of them, against the columns k of the scratch state, as offsets in a row. */
function gramBlock(index: i32, j: usize, k: usize): void {
  const bits = field(Field.RowBits);
  const from = partFrom(bits);
  const end = partEnd(bits);
  const width = stride();
  const row = <usize>matrixWidth() * REAL;
  for (let lane: usize = 0; lane < PAIR; lane += LANE) {
    // Two columns are ROW bytes of a state, two rows of a matrix, PAIR bytes of each.
    const target = termMatrix(index) + (j / PAIR) * row + (k >> 1) + lane;
    let upper = zero();
    let lower = zero();
    if (!isFirstPart()) {
      upper = load<lanes>(target);
      lower = load<lanes>(target + row);
    }
    let a = buffer(Buffer.State) + j + <usize>from * width;
    let b = buffer(Buffer.Scratch) + k + lane + <usize>from * width;
    for (let r = from; r < end; r++) {
      const re = load<lanes>(b);
      const im = load<lanes>(b, PAIR);
      upper = add(upper, add(mul(splat(a), re), mul(splat(a + PAIR), im)));
      lower = add(lower, add(mul(splat(a + REAL), re), mul(splat(a + PAIR + REAL), im)));
      a += width;
      b += width;
    }
    store<lanes>(target, upper);
    store<lanes>(target + row, lower);
  }
}

/**
 * M = Re(Phi^* P Phi) of one term over the columns, from what `readyTerm` left: for pairs of columns on and above
 * the diagonal, which is all that `quadraticForm` reads.
 */
export function gram(index: i32): void {
  const width = stride();
  for (let j: usize = 0; j < width; j += ROW) for (let k = j; k < width; k += ROW) gramBlock(index, j, k);
}

/** Pairs of columns on and above the diagonal. */
export function gramKernels(): i32 {
  const pairs = <i32>(stride() / ROW);
  return (pairs * (pairs + 1)) >> 1;
}

/** One of them, in the order of `gram`. */
export function gramPair(index: i32, which: i32): void {
  let j: i32 = 0;
  for (let pairs = <i32>(stride() / ROW); which >= pairs; pairs--) {
    which -= pairs;
    j++;
  }
  gramBlock(index, <usize>j * ROW, <usize>(j + which) * ROW);
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

/** Pairs of samples that one part of a mixture takes. */
const PAIRS_A_PART = 8;

/**
 * rho = sum_b w_b x_b x_b^T over pairs [from, end) of samples, with the weights behind them: row j of the symmetric
 * matrix, columns k to k + 3, whose sums go on in ENVIRONMENT from pair to pair. Four elements are summed side by side.
 * @param last whether these pairs are the last, and the elements are put out
 */
function mixBlock(j: i32, k: i32, from: i32, end: i32, last: bool): void {
  const columns = field(Field.Columns);
  const step = blockBytes();
  // Beyond the last column, the last one again, for nothing.
  const k1 = <usize>min(k + 1, columns - 1) * PAIR;
  const k2 = <usize>min(k + 2, columns - 1) * PAIR;
  const k3 = <usize>min(k + 3, columns - 1) * PAIR;
  for (let lane: usize = 0; lane < PAIR; lane += LANE) {
    let sum0 = zero();
    let sum1 = zero();
    let sum2 = zero();
    let sum3 = zero();
    if (from > 0) {
      sum0 = load<lanes>(ENVIRONMENT + lane);
      sum1 = load<lanes>(ENVIRONMENT + lane, PAIR);
      sum2 = load<lanes>(ENVIRONMENT + lane, 2 * PAIR);
      sum3 = load<lanes>(ENVIRONMENT + lane, 3 * PAIR);
    }
    for (let pair = from; pair < end; pair++) {
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
  if (!last) return;
  const rho = buffer(Buffer.Mixture);
  const width = matrixWidth();
  const behind = min(k + 4, columns);
  for (let c = k; c < behind; c++) {
    const value = get(ENVIRONMENT, 2 * (c - k)) + get(ENVIRONMENT, 2 * (c - k) + 1);
    put(rho, j * width + c, value);
    put(rho, c * width + j, value);
  }
}

/** Blocks of four elements on and above the diagonal of a mixture, row by row. */
export function mixKernels(): i32 {
  let kernels = 0;
  for (let left = field(Field.Columns); left > 0; left--) kernels += (left + 3) >> 2;
  return kernels;
}

/** Parts of the batch that each of them goes by. */
export function mixParts(count: i32): i32 {
  return (((count + 1) >> 1) + PAIRS_A_PART - 1) / PAIRS_A_PART;
}

/**
 * One block, in the order of `mixBatch`, for the part of the batch that `Field.Slice` is at.
 * @returns whether it was the last part
 */
export function mixPart(which: i32, count: i32): bool {
  const columns = field(Field.Columns);
  let j = 0;
  for (let blocks = (columns + 3) >> 2; which >= blocks; blocks = (columns - j + 3) >> 2) {
    which -= blocks;
    j++;
  }
  const part = field(Field.Slice);
  const pairs = (count + 1) >> 1;
  const from = part * PAIRS_A_PART;
  const last = from + PAIRS_A_PART >= pairs;
  mixBlock(j, j + 4 * which, from, min(from + PAIRS_A_PART, pairs), last);
  setField(Field.Slice, last ? 0 : part + 1);
  return last;
}

/** |to> <- Phi rho: every column becomes its mixture of the propagated columns. */
export function mixColumns(to: usize): void {
  const columns = field(Field.Columns);
  const width = stride();
  const row = <usize>matrixWidth() * REAL;
  const bits = field(Field.RowBits);
  const end = to + <usize>partEnd(bits) * width;
  const before = <usize>partFrom(bits) * width;
  let psi = buffer(Buffer.State) + before;
  to += before;
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
 * Weighs pairs [from, end) of samples for one output, by `slopes` or equally, without; with the first pairs, the
 * mixture is forgotten.
 */
function weighPairs(output: i32, from: i32, end: i32, count: i32, slopes: usize): void {
  if (from == 0) clear(buffer(Buffer.Mixture), buffer(Buffer.Mixture) + matrixBytes());
  for (let b = 2 * from; b < 2 * end; b++) {
    let weight: real = 0;
    if (b < count) {
      weight = get(outputsRow(Buffer.OutputWeights, b), output);
      weight *= slopes != 0 ? get(slopes, b) : <real>1 / <real>count;
    }
    put(pairWeights(b >> 1), b & 1, weight);
  }
}

/**
 * Weighs the part of the batch that `Field.Slice` is at.
 * @returns whether it was the last
 */
export function weighPart(output: i32, count: i32, slopes: usize): bool {
  const part = field(Field.Slice);
  const pairs = (count + 1) >> 1;
  const from = part * PAIRS_A_PART;
  const last = from + PAIRS_A_PART >= pairs;
  weighPairs(output, from, min(from + PAIRS_A_PART, pairs), count, slopes);
  setField(Field.Slice, last ? 0 : part + 1);
  return last;
}

/**
 * rho_k, the mixture of the batch weighted by the weights of one output and by `slopes` (or equally, without),
 * into `Buffer.Mixture`.
 * @param count samples in the batch
 */
export function mixBatch(output: i32, count: i32, slopes: usize): void {
  const pairs = (count + 1) >> 1;
  weighPairs(output, 0, pairs, count, slopes);
  const columns = field(Field.Columns);
  for (let j = 0; j < columns; j++) for (let k = j; k < columns; k += 4) mixBlock(j, k, 0, pairs, true);
}

/** Terms of one output. */
export function termsOf(output: i32): i32 {
  let count = 0;
  for (let t = field(Field.TermCount) - 1; t >= 0; t--) if (termOutput(term(t)) == output) count++;
  return count;
}

/** The record of a term of one output, in their order. */
export function termOf(output: i32, which: i32): usize {
  let t = 0;
  for (; termOutput(term(t)) != output || which-- > 0; t++) {}
  return term(t);
}

/** |lambda> <- |lambda> + c P Phi rho_k for one term, from the mixed columns in the scratch state. */
export function pullBackTerm(lambda: usize, record: usize): void {
  put(ENVIRONMENT, 0, termScale(record));
  put(ENVIRONMENT, 1, termScale(record));
  addPauli(lambda, buffer(Buffer.Scratch), record, ENVIRONMENT);
}
