/**
 * A few shots of both samples of a pair, for terms that are measured together: the outcomes of outcomes.ts, four shots
 * of each sample to a vector, without counts of them. A row is found by counting the running sums that its 16 bits
 * exceed, which are cut to 16 bits too. Where a shot's bits are those of a sum, the sum itself decides, and all shots
 * are drawn again, one by one.
 *
 * A sum is cut as a part of the sum of all, within 2^-52 of it; shots of 48 bits are farther apart than that.
 */
import { samplesInPair } from '../memory/batch';
import { calibrates, callerMeasures } from '../memory/configuration';
import { PAIR, ROW, at } from '../memory/reals';
import { Buffer, Field, GATE_COEFFICIENTS, buffer, field } from '../memory/registers';
import { isTrajectory, isWide, rowCount } from '../memory/shape';
import { nextBlockTo, nextFourBlocksTo } from '../number/random';
import { setShotSum, term, termZ } from '../program/observable';
import { areDivided, hasOutcomes, outcome, shotWord } from './outcomes';
import { openShots } from './shots';

/** Shots up to which their numbers fit a byte. */
const MOST_SHOTS: i32 = 80;

/** Rows up to which all sums are looked at. Beyond, it is quicker to look for one of them. */
const MOST_ROWS: u32 = 64;

// What lies behind the running sums in the scratch state: bounds, their first 16 bits, i16 {lane 0, lane 1} for each row;
// then the rows of the shots, u8 {lane 0, lane 1} for each, in whole vectors, until the pair is done with.
const BOUND: usize = 4;

function boundsAt(): usize {
  return buffer(Buffer.Scratch) + PAIR * <usize>rowCount();
}

function drawnAt(shot: i32): usize {
  return boundsAt() + BOUND * <usize>rowCount() + ((<usize>shot) << 1);
}

/** Words of up to sixteen shots. No gate is ready while bitstrings are drawn. */
const WORDS: usize = GATE_COEFFICIENTS;

/** Whether the shots of the current circuit are drawn so, in a build that can. */
export function isDrawnAtOnce(): bool {
  const shots = field(Field.Shots);
  const rows = rowCount();
  if (shots > MOST_SHOTS || rows > MOST_ROWS || areDivided(shots) || callerMeasures() || isWide())
    return false;
  // Outcomes of trajectories are counted, and so are those that a calibration corrects.
  if (isTrajectory() || calibrates()) return false;
  return (<usize>((shots + 7) & ~7)) << 1 <= (ROW - PAIR - BOUND) * <usize>rows;
}

// A number between 0 and 1 and this one have 48 bits behind the point in their sum, the first 16 of which are in its
// upper word, above those of the number alone. Signed numbers are compared sooner than others: half is 0.
const POINT: f64 = 24;
const UPPER_WORD: i32 = 0x40380000;
const HALF: i16 = -0x8000;

/** The first 16 bits of the sums of two rows, as parts of the sum of all {row 0 lane 0, row 0 lane 1, row 1 ...}. */
@inline
function firstBits(sums: usize, scale: v128): v128 {
  const point = f64x2.splat(POINT);
  const first = f64x2.add(f64x2.mul(v128.load(sums), scale), point);
  const second = f64x2.add(f64x2.mul(v128.load(sums, PAIR), scale), point);
  return i32x4.sub(v128.shuffle<i32>(first, second, 1, 3, 5, 7), i32x4.splat(UPPER_WORD - HALF));
}

/** Cuts the running sums: four rows at a time, of which a state of two has room for as many. */
function cutSums(): void {
  const end = boundsAt();
  const scale = f64x2.div(f64x2.splat(1), v128.load(end - PAIR));
  let to = end;
  for (let sums = buffer(Buffer.Scratch); sums < end; sums += 4 * PAIR) {
    // The sum of all is beyond the largest number, which it is cut to.
    v128.store(to, i16x8.narrow_i32x4_s(firstBits(sums, scale), firstBits(sums + 2 * PAIR, scale)));
    to += 4 * BOUND;
  }
}

/** Rows of shots in a vector, 0 for those beyond the last and of lanes without outcomes. */
@inline
function valid(rows: v128, lanesInUse: v128, shot: i32): v128 {
  const left = i32x4.splat(field(Field.Shots) - shot);
  return v128.and(v128.and(rows, lanesInUse), i32x4.gt_s(left, i32x4(0, 1, 2, 3)));
}

