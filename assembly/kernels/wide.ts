/**
 * One large state alone: a batch of one sample on ten qubits or more, in builds with all engines that may grow. There the two
 * lanes are amplitudes too: basis state k lies in row k >> 1, lane k & 1, so that no lane is idle. Gates on the
 * upper bits are those of gates.ts, one bit lower; what mixes the lanes is here. No such program fits into the
 * page of a device, so its bits have only these builds to agree on.
 */
import { PAIR, REAL, ROW } from '../memory/reals';
import { IMAGES } from '../memory/registers';
import { stateBytes } from '../memory/shape';
import { LANE, add, amplitude, mul, odd, sub } from './state';

/** Number of amplitudes. */
function amplitudes(): u32 {
  return <u32>(stateBytes() / PAIR);
}

/** Both lanes of two reals the other way round. */
@inline
function crossed(at: usize, lane: usize): lanes {
  if (isVector<lanes>()) {
    const pair = load<v128>(at);
    return v128.shuffle<f64>(pair, pair, 1, 0);
  } else {
    return load<lanes>(at + REAL - lane - lane);
  }
}

/** A number for the first lane, its negative for the second. */
@inline
function opposed(at: usize, lane: usize): lanes {
  if (isVector<lanes>()) return f64x2.replace_lane(v128.load64_splat(at), 1, -load<f64>(at));
  else return lane > 0 ? -load<lanes>(at) : load<lanes>(at);
}

/** As `applyUnitary`, on the lowest bit: the lanes of a row are the two amplitudes of a pair. */
export function applyAcross(state: usize, bytes: usize, coefficients: usize): void {
  const end = state + bytes;
  const lane: usize = 0;
  if (isVector<lanes>()) {
    const w = load<lanes>(coefficients);
    const x = load<lanes>(coefficients, PAIR);
    const y = opposed(coefficients + 2 * PAIR, lane);
    const z = opposed(coefficients + 3 * PAIR, lane);
    for (let a = state; a < end; a += ROW) {
      const re = load<lanes>(a);
      const im = load<lanes>(a, PAIR);
      const otherRe = crossed(a, lane);
      const otherIm = crossed(a + PAIR, lane);
      store<lanes>(a, add(add(mul(w, re), mul(z, im)), sub(mul(x, otherIm), mul(y, otherRe))));
      store<lanes>(a, sub(sub(mul(w, im), mul(z, re)), add(mul(y, otherIm), mul(x, otherRe))), PAIR);
    }
  } else {
    const w = load<real>(coefficients);
    const x = load<real>(coefficients, PAIR);
    const y = load<real>(coefficients, 2 * PAIR);
    const z = load<real>(coefficients, 3 * PAIR);
    for (let a = state; a < end; a += ROW) {
      const ar = load<real>(a);
      const br = load<real>(a, REAL);
      const ai = load<real>(a, PAIR);
      const bi = load<real>(a, PAIR + REAL);
      store<real>(a, w * ar + z * ai + (x * bi - y * br));
      store<real>(a, w * ai - z * ar - (y * bi + x * br), PAIR);
      store<real>(a, w * br + -z * bi + (x * ai - -y * ar), REAL);
      store<real>(a, w * bi - -z * br - (-y * ai + x * ar), PAIR + REAL);
    }
  }
}

/** As `environment`, on the lowest bit, every sum in its first lane; it may go on with the sums that are there. */
export function environmentAcross(lambda: usize, psi: usize, bytes: usize, to: usize, further: bool): void {
  let x: real = further ? load<real>(to) : 0;
  let y: real = further ? load<real>(to, PAIR) : 0;
  let z: real = further ? load<real>(to, 2 * PAIR) : 0;
  for (let i: usize = 0; i < bytes; i += ROW) {
    const la = lambda + i;
    const pa = psi + i;
    const lar = load<real>(la);
    const lbr = load<real>(la, REAL);
    const lai = load<real>(la, PAIR);
    const lbi = load<real>(la, PAIR + REAL);
    const par = load<real>(pa);
    const pbr = load<real>(pa, REAL);
    const pai = load<real>(pa, PAIR);
    const pbi = load<real>(pa, PAIR + REAL);
    x += lar * pbi - lai * pbr + (lbr * pai - lbi * par);
    y += lbr * par + lbi * pai - (lar * pbr + lai * pbi);
    z += lar * pai - lai * par - (lbr * pbi - lbi * pbr);
  }
  store<real>(to, x);
  store<real>(to, 0, REAL);
  store<real>(to, y, PAIR);
  store<real>(to, 0, PAIR + REAL);
  store<real>(to, z, 2 * PAIR);
  store<real>(to, 0, 2 * PAIR + REAL);
}

