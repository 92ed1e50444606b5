/** The lowest energy by Lanczos, against dense diagonalisation and what is known of chains. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EigenvalueDecomposition, Matrix, SVD } from 'ml-matrix';
import { pauliMasks, type PauliTerm } from '../../../host/api/circuit.ts';
import { OptionError } from '../../../host/core/errors.ts';
import { builtIn, heisenberg, tfim } from '../../../host/problems/built-in.ts';
import { hamiltonian } from '../../../host/problems/hamiltonian.ts';
import { lowestEnergy } from '../../../host/problems/lowest.ts';
import { assertClose } from '../../support/close.ts';
import * as oracle from '../../support/oracle/index.ts';

/** All eigenvalues of H = A + iB, twice each, as those of the real symmetric matrix [[A, -B], [B, A]]. */
function leastOfDense(qubits: number, terms: readonly PauliTerm[]): number {
  const size = 2 ** qubits;
  const big = Matrix.zeros(2 * size, 2 * size);
  for (const { pauli, coefficient } of terms) {
    const { x, z } = pauliMasks(pauli, qubits);
    const { re, im } = oracle.pauliMatrix(qubits, x, z);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        const [a, b] = [coefficient * re[i * size + j], coefficient * im[i * size + j]];
        big.set(i, j, big.get(i, j) + a);
        big.set(i + size, j + size, big.get(i + size, j + size) + a);
        big.set(i, j + size, big.get(i, j + size) - b);
        big.set(i + size, j, big.get(i + size, j) + b);
      }
    }
  }
  return Math.min(...new EigenvalueDecomposition(big, { assumeSymmetric: true }).realEigenvalues);
}

/** The lowest energy of an open Ising chain: minus the sum of the singular values of h on the diagonal and 1 beside it. */
function leastFree(sites: number, field: number): number {
  const matrix = Matrix.zeros(sites, sites);
  for (let i = 0; i < sites; i++) {
    matrix.set(i, i, field);
    if (i + 1 < sites) matrix.set(i, i + 1, 1);
  }
  return -new SVD(matrix).diagonal.reduce((sum, value) => sum + value, 0);
}

function randomSum(rng: oracle.Rng, qubits: number, count: number): PauliTerm[] {
  return Array.from({ length: count }, () => {
    const factors = Array.from({ length: qubits }, (_, qubit) => {
      const letter = ['', 'X', 'Y', 'Z'][oracle.randomInteger(rng, 4)];
      return letter === '' ? '' : `${letter}${qubit}`;
    });
    return { pauli: factors.filter(Boolean).join(' '), coefficient: oracle.randomBetween(rng, -1, 1) };
  });
}

describe('the lowest energy', () => {
  it('of random sums, complex ones among them, is that of the dense matrix', () => {
    const rng = oracle.seededRng(31);
    for (let trial = 0; trial < 25; trial++) {
      const qubits = 1 + (trial % 5);
      const terms = [
        { pauli: 'Z0', coefficient: 0.3 },
        ...randomSum(rng, qubits, 1 + oracle.randomInteger(rng, 12)),
      ];
      const found = lowestEnergy(hamiltonian(terms, { qubits }));
      assertClose(found, leastOfDense(qubits, terms), 1e-10, `trial ${trial}`);
    }
  });

  it('of an open Ising chain is that of its free fermions', () => {
    for (const [sites, field] of [
      [2, 1],
      [5, 0.3],
      [9, -1.7],
      [12, 1],
    ] as const) {
      const expected = leastFree(sites, field);
      assertClose(lowestEnergy(tfim(sites, field)), expected, 1e-9, `${sites} sites, field ${field}`);
    }
  });

  it('of short Heisenberg chains is the known one', () => {
    assertClose(lowestEnergy(heisenberg(2)), -3, 1e-12, '2 sites');
    assertClose(lowestEnergy(heisenberg(3)), -4, 1e-11, '3 sites');
    assertClose(lowestEnergy(heisenberg(4)), -3 - 2 * Math.sqrt(3), 1e-11, '4 sites');
  });

  it('of the molecules is the full configuration interaction of their active space', () => {
    for (const name of ['h2', 'lih']) {
      const molecule = builtIn(name);
      assert.ok(molecule);
      const { fullConfigurationInteraction, hartreeFock } = molecule.about as Record<string, number>;
      const found = lowestEnergy(molecule);
      assertClose(found, fullConfigurationInteraction, 2e-9, name);
      assert.ok(hartreeFock > found, `${name}: Hartree-Fock lies above`);
    }
  });

  it('begins again where there is no room for more vectors, and comes to the same', () => {
    assertClose(lowestEnergy(tfim(8, 1), 8), leastFree(8, 1), 1e-8, 'a gap');
    assertClose(lowestEnergy(tfim(8, 0.3), 6), leastFree(8, 0.3), 1e-8, 'nearly equal');
    assert.throws(() => lowestEnergy(tfim(2, 1), 5), OptionError);
  });
});
