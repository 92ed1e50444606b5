/**
 * The mixture of the batch on its way forward through the circuit, where it meets the vectors that were kept on the
 * string's way back, which gives the derivatives; each step is a series of kernels like those of strings.ts.
 *
 * A run of turns is gone through twice: first differentiated, while observable and state stand at the same time, then
 * pushed.
 */
import {
  clearLetterSums,
  contractedSums,
  crossSite,
  expandSite,
  gatherGroups,
  gatherImages,
  joinLetterSums,
  leaveSums,
  turnPair,
  turnSite,
  vectorBytes,
} from '../../kernels/pauli-vector';
import { isLastSlice } from '../../kernels/slices';
import { pullsTwice } from '../../memory/configuration';
import { get, put } from '../../memory/reals';
import {
  Buffer,
  COSINE_SINE,
  ENVIRONMENT,
  Field,
  buffer,
  field,
  setBuffer,
  setField,
} from '../../memory/registers';
import { gateFirst, isTrainable, operation } from '../../program/operations';
import { accumulate, differentiateLane, weighLanes } from '../environment';
import {
  NO_GATE,
  Step,
  gateLeaving,
  groupBits,
  isTableLong,
  mustUndo,
  placeInRun,
  sitesLeaving,
  stepGate,
  stepKind,
  stepNumbers,
  stepOther,
  stepSite,
  stepSites,
  stepVector,
  stepWeights,
} from './steps';
import { stringBits } from './strings';
import { axisOf, blochOf, readyPair, turnOf } from './turns';

/** States that are pushed: the mixture that the loss weighs, and with |grad <O>| that of the plain mean. */
export function pushedStates(): i32 {
  return pullsTwice() ? 2 : 1;
}

/** The buffer of one of them. */
export function pushedState(which: i32): Buffer {
  return which == 0 ? Buffer.State : Buffer.Second;
}

/** Whether the step is a turn that is differentiated now, not pushed. */
function isDifferentiating(step: usize): bool {
  return stepKind(step) == Step.Turn && field(Field.Sweep) == 0;
}

/** Kernels of one step for each state: those that a gate's derivatives take come before the push. */
function kernelsAState(step: usize): i32 {
  const kind = stepKind(step);
  if (kind == Step.Clifford && sitesLeaving(step) > 0) return 3 + <i32>sitesLeaving(step);
  if (kind == Step.Contract && stepGate(step) != NO_GATE) return 3;
  return isDifferentiating(step) ? 2 : 1;
}

/** Kernels of one step of the way forward: those of the states, and the observable as it was before the step. */
export function pushKernels(step: usize): i32 {
  const undone = mustUndo(step) && !isDifferentiating(step);
  return pushedStates() * kernelsAState(step) + <i32>undone;
}

/** One of them is cut into 2^b slices: all but what is done with the sums of a kernel before. */
export function pushBits(step: usize, kernel: i32): i32 {
  const each = kernelsAState(step);
  const kind = stepKind(step);
  if (kind == Step.Grow) return 0;
  kernel %= each;
  const whole = kind == Step.Clifford ? each > 1 && kernel != 1 : kernel == 1;
  return whole ? 0 : stringBits(stepSites(step));
}

/** Work of one pass of one step of the way forward, in units of `stepAdvance`. */
export function passWork(step: usize): i32 {
  const each = kernelsAState(step);
  const kind = stepKind(step);
  if (kind == Step.Grow) return pushKernels(step);
  // Of a pass that takes sums, one kernel or two go through all strings.
  const long = kind == Step.Contract && each > 1 ? 2 : 1;
  const bits = stringBits(stepSites(step));
  const states = pushedStates();
  return states * (each - long) + ((pushKernels(step) - states * (each - long)) << bits);
}

/** Work of one step of the way forward: of a turn, that of both passes. */
export function pushWork(step: usize): i32 {
  if (stepKind(step) != Step.Turn) return passWork(step);
  const states = pushedStates();
  return states + ((2 * states + <i32>mustUndo(step)) << stringBits(stepSites(step)));
}

// ---- derivatives ---------------------------------------------------------------------------------

/** What a pushed state adds to which gradient. */
function weigh(name: Buffer): void {
  const loss: real = name == Buffer.State ? 1 : 0;
  weighLanes(loss, 0, 1 - loss, 0);
}

/** Derivatives by the angles of a fused gate from its environment {x y z} in ENVIRONMENT, by a pushed state. */
function differentiate(gate: u32, name: Buffer): void {
  weigh(name);
  differentiateLane(gate, 0, get(ENVIRONMENT, 0), get(ENVIRONMENT, 1), get(ENVIRONMENT, 2));
}

/** The environment in ENVIRONMENT, taken before the gate, turned with it. */
function turnEnvironment(turn: usize): void {
  const x = get(ENVIRONMENT, 0);
  const y = get(ENVIRONMENT, 1);
  const z = get(ENVIRONMENT, 2);
  for (let axis = 0; axis < 3; axis++) {
    put(ENVIRONMENT, axis, get(turn, axis) * x + get(turn, axis + 3) * y + get(turn, axis + 6) * z);
  }
}

/** The environment of a gate that starts its qubit: its Bloch vector r crossed with the sums of the letters. */
function crossBloch(bloch: usize): void {
  const x = get(ENVIRONMENT, 0);
  const y = get(ENVIRONMENT, 1);
  const z = get(ENVIRONMENT, 2);
  const rx = get(bloch, 0);
  const ry = get(bloch, 1);
  const rz = get(bloch, 2);
  put(ENVIRONMENT, 0, ry * z - rz * y);
  put(ENVIRONMENT, 1, rz * x - rx * z);
  put(ENVIRONMENT, 2, rx * y - ry * x);
}

