/** Whether today's core still comes to the cells of a report that are kept. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashOfPaperCell } from '../../host/paper/experiment.ts';
import { RUNNERS, type Runner } from '../../host/paper/runners/index.ts';
import type { RunnerName } from '../../host/paper/runners/names.ts';
import type { Cell, Json, Problem } from '../../host/study/cell.ts';
import { failureFrom } from '../../host/study/result.ts';
import { workOf } from '../../host/study/run-cells.ts';
import { type Prepared, trainCell } from '../../host/study/train-cell.ts';
import { linesOf } from './cells.ts';

/** What is worked out without being a plain training. */
interface Value {
  readonly runner: RunnerName;
  readonly input: Json;
}

/** A line of a store: a cell, and a result, a value or a failure. */
interface Kept {
  readonly cell: Cell | Value;
  readonly hash: string;
  readonly seconds: number;
  readonly result?: unknown;
  readonly value?: unknown;
  readonly failure?: unknown;
}

/** Makes the data and model of a problem. */
type Prepare = (problem: Problem, seed: number) => Promise<Prepared>;

const namesIn = (fields: unknown) => Object.keys(fields ?? {}).sort();

/**
 * Of cells that are alike: they name the same options and leave the same ones to their defaults, so that what changes a rule,
 * a problem or a default changes all of them.
 */
function kindOf(cell: Cell | Value): string {
  if ('runner' in cell) return JSON.stringify([cell.runner, namesIn(cell.input)]);
  const { rule, problem, setting, model, looks, ascent } = cell;
  const isExact = setting.shots === undefined || setting.shots === 'exact';
  return JSON.stringify([rule, problem.name, isExact, namesIn(setting), namesIn(model), looks > 0, ascent]);
}

const nameOf = (cell: Cell | Value) =>
  'runner' in cell ? cell.runner : `${cell.rule}, ${cell.problem.name}, seed ${cell.seed}`;

/** The hash that the cell has today. */
const hashNow = (cell: Cell | Value) =>
  hashOfPaperCell(
    'runner' in cell ? { kind: 'value', name: '', seconds: 0, ...cell } : { kind: 'training', cell },
  );

/** The quickest cell of each kind. @throws AssertionError for one that would not be found by its hash */
function quickest(folder: string): Kept[] {
  const found = new Map<string, Kept>();
  for (const name of readdirSync(folder).filter((each) => each.endsWith('.jsonl'))) {
    for (const text of linesOf(readFileSync(join(folder, name)))) {
      const line = JSON.parse(text) as Kept;
      const { cell, hash, seconds } = line;
      assert.equal(hashNow(cell), hash, `${name}: a cell of ${nameOf(cell)} has another hash today`);
      const kind = kindOf(cell);
      const before = found.get(kind);
      if (before === undefined || seconds < before.seconds) found.set(kind, line);
    }
  }
  return [...found.values()];
}

/** What a cell comes to today. */
async function made(cell: Cell | Value, prepare: Prepare, runners: Readonly<Record<string, Runner>>) {
  try {
    if ('runner' in cell) return { value: await runners[cell.runner](cell.input) };
    return { result: await trainCell(workOf(cell, await prepare(cell.problem, cell.seed))) };
  } catch (error) {
    return { failure: failureFrom(error) };
  }
}

/**
 * Makes the quickest cell of each kind again.
 * @returns how many
 * @throws AssertionError for one that comes to something else: the cells of its kind have to go
 */
export async function recheck(
  folder: string,
  prepare: Prepare,
  runners: Readonly<Record<string, Runner>> = RUNNERS,
): Promise<number> {
  const kept = quickest(folder);
  for (const { cell, hash: _, seconds: __, ...outcome } of kept) {
    // As a line has it: there is no -0 in JSON.
    const found: unknown = JSON.parse(JSON.stringify(await made(cell, prepare, runners)));
    assert.deepEqual(found, outcome, `a cell of ${nameOf(cell)} comes to something else today`);
  }
  return kept.length;
}
