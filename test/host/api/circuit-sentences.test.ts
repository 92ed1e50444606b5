/** What circuits, observables, gates and noise given by the caller are read as, or refused by, with every sentence whole. */
import { test } from 'node:test';
import {
  angleSource,
  checkCircuit,
  checkObservables,
  type GateName,
  parametersOf,
  parseObservable,
  pauliMasks,
  tableLength,
  zOnEach,
} from '../../../host/api/circuit.ts';
import { ALL_GATES, hasAngle, isOnTwo, lengthOf, tableOperations } from '../../../host/api/gates.ts';
import {
  channelsBehind,
  checkNoise,
  coreReadout,
  evenReadout,
  type Noise,
  placedGates,
  readouts,
} from '../../../host/api/noise.ts';
import {
  expectation,
  gradient,
  prepareCircuit,
  type PrepareOptions,
  probabilities,
  sample,
} from '../../../host/circuits.ts';
import type { Circuit, Observable } from '../../../host/index.ts';
import { assertGolden } from '../../support/golden.ts';
import { settled } from '../../support/settled.ts';

const golden = (name: string) => new URL(`circuit-sentences-${name}.txt`, import.meta.url);

/** A number as engines agree on it. */
const rounded = (value: number) => Number(value.toPrecision(6));

test('a circuit is refused at its operation, by what is wrong with it', async () => {
  const good = { gate: 'ry', qubits: [0], angle: { parameter: 0 } };
  const checks =
    (...operations: unknown[]) =>
    () =>
      checkCircuit([good, ...operations] as unknown as Circuit, 3, 4) ?? 'passes';
  const rx = (angle: unknown, more: object = {}) => checks({ gate: 'rx', qubits: [0], angle, ...more });
  const on = (gate: string, qubits: unknown) => checks({ gate, qubits });
  const text = await settled({
    'no circuit': () => checkCircuit(undefined as unknown as Circuit, 3, 4),
    'a text': () => checkCircuit('rx' as unknown as Circuit, 3, 4),
    'nothing behind': checks(),
    'no operation': checks(null),
    'an operation of a text': checks('h'),
    'an operation that comes later': checks(good, good, { gate: 'no', qubits: [0] }),
    'a strange field': checks({ ...good, angel: 1 }),
    'no gate': checks({ qubits: [0] }),
    'a gate of a list': checks({ gate: ['rx'], qubits: [0] }),
    'a gate of every object': checks({ gate: 'valueOf', qubits: [0] }),
    'no qubits': on('rx', undefined),
    'qubits of a text': on('cnot', '01'),
    'the last qubit': on('h', [2]),
    'a qubit beyond': on('h', [3]),
    'a qubit below': on('h', [-1]),
    'half a qubit': on('h', [0.5]),
    'a hole of a qubit': on('h', new Array(1)),
    'no qubit of one': on('h', []),
    'two qubits of one': on('h', [0, 1]),
    'one qubit of two': on('swap', [0]),
    'three qubits of two': on('cz', [0, 1, 2]),
    'the same qubit twice': on('cnot', [1, 1]),
    'two qubits of two': on('cnot', [2, 1]),
    'an angle of h': checks({ gate: 'h', qubits: [0], angle: {} }),
    'an angle of cnot': checks({ gate: 'cnot', qubits: [0, 1], angle: { parameter: 0 } }),
    'an angle of swap': checks({ gate: 'swap', qubits: [0, 1], angle: { parameter: 0 } }),
    'an angle of u': checks({ gate: 'u', qubits: [0], angle: {} }),
    'an angle of cphase': checks({ gate: 'cphase', qubits: [0, 1], angle: {} }),
    'angles of rx': rx({}, { angles: [1, 2, 3] }),
    'angles of t': checks({ gate: 't', qubits: [0], angles: [1, 2, 3] }),
    'angles of u': checks({ gate: 'u', qubits: [0], angles: [1, 2, 3] }),
    'no angles of u': checks({ gate: 'u', qubits: [0] }),
    'two angles of u': checks({ gate: 'u', qubits: [0], angles: [1, 2] }),
    'four angles of u': checks({ gate: 'u', qubits: [0], angles: [1, 2, 3, 4] }),
    'an endless angle of u': checks({ gate: 'u', qubits: [0], angles: [1, 2, Infinity] }),
    'an angle of nothing': rx({}),
    'an angle of null': rx(null),
    'an angle of a number': rx(0.5),
    'a strange field of an angle': rx({ param: 0 }),
    'the last parameter': rx({ parameter: 4095 }),
    'a parameter beyond': rx({ parameter: 4096 }),
    'a parameter below': rx({ parameter: -1 }),
    'half a parameter': rx({ parameter: 0.5 }),
    'the last feature': rx({ feature: 3 }),
    'a feature beyond': rx({ feature: 4 }),
    'a feature below': rx({ feature: -1 }),
    'a feature of a text': rx({ feature: '0' }),
    'a parameter and a feature': rx({ parameter: 0, feature: 0 }),
    'a scale and an offset': rx({ feature: 0, scale: -2, offset: 1e9 }),
    'a scale of null': rx({ parameter: 0, scale: null }),
    'an endless scale': rx({ parameter: 0, scale: Infinity }),
    'an offset that is not a number': rx({ offset: Number.NaN }),
    'an offset of a text': rx({ offset: '1' }),
  });
  assertGolden(golden('circuits'), text);
});

