/**
 * Kernels over Pauli vectors: the real coefficients of all 4^c Pauli strings on c sites. Digit s of the
 * index, base 4, is the letter on site s: I 0, X 1, Y 2, Z 3. An observable is such a vector, and so is a
 * state, by its expectations; a one-qubit gate turns the letters X, Y, Z of its site, a Clifford gate
 * permutes strings up to sign.
 *
 * Runs of strings are taken two at a time as lanes (state.ts); the lowest site, where the letters are
 * neighbours, one by one. Sums of lanes are added last, first lane plus second.
 */
import { PAIR, REAL } from '../memory/reals';
import { LANE, add, mul, splat, sub, zero } from './state';

/** Bytes of a vector over so many sites, and the distance of two letters on a site of that number. */
export function vectorBytes(sites: u32): usize {
  return REAL << (2 * sites);
}

export function clearVector(vector: usize, sites: u32): void {
  const end = vector + vectorBytes(sites);
  if (sites == 0) store<real>(vector, 0);
  else for (let a = vector; a < end; a += LANE) store<lanes>(a, zero());
}

export function copyVector(to: usize, from: usize, sites: u32): void {
  const bytes = vectorBytes(sites);
  for (let i: usize = 0; i < bytes; i += REAL) store<real>(to + i, load<real>(from + i));
}

/**
 * Turns the letters of one site: (X, Y, Z) <- T (X, Y, Z).
 * @param turn T, nine reals, row by row
 * @param transposed takes the transpose of T instead
 */
export function turnSite(vector: usize, sites: u32, site: u32, turn: usize, transposed: bool): void {
  const end = vector + vectorBytes(sites);
  const across: usize = transposed ? 3 * REAL : REAL;
  const down: usize = transposed ? REAL : 3 * REAL;
  if (site == 0) {
    for (let a = vector; a < end; a += 4 * REAL) {
      const x = load<real>(a, REAL);
      const y = load<real>(a, 2 * REAL);
      const z = load<real>(a, 3 * REAL);
      let row = turn;
      for (let to = a + REAL; to <= a + 3 * REAL; to += REAL) {
        store<real>(
          to,
          load<real>(row) * x + load<real>(row + across) * y + load<real>(row + 2 * across) * z,
        );
        row += down;
      }
    }
    return;
  }
  const span = vectorBytes(site);
  const xx = splat(turn);
  const xy = splat(turn + across);
  const xz = splat(turn + 2 * across);
  const yx = splat(turn + down);
  const yy = splat(turn + down + across);
  const yz = splat(turn + down + 2 * across);
  const zx = splat(turn + 2 * down);
  const zy = splat(turn + 2 * down + across);
  const zz = splat(turn + 2 * down + 2 * across);
  for (let block = vector + span; block < end; block += 4 * span) {
    for (let a = block; a < block + span; a += LANE) {
      const x = load<lanes>(a);
      const y = load<lanes>(a + span);
      const z = load<lanes>(a + 2 * span);
      store<lanes>(a, add(add(mul(xx, x), mul(xy, y)), mul(xz, z)));
      store<lanes>(a + span, add(add(mul(yx, x), mul(yy, y)), mul(yz, z)));
      store<lanes>(a + 2 * span, add(add(mul(zx, x), mul(zy, y)), mul(zz, z)));
    }
  }
}

/** Adds the two lanes of three sums at `to` into the first of each, packed {x y z}. */
function packSums(to: usize): void {
  for (let axis: usize = 0; axis < 3; axis++) {
    store<real>(to + axis * REAL, load<real>(to + axis * PAIR) + load<real>(to + axis * PAIR, REAL));
  }
}

