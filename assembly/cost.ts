/** What a step costs, before it runs: exact counts of the compiled program, for a whole mini-batch. */
import { Gradient, Option } from "./status";
import { Field, ROW, Stage, field, integer, stride } from "./memory";
import { gateEnd, gateFirst, isTrainable, operation } from "./circuit";
import { isHeisenberg, isLaidOut, pullsTwice } from "./engine";
import { stepWorkOf, termSteps } from "./heisenberg";
import { isTentative } from "./optimizer";
import { Step, stepCount, stepKind, stepOf } from "./pauli-steps";
import { matrixWork, measurementWork } from "./sampler";

/** Trainable angles inside the light cone. */
function trainableAngles(first: i32, end: i32): i32 {
  let count = 0;
  for (let i = first; i < end; i++) if (isTrainable(operation(i))) count++;
  return count;
}

function isShift(): bool {
  return integer(Option.Gradient) != Gradient.Adjoint;
}

/** Circuit evaluations of one step, each with the configured shots; 0 before `compile`. */
export function stepEvaluations(): f64 {
  if (field(Field.Stage) != Stage.Compiled) return 0;
  let circuits = isTentative() ? 2 : 1;
  if (isShift()) circuits += 2 * trainableAngles(0, field(Field.ActiveOperations));
  if (integer(Option.Shots) > 0) circuits *= field(Field.Settings);
  return <f64>integer(Option.Batch) * circuits;
}

/** Work of pulling all terms' strings back, or of pushing the mixtures forward again. */
function stringsWork(forward: bool): f64 {
  let work: f64 = 0;
  for (let t = field(Field.TermCount) - 1; t >= 0; t--) {
    const list = termSteps(t);
    work += forward ? matrixWork() : 1;
    for (let i = stepCount(list) - 1; i >= 0; i--) {
      // Forward, turns are differentiated and pushed.
      work += (forward && stepKind(stepOf(list, i)) == Step.Turn ? 2 : 1) * stepWorkOf(t, i);
    }
  }
  return forward && pullsTwice() ? 2 * work : work;
}

/** Work of one step in the units of `stepAdvance`: gates on a pair of samples or columns, and a little around them. */
export function stepWork(): f64 {
  if (field(Field.Stage) != Stage.Compiled) return 0;
  const gates = field(Field.GateCount);
  const columns = isLaidOut();
  const pairs = (integer(Option.Batch) + 1) >> 1;
  const shots = integer(Option.Shots);
  const width = <f64>(stride() / ROW);
  const matrix = columns ? <f64>matrixWork() : 0;
  let measurement = <f64>measurementWork(shots);
  if (columns) {
    measurement *= pairs;
    if (shots == 0 || field(Field.JointShots) == 0) measurement += matrix * field(Field.TermCount);
  }
  // Encode, forward, measure.
  let pass = width * (1 + gates) + measurement;
  if (isHeisenberg()) pass = stringsWork(false) + measurement;
  let gradient = pass;
  if (gates > 0) {
    if (isHeisenberg()) {
      gradient += stringsWork(true);
    } else if (!isShift()) {
      gradient += 3 * width * gates;
      gradient += columns ? matrix * (pullsTwice() ? 2 : 1) * integer(Option.Outputs) : 1;
    } else {
      for (let g = 0; g < gates; g++) {
        // Join the prefix; per angle and sign a shifted gate, its suffix and a measurement.
        const angles = trainableAngles(gateFirst(g), gateEnd(g));
        gradient += width + 2 * angles * (width * (gates - g) + measurement);
      }
    }
  }
  const passes = isTentative() ? gradient + pass : gradient;
  // Start and update; with a test, the tentative pass and the decision. Columns lay the batch out once.
  return (columns ? passes + pairs : passes * pairs) + (isTentative() ? 3 : 2);
}
