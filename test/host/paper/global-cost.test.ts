/** The global cost over clients: one of them alone is a training, and several are what their mean says. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { gaussians } from '../../../host/data/sets/gaussians.ts';
import { type Dataset } from '../../../host/data/dataset.ts';
import { Trainer, type ModelOptions, type TrainingOptions } from '../../../host/index.ts';
import { GlobalTraining } from '../../../host/paper/global-cost.ts';
import { assertClose, assertSameBits } from '../../support/close.ts';

const MODEL: ModelOptions = {
  qubits: 3,
  features: 8,
  layers: 2,
  observable: 'z0',
  head: 'none',
  loss: 'mse',
};
const data = gaussians({ rows: 60, dimensions: 8, seed: 3 });

/** Rows of a data set from one to another. */
function part(dataset: Dataset, from: number, to: number): Dataset {
  const { columns } = dataset;
  return {
    ...dataset,
    rows: to - from,
    features: dataset.features.slice(from * columns, to * columns),
    labels: dataset.labels.slice(from, to),
  };
}

const EXACT: TrainingOptions = {
  rule: 'nlr',
  steps: 25,
  batch: 8,
  rate: 0.8,
  negativeRate: 1.1,
  schedule: 'constant',
  seed: 5,
};

describe('one client', () => {
  for (const [name, more] of Object.entries<TrainingOptions>({
    exact: { rate: 4, negativeRate: 5 },
    'with shots': { shots: 50 },
    'displaced circuits with fewer': { shots: 60, displacedShots: 20 },
    'every engine, columns': { shots: 40, engine: 'columns' },
    'without a test': { rule: 'sgd', shots: 30 },
  })) {
    test(`is a training, bit for bit: ${name}`, async () => {
      const training = { ...EXACT, engine: 'samples', ...more } as const;
      const [single, all] = [
        await Trainer.create({ model: MODEL, dataset: data.train, training }),
        await GlobalTraining.create({ model: MODEL, clients: [data.train], training }),
      ];
      let reversals = 0;
      for await (const report of single.fit()) {
        const { step, loss, tentativeLoss, reversed } = await all.step();
        reversals += Number(reversed);
        assert.deepEqual(
          { step, loss, tentativeLoss, reversals },
          {
            step: report.step,
            loss: report.loss,
            tentativeLoss: report.tentativeLoss,
            reversals: report.reversals,
          },
        );
        assertSameBits(all.parameters, single.parameters, `step ${step}`);
        const { evaluations, shots } = report;
        assert.deepEqual(all.spent, { evaluations, shots });
      }
      assert.equal(all.cost, single.trainingLoss());
      // Both branches of the decision were taken.
      if (training.rule === 'nlr') assert.ok(reversals > 0 && reversals < 25, `${reversals} reversals`);
    });
  }
});

describe('several clients', () => {
  const clients = [part(data.train, 0, 10), part(data.train, 10, 48)];
  // Batches of all rows: the order of the rows does not matter.
  const training = { ...EXACT, batch: 48 } as const;

  test('have the cost of all their rows, and step by the mean of what they measure', async () => {
    const whole = await Trainer.create({ model: MODEL, dataset: data.train, training });
    const all = await GlobalTraining.create({ model: MODEL, clients, training });
    assertSameBits(all.parameters, whole.parameters, 'start');
    for await (const report of whole.fit()) {
      const { loss, tentativeLoss, reversed } = await all.step();
      assertClose(loss, report.loss, 1e-12, 'loss');
      assertClose(tentativeLoss as number, report.tentativeLoss as number, 1e-12, 'tentative loss');
      assert.equal(reversed, report.decision === 'reversed');
      assertClose(all.cost, whole.trainingLoss(), 1e-9, 'cost');
    }
  });

  test('may not have a head, another rule or another schedule', async () => {
    for (const [model, more, message] of [
      [{ ...MODEL, head: 'linear' }, {}, /head/],
      [MODEL, { rule: 'adam' }, /rule|nlr or sgd/],
      [MODEL, { schedule: 'cosine' }, /constant rate/],
    ] as const)
      await assert.rejects(
        GlobalTraining.create({ model, clients, training: { ...training, ...more } }),
        message,
      );
  });
});
