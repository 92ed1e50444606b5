/**
 * A term's Pauli string on its way: pulled back as a vector step by step, written as a matrix over the columns, and
 * met by the mixture of the batch, which is pushed forward again.
 */
import { Operation } from '../../abi/codes';
import {
  clearVector,
  contractSite,
  contractedSums,
  copyVector,
  crossSite,
  expandSite,
  gather,
  scatter,
  turnPair,
  turnSite,
  vectorBytes,
} from '../../kernels/pauli-vector';
import { pullsTwice } from '../../memory/configuration';
import { PAIR, REAL, clear, get, put } from '../../memory/reals';
import {
  Buffer,
  COSINE_SINE,
  ENVIRONMENT,
  Field,
  GATE_COEFFICIENTS,
  UP,
  buffer,
  field,
  setBuffer,
  setField,
} from '../../memory/registers';
import { operationAngle } from '../../program/angles';
import { readyGate } from '../../program/gates';
import { term, termScale, termX, termZ } from '../../program/observable';
import {
  GateKind,
  gateFirst,
  gateKind,
  isTrainable,
  operation,
  operationKind,
} from '../../program/operations';
import { termMatrix } from '../columns/layout';
import { accumulate, differentiateLane, weighLanes } from '../environment';
import { TURN_BYTES, matrixBytes, matrixWidth } from '../shape';
import {
  NO_GATE,
  Step,
  elementOf,
  lastMask,
  lastSites,
  lastVector,
  mustUndo,
  placeInRun,
  resultSites,
  resultVector,
  stepGate,
  stepKind,
  stepOf,
  stepOther,
  stepSite,
  stepSites,
  stepTable,
  stepVector,
} from './steps';

/** The list of steps of a term. */
export function termSteps(index: i32): usize {
  return load<u32>(buffer(Buffer.Steps) + ((<usize>index) << 2));
}

/** Work of one step either way, in gate applications on a pair of samples. */
export function stepWorkOf(index: i32, at: i32): i32 {
  const sites = stepSites(stepOf(termSteps(index), at));
  return 1 + ((1 << (2 * sites)) >> (field(Field.RowBits) + 3));
}

/** The turn of a fused gate, nine reals: see `readyTurns`. */
function turnOf(gate: u32): usize {
  return buffer(Buffer.Turns) + <usize>gate * TURN_BYTES;
}

/** The Bloch vector in which a gate, or none, leaves a qubit that was in |0>: the last row of its turn. */
function blochOf(gate: u32): usize {
  return gate == NO_GATE ? UP : turnOf(gate) + 6 * REAL;
}

/**
 * The turns of Bloch vectors by all fused gates, for the parameters in force: a gate U = w - i (x X + y Y + z Z)
 * has U^* sigma_k U = sum_j T_jk sigma_j, by which observables are pulled back, and states pushed by the
 * transpose.
 */
function readyTurns(): void {
  const gates = field(Field.GateCount);
  for (let gate = 0; gate < gates; gate++) {
    if (gateKind(gate) != GateKind.Unitary) continue;
    readyGate(gate, false);
    const w = load<real>(GATE_COEFFICIENTS);
    const x = load<real>(GATE_COEFFICIENTS, PAIR);
    const y = load<real>(GATE_COEFFICIENTS, 2 * PAIR);
    const z = load<real>(GATE_COEFFICIENTS, 3 * PAIR);
    const to = turnOf(gate);
    put(to, 0, 1 - 2 * (y * y + z * z));
    put(to, 1, 2 * (x * y + w * z));
    put(to, 2, 2 * (x * z - w * y));
    put(to, 3, 2 * (x * y - w * z));
    put(to, 4, 1 - 2 * (x * x + z * z));
    put(to, 5, 2 * (y * z + w * x));
    put(to, 6, 2 * (x * z + w * y));
    put(to, 7, 2 * (y * z - w * x));
    put(to, 8, 1 - 2 * (x * x + y * y));
  }
  put(UP, 0, 0);
  put(UP, 1, 0);
  put(UP, 2, 1);
}

/** Cosine and sine of a two-qubit rotation's whole angle, in COSINE_SINE. */
function readyPair(gate: u32): void {
  const angle = operationAngle(gateFirst(gate));
  const c = load<real>(angle);
  const s = load<real>(angle, REAL);
  put(COSINE_SINE, 0, c * c - s * s);
  put(COSINE_SINE, 1, 2 * c * s);
}

