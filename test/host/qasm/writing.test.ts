/** Programs as they are written, whole: every gate, every form of an angle, names, numbers, comments; and what is refused. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Angle, Circuit, CircuitOperation, GateName } from '../../../host/api/circuit.ts';
import { ALL_GATES, hasAngle, isOnTwo } from '../../../host/api/gates.ts';
import { fuse } from '../../../host/qasm/fuse.ts';
import { prepareState, writeOpenQasm, type WriteOptions } from '../../../host/qasm/index.ts';
import { numberText } from '../../../host/qasm/write.ts';
import { assertGolden, outcomes } from '../../support/golden.ts';
import { circuitText } from './said.ts';

const golden = (name: string, text: string) =>
  assertGolden(new URL(`golden/${name}.txt`, import.meta.url), text);

const EVERY_GATE = (Object.keys(ALL_GATES) as GateName[]).map((gate): CircuitOperation => ({
  gate,
  qubits: (isOnTwo(gate) ? [2, 0] : [1]) as CircuitOperation['qubits'],
  ...(hasAngle(gate) && { angle: { offset: 0.75 } }),
  ...(gate === 'u' && { angles: [1, -0.5, 3e-9] }),
}));
const turn = (angle: Angle): CircuitOperation => ({ gate: 'rx', qubits: [0], angle });
const DRIVEN: Circuit = [
  ...[undefined, 0, 1, -1, 2.5, 1e21, -1e-7].flatMap((scale) =>
    [undefined, 0, 1, -0.5, 1e-9, -1e22].map((offset) =>
      turn({ parameter: 1, ...(scale !== undefined && { scale }), ...(offset !== undefined && { offset }) }),
    ),
  ),
  turn({ feature: 2, scale: 3, offset: -4 }),
  turn({ parameter: 0 }),
  turn({ offset: 2 }),
  turn({}),
  { gate: 'rx', qubits: [0] },
];
const ONE: Circuit = [{ gate: 'h', qubits: [0] }];

describe('a program that is written', () => {
  test('has every gate', () => {
    golden(
      'written-gates',
      ([2, 3] as const).map((version) => writeOpenQasm(EVERY_GATE, { version })).join('\n'),
    );
  });

  test('has its angles as sums, of names or of numbers', () => {
    const ways: readonly WriteOptions[] = [
      {},
      { parameters: ['alpha', 'beta'], features: ['a1', 'b_2', 'cD'] },
      { parameters: [0.5, -2], features: new Float64Array([1, 2, 3]) },
      { parameters: [0.5, -2] },
      { version: 2, parameters: Float32Array.of(0.5, -2), features: [1, 2, 3] },
    ];
    golden('written-angles', ways.map((options) => writeOpenQasm(DRIVEN, options)).join('\n'));
  });

  test('has numbers that both versions take for no whole ones', () => {
    const numbers = [
      0,
      -0,
      1,
      -12,
      0.5,
      -2.25,
      1e21,
      -1e21,
      1.5e300,
      1e-7,
      -3e-9,
      123456789012345680000,
      5e-324,
      Number.MAX_VALUE,
    ];
    golden(
      'written-numbers',
      outcomes(Object.fromEntries(numbers.map((value, i) => [`${i}: ${value}`, () => numberText(value)]))),
    );
  });

  test('has what is asked for, or is refused', () => {
    const two: Circuit = [
      { gate: 'rx', qubits: [0], angle: { parameter: 0 } },
      { gate: 'rx', qubits: [2], angle: { feature: 0 } },
    ];
    const named = (name: string) => () =>
      writeOpenQasm([turn({ parameter: 0 })], { parameters: [name] }).split('\n')[2];
    const free = 'a b d e w qq cc pix xx u4 cu1 rxy crxx swaps sinh xs v_1 aB nothing gates ints'.split(' ');
    const calls: Record<string, () => unknown> = {
      'of one gate': () => writeOpenQasm(ONE),
      'with measurements': () => writeOpenQasm(ONE, { measure: true, qubits: 2 }),
      'with measurements, version 2': () => writeOpenQasm(ONE, { measure: true, qubits: 2, version: 2 }),
      'on more qubits': () => writeOpenQasm(ONE, { qubits: 20 }),
      'on too many': () => writeOpenQasm(ONE, { qubits: 21 }),
      'on none': () => writeOpenQasm(ONE, { qubits: 0 }),
      'on fewer than it names': () => writeOpenQasm(two, { qubits: 2 }),
      'on as many as it names': () => writeOpenQasm(two),
      'with a comment': () => writeOpenQasm(ONE, { comment: 'one \n\ntwo\rthree\r\nfour  ' }),
      'with an empty comment': () => writeOpenQasm(ONE, { comment: '' }),
      'with an ill comment': () => writeOpenQasm(ONE, { comment: 1 as unknown as string }),
      'with an ill measure': () => writeOpenQasm(ONE, { measure: 1 as unknown as boolean }),
      'with an unknown option': () => writeOpenQasm(ONE, { colour: 1 } as WriteOptions),
      'of no version': () => writeOpenQasm(ONE, { version: 1 as 2 }),
      'of nothing': () => writeOpenQasm([]),
      'of no circuit': () => writeOpenQasm(7 as unknown as Circuit),
      'of a gate that is none': () => writeOpenQasm([{ gate: 'foo' as 'h', qubits: [0] }]),
      'in version 2 without numbers': () => writeOpenQasm(two, { version: 2 }),
      'in version 2 with names': () => writeOpenQasm(two, { version: 2, parameters: ['a'], features: [1] }),
      'in version 2 without features': () => writeOpenQasm(two, { version: 2, parameters: [1] }),
      'in version 2 with both': () => writeOpenQasm(two, { version: 2, parameters: [1], features: [2] }),
      'in version 2 with names for nothing': () => writeOpenQasm(ONE, { version: 2, parameters: [] }),
      'with too few parameters': () => writeOpenQasm(two, { parameters: [] }),
      'with too many': () => writeOpenQasm(two, { parameters: ['a', 'b'] }),
      'with too many features': () => writeOpenQasm(two, { features: [1, 2] }),
      'with a number that is none': () => writeOpenQasm(two, { parameters: [Number.NaN] }),
      'with a name twice': () => writeOpenQasm(two, { parameters: ['a', 'a'] }),
      'with a name for both': () => writeOpenQasm(two, { parameters: ['a'], features: ['a'] }),
      'with a name of the others': () => writeOpenQasm(two, { features: ['theta_0'] }),
      'with names and numbers': () => writeOpenQasm(two, { parameters: ['a', 1] as unknown as string[] }),
      'with text for names': () => writeOpenQasm(two, { parameters: 'ab' as unknown as string[] }),
      ...Object.fromEntries(
        ['A', '1a', 'a b', '', '_a', 'ä', 'a-b', 'pi', ...free].map((name) => [
          `with the name ${JSON.stringify(name)}`,
          named(name),
        ]),
      ),
    };
    golden('written-options', outcomes(calls));
  });
});

test('an input has no name that the program or its language has already', () => {
  const taken =
    'q c pi tau euler U s u p h x y z t sdg tdg sx rx ry rz rxx ryy rzz cx cz cp crx cry crz swap id gate qubit bit input output const let def if for in while measure reset barrier include float int uint bool angle inv pow ctrl negctrl gphase end box return break continue switch case default else true false u1 u2 u3 cu cphase phase sin cos tan exp log sqrt mod floor ceiling cy ch ccx cswap duration stretch complex array void sizeof durationof delay nop cal defcal extern opaque qreg creg mutable readonly arccos arcsin arctan popcount real imag rotl rotr pragma';
  for (const name of taken.split(' '))
    assert.throws(() => writeOpenQasm([turn({ feature: 0 })], { features: [name] }), {
      name: 'OptionError',
      message: `features is ["${name}"]; expected numbers, or different names that start with a small letter and are no words of OpenQASM`,
    });
});

describe('a circuit made shorter', () => {
  const on = (gate: GateName, ...qubits: number[]): CircuitOperation => ({
    gate,
    qubits: qubits as unknown as CircuitOperation['qubits'],
  });
  const by = (gate: GateName, offset: number, ...qubits: number[]): CircuitOperation => ({
    ...on(gate, ...qubits),
    angle: { offset },
  });
  const CIRCUITS: Readonly<Record<string, Circuit>> = {
    'of nothing': [],
    'of one gate': [on('h', 0)],
    'of two that undo each other': [on('h', 0), on('h', 0)],
    'of turns about one axis': [by('rz', 1, 0), by('rz', 0.5, 0), by('rz', 0.25, 0)],
    'of turns about X': [by('rx', 1, 0), by('rx', 0.5, 0), on('x', 0), by('rx', 0.25, 0)],
    'of turns about Y': [by('ry', 1, 0), by('ry', 0.5, 0)],
    'of turns about three axes': [by('rx', 1, 0), by('ry', 0.5, 0), by('rz', 0.25, 0), by('rx', 2, 0)],
    'of half turns': [on('x', 0), on('y', 0), on('z', 0), on('s', 0)],
    'of two qubits side by side': [by('rz', 1, 1), by('rx', 1, 0), by('rz', 1, 1), by('rx', 1, 0)],
    'with a gate on both in between': [
      by('rz', 1, 0),
      by('rz', 1, 1),
      on('cnot', 0, 1),
      by('rz', 2, 0),
      by('rz', 3, 0),
    ],
    'with a gate on another in between': [by('rz', 1, 0), on('cnot', 1, 2), by('rz', 1, 0)],
    'with what an input drives': [
      by('rz', 1, 0),
      { ...on('rz', 0), angle: { parameter: 0 } },
      by('rz', 2, 0),
      by('rz', 3, 0),
    ],
    'with what a feature drives': [
      by('rz', 1, 0),
      { ...on('rz', 0), angle: { feature: 0 } },
      by('rz', 2, 0),
      by('rz', 3, 0),
    ],
    'with turns by nothing': [by('rz', 0, 0), by('rx', 1e-16, 0), by('ry', 1e-14, 0)],
    'with U': [
      { ...on('u', 0), angles: [1, 2, 3] },
      { ...on('u', 0), angles: [-1, -3, -2] },
    ],
    'with U after U': [
      { ...on('u', 0), angles: [1, 2, 3] },
      { ...on('u', 0), angles: [0.5, 0.25, 1] },
    ],
  };
  test('has neighbours put together where that is shorter', () =>
    golden(
      'fused',
      Object.entries(CIRCUITS)
        .map(([what, circuit]) => `${what}\n    ${circuitText(circuit)}\n    ${circuitText(fuse(circuit))}\n`)
        .join(''),
    ));
});

describe('a state that is prepared', () => {
  test('has the gates that it needs, or is refused', () => {
    const STATES: readonly (readonly [number, readonly number[]])[] = [
      [1, [1]],
      [1, [0, 1]],
      [1, [0, -2]],
      [1, [3, 4]],
      [1, [-3, 4]],
      [2, [1]],
      [2, [1, 1, 1, 1]],
      [2, [1, 2, 3, 4]],
      [2, [0, 0, 0, 1]],
      [2, [1, 0, 0, -1]],
      [2, [0, 1]],
      [3, [1, 2, 3]],
      [3, [1, -2, 3, -4, 5, -6, 7, -8]],
      [3, [0, 0, 0, 0, 1e-300]],
      [1, [1, 2, 3]],
      [0, [1]],
      [1.5, [1]],
      [21, [1]],
      [-1, [1]],
      [2, []],
      [2, [0, 0]],
      [2, [1, Number.NaN]],
      [2, [1, Infinity]],
    ];
    const calls = STATES.map(
      ([qubits, state]) => [`${state} on ${qubits}`, () => circuitText(prepareState(state, qubits))] as const,
    );
    const text = () => prepareState('1' as unknown as number[], 1);
    golden('prepared', outcomes({ ...Object.fromEntries(calls), 'text on 1': text }));
  });
});
