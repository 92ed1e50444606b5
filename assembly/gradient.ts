/**
 * Gradients of the circuit parameters, summed over the mini-batch pair by pair: of the loss and of the
 * observable that the loss reads. Both sources end in `accumulate`.
 */
import { Operation, Option } from "./status";
import {
  Buffer, ENVIRONMENT, LANE_WEIGHTS, PAIR, REAL, buffer, get, increase, integer, laneRow, put, sumOfSquares,
} from "./memory";
import {
  GateKind, applyGate, gate, gateEnd, gateFirst, gateKind, isTrainable, operation, operationA, operationAngle, operationB,
  operationIndex, operationKind, operationScale, component, rotate,
} from "./circuit";
import { environment } from "./gates";
import { overlapImaginary } from "./observable";

/**
 * Adds to both gradients the derivative of <O> by one operation's angle, {lane 0, lane 1} at `slopes`.
 * Chain rule: d angle / d parameter is the operation's scale; shared parameters add up.
 */
function accumulate(record: usize, slopes: usize): void {
  const index = operationIndex(record);
  const scale = operationScale(record);
  const s0 = get(slopes, 0);
  const s1 = get(slopes, 1);
  const loss = get(LANE_WEIGHTS, 0) * s0 + get(LANE_WEIGHTS, 1) * s1;
  const mean = get(LANE_WEIGHTS, 2) * s0 + get(LANE_WEIGHTS, 3) * s1;
  increase(buffer(Buffer.Gradient), index, scale * loss);
  increase(buffer(Buffer.ObservableGradient), index, scale * mean);
}

/**
 * Undoes one rotation of an environment {x x y y z z}: the components across the axis turn back by the
 * whole angle, E'_m = cos E_m + sin E_l, E'_l = cos E_l - sin E_m.
 */
function unturn(axis: u32, angle: usize): void {
  for (let lane: usize = 0; lane < PAIR; lane += REAL) {
    const c = load<real>(angle + lane);
    const s = load<real>(angle + lane, PAIR);
    const environment = ENVIRONMENT + lane;
    rotate(component(environment, axis, 1), component(environment, axis, 2), c * c - s * s, <real>-2 * c * s);
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
      if (isTrainable(operation(i))) accumulate(operation(i), component(ENVIRONMENT, axis, 0));
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
    let f: real = 0;
    for (let k = 0; k < outputs; k++) {
      f += get(laneRow(Buffer.OutputWeights, lane), k) * get(laneRow(Buffer.Expectations, lane), k);
    }
    put(held, lane, minus ? <real>0.5 * (get(held, lane) - f) : f);
  }
  if (minus) accumulate(operation(index), held);
}

/** Euclidean norm of the circuit's part of a gradient. */
export function circuitNorm(name: Buffer): real {
  return sqrt<real>(sumOfSquares(buffer(name), integer(Option.Parameters)));
}
