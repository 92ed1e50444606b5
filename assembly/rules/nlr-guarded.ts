/**
 * Algorithm 1 with a noise-aware test: it reverses only on a rise of more than `Guard` standard errors. A smaller
 * rise may be noise, and half the descent step is taken. eta' is capped.
 */
import { Decision, Option } from '../abi/codes';
import { number } from '../memory/options';
import { Sum, sum } from '../memory/sums';
import { Next } from './contract';
import { makeStep, tryStep } from './moves';
import { lossChange } from './nlr';

/** Largest eta'/eta: the top of the paper's range for kappa. */
const KAPPA_CAP: real = 3;

export function nlrGuarded(stage: i32): Next {
  if (stage == 0) return Next.LossAndGradient;
  if (stage == 1) return tryStep() ? Next.TentativeLoss : Next.Again;
  const decision = decide(lossChange(), sqrt<real>(sum(Sum.Variance)));
  return makeStep(decision, signedRate(decision));
}

/** @param error standard error of the change */
function decide(change: real, error: real): Decision {
  if (!(change > 0)) return Decision.Descended;
  return change > number(Option.Guard) * error ? Decision.Reversed : Decision.Halved;
}

function signedRate(decision: Decision): real {
  const eta = number(Option.Rate);
  if (decision == Decision.Halved) return <real>0.5 * eta;
  return decision == Decision.Reversed ? -min(number(Option.NegativeRate), KAPPA_CAP * eta) : eta;
}
