/**
 * What is kept of a study, in this process: the files of a store, the lines that it refuses, tables of runs, curves and pairs,
 * and a training of one cell as the thread of a study makes it.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Status } from '../../../assembly/abi/codes.ts';
import { CoreError, DataError } from '../../../host/index.ts';
import { type Cell, hashOfCell } from '../../../host/study/cell.ts';
import { type Arm, pairedOf, summaryOf } from '../../../host/study/comparison.ts';
import { csv, curvesCsv, type NamedOutcome, pairedCsv, runsCsv } from '../../../host/study/csv.ts';
import { type CellOutcome, type CellResult, failureFrom } from '../../../host/study/result.ts';
import { type CellProgress, nameOfCell, runCells, workOf } from '../../../host/study/run-cells.ts';
import { CELLS_FILE, CellStore, type KeptValue } from '../../../host/study/store.ts';
import { type Prepared, trainCell } from '../../../host/study/train-cell.ts';
import { assertGolden } from '../../support/golden.ts';
import { MODEL, rowsOf } from '../../support/host-data.ts';

const cellOf = (others: Partial<Cell> = {}): Cell => ({
  problem: { name: 'two, "rows"', data: { rows: 12 } },
  ...{ rule: 'nlr', setting: { steps: 9, shots: 30, batch: 4 }, seed: 3, looks: 3 },
  ...others,
});

/** A result of which every number is another. */
const resultOf = (scale: number, others: Partial<CellResult> = {}): CellResult => ({
  ...{ initialLoss: 0.9, loss: 0.5 * scale, best: 0.4 * scale, auc: 0.6 * scale, toHalf: null },
  ...{ lossTest: 0.55 * scale, accuracy: { train: 0.75, test: 0.7 / scale } },
  ...{ steps: 9, evaluations: 800, shots: 24_000, reversals: 2, violationRate: 0.25, meanRate: 0.01 },
  ...{ gradientNorm: { loss: 0.125, observable: 0.375 }, trace: 'abc' },
  curve: {
    ...{ step: [0, 4, 9], evaluations: [0, 400, 800], shots: [0, 12_000, 24_000], loss: [0.9, 0.7, 0.5] },
    ...{
      batchLoss: [null, 0.65, 0.45],
      gradientNorm: [null, 0.25, 0.125],
      observableNorm: [null, 0.5, null],
    },
    ...{ violationRate: [0, 0.5, 0.25], reversals: [0, 1, 2], meanRate: [0, 0.02, 0.01] },
  },
  ...others,
});
const outcomeFor = (cell: Cell, result = resultOf(1)): CellOutcome => ({
  ...{ hash: hashOfCell(cell), result, seconds: 1.5 },
});
const failed = (cell: Cell): CellOutcome => ({
  hash: hashOfCell(cell),
  ...{ failure: { code: 'ERR_CORE_DIVERGED', message: 'it left the finite numbers' }, seconds: 0.5 },
});

let folder: string;
let count = 0;
const fresh = () => join(folder, `store-${++count}`);
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'nlr-vqa-'));
});
after(() => rmSync(folder, { recursive: true }));

