/**
 * Adam with reversals coordinate by coordinate, where they are significant. With s the latest step and g the gradient,
 * s_d g_d > 0 says that the step went uphill in coordinate d; where it exceeds k of its standard errors,
 *
 *   s_d g_d > k |s_d| sqrt(var g_d),    var g_d = B / (B - 1) sum_b (c_bd - g_d / B)^2,
 *
 * -s_d is added to Adam's step. c_bd is what sample b adds to g_d, so that var g_d is the variance of the mean of B
 * samples, from the samples and from shots alike; of one sample there is none, and nothing is reversed. It takes no
 * further evaluation.
 *
 *   clear what samples add ... -> loss and gradient -> which coordinates, a few a tick ... -> Adam's step
 */
import { Option } from '../abi/codes';
import { partsRow } from '../memory/batch';
import { parameterCount } from '../memory/configuration';
import { number } from '../memory/options';
import { clear, get, increase, put } from '../memory/reals';
import { Buffer, Field, buffer, field, setField } from '../memory/registers';
import { isMoved } from '../program/blocks';
import { descendByAdam } from './adam';
import { Next } from './contract';
import { beginDescent, endDescent, noted } from './moves';

/** Samples' rows that one tick clears, and coordinates that one tests. */
const ROWS_A_TICK = 4;
const TESTS_A_TICK = 4;

export function adamReversal(stage: i32): Next {
  if (stage == 0) return clearParts();
  return testSome() ? Next.Again : descendOrTakeBack();
}

/** Ticks beside those of Adam, for a mini-batch of so many. */
export function reversalTicks(count: i32): i32 {
  // The first rows are cleared as the step starts.
  const rows = (count + ROWS_A_TICK - 1) / ROWS_A_TICK - 1;
  return rows + (parameterCount() + TESTS_A_TICK - 1) / TESTS_A_TICK;
}

/** A few rows; behind the last, the gradient is next. */
function clearParts(): Next {
  const count = field(Field.Count);
  const from = field(Field.Moved);
  const end = min(from + ROWS_A_TICK, count);
  clear(partsRow(from), partsRow(end));
  setField(Field.Moved, end < count ? end : 0);
  return end < count ? Next.Again : Next.LossAndGradient;
}

/** sqrt(var g_d) */
function errorOf(d: i32): real {
  const count = field(Field.Count);
  const share = get(buffer(Buffer.Gradient), d) / <real>count;
  let sum: real = 0;
  for (let sample = 0; sample < count; sample++) {
    const apart = get(partsRow(sample), d) - share;
    sum += apart * apart;
  }
  return sqrt<real>((<real>count / <real>(count - 1)) * sum);
}

/** Tests the next few coordinates: what the step has in them besides takes the first sample's row. @returns whether there were any */
function testSome(): bool {
  const from = field(Field.Moved);
  const end = min(from + TESTS_A_TICK, parameterCount());
  const guard = number(Option.Guard);
  for (let d = from; d < end; d++) {
    const latest = get(buffer(Buffer.LatestStep), d);
    const uphill = latest * get(buffer(Buffer.Gradient), d);
    const reverses = field(Field.Count) > 1 && uphill > guard * abs<real>(latest) * errorOf(d);
    put(partsRow(0), d, reverses ? -latest : 0);
  }
  setField(Field.Moved, end);
  return from < end;
}

/** Adam's step, and what was tested. */
function descendOrTakeBack(): Next {
  const count = parameterCount();
  const parameters = buffer(Buffer.Parameters);
  const latest = buffer(Buffer.LatestStep);
  const rate = beginDescent();
  // The parameters as they were, until the step is known. Outside the block that moves, the latest step stays.
  for (let d = 0; d < count; d++) if (isMoved(d)) put(latest, d, get(parameters, d));
  descendByAdam(count);
  for (let d = 0; d < count; d++) {
    if (!isMoved(d)) continue;
    increase(parameters, d, get(partsRow(0), d));
    put(latest, d, noted(noted(get(parameters, d)) - get(latest, d)));
  }
  return endDescent(rate);
}
