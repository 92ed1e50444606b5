/**
 * The rule `frugal` in plain TypeScript, from its text: shots are spent on the outputs of a pool, by which the head takes a
 * Newton step, and on derivatives of the samples of it that matter, which Adam takes for the circuit.
 */
import { Loss } from '../../../assembly/abi/codes.ts';
import type { OracleModel, Vector } from './circuit.ts';
import { type Jacobian, norm } from './gradient.ts';
import { logits, observableWeights, sampleLoss, targetOf } from './loss.ts';

type Batch = readonly number[];

/** What one measurement of a sample says. */
export interface Outputs {
  f: number[];
  /** Of the means of the outputs, from their shots; 0 when exact. */
  covariance: number[][];
}

/** How samples are measured. */
export interface Pool {
  model: OracleModel;
  labels: Vector;
  /** How much each sample's loss counts; default: 1 each. */
  weights?: Vector;
  /** Of each sample of the pool; 0 when exact. */
  shots: number;
  outputs(theta: Vector, batch: Batch, step: number): Outputs[];
  /** d f_k / d theta_p of the training set's sample `row`, measured as the `place`th of those drawn. */
  jacobian(theta: Vector, row: number, place: number, step: number): Jacobian;
  /** Where the systematic draw of a step begins, 0 to below 1. */
  offset(step: number): number;
  /** And that of its pool from the training set. */
  poolOffset?(step: number): number;
}

/** L of L L^T = matrix; undefined where the matrix is not positive definite. */
function cholesky(matrix: readonly number[][]): number[][] | undefined {
  const lower = matrix.map((row) => row.map(() => 0));
  for (let j = 0; j < matrix.length; j++) {
    let pivot = matrix[j][j];
    for (let k = 0; k < j; k++) pivot -= lower[j][k] ** 2;
    if (!(pivot > 0)) return undefined;
    lower[j][j] = Math.sqrt(pivot);
    for (let i = j + 1; i < matrix.length; i++) {
      let entry = matrix[i][j];
      for (let k = 0; k < j; k++) entry -= lower[i][k] * lower[j][k];
      lower[i][j] = entry / lower[j][j];
    }
  }
  return lower;
}

/** (A + d I)^-1 m, with d doubled until there is one, at most 20 times; zeros where that is not enough. */
export function dampedSolution(matrix: readonly number[][], right: readonly number[], damping = 0.005) {
  for (let tries = 0; tries <= 20; tries++) {
    const d = damping * 2 ** tries;
    const lower = cholesky(matrix.map((row, i) => row.map((entry, j) => entry + (i === j ? d : 0))));
    if (lower === undefined) continue;
    const x = [...right];
    for (let i = 0; i < x.length; i++) {
      for (let k = 0; k < i; k++) x[i] -= lower[i][k] * x[k];
      x[i] /= lower[i][i];
    }
    for (let i = x.length - 1; i >= 0; i--) {
      for (let k = i + 1; k < x.length; k++) x[i] -= lower[k][i] * x[k];
      x[i] /= lower[i][i];
    }
    return x;
  }
  return right.map(() => 0);
}

/** l''_cd of a sample, and the curvature that stands for it where the loss has none. */
function bends(model: OracleModel, z: readonly number[], slopes: readonly number[], label: number) {
  const [slope] = slopes;
  if (model.logits > 1) {
    const p = slopes.map((each, c) => each + (c === label ? 1 : 0));
    const second = p.map((pc, c) => p.map((pd, d) => pc * ((c === d ? 1 : 0) - pd)));
    return { second, held: second.map((row, c) => row[c]) };
  }
  switch (model.loss) {
    case Loss.MeanSquare:
      return { second: [[2]], held: [2] };
    case Loss.CrossEntropy: {
      const s = Math.abs(slope);
      return { second: [[s * (1 - s)]], held: [s * (1 - s)] };
    }
    case Loss.Energy:
      return { second: [[0]], held: [0] };
    case Loss.Hinge: {
      const distance = Math.abs(1 - targetOf(model, label) * z[0]);
      return { second: [[0]], held: [1 / (2 * Math.max(distance, 0.5))] };
    }
  }
}

const times = (matrix: readonly number[][], vector: readonly number[]) =>
  matrix.map((row) => row.reduce((sum, entry, j) => sum + entry * vector[j], 0));

