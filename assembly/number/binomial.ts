/**
 * Exact binomial draws. Their time does not grow with the number of shots, but for a product of about half a
 * standard deviation's length.
 *
 * Few expected successes: inversion by sequential search (BINV of Kachitvichyanukul and Schmeiser, "Binomial
 * random variate generation", Comm. ACM 31, 1988). Many: transformed rejection with squeeze, after
 * W. Hörmann, "The generation of binomial random variates", J. Stat. Comput. Simul. 46, 1993. His BTRS sends
 * a uniform u through (2a / (1/2 - |u|) + b) u; the curve here, u + u^3 + u / (11 - 44 u^2), follows the
 * normal distribution closer, so that about one candidate in eight is refused instead of one in six, and its
 * constants are small integers. That the hat covers and the squeeze stays inside is a test.
 *
 * In double precision in both builds, by + - * / sqrt, floor and nearest alone: the same bits everywhere.
 */
import { blockSigned, blockUnsigned, nextBlock } from './random';

/** Variance from which rejection is faster than the search. */
const SEARCH_LIMIT: f64 = 12;

/**
 * Rounds until the expected value is returned unasked: below 1e-32, as a round fails with less than 0.3 at
 * worst (0.16 at 1000 shots and p = 0.05).
 */
const ROUNDS = 60;

/**
 * Successes among `shots` independent chances of probability `chance`, from the open stream, of which it
 * takes one block a round; the stream must be at the start of a block.
 *
 * An outcome's probability is right within shots * 2^-51 of itself, the rounding of (1 - p)^shots and of the
 * products, and 2^-48 beside. 0 where `chance` is not above 0 or not a number, `shots` where it is 1 or more.
 * @param shots at most 2^20
 */
export function binomial(shots: u32, chance: real): u32 {
  const n = <f64>shots;
  const given = <f64>chance;
  const p = min<f64>(given, 1 - given);
  const q = 1 - p;
  const mean = n * p;
  const variance = mean * q;
  const width = 1 + sqrt<f64>(6 * variance);
  const centre = floor<f64>(mean);
  let k: f64;
  let rounds = ROUNDS;
  do {
    nextBlock();
    // Uniform in [0, 2).
    let v = <f64>blockUnsigned() * 2.220446049250313e-16;
    if (variance >= SEARCH_LIMIT) {
      // Uniform in [-1/2, 1/2), and the candidate.
      const u = <f64>blockSigned() * 1.1102230246251565e-16;
      const w = u * u;
      const s = 11 - 44 * w;
      const r = 1 / s;
      k = nearest<f64>(width * u * (1 + w + r) + mean);
      if (s >= 2 && (1.75 - v) * width >= 13 - s) break;
      let i = min<f64>(k, centre);
      const last = max<f64>(k, centre);
      // Farther out lies less than 1e-27 of the distribution.
      if (last - i < 6 * width) {
        // Accept with probability f(k) / f(centre) times the slope of the curve, over the hat's height.
        v *= 9 + 10 / variance;
        const slope = 16 * (1 + 3 * w + 22 * r * r - r);
        let ratio: f64 = 1;
        while (i < last) {
          const left = (n - i) * p;
          i += 1;
          ratio *= left / (i * q);
        }
        // Both compared: which side k lies on is a coin toss, too dear to branch on.
        if (select(v < slope * ratio, v < slope / ratio, k > centre)) break;
      }
    } else {
      // 2 f(0) = 2 q^n
      let term: f64 = 2;
      let power = q;
      let bits = shots;
      do {
        if ((bits & 1) != 0) term *= power;
        power *= power;
      } while ((bits >>= 1) != 0);
      k = 0;
      // Ends behind the last shot, or where f(k) underflows, within 400 steps.
      while (v >= term && term > 0) {
        v -= term;
        const left = (n - k) * p;
        k += 1;
        term *= left / (k * q);
      }
      // Not-a-number goes this way too, with k = 0.
      if (!(v >= term)) break;
    }
    k = centre;
  } while (--rounds);
  return <i32>(given > p ? n - k : k);
}
