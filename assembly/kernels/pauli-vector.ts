/**
 * Kernels over Pauli vectors: the real coefficients of all 4^c Pauli strings on c sites. Digit s of the
 * index, base 4, is the letter on site s: I 0, X 1, Y 2, Z 3. An observable is such a vector, and so is a
 * state, by its expectations; a one-qubit gate turns the letters X, Y, Z of its site, a Clifford gate
 * permutes strings up to sign.
 *
 * Runs of strings are taken two at a time as lanes (state.ts); the lowest site, where the letters are
 * neighbours, one by one. Sums of lanes are added last, first lane plus second.
 *
 * A kernel takes the strings of its slice (slices.ts): of one that goes by a site, the strings of all other sites are
 * what is cut. Sums wait for the next slice where they are to be in the end.
 */
import { PAIR, REAL } from '../memory/reals';
import { MEMORY_GROWS } from '../profile';
import { isFirstSlice, isLastSlice, sliceEnd, sliceFrom } from './slices';
import { LANE, add, mul, splat, sub, zero } from './state';

/** Bytes of a vector over so many sites, and the distance of two letters on a site of that number. */
export function vectorBytes(sites: u32): usize {
  return REAL << (2 * sites);
}

/** First string of the slice, in bytes. */
@inline
function stringsFrom(sites: u32): usize {
  return <usize>sliceFrom(2 * sites) * REAL;
}


@inline
function stringsEnd(sites: u32): usize {
  return <usize>sliceEnd(2 * sites) * REAL;
}

export function clearVector(vector: usize, sites: u32): void {
  const end = vector + stringsEnd(sites);
  if (sites == 0) store<real>(vector, 0);
  else for (let a = vector + stringsFrom(sites); a < end; a += LANE) store<lanes>(a, zero());
}

/** Copies a vector, as one that meets real states: Y is -i J with J real, so that strings with two Y too many change sign, and those with an odd number do not count. */
export function copyReal(to: usize, from: usize, sites: u32): void {
  const end = sliceEnd(2 * sites);
  for (let string = sliceFrom(2 * sites); string < end; string++) {
    const letters = popcnt<u32>((string >> 1) & ~string & 0x55555555);
    const at = <usize>string * REAL;
    const value = load<real>(from + at);
    store<real>(to + at, (letters & 1) != 0 ? 0 : (letters & 2) != 0 ? -value : value);
  }
}

/** The letters I, X, J, Z of one site to elements 00, 01, 10, 11, or the transpose: the same sums and differences. */
export function mixLetters(vector: usize, sites: u32, site: u32): void {
  const from = restFrom(sites);
  const end = restEnd(sites);
  const span = vectorBytes(site);
  const run = min(span, end - from);
  const last = vector + placeOfRest(end - run, site);
  for (let block = vector + placeOfRest(from, site); block <= last; block += 4 * span) {
    for (let a = block; a < block + run; a += REAL) {
      const p0 = load<real>(a);
      const p1 = load<real>(a + span);
      const p2 = load<real>(a + 2 * span);
      const p3 = load<real>(a + 3 * span);
      store<real>(a, p0 + p3);
      store<real>(a + span, p1 + p2);
      store<real>(a + 2 * span, p1 - p2);
      store<real>(a + 3 * span, p0 - p3);
    }
  }
}

// Where the letters of a site lie: strings [from, end) of the other sites, in bytes, come in runs of `run`, each `jump`
// behind the one before; the letters of one string are `span` apart.

/** First string of the slice that a kernel by one site takes, in bytes: over all other sites. */
@inline
function restFrom(sites: u32): usize {
  return <usize>sliceFrom(2 * sites - 2) * REAL;
}


@inline
function restEnd(sites: u32): usize {
  return <usize>sliceEnd(2 * sites - 2) * REAL;
}

/** Where a string of the other sites, in bytes, is in the vector, with I on the site. */
@inline
function placeOfRest(rest: usize, site: u32): usize {
  const below = vectorBytes(site) - 1;
  return ((rest & ~below) << 2) + (rest & below);
}

