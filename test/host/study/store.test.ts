/** Finished cells on disk, and cells that are run out of them, in this process: no thread has anything to do. */
import assert from 'node:assert/strict';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { canonical, type Cell, hashOfCell } from '../../../host/study/cell.ts';
import type { CellOutcome } from '../../../host/study/result.ts';
import { type CellProgress, runCells, type RunOptions } from '../../../host/study/run-cells.ts';
import { CELLS_FILE, CellStore } from '../../../host/study/store.ts';
import { assertGolden, outcomes } from '../../support/golden.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nlr-vqa-'));
});
after(() => rm(folder, { recursive: true, force: true }));

/** What a promise comes to, as a call. */
const settled = (promise: Promise<unknown>): Promise<() => unknown> =>
  promise.then(
    (value) => () => value,
    (error: unknown) => () => {
      throw error;
    },
  );

const hashOf = (digit: string) => digit.repeat(64);
const line = (change: object) =>
  JSON.stringify({ cell: {}, hash: hashOf('a'), seconds: 1, result: { curve: {} }, ...change });
const failure = { code: 'ERR_CORE_DIVERGED', message: 'too wild' } as const;
const failed = (hash: string): CellOutcome => ({ hash, failure, seconds: 2 });
const cells: readonly Cell[] = [1, 2, 3].map((seed) => ({
  ...{ problem: { name: 'rows' }, rule: 'nlr', setting: {}, seed, looks: 2 },
}));

/** Lines as they may be found in a file, the good ones first. */
const LINES: Readonly<Record<string, string>> = {
  'a result': line({}),
  'a failure': line({ result: undefined, failure }),
  'a value': line({ result: undefined, value: 0 }),
  'a value that is null': line({ result: undefined, value: null }),
  'more than is known': line({ more: 1, result: { curve: {}, more: 2 } }),
  'all digits of a hash': line({ hash: '0123456789abcdef'.repeat(4) }),
  'no JSON': 'text',
  nothing: '',
  null: 'null',
  'a number': '3',
  'a list': '[]',
  'no fields': '{}',
  'no hash': line({ hash: undefined }),
  'a hash of 63': line({ hash: hashOf('a').slice(1) }),
  'a hash of 65': line({ hash: `${hashOf('a')}a` }),
  'a hash of large letters': line({ hash: hashOf('A') }),
  'a hash that is no text': line({ hash: 1 }),
  'no cell': line({ cell: undefined }),
  'a cell of text': line({ cell: 'rows' }),
  'no seconds': line({ seconds: undefined }),
  'seconds of text': line({ seconds: '1' }),
  'neither result nor failure': line({ result: undefined }),
  'a result of text': line({ result: 'x' }),
  'a result without a curve': line({ result: {} }),
  'a failure of text': line({ result: undefined, failure: 'x' }),
  'a failure without a code': line({ result: undefined, failure: { message: 'x' } }),
  'a failure without a message': line({ result: undefined, failure: { code: 'x' } }),
  'a failure whose message is a number': line({ result: undefined, failure: { code: 'x', message: 1 } }),
};

