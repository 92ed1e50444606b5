/**
 * The mixture of a mini-batch: the gradient of sum_b w_b f_b is that of one weighted mixture of the columns,
 * rho = sum_b w_b x_b x_b^T, pulled back as |lambda> = O Phi rho.
 */
import { sliceEnd, sliceFrom } from '../../kernels/slices';
import { LANE, add, mul, splat, zero } from '../../kernels/state';
import { outputsRow } from '../../memory/batch';
import { PAIR, REAL, ROW, at, clear, get, put } from '../../memory/reals';
import { BLOCK_SUMS, Buffer, FACTORS, Field, buffer, field, setField } from '../../memory/registers';
import { stride } from '../../memory/shape';
import { WHOLE_KERNELS } from '../../profile';
import { addTerm, term, termOutput, termScale } from '../../program/observable';
import { isPacked, matrixBytes, matrixWidth, samplePairBytes, symmetricElements } from '../shape';
import { blockBytes, pairWeights, samplePair } from './layout';

/** Pairs of samples that one part of a mixture takes. */
const PAIRS_A_PART = 4;

/**
 * rho = sum_b w_b x_b x_b^T over pairs [from, end) of samples, with the weights behind them: row j of the symmetric
 * matrix, columns k to k + 3, whose sums go on in BLOCK_SUMS from pair to pair. Four elements are summed side by side.
 * @param last whether these pairs are the last, and the elements are written
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
      sum0 = load<lanes>(BLOCK_SUMS + lane);
      sum1 = load<lanes>(BLOCK_SUMS + lane, PAIR);
      sum2 = load<lanes>(BLOCK_SUMS + lane, 2 * PAIR);
      sum3 = load<lanes>(BLOCK_SUMS + lane, 3 * PAIR);
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
    store<lanes>(BLOCK_SUMS + lane, sum0);
    store<lanes>(BLOCK_SUMS + lane, sum1, PAIR);
    store<lanes>(BLOCK_SUMS + lane, sum2, 2 * PAIR);
    store<lanes>(BLOCK_SUMS + lane, sum3, 3 * PAIR);
  }
  if (!last) return;
  const rho = buffer(Buffer.Mixture);
  const width = matrixWidth();
  const behind = min(k + 4, columns);
  for (let c = k; c < behind; c++) {
    const value = get(BLOCK_SUMS, 2 * (c - k)) + get(BLOCK_SUMS, 2 * (c - k) + 1);
    put(rho, j * width + c, value);
    put(rho, c * width + j, value);
  }
}

/** What one lane adds to an element of the mixture, and to its mirror image. */
@inline
function addLanes(element: usize, mirror: usize, lane: usize, sum: lanes): void {
  let value: real;
  if (isVector<lanes>()) value = <real>(f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1));
  else value = lane == 0 ? sum : load<real>(element) + sum;
  store<real>(element, value);
  store<real>(mirror, value);
}

/**
 * All of `mixBlock` at once, over all pairs of samples: blocks of two rows and four columns, whose eight sums are under
 * way together. Every element is summed as there.
 */
function mixRows(pairs: i32): void {
  const columns = field(Field.Columns);
  for (let j = 0; j < columns; j += 2) for (let k = j; k < columns; k += 4) mixTile(j, k, pairs);
}

