/**
 * The two-point gradient: simultaneous perturbation (Spall 1992). One random direction delta of +1 and -1 for all
 * parameters, the head's included, and two losses on the same mini-batch:
 *
 *   g_i = (L(theta + c delta) - L(theta - c delta)) / (2 c) delta_i
 */
import { currentStep } from '../memory/report';
import { Purpose, nextWord, openStream } from '../number/random';

/** c */
const DISPLACEMENT: real = <real>0.1;

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
  return isAhead(parameter) == (pass == 0) ? DISPLACEMENT : -DISPLACEMENT;
}

export function twoPointSlope(pass: i32, parameter: i32, loss: real): real {
  const slope = loss / (2 * DISPLACEMENT);
  return isAhead(parameter) == (pass == 0) ? slope : -slope;
}
