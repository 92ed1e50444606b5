/**
 * The parameter-shift gradient, Eq. 7, for every engine that runs circuits: gate by gate the state before it, the
 * prefix, is kept; for each of the gate's angles and each sign the displaced gate and the rest of the circuit run
 * from there, and are measured.
 *
 *   Prefix -> Displace -> Suffix ... -> the engine's measurement -> Displace (the other sign) ... -> Prefix
 */
import { Option } from '../abi/codes';
import { beginGate, endGate } from '../kernels/slices';
import { copyState } from '../kernels/state';
import { advancePair, firstSample, outputsRow, samplesInPair } from '../memory/batch';
import { callerMeasures } from '../memory/configuration';
import { integer } from '../memory/options';
import { get } from '../memory/reals';
import { Buffer, Field, buffer, field, setField } from '../memory/registers';
import { isBatchLaidOut } from '../memory/shape';
import { COLUMN_ENGINES, TILED_STATES } from '../profile';
import { applyDisplacedGate, applyGate } from '../program/gates';
import { gateEnd, gateFirst, isTrainable, operation } from '../program/operations';
import { advanceRun, runEnd, runsGates } from '../program/runs';
import { Phase, worked } from './contract';
import { accumulate, weighSamples } from './environment';
import { countCircuits, nextPair } from './evaluation';
import { afterCircuit, enterMeasurement, measurePair } from './measurement';

/** The displaced circuits of a gate's angles are next; behind the last gate, the pair is done. */
export function displaceGate(index: i32): Phase {
  return index == field(Field.GateCount) ? nextPair() : seekAngle(index, gateFirst(index));
}

/** Looks for the next trainable angle of gate `index` from operation `from`; without one, moves on. */
function seekAngle(index: i32, from: i32): Phase {
  const end = gateEnd(index);
  setField(Field.Gate, index);
  while (from < end && !isTrainable(operation(from))) from++;
  setField(Field.DisplacedOperation, from);
  setField(Field.Shift, 1);
  return from < end ? Phase.Displace : Phase.Prefix;
}

/** The loss of the current pair is taken: its displaced circuits are next. */
export function displaceFirst(): Phase {
  return displaceGate(0);
}

/** The phases that are the source's own. */
export function displacedTick(phase: Phase): Phase {
  if (phase == Phase.Prefix) return prefix();
  return phase == Phase.Displace ? displace() : suffix();
}

/** All angles of the gate are done: it joins the prefix. */
function prefix(): Phase {
  const index = field(Field.Gate);
  worked(beginGate());
  if (!callerMeasures()) applyGate(index, Buffer.Partner);
  return endGate() ? displaceGate(index + 1) : Phase.Prefix;
}

/** One gate with one angle displaced, behind the prefix. */
function displace(): Phase {
  const index = field(Field.Gate);
  if (callerMeasures()) return enterMeasurement();
  if (!COLUMN_ENGINES || field(Field.NextSlice) == 0) copyState(buffer(Buffer.State), buffer(Buffer.Partner));
  worked(beginGate());
  applyDisplacedGate(index, field(Field.DisplacedOperation), field(Field.Shift) == 1 ? 1 : -1);
  return endGate() ? behindGate(index) : Phase.Displace;
}

/** One gate of the rest of the circuit, or a part of a run of them. */
function suffix(): Phase {
  const index = field(Field.SuffixGate);
  if (TILED_STATES && runsGates(1)) {
    const end = runEnd(index);
    if (end > index) return advanceRun(index, end, Buffer.State) ? behindGate(end - 1) : Phase.Suffix;
  }
  worked(beginGate());
  applyGate(index, Buffer.State);
  return endGate() ? behindGate(index) : Phase.Suffix;
}

/** The next gate of the rest, or the measurement. */
function behindGate(index: i32): Phase {
  setField(Field.SuffixGate, index + 1);
  return index + 1 == field(Field.GateCount) ? afterCircuit() : Phase.Suffix;
}

/** Eq. 7, one sign of one angle, for the current pair of samples. */
export function measureDisplaced(): Phase {
  const index = field(Field.DisplacedOperation);
  const minus = field(Field.Shift) == 2;
  measurePair();
  countCircuits();
  weighSamples();
  takeDisplaced(index, minus ? <real>-0.5 : <real>0.5);
  if (isBatchLaidOut() && advancePair()) return enterMeasurement();
  if (minus) return seekAngle(field(Field.Gate), index + 1);
  setField(Field.Shift, 2);
  return Phase.Displace;
}

/**
 * Takes the measurement of one displaced circuit of Eq. 7 on the current pair: its half of df/dangle =
 * (f(+pi/2) - f(-pi/2)) / 2, with f the observable that the loss reads.
 * @param half +1/2 or -1/2
 */
function takeDisplaced(index: i32, half: real): void {
  const outputs = integer(Option.Outputs);
  for (let lane = 0; lane < samplesInPair(); lane++) {
    const weights = outputsRow(Buffer.OutputWeights, firstSample() + lane);
    let f: real = 0;
    for (let k = 0; k < outputs; k++) f += get(weights, k) * get(outputsRow(Buffer.Expectations, lane), k);
    accumulate(operation(index), half * f, lane);
  }
}