describe('a store', () => {
  test('has what its lines say, and says of a line that is none where it is', async () => {
    const calls: Record<string, () => unknown> = {};
    for (const [what, text] of Object.entries(LINES)) {
      const path = join(folder, what);
      await mkdir(path);
      await writeFile(join(path, CELLS_FILE), `${line({ hash: hashOf('b') })}\n${text}\n`);
      const found = async () => {
        const read = await CellStore.read(path);
        const open = await CellStore.open(path);
        await open.close();
        return [read.size, open.size];
      };
      calls[what] = await settled(found());
      // A file that cannot be read is left to whoever mends it.
      if (what === 'no JSON') calls['no JSON, once more'] = await settled(CellStore.open(path));
    }
    const text = outcomes(calls).replaceAll(folder, '').replaceAll('\\', '/');
    assertGolden(new URL('store.txt', import.meta.url), text);
  });

  test('keeps cells and values apart, and gives back what it was given', async () => {
    const path = join(folder, 'kept');
    const store = await CellStore.open(path);
    const value = { hash: hashOf('c'), value: { rate: 0.5 }, seconds: 3 };
    const result = { hash: hashOf('d'), result: { curve: {} }, seconds: 1 } as unknown as CellOutcome;
    await Promise.all([
      store.add(cells[0], failed(hashOf('a'))),
      store.add(cells[1], result),
      store.addValue({ what: 'rate' }, value),
    ]);
    const looked = (found: CellStore) => [
      ['a', 'c', 'd', 'e'].map((digit) => found.get(hashOf(digit))),
      ['a', 'c', 'd', 'e'].map((digit) => found.valueOf(hashOf(digit))),
      found.size,
    ];
    const expected = [
      [failed(hashOf('a')), undefined, result, undefined],
      [failed(hashOf('a')), value, undefined, undefined],
      3,
    ];
    assert.deepEqual(looked(store), expected);
    await store.close();
    assert.deepEqual(looked(await CellStore.read(path)), expected);
    const text = await readFile(join(path, CELLS_FILE), 'utf8');
    assert.deepEqual(
      text
        .trim()
        .split('\n')
        .map((each) => JSON.parse(each) as unknown),
      [
        { cell: cells[0], ...failed(hashOf('a')) },
        { cell: cells[1], ...result },
        { cell: { what: 'rate' }, ...value },
      ],
    );
    await assert.rejects(store.add(cells[0], failed(hashOf('e'))), { message: 'the store is closed' });
    assert.equal(store.size, 3);
  });

  test('is the union of the files of its folder, and sees what others add, but nothing else', async () => {
    const path = join(folder, 'several');
    const store = await CellStore.open(path, 'one.jsonl');
    assert.equal(store.folder, path);
    await writeFile(join(path, 'notes.txt'), 'no line');
    await writeFile(join(path, 'two.jsonl.old'), 'no line');
    const other = join(path, 'two.jsonl');
    await writeFile(other, `${line({})}\n`);
    assert.equal(store.size, 0);
    await store.refresh();
    assert.equal(store.size, 1);
    // What has no end yet is being written.
    await appendFile(other, line({ hash: hashOf('b') }));
    await store.refresh();
    assert.equal(store.size, 1);
    await appendFile(other, '\n');
    await store.refresh();
    assert.ok(store.get(hashOf('b')));
    // Its own file is read once: what is in it afterwards is what it wrote.
    await appendFile(join(path, 'one.jsonl'), 'no line\n');
    await store.refresh();
    await appendFile(other, 'no line\n');
    await assert.rejects(store.refresh(), { code: 'ERR_DATA_SYNTAX', line: 3 });
    await store.close();
  });

  test('leaves no file without a cell, and one with a cell; a file has one process', async () => {
    const path = join(folder, 'one');
    const store = await CellStore.open(path);
    const taken = await settled(CellStore.open(path));
    assert.throws(taken, { code: 'ERR_DATA_FILE' });
    await store.close();
    assert.deepEqual(await readdir(path), []);
    const again = await CellStore.open(path);
    await again.add(cells[0], failed(hashOf('a')));
    await again.close();
    await again.close();
    assert.deepEqual(await readdir(path), [CELLS_FILE]);
    await writeFile(join(folder, 'text'), '');
    const file = join(folder, 'text');
    for (const how of [
      () => CellStore.open(file),
      () => CellStore.read(file),
      () => CellStore.read(join(folder, 'nowhere')),
    ])
      await assert.rejects(how, { name: 'DataError', code: 'ERR_DATA_FILE' });
  });
});

