/** Which features an observable can see. */
import { ROTATIONS_BY_X, ROTATIONS_BY_Z, TWO_QUBIT_OPERATIONS } from '../../assembly/abi/codes.ts';
import { GATES, type OperationName } from './choices.ts';
import { pauliMasks } from './circuit.ts';
import { tableOperations } from './gates.ts';
import type { ResolvedModel } from './options.ts';

/** Features that drive gates. */
export interface DrivingFeatures {
  readonly all: readonly number[];
  /** Those of them whose gates are all outside the observable's light cone. */
  readonly unseen: readonly number[];
}

const has = (trait: number, operation: OperationName) => ((trait >> GATES[operation]) & 1) !== 0;

/**
 * Walks back from the observable, as the core does when it compiles: `x` and `z` are the qubits on which its strings may hold X
 * or Y, and Z or Y. What commutes with all of them is outside.
 */
export function drivingFeatures({ circuit, observables, qubits }: ResolvedModel): DrivingFeatures {
  let [x, z] = [0, 0];
  for (const { pauli } of observables.flat()) {
    const masks = pauliMasks(pauli, qubits);
    x |= masks.x;
    z |= masks.z;
  }
  const all = new Set<number>();
  const seen = new Set<number>();
  const operations = circuit.flatMap(({ gate, qubits: on, angle = {}, angles }) =>
    tableOperations(gate, on, angle, angles).map((each) => ({
      ...each,
      feature: each.driven ? angle.feature : undefined,
    })),
  );
  for (const { operation, qubits: on, feature } of operations.reverse()) {
    const [a, b] = on.map((qubit) => 1 << qubit) as [number, number?];
    const both = has(TWO_QUBIT_OPERATIONS, operation) ? a | (b as number) : a;
    let isSeen = false;
    if (operation === 'cnot') {
      if (x & a) x |= both;
      if (z & both & ~a) z |= both;
    } else if (operation === 'cz') {
      if (x & both) z |= both;
    } else {
      const [spreads, signs] = [ROTATIONS_BY_X, ROTATIONS_BY_Z].map((axes) =>
        has(axes, operation) ? both : 0,
      ) as [number, number];
      isSeen = ((spreads & z) | (signs & x)) !== 0;
      if (isSeen) [x, z] = [x | spreads, z | signs];
    }
    if (feature === undefined) continue;
    all.add(feature);
    if (isSeen) seen.add(feature);
  }
  const sorted = [...all].sort((one, other) => one - other);
  return { all: sorted, unseen: sorted.filter((feature) => !seen.has(feature)) };
}
