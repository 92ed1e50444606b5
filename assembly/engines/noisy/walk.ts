/** The way through a noisy circuit: positions in time order, and the operation that is run at each. */
import { Field, field } from '../../memory/registers';
import { countAngles } from '../../program/operations';

/** Positions of the way. */
export function walkLength(): i32 {
  return field(Field.ActiveOperations);
}

/** The operation at a position. */
export function walkOperation(position: i32): i32 {
  return position;
}

/** Whether the operation at a position is undone there. */
export function isUndone(position: i32): bool {
  return position < 0;
}

/** Trainable angles of the whole way. */
export function walkAngles(): i32 {
  return countAngles(0, field(Field.ActiveOperations));
}
