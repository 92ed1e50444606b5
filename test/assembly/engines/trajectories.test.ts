/** Trajectories against density matrices: means of shots and of their gradients, to five standard errors. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  Channel,
  Encoding,
  Engine,
  Extrapolation,
  Gradient,
  Loss,
  Option,
  Rule,
  Status,
} from '../../../assembly/abi/codes.ts';
import { assertSameBits } from '../../support/close.ts';
import { type Build, Machine, wanted } from '../../support/core-harness.ts';
import { assertMean } from '../../support/statistics.ts';
import * as oracle from '../../support/oracle/index.ts';

const SEED = 1341;

/** The builds with noise. */
const NOISY = wanted(['release', 'debug']);

const DRAWN = { engine: Engine.Trajectories, gradient: Gradient.ParameterShift, rule: Rule.Sgd, shots: 100 };

function drawing(build: Build, model: oracle.OracleModel, training = {}): Machine {
  return new Machine(build, model, { ...DRAWN, ...training });
}

/** Asserts that rows of numbers have the expected means, to five of their own standard errors. */
function assertMeans(rows: readonly (readonly number[])[], expected: readonly number[], where: string): void {
  expected.forEach((value, k) => {
    const draws = rows.map((row) => row[k]);
    assertMean(draws, value, `${where}, number ${k}`);
  });
}

/** A model whose head shows its outputs, and parameters for it. */
function shown(rng: oracle.Rng, options: oracle.RandomModelOptions) {
  const plain = oracle.randomModel(rng, { outputs: 2, logits: 2, loss: Loss.CrossEntropy, ...options });
  const model = oracle.withNoise(plain, rng);
  const theta = oracle.randomTheta(rng, model).map((value, i) => (i < model.parameters ? value : 0));
  for (const k of [0, 1]) theta[model.parameters + 3 * k] = 1;
  return { model, theta };
}

