/**
 * Large states, a tile at a time. A state that is larger than a cache goes through memory once for every gate; a run
 * of gates (program/runs.ts) goes through it once, however many they are: gates on the low row bits on tiles of
 * 2^TILE_BITS adjacent rows where they lie, gates on the high ones on tiles of rows that are gathered from all over
 * the state. A row has the same operations in the same order as in gates.ts.
 */
import { TILE_BITS } from '../memory/configuration';
import { PAIR, REAL, ROW } from '../memory/reals';
import { Field, IMAGES, field } from '../memory/registers';
import { isWide } from '../memory/shape';
import { TILE_BYTES } from '../memory/sizes';
import { environmentRows, imageOf, turnRows } from './gates';
import { LANE } from './state';
import { applyAcross, copyCrossed, environmentAcross } from './wide';

/** How a state is cut into tiles: rows that differ in its low row bits, or in its high ones. */
export enum Pass {
  Low = 0,
  High = 1,
}

/** Row bits of a state, of which a wide one has one less than amplitude bits. */
function rowBits(): i32 {
  return field(Field.RowBits) - <i32>isWide();
}

/** Tiles of a state, however it is cut. */
export function tileCount(): u32 {
  return (<u32>1) << (rowBits() - TILE_BITS);
}

/** A tile of adjacent rows. */
export function tileOf(state: usize, index: u32): usize {
  return state + <usize>index * TILE_BYTES;
}

/** The pass of a gate on an amplitude bit. */
export function passOf(bit: u32): Pass {
  return <i32>bit < TILE_BITS + <i32>isWide() ? Pass.Low : Pass.High;
}

/** Row bits that only one of the passes sees in its tiles. */
function farBits(): i32 {
  return rowBits() - TILE_BITS;
}

/** Low row bits that the high pass has in its tiles too: rows that differ in nothing else stay together. */
function nearBits(): i32 {
  return TILE_BITS - farBits();
}

/** How far apart in their tile rows are that differ in an amplitude bit. */
function spanOf(bit: u32): usize {
  const row = <i32>bit - <i32>isWide();
  return ROW << (row < TILE_BITS ? row : row - farBits());
}

/** As `applyUnitary`, on one tile. */
export function turnTile(tile: usize, bit: u32, coefficients: usize): void {
  if (isWide() && bit == 0) applyAcross(tile, TILE_BYTES, coefficients);
  else turnRows(tile, TILE_BYTES, spanOf(bit), coefficients);
}

/** As `environment`, on one tile of each state: goes on with the sums at `to`. */
export function environmentTile(lambda: usize, psi: usize, bit: u32, to: usize): void {
  if (isWide() && bit == 0) environmentAcross(lambda, psi, TILE_BYTES, to, true);
  else environmentRows(lambda, psi, TILE_BYTES, spanOf(bit), to);
}

/** Copies rows that lie together. */
function copyRows(to: usize, from: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += LANE) store<lanes>(to + i, load<lanes>(from + i));
}

/** Copies a tile of the high pass together. */
export function gatherTile(tile: usize, state: usize, index: u32): void {
  const chunk = ROW << nearBits();
  let apart = state + <usize>index * chunk;
  for (const end = tile + TILE_BYTES; tile < end; tile += chunk, apart += TILE_BYTES)
    copyRows(tile, apart, chunk);
}

/** Copies a tile of the high pass back to where its rows belong. */
export function scatterTile(tile: usize, state: usize, index: u32): void {
  const chunk = ROW << nearBits();
  let apart = state + <usize>index * chunk;
  for (const end = tile + TILE_BYTES; tile < end; tile += chunk, apart += TILE_BYTES)
    copyRows(apart, tile, chunk);
}

/**
 * A tile of a permuted state, at `to`: basis state k from L k, where L is linear over bits and IMAGES holds the images
 * of the single bits. Rows are walked in Gray-code order, as in `permute`.
 */
export function permuteTile(pass: Pass, to: usize, from: usize, index: u32): void {
  const wide = <u32>isWide();
  const lowest = load<u32>(IMAGES);
  // From here on, bits of the tile are higher ones of the state.
  const near = <u32>(pass == Pass.High ? nearBits() : TILE_BITS);
  const jump = <u32>farBits();
  let row: u32 = 0;
  let source = imageOf(index << (near + wide));
  for (let step: u32 = 1; ; step++) {
    const target = to + <usize>row * ROW;
    if (!wide) copyRows(target, from + <usize>source * ROW, ROW);
    else if (lowest == 1) copyCrossed(target, from + <usize>(source >> 1) * ROW, (source & 1) != 0);
    else {
      copyAmplitude(target, from, source);
      copyAmplitude(target + REAL, from, source ^ lowest);
    }
    if (step == 1 << TILE_BITS) return;
    const bit = ctz<u32>(step);
    row ^= 1 << bit;
    source ^= load<u32>(IMAGES + ((<usize>(bit < near ? bit + wide : bit + wide + jump)) << 2));
  }
}

/** One amplitude of a state over both lanes. */
function copyAmplitude(to: usize, state: usize, k: u32): void {
  const from = state + <usize>(k >> 1) * ROW + <usize>(k & 1) * REAL;
  store<real>(to, load<real>(from));
  store<real>(to, load<real>(from, PAIR), PAIR);
}
