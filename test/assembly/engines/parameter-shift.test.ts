/**
 * The parameter shift, whose one displaced run gives both signs: against the oracle, which runs the circuits at +pi/2
 * and -pi/2 one by one. And how many shots each of them takes.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  Encoding,
  Engine,
  Gradient,
  Loss,
  MAX_SHOTS,
  Operation,
  Option,
  Rule,
  Status,
} from '../../../assembly/abi/codes.ts';
import { answerStep, asked, honest } from '../../support/caller-answers.ts';
import { assertAllClose, assertSameBits } from '../../support/close.ts';
import {
  BUILDS,
  type CoreTraining,
  DOUBLE_BUILDS,
  hasColumns,
  load,
  Machine,
  ok,
  optionValues,
  PRECISIONS,
} from '../../support/core-harness.ts';
import { compiledOrder, settings } from '../../support/core-oracle.ts';
import * as oracle from '../../support/oracle/index.ts';
import { assertChiSquared } from '../../support/statistics.ts';

const SEED = 1044;
const SHIFT: Partial<CoreTraining> = { gradient: Gradient.ParameterShift, rule: Rule.Sgd, rate: 0.1 };

/** The engines of a build that run circuits, where a model's features drive gates and where they do not. */
const enginesOf = (build: (typeof BUILDS)[number], linear: boolean) =>
  linear && hasColumns(build) ? [Engine.Samples, Engine.Columns] : [Engine.Samples];

/** What a step leaves behind, but for the number of it. */
const leftBehind = (machine: Machine) => [...machine.gradient, ...machine.parameters, ...machine.reportSlots];

/** The gradient that the oracle draws in the first step of a machine, each displaced circuit run by itself. */
function drawnGradient(machine: Machine, theta: number[], batch: number[][], labels: number[]): number[] {
  const { shots, displacedShots, seed } = machine.training;
  // The order is read off a build that counts its circuits.
  const counting = hasColumns(machine.build)
    ? machine
    : new Machine('device-fast', machine.model, machine.training);
  const plan = {
    shots,
    displacedShots: displacedShots || shots,
    seed,
    compiledOrder: compiledOrder(counting),
  };
  return oracle.shotLossGradient(machine.model, theta, batch, labels, plan, 0).gradient;
}

/** A random model with every kind of gate, parameters shared, some of them by gates of two qubits. */
function modelOf(rng: oracle.Rng, trial: number, diagonal: boolean, linear: boolean): oracle.OracleModel {
  const logits = trial % 3;
  const outputs = logits === 0 ? 1 : 2;
  const readoutError = [0, 0.03][trial % 2];
  return oracle.randomModel(rng, {
    qubits: 2 + (trial % 3),
    outputs,
    logits,
    diagonal,
    linear,
    readoutError,
    loss: logits > 1 ? Loss.CrossEntropy : Loss.MeanSquare,
  });
}

