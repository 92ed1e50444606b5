/**
 * Kernels over two states at once, as Pauli vectors that lie string by string, {lane 0, lane 1}: what
 * pauli-vector.ts does to one. The observable that they meet is a vector of plain reals.
 */
import { PAIR, REAL } from '../memory/reals';
import { numberAt, pairOf, vectorBytes } from './pauli-vector';
import { LANE, add, mul, negative, splat, sub, zero } from './state';

/** Bytes of two states over so many sites, and the distance of two letters on a site of that number. */
function laneBytes(sites: u32): usize {
  return PAIR << (2 * sites);
}

/** Pushes states through the gate that turns observables by T: (X, Y, Z) <- T^T (X, Y, Z) on one site. */
export function turnLanes(states: usize, sites: u32, site: u32, turn: usize): void {
  const end = states + laneBytes(sites);
  const span = laneBytes(site);
  const xx = splat(turn);
  const yx = splat(turn + REAL);
  const zx = splat(turn + 2 * REAL);
  const xy = splat(turn + 3 * REAL);
  const yy = splat(turn + 4 * REAL);
  const zy = splat(turn + 5 * REAL);
  const xz = splat(turn + 6 * REAL);
  const yz = splat(turn + 7 * REAL);
  const zz = splat(turn + 8 * REAL);
  for (let block = states + span; block < end; block += 4 * span) {
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

/**
 * The products K_jl = sum_rest a_j s_l of the letters X, Y, Z of one site, a the observable and s the states: nine
 * lane pairs at `to`, row by row.
 */
export function productsOfSite(s: usize, a: usize, sites: u32, site: u32, to: usize): void {
  const bytes = vectorBytes(sites);
  const span = vectorBytes(site);
  for (let lane: usize = 0; lane < PAIR; lane += LANE) {
    let xx = zero();
    let xy = zero();
    let xz = zero();
    let yx = zero();
    let yy = zero();
    let yz = zero();
    let zx = zero();
    let zy = zero();
    let zz = zero();
    for (let block = span; block < bytes; block += 4 * span) {
      for (let i = block; i < block + span; i += REAL) {
        // A lane pair is twice as long as a real.
        const at = s + lane + 2 * i;
        const sx = load<lanes>(at);
        const sy = load<lanes>(at + 2 * span);
        const sz = load<lanes>(at + 4 * span);
        const ax = splat(a + i);
        const ay = splat(a + i + span);
        const az = splat(a + i + 2 * span);
        xx = add(xx, mul(ax, sx));
        xy = add(xy, mul(ax, sy));
        xz = add(xz, mul(ax, sz));
        yx = add(yx, mul(ay, sx));
        yy = add(yy, mul(ay, sy));
        yz = add(yz, mul(ay, sz));
        zx = add(zx, mul(az, sx));
        zy = add(zy, mul(az, sy));
        zz = add(zz, mul(az, sz));
      }
    }
    store<lanes>(to + lane, xx);
    store<lanes>(to + lane, xy, PAIR);
    store<lanes>(to + lane, xz, 2 * PAIR);
    store<lanes>(to + lane, yx, 3 * PAIR);
    store<lanes>(to + lane, yy, 4 * PAIR);
    store<lanes>(to + lane, yz, 5 * PAIR);
    store<lanes>(to + lane, zx, 6 * PAIR);
    store<lanes>(to + lane, zy, 7 * PAIR);
    store<lanes>(to + lane, zz, 8 * PAIR);
  }
}

/** The observable contracted with states that have one site less: h_l = sum_rest s a_l, {I X Y Z} lane pairs at `to`. */
export function lettersOfSite(s: usize, a: usize, sites: u32, site: u32, to: usize): void {
  const end = a + vectorBytes(sites);
  const span = vectorBytes(site);
  for (let lane: usize = 0; lane < PAIR; lane += LANE) {
    let i = zero();
    let x = zero();
    let y = zero();
    let z = zero();
    let from = s + lane;
    for (let block = a; block < end; block += 4 * span) {
      for (let at = block; at < block + span; at += REAL) {
        const weight = load<lanes>(from);
        i = add(i, mul(weight, splat(at)));
        x = add(x, mul(weight, splat(at + span)));
        y = add(y, mul(weight, splat(at + 2 * span)));
        z = add(z, mul(weight, splat(at + 3 * span)));
        from += PAIR;
      }
    }
    store<lanes>(to + lane, i);
    store<lanes>(to + lane, x, PAIR);
    store<lanes>(to + lane, y, 2 * PAIR);
    store<lanes>(to + lane, z, 3 * PAIR);
  }
}

/**
 * One site more, in place: the product with a qubit in the state of Bloch vector r. Blocks are moved from the top
 * down, so that none is overwritten before it is read.
 * @param sites with the new one
 */
export function expandLanes(states: usize, sites: u32, site: u32, bloch: usize): void {
  const span = laneBytes(site);
  const x = splat(bloch);
  const y = splat(bloch + REAL);
  const z = splat(bloch + 2 * REAL);
  for (let block = laneBytes(sites - 1 - site) / PAIR; block-- > 0;) {
    const from = states + block * span;
    const target = states + 4 * block * span;
    for (let i: usize = 0; i < span; i += LANE) {
      const value = load<lanes>(from + i);
      store<lanes>(target + i, value);
      store<lanes>(target + span + i, mul(x, value));
      store<lanes>(target + 2 * span + i, mul(y, value));
      store<lanes>(target + 3 * span + i, mul(z, value));
    }
  }
}

/** A Clifford gate that no site leaves with: every string takes what its image was (pauli-vector.ts). */
export function gatherLaneImages(to: usize, states: usize, sites: u32, numbers: usize, long: bool): void {
  const strings = (<u32>1) << (2 * sites);
  for (let i: u32 = 0; i < strings; i++) {
    const image = numberAt(numbers, long, i);
    const from = states + <usize>(image >> 1) * PAIR;
    for (let lane: usize = 0; lane < PAIR; lane += LANE) {
      const value = load<lanes>(from + lane);
      store<lanes>(to + lane, (image & 1) != 0 ? negative(value) : value);
    }
    to += PAIR;
  }
}

/**
 * A Clifford gate that k sites leave with: every string takes what its image was, by its weight (pauli-vector.ts). The
 * derivatives by all weights come along: lane pairs sum a_i s_image over the strings i of a weight, behind the weights.
 * @param b groups are of 2^b strings
 */
export function gatherLaneGroups(
  to: usize,
  states: usize,
  a: usize,
  sites: u32,
  numbers: usize,
  b: u32,
  k: u32,
  weights: usize,
): void {
  const shift = 2 * k + 1;
  const mask = ((<u32>1) << shift) - 1;
  const sums = letterSums(weights, k);
  for (let at = sums; at < sums + (PAIR << shift); at += LANE) store<lanes>(at, zero());
  const groups = (<u32>1) << (2 * sites - b);
  let i = groups;
  for (let group: u32 = 0; group < groups; group++) {
    const from = states + <usize>numberAt(numbers, false, group) * PAIR;
    for (const behind = i + ((<u32>1) << b); i < behind; i++) {
      const number = numberAt(numbers, false, i);
      const string = number >> shift;
      const weight = splat(weights + <usize>(number & mask) * REAL);
      const own = splat(a + <usize>string * REAL);
      const target = to + <usize>string * PAIR;
      const sum = sums + <usize>(number & mask) * PAIR;
      for (let lane: usize = 0; lane < PAIR; lane += LANE) {
        const value = load<lanes>(from + lane);
        store<lanes>(target + lane, mul(weight, value));
        store<lanes>(sum + lane, add(load<lanes>(sum + lane), mul(own, value)));
      }
    }
  }
}

/** Where the sums by the weights of k sites are. */
function letterSums(weights: usize, k: u32): usize {
  return weights + 2 * vectorBytes(k);
}

/** The sums of both signs as one. */
export function joinLanes(weights: usize, k: u32): void {
  const span = laneBytes(k);
  const sums = letterSums(weights, k);
  for (let at = sums; at < sums + span; at += LANE)
    store<lanes>(at, sub(load<lanes>(at), load<lanes>(at + span)));
}

/**
 * The observable contracted with all but the highest of k + 1 sites that leave, {I X Y Z} lane pairs at `to`; the sums
 * are then those of k sites. @param all sites that leave with the gate
 */
export function leaveLanes(weights: usize, all: u32, k: u32, bloch: usize, to: usize): void {
  const span = laneBytes(k);
  const sums = letterSums(weights, all);
  for (let lane: usize = 0; lane < PAIR; lane += LANE) {
    const end = sums + span;
    let i = zero();
    let x = zero();
    let y = zero();
    let z = zero();
    let weight = weights;
    for (let at = sums + lane; at < end; at += PAIR) {
      const w = splat(weight);
      const ofI = load<lanes>(at);
      const ofX = load<lanes>(at + span);
      const ofY = load<lanes>(at + 2 * span);
      const ofZ = load<lanes>(at + 3 * span);
      i = add(i, mul(w, ofI));
      x = add(x, mul(w, ofX));
      y = add(y, mul(w, ofY));
      z = add(z, mul(w, ofZ));
      const along = add(
        add(mul(splat(bloch), ofX), mul(splat(bloch + REAL), ofY)),
        mul(splat(bloch + 2 * REAL), ofZ),
      );
      store<lanes>(at, add(ofI, along));
      weight += REAL;
    }
    store<lanes>(to + lane, i);
    store<lanes>(to + lane, x, PAIR);
    store<lanes>(to + lane, y, 2 * PAIR);
    store<lanes>(to + lane, z, 3 * PAIR);
  }
}

/**
 * Pushes states through a rotation about XX, YY or ZZ: p <- c p - s q, q <- c q + s p in four planes of strings. Before
 * that, with the observable a of the same time, the sums over the planes
 *
 *   sum (p of a)(p of s) + (q of a)(q of s)  and  sum (q of a)(p of s) - (p of a)(q of s),
 *
 * a lane pair each at `to`: what the angle can take away, and the derivative by it.
 * @param angle cosine and sine of the whole angle
 */
export function turnPairOfLanes(
  states: usize,
  sites: u32,
  siteA: u32,
  siteB: u32,
  axis: u32,
  angle: usize,
  observable: usize,
  to: usize,
): void {
  const spanA = vectorBytes(siteA);
  const spanB = vectorBytes(siteB);
  const letters: usize = 3 * (spanA + spanB);
  const bytes = vectorBytes(sites);
  const c = splat(angle);
  const s = splat(angle + REAL);
  for (let lane: usize = 0; lane < PAIR; lane += LANE) {
    let along = zero();
    let across = zero();
    for (let base: usize = 0; base < bytes; base += REAL) {
      // Every string with I on both sites once.
      if ((base & letters) != 0) continue;
      for (let which: u32 = 0; which < 4; which++) {
        const pair = pairOf(axis, which);
        const p = base + <usize>(pair & 15) * spanA + <usize>((pair >> 4) & 15) * spanB;
        const q = base + <usize>((pair >> 8) & 15) * spanA + <usize>(pair >> 12) * spanB;
        const first = states + lane + 2 * p;
        const second = states + lane + 2 * q;
        const a = load<lanes>(first);
        const b = load<lanes>(second);
        const ofA = splat(observable + p);
        const ofB = splat(observable + q);
        along = add(along, add(mul(ofA, a), mul(ofB, b)));
        across = add(across, sub(mul(ofB, a), mul(ofA, b)));
        store<lanes>(first, sub(mul(c, a), mul(s, b)));
        store<lanes>(second, add(mul(c, b), mul(s, a)));
      }
    }
    store<lanes>(to + lane, along);
    store<lanes>(to + lane, across, PAIR);
  }
}
