/** Circuits that grow: layer by layer, and by the operation that the loss falls steepest by. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type AdaptOptions,
  growAdapt,
  growLayers,
  type LayerGrowthOptions,
  type Stage,
} from '../../../host/growth.ts';
import {
  type Dataset,
  loadModel,
  type ModelOptions,
  parseObservable,
  resolveModel,
  type TrainingOptions,
} from '../../../host/index.ts';
import { pauliMasks } from '../../../host/api/circuit.ts';
import { zzFeatureMap } from '../../../host/api/ansatz.ts';
import { pauliRotation } from '../../../host/api/growth.ts';
import { assertAllClose, assertClose } from '../../support/close.ts';
import { finish, rowsOf } from '../../support/host-data.ts';
import { oracleModel } from '../../support/host-oracle.ts';
import * as oracle from '../../support/oracle/index.ts';

const dataset = rowsOf(['no', 'yes']);
const CZ: ModelOptions = { qubits: 3, features: 3, entanglerGate: 'cz' };
const BARE: ModelOptions = { qubits: 2, features: 3 };
const SHORT: TrainingOptions = { steps: 5, batch: 4 };

/** All stages, trained to their ends. */
async function all(stages: AsyncIterable<Stage>): Promise<Stage[]> {
  const trained: Stage[] = [];
  for await (const stage of stages) {
    await finish(stage.trainer);
    trained.push(stage);
  }
  return trained;
}

