/**
 * The forward sweep for displaced angles. With a the observable before a fused gate and s the state there, by the
 * letters of the gate's site,
 *
 *   K_jl = sum_rest a_j s_l,   f(angle +- pi/2) = f - tr K + n^T K n +- n.kappa,   kappa = (K_zy - K_yz, ...)
 *
 * where n is the axis of the rotation seen before the gate: what comes earlier in the gate, turned back. States are a
 * basis of the real symmetric matrices over the columns, so that each f is an element of the matrix of the displaced
 * circuit. Two of them go through the circuit at once, as lanes; the vectors of the observable are those of the way
 * back. A qubit that starts in |0> has the Bloch vector r = T^T (n n_z +- n x e_z) behind the gate, and f = h_0 + r.h.
 */
import {
  expandLanes,
  gatherLaneGroups,
  gatherLaneImages,
  joinLanes,
  leaveLanes,
  lettersOfSite,
  productsOfSite,
  turnLanes,
  turnPairOfLanes,
} from '../../kernels/pauli-lanes';
import { LANE, add, mul, splat, sub } from '../../kernels/state';
import { PAIR, REAL, get, put } from '../../memory/reals';
import { Buffer, COSINE_SINE, Field, buffer, field, setBuffer, setField } from '../../memory/registers';
import { operationAngle } from '../../program/angles';
import { turn } from '../../program/gates';
import {
  countAngles,
  gateEnd,
  gateFirst,
  isTrainable,
  operation,
  operationKind,
} from '../../program/operations';
import { displacedValues, elementOfLane, plainValue, timesOf } from './displaced-values';
import { otherBits } from './forms';
import { nextPushed, undo } from './push';
import {
  NO_GATE,
  Step,
  elementOf,
  gateLeaving,
  groupBits,
  isTableLong,
  lastSites,
  mustUndo,
  sitesLeaving,
  stepCount,
  stepGate,
  stepKind,
  stepNumbers,
  stepOf,
  stepOther,
  stepSite,
  stepSites,
  stepVector,
  stepWeights,
} from './steps';
import { stringBits, termSteps } from './strings';
import { axisOf, blochOf, readyPair, turnOf } from './turns';

// The workspace, in reals: what the circuit as it is gives, sums over strings, and the axes of the three kinds of
// rotation seen before the gate; last a vector.
const SUMS: usize = PAIR;
const AXES: usize = SUMS + 9 * PAIR;
const VECTOR: usize = AXES + 9 * REAL;

function workspace(): usize {
  return buffer(Buffer.Partner);
}

// ---- a basis of the states over the columns ----------------------------------------------------

/** A column as letters: the bits of the last vector's sites, one every second bit. */
function spread(list: usize, column: u32): u32 {
  let bits: u32 = 0;
  for (let site: u32 = 0; site < lastSites(list); site++) {
    const place: u32 = 1 << (2 * site);
    if ((elementOf(list, place) & column) != 0) bits |= place;
  }
  return bits;
}

/** Puts the element of one lane at the start of the circuit: Re<row|P|column> of every string P, as often as it is in a form. */
function startLane(list: usize, lane: i32, states: usize): void {
  const element = elementOfLane(lane);
  const row = (<u32>element) >> 16;
  const column = (<u32>element) & 0xffff;
  const rowBits = spread(list, row);
  const flips = rowBits ^ spread(list, column);
  const times: real = ((row ^ column) & otherBits(list)) == 0 ? timesOf(element) : 0;
  for (let string: u32 = 0; string < (<u32>1) << (2 * lastSites(list)); string++) {
    const z = (string >> 1) & 0x55555555;
    const letters = popcnt<u32>(z & ~string);
    const seen = (((string >> 1) ^ string) & 0x55555555) == flips && (letters & 1) == 0;
    // Two Y are -J J, and Z or J have their sign by the row.
    const minus = ((popcnt<u32>(z & rowBits) + (letters >> 1)) & 1) != 0;
    store<real>(states + <usize>string * PAIR, seen ? (minus ? -times : times) : 0);
  }
}

/** Starts the sweep of a term with a pair of lanes. */
export function startLanes(index: i32, lanePair: i32): void {
  const list = termSteps(index);
  const states = buffer(Buffer.State);
  for (let lane = 0; lane < 2; lane++) {
    startLane(list, 2 * lanePair + lane, states + <usize>lane * REAL);
    put(workspace(), lane, plainValue(index, 2 * lanePair + lane));
  }
  setField(Field.DisplacedOperation, 0);
  setField(Field.Angle, 0);
  setField(Field.Sweep, 0);
  setField(Field.Run, 0);
  writePlain(index, lanePair);
}

