/**
 * The columns engine, where no feature drives a gate: all samples then share one unitary U and start in the span of
 * a few basis states. A sample is x = sum_c x_c e_c over these columns c (in blocks, when feature bits are hidden
 * from the observable), so with Phi = U E the propagated columns
 *
 *   f = sum_blocks x^T M x,   M = Re(Phi^* P Phi),   grad sum_b w_b f_b by |lambda> = O Phi sum_b w_b x_b x_b^T
 *
 * and loss and gradient cost the same circuits whatever the size of the batch.
 *
 *   Encode (each pair) -> Launch -> Forward ... -> Matrix (each term) or [Draw] -> Measure (each pair)
 *     -> PullBack (each output) -> Backward ...
 *     -> Prefix, Suffix, Superpose, and measured again (parameter-shift.ts)
 *
 * Shape: states of all columns, two, with |grad <O>| or displaced angles three, and a scratch one; the batch laid out; a matrix a term.
 */
import { Option, Status } from '../../abi/codes';
import { beginGate, endGate } from '../../kernels/slices';
import { copyState } from '../../kernels/state';
import { advancePair, batchFeatures, firstSample, secondSample } from '../../memory/batch';
import { displacesAngles, pullsTwice } from '../../memory/configuration';
import { integer } from '../../memory/options';
import { Buffer, Field, buffer, field, setField } from '../../memory/registers';
import { applyGate, extendLive } from '../../program/gates';
import { Phase, worked } from '../contract';
import { afterBatch, isDifferentiated, isDrawn, launchFirst } from '../evaluation';
import { takeBatch } from '../batch-losses';
import { afterCircuit, drawPair, enterMeasurement } from '../measurement';
import { displaceFirst, displacedTick, measureDisplaced } from '../parameter-shift';
import { encodeColumns, sampleProbabilities } from './forms';
import { laySamples, samplePair } from './layout';
import { gateBackward, measureTerm, pullBackOutput } from './series';

export function columnsTick(phase: Phase): i32 {
  switch (phase) {
    case Phase.Encode:
      return layPair();
    case Phase.Launch:
      return launch();
    case Phase.Forward:
      return forward();
    case Phase.Matrix:
      return matrix();
    case Phase.Draw:
      return draw();
    case Phase.Measure:
      return field(Field.Shift) == 0 ? measureLosses() : measureDisplaced();
    case Phase.PullBack:
      return pullBack();
    case Phase.Backward:
      return backward();
    default:
      return displacedTick(phase);
  }
}

/** Lays a pair of samples out; behind the last, the circuit is next. */
export function layPair(): i32 {
  const pair = samplePair(field(Field.Pair));
  const laid = laySamples(pair, batchFeatures(firstSample()), batchFeatures(secondSample()));
  if (!laid) return Status.BadSample;
  if (advancePair()) return Phase.Encode;
  return isDrawn() ? differentiate() : launchFirst();
}

function launch(): Phase {
  encodeColumns(buffer(Buffer.State));
  // The prefix of the displaced circuits starts here too.
  if (displacesAngles()) copyState(buffer(Buffer.Partner), buffer(Buffer.State));
  setField(Field.Shift, 0);
  setField(Field.LiveBits, field(Field.ColumnBits));
  return enterGate(0);
}

/** The gate to run next; behind the last one, the circuit is left. */
function enterGate(index: i32): Phase {
  setField(Field.Gate, index);
  return index == field(Field.GateCount) ? afterCircuit() : Phase.Forward;
}

function forward(): Phase {
  const index = field(Field.Gate);
  extendLive(index);
  worked(beginGate());
  applyGate(index, Buffer.State);
  return endGate() ? enterGate(index + 1) : Phase.Forward;
}

function matrix(): Phase {
  const index = field(Field.Term);
  if (!measureTerm(index)) return Phase.Matrix;
  setField(Field.Term, index + 1);
  return index + 1 == field(Field.TermCount) ? enterMeasurement() : Phase.Matrix;
}

/** A few bitstrings, for terms that are measured together. */
function draw(): Phase {
  if (field(Field.Lane) == 0 && field(Field.ShotsTaken) == 0) {
    sampleProbabilities(field(Field.Pair), buffer(Buffer.Scratch));
  }
  return drawPair();
}

function measureLosses(): i32 {
  const rest = takeBatch();
  if (rest != Phase.Idle) return rest;
  return isDifferentiated() ? differentiate() : afterBatch();
}

/** The derivatives of the batch are next, from the states that the losses were measured of. */
function differentiate(): Phase {
  if (displacesAngles()) return displaceFirst();
  setField(Field.Output, 0);
  return Phase.PullBack;
}

/** The outputs of the observable one by one: those that the loss weighs, then those of the plain batch mean. */
function pullBack(): Phase {
  const outputs = integer(Option.Outputs);
  const index = field(Field.Output);
  const plain = index >= outputs;
  const lambda = buffer(plain ? Buffer.Second : Buffer.Partner);
  if (!pullBackOutput(lambda, plain ? index - outputs : index, plain ? 0 : buffer(Buffer.Slopes)))
    return Phase.PullBack;
  setField(Field.Output, index + 1);
  if (index + 1 < (pullsTwice() ? 2 * outputs : outputs)) return Phase.PullBack;
  setField(Field.Gate, field(Field.GateCount) - 1);
  return Phase.Backward;
}

/** One gate back: its environments, and the gate undone on all states. */
function backward(): Phase {
  const index = field(Field.Gate);
  if (!gateBackward(index)) return Phase.Backward;
  setField(Field.Gate, index - 1);
  return index == 0 ? afterBatch() : Phase.Backward;
}
