/** Adam (Kingma and Ba 2015). */
import { Option, Report } from '../abi/codes';
import { parameterCount } from '../memory/configuration';
import { number } from '../memory/options';
import { get, put } from '../memory/reals';
import { Buffer, buffer } from '../memory/registers';
import { reported } from '../memory/report';
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
  for (let i = 0; i < count; i++) {
    const g = get(buffer(Buffer.Gradient), i);
    const v = beta2 * get(squares, i) + (1 - beta2) * g * g;
    put(squares, i, v);
    const m = beta1 * get(means, i) + (1 - beta1) * g;
    put(means, i, m);
    descend(i, m / correction1 / (sqrt<real>(v / correction2) + epsilon));
  }
}
