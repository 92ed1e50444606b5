/** Trainings of the cost 1 - <O>, by the product's own rules, and where they may start. */
import type { Noise } from '../../api/noise.ts';
import type { InitialisationName, TrainingOptions } from '../../api/options.ts';
import { HostRandom } from '../../data/philox.ts';
import { Trainer } from '../../index.ts';
import { costObservable, FlatCost, type FlatProblem, product, uniformAngles } from './flat-cost.ts';

/** Noise of one rate nu: a depolarizing channel behind every gate, and as many bits read wrong. */
export const noiseOf = (rate: number): Noise => [
  { channel: 'depolarizing', rate },
  { channel: 'readout', rate },
];

/** How parameters start, other than as the seed has them. */
export type Start =
  /** Where Adam comes to with exact gradients from the seed's parameters. */
  | { readonly at: 'minimum'; readonly steps: number }
  /** A stationary point from which the cost goes down one way and up another, and so far beside it, radians. */
  | { readonly at: 'saddle'; readonly beside: number }
  /** The place with the smallest |grad C| of so many random ones. */
  | { readonly at: 'flat'; readonly draws: number };

/** A training of the cost. */
export interface FlatTraining {
  readonly problem: FlatProblem;
  readonly training: TrainingOptions;
  /** Default uniform over [-pi, pi]; 'identity-blocks' mirrors every second layer. */
  readonly initialisation?: InitialisationName;
  readonly start?: Start;
}

/** One row without a feature that does anything. */
const DATASET = {
  ...{ features: Float64Array.of(0), rows: 1, columns: 1, labels: Int32Array.of(0) },
  ...{ classes: ['cost', 'none'], name: 'no data' },
};

const STREAM = 0x73746172;

async function fresh({ problem, training, initialisation }: FlatTraining): Promise<Trainer> {
  const { qubits, layers, observable } = problem;
  return Trainer.create({
    model: {
      ...{ qubits, layers, features: 1, encoding: 'angle', head: 'none', loss: 'energy' },
      ...{ observable: [costObservable(observable, qubits)], initialisation },
      ...(initialisation === 'identity-blocks' && { layout: 'mirrored' }),
    },
    training: { ...training, batch: 1 },
    dataset: DATASET,
  });
}

/** Trains to the end. */
async function finish(trainer: Trainer): Promise<void> {
  for await (const _ of trainer.fit());
}

async function minimum(asked: FlatTraining, steps: number): Promise<Float64Array> {
  const { seed } = asked.training;
  const training = { rule: 'adam', rate: 0.05, schedule: 'cosine', shots: 'exact', steps, seed } as const;
  const trainer = await fresh({ ...asked, training });
  await finish(trainer);
  return Float64Array.from(trainer.parameters);
}

/** Rounding of a derivative or a cost that is zero. */
const ZERO = 1e-12;

/**
 * Two RX at a quarter turn, all else at zero, where the cost is 1, flat to first order and curved by those two alone: C = 1 -
 * sin x sin y around there, if they are two that the observable multiplies.
 */
function saddle(cost: FlatCost): Float64Array {
  const turned = (angles: readonly (readonly [number, number])[]) => {
    const theta = new Float64Array(cost.parameters);
    for (const [i, angle] of angles) theta[i] = angle;
    return theta;
  };
  const quarter = Math.PI / 2;
  for (let a = 0; a < cost.parameters; a += 3) {
    for (let b = a + 3; b < cost.parameters; b += 3) {
      const theta = turned([
        [a, quarter],
        [b, quarter],
      ]);
      const gradient = cost.gradient(theta);
      if (Math.abs(cost.value(theta) - 1) > ZERO || product(gradient, gradient) > ZERO ** 2) continue;
      const beside = [0.1, -0.1].map((sign) =>
        cost.value(
          turned([
            [a, quarter + 0.1],
            [b, quarter + sign],
          ]),
        ),
      );
      if (Math.max(...beside) > 1 + 1e-3 && Math.min(...beside) < 1 - 1e-3) return theta;
    }
  }
  throw new RangeError('this cost has no saddle of that kind');
}

async function startOf(asked: FlatTraining, start: Start): Promise<Float64Array> {
  if (start.at === 'minimum') return minimum(asked, start.steps);
  const cost = await FlatCost.of(asked.problem);
  const random = new HostRandom(asked.training.seed ?? 1, STREAM);
  if (start.at === 'saddle') {
    const noise = uniformAngles(cost.parameters, random);
    return saddle(cost).map((angle, i) => angle + (start.beside * noise[i]) / Math.PI);
  }
  const places = Array.from({ length: start.draws }, () => uniformAngles(cost.parameters, random));
  const steepness = places.map((theta) => {
    const gradient = cost.gradient(theta);
    return product(gradient, gradient);
  });
  return places[steepness.indexOf(Math.min(...steepness))];
}

/** A trainer at its start. */
export async function flatTrainer(asked: FlatTraining): Promise<Trainer> {
  const trainer = await fresh(asked);
  if (asked.start) trainer.parameters.set(await startOf(asked, asked.start));
  return trainer;
}
