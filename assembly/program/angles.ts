/** Angles: numbers bound to the operations, as cosine and sine of half of them, and displaced as Eq. 7 asks. */
import { Source } from '../abi/codes';
import { isRotation } from '../abi/traits';
import { REAL, get } from '../memory/reals';
import { Buffer, Field, buffer, field } from '../memory/registers';
import { ANGLE_BYTES } from '../memory/sizes';
import { sincos } from '../number/math';
import { COLUMN_ENGINES } from '../profile';
import {
  operation,
  operationIndex,
  operationKind,
  operationOffset,
  operationScale,
  operationSource,
} from './operations';

/** Cosine and sine of half the angle of an operation {c s}, of the first lane; `secondLane` is behind by so much. */
export function operationAngle(index: i32): usize {
  return buffer(Buffer.Angles) + <usize>index * ANGLE_BYTES;
}

/** From an angle of the first lane to that of the second: 0 where the lanes share their angles. */
export function secondLane(): usize {
  return <usize>field(Field.SecondAngles);
}

function copyAngle(to: usize, from: usize): void {
  store<real>(to, load<real>(from));
  store<real>(to, load<real>(from, REAL), REAL);
}

function bindAngle(at: usize, record: usize, value: real): void {
  sincos((operationScale(record) * value + operationOffset(record)) * <real>0.5, at);
}

/** Angles that one tick binds. */
const ANGLES_A_TICK = 4;

/** Ticks to bind all angles. */
export function bindingWork(): i32 {
  return max((field(Field.ActiveOperations) + ANGLES_A_TICK - 1) / ANGLES_A_TICK, 1);
}

/**
 * Binds the parameters in force to the angles of a few operations, those that no feature drives.
 * @param from the first of them
 * @returns one behind the last
 */
export function bindParameters(from: i32): i32 {
  const parameters = buffer(Buffer.Active);
  const end = min(from + ANGLES_A_TICK, field(Field.ActiveOperations));
  for (let i = from; i < end; i++) {
    const record = operation(i);
    const source = operationSource(record);
    if (!isRotation(operationKind(record)) || source == Source.Feature) continue;
    const angle = operationAngle(i);
    bindAngle(angle, record, source == Source.Parameter ? get(parameters, operationIndex(record)) : 0);
    if (!COLUMN_ENGINES || secondLane() != 0) copyAngle(angle + secondLane(), angle);
  }
  return end;
}

/** Binds the features of two samples to the angles that they drive. */
export function bindFeatures(first: usize, second: usize): void {
  if (secondLane() == 0) return;
  const count = field(Field.ActiveOperations);
  for (let i = 0; i < count; i++) {
    const record = operation(i);
    if (operationSource(record) != Source.Feature) continue;
    const angle = operationAngle(i);
    const index = operationIndex(record);
    bindAngle(angle, record, get(first, index));
    bindAngle(angle + secondLane(), record, get(second, index));
  }
}
