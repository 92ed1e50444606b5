/**
 * Gradients of the circuit parameters, summed over the mini-batch pair by pair: of the loss and of the
 * observable that the loss reads. Both sources end in `accumulate`.
 */
import { Operation, Option } from "./status";
import {
  Buffer, ENVIRONMENT, LANE_WEIGHTS, PAIR, REAL, buffer, integer,
} from "./memory";
import {
  GateKind, applyGate, gate, gateEnd, gateFirst, gateKind, isTrainable, operation, operationA, operationAngle, operationB,
  operationIndex, operationKind, operationScale,
} from "./circuit";
import { environment } from "./gates";
import { overlapImaginary } from "./observable";

/**
 * Adds to both gradients the derivative of <O> by one operation's angle, {lane 0, lane 1} at `slopes`.
 * Chain rule: d angle / d parameter is the operation's scale; shared parameters add up.
 */
function accumulate(record: usize, slopes: usize): void {
  const at = <usize>operationIndex(record) * REAL;
  const scale = operationScale(record);
  const s0 = load<real>(slopes);
  const s1 = load<real>(slopes, REAL);
  const loss = load<real>(LANE_WEIGHTS) * s0 + load<real>(LANE_WEIGHTS, REAL) * s1;
  const mean = load<real>(LANE_WEIGHTS, PAIR) * s0 + load<real>(LANE_WEIGHTS, PAIR + REAL) * s1;
  const gradient = buffer(Buffer.Gradient) + at;
  store<real>(gradient, load<real>(gradient) + scale * loss);
  const observable = buffer(Buffer.ObservableGradient) + at;
  store<real>(observable, load<real>(observable) + scale * mean);
}

/** Undoes one rotation of an environment {x x y y z z}: E'_m = cos E_m + sin E_l, E'_l = cos E_l - sin E_m. */
function unturn(axis: u32, angle: usize): void {
  const m = ENVIRONMENT + PAIR * <usize>((axis + 1) % 3);
  const l = ENVIRONMENT + PAIR * <usize>((axis + 2) % 3);
  for (let lane: usize = 0; lane < PAIR; lane += REAL) {
    const c = load<real>(angle + lane);
    const s = load<real>(angle + lane, PAIR);
    const cos = c * c - s * s;
    const sin = <real>2 * c * s;
    const em = load<real>(m + lane);
    const el = load<real>(l + lane);
    store<real>(m + lane, cos * em + sin * el);
    store<real>(l + lane, cos * el - sin * em);
  }
}

/**
 * One gate of the backward pass (adjoint differentiation, Jones and Gacon, 2020). With psi the state
 * behind the gate and lambda the observable pulled back to it, the derivative of <O> by the angle of a
 * rotation about P is Im<lambda|P|psi>. A fused gate reads its three environments once and turns them
 * back rotation by rotation. Then the gate is undone on both states.
 */
export function backwardGate(index: i32): void {
  const record = gate(index);
  const first = gateFirst(record);
  const psi = buffer(Buffer.State);
  const lambda = buffer(Buffer.Partner);
  const only = operation(first);
  if (gateKind(record) == GateKind.Unitary) {
    environment(lambda, psi, operationA(only), ENVIRONMENT);
    for (let i = gateEnd(record) - 1; i >= first; i--) {
      const axis = operationKind(operation(i));
      if (isTrainable(operation(i))) accumulate(operation(i), ENVIRONMENT + PAIR * <usize>axis);
      unturn(axis, operationAngle(i));
    }
  } else if (isTrainable(only)) {
    const mask = (<u32>1 << operationA(only)) | (<u32>1 << operationB(only));
    const pauli = operationKind(only);
    overlapImaginary(lambda, psi, pauli != Operation.RZZ ? mask : 0, pauli != Operation.RXX ? mask : 0, ENVIRONMENT);
    accumulate(only, ENVIRONMENT);
  }
  applyGate(index, Buffer.State, true);
  applyGate(index, Buffer.Partner, true);
}

/**
 * Takes the measurement of one displaced circuit of Eq. 7. The + half is set aside; the - half
 * completes df/dangle = (f(+pi/2) - f(-pi/2)) / 2, with f the observable that the loss reads.
 * @param held the pair of reals where the + half waits
 */
export function takeShifted(index: i32, minus: bool, held: usize): void {
  const outputs = integer(Option.Outputs);
  for (let lane = 0; lane < 2; lane++) {
    const row = <usize>(lane * outputs) * REAL;
    let f: real = 0;
    for (let k: usize = 0; k < <usize>outputs; k++) {
      const at = row + k * REAL;
      f += load<real>(buffer(Buffer.OutputWeights) + at) * load<real>(buffer(Buffer.Expectations) + at);
    }
    const half = held + <usize>lane * REAL;
    store<real>(half, minus ? <real>0.5 * (load<real>(half) - f) : f);
  }
  if (minus) accumulate(operation(index), held);
}

/** Euclidean norm of the circuit's part of a gradient. */
export function circuitNorm(name: Buffer): real {
  const from = buffer(name);
  let sum: real = 0;
  for (let i = 0; i < integer(Option.Parameters); i++) {
    const g = load<real>(from + <usize>i * REAL);
    sum += g * g;
  }
  return sqrt<real>(sum);
}
