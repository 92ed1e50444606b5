/**
 * Derivatives of the circuit parameters, summed over the mini-batch: of the loss and of the observable that the loss
 * reads. The adjoint source gets them from one environment per fused gate (Jones and Gacon, arXiv 2009.02823); every
 * source ends in `accumulate`.
 */
import { Operation } from '../abi/codes';
import { environment } from '../kernels/gates';
import { overlap } from '../kernels/pauli';
import { firstSample, partsRow, samplesInPair, secondSample } from '../memory/batch';
import { splitsGradient } from '../memory/configuration';
import { PAIR, REAL, get, increase } from '../memory/reals';
import { Buffer, ENVIRONMENT, Field, LANE_WEIGHTS, buffer, field } from '../memory/registers';
import { operationAngle, secondLane } from '../program/angles';
import {
  GateKind,
  gateEnd,
  gateFirst,
  gateKind,
  isTrainable,
  operation,
  operationA,
  operationB,
  operationIndex,
  operationKind,
  operationScale,
} from '../program/operations';

/** What the lanes add to the gradients of the loss {., .} and of the observable {., .}. */
export function weighLanes(loss0: real, loss1: real, observable0: real, observable1: real): void {
  store<real>(LANE_WEIGHTS, loss0);
  store<real>(LANE_WEIGHTS, loss1, REAL);
  store<real>(LANE_WEIGHTS, observable0, PAIR);
  store<real>(LANE_WEIGHTS, observable1, PAIR + REAL);
}

/** The lanes are the current pair of samples. */
export function weighSamples(): void {
  const share = <real>1 / <real>field(Field.Count);
  const slopes = buffer(Buffer.Slopes);
  weighLanes(get(slopes, firstSample()), get(slopes, secondSample()), share, share);
}

/**
 * Adds to both gradients what the derivative of <O> by one operation's angle, `slope`, contributes.
 * Chain rule: d angle / d parameter is the operation's scale; shared parameters add up.
 * @param lane whose weights count
 */
export function accumulate(record: usize, slope: real, lane: i32): void {
  const index = operationIndex(record);
  slope *= operationScale(record);
  increase(buffer(Buffer.Gradient), index, get(LANE_WEIGHTS, lane) * slope);
  increase(buffer(Buffer.ObservableGradient), index, get(LANE_WEIGHTS, lane + 2) * slope);
  if (splitsGradient()) increase(partsRow(firstSample() + lane), index, get(LANE_WEIGHTS, lane) * slope);
}

/**
 * From the environment of a fused gate to the derivatives by its angles, one lane, last rotation first. The axes
 * go round until the rotation's own is x: the derivative is the environment's x; then the rotation is undone,
 * which turns the other two back by the whole angle, y' = cos y + sin z, z' = cos z - sin y.
 */
export function differentiateLane(index: i32, lane: i32, x: real, y: real, z: real): void {
  const further: usize = lane == 0 ? 0 : secondLane();
  const first = gateFirst(index);
  let front: u32 = Operation.RX;
  for (let i = gateEnd(index) - 1; i >= first; i--) {
    const record = operation(i);
    for (const axis = operationKind(record); front != axis; front = (front + 2) % 3) {
      const gone = z;
      z = y;
      y = x;
      x = gone;
    }
    const angle = operationAngle(i) + further;
    const c = load<real>(angle);
    const s = load<real>(angle, REAL);
    const cosine = c * c - s * s;
    const sine: real = <real>2 * c * s;
    if (isTrainable(record)) accumulate(record, x, lane);
    const y0 = y;
    y = cosine * y0 + sine * z;
    z = cosine * z - sine * y0;
  }
}

/**
 * The environment of one gate in ENVIRONMENT, if it has trainable angles (adjoint differentiation, Jones and Gacon,
 * 2020). With psi the state behind the gate and lambda the observable pulled back to it, the derivative of <O> by
 * the angle of a rotation about P is Im<lambda|P|psi>.
 * @returns whether it may have
 */
export function readyEnvironment(index: i32, lambda: usize): bool {
  const psi = buffer(Buffer.State);
  const only = operation(gateFirst(index));
  const a = operationA(only);
  if (gateKind(index) == GateKind.Unitary) {
    environment(lambda, psi, a, ENVIRONMENT);
  } else {
    if (!isTrainable(only)) return false;
    const mask = ((<u32>1) << a) | ((<u32>1) << operationB(only));
    const pauli = operationKind(only);
    const x = pauli != Operation.RZZ ? mask : 0;
    const z = pauli != Operation.RXX ? mask : 0;
    overlap(lambda, psi, x, z, popcnt<u32>(x & z) + 3, ENVIRONMENT);
  }
  return true;
}

/**
 * Adds the derivatives of <O> by the angles of one gate, from its environment, weighted by LANE_WEIGHTS.
 * @param together whether the lanes are columns, whose environments add up, not samples with weights of their own
 */
export function differentiateGate(index: i32, together: bool): void {
  const only = operation(gateFirst(index));
  for (let lane = 0; lane < samplesInPair(); lane++) {
    let x = get(ENVIRONMENT, lane);
    let y = get(ENVIRONMENT, lane + 2);
    let z = get(ENVIRONMENT, lane + 4);
    if (together) {
      x += get(ENVIRONMENT, 1);
      y += get(ENVIRONMENT, 3);
      z += get(ENVIRONMENT, 5);
    }
    if (gateKind(index) == GateKind.Unitary) differentiateLane(index, lane, x, y, z);
    else accumulate(only, x, lane);
    if (together) return;
  }
}
