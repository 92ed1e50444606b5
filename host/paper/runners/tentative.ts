/**
 * Tentative steps from many places of a landscape: when the cost rises (Lemma 1), how far backtracking may go then (Lemma 2),
 * and what a step comes to in the mean with either (Theorem 1). Costs are exact wherever it is not said that they are measured.
 */
import jStat from 'jstat';
import { HostRandom } from '../../data/philox.ts';
import type { Json } from '../../study/cell.ts';
import { quantilesOf } from '../../study/spread.ts';
import { isEnough, isViolation, provenCap, type Slope, statedCap } from '../theory/curvature.ts';
import { FlatCost, type FlatProblem, moved, product, uniformAngles } from '../theory/flat-cost.ts';

/** What is tried, and where. */
export interface TentativeInput {
  readonly problem: FlatProblem;
  /** Of each circuit of the gradient and of the test. */
  readonly shots: number | 'exact';
  readonly rate: number;
  readonly negativeRate: number;
  /** c of Armijo's condition. */
  readonly decrease: number;
  readonly samples: number;
  readonly seed: number;
  /** Places with a smaller |grad C| are passed over: the informative region of Theorem 2. */
  readonly steeper?: number;
}

/** Shares and means over the places; null where there is nothing to take them over. */
export interface Tentative {
  readonly places: number;
  /** Violations: by Eq. 12, by the exact cost, as measured, and as the noise of the measurement lets expect. */
  readonly predicted: number;
  readonly counted: number;
  readonly noticed: number;
  readonly expected: number;
  /** Places where Eq. 12 and the exact cost say the same. */
  readonly agreement: number;
  /** Places where the measured gradient points uphill, g . grad C < 0. */
  readonly uphill: number;
  /** Means: |grad C|, standard error of the test, exact |C(theta_temp) - C(theta)|. */
  readonly steepness: number;
  readonly error: number;
  readonly change: number;
  /** Of the violations by the exact cost: share where the cost bends up along g, so that there is a cap. */
  readonly bent: number | null;
  /** Of those: medians of the caps, by eta. Of all: the median of the greatest passing rate. */
  readonly stated: number | null;
  readonly proven: number | null;
  readonly passing: number | null;
  /** Of the same: shares where the greatest passing rate is within the cap, a tenth more for what Eq. 11 leaves out. */
  readonly withinStated: number | null;
  readonly withinProven: number | null;
  /** Of the same: share without any rate that passes. */
  readonly without: number | null;
  /** E|g|^2, and the same of violations. */
  readonly square: number;
  readonly violatedSquare: number | null;
  /** E|Delta theta|^2 with reversals and with backtracking, by the measured test, and E[backtracked rate^2 | violation]. */
  readonly reversing: number;
  readonly backtracking: number;
  readonly backtrackedSquare: number | null;
}

const STREAM = 0x74656e74;
/** Halvings of a rate at most; as the rule armijo's. */
const HALVINGS = 10;
/** What Eq. 11 leaves out, and what the halving cannot tell. */
const SLACK = 1.1;

/** A step that was tried. */
interface Tried extends Slope {
  readonly predicted: boolean;
  readonly change: number;
  readonly measured: number;
  readonly error: number;
  readonly steepness: number;
  /** Greatest rate below eta that passes Armijo's condition by the exact cost, 0 if none; undefined without a violation. */
  readonly passing: number | undefined;
  /** Rate that halving comes to by the measured test; undefined where that sees no violation. */
  readonly backtracked: number | undefined;
}

/** The greatest rate below one that fails at which the condition holds, by bisection; 0 where none does that is worth it. */
function greatestPassing(passes: (rate: number) => boolean, rate: number): number {
  let good = rate;
  for (let i = 0; i < 2 * HALVINGS && !passes(good); i++) good /= 2;
  if (!passes(good)) return 0;
  let bad = 2 * good;
  for (let i = 0; i < 8; i++) {
    const middle = (good + bad) / 2;
    if (passes(middle)) good = middle;
    else bad = middle;
  }
  return good;
}