describe('a store', () => {
  const [one, other] = [cellOf(), cellOf({ seed: 4 })];
  const walk: KeptValue = { hash: 'a'.repeat(64), value: { steps: 3 }, seconds: 2 };
  const lost: KeptValue = {
    hash: 'b'.repeat(64),
    failure: { code: 'ERR_DATA_FILE', message: 'y' },
    seconds: 1,
  };

  test('has what was added, in itself, in its file and for who reads it', async () => {
    const path = fresh();
    const store = await CellStore.open(path);
    assert.equal(store.size, 0);
    await Promise.all([store.add(one, outcomeFor(one)), store.add(other, failed(other))]);
    await store.addValue({ runner: 'walk' }, walk);
    await store.addValue({ runner: 'walk' }, lost);
    const lines = readFileSync(join(path, CELLS_FILE), 'utf8');
    assert.deepEqual(
      lines
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
      [
        { cell: one, ...outcomeFor(one) },
        { cell: other, ...failed(other) },
        { cell: { runner: 'walk' }, ...walk },
        { cell: { runner: 'walk' }, ...lost },
      ],
    );
    assert.ok(lines.endsWith('\n'));
    for (const each of [store, await CellStore.read(path)]) {
      assert.equal(each.size, 4);
      assert.deepEqual(each.get(hashOfCell(one)), outcomeFor(one));
      assert.deepEqual(each.get(hashOfCell(other)), failed(other));
      assert.equal(each.get('c'.repeat(64)), undefined);
      assert.equal(each.get(walk.hash), undefined, 'a value is no training');
      assert.deepEqual(each.valueOf(walk.hash), walk);
      assert.deepEqual(each.valueOf(lost.hash), lost);
      assert.equal(each.valueOf(hashOfCell(one)), undefined, 'a training is no value');
    }
    await store.close();
    await assert.rejects(store.add(one, outcomeFor(one)), /the store is closed/);
    const again = await CellStore.open(path);
    assert.equal(again.size, 4);
    await again.close();
    assert.equal(readFileSync(join(path, CELLS_FILE), 'utf8'), lines);
  });

  test('is for one process at a time, and leaves no empty file', async () => {
    const path = fresh();
    const store = await CellStore.open(path);
    await assert.rejects(CellStore.open(path), { name: 'DataError', code: 'ERR_DATA_FILE' });
    assert.ok(readdirSync(path).includes(CELLS_FILE));
    await store.close();
    assert.deepEqual(readdirSync(path), []);
    const free = await CellStore.open(path);
    await free.close();
  });

  test('is the union of its files; what others add is there when it looks again', async () => {
    const path = fresh();
    const [mine, theirs] = [await CellStore.open(path), await CellStore.open(path, 'b.jsonl')];
    await theirs.add(one, outcomeFor(one));
    await mine.add(other, failed(other));
    assert.equal(mine.get(hashOfCell(one)), undefined);
    await mine.refresh();
    assert.deepEqual(mine.get(hashOfCell(one)), outcomeFor(one));
    assert.equal(mine.size, 2);
    // Half a line is being written; another kind of file is none of its own.
    const whole = readFileSync(join(path, 'b.jsonl'), 'utf8');
    writeFileSync(join(path, 'c.jsonl'), whole.slice(0, 40));
    writeFileSync(join(path, 'notes.txt'), 'no line');
    await mine.refresh();
    assert.equal(mine.size, 2);
    for (const store of [mine, theirs]) await store.close();
    assert.equal((await CellStore.read(path)).size, 2);
  });

  const line = { cell: one, ...outcomeFor(one) };
  const bad: Readonly<Record<string, string>> = {
    'no JSON': '{',
    'a number': '7',
    'a list': '[]',
    'no hash': JSON.stringify({ ...line, hash: undefined }),
    'a short hash': JSON.stringify({ ...line, hash: 'a'.repeat(63) }),
    'a long hash': JSON.stringify({ ...line, hash: 'a'.repeat(65) }),
    'a hash of other letters': JSON.stringify({ ...line, hash: 'g'.repeat(64) }),
    'no cell': JSON.stringify({ ...line, cell: undefined }),
    'a text for a cell': JSON.stringify({ ...line, cell: 'x' }),
    'no seconds': JSON.stringify({ ...line, seconds: undefined }),
    'text for seconds': JSON.stringify({ ...line, seconds: '1' }),
    'no outcome': JSON.stringify({ ...line, result: undefined }),
    'a result without a curve': JSON.stringify({ ...line, result: { loss: 1 } }),
    'a failure without a code': JSON.stringify({ ...line, result: undefined, failure: { message: 'y' } }),
    'a failure without a message': JSON.stringify({ ...line, result: undefined, failure: { code: 'X' } }),
    'a failure that is a text': JSON.stringify({ ...line, result: undefined, failure: 'X' }),
  };
  for (const [what, text] of Object.entries(bad)) {
    test(`refuses ${what}, and says in which line`, async () => {
      const path = fresh();
      await (await CellStore.open(path)).close();
      writeFileSync(join(path, 'other.jsonl'), `${JSON.stringify(line)}\n${text}\n`);
      const refused = {
        ...{ name: 'DataError', code: 'ERR_DATA_SYNTAX', line: 2, file: join(path, 'other.jsonl') },
        message: /: this is no line of finished cells; take it away, or give the study another folder$/,
      };
      await assert.rejects(CellStore.read(path), refused);
      await assert.rejects(CellStore.open(path), refused);
      // Who was refused does not keep the file that it would have added to.
      rmSync(join(path, 'other.jsonl'));
      await (await CellStore.open(path)).close();
      // In the file of its own, the last line too.
      writeFileSync(join(path, CELLS_FILE), `${text}\n${JSON.stringify(line)}\n`);
      await assert.rejects(CellStore.open(path), { code: 'ERR_DATA_SYNTAX', line: 1 });
    });
  }

  test('refuses a folder that is none', async () => {
    await assert.rejects(CellStore.read(join(folder, 'nowhere')), (error) => error instanceof DataError);
  });
});

