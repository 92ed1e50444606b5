/**
 * Pauli vectors of two samples side by side, for mixed states: rho = 2^-n sum_P s_P P with s_P = <P>, real numbers
 * [string]{lane 0, lane 1}. The letters of a string are I, X, Y, Z = 0 ... 3, two bits a site, and site b is row bit b.
 *
 * What a gate does to a vector it does to pairs of strings, the planes (p, q): a rotation turns them, a CNOT or CZ
 * exchanges them. Observables are vectors too; they go through a gate's planes the other way round.
 */
import { PAIR, REAL, get } from '../memory/reals';
import { LANE, add, mul, negative, splat, sub, zero } from './state';

/** Bytes of a vector over so many sites, and the distance of two letters on a site of that number. */
export function pairBytes(sites: u32): usize {
  return PAIR << (2 * sites);
}

/** Every second bit: those of a mask over sites, where letters have theirs. */
function spread(mask: u32): u32 {
  mask = (mask | (mask << 8)) & 0x00ff00ff;
  mask = (mask | (mask << 4)) & 0x0f0f0f0f;
  mask = (mask | (mask << 2)) & 0x33333333;
  return (mask | (mask << 1)) & 0x55555555;
}

/** The number of a string by its masks: X where only `x` is set, Z where only `z` is, Y where both are. */
export function stringOf(x: u32, z: u32): u32 {
  return spread(x ^ z) | (spread(z) << 1);
}

/** The place of a string in a vector. */
export function stringAt(vector: usize, x: u32, z: u32): usize {
  return vector + <usize>stringOf(x, z) * PAIR;
}

/** All numbers of a vector to zero. */
export function clearVector(vector: usize, sites: u32): void {
  const end = vector + pairBytes(sites);
  for (let at = vector; at < end; at += LANE) store<lanes>(at, zero());
}

/** Copies a vector. */
export function copyVector(to: usize, from: usize, sites: u32): void {
  const bytes = pairBytes(sites);
  for (let i: usize = 0; i < bytes; i += LANE) store<lanes>(to + i, load<lanes>(from + i));
}

/** Sum and difference of neighbours, bit by bit: rows [row]{lane 0, lane 1} by signs (Walsh and Hadamard). */
export function transformRows(rows: usize, bits: u32): void {
  const end = PAIR << bits;
  for (let span = PAIR; span < end; span <<= 1) {
    for (let block = rows; block < rows + end; block += 2 * span) {
      for (let at = block; at < block + span; at += LANE) {
        const a = load<lanes>(at);
        const b = load<lanes>(at + span);
        store<lanes>(at, add(a, b));
        store<lanes>(at + span, sub(a, b));
      }
    }
  }
}

/**
 * The vector of real amplitudes: <P> = i^|x & z| sum_k (-1)^|k & z| psi_k psi_(k ^ x), of which those with an odd number
 * of Y are zero. For every x one transform gives all z.
 * @param amplitudes rows {re re im im}, of which the imaginary parts are not looked at
 * @param rows room for 2^sites pairs
 */
export function vectorOfAmplitudes(vector: usize, amplitudes: usize, sites: u32, rows: usize): void {
  const count = (<u32>1) << sites;
  for (let x: u32 = 0; x < count; x++) {
    for (let k: u32 = 0; k < count; k++) {
      const a = amplitudes + <usize>k * (2 * PAIR);
      const b = amplitudes + <usize>(k ^ x) * (2 * PAIR);
      for (let lane: usize = 0; lane < PAIR; lane += LANE)
        store<lanes>(rows + <usize>k * PAIR + lane, mul(load<lanes>(a + lane), load<lanes>(b + lane)));
    }
    transformRows(rows, sites);
    for (let z: u32 = 0; z < count; z++) {
      const letters = popcnt<u32>(x & z);
      const to = stringAt(vector, x, z);
      for (let lane: usize = 0; lane < PAIR; lane += LANE) {
        const sum = load<lanes>(rows + <usize>z * PAIR + lane);
        store<lanes>(to + lane, (letters & 1) != 0 ? zero() : (letters & 2) != 0 ? negative(sum) : sum);
      }
    }
  }
}

/**
 * The probabilities of the outcomes of a string's letters, each in its basis, at `to`: rows of which the bits without a
 * letter are 0.
 */
