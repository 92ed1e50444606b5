/** The two `Objective`s of training.ts: exact expectations, and shots. */
import type { OracleModel, Vector } from './circuit.ts';
import { batchLoss, lossGradient } from './gradient.ts';
import { type ShotPlan, shotBatchLoss, shotLossGradient } from './shots.ts';
import type { Batch, Objective } from './training.ts';

/** Exact expectations: the dense adjoint on a training set. */
export function exactObjective(model: OracleModel, samples: readonly Vector[], labels: Vector): Objective {
  return {
    loss: (theta, batch) => {
      const loss = batchLoss(model, theta, pick(samples, batch), pick(labels, batch));
      return { loss, variance: 0 };
    },
    gradient: (theta, batch) => lossGradient(model, theta, pick(samples, batch), pick(labels, batch)),
  };
}

/** M shots per circuit and the parameter-shift rule on a training set, on the streams of `ShotPlan`. */
export function shotObjective(
  model: OracleModel,
  samples: readonly Vector[],
  labels: Vector,
  plan: ShotPlan,
): Objective {
  return {
    loss: (theta, batch, step, evaluation) =>
      shotBatchLoss(model, theta, pick(samples, batch), pick(labels, batch), plan, step, evaluation),
    gradient: (theta, batch, step) =>
      shotLossGradient(model, theta, pick(samples, batch), pick(labels, batch), plan, step),
  };
}

function pick<T>(items: ArrayLike<T>, batch: Batch): T[] {
  return batch.map((i) => items[i]);
}
