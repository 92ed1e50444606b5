/**
 * Algorithm 1 with the noise sigma of section V, which the algorithm as printed has no place for: a reversal is followed
 * by N(0, sigma^2) on every parameter, which the schedule makes less as it does the rates.
 */
import { Decision, Option } from '../abi/codes';
import { number } from '../memory/options';
import { Next } from './contract';
import { makeStep, tryStep } from './moves';
import { negativeRate } from './negative-rate';
import { lossChange } from './nlr';
import { makeNoisyStep } from './noise';
import { schedule } from './schedule';

export function nlrNoise(stage: i32): Next {
  if (stage == 0) return Next.LossAndGradient;
  if (stage == 1) return tryStep() ? Next.TentativeLoss : Next.Again;
  if (!(lossChange() > 0)) return makeStep(Decision.Descended, number(Option.Rate));
  const sigma = schedule() * number(Option.Deviation);
  return makeNoisyStep(Decision.Reversed, -negativeRate(), sigma, sigma, true);
}
