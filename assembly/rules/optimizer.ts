/**
 * Update rules. The signed learning rate of the paper lives here and nowhere else: a positive rate goes
 * down the gradient, a negative one up it.
 */
import { Decision, Option, Rule, Schedule } from '../abi/codes';
import { Buffer, COEFFICIENTS, buffer, get, increase, parameterCount, put } from '../memory/map';
import { PI, sincos } from '../number/math';
import { integer, number } from '../memory/options';
import { currentStep } from '../memory/report';

/** Parameters that one tick of a tentative rule moves, in the builds that cut their ticks short. */
export const PARAMETERS_A_TICK = 32;

/** Largest eta'/eta of `nlr-guarded`: the top of the paper's range for kappa. */
const KAPPA_CAP: real = 3;

/** Factor on all rates at the step t at hand: 1, or (1 + cos(pi t / T)) / 2 down to 0 at T and beyond. */
function schedule(): real {
  if (integer(Option.Schedule) == Schedule.Constant) return 1;
  const step = <real>currentStep();
  const steps = number(Option.Steps);
  if (step >= steps) return 0;
  sincos((PI * step) / steps, COEFFICIENTS);
  return <real>0.5 * (1 + load<real>(COEFFICIENTS));
}

/** Whether the rule tries a step and looks at the loss behind it. */
export function isTentative(): bool {
  return integer(Option.Rule) <= Rule.NlrGuarded;
}

/**
 * theta - rate g on the circuit's parameters, theta - headRate g on the head's: parameters [from, end), into the
 * first moment's place.
 */
function stepAlong(rate: real, headRate: real, from: i32, end: i32): void {
  const to = buffer(Buffer.FirstMoment);
  const theta = buffer(Buffer.Parameters);
  const gradient = buffer(Buffer.Gradient);
  const circuit = integer(Option.Parameters);
  for (let i = from; i < end; i++) {
    if (i >= circuit) rate = headRate;
    put(to, i, get(theta, i) - rate * get(gradient, i));
  }
}

/** Line 6: theta_temp = theta - eta g for parameters [from, end), into the first moment's place. */
export function tentativeStep(from: i32, end: i32): void {
  const factor = schedule();
  stepAlong(factor * number(Option.Rate), factor * number(Option.HeadRate), from, end);
}

/**
 * Eq. 8 and 9, lines 8 to 12: what to do about the change of the loss that the tentative step made.
 *
 * `nlr` reverses on any rise, as printed. `nlr-guarded` reverses only on a rise of more than `Guard`
 * standard errors; a smaller rise may be noise, and half the descent step is taken.
 */
export function decide(change: real, error: real): Decision {
  if (!(change > 0)) return Decision.Descended;
  if (integer(Option.Rule) == Rule.Nlr || change > number(Option.Guard) * error) return Decision.Reversed;
  return Decision.Halved;
}

/**
 * Works a decision out for parameters [from, end), into the first moment's place. The head goes along in the ratio of the circuit's rates, where the paper, whose
 * model has none in Eq. 9, says nothing.
 * @returns the signed learning rate of the circuit's parameters: eta, eta / 2, or -eta'
 */
export function applyDecision(decision: Decision, from: i32, end: i32): real {
  let factor = schedule();
  if (decision == Decision.Halved) factor *= <real>0.5;
  const eta = number(Option.Rate);
  let rate = factor * eta;
  let headRate = factor * number(Option.HeadRate);
  if (decision == Decision.Reversed) {
    let negative = number(Option.NegativeRate);
    if (integer(Option.Rule) == Rule.NlrGuarded) negative = min(negative, KAPPA_CAP * eta);
    rate = -(factor * negative);
    headRate *= -(negative / eta);
  }
  stepAlong(rate, headRate, from, end);
  return rate;
}

/**
 * One step of a rule that makes no test: plain gradient descent, heavy-ball momentum (Polyak 1964),
 * RMSProp (Hinton 2012) or Adam (Kingma and Ba 2015).
 * @param correction1 1 - beta1^(t+1), @param correction2 1 - beta2^(t+1)
 * @returns the learning rate after the schedule
 */
export function applyRule(correction1: real, correction2: real): real {
  const rule = integer(Option.Rule);
  const factor = schedule();
  const rate = factor * number(Option.Rate);
  const headRate = factor * number(Option.HeadRate);
  const beta1 = number(Option.Beta1);
  const beta2 = number(Option.Beta2);
  const epsilon = number(Option.Epsilon);
  const circuit = integer(Option.Parameters);
  const count = parameterCount();
  const first = buffer(Buffer.FirstMoment);
  // The running mean of the squares.
  const squares = rule == Rule.Adam ? buffer(Buffer.SecondMoment) : first;
  for (let i = 0; i < count; i++) {
    const g = get(buffer(Buffer.Gradient), i);
    let move = g;
    if (rule == Rule.Momentum) {
      move = beta1 * get(first, i) + g;
      put(first, i, move);
    } else if (rule > Rule.Momentum) {
      let v = beta2 * get(squares, i) + (1 - beta2) * g * g;
      put(squares, i, v);
      if (rule == Rule.Adam) {
        const m = beta1 * get(first, i) + (1 - beta1) * g;
        put(first, i, m);
        move = m / correction1;
        v /= correction2;
      }
      move /= sqrt<real>(v) + epsilon;
    }
    increase(buffer(Buffer.Parameters), i, -(i < circuit ? rate : headRate) * move);
  }
  return rate;
}
