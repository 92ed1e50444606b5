/** Ask and tell: wrong answers and calls out of order are refused, and nothing is lost. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Status } from '../../../assembly/abi/codes.ts';
import {
  answerStep,
  asked,
  ASKING_BUILDS,
  beginDrawn,
  honest,
  questionOf,
  tellAll,
  type Teller,
} from '../../support/caller-answers.ts';
import {
  answered,
  assertSame,
  builtIn,
  dataOf,
  fresh,
  MODELS,
  SEED,
  beforeQuestion,
  TRAININGS,
} from '../../support/caller-runs.ts';
import { load } from '../../support/core-harness.ts';
import * as oracle from '../../support/oracle/index.ts';

describe('ask: wrong answers', () => {
  for (const build of ASKING_BUILDS) {
    it(`${build}: each is refused, and the question stands as before`, () => {
      for (const name of ['one term', 'terms apart', 'terms together'] as const) {
        const machine = beforeQuestion(build, 4, MODELS[name]);
        const { abi } = machine;
        const question = questionOf(machine);
        const { shots } = question;
        const stands = (what: string) => assert.deepEqual(questionOf(machine), question, `${name}: ${what}`);
        const advance = () => abi.step_advance(0x7fffffff);
        const before = [...machine.reportSlots];

        assert.equal(advance(), Status.Asked);
        stands('nothing told');
        assert.equal(abi.tell(0, shots - 1), Status.Ok);
        assert.equal(advance(), Status.BadCounts);
        stands('too few');
        assert.equal(advance(), Status.Asked);
        stands('too few are forgotten');
        assert.equal(abi.tell(1, shots + 1), Status.BadCounts);
        assert.equal(abi.tell(1, shots - 1), Status.Ok);
        assert.equal(abi.tell(2, 2), Status.BadCounts);
        assert.equal(advance(), Status.Asked);
        stands('too many');
        for (const count of [-1, -0x80000000, 0x7fffffff]) assert.equal(abi.tell(0, count), Status.BadCounts);
        assert.equal(abi.tell(0, 3), Status.Ok);
        assert.equal(abi.tell(0, -1), Status.BadCounts);
        assert.equal(advance(), Status.Asked);
        stands('negative');
        tellAll(machine, [[0, shots]]);
        assert.equal(abi.tell(0, shots), Status.BadCounts);
        assert.equal(advance(), Status.Asked);
        stands('twice');
        for (const outcome of [8, 0x80000000, 0xffffffff])
          assert.equal(abi.tell(outcome, 1), Status.BadIndex);
        assert.equal(abi.tell(8, 0), Status.BadIndex);
        stands('no outcome');
        assert.equal(abi.tell(0, 0), Status.Ok);
        assert.equal(advance(), Status.Asked);
        assert.deepEqual([...machine.reportSlots], before);

        for (const index of [-1, question.operations.length, 0x7fffffff]) {
          assert.equal(abi.ask_operation(index), Status.BadIndex);
          assert.ok(Number.isNaN(abi.ask_angle(index)));
        }
        for (const call of [
          () => abi.checkpoint_write(),
          () => abi.model_write(),
          () => abi.predict(1, 10),
          () => abi.parameters_initialise(),
        ]) {
          assert.equal(call(), Status.Busy);
        }
        stands('busy');

        honest(machine, question);
        assert.equal(advance(), Status.Asked);
        assert.notDeepEqual(questionOf(machine), question);
      }
    });

    it(`${build}: told out of order`, () => {
      const machine = fresh(build, MODELS['one term'], asked(TRAININGS.nlr));
      const silent = (when: string) => {
        const { abi } = machine;
        assert.equal(abi.ask_ptr(), 0, when);
        assert.equal(abi.ask_operation(0), Status.NotReady, when);
        assert.ok(Number.isNaN(abi.ask_angle(0)), when);
        assert.equal(abi.tell(0, 1), Status.NotReady, when);
      };
      silent('before the first step');
      const { samples, labels } = dataOf(machine.model);
      beginDrawn(machine, samples, labels);
      silent('before the first question');
      answerStep(machine, (asking, question) => {
        honest(asking, question);
        // Once complete, an answer takes no more, and nothing more than nothing is added by nothing.
        assert.equal(asking.abi.tell(0, 0), Status.Ok);
      });
      silent('after a step');
      assert.equal(machine.abi.step_advance(1), Status.NotReady);
      beginDrawn(machine, samples, labels);
      assert.equal(machine.abi.step_advance(0x7fffffff), Status.Asked);
      machine.abi.step_abandon();
      silent('after a step was given up');

      const bare = load(build);
      assert.equal(bare.ask_ptr(), 0);
      assert.equal(bare.tell(0, 1), Status.NotReady);
      const simulator = fresh(build, MODELS['one term'], TRAININGS.nlr);
      beginDrawn(simulator, samples, labels);
      simulator.abi.step_advance(20);
      assert.equal(simulator.abi.ask_ptr(), 0, 'the simulator asks nobody');
      assert.equal(simulator.abi.tell(0, 1), Status.NotReady);
    });

    it(`${build}: among wrong answers of all kinds, the trace of the undisturbed run (seed ${SEED})`, () => {
      for (const [name, model] of Object.entries(MODELS)) {
        const training = TRAININGS['nlr-guarded'];
        const expected = builtIn(build, model, training);
        const rng = oracle.seededRng(SEED);
        let wrong = 0;
        const careless: Teller = (machine, question) => {
          const { abi } = machine;
          const fault = oracle.randomInteger(rng, 8);
          wrong += Number(fault < 6);
          if (fault === 0) abi.tell(0, question.shots - 1 - oracle.randomInteger(rng, question.shots - 1));
          else if (fault === 1) abi.tell(1, question.shots + 1);
          else if (fault === 2) abi.tell(2, -1);
          else if (fault === 3) abi.tell(0xffff, 1);
          else if (fault === 4) {
            honest(machine, question);
            assert.equal(abi.tell(1, 1), Status.BadCounts);
          } else if (fault === 5) abi.ask_operation(-1);
          else honest(machine, question);
        };
        const machine = fresh(build, model, asked(training));
        assertSame(answered(machine, careless, 5), expected, name);
        assert.ok(wrong > 50, `${wrong} wrong answers`);
      }
    });
  }
});
