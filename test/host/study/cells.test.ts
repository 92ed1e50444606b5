/** Cells of a study, as the package has them: their hashes, the bits of their trainings, and what is kept of them. */
import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Cell, CellOutcome, Prepared, Problem } from '../../../host/study/index.ts';
import { MODEL, rowsOf } from '../../support/host-data.ts';

// Threads run the built package, whose classes are not those of the sources.
const dist = new URL('../../../dist/', import.meta.url);
const library = (await import(new URL('index.js', dist).href)) as typeof import('../../../host/index.ts');
const { CellStore, hashOfCell, runCells, runsCsv } = (await import(
  new URL('study.js', dist).href
)) as typeof import('../../../host/study/index.ts');

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nlr-vqa-'));
});
after(() => rm(folder, { recursive: true, force: true }));

const problem: Problem = { name: 'rows', data: { rows: 12 } };
const prepared: Prepared = {
  dataset: rowsOf(['no', 'yes']),
  test: rowsOf(['no', 'yes'], 7),
  model: MODEL,
};
const prepare = () => prepared;
const cell: Cell = {
  ...{ problem, rule: 'nlr', setting: { steps: 9, shots: 30, batch: 4 }, seed: 3, looks: 6, ascent: true },
};

/** Some cells of three rules and some seeds. */
const cells: readonly Cell[] = [1, 2, 3].flatMap((seed) =>
  (['adam', 'nlr', 'frugal'] as const).map((rule): Cell => ({
    ...{ problem, rule, setting: { steps: 7, shots: 20, batch: 4 }, seed, looks: 4 },
    ...(rule === 'nlr' && { ascent: true }),
  })),
);

const lasting = (outcomes: readonly CellOutcome[]) => outcomes.map(({ seconds: _, ...rest }) => rest);

describe('the hash of a cell', () => {
  test('is the same for the same training, whatever its order of fields, its names and the defaults that it names', () => {
    const hash = hashOfCell(cell);
    assert.match(hash, /^[0-9a-f]{64}$/);
    const { problem: _, setting, ...rest } = cell;
    const same: readonly Partial<Cell>[] = [
      { problem: { data: { rows: 12 }, name: 'other name', where: '/elsewhere' } },
      { problem: { ...problem, more: undefined } },
      { setting: { batch: 4, shots: 30, steps: 9 } },
      { setting: { ...setting, negativeRate: 0.06, gradient: 'parameter-shift', beta1: undefined } },
      { model: undefined },
      { model: {} },
    ];
    for (const change of same) assert.equal(hashOfCell({ problem, setting, ...rest, ...change }), hash);
    const budgeted = { shots: 20, displacedShots: 1, shotsBudget: 1000 };
    assert.equal(
      hashOfCell({ ...cell, setting: budgeted }),
      hashOfCell({ ...cell, setting: { ...budgeted, rate: 0.03, schedule: 'cosine' } }),
    );
    assert.equal(hashOfCell({ ...cell, ascent: false }), hashOfCell({ ...cell, ascent: undefined }));
  });

  test('is another one for another training', () => {
    const changes: readonly Partial<Cell>[] = [
      { problem: { ...problem, data: { rows: 13 } } },
      { problem: { ...problem, more: null } },
      { rule: 'sgd' },
      { setting: { ...cell.setting, rate: 0.1 } },
      { setting: { steps: 9, shots: 30 } },
      { model: { layers: 1 } },
      { seed: 4 },
      { looks: 7 },
      { ascent: false },
    ];
    const hashes = changes.map((change) => hashOfCell({ ...cell, ...change }));
    assert.equal(new Set([...hashes, hashOfCell(cell)]).size, changes.length + 1);
  });

  test('there is none of a cell that cannot be', () => {
    const bad: readonly (readonly [object, RegExp])[] = [
      [{ rule: 'none' }, /rule is "none"/],
      [{ setting: { rate: -1 } }, /rate is -1/],
      [{ setting: { speed: 1 } }, /no 'speed'/],
      [{ seed: 0.5 }, /seed is 0.5/],
      [{ looks: -1 }, /looks is -1; expected a whole number/],
    ];
    for (const [change, message] of bad)
      assert.throws(() => hashOfCell({ ...cell, ...change } as Cell), { name: 'OptionError', message });
  });
});

