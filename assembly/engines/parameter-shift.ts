/**
 * The parameter-shift gradient, Eq. 7, for every engine that runs circuits. Gate by gate the state before it, the
 * prefix, is kept, and so is psi, what the circuit ends in. For each of the gate's angles the gate with that angle + pi
 * and the rest of the circuit run from the prefix, and end in phi. That one run gives both shifts: a rotation by
 * a +- pi/2 is exp(-i a/2 P) (1 -+ i P) / sqrt 2, and -i P is a rotation by pi, so
 *
 *   psi(a + pi/2) = (psi + phi) / sqrt 2,   psi(a - pi/2) = (psi - phi) / sqrt 2,
 *
 * which are measured one after the other, whatever the readout. The columns go by the same two lines: they are linear.
 *
 *   Prefix -> Suffix ... -> Superpose -> the engine's measurement -> Superpose (the other sign) ... -> Prefix
 *
 * Where the caller measures, both circuits are asked for; the Heisenberg engine takes both from its sweep.
 */
import { Option } from '../abi/codes';
import { beginGate, endGate } from '../kernels/slices';
import { copyState } from '../kernels/state';
import { superpose } from '../kernels/superpose';
import { addToJacobian } from '../measure/jacobian';
import { shotVariance } from '../measure/variance';
import { advancePair, firstSample, outputsRow, samplesInPair } from '../memory/batch';
import {
  allotsShots,
  callerMeasures,
  displacedShots,
  readsJacobian,
  solvesAngles,
} from '../memory/configuration';
import { integer } from '../memory/options';
import { get, increase } from '../memory/reals';
import { Buffer, Field, LANE_WEIGHTS, buffer, exchange, field, setField } from '../memory/registers';
import { isBatchLaidOut, isHeisenberg } from '../memory/shape';
import { Sum, addToSum } from '../memory/sums';
import { COLUMN_ENGINES, DISPLACED_SWEEP, TILED_STATES } from '../profile';
import { shotsOfAngle } from '../program/allotment';
import { isMovedBy } from '../program/blocks';
import { applyGate, displaceAngle } from '../program/gates';
import { gateEnd, gateFirst, operation, operationIndex, operationScale } from '../program/operations';
import { advanceRun, runEnd, runsGates } from '../program/runs';
import { Phase, worked } from './contract';
import { accumulate, weighSamples } from './environment';
import { countCircuits, nextPair } from './evaluation';
import { afterCircuit, enterMeasurement, measurePair } from './measurement';

/** The displaced circuits of a gate's angles are next; behind the last gate, the pair is done. */
export function displaceGate(index: i32): Phase {
  if (index < field(Field.GateCount)) return seekAngle(index, gateFirst(index));
  setField(Field.Shots, integer(Option.Shots));
  return nextPair();
}

/**
 * Looks for the next angle of gate `index` that the step moves, from operation `from`: the gate with it displaced by pi comes next,
 * behind a copy of the prefix. Without one, moves on.
 */
function seekAngle(index: i32, from: i32): Phase {
  const end = gateEnd(index);
  setField(Field.Gate, index);
  while (from < end && !isMovedBy(operation(from))) from++;
  if (from == end) return Phase.Prefix;
  setField(Field.DisplacedOperation, from);
  setField(Field.Shift, 1);
  if (allotsShots()) setField(Field.Shots, shotsOfAngle(operation(from)));
  if (callerMeasures()) return enterMeasurement();
  if (DISPLACED_SWEEP && isHeisenberg()) return Phase.Superpose;
  copyState(buffer(Buffer.State), buffer(Buffer.Partner));
  displaceAngle(from, -1);
  setField(Field.SuffixGate, index);
  return Phase.Suffix;
}

/** The loss of the current pair is taken: its displaced circuits are next. */
export function displaceFirst(): Phase {
  exchange(Buffer.State, Buffer.Kept);
  setField(Field.Shots, displacedShots());
  return displaceGate(0);
}