function mixTile(j: i32, k: i32, pairs: i32): void {
  const last = field(Field.Columns) - 1;
  const step = blockBytes();
  // Beyond the last column, the last one again, for nothing.
  const own = <usize>j * PAIR;
  const next = <usize>min(j + 1, last) * PAIR;
  const k0 = <usize>k * PAIR;
  const k1 = <usize>min(k + 1, last) * PAIR;
  const k2 = <usize>min(k + 2, last) * PAIR;
  const k3 = <usize>min(k + 3, last) * PAIR;
  const behind = pairWeights(pairs - 1);
  const row = <usize>matrixWidth() * REAL;
  const upper = buffer(Buffer.Mixture) + <usize>j * row + <usize>k * REAL;
  const mirror = buffer(Buffer.Mixture) + <usize>k * row + <usize>j * REAL;
  for (let lane: usize = 0; lane < PAIR; lane += LANE) {
    let upper0 = zero();
    let upper1 = zero();
    let upper2 = zero();
    let upper3 = zero();
    let lower0 = zero();
    let lower1 = zero();
    let lower2 = zero();
    let lower3 = zero();
    let block = samplePair(0) + lane;
    for (let weights = pairWeights(0) + lane; weights <= behind + lane; weights += samplePairBytes()) {
      const weight = load<lanes>(weights);
      for (; block < weights; block += step) {
        const weighed = mul(weight, load<lanes>(block + own));
        const second = mul(weight, load<lanes>(block + next));
        const x0 = load<lanes>(block + k0);
        const x1 = load<lanes>(block + k1);
        const x2 = load<lanes>(block + k2);
        const x3 = load<lanes>(block + k3);
        upper0 = add(upper0, mul(weighed, x0));
        upper1 = add(upper1, mul(weighed, x1));
        upper2 = add(upper2, mul(weighed, x2));
        upper3 = add(upper3, mul(weighed, x3));
        lower0 = add(lower0, mul(second, x0));
        lower1 = add(lower1, mul(second, x1));
        lower2 = add(lower2, mul(second, x2));
        lower3 = add(lower3, mul(second, x3));
      }
      block = weights + PAIR;
    }
    addLanes(upper, mirror, lane, upper0);
    if (k < last) addLanes(upper + REAL, mirror + row, lane, upper1);
    if (k + 1 < last) addLanes(upper + 2 * REAL, mirror + 2 * row, lane, upper2);
    if (k + 2 < last) addLanes(upper + 3 * REAL, mirror + 3 * row, lane, upper3);
    if (j == last) continue;
    // Below the diagonal is what the first row has.
    if (k > j) addLanes(upper + row, mirror + REAL, lane, lower0);
    if (k < last) addLanes(upper + row + REAL, mirror + row + REAL, lane, lower1);
    if (k + 1 < last) addLanes(upper + row + 2 * REAL, mirror + 2 * row + REAL, lane, lower2);
    if (k + 2 < last) addLanes(upper + row + 3 * REAL, mirror + 3 * row + REAL, lane, lower3);
  }
}

/**
 * The same where products of columns are kept of each sample: elements [e, e + 4) on and above the diagonal, whose sums
 * go on from pair to pair.
 */
function mixProducts(e: i32, from: i32, end: i32, last: bool): void {
  const elements = symmetricElements();
  // Beyond the last element, the last one again, for nothing.
  const e1 = <usize>(min(e + 1, elements - 1) - e) * PAIR;
  const e2 = <usize>(min(e + 2, elements - 1) - e) * PAIR;
  const e3 = <usize>(min(e + 3, elements - 1) - e) * PAIR;
  const step = samplePairBytes();
  const behind = pairWeights(end - 1);
  for (let lane: usize = 0; lane < PAIR; lane += LANE) {
    let sum0 = zero();
    let sum1 = zero();
    let sum2 = zero();
    let sum3 = zero();
    if (from > 0) {
      sum0 = load<lanes>(BLOCK_SUMS + lane);
      sum1 = load<lanes>(BLOCK_SUMS + lane, PAIR);
      sum2 = load<lanes>(BLOCK_SUMS + lane, 2 * PAIR);
      sum3 = load<lanes>(BLOCK_SUMS + lane, 3 * PAIR);
    }
    let z = samplePair(from) + <usize>e * PAIR + lane;
    for (let weights = pairWeights(from) + lane; weights <= behind + lane; weights += step) {
      const weight = load<lanes>(weights);
      sum0 = add(sum0, mul(weight, load<lanes>(z)));
      sum1 = add(sum1, mul(weight, load<lanes>(z + e1)));
      sum2 = add(sum2, mul(weight, load<lanes>(z + e2)));
      sum3 = add(sum3, mul(weight, load<lanes>(z + e3)));
      z += step;
    }
    store<lanes>(BLOCK_SUMS + lane, sum0);
    store<lanes>(BLOCK_SUMS + lane, sum1, PAIR);
    store<lanes>(BLOCK_SUMS + lane, sum2, 2 * PAIR);
    store<lanes>(BLOCK_SUMS + lane, sum3, 3 * PAIR);
  }
  if (last) putProducts(e);
}