/**
 * Turns the letters of one site: (X, Y, Z) <- T (X, Y, Z).
 * @param turn T, nine reals, row by row
 * @param transposed takes the transpose of T instead
 */
export function turnSite(vector: usize, sites: u32, site: u32, turn: usize, transposed: bool): void {
  const from = restFrom(sites);
  const end = restEnd(sites);
  const across: usize = transposed ? 3 * REAL : REAL;
  const down: usize = transposed ? REAL : 3 * REAL;
  if (site == 0) {
    const xx = load<real>(turn);
    const xy = load<real>(turn + across);
    const xz = load<real>(turn + 2 * across);
    const yx = load<real>(turn + down);
    const yy = load<real>(turn + down + across);
    const yz = load<real>(turn + down + 2 * across);
    const zx = load<real>(turn + 2 * down);
    const zy = load<real>(turn + 2 * down + across);
    const zz = load<real>(turn + 2 * down + 2 * across);
    const last = vector + 4 * end;
    for (let a = vector + 4 * from; a < last; a += 4 * REAL) {
      const x = load<real>(a, REAL);
      const y = load<real>(a, 2 * REAL);
      const z = load<real>(a, 3 * REAL);
      store<real>(a, xx * x + xy * y + xz * z, REAL);
      store<real>(a, yx * x + yy * y + yz * z, 2 * REAL);
      store<real>(a, zx * x + zy * y + zz * z, 3 * REAL);
    }
    return;
  }
  const span = vectorBytes(site);
  const run = min(span, end - from);
  const xx = splat(turn);
  const xy = splat(turn + across);
  const xz = splat(turn + 2 * across);
  const yx = splat(turn + down);
  const yy = splat(turn + down + across);
  const yz = splat(turn + down + 2 * across);
  const zx = splat(turn + 2 * down);
  const zy = splat(turn + 2 * down + across);
  const zz = splat(turn + 2 * down + 2 * across);
  const last = vector + placeOfRest(end - run, site) + span;
  for (let block = vector + placeOfRest(from, site) + span; block <= last; block += 4 * span) {
    const behind = block + run;
    for (let a = block; a < behind; a += LANE) {
      const b = a + span;
      const c = b + span;
      const x = load<lanes>(a);
      const y = load<lanes>(b);
      const z = load<lanes>(c);
      store<lanes>(a, add(add(mul(xx, x), mul(xy, y)), mul(xz, z)));
      store<lanes>(b, add(add(mul(yx, x), mul(yy, y)), mul(yz, z)));
      store<lanes>(c, add(add(mul(zx, x), mul(zy, y)), mul(zz, z)));
    }
  }
}

/** Adds the two lanes of three sums at `to` into the first of each, packed {x y z}. */
function packSums(to: usize): void {
  if (!isLastSlice()) return;
  for (let axis: usize = 0; axis < 3; axis++) {
    store<real>(to + axis * REAL, load<real>(to + axis * PAIR) + load<real>(to + axis * PAIR, REAL));
  }
}

/** Clears the three sums at `to`, both lanes, before the first slice adds to them. */
function readySums(to: usize): void {
  if (!isFirstSlice()) return;
  for (let i: usize = 0; i < 3 * PAIR; i += REAL) store<real>(to + i, 0);
}

