/**
 * Gradient descent with backtracking, the descent-only rule of Lemma 2: the rate is halved until
 *
 *   L(theta - a g) <= L(theta) - c a |g|^2,     a = eta, eta / 2, ..., eta / 2^Backtracks
 *
 * on the same mini-batch, every try with random streams of its own; where none will do, no step is taken. With a head of
 * its own rate, a |g|^2 is the sum of both parts. The first try is the one that violations are counted by.
 */
import { Decision, Option } from '../abi/codes';
import { parameterCount } from '../memory/configuration';
import { integer, number } from '../memory/options';
import { at, sumOfSquares } from '../memory/reals';
import { Buffer, Field, buffer, setField } from '../memory/registers';
import { Next } from './contract';
import { makeStep, tryRate } from './moves';
import { lossChange } from './nlr';
import { rateOf, setRates } from './schedule';

export function armijo(stage: i32): Next {
  if (stage == 0) return Next.LossAndGradient;
  if (stage == 1) return tryTimes(0);
  // Tries before the latest.
  const before = stage - 2;
  if (before == 0) setField(Field.Rose, lossChange() > 0 ? 1 : 0);
  const rate = rateAfter(before);
  if (lossChange() <= -number(Option.Decrease) * promised(rate))
    return makeStep(before == 0 ? Decision.Descended : Decision.Rescaled, rate);
  if (before < integer(Option.Backtracks)) return tryTimes(before + 1);
  return makeStep(Decision.Rejected, 0);
}

/** eta / 2^halvings */
function rateAfter(halvings: i32): real {
  return number(Option.Rate) / <real>((<i64>1) << (<i64>halvings));
}

/** theta_temp = theta - eta / 2^halvings g, and its loss. */
function tryTimes(halvings: i32): Next {
  return tryRate(rateAfter(halvings)) ? Next.TentativeLoss : Next.Again;
}

/** a |g|^2: what the loss would fall by if it were linear. */
function promised(rate: real): real {
  const circuit = integer(Option.Parameters);
  const gradient = buffer(Buffer.Gradient);
  setRates(rate);
  return (
    rateOf(0) * sumOfSquares(gradient, circuit) +
    rateOf(circuit) * sumOfSquares(at(gradient, circuit), parameterCount() - circuit)
  );
}
