/** Zero-noise extrapolation in the core: outputs and gradients against folded density matrices and plain fits. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  Channel,
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
import { assertAllClose } from '../../support/close.ts';
import { Machine, load } from '../../support/core-harness.ts';
import { TRUE_GRADIENTS } from '../../support/members.ts';
import * as oracle from '../../support/oracle/index.ts';

const SEED = 1321;

const FITS: readonly oracle.ZeroNoise[] = [
  { fit: Extrapolation.Linear, scales: 2 },
  { fit: Extrapolation.Linear, scales: 4 },
  { fit: Extrapolation.Polynomial, scales: 4, order: 2 },
  { fit: Extrapolation.Polynomial, scales: 3, order: 0 },
  { fit: Extrapolation.Richardson, scales: 3 },
  { fit: Extrapolation.Exponential, scales: 2 },
  { fit: Extrapolation.Exponential, scales: 3 },
];

const named = ({ fit, scales, order }: oracle.ZeroNoise) =>
  `${Extrapolation[fit]}, ${scales} scales, ${order ?? 1}`;

/** What the core is configured with. */
const options = ({ fit, scales, order = 1 }: oracle.ZeroNoise) => ({
  engine: Engine.Noisy,
  extra: [
    [Option.Extrapolation, fit],
    [Option.Scales, scales],
    [Option.ExtrapolationOrder, order],
  ] as [Option, number][],
});

/** Weak noise: folded five times over, something is left. */
function faint(model: oracle.OracleModel): oracle.OracleModel {
  const operations = model.operations.map((op) => {
    const isNoise = oracle.isChannel(op) && op.kind !== Channel.Readout;
    return isNoise ? { ...op, offset: 0.05 * Math.min(op.offset, 0.2) } : op;
  });
  return { ...model, operations };
}

function randomCase(rng: oracle.Rng, trial: number, readoutError = 0) {
  const shape = {
    qubits: 1 + (trial % 3),
    outputs: 2,
    logits: 2,
    loss: Loss.CrossEntropy,
    extraOperations: 2,
  };
  const model = faint(oracle.withNoise(oracle.randomModel(rng, { ...shape, readoutError }), rng));
  return { model, theta: oracle.randomTheta(rng, model) };
}

/** A head that shows the outputs. */
function showOutputs(theta: number[], model: oracle.OracleModel): number[] {
  const shown = theta.map((value, i) => (i < model.parameters ? value : 0));
  for (const k of [0, 1]) shown[model.parameters + 3 * k] = 1;
  return shown;
}

