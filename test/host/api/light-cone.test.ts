/** What an observable sees of a circuit, by matrices: a gate outside its light cone changes no observable, and no expectation. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Circuit, type GateName, pauliMasks } from '../../../host/api/circuit.ts';
import { ALL_GATES, hasAngle, isOnTwo } from '../../../host/api/gates.ts';
import { lightCone } from '../../../host/api/light-cone.ts';
import { type ResolvedModel, resolveModel } from '../../../host/api/options.ts';
import { assertGolden, outcomes } from '../../support/golden.ts';
import { oracleModel } from '../../support/host-oracle.ts';
import * as oracle from '../../support/oracle/index.ts';

/** A model of a circuit and of strings, whatever of it would train. */
function modelOf(qubits: number, circuit: Circuit, paulis: readonly string[]): ResolvedModel {
  const observables = paulis.map((pauli) => [{ pauli, coefficient: 1 }]);
  const plain = resolveModel({ qubits, features: 1, encoding: 'angle', layers: 1 });
  return { ...plain, features: 4, circuit, observables, circuitParameters: 8 };
}

/** All strings of two qubits but the identity. */
const strings = () =>
  ['', 'X', 'Y', 'Z']
    .flatMap((first) => ['', 'X', 'Y', 'Z'].map((second) => [first && `${first}0`, second && `${second}1`]))
    .map((letters) => letters.filter((letter) => letter !== '').join(' '))
    .filter((pauli) => pauli !== '');

/** One gate on two qubits, by an angle at which nothing is accidental. */
const one = (gate: GateName, on: readonly number[]): Circuit => [
  {
    gate,
    qubits: on as [number],
    ...(hasAngle(gate) && { angle: { parameter: 0 } }),
    ...(gate === 'u' && { angles: [0.7, 0.4, 1.1] }),
  },
];

/** Whether a circuit U changes a string P: |U* P U - P| > 0. */
function changes(circuit: Circuit, pauli: string): boolean {
  const { x, z } = pauliMasks(pauli, 2);
  const string = oracle.pauliMatrix(2, x, z);
  const unitary = oracle.circuitMatrix(
    oracleModel(modelOf(2, circuit, [pauli])),
    new Array(8).fill(0.7),
    [0, 0, 0, 0],
  );
  const back = oracle.times(oracle.dagger(unitary), oracle.times(string, unitary));
  return oracle.distance(back, string) > 1e-9;
}

describe('one gate', () => {
  /** Where masks say all that there is to say of one string. About Y they do not: they hold Y for X and Z at once. */
  const EXACT = ['rx', 'rz', 'cnot', 'cz', 'x', 'z', 's', 'sdg', 't', 'tdg', 'sx'];

  for (const gate of Object.keys(ALL_GATES) as GateName[]) {
    test(`${gate} is inside where it changes the string${EXACT.includes(gate) ? ', and nowhere else' : ''}`, () => {
      for (const on of isOnTwo(gate)
        ? [
            [0, 1],
            [1, 0],
          ]
        : [[0], [1]]) {
        for (const pauli of strings()) {
          const circuit = one(gate, on);
          const [isSeen] = lightCone(modelOf(2, circuit, [pauli])).gates;
          const truth = changes(circuit, pauli);
          if (EXACT.includes(gate)) assert.equal(isSeen, truth, `${gate} ${on}, ${pauli}`);
          else assert.ok(isSeen || !truth, `${gate} ${on}, ${pauli}`);
        }
      }
    });
  }

  test('of every kind lets through what it lets through: the qubits behind it, string by string', () => {
    const file = new URL('light-cone.txt', import.meta.url);
    const line = (gate: GateName, on: readonly number[]) => () =>
      Object.fromEntries(
        strings().map((pauli) => {
          const { gates, start, parameters } = lightCone(modelOf(2, one(gate, on), [pauli]));
          return [pauli, `${gates[0] ? 'in' : 'out'} ${start.toString(2)} ${parameters.unseen}`.trim()];
        }),
      );
    const kinds = Object.keys(ALL_GATES) as GateName[];
    const calls = kinds.map((gate) => {
      const on = isOnTwo(gate) ? [1, 0] : [1];
      return [`${gate} on ${on}`, line(gate, on)] as const;
    });
    assertGolden(file, outcomes(Object.fromEntries(calls)));
  });
});