/** The cross product sum_rest s x a of the letters of one site of two vectors, {x y z} at `to`, which has room for three pairs. */
export function crossSite(s: usize, a: usize, sites: u32, site: u32, to: usize): void {
  const from = restFrom(sites);
  const end = restEnd(sites);
  readySums(to);
  if (site == 0) {
    let ex = load<real>(to);
    let ey = load<real>(to, REAL);
    let ez = load<real>(to, 2 * REAL);
    for (let i: usize = 4 * from; i < 4 * end; i += 4 * REAL) {
      const sx = load<real>(s + i, REAL);
      const sy = load<real>(s + i, 2 * REAL);
      const sz = load<real>(s + i, 3 * REAL);
      const ax = load<real>(a + i, REAL);
      const ay = load<real>(a + i, 2 * REAL);
      const az = load<real>(a + i, 3 * REAL);
      ex += sy * az - sz * ay;
      ey += sz * ax - sx * az;
      ez += sx * ay - sy * ax;
    }
    store<real>(to, ex);
    store<real>(to, ey, REAL);
    store<real>(to, ez, 2 * REAL);
    return;
  }
  const span = vectorBytes(site);
  const run = min(span, end - from);
  const first = placeOfRest(from, site) + span;
  const last = placeOfRest(end - run, site) + span;
  for (let lane: usize = 0; lane < PAIR; lane += LANE) {
    let ex = load<lanes>(to + lane);
    let ey = load<lanes>(to + lane, PAIR);
    let ez = load<lanes>(to + lane, 2 * PAIR);
    for (let block = first; block <= last; block += 4 * span) {
      const behind = block + run;
      for (let i = block + lane; i < behind; i += PAIR) {
        const s0 = s + i;
        const s1 = s0 + span;
        const s2 = s1 + span;
        const a0 = a + i;
        const a1 = a0 + span;
        const a2 = a1 + span;
        const sx = load<lanes>(s0);
        const sy = load<lanes>(s1);
        const sz = load<lanes>(s2);
        const ax = load<lanes>(a0);
        const ay = load<lanes>(a1);
        const az = load<lanes>(a2);
        ex = add(ex, sub(mul(sy, az), mul(sz, ay)));
        ey = add(ey, sub(mul(sz, ax), mul(sx, az)));
        ez = add(ez, sub(mul(sx, ay), mul(sy, ax)));
      }
    }
    store<lanes>(to + lane, ex);
    store<lanes>(to + lane, ey, PAIR);
    store<lanes>(to + lane, ez, 2 * PAIR);
  }
  packSums(to);
}

/** One site less: to <- I + r.(X, Y, Z), where the site's qubit is in the state of Bloch vector r. */
export function contractSite(to: usize, vector: usize, sites: u32, site: u32, bloch: usize): void {
  const from = restFrom(sites);
  const end = restEnd(sites);
  to += from;
  // One real at a time, the general way takes letters that are neighbours as well.
  if (isVector<lanes>() && site == 0) {
    const x = load<real>(bloch);
    const y = load<real>(bloch, REAL);
    const z = load<real>(bloch, 2 * REAL);
    const last = vector + 4 * end;
    for (let a = vector + 4 * from; a < last; a += 4 * REAL) {
      const along = x * load<real>(a, REAL) + y * load<real>(a, 2 * REAL) + z * load<real>(a, 3 * REAL);
      store<real>(to, load<real>(a) + along);
      to += REAL;
    }
    return;
  }
  const span = vectorBytes(site);
  const run = min(span, end - from);
  const x = splat(bloch);
  const y = splat(bloch + REAL);
  const z = splat(bloch + 2 * REAL);
  const last = vector + placeOfRest(end - run, site);
  for (let block = vector + placeOfRest(from, site); block <= last; block += 4 * span) {
    for (let a = block; a < block + run; a += LANE) {
      const along = add(
        add(mul(x, load<lanes>(a + span)), mul(y, load<lanes>(a + 2 * span))),
        mul(z, load<lanes>(a + 3 * span)),
      );
      store<lanes>(to, add(load<lanes>(a), along));
      to += LANE;
    }
  }
}

/**
 * The vector sum_rest s (X, Y, Z) of one site, with s a vector that has this site less: {x y z} at `to`, which has room
 * for three pairs.
 */
