/**
 * Random perturbations in place of the reversal (section V.C, Table VIII): where the tentative loss rose,
 *
 *   theta <- theta + delta,   delta_i Gaussian, or uniform on both sides of 0,
 *
 * "with variance matched to eta'", which says how large in one of two ways: a standard deviation of eta' in every
 * coordinate, or E|delta|^2 = eta'^2 |g|^2, so that it is as long as the reversal that it replaces. The head's parameters
 * have the head's rates, and in the second reading their own gradient.
 */
import { Decision, Option, Perturbation } from '../abi/codes';
import { parameterCount } from '../memory/configuration';
import { integer, number } from '../memory/options';
import { at, sumOfSquares } from '../memory/reals';
import { Buffer, buffer } from '../memory/registers';
import { Next } from './contract';
import { makeStep, tryStep } from './moves';
import { negativeRate } from './negative-rate';
import { lossChange } from './nlr';
import { makeNoisyStep } from './noise';
import { rateOf, setRates } from './schedule';

export function perturbGaussian(stage: i32): Next {
  return perturb(stage, true);
}

export function perturbUniform(stage: i32): Next {
  return perturb(stage, false);
}

function perturb(stage: i32, gaussian: bool): Next {
  if (stage == 0) return Next.LossAndGradient;
  if (stage == 1) return tryStep() ? Next.TentativeLoss : Next.Again;
  if (!(lossChange() > 0)) return makeStep(Decision.Descended, number(Option.Rate));
  const circuit = integer(Option.Parameters);
  const count = parameterCount();
  // eta', and that of the head.
  setRates(negativeRate());
  const rate = rateOf(0);
  const headRate = rateOf(circuit);
  return makeNoisyStep(
    Decision.Perturbed,
    0,
    rate * scaleOf(0, circuit),
    headRate * scaleOf(circuit, count),
    gaussian,
  );
}

/** What a rate is multiplied by for the standard deviation of parameters [from, end): 1, or the rms of their gradient. */
function scaleOf(from: i32, end: i32): real {
  if (integer(Option.Perturbation) == Perturbation.Rate || from == end) return 1;
  return sqrt<real>(sumOfSquares(at(buffer(Buffer.Gradient), from), end - from) / <real>(end - from));
}
