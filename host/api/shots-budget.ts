/** The hard budget of shots of a training: which steps it pays for. */
import type { Core } from '../core/core.ts';
import { loadCore } from '../core/core.ts';
import { OptionError } from '../core/errors.ts';
import type { ResolvedModel, ResolvedTraining } from './options.ts';
import { prepareCore } from './program.ts';

/** Shots that the first step of one model takes. @param core any build that trains: small ones leave counting to the release build */
async function stepShots(core: Core, model: ResolvedModel, training: ResolvedTraining): Promise<number> {
  const counts = 'step_shots' in core.abi;
  const counting = counts ? core : await loadCore();
  prepareCore(counting, model, counts ? training : { ...training, engine: 'samples' }, 0);
  return counting.abi.step_shots();
}

/** What a budget pays for. */
export interface Budget {
  /** Shots of all models together. */
  readonly shots: number;
  /** Those of the first step of one model; no later one takes fewer. */
  readonly step: number;
}

/**
 * Finds out what the shots budget of a training pays for.
 * @param models that share it
 * @returns undefined of a training without one
 * @throws OptionError ERR_OPTION_VALUE where it does not pay for a single step
 */
export async function budgetOf(
  core: Core,
  model: ResolvedModel,
  training: ResolvedTraining,
  models: number,
): Promise<Budget | undefined> {
  if (training.shotsBudget === 'none') return undefined;
  const step = await stepShots(core, model, training);
  const budget = { shots: training.shotsBudget, step };
  const complaint = tooSmall(budget, models);
  if (complaint !== undefined) throw new OptionError('ERR_OPTION_VALUE', complaint, 'shotsBudget');
  return budget;
}

/** What is wrong with a budget that does not pay for a single step. */
export function tooSmall({ shots, step }: Budget, models: number): string | undefined {
  if (stepsPaid({ shots, step }, models) > 0) return undefined;
  const of = models > 1 ? ` of ${models} models` : '';
  return `shotsBudget is ${shots}, but a single step${of} takes ${models * step} shots; expected at least as many`;
}

/** Steps that a budget pays for. */
export function stepsPaid({ shots, step }: Budget, models: number): number {
  return Math.floor(shots / (models * step));
}
