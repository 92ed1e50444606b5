/** RMSProp (Hinton 2012), without a bias correction. */
import { Option } from '../abi/codes';
import { parameterCount } from '../memory/configuration';
import { number } from '../memory/options';
import { get, put } from '../memory/reals';
import { Buffer, buffer } from '../memory/registers';
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
    const g = get(buffer(Buffer.Gradient), i);
    const v = beta2 * get(squares, i) + (1 - beta2) * g * g;
    put(squares, i, v);
    descend(i, g / (sqrt<real>(v) + epsilon));
  }
  return endDescent(rate);
}
