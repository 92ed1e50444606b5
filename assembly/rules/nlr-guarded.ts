/**
 * Algorithm 1 with a noise-aware test: it reverses only on a rise of more than `Guard` standard errors. A smaller
 * rise may be noise, and half the descent step is taken. eta' is capped. `Fallback` and `Doubt` put other things in the
 * place of the reversal and of the half step.
 */
import { Decision, Doubt, Fallback, Option } from '../abi/codes';
import { integer, number } from '../memory/options';
import { Sum, sum } from '../memory/sums';
import { PAPER_FAMILY } from '../profile';
import { Next } from './contract';
import { makeStep, tryStep } from './moves';
import { negativeRate } from './negative-rate';
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
  const beyond = change > number(Option.Guard) * error;
  if (PAPER_FAMILY) return beyond ? fallback() : doubted();
  return beyond ? Decision.Reversed : Decision.Halved;
}

/** What a rise beyond the guard leads to. */
function fallback(): Decision {
  const chosen = integer(Option.Fallback);
  if (chosen == Fallback.Reverse) return Decision.Reversed;
  return chosen == Fallback.Halve ? Decision.Halved : Decision.Rejected;
}

/** What a rise within it leads to. */
function doubted(): Decision {
  const chosen = integer(Option.Doubt);
  if (chosen == Doubt.Halve) return Decision.Halved;
  if (chosen == Doubt.Descend) return Decision.Descended;
  return chosen == Doubt.Reverse ? Decision.Reversed : Decision.Rejected;
}

function signedRate(decision: Decision): real {
  const eta = number(Option.Rate);
  if (decision == Decision.Halved) return <real>0.5 * eta;
  if (PAPER_FAMILY && decision == Decision.Rejected) return 0;
  return decision == Decision.Reversed ? -min(negativeRate(), KAPPA_CAP * eta) : eta;
}