describe('a study whose cells are finished', () => {
  const prepare = () => assert.fail('nothing is to be prepared');

  test('is told of each, in its place, and comes to them in the order of the list', async () => {
    const path = join(folder, 'finished');
    const store = await CellStore.open(path);
    for (const cell of cells) await store.add(cell, failed(hashOfCell(cell)));
    const list = [cells[2], cells[0], { ...cells[2], problem: { name: 'again' } }, cells[1]];
    const told: CellProgress[] = [];
    const found = await runCells(list, { prepare, store, onProgress: (progress) => told.push(progress) });
    assert.deepEqual(
      found,
      list.map((cell) => failed(hashOfCell(cell))),
    );
    assert.deepEqual(
      told,
      [0, 2, 1, 3].map((index) => ({
        ...{ index, cell: list[index], step: 1, steps: 1, loss: null },
        outcome: failed(hashOfCell(list[index])),
      })),
    );
    const stop = new AbortController();
    stop.abort(new Error('enough'));
    await assert.rejects(runCells(list, { prepare, store, signal: stop.signal }), { message: 'enough' });
    assert.deepEqual(await runCells([], { prepare }), []);
    await store.close();
  });

  test('is refused in words where it cannot be run', async () => {
    const run = (options: object) => settled(runCells([], { prepare, ...options } as RunOptions));
    const calls = {
      'prepare of text': await run({ prepare: 'x' }),
      'no threads': await run({ threads: 0 }),
      'one thread': await run({ threads: 1 }),
      'as many threads as there may be': await run({ threads: 256 }),
      'one thread more': await run({ threads: 257 }),
      'half a thread': await run({ threads: 1.5 }),
      'a signal of text': await run({ signal: 'x' }),
      'an ear of text': await run({ onProgress: 'x' }),
      'an unknown option': await run({ speed: 1 }),
      nothing: await settled(runCells([], undefined as never)),
      'a cell with an unknown rule': await settled(
        runCells([{ ...cells[0], rule: 'x' as never }], { prepare }),
      ),
    };
    assertGolden(new URL('run-refusals.txt', import.meta.url), outcomes(calls));
  });
});

test('data have one text, whatever the order of their fields', () => {
  const text = '{"a":[{"x":1,"y":null}],"b":{"c":"t","d":2},"e":true}';
  const orders: readonly object[] = [
    { a: [{ x: 1, y: null }], b: { c: 't', d: 2 }, e: true },
    { e: true, b: { d: 2, c: 't' }, a: [{ y: null, x: 1 }] },
    { b: { c: 't', d: 2, z: undefined }, e: true, a: [{ x: 1, y: null }] },
    { b: { d: 2, c: 't' }, a: [{ y: null, x: 1 }], f: undefined, e: true },
  ];
  for (const each of orders) assert.equal(canonical(each), text);
  assert.deepEqual([3, 'x', null, [2, 1]].map(canonical), ['3', '"x"', 'null', '[2,1]']);
});

test('hashes go by what a training comes from, and by nothing else', () => {
  const [cell] = cells;
  const same: readonly Partial<Cell>[] = [
    { problem: { name: 'other', where: '/elsewhere', more: undefined } },
    ...[{ model: {} }, { ascent: false }, { setting: { negativeRate: 0.06, beta1: undefined } }],
  ];
  for (const change of same) assert.equal(hashOfCell({ ...cell, ...change }), hashOfCell(cell));
  const others: readonly Partial<Cell>[] = [
    { problem: { name: 'rows', rows: 1 } },
    { problem: { name: 'rows', rows: null } },
    { problem: { name: 'rows', rows: [2, 1] } },
    { problem: { name: 'rows', rows: [1, 2] } },
    ...([
      { rule: 'sgd' },
      { setting: { rate: 0.25 } },
      { setting: { rate: 0.5 } },
      { model: { layers: 1 } },
    ] as const),
    ...[{ seed: 9 }, { looks: 0 }, { ascent: true }],
  ];
  const hashes = [cell, ...others.map((change) => ({ ...cell, ...change }))].map(hashOfCell);
  assert.equal(new Set(hashes).size, hashes.length);
  assert.ok(hashes.every((hash) => /^[0-9a-f]{64}$/.test(hash)));
  const bad = [{ looks: -1 }, { looks: 0.5 }, { seed: -1 }, { setting: { rate: -1 } }];
  const calls = bad.map(
    (change) => [JSON.stringify(change), () => hashOfCell({ ...cell, ...change })] as const,
  );
  assertGolden(new URL('hash-refusals.txt', import.meta.url), outcomes(Object.fromEntries(calls)));
});
