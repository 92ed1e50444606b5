/** Circuits without a training, against the dense oracle. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Encoding, Source } from '../../../assembly/abi/codes.ts';
import {
  type Circuit,
  type CircuitOptions,
  expectation,
  gradient,
  type Observable,
  prepareCircuit,
  probabilities,
  sample,
} from '../../../host/circuits.ts';
import { Core, parseObservable } from '../../../host/index.ts';
import { GATES } from '../../../host/api/choices.ts';
import { wordOf } from '../../../host/api/words.ts';
import { ensureBuilt } from '../../support/built.mjs';
import { assertAllClose, assertClose } from '../../support/close.ts';
import * as oracle from '../../support/oracle/index.ts';
import { assertChiSquared, SIGMAS } from '../../support/statistics.ts';

/** A model of the oracle as the library takes it. */
function translated({ qubits, features, encoding, operations, terms }: oracle.OracleModel) {
  const circuit: Circuit = operations.map(({ kind, a, b, source, index, scale, offset }) => {
    const gate = wordOf(GATES, kind);
    const on = b === undefined ? ([a] as const) : ([a, b] as const);
    if (gate === 'cnot' || gate === 'cz') return { gate, qubits: on };
    const driver =
      source === Source.Parameter
        ? { parameter: index }
        : source === Source.Feature
          ? { feature: index }
          : {};
    return { gate, qubits: on, angle: { ...driver, scale, offset } };
  });
  const observable: Observable = terms.map(({ xMask, zMask, coefficient }) => {
    const letters = Array.from({ length: qubits }, (_, q) => {
      const letter = 'IXZY'[((xMask >> q) & 1) | (((zMask >> q) & 1) << 1)];
      return letter === 'I' ? '' : `${letter}${q}`;
    });
    return { pauli: letters.filter((each) => each !== '').join(' '), coefficient };
  });
  const options: CircuitOptions = {
    qubits,
    features,
    encoding: encoding === Encoding.Amplitude ? 'amplitude' : 'angle',
  };
  return { circuit, observable, options };
}

/** A random model with one output, and numbers to run it with. */
function drawn(seed: number, options: oracle.RandomModelOptions = {}) {
  const rng = oracle.seededRng(seed);
  const model = oracle.randomModel(rng, { outputs: 1, logits: 0, readoutError: 0, ...options });
  const parameters = oracle.randomTheta(rng, model);
  const { batch } = oracle.randomBatch(rng, model, 1);
  return { model, parameters, features: batch[0], ...translated(model) };
}

const SEEDS = Array.from({ length: 12 }, (_, i) => 100 + i);

