/** What a step costs, before it runs: exact counts of the compiled program, for a whole mini-batch. */
import { Option } from '../abi/codes';
import { isBacktracking, isPerSample, isRestarting, isTentative } from '../abi/traits';
import { mixtureWork } from '../engines/columns/mixture';
import { backwardWork, matrixOfTermWork, pullBackWork } from '../engines/columns/series';
import { sweepWork } from '../engines/heisenberg/displaced';
import { finishBits, finishKernels, startBits, startKernels } from '../engines/heisenberg/forms';
import { pushWork, pushedStates } from '../engines/heisenberg/push';
import { stepCount, stepOf } from '../engines/heisenberg/steps';
import { launchBits, launchKernels, pullWork, termSteps } from '../engines/heisenberg/strings';
import { displacedWork, forwardWork, pullingWork } from '../engines/noisy/work';
import { headTicks } from '../engines/pool';
import { BACKWARD_WORK } from '../engines/samples';
import { isPacked } from '../engines/shape';
import { displacedShotsWork, shotsWork } from '../engines/trajectories/work';
import { gradientPasses } from '../gradients/dispatch';
import { gateBits } from '../kernels/slices';
import { drawingWork } from '../measure/draws';
import { measurementWork } from '../measure/shots';
import {
  allotsShots,
  calibrates,
  callerMeasures,
  countScales,
  displacedShots,
  displacesAngles,
  drawnOf,
  drawsSamples,
  parameterCount,
  pullsBack,
  pullsTwice,
  readsJacobian,
  removesHeadNoise,
  sweepsAngles,
} from '../memory/configuration';
import { integer } from '../memory/options';
import { Field, Stage, field } from '../memory/registers';
import { isBatchLaidOut, isHeisenberg, isMixed, isTrajectory } from '../memory/shape';
import { shotsOfAngle } from '../program/allotment';
import { bindingWork } from '../program/angles';
import { countMoved, isMovedBy } from '../program/blocks';
import { gateEnd, gateFirst, operation } from '../program/operations';
import { PAPER_FAMILY } from '../profile';
import { reversalTicks } from '../rules/adam-reversal';
import { poolTicks } from '../rules/frugal';
import { PARAMETERS_A_TICK } from '../rules/moves';
import { restartTicks } from '../rules/sgd-restart';
import { matrixTicks } from '../rules/sfgn';
import { DERIVATIVES_A_TICK } from './gradient';
import { prepareStep } from './step';

/** Samples of a full mini-batch whose derivatives are taken: half of a pool. */
function differentiated(): i32 {
  const batch = integer(Option.Batch);
  return drawsSamples() ? drawnOf(batch) : batch;
}

/** Tentative losses beyond the first, at most. */
function furtherTries(): i32 {
  return PAPER_FAMILY && isBacktracking(integer(Option.Rule)) ? integer(Option.Backtracks) : 0;
}

/** Ticks of what single samples add to the gradient, or of new parameters. */
function familyTicks(): i32 {
  const rule = integer(Option.Rule);
  if (isPerSample(rule)) return reversalTicks(integer(Option.Batch));
  return isRestarting(rule) ? restartTicks() : 0;
}

/** Circuits that one sample runs through for the losses of a step, at most, at every scale of the noise. */
function lossCircuits(): i32 {
  return countScales() * lossPasses();
}

/** Passes over the batch for the losses of a step, at most. */
function lossPasses(): i32 {
  return (isTentative(integer(Option.Rule)) ? 2 : 1) + furtherTries() + gradientPasses();
}

/** Angles that the step displaces. */
function movedAngles(): i32 {
  return displacesAngles() ? countMoved(0, field(Field.ActiveOperations)) : 0;
}

/** How often one sample runs with each of them displaced. */
function timesDisplaced(): i32 {
  // Circuits folded to the scales 1, 3, 5, ... have each angle so often, as often as there are scales squared.
  return 2 * countScales() * countScales();
}

/** Those with a displaced angle besides. */
function displacedCircuits(): i32 {
  return timesDisplaced() * movedAngles();
}

/** Their shots. */
function displacedCircuitShots(): f64 {
  if (!allotsShots()) return <f64>displacedCircuits() * displacedShots();
  let shots: f64 = 0;
  for (let i = field(Field.ActiveOperations) - 1; i >= 0; i--)
    if (isMovedBy(operation(i))) shots += <f64>shotsOfAngle(operation(i));
  return timesDisplaced() * shots;
}

/** Work of drawing them for all samples. */
function displacedDrawing(): f64 {
  if (!allotsShots()) return displacedCircuits() * drawingWork(differentiated(), displacedShots());
  let work: f64 = 0;
  for (let i = field(Field.ActiveOperations) - 1; i >= 0; i--)
    if (isMovedBy(operation(i))) work += <f64>drawingWork(differentiated(), shotsOfAngle(operation(i)));
  return timesDisplaced() * work;
}

/**
 * Circuit evaluations of the step that is next, or under way, at most where its rule may try several times; 0 before
 * `compile`.
 */
export function stepEvaluations(): f64 {
  if (field(Field.Stage) != Stage.Compiled) return 0;
  prepareStep();
  const settings = integer(Option.Shots) > 0 ? field(Field.MeasurementBases) : 1;
  return (
    (<f64>integer(Option.Batch) * lossCircuits() + <f64>differentiated() * displacedCircuits()) * settings
  );
}

/**
 * Shots of that step, in all its circuit evaluations, at most where its rule may try several times; 0 where they are
 * exact, and before `compile`.
 */
