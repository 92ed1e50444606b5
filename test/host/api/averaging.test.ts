/** Averaged parameters and Spall's gains in the library: who sees them, and what they are refused with. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { EarlyStopping } from '../../../host/early-stopping.ts';
import { loadModel, plan, Trainer, type TrainingOptions } from '../../../host/index.ts';
import { finish, MODEL, rowsOf, trainerOf } from '../../support/host-data.ts';
import { assertAllClose, assertSameBits } from '../../support/close.ts';

const ROWS = rowsOf(['no', 'yes']);
const TRAINING: TrainingOptions = { steps: 12, batch: 4, rate: 0.2 };

/** The mean of the parameters behind the steps from `first` on, of a training that averages nothing. */
async function meanFrom(first: number): Promise<number[]> {
  const trainer = await trainerOf(TRAINING);
  const sums = Array.from(trainer.parameters, () => 0);
  for await (const { step } of trainer.fit())
    if (step > first) trainer.parameters.forEach((value, i) => (sums[i] += value));
  return sums.map((sum) => sum / (12 - first));
}

describe('the average of the parameters', () => {
  for (const [averagedShare, first] of [
    [1, 0],
    [0.25, 9],
  ] as const) {
    test(`over a share of ${averagedShare} predicts, is saved and is what losses are of`, async () => {
      const trainer = await finish(await trainerOf({ ...TRAINING, averagedShare }));
      const mean = await meanFrom(first);
      assertAllClose(trainer.answering[0], mean, 1e-12, 'average');
      const plain = await finish(await trainerOf(TRAINING));
      assertSameBits(trainer.parameters, plain.parameters, 'parameters');
      const other = await trainerOf(TRAINING);
      other.parameters.set(trainer.answering[0]);
      assert.equal(trainer.trainingLoss(), other.trainingLoss());
      assert.equal(trainer.evaluate(ROWS).loss, other.evaluate(ROWS).loss);
      assert.notEqual(trainer.trainingLoss(), plain.trainingLoss());
      const model = await loadModel(trainer.save());
      assertSameBits(model.parameters, trainer.answering[0], 'file');
      assert.equal(model.evaluate(ROWS).accuracy, trainer.evaluate(ROWS).accuracy);
    });
  }

  test('is what parameters are that nobody averages, and before there is anything to average', async () => {
    const plain = await finish(await trainerOf(TRAINING));
    assertSameBits(plain.answering[0], plain.parameters, 'plain');
    const late = await finish(await trainerOf({ ...TRAINING, averagedShare: 0.5 }), 6);
    assertSameBits(late.answering[0], late.parameters, 'not yet');
  });

  test('goes through a checkpoint', async () => {
    const training = { ...TRAINING, averagedShare: 0.7 };
    const whole = await finish(await trainerOf(training));
    const first = await finish(await trainerOf(training), 7);
    const second = await Trainer.resume(first.checkpoint(), { dataset: ROWS });
    assert.equal(second.training.averagedShare, 0.7);
    await finish(second);
    assertSameBits(second.answering[0], whole.answering[0], 'average');
    assert.equal(second.trainingLoss(), whole.trainingLoss());
  });

  test('early stopping looks at it and puts the best one back', async () => {
    const trainer = await trainerOf({ ...TRAINING, averagedShare: 1 });
    const early = new EarlyStopping(trainer, { dataset: ROWS, every: 3 });
    const seen = new Map<number, number>();
    for await (const { step } of trainer.fit()) {
      const found = early.look();
      if (found) seen.set(step, trainer.evaluate(ROWS).loss);
    }
    assert.equal(seen.size, 4);
    const { best } = early;
    assert.ok(best);
    early.restore();
    assert.equal(best.loss, seen.get(best.step));
    assert.equal(trainer.evaluate(ROWS).loss, best.loss);
  });
});

test("Spall's gains are a schedule, and two-point has a displacement of its own", async () => {
  const training: TrainingOptions = { ...TRAINING, gradient: 'two-point', schedule: 'spall', rule: 'sgd' };
  const trainer = await finish(await trainerOf({ ...training, displacement: 0.3 }), 3);
  // A is a tenth of 12 steps.
  assert.ok(Math.abs((trainer.report?.rate ?? 0) - 0.2 * (2.2 / 4.2) ** 0.602) < 1e-12);
  const usual = await finish(await trainerOf(training), 3);
  assert.notEqual(usual.trace, trainer.trace);
  const saved = await Trainer.resume(trainer.checkpoint(), { dataset: ROWS });
  assert.equal(saved.training.displacement, 0.3);
});

test('what nothing would read is refused with a sentence', async () => {
  const refused = /displacement is 0.3, but the gradient adjoint .* use two-point/;
  await assert.rejects(trainerOf({ ...TRAINING, displacement: 0.3 }), refused);
  await assert.rejects(plan(MODEL, { displacement: 0.3 }), refused);
  await assert.rejects(
    trainerOf({ averagedShare: 1.5 }),
    /averagedShare is 1.5; expected a number from 0 to 1/,
  );
});