test('an observable is read, or refused where it cannot be', async () => {
  const term = { pauli: 'Z0', coefficient: 1 };
  const sums = (given: unknown) => () => checkObservables(given as readonly Observable[], 3) ?? 'passes';
  const texts = (
    'Z0|z0 x1|-1 Z0|+2Z0|.5 Z0|5. Z0|1e3 Z0|1E-3Z0|0.5|-0.5 + Z1|Z0 - Z1 + 2 X2 Y3|Z0 * X2 @ Y1|2*Z0|' +
    'Z19|Z20|Z0Z1|Z0 Z0|I0 Z0|X|0Z|Z-1|Z0.5|1.2.3 Z0|1e999 Z0|Z0 +|+|--Z0|Z0; Z1|Z01|2 2 Z0|'
  ).split('|');
  const calls: Record<string, () => unknown> = Object.fromEntries(
    texts.map((each) => [`'${each}'`, () => parseObservable(each)]),
  );
  for (const pauli of [
    '',
    'X0',
    'Y0',
    'Z0',
    'I0',
    'x0 Y1 z2',
    ' X2  Z0 ',
    'X0*Z1@Y2',
    'X3',
    'X0 X0',
    'XX0',
    'X0,Z1',
  ])
    calls[`the masks of '${pauli}'`] = () => pauliMasks(pauli, 3);
  const text = await settled({
    ...calls,
    'a text of nothing': () => parseObservable(undefined as unknown as string),
    'a text of a number': () => parseObservable(7 as unknown as string),
    'no list': sums(term),
    'no sum': sums([]),
    'an empty sum': sums([[term], []]),
    'a term outside a sum': sums([term]),
    'a sum': sums([[term]]),
    'a constant': sums([[{ pauli: '', coefficient: 2 }]]),
    '64 sums': sums(Array.from({ length: 64 }, () => [term])),
    '65 sums': sums(Array.from({ length: 65 }, () => [term])),
    '1024 terms': sums([Array.from({ length: 1024 }, () => term)]),
    '1025 terms': sums([Array.from({ length: 1025 }, () => term)]),
    'a term of null': sums([[null]]),
    'a term with a strange field': sums([[{ ...term, weight: 1 }]]),
    'a string of a number': sums([[{ pauli: 0, coefficient: 1 }]]),
    'a string of another qubit': sums([[term, { pauli: 'Z3', coefficient: 1 }]]),
    'no coefficient': sums([[{ pauli: 'Z0' }]]),
    'an endless coefficient': sums([[{ pauli: 'Z0', coefficient: Infinity }]]),
    'Z on none': () => zOnEach(0),
    'Z on two': () => zOnEach(2),
    'Z on 20': () => zOnEach(20).length,
    'Z on 21': () => zOnEach(21),
    'angles of a parameter': () => angleSource({ parameter: 3, scale: 2 }),
    'angles of a feature': () => angleSource({ feature: 2 }),
    'angles of nothing': () => angleSource({ offset: 2 }),
    'the length and the parameters of a circuit': () => {
      const circuit: Circuit = [
        { gate: 'swap', qubits: [0, 1] },
        { gate: 'h', qubits: [0] },
        { gate: 'rx', qubits: [0], angle: { parameter: 4 } },
        { gate: 'rx', qubits: [0], angle: { parameter: 2 } },
        { gate: 'rx', qubits: [0], angle: { feature: 9 } },
      ];
      return [
        tableLength(circuit),
        parametersOf(circuit),
        parametersOf(circuit.slice(0, 2)),
        tableLength([]),
      ];
    },
  });
  assertGolden(golden('observables'), text);
});