describe('zero-noise extrapolation', () => {
  for (const how of FITS) {
    it(`${named(how)}: outputs`, () => {
      const rng = oracle.seededRng(SEED + how.scales + 10 * how.fit);
      for (let trial = 0; trial < 4; trial++) {
        const { model, theta } = randomCase(rng, trial, trial % 2 === 0 ? 0 : 0.1);
        const shown = showOutputs(theta, model);
        const { batch } = oracle.randomBatch(rng, model, 3);
        const machine = new Machine('release', model, { ...options(how), rule: Rule.Sgd, batch: 3 });
        machine
          .withParameters(shown)
          .predict(batch)
          .forEach((row, b) => {
            const expected = oracle.zeroNoiseOutputs(model, shown, batch[b], how);
            assertAllClose(row, expected, 1e-10, `seed ${SEED}, trial ${trial}, sample ${b}`);
          });
      }
    });

    it(`${named(how)}: gradients`, () => {
      const rng = oracle.seededRng(SEED + 1 + how.scales + 10 * how.fit);
      for (let trial = 0; trial < 2; trial++) {
        const { model, theta } = randomCase(rng, trial);
        const { batch, labels } = oracle.randomBatch(rng, model, 2);
        const loss = (moved: number[]) => {
          const losses = batch.map(
            (features, b) =>
              oracle.sampleLoss(model, moved, oracle.zeroNoiseOutputs(model, moved, features, how), labels[b])
                .loss,
          );
          return losses.reduce((sum, each) => sum + each, 0) / batch.length;
        };
        const expected = theta.map((value, p) =>
          // Curves bend sharply where an output is near what they decay to.
          oracle.derivative((x) => loss(theta.map((own, i) => (i === p ? x : own))), value, 1e-3),
        );
        for (const gradient of TRUE_GRADIENTS) {
          const machine = new Machine('release', model, {
            ...options(how),
            gradient,
            rule: Rule.Sgd,
          });
          const report = machine.withParameters(theta).step(batch, labels);
          const where = `${Gradient[gradient]}, seed ${SEED}, trial ${trial}`;
          assertAllClose(machine.gradient, expected, 2e-8, where);
          assertAllClose([report.Loss], [loss(theta)], 1e-10, where);
        }
      }
    });
  }

  it('a gate that is made of several operations is folded as one', () => {
    const rng = oracle.seededRng(SEED + 2);
    const { RX, RY, RZ } = Operation;
    const how = { fit: Extrapolation.Richardson, scales: 3 };
    const turn = (kind: Operation, a: number, source: Source, offset: number): oracle.OracleOp => {
      return { kind, a, source, index: source === Source.Parameter ? a : 0, scale: 1, offset };
    };
    const gate = (a: number) => [
      turn(RZ, a, Source.Constant, 0.3 + a),
      turn(RY, a, Source.Constant, 0.7),
      turn(RX, a, Source.Parameter, 1.1),
    ];
    const noise = (a: number) => [
      { ...oracle.channel(Channel.Damping, a, 0.02), index: 3 },
      { ...oracle.channel(Channel.Depolarizing, a, 0.01), index: 3 },
    ];
    const plain = oracle.paperModel(2, 0, 4, { parameters: 2 });
    const model = { ...plain, operations: [...gate(0), ...noise(0), ...gate(1), ...noise(1), ...gate(0)] };
    const theta = oracle.randomTheta(rng, model);
    const { batch } = oracle.randomBatch(rng, model, 2);
    const machine = new Machine('release', model, { ...options(how), rule: Rule.Sgd }).withParameters(theta);
    machine.predict(batch).forEach((row, b) => {
      assertAllClose(row, oracle.zeroNoiseOutputs(model, theta, batch[b], how), 1e-11, `sample ${b}`);
    });
  });

  it('brings outputs nearer to those without noise', () => {
    const rng = oracle.seededRng(SEED + 3);
    const plain = oracle.paperModel(3, 2, 8);
    const noisy = plain.operations.flatMap((op) => [op, oracle.channel(Channel.Depolarizing, op.a, 0.01)]);
    const model = { ...plain, operations: noisy };
    const theta = oracle.randomTheta(rng, model);
    const { batch } = oracle.randomBatch(rng, model, 2);
    const of = (one: oracle.OracleModel, training: object) =>
      new Machine('release', one, { engine: Engine.Noisy, ...training })
        .withParameters(theta)
        .predict(batch)
        .flat();
    const truth = of(plain, {});
    const off = (values: number[]) => Math.max(...values.map((value, b) => Math.abs(value - truth[b])));
    const raw = off(of(model, {}));
    for (const fit of [Extrapolation.Linear, Extrapolation.Richardson, Extrapolation.Exponential]) {
      const better = off(of(model, options({ fit, scales: 3 })));
      assert.ok(better < raw / 2, `${Extrapolation[fit]}: ${better} of ${raw}`);
    }
  });

  it('every circuit and shot of every scale counts, a step costs what it says, and slices change no bit', () => {
    const rng = oracle.seededRng(SEED + 4);
    for (const [gradient, shots] of [
      [Gradient.Adjoint, 0],
      [Gradient.ParameterShift, 0],
      [Gradient.ParameterShift, 50],
    ]) {
      const { model, theta } = randomCase(rng, 2);
      const { batch, labels } = oracle.randomBatch(rng, model, 3);
      const training = {
        ...options({ fit: Extrapolation.Richardson, scales: 3 }),
        gradient,
        shots,
        batch: 3,
        rule: Rule.Nlr,
      };
      const [whole, cut] = [0, 1].map((work) => {
        const machine = new Machine('release', model, training).withParameters(theta);
        assert.equal(machine.abi.step_begin(3), Status.Ok);
        machine.fill(batch, labels);
        const all = machine.abi.step_work();
        if (work === 0) {
          assert.equal(machine.abi.step_advance(all - 1), Status.More);
          assert.equal(machine.abi.step_advance(1), Status.Ok);
        } else machine.finish(1);
        assert.equal(machine.report.Evaluations, machine.abi.step_evaluations());
        assert.equal(machine.report.Shots, machine.abi.step_shots());
        return [...machine.gradient, ...machine.reportSlots];
      });
      assert.deepEqual(cut, whole);
    }
  });

  it('shots give the extrapolated outputs on average', () => {
    const rng = oracle.seededRng(SEED + 5);
    const { model, theta } = randomCase(rng, 1);
    const how = { fit: Extrapolation.Linear, scales: 3 };
    const shown = showOutputs(theta, model);
    const { batch } = oracle.randomBatch(rng, model, 1);
    const machine = new Machine('release', model, {
      ...options(how),
      rule: Rule.Sgd,
      batch: 1,
    }).withParameters(shown);
    const expected = oracle.zeroNoiseOutputs(model, shown, batch[0], how);
    const rounds = 400;
    const sums = [0, 0];
    const squares = [0, 0];
    for (let round = 0; round < rounds; round++) {
      machine.predict(batch, 100)[0].forEach((value, k) => {
        sums[k] += value / rounds;
        squares[k] += value ** 2 / rounds;
      });
    }
    for (const k of [0, 1]) {
      const error = Math.sqrt((squares[k] - sums[k] ** 2) / rounds);
      assert.ok(
        Math.abs(sums[k] - expected[k]) < 5 * error,
        `seed ${SEED}: ${sums[k]}, expected ${expected[k]}`,
      );
    }
  });

  it('refuses what it cannot do, by the option', () => {
    const abi = load('release');
    const model = oracle.paperModel(2, 1, 4);
    const refused = (fit: Extrapolation, scales: number, order: number, training = {}) => {
      const extra = options({ fit, scales, order }).extra;
      assert.throws(
        () => new Machine('release', model, { engine: Engine.Noisy, ...training, extra }, abi),
        /BadCombination/,
      );
      return Option[abi.option_at_fault()];
    };
    assert.equal(refused(Extrapolation.Linear, 1, 1), 'Scales');
    assert.equal(refused(Extrapolation.Polynomial, 3, 3), 'ExtrapolationOrder');
    assert.equal(refused(Extrapolation.Linear, 3, 1, { rule: Rule.Frugal }), 'Extrapolation');
    const shots = { shots: 10, gradient: Gradient.ParameterShift };
    assert.equal(refused(Extrapolation.Linear, 3, 1, { ...shots, rule: Rule.NlrGuarded }), 'Extrapolation');
    assert.equal(refused(Extrapolation.None, 0, 0, { engine: Engine.Trajectories }), 'Shots');
    assert.equal(abi.configure(Option.Scales, 9), Status.BadOption);
    assert.equal(load('device').configure(Option.Extrapolation, Extrapolation.Linear), Status.BadOption);
  });
});
