/** Shots allotted by the variance of derivatives: beside the paper's formulas, counted as they are drawn. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  Engine,
  Extrapolation,
  Gradient,
  Loss,
  Option,
  Rule,
  Schedule,
  Status,
} from '../../../assembly/abi/codes.ts';
import { answerStep, asked, beginDrawn, simulatedCounts, tellAll } from '../../support/caller-answers.ts';
import type { Question } from '../../../host/qpu/question.ts';
import {
  addProgram,
  type CoreTraining,
  load,
  Machine,
  ok,
  optionValues,
} from '../../support/core-harness.ts';
import { localString } from '../../support/core-heisenberg.ts';
import { assertRival, orderOf, RIVAL_TRAINING, rivalRun, shotsOf } from '../../support/core-rivals.ts';
import { RIVAL_BUILDS } from '../../support/members.ts';
import * as oracle from '../../support/oracle/index.ts';

const SEED = 1109;
const GCANS: Partial<CoreTraining> = {
  ...RIVAL_TRAINING,
  rule: Rule.Gcans,
  rate: 0.4,
  shots: 16,
  displacedShots: 2,
};
const ENGINES = [Engine.Samples, Engine.Columns, Engine.Heisenberg];

const apart = () => {
  const head = { logits: 2, loss: Loss.CrossEntropy };
  return localString(oracle.seededRng(SEED + 2), { qubits: 3, features: 5, outputs: 2 }, head);
};
const joint = () => {
  const shape = { qubits: 3, outputs: 2, logits: 1, loss: Loss.CrossEntropy, extraOperations: 4 };
  return oracle.randomModel(oracle.seededRng(SEED), { ...shape, linear: true, diagonal: true });
};

/** An energy, whose Lipschitz constant follows from its coefficients, 1.4. */
const energy = () => {
  const terms = [0.8, -0.6, 3].map((coefficient, t) => ({
    output: 0,
    xMask: t === 0 ? 1 : 0,
    zMask: t === 1 ? 2 : 0,
    coefficient,
  }));
  return oracle.paperModel(3, 2, 5, { loss: Loss.Energy, terms });
};

function dataOf(model: oracle.OracleModel) {
  const rng = oracle.seededRng(SEED + 1);
  return { ...oracle.randomBatch(rng, model, 7), theta: oracle.randomTheta(rng, model) };
}