describe('a circuit', () => {
  const KINDS: readonly GateName[] = ['rx', 'ry', 'rz', 'rxx', 'rzz', 'cnot', 'cz', 'crx', 'h', 'swap'];

  /** Gates on four qubits, some by parameters and some by features, shared ones too. */
  function drawn(seed: number): Circuit {
    const random = oracle.seededRng(seed);
    const below = (limit: number) => Math.floor(random() * limit);
    return Array.from({ length: 9 }, () => {
      const gate = KINDS[below(KINDS.length)];
      const first = below(4);
      const qubits = (isOnTwo(gate) ? [first, (first + 1 + below(3)) % 4] : [first]) as [number];
      if (!hasAngle(gate)) return { gate, qubits };
      return { gate, qubits, angle: random() < 0.6 ? { parameter: below(6) } : { feature: below(4) } };
    });
  }

  test('gives the same expectations whatever is outside, and has each driver once, in order', () => {
    let [outside, inside] = [0, 0];
    for (let seed = 1; seed <= 60; seed++) {
      const circuit = drawn(seed);
      const model = modelOf(4, circuit, seed % 2 ? ['Z0'] : ['X1', 'Y3 Z0']);
      const { features, parameters, gates } = lightCone(model);
      const driving = (of: 'parameter' | 'feature') => {
        const found = circuit.flatMap(({ angle }) => (angle?.[of] === undefined ? [] : [angle[of]]));
        return [...new Set(found)].sort((a, b) => a - b);
      };
      assert.deepEqual(parameters.all, driving('parameter'));
      assert.deepEqual(features.all, driving('feature'));
      assert.equal(gates.length, circuit.length);
      const random = oracle.seededRng(1000 + seed);
      const theta = Array.from({ length: 8 }, () => 6 * random() - 3);
      const row = Array.from({ length: 4 }, () => 6 * random() - 3);
      const value = (angles: readonly number[], numbers: readonly number[], of = circuit) =>
        oracle.evaluate({ ...oracleModel({ ...model, circuit: of }), logits: 0 }, [...angles], [...numbers]);
      const before = value(theta, row);
      const moved = (values: readonly number[], at: readonly number[]) =>
        values.map((each, i) => (at.includes(i) ? each + 1.3 : each));
      const apart = [
        value(moved(theta, parameters.unseen), row),
        value(theta, moved(row, features.unseen)),
        value(
          theta,
          row,
          circuit.filter((_, i) => gates[i]),
        ),
      ];
      for (const [kind, after] of apart.entries())
        for (const [i, each] of after.entries())
          assert.ok(Math.abs(each - before[i]) < 1e-12, `seed ${seed}, kind ${kind}: ${each}, ${before[i]}`);
      outside += parameters.unseen.length + features.unseen.length;
      inside += gates.filter(Boolean).length;
    }
    assert.ok(outside > 30 && inside > 100, `${outside} outside, ${inside} inside`);
  });

  test('is seen through by all strings of all outputs together', () => {
    const circuit: Circuit = [
      { gate: 'rx', qubits: [0], angle: { parameter: 0 } },
      { gate: 'ry', qubits: [1], angle: { parameter: 1 } },
      { gate: 'rz', qubits: [2], angle: { parameter: 2 } },
      { gate: 'rz', qubits: [3], angle: { feature: 1 } },
      { gate: 'rz', qubits: [3], angle: { parameter: 2 } },
    ];
    const seen = (...paulis: string[]) => {
      const { parameters, features, gates, start } = lightCone(modelOf(4, circuit, paulis));
      return [parameters.unseen, features.unseen, gates.map(Number).join(''), start];
    };
    assert.deepEqual(seen('Z0'), [[1, 2], [1], '10000', 1]);
    assert.deepEqual(seen('Z0', 'X1'), [[2], [1], '11000', 3]);
    assert.deepEqual(seen('Y3 I1'), [[0, 1], [], '00011', 8]);
    assert.deepEqual(seen('X2', 'Z1'), [[0], [1], '01100', 6]);
    assert.deepEqual(seen(''), [[0, 1, 2], [1], '00000', 0]);
  });
});
