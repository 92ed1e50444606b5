/**
 * The paper's family of rules in plain TypeScript, from the text of the paper and of assembly/rules: each is a function
 * that says what becomes of a step, given the loss, the gradient and the loss anywhere else. Numbers are floats of
 * JavaScript, variances of the Hamiltonian come from dense matrices.
 */
import { Decision, Doubt, Fallback, Perturbation, Reversal, Rule } from '../../../assembly/abi/codes.ts';
import { circuitAngles, type OracleModel, pauliMatrix, stateFromAngles, type Vector } from './circuit.ts';
import type { Pool } from './frugal.ts';
import { assembleGradient } from './gradient.ts';
import { sampleLoss } from './loss.ts';
import { apply, inner, type Matrix, plus, scaled, zeros } from './matrix.ts';
import { NOISE_PURPOSE, RESTART_PURPOSE, Stream, uniform53 } from './random.ts';
import { EVALUATION_LOSS, EVALUATION_TENTATIVE, LATER_LOSSES } from './shots.ts';

type Batch = readonly number[];

/** What only rules of the family read; 0 or left out: as before there was one. */
export interface FamilyOptions {
  reversal?: Reversal;
  kappa?: number;
  noiseRate?: number;
  depth?: number;
  effectiveRate?: 0 | 1;
  threshold?: number;
  deviation?: number;
  perturbation?: Perturbation;
  fallback?: Fallback;
  doubt?: Doubt;
  stallSteps?: number;
  backtracks?: number;
  decrease?: number;
}

/** Rule, rates and seed. */
export interface FamilySettings extends FamilyOptions {
  rule: Rule;
  rate: number;
  negativeRate: number;
  headRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  guard: number;
  shots: number;
  seed: readonly [seedLow: number, seedHigh: number];
  circuitParameters: number;
  /** Steps to do. */
  until: number;
  /** The schedule's factor on all rates. */
  factor(t: number): number;
}

/** Losses and gradients. */
export interface FamilyObjective {
  loss(theta: Vector, batch: Batch, step: number, evaluation: number): { loss: number; variance: number };
  gradient(theta: Vector, batch: Batch, step: number): { gradient: number[]; observableGradient: number[] };
  /** The samples one by one, and how they are measured. */
  pool: Pool & { samples: readonly Vector[] };
}

/** What became of a step. */
interface Outcome {
  decision: Decision;
  theta: number[];
  /** The signed rate of the circuit, before the schedule. */
  signed: number;
}

/** A step so far, and what a rule does with it. */
interface Situation {
  t: number;
  theta: number[];
  gradient: number[];
  before: { loss: number; variance: number };
  batch: Batch;
  /** theta + factor * eta * direction, with the rates of circuit and head after the schedule. */
  moved(factor: number): number[];
  /** The loss at theta - eta g * scale, the `nth` of the step's further losses. */
  tried(scale: number, nth: number): { loss: number; variance: number };
  /** eta'/eta by the options. */
  ratio: number;
}

const isMore = (change: number) => change > 0;

// ---- eta' --------------------------------------------------------------------------------------

/** H of an output. */
function outputMatrix({ qubits, terms }: OracleModel, output: number): Matrix {
  const own = terms.filter((term) => term.output === output);
  return own.reduce(
    (sum, { xMask, zMask, coefficient }) => {
      return plus(sum, scaled(pauliMatrix(qubits, xMask, zMask), { re: coefficient, im: 0 }));
    },
    zeros(2 ** qubits),
  );
}

const trace = (matrix: Matrix) => {
  let sum = 0;
  for (let i = 0; i < matrix.size; i++) sum += matrix.re[i * matrix.size + i];
  return sum;
};

/** tr H^2 / 2^n - (tr H / 2^n)^2, mean over the outputs; tr H^2 column by column. */
export function traceVariance(model: OracleModel): number {
  const size = 2 ** model.qubits;
  const of = (output: number) => {
    const H = outputMatrix(model, output);
    let squares = 0;
    for (let i = 0; i < size * size; i++) squares += H.re[i] ** 2 + H.im[i] ** 2;
    return squares / size - (trace(H) / size) ** 2;
  };
  return mean(Array.from({ length: model.outputs }, (_, k) => of(k)));
}

/** <H^2> - <H>^2 at theta, mean over the outputs, of one sample: |H psi|^2 less the square of <psi|H psi>. */
function exactSpread(model: OracleModel, theta: Vector, features: Vector): number {
  const psi = stateFromAngles(model, circuitAngles(model, theta, features), features);
  const of = (output: number) => {
    const image = apply(outputMatrix(model, output), psi);
    return inner(image, image).re - inner(psi, image).re ** 2;
  };
  return mean(Array.from({ length: model.outputs }, (_, k) => of(k)));
}

