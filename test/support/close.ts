/** What tests mean by equal: within a tolerance, or to the last bit. */
import assert from 'node:assert/strict';

/** |actual - expected| <= tolerance * max(1, |expected|) */
export function assertClose(actual: number, expected: number, tolerance: number, what: string): void {
  const bound = tolerance * Math.max(1, Math.abs(expected));
  assert.ok(Math.abs(actual - expected) <= bound, `${what}: ${actual}, expected ${expected} within ${bound}`);
}

/** `assertClose` for every entry. */
export function assertAllClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what: string,
): void {
  assert.equal(actual.length, expected.length, `${what}: length`);
  for (let i = 0; i < actual.length; i++) assertClose(actual[i], expected[i], tolerance, `${what} [${i}]`);
}

/** The same bits in every entry; any two not-a-numbers count as the same. */
export function assertSameBits(actual: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
  assert.deepEqual(Array.from(actual), Array.from(expected), `${what}: bits differ`);
}
