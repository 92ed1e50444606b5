/** Numbers to predict: trained, measured, saved, resumed, and kept apart from classes. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadModel } from '../../../host/api/model.ts';
import { Trainer, type TrainerOptions } from '../../../host/api/trainer.ts';
import { DataError, FormatError, OptionError } from '../../../host/core/errors.ts';
import type { Dataset } from '../../../host/data/dataset.ts';
import { fitPipeline } from '../../../host/data/fit.ts';
import { HostRandom } from '../../../host/data/philox.ts';
import { trainTestSplit } from '../../../host/data/split.ts';
import { packContainer, unpackContainer } from '../../../host/files/container.ts';
import { trainAll } from '../../../host/parallel/index.ts';
import { assertAllClose } from '../../support/close.ts';

const near = (found: number[], expected: number[], tolerance: number) =>
  assertAllClose(found, expected, tolerance, 'found');

/** Prices that follow two of three columns. */
function prices(rows: number): Dataset {
  const random = new HostRandom(5);
  const draw = () => random.below(2001) / 1000 - 1;
  const features = Float64Array.from({ length: 3 * rows }, draw);
  const targets = Float64Array.from(
    { length: rows },
    (_, i) => 1000 + 300 * features[3 * i] - 200 * features[3 * i + 1] + 20 * draw(),
  );
  const columnNames = ['size', 'age', 'luck'];
  return {
    features,
    rows,
    columns: 3,
    labels: new Int32Array(rows).fill(-1),
    classes: [],
    targets,
    name: 'prices',
    columnNames,
  };
}

const { train, test: held } = trainTestSplit(prices(200), { testFraction: 0.25, seed: 1 });
const { pipeline } = fitPipeline(train, [{ kind: 'standardise' }, { kind: 'constant', ratio: 1 }]);
const options: TrainerOptions = {
  task: 'regression',
  model: { qubits: 3, features: 4, layers: 3 },
  training: { steps: 300, seed: 2 },
  dataset: train,
  pipeline,
};

async function trained(more: Partial<TrainerOptions> = {}): Promise<Trainer> {
  const trainer = await Trainer.create({ ...options, ...more });
  for await (const _ of trainer.fit());
  return trainer;
}