/** The same as shots estimate it: M times the variance of the mean of M. */
function measuredSpread({ pool }: FamilyObjective, theta: Vector, batch: Batch, t: number, shots: number) {
  const samples = pool.outputs(theta, batch, t);
  return mean(samples.map(({ covariance }) => shots * mean(covariance.map((row, k) => row[k]))));
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** eta'/eta. */
function ratioOf(
  settings: FamilySettings,
  objective: FamilyObjective,
  theta: Vector,
  batch: Batch,
  t: number,
) {
  const {
    reversal = Reversal.Constant,
    kappa = 0,
    noiseRate = 0,
    depth = 0,
    effectiveRate = 0,
    shots,
  } = settings;
  const eq10 = (variance: number) => (1 + Math.log(1 + noiseRate * depth)) * Math.sqrt(variance / depth);
  const source = (): number => {
    switch (reversal) {
      case Reversal.Constant:
        return settings.negativeRate / settings.rate;
      case Reversal.Kappa:
        return kappa;
      case Reversal.Eq10:
        return eq10(traceVariance(objective.pool.model));
      case Reversal.Eq10State: {
        const { model, samples } = objective.pool;
        const rows = batch.map((row) => samples[row]);
        if (shots > 0) return eq10(measuredSpread(objective, theta, batch, t, shots));
        return eq10(mean(rows.map((features) => exactSpread(model, theta, features))));
      }
    }
  };
  return effectiveRate === 1 ? source() / (1 + noiseRate * depth) : source();
}

// ---- what becomes of a step --------------------------------------------------------------------

/** Standard error of the change of a mean loss. */
const errorOf = (before: { variance: number }, after: { variance: number }, count: number) =>
  Math.sqrt(before.variance + after.variance) / count;

const descended = (s: Situation, settings: FamilySettings): Outcome => ({
  decision: Decision.Descended,
  theta: s.moved(-1),
  signed: settings.rate,
});

const reversed = (s: Situation, settings: FamilySettings, ratio = s.ratio): Outcome => ({
  decision: Decision.Reversed,
  theta: s.moved(ratio),
  signed: -ratio * settings.rate,
});

const halved = (s: Situation, settings: FamilySettings): Outcome => ({
  decision: Decision.Halved,
  theta: s.moved(-0.5),
  signed: settings.rate / 2,
});

const rejected = (s: Situation): Outcome => ({ decision: Decision.Rejected, theta: [...s.theta], signed: 0 });

function guarded(s: Situation, settings: FamilySettings, change: number, error: number): Outcome {
  if (!isMore(change)) return descended(s, settings);
  const capped = Math.min(s.ratio, 3);
  const { fallback = Fallback.Reverse, doubt = Doubt.Halve } = settings;
  if (change > settings.guard * error) {
    switch (fallback) {
      case Fallback.Reverse:
        return reversed(s, settings, capped);
      case Fallback.Halve:
        return halved(s, settings);
      case Fallback.Reject:
        return rejected(s);
    }
  }
  switch (doubt) {
    case Doubt.Halve:
      return halved(s, settings);
    case Doubt.Descend:
      return descended(s, settings);
    case Doubt.Reject:
      return rejected(s);
    case Doubt.Reverse:
      return reversed(s, settings, capped);
  }
}

/** z_i of variance 1, two of each block of the step's stream. */
function draws({ seed }: FamilySettings, t: number, count: number, gaussian: boolean): number[] {
  const stream = new Stream(seed, [0, t, NOISE_PURPOSE]);
  const z: number[] = [];
  while (z.length < count) {
    const [a, b] = [uniform53(stream), uniform53(stream)];
    const radius = Math.sqrt(-2 * Math.log(1 - a));
    if (gaussian) z.push(radius * Math.cos(2 * Math.PI * b), radius * Math.sin(2 * Math.PI * b));
    else z.push(Math.sqrt(3) * (2 * a - 1), Math.sqrt(3) * (2 * b - 1));
  }
  return z.slice(0, count);
}

/** Root mean square of some numbers. */
const rms = (values: readonly number[]) => Math.sqrt(mean(values.map((value) => value ** 2)));

function perturbed(s: Situation, settings: FamilySettings, gaussian: boolean): Outcome {
  const { circuitParameters: P, rate, headRate, perturbation = 0 } = settings;
  const z = draws(settings, s.t, s.theta.length, gaussian);
  const whole = perturbation === Perturbation.Rate;
  const sigma = (from: number, to?: number) => (whole ? 1 : rms(s.gradient.slice(from, to)));
  const [circuit, head] = [s.ratio * rate * sigma(0, P), s.ratio * headRate * sigma(P)];
  const factor = settings.factor(s.t);
  return {
    decision: Decision.Perturbed,
    theta: s.theta.map((value, i) => value + factor * (i < P ? circuit : head) * z[i]),
    signed: 0,
  };
}

function noisy(s: Situation, settings: FamilySettings): Outcome {
  const up = reversed(s, settings);
  const sigma = settings.factor(s.t) * (settings.deviation ?? 0);
  const z = draws(settings, s.t, s.theta.length, true);
  return { ...up, theta: up.theta.map((value, i) => value + sigma * z[i]) };
}

/** All parameters as before training, from the step's stream. */
function drawnAgain({ pool }: FamilyObjective, settings: FamilySettings, t: number): number[] {
  const { parameters, outputs, logits } = pool.model;
  const stream = new Stream(settings.seed, [0, t, RESTART_PURPOSE]);
  const within = (width: number) => width * (2 * uniform53(stream) - 1);
  const width = Math.sqrt(6 / (outputs + logits));
  return [
    ...Array.from({ length: parameters }, () => within(Math.PI)),
    ...Array.from({ length: outputs * logits }, () => within(width)),
    ...new Array<number>(logits).fill(0),
  ];
}

/** Halves the rate until the loss has fallen enough. */
function backtracked(s: Situation, settings: FamilySettings) {
  const { circuitParameters: P, rate, headRate, backtracks = 0, decrease = 0 } = settings;
  const square = (values: readonly number[]) => values.reduce((sum, value) => sum + value ** 2, 0);
  const slope =
    settings.factor(s.t) * (rate * square(s.gradient.slice(0, P)) + headRate * square(s.gradient.slice(P)));
  const first = s.tried(1, 0);
  let after = first;
  for (let k = 0; ; k++) {
    const scale = 2 ** -k;
    if (k > 0) after = s.tried(scale, k);
    if (after.loss - s.before.loss <= -decrease * scale * slope) {
      const decision = k === 0 ? Decision.Descended : Decision.Rescaled;
      return { after, first, outcome: { decision, theta: s.moved(-scale), signed: scale * rate } };
    }
    if (k === backtracks) return { after, first, outcome: rejected(s) };
  }
}

// ---- the rules ---------------------------------------------------------------------------------

/** What a rule remembers from one step to the next. */
interface Memory {
  kappa?: number;
  rose: boolean;
  stalled: number;
  means: number[];
  squares: number[];
  latest: number[];
}

const clamped = (kappa: number) => Math.min(Math.max(kappa, 1.5), 3);

function adaptive(s: Situation, settings: FamilySettings, memory: Memory, change: number): Outcome {
  const kappa = memory.kappa ?? clamped(s.ratio);
  const rose = isMore(change);
  const outcome = rose ? reversed(s, settings, kappa) : descended(s, settings);
  const factor = rose && memory.rose ? 1 / 1.5 : rose || memory.rose ? 1 / 1.1 : 1.02;
  memory.kappa = clamped(kappa * factor);
  memory.rose = rose;
  return outcome;
}

/** What the tentative loss leads to. */
function decided(
  s: Situation,
  settings: FamilySettings,
  memory: Memory,
  change: number,
  error: number,
): Outcome {
  const { rule, threshold = 0, circuitParameters: P } = settings;
  switch (rule) {
    case Rule.NlrGuarded:
      return guarded(s, settings, change, error);
    case Rule.NlrAdaptive:
      return adaptive(s, settings, memory, change);
    case Rule.NlrThreshold:
      return change > threshold ? reversed(s, settings) : descended(s, settings);
    case Rule.NlrPlateau: {
      const plateau = Math.hypot(...s.gradient.slice(0, P)) < threshold;
      return isMore(change) && plateau ? reversed(s, settings) : descended(s, settings);
    }
    default:
  }
  if (!isMore(change)) return descended(s, settings);
  switch (rule) {
    case Rule.NlrNoise:
      return noisy(s, settings);
    case Rule.TwoRates:
      return { decision: Decision.Rescaled, theta: s.moved(-s.ratio), signed: s.ratio * settings.rate };
    case Rule.PerturbGaussian:
      return perturbed(s, settings, true);
    case Rule.PerturbUniform:
      return perturbed(s, settings, false);
    default:
      return reversed(s, settings);
  }
}

function restarting(
  s: Situation,
  settings: FamilySettings,
  objective: FamilyObjective,
  memory: Memory,
): Outcome {
  const { threshold = 0, stallSteps = 0, circuitParameters: P } = settings;
  const norm = Math.hypot(...s.gradient.slice(0, P));
  memory.stalled = norm < threshold ? memory.stalled + 1 : 0;
  if (stallSteps === 0 || memory.stalled < stallSteps) return descended(s, settings);
  memory.stalled = 0;
  return { decision: Decision.Restarted, theta: drawnAgain(objective, settings, s.t), signed: 0 };
}

/** What each sample of a mini-batch adds to the gradient. */
function partsOf({ pool }: FamilyObjective, theta: Vector, batch: Batch, t: number): number[][] {
  const { model, labels, weights } = pool;
  return pool.outputs(theta, batch, t).map(({ f }, b) => {
    const row = batch[b];
    const jacobian = pool.jacobian(theta, row, b, t);
    const sample = sampleLoss(model, theta, f, labels[row]);
    const own = assembleGradient(model, theta, [{ sample, f, jacobian, weight: weights?.[row] ?? 1 }]);
    return own.gradient.map((value) => value / batch.length);
  });
}

/** Adam, and the latest step taken back where the gradient says that it went uphill. */
function coordinates(
  s: Situation,
  settings: FamilySettings,
  parts: readonly number[][],
  memory: Memory,
): Outcome {
  const { beta1, beta2, epsilon, guard, circuitParameters: P, rate, headRate } = settings;
  const B = parts.length;
  const theta = s.theta.map((value, d) => {
    const g = s.gradient[d];
    memory.means[d] = beta1 * memory.means[d] + (1 - beta1) * g;
    memory.squares[d] = beta2 * memory.squares[d] + (1 - beta2) * g ** 2;
    const m = memory.means[d] / (1 - beta1 ** (s.t + 1));
    const v = memory.squares[d] / (1 - beta2 ** (s.t + 1));
    const eta = settings.factor(s.t) * (d < P ? rate : headRate);
    // The sample variance of the samples' gradients B c_b, over B.
    const own = parts.map((part) => B * part[d]);
    const variance = own.reduce((sum, each) => sum + (each - g) ** 2, 0) / (B - 1) / B;
    const latest = memory.latest[d];
    const back = B > 1 && latest * g > guard * Math.abs(latest) * Math.sqrt(variance) ? latest : 0;
    return value - (eta * m) / (Math.sqrt(v) + epsilon) - back;
  });
  memory.latest = theta.map((value, d) => value - s.theta[d]);
  return { decision: Decision.Descended, theta, signed: rate };
}

/** Steps of a rule of the family, or of `nlr` and `nlr-guarded` with options of it. */
export function* familySteps(
  theta0: Vector,
  settings: FamilySettings,
  objective: FamilyObjective,
  batchAt: (step: number) => Batch,
) {
  const { rule, rate, headRate, circuitParameters: P } = settings;
  let theta = Array.from(theta0);
  const zeros = () => new Array<number>(theta.length).fill(0);
  const memory: Memory = { rose: false, stalled: 0, means: zeros(), squares: zeros(), latest: zeros() };
  for (let t = 0; t < settings.until; t++) {
    const batch = batchAt(t);
    const before = objective.loss(theta, batch, t, EVALUATION_LOSS);
    const { gradient, observableGradient } = objective.gradient(theta, batch, t);
    const at = theta;
    const moved = (factor: number) =>
      at.map((value, i) => value + factor * settings.factor(t) * (i < P ? rate : headRate) * gradient[i]);
    const tried = (scale: number, nth: number) =>
      objective.loss(moved(-scale), batch, t, nth === 0 ? EVALUATION_TENTATIVE : LATER_LOSSES + nth);
    const ratio = ratioOf(settings, objective, theta, batch, t);
    const s: Situation = { t, theta, gradient, before, batch, moved, tried, ratio };
    const facts = { t, batch, before, gradient, observableGradient };
    if (rule === Rule.SgdRestart || rule === Rule.AdamReversal) {
      const outcome =
        rule === Rule.SgdRestart
          ? restarting(s, settings, objective, memory)
          : coordinates(s, settings, partsOf(objective, theta, batch, t), memory);
      theta = outcome.theta;
      yield { ...facts, ...outcome };
    } else if (rule === Rule.Armijo) {
      const { after, first, outcome } = backtracked(s, settings);
      theta = outcome.theta;
      yield { ...facts, ...outcome, after, first };
    } else {
      const after = tried(1, 0);
      const error = errorOf(before, after, batch.length);
      const outcome = decided(s, settings, memory, after.loss - before.loss, error);
      theta = outcome.theta;
      yield { ...facts, ...outcome, after };
    }
  }
}
