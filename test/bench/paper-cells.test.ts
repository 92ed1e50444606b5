/** The kept cells of the full report: parts that are only added to, and a core that still comes to them. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pack, recheck, unpack } from '../../bench/paper/cells.ts';
import type { Cell, Problem } from '../../host/study/cell.ts';
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

/** Lines of a store: a value, and trainings of two rules. */
async function linesOf(seeds: readonly number[]): Promise<string[]> {
  const lines = [JSON.stringify({ cell: { a: 1 }, hash: '0', value: seeds[0], seconds: 1 })];
  for (const rule of ['adam', 'nlr'] as const) {
    for (const seed of seeds) {
      const cell = cellOf(rule, seed);
      const result = await trainCell(workOf(cell, prepared));
      lines.push(JSON.stringify({ cell, hash: `${rule}${seed}`, seconds: seed, result }));
    }
  }
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
    assert.equal(await recheck(other, prepare), 2);
  });

  test('that a rule no longer comes to are named', async () => {
    const out = join(folder, 'changed');
    await mkdir(out);
    const cell = cellOf('adam', 1);
    const result = await trainCell(workOf(cell, prepared));
    const line = { cell, hash: 'adam1', seconds: 1, result: { ...result, loss: result.loss + 1e-9 } };
    await writeFile(join(out, '001.jsonl'), `${JSON.stringify(line)}\n`);
    await assert.rejects(recheck(out, prepare), /a cell of adam comes to something else today/);
  });
});
