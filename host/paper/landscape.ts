/**
 * Figure 1's synthetic landscape: two parameters, a shallow cave at (-2, -2) with a flat floor, and the minimum elsewhere. The
 * paper shows its picture and gives no formula; this one is ours:
 *
 *   C(x, y) = 1 - exp(-((x - 2)^2 + (y - 2)^2) / (2 w^2)) - a exp(-(r / s)^8),   r^2 = (x + 2)^2 + (y + 2)^2
 *
 * with w = 1.4, a = 0.3 and s = 1.6. The floor of the cave is flat to the seventh order in r, and the slope of the wide well
 * has faded there.
 */

/** A place: theta_1 and theta_2. */
export type Place = readonly [x: number, y: number];

/** The formula, for people. */
export const FORMULA =
  'C(x, y) = 1 − exp(−((x − 2)² + (y − 2)²) / (2 · 1.4²)) − 0.3 · exp(−(((x + 2)² + (y + 2)²) / 1.6²)⁴)';

/** Middle of the cave, and of the well. */
export const CAVE: Place = [-2, -2];
export const WELL: Place = [2, 2];

/** What is shown of either parameter. */
export const DOMAIN: readonly [least: number, most: number] = [-4, 4];

/** eps of Assumption 2: where |grad C| is at most this, the landscape counts as a plateau. */
export const FLAT = 0.01;

const WIDTH = 1.4;
const DEPTH = 0.3;
const RADIUS = 1.6;

/** The well and the cave, both above 0, and what is in their exponents. */
function parts([x, y]: Place) {
  const [wx, wy] = [x - WELL[0], y - WELL[1]];
  const [cx, cy] = [x - CAVE[0], y - CAVE[1]];
  const share = (cx * cx + cy * cy) / RADIUS ** 2;
  return {
    ...{ wx, wy, cx, cy, share },
    well: Math.exp(-(wx * wx + wy * wy) / (2 * WIDTH ** 2)),
    cave: DEPTH * Math.exp(-(share ** 4)),
  };
}

/** C. */
export function cost(place: Place): number {
  const { well, cave } = parts(place);
  return 1 - well - cave;
}

/** grad C. */
export function gradient(place: Place): Place {
  const { wx, wy, cx, cy, share, well, cave } = parts(place);
  const [ofWell, ofCave] = [well / WIDTH ** 2, (8 * cave * share ** 3) / RADIUS ** 2];
  return [ofWell * wx + ofCave * cx, ofWell * wy + ofCave * cy];
}

/** |grad C|. */
export function steepness(place: Place): number {
  return Math.hypot(...gradient(place));
}

/** `count` numbers from the first to the last, both included. */
export function between([first, last]: readonly [number, number], count: number): number[] {
  return Array.from({ length: count }, (_, i) => first + ((last - first) * i) / (count - 1));
}

/** Whether the landscape is flat all over a square around the cave, looked at on a grid. */
function isFlat(half: number): boolean {
  const sides = CAVE.map((middle) => between([middle - half, middle + half], 41));
  return sides[0].every((x) => sides[1].every((y) => steepness([x, y]) <= FLAT));
}

/** Half the side of the plateau's box: the largest square around the cave on which |grad C| is at most `FLAT`, to 1e-3. */
export function plateauHalf(): number {
  let [flat, steep] = [0, DOMAIN[1]];
  while (steep - flat > 1e-3) {
    const half = (flat + steep) / 2;
    if (isFlat(half)) flat = half;
    else steep = half;
  }
  return flat;
}

/** What became of a descent on the landscape. */
export interface Path {
  readonly places: readonly Place[];
  /** Steps whose tentative cost rose. */
  readonly violations: number;
}

/**
 * Algorithm 1 on the landscape, exactly: without noise, and without a reversal where `negativeRate` is 0, so that a step that
 * fails is not taken.
 */
export function descend(
  from: Place,
  { rate, negativeRate }: { readonly rate: number; readonly negativeRate: number },
  steps: number,
): Path {
  const places: Place[] = [from];
  let violations = 0;
  for (let step = 0; step < steps; step++) {
    const at = places[step];
    const [gx, gy] = gradient(at);
    const tried: Place = [at[0] - rate * gx, at[1] - rate * gy];
    const rose = cost(tried) > cost(at);
    if (rose) violations++;
    places.push(rose ? [at[0] + negativeRate * gx, at[1] + negativeRate * gy] : tried);
  }
  return { places, violations };
}