describe('the expectation', () => {
  for (const seed of SEEDS) {
    test(`of random circuit ${seed} is the oracle's, and so are its derivatives`, async () => {
      const { model, parameters, features, circuit, observable, options } = drawn(seed);
      const prepared = await prepareCircuit(circuit, { ...options, observable });
      const own = parameters.slice(0, prepared.parameters);
      const [wanted] = oracle.evaluate(model, parameters, features);
      assertClose(prepared.expectation(own, features), wanted, 1e-12, 'prepared');
      assertClose(await expectation(circuit, observable, own, features, options), wanted, 1e-12, 'at once');
      const found = prepared.gradient(own, features);
      assert.equal(found.value, prepared.expectation(own, features));
      assert.deepEqual(await gradient(circuit, observable, own, features, options), found);
      const differences = own.map((value, p) =>
        oracle.derivative((x) => prepared.expectation(Object.assign([...own], { [p]: x }), features), value),
      );
      assertAllClose(found.gradient, differences, 1e-8, 'differences of itself');
      for (const method of ['parameter-shift', 'adjoint'] as const) {
        const [row] = oracle.outputJacobian(model, parameters, features, method);
        assertAllClose(found.gradient, row.slice(0, own.length), 1e-11, method);
      }
    });
  }

  test('is bare: large coefficients and constants do not flatten its gradient', async () => {
    const circuit: Circuit = [{ gate: 'ry', qubits: [0], angle: { parameter: 0 } }];
    for (const scale of [1e-6, 1, -40, 1e6]) {
      for (const constant of [0, 7, -7]) {
        const observable = [
          { pauli: 'Z0', coefficient: scale },
          { pauli: '', coefficient: constant },
        ];
        const { value, gradient: found } = await gradient(circuit, observable, [0.4]);
        assertClose(value, scale * Math.cos(0.4) + constant, 1e-12, 'value');
        assertClose(found[0] / scale, -Math.sin(0.4), 1e-12, 'derivative');
      }
    }
  });

  test('is that of the circuit as it was when it was prepared', async () => {
    const circuit = [{ gate: 'ry' as const, qubits: [0] as [number], angle: { parameter: 0, scale: 1 } }];
    const prepared = await prepareCircuit(circuit, { observable: 'Z0' });
    circuit[0].angle.scale = 2;
    assertClose(prepared.expectation([0.3]), Math.cos(0.3), 1e-15, 'expectation');
    assertAllClose(
      prepared.probabilities([0.3]),
      [Math.cos(0.15) ** 2, Math.sin(0.15) ** 2],
      1e-15,
      'outcomes',
    );
    assertClose(await expectation(circuit, 'Z0', [0.3]), Math.cos(0.6), 1e-15, 'as it is now');
  });

  test('needs no parameter, and may leave qubits alone', async () => {
    const circuit: Circuit = [{ gate: 'h', qubits: [0] }];
    assertClose(await expectation(circuit, 'X0', []), 1, 1e-15, 'X0');
    assert.deepEqual((await gradient(circuit, 'X0 Z4', [])).gradient.length, 0);
    assertAllClose(await probabilities(circuit, [], [], { qubits: 2 }), [0.5, 0, 0.5, 0], 1e-15, 'outcomes');
  });

  test('of calls at the same time is each its own', async () => {
    const turned = (qubits: number): Circuit =>
      Array.from({ length: qubits }, (_, q) => ({ gate: 'ry', qubits: [q], angle: { parameter: 0 } }));
    const angles = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6];
    const found = await Promise.all(
      angles.map((angle, i) => expectation(turned(1 + (i % 3)), 'Z0', [angle])),
    );
    assertAllClose(found, angles.map(Math.cos), 1e-14, 'all of them');
  });
});

describe('the layout', () => {
  test('is made once for a prepared circuit, and once for the same circuit again', async (t) => {
    const spy = t.mock.method(Core.prototype, 'configure');
    const laidOut = async (work: () => unknown) => {
      const before = spy.mock.callCount();
      await work();
      return spy.mock.callCount() > before;
    };
    const { circuit, observable, options, parameters, features } = drawn(7, { qubits: 3 });
    const prepared = await prepareCircuit(circuit, { ...options, observable });
    const own = parameters.slice(0, prepared.parameters);
    assert.ok(await laidOut(() => prepared.probabilities(own, features)));
    assert.ok(
      !(await laidOut(() => {
        for (let i = 0; i < 5; i++) {
          prepared.expectation(own, features);
          prepared.gradient(own, features);
          prepared.sample(10, own, features);
          prepared.probabilities(own, features);
        }
      })),
    );
    const call = () => expectation(circuit, observable, own, features, options);
    assert.ok(await laidOut(call));
    assert.ok(!(await laidOut(call)));
    assert.ok(!(await laidOut(() => gradient(circuit, observable, own, features, options))));
    assert.ok(await laidOut(() => expectation(circuit, 'Z0', own, features, options)));
  });
});

/** |amplitude|^2 of a model's state. */
function outcomesOf(model: oracle.OracleModel, parameters: oracle.Vector, features: oracle.Vector): number[] {
  const { re, im } = oracle.stateFromAngles(
    model,
    oracle.circuitAngles(model, parameters, features),
    features,
  );
  return Array.from(re, (part, k) => part ** 2 + im[k] ** 2);
}

