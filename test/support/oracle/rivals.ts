/**
 * Methods to compare with, in plain TypeScript, from their papers: blocks of parameters, sequential minimisation and
 * shots allotted by the variance of derivatives. They look at displaced circuits one by one: a meter measures them.
 */
import { Rule, Source } from '../../../assembly/abi/codes.ts';
import {
  circuitAngles,
  isRotation,
  type OracleModel,
  outputs,
  stateFromAngles,
  type Vector,
} from './circuit.ts';
import { observableWeights, sampleLoss } from './loss.ts';
import { isChannel, noisyOutputsFromAngles } from './noise.ts';
import { below, PARTITION_PURPOSE, Stream } from './random.ts';
import { EVALUATION_LOSS, measureAngles, type Measurement, type ShotPlan, shiftEvaluation } from './shots.ts';

/** How circuits are measured: of the sample in a place of the mini-batch. */
export interface Meter {
  readonly model: OracleModel;
  readonly samples: readonly Vector[];
  readonly labels: Vector;
  readonly weights?: Vector;
  /** The operations that turn by a parameter and run at all, as numbers of the model. */
  readonly trained: readonly number[];
  /** The circuit as it is. */
  plain(theta: Vector, row: number, place: number, step: number): Measurement;
  /** One with an operation's angle displaced by sign pi/2, from so many shots. */
  displaced(
    theta: Vector,
    row: number,
    place: number,
    step: number,
    op: number,
    sign: 1 | -1,
    shots: number,
  ): Measurement;
}

const isTrained = (model: OracleModel, op: number) =>
  model.operations[op].source === Source.Parameter && isRotation(model.operations[op]);

/** Exact expectations, or shots on the streams of a plan. @param order the operations that run, in compiled order */
export function meterOf(
  model: OracleModel,
  samples: readonly Vector[],
  labels: Vector,
  order: readonly number[],
  plan?: ShotPlan,
  weights?: Vector,
): Meter {
  const trained = order.filter((op) => isTrained(model, op));
  const measured = (
    angles: Vector,
    row: number,
    place: number,
    step: number,
    evaluation: number,
    shots: number,
  ): Measurement => {
    if (plan) {
      const own = { ...plan, shots };
      return measureAngles(model, angles, samples[row], own, place, step, evaluation);
    }
    const noisy = model.operations.some(isChannel);
    const f = noisy
      ? noisyOutputsFromAngles(model, angles, samples[row])
      : outputs(model, stateFromAngles(model, angles, samples[row]));
    return { f, variance: () => 0 };
  };
  return {
    ...{ model, samples, labels, weights, trained },
    plain: (theta, row, place, step) => {
      const angles = circuitAngles(model, theta, samples[row]);
      return measured(angles, row, place, step, EVALUATION_LOSS, plan?.shots ?? 0);
    },
    displaced: (theta, row, place, step, op, sign, shots) => {
      const angles = circuitAngles(model, theta, samples[row]);
      angles[op] += (sign * Math.PI) / 2;
      return measured(angles, row, place, step, shiftEvaluation(order.indexOf(op), sign), shots);
    },
  };
}

/** Parameters that some operation turns by, in their order. */
export function activeParameters({ model, trained }: Meter): number[] {
  return [...new Set(trained.map((op) => model.operations[op].index))].sort((a, b) => a - b);
}

/** The parameters that each step of a sweep moves. @param blocks at most */
export function blocksOf(
  active: readonly number[],
  blocks: number,
  seed: readonly [number, number],
  sweep: number,
): number[][] {
  const count = Math.max(Math.min(blocks, active.length), 1);
  const order = [...active];
  const stream = new Stream(seed, [0, sweep, PARTITION_PURPOSE]);
  for (let last = order.length - 1; last > 0; last--) {
    const chosen = below(stream, last + 1);
    [order[chosen], order[last]] = [order[last], order[chosen]];
  }
  const cut = (b: number) => Math.floor((b * order.length) / count);
  return Array.from({ length: count }, (_, b) => order.slice(cut(b), cut(b + 1)));
}

