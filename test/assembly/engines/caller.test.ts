/** Ask and tell: with the simulator's own draws the built-in trace, through interruptions too. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Answerer, Gradient, Option, Status } from '../../../assembly/abi/codes.ts';
import {
  answerStep,
  asked,
  ASKING_BUILDS,
  beginDrawn,
  honest,
  questionOf,
  simulatedCounts,
  tellAll,
} from '../../support/caller-answers.ts';
import {
  answered,
  assertSame,
  builtIn,
  dataOf,
  fresh,
  MODELS,
  SEED,
  STEPS,
  TRAININGS,
} from '../../support/caller-runs.ts';
import { assertSameBits } from '../../support/close.ts';
import {
  type Build,
  BUILDS,
  type CoreTraining,
  hasColumns,
  load,
  Machine,
  ok,
  optionValues,
} from '../../support/core-harness.ts';
import * as oracle from '../../support/oracle/index.ts';
import { runOf } from '../../support/training-runs.ts';

describe("ask: the simulator's own draws give the built-in trace", () => {
  for (const build of ASKING_BUILDS) {
    for (const [name, model] of Object.entries(MODELS)) {
      it(`${build}, ${name} (seed ${SEED})`, () => {
        for (const [rule, training] of Object.entries(TRAININGS)) {
          const expected = builtIn(build, model, training);
          for (const work of [1, 7, 0x7fffffff]) {
            const machine = fresh(build, model, asked(training));
            assertSame(answered(machine, honest, work), expected, `${rule}, ${work} at a time`);
          }
        }
      });
    }
  }
});

describe('ask: a prediction', () => {
  for (const build of ASKING_BUILDS) {
    it(`${build}: the outputs that the simulator's predict gives`, () => {
      for (const [name, model] of Object.entries(MODELS)) {
        const { samples, labels } = dataOf(model);
        const [rows, marks] = [samples.slice(0, 3), labels.slice(0, 3)];
        const training = { ...TRAININGS.nlr, batch: 3 };
        const simulator = fresh(build, model, training);
        const machine = fresh(build, model, asked(training));
        for (const [call, shots] of [30, 7].entries()) {
          const expected = simulator.predict(rows, shots, marks).flat();
          machine.fill(rows, marks);
          assert.equal(machine.abi.predict(3, 0), Status.BadOption, 'exact');
          assert.equal(machine.abi.predict(3, shots), Status.Asked);
          assert.equal(machine.abi.predict(3, shots), Status.Busy);
          answerStep(machine, (_, question) => {
            assert.deepEqual([question.shots, question.evaluation], [shots, 0]);
            tellAll(machine, simulatedCounts(machine, question, oracle.PREDICT_PURPOSE, call + 1));
          });
          const outputs = machine.reals(machine.abi.outputs_ptr(), expected.length);
          assertSameBits(outputs, expected, `${name}: outputs`);
          assertSameBits(machine.reportSlots, simulator.reportSlots, `${name}: report`);
        }
      }
    });
  }
});

describe('ask: interrupted', () => {
  for (const build of ASKING_BUILDS) {
    it(`${build}: a step begun again asks the same questions, one given up leaves no trace`, () => {
      for (const name of ['terms apart', 'terms together'] as const) {
        const model = MODELS[name];
        const training = asked(TRAININGS.nlr);
        const expected = answered(fresh(build, model, training), honest);
        const machine = fresh(build, model, training);
        const { samples, labels } = dataOf(model);
        const before = [[...machine.parameters], [...machine.reportSlots], machine.trace];
        const seen: ReturnType<typeof questionOf>[] = [];
        for (const until of [0, 1, 5, 17]) {
          beginDrawn(machine, samples, labels);
          for (let i = 0; ; i++) {
            assert.equal(machine.abi.step_advance(0x7fffffff), Status.Asked);
            const question = questionOf(machine);
            seen[i] ??= question;
            assert.deepEqual(question, seen[i], `question ${i}`);
            if (i === until) break;
            honest(machine, question);
          }
          // Half an answer is forgotten too.
          assert.equal(machine.abi.tell(0, 2), Status.Ok);
          if (until % 2 === 1) machine.abi.step_abandon();
        }
        const after = [[...machine.parameters], [...machine.reportSlots], machine.trace];
        const untouched = (values: unknown[]) => [values[0], values[2]];
        assert.deepEqual(untouched(after), untouched(before));
        assertSame(answered(machine, honest), expected, name);
      }
    });

    it(`${build}: goes on from a checkpoint in a fresh instance, with the same trace`, () => {
      for (const [name, model] of Object.entries(MODELS)) {
        const training = asked(TRAININGS.nlr);
        const expected = answered(fresh(build, model, training), honest);
        let machine = fresh(build, model, training);
        const reports: number[][] = [];
        for (let step = 0; step < STEPS; step++) {
          reports.push(...answered(machine, honest, 3, 1).reports);
          const image = machine.checkpoint();
          // Dies in the middle of the next step.
          const { samples, labels } = dataOf(model);
          beginDrawn(machine, samples, labels);
          machine.abi.step_advance(0x7fffffff);
          machine.abi.tell(0, 1);
          machine = fresh(build, model, training);
          ok(machine.restore(image), 'restore');
        }
        assertSame(runOf(machine, reports), expected, name);
      }
    });
  }
});

describe('ask: memory and options', () => {
  it('a model whose circuits the caller measures keeps no states', (test) => {
    const model = oracle.paperModel(8, 5, 16);
    const bytes = (build: Build, training: Partial<CoreTraining>) => {
      const abi = load(build);
      const values = optionValues(model, {
        ...new Machine(build, oracle.paperModel(2, 1, 2)).training,
        ...training,
      });
      for (const [key, value] of values) ok(abi.configure(key, value), Option[key]);
      return ok(abi.plan(), 'plan');
    };
    for (const build of ASKING_BUILDS) {
      const training = { batch: 8, shots: 100, gradient: Gradient.ParameterShift };
      const simulated = bytes(build, training);
      const told = bytes(build, { ...training, answerer: Answerer.Caller });
      test.diagnostic(`${build}: 8 qubits take ${told} bytes with a caller, ${simulated} simulated`);
      assert.ok(told < simulated - 2 ** 8 * 2 * 8, `${told} and ${simulated} bytes`);
    }
  });

  it('needs shots and parameter shifts', () => {
    const model = MODELS['one term'];
    for (const build of ASKING_BUILDS) {
      const refused = (training: Partial<CoreTraining>) => {
        const abi = load(build);
        const { training: whole } = new Machine('release', model);
        for (const [key, value] of optionValues(model, { ...whole, ...asked(training) }))
          abi.configure(key, value);
        return abi.plan();
      };
      assert.ok(refused({ shots: 10 }) > 0);
      assert.equal(refused({ shots: 0 }), Status.BadCombination);
      assert.equal(refused({ shots: 0, gradient: Gradient.Adjoint }), Status.BadCombination);
    }
  });

  it('the builds with one engine leave measuring to their simulator', () => {
    for (const build of BUILDS.filter((other) => !hasColumns(other))) {
      const abi = load(build);
      assert.equal(typeof abi.tell, 'undefined');
      assert.equal(abi.configure(Option.Answerer, Answerer.Caller), Status.BadOption);
    }
  });

  it("the simulator's readout error is not put on top of the caller's counts", () => {
    for (const name of ['terms apart', 'terms together'] as const) {
      const expected = builtIn('release', MODELS[name], TRAININGS.nlr);
      const machine = fresh('release', { ...MODELS[name], readoutError: 0.2 }, asked(TRAININGS.nlr));
      assertSame(answered(machine, honest), expected, name);
    }
  });

  it('a constant observable asks nothing', () => {
    const terms = [{ output: 0, xMask: 0, zMask: 0, coefficient: 0.5 }];
    const machine = fresh('release', oracle.paperModel(2, 1, 4, { terms }), asked(TRAININGS.nlr));
    const { samples, labels } = dataOf(machine.model);
    beginDrawn(machine, samples, labels);
    assert.equal(answerStep(machine), 0);
    assert.equal(machine.report.Step, 1);
  });

  it('a sample that is no state is refused before it is asked for', () => {
    const machine = fresh('release', MODELS['one term'], { ...asked(TRAININGS.nlr), samples: 0 });
    for (const bad of [0, Number.NaN, Number.POSITIVE_INFINITY]) {
      ok(machine.abi.step_begin(2), 'step_begin');
      machine.fill([new Array(8).fill(1), new Array(8).fill(bad)], [0, 1]);
      assert.equal(machine.abi.step_advance(0x7fffffff), Status.BadSample);
      assert.equal(machine.abi.ask_ptr(), 0);
    }
  });
});