/** The sums of four elements on and above the diagonal into the mixture. */
function putProducts(e: i32): void {
  const rho = buffer(Buffer.Mixture);
  const columns = field(Field.Columns);
  const width = matrixWidth();
  let j = 0;
  let k = e;
  for (; k >= columns - j; j++) k -= columns - j;
  k += j;
  for (let i = 0; i < 8 && j < columns; i += 2) {
    const value = get(BLOCK_SUMS, i) + get(BLOCK_SUMS, i + 1);
    put(rho, j * width + k, value);
    put(rho, k * width + j, value);
    if (++k == columns) k = ++j;
  }
}

/** Blocks of four elements on and above the diagonal of a mixture, row by row, or where products are kept in one row. */
export function mixKernels(): i32 {
  if (isPacked()) return (symmetricElements() + 3) >> 2;
  let kernels = 0;
  for (let left = field(Field.Columns); left > 0; left--) kernels += (left + 3) >> 2;
  return kernels;
}

/** Work of one output's mixture in parts: its weights, then its blocks. */
export function mixtureWork(count: i32): i32 {
  return (1 + mixKernels()) * mixParts(count);
}

/** Parts of the batch that each of them goes by. */
export function mixParts(count: i32): i32 {
  return (((count + 1) >> 1) + PAIRS_A_PART - 1) / PAIRS_A_PART;
}

/**
 * One block, in the order of `mixBatch`, for the part of the batch that `Field.NextSlice` is at.
 * @returns whether it was the last part
 */
export function mixPart(which: i32, count: i32): bool {
  const part = field(Field.NextSlice);
  const pairs = (count + 1) >> 1;
  const from = part * PAIRS_A_PART;
  const last = from + PAIRS_A_PART >= pairs;
  const end = min(from + PAIRS_A_PART, pairs);
  if (isPacked()) {
    mixProducts(4 * which, from, end, last);
  } else {
    const columns = field(Field.Columns);
    let j = 0;
    for (let blocks = (columns + 3) >> 2; which >= blocks; blocks = (columns - j + 3) >> 2) {
      which -= blocks;
      j++;
    }
    mixBlock(j, j + 4 * which, from, end, last);
  }
  setField(Field.NextSlice, last ? 0 : part + 1);
  return last;
}

/**
 * |to> <- Phi rho: every column becomes its mixture of the propagated columns. Where speed is all, two rows and two pairs
 * of columns go side by side.
 */
export function mixColumns(to: usize): void {
  const width = stride();
  const bits = field(Field.RowBits);
  const from = sliceFrom(bits);
  let rows = sliceEnd(bits) - from;
  let psi = buffer(Buffer.State) + <usize>from * width;
  to += <usize>from * width;
  for (; rows > 0; rows--) {
    let k: usize = 0;
    if (WHOLE_KERNELS && rows > 1) {
      for (; k + ROW < width; k += 2 * ROW) mixColumnTile(to, psi, k);
      // What is left of both rows is less than two pairs.
      if (k < width) mixColumnPair(to + width, psi + width, k);
    }
    for (; k < width; k += ROW) mixColumnPair(to, psi, k);
    if (WHOLE_KERNELS && rows > 1) {
      rows--;
      psi += width;
      to += width;
    }
    psi += width;
    to += width;
  }
}