/** What a step finds out. */
export interface Found {
  loss: number;
  gradient: number[];
  observableGradient: number[];
  /** Variance of each derivative, times the shots of each of its displaced circuits. */
  spreads: number[];
  /** Mean losses at an angle's displacement, by parameter: of linear losses. */
  sides: Map<number, [ahead: number, behind: number]>;
}

/** Measures a mini-batch: the loss, and derivatives by the parameters that are moved. */
export function look(
  meter: Meter,
  theta: Vector,
  batch: readonly number[],
  step: number,
  moved: readonly number[],
  shotsOf: (parameter: number) => number,
): Found {
  const { model, labels, weights, trained } = meter;
  const { outputs: K, logits: C, parameters: P } = model;
  const found: Found = {
    loss: 0,
    gradient: Array.from(theta, () => 0),
    observableGradient: new Array<number>(P).fill(0),
    spreads: new Array<number>(P).fill(0),
    sides: new Map(),
  };
  batch.forEach((row, place) => {
    const share = (weights?.[row] ?? 1) / batch.length;
    const { f } = meter.plain(theta, row, place, step);
    const sample = sampleLoss(model, theta, f, labels[row]);
    const read = observableWeights(model, theta, sample);
    found.loss += share * sample.loss;
    sample.logitGradient.forEach((slope, c) => {
      if (c >= C) return;
      for (let k = 0; k < K; k++) found.gradient[P + c * K + k] += share * slope * f[k];
      found.gradient[P + C * K + c] += share * slope;
    });
    for (const op of trained) {
      const { index, scale } = model.operations[op];
      if (!moved.includes(index)) continue;
      const shots = shotsOf(index);
      const [ahead, behind] = ([1, -1] as const).map((sign) =>
        meter.displaced(theta, row, place, step, op, sign, shots),
      );
      const u = sample.outputGradient;
      for (let k = 0; k < K; k++) {
        const slope = (scale * (ahead.f[k] - behind.f[k])) / 2;
        found.gradient[index] += share * u[k] * slope;
        found.observableGradient[index] += (read[k] * slope) / batch.length;
      }
      const variance = ahead.variance(u) + behind.variance(u);
      found.spreads[index] += share ** 2 * scale ** 2 * 0.25 * variance * shots;
      const before = found.sides.get(index) ?? [0, 0];
      const losses = [ahead, behind].map(
        (side) => share * sampleLoss(model, theta, side.f, labels[row]).loss,
      );
      found.sides.set(index, [before[0] + losses[0], before[1] + losses[1]]);
    }
  });
  return found;
}

/** What the methods read. */
export interface RivalSettings {
  rule: Rule;
  circuitParameters: number;
  until: number;
  seed: readonly [number, number];
  /** Blocks of a sweep; 0: none, all parameters move. */
  blocks: number;
  /** Shots of displaced circuits, the least where they are allotted; 0 when exact. */
  displacedShots: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  lipschitz: number;
  /** eta of the circuit and of the head, after the schedule. */
  rates(step: number): readonly [circuit: number, head: number];
}

/** One of their steps. */
export interface RivalStep extends Found {
  /** After it. */
  theta: number[];
  /** Shots of the displaced circuits of each parameter. */
  shots: number[];
}

/** The most shots of a circuit. */
const MOST_SHOTS = 1048576;

