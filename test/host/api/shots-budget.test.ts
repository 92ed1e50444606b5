/** A hard budget of shots: how far it takes a training, and what it is not taken for. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { MAX_COUNT } from '../../../assembly/abi/codes.ts';
import { RULES as RULE_ROWS } from '../../../assembly/abi/rules.table.ts';
import { plan, resolveTraining, type RuleName, Trainer, type TrainingOptions } from '../../../host/index.ts';
import { finish, MODEL, rowsOf, trainerOf } from '../../support/host-data.ts';
import { moduleUrl } from '../../support/core-harness.ts';

const SHOTS: TrainingOptions = { shots: 10, batch: 4 };

/** Rules whose steps all take as many shots, of any model. */
const RULES = RULE_ROWS.filter((row) => !('displacing' in row)).map(({ word }): RuleName => word);

/** Shots of a step. */
const costOf = async (training: TrainingOptions) => (await plan(MODEL, training)).shotsPerStep;

describe('a budget of shots', () => {
  for (const rule of RULES) {
    test(`${rule}: takes the training as far as it lasts, and never further`, async () => {
      const training = { ...SHOTS, rule };
      const step = await costOf(training);
      for (const [shotsBudget, steps] of [
        [step, 1],
        [4 * step - 1, 3],
        [4 * step, 4],
      ] as const) {
        const trainer = await trainerOf({ ...training, shotsBudget });
        assert.equal(trainer.training.steps, steps);
        assert.equal(trainer.finished, false);
        // Whoever asks for more gets no more either.
        await finish(trainer, 100);
        const spent = trainer.report?.shots ?? 0;
        if (rule === 'armijo') {
          // It tries until a step will do: most take less than the dearest, so that the budget pays for more.
          assert.ok(trainer.steps >= steps && spent <= shotsBudget, `${trainer.steps} steps, ${spent} shots`);
          assert.ok(spent + step > shotsBudget, `${spent} shots of ${shotsBudget}`);
        } else {
          assert.equal(trainer.steps, steps);
          assert.equal(spent, steps * step);
        }
        assert.equal(trainer.finished, true);
      }
    });
  }

  for (const method of [
    { rule: 'gcans', rate: 1, shots: 10 },
    { blocks: 5, shots: 10 },
  ] as const) {
    test(`${JSON.stringify(method)}: steps that take different numbers end with the budget, and are paid one by one`, async () => {
      const shotsBudget = 12_000;
      const trainer = await trainerOf({ ...method, batch: 4, shotsBudget });
      const taken = new Set<number>();
      let before = 0;
      for await (const { shots } of trainer.fit()) {
        taken.add(shots - before);
        before = shots;
      }
      assert.equal(trainer.finished, true);
      assert.ok(
        before <= shotsBudget && before + Math.max(...taken) > shotsBudget,
        `${before} of ${shotsBudget}`,
      );
      assert.ok(taken.size > 1 || 'blocks' in method, `${[...taken]}`);
      const part = await finish(await trainerOf({ ...method, batch: 4, shotsBudget }), 3);
      const resumed = await Trainer.resume(part.checkpoint(), { dataset: rowsOf(['no', 'yes']) });
      await finish(resumed);
      assert.equal(resumed.trace, trainer.trace);
    });
  }

  test('counts displaced circuits at their own shots', async () => {
    const training = { ...SHOTS, displacedShots: 1 };
    const step = await costOf(training);
    const trainer = await finish(await trainerOf({ ...training, shotsBudget: 3 * step }));
    assert.equal(trainer.steps, 3);
    assert.equal(trainer.report?.shots, 3 * step);
  });

  test('lets no more steps be made than were asked for', async () => {
    const step = await costOf(SHOTS);
    const trainer = await finish(await trainerOf({ ...SHOTS, steps: 2, shotsBudget: 9 * step }));
    assert.equal(trainer.steps, 2);
    assert.equal(trainer.finished, true);
  });

  test('without a number of steps, is what the training is long', () => {
    assert.equal(resolveTraining({ ...SHOTS, shotsBudget: 1000 }).steps, MAX_COUNT);
    assert.equal(resolveTraining({ ...SHOTS, shotsBudget: 'none' }).steps, 500);
    assert.equal(resolveTraining({ ...SHOTS, shotsBudget: 1000, steps: 7 }).steps, 7);
  });

  test('decides the rates: a part of it is the same part of the schedule', async () => {
    const step = await costOf(SHOTS);
    const rates: number[] = [];
    const trainer = await trainerOf({ ...SHOTS, rate: 0.1, schedule: 'linear', shotsBudget: 4 * step });
    for await (const { rate } of trainer.fit()) rates.push(rate);
    assert.deepEqual(rates, [0.1, 0.1 * 0.75, 0.05, 0.1 * 0.25]);
    // Nothing but the length of the schedule depends on it.
    const stepped = await finish(await trainerOf({ ...SHOTS, rate: 0.1, schedule: 'linear', steps: 4 }));
    assert.equal(trainer.trace, stepped.trace);
  });

  test('says how many shots frugal gives a sample of its pool, and its rate', () => {
    const of = (shotsBudget: number | 'none', more: object = {}) => {
      const { shots, displacedShots, rate } = resolveTraining({ rule: 'frugal', shotsBudget, ...more });
      return [shots, displacedShots, Number((rate as number).toPrecision(4))];
    };
    assert.deepEqual(of('none', { shots: 32 }), [32, 1, 0.05]);
    assert.deepEqual(of(1e4), [32, 1, 0.05]);
    assert.deepEqual(of(3e5), [32, 1, 0.05]);
    // 32 sqrt(10), 32 sqrt(100); between 3e6 and 3e7 the rate falls by its logarithm.
    assert.deepEqual(of(3e6), [101, 1, 0.05]);
    assert.deepEqual(of(9486833), [180, 1, 0.03162]);
    assert.deepEqual(of(3e7), [320, 1, 0.02]);
    assert.deepEqual(of(1e9), [320, 1, 0.02]);
    assert.deepEqual(of(3e7, { shots: 40, rate: 0.1 }), [40, 1, 0.1]);
    assert.equal(of(3e7, { rule: 'adam', shots: 5 })[0], 5);
  });

  test('is shared by the models of one model a class', async () => {
    const step = 3 * (await costOf(SHOTS));
    const shotsBudget = 3 * step + 2;
    const options = { ...SHOTS, schedule: 'linear', shotsBudget } as const;
    const trainer = await finish(await trainerOf(options, true));
    assert.equal(trainer.steps, 3);
    assert.equal(trainer.report?.shots, 3 * step);
    const few = { ...SHOTS, shotsBudget: step - 1 };
    const message = `shotsBudget is ${step - 1}, but a single step of 3 models takes ${step} shots; expected at least as many`;
    const refusal = { code: 'ERR_OPTION_VALUE', option: 'shotsBudget', message };
    await assert.rejects(trainerOf(few, true), refusal);
    assert.deepEqual((await plan(MODEL, few, { models: 3 })).warnings, [message]);
  });

  test('a step that one model has made already is not paid for twice', async () => {
    const step = 3 * (await costOf(SHOTS));
    const options = { ...SHOTS, shotsBudget: 2 * step };
    const trainer = await trainerOf(options, true);
    const abort = new AbortController();
    let looks = 0;
    // Aborts behind the first model's last step.
    const signal = {
      throwIfAborted() {
        looks += 1;
        if (looks === 5) abort.abort();
        abort.signal.throwIfAborted();
      },
    } as AbortSignal;
    await assert.rejects(async () => {
      for await (const _ of trainer.fit({ signal }));
    });
    assert.equal(trainer.steps, 1);
    await finish(trainer);
    assert.equal(trainer.steps, 2);
    assert.equal(trainer.report?.shots, 2 * step);
  });

  test('goes on from a checkpoint where it was, and ends at the same step', async () => {
    const nlr = { ...SHOTS, rule: 'nlr' } as const;
    const step = await costOf(nlr);
    const options = { ...nlr, shotsBudget: 5 * step };
    const whole = await finish(await trainerOf(options));
    const part = await finish(await trainerOf(options), 2);
    const resumed = await Trainer.resume(part.checkpoint(), { dataset: rowsOf(['no', 'yes']) });
    assert.equal(resumed.training.shotsBudget, 5 * step);
    assert.equal(resumed.training.steps, 5);
    await finish(resumed);
    assert.equal(resumed.trace, whole.trace);
    assert.equal(resumed.report?.shots, 5 * step);
    const over = await Trainer.resume(resumed.checkpoint(), { dataset: rowsOf(['no', 'yes']) });
    assert.equal(over.finished, true);
  });

  test('is known to modules that do not count shots ahead', async () => {
    const step = await costOf(SHOTS);
    const wasm = await readFile(moduleUrl('device'));
    const training = { ...SHOTS, shotsBudget: 3 * step };
    const make = () => Trainer.create({ model: MODEL, training, dataset: rowsOf(['no', 'yes']), wasm });
    const trainer = await finish(await make());
    assert.equal(trainer.report?.shots, 3 * step);
    assert.equal(trainer.trace, (await finish(await trainerOf(training))).trace);
  });

  test('that is smaller than a step is refused with both numbers', async () => {
    const step = await costOf(SHOTS);
    await assert.rejects(trainerOf({ ...SHOTS, shotsBudget: step - 1 }), {
      code: 'ERR_OPTION_VALUE',
      option: 'shotsBudget',
      message: `shotsBudget is ${step - 1}, but a single step takes ${step} shots; expected at least as many`,
    });
  });

  test('is refused where nothing takes shots, and as anything but a whole number', () => {
    assert.throws(() => resolveTraining({ shotsBudget: 1000 }), {
      code: 'ERR_OPTION_COMBINATION',
      option: 'shotsBudget',
      message: "shotsBudget is 1000, but exact expectations take no shots; give shots, or leave it 'none'",
    });
    for (const shotsBudget of [0, 1.5, -1, Number.NaN, 2 ** 53, '3e6' as unknown as number]) {
      assert.throws(() => resolveTraining({ ...SHOTS, shotsBudget }), {
        code: 'ERR_OPTION_VALUE',
        option: 'shotsBudget',
      });
    }
  });

  test('is planned: as many steps as it pays for', async () => {
    const step = await costOf(SHOTS);
    const paid = async (more: TrainingOptions) => (await plan(MODEL, { ...SHOTS, ...more })).stepsPaid;
    assert.equal(await paid({}), null);
    assert.equal(await paid({ shotsBudget: 7 * step + 1 }), 7);
    assert.equal(await paid({ shotsBudget: 7 * step, steps: 3 }), 3);
    assert.equal(await paid({ shotsBudget: 1 }), 0);
  });
});
