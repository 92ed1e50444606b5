/**
 * Between a term's last vector and matrices over the columns: what is left of its string as a matrix, by which samples
 * are measured, and the mixture of the batch as a vector, which is pushed forward.
 */
import { copyReal, mixLetters } from '../../kernels/pauli-vector';
import { sliceEnd, sliceFrom } from '../../kernels/slices';
import { REAL, clear, get, put } from '../../memory/reals';
import { Buffer, Field, buffer, field } from '../../memory/registers';
import { term, termScale } from '../../program/observable';
import { termMatrix } from '../columns/layout';
import { matrixBytes, matrixWidth } from '../shape';
import { elementOf, lastMask, lastSites, lastVector } from './steps';
import { stringBits, termSteps } from './strings';

/** Column bits that are no sites: they tell equal blocks of the matrix apart. */
export function otherBits(list: usize): u32 {
  return (((<u32>1) << field(Field.ColumnBits)) - 1) & ~lastMask(list);
}

/** Where an element of a block is in a matrix; -1 outside. */
function placeOf(element: u32, block: u32): i32 {
  const width = matrixWidth();
  const row = <i32>((element >> 16) | block);
  const column = <i32>((element & 0xffff) | block);
  return max(row, column) < width ? row * width + column : -1;
}

// ---- the matrix of a term ----------------------------------------------------------------------

/** Kernels that write a term's matrix: the real strings, their letters site by site, a clear matrix, its elements. */
export function finishKernels(list: usize): i32 {
  return <i32>lastSites(list) + 3;
}

/** One of them is cut into 2^b slices; a matrix is cleared like a vector on as many sites as it has column bits. */
export function finishBits(list: usize, kernel: i32): i32 {
  const sites = lastSites(list);
  return stringBits(kernel == <i32>sites + 1 ? <u32>field(Field.ColumnBits) : sites);
}

/** Writes a term's matrix over the columns, by one kernel. Overwrites `Buffer.State`. */
export function finishKernel(index: i32, kernel: i32): void {
  const list = termSteps(index);
  const sites = lastSites(list);
  const vector = buffer(Buffer.State);
  if (kernel == 0) copyReal(vector, lastVector(list), sites);
  else if (kernel <= <i32>sites) mixLetters(vector, sites, kernel - 1);
  else if (kernel == <i32>sites + 1) clearMatrix(termMatrix(index));
  else putElements(list, vector, termMatrix(index));
}

/** Clears what the slice takes of a matrix; there are at most so many elements as strings on the column bits. */
function clearMatrix(matrix: usize): void {
  const bits = 2 * field(Field.ColumnBits);
  const bytes = matrixBytes();
  const from = min<usize>(<usize>sliceFrom(bits) * REAL, bytes);
  // Of two columns, the second is only there to make a pair.
  const end = sliceEnd(bits) == (<u32>1) << bits ? bytes : min<usize>(<usize>sliceEnd(bits) * REAL, bytes);
  clear(matrix + from, matrix + end);
}

function putElements(list: usize, vector: usize, matrix: usize): void {
  const bits = 2 * lastSites(list);
  const others = otherBits(list);
  const end = sliceEnd(bits);
  for (let string = sliceFrom(bits); string < end; string++) {
    const element = elementOf(list, string);
    let block: u32 = 0;
    do {
      const place = placeOf(element, block);
      if (place >= 0) put(matrix, place, get(vector, string));
      block = (block - others) & others;
    } while (block != 0);
  }
}

// ---- the mixture of the batch ------------------------------------------------------------------

/** Kernels that make a vector of the mixture in `Buffer.Mixture`: its elements, their letters site by site, real strings. */
export function startKernels(list: usize): i32 {
  return <i32>lastSites(list) + 2;
}

/** Any of them is cut into 2^b slices. */
export function startBits(list: usize): i32 {
  return stringBits(lastSites(list));
}

/** The mixture of the batch in `Buffer.Mixture` as a vector of strings, scaled by a term's coefficient, by one kernel. */
export function startKernel(index: i32, vector: usize, kernel: i32): void {
  const list = termSteps(index);
  const sites = lastSites(list);
  if (kernel == 0) takeElements(index, list, vector);
  else if (kernel <= <i32>sites) mixLetters(vector, sites, kernel - 1);
  else copyReal(vector, vector, sites);
}

function takeElements(index: i32, list: usize, vector: usize): void {
  const bits = 2 * lastSites(list);
  const others = otherBits(list);
  const scale = termScale(term(index));
  const end = sliceEnd(bits);
  for (let string = sliceFrom(bits); string < end; string++) {
    const element = elementOf(list, string);
    let sum: real = 0;
    let block: u32 = 0;
    do {
      const place = placeOf(element, block);
      if (place >= 0) sum += get(buffer(Buffer.Mixture), place);
      block = (block - others) & others;
    } while (block != 0);
    put(vector, string, scale * sum);
  }
}
