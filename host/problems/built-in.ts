/** Hamiltonians by name: molecules with fixed geometry and basis, and spin chains of any length. */
import { MAX_QUBITS } from '../../assembly/abi/codes.ts';
import type { PauliTerm } from '../api/circuit.ts';
import { integer, real, refuse, text } from '../core/checks.ts';
import { decimal } from '../data/dataset.ts';
import { type Hamiltonian, hamiltonian } from './hamiltonian.ts';
import h2 from './molecules/h2.json';
import lih from './molecules/lih.json';

/** Names of the built-in Hamiltonians, as messages list them. */
export const BUILT_IN = ['h2', 'lih', 'tfim:N,h', 'heisenberg:N'] as const;

const MOLECULES = { h2, lih };

function molecule(table: (typeof MOLECULES)[keyof typeof MOLECULES]): Hamiltonian {
  const { terms, qubits, name, ...about } = table;
  const sum = (terms as [string, number][]).map(([pauli, coefficient]) => ({ pauli, coefficient }));
  return hamiltonian(sum, { name, qubits, electrons: about.activeElectrons, about });
}

const bonds = (qubits: number) => Array.from({ length: qubits - 1 }, (_, site) => [site, site + 1] as const);

/**
 * The transverse-field Ising model on an open chain, H = -sum Z_i Z_(i+1) - h sum X_i.
 * @param sites 2 to 20
 * @throws OptionError
 */
export function tfim(sites: number, field: number): Hamiltonian {
  integer('sites', sites, 2, MAX_QUBITS);
  real(-Number.MAX_VALUE)(field, 'field');
  const terms: PauliTerm[] = [
    ...bonds(sites).map(([a, b]) => ({ pauli: `Z${a} Z${b}`, coefficient: -1 })),
    ...Array.from({ length: sites }, (_, site) => ({ pauli: `X${site}`, coefficient: -field })),
  ];
  const about = {
    model: 'transverse-field Ising chain, open ends',
    formula: 'H = -sum_i Z_i Z_(i+1) - h sum_i X_i',
    sites,
    field,
  };
  return hamiltonian(terms, { name: `tfim:${sites},${field}`, qubits: sites, about, chain: 'tfim' });
}

/**
 * The antiferromagnetic Heisenberg model on an open chain, H = sum (X_i X_(i+1) + Y_i Y_(i+1) + Z_i Z_(i+1)).
 * @param sites 2 to 20
 * @throws OptionError
 */
export function heisenberg(sites: number): Hamiltonian {
  integer('sites', sites, 2, MAX_QUBITS);
  const terms = bonds(sites).flatMap(([a, b]) =>
    ['X', 'Y', 'Z'].map((letter) => ({ pauli: `${letter}${a} ${letter}${b}`, coefficient: 1 })),
  );
  const about = {
    model: 'antiferromagnetic Heisenberg chain, open ends',
    formula: 'H = sum_i (X_i X_(i+1) + Y_i Y_(i+1) + Z_i Z_(i+1)), Pauli matrices, not spins',
    sites,
  };
  return hamiltonian(terms, { name: `heisenberg:${sites}`, qubits: sites, about, chain: 'heisenberg' });
}

const isSites = (sites: number) => Number.isInteger(sites) && sites >= 2 && sites <= MAX_QUBITS;

/**
 * A built-in Hamiltonian by its name: 'h2', 'lih', 'tfim:N,h' or 'heisenberg:N'.
 * @returns undefined of a text that begins like none of them
 * @throws OptionError for one with wrong numbers
 * @example
 * ```ts
 * builtIn('tfim:4,1')?.terms.length; // 7
 * ```
 */
export function builtIn(name: string): Hamiltonian | undefined {
  text(name, 'name');
  const [family = '', rest] = name.split(/:(.*)/s);
  const numbers = rest?.split(',').map((part) => decimal(part.trim()) ?? Number.NaN);
  if (family === 'h2' || family === 'lih') {
    if (rest !== undefined) refuse('hamiltonian', name, `${family} without numbers`);
    return molecule(MOLECULES[family]);
  }
  if (family === 'tfim') {
    const [sites = Number.NaN, field = Number.NaN, ...more] = numbers ?? [];
    if (more.length > 0 || !isSites(sites) || !Number.isFinite(field))
      refuse('hamiltonian', name, `tfim:N,h, such as tfim:6,1: 2 to ${MAX_QUBITS} sites, and the field`);
    return tfim(sites, field);
  }
  if (family !== 'heisenberg') return undefined;
  const [sites = Number.NaN, ...more] = numbers ?? [];
  if (more.length > 0 || !isSites(sites))
    refuse('hamiltonian', name, `heisenberg:N, such as heisenberg:6: 2 to ${MAX_QUBITS} sites`);
  return heisenberg(sites);
}
