/**
 * Training in plain TypeScript: Algorithm 1 of arXiv 2511.22861 line by line, its guarded variant, and the usual
 * rules. How loss and gradient are obtained, exactly or from shots, is the caller's choice (objective.ts).
 */
import { Decision, Draws, HeadNoise, HeadStep, Rule, Schedule } from '../../../assembly/abi/codes.ts';
import type { Vector } from './circuit.ts';
import { type FamilyObjective, type FamilyOptions, familySteps } from './family.ts';
import { frugalSteps, type Pool } from './frugal.ts';
import { norm } from './gradient.ts';
import { EVALUATION_LOSS, EVALUATION_TENTATIVE } from './shots.ts';

/** A mini-batch as indices into the training set. */
export type Batch = readonly number[];

/** The mini-batch loss and gradient that training calls for. */
export interface Objective {
  /**
   * L_t(theta) on the batch, and the sum over its samples of the shot variance of u_b . f (0 when exact).
   * `evaluation` is 0 at theta_t and 1 at theta_temp: shots are drawn from different streams.
   */
  loss(theta: Vector, batch: Batch, step: number, evaluation: number): { loss: number; variance: number };
  /** grad L_t over all parameters, and the gradient of the observable over the circuit parameters. */
  gradient(theta: Vector, batch: Batch, step: number): { gradient: number[]; observableGradient: number[] };
  /** The samples one by one, for rules that look at them so. */
  pool?: FamilyObjective['pool'];
}

/** Rule and rates. Every rule takes all of them and reads what it needs. */
export interface TrainingOptions extends FamilyOptions {
  rule: Rule;
  schedule: Schedule;
  /** T: length of the schedule, and how many steps are done unless `until` says otherwise. */
  steps: number;
  /** Steps to do; default `steps`. */
  until?: number;
  /** Entries of theta before the head's. */
  circuitParameters: number;
  rate: number;
  negativeRate: number;
  headRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  /** k of `nlr-guarded` and `adam-reversal`. */
  guard: number;
  /** Of the rules that draw something, and M; absent: 1, and exact. */
  seed?: readonly [seedLow: number, seedHigh: number];
  shots?: number;
  /** Parts of `frugal`; absent: all of them. */
  draws?: Draws;
  /** Samples of its pool, where it draws that too. */
  batch?: number;
  headStep?: HeadStep;
  headNoise?: HeadNoise;
  /** Shots of all steps together, by which the schedule goes, and those of one; absent or 0: it goes by `steps`. */
  shotsBudget?: number;
  shotsPerStep?: number;
}

/** One step as it happened. */
export interface TrainingStep {
  /** L_t(theta_t). */
  loss: number;
  /** L_t(theta_temp); NaN for rules that make no test. */
  tentativeLoss: number;
  /** Delta C of Eq. 8; NaN for rules that make no test. */
  lossChange: number;
  /** Standard error of Delta C from shot noise; 0 when exact, NaN for rules that make no test. */
  lossChangeError: number;
  decision: Decision;
  /** |grad L_t| over the circuit parameters. */
  gradientNormLoss: number;
  /** |grad <O>| over the circuit parameters. */
  gradientNormObservable: number;
  /** eta_t after the schedule. */
  rate: number;
  /** Mean signed learning rate over the steps so far. */
  meanRate: number;
  /** Steps so far whose tentative loss rose / steps so far. */
  violationRate: number;
  /** Reversals so far. */
  reversals: number;
  /** theta_{t+1}, all parameters. */
  parameters: number[];
}

/** The largest eta' / eta with which `nlr-guarded` reverses. */
export const GUARDED_RATIO_CAP = 3;

/** r: t / T, or of a shots budget the share that is spent before the step. */
function shareDone({ shotsBudget = 0, shotsPerStep = 0, steps }: TrainingOptions, step: number): number {
  return shotsBudget > 0 ? (step * shotsPerStep) / shotsBudget : step / steps;
}

