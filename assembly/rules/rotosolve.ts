/**
 * Sequential minimisation (Nakanishi, Fujii and Todo, "Sequential minimal optimization for quantum-classical hybrid
 * algorithms", 2020; Ostaszewski, Grant and Benedetti, "Structure optimization for parameterized quantum circuits",
 * 2021: Rotosolve). Of a loss that is an expectation, the circuit as it is and two displaced ones tell all along an angle
 * a of one gate, with channels before and behind it too, as those are linear:
 *
 *   L(a + x) = c - h cos x + g sin x,   c = (L(a + pi/2) + L(a - pi/2)) / 2,   h = c - L(a),   g = dL/da
 *
 * The angle goes to the minimum, x = arg(h, -g), and the parameter that the gate turns by scale times by x / scale. A step
 * is one parameter, on a mini-batch of its own; a sweep takes all of them in a random order (program/blocks.ts).
 */
import { Loss, Option } from '../abi/codes';
import { batchWeight } from '../memory/batch';
import { integer } from '../memory/options';
import { get, put } from '../memory/reals';
import { Buffer, Field, buffer, field } from '../memory/registers';
import { Sum, sum } from '../memory/sums';
import { directionOf } from '../number/direction';
import { isMovedBy } from '../program/blocks';
import { coefficientSum } from '../program/observable';
import { operation, operationIndex, operationScale } from '../program/operations';
import { Next } from './contract';
import { beginDescent, endDescent, noted } from './moves';

/** The least amplitude of a sinusoid, of the most that the observable can have: 2^-40. */
const FLAT: real = <real>9.094947017729282e-13;

export function rotosolve(stage: i32): Next {
  if (stage == 0) return Next.LossAndGradient;
  beginDescent();
  const bend = sum(Sum.SideLoss) - expectationPart();
  for (let i = field(Field.ActiveOperations) - 1; i >= 0; i--)
    if (isMovedBy(operation(i))) turn(operation(i), bend);
  // There is no rate.
  return endDescent(0);
}

/** The loss without what is no expectation: the 1 of the hinge 1 - y f, of each sample by its weight. */
function expectationPart(): real {
  const count = field(Field.Count);
  let constant: real = 0;
  if (integer(Option.Loss) == Loss.Hinge) for (let b = 0; b < count; b++) constant += batchWeight(b);
  return sum(Sum.Loss) - constant / <real>count;
}

/** Turns a gate's parameter to where the loss is least. */
function turn(record: usize, bend: real): void {
  const scale = operationScale(record);
  const parameter = operationIndex(record);
  // At a scale of 0 it turns nothing.
  if (scale == 0) return;
  const slope = get(buffer(Buffer.Gradient), parameter) / scale;
  // An angle that the loss does not see stays, whatever rounding says of it.
  if (!(max<real>(abs<real>(bend), abs<real>(slope)) > FLAT * coefficientSum())) return;
  const value = get(buffer(Buffer.Parameters), parameter);
  put(buffer(Buffer.Parameters), parameter, noted(value + directionOf(bend, -slope) / scale));
}
