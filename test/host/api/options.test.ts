/** Options and circuits from plain JavaScript, where no compiler has looked at them. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Option } from '../../../assembly/abi/codes.ts';
import {
  type Circuit,
  loadCore,
  type ModelOptions,
  PAPER,
  resolveModel,
  resolveTraining,
} from '../../../host/index.ts';
import { prepareCore } from '../../../host/api/program.ts';

/** A model with a circuit or with other options, whatever they are. */
function model(options: unknown): () => void {
  return () => resolveModel(Object.assign({ qubits: 3, features: 4 }, options) as ModelOptions);
}

describe('a circuit of the caller', () => {
  const good: Circuit = [
    { gate: 'ry', qubits: [0], angle: { feature: 3, scale: 0.5 } },
    { gate: 'rzz', qubits: [0, 2], angle: { parameter: 1, offset: -1 } },
    { gate: 'rx', qubits: [2] },
    { gate: 'u', qubits: [1], angles: [1, 2, 3] },
    { gate: 'u', qubits: [1] },
    { gate: 'cnot', qubits: [2, 1] },
  ];

  test('passes when every operation is one', () => {
    const resolved = resolveModel({ qubits: 3, features: 4, circuit: good });
    assert.equal(resolved.circuitParameters, 2);
    assert.deepEqual(resolved.circuit, good);
  });

  const bad: Readonly<Record<string, unknown>> = {
    'no operation': null,
    'an unknown gate': { gate: 'rw', qubits: [0] },
    'a name of every object': { gate: 'constructor', qubits: [0] },
    'a list for a gate': { gate: ['rx'], qubits: [0] },
    'an unknown field': { gate: 'rx', qubits: [0], angel: {} },
    'no qubits': { gate: 'rx' },
    'too few qubits': { gate: 'cnot', qubits: [0] },
    'too many qubits': { gate: 'rx', qubits: [0, 1] },
    'text for qubits': { gate: 'rxx', qubits: '01' },
    'text for a qubit': { gate: 'rx', qubits: ['0'] },
    'half a qubit': { gate: 'rx', qubits: [0.5] },
    'a negative qubit': { gate: 'rx', qubits: [-1] },
    'a qubit too many': { gate: 'rx', qubits: [3] },
    'one qubit twice': { gate: 'cz', qubits: [1, 1] },
    'an angle of cnot': { gate: 'cnot', qubits: [0, 1], angle: { parameter: 9 } },
    'an angle of u': { gate: 'u', qubits: [0], angle: {} },
    'angles of rx': { gate: 'rx', qubits: [0], angles: [1, 2, 3] },
    'two angles of u': { gate: 'u', qubits: [0], angles: [1, 2] },
    'text angles of u': { gate: 'u', qubits: [0], angles: 'abc' },
    'no angle at all': { gate: 'rx', qubits: [0], angle: null },
    'an unknown field of an angle': { gate: 'rx', qubits: [0], angle: { param: 0 } },
    'a parameter and a feature': { gate: 'rx', qubits: [0], angle: { parameter: 0, feature: 0 } },
    'text for a parameter': { gate: 'rx', qubits: [0], angle: { parameter: '0' } },
    'null for a parameter': { gate: 'rx', qubits: [0], angle: { parameter: null } },
    'a negative parameter': { gate: 'rx', qubits: [0], angle: { parameter: -1 } },
    'a parameter beyond room': { gate: 'rx', qubits: [0], angle: { parameter: 4096 } },
    'a feature that is not there': { gate: 'rx', qubits: [0], angle: { feature: 4 } },
    'NaN for a scale': { gate: 'rx', qubits: [0], angle: { parameter: 0, scale: Number.NaN } },
    'null for a scale': { gate: 'rx', qubits: [0], angle: { parameter: 0, scale: null } },
    'an endless offset': { gate: 'rx', qubits: [0], angle: { parameter: 0, offset: -Infinity } },
  };
  for (const [what, operation] of Object.entries(bad)) {
    test(`with ${what} is refused at its place`, () => {
      const circuit = [...good, operation];
      assert.throws(model({ circuit }), { name: 'OptionError', message: /^circuit\[6\]/ });
    });
  }

  const faults: readonly (readonly [operation: unknown, message: RegExp])[] = [
    [
      { gate: 'h', qubits: [0], angle: { parameter: 0 } },
      /^circuit\[6\]\.angle is .*; expected none: h takes no angle$/,
    ],
    [
      { gate: 'h', qubits: [0], angles: [1, 2, 3] },
      /\.angles is \[1,2,3\]; expected none: h takes no angle$/,
    ],
    [{ gate: 'rx', qubits: [0], angles: [1, 2, 3] }, /\.angles is .*; expected none: rx takes angle$/],
    [{ gate: 'u', qubits: [0], angle: {} }, /\.angle is {}; expected none: u takes angles$/],
    [
      { gate: 'u', qubits: [0], angles: [1, 2] },
      /\.angles is \[1,2\]; expected three finite numbers: theta, phi, lambda$/,
    ],
    [{ gate: 'rx', qubits: [0, 1] }, /\.qubits is \[0,1\]; expected a list of one qubit from 0 to 2$/],
    [
      { gate: 'cz', qubits: [1, 1] },
      /\.qubits is \[1,1\]; expected a list of two different qubits from 0 to 2$/,
    ],
    [{ gate: 'rx', qubits: new Array(1) }, /\.qubits is /],
    [
      { gate: 'rx', qubits: [0], angle: { feature: 9 } },
      /\.angle is .*; expected .* or of one of 4 features$/,
    ],
  ];
  for (const [operation, message] of faults) {
    test(`is refused for what is wrong in ${JSON.stringify(operation)}`, () => {
      assert.throws(model({ circuit: [...good, operation] }), { name: 'OptionError', message });
    });
  }

  test('has to be a list with a parameter in it', () => {
    for (const circuit of [null, 'rx', {}, 7]) {
      assert.throws(model({ circuit }), {
        name: 'OptionError',
        message: /^circuit is .* a list of operations/,
      });
    }
    assert.throws(model({ circuit: [] }), { message: /no trainable parameter/ });
  });
});

