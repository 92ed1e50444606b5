/** The hard budget of shots of a training: which steps it pays for. */
import type { Core } from '../core/core.ts';
import { loadCore } from '../core/core.ts';
import { OptionError } from '../core/errors.ts';
import { refitShots } from './head-share.ts';
import type { ResolvedModel, ResolvedTraining } from './options.ts';
import { prepareCore } from './program.ts';

/** Shots that the first step of one model takes at most. @param core any build that trains: small ones leave counting to the release build */
async function stepShots(core: Core, model: ResolvedModel, training: ResolvedTraining): Promise<number> {
  const counts = 'step_shots' in core.abi;
  const counting = counts ? core : await loadCore();
  prepareCore(counting, model, counts ? training : { ...training, engine: 'samples' }, 0);
  return counting.abi.step_shots();
}

/** What a budget pays for. */
export interface Budget {
  /** Shots of all models together, for their steps. */
  readonly shots: number;
  /** Those of the first step of one model, at most. Only with blocks may a later one take fewer. */
  readonly step: number;
  /** Those that calibrate the readout of one model, once. */
  readonly calibration: number;
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
  const calibration = calibrationOf(training);
  const budget = { shots: shotsForSteps(training, models) as number, step, calibration };
  const complaint = tooSmall(budget, models);
  if (complaint !== undefined) throw new OptionError('ERR_OPTION_VALUE', complaint, 'shotsBudget');
  return budget;
}

/** Shots of the budget that the steps of so many models may take: without what is kept for their heads. */
export function shotsForSteps(training: ResolvedTraining, models: number): number | 'none' {
  const { shotsBudget } = training;
  return shotsBudget === 'none' ? shotsBudget : shotsBudget - models * refitShots(training, models);
}

/** Shots that calibrate the readout of a model, once: two circuits. */
export function calibrationOf({ calibrationShots }: ResolvedTraining): number {
  return calibrationShots === 'none' ? 0 : 2 * calibrationShots;
}

/** What is wrong with a budget that does not pay for a single step. */
export function tooSmall(budget: Budget, models: number): string | undefined {
  if (stepsPaid(budget, models) > 0) return undefined;
  const { shots, step, calibration } = budget;
  const of = models > 1 ? ` of ${models} models` : '';
  const first = calibration > 0 ? ', calibration of the readout included,' : '';
  return `shotsBudget is ${shots}, but a single step${of}${first} takes ${models * (step + calibration)} shots; expected at least as many`;
}

/** Steps that a budget pays for, where none takes fewer shots than the first, or at most: a step takes its losses. */
export function mostSteps(budget: Budget, training: ResolvedTraining, models: number): number {
  const { blocks, batch, shots } = training;
  if (blocks === 'none' || shots === 'exact') return stepsPaid(budget, models);
  return stepsPaid({ ...budget, step: batch * shots }, models);
}

/** Steps that a budget pays for at the price of the first. */
export function stepsPaid({ shots, step, calibration }: Budget, models: number): number {
  return Math.max(0, Math.floor((shots - models * calibration) / (models * step)));
}
