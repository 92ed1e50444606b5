/** Training that is stopped, gone on with, and asked for twice at once. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Trainer } from '../../../host/index.ts';
import { finish, rowsOf, TRAINING, trainerOf } from '../../support/host-data.ts';

const dataset = rowsOf(['a', 'b', 'c']);

/** Aborts a run at one of its looks at the signal; the promise must reject with that. */
async function abortAt(trainer: Trainer, look: number): Promise<void> {
  const reason = new Error('stop');
  let looks = 0;
  const signal = {
    throwIfAborted: () => {
      if (++looks === look) throw reason;
    },
  } as AbortSignal;
  await assert.rejects(async () => {
    for await (const _ of trainer.fit({ signal, slice: 1 }));
  }, reason);
}

describe('a run that is aborted', () => {
  test('between two models of a round goes on to the bits of one that is not', async () => {
    const whole = await finish(await trainerOf(TRAINING, true));
    for (const look of [2, 3, 5]) {
      const trainer = await trainerOf(TRAINING, true);
      await abortAt(trainer, look);
      await finish(trainer);
      assert.equal(trainer.steps, 6);
      assert.equal(trainer.trace, whole.trace, `aborted at look ${look}`);
      assert.deepEqual(trainer.report, whole.report);
    }
  });

  test('counts the steps that every model has, and so does its checkpoint', async () => {
    const whole = await finish(await trainerOf(TRAINING, true));
    const trainer = await finish(await trainerOf(TRAINING, true), 2);
    let looks = 0;
    // The first model's step is done as soon as the second one begins.
    const signal = { throwIfAborted: () => assert(++looks < 2) } as unknown as AbortSignal;
    await assert.rejects(async () => {
      for await (const _ of trainer.fit({ signal, slice: 1e9 }));
    });
    assert.equal(trainer.steps, 2);
    const resumed = await Trainer.resume(trainer.checkpoint(), { dataset });
    assert.deepEqual([resumed.steps, resumed.report?.step], [2, 2]);
    assert.equal((await finish(resumed)).trace, whole.trace);
  });

  test('within a step can be saved, checkpointed and asked', async () => {
    const whole = await finish(await trainerOf());
    const trainer = await finish(await trainerOf(), 2);
    const before = trainer.predict([[1, 2, 3]]);
    await abortAt(trainer, 3);
    assert.equal(trainer.steps, 2);
    assert.deepEqual(trainer.predict([[1, 2, 3]]), before);
    trainer.save();
    const resumed = await Trainer.resume(trainer.checkpoint(), { dataset: rowsOf(['no', 'yes']) });
    assert.equal((await finish(resumed)).trace, whole.trace);
    assert.equal((await finish(trainer)).trace, whole.trace);
  });
});

describe('fit', () => {
  test('is refused while another one is in a step', async () => {
    const whole = await finish(await trainerOf());
    const trainer = await trainerOf();
    const stepping = trainer.fit({ slice: 1 }).next();
    const refused = { name: 'CoreError', code: 'ERR_CORE_BUSY', message: 'fit is already running' };
    await assert.rejects(trainer.fit().next(), refused);
    assert.throws(() => trainer.save(), { code: 'ERR_CORE_BUSY' });
    await stepping;
    assert.equal((await finish(trainer)).trace, whole.trace);
  });

  test('may be left after any step, by whatever way, and called again', async () => {
    const whole = await finish(await trainerOf());
    const trainer = await trainerOf();
    for await (const { step } of trainer.fit()) if (step === 2) break;
    await trainer.fit().next();
    assert.equal((await finish(trainer)).trace, whole.trace);
  });
});
