/**
 * Outputs, losses and parameter-shift gradients estimated from a finite number of shots (Eq. 5, 6 and 7), and
 * the binomial draw that stands for the shots of one term, round for round.
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
import { bitstrings, Stream, uniform53, type WordSource } from './random.ts';

/** Evaluation number of the loss at theta. */
export const EVALUATION_LOSS = 0;
/** Evaluation number of the loss at theta_temp. */
export const EVALUATION_TENTATIVE = 1;

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

/** Variance of the binomial distribution below which a draw searches through it. */
const SEARCHED_VARIANCE = 12;
/** Rounds of a draw, one block each, before it settles for the expected value. */
const BINOMIAL_ROUNDS = 60;

/** The integer next to x, the even one of two. */
function nearest(x: number): number {
  const below = Math.floor(x);
  const beyond = x - below;
  return beyond > 0.5 || (beyond === 0.5 && below % 2 !== 0) ? below + 1 : below;
}

/** f(k) / f(j) for 0 <= j <= M, f the probabilities of M shots at p; 0 where k is no outcome. */
function massRatio(shots: number, p: number, k: number, j: number): number {
  if (!(k >= 0 && k <= shots)) return 0;
  const odds = p / (1 - p);
  let ratio = 1;
  for (let i = j; i < k && ratio > 0; i++) ratio *= ((shots - i) / (i + 1)) * odds;
  for (let i = j; i > k && ratio > 0; i--) ratio *= i / (shots - i + 1) / odds;
  return ratio;
}

/** A candidate of transformed rejection, and the chance with which it is accepted. */
export interface Candidate {
  k: number;
  chance: number;
}

/**
 * The candidate of a uniform number in [-1/2, 1/2), for p <= 1/2 and a variance of at least 12. Its chance must not
 * exceed 1 anywhere, else the draw would not be exact.
 */
export function binomialCandidate(shots: number, p: number, u: number): Candidate {
  const variance = shots * p * (1 - p);
  const corner = 1 / (11 - 44 * u * u);
  const width = 1 + Math.sqrt(6 * shots * p * (1 - p));
  const k = nearest(width * u * (1 + u * u + corner) + shots * p);
  // The derivative of u + u^3 + u / (11 - 44 u^2).
  const slope = 1 + 3 * u * u + (11 + 44 * u * u) * corner ** 2;
  const height = 9 / 8 + 5 / 4 / variance;
  const ratio = massRatio(shots, p, k, Math.floor(shots * p));
  return { k, chance: ratio === 0 ? 0 : (slope * ratio) / height };
}

/** The smallest k whose F(k), the chance of at most k successes, exceeds v; M + 1 when rounding leaves none. */
function searchBinomial(shots: number, p: number, v: number): number {
  let mass = Math.exp(shots * Math.log1p(-p));
  let sum = mass;
  let k = 0;
  while (v >= sum && k <= shots) {
    mass *= (((shots - k) / (k + 1)) * p) / (1 - p);
    sum += mass;
    k += 1;
  }
  return k;
}

/**
 * An exact binomial draw. A round takes one block: 53 bits of its first half, with sign, for the candidate, 53 of its
 * second for the decision. The rarer of the two outcomes is counted.
 * @param shots M >= 0
 * @param p probability, clamped to [0, 1]
 */
export function binomialDraw(source: WordSource, shots: number, p: number): number {
  if (!(p > 0)) return 0;
  if (p >= 1) return shots;
  const rarer = Math.min(p, 1 - p);
  const count = countRarer(source, shots, rarer);
  return p > rarer ? shots - count : count;
}

function countRarer(source: WordSource, shots: number, p: number): number {
  for (let round = 0; round < BINOMIAL_ROUNDS; round++) {
    const first = uniform53(source);
    const v = uniform53(source);
    if (shots * p * (1 - p) >= SEARCHED_VARIANCE) {
      const { k, chance } = binomialCandidate(shots, p, first < 0.5 ? first : first - 1);
      if (v < chance) return k;
    } else {
      const k = searchBinomial(shots, p, v);
      if (k <= shots) return k;
    }
  }
  return Math.floor(shots * p);
}

function isIdentity(term: OracleTerm): boolean {
  return term.xMask === 0 && term.zMask === 0;
}

/** Whether one set of bitstrings serves all outputs: every term diagonal, and more than one that is not constant. */
export function sharesBitstrings(model: OracleModel): boolean {
  const measured = model.terms.filter((term) => !isIdentity(term));
  return measured.length > 1 && measured.every((term) => term.xMask === 0);
}

/** Where the words of one circuit evaluation come from: the stream of each term that is measured on its own. */
export type TermStreams = (term: number) => WordSource;

/** +1 or -1: the product of the measured signs of the term's qubits; qubit q is bit n-1-q of the outcome. */
function parity(qubits: number, term: OracleTerm, outcome: number): number {
  let sign = 1;
  for (let q = 0; q < qubits; q++) {
    if ((term.zMask >> q) & 1 && (outcome >> (qubits - 1 - q)) & 1) sign = -sign;
  }
  return sign;
}

function measureJointly(model: OracleModel, state: State, shots: number, streamOf: TermStreams): Measurement {
  const probabilities = state.re.map((re, i) => re * re + state.im[i] * state.im[i]);
  const outcomes = bitstrings(streamOf(0), shots, probabilities, model.readoutError);
  const perShot = outcomes.map((outcome) => {
    const f = new Array<number>(model.outputs).fill(0);
    for (const term of model.terms) f[term.output] += term.coefficient * parity(model.qubits, term, outcome);
    return f;
  });
  const mean = (values: number[]) => values.reduce((sum, v) => sum + v, 0) / shots;
  return {
    f: Array.from({ length: model.outputs }, (_, k) => mean(perShot.map((f) => f[k]))),
    variance(weights) {
      const values = perShot.map((f) => f.reduce((sum, v, k) => sum + weights[k] * v, 0));
      const centre = mean(values);
      const squares = values.reduce((sum, v) => sum + (v - centre) ** 2, 0);
      return squares / Math.max(shots - 1, 1) / shots;
    },
  };
}

function measureTermByTerm(
  model: OracleModel,
  state: State,
  shots: number,
  streamOf: TermStreams,
): Measurement {
  const means = model.terms.map((term, t) => {
    if (isIdentity(term)) return 1;
    const p = (1 + termExpectation(state, term, model.readoutError)) / 2;
    return (2 * binomialDraw(streamOf(t), shots, p)) / shots - 1;
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
 * Measure all outputs of a state with M shots. Bitstrings are drawn once, on the stream of term 0, when they serve all
 * terms; otherwise every term but the identity gets its own M shots on its own stream.
 */
export function measure(model: OracleModel, state: State, shots: number, streamOf: TermStreams): Measurement {
  return sharesBitstrings(model)
    ? measureJointly(model, state, shots, streamOf)
    : measureTermByTerm(model, state, shots, streamOf);
}

/** Measure one sample of a batch at given operation angles, on the stream of this step and evaluation. */
function measureAngles(
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
  return measure(model, state, shots, (term) =>
    Stream.ofShots(seed, sampleInBatch, step, evaluation, term, purpose),
  );
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

function shotJacobian(
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
