/** A circuit that is written as a program and read again does the same. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import {
  type Angle,
  type Circuit,
  type CircuitOperation,
  type GateName,
  tableLength,
} from '../../../host/api/circuit.ts';
import { ALL_GATES, hasAngle, isOnTwo } from '../../../host/api/gates.ts';
import { prepareCircuit } from '../../../host/circuits.ts';
import { fuse } from '../../../host/qasm/fuse.ts';
import { readOpenQasm, writeOpenQasm, type WriteOptions } from '../../../host/qasm/index.ts';
import { assertClose } from '../../support/close.ts';
import { circuitMatrix, phaseless } from '../../support/circuit-matrix.ts';
import fc from '../../support/property.ts';

const QUBITS = 3;

const numbers = fc.oneof(
  fc.double({ min: -10, max: 10, noNaN: true }),
  fc.constantFrom(0, 1, -1, Math.PI, -Math.PI / 2, 1e-7, 1e21),
);

/** An angle of a parameter, of a feature, or of neither. */
const angles: fc.Arbitrary<Angle> = fc
  .record({
    from: fc.constantFrom('parameter', 'feature', 'nothing'),
    index: fc.nat(2),
    scale: numbers,
    offset: numbers,
  })
  .map(({ from, index, scale, offset }) => ({ ...(from !== 'nothing' && { [from]: index, scale }), offset }));

const operations: fc.Arbitrary<CircuitOperation> = fc
  .record({
    gate: fc.constantFrom(...(Object.keys(ALL_GATES) as GateName[])),
    order: fc.shuffledSubarray([0, 1, 2], { minLength: 2, maxLength: 2 }),
    angle: angles,
    three: fc.tuple(numbers, numbers, numbers),
  })
  .map(({ gate, order, angle, three }) => ({
    gate,
    qubits: (isOnTwo(gate) ? order : order.slice(0, 1)) as unknown as CircuitOperation['qubits'],
    ...(hasAngle(gate) && { angle }),
    ...(gate === 'u' && { angles: three }),
  }));

// Every parameter and every feature drives something, so that none is left out.
const ALL_DRIVEN: Circuit = [0, 1, 2].flatMap((index): Circuit => [
  { gate: 'rx', qubits: [index as 0], angle: { parameter: index } },
  { gate: 'rx', qubits: [index as 0], angle: { feature: index } },
]);
const circuits = fc
  .array(operations, { minLength: 1, maxLength: 12 })
  .map((list): Circuit => [...ALL_DRIVEN, ...list]);
const driven = fc.tuple(
  fc.double({ min: -4, max: 4, noNaN: true }),
  fc.double({ min: -4, max: 4, noNaN: true }),
  fc.double({ min: -4, max: 4, noNaN: true }),
);