describe('the probabilities', () => {
  for (const [seed, qubits] of [
    [1, 1],
    [2, 2],
    [3, 4],
    [4, 6],
    [5, 7],
  ]) {
    test(`of ${qubits} qubits are those of the oracle's state, in the order of its amplitudes`, async () => {
      const { model, parameters, features, circuit, options } = drawn(seed, { qubits, features: 2 });
      const prepared = await prepareCircuit(circuit, options);
      const own = parameters.slice(0, prepared.parameters);
      const wanted = outcomesOf(model, parameters, features);
      for (let i = 0; i < 2; i++) {
        assertAllClose(prepared.probabilities(own, features), wanted, 1e-13, 'prepared');
      }
      assertAllClose(await probabilities(circuit, own, features, options), wanted, 1e-13, 'at once');
    });
  }

  test('of some qubits are sums over the others, in the order asked for', async () => {
    const { model, parameters, features, circuit, options } = drawn(9, { qubits: 5, features: 3 });
    const prepared = await prepareCircuit(circuit, options);
    const own = parameters.slice(0, prepared.parameters);
    const whole = outcomesOf(model, parameters, features);
    for (const measured of [[0], [4], [3, 1], [4, 0, 2]]) {
      const wanted = new Array<number>(2 ** measured.length).fill(0);
      whole.forEach((probability, k) => {
        const bits = measured.map((qubit) => (k >> (4 - qubit)) & 1);
        wanted[Number.parseInt(bits.join(''), 2)] += probability;
      });
      assertAllClose(prepared.probabilities(own, features, { measured }), wanted, 1e-13, `${measured}`);
    }
  });

  test('are those of 12 of 14 qubits too', async () => {
    const circuit: Circuit = Array.from({ length: 14 }, (_, q) => ({
      gate: q % 3 === 0 ? 'x' : 'z',
      qubits: [q],
    }));
    const prepared = await prepareCircuit(circuit);
    const measured = Array.from({ length: 12 }, (_, i) => i);
    const found = prepared.probabilities([], [], { measured });
    const text = measured.map((qubit) => Number(qubit % 3 === 0)).join('');
    assertClose(found[Number.parseInt(text, 2)], 1, 1e-12, text);
    assert.throws(() => prepared.probabilities([]), { message: /1 to 12 of the 14 qubits, each once/ });
  });
});

describe('a sample', () => {
  const seed = 20261128;

  test(`has the distribution of the state (seed ${seed})`, async () => {
    const { model, parameters, features, circuit, options } = drawn(11, { qubits: 4, features: 3 });
    const own = parameters.slice(0, (await prepareCircuit(circuit, options)).parameters);
    const wanted = outcomesOf(model, parameters, features);
    const { outcomes, counts } = await sample(circuit, 20000, own, features, { ...options, seed });
    const tally = new Array<number>(16).fill(0);
    for (const outcome of outcomes) tally[outcome]++;
    assertChiSquared(tally, wanted, `seed ${seed}`);
    const named = [...counts].map(([text, count]) => [Number.parseInt(text, 2), count]);
    assert.deepEqual(
      named,
      [...tally.entries()].filter(([, count]) => count > 0),
    );
    for (const text of counts.keys()) assert.match(text, /^[01]{4}$/);
  });

  test('is the same from the same seed, another one from another', async () => {
    const prepared = await prepareCircuit([
      { gate: 'h', qubits: [0] },
      { gate: 'h', qubits: [1] },
    ]);
    const [first, again, other] = [3, 3, 4].map((seed) => prepared.sample(64, [], [], { seed }).outcomes);
    assert.deepEqual(first, again);
    assert.notDeepEqual(first, other);
    assert.deepEqual(prepared.sample(64, []).outcomes, prepared.sample(64, [], [], { seed: 1 }).outcomes);
  });

  test('has no outcome that cannot be', async () => {
    const bell: Circuit = [
      { gate: 'h', qubits: [0] },
      { gate: 'cnot', qubits: [0, 1] },
      { gate: 'x', qubits: [2] },
    ];
    const { counts } = await sample(bell, 2 ** 16, []);
    assert.deepEqual([...counts.keys()], ['001', '111']);
    const some = await sample(bell, 100, [], [], { measured: [2, 1] });
    assert.deepEqual([...some.counts.keys()], ['10', '11']);
  });
});

