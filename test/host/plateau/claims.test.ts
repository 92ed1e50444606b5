/** Bounds of a loss's gradient: no training exceeds them, and circuits that reach them are there. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { angleEncoding, type Circuit, type StepReport, Trainer } from '../../../host/index.ts';
import { judgeClaim } from '../../../host/plateau/claims.ts';

const LOSSES = ['squared', 'entropy', 'cost', 'sigmoid', 'softmax', 'squared head'] as const;
const judged = (loss: number, gradient: number, parameters: number, samples = 32) => {
  const verdicts = judgeClaim({ loss, gradient, parameters, outputs: 2, samples });
  return Object.fromEntries(LOSSES.map((name, i) => [name, verdicts[i]]));
};
/** Makes one step. */
async function oneStep(trainer: Trainer): Promise<StepReport> {
  for await (const report of trainer.fit()) return report;
  throw new Error('the training is at its end');
}

const norm = (values: Iterable<number>) => Math.hypot(...values);

/** One qubit, one parameter: f = cos(theta), or with more of them cos(sum). */
const turns = (count: number): Circuit =>
  Array.from({ length: count }, (_, parameter) => ({ gate: 'rx', qubits: [0], angle: { parameter } }));

const rows = Array.from({ length: 12 }, (_, i) => [0.7 * Math.sin(i), Math.cos(2 * i)]);
const dataset = {
  features: Float64Array.from(rows.flat()),
  ...{
    rows: 12,
    columns: 2,
    labels: Int32Array.from(rows, (_, i) => i % 2),
    classes: ['a', 'b'],
    name: 'rows',
  },
};

describe('the largest gradient', () => {
  test('is reached where every gate turns the same way', async () => {
    for (const [parameters, angle] of [
      [1, 1.2],
      [1, 1.6],
      [4, 1.4],
    ]) {
      const model = {
        qubits: 1,
        features: 1,
        encoding: 'angle',
        circuit: turns(parameters),
        observable: 'z0',
      } as const;
      for (const [loss, name] of [
        ['mse', 'squared'],
        ['bce', 'entropy'],
      ] as const) {
        const trainer = await Trainer.create({
          model: { ...model, head: 'none', loss },
          training: { rule: 'sgd', batch: 1, steps: 1 },
          dataset: {
            features: new Float64Array(2),
            ...{ rows: 2, columns: 1, labels: Int32Array.of(0, 1), classes: ['a', 'b'], name: 'two' },
          },
        });
        trainer.parameters.fill(angle / parameters);
        const report = await oneStep(trainer);
        const found = norm(trainer.gradient);
        const { bound } = judged(report.loss, found, parameters, 1)[name];
        // The bare cross-entropy is smoothed, which takes a little away.
        const least = name === 'entropy' ? 0.98 : 1 - 1e-6;
        assert.ok(
          bound !== null && found / bound > least && found / bound < 1 + 1e-6,
          `${name} ${angle}: ${found}, ${bound}`,
        );
      }
    }
  });

  test('is that of no training of this library', async () => {
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      for (const [head, loss, name] of [
        ['none', 'mse', 'squared'],
        ['none', 'bce', 'entropy'],
        ['linear', 'bce', 'sigmoid'],
        ['linear', 'mse', 'squared head'],
      ] as const) {
        const circuit: Circuit = [
          ...angleEncoding(2, 2),
          ...([0, 1, 0, 1] as const).map((qubit, parameter) => ({
            ...{ gate: parameter < 2 ? 'rx' : 'ry', qubits: [qubit], angle: { parameter } },
          })),
          { gate: 'cnot', qubits: [0, 1] },
          { gate: 'ry', qubits: [1], angle: { parameter: 4 } },
        ] as Circuit;
        const observable = head === 'none' ? 'z0' : 'all-z';
        const trainer = await Trainer.create({
          model: { qubits: 2, features: 2, encoding: 'angle', circuit, observable, head, loss },
          training: { rule: 'sgd', batch: 12, steps: 30, rate: 0.2, seed },
          dataset,
        });
        for (let i = 0; i < 30; i++) {
          const weights = [...trainer.parameters.slice(5, 7)].reduce((sum, each) => sum + Math.abs(each), 0);
          const report = await oneStep(trainer);
          const verdict = judged(report.loss, norm(trainer.gradient), 5, 12)[name];
          if (head === 'none') assert.ok(verdict.possible, `${name}, step ${i}: ${JSON.stringify(verdict)}`);
          else
            assert.ok((verdict.weights ?? 0) <= weights + 1e-9, `${name}: ${verdict.weights} and ${weights}`);
        }
      }
    }
  });

  test('of a cross-entropy grows with the samples that share a loss', () => {
    const bounds = [1, 2, 8, 64].map((samples) => judged(3, 1, 4, samples).entropy.bound ?? 0);
    for (const [i, bound] of bounds.entries()) if (i > 0) assert.ok(bound > bounds[i - 1], `${bounds}`);
    assert.ok(Math.abs(bounds[0] - 2 * Math.sqrt(Math.expm1(3))) < 1e-9);
  });
});

describe('the paper', () => {
  test('prints a gradient that no loss has without a head of thousands', () => {
    const found = judged(1.55e-4, 6.38, 90);
    for (const name of ['squared', 'entropy', 'cost'] as const)
      assert.equal(found[name].possible, false, name);
    assert.ok((found.squared.bound ?? 9) < 0.04);
    assert.ok((found.cost.bound ?? 9) < 0.17);
    assert.equal(found.sigmoid.possible, null);
    assert.ok((found.sigmoid.weights ?? 0) > 4000);
  });

  test('would be right at another loss', () => {
    assert.equal(judged(0.5, 6.38, 90).squared.possible, true);
    assert.equal(judged(0, 0, 90).sigmoid.possible, true);
    assert.equal(judged(0, 1, 90).sigmoid.possible, false);
    assert.equal(judged(5, 0.1, 90).squared.possible, false);
  });
});

describe('what is no claim', () => {
  for (const claim of [
    { loss: -1, gradient: 1, parameters: 1 },
    { loss: 1, gradient: Number.NaN, parameters: 1 },
    { loss: 1, gradient: 1, parameters: 0 },
    { loss: 1, gradient: 1, parameters: 1.5 },
    { loss: 1, gradient: 1, parameters: 1, samples: 0 },
  ])
    test(JSON.stringify(claim), () => {
      assert.throws(() => judgeClaim(claim), { name: 'OptionError' });
      for (const none of [undefined, null, 'loss=1'])
        assert.throws(() => judgeClaim(none as never), { name: 'OptionError' });
    });
});
