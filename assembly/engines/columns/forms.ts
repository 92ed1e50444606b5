/**
 * Quadratic forms: with the propagated columns Phi = U E, an expectation is f = sum_blocks x^T M x of a laid-out
 * sample x, and M = Re(Phi^* P Phi) is computed once for all of them.
 */
import { isFirstSlice, sliceEnd, sliceFrom } from '../../kernels/slices';
import { LANE, add, mul, splat, zero } from '../../kernels/state';
import { PAIR, REAL, ROW, clear, put } from '../../memory/reals';
import { Buffer, FACTORS, Field, buffer, field } from '../../memory/registers';
import { rowCount, stateBytes, stride } from '../../memory/shape';
import { addTerm, term } from '../../program/observable';
import { isPacked, matrixWidth, symmetricElements } from '../shape';
import { blockBytes, packMatrix, pairWeights, samplePair, termMatrix } from './layout';

/** All columns at the start of the circuit: column c is the basis state of row c. */
export function encodeColumns(state: usize): void {
  clear(state, state + stateBytes());
  const columns = <usize>field(Field.Columns);
  for (let c: usize = 0; c < columns; c++)
    store<real>(state + c * stride() + (c >> 1) * ROW + (c & 1) * REAL, 1);
}

/** P psi of one term over all columns, in the scratch state, which is all zero. */
export function readyTerm(index: i32): void {
  const scratch = buffer(Buffer.Scratch);
  put(FACTORS, 0, 1);
  put(FACTORS, 1, 1);
  addTerm(scratch, buffer(Buffer.State), term(index));
}

