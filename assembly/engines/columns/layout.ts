/**
 * A mini-batch laid out over the columns, two samples side by side: [pair][block][column]{lane 0, lane 1}, with their
 * weights w behind each pair. Matrices over the columns are [column][column].
 *
 * Where it takes no more than twice the room, what is kept of a sample are the products z_jk = sum_blocks x_j x_k, row
 * by row on and above the diagonal: then f = sum_jk M_jk z_jk, and a mixture is a weighted sum of the z.
 */
import { Encoding, Option } from '../../abi/codes';
import { LANE, add, isEncodable, mul } from '../../kernels/state';
import { integer } from '../../memory/options';
import { PAIR, REAL, clear, get, put } from '../../memory/reals';
import { Buffer, Field, buffer, field } from '../../memory/registers';
import { matrixBytes, matrixWidth, samplePairBytes } from '../shape';

/** One pair of samples, laid out. */
export function samplePair(pair: i32): usize {
  return buffer(Buffer.Samples) + <usize>pair * samplePairBytes();
}

export function blockBytes(): usize {
  return PAIR << field(Field.ColumnBits);
}

/** Where the weights of a pair of samples are, behind all its blocks. */
export function pairWeights(pair: i32): usize {
  return samplePair(pair + 1) - PAIR;
}

/** Where a pair's numbers lie before they are multiplied: behind the last pair. */
export function unpackedPair(): usize {
  return samplePair((integer(Option.Batch) + 1) >> 1);
}

/** Multiplies the numbers of a pair of samples, which `laySamples` left behind the last pair. */
export function packSamples(pair: i32): void {
  const columns = <usize>field(Field.Columns) * PAIR;
  const x = unpackedPair();
  const end = x + (PAIR << field(Field.FeatureBits));
  const step = blockBytes();
  for (let block = x; block < end; block += step) {
    let to = samplePair(pair);
    const behind = block + columns;
    for (let j = block; j < behind; j += PAIR) {
      const own = load<lanes>(j);
      const second = LANE < PAIR ? load<lanes>(j, REAL) : own;
      for (let k = j; k < behind; k += PAIR) {
        const product = mul(own, load<lanes>(k));
        store<lanes>(to, block == x ? product : add(load<lanes>(to), product));
        if (LANE < PAIR) {
          const other = mul(second, load<lanes>(k, REAL));
          store<lanes>(to, block == x ? other : add(load<lanes>(to, REAL), other), REAL);
        }
        to += PAIR;
      }
    }
  }
}

/** The upper triangle of a symmetric matrix in one row at `to`, what is off the diagonal twice: the other half of a form. */
export function packMatrix(to: usize, matrix: usize): void {
  const columns = field(Field.Columns);
  const row = <usize>matrixWidth() * REAL;
  for (let j = 0; j < columns; j++) {
    for (let k = j; k < columns; k++) {
      const value = get(matrix, k);
      store<real>(to, k > j ? value + value : value);
      to += REAL;
    }
    matrix += row;
  }
}

/** Matrix of one term's Pauli string. */
export function termMatrix(index: i32): usize {
  return buffer(Buffer.Matrices) + <usize>index * matrixBytes();
}

/** 1 / sqrt(square); 0 where a sample of that |x|^2 cannot be encoded (kernels/state.ts). */
function scaleOf(square: real): real {
  return isEncodable(square) ? <real>1 / sqrt<real>(square) : 0;
}

/**
 * Lays two samples out side by side at `laid`, their features at `first` and `second`, scaled to length 1. The squares
 * of even and odd features are summed apart, so that four sums are under way at once.
 * @returns false when one cannot be encoded
 */
export function laySamples(laid: usize, first: usize, second: usize): bool {
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
