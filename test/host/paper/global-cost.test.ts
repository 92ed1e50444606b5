/** The global cost over clients: one of them alone is a training, and several are what their mean says. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { gaussians } from '../../../host/data/sets/gaussians.ts';
import { type Dataset } from '../../../host/data/dataset.ts';
import { type OptionError, Trainer, type ModelOptions, type TrainingOptions } from '../../../host/index.ts';
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
    for (const [model, more, message, field] of [
      [{ ...MODEL, head: 'linear' }, {}, 'clients train a model without a head', 'head'],
      [MODEL, { rule: 'adam' }, 'clients train by nlr or sgd', 'rule'],
      [MODEL, { schedule: 'cosine' }, 'clients train at a constant rate', 'schedule'],
    ] as const)
      await assert.rejects(
        GlobalTraining.create({ model, clients, training: { ...training, ...more } }),
        (error: OptionError) => {
          assert.equal(error.name, 'OptionError');
          assert.ok(error.message.includes(message), error.message);
          assert.equal(error.option, field);
          return true;
        },
      );
  });

  test('train as the paper does where nothing is said', async () => {
    const all = await GlobalTraining.create({ model: MODEL, clients, training: { batch: 8 } });
    assert.deepEqual([all.rate, all.negativeRate, all.steps], [0.01, 0.02, 500]);
    const { tentativeLoss } = await all.step();
    assert.ok(tentativeLoss !== null, 'nlr');
    const twice = await GlobalTraining.create({ model: MODEL, clients, training: { batch: 8, rate: 0.3 } });
    assert.equal(twice.negativeRate, 0.6);
    const sgd = await GlobalTraining.create({ model: MODEL, clients, training: { batch: 8, rule: 'sgd' } });
    const { tentativeLoss: none, reversed } = await sgd.step();
    assert.deepEqual([none, reversed], [null, false]);
  });

  test('count their steps, and have spent nothing before the first', async () => {
    const all = await GlobalTraining.create({ model: MODEL, clients, training: { ...training, steps: 2 } });
    assert.deepEqual(all.spent, { evaluations: 0, shots: 0 });
    assert.deepEqual([(await all.step()).step, (await all.step()).step], [1, 2]);
  });

  test('draw from seeds that follow one another', async () => {
    const shots = { ...training, shots: 20, steps: 3 } as const;
    const same = [part(data.train, 0, 24), part(data.train, 0, 24)];
    const all = await GlobalTraining.create({ model: MODEL, clients: same, training: shots });
    const singles = await Promise.all(
      [5, 6].map((seed) => Trainer.create({ model: MODEL, dataset: same[0], training: { ...shots, seed } })),
    );
    for (const single of singles) single.parameters.set(all.parameters);
    const { loss } = await all.step();
    const losses: number[] = [];
    for (const single of singles)
      for await (const report of single.fit({ until: 1 })) losses.push(report.loss);
    assertClose(loss, (losses[0] + losses[1]) / 2, 1e-12, 'mean loss of both');
    assert.notEqual(losses[0], losses[1]);
  });
});
