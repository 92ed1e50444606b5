/** The formulas of section IV against costs whose every term is known, and against walks that were walked. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { normal } from '../../../../host/api/initialise.ts';
import { HostRandom } from '../../../../host/data/philox.ts';
import {
  costChange,
  isEnough,
  isViolation,
  provenCap,
  type Slope,
  statedCap,
  violationFrom,
} from '../../../../host/paper/theory/curvature.ts';
import {
  meanRate,
  meanSquareRate,
  provenDiffusion,
  secondMoment,
  statedDiffusion,
  turningShare,
} from '../../../../host/paper/theory/diffusion.ts';
import { exitSteps, REMARK_FACTORS, remarkedExitSteps } from '../../../../host/paper/theory/exit-time.ts';
import { assertClose } from '../../../support/close.ts';

/** C = 1/2 sum h_i x_i^2, of which Eq. 11 has no remainder. */
const HESSIAN = [0.5, 2, -1];
const AT = [1, 0.25, 0.5];
const cost = (x: readonly number[]) => x.reduce((sum, value, i) => sum + (HESSIAN[i] * value * value) / 2, 0);
const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, i) => sum + value * b[i], 0);
const slopeOf = (g: readonly number[]): Slope => ({
  product: dot(
    g,
    AT.map((x, i) => HESSIAN[i] * x),
  ),
  curvature: dot(
    g,
    g.map((value, i) => HESSIAN[i] * value),
  ),
  square: dot(g, g),
});
/** The true gradient, and one of noise. */
const TRUE = AT.map((x, i) => HESSIAN[i] * x);
const NOISY = [0.1, 2, 0.3];
const changeOf = (g: readonly number[], rate: number) => cost(AT.map((x, i) => x - rate * g[i])) - cost(AT);

describe('Lemma 1', () => {
  for (const [name, g] of Object.entries({ true: TRUE, noisy: NOISY })) {
    test(`the change of a quadratic cost, ${name} gradient`, () => {
      for (const rate of [0.01, 0.3, 2, 9]) {
        assertClose(costChange(slopeOf(g), rate), changeOf(g, rate), 1e-13, `${rate}`);
        assert.equal(isViolation(slopeOf(g), rate), changeOf(g, rate) > 0, `${rate}`);
      }
    });
  }

  test('the rate at which the cost begins to rise', () => {
    const from = violationFrom(slopeOf(NOISY));
    assert.ok(!isViolation(slopeOf(NOISY), from * 0.999) && isViolation(slopeOf(NOISY), from * 1.001));
    assert.equal(violationFrom({ product: -1, curvature: 1, square: 1 }), 0);
    assert.equal(violationFrom({ product: 1, curvature: -1, square: 1 }), Infinity);
  });
});

describe('Lemma 2', () => {
  test('the cap of the proof is where Armijo’s condition ceases to hold; that of the statement is not', () => {
    for (const g of [TRUE, NOISY]) {
      const slope = slopeOf(g);
      const decrease = 0.1;
      const most = provenCap(slope, decrease);
      const holds = (rate: number) => isEnough(changeOf(g, rate), slope.square, rate, decrease);
      assert.ok(most > 0 && holds(most * 0.999) && !holds(most * 1.001), `${most}`);
    }
    assert.ok(provenCap(slopeOf(NOISY), 0.1) < 0.9 * statedCap(slopeOf(NOISY), 0.1));
  });

  test('both are the same where the gradient is the true one', () => {
    assertClose(statedCap(slopeOf(TRUE), 0.3), provenCap(slopeOf(TRUE), 0.3), 1e-14, 'cap');
  });

  test('a gradient of noise leaves the proof’s no step at all', () => {
    const slope = { product: 1e-3, curvature: 1, square: 1 };
    assert.equal(provenCap(slope, 0.01), 0);
    assertClose(statedCap(slope, 0.01), 2 * 0.99e-3, 1e-15, 'stated');
    assert.equal(statedCap({ product: 1, curvature: -1, square: 1 }, 0.1), Infinity);
    assert.equal(statedCap({ product: -1, curvature: -1, square: 1 }, 0.1), 0);
  });
});

describe('Theorem 1', () => {
  const rates = { rate: 0.01, negativeRate: 0.02 };

  test('moments of a step', () => {
    assertClose(turningShare(rates), 1 / 3, 1e-15, 'share');
    assertClose(meanRate(1 / 3, rates), 0, 1e-17, 'mean');
    assertClose(meanRate(0.5, rates), -0.005, 1e-17, 'mean');
    const square = meanSquareRate(0.25, 0.01, 0.02 ** 2);
    assertClose(square, 0.75e-4 + 1e-4, 1e-18, 'square');
    assertClose(statedDiffusion(secondMoment(square, 90)), 90 * 1.75e-4, 1e-17, 'Eq. 16');
    assertClose(provenDiffusion(secondMoment(square, 90), 90), 1.75e-4 / 2, 1e-18, 'proof');
  });
});

describe('Remark 1', () => {
  test('a walk leaves a ball as optional stopping says; R^2 / 2D is off by 2, or by d', () => {
    const [dimensions, radius, deviation, walks] = [30, 1, 0.02, 300];
    const random = new HostRandom(5, 1);
    let steps = 0;
    for (let walk = 0; walk < walks; walk++) {
      const at = new Float64Array(dimensions);
      for (let square = 0; square < radius ** 2; steps++) {
        square = 0;
        for (let i = 0; i < dimensions; i++) {
          at[i] += deviation * normal(random);
          square += at[i] ** 2;
        }
      }
    }
    const moment = dimensions * deviation ** 2;
    const [found, expected] = [steps / walks, exitSteps(radius, moment)];
    assertClose(expected, 1 / 0.012, 1e-12, 'formula');
    // One step of overshoot at most, and five standard errors: exit times in 30 dimensions spread by about a quarter.
    assert.ok(found > expected - 1 && found < expected * (1 + (5 * 0.26) / Math.sqrt(walks)) + 1, `${found}`);
    const [stated, proven] = [statedDiffusion(moment), provenDiffusion(moment, dimensions)];
    assertClose(remarkedExitSteps(radius, stated) / expected, REMARK_FACTORS.stated(), 1e-14, 'Eq. 16');
    assertClose(
      remarkedExitSteps(radius, proven) / expected,
      REMARK_FACTORS.proven(dimensions),
      1e-13,
      'proof',
    );
  });
});
