/** The noisy engine against density matrices: outputs, losses and gradients of random circuits with random channels. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  Answerer,
  Channel,
  Encoding,
  Engine,
  Extrapolation,
  Gradient,
  Loss,
  Operation,
  Option,
  Rule,
  Source,
  Status,
} from '../../../assembly/abi/codes.ts';
import { assertAllClose, assertClose, assertSameBits } from '../../support/close.ts';
import {
  addProgram,
  type Build,
  load,
  Machine,
  optionValues,
  DEFAULTS,
  wanted,
} from '../../support/core-harness.ts';
import { LOSSES_AND_LOGITS } from '../../support/core-models.ts';
import { rulesOf, TRUE_GRADIENTS, wordOfRule } from '../../support/members.ts';
import * as oracle from '../../support/oracle/index.ts';

const SEED = 1301;

/** The builds with noise. */
const NOISY = wanted(['release', 'debug']);

/** What rules of the paper's family read. */
const FAMILY = { threshold: 0.1, deviation: 0.05, stallSteps: 2, backtracks: 4, decrease: 0.25, guard: 0.5 };

/** How far rounding may take the core from the oracle. */
const TOLERANCE = 1e-10;

/** The model in the noisy engine of a build. */
function noisy(build: Build, model: oracle.OracleModel, training = {}): Machine {
  return new Machine(build, model, { engine: Engine.Noisy, rule: Rule.Sgd, ...training });
}

/** Loss, gradient and outputs of one step by every exact gradient, against the oracle. */
function check(model: oracle.OracleModel, rng: oracle.Rng, size: number, what: string): void {
  const theta = oracle.randomTheta(rng, model);
  const { batch, labels } = oracle.randomBatch(rng, model, size);
  const expected = oracle.noisyGradient(model, theta, batch, labels);
  for (const gradient of TRUE_GRADIENTS) {
    const bits = NOISY.map((build) => {
      const machine = noisy(build, model, { gradient, batch: size }).withParameters(theta);
      const report = machine.step(batch, labels);
      const where = `${build}, ${Gradient[gradient]}, seed ${SEED}, ${what}`;
      assertAllClose(machine.gradient, expected.gradient, TOLERANCE, where);
      assertClose(report.Loss, expected.loss, TOLERANCE, `${where}: loss`);
      const observable = oracle.norm(expected.observableGradient);
      assertClose(report.GradientNormObservable, observable, TOLERANCE, `${where}: norm of the observable`);
      return [...machine.gradient, ...machine.reportSlots];
    });
    for (const others of bits.slice(1)) assertSameBits(others, bits[0], what);
  }
}