export function contractedSums(s: usize, vector: usize, sites: u32, site: u32, to: usize): void {
  const begin = restFrom(sites);
  const end = restEnd(sites);
  readySums(to);
  if (site == 0) {
    let x = load<real>(to);
    let y = load<real>(to, REAL);
    let z = load<real>(to, 2 * REAL);
    for (let i = begin; i < end; i += REAL) {
      const weight = load<real>(s + i);
      const a = vector + 4 * i;
      x += weight * load<real>(a, REAL);
      y += weight * load<real>(a, 2 * REAL);
      z += weight * load<real>(a, 3 * REAL);
    }
    store<real>(to, x);
    store<real>(to, y, REAL);
    store<real>(to, z, 2 * REAL);
    return;
  }
  const span = vectorBytes(site);
  const run = min(span, end - begin);
  const first = vector + placeOfRest(begin, site) + span;
  const last = vector + placeOfRest(end - run, site) + span;
  for (let lane: usize = 0; lane < PAIR; lane += LANE) {
    let x = load<lanes>(to + lane);
    let y = load<lanes>(to + lane, PAIR);
    let z = load<lanes>(to + lane, 2 * PAIR);
    let from = s + begin + lane;
    for (let block = first; block <= last; block += 4 * span) {
      for (let a = block + lane; a < block + run; a += PAIR) {
        const weight = load<lanes>(from);
        x = add(x, mul(weight, load<lanes>(a)));
        y = add(y, mul(weight, load<lanes>(a + span)));
        z = add(z, mul(weight, load<lanes>(a + 2 * span)));
        from += PAIR;
      }
    }
    store<lanes>(to + lane, x);
    store<lanes>(to + lane, y, PAIR);
    store<lanes>(to + lane, z, 2 * PAIR);
  }
  packSums(to);
}

/**
 * One site more, in place: the product with a qubit in the state of Bloch vector r, the transpose of
 * `contractSite`. Strings are moved from the top down, and slices taken so, that none is overwritten before it is read.
 * @param sites with the new one
 */
export function expandSite(vector: usize, sites: u32, site: u32, bloch: usize): void {
  const all = vectorBytes(sites - 1);
  const from = all - restEnd(sites);
  const end = all - restFrom(sites);
  // One real at a time, the general way takes letters that are neighbours as well.
  if (isVector<lanes>() && site == 0) {
    const x = load<real>(bloch);
    const y = load<real>(bloch, REAL);
    const z = load<real>(bloch, 2 * REAL);
    for (let i = end; i > from;) {
      i -= REAL;
      const value = load<real>(vector + i);
      const target = vector + 4 * i;
      store<real>(target, z * value, 3 * REAL);
      store<real>(target, y * value, 2 * REAL);
      store<real>(target, x * value, REAL);
      store<real>(target, value);
    }
    return;
  }
  const span = vectorBytes(site);
  const run = min(span, end - from);
  const x = splat(bloch);
  const y = splat(bloch + REAL);
  const z = splat(bloch + 2 * REAL);
  for (let block = end; block > from;) {
    block -= run;
    const source = vector + block;
    const target = vector + placeOfRest(block, site);
    for (let i: usize = 0; i < run; i += LANE) {
      const value = load<lanes>(source + i);
      store<lanes>(target + i, value);
      store<lanes>(target + span + i, mul(x, value));
      store<lanes>(target + 2 * span + i, mul(y, value));
      store<lanes>(target + 3 * span + i, mul(z, value));
    }
  }
}

// ---- Clifford gates ----------------------------------------------------------------------------
//
// A string becomes another one, up to its sign. Without sites that leave, the numbers of a table are the images, with
// the sign in the lowest bit. Of k sites that leave with the gate, the letters say by how much a string counts: the
// product of their Bloch components, w_c for all 4^k, then -w_c; behind these weights are as many sums, the derivatives
// by them. The numbers then are a list of the strings on the sites that stay, and for each of them a group of 2^b
// strings that become it, with the number of their weight in the lowest 2 k + 1 bits.

/** The weights without any site: +1, -1 in the end. */
export function beginWeights(weights: usize): void {
  store<real>(weights, 1);
}