describe('parameter shift: one run for both signs', () => {
  for (const build of DOUBLE_BUILDS) {
    it(`${build}: exact, as accurate as two circuits`, () => {
      for (const linear of [true, false]) {
        const rng = oracle.seededRng(SEED + Number(linear));
        for (let trial = 0; trial < 6; trial++) {
          const model = modelOf(rng, trial, trial % 2 === 0, linear);
          const theta = oracle.randomTheta(rng, model);
          const { batch, labels } = oracle.randomBatch(rng, model, 3);
          const { gradient } = oracle.lossGradient(model, theta, batch, labels, 'parameter-shift');
          for (const engine of enginesOf(build, linear)) {
            const machine = new Machine(build, model, { ...SHIFT, batch: 3, engine }).withParameters(theta);
            machine.step(batch, labels);
            const size = Math.max(1, ...gradient.map(Math.abs));
            const what = `seed ${SEED}, trial ${trial}, ${Engine[engine]}`;
            assertAllClose(machine.gradient, gradient, 4e-14 * size, what);
          }
        }
      }
    });

    for (const diagonal of [true, false]) {
      it(`${build}: draw for draw the oracle's, ${diagonal ? 'bitstrings' : 'term by term'}`, () => {
        for (const linear of [true, false]) {
          const rng = oracle.seededRng(SEED + 2 + Number(linear));
          for (let trial = 0; trial < 6; trial++) {
            const model = modelOf(rng, trial, diagonal, linear);
            const theta = oracle.randomTheta(rng, model);
            const { batch, labels } = oracle.randomBatch(rng, model, 3);
            // A million shots see differences of probabilities that fewer would not.
            const shots = [7, diagonal ? 100 : MAX_SHOTS][trial % 2];
            for (const displacedShots of [0, 1, 2, 9]) {
              for (const engine of enginesOf(build, linear)) {
                const training = {
                  ...SHIFT,
                  batch: 3,
                  engine,
                  shots,
                  displacedShots,
                  seed: [SEED, trial] as const,
                };
                const machine = new Machine(build, model, training).withParameters(theta);
                const expected = drawnGradient(machine, theta, batch, labels);
                machine.step(batch, labels);
                const what = `seed ${SEED}, trial ${trial}, ${displacedShots} of ${shots} shots, ${Engine[engine]}`;
                assertAllClose(machine.gradient, expected, 1e-11, what);
              }
            }
          }
        }
      });
    }
  }

  it('a large sample alone, over both lanes, as the same sample in a batch of two', () => {
    const qubits = 10;
    const rng = oracle.seededRng(SEED + 4);
    const together = [oracle.zTerm(0), { ...oracle.zTerm(4, 0, 0.5), zMask: 0b1000010000 }];
    const apart = [
      { output: 0, xMask: 1, zMask: 0, coefficient: 1 },
      { output: 0, xMask: 0b1000000000, zMask: 0b1000010000, coefficient: 0.5 },
    ];
    for (const terms of [together, apart]) {
      const kinds = [
        Operation.RX,
        Operation.RYY,
        Operation.CNOT,
        Operation.RXX,
        Operation.CZ,
        Operation.RZZ,
        Operation.RY,
      ];
      const operations = oracle
        .paperAnsatz(qubits, 1)
        .concat(
          Array.from({ length: 21 }, (_, i) => oracle.randomOperation(rng, kinds[i % 7], 1, qubits, 12, 1)),
        );
      const model = oracle.paperModel(qubits, 1, 8, { operations, terms, outputs: 1 });
      const theta = oracle.randomTheta(rng, model);
      const { batch, labels } = oracle.randomBatch(rng, model, 1);
      for (const build of BUILDS.filter((one) => one === 'release' || one === 'debug')) {
        for (const [shots, displacedShots] of [
          [0, 0],
          [50, 0],
          [50, 1],
        ]) {
          const [alone, pair] = [1, 2].map((size) => {
            const training = { ...SHIFT, batch: size, shots, displacedShots, engine: Engine.Samples };
            const machine = new Machine(build, model, training).withParameters(theta);
            machine.step(batch, labels);
            return [...machine.gradient];
          });
          assertAllClose(
            alone,
            pair,
            1e-12,
            `${build}, ${terms[0].xMask}, ${displacedShots} of ${shots} shots`,
          );
        }
      }
    }
  });

  it('slices change no bit, nor does the build', () => {
    for (const builds of PRECISIONS) {
      for (const diagonal of [true, false]) {
        const rng = oracle.seededRng(SEED + 5);
        const model = modelOf(rng, 1, diagonal, true);
        const theta = oracle.randomTheta(rng, model);
        const { batch, labels } = oracle.randomBatch(rng, model, 3);
        for (const engine of [Engine.Samples, Engine.Columns]) {
          for (const [shots, displacedShots] of [
            [0, 0],
            [20, 0],
            [20, 1],
            [20, 30],
          ]) {
            const runs = builds
              .filter((build) => enginesOf(build, true).includes(engine))
              .flatMap((build) =>
                [undefined, 1, 5].map((work) => {
                  const training = { ...SHIFT, batch: 3, engine, shots, displacedShots };
                  const machine = new Machine(build, model, training).withParameters(theta);
                  machine.step(batch, labels, work);
                  return leftBehind(machine);
                }),
              );
            for (const run of runs)
              assertSameBits(run, runs[0], `${Engine[engine]}, ${displacedShots} of ${shots}`);
          }
        }
      }
    }
  });
});

