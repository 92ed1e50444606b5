/** What the noisy engine's ticks cost for one pair of samples, before they run: exact counts, for train/cost.ts. */
import { countScales } from '../../memory/configuration';
import { Field, field, setField } from '../../memory/registers';
import { isMovedBy } from '../../program/blocks';
import { isTrainable, operation } from '../../program/operations';
import { operationWork } from './operations';
import { walkAngles, walkLength, walkOperation } from './walk';

/** Whose work is asked of a scale. */
enum Work {
  Forward = 0,
  Pulling = 1,
  Displaced = 2,
}

/** Sums up the work at some scales of the noise, whatever scale a step under way has come to. */
function sumOverScales(kind: Work, scales: i32, each: f64): f64 {
  const current = field(Field.Scale);
  let work: f64 = 0;
  for (let scale = 0; scale < scales; scale++) {
    setField(Field.Scale, scale);
    if (kind == Work.Forward) work += <f64>operationWork() * (2 + walkLength()) + each;
    else if (kind == Work.Pulling) work += pulledWork();
    else work += shiftedWork(each);
  }
  setField(Field.Scale, current);
  return work;
}

/** Work of a pair's circuits at all scales, encoding included. @param each of measuring one */
export function forwardWork(each: f64): f64 {
  return sumOverScales(Work.Forward, countScales(), each);
}

/** Work of the derivatives by the adjoint: at all scales, of which all but the last run again. */
export function pullingWork(): f64 {
  return sumOverScales(Work.Forward, countScales() - 1, 0) + sumOverScales(Work.Pulling, countScales(), 0);
}

/** Work of the derivatives by displaced circuits, in the same way. @param each of their measurements */
export function displacedWork(each: f64): f64 {
  return (
    sumOverScales(Work.Forward, countScales() - 1, 0) + sumOverScales(Work.Displaced, countScales(), each)
  );
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
function pulledWork(): f64 {
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

/** Work of all displaced circuits of the current scale. */
function shiftedWork(each: f64): f64 {
  const length = walkLength();
  let work = <f64>length * operationWork();
  for (let position = 0; position < length; position++) {
    if (!isMovedBy(operation(walkOperation(position)))) continue;
    work += 2 * (<f64>(length - position) * operationWork() + each);
  }
  return work;
}