describe('growth by layers', () => {
  const starts: Readonly<Record<string, readonly [ModelOptions, readonly number[]]>> = {
    'CZ and Z alone': [CZ, [1, 2, 5]],
    'CZ and the parity of a ring': [{ ...CZ, entangler: 'ring', observable: 'parity' }, [2, 3]],
    'mirrored layers of CNOT': [{ qubits: 3, features: 3, layout: 'mirrored' }, [2, 4, 8]],
    'mirrored layers, any observable': [
      { ...BARE, layout: 'mirrored', mirrorDepth: 2, observable: [parseObservable('X0 Y1')] },
      [4, 8],
    ],
    'correlated, angles': [{ ...CZ, correlated: true, encoding: 'angle' }, [1, 3]],
  };
  for (const [name, [model, stages]] of Object.entries(starts))
    test(`${name}: a stage starts where the one before ended`, async () => {
      let loss: number | undefined;
      const sizes: number[] = [];
      for await (const { trainer, size } of growLayers({ model, training: SHORT, dataset, stages })) {
        if (loss !== undefined) assertClose(trainer.trainingLoss(), loss, 1e-12, `${name}, ${size} layers`);
        await finish(trainer);
        loss = trainer.trainingLoss();
        sizes.push(size);
        assert.equal(trainer.model.layers, size);
      }
      assert.deepEqual(sizes, stages);
    });

  test('counts what all stages took, and draws anew in each', async () => {
    const training = { ...SHORT, shots: 20, rule: 'sgd', seed: 3 } as const;
    const stages = await all(growLayers({ model: CZ, training, dataset, stages: [1, 2, 3] }));
    const sum = (of: 'steps' | 'evaluations' | 'shots') =>
      stages.reduce(
        (total, { trainer }) => total + (of === 'steps' ? trainer.steps : (trainer.report?.[of] ?? 0)),
        0,
      );
    const last = stages.at(-1)?.spent;
    assert.deepEqual(last, { steps: 15, evaluations: sum('evaluations'), shots: sum('shots') });
    assert.ok(sum('shots') > 0);
    assert.equal(new Set(stages.map(({ trainer }) => trainer.training.seed)).size, 3);
    assert.deepEqual(stages[1].before, stages[0].spent);
  });

  test('goes on from a checkpoint within a stage, and at its end, with the same bits', async () => {
    const options: LayerGrowthOptions = {
      model: CZ,
      training: { ...SHORT, shots: 10 },
      dataset,
      stages: [1, 2, 3],
    };
    const whole = await all(growLayers(options));
    for (const until of [2, 5]) {
      const files: Uint8Array[] = [];
      for await (const stage of growLayers(options)) {
        await finish(stage.trainer, stage.number === 1 ? until : undefined);
        if (stage.number !== 1) continue;
        files.push(stage.checkpoint());
        break;
      }
      const rest = await all(growLayers({ ...options, checkpoint: files[0] }));
      assert.deepEqual(
        rest.map(({ number }) => number),
        [1, 2],
      );
      assert.equal(rest.at(-1)?.trainer.trace, whole.at(-1)?.trainer.trace);
      assert.deepEqual(rest.at(-1)?.spent, whole.at(-1)?.spent);
    }
  });

  test('carries the parameters of every model of one against the rest', async () => {
    const three = rowsOf(['a', 'b', 'c']);
    const options = { model: CZ, training: SHORT, dataset: three, stages: [1, 2], oneVsRest: true };
    const before: number[][] = [];
    for await (const { trainer, number } of growLayers(options)) {
      const width = trainer.model.circuitParameters;
      trainer.modelParameters.forEach((parameters, i) => {
        const own = Array.from(parameters);
        if (number === 0) return;
        assert.deepEqual(own.slice(0, 9), before[i].slice(0, 9));
        assert.deepEqual(
          own.slice(9, 18),
          Array.from({ length: 9 }, () => 0),
        );
        assert.deepEqual(own.slice(width), before[i].slice(9));
      });
      await finish(trainer);
      trainer.modelParameters.forEach((parameters, i) => {
        before[i] = Array.from(parameters);
      });
    }
  });

  const bad: readonly (readonly [object, RegExp])[] = [
    [{ stages: [] }, /^stages is \[\]; expected a list of numbers of layers, each more than the one before$/],
    [{ stages: [2, 2] }, /each more than the one before/],
    [{ stages: [0, 1] }, /each more than the one before/],
    [{ model: { ...CZ, layers: 2 } }, /^the stages of a growth say the layers/],
    [{ model: BARE }, /^a new layer has to start as the identity/],
    [{ model: { ...CZ, observable: [parseObservable('X0')] } }, /^a new layer has to start as the identity/],
    [{ model: { ...BARE, layout: 'qcnn' }, stages: [1] }, /needs the layout layers or mirrored$/],
    [{ model: { ...CZ, encoding: 'angle', reuploads: 2 }, stages: [2, 3] }, /encodes the features once/],
    [{ model: { ...BARE, layout: 'mirrored' }, stages: [2, 3] }, /^layers is 3; expected a multiple of 2/],
    [{ pool: [] }, /growLayers has no 'pool'/],
  ];
  for (const [change, message] of bad)
    test(`refuses ${JSON.stringify(change).slice(0, 60)}`, async () => {
      const options = {
        model: CZ,
        training: SHORT,
        dataset,
        stages: [1, 2],
        ...change,
      } as LayerGrowthOptions;
      await assert.rejects(growLayers(options).next(), { name: 'OptionError', message });
    });
});

describe('the rotation about a Pauli string', () => {
  for (const pauli of ['X1', 'Z0 Z2', 'Y0 X1', 'Z0 X2', 'X0 Y1 Z2', 'Y2 Y1 Y0', 'I0 Z1 X2'])
    test(`${pauli} is exp(-i angle/2 P)`, () => {
      const circuit = pauliRotation(pauli, 3, { parameter: 0, scale: 2, offset: 0.1 });
      const model = oracleModel({
        ...resolveModel({ qubits: 3, features: 8 }),
        ...{ circuit, circuitParameters: 1 },
      });
      const found = oracle.circuitMatrix(model, [0.6], []);
      const masks = pauliMasks(pauli, 3);
      const [cosine, sine] = [Math.cos(0.65), Math.sin(0.65)];
      const wanted = oracle.plus(
        oracle.scaled(oracle.identity(8), { re: cosine, im: 0 }),
        oracle.scaled(oracle.pauliMatrix(3, masks.x, masks.z), { re: 0, im: -sine }),
      );
      assert.ok(oracle.distance(found, wanted) < 1e-12, `${oracle.distance(found, wanted)}`);
    });
});

