/** Training that is stopped, gone on with, and asked for twice at once. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Core, StepReport } from '../../../host/index.ts';
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
  test('before it begins rejects, whether a step is left or not', async () => {
    const trainer = await trainerOf();
    for (const steps of [0, trainer.training.steps]) {
      await finish(trainer, steps);
      await abortAt(trainer, 1);
      assert.equal(trainer.steps, steps);
    }
  });

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

  test('makes nobody wait for a step that is done', async () => {
    const trainer = await trainerOf();
    const steps = trainer.fit();
    // What is queued first comes first: the report is there before the next in the queue.
    const order: string[] = [];
    const first = steps.next().then(() => order.push('report'));
    const second = Promise.resolve().then(() => order.push('other'));
    await Promise.all([first, second]);
    assert.deepEqual(order, ['report', 'other']);
    assert.equal(trainer.steps, 1);
  });

  test('goes on in memory that has grown', async () => {
    const whole = await finish(await trainerOf(TRAINING, true));
    const trainer = await trainerOf(TRAINING, true);
    const { models } = trainer as unknown as { models: { core: Core }[] };
    const grow = ({ core }: { core: Core }) => (core.abi.memory as WebAssembly.Memory).grow(1);
    for await (const { step } of trainer.fit()) if (step === 3) grow(models[1]);
    assert.equal(trainer.trace, whole.trace);
    assert.deepEqual(trainer.report, whole.report);
    models.forEach(grow);
    assert.deepEqual(trainer.predict([[1, 2, 3]]), whole.predict([[1, 2, 3]]));
  });
});

describe('a report', () => {
  test('is plain data of its own step, whenever and however it is read', async () => {
    const trainer = await trainerOf({ ...TRAINING, rule: 'nlr' });
    const reports: StepReport[] = [];
    const texts: string[] = [];
    for await (const report of trainer.fit()) {
      reports.push(report);
      texts.push(JSON.stringify(report));
      assert.equal(trainer.report, report);
    }
    assert.deepEqual(
      reports.map((report) => JSON.stringify({ ...report })),
      texts,
    );
    assert.deepEqual(
      reports.map(({ step }) => step),
      [1, 2, 3, 4, 5, 6],
    );
    const fields =
      'step loss tentativeLoss lossChange lossChangeError decision gradientNorm violationRate reversals evaluations shots rate meanRate alarm';
    for (const report of reports) {
      assert.deepEqual(Object.keys(report), fields.split(' '));
      assert.deepEqual(structuredClone(report), report);
    }
  });
});
