/** What a configuration costs, before anything is trained. What works it out is in the chunk for training. */
import { trainingChunk } from './on-demand.ts';
import type { ModelOptions, TrainingOptions } from './options.ts';
import type { Plan, PlanOptions } from './plan-options.ts';

export { DEVICE_BYTES, type Plan, type PlanOptions } from './plan-options.ts';

/**
 * Says what a configuration costs in memory and work per step.
 * @throws OptionError
 * @example
 * ```ts
 * const { arenaBytes, fits } = await plan({ qubits: 6, features: 8 }, { rule: 'nlr' });
 * ```
 */
export async function plan(
  model: ModelOptions,
  training?: TrainingOptions,
  budget?: PlanOptions,
): Promise<Plan> {
  return (await trainingChunk()).plan(model, training, budget);
}
