/** The two `Objective`s of training.ts: exact expectations, and shots. */
import type { OracleModel, Vector } from './circuit.ts';
import { batchLoss, lossGradient } from './gradient.ts';
import { type ShotPlan, shotBatchLoss, shotLossGradient } from './shots.ts';
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

function pick<T>(items: ArrayLike<T>, batch: Batch): T[] {
  return batch.map((i) => items[i]);
}
