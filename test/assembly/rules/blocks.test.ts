/** Blocks of parameters: who is in them, and every rule on them beside plain TypeScript with counters for each parameter. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Engine, Gradient, Loss, Rule, Schedule, Status } from '../../../assembly/abi/codes.ts';
import { assertAllClose, assertClose } from '../../support/close.ts';
import { type Build, type CoreTraining, Machine, ok } from '../../support/core-harness.ts';
import { localString } from '../../support/core-heisenberg.ts';
import { drawnBatch, trainingOptions } from '../../support/core-oracle.ts';
import { assertRival, orderOf, RIVAL_TRAINING, rivalRun, shotsOf } from '../../support/core-rivals.ts';
import { RIVAL_BUILDS, rulesOf } from '../../support/members.ts';
import * as oracle from '../../support/oracle/index.ts';

const SEED = 1107;
const STEPS = 6;
const STATEFUL = [Rule.Sgd, Rule.Momentum, Rule.RmsProp, Rule.Adam];

/** Machine and oracle from the same parameters. */
function follow(build: Build, model: oracle.OracleModel, training: Partial<CoreTraining>, what: string) {
  const rng = oracle.seededRng(SEED + 1);
  const { batch: samples, labels } = oracle.randomBatch(rng, model, 7);
  const machine = new Machine(build, model, { ...RIVAL_TRAINING, ...training });
  machine.withParameters(oracle.randomTheta(rng, model));
  const order = orderOf(machine);
  rivalRun(machine, samples, labels, STEPS).forEach((step, t) => {
    const where = `${build}, ${what}, ${Rule[machine.training.rule]}, step ${t}`;
    const promised = machine.abi.step_shots();
    const before = machine.report.Shots;
    assertRival(machine, machine.drawnStep(samples, labels), step, where);
    const taken = machine.report.Shots - before;
    assert.equal(taken, shotsOf(machine, step, order), `${where}: shots`);
    assert.equal(promised, taken, `${where}: promised`);
  });
}

/** Parameters outside the light cone, some that two gates share, and two outputs that are measured together. */
function joint(): oracle.OracleModel {
  const shape = { qubits: 3, outputs: 2, logits: 1, loss: Loss.CrossEntropy, extraOperations: 5 };
  return oracle.randomModel(oracle.seededRng(SEED), { ...shape, linear: true, diagonal: true });
}

/** Terms measured one by one, for the Heisenberg engine too. */
function apart(): oracle.OracleModel {
  const head = { logits: 2, loss: Loss.CrossEntropy };
  return localString(oracle.seededRng(SEED + 2), { qubits: 3, features: 5, outputs: 2 }, head);
}

const ENGINES = [Engine.Samples, Engine.Columns, Engine.Heisenberg];