/** No angle changes what the term does not see: until it does, all displaced circuits give what the circuit gives. */
function writePlain(index: i32, lanePair: i32): void {
  const plain = workspace();
  const angles = countAngles(0, field(Field.ActiveOperations));
  const step = displacedValues(0, 1, 0) - displacedValues(0, 0, 0);
  let to = displacedValues(0, 0, index) + <usize>lanePair * PAIR;
  for (let circuit = 0; circuit < 2 * angles; circuit++) {
    for (let lane: usize = 0; lane < PAIR; lane += LANE) store<lanes>(to + lane, load<lanes>(plain + lane));
    to += step;
  }
}

// ---- what the angles of a gate give ------------------------------------------------------------

/** Where a pair of lanes goes for the next trainable angle. */
function target(index: i32, lanePair: i32, sign: i32): usize {
  return displacedValues(field(Field.Angle), sign, index) + <usize>lanePair * PAIR;
}

function nextAngle(): void {
  setField(Field.Angle, field(Field.Angle) + 1);
}

/** Moves on, or back, to the first angle of an operation or later. */
function seekAngle(to: i32): void {
  const from = field(Field.DisplacedOperation);
  const passed = to < from ? -countAngles(to, from) : countAngles(from, to);
  setField(Field.Angle, field(Field.Angle) + passed);
  setField(Field.DisplacedOperation, to);
}

/** f - tr K + n^T K n +- n.kappa, K in the sums. @param n three reals */
function writeTurned(index: i32, lanePair: i32, n: usize): void {
  const x = splat(n);
  const y = splat(n + REAL);
  const z = splat(n + 2 * REAL);
  for (let lane: usize = 0; lane < PAIR; lane += LANE) {
    const k = workspace() + SUMS + lane;
    const xx = load<lanes>(k);
    const xy = load<lanes>(k, PAIR);
    const xz = load<lanes>(k, 2 * PAIR);
    const yx = load<lanes>(k, 3 * PAIR);
    const yy = load<lanes>(k, 4 * PAIR);
    const yz = load<lanes>(k, 5 * PAIR);
    const zx = load<lanes>(k, 6 * PAIR);
    const zy = load<lanes>(k, 7 * PAIR);
    const zz = load<lanes>(k, 8 * PAIR);
    const alongX = mul(x, add(add(mul(xx, x), mul(xy, y)), mul(xz, z)));
    const alongY = mul(y, add(add(mul(yx, x), mul(yy, y)), mul(yz, z)));
    const alongZ = mul(z, add(add(mul(zx, x), mul(zy, y)), mul(zz, z)));
    const stays = sub(load<lanes>(workspace() + lane), add(add(xx, yy), zz));
    const even = add(stays, add(add(alongX, alongY), alongZ));
    const odd = add(add(mul(x, sub(zy, yz)), mul(y, sub(xz, zx))), mul(z, sub(yx, xy)));
    store<lanes>(target(index, lanePair, 0) + lane, add(even, odd));
    store<lanes>(target(index, lanePair, 1) + lane, sub(even, odd));
  }
  nextAngle();
}

/** h_0 + r.h, h in the sums, with r the Bloch vector of a qubit from |0> behind a gate that turns observables by `turn`. */
function writeStarted(index: i32, lanePair: i32, n: usize, turn: usize): void {
  const r = workspace() + VECTOR;
  for (let sign = 0; sign < 2; sign++) {
    const side: real = sign == 0 ? 1 : -1;
    const x = get(n, 0) * get(n, 2) + side * get(n, 1);
    const y = get(n, 1) * get(n, 2) - side * get(n, 0);
    const z = get(n, 2) * get(n, 2);
    for (let axis = 0; axis < 3; axis++)
      put(r, axis, get(turn, axis) * x + get(turn, axis + 3) * y + get(turn, axis + 6) * z);
    for (let lane: usize = 0; lane < PAIR; lane += LANE) {
      const h = workspace() + SUMS + lane;
      const along = add(
        add(mul(splat(r), load<lanes>(h, PAIR)), mul(splat(r + REAL), load<lanes>(h, 2 * PAIR))),
        mul(splat(r + 2 * REAL), load<lanes>(h, 3 * PAIR)),
      );
      store<lanes>(target(index, lanePair, sign) + lane, add(load<lanes>(h), along));
    }
  }
  nextAngle();
}

function axisOfKind(kind: u32): usize {
  return workspace() + AXES + <usize>(kind % 3) * (3 * REAL);
}

/** Writes the values of all trainable angles of a fused gate. @param starts whether the gate finds its qubit in |0> */
function writeUnitary(index: i32, lanePair: i32, gate: i32, starts: bool): void {
  seekAngle(gateFirst(gate));
  for (let i = 0; i < 9; i++) put(workspace() + AXES, i, i % 4 == 0 ? 1 : 0);
  const end = gateEnd(gate);
  for (let i = gateFirst(gate); i < end; i++) {
    const record = operation(i);
    const kind = operationKind(record);
    if (isTrainable(record)) {
      if (starts) writeStarted(index, lanePair, axisOfKind(kind), turnOf(gate));
      else writeTurned(index, lanePair, axisOfKind(kind));
    }
    // The axes of what comes later, seen before this rotation: l <- cos l - sin m, m <- cos m + sin l.
    const c = load<real>(operationAngle(i));
    const s = load<real>(operationAngle(i), REAL);
    const cosine = c * c - s * s;
    const sine: real = <real>2 * c * s;
    for (let part: usize = 0; part < 3 * REAL; part += REAL)
      turn(axisOfKind(kind + 2) + part, axisOfKind(kind + 1) + part, cosine, sine);
  }
  setField(Field.DisplacedOperation, end);
}

