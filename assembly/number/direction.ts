/** The angle of a direction in the plane. */
import { COSINE_SINE } from '../memory/registers';
import { REAL } from '../memory/reals';
import { PI, sincos } from './math';

/**
 * The angle of (x, y), -pi to pi; 0 of (0, 0), not-a-number where one of the two is, or is infinite. By a rough angle,
 * off by 0.004 at most, and what the direction turned back by it has left, of which the series of the arcsine is within
 * 2^-52 in double precision. Leaves a cosine and a sine in COSINE_SINE.
 */
export function directionOf(x: real, y: real): real {
  const largest = max<real>(abs<real>(x), abs<real>(y));
  if (largest == 0) return 0;
  // So that no square leaves the numbers.
  const a = x / largest;
  const b = y / largest;
  const flat = abs<real>(b) <= abs<real>(a);
  const slope = flat ? b / a : a / b;
  let rough = slope * (<real>0.25 * PI + <real>0.273 * (1 - abs<real>(slope)));
  if (!flat) rough = (b > 0 ? <real>0.5 : <real>-0.5) * PI - rough;
  else if (a < 0) rough += b < 0 ? -PI : PI;
  sincos(rough, COSINE_SINE);
  const cosine = load<real>(COSINE_SINE);
  const sine = load<real>(COSINE_SINE, REAL);
  const s = (b * cosine - a * sine) / sqrt<real>(a * a + b * b);
  const square = s * s;
  return rough + s * (1 + square * (<real>0.16666666666666666 + square * <real>0.075));
}
