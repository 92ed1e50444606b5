/**
 * Outputs, losses and parameter-shift gradients estimated from a finite number of shots (Eq. 5, 6 and 7): measured
 * bitstrings, and the binomial draw that stands for the shots of one term, word for word.
 */
import { Source } from '../../../assembly/abi/codes.ts';
import {
  circuitAngles,
  isRotation,
  type OracleModel,
  type OracleTerm,
  stateFromAngles,
  termExpectation,
  type Vector,
} from './circuit.ts';
import { assembleGradient, type Jacobian, type LossGradient, weighted } from './gradient.ts';
import { sampleLoss } from './loss.ts';
import type { State } from './matrix.ts';
import { chunk64, type ShotStreams, shotStreams, type WordSource } from './random.ts';

/** Evaluation number of the loss at theta. */
export const EVALUATION_LOSS = 0;
/** Evaluation number of the loss at theta_temp. */
export const EVALUATION_TENTATIVE = 1;

/** Where the evaluation numbers of further tentative losses begin. */
export const LATER_LOSSES = 0x4000;

/** Evaluation number of the loss on one side of theta, for a two-point gradient. */
export function sideEvaluation(sign: 1 | -1): number {
  return sign === 1 ? 0x3000 : 0x3001;
}

/** Evaluation number of a parameter-shift circuit; `op` is the position in the compiled order. */
export function shiftEvaluation(op: number, sign: 1 | -1): number {
  return 2 + 2 * op + (sign === 1 ? 0 : 1);
}

/** How circuits are measured. */
export interface ShotPlan {
  /** M, at least 1. */
  shots: number;
  /** Those of every circuit with a displaced angle; default: as many. */
  displacedShots?: number;
  seed: readonly [seedLow: number, seedHigh: number];
  /** Default: training. */
  purpose?: number;
  /** Original operation numbers in compiled order; one that is missing has no gradient. Default: time order. */
  compiledOrder?: readonly number[];
}

/** What the shots of one circuit evaluation say. */
export interface Measurement {
  /** Estimates of f_0 to f_{K-1}. */
  f: number[];
  /** Estimated variance of sum_k weights_k f_k. */
  variance(weights: Vector): number;
}

/** Masses of so many successes, in units of the likeliest, until they no longer count in a tail of 2^-128. */
function masses(shots: number, p: number): { first: number; values: number[] } {
  const odds = p / (1 - p);
  const middle = Math.min(Math.floor((shots + 1) * p), shots);
  const above: number[] = [];
  for (let k = middle, mass = 1; k < shots && mass > 1e-60; k++) {
    mass *= ((shots - k) / (k + 1)) * odds;
    above.push(mass);
  }
  const below: number[] = [];
  for (let k = middle, mass = 1; k > 0 && mass > 1e-60; k--) {
    mass *= k / (shots - k + 1) / odds;
    below.push(mass);
  }
  return { first: middle - below.length, values: [...below.reverse(), 1, ...above] };
}

/**
 * The smallest k whose F(k), the chance of at most k successes of M shots, exceeds U; from the nearer end, whose masses
 * are the smaller ones.
 * @param tail U, or 1 - U
 * @param end which of them
 */
export function binomialQuantile(shots: number, p: number, tail: number, end: 'lower' | 'upper'): number {
  const { first, values } = masses(shots, p);
  const wanted = tail * values.reduce((sum, mass) => sum + mass, 0);
  const from = end === 'lower' ? values : [...values].reverse();
  let sum = 0;
  const steps = from.findIndex((mass) => (sum += mass) > wanted);
  return end === 'lower' ? first + steps : first + values.length - 1 - steps;
}

/**
 * An exact binomial draw, by inversion of U = 1/2 + (W + 1/2) / 2^64, W a word of 64 bits with sign, low half first. Where
 * U is within 2^-53 of 0 or 1, the next word has 64 bits more.
 * @param shots M >= 0
 * @param p probability, clamped to [0, 1]
 */
export function binomialDraw(source: WordSource, shots: number, p: number): number {
  if (!(p > 0)) return 0;
  if (p >= 1) return shots;
  let bits = 64n;
  let digits = chunk64(source) ^ (1n << 63n);
  const upper = digits >> 63n === 1n;
  const all = () => (1n << bits) - 1n;
  const distance = () => (upper ? all() - digits : digits);
  if (distance() < 1n << 11n) {
    digits = (digits << 64n) | chunk64(source);
    bits = 128n;
  }
  const tail = Number(2n * distance() + 1n) / 2 ** Number(bits + 1n);
  return binomialQuantile(shots, p, tail, upper ? 'upper' : 'lower');
}

/** Shots from which they are divided among the outcomes, in all and for each outcome. */
const DIVIDED_SHOTS = 48;
const DIVIDED_SHOTS_EACH = 5;

