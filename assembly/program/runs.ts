/**
 * Runs of gates on large states: a permutation, if there is one, and the one-qubit gates behind it that go through
 * the state in the same pass, those on its low row bits or those on its high ones (kernels/tiles.ts). Gates keep their
 * order, so that a state has the bits that it would have gate by gate. A run is cut into as many parts as it has
 * gates, a tick each, so that no part takes much longer than a gate; `Field.NextSlice` counts them. Parts are the same
 * however a step is sliced, and so are its sums.
 */
import { endPart } from '../kernels/slices';
import {
  Pass,
  environmentTile,
  gatherTile,
  permuteTile,
  passOf,
  scatterTile,
  tileCount,
  tileOf,
  turnTile,
} from '../kernels/tiles';
import { LEAST_TILED } from '../memory/configuration';
import { PAIR, clear, move } from '../memory/reals';
import { Buffer, ENVIRONMENT, Field, GATE_COEFFICIENTS, buffer, field, setBuffer } from '../memory/registers';
import { isTiled, isWide } from '../memory/shape';
import { RUN_GATE_BYTES, TILE_BYTES } from '../memory/sizes';
import { composeImages, readyGate } from './gates';
import { GateKind, gateEnd, gateFirst, gateKind, operation, operationA, startsItsQubits } from './operations';

/** Bytes of a gate's coefficients, before its environment. */
const ENVIRONMENT_AT: usize = 4 * PAIR;

/** Coefficients and environment of a gate of the run that begins with gate `first`; behind two tiles. */
function runGate(first: i32, index: i32): usize {
  return buffer(Buffer.Tiles) + 2 * TILE_BYTES + <usize>(index - first) * RUN_GATE_BYTES;
}

function bitOf(index: i32): u32 {
  return operationA(operation(gateFirst(index)));
}

function isPermutation(index: i32): bool {
  return gateKind(index) == GateKind.Permutation;
}

/** Whether a gate is one of the one-qubit gates of a pass. */
function isIn(index: i32, pass: Pass): bool {
  return gateKind(index) == GateKind.Unitary && passOf(bitOf(index)) == pass;
}

/** The pass of a one-qubit gate; of all others, that of no gate. */
function passOfGate(index: i32): Pass {
  return gateKind(index) == GateKind.Unitary ? passOf(bitOf(index)) : Pass.Low;
}

/**
 * Whether gates go through so many states at work in runs: where none of their rows are still zero, and they are large.
 * Forward, one state alone that is no larger than two of them backwards is as fast gate by gate.
 */
export function runsGates(states: i32): bool {
  const bits = field(Field.RowBits);
  return isTiled() && bits - <i32>isWide() + states > LEAST_TILED + 1 && field(Field.LiveBits) == bits;
}

/** Whether gates [first, end) are worth a run: more than one, or a permutation. */
function isRun(first: i32, end: i32): bool {
  return end - first > 1 || (end > first && isPermutation(first));
}

/** One past the last gate of the run that begins with a gate; the gate itself where it begins none. */
export function runEnd(first: i32): i32 {
  const count = field(Field.GateCount);
  let end = isPermutation(first) ? first + 1 : first;
  const pass = end < count ? passOfGate(end) : Pass.Low;
  while (end < count && isIn(end, pass)) end++;
  return isRun(first, end) ? end : first;
}

/** The first gate of the run that ends, and backwards begins, with a gate; one behind that gate where none does. */
export function runFirst(last: i32): i32 {
  let first = isPermutation(last) ? last : last + 1;
  const pass = first > 0 ? passOfGate(first - 1) : Pass.Low;
  while (first > 0 && isIn(first - 1, pass)) first--;
  return isRun(first, last + 1) ? first : last + 1;
}

/** Gets the one-qubit gates of a run, or their inverses, ready. */
function readyGates(first: i32, end: i32, inverse: bool): void {
  for (let i = first; i < end; i++) {
    if (isPermutation(i)) continue;
    readyGate(i, inverse);
    move(runGate(first, i), GATE_COEFFICIENTS, ENVIRONMENT_AT);
  }
}

/** The first tile of a part of a pass. */
function partTile(part: i32, parts: i32): u32 {
  return (tileCount() * part) / parts;
}

/** The scratch state and that in a buffer change places. */
function swapScratch(name: Buffer): void {
  const state = buffer(name);
  setBuffer(name, buffer(Buffer.Scratch));
  setBuffer(Buffer.Scratch, state);
}

