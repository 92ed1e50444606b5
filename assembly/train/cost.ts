/** What a step costs, before it runs: exact counts of the compiled program, for a whole mini-batch. */
import { Option } from '../abi/codes';
import { isTentative } from '../abi/traits';
import { mixtureWork } from '../engines/columns/mixture';
import { backwardWork, matrixOfTermWork, pullBackWork } from '../engines/columns/series';
import { sweepWork } from '../engines/heisenberg/displaced';
import { finishBits, finishKernels, startBits, startKernels } from '../engines/heisenberg/forms';
import { pushWork, pushedStates } from '../engines/heisenberg/push';
import { stepCount, stepOf } from '../engines/heisenberg/steps';
import { launchBits, launchKernels, pullWork, termSteps } from '../engines/heisenberg/strings';
import { BACKWARD_WORK } from '../engines/samples';
import { isPacked } from '../engines/shape';
import { gradientPasses } from '../gradients/dispatch';
import { gateBits } from '../kernels/slices';
import { drawingWork } from '../measure/counts';
import { measurementWork } from '../measure/shots';
import {
  callerMeasures,
  displacedShots,
  displacesAngles,
  parameterCount,
  pullsBack,
  pullsTwice,
  sweepsAngles,
} from '../memory/configuration';
import { integer } from '../memory/options';
import { Field, Stage, field } from '../memory/registers';
import { isBatchLaidOut, isHeisenberg } from '../memory/shape';
import { bindingWork } from '../program/angles';
import { countAngles, gateEnd, gateFirst } from '../program/operations';
import { PARAMETERS_A_TICK } from '../rules/moves';
import { DERIVATIVES_A_TICK } from './gradient';

/** Circuits that one sample runs through for the losses of a step. */
function lossCircuits(): i32 {
  return (isTentative(integer(Option.Rule)) ? 2 : 1) + gradientPasses();
}

/** Those with a displaced angle besides. */
function displacedCircuits(): i32 {
  return displacesAngles() ? 2 * countAngles(0, field(Field.ActiveOperations)) : 0;
}

/** Circuit evaluations of one step; 0 before `compile`. */
export function stepEvaluations(): f64 {
  if (field(Field.Stage) != Stage.Compiled) return 0;
  const settings = integer(Option.Shots) > 0 ? field(Field.MeasurementBases) : 1;
  return <f64>integer(Option.Batch) * ((lossCircuits() + displacedCircuits()) * settings);
}

/** Shots of one step, in all its circuit evaluations; 0 where they are exact, and before `compile`. */
export function stepShots(): f64 {
  if (field(Field.Stage) != Stage.Compiled) return 0;
  const shots = <f64>lossCircuits() * integer(Option.Shots) + <f64>displacedCircuits() * displacedShots();
  return <f64>integer(Option.Batch) * field(Field.MeasurementBases) * shots;
}

/** Work of pulling all outputs back in columns. */
function outputsWork(): f64 {
  let work: f64 = 0;
  for (let k = integer(Option.Outputs) - 1; k >= 0; k--) work += pullBackWork(k, integer(Option.Batch));
  return pullsTwice() ? 2 * work : work;
}

/** Work of pulling all terms' strings back, down to their matrices. */
function stringsWork(): f64 {
  let work: f64 = 0;
  for (let t = field(Field.TermCount) - 1; t >= 0; t--) {
    const list = termSteps(t);
    for (let i = launchKernels(t) - 1; i >= 0; i--) work += <f64>(1 << launchBits(t, i));
    for (let i = stepCount(list) - 1; i >= 0; i--) work += pullWork(list, i);
    for (let i = finishKernels(list) - 1; i >= 0; i--) work += <f64>(1 << finishBits(list, i));
  }
  return work;
}

/** Work of mixing the batch for all terms, and of pushing the mixtures forward again. */
function mixturesWork(): f64 {
  let work: f64 = 0;
  for (let t = field(Field.TermCount) - 1; t >= 0; t--) {
    const list = termSteps(t);
    const start = mixtureWork(integer(Option.Batch)) + (startKernels(list) << startBits(list));
    work += pushedStates() * start;
    for (let i = stepCount(list) - 1; i >= 0; i--) work += pushWork(stepOf(list, i));
  }
  return work;
}

/** Work of one step in the units of `stepAdvance`: gates on a pair of samples or columns, and a little around them. */
export function stepWork(): f64 {
  if (field(Field.Stage) != Stage.Compiled) return 0;
  const asked = callerMeasures();
  // Where the caller runs the circuits, nothing is left of their gates but one step each.
  const gates = field(Field.GateCount);
  const run = asked ? 0 : gates;
  const columns = isBatchLaidOut();
  const pairs = (integer(Option.Batch) + 1) >> 1;
  const shots = integer(Option.Shots);
  const joint = shots > 0 && field(Field.JointShots) != 0;
  const width = columns ? <f64>(1 << gateBits()) : 1;
  let measurement = <f64>measurementWork();
  // To put a question is a tick of its own.
  if (asked) measurement += 1;
  if (columns) {
    measurement *= pairs;
    if (!joint && !isHeisenberg()) measurement += <f64>matrixOfTermWork() * field(Field.TermCount);
  }
  // Encode, forward, measure.
  let pass = 1 + width * run + measurement;
  if (isHeisenberg()) pass = stringsWork() + measurement;
  let gradient = pass;
  if (gates > 0) {
    if (isHeisenberg() && sweepsAngles()) {
      // The sweep; a tick a gate, and per angle and sign one to begin and a measurement.
      const angles = countAngles(0, field(Field.ActiveOperations));
      gradient += sweepWork() + gates + 2 * angles * (1 + measurement);
    } else if (isHeisenberg()) {
      if (pullsBack()) gradient += mixturesWork();
    } else if (pullsBack()) {
      gradient += (columns ? backwardWork() : BACKWARD_WORK) * gates;
      gradient += columns ? outputsWork() : 1;
    } else if (displacesAngles()) {
      for (let g = 0; g < gates; g++) {
        // Join the prefix; per angle the gate with it displaced and the rest; per sign both states put together, and
        // a measurement.
        const angles = countAngles(gateFirst(g), gateEnd(g));
        const kernels = asked ? 0 : gates - g + 2;
        gradient += width + angles * (width * kernels + 2 * measurement);
      }
    }
  }
  gradient += gradientPasses() * pass;
  let passes = isTentative(integer(Option.Rule)) ? gradient + pass : gradient;
  // Columns lay the batch out once.
  passes = columns ? passes + (isPacked() ? 2 * pairs : pairs) : passes * pairs;
  if (joint && !asked) {
    const draws =
      <f64>lossCircuits() * drawingWork(shots) + <f64>displacedCircuits() * drawingWork(displacedShots());
    passes += <f64>integer(Option.Batch) * draws;
  }
  // Start, norms and update; with a test, the decision too, and angles for the tentative pass.
  const angles = asked ? 1 : bindingWork();
  const moves = (parameterCount() + PARAMETERS_A_TICK - 1) / PARAMETERS_A_TICK;
  const slopes = (parameterCount() + DERIVATIVES_A_TICK - 1) / DERIVATIVES_A_TICK;
  passes += gradientPasses() * (angles + 2 * slopes);
  return passes + (isTentative(integer(Option.Rule)) ? 3 + 2 * (angles + moves) : 3 + angles);
}
