/** One trajectory of amplitude damping on pure states: what of it is left, or that it has fallen. */
import { PAIR, ROW } from '../memory/reals';
import { rowCount } from '../memory/shape';
import { LANE, add, mul, zero } from './state';

/** How likely both lanes find a row bit set, and how likely they find it at all: {one one all all} at `to`. */
export function populations(state: usize, bit: u32, to: usize): void {
  const rows = rowCount();
  for (let lane: usize = 0; lane < PAIR; lane += LANE) {
    let one = zero();
    let all = zero();
    for (let k: u32 = 0; k < rows; k++) {
      const at = state + lane + <usize>k * ROW;
      const re = load<lanes>(at);
      const im = load<lanes>(at, PAIR);
      const chance = add(mul(re, re), mul(im, im));
      all = add(all, chance);
      if (((k >> bit) & 1) != 0) one = add(one, chance);
    }
    store<lanes>(to + lane, one);
    store<lanes>(to + lane, all, PAIR);
  }
}

/**
 * (psi_0, psi_1) <- (a psi_0 + b psi_1, c psi_1) on one row bit, with numbers of each lane.
 * @param factors {a a b b c c}
 */
export function lower(state: usize, bit: u32, factors: usize): void {
  const rows = rowCount();
  const set = (<u32>1) << bit;
  for (let lane: usize = 0; lane < PAIR; lane += LANE) {
    const a = load<lanes>(factors + lane);
    const b = load<lanes>(factors + lane, PAIR);
    const c = load<lanes>(factors + lane, 2 * PAIR);
    for (let k: u32 = 0; k < rows; k++) {
      if ((k & set) != 0) continue;
      const zero = state + lane + <usize>k * ROW;
      const one = state + lane + <usize>(k | set) * ROW;
      for (let part: usize = 0; part < ROW; part += PAIR) {
        const high = load<lanes>(one + part);
        store<lanes>(zero + part, add(mul(a, load<lanes>(zero + part)), mul(b, high)));
        store<lanes>(one + part, mul(c, high));
      }
    }
  }
}
