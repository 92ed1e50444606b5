/**
 * Quantiles of the binomial distribution by Cornish and Fisher's expansion (Fisher and Cornish, "The percentile points
 * of distributions having known cumulants", Technometrics 2, 1960), and only where they are certain: with `T` f64 one
 * of them, with v128 two side by side.
 */
import { minus, over, plus, root, rounded, size, times } from './doubles';

/** Variance from which the expansion holds. */
export const LEAST_VARIANCE: f64 = 0.5;

/** 1 - (2U - 1)^2 from which it does: 3.79 standard deviations. */
const LEAST_TAIL: f64 = 0.00030517578125;

// z / (2U - 1), over the eighth root of 1 - (2U - 1)^2 less 3/4. All constants are single-precision numbers, which are
// shorter to write down.
const F0: f64 = 2.053842544555664;
const F1: f64 = -3.743239402770996;
const F2: f64 = 1.9517812728881836;
const F3: f64 = 0.956868052482605;
const F4: f64 = 0.47720399498939514;
const F5: f64 = -4.366333961486816;
const F6: f64 = 2.0431408882141113;
const F7: f64 = 5.013090133666992;
const F8: f64 = -0.7950969934463501;
const F9: f64 = -12.931390762329102;
const CENTRE: f64 = 0.75;
const SIXTH: f64 = 0.1666666716337204;
const PART_OF_144: f64 = 0.006944444496184587;
const PART_OF_2160: f64 = 0.00046296295477077365;
// Where 3 w^2 + 7 w - 16 is 0: at ROOT and below 0.
const ROOT: f64 = 1.4206957817077637;
const OTHER_ROOT: f64 = 3.7540290355682373;
// The error: see `quantile`.
const LEVEL: f64 = 0.03999999910593033;
const SLOPE: f64 = 0.0012499999720603228;
const DEVIATE: f64 = 0.0000152587890625;

/** Where each is for two at a time: an engine loads them faster than it makes them. */
enum At {
  One,
  Three,
  Seven,
  Nine,
  F0,
  F1,
  F2,
  F3,
  F4,
  F5,
  F6,
  F7,
  F8,
  F9,
  Centre,
  Sixth,
  PartOf144,
  PartOf2160,
  Root,
  OtherRoot,
  Level,
  Slope,
  Deviate,
  LeastTail,
}

/** Their address. In a function, so that scalar modules are without the table. */
function constants(): usize {
  return memory.data<f64>([
    1,
    3,
    7,
    9,
    F0,
    F1,
    F2,
    F3,
    F4,
    F5,
    F6,
    F7,
    F8,
    F9,
    CENTRE,
    SIXTH,
    PART_OF_144,
    PART_OF_2160,
    ROOT,
    OTHER_ROOT,
    LEVEL,
    SLOPE,
    DEVIATE,
    LEAST_TAIL,
  ]);
}

/** A constant in each place. */
@inline
function fixed<T>(value: f64, at: At): T {
  if (isVector<T>()) return v128.load64_splat(constants() + ((<usize>at) << 3));
  else return <T>value;
}


@inline
function eighthRoot<T>(x: T): T {
  if (isVector<T>()) {
    const single = f32x4.sqrt(f32x4.sqrt(f32x4.sqrt(f32x4.demote_f64x2_zero(x))));
    return f64x2.promote_low_f32x4(single);
  } else return <T>sqrt<f32>(sqrt<f32>(sqrt<f32>(<f32>x)));
}

/**
 * The smallest k with F(k) > U where it is certain, else not-a-number. With z the deviate of the normal distribution
 * that belongs to U, w = z^2, d = q - p and s^2 = v = npq,
 *
 *   x = np + s z + d (w - 1) / 6 + s z ((d^2 - 3) w + 3 - 7 d^2) / (144 v) + d (9 - d^2) (3 w^2 + 7 w - 16) / (6480 v)
 *
 * passes k + 1/2 where U passes F(k), but for an error below s (1 / v^2 + 2^-16) (1/25 + w^3 / 800), the first of the
 * expansion, which ends with the terms of 1 / v, the second of z. A test holds it to that.
 *
 * z is 2U - 1 times a polynomial in the eighth root of 4 U (1 - U), whose square roots are of single precision.
 * @param shots n, to 2^20
 * @param v the variance, `LEAST_VARIANCE` or more
 * @param h 2U - 1, rounded down by 2^-31 at most
 */