/** Trains, step by step. Every parameter has counters and moments of its own. */
export function* rivalSteps(
  theta0: Vector,
  settings: RivalSettings,
  meter: Meter,
  batchAt: (step: number) => readonly number[],
): Generator<RivalStep> {
  const { rule, circuitParameters: P, seed, beta1, beta2, epsilon } = settings;
  const theta = Array.from(theta0);
  const active = activeParameters(meter);
  const wanted = rule === Rule.Rotosolve ? active.length : settings.blocks;
  const [m, v, counts] = [0, 1, 2].map(() => theta.map(() => 0));
  const all = Math.max(Math.min(wanted, active.length), 1);
  for (let t = 0; t < settings.until; t++) {
    const moved = blocksOf(active, all, seed, Math.floor(t / all))[t % all];
    const eta = settings.rates(t);
    const { displacedShots: least } = settings;
    // gCANS: from the running means of the steps before.
    const unbiased = (values: readonly number[], i: number) =>
      counts[i] === 0 ? 0 : values[i] / (1 - beta1 ** counts[i]);
    const of = wanted > 0 ? moved : Array.from({ length: P }, (_, i) => i);
    const square = of.reduce((sum, i) => sum + unbiased(m, i) ** 2, 0);
    const spread = of.reduce((sum, i) => sum + unbiased(v, i), 0);
    const steep = settings.lipschitz * eta[0];
    const shots = theta.slice(0, P).map((_, i) => {
      if (rule !== Rule.Gcans || counts[i] === 0) return least;
      const gained =
        (((2 * steep) / (2 - steep)) * unbiased(v, i) * spread) / (square + 1e-6 * beta1 ** (counts[i] - 1));
      return Math.min(Math.max(Math.ceil(gained), least), MOST_SHOTS);
    });
    const found = look(meter, theta, batchAt(t), t, moved, (i) => shots[i]);
    theta.forEach((_, i) => {
      // Without blocks, those outside the light cone count too: their derivatives are 0.
      if (i < P && wanted > 0 && !moved.includes(i)) return;
      const g = found.gradient[i];
      const rate = i < P ? eta[0] : eta[1];
      counts[i]++;
      switch (rule) {
        case Rule.Sgd:
          theta[i] -= rate * g;
          break;
        case Rule.Momentum:
          m[i] = beta1 * m[i] + g;
          theta[i] -= rate * m[i];
          break;
        case Rule.RmsProp:
          v[i] = beta2 * v[i] + (1 - beta2) * g * g;
          theta[i] -= (rate * g) / (Math.sqrt(v[i]) + epsilon);
          break;
        case Rule.Adam:
          m[i] = beta1 * m[i] + (1 - beta1) * g;
          v[i] = beta2 * v[i] + (1 - beta2) * g * g;
          theta[i] -=
            (rate * (m[i] / (1 - beta1 ** counts[i]))) /
            (Math.sqrt(v[i] / (1 - beta2 ** counts[i])) + epsilon);
          break;
        case Rule.Gcans:
          if (i < P) {
            m[i] = beta1 * m[i] + (1 - beta1) * g;
            v[i] = beta1 * v[i] + (1 - beta1) * Math.sqrt(found.spreads[i]);
          }
          theta[i] -= rate * g;
          break;
        case Rule.Rotosolve: {
          // Ostaszewski et al., algorithm 1, with phi the angle as it is.
          const [ahead, behind] = found.sides.get(i) as [number, number];
          const most = meter.model.terms.reduce((sum, { coefficient }) => sum + Math.abs(coefficient), 0);
          // Flat but for rounding.
          if (Math.max(Math.abs(2 * found.loss - ahead - behind), Math.abs(ahead - behind)) < 1e-12 * most)
            break;
          const turn = -Math.PI / 2 - Math.atan2(2 * found.loss - ahead - behind, ahead - behind);
          const { scale } =
            meter.model.operations[
              meter.trained.find((op) => meter.model.operations[op].index === i) as number
            ];
          theta[i] += (turn <= -Math.PI ? turn + 2 * Math.PI : turn) / scale;
          break;
        }
        default:
          throw new Error(`rivals.ts does not know the rule ${Rule[rule]}`);
      }
    });
    yield { ...found, theta: [...theta], shots };
  }
}