/** g_c over phi = (f, 1), and H_c, of every logit. @param ridge what holds its weights */
function headSums(
  { model, labels }: Pool,
  theta: Vector,
  batch: Batch,
  measured: readonly Outputs[],
  { ridge, weightOf }: { ridge: number; weightOf: (b: number) => number },
) {
  const { outputs: K, logits: C, parameters: P } = model;
  const w = Array.from({ length: C }, (_, c) => Array.from({ length: K }, (_k, k) => theta[P + c * K + k]));
  return w.map((own, c) => {
    const g = [...own.map((value) => ridge * value), 0];
    const H = g.map((_, i) => g.map((_j, j) => (i === j ? ridge : 0)));
    measured.forEach(({ f, covariance }, b) => {
      const row = batch[b];
      const share = weightOf(b) / batch.length;
      const { logitGradient } = sampleLoss(model, theta, f, labels[row]);
      const { second, held } = bends(model, logits(model, theta, f), logitGradient, labels[row]);
      const phi = [...f, 1];
      const q = f.map((_, k) => w.reduce((sum, wd, d) => sum + second[c][d] * wd[k], 0));
      const noise = times(covariance, q);
      phi.forEach((value, i) => {
        g[i] += share * (logitGradient[c] * value - (noise[i] ?? 0));
        phi.forEach((other, j) => {
          H[i][j] += share * held[c] * (value * other - (covariance[i]?.[j] ?? 0));
        });
      });
    });
    return { g, H };
  });
}

/** p_b = .8 |s_b| / sum |s| + .2 / B; all alike where no s is other than 0. */
export function chances(slopes: readonly number[]): number[] {
  const sum = slopes.reduce((total, s) => total + Math.abs(s), 0);
  return slopes.map((s) => (sum > 0 ? (0.8 * Math.abs(s)) / sum + 0.2 / slopes.length : 1 / slopes.length));
}

/** As many places as `count`, systematically: those where the sums of count p pass offset, offset + 1, ... */
export function systematicDraw(p: readonly number[], count: number, offset: number): number[] {
  const ends: number[] = [];
  for (const chance of p) ends.push((ends.at(-1) ?? 0) + count * chance);
  return Array.from({ length: count }, (_, i) => {
    const place = ends.findIndex((end) => end > offset + i);
    return place < 0 ? p.length - 1 : place;
  });
}

/** What the rule reads beside its data. */
export interface FrugalSettings {
  until: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  /** eta and the head's after the schedule, and the share of the training that is done. */
  rate(step: number): number;
  headRate(step: number): number;
  done(step: number): number;
  /** Parts that are left out: the draw, the head's Newton steps, what takes the noise off its sums. */
  drawsAll: boolean;
  /** So many make a pool, from the whole training set by what is remembered of it; absent: as it comes. */
  remembering?: number;
  headByAdam: boolean;
  keepsNoise: boolean;
}

/** One of its steps. */
export interface FrugalStep {
  t: number;
  batch: Batch;
  loss: number;
  gradient: number[];
  observableGradient: number[];
  /** After it. */
  theta: number[];
}

