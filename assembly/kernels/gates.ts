/**
 * State kernels, over the shape of the states at work. All are in place except `permute`. Each takes all rows, or
 * the current slice of them (slices.ts); sums go on from slice to slice.
 */
import { PAIR, ROW } from '../memory/reals';
import { Field, IMAGES, field } from '../memory/registers';
import { isWide, liveBytes, stateBytes, stride } from '../memory/shape';
import { COLUMN_ENGINES } from '../profile';
import { isFirstSlice, sliceEnd, sliceFrom } from './slices';
import { LANE, add, mul, negative, odd, sub, zero } from './state';
import { applyAcross, controlledZWide, environmentAcross, pauliRotationWide, permuteWide } from './wide';

/** Offset of the first row of a pair of rows that differ in one bit. */
function pairOffset(pair: u32, bit: u32): usize {
  return <usize>(((pair >> bit) << (bit + 1)) | (pair & ((1 << bit) - 1))) * stride();
}

/**
 * psi <- U psi for a one-qubit U = w - i(x X + y Y + z Z), coefficients {w w x x y y z z}:
 *
 *   U = [ w - iz   -y - ix ]
 *       [ y - ix    w + iz ]
 *
 * on the rows that can be other than zero.
 */
export function applyUnitary(state: usize, bit: u32, coefficients: usize): void {
  if (isWide()) {
    if (bit == 0) {
      applyAcross(state, liveBytes(), coefficients);
      return;
    }
    bit--;
  }
  const span = stride() << bit;
  let bytes = liveBytes();
  let run = span;
  if (COLUMN_ENGINES && !isWide()) {
    const pairBits = <u32>field(Field.LiveBits) - 1;
    const from = sliceFrom(pairBits);
    const part = <usize>(sliceEnd(pairBits) - from) * stride();
    state += pairOffset(from, bit);
    bytes = 2 * part;
    run = min(span, part);
  }
  for (let lane: usize = 0; lane < PAIR; lane += LANE) {
    const w = load<lanes>(coefficients + lane);
    const x = load<lanes>(coefficients + lane, PAIR);
    const y = load<lanes>(coefficients + lane, 2 * PAIR);
    const z = load<lanes>(coefficients + lane, 3 * PAIR);
    const end = state + lane + bytes;
    for (let block = state + lane; block < end; block += 2 * span) {
      for (let a = block; a < block + run; a += ROW) {
        turnPair(a, a + span, w, x, y, z);
      }
    }
  }
}

/** One lane of two rows that differ in the gate's bit. */

@inline
function turnPair(a: usize, b: usize, w: lanes, x: lanes, y: lanes, z: lanes): void {
  const ar = load<lanes>(a);
  const ai = load<lanes>(a, PAIR);
  const br = load<lanes>(b);
  const bi = load<lanes>(b, PAIR);
  store<lanes>(a, add(add(mul(w, ar), mul(z, ai)), sub(mul(x, bi), mul(y, br))));
  store<lanes>(a, sub(sub(mul(w, ai), mul(z, ar)), add(mul(y, bi), mul(x, br))), PAIR);
  store<lanes>(b, add(add(mul(y, ar), mul(x, ai)), sub(mul(w, br), mul(z, bi))));
  store<lanes>(b, add(sub(mul(y, ai), mul(x, ar)), add(mul(w, bi), mul(z, br))), PAIR);
}

/** As `applyUnitary`, on rows that lie together. @param span bytes from one row of a pair to the other */
export function turnRows(rows: usize, bytes: usize, span: usize, coefficients: usize): void {
  for (let lane: usize = 0; lane < PAIR; lane += LANE) {
    const w = load<lanes>(coefficients + lane);
    const x = load<lanes>(coefficients + lane, PAIR);
    const y = load<lanes>(coefficients + lane, 2 * PAIR);
    const z = load<lanes>(coefficients + lane, 3 * PAIR);
    const end = rows + lane + bytes;
    for (let block = rows + lane; block < end; block += 2 * span) {
      for (let a = block; a < block + span; a += ROW) turnPair(a, a + span, w, x, y, z);
    }
  }
}

/** What a pair of rows adds to Im<lambda|X|psi>. */

@inline
function environmentX(
  lar: lanes,
  lai: lanes,
  lbr: lanes,
  lbi: lanes,
  par: lanes,
  pai: lanes,
  pbr: lanes,
  pbi: lanes,
): lanes {
  return add(sub(mul(lar, pbi), mul(lai, pbr)), sub(mul(lbr, pai), mul(lbi, par)));
}

