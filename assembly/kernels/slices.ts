/**
 * Work on all columns at once, cut into slices so that one call of `stepAdvance` stays short: a unit of work is a
 * kernel over 16 amplitudes of a pair of columns. A kernel takes the rows of its slice; where the allowance is enough
 * for all of it, it is not cut. Either way every row and every sum has the same operations in the same order. Pairs
 * of samples, and Pauli vectors, are not cut.
 */
import { ROW } from '../memory/reals';
import { Field, field, setField } from '../memory/registers';
import { isBatchLaidOut, stride } from '../memory/shape';
import { COLUMN_ENGINES } from '../profile';

/**
 * First row of a slice of 2^bits rows, where a kernel is cut into 2^SliceBits slices. Some slices of few rows are empty.
 */
function sliceRow(bits: u32, slice: u32): u32 {
  const cuts = <u32>field(Field.SliceBits);
  return bits >= cuts ? slice << (bits - cuts) : slice >> (cuts - bits);
}

/** The first of the 2^bits rows, or pairs of rows, that a kernel takes now. */
export function sliceFrom(bits: u32): u32 {
  return COLUMN_ENGINES ? sliceRow(bits, field(Field.Slice)) : 0;
}

/** One past the last of them. */
export function sliceEnd(bits: u32): u32 {
  return COLUMN_ENGINES ? sliceRow(bits, field(Field.Slice) + 1) : (<u32>1) << bits;
}

/** Whether this is the first slice of a kernel, which starts its sums. */
export function isFirstSlice(): bool {
  return !COLUMN_ENGINES || field(Field.Slice) == 0;
}

/** Whether this is the last slice of a kernel. */
export function isLastSlice(): bool {
  return !COLUMN_ENGINES || field(Field.Slice) + 1 == 1 << field(Field.SliceBits);
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

/** A gate on all columns is cut into 2^b slices. */
export function gateBits(): i32 {
  return max(0, field(Field.RowBits) + bitsOf(pairsAtWork()) - UNIT_BITS);
}

/** Whether nothing of a piece of work is done yet, and the allowance is enough for all of it. */
export function isAffordable(work: i32): bool {
  return field(Field.NextSlice) == 0 && field(Field.Allowance) >= work;
}

/** Sets the slice that the next kernels take: all, or the next one of 2^bits. @returns its work */
export function beginSlice(bits: i32): i32 {
  if (isAffordable(1 << bits)) return 1 << bits;
  setField(Field.Slice, field(Field.NextSlice));
  setField(Field.SliceBits, bits);
  return 1;
}

/** The kernels after this take all rows again. @returns whether the last slice is done */
export function endSlice(): bool {
  const next = field(Field.Slice) + 1;
  const done = next == 1 << field(Field.SliceBits);
  setField(Field.NextSlice, done ? 0 : next);
  setField(Field.Slice, 0);
  setField(Field.SliceBits, 0);
  return done;
}

/** The slice of a gate on all states that the next kernel takes: of pairs of samples, all. @returns its work */
export function beginGate(): i32 {
  return isBatchLaidOut() ? beginSlice(gateBits()) : 1;
}

/** Whether the gate is through. */
export function endGate(): bool {
  return !isBatchLaidOut() || endSlice();
}

/** Whether the last of so many parts of a run of gates on large states is done (program/runs.ts); else the next is noted. */
export function endPart(parts: i32): bool {
  const next = field(Field.NextSlice) + 1;
  setField(Field.NextSlice, next == parts ? 0 : next);
  return next == parts;
}