describe('a cell that is run', () => {
  test('has the bits of its training alone, and the looks at it', async () => {
    const [outcome] = await runCells([cell], { prepare });
    assert.ok('result' in outcome);
    const { result } = outcome;
    const { dataset, test: held } = prepared;
    const { rule, seed, setting } = cell;
    const trainer = await library.Trainer.create({
      model: MODEL,
      dataset,
      training: { ...setting, rule, seed },
    });
    const losses = [trainer.trainingLoss()];
    const reports = [];
    for await (const report of trainer.fit({ ascent: true })) {
      losses.push(trainer.trainingLoss());
      reports.push(report);
    }
    assert.equal(result.trace, trainer.trace);
    assert.equal(result.loss, losses.at(-1));
    assert.equal(result.initialLoss, losses[0]);
    assert.ok(held);
    const { loss, accuracy } = trainer.evaluate(held);
    assert.deepEqual([result.lossTest, result.accuracy.test], [loss, accuracy]);
    assert.equal(result.accuracy.train, trainer.evaluate(dataset).accuracy);
    const { curve } = result;
    assert.deepEqual(curve.step.at(-1), 9);
    assert.deepEqual(
      curve.loss,
      curve.step.map((step) => losses[step]),
    );
    assert.equal(result.best, Math.min(...curve.loss));
    const last = reports[8];
    assert.deepEqual(
      [result.steps, result.shots, result.evaluations, result.reversals, result.violationRate],
      [9, last.shots, last.evaluations, last.reversals, last.violationRate],
    );
    assert.deepEqual(result.ascent, {
      meanProduct: last.ascent?.meanProduct,
      ratio: last.ascent?.ratio,
      ...last.ascent?.thresholds,
    });
    // Means between looks add up to the mean of all steps.
    const steps = curve.step.map((step, i) => step - (curve.step[i - 1] ?? 0));
    const total = curve.gradientNorm.reduce<number>((sum, value, i) => sum + (value ?? 0) * steps[i], 0);
    const mean = reports.reduce((sum, { gradientNorm }) => sum + gradientNorm.loss, 0);
    assert.ok(Math.abs(total - mean) < 1e-12);
    for (const name of Object.keys(curve) as (keyof typeof curve)[])
      assert.equal(curve[name].length, curve.step.length);
  });

  test('takes options of the model in place of those of its problem', async () => {
    const [one, other] = await runCells([cell, { ...cell, model: { layers: 1 } }], { prepare, threads: 1 });
    assert.ok('result' in one && 'result' in other);
    assert.ok(other.result.evaluations < one.result.evaluations);
  });

  test('of numbers to predict has losses, and no shares of right answers', async () => {
    const { dataset } = prepared;
    const numeric: Prepared = {
      ...{ model: MODEL, task: 'regression' },
      dataset: { ...dataset, classes: [], targets: Float64Array.from({ length: 12 }, (_, i) => i % 2) },
    };
    const [outcome] = await runCells([cell], { prepare: () => ({ ...numeric, test: numeric.dataset }) });
    assert.ok('result' in outcome);
    assert.deepEqual(outcome.result.accuracy, { train: null, test: null });
    assert.ok(Math.abs((outcome.result.lossTest ?? 0) - outcome.result.loss) < 1e-12);
  });

  test('has the same outcome whatever the number of threads, in the order of the list', async () => {
    const told: number[] = [];
    const onProgress = ({ index, outcome }: { index: number; outcome?: object }) => {
      if (outcome) told.push(index);
    };
    const one = await runCells(cells, { prepare, threads: 1, onProgress });
    const three = await runCells(cells, { prepare, threads: 3 });
    assert.deepEqual(lasting(three), lasting(one));
    assert.deepEqual(
      told,
      cells.map((_, i) => i),
    );
    assert.deepEqual(
      one.map(({ hash }) => hash),
      cells.map(hashOfCell),
    );
    const csv = (outcomes: readonly CellOutcome[]) =>
      runsCsv(cells.map((each, i) => ({ arm: each.rule, cell: each, outcome: outcomes[i] })));
    assert.equal(csv(three), csv(one));
  });

  test('is trained once where the list has it twice', async () => {
    let done = 0;
    const onProgress = ({ outcome }: { outcome?: object }) => {
      done += Number(outcome !== undefined);
    };
    const [one, other] = await runCells([cell, { ...cell, problem: { ...problem, name: 'again' } }], {
      ...{ prepare, onProgress },
    });
    assert.equal(one, other);
    assert.equal(done, 2);
  });

  test('that leaves the finite numbers is a failure, which is kept; what cannot be trained is an error', async () => {
    const wild: Cell = {
      ...cell,
      rule: 'sgd',
      setting: { steps: 50, rate: 1000, headRate: 1000 },
      ascent: false,
    };
    const path = join(folder, 'wild');
    const store = await CellStore.open(path);
    const model = { ...MODEL, loss: 'mse' } as const;
    const [outcome] = await runCells([wild], { prepare: () => ({ ...prepared, model }), store });
    await store.close();
    assert.ok('failure' in outcome, JSON.stringify(outcome));
    assert.equal(outcome.failure.code, 'ERR_CORE_DIVERGED');
    const again = await CellStore.open(path);
    assert.deepEqual(again.get(hashOfCell(wild)), outcome);
    await again.close();
    await assert.rejects(
      runCells([cell], { prepare: () => ({ ...prepared, model: { ...MODEL, features: 4 } }) }),
      { name: 'DataError', message: /^rows, nlr, seed 3: rows.csv: the data has 3 features/ },
    );
    const broken = new Error('no data');
    await assert.rejects(
      runCells([cell], {
        prepare: () => {
          throw broken;
        },
      }),
      { message: 'rows, nlr, seed 3: no data' },
    );
  });
});