/** What a pair of rows adds to Im<lambda|Y|psi>. */

@inline
function environmentY(
  lar: lanes,
  lai: lanes,
  lbr: lanes,
  lbi: lanes,
  par: lanes,
  pai: lanes,
  pbr: lanes,
  pbi: lanes,
): lanes {
  return sub(add(mul(lbr, par), mul(lbi, pai)), add(mul(lar, pbr), mul(lai, pbi)));
}

/** What a pair of rows adds to Im<lambda|Z|psi>. */

@inline
function environmentZ(
  lar: lanes,
  lai: lanes,
  lbr: lanes,
  lbi: lanes,
  par: lanes,
  pai: lanes,
  pbr: lanes,
  pbi: lanes,
): lanes {
  return sub(sub(mul(lar, pai), mul(lai, par)), sub(mul(lbr, pbi), mul(lbi, pbr)));
}

/**
 * The environment of a one-qubit gate: Im<lambda|X|psi>, Im<lambda|Y|psi>, Im<lambda|Z|psi> of both
 * lanes, stored {x x y y z z} at `to`. Every derivative of a fused gate follows from these three.
 */
export function environment(lambda: usize, psi: usize, bit: u32, to: usize): void {
  if (isWide()) {
    if (bit == 0) {
      environmentAcross(lambda, psi, stateBytes(), to, false);
      return;
    }
    bit--;
  }
  const span = stride() << bit;
  let from: usize = 0;
  let bytes = stateBytes();
  let run = span;
  if (COLUMN_ENGINES && !isWide()) {
    const pairBits = <u32>field(Field.RowBits) - 1;
    const pair = sliceFrom(pairBits);
    const part = <usize>(sliceEnd(pairBits) - pair) * stride();
    from = pairOffset(pair, bit);
    bytes = from + 2 * part;
    run = min(span, part);
  }
  for (let lane: usize = 0; lane < PAIR; lane += LANE) {
    let x = zero();
    let y = zero();
    let z = zero();
    if (!isFirstSlice()) {
      x = load<lanes>(to + lane);
      y = load<lanes>(to + lane, PAIR);
      z = load<lanes>(to + lane, 2 * PAIR);
    }
    for (let block = from + lane; block < bytes; block += 2 * span) {
      for (let a = block; a < block + run; a += ROW) {
        const la = lambda + a;
        const pa = psi + a;
        const lar = load<lanes>(la);
        const lai = load<lanes>(la, PAIR);
        const lbr = load<lanes>(la + span);
        const lbi = load<lanes>(la + span, PAIR);
        const par = load<lanes>(pa);
        const pai = load<lanes>(pa, PAIR);
        const pbr = load<lanes>(pa + span);
        const pbi = load<lanes>(pa + span, PAIR);
        x = add(x, environmentX(lar, lai, lbr, lbi, par, pai, pbr, pbi));
        y = add(y, environmentY(lar, lai, lbr, lbi, par, pai, pbr, pbi));
        z = add(z, environmentZ(lar, lai, lbr, lbi, par, pai, pbr, pbi));
      }
    }
    store<lanes>(to + lane, x);
    store<lanes>(to + lane, y, PAIR);
    store<lanes>(to + lane, z, 2 * PAIR);
  }
}

/** As `environment`, on rows that lie together; goes on with the sums at `to`. */
export function environmentRows(lambda: usize, psi: usize, bytes: usize, span: usize, to: usize): void {
  for (let lane: usize = 0; lane < PAIR; lane += LANE) {
    let x = load<lanes>(to + lane);
    let y = load<lanes>(to + lane, PAIR);
    let z = load<lanes>(to + lane, 2 * PAIR);
    for (let block = lane; block < bytes; block += 2 * span) {
      for (let a = block; a < block + span; a += ROW) {
        const la = lambda + a;
        const pa = psi + a;
        const lar = load<lanes>(la);
        const lai = load<lanes>(la, PAIR);
        const lbr = load<lanes>(la + span);
        const lbi = load<lanes>(la + span, PAIR);
        const par = load<lanes>(pa);
        const pai = load<lanes>(pa, PAIR);
        const pbr = load<lanes>(pa + span);
        const pbi = load<lanes>(pa + span, PAIR);
        x = add(x, environmentX(lar, lai, lbr, lbi, par, pai, pbr, pbi));
        y = add(y, environmentY(lar, lai, lbr, lbi, par, pai, pbr, pbi));
        z = add(z, environmentZ(lar, lai, lbr, lbi, par, pai, pbr, pbi));
      }
    }
    store<lanes>(to + lane, x);
    store<lanes>(to + lane, y, PAIR);
    store<lanes>(to + lane, z, 2 * PAIR);
  }
}