describe('tables', () => {
  const named: readonly NamedOutcome[] = [
    { arm: 'nlr', cell: cellOf(), outcome: outcomeFor(cellOf()) },
    {
      arm: 'nlr, twice',
      cell: cellOf({ setting: { steps: 9, noise: { depolarising: 0.01 } as never }, model: { layers: 2 } }),
      outcome: outcomeFor(
        cellOf({ seed: 5 }),
        resultOf(0.5, {
          ...{ toHalf: 400, lossTest: null, accuracy: { train: null, test: null } },
          ascent: { meanProduct: 0.5, ratio: null, rate: 0.25, step: null },
        }),
      ),
    },
    { arm: 'adam', cell: cellOf({ rule: 'adam', seed: 4 }), outcome: failed(cellOf({ rule: 'adam' })) },
  ];

  test('of runs, curves and pairs are as they were looked at', () => {
    const seeds = [1, 2, 3, 4];
    const arm = (name: string, results: readonly CellResult[], others: readonly number[] = []): Arm => ({
      ...{ name, results: new Map(results.map((result, i) => [seeds[i], result])), failed: others },
    });
    const arms = [
      arm('sgd', [resultOf(1), resultOf(1.5), resultOf(1.25), resultOf(2)]),
      arm('nlr', [resultOf(0.5), resultOf(1.5), resultOf(0.75, { toHalf: 500, meanRate: -0.01 })], [4]),
      arm('none', [], seeds),
      arm('one', [resultOf(0.5, { lossTest: null, accuracy: { train: null, test: null } })]),
    ];
    const rounded = (text: string) =>
      text.replaceAll(/\d+\.\d{6,}/g, (number) => `${Number(Number(number).toPrecision(6))}`);
    const hashes = named.map(({ cell }) => hashOfCell(cell));
    const parts = [
      // The version of the package is in a hash.
      hashes.reduce((text, hash, i) => text.replace(hash, `hash ${i}`), runsCsv(named)),
      curvesCsv(named),
      rounded(pairedCsv('two, "rows"', pairedOf(arms, 7))),
      ...arms.map((each) => `${rounded(JSON.stringify(summaryOf(each), null, 1))}\n`),
      csv(
        ['a', 'b'],
        [
          [true, null],
          ['x\ny', undefined],
          ['say "so"', 0],
          ['\r', -1.5],
        ],
      ),
    ];
    assertGolden(new URL('tables.txt', import.meta.url), parts.join('\n'));
  });
});