/** Probabilities of bitstrings that are read out with errors: every bit flips with probability e. */
function readOut(probabilities: readonly number[], e: number, rounded: (x: number) => number): number[] {
  const read = probabilities.map(rounded);
  if (e === 0) return read;
  for (let bit = 1; bit < read.length; bit *= 2) {
    read.forEach((a, i) => {
      if (i & bit) return;
      const flow = rounded(rounded(e) * rounded(a - read[i + bit]));
      read[i] = rounded(a - flow);
      read[i + bit] = rounded(read[i + bit] + flow);
    });
  }
  return read;
}

/**
 * How often each of 2^n outcomes is measured. Where there are many shots for each they are divided among the halves of
 * the outcomes, and so on; else a shot takes 16 bits, and 32 more where those leave two outcomes open.
 * @param shots M
 * @param probabilities of the outcomes; they need not sum to exactly 1
 * @param readoutError e: each bit flips with this probability
 * @param rounded to the precision of the build
 */
export function bitstringCounts(
  streams: ShotStreams,
  shots: number,
  probabilities: readonly number[],
  readoutError = 0,
  rounded: (x: number) => number = Number,
): number[] {
  const rows = probabilities.length;
  const sums = [0];
  for (const p of readOut(probabilities, readoutError, rounded))
    sums.push(rounded(sums[sums.length - 1] + p));
  const counts = new Array<number>(rows).fill(0);
  if (shots >= DIVIDED_SHOTS && shots >= DIVIDED_SHOTS_EACH * rows) {
    const divide = (range: number, first: number, width: number, fallen: number) => {
      if (width === 1) {
        counts[first] = fallen;
        return;
      }
      const [start, middle, end] = [first, first + width / 2, first + width].map((row) => sums[row]);
      const chance = rounded(rounded(middle - start) / rounded(end - start));
      const lower = binomialDraw(streams.range(range), fallen, chance);
      divide(2 * range, first, width / 2, lower);
      divide(2 * range + 1, first + width / 2, width / 2, fallen - lower);
    };
    divide(1, 0, rows, shots);
    return counts;
  }
  const source = streams.bitstrings();
  const unit = sums[rows] / 2 ** 16;
  const rowOf = (target: number) => {
    const row = sums.slice(1).findIndex((sum) => sum > target);
    return row < 0 ? rows - 1 : row;
  };
  for (let shot = 0; shot < shots; shot++) {
    const bits = source.next();
    const row = rowOf(bits * unit);
    counts[rowOf((bits + 1) * unit) === row ? row : rowOf((bits + source.more() / 2 ** 32) * unit)] += 1;
  }
  return counts;
}

function isIdentity(term: OracleTerm): boolean {
  return term.xMask === 0 && term.zMask === 0;
}

/** Whether one set of bitstrings serves all outputs: every term diagonal, and more than one that is not constant. */
export function sharesBitstrings(model: OracleModel): boolean {
  const measured = model.terms.filter((term) => !isIdentity(term));
  return measured.length > 1 && measured.every((term) => term.xMask === 0);
}

/** +1 or -1: the product of the measured signs of the term's qubits; qubit q is bit n-1-q of the outcome. */
function parity(qubits: number, term: OracleTerm, outcome: number): number {
  let sign = 1;
  for (let q = 0; q < qubits; q++) {
    if ((term.zMask >> q) & 1 && (outcome >> (qubits - 1 - q)) & 1) sign = -sign;
  }
  return sign;
}

function measureJointly(model: OracleModel, state: State, shots: number, streams: ShotStreams): Measurement {
  const probabilities = Array.from(state.re, (re, i) => re * re + state.im[i] * state.im[i]);
  const counts = bitstringCounts(streams, shots, probabilities, model.readoutError);
  const values = counts.map((_, outcome) => {
    const f = new Array<number>(model.outputs).fill(0);
    for (const term of model.terms) f[term.output] += term.coefficient * parity(model.qubits, term, outcome);
    return f;
  });
  const mean = (of: number[]) => of.reduce((sum, v, outcome) => sum + v * counts[outcome], 0) / shots;
  return {
    f: Array.from({ length: model.outputs }, (_, k) => mean(values.map((f) => f[k]))),
    variance(weights) {
      const weighed = values.map((f) => f.reduce((sum, v, k) => sum + weights[k] * v, 0));
      const centre = mean(weighed);
      return mean(weighed.map((v) => (v - centre) ** 2)) / Math.max(shots - 1, 1);
    },
  };
}