/** Up to sixteen shots of both lanes. @returns where bits are those of a sum */
function drawSixteen(shot: i32, lanesInUse: v128): v128 {
  const half = i16x8.splat(HALF);
  const bits0 = v128.xor(v128.load(WORDS), half);
  const bits1 = v128.xor(v128.load(WORDS, 16), half);
  const bits2 = v128.xor(v128.load(WORDS, 32), half);
  const bits3 = v128.xor(v128.load(WORDS, 48), half);
  let rows0 = i16x8.splat(0);
  let rows1 = i16x8.splat(0);
  let rows2 = i16x8.splat(0);
  let rows3 = i16x8.splat(0);
  let equal = i16x8.splat(0);
  const end = drawnAt(0) - BOUND;
  for (let bound = boundsAt(); bound < end; bound += BOUND) {
    const sum = v128.load32_splat(bound);
    rows0 = i16x8.sub(rows0, i16x8.gt_s(bits0, sum));
    rows1 = i16x8.sub(rows1, i16x8.gt_s(bits1, sum));
    rows2 = i16x8.sub(rows2, i16x8.gt_s(bits2, sum));
    rows3 = i16x8.sub(rows3, i16x8.gt_s(bits3, sum));
    const equal01 = v128.or(i16x8.eq(bits0, sum), i16x8.eq(bits1, sum));
    const equal23 = v128.or(i16x8.eq(bits2, sum), i16x8.eq(bits3, sum));
    equal = v128.or(equal, v128.or(equal01, equal23));
  }
  rows0 = valid(rows0, lanesInUse, shot);
  rows1 = valid(rows1, lanesInUse, shot + 4);
  rows2 = valid(rows2, lanesInUse, shot + 8);
  rows3 = valid(rows3, lanesInUse, shot + 12);
  const to = drawnAt(shot);
  v128.store(to, i8x16.narrow_i16x8_u(rows0, rows1));
  v128.store(to, i8x16.narrow_i16x8_u(rows2, rows3), 16);
  return equal;
}

/** Up to four shots of both lanes, in the same way. */
function drawFour(shot: i32, lanesInUse: v128): v128 {
  const bits = v128.xor(v128.load(WORDS), i16x8.splat(HALF));
  let rows = i16x8.splat(0);
  let equal = i16x8.splat(0);
  const end = drawnAt(0) - BOUND;
  for (let bound = boundsAt(); bound < end; bound += BOUND) {
    const sum = v128.load32_splat(bound);
    rows = i16x8.sub(rows, i16x8.gt_s(bits, sum));
    equal = v128.or(equal, i16x8.eq(bits, sum));
  }
  rows = valid(rows, lanesInUse, shot);
  v128.store64_lane(drawnAt(shot), i8x16.narrow_i16x8_u(rows, rows), 0);
  return equal;
}

/** Finds the rows again, one by one. */
function drawAgain(evaluation: u32, step: u32): void {
  const shots = field(Field.Shots);
  const sums = buffer(Buffer.Scratch);
  for (let shot = 0; shot < shots; shot++) {
    const word = shotWord(evaluation, step, shot);
    for (let lane = samplesInPair() - 1; lane >= 0; lane--)
      store<u8>(drawnAt(shot) + lane, <u8>outcome(lane, at(sums, lane), word, evaluation, step, shot));
  }
}

/** Draws all shots of the pair, from the running sums in the scratch state, behind which their rows stay. */
export function drawAtOnce(evaluation: u32, step: u32): void {
  const shots = field(Field.Shots);
  let lanesInUse = hasOutcomes(0) ? 0xffff : 0;
  if (samplesInPair() == 2 && hasOutcomes(1)) lanesInUse |= 0xffff0000;
  const mask = i32x4.splat(lanesInUse);
  cutSums();
  // The last vector may be filled in part.
  v128.store(drawnAt((shots - 1) & ~7), i64x2.splat(0));
  openShots(evaluation, step, 0, 0);
  let equal = i16x8.splat(0);
  let shot = 0;
  for (; shot + 8 < shots; shot += 16) {
    nextFourBlocksTo(WORDS);
    equal = v128.or(equal, drawSixteen(shot, mask));
  }
  for (; shot < shots; shot += 4) {
    nextBlockTo(WORDS);
    equal = v128.or(equal, drawFour(shot, mask));
  }
  if (v128.any_true(v128.and(equal, mask))) drawAgain(evaluation, step);
}

/** How many shots have an odd number of row bits in a mask: of the first lane in the lowest byte, of the other above. */
function oddRows(mask: u32): u32 {
  // Of four bits, whether an odd number is set.
  const odd = i8x16(0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0, 1, 1, 0);
  const bits = i8x16.splat(<i8>mask);
  let sum = i8x16.splat(0);
  const end = drawnAt(field(Field.Shots));
  for (let rows = drawnAt(0); rows < end; rows += 16) {
    let masked = v128.and(v128.load(rows), bits);
    if (mask > 15) masked = v128.and(v128.xor(masked, i16x8.shr_u(masked, 4)), i8x16.splat(15));
    sum = i8x16.add(sum, i8x16.swizzle(odd, masked));
  }
  const both = i64x2.extract_lane(sum, 0) + i64x2.extract_lane(sum, 1);
  const half = <u32>(both + (both >>> 32));
  return half + (half >>> 16);
}

/** The sum of signs of one lane. @param odd as `oddRows` counts */
function sumOf(odd: u32, lane: i32): i32 {
  return field(Field.Shots) - 2 * <i32>((odd >> (lane << 3)) & 0xff);
}

/** See `signSum`. */
export function signSumAtOnce(lane: i32, mask: u32): i32 {
  return sumOf(oddRows(mask), lane);
}

/** Sums every term's outcomes of both lanes. */
export function setSumsAtOnce(): void {
  for (let t = field(Field.TermCount) - 1; t >= 0; t--) {
    const record = term(t);
    const odd = oddRows(termZ(record));
    for (let lane = 0; lane < 2; lane++) setShotSum(record, lane, sumOf(odd, lane));
  }
}
