/** Plain gradient descent. */
import { parameterCount } from '../memory/configuration';
import { get } from '../memory/reals';
import { Buffer, buffer } from '../memory/registers';
import { Next } from './contract';
import { beginDescent, descend, endDescent } from './moves';

export function sgd(stage: i32): Next {
  if (stage == 0) return Next.LossAndGradient;
  const rate = beginDescent();
  const count = parameterCount();
  for (let i = 0; i < count; i++) descend(i, get(buffer(Buffer.Gradient), i));
  return endDescent(rate);
}
