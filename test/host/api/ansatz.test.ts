/** The built-in circuits: against the dense oracle, on every engine and build, and as options and files have them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { lightCone } from '../../../host/api/light-cone.ts';
import { entangledPairs, layered, qcnn, zzFeatureMap } from '../../../host/api/ansatz.ts';
import {
  applyPipeline,
  chainAnsatz,
  type Dataset,
  loadModel,
  type ModelOptions,
  plan,
  resolveModel,
  Trainer,
  type TrainingOptions,
} from '../../../host/index.ts';
import { gradient } from '../../../host/circuits.ts';
import { fitPipeline } from '../../../host/data/index.ts';
import { unpackContainer } from '../../../host/files/container.ts';
import { ensureBuilt } from '../../support/built.mjs';
import { assertAllClose, assertClose } from '../../support/close.ts';
import { finish } from '../../support/host-data.ts';
import { oracleModel } from '../../support/host-oracle.ts';
import * as oracle from '../../support/oracle/index.ts';

/** One of each thing that a circuit can be made of. */
const STRUCTURES: Readonly<Record<string, ModelOptions>> = {
  chain: { qubits: 3, features: 5, layers: 2 },
  'ring of CZ': { qubits: 4, features: 6, layers: 2, entangler: 'ring', entanglerGate: 'cz' },
  'all to all': { qubits: 3, features: 8, layers: 2, entangler: 'all-to-all', observable: 'mean-z' },
  mirrored: { qubits: 3, features: 4, layers: 4, layout: 'mirrored', mirrorDepth: 2 },
  'mirrored, reuploaded': { qubits: 2, features: 3, encoding: 'angle', layout: 'mirrored', reuploads: 3 },
  correlated: { qubits: 3, features: 4, layers: 3, correlated: true, observable: 'parity' },
  reuploaded: { qubits: 2, features: 5, encoding: 'angle', layers: 3, reuploads: 2 },
  'ZZ map': { qubits: 3, features: 6, encoding: 'zz', layers: 2 },
  'ZZ map, reuploaded': {
    qubits: 3,
    features: 3,
    encoding: 'zz',
    layers: 2,
    reuploads: 2,
    entangler: 'ring',
  },
  QCNN: { qubits: 4, features: 7, layout: 'qcnn' },
  'QCNN of five, one round': { qubits: 5, features: 5, layout: 'qcnn', layers: 1, encoding: 'angle' },
  'QCNN, correlated': { qubits: 4, features: 3, layout: 'qcnn', correlated: true, encoding: 'zz' },
};

/** Rows of angles, labelled in turn. */
function rows(columns: number, count = 4): Dataset {
  const features = Float64Array.from({ length: count * columns }, (_, i) => 1.5 + Math.sin(3 * i + 1));
  const labels = Int32Array.from({ length: count }, (_, i) => i % 2);
  return { features, rows: count, columns, labels, classes: ['a', 'b'], name: 'rows' };
}

const batchOf = ({ features, rows: count, columns }: Dataset) =>
  Array.from({ length: count }, (_, i) => [...features.subarray(i * columns, (i + 1) * columns)]);

const moduleOf = (name: string) => {
  ensureBuilt(`build/${name}`);
  return readFileSync(new URL(`../../../build/${name}`, import.meta.url));
};

const ONE_STEP: TrainingOptions = { rule: 'sgd', steps: 1, batch: 4, schedule: 'constant' };

/** One step's loss and gradient are the oracle's. */
async function assertLossGradient(
  name: string,
  model: ModelOptions,
  training: TrainingOptions,
): Promise<void> {
  const dataset = rows(model.features);
  const trainer = await Trainer.create({ model, training, dataset });
  const theta = Array.from(trainer.parameters);
  await finish(trainer);
  const { loss, gradient: wanted } = oracle.lossGradient(
    oracleModel(trainer.model),
    theta,
    batchOf(dataset),
    dataset.labels,
  );
  assertClose(trainer.report?.loss ?? Number.NaN, loss, 1e-10, `${name}: loss`);
  assertAllClose(trainer.gradient, wanted, 1e-10, `${name}: gradient`);
}

