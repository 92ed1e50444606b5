/**
 * A rule for few shots. They go where they tell most: some to the outputs of a pool, by which the head takes a Newton
 * step, and the samples that matter are found; the others to the derivatives of those samples alone, one shot a sign,
 * say (`DisplacedShots`). With r the share of the training that is done:
 *
 *   1  f, and with shots its covariance, of all samples of the mini-batch, the pool: engines/pool.ts
 *   2  the head by a Newton step: newton-head.ts
 *   3  half of the pool drawn, with the slopes l' that the new head gives: drawn-samples.ts
 *   4  g_d = mean omega l' df/dtheta_d over those drawn, by the parameter shift or whatever gradient there is
 *   5  Adam on the circuit's parameters: adam.ts, with eta by the schedule
 *
 * Without a head 2 is left out. Its parts can be had apart, to see what each is worth: `Draws` has all samples of the pool
 * differentiated, or the pool itself drawn from the whole training set (residuals.ts), `HeadStep` the head in 5 with the circuit, `HeadNoise` the covariance left alone.
 */
import { Option } from '../abi/codes';
import { curvatureElements, headByNewton, parameterCount } from '../memory/configuration';
import { integer, number } from '../memory/options';
import { get, put } from '../memory/reals';
import { Buffer, Field, buffer, field, setBuffer, setField } from '../memory/registers';
import { RIVAL_METHODS } from '../profile';
import { descendByAdam } from './adam';
import { Next } from './contract';
import { advanceDraw, drawTicks } from './drawn-samples';
import { beginDescent, endDescent, noted } from './moves';
import { advanceHead, headStepTicks } from './newton-head';
import { renewResiduals } from './residuals';

export function frugal(stage: i32): Next {
  if (stage == 0) {
    setField(Field.Doublings, 0);
    return Next.PoolLoss;
  }
  return stage == 1 ? drawNext() : descend();
}

/** Ticks between the pool's loss and the gradient, at most. */
export function poolTicks(count: i32): i32 {
  return headStepTicks() + drawTicks(count);
}

/** A tick of the head's step, then of the draw. */
function drawNext(): Next {
  const tick = field(Field.Moved);
  const head = headStepTicks();
  if (tick < head) {
    setField(Field.Moved, advanceHead(tick));
    return Next.Again;
  }
  // The slopes are those of the head's new weights.
  setBuffer(Buffer.Active, buffer(Buffer.Displaced));
  setField(Field.Moved, tick + 1);
  if (field(Field.Escaped) != 0) return Next.Diverged;
  return advanceDraw(tick - head);
}

/** The circuit's parameters by Adam, the head's as they were worked out, and the running means with them. */
function descend(): Next {
  const rate = beginDescent();
  const count = parameterCount();
  const circuit = headByNewton() ? integer(Option.Parameters) : count;
  const beta1 = number(Option.Beta1);
  descendByAdam(circuit);
  for (let i = circuit; i < count; i++) put(buffer(Buffer.Parameters), i, get(buffer(Buffer.Displaced), i));
  renew(buffer(Buffer.FirstMoment), buffer(Buffer.Gradient), circuit, count, beta1);
  if (RIVAL_METHODS) renewResiduals();
  renew(buffer(Buffer.MeanCurvature), buffer(Buffer.Curvature), 0, curvatureElements(), beta1);
  return endDescent(rate);
}

/** Entries [from, end) of a running mean. */
function renew(means: usize, values: usize, from: i32, end: i32, decay: real): void {
  for (let i = from; i < end; i++) put(means, i, noted(decay * get(means, i) + (1 - decay) * get(values, i)));
}