/**
 * Gets a tile of a state to where gates go over it: tiles of adjacent rows stay in the state, those of rows from all
 * over it are gathered at `room`. A permutation that is ready takes them to the scratch state.
 */
function fetchTile(pass: Pass, room: usize, state: usize, index: u32, permuted: bool): usize {
  const at = pass == Pass.High ? room : tileOf(permuted ? buffer(Buffer.Scratch) : state, index);
  if (permuted) permuteTile(pass, at, state, index);
  else if (pass == Pass.High) gatherTile(at, state, index);
  return at;
}

/** Puts a tile back, if it is not there. */
function leaveTile(pass: Pass, room: usize, state: usize, index: u32, permuted: bool): void {
  if (pass == Pass.High) scatterTile(room, permuted ? buffer(Buffer.Scratch) : state, index);
}

/** Goes on with the run of gates [first, end) on the state in a buffer. @returns whether it is through */
export function advanceRun(first: i32, end: i32, name: Buffer): bool {
  const parts = end - first;
  const part = field(Field.NextSlice);
  const permuted = isPermutation(first);
  const pass = passOfGate(end - 1);
  const state = buffer(name);
  const room = buffer(Buffer.Tiles);
  readyGates(first, end, false);
  if (permuted) composeImages(gateFirst(first), gateEnd(first), true);
  const last = partTile(part + 1, parts);
  for (let index = partTile(part, parts); index < last; index++) {
    const tile = fetchTile(pass, room, state, index, permuted);
    for (let i = permuted ? first + 1 : first; i < end; i++) turnTile(tile, bitOf(i), runGate(first, i));
    leaveTile(pass, room, state, index, permuted);
  }
  if (!endPart(parts)) return false;
  if (permuted) swapScratch(name);
  return true;
}

/**
 * Goes on with the run of gates [first, end) backwards: their environments, with psi in `Buffer.State` and lambda in
 * `Buffer.Partner`, and each undone on both where an earlier gate would notice. A permutation, the last gate, is undone
 * on psi in a part of its own, and on lambda tile by tile.
 * @returns whether it is through
 */
export function retreatRun(first: i32, end: i32): bool {
  const parts = end - first;
  const part = field(Field.NextSlice);
  const permuted = isPermutation(end - 1) && !startsItsQubits(end - 1);
  const unitaries = isPermutation(end - 1) ? parts - 1 : parts;
  if (permuted) composeImages(gateFirst(end - 1), gateEnd(end - 1), false);
  const passed = part - (parts - unitaries);
  if (part == 0) clear(runGate(first, first), runGate(first, end));
  if (passed >= 0) differentiateTiles(first, first + unitaries, passed, permuted);
  else if (permuted) {
    permuteState(Buffer.State);
    if (unitaries == 0) permuteState(Buffer.Partner);
  }
  if (!endPart(parts)) return false;
  if (permuted && unitaries > 0) swapScratch(Buffer.Partner);
  return true;
}

function permuteState(name: Buffer): void {
  const count = tileCount();
  for (let index: u32 = 0; index < count; index++) {
    permuteTile(Pass.Low, tileOf(buffer(Buffer.Scratch), index), buffer(name), index);
  }
  swapScratch(name);
}

/** A part of one-qubit gates [first, end) backwards. */
function differentiateTiles(first: i32, end: i32, part: i32, permuted: bool): void {
  const pass = passOfGate(first);
  const room = buffer(Buffer.Tiles);
  const further = room + TILE_BYTES;
  const psi = buffer(Buffer.State);
  const lambda = buffer(Buffer.Partner);
  readyGates(first, end, true);
  const last = partTile(part + 1, end - first);
  for (let index = partTile(part, end - first); index < last; index++) {
    const psiTile = fetchTile(pass, room, psi, index, false);
    const lambdaTile = fetchTile(pass, further, lambda, index, permuted);
    for (let i = end - 1; i >= first; i--) {
      const coefficients = runGate(first, i);
      environmentTile(lambdaTile, psiTile, bitOf(i), coefficients + ENVIRONMENT_AT);
      if (startsItsQubits(i)) continue;
      turnTile(psiTile, bitOf(i), coefficients);
      turnTile(lambdaTile, bitOf(i), coefficients);
    }
    leaveTile(pass, room, psi, index, false);
    leaveTile(pass, further, lambda, index, permuted);
  }
}

/** The environment of a gate of the run that begins with gate `first`, where `differentiateGate` reads it. */
export function readyRunEnvironment(first: i32, index: i32): void {
  move(ENVIRONMENT, runGate(first, index) + ENVIRONMENT_AT, 3 * PAIR);
}