/** s_t: 1, (1 + cos(pi r)) / 2 or 1 - r, and 0 from r = 1 on, (1 + 10 r)^(-3/4), or Spall's gain. */
export function scheduleFactor(options: TrainingOptions, step: number): number {
  const r = shareDone(options, step);
  switch (options.schedule) {
    case Schedule.Constant:
      return 1;
    case Schedule.Cosine:
      return r >= 1 ? 0 : (1 + Math.cos(Math.PI * r)) / 2;
    case Schedule.Linear:
      return Math.max(1 - r, 0);
    case Schedule.RobbinsMonro:
      return (1 + 10 * r) ** -0.75;
    case Schedule.Spall: {
      // a_k = a / (A + k + 1)^0.602, with a such that a_0 = eta; a budget has room for so many steps like this one.
      const { shotsBudget = 0, shotsPerStep = 1, steps } = options;
      const stability = (shotsBudget > 0 ? shotsBudget / shotsPerStep : steps) / 10;
      return ((stability + 1) / (stability + step + 1)) ** 0.602;
    }
    default:
      throw new Error(`test/support/oracle/training.ts does not know the schedule ${options.schedule}`);
  }
}

/** eta_t of every entry of theta: `rate` for the circuit, `headRate` for the head. */
function rates(options: TrainingOptions, step: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    return (i < options.circuitParameters ? options.rate : options.headRate) * scheduleFactor(options, step);
  });
}

/** eta'_t / eta_t, the same for every entry. */
function reversalRatio(options: TrainingOptions): number {
  const ratio = options.negativeRate / options.rate;
  return options.rule === Rule.NlrGuarded ? Math.min(ratio, GUARDED_RATIO_CAP) : ratio;
}

/** theta + factor * eta * direction, entry by entry. */
function moved(theta: Vector, factor: number, eta: Vector, direction: Vector): number[] {
  return Array.from(theta, (value, i) => value + factor * eta[i] * direction[i]);
}

/**
 * Algorithm 1 exactly as printed; the comments carry its line numbers and words.
 * @param theta0 initial parameters
 * @param batchAt the mini-batch d_t of step t
 * @param cost C(theta), called at theta_0 and after every step (lines 1 and 13); its value decides nothing
 */
export function algorithm1(
  theta0: Vector,
  options: TrainingOptions,
  objective: Objective,
  batchAt: (step: number) => Batch,
  cost?: (theta: Vector) => void,
): TrainingStep[] {
  const steps: TrainingStep[] = [];
  const kappa = reversalRatio(options);
  let theta = Array.from(theta0);
  // 1: Initialize cost C(theta_0)
  cost?.(theta);
  // 2: for t = 0, ..., T - 1 do
  for (let t = 0; t < (options.until ?? options.steps); t++) {
    const eta = rates(options, t, theta.length);
    // 3: Sample mini-batch d_t of size B
    const batch = batchAt(t);
    // 4: Compute mini-batch loss L_t(theta_t)
    const before = objective.loss(theta, batch, t, EVALUATION_LOSS);
    // 5: Estimate gradient g_t <- grad L_t(theta_t)
    const { gradient, observableGradient } = objective.gradient(theta, batch, t);
    // 6: Tentative descent step: theta_temp <- theta_t - eta g_t
    const tentative = moved(theta, -1, eta, gradient);
    // 7: Evaluate mini-batch loss: L_temp <- L_t(theta_temp)
    const after = objective.loss(tentative, batch, t, EVALUATION_TENTATIVE);
    let decision: Decision;
    // 8: if L_temp > L_t(theta_t) then
    if (after.loss > before.loss) {
      // 9: Negative learning step: theta_{t+1} <- theta_t + eta' g_t
      theta = moved(theta, kappa, eta, gradient);
      decision = Decision.Reversed;
      // 10: else
    } else {
      // 11: Accept descent step: theta_{t+1} <- theta_temp
      theta = tentative;
      decision = Decision.Descended;
      // 12: end if
    }
    // 13: Update cost estimate: C(theta_{t+1})
    cost?.(theta);
    record(steps, options, { t, batch, before, after, gradient, observableGradient, decision, theta });
    // 14: end for
  }
  return steps;
}

/**
 * Algorithm 1 with a test that knows its own noise: a rise within `guard` standard errors is not evidence, so half the
 * descent step is taken; a reversal moves by at most three times the descent step.
 */
