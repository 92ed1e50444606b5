/** Heavy-ball momentum (Polyak 1964). */
import { Option } from '../abi/codes';
import { parameterCount } from '../memory/configuration';
import { number } from '../memory/options';
import { get, put } from '../memory/reals';
import { Buffer, buffer } from '../memory/registers';
import { isMoved } from '../program/blocks';
import { Next } from './contract';
import { beginDescent, descend, endDescent } from './moves';

export function momentum(stage: i32): Next {
  if (stage == 0) return Next.LossAndGradient;
  const rate = beginDescent();
  const beta1 = number(Option.Beta1);
  const velocities = buffer(Buffer.FirstMoment);
  const count = parameterCount();
  for (let i = 0; i < count; i++) {
    if (!isMoved(i)) continue;
    const velocity = beta1 * get(velocities, i) + get(buffer(Buffer.Gradient), i);
    put(velocities, i, velocity);
    descend(i, velocity);
  }
  return endDescent(rate);
}
