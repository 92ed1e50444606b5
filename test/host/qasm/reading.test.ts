/** What reading a program gives beside its gates: names, places, inputs, measurements. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MAX_OPERATIONS } from '../../../assembly/abi/codes.ts';
import { tableLength } from '../../../host/api/circuit.ts';
import { prepareCircuit } from '../../../host/circuits.ts';
import { namesIn, readOpenQasm } from '../../../host/qasm/index.ts';
import { assertClose } from '../../support/close.ts';

const TWO = 'OPENQASM 2.0;\ninclude "qelib1.inc";\n';
const THREE = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n';

describe('a program', () => {
  test('numbers its qubits and bits in the order of declaration', () => {
    const { qubits, registers, bits, measured, circuit } = readOpenQasm(
      `${TWO}qreg b[2]; creg out[2]; qreg a[1]; creg more[1]; x a[0]; measure a[0] -> out[1]; measure b[1] -> more[0];`,
    );
    assert.equal(qubits, 3);
    assert.deepEqual(registers.flatMap(namesIn), ['b[0]', 'b[1]', 'a[0]']);
    assert.deepEqual(bits.flatMap(namesIn), ['out[0]', 'out[1]', 'more[0]']);
    assert.deepEqual(measured, [undefined, 2, 1]);
    assert.deepEqual(circuit, [{ gate: 'x', qubits: [2] }]);
  });

  test('may have qubits of the machine', () => {
    const { qubits, registers, circuit, measured } = readOpenQasm(
      `${THREE}bit c; cx $2, $0; c = measure $2;`,
    );
    assert.equal(qubits, 3);
    assert.deepEqual(registers.flatMap(namesIn), ['$0', '$1', '$2']);
    assert.deepEqual(circuit, [{ gate: 'cnot', qubits: [2, 0] }]);
    assert.deepEqual(measured, [2]);
    for (const mixed of ['qubit q; h $0;', 'h $0; qubit q;', 'h $20;'])
      assert.throws(() => readOpenQasm(THREE + mixed), { name: 'QasmError' }, mixed);
  });

  test('has inputs that are parameters, features or numbers', () => {
    const source = `${THREE}input float a; input array[float[64], 2] w; input angle x; input int n; qubit[2] q;
      for int i in [1:n] { rx(a * i + w[1] / 2 - x) q[0]; }
      ry(w[0] + sin(n)) q[1];`;
    const { parameters, features, circuit } = readOpenQasm(source, {
      features: ['x'],
      values: { n: 2, a: 0.5 },
    });
    assert.deepEqual([parameters, features], [['w[0]', 'w[1]'], ['x']]);
    assert.deepEqual(circuit, [
      { gate: 'rx', qubits: [0], angle: { parameter: 1, scale: 0.5, offset: 0.5 } },
      { gate: 'rx', qubits: [0], angle: { feature: 0, scale: -1 } },
      { gate: 'rx', qubits: [0], angle: { parameter: 1, scale: 0.5, offset: 1 } },
      { gate: 'rx', qubits: [0], angle: { feature: 0, scale: -1 } },
      { gate: 'ry', qubits: [1], angle: { parameter: 0, offset: Math.sin(2) } },
    ]);
    assert.throws(() => readOpenQasm(source, { values: { n: 2, y: 1 } }), {
      name: 'OptionError',
      message: /^values is "y"; expected one of the inputs of the program: a, w\[0\], w\[1\], x, n/,
    });
    assert.throws(
      () => readOpenQasm(source, { values: { n: Number.NaN } }),
      /values\.n is NaN; expected a finite number/,
    );
    assert.throws(() => readOpenQasm(source, { values: { n: 2 }, features: ['x', 'x'] }), /different names/);
    assert.throws(
      () => readOpenQasm(source, { values: { n: 0.5 } }),
      /the input n is of type int, and is given 0.5/,
    );
  });

  test('says which operations its gates became', () => {
    const { applications, circuit } = readOpenQasm(`${TWO}qreg q[3];\nh q;\nccx q[0],q[1],q[2];\nid q[0];`);
    assert.deepEqual(
      applications.map(({ name, line }) => [name, line]),
      [...[0, 1, 2].map(() => ['h', 4]), ['ccx', 5], ['id', 6]],
    );
    assert.deepEqual(applications[3]?.qubits, [0, 1, 2]);
    let at = 0;
    for (const { from, to } of applications) {
      assert.equal(from, at);
      at = to;
    }
    assert.equal(at, circuit.length);
  });

  test('has one-qubit neighbours put together, where there is no room for all', async () => {
    const source = `${TWO}qreg q[2];${'\nrx(0.001) q[0]; h q[1];'.repeat(MAX_OPERATIONS + 1)}\ncx q[0],q[1];`;
    const { circuit, applications } = readOpenQasm(source);
    assert.ok(tableLength(circuit) < MAX_OPERATIONS && applications.length === 0);
    // H an odd number of times leaves |+>, which a CNOT does not see.
    const turned = Math.cos(0.001 * (MAX_OPERATIONS + 1));
    for (const [observable, wanted] of [
      ['X1', 1],
      ['Z0', turned],
    ] as const) {
      const prepared = await prepareCircuit(circuit, { observable, qubits: 2 });
      assertClose(prepared.expectation([]), wanted, 1e-11, observable);
    }
  });

  test('of nothing is a state that stays as it is', async () => {
    const { circuit, qubits } = readOpenQasm(`${TWO}qreg q[2]; barrier q; reset q; delay(100) q[0];`);
    const prepared = await prepareCircuit(circuit, { observable: 'Z0 Z1', qubits });
    assertClose(prepared.expectation([]), 1, 1e-15, 'expectation');
  });
});