export function stepShots(): f64 {
  if (field(Field.Stage) != Stage.Compiled) return 0;
  prepareStep();
  const losses = <f64>integer(Option.Batch) * lossCircuits() * integer(Option.Shots);
  const displaced = displacedCircuitShots() * differentiated();
  return <f64>field(Field.MeasurementBases) * (losses + displaced);
}

/** Work of pulling all outputs back in columns. */
function outputsWork(): f64 {
  let work: f64 = 0;
  for (let k = integer(Option.Outputs) - 1; k >= 0; k--) work += pullBackWork(k, differentiated());
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
    const start = mixtureWork(differentiated()) + (startKernels(list) << startBits(list));
    work += pushedStates() * start;
    for (let i = stepCount(list) - 1; i >= 0; i--) work += pushWork(stepOf(list, i));
  }
  return work;
}

/** Work of what a pool takes beside its passes. */
function poolWork(noisy: bool): f64 {
  const batch = integer(Option.Batch);
  const head: f64 = integer(Option.Logits) > 0 ? <f64>batch * headTicks(noisy) : 0;
  return head + poolTicks(batch);
}

/**
 * Work of that step in the units of `stepAdvance`: gates on a pair of samples or columns, and a little around them; at most
 * where its rule may try several times.
 */
export function stepWork(): f64 {
  if (field(Field.Stage) != Stage.Compiled) return 0;
  prepareStep();
  const asked = callerMeasures();
  // Where the caller runs the circuits, nothing is left of their gates but one step each.
  const gates = field(Field.GateCount);
  const run = asked ? 0 : gates;
  const columns = isBatchLaidOut();
  const pairs = (integer(Option.Batch) + 1) >> 1;
  const shots = integer(Option.Shots);
  const joint = shots > 0 && field(Field.JointShots) != 0;
  const width = columns ? <f64>(1 << gateBits()) : 1;
  // To put a question is a tick of its own.
  const each = <f64>measurementWork() + (asked ? 1 : 0);
  const matrices: f64 = joint || isHeisenberg() ? 0 : <f64>matrixOfTermWork() * field(Field.TermCount);
  const measurement = columns ? each * pairs + matrices : each;
  const some = (differentiated() + 1) >> 1;
  const displaced = columns ? each * some + matrices : each;
  // Encode, forward, measure.
  let pass = 1 + width * run + measurement;
  if (isHeisenberg()) pass = stringsWork() + measurement;
  if (isMixed()) pass = forwardWork(measurement);
  if (isTrajectory()) pass = shotsWork(shots, measurement);
  let slopes: f64 = 0;
  if (gates > 0) {
    if (isMixed()) {
      if (pullsBack()) slopes = pullingWork();
      else if (displacesAngles()) slopes = displacedWork(each);
    } else if (isTrajectory()) {
      slopes = displacedShotsWork(movedAngles(), displacedCircuitShots() / timesDisplaced(), each);
    } else if (isHeisenberg() && sweepsAngles()) {
      // The sweep; a tick a gate, and per angle and sign one to begin and a measurement.
      slopes = sweepWork() + gates + 2 * movedAngles() * (1 + displaced);
    } else if (isHeisenberg()) {
      if (pullsBack()) slopes = mixturesWork();
    } else if (pullsBack()) {
      slopes = (columns ? backwardWork() : BACKWARD_WORK) * gates;
      slopes += columns ? outputsWork() : 1;
    } else if (displacesAngles()) {
      for (let g = 0; g < gates; g++) {
        // Join the prefix; per angle the gate with it displaced and the rest; per sign both states put together, and
        // a measurement.
        const angles = countMoved(gateFirst(g), gateEnd(g));
        const kernels = asked ? 0 : gates - g + 2;
        slopes += width + angles * (width * kernels + 2 * displaced);
      }
    }
  }
  let passes = lossPasses() * pass;
  if (columns) {
    // They lay the batch out once.
    passes += slopes + (isPacked() ? 2 * pairs : pairs);
  } else {
    passes = passes * pairs + slopes * some;
  }
  if (joint && !asked && !isTrajectory()) {
    passes += lossCircuits() * drawingWork(integer(Option.Batch), shots);
    passes += displacedDrawing();
  }
  if (isMixed() && calibrates() && shots > 0 && !joint) {
    // Bitstrings of every term, and a tick behind the last.
    const bases = <f64>field(Field.MeasurementBases);
    const losses = bases * drawingWork(integer(Option.Batch), shots) + pairs;
    const shifted = bases * drawingWork(differentiated(), displacedShots()) + some;
    passes += lossCircuits() * losses + displacedCircuits() * shifted;
  }
  if (drawsSamples()) {
    passes += poolWork(removesHeadNoise());
    // Those that are drawn are laid out too, or encoded and run again.
    const again = isMixed() ? forwardWork(0) : isTrajectory() ? 1 : 1 + width * run;
    if (gates > 0) passes += some * (columns ? (isPacked() ? 2 : 1) : again);
  }
  // Start, norms and update; with a test, the decision too, and angles for the tentative pass.
  const angles = asked ? 1 : bindingWork();
  const moves = (parameterCount() + PARAMETERS_A_TICK - 1) / PARAMETERS_A_TICK;
  const parts = (parameterCount() + DERIVATIVES_A_TICK - 1) / DERIVATIVES_A_TICK;
  passes += gradientPasses() * (angles + 2 * parts);
  if (PAPER_FAMILY) passes += furtherTries() * (angles + moves) + familyTicks();
  if (readsJacobian()) passes += matrixTicks();
  return passes + (isTentative(integer(Option.Rule)) ? 3 + 2 * (angles + moves) : 3 + angles);
}
