/**
 * Steps with something random in them, worked out beside the parameters, in as many ticks as a step without:
 *
 *   theta - rate g + s_i z_i,     z of mean 0 and variance 1, Gaussian (Box and Muller 1958) or uniform
 *
 * Parameters 2j and 2j + 1 take block j of the step's stream: two uniforms, which are one draw each or together the two
 * Gaussians of a pair.
 */
import { Decision, Option } from '../abi/codes';
import { parameterCount } from '../memory/configuration';
import { integer } from '../memory/options';
import { REAL, get, put } from '../memory/reals';
import { Buffer, COSINE_SINE, Field, buffer, field, setField } from '../memory/registers';
import { currentStep } from '../memory/report';
import { PI, log, sincos } from '../number/math';
import { Purpose, openStream, uniform } from '../number/random';
import { isMoved } from '../program/blocks';
import { Next } from './contract';
import { PARAMETERS_A_TICK, noted, takeMoved } from './moves';
import { rateOf, setRates } from './schedule';

/** Half the width of a uniform number of variance 1. */
const ROOT_3: real = <real>1.7320508075688772;

/**
 * Makes a step with noise on it.
 * @param signed rate before the schedule; 0: the noise alone
 * @param circuit standard deviation of the circuit's parameters, after the schedule, @param head that of the head's
 * @param gaussian or uniform
 */
export function makeNoisyStep(
  decision: Decision,
  signed: real,
  circuit: real,
  head: real,
  gaussian: bool,
): Next {
  const from = field(Field.Moved);
  const count = parameterCount();
  const end = min(from + PARAMETERS_A_TICK, count);
  if (from == end) return takeMoved(decision, signed);
  setRates(signed);
  openStream(Purpose.Noise, currentStep(), 0, 0, from >> 1);
  for (let i = from; i < end; i += 2) {
    const first = uniform();
    const second = uniform();
    let one: real = ROOT_3 * (2 * first - 1);
    let other: real = ROOT_3 * (2 * second - 1);
    if (gaussian) {
      const radius = sqrt<real>(-2 * log(1 - first));
      sincos(2 * PI * second, COSINE_SINE);
      one = radius * load<real>(COSINE_SINE);
      other = radius * load<real>(COSINE_SINE, REAL);
    }
    moveNoisily(i, i < integer(Option.Parameters) ? circuit * one : head * one);
    if (i + 1 < end) moveNoisily(i + 1, i + 1 < integer(Option.Parameters) ? circuit * other : head * other);
  }
  setField(Field.Moved, end);
  return Next.Again;
}

function moveNoisily(i: i32, noise: real): void {
  const value = get(buffer(Buffer.Parameters), i) - rateOf(i) * get(buffer(Buffer.Gradient), i);
  // Outside the block that the step moves there is no gradient either.
  put(buffer(Buffer.Tentative), i, noted(isMoved(i) ? value + noise : value));
}