describe('a store', () => {
  test('has what was finished when a study is stopped, and nothing is trained twice', async () => {
    const path = join(folder, 'stopped');
    const whole = lasting(await runCells(cells, { prepare, threads: 2 }));
    const stop = new AbortController();
    const store = await CellStore.open(path);
    let finished = 0;
    await assert.rejects(
      runCells(cells, {
        ...{ prepare, store, threads: 1, signal: stop.signal },
        onProgress: ({ outcome }) => {
          if (outcome && ++finished === 4) stop.abort(new Error('enough'));
        },
      }),
      /enough/,
    );
    await store.close();
    const kept = (await readFile(join(path, 'cells.jsonl'), 'utf8')).split('\n').length - 1;
    assert.ok(kept >= 4 && kept < cells.length, `${kept} lines`);
    const again = await CellStore.open(path);
    assert.equal(again.size, kept);
    const trained: number[] = [];
    const outcomes = await runCells(cells, {
      ...{ prepare, store: again, threads: 2 },
      onProgress: ({ index, outcome, step }) => {
        if (outcome && step === 1 && index >= kept) trained.push(index);
      },
    });
    await again.close();
    assert.deepEqual(lasting(outcomes), whole);
    assert.equal(trained.length, cells.length - kept);
    const asked: string[] = [];
    const third = await CellStore.open(path);
    const noMore = (of: Problem) => {
      asked.push(of.name);
      return prepared;
    };
    assert.deepEqual(lasting(await runCells(cells, { prepare: noMore, store: third })), whole);
    assert.deepEqual(asked, []);
    await third.close();
  });

  test('drops a last line that was cut off, and refuses a damaged one by its number', async () => {
    const path = join(folder, 'damaged');
    const file = join(path, 'cells.jsonl');
    const store = await CellStore.open(path);
    await runCells(cells.slice(0, 3), { prepare, store });
    await store.close();
    const good = await readFile(file, 'utf8');
    await appendFile(file, good.slice(0, 200));
    const cut = await CellStore.open(path);
    assert.equal(cut.size, 3);
    await cut.close();
    assert.equal(await readFile(file, 'utf8'), good);
    for (const line of ['{}', 'null', 'text', good.split('\n')[0].replace('"seconds"', '"second"')]) {
      await writeFile(file, `${good}${line}\n`);
      await assert.rejects(CellStore.open(path), { code: 'ERR_DATA_SYNTAX', line: 4 });
      assert.equal(await readFile(file, 'utf8'), `${good}${line}\n`);
    }
    await writeFile(file, good);
    await (await CellStore.open(path)).close();
  });

  test('is the union of the files in its folder, of which a process has one', async () => {
    const path = join(folder, 'several');
    const [one, other] = [await CellStore.open(path, 'one.jsonl'), await CellStore.open(path, 'other.jsonl')];
    await assert.rejects(CellStore.open(path, 'one.jsonl'), { code: 'ERR_DATA_FILE' });
    await Promise.all([
      runCells(cells.slice(0, 4), { prepare, store: one, threads: 1 }),
      runCells(cells.slice(4), { prepare, store: other, threads: 1 }),
    ]);
    await Promise.all([one.close(), other.close()]);
    const all = await CellStore.open(path);
    assert.equal(all.size, cells.length);
    await all.close();
    await assert.rejects(
      all.add(cell, { hash: '', seconds: 0, failure: { code: 'ERR_CORE_DIVERGED', message: '' } }),
      {
        message: 'the store is closed',
      },
    );
  });

  test('leaves no file without a cell', async () => {
    const path = join(folder, 'nothing');
    await (await CellStore.open(path)).close();
    assert.deepEqual(await readdir(path), []);
  });

  test('cannot be a file', async () => {
    const path = join(folder, 'file');
    await writeFile(path, 'text');
    await assert.rejects(CellStore.open(path), { code: 'ERR_DATA_FILE' });
  });
});