/** Trains by the rule, step by step. @param batchAt the pool of a step, as places in the training set */
export function* frugalSteps(
  theta0: Vector,
  settings: FrugalSettings,
  pool: Pool,
  batchAt: (step: number) => Batch,
): Generator<FrugalStep> {
  const { model, labels, weights } = pool;
  const { outputs: K, logits: C, parameters: P } = model;
  const { beta1, beta2, epsilon } = settings;
  const theta = Array.from(theta0);
  const place = (c: number, j: number) => P + (j < K ? c * K + j : C * K + c);
  const own = settings.headByAdam ? theta.length : P;
  const m = new Array<number>(own).fill(0);
  const v = new Array<number>(own).fill(0);
  const few = pool.shots > 32 ? Math.max(1e-5, 1.024 / pool.shots ** 2) : 1e-3;
  const ridge = settings.headByAdam ? 0 : few;
  const means = Array.from({ length: C }, () => ({
    g: new Array<number>(K + 1).fill(0),
    H: Array.from({ length: K + 1 }, () => new Array<number>(K + 1).fill(0)),
  }));
  // What is known of samples of the training set: a running |l'|.
  const known = new Map<number, number>();
  for (let t = 0; t < settings.until; t++) {
    const mean = [...known.values()].reduce((sum, r) => sum + r, 0) / Math.max(known.size, 1);
    const likely = chances(Array.from(labels, (_, row) => known.get(row) ?? mean));
    const batch =
      settings.remembering === undefined
        ? batchAt(t)
        : systematicDraw(likely, settings.remembering, pool.poolOffset?.(t) ?? 0);
    const counts = batch.map((row) =>
      settings.remembering === undefined ? 1 : 1 / (labels.length * likely[row]),
    );
    const r = Math.min(settings.done(t), 1);
    const weightOf = (b: number) => (weights?.[batch[b]] ?? 1) * counts[b];
    // 1. All samples of the pool.
    const measured = pool.outputs(theta, batch, t).map(({ f, covariance }) => ({
      f,
      covariance: settings.keepsNoise ? covariance.map((row) => row.map(() => 0)) : covariance,
    }));
    const loss =
      measured.reduce(
        (sum, { f }, b) => sum + weightOf(b) * sampleLoss(model, theta, f, labels[batch[b]]).loss,
        0,
      ) / batch.length;
    // 2. The head.
    const unbias = 1 - beta1 ** (t + 1);
    const sums = headSums(pool, theta, batch, measured, { ridge, weightOf });
    const step = sums.map(({ g, H }, c) => {
      const mean = means[c];
      mean.g = mean.g.map((old, i) => beta1 * old + (1 - beta1) * g[i]);
      mean.H = mean.H.map((row, i) => row.map((old, j) => beta1 * old + (1 - beta1) * H[i][j]));
      return dampedSolution(
        mean.H.map((row) => row.map((entry) => entry / unbias)),
        mean.g.map((entry) => entry / unbias),
      );
    });
    const s = 0.5 * Math.max(1 - r, 0.02);
    const length = s * norm(step.flat());
    const shortened = length > 1 ? s / length : s;
    if (!settings.headByAdam)
      step.forEach((own, c) => own.forEach((value, j) => (theta[place(c, j)] -= shortened * value)));
    // 3. Half of the pool, by the slopes with the new head.
    const slopeOf = (b: number) => {
      const sample = sampleLoss(model, theta, measured[b].f, labels[batch[b]]);
      const u = sample.outputGradient.map((value) => weightOf(b) * value);
      return { u, size: u.reduce((sum, value) => sum + Math.abs(value), 0), sample };
    };
    const slopes = batch.map((_, b) => slopeOf(b));
    const p = settings.drawsAll ? batch.map(() => 1 / batch.length) : chances(slopes.map(({ size }) => size));
    const drawn = settings.drawsAll
      ? batch.map((_, b) => b)
      : systematicDraw(p, Math.ceil(batch.length / 2), pool.offset(t));
    // 4. Their derivatives.
    const gradient = new Array<number>(P).fill(0);
    const observableGradient = new Array<number>(P).fill(0);
    drawn.forEach((b, i) => {
      const J = pool.jacobian(theta, batch[b], i, t);
      const read = observableWeights(model, theta, slopes[b].sample);
      for (let d = 0; d < P; d++) {
        for (let k = 0; k < K; k++) {
          gradient[d] += (slopes[b].u[k] * J[k][d]) / (batch.length * p[b]) / drawn.length;
          observableGradient[d] += (read[k] * J[k][d]) / drawn.length;
        }
      }
    });
    // 5. Adam.
    sums.forEach(({ g }, c) => g.forEach((value, j) => (gradient[place(c, j)] = value)));
    for (let d = 0; d < own; d++) {
      const eta = d < P ? settings.rate(t) : settings.headRate(t);
      m[d] = beta1 * m[d] + (1 - beta1) * gradient[d];
      v[d] = beta2 * v[d] + (1 - beta2) * gradient[d] ** 2;
      theta[d] -= (eta * (m[d] / unbias)) / (Math.sqrt(v[d] / (1 - beta2 ** (t + 1))) + epsilon);
    }
    batch.forEach((row, b) => {
      const fresh = slopes[b].size / counts[b];
      const r = known.get(row);
      known.set(row, r === undefined ? fresh : (r + fresh) / 2);
    });
    yield { t, batch, loss, gradient: gradient.slice(0, P), observableGradient, theta };
  }
}
