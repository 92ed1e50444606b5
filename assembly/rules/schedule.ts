/** The schedule of the learning rates. */
import { Option, Report, Schedule } from '../abi/codes';
import { integer, number, option } from '../memory/options';
import { REAL } from '../memory/reals';
import { COSINE_SINE, RATES } from '../memory/registers';
import { currentStep, reported } from '../memory/report';
import { PI, exp, log, sincos } from '../number/math';
import { RIVAL_METHODS } from '../profile';

/** What the training has done before the current step, and all that it is to do: shots of its budget, or steps. */
function done(): f64 {
  return option(Option.ShotsBudget) > 0 ? reported(Report.Shots) : <f64>currentStep();
}

function whole(): f64 {
  const budget = option(Option.ShotsBudget);
  return budget > 0 ? budget : <f64>integer(Option.Steps);
}

/**
 * Share of the training before the current step, from 0 to 1: r = spent / budget where there is a budget of shots, else
 * t / T.
 */
export function runShare(): real {
  return done() < whole() ? <real>(done() / whole()) : 1;
}

/**
 * Spall's gain of the rates ("Implementation of the simultaneous perturbation algorithm", 1998): with A a tenth of the
 * training and k its steps before this one, ((A + 1) / (A + 1 + k))^0.602, so that eta is the first step's rate. Of a
 * budget a step is as dear as the mean of those before.
 */
function spallGain(): real {
  const step = <f64>currentStep();
  if (step == 0) return 1;
  const first = 0.1 * whole() + done() / step;
  return exp(<real>-0.602 * log(<real>((first + done()) / first)));
}

/** Factor on all rates at the current step: see the enumeration. */
function schedule(): real {
  const kind = integer(Option.Schedule);
  if (kind == Schedule.Constant) return 1;
  const past = <real>done();
  const length = <real>whole();
  if (kind == Schedule.RobbinsMonro) {
    const root = sqrt<real>(1 + (10 * past) / length);
    return 1 / (root * sqrt<real>(root));
  }
  if (RIVAL_METHODS && kind == Schedule.Spall) return spallGain();
  if (past >= length) return 0;
  if (kind == Schedule.Linear) return 1 - past / length;
  sincos((PI * past) / length, COSINE_SINE);
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
