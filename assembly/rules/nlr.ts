/** Negative-learning-rate training: Algorithm 1 of the paper as printed. */
import { Decision, Option } from '../abi/codes';
import { number } from '../memory/options';
import { Sum, mean, sum } from '../memory/sums';
import { Next } from './contract';
import { makeStep, tryStep } from './moves';
import { negativeRate } from './negative-rate';

export function nlr(stage: i32): Next {
  // Lines 4 and 5.
  if (stage == 0) return Next.LossAndGradient;
  // Lines 6 and 7.
  if (stage == 1) return tryStep() ? Next.TentativeLoss : Next.Again;
  // Lines 8 to 12.
  const decision = lossChange() > 0 ? Decision.Reversed : Decision.Descended;
  return makeStep(decision, signedRate(decision));
}

/** Eq. 8: Delta C = L_t(theta_temp) - L_t(theta_t). */
export function lossChange(): real {
  return mean(Sum.TentativeLoss) - sum(Sum.Loss);
}

/** Eq. 9: the signed learning rate, eta down the gradient or -eta' up it. */
export function signedRate(decision: Decision): real {
  return decision == Decision.Reversed ? -negativeRate() : number(Option.Rate);
}
