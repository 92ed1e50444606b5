/** The kept cells of the full report: parts that are only added to, and a core that still comes to them. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pack, unpack } from '../../bench/paper/cells.ts';
import { recheck } from '../../bench/paper/recheck.ts';
import { hashOfPaperCell } from '../../host/paper/experiment.ts';
import { type Cell, hashOfCell, type Json, type Problem } from '../../host/study/cell.ts';
import type { CellResult } from '../../host/study/result.ts';
import { workOf } from '../../host/study/run-cells.ts';
import { type Prepared, trainCell } from '../../host/study/train-cell.ts';
import { MODEL, rowsOf } from '../support/host-data.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nlr-vqa-'));
});
after(() => rm(folder, { recursive: true, force: true }));

const problem: Problem = { name: 'rows', data: { rows: 12 } };
const prepared: Prepared = { dataset: rowsOf(['no', 'yes']), test: rowsOf(['no', 'yes'], 7), model: MODEL };
const prepare = () => Promise.resolve(prepared);
const cellOf = (rule: Cell['rule'], seed: number): Cell => ({
  ...{ problem, rule, setting: { steps: 3, shots: 60, batch: 4 }, seed, looks: 0 },
});

/** A line of a training. */
async function lineOf(cell: Cell, change: Partial<CellResult> = {}): Promise<string> {
  const result = { ...(await trainCell(workOf(cell, prepared))), ...change };
  return JSON.stringify({ cell, hash: hashOfCell(cell), seconds: cell.seed, result });
}

/** A line of a value that is no training. */
function valueLine(input: Json, value: Json): string {
  const cell = { runner: 'cost', input } as const;
  const hash = hashOfPaperCell({ kind: 'value', name: '', seconds: 1, ...cell });
  return JSON.stringify({ cell, hash, value, seconds: 1 });
}

/** The runner of those values: one more than the input says. */
const runners = { cost: async (input: Json) => ({ more: (input as { a: number }).a + 1 }) };

/** Lines of a store: a value, and trainings of two rules. */
async function linesOf(seeds: readonly number[]): Promise<string[]> {
  const lines = [valueLine({ a: seeds[0] }, { more: seeds[0] + 1 })];
  for (const rule of ['adam', 'nlr'] as const)
    for (const seed of seeds) lines.push(await lineOf(cellOf(rule, seed)));
  return lines;
}

describe('kept cells', () => {
  test('are added part by part, come back as they were, and are what the core comes to', async () => {
    const [parts, out, other] = ['parts', 'out', 'other'].map((name) => join(folder, name));
    await mkdir(out);
    const first = await linesOf([2, 1]);
    await writeFile(join(out, 'cells.jsonl'), `${first.join('\n')}\n`);
    assert.equal(pack(out, parts), first.length);
    assert.equal(pack(out, parts), 0);
    const second = await linesOf([3]);
    // What an interruption has cut off is no cell.
    await writeFile(join(out, 'cells.jsonl'), `${second.join('\n')}\n{"cell":`);
    assert.equal(pack(out, parts), second.length);
    assert.deepEqual(await readdir(parts), ['001.jsonl.gz', '002.jsonl.gz']);
    assert.deepEqual((await readdir(out)).sort(), ['001.jsonl', '002.jsonl']);
    unpack(parts, other);
    for (const [name, lines] of [
      ['001.jsonl', first],
      ['002.jsonl', second],
    ] as const) {
      const text = await readFile(join(other, name), 'utf8');
      assert.deepEqual(text.split('\n').slice(0, -1), [...lines].sort());
      assert.equal(text, await readFile(join(out, name), 'utf8'));
    }
    assert.equal(await recheck(other, prepare, runners), 3);
  });

  test('a sitting that ended while it kept them is gone on with, and a part that was taken away stays away', async () => {
    const [parts, out] = ['parts-2', 'out-2'].map((name) => join(folder, name));
    await mkdir(out);
    const lines = await linesOf([4]);
    await writeFile(join(out, 'cells.jsonl'), `${lines.join('\n')}\n`);
    assert.equal(pack(out, parts), lines.length);
    // The part is there, and so are the cells that it is of; beside it a half one.
    await writeFile(join(out, 'cells.jsonl'), `${lines.join('\n')}\n`);
    await writeFile(join(parts, '002.jsonl.half'), 'half');
    unpack(parts, out);
    assert.equal(pack(out, parts), 0);
    assert.deepEqual(await readdir(out), ['001.jsonl']);
    await writeFile(join(out, 'cells.jsonl'), `${[...lines, ...(await linesOf([5]))].join('\n')}\n`);
    assert.equal(pack(out, parts), lines.length);
    assert.deepEqual(await readdir(parts), ['001.jsonl.gz', '002.jsonl.gz']);
    await rm(join(parts, '002.jsonl.gz'));
    unpack(parts, out);
    assert.deepEqual(await readdir(out), ['001.jsonl']);
  });

  /** What is said of these lines. */
  async function rechecked(name: string, lines: readonly string[]): Promise<number> {
    const out = join(folder, name);
    await mkdir(out);
    await writeFile(join(out, '001.jsonl'), `${lines.join('\n')}\n`);
    return recheck(out, prepare, runners);
  }

  test('that today comes to something else are named: a training, a value, one that diverged', async () => {
    const cell = cellOf('adam', 1);
    const { loss } = await trainCell(workOf(cell, prepared));
    const changed = await lineOf(cell, { loss: loss + 1e-9 });
    await assert.rejects(
      rechecked('changed', [changed]),
      /a cell of adam, rows, seed 1 comes to something else today/,
    );
    await assert.rejects(
      rechecked('value', [valueLine({ a: 1 }, { more: 3 })]),
      /a cell of cost comes to something else/,
    );
    const failure = { code: 'ERR_CORE_DIVERGED', message: '' };
    const diverged = JSON.stringify({ cell, hash: hashOfCell(cell), seconds: 1, failure });
    await assert.rejects(rechecked('diverged', [diverged]), /a cell of adam, rows, seed 1 comes to/);
  });

  test('one of each problem and each choice of options is made again, whatever is quicker', async () => {
    const cell = cellOf('adam', 2);
    const other: Cell = { ...cell, problem: { ...problem, name: 'other rows', data: { rows: 7 } } };
    const named: Cell = { ...cell, setting: { ...cell.setting, rate: 0.2 } };
    const quicker = await lineOf(cellOf('adam', 1));
    assert.equal(
      await rechecked('kinds', [quicker, await lineOf(cell), await lineOf(other), await lineOf(named)]),
      3,
    );
    for (const [name, each] of Object.entries({ other, named }))
      await assert.rejects(
        rechecked(`stale-${name}`, [quicker, await lineOf(each, { steps: 4 })]),
        /something else today/,
      );
  });

  test('one that would not be found by its hash is named', async () => {
    const line = { ...(JSON.parse(await lineOf(cellOf('nlr', 1))) as object), hash: '0'.repeat(64) };
    await assert.rejects(
      rechecked('unknown', [JSON.stringify(line)]),
      /001\.jsonl: a cell of nlr, rows, seed 1 has another hash today/,
    );
  });
});