export function quantile<T>(shots: T, p: T, v: T, h: T): T {
  const one = fixed<T>(1, At.One);
  const three = fixed<T>(3, At.Three);
  const tail = minus<T>(one, times<T>(h, h));
  const t = minus<T>(eighthRoot<T>(tail), fixed<T>(CENTRE, At.Centre));
  const tt = times<T>(t, t);
  const t4 = times<T>(tt, tt);
  // The polynomial by halves, which go side by side.
  const f01 = plus<T>(fixed<T>(F0, At.F0), times<T>(fixed<T>(F1, At.F1), t));
  const f23 = plus<T>(fixed<T>(F2, At.F2), times<T>(fixed<T>(F3, At.F3), t));
  const f45 = plus<T>(fixed<T>(F4, At.F4), times<T>(fixed<T>(F5, At.F5), t));
  const f67 = plus<T>(fixed<T>(F6, At.F6), times<T>(fixed<T>(F7, At.F7), t));
  const f89 = plus<T>(fixed<T>(F8, At.F8), times<T>(fixed<T>(F9, At.F9), t));
  const low = plus<T>(f01, times<T>(f23, tt));
  const high = plus<T>(plus<T>(f45, times<T>(f67, tt)), times<T>(f89, t4));
  const z = times<T>(h, plus<T>(low, times<T>(high, t4)));
  const w = times<T>(z, z);
  const d = minus<T>(one, plus<T>(p, p));
  const dd = times<T>(d, d);
  const mean = times<T>(shots, p);
  const s = root<T>(v);
  const r = over<T>(one, v);
  const sixth = times<T>(fixed<T>(SIXTH, At.Sixth), d);
  const m = times<T>(fixed<T>(PART_OF_144, At.PartOf144), r);
  const slope = times<T>(m, minus<T>(dd, three));
  const level = plus<T>(one, times<T>(m, minus<T>(three, times<T>(fixed<T>(7, At.Seven), dd))));
  const last = times<T>(
    times<T>(fixed<T>(PART_OF_2160, At.PartOf2160), r),
    times<T>(d, minus<T>(fixed<T>(9, At.Nine), dd)),
  );
  const first = plus<T>(minus<T>(mean, sixth), times<T>(sixth, w));
  const middle = times<T>(times<T>(s, z), plus<T>(level, times<T>(slope, w)));
  const square = times<T>(
    minus<T>(w, fixed<T>(ROOT, At.Root)),
    plus<T>(w, fixed<T>(OTHER_ROOT, At.OtherRoot)),
  );
  const x = plus<T>(plus<T>(first, middle), times<T>(square, last));
  const cube = times<T>(times<T>(w, w), times<T>(w, fixed<T>(SLOPE, At.Slope)));
  const error = times<T>(
    times<T>(s, plus<T>(times<T>(r, r), fixed<T>(DEVIATE, At.Deviate))),
    plus<T>(cube, fixed<T>(LEVEL, At.Level)),
  );
  const k = rounded<T>(x);
  const edge = plus<T>(size<T>(minus<T>(x, k)), error);
  if (isVector<T>()) {
    const sure = v128.and(
      f64x2.lt(edge, f64x2.splat(0.5)),
      f64x2.ge(tail, fixed<T>(LEAST_TAIL, At.LeastTail)),
    );
    // All bits set are not-a-number.
    return v128.or(f64x2.max(f64x2.splat(0), f64x2.min(k, shots)), v128.not(sure));
  } else {
    if (!(edge < 0.5 && tail >= LEAST_TAIL)) return <T>NaN;
    return <T>max<f64>(0, min<f64>(<f64>k, <f64>shots));
  }
}