describe('observables of the caller', () => {
  const z = { pauli: 'Z0', coefficient: 1 };
  const bad: Readonly<Record<string, unknown>> = {
    'no list': {},
    'no sums': [],
    'an empty sum': [[z], []],
    'a term that is none': [[null]],
    'terms outside a sum': [z],
    'a Pauli that is no text': [[{ ...z, pauli: 0 }]],
    'a Pauli of no qubit': [[{ ...z, pauli: 'Z3' }]],
    'no coefficient': [[{ pauli: 'Z0' }]],
    'a coefficient that is not finite': [[{ ...z, coefficient: Infinity }]],
    'an unknown field': [[{ ...z, weight: 1 }]],
    'more sums than outputs': Array.from({ length: 65 }, () => [z]),
    'more terms than there is room for': [Array.from({ length: 1025 }, () => z)],
  };
  for (const [what, observable] of Object.entries(bad)) {
    test(`with ${what} are refused`, () => {
      assert.throws(model({ observable }), { name: 'OptionError', message: /^observable/ });
    });
  }
});

describe('options', () => {
  test('that are unknown are refused, and the known ones named', () => {
    const code = 'ERR_OPTION_UNKNOWN';
    assert.throws(model({ qbits: 3 }), { code, message: /'qbits'; expected qubits, features, encoding/ });
    const training = { learningRate: 0.1 } as object;
    assert.throws(() => resolveTraining(training), {
      code,
      message: /'learningRate'; .* steps, batch, rate/,
    });
    assert.throws(() => resolveModel(resolveModel(PAPER.model) as ModelOptions), { code });
    assert.deepEqual(resolveTraining(resolveTraining()), resolveTraining());
  });

  test('are numbers, not their text, lists or nothing', () => {
    for (const value of ['4', [4], true, {}, Number.NaN]) {
      assert.throws(model({ qubits: value }), { option: 'qubits' });
      assert.throws(() => resolveTraining({ rate: value as number }), { option: 'rate' });
      assert.throws(() => resolveTraining({ beta1: value as number }), { option: 'beta1' });
    }
    assert.throws(() => resolveTraining({ rule: ['adam'] as unknown as 'adam' }), { option: 'rule' });
    assert.throws(model({ qubits: '4' }), { message: 'qubits is "4"; expected a whole number from 1 to 20' });
  });

  test('that the core refuses together are refused by name', () => {
    const shots = 1;
    assert.throws(() => resolveTraining({ rule: 'nlr-guarded', shots }), { option: 'shots' });
    assert.equal(resolveTraining({ rule: 'nlr', shots }).shots, 1);
    assert.equal(resolveTraining({ shots: 32 }).displacedShots, 'same');
    assert.equal(resolveTraining({ shots: 32, displacedShots: 1 }).displacedShots, 1);
    assert.throws(() => resolveTraining({ displacedShots: 1 }), {
      code: 'ERR_OPTION_COMBINATION',
      option: 'displacedShots',
      message: "displacedShots is 1, but without shots no displaced circuit is measured; leave it 'same'",
    });
    assert.throws(() => resolveTraining({ shots: 5, gradient: 'two-point', displacedShots: 1 }), {
      option: 'displacedShots',
      message: /without the gradient parameter-shift/,
    });
    for (const displacedShots of [0, 1.5, 2 ** 20 + 1, 'exact'])
      assert.throws(() => resolveTraining({ shots: 5, displacedShots: displacedShots as number }), {
        code: 'ERR_OPTION_VALUE',
        option: 'displacedShots',
      });
    const rates = { rate: 1e-6, negativeRate: 1 };
    assert.throws(() => resolveTraining(rates), { option: 'negativeRate' });
    assert.equal(resolveTraining({ rate: 1000 }).negativeRate, 1000);
  });

  test('reach the core under their keys', async () => {
    const core = await loadCore();
    const seed = 5 * 2 ** 32 + 7;
    const training = resolveTraining({ ...PAPER.training, seed, steps: 77, guard: 2.5, readoutError: 0.25 });
    prepareCore(core, resolveModel(PAPER.model), training, 99);
    const value = (key: Option) => core.abi.option_value(key);
    assert.deepEqual(
      [Option.Qubits, Option.Features, Option.Parameters, Option.Batch, Option.Shots].map(value),
      [6, 8, 90, 32, 1000],
    );
    assert.deepEqual(
      [Option.Steps, Option.Samples, Option.SeedLow, Option.SeedHigh, Option.Guard].map(value),
      [77, 99, 7, 5, 2.5],
    );
    assert.deepEqual([Option.NegativeRate, Option.ReadoutError].map(value), [0.02, 0.25]);
  });
});
