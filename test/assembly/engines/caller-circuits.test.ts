/** Ask and tell: the circuits that are asked for are those of Eq. 6 and 7. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Loss, Source } from '../../../assembly/abi/codes.ts';
import {
  answerStep,
  asked,
  ASKING_BUILDS,
  beginDrawn,
  honest,
  masksOf,
  questionOf,
  simulatedCounts,
  stateOf,
  tellAll,
} from '../../support/caller-answers.ts';
import {
  answered,
  assertSame,
  builtIn,
  dataOf,
  fresh,
  LETTERS,
  MODELS,
  SEED,
  TRAININGS,
} from '../../support/caller-runs.ts';
import { assertClose } from '../../support/close.ts';
import { within } from '../../support/tolerance.ts';
import { Machine, ok } from '../../support/core-harness.ts';
import { compiledOrder } from '../../support/core-oracle.ts';
import * as oracle from '../../support/oracle/index.ts';

describe('ask: the circuits', () => {
  /** Every question of a step, with an angle's circuits both ways. */
  function questionsOf(machine: Machine) {
    const questions: ReturnType<typeof questionOf>[] = [];
    const { samples, labels } = dataOf(machine.model);
    beginDrawn(machine, samples, labels);
    answerStep(machine, (asking, question) => {
      questions.push(question);
      honest(asking, question);
    });
    return questions;
  }

  /** The model with every angle a constant, displaced in one place. */
  function frozen(
    model: oracle.OracleModel,
    angles: number[],
    displaced: number,
    by: number,
  ): oracle.OracleModel {
    const operations = model.operations.map((op, j) => ({
      ...op,
      source: Source.Constant,
      index: 0,
      offset: angles[j] + (j === displaced ? by : 0),
    }));
    return { ...model, operations };
  }

  for (const build of ASKING_BUILDS) {
    it(`${build}: every question's circuit, displaced or not, has the expectation of the built-in simulator`, () => {
      const tolerance = within(build, 1e-12, 1e-5);
      for (const [name, model] of Object.entries(MODELS)) {
        const machine = fresh(build, model, asked({ ...TRAININGS.adam, batch: 3 }));
        // The image of a build in single precision rounds scales: the order is that of all builds.
        const order = compiledOrder(fresh('release', model, machine.training));
        const { samples } = dataOf(model);
        const parameters = [...machine.parameters];
        const rows = (() => {
          machine.abi.step_begin(3);
          return machine.indices.map((i) => samples[i]);
        })();
        let displaced = 0;
        for (const question of questionsOf(machine)) {
          const { evaluation, sample } = question;
          const j = evaluation < 2 ? -1 : order[(evaluation - 2) >> 1];
          const by = evaluation & 1 ? -Math.PI / 2 : Math.PI / 2;
          const angles = oracle.circuitAngles(model, parameters, rows[sample]);
          const { xMask, zMask } = masksOf(question);
          const terms = oracle.sharesBitstrings(model)
            ? model.terms.filter((term) => term.zMask > 0)
            : [{ output: 0, xMask, zMask, coefficient: 1 }];
          const state = stateOf(question);
          for (const term of terms) {
            const one = {
              ...frozen(model, angles, j, by),
              logits: 0,
              loss: Loss.MeanSquare,
              outputs: 1,
              terms: [{ ...term, output: 0, coefficient: 1 }],
            };
            const [[expected]] = new Machine(build, one, { batch: 1 }).predict([rows[sample]]);
            const value = oracle.termExpectation(state, { ...term, coefficient: 1 });
            assertClose(value, expected, tolerance, `${name}, evaluation ${evaluation}`);
          }
          if (j >= 0) displaced++;
        }
        assert.ok(displaced > 10, `${displaced} displaced circuits`);
      }
    });
  }

  it('counts in the very proportions give the exact gradient within the rounding of the counts', () => {
    const model = oracle.paperModel(3, 2, 8, { terms: LETTERS, outputs: 2, logits: 1 });
    const shots = 2 ** 20;
    const training = { ...TRAININGS.nlr, shots };
    const exact = fresh('release', model, { ...training, shots: 0 });
    const { samples, labels } = dataOf(model);
    exact.drawnStep(samples, labels);
    const machine = fresh('release', model, asked(training));
    answered(
      machine,
      (asking, question) => {
        const { xMask, zMask } = masksOf(question);
        const value = oracle.termExpectation(stateOf(question), { output: 0, xMask, zMask, coefficient: 1 });
        const even = Math.round((shots * (1 + value)) / 2);
        const odd = (xMask | zMask) & -(xMask | zMask);
        tellAll(asking, [
          [0, even],
          [odd, shots - even],
        ]);
      },
      undefined,
      1,
    );
    exact.gradient.forEach((value, i) => {
      assertClose(machine.gradient[i], value, 2e-5, `gradient [${i}]`);
    });
  });

  it('which outcome of a parity was measured does not matter, nor the qubits that were not asked for', () => {
    const model = MODELS['terms apart'];
    const expected = builtIn('release', model, TRAININGS.nlr);
    const rng = oracle.seededRng(SEED);
    const machine = fresh('release', model, asked(TRAININGS.nlr));
    const outcome = answered(machine, (asking, question) => {
      const { xMask, zMask } = masksOf(question);
      const parity = (mask: number) =>
        [...(mask & (xMask | zMask)).toString(2)].filter((bit) => bit === '1').length % 2;
      for (const [told, count] of simulatedCounts(asking, question)) {
        const alike = [0, 1, 2, 3, 4, 5, 6, 7].filter((mask) => parity(mask) === parity(told));
        for (let left = count; left > 0; left--)
          ok(asking.abi.tell(alike[oracle.randomInteger(rng, 4)], 1), 'tell');
      }
    });
    assertSame(outcome, expected, 'scattered');
  });
});
