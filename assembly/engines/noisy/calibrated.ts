/** Calibrated readout in the noisy engine: inverted in what is read exactly, and in what shots give. */
import { pullChannel, pushChannel, rowProbabilities, stringProbabilities } from '../../kernels/pauli-pairs';
import { inverseAction, takeCalibrated } from '../../measure/calibration';
import { drawShots, nextDrawWork } from '../../measure/draws';
import { calibrates } from '../../memory/configuration';
import { Buffer, Field, GATE_COEFFICIENTS, buffer, field, setField } from '../../memory/registers';
import { term, termWeight, termX, termZ } from '../../program/observable';
import { Phase, worked } from '../contract';
import { circuitNumber, stepNumber } from '../evaluation';
import { afterCircuit } from '../measurement';

/** Rids a state of the errors of the readout, which its circuit ends in, where it is measured exactly; or an observable. */
export function invertReadout(vector: usize, pulled: bool): void {
  if (!calibrates() || field(Field.Shots) > 0) return;
  const bits = field(Field.RowBits);
  for (let bit = 0; bit < bits; bit++) {
    inverseAction(bit, GATE_COEFFICIENTS);
    if (pulled) pullChannel(vector, bits, bit, GATE_COEFFICIENTS);
    else pushChannel(vector, bits, bit, GATE_COEFFICIENTS);
  }
}

/** The circuit has run: its measurement is next. */
export function endCircuit(): Phase {
  invertReadout(buffer(Buffer.State), false);
  setField(Field.Term, 0);
  return afterCircuit();
}

/** The first term from `index` on that is not constant. */
function measuredTerm(index: i32): i32 {
  while (index < field(Field.TermCount) && termWeight(term(index)) == 0) index++;
  return index;
}

/** A few bitstrings, of all terms or of one after the other. */
export function drawCalibrated(): Phase {
  const joint = field(Field.JointShots) != 0;
  const scratch = buffer(Buffer.Scratch);
  const bits = field(Field.RowBits);
  const first = field(Field.Lane) == 0 && field(Field.ShotsTaken) == 0;
  if (first && joint) {
    rowProbabilities(buffer(Buffer.State), bits, scratch);
  } else if (first) {
    const index = measuredTerm(field(Field.Term));
    setField(Field.Term, index);
    if (index == field(Field.TermCount)) return Phase.Measure;
    stringProbabilities(buffer(Buffer.State), bits, termX(term(index)), termZ(term(index)), scratch);
  }
  worked(nextDrawWork());
  if (!drawShots(circuitNumber(), stepNumber())) return Phase.Draw;
  takeCalibrated();
  if (joint) return Phase.Measure;
  setField(Field.Term, field(Field.Term) + 1);
  setField(Field.Lane, 0);
  setField(Field.ShotsTaken, 0);
  return Phase.Draw;
}
