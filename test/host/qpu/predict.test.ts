/** Predictions by a quantum processor: with the simulator's draws the simulator's outputs, and what is refused. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadModel, Trainer } from '../../../host/index.ts';
import { predictByQpu, type Question, qpu } from '../../../host/qpu/index.ts';
import { simulatedCounts } from '../../support/caller-answers.ts';
import { DEFAULTS } from '../../support/core-harness.ts';
import { rowsOf } from '../../support/host-data.ts';
import * as oracle from '../../support/oracle/index.ts';
import { SEED, simulated, trained, trainerOf } from '../../support/qpu-trainings.ts';

const SHOTS = 30;
/** Of the trainings: a prediction takes as many rows at once. */
const BATCH = 3;
const RAW = rowsOf(['no', 'yes'], 7);
const ROWS = Array.from({ length: RAW.rows }, (_, i) => RAW.features.slice(3 * i, 3 * i + 3));

/** What the simulator's `predict` would have counted, question by question, in models of one joint observable. */
function predicted(outputs: number) {
  const terms = Array.from({ length: outputs }, (_, k) => oracle.zTerm(k, k));
  const model = oracle.paperModel(2, 2, 3, { terms, outputs });
  let asked = 0;
  return (question: Question) => {
    const [which, row] = [Math.floor(asked / ROWS.length), asked % ROWS.length];
    asked += 1;
    const training = { ...DEFAULTS, seed: [SEED + which, 0] as const };
    const call = Math.floor(row / BATCH) + 1;
    return simulatedCounts({ build: 'release', model, training }, question, oracle.PREDICT_PURPOSE, call);
  };
}

describe('predictByQpu', () => {
  for (const observable of ['z0', 'all-z'] as const) {
    test(`${observable}: the simulator's outputs, of a trainer and of its model`, async () => {
      const trainer = await trained((question) => simulated(question, observable), {}, observable);
      const simulator = await trainerOf(observable);
      simulator.parameters.set(trainer.parameters);
      const expected = simulator.predict(ROWS, { shots: SHOTS });
      const answer = () => qpu(predicted(observable === 'z0' ? 1 : 2));
      assert.deepEqual(await predictByQpu(trainer, ROWS, { answer: answer(), shots: SHOTS }), expected);
      const model = await loadModel(trainer.save(), { engines: 'all' });
      assert.deepEqual(await predictByQpu(model, ROWS, { answer: answer(), shots: SHOTS }), expected);
    });
  }

  test('one model per class', async () => {
    const options = {
      model: { qubits: 2, features: 3, layers: 2 },
      dataset: rowsOf(['a', 'b', 'c'], 9),
      oneVsRest: true,
    };
    const training = { batch: BATCH, shots: 40, seed: SEED, engine: 'samples' } as const;
    const simulator = await Trainer.create({ ...options, training });
    const caller = await Trainer.create({ ...options, training: { ...training, answerer: 'caller' } });
    const answer = qpu(predicted(2));
    assert.deepEqual(
      await predictByQpu(caller, ROWS, { answer, shots: SHOTS }),
      simulator.predict(ROWS, { shots: SHOTS }),
    );
  });

  test('a processor that fails leaves the trainer as it was', async () => {
    const trainer = await trainerOf('all-z', { answerer: 'caller' });
    const options = { shots: SHOTS, answer: qpu(() => [], { attempts: 1 }) };
    await assert.rejects(predictByQpu(trainer, ROWS, options), { code: 'ERR_QPU_COUNTS' });
    const signal = AbortSignal.abort(new Error('enough'));
    await assert.rejects(predictByQpu(trainer, ROWS, { ...options, signal }), /^Error: enough$/);
    for await (const _ of trainer.fit({ answer: qpu((question) => simulated(question)) }));
    assert.equal(trainer.trace, (await trained((question) => simulated(question))).trace);
  });

  test('not while the trainer is in a step, which goes on', async () => {
    const trainer = await trainerOf('all-z', { answerer: 'caller' });
    let refused = 0;
    const answer = qpu(async (question) => {
      if (question.evaluation === 2) {
        const predicting = predictByQpu(trainer, ROWS, { answer: qpu(() => []), shots: SHOTS });
        await assert.rejects(predicting, { code: 'ERR_CORE_BUSY' });
        refused += 1;
      }
      return simulated(question);
    });
    for await (const _ of trainer.fit({ answer }));
    assert.equal(trainer.steps, 3);
    assert.equal(refused, 9);
  });

  test('what is refused', async () => {
    const answer = qpu(() => assert.fail('asked'));
    const trainer = await trainerOf('all-z', { answerer: 'caller' });
    for (const shots of [0, 1.5, -1, 2 ** 20 + 1, Number.NaN]) {
      await assert.rejects(predictByQpu(trainer, ROWS, { answer, shots }), { code: 'ERR_OPTION_VALUE' });
    }
    const refused = { code: 'ERR_OPTION_COMBINATION', option: 'answerer' };
    await assert.rejects(predictByQpu(await trainerOf('all-z'), ROWS, { answer, shots: 1 }), refused);
    const small = await loadModel(trainer.save());
    await assert.rejects(predictByQpu(small, ROWS, { answer, shots: 1 }), refused);
    for (const [row, code] of [
      [[1, 2], 'ERR_DATA_FEATURES'],
      [[1, 2, Number.NaN], 'ERR_DATA_FINITE'],
      [[0, 0, 0], 'ERR_CORE_BAD_SAMPLE'],
    ] as const) {
      await assert.rejects(predictByQpu(trainer, [row], { answer, shots: 1 }), { code });
    }
    assert.deepEqual(await predictByQpu(trainer, [], { answer, shots: 1 }), []);
    const dataset = { ...RAW, targets: Float64Array.from(RAW.labels, (label, i) => label + i) };
    const numbers = {
      task: 'regression',
      model: { qubits: 2, features: 3 },
      training: { steps: 1 },
    } as const;
    await assert.rejects(
      predictByQpu(await Trainer.create({ ...numbers, dataset }), ROWS, { answer, shots: 1 }),
      { code: 'ERR_OPTION_COMBINATION', option: 'task', message: /predicts numbers/ },
    );
  });
});
