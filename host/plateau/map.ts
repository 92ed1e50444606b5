/** The light cone as a drawing has it: every gate in its place, and whether the observable can see it. */
import type { LightCone } from '../api/light-cone.ts';
import type { ResolvedModel } from '../api/options.ts';

/** A gate in its place. */
export interface MappedGate {
  /** Name of the gate, as in a circuit. */
  readonly gate: string;
  /** What it acts on, from 0, the control first. */
  readonly qubits: readonly number[];
  /** Place in time, from 0: as early as its qubits are free. */
  readonly column: number;
  /** Whether an observable can see it: it is in the light cone. */
  readonly seen: boolean;
  /** Index of the parameter that turns it; absent where none does. */
  readonly parameter?: number;
  /** Index of the feature that turns it; absent where none does. */
  readonly feature?: number;
}

/** All of them. */
export interface ConeMap {
  /** Qubits of the circuit. */
  readonly qubits: number;
  /** Places in time: the depth, with gates on two qubits drawn across those between. */
  readonly columns: number;
  /** Every gate, in the order of the circuit. */
  readonly gates: readonly MappedGate[];
}

/** Puts every gate as early as it can be. */
export function mapOf({ circuit, qubits }: ResolvedModel, { gates }: LightCone): ConeMap {
  const free = new Array<number>(qubits).fill(0);
  const mapped = circuit.map(({ gate, qubits: on, angle }, place): MappedGate => {
    // A gate on two qubits is drawn across those between.
    const span = Array.from({ length: qubits }, (_, q) => q).filter(
      (q) => q >= Math.min(...on) && q <= Math.max(...on),
    );
    const column = Math.max(...span.map((q) => free[q]));
    for (const q of span) free[q] = column + 1;
    return {
      ...{ gate, qubits: on, column, seen: gates[place] },
      ...(angle?.parameter !== undefined && { parameter: angle.parameter }),
      ...(angle?.feature !== undefined && { feature: angle.feature }),
    };
  });
  return { qubits, columns: Math.max(0, ...free), gates: mapped };
}
