/**
 * The Heisenberg engine: every term's Pauli string is pulled back through the circuit as a real Pauli vector
 * and becomes the quadratic form of the columns engine. The light cone of a local observable grows gate by
 * gate, so most gates turn a short vector. For the gradient, the mixture of the batch is pushed the other
 * way, through the transposed steps, and meets the vectors that were kept on the way back:
 *
 *   f = a.s,   a' = T a,  s = T^T s',   df/dangle = axis . (s x a)
 *
 * with a the observable and s the state, by letters of the site that the gate turns.
 *
 *   Encode (each pair, as in columns) -> Launch -> Forward ... -> Matrix, for each term -> Measure (each pair)
 *     -> PullBack -> Backward ..., for each term
 *
 * No displaced angles, and terms measured one by one. Shape: Pauli vectors where columns have states; the lists of
 * steps behind everything else.
 */
import { Status } from '../../abi/codes';
import { advancePair } from '../../memory/batch';
import { pullsTwice } from '../../memory/configuration';
import { Buffer, Field, buffer, field, setField } from '../../memory/registers';
import { term, termOutput } from '../../program/observable';
import { layPair } from '../columns/columns';
import { matrixWork } from '../columns/forms';
import { mixBatch } from '../columns/mixture';
import { Phase, worked } from '../contract';
import { afterBatch, isDifferentiated } from '../evaluation';
import { enterMeasurement, takeLosses } from '../measurement';
import { stepCount } from './steps';
import { finishTerm, launchTerm, pullStep, pushStep, startPush, stepWorkOf, termSteps } from './strings';

export function heisenbergTick(phase: Phase): i32 {
  switch (phase) {
    case Phase.Encode:
      return layPair();
    case Phase.Launch:
      return launch();
    case Phase.Forward:
      return pull();
    case Phase.Matrix:
      return finish();
    case Phase.Measure:
      return measureLosses();
    case Phase.PullBack:
      return mix();
    default:
      return push();
  }
}

/** One term's string at the end of the circuit. */
function launch(): Phase {
  const index = field(Field.Term);
  launchTerm(index);
  setField(Field.Shift, 0);
  setField(Field.StringStep, 0);
  return stepCount(termSteps(index)) > 0 ? Phase.Forward : Phase.Matrix;
}

/** One step of the string's way back. */
function pull(): Phase {
  const index = field(Field.Term);
  const step = field(Field.StringStep);
  worked(stepWorkOf(index, step));
  pullStep(index, step);
  setField(Field.StringStep, step + 1);
  return step + 1 == stepCount(termSteps(index)) ? Phase.Matrix : Phase.Forward;
}

/** What is left of the string, as a matrix over the columns; then the next term, or the measurement. */
function finish(): Phase {
  const index = field(Field.Term);
  worked(matrixWork());
  finishTerm(index);
  setField(Field.Term, index + 1);
  setField(Field.Pair, 0);
  return index + 1 < field(Field.TermCount) ? Phase.Launch : enterMeasurement();
}

function measureLosses(): i32 {
  const status = takeLosses();
  if (status != Status.Ok) return status;
  if (advancePair()) return enterMeasurement();
  return isDifferentiated() ? enterString(0) : afterBatch();
}

/** A term's derivatives are next; behind the last one, the pass is through. */
function enterString(index: i32): Phase {
  setField(Field.Term, index);
  return index < field(Field.TermCount) ? Phase.PullBack : afterBatch();
}

/** The mixtures of the batch, at the start of the circuit. */
function mix(): Phase {
  const index = field(Field.Term);
  const output = termOutput(term(index));
  worked(pullsTwice() ? 2 * matrixWork() : matrixWork());
  mixBatch(output, field(Field.Count), buffer(Buffer.Slopes));
  startPush(index, buffer(Buffer.State));
  if (pullsTwice()) {
    mixBatch(output, field(Field.Count), 0);
    startPush(index, buffer(Buffer.Second));
  }
  setField(Field.Sweep, 0);
  setField(Field.Run, 0);
  return enterStep(stepCount(termSteps(index)) - 1);
}

/** The step of the way forward that is next; behind the last one, the term is through. */
function enterStep(step: i32): Phase {
  setField(Field.StringStep, step);
  return step < 0 ? enterString(field(Field.Term) + 1) : Phase.Backward;
}

/** One step of the mixtures' way forward, with the derivatives by its gate. */
function push(): Phase {
  const index = field(Field.Term);
  const step = field(Field.StringStep);
  const work = stepWorkOf(index, step);
  worked(pullsTwice() ? 2 * work : work);
  return enterStep(pushStep(index, step));
}
