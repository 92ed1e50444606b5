/** Predicting and evaluating: of a trainer and of a loaded model alike. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import {
  type Classifier,
  loadModel,
  type ModelOptions,
  OptionError,
  plan,
  Trainer,
} from '../../../host/index.ts';
import { finish, rowsOf, trainerOf } from '../../support/host-data.ts';

const data = rowsOf(['no', 'yes']);
const classifiers: [string, Classifier][] = [];

before(async () => {
  const trainer = await finish(await trainerOf());
  classifiers.push(['trainer', trainer], ['model', await loadModel(trainer.save())]);
});

/** Runs a test on both. */
function onBoth(title: string, check: (classifier: Classifier) => void): void {
  test(title, () => {
    for (const [, classifier] of classifiers) check(classifier);
  });
}

describe('rows of another width', () => {
  const narrow = { ...data, columns: 2, features: data.features.subarray(0, 2 * data.rows) };
  const message = /^rows(\.csv)?: the data has 2 features after preprocessing; the model takes 3$/;
  const refused = { name: 'DataError', code: 'ERR_DATA_FEATURES', message };

  onBoth('are refused, not filled up from the rows before them', (classifier) => {
    classifier.predict([[1, 2, 3]]);
    assert.throws(() => classifier.predict([[1, 2]]), refused);
    assert.throws(() => classifier.predict(narrow), refused);
    assert.throws(() => classifier.evaluate(narrow), refused);
    assert.throws(() => classifier.predict([[1, 2, 3, 4]]), { code: 'ERR_DATA_FEATURES' });
  });

  test('are refused as a training set', async () => {
    const model = { qubits: 2, features: 3 };
    await assert.rejects(Trainer.create({ model, dataset: narrow }), { code: 'ERR_DATA_FEATURES' });
  });

  onBoth('a data set that contradicts itself is not padded with zeros', (classifier) => {
    const short = { ...data, features: data.features.subarray(3) };
    assert.throws(() => classifier.predict(short), { code: 'ERR_DATA_ROWS' });
  });
});

describe('labels', () => {
  onBoth('count by their names, in whatever order a data set has them', (classifier) => {
    const expected = classifier.evaluate(data);
    const classes = ['maybe', 'yes', 'no'];
    const labels = data.labels.map((label) => 2 - label);
    assert.deepEqual(classifier.evaluate({ ...data, labels, classes }), expected);
    assert(expected.accuracy > 0.5);
  });

  onBoth('of no class of the model, or none at all, are refused', (classifier) => {
    const code = 'ERR_DATA_LABEL';
    assert.throws(() => classifier.evaluate({ ...data, classes: ['no', 'nay'] }), {
      code,
      message: 'rows.csv: row 2 has the label "nay", none of the classes "no", "yes"',
    });
    const labels = data.labels.map((label, i) => (i === 4 ? -1 : label));
    assert.throws(() => classifier.evaluate({ ...data, labels }), {
      code,
      message: 'rows.csv: row 5 has no label',
    });
    assert.throws(() => classifier.evaluate({ ...data, classes: [] }), { code });
  });

  onBoth('are not looked at by predict, which takes arrays or a data set', (classifier) => {
    const rows = Array.from({ length: data.rows }, (_, i) => data.features.subarray(3 * i, 3 * i + 3));
    const expected = classifier.predict(rows);
    const labels = data.labels.map(() => 99);
    assert.deepEqual(classifier.predict({ ...data, labels, classes: [] }), expected);
    assert.deepEqual(classifier.classes, ['no', 'yes']);
    for (const { label, name } of expected) assert.equal(name, classifier.classes[label]);
  });
});

onBoth('shots are checked', (classifier) => {
  const message = /^shots is 0; expected a whole number from 1 to/;
  assert.throws(() => classifier.predict([[1, 2, 3]], { shots: 0 }), { name: 'OptionError', message });
});

onBoth('as many rows as a data set may have are predicted', (classifier) => {
  // More than a call takes as arguments.
  const rows = Array.from({ length: 200_000 }, (_, i) => [3, 0.2 + (i % 7), 1]);
  const predictions = classifier.predict(rows);
  assert.equal(predictions.length, rows.length);
  assert.deepEqual(predictions.slice(-7), classifier.predict(rows.slice(-7)));
});

test('one model per class may be given the number of classes, by any loss and head', async () => {
  const dataset = rowsOf(
    Array.from({ length: 70 }, (_, i) => `c${i}`),
    70,
  );
  const training = { steps: 1, batch: 1 };
  for (const more of [{}, { loss: 'mse' }, { head: 'none' }] as const) {
    const model = { qubits: 2, features: 3, layers: 1, ...more };
    const trainer = await Trainer.create({
      ...{ model: { ...model, classes: 70 }, training, dataset, oneVsRest: true },
    });
    const bare = await Trainer.create({ model, training, dataset, oneVsRest: true });
    assert.deepEqual(trainer.model, bare.model);
  }
  for (const classes of [3, 69, 257, '2']) {
    const model = { qubits: 2, features: 3, classes: classes as number };
    await assert.rejects(Trainer.create({ model, training, dataset, oneVsRest: true }), {
      option: 'classes',
    });
  }
  for (const model of [undefined, null, 'text', []] as unknown[] as ModelOptions[])
    await assert.rejects(Trainer.create({ model, dataset, oneVsRest: true }), OptionError);
});

test('one model per class takes a stated number of classes, and says so before any work', async () => {
  const many = rowsOf(
    Array.from({ length: 2000 }, (_, i) => `c${i}`),
    2000,
  );
  const model = { qubits: 2, features: 3, layers: 1 };
  await assert.rejects(Trainer.create({ model, dataset: many, oneVsRest: true }), {
    code: 'ERR_OPTION_COMBINATION',
    option: 'oneVsRest',
    message: /takes 256 classes at most, but the data has 2000/,
  });
  await assert.rejects(plan(model, {}, { models: 2000 }), { option: 'models' });
  const most = rowsOf(
    Array.from({ length: 256 }, (_, i) => `c${i}`),
    256,
  );
  const training = { steps: 1, batch: 1 };
  const trainer = await finish(await Trainer.create({ model, training, dataset: most, oneVsRest: true }));
  const loaded = await loadModel(trainer.save());
  assert.equal(loaded.classes.length, 256);
  assert.equal(loaded.predict([[1, 2, 3]])[0].scores.length, 256);
});