describe('trajectories', () => {
  it('outputs: terms together and apart, both encodings, every channel and readout', () => {
    const rng = oracle.seededRng(SEED);
    for (let trial = 0; trial < 16; trial++) {
      const encoding = trial % 4 < 2 ? Encoding.Amplitude : Encoding.Zero;
      const readoutError = trial % 3 === 0 ? 0.05 : 0;
      const shape = { qubits: 1 + (trial % 3), diagonal: trial % 2 === 0, encoding, readoutError };
      const { model, theta } = shown(rng, shape);
      const { batch } = oracle.randomBatch(rng, model, 2);
      const machine = drawing('release', model).withParameters(theta);
      const rounds = Array.from({ length: 60 }, () => machine.predict(batch, 400));
      batch.forEach((features, b) => {
        const expected = oracle.noisyOutputs(model, theta, features);
        const rows = rounds.map((round) => round[b]);
        assertMeans(rows, expected, `seed ${SEED}, trial ${trial}, sample ${b}`);
      });
    }
  });

  it('every bitstring is as likely as the density matrix says', () => {
    const rng = oracle.seededRng(SEED + 1);
    const qubits = 3;
    const outputs = 2 ** qubits - 1;
    const { model: drawn } = shown(rng, { qubits, diagonal: true, outputs: 1, logits: 1, loss: Loss.Hinge });
    // All strings of Z: as many numbers as there are outcomes, less one.
    const terms = Array.from({ length: outputs }, (_, k) => ({
      output: k,
      xMask: 0,
      zMask: k + 1,
      coefficient: 1,
    }));
    const model = { ...drawn, terms, outputs, logits: outputs, loss: Loss.CrossEntropy };
    const theta = oracle.randomTheta(rng, model).map((value, i) => (i < model.parameters ? value : 0));
    for (let k = 0; k < outputs; k++) theta[model.parameters + (outputs + 1) * k] = 1;
    const { batch } = oracle.randomBatch(rng, model, 1);
    const machine = drawing('release', model, { batch: 1 }).withParameters(theta);
    const rows = Array.from({ length: 100 }, () => machine.predict(batch, 500)[0]);
    assertMeans(rows, oracle.noisyOutputs(model, theta, batch[0]), `seed ${SEED}`);
  });

  it('gradients: the parameter shift, one shot a sign or many, of a loss that is linear', () => {
    const rng = oracle.seededRng(SEED + 2);
    for (let trial = 0; trial < 6; trial++) {
      const shape = { qubits: 1 + (trial % 3), diagonal: trial % 2 === 0, outputs: 1, logits: 0 };
      const plain = oracle.randomModel(rng, { ...shape, loss: Loss.Hinge });
      // Within the margin, whatever is measured.
      const total = plain.terms.reduce((sum, { coefficient }) => sum + Math.abs(coefficient), 0);
      const terms = plain.terms.map((term) => ({ ...term, coefficient: term.coefficient / (total + 0.1) }));
      const model = oracle.withNoise({ ...plain, terms }, rng);
      const theta = oracle.randomTheta(rng, model);
      const { batch, labels } = oracle.randomBatch(rng, model, 2);
      const expected = oracle.noisyGradient(model, theta, batch, labels).gradient;
      const displacedShots = trial < 3 ? 1 : 20;
      const rows = Array.from({ length: 150 }, (_, seed) => {
        const training = { displacedShots, shots: 5, seed: [seed, SEED] as const };
        const machine = drawing('release', model, training).withParameters(theta);
        machine.step(batch, labels);
        return [...machine.gradient];
      });
      assertMeans(rows, expected, `seed ${SEED}, trial ${trial}`);
    }
  });

  it('extrapolates to zero noise: outputs and gradients of folded circuits', () => {
    const rng = oracle.seededRng(SEED + 3);
    const how = { fit: Extrapolation.Richardson, scales: 2 };
    const extra = [
      [Option.Extrapolation, how.fit],
      [Option.Scales, how.scales],
    ] as const;
    const turns = oracle.paperModel(2, 1, 4);
    const noise = turns.operations.flatMap((op) => [op, oracle.channel(Channel.Damping, op.a, 0.03)]);
    const model = {
      ...turns,
      operations: [...noise, oracle.channel(Channel.Readout, 0, 0.1, 0.02)],
      loss: Loss.Hinge,
    };
    const theta = oracle.randomTheta(rng, model);
    const { batch, labels } = oracle.randomBatch(rng, model, 2);
    const machine = drawing('release', model, { extra }).withParameters(theta);
    const rows = Array.from({ length: 100 }, () => machine.predict(batch, 400).flat());
    const expected = batch.flatMap((features) => oracle.zeroNoiseOutputs(model, theta, features, how));
    assertMeans(rows, expected, `seed ${SEED}`);
    const slopes = theta.map((value, p) =>
      oracle.derivative((x) => {
        const moved = theta.map((own, i) => (i === p ? x : own));
        const losses = batch.map((features, b) => {
          const y = labels[b] === 0 ? -1 : 1;
          return 1 - y * oracle.zeroNoiseOutputs(model, moved, features, how)[0];
        });
        return (losses[0] + losses[1]) / 2;
      }, value),
    );
    // So many shots that none gets out of the margin, where the hinge has no slope.
    const gradients = Array.from({ length: 40 }, (_, seed) => {
      const training = { extra, shots: 400, displacedShots: 40, seed: [seed, SEED] as const };
      const one = drawing('release', model, training).withParameters(theta);
      one.step(batch, labels);
      return [...one.gradient];
    });
    assertMeans(gradients, slopes, `seed ${SEED}: gradient`);
  });

  it('the same bits on every build, whatever the slices, and a step costs what it says', () => {
    const rng = oracle.seededRng(SEED + 4);
    for (let trial = 0; trial < 8; trial++) {
      const plain = oracle.randomModel(rng, {
        qubits: 1 + (trial % 3),
        outputs: 1,
        logits: 1,
        diagonal: trial % 2 === 0,
      });
      const model = oracle.withNoise(plain, rng);
      const theta = oracle.randomTheta(rng, model);
      const { batch, labels } = oracle.randomBatch(rng, model, 3);
      for (const rule of [Rule.Nlr, Rule.Frugal]) {
        const training = { rule, shots: 6, displacedShots: 2, batch: 3 };
        const runs = NOISY.flatMap((build) =>
          ['all', 'sliced'].map((how) => {
            const machine = drawing(build, model, training).withParameters(theta);
            assert.equal(machine.abi.step_begin(3), Status.Ok);
            machine.fill(batch, labels);
            const work = machine.abi.step_work();
            if (how === 'sliced') machine.finish(1);
            else {
              assert.equal(machine.abi.step_advance(work - 1), Status.More, `trial ${trial}, ${Rule[rule]}`);
              assert.equal(machine.abi.step_advance(1), Status.Ok, `trial ${trial}, ${Rule[rule]}`);
            }
            assert.equal(machine.report.Shots, machine.abi.step_shots());
            return [...machine.gradient, ...machine.reportSlots];
          }),
        );
        for (const others of runs.slice(1)) assertSameBits(others, runs[0], `seed ${SEED}, trial ${trial}`);
      }
    }
  });

  it('are what many qubits and few shots choose, and give no exact expectations', () => {
    const noisy = (qubits: number) => {
      const plain = oracle.paperModel(qubits, 1, 4);
      return { ...plain, operations: [...plain.operations, oracle.channel(Channel.Damping, 0, 0.1)] };
    };
    const chosen = (qubits: number, training: object) =>
      new Machine('release', noisy(qubits), {
        rule: Rule.Sgd,
        engine: Engine.Auto,
        batch: 1,
        ...training,
      }).abi.engine_in_use();
    const shots = (count: number) => ({ shots: count, gradient: Gradient.ParameterShift });
    assert.equal(chosen(4, shots(100)), Engine.Noisy);
    assert.equal(chosen(9, shots(100)), Engine.Trajectories);
    assert.equal(chosen(9, shots(1000)), Engine.Noisy);
    assert.equal(chosen(16, shots(1000)), Engine.Trajectories, 'too large as Pauli vectors');
    assert.equal(chosen(9, {}), Engine.Noisy);
    const machine = drawing('release', noisy(3));
    assert.equal(machine.abi.predict(1, 0), Status.BadOption);
    assert.throws(() => drawing('release', noisy(3), { shots: 0 }), /BadCombination/);
  });
});
