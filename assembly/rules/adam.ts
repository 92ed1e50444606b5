/** Adam (Kingma and Ba 2015). */
import { Option, Report } from '../abi/codes';
import { blockSize, parameterCount } from '../memory/configuration';
import { integer, number } from '../memory/options';
import { get, put } from '../memory/reals';
import { Buffer, buffer } from '../memory/registers';
import { reported } from '../memory/report';
import { isMoved, sweepPower } from '../program/blocks';
import { Next } from './contract';
import { beginDescent, descend, endDescent } from './moves';

export function adam(stage: i32): Next {
  if (stage == 0) return Next.LossAndGradient;
  const rate = beginDescent();
  descendByAdam(parameterCount());
  return endDescent(rate);
}

/** Adam's step of the first `count` parameters, between `beginDescent` and `endDescent`. */
export function descendByAdam(count: i32): void {
  const correction1: real = 1 - <real>reported(Report.Beta1Power);
  const correction2: real = 1 - <real>reported(Report.Beta2Power);
  const beta1 = number(Option.Beta1);
  const beta2 = number(Option.Beta2);
  const epsilon = number(Option.Epsilon);
  const means = buffer(Buffer.FirstMoment);
  const squares = buffer(Buffer.SecondMoment);
  // A circuit parameter of a block has been moved once a sweep, the head in every step.
  const apart = blockSize() > 0 ? integer(Option.Parameters) : 0;
  const own1: real = apart > 0 ? 1 - sweepPower(beta1, 1) : 0;
  const own2: real = apart > 0 ? 1 - sweepPower(beta2, 1) : 0;
  for (let i = 0; i < count; i++) {
    if (!isMoved(i)) continue;
    const g = get(buffer(Buffer.Gradient), i);
    const v = beta2 * get(squares, i) + (1 - beta2) * g * g;
    put(squares, i, v);
    const m = beta1 * get(means, i) + (1 - beta1) * g;
    put(means, i, m);
    const unbias1 = i < apart ? own1 : correction1;
    const unbias2 = i < apart ? own2 : correction2;
    descend(i, m / unbias1 / (sqrt<real>(v / unbias2) + epsilon));
  }
}