/** The weights with one site more, as the highest. @param k sites before */
export function extendWeights(weights: usize, k: u32, bloch: usize): void {
  const span = vectorBytes(k);
  let to = weights + span;
  for (let letter: usize = 0; letter < 3 * REAL; letter += REAL) {
    const r = load<real>(bloch + letter);
    for (let at = weights; at < weights + span; at += REAL) {
      store<real>(to, r * load<real>(at));
      to += REAL;
    }
  }
}

/** The weights of the other sign, behind those of all k sites. */
export function closeWeights(weights: usize, k: u32): void {
  const span = vectorBytes(k);
  for (let at = weights; at < weights + span; at += REAL) store<real>(at + span, -load<real>(at));
}

/** Number i of a table. */
@inline
export function numberAt(numbers: usize, long: bool, i: u32): u32 {
  if (MEMORY_GROWS && long) return load<u32>(numbers + ((<usize>i) << 2));
  return load<u16>(numbers + ((<usize>i) << 1));
}

/** Every string becomes its image. @param to of zeros */
export function scatterImages(to: usize, vector: usize, sites: u32, numbers: usize, long: bool): void {
  const end = sliceEnd(2 * sites);
  for (let i = sliceFrom(2 * sites); i < end; i++) {
    const image = numberAt(numbers, long, i);
    const value = load<real>(vector + <usize>i * REAL);
    store<real>(to + <usize>(image >> 1) * REAL, (image & 1) != 0 ? -value : value);
  }
}

/** The transpose of `scatterImages`: every string takes what its image was. */
export function gatherImages(to: usize, vector: usize, sites: u32, numbers: usize, long: bool): void {
  const end = sliceEnd(2 * sites);
  for (let i = sliceFrom(2 * sites); i < end; i++) {
    const image = numberAt(numbers, long, i);
    const value = load<real>(vector + <usize>(image >> 1) * REAL);
    store<real>(to + <usize>i * REAL, (image & 1) != 0 ? -value : value);
  }
}

/** Every string adds to its image by its weight. @param to of zeros @param b groups are of 2^b strings */
export function scatterGroups(
  to: usize,
  vector: usize,
  sites: u32,
  numbers: usize,
  b: u32,
  k: u32,
  weights: usize,
): void {
  const shift = 2 * k + 1;
  const mask = ((<u32>1) << shift) - 1;
  const groups = (<u32>1) << (2 * sites - b);
  const size = (<u32>1) << b;
  const end = sliceEnd(2 * sites - b);
  for (let group = sliceFrom(2 * sites - b); group < end; group++) {
    let sum: real = 0;
    const behind = groups + (group + 1) * size;
    for (let i = behind - size; i < behind; i++) {
      const number = numberAt(numbers, false, i);
      const weight = load<real>(weights + <usize>(number & mask) * REAL);
      sum += weight * load<real>(vector + <usize>(number >> shift) * REAL);
    }
    store<real>(to + <usize>numberAt(numbers, false, group) * REAL, sum);
  }
}

/** The sums behind the weights to zero. */
export function clearLetterSums(weights: usize, k: u32): void {
  const bytes: usize = 2 * vectorBytes(k);
  for (let at = weights + bytes; at < weights + 2 * bytes; at += REAL) store<real>(at, 0);
}

/**
 * The transpose of `scatterGroups`, with the derivatives by all weights: sum a_i s_image over the strings i of a weight.
 */
