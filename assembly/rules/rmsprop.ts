/**
 * RMSProp (Hinton 2012) as its source has it, without a bias correction: the first step is eta / sqrt(1 - beta2) in
 * every parameter. So the decay that the library sets is Hinton's 0.9, with a first step of 3.2 eta; Adam's 0.999 makes
 * it 32 eta.
 */
import { Option } from '../abi/codes';
import { parameterCount } from '../memory/configuration';
import { number } from '../memory/options';
import { get, put } from '../memory/reals';
import { Buffer, buffer } from '../memory/registers';
import { isMoved } from '../program/blocks';
import { Next } from './contract';
import { beginDescent, descend, endDescent } from './moves';

export function rmsprop(stage: i32): Next {
  if (stage == 0) return Next.LossAndGradient;
  const rate = beginDescent();
  const beta2 = number(Option.Beta2);
  const epsilon = number(Option.Epsilon);
  const squares = buffer(Buffer.FirstMoment);
  const count = parameterCount();
  for (let i = 0; i < count; i++) {
    if (!isMoved(i)) continue;
    const g = get(buffer(Buffer.Gradient), i);
    const v = beta2 * get(squares, i) + (1 - beta2) * g * g;
    put(squares, i, v);
    descend(i, g / (sqrt<real>(v) + epsilon));
  }
  return endDescent(rate);
}
