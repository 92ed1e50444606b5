/** Programs in OpenQASM, against what Qiskit says of them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { prepareCircuit } from '../../../host/circuits.ts';
import { readOpenQasm } from '../../../host/qasm/index.ts';
import { assertClose } from '../../support/close.ts';

interface Golden {
  readonly name: string;
  readonly source: string;
  readonly qubits: number;
  readonly strings: readonly string[];
  readonly expectations: readonly number[];
  readonly values?: Readonly<Record<string, number>>;
  /** By the input, one for each string. */
  readonly gradients?: Readonly<Record<string, readonly number[]>>;
}

const { qiskit, cases } = JSON.parse(
  readFileSync(new URL('../../oracles/qasm-golden.json', import.meta.url), 'utf8'),
) as { qiskit: string; cases: readonly Golden[] };

describe(`what Qiskit ${qiskit} computes`, () => {
  test('is there', () => assert.ok(cases.length > 100));

  for (const { name, source, qubits, strings, expectations, values = {}, gradients } of cases) {
    test(name, async () => {
      const program = readOpenQasm(source, { name });
      assert.equal(program.qubits, qubits);
      assert.deepEqual([...program.parameters].sort(), Object.keys(values).sort());
      const numbers = program.parameters.map((parameter) => values[parameter] as number);
      for (const [i, observable] of strings.entries()) {
        const prepared = await prepareCircuit(program.circuit, { observable, qubits });
        assertClose(prepared.expectation(numbers), expectations[i] as number, 1e-12, observable);
        if (gradients === undefined) continue;
        const { gradient } = prepared.gradient(numbers);
        for (const [p, parameter] of program.parameters.entries())
          assertClose(
            gradient[p] as number,
            gradients[parameter]?.[i] as number,
            1e-9,
            `${observable} by ${parameter}`,
          );
      }
      // The same with the numbers in the place of the inputs.
      const fixed = readOpenQasm(source, { name, values });
      assert.deepEqual(fixed.parameters, []);
      const prepared = await prepareCircuit(fixed.circuit, { observable: strings.at(-1), qubits });
      assertClose(prepared.expectation([]), expectations.at(-1) as number, 1e-12, 'numbers in place');
    });
  }
});