export function gatherGroups(
  to: usize,
  vector: usize,
  a: usize,
  sites: u32,
  numbers: usize,
  b: u32,
  k: u32,
  weights: usize,
): void {
  const shift = 2 * k + 1;
  const mask = ((<u32>1) << shift) - 1;
  const sums: usize = 2 * vectorBytes(k);
  const groups = (<u32>1) << (2 * sites - b);
  const size = (<u32>1) << b;
  const end = sliceEnd(2 * sites - b);
  for (let group = sliceFrom(2 * sites - b); group < end; group++) {
    const value = load<real>(vector + <usize>numberAt(numbers, false, group) * REAL);
    const behind = groups + (group + 1) * size;
    for (let i = behind - size; i < behind; i++) {
      const number = numberAt(numbers, false, i);
      const string = <usize>(number >> shift) * REAL;
      const weight = weights + <usize>(number & mask) * REAL;
      store<real>(to + string, load<real>(weight) * value);
      const sum = weight + sums;
      store<real>(sum, load<real>(sum) + load<real>(a + string) * value);
    }
  }
}

/** The sums of both signs as one. */
export function joinLetterSums(weights: usize, k: u32): void {
  const span = vectorBytes(k);
  const sums = weights + 2 * span;
  for (let at = sums; at < sums + span; at += REAL) store<real>(at, load<real>(at) - load<real>(at + span));
}

/**
 * The derivatives by the Bloch components of the highest of k + 1 sites, {x y z} at `to`; the sums are then those of k
 * sites.
 */
export function leaveSums(weights: usize, sums: usize, k: u32, bloch: usize, to: usize): void {
  const span = vectorBytes(k);
  for (let letter: usize = 0; letter < 3; letter++) {
    const r = load<real>(bloch + letter * REAL);
    const from = sums + (letter + 1) * span;
    let sum: real = 0;
    for (let i: usize = 0; i < span; i += REAL) {
      const value = load<real>(from + i);
      sum += load<real>(weights + i) * value;
      store<real>(sums + i, load<real>(sums + i) + r * value);
    }
    store<real>(to + letter * REAL, sum);
  }
}

/** First string of the pair that a two-site rotation turns, and the second, as letters on sites a and b. */
export function pairOf(axis: u32, which: u32): u32 {
  const k = axis + 1;
  const m = ((axis + 1) % 3) + 1;
  const l = ((axis + 2) % 3) + 1;
  // (m I, l k), (m k, l I), (I m, k l), (k m, I l): letters a, b of both strings.
  if (which == 0) return m | (l << 8) | (k << 12);
  if (which == 1) return m | (k << 4) | (l << 8);
  if (which == 2) return (m << 4) | (k << 8) | (l << 12);
  return k | (m << 4) | (l << 12);
}

/**
 * A rotation exp(-i angle/2 P) about XX, YY or ZZ on two sites: turns four planes of strings,
 * p <- c p + s q, q <- c q - s p. With s < 0 its transpose. Also the sum over the planes of (q of a)(p of b) - (p of a)(q of b)
 * with the vector as it was as b, and a at `other`: the derivative by the angle, for a of the same time.
 * @param to where the sum is to be
 */
export function turnPair(
  vector: usize,
  sites: u32,
  siteA: u32,
  siteB: u32,
  axis: u32,
  c: real,
  s: real,
  other: usize,
  to: usize,
): void {
  const spanA = vectorBytes(siteA);
  const spanB = vectorBytes(siteB);
  const letters: usize = 3 * (spanA + spanB);
  const end = vector + stringsEnd(sites);
  let sum: real = isFirstSlice() ? 0 : load<real>(to);
  for (let base = vector + stringsFrom(sites); base < end; base += REAL) {
    // Every string with I on both sites once.
    if (((base - vector) & letters) != 0) continue;
    for (let which: u32 = 0; which < 4; which++) {
      const pair = pairOf(axis, which);
      const p = base + <usize>(pair & 15) * spanA + <usize>((pair >> 4) & 15) * spanB;
      const q = base + <usize>((pair >> 8) & 15) * spanA + <usize>(pair >> 12) * spanB;
      const a = load<real>(p);
      const b = load<real>(q);
      sum += load<real>(other + (q - vector)) * a - load<real>(other + (p - vector)) * b;
      store<real>(p, c * a + s * b);
      store<real>(q, c * b - s * a);
    }
  }
  store<real>(to, sum);
}
