/**
 * The few transcendental functions that training needs, compiled in so that every engine computes
 * the same bits. `real` is f64, or f32 in the single-precision build, where no f64 is touched.
 *
 * Accuracy in double precision (tested): cosine and sine within 2^-52, exp within 2
 * units in the last place, log1p within 3, log within 1e-15. None of them traps, whatever the bits of the argument.
 */

import { Field, setField } from '../memory/registers';
import { EXACT_ANGLES } from '../profile';
import { reduceLarge } from './large-angles';

/** Compile-time choice between the double- and the single-precision form of a constant. */
@inline
function pick(double: f64, single: f32): real {
  if (sizeof<real>() == 8) return <real>double;
  return <real>single;
}

export const PI: real = <real>3.141592653589793;

// pi/2 in two parts (Cody and Waite): k * HIGH is exact for |k| < 2^20 (f64), 2^10 (f32).
const QUARTER_HIGH_F64: f64 = 1.5707963267341256;
const QUARTER_LOW_F64: f64 = 6.077100506506192e-11;
const QUARTER_HIGH_F32: f32 = 1.5703125;
const QUARTER_MIDDLE_F32: f32 = 4.837512969970703e-4;
const QUARTER_LOW_F32: f32 = 7.549789954891882e-8;

/** x - k pi/2, with k = nearest(x 2/pi) */
@inline
function reduce(x: real, k: real): real {
  if (sizeof<real>() == 8) return <real>(<f64>x - <f64>k * QUARTER_HIGH_F64 - <f64>k * QUARTER_LOW_F64);
  return <real>(<f32>x - <f32>k * QUARTER_HIGH_F32 - <f32>k * QUARTER_MIDDLE_F32 - <f32>k * QUARTER_LOW_F32);
}

/** sin r for |r| <= pi/4: odd minimax polynomial (fdlibm's coefficients in f64, Cephes' in f32). */
@inline
function sinKernel(r: real, r2: real): real {
  if (sizeof<real>() == 8) {
    const z = <f64>r2;
    const p =
      -1.6666666666666632e-1 +
      z *
        (8.33333333332248946e-3 +
          z *
            (-1.98412698298579493e-4 +
              z * (2.75573137070700677e-6 + z * (-2.50507602534068634e-8 + z * 1.5896909952115501e-10))));
    return <real>(<f64>r + <f64>r * z * p);
  }
  const z = <f32>r2;
  const p: f32 = -1.6666654611e-1 + z * (<f32>8.3321608736e-3 + z * <f32>-1.9515295891e-4);
  return <real>(<f32>r + <f32>r * z * p);
}

/** cos r for |r| <= pi/4: even minimax polynomial, same sources. */
@inline
function cosKernel(r2: real): real {
  if (sizeof<real>() == 8) {
    const z = <f64>r2;
    const p =
      4.16666666666666019e-2 +
      z *
        (-1.38888888888741096e-3 +
          z *
            (2.48015872894767294e-5 +
              z * (-2.75573143513906633e-7 + z * (2.08757232129817483e-9 + z * -1.13596475577881948e-11))));
    const half = 0.5 * z;
    const head = 1.0 - half;
    // 1 - half loses low bits of half: give them back before adding the small terms.
    return <real>(head + (1.0 - head - half + z * z * p));
  }
  const z = <f32>r2;
  const p: f32 = <f32>4.166664568298827e-2 + z * (<f32>-1.388731625493765e-3 + z * <f32>2.443315711809948e-5);
  return <real>(<f32>1.0 - <f32>0.5 * z + z * z * p);
}

/**
 * Stores cos(angle) at `to` and sin(angle) one real behind it; not-a-number of what is not finite. Beyond 2^20 quarter
 * turns (2^10 in f32) whole turns go by large-angles.ts, so that every angle is right; the modules without it say in
 * `Field.AngleTooLarge` that there was one.
 */
export function sincos(angle: real, to: usize): void {
  let quarters = 0;
  let r: real;
  if (abs<real>(angle) < pick(1.6e6, 1.6e3)) {
    const k = nearest<real>(angle * pick(0.6366197723675814, 0.63661977));
    quarters = <i32>k;
    r = reduce(angle, k);
  } else if (EXACT_ANGLES) {
    quarters = reduceLarge(angle, to);
    r = load<real>(to);
  } else {
    // Not-a-number of what is not finite. What is will be refused.
    r = angle - angle;
    if (r == 0) setField(Field.AngleTooLarge, 1);
  }
  const r2 = r * r;
  let s = sinKernel(r, r2);
  let c = cosKernel(r2);
  if ((quarters & 1) != 0) {
    const swap = s;
    s = c;
    c = -swap;
  }
  if ((quarters & 2) != 0) {
    s = -s;
    c = -c;
  }
  store<real>(to, c);
  store<real>(to, s, sizeof<real>());
}

/** 2^k for k in the normal range of `real`. */
@inline
function powerOfTwo(k: real): real {
  if (sizeof<real>() == 8) return <real>reinterpret<f64>((1023 + <i64>k) << 52);
  return <real>reinterpret<f32>((127 + <i32>k) << 23);
}

/** e^x for x <= 0; 0 below the normal range. Taylor series after reduction to |r| <= ln 2 / 2. */
export function exp(x: real): real {
  if (!(x > pick(-708, -87))) return x == x ? 0 : x;
  const k = nearest<real>(x * pick(1.4426950408889634, 1.442695));
  const r = x - k * pick(0.6931471803691238, 0.693359375) - k * pick(1.9082149292705877e-10, -2.1219444e-4);
  let sum: real = 1;
  for (let i = sizeof<real>() == 8 ? 13 : 7; i > 0; i--) sum = 1 + (r * sum) / <real>i;
  return sum * powerOfTwo(k);
}

/** log(1 + u) for 0 <= u <= 1, as 2 artanh(u / (2 + u)). */
export function log1p(u: real): real {
  const s = u / (2 + u);
  const s2 = s * s;
  let sum: real = 0;
  for (let i = sizeof<real>() == 8 ? 35 : 15; i > 0; i -= 2) sum = sum * s2 + 1 / <real>i;
  return 2 * s * sum;
}

/** log x for normal positive x; not-a-number where there is no logarithm. */
export function log(x: real): real {
  if (!(x > 0)) return <real>NaN;
  if (x == <real>Infinity) return x;
  let k: i32;
  let mantissa: real;
  // x = 2^k mantissa
  if (sizeof<real>() == 8) {
    const bits = reinterpret<i64>(<f64>x);
    k = <i32>(bits >> 52) - 1023;
    mantissa = <real>reinterpret<f64>(bits - ((<i64>k) << 52));
  } else {
    const bits = reinterpret<i32>(<f32>x);
    k = (bits >> 23) - 127;
    mantissa = <real>reinterpret<f32>(bits - (k << 23));
  }
  return <real>k * pick(0.6931471805599453, 0.6931472) + log1p(mantissa - 1);
}