describe('gcans', () => {
  for (const [name, training, weighted] of [
    ['as it is', {}],
    ['a schedule that ends at 0, weights', { schedule: Schedule.Linear, steps: 12, rate: 1.2 }, true],
    ['another constant', { lipschitz: 3.5, rate: 0.5 }],
    ['blocks', { blocks: 4 }],
  ] as [string, Partial<CoreTraining>, boolean?][]) {
    it(`the printed formulas, ${name}`, () => {
      for (const build of RIVAL_BUILDS) {
        for (const [model, engines] of [
          [apart(), ENGINES],
          [energy(), ENGINES],
          [joint(), ENGINES.slice(0, 2)],
        ] as const) {
          for (const engine of engines) {
            const options = { ...GCANS, ...training, engine, weights: weighted ? 1 : 0 } as const;
            const machine = new Machine(build, model, options);
            const { batch: samples, labels, theta } = dataOf(model);
            const weights = weighted ? samples.map((_, i) => (i % 4) / 2) : undefined;
            machine.withParameters(theta);
            const order = orderOf(machine);
            let most = 0;
            rivalRun(machine, samples, labels, 8, weights).forEach((step, t) => {
              const what = `${build}, ${Engine[engine]}, step ${t}`;
              const promised = machine.abi.step_shots();
              const before = machine.report.Shots;
              const report = machine.drawnStep(samples, labels, 50, weights);
              assertRival(machine, report, step, what);
              assert.equal(report.Shots - before, shotsOf(machine, step, order), what);
              assert.equal(promised, report.Shots - before, what);
              most = Math.max(most, ...step.shots);
            });
            assert.ok(most > 2, `${most} shots are allotted`);
          }
        }
      }
    });
  }

  it('asks a caller for the shots that it allots', () => {
    const model = apart();
    for (const build of RIVAL_BUILDS) {
      const { batch: samples, labels, theta } = dataOf(model);
      const machine = new Machine(build, model, asked(GCANS)).withParameters(theta);
      const twin = new Machine(build, model, { ...GCANS, engine: Engine.Samples }).withParameters(theta);
      for (let t = 0; t < 5; t++) {
        const seen: number[] = [];
        beginDrawn(machine, samples, labels);
        answerStep(machine, (one: Machine, question: Question) => {
          seen.push(question.shots);
          tellAll(one, simulatedCounts(one, question));
        });
        const before = twin.report.Shots;
        twin.drawnStep(samples, labels);
        assert.equal(
          seen.reduce((sum, shots) => sum + shots, 0),
          twin.report.Shots - before,
        );
        assert.equal(machine.trace, twin.trace);
      }
    }
  });

  it('goes through a checkpoint, whose spreads are never below 0', () => {
    const model = joint();
    for (const build of RIVAL_BUILDS) {
      const { batch: samples, labels, theta } = dataOf(model);
      const [whole, first] = [0, 1].map(() => new Machine(build, model, GCANS).withParameters(theta));
      for (let t = 0; t < 6; t++) whole.drawnStep(samples, labels);
      for (let t = 0; t < 3; t++) first.drawnStep(samples, labels, 1);
      const second = new Machine(build, model, GCANS);
      assert.equal(second.restore(first.checkpoint()), Status.Ok);
      assert.equal(second.abi.step_shots(), first.abi.step_shots());
      for (let t = 3; t < 6; t++) second.drawnStep(samples, labels, 1);
      assert.equal(second.trace, whole.trace);
      assert.equal(second.report.Shots, whole.report.Shots);
    }
  });

  it('needs shots, two a circuit at least, a rate below 2 / L, and angles that are displaced', () => {
    const model = apart();
    const refused = (change: Partial<CoreTraining>, option: Option) => {
      for (const build of RIVAL_BUILDS) {
        const abi = load(build);
        const { training } = new Machine(build, model, GCANS);
        for (const [key, value] of optionValues(model, { ...training, ...change })) {
          ok(abi.configure(key, value), Option[key]);
        }
        assert.equal(abi.plan(), Status.BadCombination, JSON.stringify(change));
        assert.equal(abi.option_at_fault(), option);
      }
    };
    refused({ shots: 0, displacedShots: 0 }, Option.Shots);
    refused({ shots: 1, displacedShots: 0 }, Option.Shots);
    refused({ displacedShots: 1 }, Option.DisplacedShots);
    refused({ gradient: Gradient.TwoPoint, displacedShots: 0 }, Option.Gradient);
    const folded = [
      [Option.Extrapolation, Extrapolation.Linear],
      [Option.Scales, 2],
    ] as const;
    refused({ extra: folded }, Option.Extrapolation);
    refused({ extra: [[Option.CalibrationShots, 100]] }, Option.CalibrationShots);
    const compiled = (of: oracle.OracleModel, change: Partial<CoreTraining>) =>
      RIVAL_BUILDS.map((build) => {
        const abi = load(build);
        const { training } = new Machine(build, model, GCANS);
        for (const [key, value] of optionValues(of, { ...training, ...change }))
          ok(abi.configure(key, value), 'set');
        return [addProgram(abi, of), abi.option_at_fault()] as const;
      });
    const steep = [
      ...compiled(model, { rate: 2 }),
      ...compiled(model, { lipschitz: 5 }),
      // 2 / 1.4 of the energy.
      ...compiled(energy(), { rate: 1.43 }),
    ];
    for (const found of steep) assert.deepEqual(found, [Status.BadCombination, Option.Rate]);
    for (const [status] of compiled(energy(), { rate: 1.42 })) assert.equal(status, Status.Ok);
  });
});
