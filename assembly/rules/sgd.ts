/** Plain gradient descent. */
import { Decision } from '../abi/codes';
import { parameterCount } from '../memory/configuration';
import { get } from '../memory/reals';
import { Buffer, buffer } from '../memory/registers';
import { Next, settle } from './contract';
import { beginDescent, descend } from './moves';

export function sgd(stage: i32): Next {
  if (stage == 0) return Next.LossAndGradient;
  const rate = beginDescent();
  const count = parameterCount();
  for (let i = 0; i < count; i++) descend(i, get(buffer(Buffer.Gradient), i));
  return settle(Decision.Descended, rate);
}
