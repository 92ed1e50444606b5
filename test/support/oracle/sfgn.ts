/**
 * Saddle-free Gauss-Newton steps in plain TypeScript, as they are printed: running means of the Hessian's diagonal and of
 * the matrix apart, each sample's derivatives one by one, a dense matrix.
 */
import { Loss } from '../../../assembly/abi/codes.ts';
import type { OracleModel, Vector } from './circuit.ts';
import { logits, parameterCount, sampleLoss } from './loss.ts';
import { activeParameters, type Found, look, type Meter } from './rivals.ts';

/** What the rule reads. */
export interface SfgnSettings {
  until: number;
  beta1: number;
  beta2: number;
  damping: number;
  /** Shots of displaced circuits; 0 when exact. */
  displacedShots: number;
  /** eta, after the schedule. */
  rate(step: number): number;
}

/** One of its steps. */
export interface SfgnStep extends Found {
  /** After it. */
  theta: number[];
  /** min(eta, 1 / |p|) */
  rate: number;
  /** How often lambda was doubled, and how many parameters dropped out at the last. */
  doublings: number;
  dropped: number;
}

/** d2l/dz2 of a sample: of the cross-entropy by hand, from its slope's own formula. */
function bendOf(model: OracleModel, z: number, y: number): number {
  if (model.loss === Loss.MeanSquare) return 2;
  if (model.loss !== Loss.CrossEntropy) return 0;
  if (model.logits === 1) {
    const p = 1 / (1 + Math.exp(-z));
    return p * (1 - p);
  }
  const s = 1 - 2 ** -7;
  return (s * s) / (1 + s * y * z) ** 2;
}

/** What a mini-batch says of one step: means over its samples. */
interface Means {
  /** The Hessian's diagonal, and the matrix. */
  h: number[];
  G: number[][];
}

/** Measures every sample again: the streams give what they have given. */
function curvatures(
  meter: Meter,
  theta: Vector,
  batch: readonly number[],
  step: number,
  shots: number,
): Means {
  const { model, labels, weights, trained } = meter;
  const { outputs: K, logits: C, parameters: P } = model;
  const count = parameterCount(model);
  const h = new Array<number>(count).fill(0);
  const G = Array.from({ length: count }, () => new Array<number>(count).fill(0));
  batch.forEach((row, place) => {
    const share = (weights?.[row] ?? 1) / batch.length;
    const label = labels[row];
    const { f, variance } = meter.plain(theta, row, place, step);
    const [z] = logits(model, theta, f, label);
    const slope = sampleLoss(model, theta, f, label).logitGradient[0];
    const bend = bendOf(model, z, label === 0 ? -1 : 1);
    // z = sum_k w_k f_k + b, or one of the f_k.
    const read = K > 1 ? label : 0;
    const w = f.map((_, k) => (C === 1 ? theta[P + k] : Number(k === read)));
    const along = (values: readonly number[]) => values.reduce((sum, value, k) => sum + w[k] * value, 0);
    const J = new Array<number>(count).fill(0);
    const [second, v0] = [0, 1].map(() => new Array<number>(count).fill(0));
    const V = Array.from({ length: count }, () => new Array<number>(count).fill(0));
    for (const op of trained) {
      const { index: d, scale } = model.operations[op];
      const [ahead, behind] = ([1, -1] as const).map((sign) =>
        meter.displaced(theta, row, place, step, op, sign, shots),
      );
      J[d] += (scale * (along(ahead.f) - along(behind.f))) / 2;
      V[d][d] += (scale ** 2 * (ahead.variance(w) + behind.variance(w))) / 4;
      second[d] += scale ** 2 * ((along(ahead.f) + along(behind.f)) / 2 - along(f));
      v0[d] += scale ** 2 * variance(w);
    }
    if (C === 1) {
      f.forEach((value, k) => {
        J[P + k] = value;
        // 2 Cov = Var of the sum less that of both.
        const of = (...outputs: number[]) => variance(f.map((_, j) => Number(outputs.includes(j))));
        f.forEach((_, j) => {
          V[P + k][P + j] = j === k ? of(k) : (of(j, k) - of(j) - of(k)) / 2;
        });
      });
      J[P + K] = 1;
    }
    for (let d = 0; d < count; d++) {
      h[d] += share * (bend * (J[d] ** 2 - V[d][d] + v0[d]) + slope * second[d]);
      for (let e = 0; e < count; e++) G[d][e] += share * bend * (J[d] * J[e] - V[d][e]);
    }
  });
  return { h, G };
}

