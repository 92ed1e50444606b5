/** The light cone as a drawing has it: every gate in its place, and whether the observable can see it. */
import type { LightCone } from '../api/light-cone.ts';
import type { ResolvedModel } from '../api/options.ts';

/** A gate in its place. */
export interface MappedGate {
  readonly gate: string;
  readonly qubits: readonly number[];
  /** Place in time, from 0: as early as its qubits are free. */
  readonly column: number;
  readonly seen: boolean;
  /** What turns it. */
  readonly parameter?: number;
  readonly feature?: number;
}

/** All of them. */
export interface ConeMap {
  readonly qubits: number;
  readonly columns: number;
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
