/** The schedule of the learning rates. */
import { Option, Schedule } from '../abi/codes';
import { integer, number } from '../memory/options';
import { REAL } from '../memory/reals';
import { COSINE_SINE, RATES } from '../memory/registers';
import { currentStep } from '../memory/report';
import { PI, sincos } from '../number/math';

/** Factor on all rates at the current step t: 1, or (1 + cos(pi t / T)) / 2 down to 0 at T and beyond. */
function schedule(): real {
  if (integer(Option.Schedule) == Schedule.Constant) return 1;
  const step = <real>currentStep();
  const steps = <real>integer(Option.Steps);
  if (step >= steps) return 0;
  sincos((PI * step) / steps, COSINE_SINE);
  return <real>0.5 * (1 + load<real>(COSINE_SINE));
}

/**
 * Sets the rates of the current step: `signed` for the circuit, and for the head its own in the ratio signed / eta,
 * where the paper, whose model has none, says nothing; both after the schedule.
 * @param signed eta to go down the gradient, below zero to go up it
 * @returns the circuit's
 */
export function setRates(signed: real): real {
  const factor = schedule();
  const rate = factor * signed;
  store<real>(RATES, rate);
  store<real>(RATES, factor * number(Option.HeadRate) * (signed / number(Option.Rate)), REAL);
  return rate;
}

/** The rate of a parameter, below zero up the gradient: the circuit's come first, then the head's. */
export function rateOf(parameter: i32): real {
  return load<real>(parameter < integer(Option.Parameters) ? RATES : RATES + REAL);
}
