/**
 * Sequential minimisation (Nakanishi, Fujii and Todo, "Sequential minimal optimization for quantum-classical hybrid
 * algorithms", 2020; Ostaszewski, Grant and Benedetti, "Structure optimization for parameterized quantum circuits",
 * 2021: Rotosolve): where the loss is a pure expectation, it is a sinusoid of every angle a that stands in one gate,
 *
 *   L(a + x) = c - h cos x + g sin x,     g = dL/da,   h = d^2 L/da^2
 *
 * of which the circuit and two displaced ones tell all. The angle goes to its minimum, x = arg(h, -g). A step is one
 * parameter on a mini-batch of its own, or a block of them at once; one that a gate turns by scale times has x / scale.
 */
import { Option } from '../abi/codes';
import { integer } from '../memory/options';
import { get, put } from '../memory/reals';
import { Buffer, Field, buffer, field } from '../memory/registers';
import { directionOf } from '../number/direction';
import { isMovedBy } from '../program/blocks';
import { operation, operationIndex, operationScale } from '../program/operations';
import { Next } from './contract';
import { beginDescent, endDescent, noted } from './moves';

export function rotosolve(stage: i32): Next {
  if (stage == 0) return Next.LossAndGradient;
  beginDescent();
  const operations = field(Field.ActiveOperations);
  for (let i = 0; i < operations; i++) {
    if (isMovedBy(operation(i))) turn(operation(i));
  }
  // There is no rate.
  return endDescent(0);
}

/** Turns a gate's parameter to where the loss is least. */
function turn(record: usize): void {
  const scale = operationScale(record);
  if (scale == 0) return;
  const parameter = operationIndex(record);
  const slope = get(buffer(Buffer.Gradient), parameter) / scale;
  const bend = get(buffer(Buffer.Bends), parameter) / scale / scale;
  const value = get(buffer(Buffer.Parameters), parameter);
  put(buffer(Buffer.Parameters), parameter, noted(value + directionOf(bend, -slope) / scale));
}