function measureTermByTerm(
  model: OracleModel,
  state: State,
  shots: number,
  streams: ShotStreams,
): Measurement {
  const means = model.terms.map((term, t) => {
    if (isIdentity(term)) return 1;
    const p = (1 + termExpectation(state, term, model.readoutError)) / 2;
    return (2 * binomialDraw(streams.term(t), shots, p)) / shots - 1;
  });
  const f = new Array<number>(model.outputs).fill(0);
  model.terms.forEach((term, t) => {
    f[term.output] += term.coefficient * means[t];
  });
  return {
    f,
    variance(weights) {
      return model.terms.reduce((sum, term, t) => {
        const factor = weights[term.output] * term.coefficient;
        return sum + (factor ** 2 * (1 - means[t] ** 2)) / Math.max(shots - 1, 1);
      }, 0);
    },
  };
}

/**
 * Measure all outputs of a state with M shots. Bitstrings are drawn once, on a stream of their own, when they serve all
 * terms; otherwise every term but the identity gets its own M shots on its own stream.
 */
export function measure(model: OracleModel, state: State, shots: number, streams: ShotStreams): Measurement {
  return sharesBitstrings(model)
    ? measureJointly(model, state, shots, streams)
    : measureTermByTerm(model, state, shots, streams);
}

/** Measure one sample of a batch at given operation angles, on the stream of this step and evaluation. */
export function measureAngles(
  model: OracleModel,
  angles: Vector,
  features: Vector,
  plan: ShotPlan,
  sampleInBatch: number,
  step: number,
  evaluation: number,
): Measurement {
  const state = stateFromAngles(model, angles, features);
  const { shots, seed, purpose } = plan;
  return measure(model, state, shots, shotStreams(seed, sampleInBatch, step, evaluation, purpose));
}

/** Measure one sample of a batch at theta. `evaluation` is EVALUATION_LOSS or EVALUATION_TENTATIVE in a step. */
export function measureSample(
  model: OracleModel,
  theta: Vector,
  features: Vector,
  plan: ShotPlan,
  sampleInBatch: number,
  step: number,
  evaluation: number,
): Measurement {
  const angles = circuitAngles(model, theta, features);
  return measureAngles(model, angles, features, plan, sampleInBatch, step, evaluation);
}

/**
 * The mini-batch loss from shots.
 * @param weights how much each sample's loss counts; default: 1 each
 * @returns the mean loss, and the sum over samples of the shot variance of u_b . f, u_b = w_b dl_b/df
 */
export function shotBatchLoss(
  model: OracleModel,
  theta: Vector,
  batch: readonly Vector[],
  labels: Vector,
  plan: ShotPlan,
  step: number,
  evaluation: number,
  weights?: Vector,
): { loss: number; variance: number } {
  let loss = 0;
  let variance = 0;
  batch.forEach((features, b) => {
    const measurement = measureSample(model, theta, features, plan, b, step, evaluation);
    const sample = weighted(sampleLoss(model, theta, measurement.f, labels[b]), weights?.[b] ?? 1);
    loss += sample.loss / batch.length;
    variance += measurement.variance(sample.outputGradient);
  });
  return { loss, variance };
}

/** df_k/dtheta_p of one sample, each circuit from its shots. */
export function shotJacobian(
  model: OracleModel,
  theta: Vector,
  features: Vector,
  plan: ShotPlan,
  sampleInBatch: number,
  step: number,
): Jacobian {
  const jacobian = Array.from({ length: model.outputs }, () => new Array<number>(model.parameters).fill(0));
  const angles = circuitAngles(model, theta, features);
  const order = plan.compiledOrder ?? model.operations.map((_, j) => j);
  const displaced = { ...plan, shots: plan.displacedShots ?? plan.shots };
  order.forEach((j, position) => {
    const op = model.operations[j];
    if (op.source !== Source.Parameter || !isRotation(op)) return;
    const shifted = (sign: 1 | -1) => {
      const moved = angles.map((angle, i) => (i === j ? angle + (sign * Math.PI) / 2 : angle));
      const evaluation = shiftEvaluation(position, sign);
      return measureAngles(model, moved, features, displaced, sampleInBatch, step, evaluation).f;
    };
    const forward = shifted(1);
    const backward = shifted(-1);
    for (let k = 0; k < model.outputs; k++) {
      jacobian[k][op.index] += (op.scale * (forward[k] - backward[k])) / 2;
    }
  });
  return jacobian;
}

/**
 * The mini-batch loss and its parameter-shift gradient from shots. The loss derivatives are taken at the outputs
 * estimated by evaluation 0.
 */
export function shotLossGradient(
  model: OracleModel,
  theta: Vector,
  batch: readonly Vector[],
  labels: Vector,
  plan: ShotPlan,
  step: number,
  weights?: Vector,
): LossGradient {
  const samples = batch.map((features, b) => {
    const { f } = measureSample(model, theta, features, plan, b, step, EVALUATION_LOSS);
    const sample = sampleLoss(model, theta, f, labels[b]);
    const jacobian = shotJacobian(model, theta, features, plan, b, step);
    return { sample, f, jacobian, weight: weights?.[b] ?? 1 };
  });
  return assembleGradient(model, theta, samples);
}