test('a gate is made of operations of the table, by its share of the angle and by turns', async () => {
  const calls: Record<string, () => unknown> = {};
  for (const gate of Object.keys(ALL_GATES) as GateName[]) {
    calls[`${gate}: ${isOnTwo(gate) ? 'two qubits' : 'one qubit'}, ${hasAngle(gate) ? 'an angle' : 'none'}`] =
      () => {
        const parts = tableOperations(gate, [5, 2], { scale: 3, offset: 0.25 }, [0.5, 0.75, 1]);
        const texts = parts.map(
          ({ operation, qubits, driven, scale, offset }) =>
            `${operation} ${qubits} ${driven ? 'driven' : 'fixed'} ${scale} ${rounded(offset)}`,
        );
        return [lengthOf(gate), ...texts];
      };
  }
  calls['rx without an angle'] = () => tableOperations('rx', [0], {});
  calls['u without angles'] = () => tableOperations('u', [0], {});
  assertGolden(golden('gates'), await settled(calls));
});

test('noise stands behind its gates, or is refused at its channel', async () => {
  const channel = { channel: 'damping', rate: 0.1 };
  const readout = { channel: 'readout', rate: 0.1 };
  const checks =
    (...noise: unknown[]) =>
    () =>
      checkNoise(noise as Noise, 3) ?? 'passes';
  const circuit: Circuit = [
    { gate: 'h', qubits: [0] },
    { gate: 'cnot', qubits: [0, 2] },
    { gate: 'rx', qubits: [2], angle: { parameter: 0 } },
  ];
  const behind =
    (...noise: unknown[]) =>
    () =>
      placedGates(circuit).map((gate) =>
        channelsBehind(noise as Noise, gate).map(({ kind, qubit, rate }) => `${kind} on ${qubit} ${rate}`),
      );
  const read =
    (calibrationShots: number | 'none', readoutError: number, ...noise: unknown[]) =>
    () => {
      const given = noise as Noise;
      const { error, entries } = coreReadout({ noise: given, readoutError, calibrationShots }, 2);
      const even = evenReadout(given, readoutError);
      const own = readouts(given, 2).length;
      return { error: rounded(error), even: even === undefined ? 'none' : rounded(even), own, entries };
    };
  const text = await settled({
    'no list': () => checkNoise(7 as unknown as Noise, 3),
    'no channel': checks(null),
    none: checks(),
    'a second channel that is none': checks(channel, { channel: 'heat', rate: 0.1 }),
    'a strange field': checks({ ...channel, strength: 1 }),
    'a rate of 0': checks({ ...channel, rate: 0 }),
    'a rate of 1': checks({ ...channel, rate: 1 }),
    'a rate above 1': checks({ ...channel, rate: 1.01 }),
    'a rate below 0': checks({ ...channel, rate: -0.01 }),
    'two rates of damping': checks({ ...channel, rate: [0.1, 0.1] }),
    'two rates of readout': checks({ ...readout, rate: [0.1, 0.9] }),
    'two rates of readout beyond 1': checks({ ...readout, rate: [0.2, 0.9] }),
    'one rate of readout of half': checks({ ...readout, rate: 0.5 }),
    'one rate of readout beyond half': checks({ ...readout, rate: 0.51 }),
    'three rates of readout': checks({ ...readout, rate: [0.1, 0.1, 0.1] }),
    'a readout of gates': checks({ ...readout, gates: ['h'] }),
    'a readout of operations': checks({ ...readout, operations: [0, 1] }),
    gates: checks({ ...channel, gates: ['h', 'u'] }),
    'a gate that is none': checks({ ...channel, gates: ['H'] }),
    'gates of a text': checks({ ...channel, gates: 'h' }),
    qubits: checks({ ...channel, qubits: [0, 2] }),
    'a qubit beyond': checks({ ...channel, qubits: [3] }),
    'half a qubit': checks({ ...channel, qubits: [0.5] }),
    'a qubit below': checks({ ...channel, qubits: [-1] }),
    operations: checks({ ...channel, operations: [0, 9] }),
    'one operation': checks({ ...channel, operations: [0] }),
    'an operation below': checks({ ...channel, operations: [-1, 2] }),
    'half an operation': checks({ ...channel, operations: [0, 1.5] }),
    'behind all gates': behind(channel),
    'behind cnot': behind({ ...channel, gates: ['cnot'] }),
    'behind gates on 2': behind({ ...channel, qubits: [2] }),
    'behind the first two': behind({ ...channel, operations: [0, 2] }),
    'behind the second': behind({ ...channel, operations: [1, 2] }),
    'behind none': behind({ ...channel, operations: [1, 1] }),
    'two channels, in their order': behind(
      { ...channel, rate: 0.2, qubits: [0] },
      { channel: 'dephasing', rate: 0.3 },
      readout,
    ),
    'no readout': read('none', 0),
    'an error': read('none', 0.25),
    'an error and even flips': read('none', 0.25, readout),
    'flips of one qubit': read('none', 0.25, { ...readout, qubits: [1] }),
    'flips that differ': read('none', 0, { ...readout, rate: [0.1, 0.2] }),
    'an error to calibrate': read(5, 0.25),
    'nothing to calibrate': read(5, 0),
    'flips to calibrate': read(5, 0, readout),
    'flips and an error to calibrate': read(5, 0.25, readout),
  });
  assertGolden(golden('noise'), text);
});

