/** What a step costs, before it runs: exact counts of the compiled program, for a whole mini-batch. */
import { Gradient, Option } from "./status";
import { Field, Stage, field, integer } from "./memory";
import { gate, gateEnd, gateFirst, isTrainable, operation } from "./circuit";
import { isTentative } from "./optimizer";
import { measurementWork } from "./sampler";

/** Trainable angles inside the light cone. */
function trainableAngles(first: i32, end: i32): i32 {
  let count = 0;
  for (let i = first; i < end; i++) if (isTrainable(operation(i))) count++;
  return count;
}

function isShift(): bool {
  return integer(Option.Gradient) == Gradient.ParameterShift;
}

/** Circuit evaluations of one step, each with the configured shots; 0 before `compile`. */
export function stepEvaluations(): f64 {
  if (field(Field.Stage) != Stage.Compiled) return 0;
  let circuits = isTentative() ? 2 : 1;
  if (isShift()) circuits += 2 * trainableAngles(0, field(Field.ActiveOperations));
  if (integer(Option.Shots) > 0) circuits *= field(Field.Settings);
  return <f64>integer(Option.Batch) * circuits;
}

/** Work of one step in the units of `stepAdvance`: gates on a pair of samples, and a little around them. */
export function stepWork(): f64 {
  if (field(Field.Stage) != Stage.Compiled) return 0;
  const gates = field(Field.GateCount);
  const measurement = measurementWork(integer(Option.Shots));
  // Encode, forward, measure.
  const pass = 1 + gates + measurement;
  let gradient = pass;
  if (gates > 0) {
    if (!isShift()) {
      gradient += 1 + 3 * gates;
    } else {
      for (let g = 0; g < gates; g++) {
        // Join the prefix; per angle and sign a shifted gate, its suffix and a measurement.
        gradient += 1 + 2 * trainableAngles(gateFirst(gate(g)), gateEnd(gate(g))) * (gates - g + measurement);
      }
    }
  }
  const pairs = (integer(Option.Batch) + 1) >> 1;
  // Start and update; with a test, the tentative pass and the decision.
  return <f64>pairs * (isTentative() ? gradient + pass : gradient) + (isTentative() ? 3 : 2);
}
