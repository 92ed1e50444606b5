/**
 * One shot of each sample of the current pair, for terms that are measured together: the outcome that counts.ts would
 * count, from the same place of the stream, without its counts and running sums.
 */
import { Option } from '../abi/codes';
import { LANE, add, odd, zero } from '../kernels/state';
import { samplesInPair } from '../memory/batch';
import { option } from '../memory/options';
import { PAIR, REAL, at, get, put } from '../memory/reals';
import { Buffer, EXPECTATION, Field, buffer, field } from '../memory/registers';
import { rowCount } from '../memory/shape';
import { uniform } from '../number/random';
import { SINGLE_SHOTS } from '../profile';
import { setShotSum, term, termZ } from '../program/observable';
import { openShots } from './shots';

/** Whether one outcome is all that is wanted: of a displaced circuit, whose variance nobody asks for. */
export function isSingleShot(): bool {
  return (
    SINGLE_SHOTS && field(Field.Shots) == 1 && field(Field.Shift) != 0 && option(Option.ReadoutError) == 0
  );
}

/**
 * Sums of the probabilities in the scratch state up to each row that do not exceed u, of both lanes {n n} as reals:
 * the row that was drawn. The last row counts for none.
 * @param u {u u}
 * @param to where they go
 */
function countSums(u: usize, to: usize): void {
  const chances = buffer(Buffer.Scratch);
  const last = PAIR * <usize>(rowCount() - 1);
  for (let lane: usize = 0; lane < PAIR; lane += LANE) {
    let sum = zero();
    if (isVector<lanes>()) {
      const bound = load<lanes>(u);
      let rows = i64x2.splat(0);
      for (let i: usize = 0; i < last; i += PAIR) {
        sum = add(sum, load<lanes>(chances + i));
        rows = i64x2.sub(rows, f64x2.le(sum, bound));
      }
      store<f64>(to, <f64>i64x2.extract_lane(rows, 0));
      store<f64>(to, <f64>i64x2.extract_lane(rows, 1), REAL);
    } else {
      const bound = load<real>(u + lane);
      let rows = 0;
      for (let i: usize = lane; i < last; i += PAIR) {
        sum = add(sum, load<lanes>(chances + i));
        if (<real>sum <= bound) rows++;
      }
      store<real>(to + lane, <real>rows);
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
  for (let lane: usize = 0; lane < PAIR; lane += LANE) {
    let sum = zero();
    for (let i = lane; i < PAIR * rows; i += PAIR) sum = add(sum, load<lanes>(chances + i));
    store<lanes>(EXPECTATION + lane, sum);
  }
  const ends = at(chances, 2 * <i32>rows - 2);
  for (let lane = 0; lane < lanesInUse; lane++) {
    const total = get(EXPECTATION, lane);
    put(ends, lane, total);
    openShots(evaluation, step, lane, 0);
    put(EXPECTATION, lane, uniform() * total);
  }
  countSums(EXPECTATION, EXPECTATION);
  const terms = field(Field.TermCount);
  for (let lane = 0; lane < lanesInUse; lane++) {
    const row = <u32>get(EXPECTATION, lane);
    for (let t = 0; t < terms; t++) {
      const record = term(t);
      setShotSum(record, lane, odd(row & termZ(record)) ? -1 : 1);
    }
  }
}
