/** A circuit that is written as a program and read again does the same. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Source } from '../../../assembly/abi/codes.ts';
import { GATES } from '../../../host/api/choices.ts';
import type { Angle, Circuit, CircuitOperation, GateName } from '../../../host/api/circuit.ts';
import { ALL_GATES, hasAngle, isOnTwo, tableOperations } from '../../../host/api/gates.ts';
import { readOpenQasm, writeOpenQasm, type WriteOptions } from '../../../host/qasm/index.ts';
import * as oracle from '../../support/oracle/index.ts';
import fc from '../../support/property.ts';

const QUBITS = 3;

/** The matrix of a circuit, from its operations in the core's table, and whether another is the same but for a phase. */
function matrixOf(
  circuit: Circuit,
  parameters: readonly number[],
  features: readonly number[],
): oracle.Matrix {
  const operations = circuit.flatMap(({ gate, qubits, angle = {}, angles }) =>
    tableOperations(gate, qubits, angle, angles).map(({ operation, qubits: on, driven, scale, offset }) => {
      const { parameter, feature } = angle;
      const value =
        parameter !== undefined ? parameters[parameter] : feature !== undefined ? features[feature] : 0;
      const turn = driven ? scale * (value as number) + offset : offset;
      const [a, b] = on as [number, number?];
      return { kind: GATES[operation], a, b, source: Source.Constant, index: 0, scale: 1, offset: turn };
    }),
  );
  return operations.reduce(
    (matrix, each) => oracle.times(oracle.operationMatrix(QUBITS, each, each.offset), matrix),
    oracle.identity(2 ** QUBITS),
  );
}

/** 1 - |tr(A* B)| / 2^n: 0 of matrices that are the same but for a phase. */
function difference(a: oracle.Matrix, b: oracle.Matrix): number {
  const product = oracle.times(oracle.dagger(a), b);
  const size = 2 ** QUBITS;
  let [re, im] = [0, 0];
  for (let i = 0; i < size; i++) {
    re += product.re[i * size + i] as number;
    im += product.im[i * size + i] as number;
  }
  return 1 - Math.hypot(re, im) / size;
}

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
        const found = difference(
          matrixOf(circuit, parameters, features),
          matrixOf(read.circuit, parameters, features),
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
        const found = difference(matrixOf(circuit, parameters, features), matrixOf(read.circuit, [], []));
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
});