/** The columns j of the states, a pair of them, against the columns k of the scratch state, as offsets in a row. */
function gramBlock(index: i32, j: usize, k: usize): void {
  const bits = field(Field.RowBits);
  const from = sliceFrom(bits);
  const end = sliceEnd(bits);
  const width = stride();
  const row = <usize>matrixWidth() * REAL;
  for (let lane: usize = 0; lane < PAIR; lane += LANE) {
    // Two columns are ROW bytes of a state, two rows of a matrix, PAIR bytes of each.
    const target = termMatrix(index) + (j / PAIR) * row + (k >> 1) + lane;
    let upper = zero();
    let lower = zero();
    if (!isFirstSlice()) {
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
  for (let j: usize = 0; j < width; j += ROW) {
    let k = j;
    for (; k + ROW < width; k += 2 * ROW) gramTile(index, j, k);
    if (k < width) gramBlock(index, j, k);
  }
}

/** All rows of `gramBlock` for the columns k and the next pair, whose four sums are under way together. */
function gramTile(index: i32, j: usize, k: usize): void {
  const width = stride();
  const row = <usize>matrixWidth() * REAL;
  const bytes = stateBytes();
  for (let lane: usize = 0; lane < PAIR; lane += LANE) {
    const target = termMatrix(index) + (j / PAIR) * row + (k >> 1) + lane;
    let upper0 = zero();
    let upper1 = zero();
    let lower0 = zero();
    let lower1 = zero();
    let a = buffer(Buffer.State) + j;
    let b = buffer(Buffer.Scratch) + k + lane;
    for (const end = a + bytes; a < end; a += width) {
      const re0 = load<lanes>(b);
      const im0 = load<lanes>(b, PAIR);
      const re1 = load<lanes>(b, ROW);
      const im1 = load<lanes>(b, ROW + PAIR);
      const firstRe = splat(a);
      const firstIm = splat(a + PAIR);
      const secondRe = splat(a + REAL);
      const secondIm = splat(a + PAIR + REAL);
      upper0 = add(upper0, add(mul(firstRe, re0), mul(firstIm, im0)));
      lower0 = add(lower0, add(mul(secondRe, re0), mul(secondIm, im0)));
      upper1 = add(upper1, add(mul(firstRe, re1), mul(firstIm, im1)));
      lower1 = add(lower1, add(mul(secondRe, re1), mul(secondIm, im1)));
      b += width;
    }
    store<lanes>(target, upper0);
    store<lanes>(target, upper1, PAIR);
    store<lanes>(target + row, lower0);
    store<lanes>(target + row, lower1, PAIR);
  }
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

/** <P> for a pair of samples of which products are kept, {lane 0, lane 1} at `to`, by a matrix as `packMatrix` leaves it. */
export function packedForm(packed: usize, pair: i32, to: usize): void {
  const end = packed + <usize>symmetricElements() * REAL;
  let sum = zero();
  let second = zero();
  let z = samplePair(pair);
  for (let m = packed; m < end; m += REAL) {
    const element = splat(m);
    sum = add(sum, mul(element, load<lanes>(z)));
    if (LANE < PAIR) second = add(second, mul(element, load<lanes>(z, REAL)));
    z += PAIR;
  }
  store<lanes>(to, sum);
  if (LANE < PAIR) store<lanes>(to, second, REAL);
}

/**
 * <P> of one term for a pair of samples, {lane 0, lane 1} at `to`: sum over blocks of x^T M x. Two rows of M go
 * side by side, and the odd and even columns of each, so that four sums are under way at once.
 */
export function quadraticForm(index: i32, pair: i32, to: usize): void {
  const matrix = termMatrix(index);
  if (isPacked()) {
    packMatrix(buffer(Buffer.Mixture), matrix);
    packedForm(buffer(Buffer.Mixture), pair, to);
    return;
  }
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

/**
 * Probabilities of the rows for a pair of samples, one pair a row, at `to`: sum over blocks of |Phi x|^2. Two rows go
 * side by side, which is as many as there are of anything that is drawn from, and two columns one after the other.
 */
export function sampleProbabilities(pair: i32, to: usize): void {
  const rows = rowCount();
  const width = stride();
  const columns = <usize>field(Field.Columns);
  const whole = (columns >> 1) * ROW;
  const odd = (columns & 1) != 0;
  const end = pairWeights(pair);
  let psi = buffer(Buffer.State);
  for (let r: u32 = 0; r < rows; r += 2) {
    for (let lane: usize = 0; lane < PAIR; lane += LANE) {
      let sum0 = zero();
      let sum1 = zero();
      for (let block = samplePair(pair) + lane; block < end; block += blockBytes()) {
        let re0 = zero();
        let im0 = zero();
        let re1 = zero();
        let im1 = zero();
        let x = block;
        let a = psi;
        for (const last = a + whole; a < last; a += ROW) {
          const first = load<lanes>(x);
          const second = load<lanes>(x, PAIR);
          const b = a + width;
          re0 = add(re0, mul(splat(a), first));
          im0 = add(im0, mul(splat(a + PAIR), first));
          re1 = add(re1, mul(splat(b), first));
          im1 = add(im1, mul(splat(b + PAIR), first));
          re0 = add(re0, mul(splat(a + REAL), second));
          im0 = add(im0, mul(splat(a + PAIR + REAL), second));
          re1 = add(re1, mul(splat(b + REAL), second));
          im1 = add(im1, mul(splat(b + PAIR + REAL), second));
          x += 2 * PAIR;
        }
        if (odd) {
          const first = load<lanes>(x);
          re0 = add(re0, mul(splat(a), first));
          im0 = add(im0, mul(splat(a + PAIR), first));
          re1 = add(re1, mul(splat(a + width), first));
          im1 = add(im1, mul(splat(a + width + PAIR), first));
        }
        sum0 = add(sum0, add(mul(re0, re0), mul(im0, im0)));
        sum1 = add(sum1, add(mul(re1, re1), mul(im1, im1)));
      }
      store<lanes>(to + lane, sum0);
      store<lanes>(to + lane, sum1, PAIR);
    }
    to += 2 * PAIR;
    psi += 2 * width;
  }
}