describe('a built-in circuit', () => {
  for (const [name, model] of Object.entries(STRUCTURES)) {
    const resolved = resolveModel(model);
    const known = oracleModel(resolved);
    const dataset = rows(model.features);

    test(`${name}: expectations and gradients are the oracle's`, async () => {
      const { circuit, observables, qubits, features, encoding } = resolved;
      const rng = oracle.seededRng(7);
      const theta = Array.from({ length: resolved.circuitParameters }, () => 6 * rng() - 3);
      const x = batchOf(dataset)[1];
      const jacobian = oracle.outputJacobian(known, theta, x, 'adjoint');
      const f = oracle.evaluate(known, theta, x);
      for (const [k, observable] of observables.entries()) {
        const how = { qubits, features, encoding: encoding === 'amplitude' ? encoding : 'angle' } as const;
        const found = await gradient(circuit, observable, theta, x, how);
        assertClose(found.value, f[k], 1e-10, `${name}: output ${k}`);
        assertAllClose(found.gradient, jacobian[k], 1e-10, `${name}: gradient of output ${k}`);
      }
    });

    // The laid-out engines take circuits in which no feature drives a gate.
    for (const engine of model.encoding === undefined
      ? (['samples', 'columns'] as const)
      : (['samples'] as const)) {
      for (const gradient of ['adjoint', 'parameter-shift'] as const) {
        test(`${name}: the ${gradient} gradient of the loss on ${engine} is the oracle's`, async () => {
          await assertLossGradient(name, model, { ...ONE_STEP, engine, gradient });
        });
      }
    }

    test(`${name}: every build has the same bits`, async () => {
      for (const shots of ['exact', 30] as const) {
        const training: TrainingOptions = { rule: 'nlr', steps: 3, batch: 3, shots, engine: 'samples' };
        const traces = new Set<string>();
        for (const file of ['core.wasm', 'core.device.wasm', 'core.device-fast.wasm']) {
          const options = { model, training, dataset, wasm: moduleOf(file) };
          traces.add((await finish(await Trainer.create(options))).trace);
        }
        assert.equal(traces.size, 1, `${name}, shots ${shots}: ${[...traces].join(' ')}`);
      }
    });

    test(`${name}: saved, loaded and resumed`, async () => {
      const training: TrainingOptions = { rule: 'adam', steps: 6, batch: 3, shots: 20, engine: 'samples' };
      const options = { model, training, dataset };
      const whole = await finish(await Trainer.create(options));
      const first = await finish(await Trainer.create(options), 3);
      const rest = await finish(await Trainer.resume(first.checkpoint(), { dataset }));
      assert.equal(rest.trace, whole.trace);
      const file = whole.save();
      const loaded = await loadModel(file);
      assert.deepEqual(loaded.predict(batchOf(dataset)), whole.predict(batchOf(dataset)));
      assert.deepEqual(loaded.model, whole.model);
    });

    test(`${name}: costs what the core counts, and plan warns of nothing`, async () => {
      const found = await plan(model, { shots: 10, rule: 'sgd' });
      const { circuitParameters } = resolved;
      assert.equal(found.circuitParameters, circuitParameters);
      assert.deepEqual(found.warnings, []);
      const trainer = await Trainer.create({
        model,
        training: { ...ONE_STEP, shots: 10, batch: 4 },
        dataset,
      });
      await finish(trainer);
      assert.equal((found.evaluationsPerStep / 32) * 4, trainer.report?.evaluations, name);
      assert.equal((found.shotsPerStep / 32) * 4, trainer.report?.shots, name);
    });
  }
});