describe('blocks of parameters', () => {
  for (const rule of STATEFUL) {
    for (const blocks of [2, 5, 4096]) {
      it(`${Rule[rule]}, one of ${blocks} a step: counters of each parameter's own, in every engine, exact and with shots`, () => {
        for (const build of RIVAL_BUILDS) {
          for (const engine of ENGINES) {
            follow(
              build,
              apart(),
              { rule, blocks, engine, schedule: Schedule.Linear, steps: 9 },
              Engine[engine],
            );
            follow(build, apart(), { rule, blocks, engine, shots: 12, displacedShots: 5 }, Engine[engine]);
          }
          follow(build, joint(), { rule, blocks, engine: Engine.Columns, shots: 20 }, 'together');
          follow(
            build,
            joint(),
            { rule, blocks, engine: Engine.Samples, shots: 60, displacedShots: 1 },
            'one',
          );
        }
      });
    }
  }

  for (const rule of [Rule.Nlr, Rule.NlrGuarded]) {
    it(`${Rule[rule]} tries and reverses a block`, () => {
      const model = apart();
      for (const build of RIVAL_BUILDS) {
        const training = { ...RIVAL_TRAINING, rule, blocks: 3, rate: 3, negativeRate: 4, headRate: 1 };
        for (const gradient of [Gradient.Adjoint, Gradient.ParameterShift]) {
          const machine = new Machine(build, model, { ...training, gradient });
          const rng = oracle.seededRng(SEED + 1);
          const { batch: samples, labels } = oracle.randomBatch(rng, model, 7);
          machine.withParameters(oracle.randomTheta(rng, model));
          const active = activeOf(machine);
          const all = Math.min(3, active.length);
          const whole = oracle.exactObjective(model, samples, labels);
          const blocked: oracle.Objective = {
            loss: whole.loss,
            gradient: (theta, batch, t) => {
              const seed = machine.training.seed;
              const moved = oracle.blocksOf(active, all, seed, Math.floor(t / all))[t % all];
              const found = whole.gradient(theta, batch, t);
              const kept = (value: number, i: number) =>
                i >= model.parameters || moved.includes(i) ? value : 0;
              return {
                gradient: found.gradient.map(kept),
                observableGradient: found.observableGradient.map(kept),
              };
            },
          };
          const steps = oracle.train(
            [...machine.parameters],
            { ...trainingOptions(model, machine.training), until: STEPS },
            blocked,
            (t) => drawnBatch(machine.training, t),
          );
          steps.forEach((step, t) => {
            const report = machine.drawnStep(samples, labels);
            const what = `${build}, ${Gradient[gradient]}, step ${t}`;
            assertClose(report.TentativeLoss, step.tentativeLoss, 1e-8, what);
            assert.equal(report.Decision, step.decision, what);
            assertAllClose(machine.parameters, step.parameters, 1e-8, what);
          });
        }
      }
    });
  }

  it('the two-point gradient displaces the block and the head alone', () => {
    const model = apart();
    for (const build of RIVAL_BUILDS) {
      const training = { ...RIVAL_TRAINING, rule: Rule.Sgd, gradient: Gradient.TwoPoint, blocks: 4 };
      const machine = new Machine(build, model, training);
      ok(machine.abi.parameters_initialise(), 'initialise');
      const active = activeOf(machine);
      const { batch: samples, labels } = oracle.randomBatch(oracle.seededRng(SEED), model, 7);
      const all = Math.min(4, active.length);
      for (let t = 0; t < 5; t++) {
        machine.drawnStep(samples, labels);
        const moved = oracle.blocksOf(active, all, machine.training.seed, Math.floor(t / all))[t % all];
        const sizes = new Set(
          [...machine.gradient].map((slope) => Math.abs(slope)).filter((size) => size > 0),
        );
        assert.equal(sizes.size, 1, 'one slope, of either sign');
        machine.gradient.forEach((slope, i) =>
          assert.equal(slope !== 0, i >= model.parameters || moved.includes(i), `step ${t}, parameter ${i}`),
        );
      }
    }
  });

  it('every rule moves nothing else of the circuit, in engines with noise too', () => {
    const rng = oracle.seededRng(SEED + 3);
    const { batch: samples, labels } = oracle.randomBatch(rng, oracle.paperModel(2, 2, 4), 7);
    const plain = oracle.paperModel(2, 2, 4, { logits: 1, outputs: 1, loss: Loss.CrossEntropy });
    const noisy = oracle.withNoise(plain, rng);
    const family = {
      threshold: 1e-9,
      deviation: 0.3,
      backtracks: 4,
      decrease: 0.9,
      guard: 0,
      rate: 2,
      negativeRate: 4,
    };
    for (const build of RIVAL_BUILDS) {
      for (const rule of rulesOf(build)) {
        for (const [model, training] of [
          [plain, { engine: Engine.Samples, gradient: Gradient.Adjoint }],
          [noisy, { engine: Engine.Noisy, gradient: Gradient.Adjoint }],
          [noisy, { engine: Engine.Noisy, gradient: Gradient.ParameterShift }],
          [noisy, { engine: Engine.Trajectories, gradient: Gradient.ParameterShift, shots: 20 }],
        ] as const) {
          const machine = new Machine(build, model, {
            ...RIVAL_TRAINING,
            ...family,
            ...training,
            rule,
            blocks: 5,
          });
          ok(machine.abi.parameters_initialise(), 'initialise');
          const sweep: number[] = [];
          for (let t = 0; t < 5; t++) {
            const before = [...machine.parameters];
            const [promised, spent] = [machine.abi.step_shots(), machine.report.Shots];
            machine.drawnStep(samples, labels, 1000);
            const what = `${build}, ${Rule[rule]}, ${Engine[training.engine]}, step ${t}`;
            // A rule that may try again is charged for what it does.
            assert.ok(machine.report.Shots - spent <= promised, what);
            sweep.push(
              ...before.flatMap((value, i) =>
                value === machine.parameters[i] || i >= model.parameters ? [] : [i],
              ),
            );
          }
          assert.equal(
            new Set(sweep).size,
            sweep.length,
            `${build}, ${Rule[rule]}: each at most once a sweep`,
          );
          assert.ok(sweep.length > 2, `${build}, ${Rule[rule]}: ${sweep}`);
        }
      }
    }
  });

  it('adam-reversal takes back the latest step of a coordinate itself, with a guard of 0 whenever it went uphill', () => {
    for (const build of RIVAL_BUILDS) {
      const model = oracle.paperModel(2, 2, 4, { loss: Loss.MeanSquare });
      const training = { ...RIVAL_TRAINING, rule: Rule.AdamReversal, blocks: 3, rate: 1, guard: 0, batch: 7 };
      const { batch: samples, labels } = oracle.randomBatch(oracle.seededRng(SEED), model, 7);
      const machine = new Machine(build, model, training);
      ok(machine.abi.parameters_initialise(), 'initialise');
      const { beta1, beta2, epsilon, rate } = machine.training;
      const [latest, m, v, counts] = [0, 1, 2, 3].map(() => new Array<number>(model.parameters).fill(0));
      let reversed = 0;
      for (let t = 0; t < 15; t++) {
        const before = [...machine.parameters];
        machine.drawnStep(samples, labels);
        machine.gradient.forEach((slope, i) => {
          const step = machine.parameters[i] - before[i];
          if (slope === 0) return assert.equal(step, 0);
          counts[i]++;
          m[i] = beta1 * m[i] + (1 - beta1) * slope;
          v[i] = beta2 * v[i] + (1 - beta2) * slope ** 2;
          const mean = m[i] / (1 - beta1 ** counts[i]);
          const adam = (-rate * mean) / (Math.sqrt(v[i] / (1 - beta2 ** counts[i])) + epsilon);
          const uphill = latest[i] * slope > 0;
          if (uphill) reversed++;
          assertClose(step, uphill ? adam - latest[i] : adam, 1e-9, `${build}, step ${t}, parameter ${i}`);
          latest[i] = step;
        });
      }
      assert.ok(reversed > 5, `${reversed} reversals`);
    }
  });

  it('a sweep moves every parameter in the light cone once, blocks differ by one at most, sweeps divide anew', () => {
    const model = oracle.paperModel(4, 2, 8);
    for (const build of RIVAL_BUILDS) {
      const machine = new Machine(build, model, { ...RIVAL_TRAINING, rule: Rule.Sgd, blocks: 7 });
      ok(machine.abi.parameters_initialise(), 'initialise');
      const active = activeOf(machine);
      assert.ok(active.length < model.parameters);
      const { batch: samples, labels } = oracle.randomBatch(oracle.seededRng(SEED), model, 7);
      const blocks = 7;
      assert.ok(active.length > blocks);
      const sweeps = [0, 1, 2].map(() =>
        Array.from({ length: blocks }, () => {
          const before = [...machine.parameters];
          machine.drawnStep(samples, labels);
          return before.flatMap((value, i) => (value === machine.parameters[i] ? [] : [i]));
        }),
      );
      for (const sweep of sweeps) {
        assert.deepEqual(
          sweep.flat().sort((a, b) => a - b),
          active,
        );
        const sizes = sweep.map(({ length }) => length);
        assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1, `${sizes}`);
      }
      assert.ok(new Set(sweeps.map((sweep) => JSON.stringify(sweep))).size > 1);
    }
  });

  it('slices and a checkpoint in the midst of a sweep change nothing', () => {
    const model = joint();
    for (const build of RIVAL_BUILDS) {
      const training = { ...RIVAL_TRAINING, rule: Rule.Adam, blocks: 6, shots: 30, engine: Engine.Columns };
      const { batch: samples, labels } = oracle.randomBatch(oracle.seededRng(SEED), model, 7);
      const start = () => {
        const machine = new Machine(build, model, training);
        ok(machine.abi.parameters_initialise(), 'initialise');
        return machine;
      };
      const [whole, first] = [start(), start()];
      for (let t = 0; t < 8; t++) whole.drawnStep(samples, labels);
      for (let t = 0; t < 3; t++) first.drawnStep(samples, labels, 1);
      const second = new Machine(build, model, training);
      assert.equal(second.restore(first.checkpoint()), Status.Ok);
      for (let t = 3; t < 8; t++) second.drawnStep(samples, labels, 7);
      assert.equal(second.trace, whole.trace);
    }
  });
});

/** Parameters inside the light cone. */
function activeOf(machine: Machine): number[] {
  const { operations } = machine.model;
  const trained = orderOf(machine).filter((op) => oracle.isRotation(operations[op]));
  const indices = trained.flatMap((op) => (operations[op].source === 1 ? [operations[op].index] : []));
  return [...new Set(indices)].sort((a, b) => a - b);
}