/** The cross product sum_rest s x a of the letters of one site of two vectors, {x y z} at `to`. */
export function crossSite(s: usize, a: usize, sites: u32, site: u32, to: usize): void {
  const bytes = vectorBytes(sites);
  if (site == 0) {
    let ex: real = 0;
    let ey: real = 0;
    let ez: real = 0;
    for (let i: usize = 0; i < bytes; i += 4 * REAL) {
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
  for (let lane: usize = 0; lane < PAIR; lane += LANE) {
    let ex = zero();
    let ey = zero();
    let ez = zero();
    for (let block = span; block < bytes; block += 4 * span) {
      for (let i = block + lane; i < block + span; i += PAIR) {
        const sx = load<lanes>(s + i);
        const sy = load<lanes>(s + i + span);
        const sz = load<lanes>(s + i + 2 * span);
        const ax = load<lanes>(a + i);
        const ay = load<lanes>(a + i + span);
        const az = load<lanes>(a + i + 2 * span);
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
  const end = vector + vectorBytes(sites);
  if (site == 0) {
    const x = load<real>(bloch);
    const y = load<real>(bloch, REAL);
    const z = load<real>(bloch, 2 * REAL);
    for (let a = vector; a < end; a += 4 * REAL) {
      const along = x * load<real>(a, REAL) + y * load<real>(a, 2 * REAL) + z * load<real>(a, 3 * REAL);
      store<real>(to, load<real>(a) + along);
      to += REAL;
    }
    return;
  }
  const span = vectorBytes(site);
  const x = splat(bloch);
  const y = splat(bloch + REAL);
  const z = splat(bloch + 2 * REAL);
  for (let block = vector; block < end; block += 4 * span) {
    for (let a = block; a < block + span; a += LANE) {
      const along = add(
        add(mul(x, load<lanes>(a + span)), mul(y, load<lanes>(a + 2 * span))),
        mul(z, load<lanes>(a + 3 * span)),
      );
      store<lanes>(to, add(load<lanes>(a), along));
      to += LANE;
    }
  }
}

/** The vector sum_rest s (X, Y, Z) of one site, with s a vector that has this site less: {x y z} at `to`. */
export function contractedSums(s: usize, vector: usize, sites: u32, site: u32, to: usize): void {
  const end = vector + vectorBytes(sites);
  if (site == 0) {
    let x: real = 0;
    let y: real = 0;
    let z: real = 0;
    for (let a = vector; a < end; a += 4 * REAL) {
      const weight = load<real>(s);
      x += weight * load<real>(a, REAL);
      y += weight * load<real>(a, 2 * REAL);
      z += weight * load<real>(a, 3 * REAL);
      s += REAL;
    }
    store<real>(to, x);
    store<real>(to, y, REAL);
    store<real>(to, z, 2 * REAL);
    return;
  }
  const span = vectorBytes(site);
  for (let lane: usize = 0; lane < PAIR; lane += LANE) {
    let x = zero();
    let y = zero();
    let z = zero();
    let from = s + lane;
    for (let block = vector + span; block < end; block += 4 * span) {
      for (let a = block + lane; a < block + span; a += PAIR) {
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
 * `contractSite`. Blocks are moved from the top down, so that none is overwritten before it is read.
 * @param sites with the new one
 */
export function expandSite(vector: usize, sites: u32, site: u32, bloch: usize): void {
  const span = vectorBytes(site);
  for (let block = vectorBytes(sites - 1 - site) / REAL; block-- > 0;) {
    const from = vector + block * span;
    const target = vector + 4 * block * span;
    if (site == 0) {
      const value = load<real>(from);
      for (let letter: usize = 3; letter > 0; letter--) {
        store<real>(target + letter * REAL, load<real>(bloch + (letter - 1) * REAL) * value);
      }
      store<real>(target, value);
      continue;
    }
    const x = splat(bloch);
    const y = splat(bloch + REAL);
    const z = splat(bloch + 2 * REAL);
    for (let i: usize = 0; i < span; i += LANE) {
      const value = load<lanes>(from + i);
      store<lanes>(target + i, value);
      store<lanes>(target + span + i, mul(x, value));
      store<lanes>(target + 2 * span + i, mul(y, value));
      store<lanes>(target + 3 * span + i, mul(z, value));
    }
  }
}

/** A Clifford gate: string i becomes string table_i, with the sign in the top bit; all others are zero. */
export function scatter(to: usize, vector: usize, strings: u32, table: usize): void {
  for (let i: u32 = 0; i < strings; i++) {
    const image = load<u32>(table + ((<usize>i) << 2));
    const value = load<real>(vector + <usize>i * REAL);
    store<real>(to + <usize>(image & 0x7fffffff) * REAL, <i32>image < 0 ? -value : value);
  }
}

/** The transpose of `scatter`: string i takes what string table_i was. */
export function gather(to: usize, vector: usize, strings: u32, table: usize): void {
  for (let i: u32 = 0; i < strings; i++) {
    const image = load<u32>(table + ((<usize>i) << 2));
    const value = load<real>(vector + <usize>(image & 0x7fffffff) * REAL);
    store<real>(to + <usize>i * REAL, <i32>image < 0 ? -value : value);
  }
}

/** First string of the pair that a two-site rotation turns, and the second, as letters on sites a and b. */
function pairOf(axis: u32, which: u32): u32 {
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
 * p <- c p + s q, q <- c q - s p. With s < 0 its transpose. Also returns sum_planes (q of a)(p of b) - (p of a)(q of b)
 * with the vector as it was as b, and a at `other`: the derivative by the angle, for a of the same time.
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
): real {
  const spanA = vectorBytes(siteA);
  const spanB = vectorBytes(siteB);
  const letters: usize = 3 * (spanA + spanB);
  const end = vector + vectorBytes(sites);
  let sum: real = 0;
  for (let base = vector; base < end; base += REAL) {
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
  return sum;
}
