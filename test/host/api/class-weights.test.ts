/** Class weights: what they do to training, where they are kept, and which are refused. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { resolveClassWeights } from '../../../host/api/class-weights.ts';
import { type ClassWeights, type Dataset, loadModel, type LossName, Trainer } from '../../../host/index.ts';
import { Report } from '../../../assembly/abi/codes.ts';
import { subset } from '../../../host/data/dataset.ts';
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

/** The rows of a class. */
const rowsOfClass = (label: number) => [...rare.labels.keys()].filter((i) => rare.labels[i] === label);
const onlyClass = (label: number) => subset(rare, rowsOfClass(label));

/** The loss of one row: of rows of one class alone no weight matters. */
const lossAt = (trainer: Trainer, dataset: Dataset, i: number) => trainer.evaluate(subset(dataset, [i])).loss;

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
    assert.deepEqual(left, right, 'the core says both losses');
  });

  test('are scaled to a mean of 1 over the rows', () => {
    const weights = resolveClassWeights({ rare: 8 }, rare);
    assert(Math.abs(weights[1] / weights[0] - 8) < 1e-12);
    assert(Math.abs(0.9 * weights[0] + 0.1 * weights[1] - 1) < 1e-12);
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

  const extremes: Readonly<Record<string, ClassWeights>> = {
    'as far apart as they may be': { common: 1e-6, rare: 1e6 },
    'far apart, the common class the heavier': { common: 1e6, rare: 1e-6 },
    'beyond the range of given ones when they are scaled': { common: 0.1, rare: 1e-6 },
    'of a class without rows': { common: 1e-6, rare: 1e-6, nobody: 1e6 },
    balanced: 'balanced',
  };
  for (const [what, classWeights] of Object.entries(extremes)) {
    test(`${what}, are resumed to the same bits`, async () => {
      const third = typeof classWeights === 'object' && 'nobody' in classWeights;
      const dataset = third ? { ...rare, classes: ['common', 'rare', 'nobody'] } : rare;
      const trainer = await finish(await trainerOf(classWeights, {}, dataset), 3);
      const resumed = await Trainer.resume(trainer.checkpoint(), { dataset });
      assert.deepEqual(resumed.classWeights, trainer.classWeights);
      assert.equal((await finish(resumed, 6)).trace, (await finish(trainer, 6)).trace);
      assert.deepEqual((await loadModel(trainer.save())).description.classWeights, trainer.classWeights);
    });
  }

  test('the loss of an evaluation is a weighted mean, whatever the mix of classes', async () => {
    const trainer = await finish(await trainerOf('balanced'), 5);
    const [common, seldom] = trainer.classWeights as readonly number[];
    const ofClass = (label: number) => trainer.evaluate(onlyClass(label)).loss;
    const half = subset(rare, [...rowsOfClass(0).slice(0, 20), ...rowsOfClass(1)]);
    const mean = (dataset: Dataset, weigh: (label: number) => number) => {
      const total = [...dataset.labels].reduce((sum, label) => sum + weigh(label), 0);
      const losses = [...dataset.labels].map((label, i) => weigh(label) * lossAt(trainer, dataset, i));
      return losses.reduce((sum, loss) => sum + loss, 0) / total;
    };
    const weigh = (label: number) => (label === 0 ? common : seldom);
    const loaded = await loadModel(trainer.save());
    for (const dataset of [half, rare]) {
      const expected = mean(dataset, weigh);
      assert(Math.abs(trainer.evaluate(dataset).loss - expected) < 1e-12);
      assert(Math.abs(loaded.evaluate(dataset).loss - expected) < 1e-12, 'in a core that only predicts');
    }
    const plain = mean(onlyClass(1), () => 1);
    assert(Math.abs(ofClass(1) - plain) < 1e-12, 'of one class its mean, however heavy it is');
  });

  test("the losses of a trainer are the core's to the bit", async () => {
    for (const loss of ['bce', 'hinge', 'mse'] as const) {
      const model = { qubits: 2, features: 3, layers: 2, loss };
      const training = { steps: 1, batch: rare.rows };
      const trainer = await Trainer.create({ model, training, dataset: rare, classWeights: 'balanced' });
      const before = trainer.trainingLoss();
      await finish(trainer);
      // A sum in the order of the rows, as a step draws them.
      const drawn = trainer.report?.loss as number;
      assert(Math.abs(before - drawn) <= 4 * Number.EPSILON * drawn * rare.rows);
      const { core } = trainer['models'][0];
      const { abi } = core;
      trainer.evaluate(rare);
      const evaluated = core.doubles(abi.report_ptr(), Report.EvaluatedLoss + 1)[Report.EvaluatedLoss];
      assert.equal(trainer.trainingLoss(), (rare.rows * evaluated) / rare.rows);
    }
  });

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
