/** What a step costs, as `plan` counts it. */
import { type ModelOptions, plan, type TrainingOptions } from '../../index.ts';
import type { Json } from '../../study/cell.ts';

/** A training whose cost is asked for. */
export interface CostInput {
  readonly model: ModelOptions;
  readonly training: TrainingOptions;
}

/** The answer. */
export interface StepCost {
  readonly circuits: number;
  readonly shots: number;
  readonly gates: number;
}

/** Counts. @returns a `StepCost` */
export async function cost(input: Json): Promise<Json> {
  const { model, training } = input as unknown as CostInput;
  const { evaluationsPerStep, shotsPerStep, gateApplicationsPerStep } = await plan(model, training);
  const found: StepCost = {
    circuits: evaluationsPerStep,
    shots: shotsPerStep,
    gates: gateApplicationsPerStep,
  };
  return found as unknown as Json;
}