/** f - `along` +- `across`, the sums that `turnPairOfLanes` leaves. */
function writePair(index: i32, lanePair: i32, gate: i32): void {
  const first = gateFirst(gate);
  if (!isTrainable(operation(first))) return;
  seekAngle(first);
  for (let lane: usize = 0; lane < PAIR; lane += LANE) {
    const even = sub(load<lanes>(workspace() + lane), load<lanes>(workspace() + SUMS + lane));
    const odd = load<lanes>(workspace() + SUMS + lane, PAIR);
    store<lanes>(target(index, lanePair, 0) + lane, add(even, odd));
    store<lanes>(target(index, lanePair, 1) + lane, sub(even, odd));
  }
}

/** Whether a gate has any trainable angle. */
function hasAngles(gate: i32): bool {
  return countAngles(gateFirst(gate), gateEnd(gate)) > 0;
}

// ---- the sweep ---------------------------------------------------------------------------------

/** Whether the way forward leaves the vectors of a term other than it found them, so that they have to be pulled again. */
export function isUndone(index: i32): bool {
  const list = termSteps(index);
  for (let at = stepCount(list) - 1; at >= 0; at--) if (mustUndo(stepOf(list, at))) return true;
  return false;
}

/** Work of one step of the sweep, on a pair of lanes. */
export function sweepWorkOf(step: usize): i32 {
  return 2 << stringBits(stepSites(step));
}

/** What comes before a push: of a gate that starts its qubit in |0>, from the sums that are there. */
function writeStart(index: i32, lanePair: i32, gate: u32): void {
  if (gate != NO_GATE && hasAngles(gate)) writeUnitary(index, lanePair, gate, true);
}

/** The states go through the scratch buffer, with which their own changes places. */
function sweepClifford(index: i32, lanePair: i32, step: usize): void {
  const states = buffer(Buffer.State);
  const scratch = buffer(Buffer.Scratch);
  const weights = stepWeights(step);
  const leaving = sitesLeaving(step);
  const sites = stepSites(step);
  const numbers = stepNumbers(step);
  const long = isTableLong(step);
  if (leaving == 0) {
    gatherLaneImages(scratch, states, sites, numbers, long);
  } else {
    const vector = stepVector(step);
    gatherLaneGroups(scratch, states, vector, sites, numbers, groupBits(step), leaving, weights);
  }
  setBuffer(Buffer.State, scratch);
  setBuffer(Buffer.Scratch, states);
  if (leaving == 0) return;
  joinLanes(weights, leaving);
  for (let site = leaving; site-- > 0;) {
    const gate = gateLeaving(step, site);
    leaveLanes(weights, leaving, site, blochOf(gate), workspace() + SUMS);
    writeStart(index, lanePair, gate);
  }
}

/**
 * Pushes a pair of lanes forward by one step of a term and writes what the displaced angles of its gate give. A run of
 * turns is gone through twice, as in push.ts.
 * @param at the step, `stepCount` - 1 first
 * @returns the next step; below 0 when all are done
 */
export function sweepStep(index: i32, lanePair: i32, at: i32): i32 {
  const step = stepOf(termSteps(index), at);
  const kind = stepKind(step);
  const gate = stepGate(step);
  const vector = stepVector(step);
  const sites = stepSites(step);
  const site = stepSite(step);
  const states = buffer(Buffer.State);
  const sums = workspace() + SUMS;
  const differentiating = kind == Step.Turn && field(Field.Sweep) == 0;
  if (differentiating) {
    if (hasAngles(gate)) {
      productsOfSite(states, vector, sites, site, sums);
      writeUnitary(index, lanePair, gate, false);
    }
  } else if (kind == Step.Turn) {
    turnLanes(states, sites, site, turnOf(gate));
  } else if (kind == Step.Contract) {
    lettersOfSite(states, vector, sites, site, sums);
    writeStart(index, lanePair, gate);
    expandLanes(states, sites, site, blochOf(gate));
  } else if (kind == Step.Clifford) {
    sweepClifford(index, lanePair, step);
  } else if (kind == Step.TurnPair) {
    readyPair(gate);
    turnPairOfLanes(states, sites, site, stepOther(step), axisOf(gate), COSINE_SINE, vector, sums);
    writePair(index, lanePair, gate);
  }
  if (mustUndo(step) && !differentiating) undo(step);
  return nextPushed(step, at);
}