/** Copies a row, its two amplitudes the other way round or as they are. */
export function copyCrossed(to: usize, from: usize, cross: bool): void {
  for (let lane: usize = 0; lane < PAIR; lane += LANE) {
    store<lanes>(to + lane, cross ? crossed(from + lane, lane) : load<lanes>(from + lane));
    store<lanes>(to + lane, cross ? crossed(from + lane + PAIR, lane) : load<lanes>(from + lane, PAIR), PAIR);
  }
}

/** As `permute`, amplitude by amplitude. */
export function permuteWide(to: usize, from: usize, inverse: bool): void {
  const count = amplitudes();
  let k: u32 = 0;
  let image: u32 = 0;
  for (let step: u32 = 1; ; step++) {
    const source = amplitude(from, inverse ? image : k);
    const target = amplitude(to, inverse ? k : image);
    store<real>(target, load<real>(source));
    store<real>(target, load<real>(source, PAIR), PAIR);
    if (step == count) return;
    const bit = ctz<u32>(step);
    k ^= 1 << bit;
    image ^= load<u32>(IMAGES + ((<usize>bit) << 2));
  }
}

/** As `applyControlledZ`, amplitude by amplitude. */
export function controlledZWide(state: usize, mask: u32): void {
  const count = amplitudes();
  for (let k: u32 = 0; k < count; k++) {
    if ((k & mask) != mask) continue;
    const at = amplitude(state, k);
    store<real>(at, -load<real>(at));
    store<real>(at, -load<real>(at, PAIR), PAIR);
  }
}

/** As `applyPauliRotation`, amplitude by amplitude; c and s are those of the first lane. */
export function pauliRotationWide(state: usize, mask: u32, flips: bool, phases: bool, angle: usize): void {
  const count = amplitudes();
  const flip: u32 = flips ? mask : 0;
  const phase: u32 = phases ? mask : 0;
  const c = load<real>(angle);
  const s = load<real>(angle, PAIR);
  for (let k: u32 = 0; k < count; k++) {
    const j = k ^ flip;
    if (j < k) continue;
    const signed = odd(k & phase) != (flips && phases) ? -s : s;
    const a = amplitude(state, k);
    const b = amplitude(state, j);
    const ar = load<real>(a);
    const ai = load<real>(a, PAIR);
    const br = load<real>(b);
    const bi = load<real>(b, PAIR);
    store<real>(a, c * ar + signed * bi);
    store<real>(a, c * ai - signed * br, PAIR);
    store<real>(b, c * br + signed * ai);
    store<real>(b, c * bi - signed * ar, PAIR);
  }
}

/** As `overlap`, the whole sum in the first lane of `to` and nothing in the second. */
export function overlapWide(lambda: usize, psi: usize, x: u32, z: u32, turns: u32, to: usize): void {
  const count = amplitudes();
  let sum: real = 0;
  for (let k: u32 = 0; k < count; k++) {
    const a = amplitude(lambda, k ^ x);
    const b = amplitude(psi, k);
    const ar = load<real>(a);
    const ai = load<real>(a, PAIR);
    const br = load<real>(b);
    const bi = load<real>(b, PAIR);
    const product = (turns & 1) != 0 ? ai * br - ar * bi : ar * br + ai * bi;
    sum = odd(k & z) ? sum - product : sum + product;
  }
  store<real>(to, (turns & 2) != 0 ? -sum : sum);
  store<real>(to, 0, REAL);
}

/** As `addPauli` with one factor, amplitude by amplitude. */
export function addPauliWide(lambda: usize, psi: usize, x: u32, z: u32, turns: u32, factor: real): void {
  const count = amplitudes();
  const swap = (turns & 1) != 0;
  const minus = turns == 1 || turns == 2;
  for (let k: u32 = 0; k < count; k++) {
    const signed = odd(k & z) != minus ? -factor : factor;
    const source = amplitude(psi, k);
    const target = amplitude(lambda, k ^ x);
    const re = signed * load<real>(source);
    const im = signed * load<real>(source, PAIR);
    store<real>(target, load<real>(target) + (swap ? im : re));
    store<real>(target, load<real>(target, PAIR) + (swap ? -re : im), PAIR);
  }
}

/** As `probabilities`: of the one sample, in the first lane of a row for every amplitude; zero in the second. */
export function probabilitiesWide(state: usize, to: usize): void {
  const count = amplitudes();
  for (let k: u32 = 0; k < count; k++) {
    const at = amplitude(state, k);
    const re = load<real>(at);
    const im = load<real>(at, PAIR);
    store<real>(to, re * re + im * im);
    store<real>(to, 0, REAL);
    to += PAIR;
  }
}
