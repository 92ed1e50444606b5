import { exp, log, log1p, sincos } from '../../../assembly/number/math';
import { COSINE_SINE } from '../../../assembly/memory/registers';

/** Distance in units of the last place of the reference. */
function ulps(found: f64, expected: f64): f64 {
  const spacing = reinterpret<f64>(reinterpret<u64>(abs(expected)) + 1) - abs(expected);
  return abs(found - expected) / spacing;
}

/** The larger error of cos and sin at one angle against NativeMath, on a scale of 2^-53 near zeros. */
function sincosError(angle: f64): f64 {
  sincos(angle, COSINE_SINE);
  const c = abs(load<f64>(COSINE_SINE) - NativeMath.cos(angle));
  const s = abs(load<f64>(COSINE_SINE, 8) - NativeMath.sin(angle));
  return max(c, s) / 1.1102230246251565e-16;
}

describe('sincos', () => {
  it('is exact at zero', () => {
    sincos(0, COSINE_SINE);
    expect(load<f64>(COSINE_SINE)).toBe(1);
    expect(load<f64>(COSINE_SINE, 8)).toBe(0);
  });

  it('agrees with the library within two roundings over many turns, both signs', () => {
    let worst: f64 = 0;
    for (let i = -20000; i <= 20000; i++)
      worst = max(worst, sincosError(<f64>i * 0.0137 + 1e-5 * <f64>(i % 7)));
    for (let i = -2000; i <= 2000; i++) worst = max(worst, sincosError(<f64>i * 753.001));
    expect(worst).toBeLessThan(2);
  });

  it('stays on the unit circle for huge angles', () => {
    for (let angle: f64 = 1e6; angle < 1e308; angle *= 7) {
      sincos(angle, COSINE_SINE);
      const c = load<f64>(COSINE_SINE);
      const s = load<f64>(COSINE_SINE, 8);
      expect(abs(c * c + s * s - 1)).toBeLessThan(1e-15);
    }
  });

  it('goes on where whole turns are counted another way', () => {
    let worst: f64 = 0;
    for (let i = -2000; i <= 2000; i++) worst = max(worst, sincosError(1.6e6 + <f64>i * 0.011));
    expect(worst).toBeLessThan(2);
  });

  it('gives not-a-number for what is no angle, without a trap', () => {
    sincos(NaN, COSINE_SINE);
    expect(isNaN(load<f64>(COSINE_SINE))).toBe(true);
    sincos(Infinity, COSINE_SINE);
    expect(isNaN(load<f64>(COSINE_SINE, 8))).toBe(true);
  });
});

describe('exp, log1p and log', () => {
  it('exp is within two units in the last place below zero, and 0 below the normal range', () => {
    let worst: f64 = 0;
    for (let x: f64 = 0; x > -700; x -= 0.037) worst = max(worst, ulps(exp(x), NativeMath.exp(x)));
    expect(worst).toBeLessThan(2.01);
    expect(exp(0)).toBe(1);
    expect(exp(-1000)).toBe(0);
    expect(exp(-Infinity)).toBe(0);
    expect(isNaN(exp(NaN))).toBe(true);
  });

  it('log1p is within three units in the last place on [0, 1]', () => {
    let worst: f64 = 0;
    for (let u: f64 = 1e-12; u <= 1; u *= 1.013) worst = max(worst, ulps(log1p(u), NativeMath.log1p(u)));
    expect(worst).toBeLessThan(3.01);
    expect(log1p(0)).toBe(0);
  });

  it('log is within 1e-15 of the library, relative to 1 or to itself', () => {
    let worst: f64 = 0;
    for (let x: f64 = 1e-300; x < 1e300; x *= 1.37) {
      const expected = NativeMath.log(x);
      worst = max(worst, abs(log(x) - expected) / max(1, abs(expected)));
    }
    expect(worst).toBeLessThan(1e-15);
    expect(log(1)).toBe(0);
  });
});