describe('a circuit', () => {
  test('comes back from OpenQASM 3, with its inputs', () => {
    const property = fc.property(
      circuits,
      driven,
      driven,
      fc.boolean(),
      (circuit, parameters, features, measure) => {
        const text = writeOpenQasm(circuit, { qubits: QUBITS, measure });
        const read = readOpenQasm(text, { features: ['x_0', 'x_1', 'x_2'] });
        assert.equal(read.qubits, QUBITS);
        assert.deepEqual(read.parameters, ['theta_0', 'theta_1', 'theta_2']);
        assert.equal(read.measured.length, measure ? QUBITS : 0);
        const found = phaseless(
          circuitMatrix(QUBITS, circuit, parameters, features),
          circuitMatrix(QUBITS, read.circuit, parameters, features),
        );
        assert.ok(found < 1e-9, `${found}\n${text}`);
        // What is written of what was read is what was written, but for gates with other names.
        const names = { parameters: read.parameters, features: read.features };
        const again = readOpenQasm(writeOpenQasm(read.circuit, { qubits: QUBITS, ...names }), {
          features: ['x_0', 'x_1', 'x_2'],
        });
        assert.deepEqual(again.circuit, read.circuit);
      },
    );
    fc.assert(property, { numRuns: 300 });
  });

  test('comes back with numbers in the place of inputs, from both versions', () => {
    const property = fc.property(
      circuits,
      driven,
      driven,
      fc.constantFrom<2 | 3>(2, 3),
      (circuit, parameters, features, version) => {
        const text = writeOpenQasm(circuit, { version, qubits: QUBITS, parameters, features });
        const read = readOpenQasm(text);
        assert.equal(read.version, version);
        assert.deepEqual([...read.parameters, ...read.features], []);
        const found = phaseless(
          circuitMatrix(QUBITS, circuit, parameters, features),
          circuitMatrix(QUBITS, read.circuit, [], []),
        );
        assert.ok(found < 1e-9, `${found}\n${text}`);
      },
    );
    fc.assert(property, { numRuns: 300 });
  });

  test('is refused where a program has no words for it', () => {
    const refused: readonly (readonly [WriteOptions, RegExp])[] = [
      [{ version: 2 }, /OpenQASM 2 has no inputs; the parameters need numbers/],
      [{ version: 2, parameters: [1, 2, 3] }, /the features need numbers/],
      [{ parameters: [1, 2] }, /parameters is \[1,2\]; expected 3 of them/],
      [{ parameters: ['a', 'b', 'a'] }, /different names/],
      [{ parameters: ['pi', 'b', 'd'] }, /no words of OpenQASM/],
      [{ parameters: ['x_0', 'b', 'd'] }, /other names than the parameters have/],
      [{ parameters: ['a b', 'b', 'd'] }, /different names/],
      [{ features: [Number.NaN, 1, 2] }, /finite numbers/],
      [{ qubits: 2 }, /from 0 to 1/],
      [{ version: 4 as 3 }, /expected 2 or 3/],
    ];
    for (const [options, message] of refused)
      assert.throws(() => writeOpenQasm(ALL_DRIVEN, options), { name: 'OptionError', message }, `${message}`);
  });

  test('has its comment in front, and nothing of it in the program', () => {
    const text = writeOpenQasm([{ gate: 'h', qubits: [0] }], { comment: 'one\nh q[1];\r\nlast' });
    assert.deepEqual(text.split('\n').slice(0, 3), ['// one', '// h q[1];', '// last']);
    assert.equal(readOpenQasm(text).circuit.length, 1);
  });

  test('does the same with one-qubit neighbours put together', () => {
    let shorter = 0;
    const property = fc.property(circuits, driven, driven, (circuit, parameters, features) => {
      const fused = fuse(circuit);
      assert.ok(tableLength(fused) <= tableLength(circuit));
      if (tableLength(fused) < tableLength(circuit)) shorter++;
      const found = phaseless(
        circuitMatrix(QUBITS, circuit, parameters, features),
        circuitMatrix(QUBITS, fused, parameters, features),
      );
      assert.ok(found < 1e-9, `${found}`);
    });
    fc.assert(property, { numRuns: 300 });
    assert.ok(shorter > 100, `${shorter}`);
  });
});

interface Written {
  readonly circuit: Circuit;
  readonly two: string;
  readonly three: string;
  readonly strings: readonly string[];
  readonly fromTwo: readonly number[];
  readonly fromThree: readonly number[];
}

const { qiskit, cases } = JSON.parse(
  readFileSync(new URL('../../oracles/qasm-written.json', import.meta.url), 'utf8'),
) as { qiskit: string; cases: readonly Written[] };

describe(`what Qiskit ${qiskit} reads of what is written`, () => {
  for (const [i, { circuit, two, three, strings, fromTwo, fromThree }] of cases.entries())
    test(`is circuit ${i}`, async () => {
      assert.equal(writeOpenQasm(circuit, { version: 2, qubits: QUBITS }), two);
      assert.equal(writeOpenQasm(circuit, { version: 3, qubits: QUBITS }), three);
      for (const [j, observable] of strings.entries()) {
        const value = (await prepareCircuit(circuit, { observable, qubits: QUBITS })).expectation([]);
        assertClose(value, fromTwo[j] as number, 1e-12, `version 2, ${observable}`);
        assertClose(value, fromThree[j] as number, 1e-12, `version 3, ${observable}`);
      }
    });
});