describe('the Heisenberg engine', () => {
  // It pulls one observable back, through a small light cone.
  const one = { head: 'none', loss: 'mse', observable: 'z0' } as const;
  const models: Readonly<Record<string, ModelOptions>> = {
    'a chain': { qubits: 6, features: 8, layers: 3 },
    'correlated parameters': { qubits: 6, features: 8, layers: 2, correlated: true },
    'a ring of CZ': { qubits: 6, features: 8, layers: 2, entangler: 'ring', entanglerGate: 'cz' },
    'mirrored layers': { qubits: 6, features: 8, layers: 4, layout: 'mirrored' },
    'a QCNN of one round': { qubits: 6, features: 8, layers: 1, layout: 'qcnn' },
  };
  for (const [name, model] of Object.entries(models))
    test(`has the oracle's gradient of ${name}`, () =>
      assertLossGradient(name, { ...model, ...one }, { ...ONE_STEP, engine: 'heisenberg' }));
});

describe('the layout', () => {
  test('layers with a chain is the ansatz of the paper', () => {
    const { circuit } = resolveModel({ qubits: 4, features: 4, layers: 3 });
    assert.deepEqual(circuit, chainAnsatz(4, 3));
    const asked = { layout: 'layers', entangler: 'chain', entanglerGate: 'cnot' } as const;
    const more = { correlated: false, reuploads: 1 };
    assert.deepEqual(resolveModel({ qubits: 4, features: 4, layers: 3, ...asked, ...more }).circuit, circuit);
  });

  test('of a chain, a ring and all to all have the pairs of their names', () => {
    assert.deepEqual(entangledPairs(4, 'chain'), [[0, 1], [1, 2], [2, 3]]); // prettier-ignore
    assert.deepEqual(entangledPairs(4, 'ring'), [[0, 1], [1, 2], [2, 3], [3, 0]]); // prettier-ignore
    assert.deepEqual(entangledPairs(3, 'all-to-all'), [[0, 1], [0, 2], [1, 2]]); // prettier-ignore
    assert.deepEqual(entangledPairs(2, 'ring'), [[0, 1]], 'a ring of two is a chain');
    assert.deepEqual(entangledPairs(1, 'all-to-all'), []);
  });

  test('qcnn halves the qubits until one is left, and leaves the others alone', () => {
    const { circuit, observed } = qcnn(8, 3, false);
    assert.deepEqual(observed, [0]);
    assert.deepEqual(qcnn(8, 2, false).observed, [0, 4]);
    assert.deepEqual(qcnn(5, 1, false).observed, [0, 2, 4]);
    // 7 + 3 + 1 convolutions of 15 parameters, 4 + 2 + 1 poolings of 2.
    assert.equal(Math.max(...circuit.map(({ angle }) => angle?.parameter ?? 0)) + 1, 11 * 15 + 7 * 2);
    const last = circuit.map(({ qubits }) => qubits.some((qubit) => qubit === 7)).lastIndexOf(true);
    assert.ok(circuit.slice(last + 1).every(({ qubits }) => qubits.every((qubit) => qubit % 2 === 0)));
    assert.equal(
      resolveModel({ qubits: 8, features: 8, layout: 'qcnn', correlated: true }).circuitParameters,
      51,
    );
  });

  test('qcnn is observed on the qubits that are left', () => {
    const paulis = (options: Partial<ModelOptions>) =>
      resolveModel({ qubits: 8, features: 8, layout: 'qcnn', layers: 2, ...options }).observables.map((sum) =>
        sum.map(({ pauli, coefficient }) => `${coefficient} ${pauli}`).join(' + '),
      );
    assert.deepEqual(paulis({}), ['1 Z0', '1 Z4']);
    assert.deepEqual(paulis({ observable: 'mean-z' }), ['0.5 Z0 + 0.5 Z4']);
    assert.deepEqual(paulis({ observable: 'parity' }), ['1 Z0 Z4']);
  });

  test('with reuploads encodes before groups of layers of the same size, if they go', () => {
    const encoded = (layers: number, reuploads: number) => {
      const { circuit } = resolveModel({ qubits: 1, features: 1, encoding: 'angle', layers, reuploads });
      const layersBefore = (i: number) => circuit.slice(0, i).filter(({ gate }) => gate === 'rx').length;
      return circuit.flatMap(({ angle }, i) => (angle?.feature === undefined ? [] : layersBefore(i)));
    };
    assert.deepEqual(encoded(6, 3), [0, 2, 4]);
    assert.deepEqual(encoded(5, 2), [0, 2]);
    assert.deepEqual(encoded(3, 3), [0, 1, 2]);
    const structure = { layout: 'mirrored', entangler: 'chain', entanglerGate: 'cz' } as const;
    const rest = { mirrorDepth: 1, reuploads: 2, correlated: false };
    const circuit = layered(1, 4, { ...structure, ...rest }, [{ gate: 'h', qubits: [0] }]);
    assert.equal(circuit.map(({ gate }) => gate).lastIndexOf('h'), 7, 'between two whole blocks');
  });
});

