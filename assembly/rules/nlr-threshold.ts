/**
 * Algorithm 1 with the switching threshold tau of section V, which the algorithm as printed has no place for, in the two
 * readings that there are: a rise of the loss counts only beyond tau, or is reversed only where |grad L|, over the
 * circuit's parameters, is below tau, on the plateau that reversals are for. What is not reversed descends.
 */
import { Decision, Option } from '../abi/codes';
import { number } from '../memory/options';
import { Sum, sum } from '../memory/sums';
import { Next } from './contract';
import { makeStep, tryStep } from './moves';
import { lossChange, signedRate } from './nlr';

export function nlrThreshold(stage: i32): Next {
  return stage < 2 ? tryFirst(stage) : settleStep(lossChange() > number(Option.Threshold));
}

export function nlrPlateau(stage: i32): Next {
  if (stage < 2) return tryFirst(stage);
  return settleStep(lossChange() > 0 && sum(Sum.GradientNorm) < number(Option.Threshold));
}

/** Lines 4 to 7. */
function tryFirst(stage: i32): Next {
  if (stage == 0) return Next.LossAndGradient;
  return tryStep() ? Next.TentativeLoss : Next.Again;
}

/** Lines 8 to 12. */
function settleStep(reverses: bool): Next {
  const decision = reverses ? Decision.Reversed : Decision.Descended;
  return makeStep(decision, signedRate(decision));
}