describe('what makes no sense is refused by an OptionError', () => {
  const circuit: Circuit = [
    { gate: 'ry', qubits: [0], angle: { parameter: 1 } },
    { gate: 'ry', qubits: [1], angle: { feature: 0 } },
  ];
  type Any = never;
  const calls: Readonly<Record<string, readonly [() => Promise<unknown>, RegExp]>> = {
    'no circuit': [() => expectation(undefined as Any, 'Z0', []), /^circuit is undefined; expected a list/],
    'an empty circuit': [() => probabilities([], []), /0 operations; expected 1 to 4096/],
    'a gate that is none': [
      () => probabilities([{ gate: 'no', qubits: [0] } as Any], []),
      /^circuit\[0\].gate/,
    ],
    'too long a circuit': [
      () => probabilities(new Array(2000).fill({ gate: 'swap', qubits: [0, 1] }), []),
      /6000 operations/,
    ],
    'a qubit beyond those asked for': [
      () => probabilities(circuit, [0, 0], [0], { qubits: 1 }),
      /^circuit\[1\]/,
    ],
    'no qubits': [() => probabilities(circuit, [0, 0], [0], { qubits: 0 }), /^qubits is 0/],
    'too many qubits': [() => probabilities(circuit, [0, 0], [0], { qubits: 21 }), /^qubits is 21/],
    'no observable': [() => expectation(circuit, undefined as Any, [0, 0], [0]), /without an observable/],
    'an observable that cannot be read': [() => expectation(circuit, 'Z0Z1', [0, 0], [0]), /'Z0Z1'/],
    'an observable of no terms': [() => expectation(circuit, [], [0, 0], [0]), /^observable/],
    'a coefficient that is none': [
      () => expectation(circuit, [{ pauli: 'Z0', coefficient: Number.NaN }], [0, 0], [0]),
      /^observable/,
    ],
    'an observable beyond the qubits': [
      () => expectation(circuit, parseObservable('Z2'), [0, 0], [0], { qubits: 2 }),
      /'Z2'/,
    ],
    'too few parameters': [
      () => expectation(circuit, 'Z0', [0], [0]),
      /^parameters has 1 numbers; expected a list of 2/,
    ],
    'no parameters': [() => expectation(circuit, 'Z0', undefined as Any, [0]), /^parameters is undefined/],
    'null for parameters': [() => expectation(circuit, 'Z0', null as Any, [0]), /^parameters is null/],
    'a parameter that is none': [
      () => gradient(circuit, 'Z0', [0, Number.NaN], [0]),
      /^parameters\[1\] is NaN/,
    ],
    'a text for a parameter': [
      () => gradient(circuit, 'Z0', ['0', 1] as Any, [0]),
      /^parameters\[0\] is "0"/,
    ],
    'no features': [
      () => expectation(circuit, 'Z0', [0, 0]),
      /^features has 0 numbers; expected a list of 1/,
    ],
    'an endless feature': [
      () => expectation(circuit, 'Z0', [0, 0], [Infinity]),
      /^features\[0\] is Infinity/,
    ],
    'a feature that no circuit has': [
      () => expectation(circuit, 'Z0', [0, 0], [0], { features: 0 }),
      /^circuit\[1\]/,
    ],
    'an unknown encoding': [
      () => expectation(circuit, 'Z0', [0, 0], [0], { encoding: 'zero' as Any }),
      /^encoding is "zero"/,
    ],
    'an unknown option': [
      () => expectation(circuit, 'Z0', [0, 0], [0], { shots: 3 } as Any),
      /no 'shots'; expected qubits, encoding/,
    ],
    'amplitudes without a direction': [
      () => expectation(circuit, 'Z0', [0, 0], [0, 0, 0, 0], { encoding: 'amplitude' }),
      /^features is \[0,0,0,0\]/,
    ],
    'amplitudes that overflow': [
      () => expectation(circuit, 'Z0', [0, 0], [1e200, 1, 1, 1], { encoding: 'amplitude' }),
      /^features is/,
    ],
    'more amplitudes than there are': [
      () => expectation(circuit, 'Z0', [0, 0], [1, 1, 1, 1, 1], { encoding: 'amplitude', features: 5 }),
      /^features is 5; expected a whole number from 1 to 4/,
    ],
    'no shots': [() => sample(circuit, 0, [0, 0], [0]), /^shots is 0/],
    'half a shot': [() => sample(circuit, 0.5, [0, 0], [0]), /^shots is 0.5/],
    'more shots than there are': [() => sample(circuit, 2 ** 21, [0, 0], [0]), /^shots is 2097152/],
    'a seed that is none': [() => sample(circuit, 1, [0, 0], [0], { seed: -1 }), /^seed is -1/],
    'a measured qubit twice': [
      () => sample(circuit, 1, [0, 0], [0], { measured: [0, 0] }),
      /^measured is \[0,0\]; expected 1 to 12 of the 2 qubits, each once/,
    ],
    'no measured qubit': [() => probabilities(circuit, [0, 0], [0], { measured: [] }), /^measured/],
    'a measured qubit beyond': [() => probabilities(circuit, [0, 0], [0], { measured: [2] }), /^measured/],
    'a text of measured qubits': [
      () => probabilities(circuit, [0, 0], [0], { measured: '01' as Any }),
      /^measured is "01"/,
    ],
  };
  for (const [what, [call, message]] of Object.entries(calls)) {
    test(what, async () => {
      await assert.rejects(call, ({ name, message: text }: Error) => {
        assert.equal(name, 'OptionError', text);
        assert.match(text, message);
        return true;
      });
    });
  }

  test('and a module where all calls share one', async () => {
    const options = { wasm: new Uint8Array(3) } as Any;
    await assert.rejects(expectation([{ gate: 'h', qubits: [0] }], 'X0', [], [], options), {
      code: 'ERR_OPTION_UNKNOWN',
      option: 'wasm',
    });
  });

  test('and derivatives that are too large to square, by what can be done', async () => {
    const turn: Circuit = [{ gate: 'ry', qubits: [0], angle: { parameter: 0 } }];
    await assert.rejects(gradient(turn, '1e200 Z0', [0.5]), {
      code: 'ERR_CORE_DIVERGED',
      message: /^the derivatives are too large to square; make the coefficients/,
    });
    const { value } = await gradient(turn, '1e100 Z0', [0.5]);
    assertClose(value, 1e100 * Math.cos(0.5), 1e86, 'a large one');
  });

  test('and options of a prepared circuit that are none', async () => {
    const prepared = await prepareCircuit([{ gate: 'h', qubits: [0] }]);
    for (const options of [null, 7, { mesured: [0] }]) {
      assert.throws(() => prepared.probabilities([], [], options as Any), { name: 'OptionError' });
      assert.throws(() => prepared.sample(1, [], [], options as Any), { name: 'OptionError' });
    }
    assert.throws(() => prepared.expectation([]), { code: 'ERR_OPTION_COMBINATION' });
    await assert.rejects(prepareCircuit([{ gate: 'h', qubits: [0] }], null as Any), { name: 'OptionError' });
  });
});

