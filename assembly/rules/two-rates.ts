/**
 * Two positive rates, which Remark 2 of the paper holds its sign flip against: where the tentative loss rose, the step is
 * eta' down the gradient, not up it.
 */
import { Decision, Option } from '../abi/codes';
import { number } from '../memory/options';
import { Next } from './contract';
import { makeStep, tryStep } from './moves';
import { negativeRate } from './negative-rate';
import { lossChange } from './nlr';

export function twoRates(stage: i32): Next {
  if (stage == 0) return Next.LossAndGradient;
  if (stage == 1) return tryStep() ? Next.TentativeLoss : Next.Again;
  if (lossChange() > 0) return makeStep(Decision.Rescaled, negativeRate());
  return makeStep(Decision.Descended, number(Option.Rate));
}
