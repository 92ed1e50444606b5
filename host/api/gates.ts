/** The gates of circuits: the operations of the core's table, and gates that are made of some of those. */
import { ROTATIONS, TWO_QUBIT_OPERATIONS } from '../../assembly/abi/codes.ts';
import { GATES, type OperationName } from './choices.ts';

/** Gates made of operations of the core's table. */
type ComposedName =
  'u' | 'h' | 'x' | 'y' | 'z' | 's' | 'sdg' | 't' | 'tdg' | 'sx' | 'crx' | 'cry' | 'crz' | 'cphase' | 'swap';

/** All gates: see `CircuitOperation` for what each is. */
export type GateName = OperationName | ComposedName;

/** One operation in a gate: on which of its qubits, by `share` of the gate's angle and `turn` radians more. */
interface Part {
  readonly operation: OperationName;
  readonly on: readonly number[];
  readonly turn: number;
  readonly share: number;
}

const turn = (operation: OperationName, on: number, turn: number): Part => ({
  operation,
  on: [on],
  turn,
  share: 0,
});
const shared = (operation: OperationName, share: number, ...on: number[]): Part => ({
  operation,
  on,
  turn: 0,
  share,
});
const QUARTER = Math.PI / 2;

/**
 * exp(-i angle/2 |1><1| x Z), exactly: Z counts by half where the control gives +1 and -1, and by half of the control's
 * sign, so that it cancels at |0> and adds up at |1>.
 */
const CONTROLLED_Z = [shared('rz', 0.5, 1), shared('rzz', -0.5, 0, 1)];

/**
 * What each is made of, in time order. Gates whose textbook matrix is no product of rotations come out with a global phase,
 * which no measurement shows: e^(-i turn/2) of the turns of h x y z (pi) and s sdg t tdg sx, e^(-i angle/4) of cphase. The
 * controlled rotations and swap are exact.
 */
const PARTS: Readonly<Record<Exclude<ComposedName, 'u'>, readonly Part[]>> = {
  h: [turn('rz', 0, Math.PI), turn('ry', 0, QUARTER)],
  x: [turn('rx', 0, Math.PI)],
  y: [turn('ry', 0, Math.PI)],
  z: [turn('rz', 0, Math.PI)],
  s: [turn('rz', 0, QUARTER)],
  sdg: [turn('rz', 0, -QUARTER)],
  t: [turn('rz', 0, QUARTER / 2)],
  tdg: [turn('rz', 0, -QUARTER / 2)],
  sx: [turn('rx', 0, QUARTER)],
  // X is Z turned about Y, and Y is Z turned about X.
  crx: [turn('ry', 1, -QUARTER), ...CONTROLLED_Z, turn('ry', 1, QUARTER)],
  cry: [turn('rx', 1, QUARTER), ...CONTROLLED_Z, turn('rx', 1, -QUARTER)],
  crz: CONTROLLED_Z,
  cphase: [shared('rz', 0.5, 0), ...CONTROLLED_Z],
  swap: [shared('cnot', 0, 0, 1), shared('cnot', 0, 1, 0), shared('cnot', 0, 0, 1)],
};

/** All gates by their names, for checks. */
export const ALL_GATES: Readonly<Record<GateName, unknown>> = { ...GATES, ...PARTS, u: 3 };

/** Whether a gate is among some operations of the core's table, which have a bit each. */
const isAmong = (gate: OperationName, operations: number) => ((operations >> GATES[gate]) & 1) !== 0;

/** What a gate is made of; `u` has its own angles. */
function partsOf(gate: GateName, [theta, phi, lambda]: readonly number[]): readonly Part[] {
  // U(theta, phi, lambda) = RZ(phi) RY(theta) RZ(lambda) up to a phase; the three fuse into one gate.
  if (gate === 'u') return [turn('rz', 0, lambda), turn('ry', 0, theta), turn('rz', 0, phi)];
  if (Object.hasOwn(PARTS, gate)) return PARTS[gate as keyof typeof PARTS];
  const operation = gate as OperationName;
  return [shared(operation, 1, ...(isAmong(operation, TWO_QUBIT_OPERATIONS) ? [0, 1] : [0]))];
}

/** How many operations of the core's table a gate fills. */
export const lengthOf = (gate: GateName): number => partsOf(gate, []).length;

/** Whether a gate acts on two qubits, else on one. */
export const isOnTwo = (gate: GateName): boolean => partsOf(gate, []).some(({ on }) => on.includes(1));

/** Whether a gate has one angle. */
export const hasAngle = (gate: GateName): boolean =>
  partsOf(gate, []).some(({ operation, share }) => share !== 0 && isAmong(operation, ROTATIONS));

/** One operation of the core's table. The angle is scale * v + offset; `driven`: v is the gate's own, else there is none. */
interface TableOperation {
  readonly operation: OperationName;
  readonly qubits: readonly number[];
  readonly driven: boolean;
  readonly scale: number;
  readonly offset: number;
}

/** A gate as operations of the core's table, in time order. */
export function tableOperations(
  gate: GateName,
  qubits: readonly number[],
  { scale = 1, offset = 0 }: { readonly scale?: number; readonly offset?: number },
  angles: readonly number[] = [0, 0, 0],
): TableOperation[] {
  return partsOf(gate, angles).map(({ operation, on, turn, share }) => ({
    operation,
    qubits: on.map((place) => qubits[place] as number),
    driven: share !== 0,
    scale: share === 0 ? 1 : share * scale,
    offset: share * offset + turn,
  }));
}