export function guardedAlgorithm(
  theta0: Vector,
  options: TrainingOptions,
  objective: Objective,
  batchAt: (step: number) => Batch,
): TrainingStep[] {
  const steps: TrainingStep[] = [];
  const kappa = reversalRatio(options);
  let theta = Array.from(theta0);
  for (let t = 0; t < (options.until ?? options.steps); t++) {
    const eta = rates(options, t, theta.length);
    const batch = batchAt(t);
    const before = objective.loss(theta, batch, t, EVALUATION_LOSS);
    const { gradient, observableGradient } = objective.gradient(theta, batch, t);
    const tentative = moved(theta, -1, eta, gradient);
    const after = objective.loss(tentative, batch, t, EVALUATION_TENTATIVE);
    const rise = after.loss - before.loss;
    let decision: Decision;
    if (rise <= 0) {
      theta = tentative;
      decision = Decision.Descended;
    } else if (rise > options.guard * standardError(before.variance, after.variance, batch.length)) {
      theta = moved(theta, kappa, eta, gradient);
      decision = Decision.Reversed;
    } else {
      theta = moved(theta, -0.5, eta, gradient);
      decision = Decision.Halved;
    }
    record(steps, options, { t, batch, before, after, gradient, observableGradient, decision, theta });
  }
  return steps;
}

/** The step directions of the rules that make no test, each keeping its own moments. */
function baseline(options: TrainingOptions, count: number): (gradient: number[], step: number) => number[] {
  const { beta1, beta2, epsilon } = options;
  let m = new Array<number>(count).fill(0);
  let v = new Array<number>(count).fill(0);
  switch (options.rule) {
    case Rule.Momentum:
      return (g) => {
        m = m.map((mi, i) => beta1 * mi + g[i]);
        return m;
      };
    case Rule.RmsProp:
      return (g) => {
        v = v.map((vi, i) => beta2 * vi + (1 - beta2) * g[i] ** 2);
        return g.map((gi, i) => gi / (Math.sqrt(v[i]) + epsilon));
      };
    case Rule.Adam:
      return (g, t) => {
        m = m.map((mi, i) => beta1 * mi + (1 - beta1) * g[i]);
        v = v.map((vi, i) => beta2 * vi + (1 - beta2) * g[i] ** 2);
        const mHat = m.map((mi) => mi / (1 - beta1 ** (t + 1)));
        const vHat = v.map((vi) => vi / (1 - beta2 ** (t + 1)));
        return mHat.map((mi, i) => mi / (Math.sqrt(vHat[i]) + epsilon));
      };
    case Rule.Sgd:
      return (g) => g;
    default:
      throw new Error(
        `test/support/oracle/training.ts does not know the rule ${Rule[options.rule]}: write it there`,
      );
  }
}

/** sgd, momentum, rmsprop and adam. */
export function baselineAlgorithm(
  theta0: Vector,
  options: TrainingOptions,
  objective: Objective,
  batchAt: (step: number) => Batch,
): TrainingStep[] {
  const steps: TrainingStep[] = [];
  const direction = baseline(options, theta0.length);
  let theta = Array.from(theta0);
  for (let t = 0; t < (options.until ?? options.steps); t++) {
    const batch = batchAt(t);
    const before = objective.loss(theta, batch, t, EVALUATION_LOSS);
    const { gradient, observableGradient } = objective.gradient(theta, batch, t);
    theta = moved(theta, -1, rates(options, t, theta.length), direction(gradient, t));
    const decision = Decision.Descended;
    record(steps, options, { t, batch, before, gradient, observableGradient, decision, theta });
  }
  return steps;
}

/** The rule that draws samples from a pool: frugal.ts. */
function frugalAlgorithm(
  theta0: Vector,
  options: TrainingOptions,
  pool: Pool,
  batchAt: (step: number) => Batch,
): TrainingStep[] {
  const steps: TrainingStep[] = [];
  const settings = {
    ...options,
    until: options.until ?? options.steps,
    rate: (t: number) => options.rate * scheduleFactor(options, t),
    headRate: (t: number) => options.headRate * scheduleFactor(options, t),
    drawsAll: options.draws === Draws.All,
    ...(options.draws === Draws.Residual && { remembering: options.batch }),
    headByAdam: options.headStep === HeadStep.Adam,
    keepsNoise: options.headNoise === HeadNoise.Kept,
    done: (t: number) => shareDone(options, t),
  };
  for (const { loss, ...step } of frugalSteps(theta0, settings, pool, batchAt)) {
    record(steps, options, { ...step, before: { loss, variance: 0 }, decision: Decision.Descended });
  }
  return steps;
}