describe('the ZZ feature map', () => {
  test('is what the ad hoc data is defined by', async () => {
    const { adHocGrid } = await import('../../../host/data/sets/ad-hoc.ts');
    const { expectations } = adHocGrid(0);
    const angles = (i: number, j: number) => {
      const [x, y] = [i, j].map((place) => (2 * Math.PI * place) / 100);
      return applyPipeline([{ kind: 'products', columns: 2 }], [x, y]);
    };
    const model = oracleModel(
      resolveModel({
        qubits: 2,
        features: 3,
        circuit: [...zzFeatureMap(2), ...chainAnsatz(2, 1)],
        encoding: 'angle',
      }),
    );
    const map = { ...model, operations: model.operations.slice(0, -7) };
    const states = [
      [0, 0],
      [10, 20],
      [33, 71],
      [87, 13],
      [50, 50],
    ].map(([i, j]) =>
      // prettier-ignore
      oracle.stateFromAngles(map, oracle.circuitAngles(map, [], angles(i, j)), angles(i, j)),
    );
    // Havlicek et al.: phi = x_0 Z_0 + x_1 Z_1 + (pi - x_0)(pi - x_1) Z_0 Z_1, e^(i phi) H e^(i phi) H |00>.
    const textbook = (i: number, j: number) => {
      const [x, y, product] = angles(i, j);
      const z = (on: number) => oracle.pauliMatrix(2, 0, on);
      const phases = [0, 1, 2, 3].map((k) => {
        const [a, b] = [k >> 1, k & 1].map((bit) => 1 - 2 * bit);
        return x * a + y * b + product * a * b;
      });
      assert.equal(z(3).re[0], 1);
      const diagonal = oracle.zeros(4);
      for (let k = 0; k < 4; k++) {
        diagonal.re[5 * k] = Math.cos(phases[k]);
        diagonal.im[5 * k] = Math.sin(phases[k]);
      }
      const h = oracle.matrix2([Math.SQRT1_2, 0], [Math.SQRT1_2, 0], [Math.SQRT1_2, 0], [-Math.SQRT1_2, 0]);
      const hadamards = oracle.kron(h, h);
      let state = oracle.basisState(4, 0);
      for (let turn = 0; turn < 2; turn++) state = oracle.apply(diagonal, oracle.apply(hadamards, state));
      return state;
    };
    [
      [0, 0],
      [10, 20],
      [33, 71],
      [87, 13],
      [50, 50],
    ].forEach(([i, j], at) => {
      // prettier-ignore
      const overlap = oracle.inner(textbook(i, j), states[at]);
      assertClose(Math.hypot(overlap.re, overlap.im), 1, 1e-12, `the state of ${i}, ${j}`);
    });
    assertClose(expectations[1020], -0.9179590683, 1e-9, 'the grid is that of the definition');
  });

  test('takes the products that a pipeline makes', () => {
    const { pipeline, training } = fitPipeline(rows(3), [{ kind: 'minmax' }, { kind: 'products' }]);
    assert.equal(training.columns, 6);
    const [x, y, z, xy, xz, yz] = training.features;
    const wanted = [
      (Math.PI - x) * (Math.PI - y),
      (Math.PI - x) * (Math.PI - z),
      (Math.PI - y) * (Math.PI - z),
    ];
    assertAllClose([xy, xz, yz], wanted, 1e-15, 'products');
    assert.deepEqual(pipeline[1], { kind: 'products', columns: 3 });
  });

  for (const [features, qubits] of [
    [2, 2],
    [5, 4],
    [10, 3],
  ])
    // prettier-ignore
    test(`refuses ${features} features on ${qubits} qubits`, () => {
      assert.throws(() => resolveModel({ qubits, features, encoding: 'zz' }), {
        code: 'ERR_OPTION_VALUE',
        message: `features is ${features}; expected d + d (d - 1) / 2 for the encoding zz, d at most the ${qubits} qubits`,
      });
    });
});