function axisOf(gate: u32): u32 {
  return operationKind(operation(gateFirst(gate))) - Operation.RXX;
}

/** A term's Pauli string as its first vector; with the first term, all gates' turns. */
export function launchTerm(index: i32): void {
  if (index == 0) readyTurns();
  const record = term(index);
  const list = termSteps(index);
  const vector = resultVector(list, -1);
  clearVector(vector, resultSites(list, -1));
  let string = 0;
  let site = 0;
  for (let bits = termX(record) | termZ(record); bits > 0; bits &= bits - 1) {
    const x = termX(record) & bits & (0 - bits);
    const z = termZ(record) & bits & (0 - bits);
    string |= (x != 0 ? (z != 0 ? 2 : 1) : 3) << (2 * site++);
  }
  put(vector, string, 1);
}

/** Pulls a term back by one step. */
export function pullStep(index: i32, at: i32): void {
  const list = termSteps(index);
  const step = stepOf(list, at);
  const kind = stepKind(step);
  const sites = stepSites(step);
  const vector = stepVector(step);
  const to = resultVector(list, at);
  if (kind == Step.Turn) {
    turnSite(vector, sites, stepSite(step), turnOf(stepGate(step)), false);
  } else if (kind == Step.Contract) {
    contractSite(to, vector, sites, stepSite(step), blochOf(stepGate(step)));
  } else if (kind == Step.Clifford) {
    clearVector(to, resultSites(list, at));
    scatter(to, vector, 1 << (2 * sites), stepTable(step));
  } else if (kind == Step.Grow) {
    clear(vector + vectorBytes(sites), vector + vectorBytes(resultSites(list, at)));
  } else {
    readyPair(stepGate(step));
    turnPair(
      vector,
      sites,
      stepSite(step),
      stepOther(step),
      axisOf(stepGate(step)),
      get(COSINE_SINE, 0),
      get(COSINE_SINE, 1),
      vector,
    );
  }
}

// ---- between the last vector and matrices over the columns -------------------------------------

/** Y is -i J with J real: strings with two Y too many change sign, those with an odd number do not count for real samples. */
function realStrings(vector: usize, sites: u32): void {
  const strings = 1 << (2 * sites);
  for (let string = 0; string < strings; string++) {
    const letters = popcnt<u32>((string >> 1) & ~string & 0x55555555);
    if ((letters & 1) != 0) put(vector, string, 0);
    else if ((letters & 2) != 0) put(vector, string, -get(vector, string));
  }
}

/** Letters I, X, J, Z to elements 00, 01, 10, 11 on every site, or the transpose: the same sums and differences. */
function mixLetters(vector: usize, sites: u32): void {
  const end = vector + vectorBytes(sites);
  for (let site: u32 = 0; site < sites; site++) {
    const span = vectorBytes(site);
    for (let block = vector; block < end; block += 4 * span) {
      for (let a = block; a < block + span; a += REAL) {
        const p0 = load<real>(a);
        const p1 = load<real>(a + span);
        const p2 = load<real>(a + 2 * span);
        const p3 = load<real>(a + 3 * span);
        store<real>(a, p0 + p3);
        store<real>(a + span, p1 + p2);
        store<real>(a + 2 * span, p1 - p2);
        store<real>(a + 3 * span, p0 - p3);
      }
    }
  }
}

/** Writes a term's matrix over the columns. Overwrites `Buffer.State`. */
export function finishTerm(index: i32): void {
  const list = termSteps(index);
  const sites = lastSites(list);
  const vector = buffer(Buffer.State);
  copyVector(vector, lastVector(list), sites);
  realStrings(vector, sites);
  mixLetters(vector, sites);
  const matrix = termMatrix(index);
  clear(matrix, matrix + matrixBytes());
  const others = otherBits(list);
  for (let string: u32 = 0; string < (<u32>1) << (2 * sites); string++) {
    const element = elementOf(list, string);
    let block: u32 = 0;
    do {
      const place = placeOf(element, block);
      if (place >= 0) put(matrix, place, get(vector, string));
      block = (block - others) & others;
    } while (block != 0);
  }
}

/** Column bits that are no sites: they tell equal blocks of the matrix apart. */
function otherBits(list: usize): u32 {
  return (((<u32>1) << field(Field.ColumnBits)) - 1) & ~lastMask(list);
}

