/** Cells trained in this process: the looks at a training, and what is made of them. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CoreError, OptionError, type StepReport, Trainer } from '../../../host/index.ts';
import type { Cell } from '../../../host/study/cell.ts';
import { failureFrom } from '../../../host/study/result.ts';
import { nameOfCell, Preparations, workOf } from '../../../host/study/run-cells.ts';
import { type CellWork, type Prepared, trainCell } from '../../../host/study/train-cell.ts';
import { assertGolden } from '../../support/golden.ts';

/** Rows of two classes by whole numbers, which every engine has alike. */
function rows(count: number) {
  return {
    features: Float64Array.from({ length: 3 * count }, (_, k) => {
      const [row, column] = [Math.floor(k / 3), k % 3];
      return (row % 2 === column ? 3 : 0.25) + ((k * 7) % 5) / 16;
    }),
    ...{ rows: count, columns: 3, labels: Int32Array.from({ length: count }, (_, i) => i % 2) },
    ...{ classes: ['no', 'yes'], name: 'rows.csv' },
  };
}

const MODEL = { qubits: 2, features: 3, layers: 2 } as const;
const prepared: Prepared = { dataset: rows(12), test: rows(7), model: MODEL };
const work = (change: Partial<CellWork>): CellWork => ({
  ...{ prepared, training: { rule: 'adam', steps: 8, batch: 4, seed: 3 }, looks: 4, ascent: false },
  ...change,
});

/** Six digits of every number; the trace is of all bits, which the training alone is compared with. */
const rounded = (value: object) =>
  JSON.stringify(
    value,
    (name, each) =>
      name === 'trace' ? undefined : typeof each === 'number' ? Number(each.toPrecision(6)) : each,
    1,
  ).replaceAll(/\[[^\][{}]*\]/g, (list) => list.replaceAll(/\s+/g, ' '));

const ascending = {
  training: { rule: 'nlr', steps: 9, batch: 4, shots: 30, seed: 3, rate: 0.1 },
  looks: 6,
  ascent: true,
} as const;
const CASES: Readonly<Record<string, Partial<CellWork>>> = {
  'adam, exact, four looks': { training: { rule: 'adam', steps: 8, batch: 4, shots: 'exact', seed: 3 } },
  'nlr with its ascent': ascending,
  'no look beside the start and the end, no test set': {
    ...{ looks: 0, prepared: { dataset: rows(12), model: MODEL } },
  },
  'a budget that is more than what is spent': {
    training: { rule: 'adam', steps: 8, batch: 4, shots: 10, shotsBudget: 9000, seed: 3 },
  },
  'a loss that falls to less than half, by which both classes are told apart': {
    training: { rule: 'adam', steps: 40, batch: 12, rate: 0.3, shots: 'exact', seed: 3 },
  },
  'numbers to predict': {
    training: { rule: 'sgd', steps: 3, batch: 4, seed: 2 },
    prepared: {
      ...{ model: MODEL, task: 'regression' },
      dataset: { ...rows(12), classes: [], targets: Float64Array.from({ length: 12 }, (_, i) => i % 2) },
      test: { ...rows(7), classes: [], targets: Float64Array.from({ length: 7 }, (_, i) => i % 2) },
    },
  },
};

