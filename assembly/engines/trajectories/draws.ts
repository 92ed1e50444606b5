/**
 * The draws of a trajectory. Each is addressed by where it is used, so that no order of ticks changes one:
 *
 *   block   shot << 12 | operation of the table
 *   sample  sample | term << 10 | pass of a folded circuit << 20
 *
 * where the outcome of a shot has a pass that there is none of, its block 0, and the even readout the block of its bit, from 1.
 */
import { firstSample } from '../../memory/batch';
import { Field, field } from '../../memory/registers';
import { openStream, uniform } from '../../number/random';
import { circuitNumber, stepNumber } from '../evaluation';

const SHOT_BITS: u32 = 12;
const TERM_BITS: u32 = 10;
const PASS_BITS: u32 = 20;

/** A pass that no circuit has: for what is drawn behind it. */
const OUTCOME: u32 = 15;

function open(lane: i32, pass: u32, block: u32): void {
  const sample =
    (<u32>(firstSample() + lane)) | ((<u32>field(Field.Term)) << TERM_BITS) | (pass << PASS_BITS);
  const shot = (<u32>field(Field.ShotsTaken)) << SHOT_BITS;
  openStream(field(Field.Purpose), stepNumber(), circuitNumber(), sample, shot | block);
}

/** Uniform in [0, 1): for an operation of the table, in a pass of the circuit. */
export function drawOperation(lane: i32, pass: i32, index: i32): real {
  open(lane, pass, index);
  return uniform();
}

/** For the outcome of a shot. */
export function drawOutcome(lane: i32): real {
  open(lane, OUTCOME, 0);
  return uniform();
}

/** For a row bit of it that may be read wrong. */
export function drawFlip(lane: i32, bit: u32): real {
  open(lane, OUTCOME, 1 + bit);
  return uniform();
}