/** Where an element of a block is in a matrix; -1 outside. */
function placeOf(element: u32, block: u32): i32 {
  const width = matrixWidth();
  const row = <i32>((element >> 16) | block);
  const column = <i32>((element & 0xffff) | block);
  return max(row, column) < width ? row * width + column : -1;
}

/** The mixture of the batch in `Buffer.Mixture` as a vector of strings, scaled by a term's coefficient. */
export function startPush(index: i32, vector: usize): void {
  const list = termSteps(index);
  const sites = lastSites(list);
  const others = otherBits(list);
  const scale = termScale(term(index));
  for (let string: u32 = 0; string < (<u32>1) << (2 * sites); string++) {
    const element = elementOf(list, string);
    let sum: real = 0;
    let block: u32 = 0;
    do {
      const place = placeOf(element, block);
      if (place >= 0) sum += get(buffer(Buffer.Mixture), place);
      block = (block - others) & others;
    } while (block != 0);
    put(vector, string, scale * sum);
  }
  mixLetters(vector, sites);
  realStrings(vector, sites);
}

// ---- forward again, with the gradient ----------------------------------------------------------

/** Derivatives by the angles of a fused gate from its environment {x y z} in ENVIRONMENT. */
function differentiate(gate: u32): void {
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

/** Weighs what the state pushed forward in one of the two buffers adds to which gradient. */
function weighPush(plain: bool): void {
  weighLanes(plain ? 0 : 1, 0, plain ? 1 : 0, 0);
}

/**
 * Pushes the mixtures forward by one step of a term and adds the derivatives by its gate. A run of turns is
 * gone through twice: first differentiated, while observable and state stand at the same time, then pushed.
 * @param at the step, `stepCount` - 1 first
 * @returns the next step; below 0 when all are done
 */
export function pushStep(index: i32, at: i32): i32 {
  const list = termSteps(index);
  const step = stepOf(list, at);
  const kind = stepKind(step);
  const gate = stepGate(step);
  const states = pullsTwice() ? 2 : 1;
  const differentiating = kind == Step.Turn && field(Field.Sweep) == 0;
  if (kind == Step.TurnPair) readyPair(gate);
  const c = get(COSINE_SINE, 0);
  const s = get(COSINE_SINE, 1);
  const vector = stepVector(step);
  const sites = stepSites(step);
  const site = stepSite(step);
  for (let which = 0; which < states; which++) {
    const name = which == 0 ? Buffer.State : Buffer.Second;
    const state = buffer(name);
    weighPush(which == 1);
    if (differentiating) {
      crossSite(state, vector, sites, site, ENVIRONMENT);
      turnEnvironment(turnOf(gate));
      differentiate(gate);
    } else if (kind == Step.Turn) {
      turnSite(state, sites, site, turnOf(gate), true);
    } else if (kind == Step.Contract) {
      if (gate != NO_GATE) {
        contractedSums(state, vector, sites, site, ENVIRONMENT);
        crossBloch(blochOf(gate));
        differentiate(gate);
      }
      expandSite(state, sites, site, blochOf(gate));
    } else if (kind == Step.Clifford) {
      gather(buffer(Buffer.Scratch), state, 1 << (2 * sites), stepTable(step));
      setBuffer(name, buffer(Buffer.Scratch));
      setBuffer(Buffer.Scratch, state);
    } else if (kind == Step.TurnPair) {
      const only = operation(gateFirst(gate));
      const slope = turnPair(state, sites, site, stepOther(step), axisOf(gate), c, -s, vector);
      if (isTrainable(only)) accumulate(only, slope, 0);
    }
  }
  if (mustUndo(step) && !differentiating) {
    if (kind == Step.Turn) turnSite(vector, sites, site, turnOf(gate), true);
    else if (kind == Step.TurnPair)
      turnPair(vector, sites, site, stepOther(step), axisOf(gate), c, -s, vector);
  }
  return nextStep(step, at, differentiating);
}

/** The order in which `pushStep` goes: down the list, each run of turns twice. */
function nextStep(step: usize, at: i32, differentiating: bool): i32 {
  if (stepKind(step) != Step.Turn) return at - 1;
  const place = <i32>placeInRun(step);
  if (differentiating) {
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