describe('regression', () => {
  test('learns numbers in their own units, and says how well', async () => {
    const trainer = await trained();
    const found = trainer.evaluateValues(held);
    assert(found.r2 !== null && found.r2 > 0.9, `R2 ${found.r2}`);
    const values = trainer.predictValues(held);
    const errors = [...values].map((value, i) => value - (held.targets as Float64Array)[i]);
    const rmse = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length);
    near([found.rmse], [rmse], 1e-9);
    near([found.mae], [errors.reduce((sum, error) => sum + Math.abs(error), 0) / errors.length], 1e-9);
    const { mean, scale } = trainer.target as { mean: number; scale: number };
    const all = train.targets as Float64Array;
    near([mean], [all.reduce((sum, value) => sum + value, 0) / all.length], 1e-9);
    near([scale ** 2], [all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length], 1e-6);
    near([found.loss], [(rmse / scale) ** 2], 1e-12);
    near([trainer.trainingLoss()], [trainer.evaluateValues(train).loss], 1e-12);
    const others = { ...held, targets: held.targets?.map((value) => 2 * value) };
    assert.deepEqual(trainer.predictValues(others), values, 'targets are not looked at');
  });

  test('does not depend on the units of the target, with shots and by every rule', async () => {
    for (const training of [{ steps: 20 }, { steps: 5, shots: 50, rule: 'nlr' as const }]) {
      const plain = await trained({ training });
      const targets = train.targets?.map((value) => 1e6 + 4 * value);
      const other = await trained({ training, dataset: { ...train, targets } });
      const before = plain.predictValues(held);
      const after = other.predictValues(held);
      before.forEach((value, i) => assert(Math.abs(after[i] - (1e6 + 4 * value)) < 1e-3));
    }
  });

  test('is saved with what the numbers are, and resumed to the same bits', async () => {
    const whole = await trained();
    const part = await Trainer.create(options);
    for await (const _ of part.fit({ until: 100 }));
    const rest = await Trainer.resume(part.checkpoint(), { dataset: train });
    for await (const _ of rest.fit());
    assert.equal(rest.trace, whole.trace);
    const loaded = await loadModel(rest.save());
    assert.deepEqual([loaded.target, loaded.classes], [whole.target, []]);
    const values = loaded.predictValues(held);
    whole.predictValues(held).forEach((value, i) => assert(Math.abs(value - values[i]) < 1e-9));
    const swapped: Dataset = {
      ...held,
      columnNames: ['luck', 'size', 'age'],
      features: held.features.map((_, at) => held.features[3 * Math.floor(at / 3) + [2, 0, 1][at % 3]]),
    };
    assert.deepEqual(loaded.predictValues(swapped), values);
    // By a power of two, which standardises to the same bits.
    for (const change of [(value: number) => value + 1, (value: number) => 1024 * value]) {
      const changed = { ...train, targets: train.targets?.map(change) };
      await assert.rejects(Trainer.resume(part.checkpoint(), { dataset: changed }), {
        code: 'ERR_FORMAT_CONFIGURATION',
        message: /other training data/,
      });
    }
  });

  test('R2 of targets that are all the same is none, whatever their mean is rounded to', async () => {
    const trainer = await trained({ training: { steps: 1 } });
    for (const value of [0.1, 0.3, 1.1, 7.7, -0, 1e300]) {
      const found = trainer.evaluateValues({ ...held, targets: new Float64Array(held.rows).fill(value) });
      assert.equal(found.r2, null, `all ${value}`);
    }
    const close = Float64Array.from({ length: held.rows }, (_, i) => (i % 2) * 1e-200);
    assert.equal(trainer.evaluateValues({ ...held, targets: close }).r2, null);
  });

  test('the moments of the data set give the same loss', async () => {
    const trainer = await Trainer.create({
      ...options,
      training: { steps: 3, moments: true, engine: 'columns' },
    });
    for await (const _ of trainer.fit());
    near([trainer.trainingLoss()], [trainer.evaluateValues(train).loss], 1e-9);
  });

  test('classes and numbers are not taken for one another', async () => {
    const trainer = await trained({ training: { steps: 1 } });
    const labelled = {
      ...train,
      labels: Int32Array.from(train.labels, (_, i) => i % 2),
      classes: ['a', 'b'],
    };
    const { task: _, ...classes } = { ...options, dataset: labelled };
    const classifier = await Trainer.create(classes);
    for (const wrong of [
      () => trainer.predict(held),
      () => trainer.evaluate(labelled),
      () => classifier.predictValues(held),
      () => classifier.evaluateValues(held),
    ]) {
      assert.throws(wrong, (error) => error instanceof OptionError && error.option === 'task');
    }
    const { targets: __, ...bare } = train;
    assert.throws(() => trainer.evaluateValues(bare), DataError);
    const refused = (more: Partial<TrainerOptions>, says: RegExp) =>
      assert.rejects(Trainer.create({ ...options, ...more }), says);
    await refused({ dataset: bare }, /no targets/);
    await refused(
      { dataset: { ...train, targets: train.targets?.fill(4, 0, 0).map((v, i) => (i === 3 ? NaN : v)) } },
      /row 4 has the target NaN/,
    );
    await refused(
      { dataset: { ...train, targets: new Float64Array(train.rows).fill(7) } },
      /every row has the target 7/,
    );
    await refused(
      { dataset: { ...train, targets: new Float64Array(3) } },
      /3 targets do not go with 150 rows/,
    );
    await refused({ oneVsRest: true }, /oneVsRest is for classes/);
    await refused({ classWeights: 'balanced' }, /classWeights is for classes/);
    await refused({ model: { ...options.model, loss: 'bce' } }, /needs the linear head and the loss mse/);
    await refused({ model: { ...options.model, head: 'none', loss: 'mse' } }, /needs the linear head/);
    await refused(
      { training: { steps: 1, shots: 10, answerer: 'caller' } },
      /numbers cannot be predicted by a quantum processor/,
    );
    await refused({ task: 'ranking' as 'regression' }, /task is "ranking"; expected one of/);
    const { wasm: ___, ...run } = options;
    const [outcome] = await trainAll([run]);
    assert.match(
      `${outcome?.status === 'rejected' && outcome.reason}`,
      /numbers are predicted by one Trainer/,
    );
  });

  test('a file that lies about its target is refused', async () => {
    const trainer = await trained({ training: { steps: 1 } });
    const { images, description } = unpackContainer(trainer.save(), 'm') as {
      images: Uint8Array[];
      description: Record<string, unknown>;
    };
    for (const lie of [
      { target: { mean: 0, scale: 0 } },
      { target: { mean: 0, scale: -1 } },
      { target: { mean: '0', scale: 1 } },
      { target: { mean: 0, scale: 1, more: 1 } },
      { target: undefined, classes: ['a', 'b'] },
      { classes: ['a', 'b'] },
      { classWeights: [] },
      { model: { ...(description.model as object), loss: 'bce' } },
    ]) {
      const bytes = packContainer({ images, description: { ...description, ...lie } as never });
      await assert.rejects(loadModel(bytes), FormatError, JSON.stringify(lie));
    }
  });
});