export function stringProbabilities(vector: usize, sites: u32, x: u32, z: u32, to: usize): void {
  const count = (<u32>1) << sites;
  const letters = x | z;
  const share: real = <real>1 / <real>((<u32>1) << popcnt<u32>(letters));
  for (let row: u32 = 0; row < count; row++) {
    const from = stringAt(vector, x & row, z & row);
    const seen = (row & ~letters) == 0;
    const at = to + <usize>row * PAIR;
    store<real>(at, seen ? load<real>(from) : 0);
    store<real>(at, seen ? load<real>(from, REAL) : 0, REAL);
  }
  transformRows(to, sites);
  for (let row: u32 = 0; row < count; row++) {
    for (let lane: usize = 0; lane < PAIR; lane += REAL) {
      const at = to + <usize>row * PAIR + lane;
      const chance = share * load<real>(at);
      store<real>(at, (row & ~letters) != 0 || chance < 0 ? 0 : chance);
    }
  }
}

/** The probabilities of all rows [row]{lane 0, lane 1}, at `to`. What rounding has left below zero is zero. */
export function rowProbabilities(vector: usize, sites: u32, to: usize): void {
  const count = (<u32>1) << sites;
  const share: real = <real>1 / <real>count;
  for (let z: u32 = 0; z < count; z++) {
    const from = stringAt(vector, 0, z);
    store<real>(to + <usize>z * PAIR, load<real>(from));
    store<real>(to + <usize>z * PAIR, load<real>(from, REAL), REAL);
  }
  transformRows(to, sites);
  for (let i = 0; i < <i32>(2 * count); i++) {
    const at = to + <usize>i * REAL;
    const chance = share * load<real>(at);
    // What is no number stays what it is.
    store<real>(at, chance < 0 ? 0 : chance);
  }
}

// ---- gates -------------------------------------------------------------------------------------

/** Set in a plane whose strings change their signs. */
const MINUS: u32 = 0x10000;

/**
 * What a CNOT exchanges, or a CZ: the letters a, b of p, then of q, four bits each. Constants, because a table would be in
 * the modules without noise too.
 */
function exchanged(isCnot: bool, which: u32): u32 {
  switch (which) {
    case 0:
      return isCnot ? 0x1101 : 0x3101; // XI XX, XI XZ
    case 1:
      return isCnot ? 0x3330 : 0x1310; // IZ ZZ, IX ZX
    case 2:
      return isCnot ? 0x1202 : 0x3202; // YI YX, YI YZ
    case 3:
      return 0x2320; // IY ZY
    case 4:
      return isCnot ? 0x3221 : 0x2211; // XY YZ, XX YY
    default:
      return isCnot ? 0x2231 | MINUS : 0x1221 | MINUS; // XZ -YY, XY -YX
  }
}

/** Offset of a plane's string from the one with I on both sites. @param letters on site a, then b, four bits each */
function offset(letters: u32, siteA: u32, siteB: u32): usize {
  return <usize>(letters & 15) * pairBytes(siteA) + <usize>((letters >> 4) & 15) * pairBytes(siteB);
}

/** Exchanges two strings, of the same letters elsewhere. */
function exchangePlane(vector: usize, sites: u32, siteA: u32, siteB: u32, plane: u32): void {
  const end = vector + pairBytes(sites);
  const low = pairBytes(min(siteA, siteB));
  const high = pairBytes(max(siteA, siteB));
  const p = offset(plane & 0xff, siteA, siteB);
  const q = offset((plane >> 8) & 0xff, siteA, siteB);
  const minus = (plane & MINUS) != 0;
  for (let outer = vector; outer < end; outer += 4 * high) {
    for (let inner = outer; inner < outer + high; inner += 4 * low) {
      for (let at = inner; at < inner + low; at += LANE) {
        const a = load<lanes>(at + p);
        const b = load<lanes>(at + q);
        store<lanes>(at + p, minus ? negative(b) : b);
        store<lanes>(at + q, minus ? negative(a) : a);
      }
    }
  }
}

/** A CNOT of a controlling b, or a CZ, either way. */
export function exchangePairs(vector: usize, sites: u32, a: u32, b: u32, isCnot: bool): void {
  for (let which: u32 = 0; which < 6; which++) exchangePlane(vector, sites, a, b, exchanged(isCnot, which));
}