describe('a cell', () => {
  const prepared: Prepared = { dataset: rowsOf(['no', 'yes']), test: rowsOf(['no', 'yes'], 7), model: MODEL };

  test('is trained as its work says, and looked at as often', async () => {
    const told: string[] = [];
    const work = workOf(cellOf({ model: { layers: 1 }, ascent: true }), prepared);
    assert.equal(work.prepared.model?.layers, 1);
    assert.equal(work.training.rule, 'nlr');
    const result = await trainCell(work, ({ step }, steps) => told.push(`${step} of ${steps}`));
    assert.equal(told.join(), '1 of 9,2 of 9,3 of 9,4 of 9,5 of 9,6 of 9,7 of 9,8 of 9,9 of 9');
    const text = JSON.stringify(result, (_, value: unknown) =>
      typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value,
    );
    const plainly = await trainCell(workOf(cellOf(), { ...prepared, test: undefined }));
    assert.equal(plainly.ascent, undefined);
    assert.deepEqual([plainly.lossTest, plainly.accuracy.test], [null, null]);
    assert.equal(plainly.best, Math.min(...plainly.curve.loss));
    assertGolden(new URL('trained.txt', import.meta.url), `${text.replaceAll(/,"/g, ',\n"')}\n`);
  });

  test('of numbers has no accuracy', async () => {
    const rows = rowsOf(['no', 'yes']);
    const dataset = { ...rows, labels: new Int32Array(rows.rows).fill(-1), classes: [] };
    const numbers = { ...dataset, targets: Float64Array.from(rows.labels, (label) => label - 0.5) };
    const regression: Prepared = { dataset: numbers, test: numbers, model: MODEL, task: 'regression' };
    const result = await trainCell(workOf(cellOf(), regression));
    assert.deepEqual(result.accuracy, { train: null, test: null });
    assert.ok(Math.abs((result.lossTest as number) - result.loss) < 1e-12);
  });

  test('has a name for messages', () => assert.equal(nameOfCell(cellOf()), 'two, "rows", nlr, seed 3'));

  test('that leaves the finite numbers is a failure that is kept; anything else is thrown', () => {
    const diverged = new CoreError(Status.Diverged, 'it left the finite numbers');
    assert.deepEqual(failureFrom(diverged), {
      code: 'ERR_CORE_DIVERGED',
      message: 'it left the finite numbers',
    });
    for (const other of [
      new CoreError(Status.BadAngle, 'no'),
      new DataError('ERR_DATA_FILE', 'no', {}),
      'no',
    ])
      assert.throws(
        () => failureFrom(other),
        (error) => error === other,
      );
  });
});

describe('cells of a study', () => {
  test('that a store has are not trained; each is told of at all of its places', async () => {
    const path = fresh();
    const store = await CellStore.open(path);
    const [one, other] = [cellOf(), cellOf({ seed: 9 })];
    await store.add(one, outcomeFor(one));
    await store.add(other, failed(other));
    const told: CellProgress[] = [];
    const prepare = () => assert.fail('nothing is to be prepared');
    const found = await runCells([one, other, one], {
      prepare,
      store,
      onProgress: (each) => told.push(each),
    });
    assert.deepEqual(found, [outcomeFor(one), failed(other), outcomeFor(one)]);
    const done = { step: 1, steps: 1, loss: null };
    assert.deepEqual(told, [
      { index: 0, cell: one, ...done, outcome: outcomeFor(one) },
      { index: 2, cell: one, ...done, outcome: outcomeFor(one) },
      { index: 1, cell: other, ...done, outcome: failed(other) },
    ]);
    const stopped = AbortSignal.abort(new Error('enough'));
    await assert.rejects(runCells([one], { prepare, store, signal: stopped }), /enough/);
    await store.close();
  });

  test('have options that are looked at', async () => {
    const refused = async (options: unknown) => {
      const error: unknown = await runCells([], options as never).catch((each: unknown) => each);
      return `${JSON.stringify(options)}: ${(error as Error).message ?? 'taken'}\n`;
    };
    const prepare = () => assert.fail('nothing is to be prepared');
    const said = [];
    for (const options of [
      ...[undefined, null, {}, { prepare: 7 }, { prepare, threads: 0 }, { prepare, threads: 257 }],
      ...[
        { prepare, threads: 256 },
        { prepare, signal: {} },
        { prepare, onProgress: 1 },
        { prepare, more: 1 },
      ],
    ])
      said.push(await refused(options));
    assertGolden(new URL('refused.txt', import.meta.url), said.join(''));
  });
});