describe('options of a structure', () => {
  const base = { qubits: 3, features: 4 };
  const own = { circuit: chainAnsatz(3, 1) };
  const bad: readonly (readonly [Partial<ModelOptions>, RegExp])[] = [
    [{ layout: 'brick' as never }, /^layout is "brick"; expected one of layers, mirrored, qcnn$/],
    [{ entangler: 'star' as never }, /^entangler is "star"; expected one of chain, ring, all-to-all$/],
    [{ entanglerGate: 'iswap' as never }, /^entanglerGate is "iswap"/],
    [{ correlated: 1 as never }, /^correlated is 1; expected true or false$/],
    [{ reuploads: 2 }, /^reuploads needs features that drive gates/],
    [{ reuploads: 0, encoding: 'angle' }, /^reuploads is 0; expected a whole number from 1 to 5$/],
    [{ reuploads: 6, encoding: 'angle' }, /^reuploads is 6; expected a whole number from 1 to 5$/],
    [{ mirrorDepth: 2 }, /^mirrorDepth does not go with the layout layers$/],
    [
      { layout: 'mirrored', layers: 5 },
      /^layers is 5; expected a multiple of 2: blocks of the layout mirrored$/,
    ],
    [{ layout: 'mirrored', mirrorDepth: 0 }, /^mirrorDepth is 0/],
    [{ layout: 'qcnn', entangler: 'chain' }, /^entangler does not go with the layout qcnn$/],
    [{ layout: 'qcnn', reuploads: 1 }, /^reuploads does not go with the layout qcnn$/],
    [{ layout: 'qcnn', layers: 3 }, /^layers is 3; expected a whole number from 1 to 2$/],
    [{ layout: 'qcnn', qubits: 1, features: 1 }, /^qubits is 1; expected a whole number from 2 to 20$/],
    [{ ...own, entangler: 'ring' }, /^entangler belongs to the built-in ansatz and cannot be combined/],
    [{ ...own, correlated: true }, /^correlated belongs to the built-in ansatz/],
    [
      { ...own, encoding: 'zz', features: 3 },
      /^the encoding zz is a circuit, and cannot be combined with one/,
    ],
    [{ observable: 'z1' as never }, /^observable is "z1"; expected one of z0, all-z, mean-z, parity$/],
    [{ head: 'none', observable: 'all-z' }, /exactly one observable/],
    [{ layers: 4096, entangler: 'all-to-all' }, /at most 4096 and 4096 fit/],
  ];
  for (const [options, message] of bad)
    test(`${JSON.stringify(options).slice(0, 70)} are refused`, () => {
      assert.throws(() => resolveModel({ ...base, ...options }), { name: 'OptionError', message });
    });

  test('are in a file only where they are not the default', async () => {
    const dataset = rows(4);
    const structure = { layout: 'layers', entangler: 'chain', entanglerGate: 'cnot', reuploads: 1 } as const;
    const start = { correlated: false, initialisation: 'uniform' } as const;
    const model = { qubits: 2, features: 4, layers: 1, ...structure, ...start };
    const trainer = await Trainer.create({ model, training: ONE_STEP, dataset });
    const { description } = unpackContainer(trainer.save(), 'model') as { description: { model: object } };
    assert.deepEqual(description.model, { qubits: 2, features: 4, layers: 1, classes: 2 });
    const ring = await Trainer.create({
      model: { ...model, entangler: 'ring' },
      training: ONE_STEP,
      dataset,
    });
    const other = unpackContainer(ring.save(), 'model') as { description: { model: object } };
    assert.deepEqual(other.description.model, { ...description.model, entangler: 'ring' });
  });
});

