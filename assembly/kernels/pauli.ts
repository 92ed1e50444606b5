/**
 * Pauli strings on states. A string is two masks over the row bits: X or Y where `x` is set, Z or Y where `z` is
 * set, so
 *
 *   P|k> = i^|x & z| (-1)^|k & z| |k ^ x>
 */
import { PAIR, ROW } from '../memory/reals';
import { Field, field } from '../memory/registers';
import { isWide, stride } from '../memory/shape';
import { COLUMN_ENGINES } from '../profile';
import { isFirstSlice, isLastSlice, sliceEnd, sliceFrom } from './slices';
import { LANE, add, mul, negative, odd, sub, zero } from './state';
import { addPauliWide, overlapWide } from './wide';

/**
 * The real part of <lambda| i^turns Q |psi>, where Q|k> = (-1)^|k & z| |k ^ x>: both lanes, summed over
 * the pairs of a row, at `to`. With turns = |x & z| this is Re<lambda|P|psi>, with 3 more Im<lambda|P|psi>.
 */
export function overlap(lambda: usize, psi: usize, x: u32, z: u32, turns: u32, to: usize): void {
  if (isWide()) {
    overlapWide(lambda, psi, x, z, turns, to);
    return;
  }
  const bits = field(Field.RowBits);
  const last = sliceEnd(bits);
  const width = stride();
  for (let lane: usize = 0; lane < PAIR; lane += LANE) {
    let sum = zero();
    // On the way from slice to slice the sum has no sign yet.
    if (!isFirstSlice()) sum = load<lanes>(to + lane);
    for (let k = sliceFrom(bits); k < last; k++) {
      let a = lambda + lane + <usize>(k ^ x) * width;
      let b = psi + lane + <usize>k * width;
      const end = b + width;
      do {
        const ar = load<lanes>(a);
        const ai = load<lanes>(a, PAIR);
        const br = load<lanes>(b);
        const bi = load<lanes>(b, PAIR);
        // Re of conj(a) b, or of i conj(a) b.
        const product = (turns & 1) != 0 ? sub(mul(ai, br), mul(ar, bi)) : add(mul(ar, br), mul(ai, bi));
        sum = odd(k & z) ? sub(sum, product) : add(sum, product);
        a += ROW;
        b += ROW;
      } while (COLUMN_ENGINES && b < end);
    }
    store<lanes>(to + lane, (turns & 2) != 0 && isLastSlice() ? negative(sum) : sum);
  }
}

/** |lambda> <- |lambda> + g P |psi> for a Pauli string of these masks, with a factor of each lane {g g} at `factors`. */
export function addPauli(lambda: usize, psi: usize, x: u32, z: u32, factors: usize): void {
  const turns = popcnt<u32>(x & z) & 3;
  if (isWide()) {
    addPauliWide(lambda, psi, x, z, turns, load<real>(factors));
    return;
  }
  const bits = field(Field.RowBits);
  const last = sliceEnd(bits);
  const width = stride();
  // i^turns psi is psi, (-im, re), -psi, (im, -re): odd turns swap below, one and two change sign here.
  const swap = (turns & 1) != 0;
  const minus = turns == 1 || turns == 2;
  for (let lane: usize = 0; lane < PAIR; lane += LANE) {
    const g = load<lanes>(factors + lane);
    for (let k = sliceFrom(bits); k < last; k++) {
      const signed = odd(k & z) != minus ? negative(g) : g;
      let source = psi + lane + <usize>k * width;
      let target = lambda + lane + <usize>(k ^ x) * width;
      const end = source + width;
      do {
        const re = mul(signed, load<lanes>(source));
        const im = mul(signed, load<lanes>(source, PAIR));
        store<lanes>(target, add(load<lanes>(target), swap ? im : re));
        store<lanes>(target, add(load<lanes>(target, PAIR), swap ? negative(re) : im), PAIR);
        source += ROW;
        target += ROW;
      } while (COLUMN_ENGINES && source < end);
    }
  }
}
