/**
 * What the displaced circuits of Eq. 7 would measure, without running them: for every trainable angle, each of its
 * signs and each term the matrix of the quadratic form, as packed samples take it (columns/layout.ts): its elements on
 * and above the diagonal, row by row, those off the diagonal twice. Each is a lane of the sweep.
 *
 * Layout, in `Buffer.Partner`: a workspace (displaced-steps.ts), then the values [angle][sign][term][lane].
 */
import { REAL, get } from '../../memory/reals';
import { Buffer, Field, buffer, field } from '../../memory/registers';
import { packedForm } from '../columns/forms';
import { termMatrix } from '../columns/layout';
import { DISPLACED_WORK_BYTES, displacedLanes, matrixWidth } from '../shape';

/** Row (high half) and column of the element that a lane stands for; row `Columns` for the lane that fills a pair up. */
export function elementOfLane(lane: i32): i32 {
  let row = 0;
  for (let left = field(Field.Columns); lane >= left && left > 0; left--) {
    lane -= left;
    row++;
  }
  return (row << 16) | (row + lane);
}

/** How often an element is in a form: once or, off the diagonal, twice; 0 for the lane that fills a pair up. */
export function timesOf(element: i32): real {
  const row = element >> 16;
  return row == field(Field.Columns) ? 0 : row == (element & 0xffff) ? 1 : 2;
}

/** The value of a lane when no angle is displaced. */
export function plainValue(index: i32, lane: i32): real {
  const element = elementOfLane(lane);
  const times = timesOf(element);
  if (times == 0) return 0;
  return times * get(termMatrix(index), (element >> 16) * matrixWidth() + (element & 0xffff));
}

/** The values of one term for one angle and sign (0, 1). @param angle number among the trainable angles */
export function displacedValues(angle: i32, sign: i32, index: i32): usize {
  const place = <usize>((2 * angle + sign) * field(Field.TermCount) + index);
  return buffer(Buffer.Partner) + DISPLACED_WORK_BYTES + place * <usize>displacedLanes() * REAL;
}

/** <P> of one term in the displaced circuit that is measured, for a pair of samples {sample 0, sample 1} at `to`. */
export function displacedForm(index: i32, pair: i32, to: usize): void {
  packedForm(displacedValues(field(Field.Angle), field(Field.Shift) - 1, index), pair, to);
}
