/**
 * Displaced angles in the Heisenberg engine: no displaced circuit runs. When the losses are measured, one sweep forward
 * for each term, two lanes at a time, tells what every displaced circuit would give; then those are measured pair by
 * pair, in the order and with the random numbers of parameter-shift.ts.
 *
 *   PullBack -> Backward ... (each pair of lanes, each term; where the sweep undoes a vector, Launch -> Forward ... before)
 *     -> Superpose -> Measure (each pair) -> Superpose (the other sign, the next angle) ... -> Prefix (the next gate)
 */
import { displacedShots } from '../../memory/configuration';
import { Field, field, setField } from '../../memory/registers';
import { inBlocks } from '../../program/blocks';
import { countAngles } from '../../program/operations';
import { Phase, worked } from '../contract';
import { enterMeasurement } from '../measurement';
import { displaceGate, measureDisplaced } from '../parameter-shift';
import { displacedLanes } from '../shape';
import { isUndone, startLanes, sweepStep, sweepWorkOf } from './displaced-steps';
import { Step, stepCount, stepKind, stepOf } from './steps';
import { launchBits, launchKernels, pullWork, termSteps } from './strings';

/** A term's sweep is next; behind the last one, the displaced circuits are measured. */
export function sweepTerm(index: i32): Phase {
  setField(Field.Term, index);
  setField(Field.LanePair, 0);
  if (index < field(Field.TermCount)) return Phase.PullBack;
  setField(Field.Angle, -1);
  setField(Field.Shots, displacedShots());
  return displaceGate(0);
}

/** Whether a string that is pulled back is one whose sweep is under way. */
export function isSweeping(): bool {
  return field(Field.LanePair) != 0;
}

/** The step of the sweep that is next; behind the last one, the next pair of lanes. */
function enterStep(step: i32): Phase {
  const index = field(Field.Term);
  const lanePair = field(Field.LanePair);
  setField(Field.StringStep, step);
  if (step >= 0) return Phase.Backward;
  if (2 * (lanePair + 1) >= displacedLanes()) return sweepTerm(index + 1);
  setField(Field.LanePair, lanePair + 1);
  return isUndone(index) ? Phase.Launch : Phase.PullBack;
}

/** One part of the sweep: a pair of lanes at the start of the circuit, or one step. */
function sweep(phase: Phase): Phase {
  const index = field(Field.Term);
  const list = termSteps(index);
  if (phase == Phase.PullBack) {
    startLanes(index, field(Field.LanePair));
    return enterStep(stepCount(list) - 1);
  }
  const step = field(Field.StringStep);
  worked(sweepWorkOf(stepOf(list, step)));
  return enterStep(sweepStep(index, field(Field.LanePair), step));
}

/** A displaced circuit to measure. */
function displace(): Phase {
  if (field(Field.Shift) == 1) {
    // Angles outside a block are left out.
    const next = inBlocks() ? countAngles(0, field(Field.DisplacedOperation)) : field(Field.Angle) + 1;
    setField(Field.Angle, next);
  }
  setField(Field.Pair, 0);
  return enterMeasurement();
}

/** Goes on with the phases of the sweep and of the displaced circuits, as far as the allowance reaches. */
export function displacedTick(first: Phase): Phase {
  const allowance = field(Field.Allowance);
  let phase = first;
  let work = 0;
  do {
    worked(1);
    if (phase == Phase.Measure) phase = measureDisplaced();
    else if (phase == Phase.Superpose) phase = displace();
    else if (phase == Phase.Prefix) phase = displaceGate(field(Field.Gate) + 1);
    else phase = sweep(phase);
    work += field(Field.Work);
  } while (work < allowance && isDisplaced(phase));
  worked(work);
  return phase;
}

/** Whether a phase is one of these. */
export function isDisplaced(phase: Phase): bool {
  if (phase == Phase.Measure) return field(Field.Shift) != 0;
  return (
    phase == Phase.PullBack || phase == Phase.Backward || phase == Phase.Superpose || phase == Phase.Prefix
  );
}

/** Work of all terms' sweeps. */
export function sweepWork(): f64 {
  const lanePairs = <f64>(displacedLanes() >> 1);
  let work: f64 = 0;
  for (let t = field(Field.TermCount) - 1; t >= 0; t--) {
    const list = termSteps(t);
    let sweep: f64 = 1;
    let pull: f64 = 0;
    for (let i = stepCount(list) - 1; i >= 0; i--) {
      const step = stepOf(list, i);
      // Turns are measured and pushed.
      sweep += <f64>((stepKind(step) == Step.Turn ? 2 : 1) * sweepWorkOf(step));
      pull += <f64>pullWork(list, i);
    }
    for (let i = launchKernels(t) - 1; i >= 0; i--) pull += <f64>(1 << launchBits(t, i));
    work += lanePairs * sweep + (isUndone(t) ? (lanePairs - 1) * pull : 0);
  }
  return work;
}
