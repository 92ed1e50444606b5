/** Which features, parameters and qubits an observable can see. */
import { ROTATIONS_BY_X, ROTATIONS_BY_Z, TWO_QUBIT_OPERATIONS } from '../../assembly/abi/codes.ts';
import { GATES, type OperationName } from './choices.ts';
import { pauliMasks } from './circuit.ts';
import { tableOperations } from './gates.ts';
import type { ResolvedModel } from './options.ts';

/** What drives gates. */
export interface Driving {
  readonly all: readonly number[];
  /** Those of them whose gates are all outside the observable's light cone. */
  readonly unseen: readonly number[];
}

/** What an observable can see. */
export interface LightCone {
  readonly features: Driving;
  readonly parameters: Driving;
  /** Of each gate of the circuit, whether it is inside; gates without an angle count where they spread what is seen. */
  readonly gates: readonly boolean[];
  /** Qubits of the start state that it sees, a bit each. */
  readonly start: number;
}

/** Puts indices and whether their gates are seen together. */
class Indices {
  readonly #all = new Set<number>();
  readonly #seen = new Set<number>();

  add(index: number | undefined, isSeen: boolean): void {
    if (index === undefined) return;
    this.#all.add(index);
    if (isSeen) this.#seen.add(index);
  }

  get found(): Driving {
    const all = [...this.#all].sort((one, other) => one - other);
    return { all, unseen: all.filter((index) => !this.#seen.has(index)) };
  }
}

const has = (trait: number, operation: OperationName) => ((trait >> GATES[operation]) & 1) !== 0;

/**
 * Walks back from the observable, as the core does when it compiles: `x` and `z` are the qubits on which its strings may hold X
 * or Y, and Z or Y. What commutes with all of them is outside.
 */
export function lightCone({ circuit, observables, qubits }: ResolvedModel): LightCone {
  let [x, z] = [0, 0];
  for (const { pauli } of observables.flat()) {
    const masks = pauliMasks(pauli, qubits);
    x |= masks.x;
    z |= masks.z;
  }
  const [features, parameters] = [new Indices(), new Indices()];
  const gates = circuit.map(() => false);
  const operations = circuit.flatMap(({ gate, qubits: on, angle = {}, angles }, place) =>
    tableOperations(gate, on, angle, angles).map((each) => ({ ...each, place, angle })),
  );
  for (const { operation, qubits: on, driven, angle, place } of operations.reverse()) {
    const [a, b] = on.map((qubit) => 1 << qubit) as [number, number?];
    const both = has(TWO_QUBIT_OPERATIONS, operation) ? a | (b as number) : a;
    let isSeen = false;
    if (operation === 'cnot') {
      isSeen = (x & a) !== 0 || (z & both & ~a) !== 0;
      if (x & a) x |= both;
      if (z & both & ~a) z |= both;
    } else if (operation === 'cz') {
      isSeen = (x & both) !== 0;
      if (isSeen) z |= both;
    } else {
      const [spreads, signs] = [ROTATIONS_BY_X, ROTATIONS_BY_Z].map((axes) =>
        has(axes, operation) ? both : 0,
      ) as [number, number];
      isSeen = ((spreads & z) | (signs & x)) !== 0;
      if (isSeen) [x, z] = [x | spreads, z | signs];
    }
    gates[place] ||= isSeen;
    if (!driven) continue;
    features.add(angle.feature, isSeen);
    parameters.add(angle.parameter, isSeen);
  }
  return { features: features.found, parameters: parameters.found, gates, start: x | z };
}