/** Whether the family has something to say about a training. */
function isFamily(options: TrainingOptions): boolean {
  const { rule, reversal = 0, effectiveRate = 0, fallback = 0, doubt = 0 } = options;
  if (rule === Rule.Nlr || rule === Rule.NlrGuarded) return reversal + effectiveRate + fallback + doubt > 0;
  return rule in Rule && ![Rule.Sgd, Rule.Momentum, Rule.RmsProp, Rule.Adam, Rule.Frugal].includes(rule);
}

/** The rules around Algorithm 1: family.ts. */
function familyAlgorithm(
  theta0: Vector,
  options: TrainingOptions,
  objective: FamilyObjective,
  batchAt: (step: number) => Batch,
): TrainingStep[] {
  const steps: TrainingStep[] = [];
  const settings = {
    ...{ seed: [1, 0] as const, shots: 0 },
    ...options,
    until: options.until ?? options.steps,
    factor: (t: number) => scheduleFactor(options, t),
  };
  for (const facts of familySteps(theta0, settings, objective, batchAt)) record(steps, options, facts);
  return steps;
}

/** Train by `options.rule`; every step is returned. See `algorithm1` for the arguments. */
export function train(
  theta0: Vector,
  options: TrainingOptions,
  objective: Objective,
  batchAt: (step: number) => Batch,
): TrainingStep[] {
  const { pool } = objective;
  if (isFamily(options)) {
    if (pool === undefined)
      throw new Error(`${Rule[options.rule]} looks at single samples: the objective needs a pool`);
    return familyAlgorithm(theta0, options, { ...objective, pool }, batchAt);
  }
  if (options.rule === Rule.Nlr) return algorithm1(theta0, options, objective, batchAt);
  if (options.rule === Rule.NlrGuarded) return guardedAlgorithm(theta0, options, objective, batchAt);
  if (options.rule === Rule.Frugal) {
    if (pool === undefined) throw new Error('frugal draws samples: the objective needs a pool');
    return frugalAlgorithm(theta0, options, pool, batchAt);
  }
  return baselineAlgorithm(theta0, options, objective, batchAt);
}

/** Standard error of the difference of two mini-batch losses from the sums of their samples' shot variances. */
export function standardError(varianceBefore: number, varianceAfter: number, batchSize: number): number {
  return Math.sqrt(varianceBefore + varianceAfter) / batchSize;
}

interface StepFacts {
  t: number;
  batch: Batch;
  before: { loss: number; variance: number };
  after?: { loss: number; variance: number };
  gradient: number[];
  observableGradient: number[];
  decision: Decision;
  theta: number[];
  /** The signed rate before the schedule, where the decision does not say it. */
  signed?: number;
  /** The first of several tentative losses. */
  first?: { loss: number };
}

/** What Algorithm 1 and its guarded variant take for a decision. */
function signedRate(options: TrainingOptions, decision: Decision, rate: number): number {
  if (decision === Decision.Reversed) return -reversalRatio(options) * rate;
  return decision === Decision.Halved ? rate / 2 : rate;
}

/** Append a step and bring the running figures up to date. */
function record(steps: TrainingStep[], options: TrainingOptions, facts: StepFacts): void {
  const { t, batch, before, after, decision } = facts;
  const rate = options.rate * scheduleFactor(options, t);
  const signed =
    facts.signed === undefined
      ? signedRate(options, decision, rate)
      : facts.signed * scheduleFactor(options, t);
  const previous = steps.at(-1) ?? { meanRate: 0, violationRate: 0, reversals: 0 };
  const rose = after !== undefined && (facts.first ?? after).loss > before.loss ? 1 : 0;
  steps.push({
    loss: before.loss,
    tentativeLoss: after?.loss ?? Number.NaN,
    lossChange: after === undefined ? Number.NaN : after.loss - before.loss,
    lossChangeError:
      after === undefined ? Number.NaN : standardError(before.variance, after.variance, batch.length),
    decision,
    gradientNormLoss: norm(facts.gradient, options.circuitParameters),
    gradientNormObservable: norm(facts.observableGradient),
    rate,
    meanRate: (previous.meanRate * t + signed) / (t + 1),
    violationRate: (previous.violationRate * t + rose) / (t + 1),
    reversals: previous.reversals + (decision === Decision.Reversed ? 1 : 0),
    parameters: Array.from(facts.theta),
  });
}