/**
 * A rotation's plane: p <- c p - s q, q <- c q + s p, in all strings of the same letters elsewhere.
 * @param low, high distances of letters on its sites; of a rotation on one site `high` is the whole vector
 * @param angles cosine and sine of the whole angle {c c s s}
 */
export function turnPlane(
  vector: usize,
  sites: u32,
  low: usize,
  high: usize,
  p: usize,
  q: usize,
  angles: usize,
): void {
  const end = vector + pairBytes(sites);
  for (let lane: usize = 0; lane < PAIR; lane += LANE) {
    const c = load<lanes>(angles + lane);
    const s = load<lanes>(angles + lane, PAIR);
    for (let outer = vector; outer < end; outer += 4 * high) {
      for (let inner = outer; inner < outer + high; inner += 4 * low) {
        for (let at = inner + lane; at < inner + low; at += PAIR) {
          const a = load<lanes>(at + p);
          const b = load<lanes>(at + q);
          store<lanes>(at + p, sub(mul(c, a), mul(s, b)));
          store<lanes>(at + q, add(mul(c, b), mul(s, a)));
        }
      }
    }
  }
}

/**
 * The derivative of sum_P a_P s_P by the angle of a plane, for observable and state of the same time, on either side of
 * the rotation: sum (q of a)(p of s) - (p of a)(q of s), added to {lane 0, lane 1} at `to`.
 */
export function slopeOfPlane(
  observable: usize,
  state: usize,
  sites: u32,
  low: usize,
  high: usize,
  p: usize,
  q: usize,
  to: usize,
): void {
  const bytes = pairBytes(sites);
  for (let lane: usize = 0; lane < PAIR; lane += LANE) {
    let sum = load<lanes>(to + lane);
    for (let outer: usize = 0; outer < bytes; outer += 4 * high) {
      for (let inner = outer; inner < outer + high; inner += 4 * low) {
        for (let i = inner + lane; i < inner + low; i += PAIR) {
          const up = mul(load<lanes>(observable + i + q), load<lanes>(state + i + p));
          sum = add(sum, sub(up, mul(load<lanes>(observable + i + p), load<lanes>(state + i + q))));
        }
      }
    }
    store<lanes>(to + lane, sum);
  }
}

// ---- channels ----------------------------------------------------------------------------------

/**
 * A channel on one site, for a state: X, Y <- t X + u I, and Z <- l Z + w I.
 * @param action t, l, u, w: program/channels.ts
 */
export function pushChannel(vector: usize, sites: u32, site: u32, action: usize): void {
  const end = vector + pairBytes(sites);
  const span = pairBytes(site);
  const across = splat(action);
  const along = splat(action + REAL);
  const toAcross = splat(action + 2 * REAL);
  const toAlong = splat(action + 3 * REAL);
  const flat = get(action, 2) == 0;
  for (let block = vector; block < end; block += 4 * span) {
    for (let at = block; at < block + span; at += LANE) {
      const one = load<lanes>(at);
      const x = mul(across, load<lanes>(at + span));
      const y = mul(across, load<lanes>(at + 2 * span));
      const z = mul(along, load<lanes>(at + 3 * span));
      store<lanes>(at + span, flat ? x : add(x, mul(toAcross, one)));
      store<lanes>(at + 2 * span, flat ? y : add(y, mul(toAcross, one)));
      store<lanes>(at + 3 * span, add(z, mul(toAlong, one)));
    }
  }
}

/** The same for an observable, which goes back through it: the transpose, I <- I + u (X + Y) + w Z. */
export function pullChannel(vector: usize, sites: u32, site: u32, action: usize): void {
  const end = vector + pairBytes(sites);
  const span = pairBytes(site);
  const across = splat(action);
  const along = splat(action + REAL);
  const toAcross = splat(action + 2 * REAL);
  const toAlong = splat(action + 3 * REAL);
  for (let block = vector; block < end; block += 4 * span) {
    for (let at = block; at < block + span; at += LANE) {
      const x = load<lanes>(at + span);
      const y = load<lanes>(at + 2 * span);
      const z = load<lanes>(at + 3 * span);
      const moved = add(mul(toAcross, add(x, y)), mul(toAlong, z));
      store<lanes>(at, add(load<lanes>(at), moved));
      store<lanes>(at + span, mul(across, x));
      store<lanes>(at + 2 * span, mul(across, y));
      store<lanes>(at + 3 * span, mul(along, z));
    }
  }
}