test('the entry throws the error classes of the main one', async () => {
  ensureBuilt('dist/circuits.js');
  ensureBuilt('dist/index.js');
  ensureBuilt('dist/release-core.js');
  const folder = new URL('../../../dist/', import.meta.url);
  const circuits = (await import(
    new URL('circuits.js', folder).href
  )) as typeof import('../../../host/circuits.ts');
  const main = (await import(new URL('index.js', folder).href)) as typeof import('../../../host/index.ts');
  const circuit: Circuit = [{ gate: 'h', qubits: [0] }];
  assertClose(await circuits.expectation(circuit, 'X0', []), 1, 1e-15, 'the built one');
  await assert.rejects(circuits.expectation(circuit, 'Q0', []), main.OptionError);
});

describe('shots', () => {
  const circuit: Circuit = [
    { gate: 'ry', qubits: [0], angle: { parameter: 0 } },
    { gate: 'cry', qubits: [0, 1], angle: { parameter: 1, scale: 2 } },
  ];
  const [observable, at, shots] = ['Z0 Z1 + 0.5 X1', [0.5, 0.7], 50_000] as const;

  test('measure the expectation and, by displaced circuits, its derivatives', async () => {
    const exact = (await prepareCircuit(circuit, { observable })).gradient(at);
    const prepared = await prepareCircuit(circuit, { observable, shots, seed: 3 });
    const first = prepared.expectation(at);
    const found = prepared.gradient(at);
    // The coefficients' sizes bound what one shot can be off by; the second parameter drives two rotations.
    const bound = (SIGMAS * 1.5) / Math.sqrt(shots);
    for (const value of [first, found.value]) {
      assert.ok(Math.abs(value - exact.value) < bound, `${value}`);
      assert.notEqual(value, exact.value);
    }
    found.gradient.forEach((value, i) =>
      assertClose(value, exact.gradient[i] as number, 2 * bound, `derivative ${i}`),
    );
    assert.notEqual(prepared.expectation(at), first, 'each call draws anew');
  });

  test('go by the seed', async () => {
    const drawn = async (seed: number) => {
      const prepared = await prepareCircuit(circuit, { observable, shots, seed });
      return [prepared.expectation(at), ...prepared.gradient(at).gradient];
    };
    assert.deepEqual(await drawn(1), await drawn(1));
    assert.notDeepEqual(await drawn(1), await drawn(2));
  });

  test('are a whole number, or exact', async () => {
    for (const bad of [0, 1.5, 2 ** 21, 'many'])
      await assert.rejects(prepareCircuit(circuit, { observable, shots: bad as number }), /shots is/);
    const exact = await prepareCircuit(circuit, { observable, shots: 'exact' });
    assert.equal(exact.expectation(at), (await prepareCircuit(circuit, { observable })).expectation(at));
  });
});
