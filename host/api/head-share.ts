/** A share of a budget of shots for the head: what it is, and who may have it. */
import { contradiction } from '../core/checks.ts';
import type { ResolvedModel, ResolvedTraining } from './options.ts';

/** Shots of a budget that are kept for the head of each of so many models. */
export function refitShots({ refitHead, shotsBudget }: ResolvedTraining, models: number): number {
  if (refitHead === 'none' || shotsBudget === 'none') return 0;
  return Math.floor((refitHead * shotsBudget) / models);
}

/** Refuses a head that cannot be fitted behind a training. @throws OptionError ERR_OPTION_COMBINATION */
export function checkRefit({ head, loss }: ResolvedModel, training: ResolvedTraining): void {
  const { refitHead, shotsBudget, answerer, extrapolation, calibrationShots, averagedShare } = training;
  if (refitHead === 'none') return;
  const complain = (what: string) => contradiction(`refitHead is ${refitHead}, but ${what}`, 'refitHead');
  if (shotsBudget === 'none') complain('there is no shotsBudget that it could have a share of');
  if (head !== 'linear') complain('the model has no linear head');
  if (loss !== 'mse' && loss !== 'bce')
    complain(`the loss ${loss} has no curvature to fit by; use mse or bce`);
  if (answerer !== 'simulator') complain('the caller measures, who is asked within steps alone');
  if (extrapolation !== 'none' || calibrationShots !== 'none')
    complain('outputs that are extrapolated or calibrated are measured within steps alone');
  if (averagedShare > 0) complain('averagedShare predicts by an average of parameters; use one of both');
}
