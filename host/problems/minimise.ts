/**
 * The variational quantum eigensolver: a training whose loss is the energy of a Hamiltonian. Its data set has a row for each
 * group of terms that is measured together, by which the circuit ends in that group's basis.
 */
import { MAX_OUTPUTS } from '../../assembly/abi/codes.ts';
import type { Circuit, Observable } from '../api/circuit.ts';
import { checkCircuit, parametersOf } from '../api/circuit.ts';
import { expectation } from '../api/direct.ts';
import { pauliRotation } from '../api/growth.ts';
import type { InitialisationName, TrainingOptions } from '../api/options.ts';
import { Trainer, type TrainerOptions } from '../api/trainer.ts';
import {
  anything,
  contradiction,
  oneOf,
  optional,
  real,
  record,
  snapshot,
  type Table,
  whole,
} from '../core/checks.ts';
import { LOADING, type LoadOptions } from '../core/core.ts';
import { type AnsatzName, ansatz } from './circuits.ts';
import { type Group, groupTerms, type Grouping, GROUPINGS } from './groups.ts';
import { type Hamiltonian, observableOf, remade } from './hamiltonian.ts';
import { pauliText } from './pauli.ts';

/** What is minimised, and how. */
export interface MinimiseOptions extends LoadOptions {
  readonly hamiltonian: Hamiltonian;
  /** Default 'excitations' of molecules, 'variational' of chains, else 'hardware'. */
  readonly ansatz?: AnsatzName;
  /** Layers of the ansatz, 1 to 1000; default 2 of excitations, else as many as qubits, at most 12 of 'variational' and 6 of 'hardware'. */
  readonly layers?: number;
  /** A circuit of your own instead, without features. */
  readonly circuit?: Circuit;
  /** How its parameters start; default 'uniform' over [-pi, pi]. */
  readonly initialisation?: InitialisationName;
  readonly initialScale?: number;
  /** Which terms share their shots; default 'commuting'. Without shots nothing is measured. */
  readonly grouping?: Grouping;
  /** Every option but `batch`, which is all groups, and every rule but 'frugal', which is for many samples. */
  readonly training?: TrainingOptions;
}

/** A minimisation: its training, to be run by `trainer.fit()`, and what it is of. */
export interface Minimisation {
  readonly trainer: Trainer;
  readonly hamiltonian: Hamiltonian;
  readonly ansatz: AnsatzName | 'own';
  /** Null of a circuit of the caller's own. */
  readonly layers: number | null;
  /** The circuit without the turns into the bases of groups. */
  readonly circuit: Circuit;
  /** Bases that an energy is measured in; 0 where it is exact. */
  readonly bases: number;
  readonly grouping: Grouping | null;
  /** The exact energy of the parameters as they are, without noise. */
  energy(): Promise<number>;
}

/** Of training in place of the library's own defaults. */
export const MINIMISING: TrainingOptions = { steps: 200, rate: 0.1 };

const OPTIONS: Table<MinimiseOptions> = {
  ...LOADING,
  hamiltonian: remade,
  ansatz: anything,
  layers: optional(whole(1, 1000)),
  circuit: anything,
  initialisation: anything,
  initialScale: optional(real(0, Math.PI)),
  grouping: optional(oneOf(...GROUPINGS)),
  training: anything,
};

/** The options of training with the defaults of minimisation; a budget says how many steps there are. */
function trainingFrom(asked: TrainingOptions = {}): TrainingOptions {
  const said = Object.entries(snapshot('training', asked)).filter(([, value]) => value !== undefined);
  const budget = asked.shotsBudget !== undefined && asked.shotsBudget !== 'none';
  return { ...MINIMISING, ...(budget && { steps: undefined }), ...Object.fromEntries(said) };
}

/** What is trained on: a circuit, an observable for each row, and the rows. */
interface Measured {
  readonly circuit: Circuit;
  readonly observables: readonly Observable[];
  readonly features: number;
  readonly rows: Float64Array;
  readonly bases: number;
}

/** One row and the whole operator: exact, or each term measured alone. */
function undivided(hamiltonian: Hamiltonian, circuit: Circuit, bases: number): Measured {
  return { circuit, observables: [observableOf(hamiltonian)], features: 1, rows: Float64Array.of(0), bases };
}

/** Turns by pi/2 that a feature turns on. */
function basisOf({ turns }: Group, feature: number, qubits: number): Circuit {
  return turns.flatMap((turn) =>
    pauliRotation(pauliText(turn), qubits, { feature, scale: (turn.sign * Math.PI) / 2 }),
  );
}

/**
 * A row for each group. Of groups that commute on each qubit all share two turns a qubit, about Y and X, by their features;
 * of others each has turns of its own, which its own feature turns on.
 */
