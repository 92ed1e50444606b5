/** Moves of the parameters: beside them, a few a tick, for rules that try a step; in place and at once for the others. */
import { Decision, Option, Report } from '../abi/codes';
import { parameterCount } from '../memory/configuration';
import { number } from '../memory/options';
import { areFinite, at, get, move, put } from '../memory/reals';
import { Buffer, Field, buffer, field, setField } from '../memory/registers';
import { report, reported, slot } from '../memory/report';
import { SHORT_TICKS } from '../profile';
import { inBlocks } from '../program/blocks';
import { Next, settle } from './contract';
import { rateOf, setRates } from './schedule';

/** Parameters that one tick moves, in the modules that keep their ticks short. */
export const PARAMETERS_A_TICK = 32;

/** A parameter's new value. One that is not finite is noted: the step is then given up. */
export function noted(value: real): real {
  if (!isFinite<real>(value)) setField(Field.Escaped, 1);
  return value;
}

// ---- beside the parameters ---------------------------------------------------------------------

/**
 * theta - rate g for the next few parameters, into the tentative ones.
 * @param signed rate before the schedule; below zero it goes up the gradient
 * @returns whether nothing was left to do before this tick
 */
function moveSome(signed: real): bool {
  const from = field(Field.Moved);
  const count = parameterCount();
  const end = SHORT_TICKS ? min(from + PARAMETERS_A_TICK, count) : count;
  setRates(signed);
  for (let i = from; i < end; i++) {
    const value = get(buffer(Buffer.Parameters), i) - rateOf(i) * get(buffer(Buffer.Gradient), i);
    put(buffer(Buffer.Tentative), i, noted(value));
  }
  setField(Field.Moved, end);
  return from == end;
}

/** Line 6 of Algorithm 1: theta_temp = theta - eta g. @returns whether it is through */
export function tryStep(): bool {
  return tryRate(number(Option.Rate));
}

/** theta_temp = theta - rate g, at any rate. @returns whether it is through */
export function tryRate(rate: real): bool {
  moveSome(rate);
  if (field(Field.Moved) < parameterCount()) return false;
  setField(Field.Moved, 0);
  return true;
}

/**
 * Makes the step that was decided: theta <- theta - rate g. It is worked out beside the parameters and takes their
 * place in the last tick, so that a step is made whole or not at all.
 * @param signed rate before the schedule
 */
export function makeStep(decision: Decision, signed: real): Next {
  if (!moveSome(signed)) return Next.Again;
  return takeMoved(decision, signed);
}

/** Puts what was worked out beside the parameters in their place: the last tick. @param signed rate before the schedule */
export function takeMoved(decision: Decision, signed: real): Next {
  // The two lie next to each other.
  const parameters = buffer(Buffer.Parameters);
  const moved = buffer(Buffer.Tentative);
  if (field(Field.Escaped) != 0) return Next.Diverged;
  move(parameters, moved, moved - parameters);
  return settle(decision, setRates(signed));
}

// ---- in place ----------------------------------------------------------------------------------

/** Before a rule's loop over the parameters: the rates, and beta1^t and beta2^t for bias corrections. @returns the rate */
export function beginDescent(): real {
  // The work area has done its work, and is as large as any image: a copy to go back to.
  move(buffer(Buffer.Angles), slot(0), buffer(Buffer.Gradient) - slot(0));
  report(Report.Beta1Power, <real>reported(Report.Beta1Power) * number(Option.Beta1));
  report(Report.Beta2Power, <real>reported(Report.Beta2Power) * number(Option.Beta2));
  return setRates(number(Option.Rate));
}

/** Behind the loop: the step is made, or everything is as before it where a parameter is not finite. */
export function endDescent(rate: real): Next {
  // Those that a block leaves alone may be anything that a host has written.
  const parameters = buffer(Buffer.Parameters);
  if (inBlocks() && !areFinite(parameters, at(parameters, parameterCount()))) setField(Field.Escaped, 1);
  if (field(Field.Escaped) == 0) return settle(Decision.Descended, rate);
  // The gradient comes behind all that a rule changes.
  move(slot(0), buffer(Buffer.Angles), buffer(Buffer.Gradient) - slot(0));
  return Next.Diverged;
}

/** An entry of a running mean takes a value in. */
export function renew(means: usize, i: i32, value: real, decay: real): void {
  put(means, i, noted(decay * get(means, i) + (1 - decay) * value));
}

/** theta_i <- theta_i - eta move */
export function descend(i: i32, move: real): void {
  put(buffer(Buffer.Parameters), i, noted(get(buffer(Buffer.Parameters), i) - rateOf(i) * move));
}
