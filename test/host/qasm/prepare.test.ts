/** Start states out of gates. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { prepareCircuit } from '../../../host/circuits.ts';
import { prepareState, readOpenQasm, writeOpenQasm } from '../../../host/qasm/index.ts';
import { assertAllClose, assertClose } from '../../support/close.ts';
import fc from '../../support/property.ts';

const some = fc.double({ min: -1, max: 1, noNaN: true });

describe('a state that is prepared', () => {
  test('has the expectations of the one that is encoded at once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(some, { minLength: 1, maxLength: 16 }),
        async (qubits, given) => {
          const amplitudes = given.slice(0, 2 ** qubits);
          fc.pre(Math.hypot(...amplitudes) > 1e-3);
          const gates = prepareState(amplitudes, qubits);
          // From the text too, which is what another machine gets.
          const { circuit } = readOpenQasm(writeOpenQasm(gates, { qubits, version: 2 }));
          for (const observable of [
            'Z0',
            `X${qubits - 1}`,
            qubits > 1 ? 'X0 X1' : 'X0',
            qubits > 2 ? 'X0 Z1 X2' : 'Z0',
          ]) {
            const encoded = await prepareCircuit([{ gate: 'rz', qubits: [0] }], {
              observable,
              qubits,
              encoding: 'amplitude',
              features: amplitudes.length,
            });
            const made = await prepareCircuit(circuit, { observable, qubits });
            assertClose(made.expectation([]), encoded.expectation([], amplitudes), 1e-12, observable);
          }
          const probabilities = (await prepareCircuit(circuit, { qubits })).probabilities([]);
          const norm = Math.hypot(...amplitudes);
          const wanted = Array.from({ length: 2 ** qubits }, (_, i) => ((amplitudes[i] ?? 0) / norm) ** 2);
          assertAllClose(Array.from(probabilities), wanted, 1e-12, 'probabilities');
        },
      ),
      { numRuns: 40 },
    );
  });

  test('takes no more gates than it needs', () => {
    assert.deepEqual(prepareState([1], 3), []);
    const dense = prepareState([1, 2, 3, 4, 5, 6, 7, 8], 3);
    assert.equal(dense.filter(({ gate }) => gate === 'ry').length, 7);
    assert.equal(dense.filter(({ gate }) => gate === 'cnot').length, 6);
  });

  test('may be as small or as large as numbers are', () => {
    for (const scale of [1e-300, 1e300]) assert.deepEqual(prepareState([3 * scale, 4 * scale], 1).length, 1);
  });

  test('is refused where it is none', () => {
    for (const bad of [[], [0, 0], [1, Number.NaN], [1, 2, 3]])
      assert.throws(() => prepareState(bad, 1), { name: 'OptionError', message: /^amplitudes is / });
    assert.throws(() => prepareState([1], 0), /qubits is 0/);
  });
});
