/** The landscape of Figure 1: its gradient, its plateau, and what descents do there. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  between,
  CAVE,
  cost,
  descend,
  DOMAIN,
  FLAT,
  gradient,
  type Place,
  plateauHalf,
  steepness,
  WELL,
} from '../../../host/paper/landscape.ts';
import { assertClose } from '../../support/close.ts';

const places = between(DOMAIN, 17).flatMap((x) => between(DOMAIN, 17).map((y): Place => [x, y]));

describe('the landscape', () => {
  test('is what its formula says, at places worked out by hand', () => {
    // The well is e^(-32 / 3.92) deep where the cave is deepest, and the cave nothing where the well is.
    assertClose(cost(CAVE), 1 - Math.exp(-32 / 3.92) - 0.3, 1e-15, 'in the cave');
    assertClose(cost(WELL), 0, 1e-15, 'in the well');
    assertClose(
      cost([-2, -0.4]),
      1 - Math.exp(-21.76 / 3.92) - 0.3 / Math.E,
      1e-15,
      'on the wall of the cave',
    );
    assertClose(cost([4, -4]), 1 - Math.exp(-40 / 3.92), 1e-15, 'far from both');
  });

  test('has the gradient that differences of its cost have', () => {
    const h = 1e-5;
    for (const [x, y] of places) {
      const [gx, gy] = gradient([x, y]);
      assertClose(gx, (cost([x + h, y]) - cost([x - h, y])) / (2 * h), 1e-8, `d/dx at ${x}, ${y}`);
      assertClose(gy, (cost([x, y + h]) - cost([x, y - h])) / (2 * h), 1e-8, `d/dy at ${x}, ${y}`);
    }
  });

  test('has one minimum lower than the cave', () => {
    for (const place of places) assert.ok(cost(place) >= cost(WELL), `${place}`);
    assert.ok(cost(CAVE) > cost(WELL));
  });
});

describe('the box of the plateau', () => {
  const half = plateauHalf();

  test('is flat, and the largest square that is', () => {
    const within = (size: number) =>
      between([-size, size], 61).flatMap((x) =>
        between([-size, size], 61).map((y) => steepness([CAVE[0] + x, CAVE[1] + y])),
      );
    assert.ok(half > 0.5 && half < 1, `${half}`);
    assert.ok(Math.max(...within(half)) <= FLAT * 1.001);
    assert.ok(Math.max(...within(half + 0.005)) > FLAT);
    // To a thousandth: the corner towards the well is where it ends.
    const corner = (size: number) => Math.max(...within(size));
    assert.ok(corner(half + 0.0012) > FLAT, `${corner(half + 0.0012)}`);
  });

  test('holds descent, and reversals are never reached: the exact cost does not rise at a small step', () => {
    const rates = { rate: 0.1, negativeRate: 0.2 };
    const [nlr, plain] = [rates, { ...rates, negativeRate: 0 }].map((each) =>
      descend([-2.3, -1.8], each, 2000),
    );
    assert.equal(nlr.violations, 0);
    assert.deepEqual(nlr, plain);
    assert.ok(nlr.places.every((place) => cost(place) > cost(CAVE) - 1e-2));
  });

  test('is left uphill where the rate is so large that the cost rises', () => {
    const { violations, places } = descend([-0.9, -0.9], { rate: 20, negativeRate: 0 }, 1);
    assert.equal(violations, 1);
    assert.deepEqual(places[1], places[0]);
    const reversed = descend([-0.9, -0.9], { rate: 20, negativeRate: 8 }, 1).places[1];
    const [gx, gy] = gradient([-0.9, -0.9]);
    assertClose(reversed[0], -0.9 + 8 * gx, 1e-15, 'x');
    assertClose(reversed[1], -0.9 + 8 * gy, 1e-15, 'y');
  });

  test('is not left by a step that changes nothing', () => {
    // At the minimum the gradient is nearly nothing, and beyond the well it is nothing at all: no cost rises there.
    for (const from of [WELL, [40, 40]] as const) {
      const { violations, places } = descend(from, { rate: 0.1, negativeRate: 5 }, 3);
      assert.equal(violations, 0, `${from}`);
      assert.equal(places.length, 4);
    }
    const far = descend([40, 40], { rate: 1, negativeRate: 1 }, 1).places;
    assert.deepEqual(far, [
      [40, 40],
      [40, 40],
    ]);
  });

  test('is crossed by places that are steps of the formula', () => {
    const { places, violations } = descend([0.5, 1], { rate: 0.8, negativeRate: 0.3 }, 40);
    let [rises, at] = [0, places[0]];
    for (const next of places.slice(1)) {
      const [gx, gy] = gradient(at);
      const down: Place = [at[0] - 0.8 * gx, at[1] - 0.8 * gy];
      const isRise = cost(down) > cost(at);
      rises += Number(isRise);
      assert.deepEqual(next, isRise ? [at[0] + 0.3 * gx, at[1] + 0.3 * gy] : down);
      at = next;
    }
    assert.equal(violations, rises);
    assertClose(Math.hypot(at[0] - WELL[0], at[1] - WELL[1]), 0, 1e-3, 'at the minimum in the end');
  });
});
