/** What the noisy engine's ticks cost for one pair of samples, before they run: exact counts, for train/cost.ts. */
import { Field, field } from '../../memory/registers';
import { isTrainable, operation } from '../../program/operations';
import { operationWork } from './operations';
import { walkAngles, walkLength, walkOperation } from './walk';

/** Work of encoding a pair and of running its circuit. */
export function forwardWork(): f64 {
  return <f64>operationWork() * (2 + walkLength());
}

/** The position of the first trainable angle. */
function firstAngle(): i32 {
  let position = 0;
  while (!isTrainable(operation(walkOperation(position)))) position++;
  return position;
}

/**
 * Work of pulling the observable back to the first angle, and of running again what was not kept: each segment but the
 * last from its first angle to its last, and a tick that notices.
 */
export function pullingWork(): f64 {
  const length = walkLength();
  const angles = walkAngles();
  // Without any angle the way back goes to the start.
  if (angles == 0) return <f64>operationWork() * (1 + length);
  const segment = field(Field.SegmentAngles);
  const lastFirst = ((angles - 1) / segment) * segment;
  let again = 0;
  let angle = 0;
  for (let position = firstAngle(); angle < lastFirst; position++) {
    const trained = isTrainable(operation(walkOperation(position)));
    // Between the last angle of a segment and the first of the next, nothing runs again.
    if (trained || angle % segment != 0) again++;
    if (trained) angle++;
    if (trained && angle % segment == 0) again++;
  }
  return <f64>operationWork() * (1 + length - firstAngle() + again);
}

/** Work of the displaced circuits of a pair. @param each of their measurements */
export function displacedWork(each: f64): f64 {
  const length = walkLength();
  let work = <f64>length * operationWork();
  for (let position = 0; position < length; position++) {
    if (!isTrainable(operation(walkOperation(position)))) continue;
    work += 2 * (<f64>(length - position) * operationWork() + each);
  }
  return work;
}
