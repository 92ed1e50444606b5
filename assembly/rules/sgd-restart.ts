/**
 * Random re-initialisation, the baseline of Table VIII: plain gradient descent, and behind `StallSteps` steps in a row
 * with |grad L| below `Threshold` all parameters are drawn again, as before training (program/initialise.ts), from a
 * stream of the step. They are drawn beside the parameters, a few a tick.
 */
import { Decision, Option } from '../abi/codes';
import { parameterCount } from '../memory/configuration';
import { integer, number } from '../memory/options';
import { get, put } from '../memory/reals';
import { Buffer, Field, buffer, field, setField } from '../memory/registers';
import { currentStep } from '../memory/report';
import { Sum, sum } from '../memory/sums';
import { Purpose, openStream } from '../number/random';
import { initialParameter } from '../program/initialise';
import { Next } from './contract';
import { PARAMETERS_A_TICK, takeMoved } from './moves';
import { sgd } from './sgd';

export function sgdRestart(stage: i32): Next {
  if (stage == 0) return Next.LossAndGradient;
  const stalled = stalledSteps();
  const patience = integer(Option.StallSteps);
  const restarts = patience > 0 && stalled >= <real>patience;
  const next = restarts ? drawAgain() : sgd(stage);
  if (next == Next.Done) put(buffer(Buffer.OneNumber), 0, restarts ? 0 : stalled);
  return next;
}

/** Ticks that a step which draws all parameters again takes beside one that descends. */
export function restartTicks(): i32 {
  if (integer(Option.StallSteps) == 0) return 0;
  return (parameterCount() + PARAMETERS_A_TICK - 1) / PARAMETERS_A_TICK;
}

/** Steps in a row, with this one, whose gradient is below the threshold. */
function stalledSteps(): real {
  return sum(Sum.GradientNorm) < number(Option.Threshold) ? get(buffer(Buffer.OneNumber), 0) + 1 : 0;
}

/** The next few parameters, or behind the last all of them in their place. */
function drawAgain(): Next {
  const from = field(Field.Moved);
  const end = min(from + PARAMETERS_A_TICK, parameterCount());
  if (from == end) return takeMoved(Decision.Restarted, 0);
  // A number takes half a block.
  openStream(Purpose.Restart, currentStep(), 0, 0, from >> 1);
  for (let i = from; i < end; i++) put(buffer(Buffer.Tentative), i, initialParameter(i));
  setField(Field.Moved, end);
  return Next.Again;
}
