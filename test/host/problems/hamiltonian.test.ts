/** Hamiltonians: built in, of terms, and from files of other frameworks. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { DataError, OptionError } from '../../../host/core/errors.ts';
import { builtIn } from '../../../host/problems/built-in.ts';
import { hamiltonian, observableOf } from '../../../host/problems/hamiltonian.ts';
import { readHamiltonian } from '../../../host/problems/read-hamiltonian.ts';

const FOLDER = new URL('../../../host/problems/molecules/', import.meta.url);

/** Terms by their strings. */
const byString = (text: string) => {
  const { terms, constant } = readHamiltonian(text);
  return Object.fromEntries([['', constant], ...terms.map(({ pauli, coefficient }) => [pauli, coefficient])]);
};

describe('built-in Hamiltonians', () => {
  it('have the files that SHA256SUMS lists', async () => {
    const sums = await readFile(new URL('SHA256SUMS', FOLDER), 'utf8');
    for (const line of sums.trim().split('\n')) {
      const [sum, name] = line.split(/\s+/);
      const bytes = await readFile(new URL(name, FOLDER));
      assert.equal(createHash('sha256').update(bytes).digest('hex'), sum, name);
    }
  });

  it('say where they are from', () => {
    for (const name of ['h2', 'lih']) {
      const { about, qubits, electrons } = builtIn(name) ?? assert.fail(name);
      for (const field of ['geometry', 'unit', 'basis', 'activeSpace', 'mapping', 'source'])
        assert.ok(about[field], `${name} says its ${field}`);
      assert.equal(electrons, 2);
      assert.equal(qubits, 2 * (about.activeOrbitals as number));
    }
  });

  it('are found by name, refused with wrong numbers, and else not known', () => {
    assert.deepEqual(observableOf(builtIn('tfim:2,0.5') ?? assert.fail()), [
      { pauli: 'Z0 Z1', coefficient: -1 },
      { pauli: 'X0', coefficient: -0.5 },
      { pauli: 'X1', coefficient: -0.5 },
    ]);
    assert.equal(builtIn('heisenberg:3')?.terms.length, 6);
    assert.equal(builtIn('water.txt'), undefined);
    for (const name of [
      'tfim:3',
      'tfim:1,1',
      'tfim:21,1',
      'tfim:3,1,2',
      'tfim:x,1',
      'tfim',
      'heisenberg:1',
      'heisenberg:2.5',
      'h2:3',
    ])
      assert.throws(() => builtIn(name), OptionError, name);
  });
});

describe('Hamiltonians of terms', () => {
  it('add equal strings up, and leave out what cancels', () => {
    const { terms, constant, qubits } = hamiltonian([
      { pauli: 'Z1 X0', coefficient: 1 },
      { pauli: 'X0 Z1', coefficient: 2 },
      { pauli: '', coefficient: 0.5 },
      { pauli: 'Y2', coefficient: 1 },
      { pauli: 'Y2', coefficient: -1 },
    ]);
    assert.deepEqual(terms, [{ pauli: 'X0 Z1', coefficient: 3 }]);
    assert.equal(constant, 0.5);
    assert.equal(qubits, 3, 'as many as are named');
  });

  it('are refused without terms, with numbers that are none, and with too few qubits', () => {
    const term = { pauli: 'Z1', coefficient: 1 };
    const bad: unknown[] = [
      () => hamiltonian([]),
      () => hamiltonian([{ pauli: '', coefficient: 1 }]),
      () => hamiltonian([{ pauli: 'Z0', coefficient: Number.NaN }]),
      () => hamiltonian([term], { qubits: 1 }),
      () => hamiltonian([term], { electrons: 2 }),
      () => hamiltonian(undefined as never),
    ];
    for (const make of bad) assert.throws(make as () => void, OptionError);
  });
});

describe('files', () => {
  it("OpenFermion's text, as it prints operators and as people write them", () => {
    const printed = '(-0.09706626816762878+0j) [] +\n(0.1714+0j) [Z0] +\n(-0.0453+0j) [X0 X1 Y2 Y3]';
    assert.deepEqual(byString(printed), { '': -0.09706626816762878, Z0: 0.1714, 'X0 X1 Y2 Y3': -0.0453 });
    assert.deepEqual(byString('0.5 [Z0 Z1] - 1.2e-1 [X2] + [Y3] # and so on\n-.5 []'), {
      '': -0.5,
      'Z0 Z1': 0.5,
      X2: -0.12,
      Y3: 1,
    });
    assert.deepEqual(
      byString('\ufeff(0.5-0.25j) [X0] + 0.25j [X0]'),
      { '': 0, X0: 0.5 },
      'imaginary parts cancel',
    );
  });

  it('lists of labels, whose last letter is qubit 0, as Python and as JSON', () => {
    for (const text of [
      "[('ZZI', (0.5+0j)), ('IXY', -2), ('III', 1)]",
      '[["ZZI", 0.5], ["IXY", -2], ["III", 1],]',
      '[("ZZI", 0.5),\n # a comment\n ("IXY", -2), ("III", 1)]\n',
    ])
      assert.deepEqual(byString(text), { '': 1, 'Z1 Z2': 0.5, 'Y0 X1': -2 }, text);
    assert.equal(readHamiltonian('[("IIIZ", 1)]').qubits, 4, 'letters count, whether or not they are I');
  });

  it('wrong ones are refused with line and column', () => {
    const cases: readonly (readonly [
      text: string,
      line: number | undefined,
      column: number | undefined,
      says: RegExp,
    ])[] = [
      ['', undefined, undefined, /no term/],
      ['0.5 []', undefined, undefined, /identity/],
      ['0.5 [Z0] +\n0.5 [Q1]', 2, 6, /"Q1" stands where X, Y or Z/],
      ['0.5 [Z0 Z0]', 1, 9, /qubit 0 comes twice/],
      ['0.5 [Z20]', 1, 6, /qubits are 0 to 19/],
      ['0.5 [0^ 1]', 1, 6, /ladder operators/],
      ['0.5 Z0', 1, 5, /Paulis of a term were expected/],
      ['0.5 [Z0', 1, 8, /the text ends/],
      ['0.5 [Z0] 0.5 [Z1]', 1, 10, /\+ or - was expected/],
      ['0.5 [Z0] +', 1, 10, /ends behind a sign/],
      ['(0.5+x) [Z0]', 1, 1, /no coefficient/],
      ['1e999 [Z0]', 1, 1, /too large/],
      ['[X0]\n+ (0.5+0.5j) [Z0]', 2, 1, /not Hermitian/],
      ['[("ZQ", 1)]', 1, 3, /"ZQ" is no label/],
      ['[("ZZ", 1), ("Z", 1)]', 1, 14, /has 1 letters, and the labels before it 2/],
      ['[("ZZ", 1)', 1, 11, /, or \] was expected/],
      ['[("ZZ" 1)]', 1, 8, /a comma was expected/],
      ['[("ZZ", one)]', 1, 9, /no coefficient/],
      ['[("ZZ", 1)] more', 1, 13, /behind the end/],
      ['[["ZZ", 1j]]', 1, 2, /not Hermitian/],
    ];
    for (const [text, line, column, says] of cases) {
      assert.throws(
        () => readHamiltonian(text, { name: 'h.txt' }),
        (error: unknown) => {
          assert.ok(error instanceof DataError, text);
          assert.deepEqual(
            [error.file, error.line, error.column],
            ['h.txt', line, column],
            `${text}: ${error.message}`,
          );
          assert.match(error.message, says);
          return true;
        },
      );
    }
  });
});