function tryStep(cost: FlatCost, theta: Float64Array, input: TentativeInput): Tried {
  const { rate, decrease } = input;
  const [before, steep, gradient] = [cost.value(theta), cost.gradient(theta), cost.measureGradient(theta)];
  const slope = {
    product: product(gradient, steep),
    curvature: cost.curvature(theta, gradient),
    square: product(gradient, gradient),
  };
  const changeAt = (at: number) => cost.value(moved(theta, gradient, at)) - before;
  const change = changeAt(rate);
  const noisy = cost.shots !== 'exact';
  const measuredBefore = noisy ? cost.measure(theta) : before;
  const measuredAt = (at: number) =>
    noisy ? cost.measure(moved(theta, gradient, at)) - measuredBefore : changeAt(at);
  const measured = measuredAt(rate);
  const enough = (found: number, at: number) => isEnough(found, slope.square, at, decrease);
  let backtracked: number | undefined;
  if (measured > 0) {
    backtracked = rate / 2;
    for (let i = 1; i < HALVINGS && !enough(measuredAt(backtracked), backtracked); i++) backtracked /= 2;
  }
  return {
    ...{ ...slope, change, measured, backtracked },
    predicted: isViolation(slope, rate),
    error: Math.sqrt(cost.variance(before) + cost.variance(before + change)),
    steepness: Math.sqrt(product(steep, steep)),
    passing: change > 0 ? greatestPassing((at) => enough(changeAt(at), at), rate / 2) : undefined,
  };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const orNull = (values: readonly number[], of: (values: readonly number[]) => number) =>
  values.length === 0 ? null : of(values);
const median = (values: readonly number[]) => quantilesOf(values, [0.5])[0];

/** What steps came to. */
function summed(tried: readonly Tried[], { rate, negativeRate, decrease }: TentativeInput): Tentative {
  const share = (of: (one: Tried) => boolean, all = tried) => all.filter(of).length / all.length;
  const violated = tried.filter(({ change }) => change > 0);
  const noticed = tried.filter(({ measured }) => measured > 0);
  const capped = violated.map((one) => ({
    stated: statedCap(one, decrease) / rate,
    proven: provenCap(one, decrease) / rate,
    passing: (one.passing ?? 0) / rate,
  }));
  const within = (cap: 'stated' | 'proven') =>
    orNull(
      capped.map((each) => Number(each.passing <= SLACK * each[cap])),
      mean,
    );
  const medianCap = (cap: 'stated' | 'proven') =>
    orNull(
      capped.map((each) => each[cap]).filter((value) => value < Infinity),
      median,
    );
  const squares = tried.map(({ square }) => square);
  return {
    places: tried.length,
    predicted: share(({ predicted }) => predicted),
    counted: violated.length / tried.length,
    noticed: noticed.length / tried.length,
    expected: mean(
      tried.map(({ change, error }) =>
        error === 0 ? Number(change > 0) : jStat.normal.cdf(change / error, 0, 1),
      ),
    ),
    agreement: share(({ predicted, change }) => predicted === change > 0),
    uphill: share(({ product }) => product < 0),
    steepness: mean(tried.map(({ steepness }) => steepness)),
    error: mean(tried.map(({ error }) => error)),
    change: mean(tried.map(({ change }) => Math.abs(change))),
    bent: orNull(
      capped.map(({ stated }) => Number(stated < Infinity)),
      mean,
    ),
    ...{ stated: medianCap('stated'), proven: medianCap('proven') },
    passing: orNull(
      capped.map(({ passing }) => passing),
      median,
    ),
    ...{ withinStated: within('stated'), withinProven: within('proven') },
    without: orNull(
      capped.map(({ passing }) => Number(passing === 0)),
      mean,
    ),
    square: mean(squares),
    violatedSquare: orNull(
      noticed.map(({ square }) => square),
      mean,
    ),
    reversing: mean(tried.map(({ measured, square }) => (measured > 0 ? negativeRate : rate) ** 2 * square)),
    backtracking: mean(tried.map(({ backtracked = rate, square }) => backtracked ** 2 * square)),
    backtrackedSquare: orNull(
      noticed.map(({ backtracked = rate }) => backtracked ** 2),
      mean,
    ),
  };
}

/** Tries. @returns `Tentative` */
export async function tentative(input: Json): Promise<Json> {
  const read = input as unknown as TentativeInput;
  const { problem, shots, samples, seed, steeper = 0 } = read;
  const cost = await FlatCost.of(problem, shots, seed);
  const random = new HostRandom(seed, STREAM);
  const tried: Tried[] = [];
  // Where nearly all of a landscape is flat there may not be as many places.
  for (let drawn = 0; tried.length < samples && drawn < 100 * samples; drawn++) {
    const theta = uniformAngles(cost.parameters, random);
    const steep = cost.gradient(theta);
    if (Math.sqrt(product(steep, steep)) >= steeper) tried.push(tryStep(cost, theta, read));
  }
  return (tried.length === 0 ? null : summed(tried, read)) as unknown as Json;
}
