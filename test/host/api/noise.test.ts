/** Noise in the library: which channels stand where, trainings on them, and models that are evaluated with them. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Channel } from '../../../assembly/abi/codes.ts';
import {
  channelsBehind,
  placedGates,
  coreReadout,
  evenReadout,
  type Noise,
  readouts,
} from '../../../host/api/noise.ts';
import {
  type Circuit,
  FormatError,
  loadModel,
  OptionError,
  Trainer,
  type TrainingOptions,
} from '../../../host/index.ts';
import { loadNoisyModel } from '../../../host/noise.ts';
import { assertAllClose } from '../../support/close.ts';
import { finish, MODEL, rowsOf, TRAINING, trainerOf, withDescription } from '../../support/host-data.ts';
import { oracleModel, oracleOperations } from '../../support/host-oracle.ts';
import * as oracle from '../../support/oracle/index.ts';

const NOISE: Noise = [
  { channel: 'depolarizing', rate: 0.02 },
  { channel: 'damping', rate: 0.03, gates: ['cnot', 'swap'] },
  { channel: 'dephasing', rate: 0.05, qubits: [1] },
  { channel: 'readout', rate: [0.02, 0.08], qubits: [0] },
  { channel: 'readout', rate: 0.03 },
];

/** The circuit with its noise, as the oracle takes it. */
function noisyOperations(circuit: Circuit, noise: Noise, qubits: number): oracle.OracleOp[] {
  const entry = ({ kind, qubit, rate, other }: ReturnType<typeof readouts>[number]) =>
    oracle.channel(kind as Channel, qubit, rate, other);
  const gates = placedGates(circuit).flatMap((gate) => [
    ...oracleOperations(circuit.slice(gate.from, gate.to)),
    ...channelsBehind(noise, gate).map(entry),
  ]);
  return [...gates, ...readouts(noise, qubits).map(entry)];
}

describe('channels', () => {
  test('stand behind each gate, on each of its qubits, in the order given', () => {
    const { Damping, Dephasing, Depolarizing } = Channel;
    const found = channelsBehind(NOISE, { name: 'cnot', qubits: [2, 1], from: 0, to: 1 });
    assert.deepEqual(
      found.map(({ kind, qubit, rate }) => [kind, qubit, rate]),
      [
        [Depolarizing, 2, 0.02],
        [Damping, 2, 0.03],
        [Depolarizing, 1, 0.02],
        [Damping, 1, 0.03],
        [Dephasing, 1, 0.05],
      ],
    );
    const rotation = { name: 'rx', qubits: [0], from: 2, to: 4 };
    assert.equal(channelsBehind(NOISE, rotation).length, 1, 'not of this gate');
    const within = (...operations: [number, number]) =>
      channelsBehind([{ channel: 'damping', rate: 0.1, operations }], rotation).length;
    assert.deepEqual([within(2, 4), within(0, 4), within(3, 4), within(0, 3)], [1, 1, 0, 0]);
  });

  test('readouts follow all gates; an even one is left to every engine', () => {
    assert.deepEqual(
      readouts(NOISE, 2).map(({ qubit, rate, other }) => [qubit, rate, other]),
      [
        [0, 0.02, 0.08],
        [0, 0.03, 0.03],
        [1, 0.03, 0.03],
      ],
    );
    assert.equal(evenReadout(NOISE, 0), undefined);
    const even: Noise = [{ channel: 'readout', rate: 0.1 }];
    const error = 0.1 + 0.2 - 2 * 0.1 * 0.2;
    assert.equal(evenReadout(even, 0.2), error);
    const training = { noise: even, readoutError: 0.2, calibrationShots: 'none' as const };
    assert.deepEqual(coreReadout(training, 3), { error, entries: [] });
    // What is calibrated has to be a channel.
    const calibrated = coreReadout({ ...training, calibrationShots: 100 }, 1);
    assert.equal(calibrated.error, 0);
    assert.deepEqual(
      calibrated.entries.map(({ rate, other }) => [rate, other]),
      [
        [0.1, 0.1],
        [0.2, 0.2],
      ],
    );
  });

  const bad: Readonly<Record<string, unknown>> = {
    'no list': 'depolarizing:0.1',
    'no channel': [null],
    'an unknown channel': [{ channel: 'thermal', rate: 0.1 }],
    'a name of every object': [{ channel: 'constructor', rate: 0.1 }],
    'an unknown field': [{ channel: 'damping', rate: 0.1, gamma: 0.1 }],
    'no rate': [{ channel: 'damping' }],
    'a negative rate': [{ channel: 'damping', rate: -0.1 }],
    'a rate beyond 1': [{ channel: 'depolarizing', rate: 1.1 }],
    'no number': [{ channel: 'depolarizing', rate: Number.NaN }],
    'two rates of a channel': [{ channel: 'damping', rate: [0.1, 0.1] }],
    'three rates of a readout': [{ channel: 'readout', rate: [0.1, 0.1, 0.1] }],
    'a readout that says the opposite': [{ channel: 'readout', rate: 0.6 }],
    'gates of a readout': [{ channel: 'readout', rate: 0.1, gates: ['rx'] }],
    'operations of a readout': [{ channel: 'readout', rate: 0.1, operations: [0, 1] }],
    'operations that are none': [{ channel: 'damping', rate: 0.1, operations: [1] as never }],
    'an unknown gate': [{ channel: 'damping', rate: 0.1, gates: ['rw'] }],
    'a qubit that is not there': [{ channel: 'damping', rate: 0.1, qubits: [2] }],
  };
  for (const [what, noise] of Object.entries(bad)) {
    test(`${what} is refused`, async () => {
      const training = { ...TRAINING, noise } as TrainingOptions;
      await assert.rejects(trainerOf(training), (error: Error) => {
        assert.ok(error instanceof OptionError, `${error}`);
        assert.match(error.message, /noise/);
        return true;
      });
    });
  }
});