/** The lower factor of a matrix, row by row; a pivot that is not positive is passed to `dropped`, which may refuse it. */
function factor(matrix: readonly number[][], dropped: (row: number) => boolean): number[][] | undefined {
  const L: number[][] = [];
  const gone = new Set<number>();
  for (const [i, row] of matrix.entries()) {
    L.push(new Array<number>(matrix.length).fill(0));
    for (let j = 0; j <= i; j++) {
      let value = row[j];
      for (let k = 0; k < j; k++) value -= L[i][k] * L[j][k];
      if (j < i) L[i][j] = gone.has(j) ? 0 : value / L[j][j];
      else if (value > 0) L[i][i] = Math.sqrt(value);
      else if (dropped(i)) gone.add(i);
      else return undefined;
    }
    if (gone.has(i)) L[i].fill(0);
  }
  return L;
}

/** L^-T L^-1 m, 0 where there is no pivot. */
function solve(L: readonly number[][], m: Vector): number[] {
  const n = L.length;
  const y = Array.from(m);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) y[i] -= L[i][k] * y[k];
    y[i] = L[i][i] > 0 ? y[i] / L[i][i] : 0;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) y[i] -= L[k][i] * y[k];
    y[i] = L[i][i] > 0 ? y[i] / L[i][i] : 0;
  }
  return y;
}

/** Trains, step by step. */
export function* sfgnSteps(
  theta0: Vector,
  settings: SfgnSettings,
  meter: Meter,
  batchAt: (step: number) => readonly number[],
): Generator<SfgnStep> {
  const { beta1, beta2, damping, displacedShots } = settings;
  const theta = Array.from(theta0);
  const active = activeParameters(meter);
  const [m, H] = [0, 1].map(() => theta.map(() => 0));
  const Gh = theta.map(() => theta.map(() => 0));
  const renew = (mean: number, value: number, decay: number) => decay * mean + (1 - decay) * value;
  for (let t = 0; t < settings.until; t++) {
    const found = look(meter, theta, batchAt(t), t, active, () => displacedShots);
    const { h, G } = curvatures(meter, theta, batchAt(t), t, displacedShots);
    theta.forEach((_, d) => {
      m[d] = renew(m[d], found.gradient[d], beta1);
      H[d] = renew(H[d], h[d], beta2);
      for (let e = 0; e < theta.length; e++) Gh[d][e] = renew(Gh[d][e], G[d][e], beta2);
    });
    const bias = 1 - beta2 ** (t + 1);
    let dropped = 0;
    let doublings = 0;
    let L: number[][] | undefined;
    for (; L === undefined; doublings += Number(L === undefined)) {
      const matrix = Gh.map((row, d) =>
        row.map((value, e) => {
          if (d !== e) return value / bias;
          return value / bias + Math.abs(H[d] - Gh[d][d]) / bias + damping * 2 ** doublings;
        }),
      );
      L = factor(matrix, () => {
        if (doublings === 20) dropped++;
        return doublings === 20;
      });
    }
    const p = solve(
      L,
      m.map((value) => value / (1 - beta1 ** (t + 1))),
    );
    const rate = Math.min(settings.rate(t), 1 / Math.hypot(...p));
    p.forEach((step, d) => {
      theta[d] -= rate * step;
    });
    yield { ...found, theta: [...theta], rate, doublings, dropped };
  }
}
