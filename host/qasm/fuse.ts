/** Makes a circuit shorter without changing what it does: neighbours on one qubit become three rotations at most. */
import { type CircuitOperation, tableLength } from '../api/circuit.ts';
import { tableOperations } from '../api/gates.ts';
import { within } from './primitives.ts';
import { anglesOf, AXES, behind, IDENTITY, rotation, type Turned } from './turns.ts';

/** What a gate does to one qubit, a phase apart; undefined of gates on two, or of angles that something drives. */
function turned({ gate, qubits, angle = {}, angles }: CircuitOperation): Turned | undefined {
  if (qubits.length > 1 || angle.parameter !== undefined || angle.feature !== undefined) return undefined;
  return tableOperations(gate, qubits, angle, angles)
    .map(({ operation, offset }) => rotation(AXES[operation as keyof typeof AXES], offset))
    .reduce(behind, IDENTITY);
}

/** Angles that are 0 but for rounding. */
const NOTHING = 1e-15;

/** A turn as rotations, those about nothing left out. */
function rotations(turn: Turned, qubit: number): CircuitOperation[] {
  const [theta, phi, lambda] = anglesOf(turn);
  const isFlat = Math.abs(theta) < NOTHING;
  const parts = [
    // A whole turn is a phase.
    ['rz', isFlat ? within(lambda + phi, 2 * Math.PI) : lambda],
    ['ry', isFlat ? 0 : theta],
    ['rz', isFlat ? 0 : phi],
  ] as const;
  return parts.flatMap(([gate, offset]) =>
    Math.abs(offset) < NOTHING ? [] : [{ gate, qubits: [qubit], angle: { offset } }],
  );
}

/** Neighbours on one qubit, and what they do together. */
interface Neighbours {
  readonly gates: CircuitOperation[];
  turn: Turned;
}

/** The same circuit, but for a global phase, with what no input drives on one qubit put together where that is shorter. */
export function fuse(operations: readonly CircuitOperation[]): CircuitOperation[] {
  const fused: CircuitOperation[] = [];
  const waiting = new Map<number, Neighbours>();
  const put = (qubit: number) => {
    const { gates, turn } = waiting.get(qubit) ?? { gates: [], turn: IDENTITY };
    const together = rotations(turn, qubit);
    fused.push(...(together.length < tableLength(gates) ? together : gates));
    waiting.delete(qubit);
  };
  for (const operation of operations) {
    const turn = turned(operation);
    const [qubit] = operation.qubits;
    if (turn !== undefined) {
      const all = waiting.get(qubit) ?? { gates: [], turn: IDENTITY };
      all.gates.push(operation);
      all.turn = behind(all.turn, turn);
      waiting.set(qubit, all);
    } else {
      for (const each of operation.qubits) put(each);
      fused.push(operation);
    }
  }
  for (const qubit of [...waiting.keys()]) put(qubit);
  return fused;
}