describe('plan', () => {
  test('warns where the observable sees none of the features that drive gates, and notes where it sees some', async () => {
    const blind = {
      qubits: 4,
      features: 4,
      encoding: 'angle',
      layers: 1,
      head: 'none',
      loss: 'mse',
    } as const;
    const features = { pauli: 'Z0', coefficient: 1 };
    const { warnings, notes } = await plan({ ...blind, observable: [[features]] });
    assert.deepEqual(warnings, []);
    assert.match(
      notes.join('\n'),
      /^3 of 4 features are outside the observable's light cone, the first of them 1$/m,
    );
    const circuit = [
      { gate: 'ry', qubits: [1], angle: { feature: 0 } },
      { gate: 'rx', qubits: [0], angle: { parameter: 0 } },
    ] as const;
    const alone = { qubits: 2, features: 1, encoding: 'angle', circuit, head: 'none', loss: 'mse' } as const;
    assert.deepEqual((await plan(alone)).warnings, [
      'the observable cannot see the data: no gate that a feature drives is in the light cone',
    ]);
    const qcnn = { qubits: 8, features: 2, layout: 'qcnn', layers: 1, observable: [[features]] } as const;
    assert.match(
      (await plan({ ...qcnn, head: 'none', loss: 'mse' })).warnings.join(),
      /^the observable cannot see/,
    );
  });

  test('sees of the features what the core sees of parameters in their places', async () => {
    let unseen = 0;
    for (const observable of ['z0', 'parity', [[{ pauli: 'X2', coefficient: 1 }]]] as const)
      for (const [layers, entangler] of [
        [1, 'chain'],
        [1, 'ring'],
        [2, 'chain'],
      ] as const)
        // prettier-ignore
        for (const entanglerGate of ['cnot', 'cz'] as const) {
          const model = { qubits: 5, features: 9, encoding: 'angle', layers, entangler, entanglerGate } as const;
          const resolved = resolveModel({ ...model, observable, head: 'none', loss: 'mse' });
          const circuit = resolved.circuit.map((operation) => {
            if (operation.angle === undefined) return operation;
            const { feature } = operation.angle;
            return { ...operation, angle: feature === undefined ? { offset: 0.3 } : { parameter: feature } };
          });
          const own = { qubits: 5, features: 1, circuit, observable: resolved.observables } as const;
          const { activeParameters } = await plan({ ...own, head: 'none', loss: 'mse' });
          const found = lightCone(resolved).features;
          assert.equal(found.all.length - found.unseen.length, activeParameters);
          unseen += found.unseen.length;
        }
    assert.ok(unseen > 0);
  });

  test('advises on every layout what can be had', async () => {
    for (const [name, model] of Object.entries(STRUCTURES)) {
      const { advice, fits } = await plan(model, {}, { budgetBytes: 7000 });
      assert.ok(fits || advice.length > 0, name);
      for (const sentence of advice) {
        const [, layers] = /layers from \d+ to (\d+)/.exec(sentence) ?? [];
        if (layers === undefined) continue;
        const blocks = Number(layers) / (model.layout === 'mirrored' ? 2 * (model.mirrorDepth ?? 1) : 1);
        const reuploads = Math.min(model.reuploads ?? 1, blocks);
        const smaller = { ...model, layers: Number(layers), ...(model.reuploads && { reuploads }) };
        assert.ok((await plan(smaller, {}, { budgetBytes: 7000 })).fits, `${name}: ${sentence}`);
      }
    }
  });
});
