/**
 * One draw of a channel's Kraus operators on two pure states: which one, with the probability that it has on each.
 * Depolarizing and dephasing are mixtures of Pauli operators, whatever the state; damping asks the state.
 */
import { Channel } from '../../abi/codes';
import { lower, populations } from '../../kernels/damping';
import { applyUnitary } from '../../kernels/gates';
import { PAIR, REAL, clear, get, put } from '../../memory/reals';
import { Buffer, ENVIRONMENT, GATE_COEFFICIENTS, buffer } from '../../memory/registers';
import { operation, operationA, operationKind, operationOffset } from '../../program/operations';
import { drawOperation } from './draws';

/** The Pauli operator of a mixture that was drawn: 0 none, 1 X, 2 Y, 3 Z. */
function drawnPauli(kind: i32, rate: real, chance: real): i32 {
  if (kind == Channel.Dephasing) return chance < <real>0.5 * (1 - sqrt<real>(1 - rate)) ? 3 : 0;
  const each = <real>0.25 * rate;
  return chance < each ? 1 : chance < 2 * each ? 2 : chance < 3 * each ? 3 : 0;
}

/** Applies what is drawn of the channel of an operation, in a pass of the circuit. */
export function applyDrawn(index: i32, pass: i32): void {
  const record = operation(index);
  const kind = operationKind(record);
  if (kind == Channel.Readout) return;
  if (kind == Channel.Damping) {
    damp(index, pass);
    return;
  }
  const rate = operationOffset(record);
  clear(GATE_COEFFICIENTS, GATE_COEFFICIENTS + 4 * PAIR);
  let any = false;
  for (let lane = 0; lane < 2; lane++) {
    const pauli = drawnPauli(kind, rate, drawOperation(lane, pass, index));
    put(GATE_COEFFICIENTS, 2 * pauli + lane, 1);
    if (pauli != 0) any = true;
  }
  if (any) applyUnitary(buffer(Buffer.State), operationA(record), GATE_COEFFICIENTS);
}

/** |1> falls to |0> with the probability gamma that it has it; else it is a little less, and all is scaled to length 1. */
function damp(index: i32, pass: i32): void {
  const record = operation(index);
  const rate = operationOffset(record);
  const state = buffer(Buffer.State);
  populations(state, operationA(record), ENVIRONMENT);
  for (let lane = 0; lane < 2; lane++) {
    const one = get(ENVIRONMENT, lane);
    const all = get(ENVIRONMENT, lane + 2);
    const falls = drawOperation(lane, pass, index) * all < rate * one;
    const to = GATE_COEFFICIENTS + <usize>lane * REAL;
    const left = <real>1 / sqrt<real>(falls ? one : all - rate * one);
    store<real>(to, falls ? 0 : left);
    store<real>(to, falls ? left : 0, PAIR);
    store<real>(to, falls ? 0 : left * sqrt<real>(1 - rate), 2 * PAIR);
  }
  lower(state, operationA(record), GATE_COEFFICIENTS);
}
