/** Readout calibration: what it estimates, what its inversion gives, and that its shots count. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Channel, Engine, Gradient, Loss, Option, Rule, Status } from '../../../assembly/abi/codes.ts';
import { assertAllClose } from '../../support/close.ts';
import { Machine, load } from '../../support/core-harness.ts';
import * as oracle from '../../support/oracle/index.ts';
import { assertMean } from '../../support/statistics.ts';

const SEED = 1361;
const MOST = 1 << 20;

/** Random noise and readouts, and a head that shows the outputs. */
function shown(rng: oracle.Rng, qubits: number, diagonal: boolean) {
  const shape = { qubits, diagonal, outputs: 2, logits: 2, loss: Loss.CrossEntropy, readoutError: 0 };
  const model = oracle.withNoise(oracle.randomModel(rng, shape), rng);
  const theta = oracle.randomTheta(rng, model).map((value, i) => (i < model.parameters ? value : 0));
  for (const k of [0, 1]) theta[model.parameters + 3 * k] = 1;
  const unread = { ...model, operations: model.operations.filter(({ kind }) => kind !== Channel.Readout) };
  return { model, unread, theta };
}

const calibrated = (shots: number) => ({ extra: [[Option.CalibrationShots, shots]] as [Option, number][] });

describe('readout calibration', () => {
  it('exact outputs: without the errors of the readout, but for what the calibration is off', () => {
    const rng = oracle.seededRng(SEED);
    for (let trial = 0; trial < 12; trial++) {
      const { model, unread, theta } = shown(rng, 1 + (trial % 3), trial % 2 === 0);
      const { batch } = oracle.randomBatch(rng, model, 2);
      const training = { engine: Engine.Noisy, rule: Rule.Sgd };
      const machine = new Machine('release', model, { ...training, ...calibrated(MOST) }).withParameters(
        theta,
      );
      const raw = new Machine('release', model, training).withParameters(theta).predict(batch).flat();
      const truth = batch.flatMap((features) => oracle.noisyOutputs(unread, theta, features));
      const found = machine.predict(batch).flat();
      // Each qubit's errors are off by at most 5 sqrt(1/4 / 2^20), which the inverse makes twice as large at most.
      const bound = 3 * 2 * 3 * 5 * Math.sqrt(0.25 / MOST);
      assertAllClose(found, truth, bound, `seed ${SEED}, trial ${trial}`);
      const hasReadout = model.operations.some(({ kind }) => kind === Channel.Readout);
      if (hasReadout) assert.notDeepEqual(found, raw);
    }
  });

  for (const engine of [Engine.Noisy, Engine.Trajectories]) {
    it(`${Engine[engine]}: shots, terms together and apart, are right on average`, () => {
      const rng = oracle.seededRng(SEED + engine);
      for (let trial = 0; trial < 6; trial++) {
        const { model, unread, theta } = shown(rng, 1 + (trial % 3), trial % 2 === 0);
        const { batch } = oracle.randomBatch(rng, model, 1);
        const expected = oracle.noisyOutputs(unread, theta, batch[0]);
        // Seeds of their own, so that calibrations differ too: the inverse of a mean is not quite the mean of inverses.
        const rows = Array.from({ length: 150 }, (_, seed) => {
          const training = {
            engine,
            gradient: Gradient.ParameterShift,
            shots: 5,
            rule: Rule.Sgd,
            seed: [seed, SEED],
          };
          const options = { ...training, ...calibrated(100_000), batch: 1 } as object;
          return new Machine('release', model, options).withParameters(theta).predict(batch, 200)[0];
        });
        for (const k of [0, 1]) {
          const draws = rows.map((row) => row[k]);
          assertMean(draws, expected[k], `seed ${SEED}, trial ${trial}, output ${k}`);
        }
      }
    });
  }

  it('gradients of outputs that are inverted: the adjoint and the parameter shift agree, and differ from the raw', () => {
    const rng = oracle.seededRng(SEED + 2);
    for (let trial = 0; trial < 4; trial++) {
      const { model } = shown(rng, 1 + (trial % 3), trial % 2 === 0);
      const theta = oracle.randomTheta(rng, model);
      const { batch, labels } = oracle.randomBatch(rng, model, 3);
      const of = (gradient: Gradient, extra = {}) => {
        const training = { engine: Engine.Noisy, rule: Rule.Sgd, gradient, batch: 3, ...extra };
        const machine = new Machine('release', model, training).withParameters(theta);
        machine.step(batch, labels);
        return [...machine.gradient];
      };
      const options = calibrated(1000);
      assertAllClose(
        of(Gradient.Adjoint, options),
        of(Gradient.ParameterShift, options),
        1e-11,
        `trial ${trial}`,
      );
      // The head's part shows that the loss is that of the same outputs.
      const machine = new Machine('release', model, {
        engine: Engine.Noisy,
        rule: Rule.Sgd,
        batch: 3,
        ...options,
      });
      const loss = (moved: number[]) => {
        machine.withParameters(moved).predict(batch, 0, labels);
        return machine.report.EvaluatedLoss;
      };
      const slopes = theta.map((value, p) =>
        oracle.derivative((x) => loss(theta.map((own, i) => (i === p ? x : own))), value),
      );
      assertAllClose(of(Gradient.Adjoint, options), slopes, 1e-8, `trial ${trial}: differences`);
    }
  });

  it('its shots count once, with the first step; a step costs what it says, and slices change no bit', () => {
    const rng = oracle.seededRng(SEED + 3);
    for (const engine of [Engine.Noisy, Engine.Trajectories]) {
      for (const diagonal of [true, false]) {
        const { model } = shown(rng, 2, diagonal);
        const theta = oracle.randomTheta(rng, model);
        const { batch, labels } = oracle.randomBatch(rng, model, 3);
        const training = { engine, gradient: Gradient.ParameterShift, shots: 30, batch: 3, rule: Rule.Sgd };
        const [whole, cut] = [0, 1].map((work) => {
          const machine = new Machine('release', model, { ...training, ...calibrated(500) }).withParameters(
            theta,
          );
          const { abi } = machine;
          for (let step = 1; step <= 2; step++) {
            assert.equal(abi.step_begin(3), Status.Ok);
            machine.fill(batch, labels);
            if (work === 1) machine.finish(1);
            else {
              const all = abi.step_work();
              assert.equal(abi.step_advance(all - 1), Status.More, `${Engine[engine]}, ${diagonal}`);
              assert.equal(abi.step_advance(1), Status.Ok, `${Engine[engine]}, ${diagonal}`);
            }
            assert.equal(machine.report.Shots, 1000 + step * abi.step_shots());
            assert.equal(machine.report.Evaluations, 2 + step * abi.step_evaluations());
          }
          return [...machine.parameters, ...machine.reportSlots];
        });
        assert.deepEqual(cut, whole);
      }
    }
  });

  it('refuses a readout that cannot be inverted, and rules that go by the variance', () => {
    const plain = oracle.paperModel(2, 1, 4);
    const read = (rate: number, other: number) => ({
      ...plain,
      operations: [...plain.operations, oracle.channel(Channel.Readout, 0, rate, other)],
    });
    const make = (model: oracle.OracleModel, training: object) => () =>
      new Machine('release', model, {
        engine: Engine.Noisy,
        rule: Rule.Sgd,
        ...calibrated(100),
        ...training,
      });
    assert.throws(make(read(0.5, 0.5), {}), /BadReadout/);
    assert.doesNotThrow(make(read(0.1, 0.2), {}));
    const shots = { shots: 10, gradient: Gradient.ParameterShift };
    for (const rule of [Rule.NlrGuarded, Rule.Frugal])
      assert.throws(make(read(0.1, 0.1), { ...shots, rule }), /BadCombination/);
    assert.throws(make({ ...plain, readoutError: 0.1 }, {}), /BadCombination/);
    assert.throws(make(plain, { engine: Engine.Samples }), /NoisyCircuit/);
    assert.equal(load('device').configure(Option.CalibrationShots, 5), Status.BadOption);
  });
});
