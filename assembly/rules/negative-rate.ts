/**
 * Where eta' comes from, section III-B of the paper: a constant, kappa eta, or its guideline,
 *
 *   eta' = eta (1 + log(1 + nu L)) sqrt(sigma_H^2 / L),                 Eq. 10
 *
 * with nu the mean error probability of a gate, L the layers, log the natural logarithm, and sigma_H^2 the variance of
 * the Hamiltonian, which the paper does not define, in one of two readings: over all states
 * (program/observable-variance.ts), or in the state at theta, as the step's own loss has measured it. Section V.C
 * divides any of them by 1 + nu L.
 */
import { Option, Reversal } from '../abi/codes';
import { integer, number } from '../memory/options';
import { Sum, mean } from '../memory/sums';
import { log } from '../number/math';
import { PAPER_FAMILY } from '../profile';
import { traceVariance } from '../program/observable-variance';

/** eta' before the schedule. */
export function negativeRate(): real {
  if (!PAPER_FAMILY) return number(Option.NegativeRate);
  const rate = sourceRate();
  return integer(Option.EffectiveRate) != 0 ? rate / (1 + noiseOfCircuit()) : rate;
}

function sourceRate(): real {
  const eta = number(Option.Rate);
  switch (integer(Option.Reversal)) {
    case Reversal.Kappa:
      return number(Option.Kappa) * eta;
    case Reversal.Eq10:
      return guideline(eta, traceVariance());
    case Reversal.Eq10State:
      return guideline(eta, mean(Sum.Spread));
    default:
      return number(Option.NegativeRate);
  }
}

/** nu L */
function noiseOfCircuit(): real {
  return number(Option.NoiseRate) * <real>integer(Option.Depth);
}

/** Eq. 10 */
function guideline(eta: real, variance: real): real {
  return eta * (1 + log(1 + noiseOfCircuit())) * sqrt<real>(variance / <real>integer(Option.Depth));
}