/** The phases that are the source's own. */
export function displacedTick(phase: Phase): Phase {
  if (phase == Phase.Prefix) return prefix();
  return phase == Phase.Suffix ? suffix() : superposeSigns();
}

/** The slice that the next kernel takes, where there are any, and its work. */
function beginKernel(): void {
  if (COLUMN_ENGINES) worked(beginGate());
}

/** All angles of the gate are done: it joins the prefix. */
function prefix(): Phase {
  const index = field(Field.Gate);
  beginKernel();
  if (!callerMeasures()) applyGate(index, Buffer.Partner);
  return endGate() ? displaceGate(index + 1) : Phase.Prefix;
}

/** One gate of the displaced circuit, or a part of a run of them. */
function suffix(): Phase {
  const index = field(Field.SuffixGate);
  if (TILED_STATES && runsGates(1)) {
    const end = runEnd(index);
    if (end > index) return advanceRun(index, end, Buffer.State) ? behindGate(end - 1) : Phase.Suffix;
  }
  beginKernel();
  applyGate(index, Buffer.State);
  return endGate() ? behindGate(index) : Phase.Suffix;
}

/** The next gate of the displaced circuit; behind the last, the angle is itself again. */
function behindGate(index: i32): Phase {
  setField(Field.SuffixGate, index + 1);
  if (index + 1 < field(Field.GateCount)) return Phase.Suffix;
  displaceAngle(field(Field.DisplacedOperation), 1);
  return Phase.Superpose;
}

/** phi becomes (psi + phi) / sqrt 2; and that, for the other sign, sqrt 2 psi less itself: (psi - phi) / sqrt 2. */
function superposeSigns(): Phase {
  const shift = field(Field.Shift);
  const factor = HALF_ROOT_2 * <real>shift;
  beginKernel();
  superpose(buffer(Buffer.State), shift == 1 ? factor : -1, buffer(Buffer.Kept), factor);
  return endGate() ? afterCircuit() : Phase.Superpose;
}

const HALF_ROOT_2: real = <real>0.7071067811865476;

/** Eq. 7, one sign of one angle, for the current pair of samples. */
export function measureDisplaced(): Phase {
  const index = field(Field.DisplacedOperation);
  const shift = field(Field.Shift);
  measurePair();
  countCircuits();
  weighSamples();
  // 1/2, then -1/2.
  takeDisplaced(index, <real>1.5 - <real>shift);
  if (isBatchLaidOut() && advancePair()) return enterMeasurement();
  if (shift == 2) return seekAngle(field(Field.Gate), index + 1);
  setField(Field.Shift, 2);
  return callerMeasures() ? enterMeasurement() : Phase.Superpose;
}

/**
 * Takes the measurement of one displaced circuit of Eq. 7 on the current pair: its half of df/dangle =
 * (f(+pi/2) - f(-pi/2)) / 2, with f the observable that the loss reads.
 * @param half +1/2 or -1/2
 */
export function takeDisplaced(index: i32, half: real): void {
  const outputs = integer(Option.Outputs);
  for (let lane = 0; lane < samplesInPair(); lane++) {
    const weights = outputsRow(Buffer.OutputWeights, firstSample() + lane);
    let f: real = 0;
    for (let k = 0; k < outputs; k++) f += get(weights, k) * get(outputsRow(Buffer.Expectations, lane), k);
    accumulate(operation(index), half * f, lane);
    if (solvesAngles()) addToSum(Sum.SideLoss, abs<real>(half) * get(LANE_WEIGHTS, lane) * f);
    if (allotsShots()) addSpread(operation(index), lane, weights);
    if (readsJacobian()) addToJacobian(operation(index), lane, firstSample() + lane, half, f);
  }
}

/** Adds the variance that one shot in place of these gives a derivative. */
function addSpread(record: usize, lane: i32, weights: usize): void {
  const share: real = <real>0.5 * get(LANE_WEIGHTS, lane) * operationScale(record);
  const variance = <real>field(Field.Shots) * shotVariance(lane, weights);
  increase(buffer(Buffer.Spreads), operationIndex(record), share * share * variance);
}