describe('ADAPT', () => {
  test('appends the operation by which the loss has the largest slope', async () => {
    const options: AdaptOptions = { model: BARE, training: SHORT, dataset, stages: 3, tolerance: 1e-6 };
    const batch = Array.from({ length: dataset.rows }, (_, i) => [
      ...dataset.features.subarray(3 * i, 3 * i + 3),
    ]);
    const letters = ['X', 'Y', 'Z'];
    const pool = [
      ...[0, 1].flatMap((q) => letters.map((letter) => `${letter}${q}`)),
      ...letters.flatMap((p) => letters.map((q) => `${p}0 ${q}1`)),
    ];
    let before: Stage | undefined;
    for await (const stage of growAdapt(options)) {
      if (before !== undefined) {
        const { model, parameters } = before.trainer;
        const width = model.circuitParameters;
        const slopes = pool.map((pauli) => {
          const circuit = [...model.circuit, ...pauliRotation(pauli, 2, { parameter: width })];
          const known = oracleModel({ ...model, circuit, circuitParameters: width + 1 });
          const theta = [...parameters.subarray(0, width), 0, ...parameters.subarray(width)];
          return oracle.lossGradient(known, theta, batch, dataset.labels).gradient[width];
        });
        // The last one is not tried again: in two qubits it is the last on its own.
        const tried = slopes.map((slope, i) => (pool[i] === before?.added ? 0 : Math.abs(slope)));
        const best = tried.indexOf(Math.max(...tried));
        const own = pool.indexOf(stage.added ?? '');
        // Two strings may have the same slope.
        assertClose(tried[own], tried[best], 1e-10, `${stage.added}, ${pool[best]}`);
        assertClose(stage.slope ?? 0, slopes[own], 1e-10, `slope of stage ${stage.number}`);
        assertAllClose(
          stage.trainer.parameters.subarray(0, width),
          parameters.subarray(0, width),
          0,
          'carried',
        );
        assert.equal(stage.trainer.parameters[width], 0);
      }
      await finish(stage.trainer);
      before = stage;
    }
    assert.equal(before?.size, 3);
  });

  test('finds the ground state of H2 for a loss that is an expectation', async () => {
    // STO-3G at 0.735 angstrom, two qubits by parity (Qiskit's Hamiltonian), ground state -1.857275 hartree.
    const text = '-1.05237325 - 0.39793742 Z0 + 0.39793742 Z1 - 0.0112801 Z0 Z1 + 0.18093119 X0 X1';
    const scale = 2.1;
    const observable = [
      parseObservable(text).map(({ pauli, coefficient }) => ({ pauli, coefficient: -coefficient / scale })),
    ];
    // Classification has two classes; the first counts for nothing, so that the loss is 1 - f.
    const one: Dataset = {
      ...{ features: Float64Array.of(1, 1), rows: 2, columns: 1, labels: Int32Array.of(0, 1), name: 'one' },
      classes: ['nothing', 'energy'],
    };
    const classWeights = { nothing: 1e-6, energy: 1 };
    // The Hartree-Fock state.
    const circuit = [{ gate: 'x', qubits: [1] }] as const;
    const model: ModelOptions = { qubits: 2, features: 1, circuit, observable, head: 'none', loss: 'hinge' };
    const training: TrainingOptions = { rule: 'adam', rate: 0.1, steps: 150 };
    const stages = await all(
      growAdapt({ model, training, dataset: one, classWeights, stages: 6, tolerance: 1e-4 }),
    );
    const energy = scale * ((stages.at(-1)?.trainer.trainingLoss() ?? 0) - 1);
    assert.ok(energy > -1.857276 && energy < -1.85726, `${energy}, ${stages.map(({ added }) => added)}`);
  });

  test('counts what choosing takes', async () => {
    const training = { ...SHORT, shots: 10, rule: 'sgd' } as const;
    const [first, second] = await all(growAdapt({ model: BARE, training, dataset, stages: 2 }));
    // Fifteen rotations, two circuits each for every row where the observable sees them, and the loss.
    assert.ok(first.before.evaluations > 12, `${first.before.evaluations}`);
    assert.ok(first.before.evaluations <= 12 * (2 * 15 + 2));
    assert.equal(first.before.shots, 10 * first.before.evaluations);
    assert.equal(first.before.steps, 0);
    assert.equal(second.before.steps, 5);
    assert.ok(second.before.shots > first.spent.shots);
  });

  test('goes on from a checkpoint with the same bits, and loads as any model', async () => {
    const options: AdaptOptions = { model: BARE, training: { ...SHORT, shots: 10 }, dataset, stages: 3 };
    const whole = await all(growAdapt(options));
    const files: Uint8Array[] = [];
    for await (const stage of growAdapt(options)) {
      await finish(stage.trainer, stage.number === 1 ? 3 : undefined);
      if (stage.number === 1) files.push(stage.checkpoint());
      if (stage.number === 1) break;
    }
    const rest = await all(growAdapt({ ...options, checkpoint: files[0] }));
    assert.equal(rest.at(-1)?.trainer.trace, whole.at(-1)?.trainer.trace);
    assert.deepEqual(rest.at(-1)?.spent, whole.at(-1)?.spent);
    const file = whole.at(-1)?.trainer.save() as Uint8Array;
    assert.equal((await loadModel(file)).model.circuitParameters, 3);
    await assert.rejects(growLayers({ model: CZ, dataset, stages: [1], checkpoint: files[0] }).next(), {
      message: 'the checkpoint is of no growth by layers',
    });
  });

  test('starts behind an encoding by angles, and ends where there is no slope', async () => {
    const model: ModelOptions = { qubits: 2, features: 3, encoding: 'zz' };
    const stages = await all(growAdapt({ model, training: SHORT, dataset, stages: 2 }));
    const encoded = stages.map(({ trainer }) => trainer.model.circuit.slice(0, 2 * (2 + 2 + 1)));
    assert.deepEqual(encoded, [zzFeatureMap(2), zzFeatureMap(2)]);
    const steep = { model, training: SHORT, dataset, stages: 2, tolerance: 100 };
    assert.deepEqual(await all(growAdapt(steep)), []);
  });

  const bad: readonly (readonly [object, RegExp])[] = [
    [{ stages: 0 }, /^stages is 0; expected a whole number from 1 to 1024$/],
    [{ pool: [] }, /^pool is 0; expected a whole number from 1 to 1024$/],
    [{ pool: ['I0'] }, /^pool is \["I0"\]; expected strings of one qubit or more$/],
    [{ pool: ['X7'] }, /'X7' in 'X7' is not a Pauli on one of the qubits 0 to 1/],
    [{ pool: [{ gate: 'rx' }] }, /expected a list of Pauli strings$/],
    [{ tolerance: -1 }, /^tolerance is -1; expected a number, 0 or more$/],
    [{ oneVsRest: true }, /^ADAPT grows one model$/],
    [
      { model: { ...BARE, entangler: 'ring' } },
      /^ADAPT makes the circuit itself; the model has no entangler$/,
    ],
    [
      { model: { ...BARE, circuit: [{ gate: 'rx', qubits: [0], angle: { parameter: 0 } }] } },
      /^the circuit that ADAPT starts from has no parameters$/,
    ],
  ];
  for (const [change, message] of bad)
    test(`refuses ${JSON.stringify(change).slice(0, 60)}`, async () => {
      const options = { model: BARE, training: SHORT, dataset, stages: 2, ...change } as AdaptOptions;
      await assert.rejects(growAdapt(options).next(), { name: 'OptionError', message });
    });
});
