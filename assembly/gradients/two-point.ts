/**
 * The two-point gradient: simultaneous perturbation (Spall 1992). One random direction delta of +1 and -1 for all
 * parameters, the head's included, and two losses on the same mini-batch:
 *
 *   g_i = (L(theta + c delta) - L(theta - c delta)) / (2 c) delta_i
 *
 * With the schedule of Spall c falls from step to step, as c / (t + 1)^0.101.
 */
import { Option, Schedule } from '../abi/codes';
import { integer, number } from '../memory/options';
import { currentStep } from '../memory/report';
import { exp, log } from '../number/math';
import { Purpose, nextWord, openStream } from '../number/random';
import { RIVAL_METHODS } from '../profile';

/** c where no option says another. */
const DISPLACEMENT: real = <real>0.1;

/** c_t */
function displacement(): real {
  if (!RIVAL_METHODS) return DISPLACEMENT;
  const own = number(Option.Displacement);
  const first = own > 0 ? own : DISPLACEMENT;
  if (integer(Option.Schedule) != Schedule.Spall) return first;
  return first * exp(<real>-0.101 * log(<real>currentStep() + 1));
}

/** delta of the current step: bit i of the first words of its blocks. */
function isAhead(parameter: i32): bool {
  openStream(Purpose.Direction, currentStep(), 0, 0, parameter >> 5);
  return ((nextWord() >> (parameter & 31)) & 1) != 0;
}

export function twoPointPasses(): i32 {
  return 2;
}

/** c delta_i in the first pass, -c delta_i in the second. */
export function twoPointDisplacement(pass: i32, parameter: i32): real {
  const distance = displacement();
  return isAhead(parameter) == (pass == 0) ? distance : -distance;
}

export function twoPointSlope(pass: i32, parameter: i32, loss: real): real {
  const slope = loss / (2 * displacement());
  return isAhead(parameter) == (pass == 0) ? slope : -slope;
}
