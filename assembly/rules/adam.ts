/** Adam (Kingma and Ba 2015). */
import { Option, Report } from '../abi/codes';
import { parameterCount } from '../memory/configuration';
import { integer, number } from '../memory/options';
import { get, put } from '../memory/reals';
import { Buffer, buffer } from '../memory/registers';
import { reported } from '../memory/report';
import { inBlocks, isMoved, powerOf, sweepsBefore } from '../program/blocks';
import { Next } from './contract';
import { beginDescent, descend, endDescent } from './moves';

export function adam(stage: i32): Next {
  if (stage == 0) return Next.LossAndGradient;
  const rate = beginDescent();
  descendByAdam(parameterCount());
  return endDescent(rate);
}

/** 1 - decay^k of the parameters from one on, moved k times with this step: in every step, or once for each sweep. */
function correction(slot: Report, decay: Option, from: i32): real {
  const power = <real>reported(slot);
  if (!inBlocks() || from == integer(Option.Parameters)) return 1 - power;
  return 1 - powerOf(number(decay), sweepsBefore() + 1);
}

/** Adam's step of the first `count` parameters, between `beginDescent` and `endDescent`. */
export function descendByAdam(count: i32): void {
  let correction1 = correction(Report.Beta1Power, Option.Beta1, 0);
  let correction2 = correction(Report.Beta2Power, Option.Beta2, 0);
  const beta1 = number(Option.Beta1);
  const beta2 = number(Option.Beta2);
  const epsilon = number(Option.Epsilon);
  const means = buffer(Buffer.FirstMoment);
  const squares = buffer(Buffer.SecondMoment);
  for (let i = 0; i < count; i++) {
    if (!isMoved(i)) continue;
    if (inBlocks() && i == integer(Option.Parameters)) {
      correction1 = correction(Report.Beta1Power, Option.Beta1, i);
      correction2 = correction(Report.Beta2Power, Option.Beta2, i);
    }
    const g = get(buffer(Buffer.Gradient), i);
    const v = beta2 * get(squares, i) + (1 - beta2) * g * g;
    put(squares, i, v);
    const m = beta1 * get(means, i) + (1 - beta1) * g;
    put(means, i, m);
    descend(i, m / correction1 / (sqrt<real>(v / correction2) + epsilon));
  }
}
