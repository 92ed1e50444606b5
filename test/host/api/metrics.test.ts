/** Metrics against what scikit-learn says of the same predictions (metrics-golden.py wrote it down). */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadModel, type Metrics, metrics, type Prediction, Trainer } from '../../../host/index.ts';
import { finish, rowsOf, trainerOf } from '../../support/host-data.ts';
import { predictionOf } from '../../../host/api/prediction.ts';
import golden from './metrics-golden.json' with { type: 'json' };

const close = (found: number | null, expected: number | null, what: string) => {
  if (found === null || expected === null) return assert.equal(found, expected, what);
  assert(
    Math.abs(found - expected) <= 1e-12 * Math.max(1, Math.abs(expected)),
    `${what}: ${found}, not ${expected}`,
  );
};

const names = (count: number) => Array.from({ length: count }, (_, i) => `class ${i}`);
const LOGITS = { head: 'linear', loss: 'bce' } as const;

/** Predictions from scores, as a model with a head makes them. */
const fromScores = (scores: readonly (readonly number[])[], classes: number): Prediction[] =>
  scores.map((each) => predictionOf(each, names(classes), LOGITS, false));

describe('metrics are those of scikit-learn', () => {
  for (const { name, ...expected } of golden.cases) {
    test(name, () => {
      const predictions = fromScores(expected.scores, expected.classes);
      assert.deepEqual(
        predictions.map(({ label }) => label),
        expected.predicted,
      );
      predictions.forEach(({ probabilities }, i) => {
        probabilities.forEach((p, c) =>
          close(p, expected.probabilities[i][c], `probability ${c} of row ${i}`),
        );
      });
      const found = metrics(predictions, expected.labels, names(expected.classes));
      close(found.accuracy, expected.accuracy, 'accuracy');
      close(found.balancedAccuracy, expected.balancedAccuracy, 'balanced accuracy');
      close(found.logLoss, expected.logLoss, 'log loss');
      close(found.auc, expected.auc, 'auc');
      (['precision', 'recall', 'f1'] as const).forEach((key, i) => {
        close(found.macro[key], expected.macro[i], `macro ${key}`);
        found.classes.forEach((each, c) => close(each[key], expected[key][c], `${key} of class ${c}`));
      });
      assert.deepEqual(
        found.classes.map(({ support }) => support),
        expected.support,
      );
      assert.deepEqual(found.confusion, expected.confusion);
      assert.equal(found.rows, expected.labels.length);
    });
  }

  test('of one class no area is defined; what cannot be counted is refused', () => {
    const predictions = fromScores([[1], [-1]], 2);
    assert.equal(metrics(predictions, [1, 1], names(2)).auc, null);
    const refused = (message: RegExp) => ({ code: 'ERR_OPTION_VALUE', message });
    assert.throws(
      () => metrics(predictions, [1], names(2)),
      refused(/^2 predictions do not go with 1 labels/),
    );
    assert.throws(() => metrics([], [], names(2)), refused(/one or more/));
    assert.throws(
      () => metrics(predictions, [0, 2], names(2)),
      refused(/^row 2 has the label 2; expected a class/),
    );
    assert.throws(() => metrics(predictions, [0, 0], names(1)), refused(/^row 1 has the prediction 1/));
  });
});

describe('probabilities', () => {
  const add = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

  test('of a bare expectation are (1 - f)/2 and (1 + f)/2, within 0 and 1', () => {
    const bare = (f: number) =>
      predictionOf([f], names(2), { head: 'none', loss: 'bce' }, false).probabilities;
    assert.deepEqual(bare(0.5), [0.25, 0.75]);
    assert.deepEqual(bare(-1), [1, 0]);
    assert.deepEqual(bare(1.5), [0, 1]);
    const squared = predictionOf([0.5], names(2), { head: 'linear', loss: 'mse' }, false);
    assert.deepEqual(squared.probabilities, [0.25, 0.75]);
  });

  test('of a model a class are its sigmoids over their sum', () => {
    const { label, probabilities } = predictionOf([0, Math.log(3), -800], names(3), LOGITS, true);
    assert.equal(label, 1);
    [0.4, 0.6, 0].forEach((p, c) => close(probabilities[c], p, `class ${c}`));
    const none = predictionOf([-1, -1], names(2), { head: 'none', loss: 'mse' }, true);
    assert.deepEqual(none.probabilities, [0.5, 0.5]);
  });

  test('of large logits are finite', () => {
    assert.deepEqual(predictionOf([800, -800], names(2), LOGITS, false).probabilities, [1, 0]);
    assert.deepEqual(predictionOf([-800], names(2), LOGITS, false).probabilities, [1, 0]);
  });

  test('come with every prediction of a trainer and a model, and add up to 1', async () => {
    const makers = [
      trainerOf(),
      trainerOf(undefined, true),
      Trainer.create({
        model: { qubits: 2, features: 3 },
        training: { steps: 6 },
        dataset: rowsOf(['a', 'b', 'c']),
      }),
    ];
    for (const made of makers) {
      const trainer = await finish(await made);
      const model = await loadModel(trainer.save());
      const rows = rowsOf(trainer.classes);
      const predictions = model.predict(rows);
      // The trainer may run another engine.
      const own = trainer.predict(rows);
      assert.deepEqual(
        predictions.map(({ label }) => label),
        own.map(({ label }) => label),
      );
      for (const { probabilities, label } of predictions) {
        assert.equal(probabilities.length, trainer.classes.length);
        close(add(probabilities), 1, 'sum');
        assert.equal(probabilities.indexOf(Math.max(...probabilities)), label);
      }
      const { loss, ...found } = model.evaluate(rows);
      assert.deepEqual(found, metrics(predictions, rows.labels, trainer.classes) satisfies Metrics);
      if (trainer.model.logits > 0 && !(await made).trace.includes('-'))
        close(found.logLoss, loss, 'log loss');
    }
  });
});
