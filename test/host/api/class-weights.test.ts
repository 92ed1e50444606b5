/** Class weights: what they do to training, where they are kept, and which are refused. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { resolveClassWeights } from '../../../host/api/class-weights.ts';
import { type ClassWeights, type Dataset, loadModel, type LossName, Trainer } from '../../../host/index.ts';
import { finish, rowsOf, withDescription } from '../../support/host-data.ts';

/** Overlapping rows, one in ten of them of the second class. */
const rare: Dataset = (() => {
  const rows = 200;
  const labels = Int32Array.from({ length: rows }, (_, i) => Number(i % 10 === 0));
  const features = Float64Array.from({ length: 3 * rows }, (_, k) => {
    const [i, column] = [Math.floor(k / 3), k % 3];
    return (column === labels[i] ? 1.2 : 0.6) + 0.5 * Math.sin(12.9898 * (k + 1));
  });
  return { features, rows, columns: 3, labels, classes: ['common', 'rare'], name: 'rare' };
})();

const trainerOf = (classWeights: ClassWeights | undefined, options = {}, dataset = rare) =>
  Trainer.create({
    model: { qubits: 2, features: 3, layers: 2, ...options },
    training: { steps: 80 },
    ...{ dataset, classWeights },
  });

describe('class weights', () => {
  test('balanced, the rare class is found more often', async () => {
    const [plain, balanced] = [await trainerOf(undefined), await trainerOf('balanced')];
    const recalls = [plain, balanced].map(async (trainer) => {
      const { classes } = (await finish(trainer)).evaluate(rare);
      return classes[1].recall as number;
    });
    const [before, after] = await Promise.all(recalls);
    assert(after > before + 0.3, `${before} without weights, ${after} with them`);
    assert.deepEqual(balanced.classWeights, [200 / (2 * 180), 5]);
    assert.equal(plain.classWeights, undefined);
  });

  test('of 1 give the bits of none', async () => {
    const [plain, ones] = [await trainerOf(undefined), await trainerOf({ common: 1, rare: 1 })];
    assert.equal((await finish(ones)).trace, (await finish(plain)).trace);
    const [left, right] = [ones.evaluate(rare), plain.evaluate(rare)];
    assert(Math.abs(left.loss - right.loss) < 1e-12);
    assert.deepEqual({ ...left, loss: 0 }, { ...right, loss: 0 });
  });

  test('are scaled to a mean of 1 over the rows, and left alone when they are', () => {
    const weights = resolveClassWeights({ rare: 8 }, rare);
    assert(Math.abs(weights[1] / weights[0] - 8) < 1e-12);
    assert(Math.abs(0.9 * weights[0] + 0.1 * weights[1] - 1) < 1e-12);
    assert.deepEqual(resolveClassWeights(weights, rare), weights);
  });

  for (const oneVsRest of [false, true]) {
    test(`a run that was resumed has the bits of one that was not${oneVsRest ? ', one model a class' : ''}`, async () => {
      const dataset = { ...rowsOf(['a', 'b', 'c'], 30), name: 'three' };
      const options = {
        ...{
          model: { qubits: 2, features: 3, layers: 2 },
          training: { steps: 20, batch: 8 },
          dataset,
          oneVsRest,
        },
        classWeights: { a: 3, c: 0.7 },
      };
      const whole = await finish(await Trainer.create(options));
      const half = await finish(await Trainer.create(options), 9);
      const resumed = await finish(await Trainer.resume(half.checkpoint(), { dataset }));
      assert.equal(resumed.trace, whole.trace);
      assert.deepEqual(resumed.classWeights, whole.classWeights);
      const [{ loss }, model] = [whole.evaluate(dataset), await loadModel(whole.save())];
      assert(
        Math.abs(model.evaluate(dataset).loss - loss) < 1e-12,
        'a loaded model has the same weighted loss',
      );
      assert(Math.abs(whole.trainingLoss() - loss) < 1e-12);
    });
  }

  const shapes = [
    ...(['bce', 'mse', 'hinge'] as LossName[]).flatMap((loss) =>
      (['linear', 'none'] as const).map((head) => ({ loss, head })),
    ),
  ];
  for (const shape of shapes) {
    test(`the loss of ${shape.loss} with head ${shape.head} is the core's, weight by weight`, async () => {
      const [plain, ones] = [await trainerOf(undefined, shape), await trainerOf([1, 1], shape)];
      assert(Math.abs(plain.evaluate(rare).loss - ones.evaluate(rare).loss) < 1e-12);
      const model = { qubits: 2, features: 3, layers: 2, ...shape };
      const training = { steps: 1, batch: rare.rows };
      const weighted = await Trainer.create({ model, training, dataset: rare, classWeights: 'balanced' });
      const { loss } = weighted.evaluate(rare);
      await finish(weighted);
      assert(
        Math.abs((weighted.report?.loss as number) - loss) < 1e-12,
        'the first mini-batch has every row',
      );
    });
  }

  test('count where it is measured whether a step goes uphill', async () => {
    const trainer = await Trainer.create({
      model: { qubits: 2, features: 3, layers: 2 },
      ...{ training: { steps: 3, rule: 'nlr', batch: 16 }, dataset: rare, classWeights: 'balanced' },
    });
    let before = Float64Array.from(trainer.parameters);
    for await (const { ascent } of trainer.fit({ ascent: true })) {
      const { gradient, parameters } = trainer;
      const product = Array.from(gradient).reduce((sum, g, i) => sum + g * (parameters[i] - before[i]), 0);
      assert(Math.abs((ascent?.product as number) - product) < 1e-12);
      before = Float64Array.from(parameters);
    }
  });

  test('what is no weight is refused', async () => {
    const refused = (given: unknown, message: RegExp) =>
      assert.rejects(trainerOf(given as ClassWeights), { code: 'ERR_OPTION_VALUE', message });
    await refused({ seldom: 2 }, /^classWeights names "seldom"; the classes are "common", "rare"$/);
    await refused({ rare: 0 }, /^classWeights is 0; expected a number from/);
    await refused({ rare: Number.NaN }, /^classWeights is NaN/);
    await refused([1], /a number for each of the 2 classes$/);
    await refused('even', /expected 'balanced'/);
  });

  test('a file with other weights than it could have is refused', async () => {
    const file = (await finish(await trainerOf('balanced'))).save();
    for (const classWeights of [[1], [1, -1], [1, null], 'balanced', [1, 1e300]]) {
      const changed = withDescription(file, (description) => ({ ...description, classWeights }));
      await assert.rejects(loadModel(changed), { code: 'ERR_FORMAT_CONFIGURATION' });
    }
    const without = withDescription(file, ({ classWeights: _, ...rest }) => rest);
    await assert.rejects(loadModel(without), { code: 'ERR_FORMAT_CONFIGURATION' });
  });
});
