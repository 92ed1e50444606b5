/**
 * exp(x) by additions and multiplications alone, so that every JavaScript engine has the same bits: `Math.exp` may differ in
 * the last ones. x = k ln 2 + r, |r| <= ln 2 / 2, exp(r) by its series to r^13; within 2 ulp (tested).
 */

/** ln 2 in two parts: k times the first is exact. */
const LN2_HIGH = 0.69314718036912381649;
const LN2_LOW = 1.90821492927058770002e-10;

/** Below it exp(x) counts as 0: it is below the least normal number. */
const LEAST = -708;

const DEGREE = 13;

const bits = new DataView(new ArrayBuffer(8));

/** @param x 0 at most */
export function exponential(x: number): number {
  if (!(x >= LEAST)) return Number.isNaN(x) ? x : 0;
  const k = Math.round(x / LN2_HIGH);
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  let sum = 1;
  for (let i = DEGREE; i > 0; i--) sum = 1 + (r / i) * sum;
  // 2^k
  bits.setUint32(0, (k + 1023) << 20);
  return sum * bits.getFloat64(0);
}
