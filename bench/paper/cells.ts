/**
 * Finished cells of the full report, kept under bench/results/paper/cells until the report is whole: each sitting adds a
 * part, gzipped, and changes none that is there.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Cell, Problem } from '../../host/study/cell.ts';
import type { CellResult } from '../../host/study/result.ts';
import { workOf } from '../../host/study/run-cells.ts';
import { CELLS_FILE } from '../../host/study/store.ts';
import { type Prepared, trainCell } from '../../host/study/train-cell.ts';

/** A training of a part, as a store's line has it. */
interface Trained {
  readonly cell: Cell;
  readonly hash: string;
  readonly seconds: number;
  readonly result: CellResult;
}

const PART = /^(\d+)\.jsonl\.gz$/;

const partsIn = (folder: string) =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => PART.test(name))
        .sort()
    : [];

/** Puts the parts into the folder of a report, each as a file of its own. */
export function unpack(parts: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const name of partsIn(parts))
    writeFileSync(join(folder, name.slice(0, -'.gz'.length)), gunzipSync(readFileSync(join(parts, name))));
}

/** Makes a part of the cells that a sitting has added. @returns how many */
export function pack(folder: string, parts: string): number {
  const file = join(folder, CELLS_FILE);
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
  if (lines.length === 0) return 0;
  mkdirSync(parts, { recursive: true });
  const last = Number(PART.exec(partsIn(parts).at(-1) ?? '0.jsonl.gz')?.[1]);
  const name = `${String(last + 1).padStart(3, '0')}.jsonl`;
  // In an order that packs well, and that no thread decides.
  const text = `${lines.sort().join('\n')}\n`;
  writeFileSync(join(parts, `${name}.gz`), gzipSync(text, { level: 9 }));
  writeFileSync(join(folder, name), text);
  rmSync(file);
  return lines.length;
}

/** The quickest training of every rule in the folder of a report, exact and with shots. */
function quickest(folder: string): Trained[] {
  const found = new Map<string, Trained>();
  for (const name of readdirSync(folder).filter((each) => each.endsWith('.jsonl'))) {
    for (const text of readFileSync(join(folder, name), 'utf8').split('\n').slice(0, -1)) {
      const line = JSON.parse(text) as Partial<Trained>;
      if (line.result === undefined || line.cell === undefined) continue;
      const { rule, setting } = line.cell;
      const kind = `${rule} ${setting.shots === undefined || setting.shots === 'exact'}`;
      const before = found.get(kind);
      if (before === undefined || (line.seconds ?? 0) < before.seconds) found.set(kind, line as Trained);
    }
  }
  return [...found.values()];
}

/** Makes the data and model of a problem. */
type Prepare = (problem: Problem, seed: number) => Promise<Prepared>;

/**
 * Trains one cell of every rule again, exact and with shots: today's core has to come to what is kept.
 * @returns how many were trained
 * @throws AssertionError for one that comes to something else: its rule has changed, and its cells have to go
 */
export async function recheck(folder: string, prepare: Prepare): Promise<number> {
  const kept = quickest(folder);
  for (const { cell, result } of kept) {
    const found = await trainCell(workOf(cell, await prepare(cell.problem, cell.seed)));
    assert.deepEqual(found, result, `a cell of ${cell.rule} comes to something else today`);
  }
  return kept.length;
}