describe('the noisy engine', () => {
  it('gives the expectations of the density matrix: random circuits, channels and orders', () => {
    const rng = oracle.seededRng(SEED);
    for (let trial = 0; trial < 60; trial++) {
      const plain = oracle.randomModel(rng, {
        qubits: 1 + (trial % 4),
        outputs: 2,
        logits: 2,
        loss: Loss.CrossEntropy,
      });
      const model = oracle.withNoise(plain, rng);
      const theta = oracle.randomTheta(rng, model);
      theta.fill(0, model.parameters);
      // A head that shows the outputs.
      for (const k of [0, 1]) theta[model.parameters + 3 * k] = 1;
      const { batch } = oracle.randomBatch(rng, model, 3);
      const expected = batch.map((features) => oracle.noisyOutputs(model, theta, features));
      for (const build of NOISY) {
        const machine = noisy(build, model, { batch: 3 }).withParameters(theta);
        machine.predict(batch).forEach((row, b) => {
          assertAllClose(row, expected[b], TOLERANCE, `${build}, seed ${SEED}, trial ${trial}, sample ${b}`);
        });
      }
    }
  });

  for (const [loss, logits] of LOSSES_AND_LOGITS) {
    it(`${Loss[loss]}, ${logits} logits: loss and gradients`, () => {
      const rng = oracle.seededRng(SEED + 1 + 10 * loss + logits);
      for (let trial = 0; trial < 6; trial++) {
        const options = { qubits: 1 + (trial % 3), outputs: logits === 0 ? 1 : 1 + (trial % 3) };
        const plain = oracle.randomModel(rng, { ...options, loss, logits, extraOperations: trial });
        check(oracle.withNoise(plain, rng), rng, 1 + (trial % 4), `trial ${trial}`);
      }
    });
  }

  it("differences of the oracle's own loss", () => {
    const rng = oracle.seededRng(SEED + 2);
    const plain = oracle.randomModel(rng, { qubits: 2, outputs: 2, logits: 1, loss: Loss.MeanSquare });
    const model = oracle.withNoise(plain, rng);
    const theta = oracle.randomTheta(rng, model);
    const { batch, labels } = oracle.randomBatch(rng, model, 3);
    const slopes = theta.map((value, p) =>
      oracle.derivative(
        (x) =>
          oracle.noisyLoss(
            model,
            theta.map((own, i) => (i === p ? x : own)),
            batch,
            labels,
          ),
        value,
      ),
    );
    for (const gradient of TRUE_GRADIENTS) {
      const machine = noisy('release', model, { gradient, batch: 3 }).withParameters(theta);
      machine.step(batch, labels);
      assertAllClose(machine.gradient, slopes, 1e-8, `${Gradient[gradient]}, seed ${SEED}`);
    }
  });

  it('keeps the noise of gates that commute with the observable, and between CNOTs', () => {
    const turn = (kind: Operation, a: number, index: number): oracle.OracleOp => {
      return { kind, a, source: Source.Parameter, index, scale: 1, offset: 0 };
    };
    const { CNOT, CZ, RX, RY, RZ } = Operation;
    const decay = (qubit: number) => oracle.channel(Channel.Damping, qubit, 0.3);
    const model = oracle.paperModel(3, 0, 8, {
      parameters: 3,
      operations: [
        turn(RX, 0, 0),
        oracle.fixed(CNOT, 0, 1),
        decay(1),
        oracle.fixed(CNOT, 1, 2),
        oracle.channel(Channel.Depolarizing, 1, 0.2),
        oracle.fixed(CNOT, 2, 0),
        turn(RY, 0, 1),
        // Neither turns Z on qubit 0, and each brings noise that it sees.
        oracle.fixed(CZ, 0, 1),
        decay(0),
        decay(1),
        turn(RZ, 0, 2),
        decay(0),
        oracle.channel(Channel.Dephasing, 0, 0.5),
      ],
      terms: [{ output: 0, xMask: 0, zMask: 1, coefficient: 1 }],
    });
    check(model, oracle.seededRng(SEED + 3), 3, 'commuting gates');
    const quiet = { ...model, operations: model.operations.filter((op) => !oracle.isChannel(op)) };
    const theta = [0.3, 0.5, 0.7];
    const [sample] = [[1, 2, 3, 4, 5, 6, 7, 8]];
    const [[noise], [none]] = [model, quiet].map(
      (one) => noisy('release', one).withParameters(theta).predict([sample])[0],
    );
    assert.ok(Math.abs(noise - none) > 0.1, `${noise} with noise, ${none} without`);
  });

  it('without channels gives what the samples engine gives', () => {
    const rng = oracle.seededRng(SEED + 4);
    for (let trial = 0; trial < 10; trial++) {
      const model = oracle.randomModel(rng, {
        qubits: 1 + (trial % 4),
        logits: 1 + (trial % 3),
        loss: Loss.CrossEntropy,
      });
      const theta = oracle.randomTheta(rng, model);
      const { batch, labels } = oracle.randomBatch(rng, model, 3);
      const [mixed, pure] = [Engine.Noisy, Engine.Samples].map((engine) => {
        const machine = new Machine('release', model, { engine, batch: 3, rule: Rule.Sgd });
        machine.withParameters(theta).step(batch, labels);
        return machine.gradient;
      });
      assertAllClose(mixed, pure, 1e-11, `seed ${SEED}, trial ${trial}`);
    }
  });

  for (const rule of rulesOf('release')) {
    it(`without channels steps as the samples engine: ${wordOfRule(rule)}`, () => {
      const rng = oracle.seededRng(SEED + 40 + rule);
      const model = oracle.randomModel(rng, { qubits: 3, logits: 2, loss: Loss.CrossEntropy });
      const theta = oracle.randomTheta(rng, model);
      const batches = [0, 1, 2].map(() => oracle.randomBatch(rng, model, 6));
      const [mixed, pure] = [Engine.Noisy, Engine.Samples].map((engine) => {
        const training = { ...FAMILY, engine, batch: 6, rule, rate: 0.3, negativeRate: 0.4 };
        const machine = new Machine('release', model, training).withParameters(theta);
        for (const { batch, labels } of batches) machine.step(batch, labels);
        return machine.parameters;
      });
      assertAllClose(mixed, pure, 1e-9, `seed ${SEED}`);
    });
  }

  it('what a sample adds to the gradient is not kept of several circuits', () => {
    const model = oracle.paperModel(2, 1, 4);
    const training = { ...DEFAULTS, engine: Engine.Noisy, rule: Rule.AdamReversal };
    const abi = load('release');
    for (const [key, value] of optionValues(model, training)) abi.configure(key, value);
    assert.ok(abi.plan() > 0);
    abi.configure(Option.Scales, 2);
    abi.configure(Option.Extrapolation, Extrapolation.Linear);
    assert.deepEqual([abi.plan(), abi.option_at_fault()], [Status.BadCombination, Option.Extrapolation]);
    abi.configure(Option.Extrapolation, Extrapolation.None);
    abi.configure(Option.CalibrationShots, 10);
    assert.deepEqual([abi.plan(), abi.option_at_fault()], [Status.BadCombination, Option.CalibrationShots]);
  });

  it('runs segments again where the states of the way forward are too many to keep', () => {
    const rng = oracle.seededRng(SEED + 5);
    // 28 angles, and 1 MiB a state: more than 16 MiB.
    const plain = oracle.paperModel(8, 2, 16);
    const model = oracle.withNoise(plain, rng);
    const theta = oracle.randomTheta(rng, model);
    const { batch, labels } = oracle.randomBatch(rng, model, 2);
    const [pulled, shifted] = [Gradient.Adjoint, Gradient.ParameterShift].map((gradient) => {
      const machine = noisy('release', model, { gradient }).withParameters(theta);
      machine.step(batch, labels);
      return [...machine.gradient];
    });
    assertAllClose(pulled, shifted, 1e-11, `seed ${SEED}`);
    assert.ok(oracle.norm(pulled) > 1e-3, 'there is a gradient');
  });

  it('slices change no bit', () => {
    const rng = oracle.seededRng(SEED + 6);
    const model = oracle.withNoise(oracle.randomModel(rng, { qubits: 3, diagonal: true }), rng);
    const theta = oracle.randomTheta(rng, model);
    const { batch, labels } = oracle.randomBatch(rng, model, 3);
    for (const training of [
      {},
      { gradient: Gradient.ParameterShift, shots: 20 },
      { gradient: Gradient.TwoPoint, shots: 20 },
    ]) {
      const [whole, cut] = [undefined, 1].map((work) => {
        const machine = noisy('release', model, { ...training, batch: 3 }).withParameters(theta);
        machine.step(batch, labels, work);
        return [...machine.gradient, ...machine.reportSlots];
      });
      assertSameBits(cut, whole, `seed ${SEED}`);
    }
  });

  it('a step costs what it says', () => {
    const rng = oracle.seededRng(SEED + 8);
    for (let trial = 0; trial < 30; trial++) {
      const outputs = 1 + (trial % 3);
      const shape = {
        qubits: 1 + (trial % 3),
        outputs,
        diagonal: trial % 2 === 0,
        logits: 1,
        loss: Loss.Hinge,
      };
      const model = oracle.withNoise(oracle.randomModel(rng, shape), rng);
      const { batch, labels } = oracle.randomBatch(rng, model, 5);
      const theta = oracle.randomTheta(rng, model);
      for (const rule of [Rule.Nlr, Rule.Adam, Rule.Frugal]) {
        for (const training of [
          {},
          { gradient: Gradient.ParameterShift, shots: 7 },
          ...(rule === Rule.Frugal ? [] : [{ gradient: Gradient.TwoPoint, shots: 60 }]),
        ]) {
          const machine = noisy('release', model, { ...training, rule, batch: 5 }).withParameters(theta);
          assert.equal(machine.abi.step_begin(5), Status.Ok);
          machine.fill(batch, labels);
          // One tick at a time: the allowance that is left of so much work is what has been done.
          const work = machine.abi.step_work();
          assert.equal(
            machine.abi.step_advance(work - 1),
            Status.More,
            `trial ${trial}, ${Rule[rule]}: less`,
          );
          assert.equal(machine.abi.step_advance(1), Status.Ok, `trial ${trial}, ${Rule[rule]}: all`);
        }
      }
    }
  });

  it('other engines and callers refuse noise by name, and bad rates are refused', () => {
    const noise = [oracle.channel(Channel.Damping, 0, 0.1)];
    const plain = oracle.paperModel(2, 1, 4);
    const model = { ...plain, operations: [...plain.operations, ...noise] };
    const compiled = (training: object) => {
      const abi = load('release');
      const options = { ...DEFAULTS, ...training, workspace: 1 << 20 };
      for (const [key, value] of optionValues(model, options)) assert.equal(abi.configure(key, value), 0);
      return addProgram(abi, model);
    };
    for (const engine of [Engine.Samples, Engine.Columns, Engine.Heisenberg])
      assert.equal(compiled({ engine }), Status.NoisyCircuit, Engine[engine]);
    const asking = {
      answerer: Answerer.Caller,
      shots: 10,
      gradient: Gradient.ParameterShift,
      engine: Engine.Auto,
    };
    assert.equal(compiled(asking), Status.NoisyCircuit);
    for (const engine of [Engine.Auto, Engine.Noisy]) assert.equal(compiled({ engine }), Status.Ok);
    const abi = noisy('release', plain).abi;
    abi.init();
    const add = (kind: number, qubit: number, scale: number, rate: number) =>
      abi.circuit_add(kind, qubit, 0, Source.Constant, 0, scale, rate);
    for (const rate of [-1e-9, 1 + 1e-9, Number.NaN, Number.POSITIVE_INFINITY])
      assert.equal(add(Channel.Depolarizing, 0, 0, rate), Status.BadNumber, `${rate}`);
    assert.equal(add(Channel.Damping, 0, 1, 0.1), Status.BadNumber, 'a scale');
    assert.equal(add(Channel.Readout, 0, 0.6, 0.5), Status.BadNumber, 'more than all');
    assert.equal(add(Channel.Damping, 2, 0, 0.1), Status.BadIndex, 'no such qubit');
    assert.equal(add(Channel.Readout + 1, 0, 0, 0.1), Status.BadIndex, 'no such channel');
    assert.equal(add(15, 0, 0, 0.1), Status.BadIndex, 'neither');
    assert.equal(add(Channel.Readout, 1, 0.5, 0.5), Status.Ok);
    assert.equal(add(Channel.Damping, 0, 0, 0.1), Status.BadIndex, 'behind what is read');
    assert.equal(load('device').circuit_add(Channel.Damping, 0, 0, 0, 0, 0, 0.1) < 0, true);
  });

  it('a model leaves the noise of its training behind', () => {
    const rng = oracle.seededRng(SEED + 7);
    const plain = oracle.randomModel(rng, {
      qubits: 2,
      encoding: Encoding.Amplitude,
      features: 4,
      outputs: 1,
      readoutError: 0,
    });
    const model = oracle.withNoise(plain, rng);
    const theta = oracle.randomTheta(rng, model);
    const trained = noisy('release', model).withParameters(theta);
    const image = trained.modelImage();
    const { batch } = oracle.randomBatch(rng, model, 2);
    const expected = new Machine('release', plain).withParameters(theta).predict(batch);
    for (const build of ['release', 'device'] as const) {
      const reader = new Machine(build, plain);
      reader.putImage(image);
      assert.equal(reader.abi.model_read(image.length), Status.Ok, build);
      reader.predict(batch).forEach((row, b) => assertAllClose(row, expected[b], 1e-12, build));
    }
    // A checkpoint is that of its noise.
    const checkpoint = trained.checkpoint();
    assert.equal(noisy('release', model).restore(checkpoint), Status.Ok);
    assert.equal(noisy('release', plain).restore(checkpoint), Status.OtherConfiguration);
  });
});
