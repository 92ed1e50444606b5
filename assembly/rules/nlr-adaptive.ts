/**
 * Algorithm 1 with an eta' that adapts itself. Section III-B takes eta' = 2 eta as a starting point "that can be changed
 * based on loss oscillations or divergence behavior", and gives no formula. Here kappa = eta'/eta starts at that of the
 * options, stays within the paper's range, and goes by what became of this step and of the one before:
 *
 *   both rose, divergence                       kappa <- kappa / DIVERGING
 *   one rose and the other did not, oscillation kappa <- kappa / OSCILLATING
 *   neither rose                                kappa <- kappa * CALM
 */
import { Decision, Option, Report } from '../abi/codes';
import { number } from '../memory/options';
import { get, put } from '../memory/reals';
import { Buffer, buffer } from '../memory/registers';
import { currentStep, reported } from '../memory/report';
import { Next } from './contract';
import { makeStep, tryStep } from './moves';
import { negativeRate } from './negative-rate';
import { lossChange } from './nlr';

/** The paper's range for kappa. */
const LEAST_KAPPA: real = 1.5;
const LARGEST_KAPPA: real = 3;

const DIVERGING: real = 1.5;
const OSCILLATING: real = <real>1.1;
const CALM: real = <real>1.02;

export function nlrAdaptive(stage: i32): Next {
  if (stage == 0) return Next.LossAndGradient;
  if (stage == 1) return tryStep() ? Next.TentativeLoss : Next.Again;
  const rose = lossChange() > 0;
  const ratio = kappa();
  const eta = number(Option.Rate);
  const next = makeStep(rose ? Decision.Reversed : Decision.Descended, rose ? -ratio * eta : eta);
  if (next == Next.Done) put(buffer(Buffer.OneNumber), 0, adapted(ratio, rose));
  return next;
}

/** kappa of the current step; 0 is what is kept before the first one. */
function kappa(): real {
  const kept = get(buffer(Buffer.OneNumber), 0);
  const ratio = kept == 0 ? negativeRate() / number(Option.Rate) : kept;
  return inRange(ratio);
}

/** kappa of the next step. @param rose whether the tentative loss of this one did */
function adapted(ratio: real, rose: bool): real {
  const before = currentStep() > 0 && reported(Report.Decision) == <f64>Decision.Reversed;
  if (rose && before) ratio /= DIVERGING;
  else if (rose || before) ratio /= OSCILLATING;
  else ratio *= CALM;
  return inRange(ratio);
}

function inRange(ratio: real): real {
  return min<real>(max<real>(ratio, LEAST_KAPPA), LARGEST_KAPPA);
}