describe('training with noise', () => {
  test('has the outputs of the density matrix, gates made of several operations included', async () => {
    const circuit: Circuit = [
      { gate: 'h', qubits: [0] },
      { gate: 'ry', qubits: [1], angle: { parameter: 0 } },
      { gate: 'crx', qubits: [0, 1], angle: { parameter: 1 } },
      { gate: 'swap', qubits: [0, 1] },
      { gate: 'u', qubits: [1], angles: [0.3, 0.5, 0.7] },
      { gate: 'cnot', qubits: [0, 1] },
    ];
    const observable = [
      [
        { pauli: 'Z0 Z1', coefficient: 0.7 },
        { pauli: 'X1', coefficient: 0.3 },
      ],
    ];
    const model = {
      qubits: 2,
      features: 3,
      circuit,
      observable,
      head: 'none' as const,
      loss: 'mse' as const,
    };
    for (const how of [{}, { extrapolation: 'richardson' as const }]) {
      const trainer = await trainerOf({ ...TRAINING, noise: NOISE, ...how }, false, model);
      const dense = oracleModel(trainer.model);
      const operations = noisyOperations(circuit, NOISE, 2);
      // Of how many operations a gate is made, for its noise to be folded with all of them.
      let at = 0;
      for (const operation of circuit) {
        const span = oracleOperations([operation]).length;
        for (at += span; oracle.isChannel(operations[at]) && operations[at].kind !== Channel.Readout; at++)
          operations[at] = { ...operations[at], index: span };
      }
      const noisy = { ...dense, operations };
      const rows = [
        [1, 2, 3],
        [3, 1, 1],
      ];
      const found = trainer.predict(rows).map(({ scores }) => scores[0]);
      const expected = rows.map((row) =>
        'extrapolation' in how
          ? oracle.zeroNoiseOutputs(noisy, trainer.parameters, row, { fit: 3, scales: 3 })[0]
          : oracle.noisyOutputs(noisy, trainer.parameters, row)[0],
      );
      assertAllClose(found, expected, 1e-10, JSON.stringify(how));
    }
  });

  for (const training of [
    {},
    { shots: 30 },
    { shots: 30, engine: 'trajectories' as const },
    { extrapolation: 'exponential' as const, scales: 2 },
    { calibrationShots: 200, shots: 20 },
    { rule: 'nlr' as const, shots: 20, gradient: 'two-point' as const },
  ]) {
    test(`${JSON.stringify(training)}: goes on from a checkpoint with the same bits`, async () => {
      const options = { ...TRAINING, noise: NOISE, ...training };
      const whole = await finish(await trainerOf(options));
      const half = await finish(await trainerOf(options), 3);
      const file = half.checkpoint();
      const resumed = await finish(await Trainer.resume(file, { dataset: rowsOf(['no', 'yes']) }));
      assert.equal(resumed.trace, whole.trace);
      assert.ok(Number.isFinite(whole.evaluate(rowsOf(['no', 'yes'])).loss));
      assert.ok(Number.isFinite((await loadModel(whole.save())).evaluate(rowsOf(['no', 'yes'])).loss));
      assert.deepEqual(resumed.training, whole.training);
      assert.notEqual(whole.trace, (await finish(await trainerOf({ ...options, noise: [] }))).trace);
    });
  }

  test('learns', async () => {
    const trainer = await trainerOf({ ...TRAINING, steps: 60, noise: NOISE });
    const before = trainer.trainingLoss();
    await finish(trainer);
    assert.ok(trainer.trainingLoss() < before / 2, `${before} to ${trainer.trainingLoss()}`);
  });

  test('leaves the noise out of the model, which is evaluated with any', async () => {
    const trainer = await finish(await trainerOf({ ...TRAINING, steps: 30, noise: NOISE }));
    const dataset = rowsOf(['no', 'yes']);
    const file = trainer.save();
    const same = await loadNoisyModel(file, { noise: NOISE });
    assert.equal(same.evaluate(dataset).loss, trainer.evaluate(dataset).loss);
    const plain = await loadModel(file);
    const none = await loadNoisyModel(file, { noise: [] });
    assertAllClose([none.evaluate(dataset).loss], [plain.evaluate(dataset).loss], 1e-12, 'no noise');
    assert.ok(plain.evaluate(dataset).loss < same.evaluate(dataset).loss);
    const drawn = await loadNoisyModel(file, { noise: NOISE, engine: 'trajectories', seed: 5 });
    const again = await loadNoisyModel(file, { noise: NOISE, engine: 'trajectories', seed: 5 });
    const { loss } = drawn.evaluate(dataset, { shots: 2000 });
    assert.equal(again.evaluate(dataset, { shots: 2000 }).loss, loss);
    assert.ok(Math.abs(loss - same.evaluate(dataset).loss) < 0.02, `${loss}`);
    assert.throws(() => drawn.evaluate(dataset, { shots: 'exact' }), /out of range/);
    await assert.rejects(loadNoisyModel(file, { noise: NOISE, engine: 'samples' }), /noise.*'noisy'/);
  });

  test('one model a class', async () => {
    const trainer = await finish(await trainerOf({ ...TRAINING, noise: NOISE }, true));
    const loaded = await loadNoisyModel(trainer.save(), { noise: NOISE });
    const dataset = rowsOf(['a', 'b', 'c']);
    assert.equal(loaded.evaluate(dataset).loss, trainer.evaluate(dataset).loss);
  });

  test('a budget pays for the calibration of the readout too', async () => {
    const options = { noise: NOISE, batch: 4, shots: 10, calibrationShots: 300 };
    const free = await finish(await trainerOf({ ...options, steps: 1 }));
    const step = (free.report?.shots ?? 0) - 600;
    const shotsBudget = 600 + 3 * step;
    const trainer = await finish(await trainerOf({ ...options, shotsBudget }));
    assert.equal(trainer.steps, 3);
    assert.equal(trainer.report?.shots, shotsBudget);
    assert.ok(trainer.finished);
    await assert.rejects(
      trainerOf({ ...options, shotsBudget: 600 + step - 1 }),
      /calibration of the readout included/,
    );
  });

  test('an even readout alone is for every engine', async () => {
    const noise: Noise = [{ channel: 'readout', rate: 0.1 }];
    const [one, other] = [
      { noise, engine: 'columns' as const },
      { readoutError: 0.1, engine: 'columns' as const },
    ];
    const traces = await Promise.all(
      [one, other].map(async (how) => (await finish(await trainerOf({ ...TRAINING, ...how }))).trace),
    );
    assert.equal(traces[0], traces[1]);
  });

  test('refuses what cannot be: engines, callers, sizes, and files', async () => {
    const noisy = { ...TRAINING, noise: NOISE };
    for (const engine of ['samples', 'columns', 'heisenberg'] as const)
      await assert.rejects(trainerOf({ ...noisy, engine }), /noise.*'noisy', 'trajectories' or 'auto'/);
    await assert.rejects(trainerOf({ ...noisy, shots: 9, answerer: 'caller' }), /caller/);
    await assert.rejects(trainerOf({ ...noisy, engine: 'trajectories' }), /trajectories/);
    await assert.rejects(trainerOf({ ...noisy, extrapolation: 'linear', scales: 1 }), /two scales/);
    await assert.rejects(trainerOf({ ...noisy, extrapolation: 'linear', rule: 'frugal' }), /frugal/);
    await assert.rejects(
      trainerOf({ ...noisy, extrapolation: 'polynomial', extrapolationOrder: 3 }),
      /less than the number of scales/,
    );
    await assert.rejects(trainerOf(noisy, false, { ...MODEL, qubits: 16 }), /trajectories/);
    await assert.rejects(trainerOf(noisy, false, { ...MODEL, qubits: 8, layers: 100 }), /at most 4096 fit/);
    const file = (await trainerOf(noisy)).checkpoint();
    const hostile = withDescription(file, (description) => ({
      ...description,
      training: { ...(description.training as object), noise: [{ channel: 'damping', rate: 7 }] },
    }));
    await assert.rejects(Trainer.resume(hostile, { dataset: rowsOf(['no', 'yes']) }), FormatError);
  });
});