/** The derivatives by the gate that starts a qubit, from the sums of its letters in ENVIRONMENT. */
function differentiateStart(gate: u32, name: Buffer): void {
  if (gate == NO_GATE) return;
  crossBloch(blochOf(gate));
  differentiate(gate, name);
}

// ---- one step forward ----------------------------------------------------------------------------

/** Pushes the states forward by one kernel of one step, or undoes the step on the vector that it changed in place. */
export function pushKernel(step: usize, kernel: i32): void {
  const each = kernelsAState(step);
  const which = kernel / each;
  if (which == pushedStates()) {
    undo(step);
    return;
  }
  kernel -= which * each;
  const name = pushedState(which);
  switch (stepKind(step)) {
    case Step.Turn:
      pushTurn(step, name, kernel);
      break;
    case Step.Contract:
      pushContract(step, name, each - kernel);
      break;
    case Step.Clifford:
      pushClifford(step, name, kernel);
      break;
    case Step.TurnPair:
      pushPair(step, name);
      break;
  }
}

function pushTurn(step: usize, name: Buffer, kernel: i32): void {
  const state = buffer(name);
  const gate = stepGate(step);
  const sites = stepSites(step);
  if (!isDifferentiating(step)) {
    turnSite(state, sites, stepSite(step), turnOf(gate), true);
  } else if (kernel == 0) {
    crossSite(state, stepVector(step), sites, stepSite(step), ENVIRONMENT);
  } else {
    turnEnvironment(turnOf(gate));
    differentiate(gate, name);
  }
}

/** @param left kernels, with this one */
function pushContract(step: usize, name: Buffer, left: i32): void {
  const state = buffer(name);
  const gate = stepGate(step);
  const sites = stepSites(step);
  if (left == 3) contractedSums(state, stepVector(step), sites, stepSite(step), ENVIRONMENT);
  else if (left == 2) differentiateStart(gate, name);
  else expandSite(state, sites, stepSite(step), blochOf(gate));
}

/** The state goes through the scratch buffer, with which its own changes place. */
function pushClifford(step: usize, name: Buffer, kernel: i32): void {
  const leaving = sitesLeaving(step);
  const weights = stepWeights(step);
  const state = buffer(name);
  const scratch = buffer(Buffer.Scratch);
  const sites = stepSites(step);
  const numbers = stepNumbers(step);
  const long = isTableLong(step);
  if (leaving == 0) {
    gatherImages(scratch, state, sites, numbers, long);
    if (isLastSlice()) exchange(name, scratch, state);
  } else if (kernel == 0) {
    clearLetterSums(weights, leaving);
  } else if (kernel == 1) {
    const vector = stepVector(step);
    gatherGroups(scratch, state, vector, sites, numbers, groupBits(step), leaving, weights);
    if (isLastSlice()) exchange(name, scratch, state);
  } else if (kernel == 2) {
    joinLetterSums(weights, leaving);
  } else {
    // The highest site first.
    const site = leaving - 1 - <u32>(kernel - 3);
    const gate = gateLeaving(step, site);
    leaveSums(weights, weights + 2 * vectorBytes(leaving), site, blochOf(gate), ENVIRONMENT);
    differentiateStart(gate, name);
  }
}

function exchange(name: Buffer, scratch: usize, state: usize): void {
  setBuffer(name, scratch);
  setBuffer(Buffer.Scratch, state);
}

function pushPair(step: usize, name: Buffer): void {
  turnPairBack(step, buffer(name));
  const only = operation(gateFirst(stepGate(step)));
  if (!isLastSlice() || !isTrainable(only)) return;
  weigh(name);
  accumulate(only, get(ENVIRONMENT, 0), 0);
}

/** The transpose of the step's rotation about two sites on a state, with the derivative by its angle in ENVIRONMENT. */
function turnPairBack(step: usize, state: usize): void {
  const gate = stepGate(step);
  readyPair(gate);
  const c = get(COSINE_SINE, 0);
  const s = get(COSINE_SINE, 1);
  const sites = stepSites(step);
  const vector = stepVector(step);
  turnPair(state, sites, stepSite(step), stepOther(step), axisOf(gate), c, -s, vector, ENVIRONMENT);
}

/** The observable's vector as it was before the step. */
export function undo(step: usize): void {
  const vector = stepVector(step);
  if (stepKind(step) == Step.Turn)
    turnSite(vector, stepSites(step), stepSite(step), turnOf(stepGate(step)), true);
  else if (stepKind(step) == Step.TurnPair) turnPairBack(step, vector);
}

/** The order in which steps are pushed: down the list, each run of turns twice. @returns the next step; below 0 behind the last */
export function nextPushed(step: usize, at: i32): i32 {
  if (stepKind(step) != Step.Turn) return at - 1;
  const place = <i32>placeInRun(step);
  if (field(Field.Sweep) == 0) {
    const passed = field(Field.Run) + 1;
    setField(Field.Run, passed);
    if (place > 0) return at - 1;
    setField(Field.Sweep, 1);
    return at + passed - 1;
  }
  if (place == 0) {
    setField(Field.Sweep, 0);
    setField(Field.Run, 0);
  }
  return at - 1;
}
