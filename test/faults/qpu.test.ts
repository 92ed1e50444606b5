/** Trainings by a quantum processor: bad answers, late ones, none, and calls that are given up. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { NlrError } from '../../host/index.ts';
import { type Counts, QpuError, qpu, type QpuOptions, type Run } from '../../host/qpu/index.ts';
import * as oracle from '../support/oracle/index.ts';
import { assertUndisturbed, builtIn, SEED, simulated, trained, trainerOf } from '../support/qpu-trainings.ts';

/** Fails once with a run, and says how; then goes on with right answers. */
async function failing(run: Run, options?: QpuOptions): Promise<QpuError> {
  const trainer = await trainerOf('all-z', { answerer: 'caller' });
  let calls = 0;
  const before = [...trainer.parameters];
  const late: Run = (question, signal) => (calls++ < 9 ? simulated(question) : run(question, signal));
  const error = await (async () => {
    for await (const _ of trainer.fit({ answer: qpu(late, options) }));
  })().then(
    () => assert.fail('it trained'),
    (reason) => reason,
  );
  assert.ok(error instanceof QpuError && error instanceof NlrError);
  assert.equal(error.question.step, 1);
  assert.equal(calls, 9 + error.attempts);
  assert.deepEqual([...trainer.parameters], before);
  assert.equal(trainer.steps, 0);
  for await (const _ of trainer.fit({ answer: qpu((question) => simulated(question)) }));
  assert.equal(trainer.trace, (await builtIn()).trace, 'the step goes on as if nothing had been');
  return error;
}

describe('qpu: bad answers', () => {
  const bad: [string, unknown, RegExp][] = [
    ['too few', [[0, 39]], /the counts sum to 39; expected the 40 shots/],
    [
      'too many',
      [
        [0, 40],
        [1, 1],
      ],
      /the counts sum to 41; expected the 40 shots/,
    ],
    ['none', [], /the counts sum to 0;/],
    ['more than all', { '00': 41 }, /the count of outcome "00" is 41; expected a whole number from 0 to 40/],
    [
      'negative',
      [
        [0, 41 - 1],
        [1, -1],
        [2, 1],
      ],
      /the count of outcome 1 is -1; expected a whole number from 0/,
    ],
    [
      'fractional',
      [
        [0, 20.5],
        [1, 19.5],
      ],
      /the count of outcome 0 is 20.5;/,
    ],
    ['text for a count', [[0, '40']], /the count of outcome 0 is "40";/],
    ['not a number', [[0, Number.NaN]], /the count of outcome 0 is NaN;/],
    [
      'no such outcome',
      [[4, 40]],
      /there is no outcome 4; expected a mask from 0 to 3 or a text of 2 characters/,
    ],
    ['negative outcome', [[-1, 40]], /there is no outcome -1;/],
    ['fractional outcome', [[0.5, 40]], /there is no outcome 0.5;/],
    ['text too long', { '000': 40 }, /there is no outcome "000";/],
    ['no bits', { '0x': 40 }, /there is no outcome "0x";/],
    ['nothing', undefined, /the answer is undefined; expected counts of outcomes/],
    ['null', null, /the answer is null;/],
    ['a number', 40, /the answer is 40;/],
    ['no pairs', [40], /the answer has an entry 40; expected pairs/],
  ];
  for (const [name, counts, message] of bad) {
    test(name, async () => {
      const error = await failing(() => counts as Counts);
      assert.equal(error.code as string, 'ERR_QPU_COUNTS');
      assert.match(error.message, message);
      assert.match(error.message, /^step 1, sample \d, evaluation \d+: .* \(after 3 attempts\)$/);
    });
  }

  test('an error', async () => {
    const cause = new Error('the fridge is warm');
    const rejected = await failing(() => Promise.reject(cause), { attempts: 1 });
    const thrown = await failing(() => {
      throw cause;
    });
    for (const error of [rejected, thrown]) {
      assert.equal(error.code as string, 'ERR_QPU_FAILED');
      assert.match(error.message, /: the fridge is warm \(after (1 attempt|3 attempts)\)$/);
      assert.equal(error.cause, cause);
    }
    assert.deepEqual([rejected.attempts, thrown.attempts], [1, 3]);
  });

  test('silence', async () => {
    const signals: AbortSignal[] = [];
    const error = await failing(
      (_, signal) => {
        signals.push(signal);
        return new Promise(() => {});
      },
      { timeout: 5, attempts: 2 },
    );
    assert.equal(error.code as string, 'ERR_QPU_TIMEOUT');
    assert.match(error.message, /no answer within 5 ms \(after 2 attempts\)/);
    assert.deepEqual(
      signals.map(({ aborted }) => aborted),
      [true, true],
    );
  });
});

describe('qpu: now and then', () => {
  test('bad answers and errors leave no trace', async () => {
    const rng = oracle.seededRng(SEED);
    let disturbed = 0;
    await assertUndisturbed(
      async (question) => {
        const fault = oracle.randomInteger(rng, 4);
        disturbed += Number(fault < 3);
        if (fault === 0) throw new Error('no');
        if (fault === 1) return new Map([[0, question.shots - 1]]);
        return fault === 2 ? { '11': -1 } : simulated(question);
      },
      { attempts: 100 },
    );
    assert.ok(disturbed > 200, `${disturbed} disturbances`);
  });

  test('late answers of attempts that were given up go nowhere', async () => {
    const late: Promise<unknown>[] = [];
    let calls = 0;
    const trainer = await trained(
      (question, signal) => {
        const call = ++calls;
        if (call % 9 !== 4) return simulated(question);
        const answer = (async () => {
          await once(signal, 'abort');
          for (let turns = call % 5; turns > 0; turns--) await turn();
          // Right in form, wrong in content.
          if (call % 2 === 1) return new Map([[3, question.shots]]);
          throw new Error('too late');
        })();
        late.push(answer.catch(() => {}));
        return answer;
      },
      { timeout: 5, attempts: 2 },
    );
    await Promise.all(late);
    assert.ok(late.length > 10);
    assert.equal(trainer.trace, (await builtIn()).trace);
  });
});

describe('qpu: cancelled', () => {
  test("by fit's signal, while it waits, and trained on", async () => {
    const trainer = await trainerOf('all-z', { answerer: 'caller' });
    const controller = new AbortController();
    const reason = new Error('enough');
    let told: (counts: Counts) => void = () => {};
    let inner: AbortSignal | undefined;
    let calls = 0;
    const run: Run = (question, signal) => {
      if (++calls < 7) return simulated(question);
      inner = signal;
      setImmediate(() => controller.abort(reason));
      return new Promise<Counts>((resolve) => {
        told = resolve;
      });
    };
    await assert.rejects(async () => {
      for await (const _ of trainer.fit({ answer: qpu(run), signal: controller.signal }));
    }, reason);
    assert.equal(inner?.reason, reason);
    assert.equal(calls, 7, 'what was cancelled is not asked again');
    // The answer comes in the middle of the next try.
    let asked = 0;
    const again: Run = async (question) => {
      if (++asked === 3) {
        told(new Map([[3, 40]]));
        await turn();
      }
      return simulated(question);
    };
    for await (const _ of trainer.fit({ answer: qpu(again) }));
    assert.equal(trainer.trace, (await builtIn()).trace);
  });

  test('before it is asked anything', async () => {
    const trainer = await trainerOf('all-z', { answerer: 'caller' });
    const run = () => assert.fail('asked');
    await assert.rejects(
      trainer.fit({ answer: qpu(run), signal: AbortSignal.abort(new Error('no')) }).next(),
      /^Error: no$/,
    );
  });
});
