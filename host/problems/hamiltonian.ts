/** Hamiltonians: Pauli sums with their constant apart, no string twice, and what is known of where they are from. */
import { MAX_QUBITS, MAX_TERMS } from '../../assembly/abi/codes.ts';
import { type PauliTerm, pauliMasks } from '../api/circuit.ts';
import {
  integer,
  isFields,
  isListOf,
  looking,
  oneOf,
  optional,
  type Reader,
  record,
  refuse,
  snapshot,
  type Table,
  text,
  that,
  whole,
} from '../core/checks.ts';
import { pauliText } from './pauli.ts';

/** Where a Hamiltonian is from: texts and numbers by what they are called. */
export type About = Readonly<Record<string, unknown>>;

/** H = constant + sum_t c_t P_t. */
export interface Hamiltonian {
  /** What messages and results call it. */
  readonly name: string;
  /** Qubits that it acts on, 1 to 20. */
  readonly qubits: number;
  /** Coefficient of the identity, in the units of the energy, as all coefficients. */
  readonly constant: number;
  /** Neither the identity nor a string twice among them; at least one. */
  readonly terms: readonly PauliTerm[];
  /** What is known of where it is from, such as geometry and basis; empty where nothing is. */
  readonly about: About;
  /** Electrons in the orbitals that the qubits are, by Jordan and Wigner, spins in turn; undefined of what is no molecule. */
  readonly electrons?: number;
  /** A chain's Hamiltonian as parts that are each easy to turn by: what `variational` circuits are made of. */
  readonly chain?: 'tfim' | 'heisenberg';
}

/** What `hamiltonian` takes beside the terms. */
export interface HamiltonianOptions extends Partial<
  Pick<Hamiltonian, 'name' | 'about' | 'electrons' | 'chain'>
> {
  /** 1 to 20; default one more than the highest that a term names. */
  readonly qubits?: number;
}

const OPTIONS: Table<HamiltonianOptions> = {
  name: optional(text),
  qubits: optional(whole(1, MAX_QUBITS)),
  about: optional((about, at) => snapshot(at, that<About>('an object', isFields)(about, at))),
  electrons: optional(whole(1, MAX_QUBITS)),
  chain: optional(oneOf('tfim', 'heisenberg')),
};

/** Reads what a Hamiltonian is made with. @throws OptionError */
export const readOptions = (options: HamiltonianOptions): HamiltonianOptions =>
  record('hamiltonian', options, OPTIONS);

/** The operator as one Pauli sum, its constant included. */
export function observableOf({ constant, terms }: Hamiltonian): readonly PauliTerm[] {
  return constant === 0 ? terms : [{ pauli: '', coefficient: constant }, ...terms];
}

/**
 * Makes a Hamiltonian of Pauli terms: equal strings are added up, the identity is the constant, and what cancels is left
 * out.
 * @throws OptionError
 * @example
 * ```ts
 * hamiltonian([{ pauli: 'Z0 Z1', coefficient: -1 }, { pauli: 'X0', coefficient: 0.5 }]).qubits; // 2
 * ```
 */
export function hamiltonian(given: readonly PauliTerm[], options: HamiltonianOptions = {}): Hamiltonian {
  const { name = 'a Hamiltonian', about = {}, electrons, chain, ...how } = readOptions(options);
  const list = snapshot('terms', given);
  const isTerm = (term: unknown) => {
    const { pauli, coefficient } = (term ?? {}) as Partial<PauliTerm>;
    return typeof pauli === 'string' && Number.isFinite(coefficient);
  };
  if (!isListOf(list, isTerm)) refuse('terms', given, 'a list of Pauli strings with finite coefficients');
  const sums = new Map<string, number>();
  let highest = 0;
  for (const { pauli, coefficient } of list) {
    const masks = pauliMasks(pauli, how.qubits ?? MAX_QUBITS);
    highest = Math.max(highest, 32 - Math.clz32(masks.x | masks.z));
    const key = pauliText(masks);
    sums.set(key, (sums.get(key) ?? 0) + coefficient);
  }
  const constant = sums.get('') ?? 0;
  sums.delete('');
  const terms = [...sums].flatMap(([pauli, coefficient]) =>
    coefficient === 0 ? [] : [{ pauli, coefficient }],
  );
  if (terms.length === 0 || terms.length >= MAX_TERMS)
    refuse('terms', given, `1 to ${MAX_TERMS - 1} strings that are not the identity`);
  const qubits = integer('qubits', how.qubits ?? highest, highest, MAX_QUBITS);
  if (electrons !== undefined) integer('electrons', electrons, 1, qubits - 1);
  return snapshot('the Hamiltonian', {
    ...{ name, qubits, constant, terms, about },
    ...(electrons !== undefined && { electrons }),
    ...(chain !== undefined && { chain }),
  });
}

/** A Hamiltonian of the caller's, checked and copied: as `hamiltonian` makes it of its terms. @throws OptionError */
export const remade: Reader<Hamiltonian> = (given, at) =>
  looking(at, given, () => {
    const expected = 'a Hamiltonian, as builtIn, readHamiltonian and hamiltonian make it';
    if (!isFields(given) || !Array.isArray(given.terms)) return refuse(at, given, expected);
    const { name, qubits, about, electrons, chain, terms, constant } = given as unknown as Hamiltonian;
    const all = [...terms, { pauli: '', coefficient: constant }];
    return hamiltonian(all, { name, qubits, about, electrons, chain });
  });
