/** The two `Objective`s of training.ts: exact expectations, and shots. */
import { evaluate, type OracleModel, type Vector } from './circuit.ts';
import type { Pool } from './frugal.ts';
import { batchLoss, lossGradient, outputJacobian } from './gradient.ts';
import {
  EVALUATION_LOSS,
  type Measurement,
  measureSample,
  type ShotPlan,
  shotBatchLoss,
  shotJacobian,
  shotLossGradient,
} from './shots.ts';
import type { Batch, Objective } from './training.ts';

/**
 * Exact expectations: the dense adjoint on a training set.
 * @param weights how much each sample's loss counts; default: 1 each
 */
export function exactObjective(
  model: OracleModel,
  samples: readonly Vector[],
  labels: Vector,
  weights?: Vector,
): Objective {
  const of = (batch: Batch) => ({
    rows: pick(samples, batch),
    marks: pick(labels, batch),
    shares: weights && pick(weights, batch),
  });
  return {
    loss: (theta, batch) => {
      const { rows, marks, shares } = of(batch);
      return { loss: batchLoss(model, theta, rows, marks, shares), variance: 0 };
    },
    gradient: (theta, batch) => {
      const { rows, marks, shares } = of(batch);
      return lossGradient(model, theta, rows, marks, 'adjoint', shares);
    },
  };
}

/**
 * M shots per circuit and the parameter-shift rule on a training set, on the streams of `ShotPlan`.
 * @param weights how much each sample's loss counts; default: 1 each
 */
export function shotObjective(
  model: OracleModel,
  samples: readonly Vector[],
  labels: Vector,
  plan: ShotPlan,
  weights?: Vector,
): Objective {
  const shares = (batch: Batch) => weights && pick(weights, batch);
  return {
    loss: (theta, batch, step, evaluation) =>
      shotBatchLoss(
        model,
        theta,
        pick(samples, batch),
        pick(labels, batch),
        plan,
        step,
        evaluation,
        shares(batch),
      ),
    gradient: (theta, batch, step) =>
      shotLossGradient(model, theta, pick(samples, batch), pick(labels, batch), plan, step, shares(batch)),
  };
}

/** Exact expectations of samples one by one. */
export function exactPool(
  model: OracleModel,
  samples: readonly Vector[],
  labels: Vector,
  weights?: Vector,
): Omit<Pool, 'offset'> {
  const none = Array.from({ length: model.outputs }, () => new Array<number>(model.outputs).fill(0));
  return {
    ...{ model, labels, weights, shots: 0 },
    outputs: (theta, batch) =>
      pick(samples, batch).map((features) => ({ f: evaluate(model, theta, features), covariance: none })),
    jacobian: (theta, row) => outputJacobian(model, theta, samples[row]),
  };
}

/** C of a measurement, by what it says of sums of outputs: C_kl = (Var(f_k + f_l) - Var f_k - Var f_l) / 2. */
function covarianceOf({ variance }: Measurement, outputs: number): number[][] {
  const unit = (...of: number[]) =>
    Array.from({ length: outputs }, (_, k) => of.filter((o) => o === k).length);
  const one = (k: number) => variance(unit(k));
  const all = Array.from({ length: outputs }, (_, k) => k);
  return all.map((k) => all.map((l) => (k === l ? one(k) : (variance(unit(k, l)) - one(k) - one(l)) / 2)));
}

/** Shots of samples one by one, on the streams of `ShotPlan`. */
export function shotPool(
  model: OracleModel,
  samples: readonly Vector[],
  labels: Vector,
  plan: ShotPlan,
  weights?: Vector,
): Omit<Pool, 'offset'> {
  return {
    ...{ model, labels, weights, shots: plan.shots },
    outputs: (theta, batch, step) =>
      pick(samples, batch).map((features, b) => {
        const measured = measureSample(model, theta, features, plan, b, step, EVALUATION_LOSS);
        return { f: measured.f, covariance: covarianceOf(measured, model.outputs) };
      }),
    jacobian: (theta, row, place, step) => shotJacobian(model, theta, samples[row], plan, place, step),
  };
}

function pick<T>(items: ArrayLike<T>, batch: Batch): T[] {
  return batch.map((i) => items[i]);
}