describe('parameter shift: shots of displaced circuits', () => {
  for (const build of BUILDS) {
    it(`${build}: are those of all circuits where nothing else is said, and are counted`, () => {
      const rng = oracle.seededRng(SEED + 6);
      for (const diagonal of [true, false]) {
        const model = modelOf(rng, 1, diagonal, true);
        const theta = oracle.randomTheta(rng, model);
        const { batch, labels } = oracle.randomBatch(rng, model, 3);
        for (const engine of enginesOf(build, true)) {
          for (const rule of [Rule.Sgd, Rule.Nlr]) {
            const stepOf = (displacedShots: number) => {
              const machine = new Machine(build, model, {
                ...SHIFT,
                rule,
                batch: 3,
                engine,
                shots: 6,
                displacedShots,
              });
              machine.withParameters(theta).step(batch, labels);
              return machine;
            };
            const [same, named, one] = [0, 6, 1].map(stepOf);
            assertSameBits(leftBehind(same), leftBehind(named), 'as many as Shots');
            const passes = rule === Rule.Nlr ? 2 : 1;
            const losses = 3 * passes * settings(model);
            assert.equal(one.report.Evaluations, same.report.Evaluations);
            assert.equal(one.report.Shots, losses * 6 + (one.report.Evaluations - losses));
            assert.equal(one.report.StepShots, one.report.Shots);
            // The loss, and the tentative one, take theirs as ever.
            assert.equal(one.report.Loss, same.report.Loss);
            if (hasColumns(build)) {
              assert.equal(one.abi.step_shots(), one.report.Shots);
              assert.equal(same.abi.step_shots(), same.report.Shots);
            }
          }
        }
      }
    });

    it(`${build}: are refused where nothing reads them, and go with a model`, () => {
      const model = oracle.paperModel(2, 1, 4);
      const refusals: [Partial<CoreTraining>, boolean][] = [
        [{ ...SHIFT, shots: 5 }, false],
        [{ ...SHIFT, shots: 0 }, true],
        [{ gradient: Gradient.Adjoint, shots: 0 }, true],
        [{ gradient: Gradient.TwoPoint, shots: 5 }, true],
      ];
      for (const [training, refused] of refusals) {
        const abi = load(build);
        const { training: all } = new Machine(build, model, training);
        for (const [key, value] of optionValues(model, { ...all, displacedShots: 3, workspace: 0 })) {
          ok(abi.configure(key, value), Option[key]);
        }
        assert.equal(abi.plan() === Status.BadCombination, refused, JSON.stringify(training));
        if (refused) assert.equal(abi.option_at_fault(), Option.DisplacedShots);
      }
      const machine = new Machine(build, model, { ...SHIFT, shots: 5, displacedShots: 2 });
      const image = machine.modelImage();
      const other = new Machine(build, model, { ...SHIFT, shots: 5 });
      other.putImage(image);
      ok(other.abi.model_read(image.length), 'model_read');
      assert.equal(other.abi.option_value(Option.DisplacedShots), 2);
      const abi = load(build);
      assert.equal(abi.configure(Option.DisplacedShots, MAX_SHOTS + 1), Status.BadOption);
      assert.equal(abi.configure(Option.DisplacedShots, 0.5), Status.BadOption);
    });
  }

  it('are what the caller is asked for', () => {
    const rng = oracle.seededRng(SEED + 7);
    for (const build of BUILDS.filter(hasColumns)) {
      for (const diagonal of [true, false]) {
        const model = { ...modelOf(rng, 1, diagonal, true), readoutError: 0 };
        const training = { ...SHIFT, batch: 3, shots: 12, displacedShots: 4, engine: Engine.Samples };
        const theta = oracle.randomTheta(rng, model);
        const { batch, labels } = oracle.randomBatch(rng, model, 3);
        const simulator = new Machine(build, model, training).withParameters(theta);
        simulator.step(batch, labels);
        const machine = new Machine(build, model, { ...training, ...asked(training) }).withParameters(theta);
        machine.fill(batch, labels);
        ok(machine.abi.step_begin(3), 'step_begin');
        answerStep(machine, (one, question) => {
          assert.equal(question.shots, question.evaluation < 2 ? 12 : 4);
          honest(one, question);
        });
        assertSameBits(leftBehind(machine), leftBehind(simulator), `${build}, diagonal ${diagonal}`);
      }
    }
  });

  it('follow the distribution of both signs, in bitstrings of one shot', () => {
    // By the hinge loss far from its corner the gradient is the difference of the two estimates.
    const terms = [oracle.zTerm(0, 0, 0.5), oracle.zTerm(1, 0, 0.2)];
    const rng = oracle.seededRng(SEED + 8);
    const operations = [
      ...oracle
        .paperAnsatz(2, 1)
        .map((one) => ({ ...one, source: 0 as const, index: 0, offset: oracle.randomBetween(rng, -3, 3) })),
      oracle.randomOperation(rng, Operation.RXX, 1, 2, 1, 1),
    ].map((one, i, all) => (i === all.length - 1 ? { ...one, scale: 1 } : one));
    const model = oracle.paperModel(2, 1, 4, {
      operations,
      parameters: 1,
      terms,
      loss: Loss.Hinge,
      encoding: Encoding.Zero,
    });
    const none = [0, 0, 0, 0];
    const outcomes = (angle: number) => {
      const { re, im } = oracle.stateFromAngles(model, oracle.circuitAngles(model, [angle], none), none);
      const valueOf = (row: number) => ((row & 2) !== 0 ? -0.5 : 0.5) + ((row & 1) !== 0 ? -0.2 : 0.2);
      return Array.from(re, (x, row) => ({ p: x * x + im[row] ** 2, f: valueOf(row) }));
    };
    const theta = 0.4;
    const [plus, minus] = [Math.PI / 2, -Math.PI / 2].map((shift) => outcomes(theta + shift));
    const expected = new Map<number, number>();
    for (const a of plus)
      for (const b of minus) {
        const slope = -(a.f - b.f) / 2;
        expected.set(slope, (expected.get(slope) ?? 0) + a.p * b.p);
      }
    const slopes = [...expected.keys()].sort((a, b) => a - b);
    for (const build of BUILDS) {
      for (const engine of enginesOf(build, true)) {
        const training = { ...SHIFT, batch: 1, engine, shots: 3, displacedShots: 1 };
        const machine = new Machine(build, model, training);
        const draws = Array.from({ length: 2000 }, () => {
          machine.withParameters([theta]).step([none], [1]);
          return machine.gradient[0];
        });
        const counts = slopes.map((slope) => draws.filter((one) => Math.abs(one - slope) < 1e-6).length);
        assert.equal(
          counts.reduce((sum, one) => sum + one),
          draws.length,
        );
        assertChiSquared(
          counts,
          slopes.map((slope) => expected.get(slope) as number),
          `${build}, ${Engine[engine]}`,
        );
      }
    }
  });
});
