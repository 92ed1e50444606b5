/**
 * One shot of each sample of the current pair, for terms that are measured together: the outcome of outcomes.ts without
 * running sums.
 */
import { Option } from '../abi/codes';
import { LANE, add, odd, zero } from '../kernels/state';
import { samplesInPair } from '../memory/batch';
import { calibrates, callerMeasures } from '../memory/configuration';
import { option } from '../memory/options';
import { PAIR, at, get, put } from '../memory/reals';
import { Buffer, Field, GATE_COEFFICIENTS, buffer, field } from '../memory/registers';
import { isTrajectory, rowCount } from '../memory/shape';
import { SINGLE_SHOTS } from '../profile';
import { setShotSum, term, termZ } from '../program/observable';
import { UNIT, moreOf, shotBits, shotWord } from './outcomes';

/** Whether one outcome is all that is drawn: of a displaced circuit, whose variance nobody asks for. */
export function isSingleShot(): bool {
  return (
    SINGLE_SHOTS &&
    field(Field.Shots) == 1 &&
    field(Field.Shift) != 0 &&
    option(Option.ReadoutError) == 0 &&
    !callerMeasures() &&
    !isTrajectory() &&
    !calibrates()
  );
}

// No gate is ready while bitstrings are drawn. Of both lanes {x x}: what a sum may be, and what it may be at most with
// all bits that may follow; how many sums are no more.
const BOUNDS: usize = GATE_COEFFICIENTS;
const LIMITS: usize = BOUNDS + PAIR;
const ROWS: usize = LIMITS + PAIR;
const REACHED: usize = ROWS + PAIR;

/**
 * Counts the running sums of the probabilities in the scratch state: those that do not exceed the bound are the row that
 * was drawn. The last row counts for none.
 */
function countSums(): void {
  const chances = buffer(Buffer.Scratch);
  const last = PAIR * <usize>(rowCount() - 1);
  for (let lane: usize = 0; lane < PAIR; lane += LANE) {
    let sum = zero();
    if (isVector<lanes>()) {
      const bound = load<lanes>(BOUNDS);
      const limit = load<lanes>(LIMITS);
      let rows = i64x2.splat(0);
      let reached = i64x2.splat(0);
      for (let i: usize = 0; i < last; i += PAIR) {
        sum = add(sum, load<lanes>(chances + i));
        rows = i64x2.sub(rows, f64x2.le(sum, bound));
        reached = i64x2.sub(reached, f64x2.le(sum, limit));
      }
      put(ROWS, 0, <real>i64x2.extract_lane(rows, 0));
      put(ROWS, 1, <real>i64x2.extract_lane(rows, 1));
      put(REACHED, 0, <real>i64x2.extract_lane(reached, 0));
      put(REACHED, 1, <real>i64x2.extract_lane(reached, 1));
    } else {
      const bound = load<real>(BOUNDS + lane);
      const limit = load<real>(LIMITS + lane);
      let rows = 0;
      let reached = 0;
      for (let i: usize = lane; i < last; i += PAIR) {
        sum = add(sum, load<lanes>(chances + i));
        if (<real>sum <= bound) rows++;
        if (<real>sum <= limit) reached++;
      }
      store<real>(ROWS + lane, <real>rows);
      store<real>(REACHED + lane, <real>reached);
    }
  }
}

/**
 * Draws the one bitstring of both samples from their probabilities in the scratch state, and sums every term's outcome.
 * As after `drawShots`, the last row has the sum of all.
 */
export function drawSingle(evaluation: u32, step: u32): void {
  const rows = <usize>rowCount();
  const chances = buffer(Buffer.Scratch);
  const lanesInUse = samplesInPair();
  const ends = at(chances, 2 * <i32>rows - 2);
  for (let lane: usize = 0; lane < PAIR; lane += LANE) {
    let sum = load<lanes>(chances + lane);
    for (let i = PAIR + lane; i < PAIR * rows; i += PAIR) sum = add(sum, load<lanes>(chances + i));
    store<lanes>(ends + lane, sum);
  }
  const word = shotWord(evaluation, step, 0);
  for (let lane = 0; lane < lanesInUse; lane++) {
    const unit = get(ends, lane) * <real>UNIT;
    const bits = <real>shotBits(lane, word);
    put(BOUNDS, lane, bits * unit);
    put(LIMITS, lane, (bits + 1) * unit);
  }
  countSums();
  for (let lane = 0; lane < lanesInUse; lane++) {
    if (get(ROWS, lane) == get(REACHED, lane)) continue;
    const unit = get(ends, lane) * <real>UNIT;
    put(BOUNDS, lane, (<real>shotBits(lane, word) + <real>moreOf(lane, evaluation, step, 0)) * unit);
    countSums();
  }
  const terms = field(Field.TermCount);
  for (let lane = 0; lane < lanesInUse; lane++) {
    const row = <u32>get(ROWS, lane);
    for (let t = 0; t < terms; t++) {
      const record = term(t);
      setShotSum(record, lane, odd(row & termZ(record)) ? -1 : 1);
    }
  }
}
