/**
 * Work on all columns at once, cut into parts so that one call of `stepAdvance` stays short: a unit of work is a
 * kernel over 16 amplitudes of a pair of columns. A kernel takes the rows of its part; where the allowance is enough
 * for all of it, it is not cut. Either way every row and every sum has the same operations in the same order. Pairs
 * of samples, and Pauli vectors, are not cut.
 */
import { Field, ROW, field, setField, stride } from '../memory/map';

/**
 * First row of a part of 2^bits rows, where a kernel is cut into 2^PartBits parts. Some parts of few rows are empty.
 */
function partRow(bits: u32, part: u32): u32 {
  const cuts = <u32>field(Field.PartBits);
  return bits >= cuts ? part << (bits - cuts) : part >> (cuts - bits);
}

/** The first of the 2^bits rows, or pairs of rows, that a kernel takes now. */
export function partFrom(bits: u32): u32 {
  return COLUMNS ? partRow(bits, field(Field.Part)) : 0;
}

/** One past the last of them. */
export function partEnd(bits: u32): u32 {
  return COLUMNS ? partRow(bits, field(Field.Part) + 1) : (<u32>1) << bits;
}

/** Whether this is the first part of a kernel, which starts its sums. */
export function isFirstPart(): bool {
  return !COLUMNS || field(Field.Part) == 0;
}

/** Whether this is the last part of a kernel. */
export function isLastPart(): bool {
  return !COLUMNS || field(Field.Part) + 1 == 1 << field(Field.PartBits);
}

/** Amplitudes of a pair of columns that are one unit of work: 2^4. */
const UNIT_BITS = 4;

/** The least b with 2^b >= n. */
export function bitsOf(n: i32): i32 {
  return 32 - clz<i32>(n - 1);
}

/** Pairs of samples or columns of the states at work. */
function pairsAtWork(): i32 {
  return <i32>(stride() / ROW);
}

/** A gate on all columns is cut into 2^b parts. */
export function gateBits(): i32 {
  return max(0, field(Field.RowBits) + bitsOf(pairsAtWork()) - UNIT_BITS);
}

/** Whether nothing of a piece of work is done yet, and the allowance is enough for all of it. */
export function isAffordable(work: i32): bool {
  return field(Field.Slice) == 0 && field(Field.Allowance) >= work;
}

/** Sets the part that the next kernels take: all, or the next one of 2^bits. @returns its work */
export function beginPart(bits: i32): i32 {
  if (isAffordable(1 << bits)) return 1 << bits;
  setField(Field.Part, field(Field.Slice));
  setField(Field.PartBits, bits);
  return 1;
}

/** The kernels after this take all rows again. @returns whether the last part is done */
export function endPart(): bool {
  const next = field(Field.Part) + 1;
  const done = next == 1 << field(Field.PartBits);
  setField(Field.Slice, done ? 0 : next);
  setField(Field.Part, 0);
  setField(Field.PartBits, 0);
  return done;
}
