/** The Heisenberg engine's way through a pass: the terms' strings back, the mixtures of the batch forward again. */
import { Buffer, Field, at, buffer, field, setField } from '../../memory/map';
import { mixBatch } from '../columns/columns';
import { pullsTwice } from '../engine';
import { finishTerm, launchTerm, pullStep, pushStep, startPush, stepWorkOf, termSteps } from './heisenberg';
import { term, termOutput } from '../../program/observable';
import { Phase, enterMeasurement, nextPair } from '../../train/pass';
import { stepCount } from './steps';
import { matrixWork } from '../../measure/shots';

/** One term's string at the end of the circuit. Like all below, a tick: @returns its work */
export function launchString(): i32 {
  const index = field(Field.Term);
  launchTerm(index);
  setField(Field.Shift, 0);
  setField(Field.Gate, 0);
  setField(Field.Phase, stepCount(termSteps(index)) > 0 ? Phase.Forward : Phase.Matrix);
  return 1;
}

/** One step of the string's way back. */
export function pull(): i32 {
  const index = field(Field.Term);
  const at = field(Field.Gate);
  const work = stepWorkOf(index, at);
  pullStep(index, at);
  setField(Field.Gate, at + 1);
  if (at + 1 == stepCount(termSteps(index))) setField(Field.Phase, Phase.Matrix);
  return work;
}

/** What is left of the string, as a matrix over the columns; then the next term, or the measurement. */
export function finishString(): i32 {
  const index = field(Field.Term);
  finishTerm(index);
  setField(Field.Term, index + 1);
  setField(Field.Pair, 0);
  if (index + 1 < field(Field.TermCount)) setField(Field.Phase, Phase.Launch);
  else enterMeasurement();
  return matrixWork();
}

/** The mixtures of the batch, at the start of the circuit. */
export function mixString(): i32 {
  const index = field(Field.Term);
  const output = termOutput(term(index));
  mixBatch(output, field(Field.Count), buffer(Buffer.Slopes));
  startPush(index, buffer(Buffer.State));
  if (pullsTwice()) {
    mixBatch(output, field(Field.Count), 0);
    startPush(index, buffer(Buffer.Second));
  }
  setField(Field.Sweep, 0);
  setField(Field.Run, 0);
  setField(Field.Gate, stepCount(termSteps(index)) - 1);
  setField(Field.Phase, Phase.Backward);
  if (field(Field.Gate) < 0) leaveString();
  return pullsTwice() ? 2 * matrixWork() : matrixWork();
}

/** One step of the mixtures' way forward, with the derivatives by its gate. */
export function push(): i32 {
  const index = field(Field.Term);
  const at = field(Field.Gate);
  const work = stepWorkOf(index, at);
  const next = pushStep(index, at);
  setField(Field.Gate, next);
  if (next < 0) leaveString();
  return pullsTwice() ? 2 * work : work;
}

/** A term's derivatives are complete: the next term's, or the end of the pass. */
function leaveString(): void {
  const index = field(Field.Term) + 1;
  setField(Field.Term, index);
  if (index < field(Field.TermCount)) setField(Field.Phase, Phase.PullBack);
  else nextPair();
}
