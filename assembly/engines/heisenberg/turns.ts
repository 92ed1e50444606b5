/** The turns of Bloch vectors by the gates, for the parameters in force, and the angles of two-qubit rotations. */
import { Operation } from '../../abi/codes';
import { REAL, put } from '../../memory/reals';
import { Buffer, COSINE_SINE, UP, buffer } from '../../memory/registers';
import { operationAngle } from '../../program/angles';
import { GateKind, gateEnd, gateFirst, gateKind, operation, operationKind } from '../../program/operations';
import { TURN_BYTES } from '../shape';
import { NO_GATE } from './steps';

/** The turn of a fused gate, nine reals: see `readyTurn`. */
export function turnOf(gate: u32): usize {
  return buffer(Buffer.Turns) + <usize>gate * TURN_BYTES;
}

/** The Bloch vector in which a gate, or none, leaves a qubit that was in |0>: the last row of its turn. */
export function blochOf(gate: u32): usize {
  return gate == NO_GATE ? UP : turnOf(gate) + 6 * REAL;
}

/** The Bloch vector of |0>. */
export function readyUp(): void {
  put(UP, 0, 0);
  put(UP, 1, 0);
  put(UP, 2, 1);
}

/**
 * The turn of Bloch vectors by a fused gate: U = w - i (x X + y Y + z Z) has U^* sigma_k U = sum_j T_jk sigma_j, by
 * which observables are pulled back, and states pushed by the transpose. The rotations are multiplied as in
 * program/gates.ts; x, y, z go round until x is the rotation's axis.
 */
export function readyTurn(gate: i32): void {
  if (gateKind(gate) != GateKind.Unitary) return;
  let w: real = 1;
  let x: real = 0;
  let y: real = 0;
  let z: real = 0;
  let front: u32 = Operation.RX;
  const end = gateEnd(gate);
  for (let i = gateFirst(gate); i <= end; i++) {
    // In the end x is in front again.
    const axis: u32 = i < end ? operationKind(operation(i)) : Operation.RX;
    for (; front != axis; front = front == Operation.RZ ? Operation.RX : front + 1) {
      const gone = x;
      x = y;
      y = z;
      z = gone;
    }
    if (i == end) break;
    const angle = operationAngle(i);
    const c = load<real>(angle);
    const s = load<real>(angle, REAL);
    const w0 = w;
    w = c * w0 - s * x;
    x = c * x + s * w0;
    const y0 = y;
    y = c * y0 - s * z;
    z = c * z + s * y0;
  }
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

/** Cosine and sine of a two-qubit rotation's whole angle, in COSINE_SINE. */
export function readyPair(gate: u32): void {
  const angle = operationAngle(gateFirst(gate));
  const c = load<real>(angle);
  const s = load<real>(angle, REAL);
  put(COSINE_SINE, 0, c * c - s * s);
  put(COSINE_SINE, 1, 2 * c * s);
}

/** The axis of a two-qubit rotation: 0 XX, 1 YY, 2 ZZ. */
export function axisOf(gate: u32): u32 {
  return operationKind(operation(gateFirst(gate))) - Operation.RXX;
}
