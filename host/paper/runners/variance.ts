/** How the derivatives of a cost spread over the landscape: what a barren plateau is defined by. */
import { HostRandom } from '../../data/philox.ts';
import type { Json } from '../../study/cell.ts';
import { FlatCost, type FlatProblem, uniformAngles } from '../theory/flat-cost.ts';
import { noiseOf } from '../theory/flat-training.ts';

/** A problem at so many random places. */
export interface VarianceInput {
  readonly problem: FlatProblem;
  readonly samples: number;
  readonly seed: number;
  /** nu: see `noiseOf`; default none. */
  readonly noise?: number;
}

/** What was found. */
export interface Variances {
  readonly parameters: number;
  /** Variance of a derivative over the places, mean over the parameters. */
  readonly mean: number;
  /** The same over those parameters alone that the observable sees: others have none at all. */
  readonly seenMean: number;
  /** Parameters that the observable sees. */
  readonly seen: number;
  /** Variance of the cost itself. */
  readonly cost: number;
  /** Mean of |grad C|^2. */
  readonly square: number;
}

const STREAM = 0x76617269;

/** Samples. @returns `Variances` */
export async function variance(input: Json): Promise<Json> {
  const { problem, samples, seed, noise = 0 } = input as unknown as VarianceInput;
  const cost = await FlatCost.of(problem, 'exact', seed, noise > 0 ? noiseOf(noise) : undefined);
  const random = new HostRandom(seed, STREAM);
  const [sums, squares] = [new Float64Array(cost.parameters), new Float64Array(cost.parameters)];
  let [costSum, costSquare] = [0, 0];
  for (let sample = 0; sample < samples; sample++) {
    const { value, gradient } = cost.exact.gradient(uniformAngles(cost.parameters, random));
    costSum += value;
    costSquare += value ** 2;
    gradient.forEach((derivative, i) => {
      sums[i] += derivative;
      squares[i] += derivative ** 2;
    });
  }
  const spread = (sum: number, square: number) => (square - sum ** 2 / samples) / (samples - 1);
  const variances = Array.from(sums, (sum, i) => spread(sum, squares[i]));
  const total = variances.reduce((sum, each) => sum + each, 0);
  const seen = squares.filter((square) => square > 0).length;
  const found: Variances = {
    ...{ parameters: cost.parameters, seen },
    mean: total / cost.parameters,
    seenMean: total / seen,
    cost: spread(costSum, costSquare),
    square: squares.reduce((sum, square) => sum + square, 0) / samples,
  };
  return found as unknown as Json;
}