/** One pair of columns, as the offset k in a row, of one row. */
function mixColumnPair(to: usize, psi: usize, k: usize): void {
  const columns = field(Field.Columns);
  const row = <usize>matrixWidth() * REAL;
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

/** This pair and the next, of this row and the next. The column that fills the last pair up has zeros. */
function mixColumnTile(to: usize, psi: usize, k: usize): void {
  const width = stride();
  const row = <usize>matrixWidth() * REAL;
  const end = psi + width;
  for (let lane: usize = 0; lane < PAIR; lane += LANE) {
    let re00 = zero();
    let im00 = zero();
    let re01 = zero();
    let im01 = zero();
    let re10 = zero();
    let im10 = zero();
    let re11 = zero();
    let im11 = zero();
    let rho = buffer(Buffer.Mixture) + (k >> 1) + lane;
    for (let a = psi; a < end; a += ROW - PAIR) {
      const both = a + REAL;
      for (; a <= both; a += REAL) {
        const first = load<lanes>(rho);
        const second = load<lanes>(rho, PAIR);
        const upperRe = splat(a);
        const upperIm = splat(a + PAIR);
        const lowerRe = splat(a + width);
        const lowerIm = splat(a + width + PAIR);
        re00 = add(re00, mul(upperRe, first));
        im00 = add(im00, mul(upperIm, first));
        re01 = add(re01, mul(upperRe, second));
        im01 = add(im01, mul(upperIm, second));
        re10 = add(re10, mul(lowerRe, first));
        im10 = add(im10, mul(lowerIm, first));
        re11 = add(re11, mul(lowerRe, second));
        im11 = add(im11, mul(lowerIm, second));
        rho += row;
      }
    }
    const target = to + k + lane;
    store<lanes>(target, re00);
    store<lanes>(target, im00, PAIR);
    store<lanes>(target, re01, ROW);
    store<lanes>(target, im01, ROW + PAIR);
    store<lanes>(target + width, re10);
    store<lanes>(target + width, im10, PAIR);
    store<lanes>(target + width, re11, ROW);
    store<lanes>(target + width, im11, ROW + PAIR);
  }
}

/**
 * Weighs pairs [from, end) of samples for one output, by `slopes` or equally, without; with the first pairs, the
 * mixture is forgotten.
 */
function weighPairs(output: i32, from: i32, end: i32, count: i32, slopes: usize): void {
  if (from == 0) clear(buffer(Buffer.Mixture), buffer(Buffer.Mixture) + matrixBytes());
  const share = <real>1 / <real>count;
  const row = outputsRow(Buffer.OutputWeights, 1) - buffer(Buffer.OutputWeights);
  const step = samplePairBytes();
  let own = at(outputsRow(Buffer.OutputWeights, 2 * from), output);
  let to = pairWeights(from);
  for (let b = 2 * from; b < 2 * end; b += 2) {
    store<real>(to, load<real>(own) * (slopes != 0 ? get(slopes, b) : share));
    own += row;
    const second: real = b + 1 < count ? load<real>(own) * (slopes != 0 ? get(slopes, b + 1) : share) : 0;
    store<real>(to, second, REAL);
    own += row;
    to += step;
  }
}

/**
 * Weighs the part of the batch that `Field.NextSlice` is at.
 * @returns whether it was the last
 */
export function weighPart(output: i32, count: i32, slopes: usize): bool {
  const part = field(Field.NextSlice);
  const pairs = (count + 1) >> 1;
  const from = part * PAIRS_A_PART;
  const last = from + PAIRS_A_PART >= pairs;
  weighPairs(output, from, min(from + PAIRS_A_PART, pairs), count, slopes);
  setField(Field.NextSlice, last ? 0 : part + 1);
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
  if (isPacked()) {
    for (let e = 0; e < symmetricElements(); e += 4) mixProducts(e, 0, pairs, true);
    return;
  }
  mixRows(pairs);
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
  put(FACTORS, 0, termScale(record));
  put(FACTORS, 1, termScale(record));
  addTerm(lambda, buffer(Buffer.Scratch), record);
}