describe('a cell in this process', () => {
  test('comes to what is kept of it', async () => {
    const texts: string[] = [];
    for (const [what, change] of Object.entries(CASES))
      texts.push(`${what}\n${rounded(await trainCell(work(change)))}\n`);
    assertGolden(new URL('train-cell.txt', import.meta.url), texts.join('\n'));
  });

  test('tells of every step, and has the losses, means and trace of the training alone', async () => {
    const told: [StepReport, number][] = [];
    const result = await trainCell(work(ascending), (...step) => told.push(step));
    const trainer = await Trainer.create({
      ...{ model: MODEL, dataset: prepared.dataset, training: ascending.training },
    });
    const [losses, reports] = [[trainer.trainingLoss()], [] as StepReport[]];
    for await (const report of trainer.fit({ ascent: true })) {
      reports.push(report);
      losses.push(trainer.trainingLoss());
    }
    const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;
    assert.deepEqual(plain(told), plain(reports.map((report) => [report, 9])));
    assert.equal(result.trace, trainer.trace);
    const { curve } = result;
    assert.deepEqual(
      curve.loss,
      curve.step.map((step) => losses[step]),
    );
    assert.deepEqual(
      [result.initialLoss, result.loss, result.best],
      [losses[0], losses[9], Math.min(...curve.loss)],
    );
    const mean = (from: number, to: number, of: (report: StepReport) => number) =>
      reports.slice(from, to).reduce((sum, report) => sum + of(report), 0) / (to - from);
    for (let i = 1; i < curve.step.length; i++) {
      const [from, to] = [curve.step[i - 1], curve.step[i]];
      assert.equal(
        curve.batchLoss[i],
        mean(from, to, ({ loss }) => loss),
      );
      assert.equal(
        curve.gradientNorm[i],
        mean(from, to, ({ gradientNorm }) => gradientNorm.loss),
      );
      for (const name of ['evaluations', 'shots', 'violationRate', 'reversals', 'meanRate'] as const)
        assert.equal(curve[name][i], reports[to - 1][name], name);
    }
    const { ascent } = reports[8];
    assert.deepEqual(result.ascent, {
      ...{ meanProduct: ascent?.meanProduct, ratio: ascent?.ratio },
      ...ascent?.thresholds,
    });
  });

  test('that cannot be is an error, and one that diverges the failure', async () => {
    const wild = { rule: 'sgd', steps: 50, rate: 1000, headRate: 1000, seed: 3 } as const;
    const failed = await trainCell(
      work({ training: wild, prepared: { ...prepared, model: { ...MODEL, loss: 'mse' } } }),
    ).catch(failureFrom);
    assert.deepEqual('code' in failed && failed.code, 'ERR_CORE_DIVERGED');
    assert.match('message' in failed ? failed.message : '', /diverged|finite/);
    await assert.rejects(trainCell(work({ prepared: { ...prepared, model: { ...MODEL, features: 4 } } })), {
      name: 'DataError',
    });
    for (const error of [
      new CoreError(-1, 'another refusal'),
      new OptionError('ERR_OPTION_VALUE', 'rate is -1', 'rate'),
      new Error('ERR_CORE_DIVERGED'),
    ])
      assert.throws(() => failureFrom(error), error);
  });
});

describe('what a cell is trained with', () => {
  const cell: Cell = {
    problem: { name: 'rows' },
    ...{ rule: 'nlr', setting: { steps: 9, rate: 0.1 }, seed: 3, looks: 6 },
  };

  test('is its setting, its rule and its seed, with options of the model in place of those of its problem', () => {
    assert.deepEqual(workOf(cell, prepared), {
      prepared,
      ...{ training: { rule: 'nlr', steps: 9, rate: 0.1, seed: 3 }, looks: 6, ascent: false },
    });
    const other = workOf({ ...cell, model: { layers: 1 }, ascent: true }, prepared);
    assert.deepEqual(other.prepared, { ...prepared, model: { ...MODEL, layers: 1 } });
    assert.equal(other.ascent, true);
    assert.equal(nameOfCell(cell), 'rows, nlr, seed 3');
  });

  test('is prepared once for cells of one problem and one seed, and forgotten, the oldest first', async () => {
    const asked: string[] = [];
    const preparations = new Preparations(({ name }, seed) => {
      asked.push(`${name} ${seed}`);
      if (name === 'none') throw new Error('no data');
      return prepared;
    }, 2);
    const of = (name: string, seed: number, rule: Cell['rule'] = 'nlr') =>
      preparations.of({ ...cell, problem: { name }, seed, rule });
    assert.equal(await of('a', 1), prepared);
    assert.equal(of('a', 1), of('a', 1, 'adam'));
    await of('a', 2);
    await of('a', 1);
    assert.deepEqual(asked, ['a 1', 'a 2']);
    await of('b', 1);
    await of('a', 2);
    await of('a', 1);
    assert.deepEqual(asked, ['a 1', 'a 2', 'b 1', 'a 1']);
    await assert.rejects(of('none', 1), { message: 'no data' });
  });
});
