/**
 * From a Hamiltonian and a circuit to what a training can do: a data set with a row for each group of terms that is measured
 * together, by whose features the circuit ends in that group's basis, and an observable for each group.
 */
import { MAX_OUTPUTS } from '../../assembly/abi/codes.ts';
import type { Circuit, Observable } from '../api/circuit.ts';
import { pauliRotation } from '../api/growth.ts';
import { contradiction } from '../core/checks.ts';
import { type Group, groupTerms, type Grouping } from './groups.ts';
import { type Hamiltonian, observableOf } from './hamiltonian.ts';
import { pauliText } from './pauli.ts';

/** What is trained on. The loss is the mean over the rows. */
export interface Measured {
  readonly circuit: Circuit;
  /** Of each group. */
  readonly observables: readonly Observable[];
  /** Columns of the rows. */
  readonly features: number;
  readonly rows: Float64Array;
  /** Which group each row is of. */
  readonly labels: Int32Array;
  /** Bases in which there are measurements; 0 where all is exact. */
  readonly bases: number;
}

/** How circuits end in the bases of groups: the gates, and the features for each group. */
interface Endings {
  readonly circuit: Circuit;
  readonly features: number;
  readonly rows: readonly Float64Array[];
}

const range = (length: number) => Array.from({ length }, (_, i) => i);

/** Groups that commute on each qubit share two turns a qubit, about Y and about X. */
function sharedEndings(groups: readonly Group[], qubits: number): Endings {
  const features = 2 * qubits;
  const scale = Math.PI / 2;
  const circuit = range(features).flatMap((feature) =>
    pauliRotation(`${feature % 2 === 0 ? 'Y' : 'X'}${feature >> 1}`, qubits, { feature, scale }),
  );
  const rows = groups.map(({ turns }) => {
    const row = new Float64Array(features);
    for (const { x, z, sign } of turns) row[2 * Math.log2(x) + (z === 0 ? 1 : 0)] = sign;
    return row;
  });
  return { circuit, features, rows };
}

/** Others have turns of their own each, which a feature of its own turns on. */
function ownEndings(groups: readonly Group[], qubits: number): Endings {
  const circuit = groups.flatMap(({ turns }, feature) =>
    turns.flatMap((turn) =>
      pauliRotation(pauliText(turn), qubits, { feature, scale: (turn.sign * Math.PI) / 2 }),
    ),
  );
  const rows = groups.map((_, group) => Float64Array.from(groups, (_, i) => Number(i === group)));
  return { circuit, features: groups.length, rows };
}

/**
 * How many rows each group has, as many as there are groups and a few more: by the root of the sum of its squared
 * coefficients, which is what its shots scatter by, since shots shared out in proportion to that leave the least variance.
 */
function copiesOf(groups: readonly Group[]): number[] {
  const weights = groups.map(({ terms }) => Math.hypot(...terms.map(({ coefficient }) => coefficient)));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => Math.max(1, Math.round((groups.length * weight) / all)));
}

/** Terms in groups. */
function grouped(hamiltonian: Hamiltonian, circuit: Circuit, grouping: Grouping): Measured {
  const { qubits, terms, constant, name } = hamiltonian;
  const groups = groupTerms(terms, qubits, grouping);
  if (groups.length > MAX_OUTPUTS)
    contradiction(
      `${name} has ${groups.length} groups of terms; at most ${MAX_OUTPUTS} are measured together: take shots 'exact' or the grouping none`,
      'grouping',
    );
  const copies = copiesOf(groups);
  const labels = Int32Array.from(copies.flatMap((count, group) => new Array<number>(count).fill(group)));
  const observables = groups.map(({ diagonal }, group): Observable => {
    const scale = labels.length / copies[group];
    const sum = diagonal.map(({ pauli, coefficient }) => ({ pauli, coefficient: scale * coefficient }));
    const shift = { pauli: '', coefficient: scale * constant };
    return group === 0 && constant !== 0 ? [shift, ...sum] : sum;
  });
  const endings = grouping === 'qubit-wise' ? sharedEndings(groups, qubits) : ownEndings(groups, qubits);
  const rows = new Float64Array(labels.length * endings.features);
  labels.forEach((group, row) => rows.set(endings.rows[group], row * endings.features));
  return {
    ...{ circuit: [...circuit, ...endings.circuit], observables, features: endings.features },
    ...{ rows, labels, bases: groups.length },
  };
}

/**
 * How an energy is measured.
 * @param grouping undefined: exactly
 * @throws OptionError for more groups than there can be outputs
 */
export function measuredIn(hamiltonian: Hamiltonian, circuit: Circuit, grouping?: Grouping): Measured {
  if (grouping !== undefined && grouping !== 'none') return grouped(hamiltonian, circuit, grouping);
  // The whole operator in one row: exact, or each term alone.
  return {
    ...{ circuit, observables: [observableOf(hamiltonian)], features: 1, rows: Float64Array.of(0) },
    ...{ labels: Int32Array.of(0), bases: grouping === undefined ? 0 : hamiltonian.terms.length },
  };
}