function grouped(hamiltonian: Hamiltonian, circuit: Circuit, grouping: Grouping): Measured {
  const { qubits, terms, constant } = hamiltonian;
  const groups = groupTerms(terms, qubits, grouping);
  const count = groups.length;
  if (count > MAX_OUTPUTS)
    contradiction(
      `${hamiltonian.name} has ${count} groups of terms; at most ${MAX_OUTPUTS} are measured together: take shots 'exact' or the grouping none`,
      'grouping',
    );
  // The loss is the mean over the rows.
  const observables = groups.map(({ diagonal }, i): Observable => {
    const scaled = diagonal.map(({ pauli, coefficient }) => ({ pauli, coefficient: count * coefficient }));
    return i === 0 && constant !== 0 ? [{ pauli: '', coefficient: count * constant }, ...scaled] : scaled;
  });
  if (grouping === 'qubit-wise') {
    const features = 2 * qubits;
    const rows = new Float64Array(count * features);
    groups.forEach(({ turns }, row) => {
      for (const { x, z, sign } of turns) rows[row * features + 2 * Math.log2(x) + (z === 0 ? 1 : 0)] = sign;
    });
    const basis = Array.from({ length: features }, (_, feature) =>
      pauliRotation(`${feature % 2 === 0 ? 'Y' : 'X'}${feature >> 1}`, qubits, {
        feature,
        scale: Math.PI / 2,
      }),
    );
    return { circuit: [...circuit, ...basis.flat()], observables, features, rows, bases: count };
  }
  const rows = new Float64Array(count * count);
  for (let row = 0; row < count; row++) rows[row * count + row] = 1;
  const basis = groups.flatMap((group, feature) => basisOf(group, feature, qubits));
  return { circuit: [...circuit, ...basis], observables, features: count, rows, bases: count };
}

function measured(hamiltonian: Hamiltonian, circuit: Circuit, shots: unknown, grouping: Grouping): Measured {
  if (shots === undefined || shots === 'exact') return undivided(hamiltonian, circuit, 0);
  if (grouping === 'none') return undivided(hamiltonian, circuit, hamiltonian.terms.length);
  return grouped(hamiltonian, circuit, grouping);
}

/**
 * Sets up the minimisation of an energy. The reports' losses are energies, of the shots that a step takes where it takes
 * some.
 * @throws OptionError, CoreError
 * @example
 * ```ts
 * const { trainer, energy } = await minimise({ hamiltonian: builtIn('h2'), training: { shots: 100 } });
 * for await (const _ of trainer.fit());
 * console.log(await energy());
 * ```
 */
export async function minimise(options: MinimiseOptions): Promise<Minimisation> {
  const {
    hamiltonian,
    circuit: own,
    initialisation,
    initialScale,
    training: asked,
    ...rest
  } = record('minimise', options, OPTIONS);
  const { ansatz: name, layers: depth, grouping = 'commuting', ...loading } = rest;
  const training = trainingFrom(asked);
  if (training.rule === 'frugal')
    contradiction('the rule frugal draws among many samples, and an energy has none', 'rule');
  if (training.batch !== undefined)
    contradiction('batch is all groups of terms where an energy is minimised', 'batch');
  const { qubits } = hamiltonian;
  const built = own === undefined ? ansatz(hamiltonian, name, depth) : undefined;
  if (own !== undefined) {
    if (name !== undefined || depth !== undefined)
      contradiction('a circuit of your own has neither ansatz nor layers', 'circuit');
    checkCircuit(own, qubits, 0);
  }
  const circuit = built?.circuit ?? (own as Circuit);
  if (parametersOf(circuit) === 0) contradiction('the circuit has no trainable parameter', 'circuit');
  const found = measured(hamiltonian, circuit, training.shots, grouping);
  const { observables, features, rows } = found;
  const count = observables.length;
  const trainer = await Trainer.create({
    ...loading,
    model: {
      ...{ qubits, features, encoding: 'angle', circuit: found.circuit, observable: observables },
      ...{ head: 'none', loss: 'energy', initialisation, initialScale },
    },
    training: { ...training, batch: count },
    dataset: {
      ...{ features: rows, rows: count, columns: features, name: hamiltonian.name },
      labels: Int32Array.from({ length: count }, (_, row) => row),
      classes: Array.from({ length: Math.max(2, count) }, (_, group) => `group ${group + 1}`),
    },
  } satisfies TrainerOptions);
  return {
    ...{ trainer, hamiltonian, circuit, bases: found.bases },
    ansatz: built?.name ?? 'own',
    layers: built?.layers ?? null,
    grouping: found.bases > 0 ? grouping : null,
    energy: () => expectation(circuit, observableOf(hamiltonian), trainer.parameters, undefined, { qubits }),
  };
}