test('a circuit that is run directly is refused by what is wrong with the call', async () => {
  const circuit: Circuit = [
    { gate: 'ry', qubits: [0], angle: { parameter: 1 } },
    { gate: 'ry', qubits: [1], angle: { feature: 0 } },
  ];
  const amplitude = { encoding: 'amplitude' } as const;
  const anyhow = (value: unknown) => value as never;
  const prepared =
    (options: unknown, given: unknown = circuit) =>
    async () => {
      const { qubits, parameters, features } = await prepareCircuit(anyhow(given), options as PrepareOptions);
      return { qubits, parameters, features };
    };
  const steep: Circuit = [{ gate: 'ry', qubits: [0], angle: { parameter: 0, scale: 1e200 } }];
  const text = await settled({
    'no circuit': () => expectation(anyhow(undefined), 'Z0', []),
    'an empty circuit': () => probabilities([], []),
    'too long a circuit': () => probabilities(new Array(2000).fill({ gate: 'swap', qubits: [0, 1] }), []),
    'no qubits': prepared({ qubits: 0 }),
    '20 qubits': prepared({ qubits: 20 }),
    '21 qubits': prepared({ qubits: 21 }),
    'a qubit beyond': prepared({ qubits: 1 }),
    'as many qubits as named': prepared({}),
    'as many qubits as observed': prepared({ observable: 'Z4' }),
    'as many qubits as observed by X': prepared({ observable: [{ pauli: 'X2 Z0', coefficient: 1 }] }),
    'an observable beyond': prepared({ observable: 'Z4', qubits: 3 }),
    'an observable of nothing': prepared({ observable: [] }),
    'an observable of a number': prepared({ observable: 7 }),
    features: prepared({ features: 5 }),
    'too few features': prepared({ features: 0 }),
    amplitudes: prepared(amplitude),
    'amplitudes of three numbers': prepared({ ...amplitude, features: 3 }),
    'amplitudes of none': prepared({ ...amplitude, features: 0 }, [{ gate: 'ry', qubits: [0] }]),
    'amplitudes of five': prepared({ ...amplitude, features: 5 }),
    'a strange encoding': prepared({ encoding: 'zz' }),
    shots: prepared({ shots: 10 }),
    'exact shots': prepared({ shots: 'exact' }),
    'no shots': prepared({ shots: 0 }),
    'shots by a word': prepared({ shots: 'many' }),
    'a seed below': prepared({ seed: -1 }),
    'a strange noise': prepared({ noise: [{ channel: 'heat', rate: 1 }] }),
    'a noise beyond': prepared({ noise: [{ channel: 'damping', rate: 0.1, qubits: [2] }] }),
    'a strange option': prepared({ parameters: 3 }),
    'a module that is none': prepared({ wasm: 7 }),
    'placed gates': prepared({ placed: [{ name: 'ry', qubits: [0], from: 0, to: 2 }] }),
    'placed gates of a number': prepared({ placed: 7 }),
    'a placed gate of a number': prepared({ placed: [7] }),
    'a placed gate that ends before it begins': prepared({
      placed: [{ name: 'ry', qubits: [0], from: 1, to: 0 }],
    }),
    'a placed gate beyond': prepared({ placed: [{ name: 'ry', qubits: [0], from: 0, to: 3 }] }),
    'a placed gate from below': prepared({ placed: [{ name: 'ry', qubits: [0], from: -1, to: 1 }] }),
    'a placed gate to a half': prepared({ placed: [{ name: 'ry', qubits: [0], from: 0, to: 1.5 }] }),
    'a placed gate on half a qubit': prepared({ placed: [{ name: 'ry', qubits: [0.5], from: 0, to: 1 }] }),
    'placed gates in disorder': prepared({
      placed: [
        { name: 'ry', qubits: [0], from: 1, to: 2 },
        { name: 'ry', qubits: [0], from: 0, to: 1 },
      ],
    }),
    'no observable': () => expectation(circuit, anyhow(undefined), [0, 0], [0]),
    'no observable of a prepared circuit': async () =>
      (await prepareCircuit(circuit)).expectation([0, 0], [0]),
    'no observable, its gradient': async () => (await prepareCircuit(circuit)).gradient([0, 0], [0]),
    'too few parameters': () => expectation(circuit, 'Z0', [0], [0]),
    'parameters of null': () => expectation(circuit, 'Z0', anyhow(null), [0]),
    'parameters of a text': () => gradient(circuit, 'Z0', anyhow('00'), [0]),
    'a parameter that is not a number': () => gradient(circuit, 'Z0', [0, Number.NaN], [0]),
    'no features': () => expectation(circuit, 'Z0', [0, 0]),
    'an endless feature': () => gradient(circuit, 'Z0', [0, 0], [Infinity]),
    'amplitudes without a direction': () => expectation(circuit, 'Z0', [0, 0], [0, 0, 0, 0], amplitude),
    'amplitudes that overflow': () => expectation(circuit, 'Z0', [0, 0], [1e200, 1, 1, 1], amplitude),
    'a strange option of an expectation': () => expectation(circuit, 'Z0', [0, 0], [0], anyhow({ shots: 3 })),
    'a strange option of a gradient': () => gradient(circuit, 'Z0', [0, 0], [0], anyhow({ shots: 3 })),
    'a strange option of probabilities': () => probabilities(circuit, [0, 0], [0], anyhow({ seed: 3 })),
    'a strange option of a sample': () => sample(circuit, 1, [0, 0], [0], anyhow({ shots: 3 })),
    'a sample of no shots': () => sample(circuit, 0, [0, 0], [0]),
    'a sample of 2^20 shots and one': () => sample(circuit, 2 ** 20 + 1, [0, 0], [0]),
    'a seed that is none': () => sample(circuit, 1, [0, 0], [0], { seed: 0.5 }),
    'no measured qubit': () => probabilities(circuit, [0, 0], [0], { measured: [] }),
    'a measured qubit twice': () => probabilities(circuit, [0, 0], [0], { measured: [1, 1] }),
    'a measured qubit beyond': () => probabilities(circuit, [0, 0], [0], { measured: [2] }),
    'a measured qubit below': () => probabilities(circuit, [0, 0], [0], { measured: [-1] }),
    'measured qubits of a text': () => probabilities(circuit, [0, 0], [0], anyhow({ measured: '01' })),
    '13 measured qubits': async () =>
      (await prepareCircuit(circuit, { qubits: 14 })).probabilities([0, 0], [0], {
        measured: Array.from({ length: 13 }, (_, qubit) => qubit),
      }),
    'one measured qubit': async () =>
      Array.from(await probabilities(circuit, [0, 0], [0], { measured: [1] }), rounded),
    'all measured qubits': async () => Array.from(await probabilities(circuit, [0, 0], [0]), rounded),
    'derivatives too large to square': () => gradient(steep, 'X0', [0]),
  });
  assertGolden(golden('runs'), text);
});