/**
 * psi <- exp(-i angle/2 P) psi for a two-qubit Pauli string XX, YY or ZZ on the row bits of `mask`, with
 * {c c s s} the cosine and sine of angle/2: psi_k <- c psi_k - i s (P psi)_k.
 * @param flips whether P flips the bits (XX, YY)
 * @param phases whether P has the phase of its bits (YY, ZZ)
 */
export function applyPauliRotation(state: usize, mask: u32, flips: bool, phases: bool, angle: usize): void {
  if (isWide()) {
    pauliRotationWide(state, mask, flips, phases, angle);
    return;
  }
  const bits = field(Field.RowBits);
  const end = sliceEnd(bits);
  const width = stride();
  const flip: u32 = flips ? mask : 0;
  const phase: u32 = phases ? mask : 0;
  for (let lane: usize = 0; lane < PAIR; lane += LANE) {
    const c = load<lanes>(angle + lane);
    const s = load<lanes>(angle + lane, PAIR);
    for (let k = sliceFrom(bits); k < end; k++) {
      const j = k ^ flip;
      if (j < k) continue;
      // P|k> = i^|YY| (-1)^parity |j>, and i^2 = -1 for YY; both rows of a pair share the sign.
      const signed = odd(k & phase) != (flips && phases) ? negative(s) : s;
      let a = state + lane + <usize>k * width;
      let b = state + lane + <usize>j * width;
      const rowEnd = a + width;
      do {
        const ar = load<lanes>(a);
        const ai = load<lanes>(a, PAIR);
        const br = load<lanes>(b);
        const bi = load<lanes>(b, PAIR);
        store<lanes>(a, add(mul(c, ar), mul(signed, bi)));
        store<lanes>(a, sub(mul(c, ai), mul(signed, br)), PAIR);
        store<lanes>(b, add(mul(c, br), mul(signed, ai)));
        store<lanes>(b, sub(mul(c, bi), mul(signed, ar)), PAIR);
        a += ROW;
        b += ROW;
      } while (COLUMN_ENGINES && a < rowEnd);
    }
  }
}

/** psi_k <- -psi_k where both bits of `mask` are set: controlled Z, its own inverse. */
export function applyControlledZ(state: usize, mask: u32): void {
  if (isWide()) {
    controlledZWide(state, mask);
    return;
  }
  const bits = field(Field.RowBits);
  const end = sliceEnd(bits);
  const width = stride();
  for (let k = sliceFrom(bits); k < end; k++) {
    if ((k & mask) != mask) continue;
    let at = state + <usize>k * width;
    for (const rowEnd = at + width; at < rowEnd; at += LANE) store<lanes>(at, negative(load<lanes>(at)));
  }
}

/**
 * A run of CNOTs as one permutation of rows: basis state k goes to L k, where L is linear over bits
 * and IMAGES holds the images of the single bits. Walking k in Gray-code order costs one XOR a row.
 * @param inverse read where the forward direction writes
 */
export function permute(to: usize, from: usize, inverse: bool): void {
  if (isWide()) {
    permuteWide(to, from, inverse);
    return;
  }
  const bits = field(Field.RowBits);
  const end = sliceEnd(bits);
  const width = stride();
  let step = sliceFrom(bits);
  if (COLUMN_ENGINES && step == end) return;
  // The Gray code of the first row, and its image.
  let k = COLUMN_ENGINES ? step ^ (step >> 1) : 0;
  let image = COLUMN_ENGINES ? imageOf(k) : 0;
  for (;;) {
    const source = from + <usize>(inverse ? image : k) * width;
    const target = to + <usize>(inverse ? k : image) * width;
    for (let i: usize = 0; i < width; i += LANE) store<lanes>(target + i, load<lanes>(source + i));
    if (++step == end) return;
    const bit = ctz<u32>(step);
    k ^= 1 << bit;
    image ^= load<u32>(IMAGES + ((<usize>bit) << 2));
  }
}

/** Where a run of CNOTs takes a row. */
export function imageOf(row: u32): u32 {
  let image: u32 = 0;
  for (; row != 0; row &= row - 1) image ^= load<u32>(IMAGES + ((<usize>ctz<u32>(row)) << 2));
  return image;
}
