/** Runs every task on every engine and puts the results into one matrix. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { BUILDS, type Build, type List, LISTS, runs } from './builds.ts';
import { type Engine, INSTALLED, ROOT, type Task } from './engine.ts';
import { scriptOf } from './script.ts';
import { transcript } from './transcript.js';
import { defects, difference, hashesOf, type Hashes } from './verdict.ts';

/** What an engine did with a script on a build. */
export interface Cell {
  readonly build: Build['name'];
  readonly list: List['name'];
  /** Of the transcript; undefined when there is none. */
  readonly hashes?: Hashes;
  /** What is wrong with it; undefined when nothing is. */
  readonly fault?: string;
  /** Why it was not run. */
  readonly skipped?: string;
}

/** What became of an engine. */
export interface Row {
  readonly engine: string;
  readonly verdict: 'same' | 'different' | 'failed' | 'missing';
  /** Its version, what went wrong, or what to install. */
  readonly detail: string;
  readonly seconds: number;
  readonly cells: readonly Cell[];
}

/** All tasks, their scripts written where every engine finds them. */
export function writeTasks(): Task[] {
  const folder = `${INSTALLED}scripts/`;
  mkdirSync(folder, { recursive: true });
  return LISTS.flatMap((list) => {
    const script = `${folder}${list.name.replace(' ', '-')}.txt`;
    const text = scriptOf(list.cases);
    writeFileSync(script, text);
    const builds = BUILDS.filter((build) => runs(build, list));
    return builds.map((build) => ({ build, list, module: ROOT + build.module, script, text }));
  });
}

/** The tasks' transcripts in this very process, which the others are compared with. */
export function expectedOf(tasks: readonly Task[]): string[] {
  return tasks.map(({ module, text }) => transcript(new WebAssembly.Module(readFileSync(module)), text));
}

/**
 * What is wrong with the expected transcripts themselves: cases that do not do what they are for, builds of the
 * same reals that differ, or builds of other reals that do not.
 */
export function defectsOf(tasks: readonly Task[], expected: readonly string[]): string[] {
  const found: string[] = [];
  tasks.forEach(({ build, list }, i) => {
    const first = tasks.findIndex((other) => other.list === list && other.build.reals === build.reals);
    const unsound = first === i ? defects(list, expected[i]) : [];
    for (const defect of unsound) found.push(`${build.name}, ${list.name}: ${defect}`);
    const apart = difference(expected[first], expected[i]);
    if (apart !== undefined)
      found.push(`${build.name} and ${tasks[first].build.name}, ${list.name}: ${apart}`);
    const twin = tasks.findIndex((other) => other.list === list && other.build.reals !== build.reals);
    if (expected[twin] === expected[i])
      found.push(`${build.name} and ${tasks[twin].build.name} have the same bits`);
  });
  return found;
}

/** The hashes of expected transcripts by list and reals, as hashes.json has them. */
export function recordOf(
  tasks: readonly Task[],
  expected: readonly string[],
): Record<string, Record<string, Hashes>> {
  const record: Record<string, Record<string, Hashes>> = {};
  tasks.forEach(({ build, list }, i) => {
    (record[list.name] ??= {})[build.reals] = hashesOf(expected[i]);
  });
  return record;
}

/** Whether an engine takes a task, and what became of it. */
function cellOf({ build, list }: Task, refused: string | undefined, expected: string, found?: string): Cell {
  const place = { build: build.name, list: list.name };
  if (refused !== undefined) return { ...place, skipped: refused };
  if (found === undefined) return { ...place, fault: 'no transcript' };
  return { ...place, hashes: hashesOf(found), fault: difference(expected, found) };
}

/** Runs all tasks on an engine. */
export async function rowOf(
  engine: Engine,
  tasks: readonly Task[],
  expected: readonly string[],
): Promise<Row> {
  const started = performance.now();
  const row = (verdict: Row['verdict'], detail: string, cells: readonly Cell[] = []): Row => ({
    engine: engine.name,
    verdict,
    detail,
    seconds: (performance.now() - started) / 1000,
    cells,
  });
  try {
    const present = await engine.find();
    if (present === undefined) return row('missing', engine.needs);
    const taken = tasks.filter(({ build }) => engine.refuses?.(build) === undefined);
    const transcripts = await present.run(taken);
    const cells = tasks.map((task, i) =>
      cellOf(task, engine.refuses?.(task.build), expected[i], transcripts[taken.indexOf(task)]),
    );
    return row(cells.some(({ fault }) => fault !== undefined) ? 'different' : 'same', present.version, cells);
  } catch (error) {
    return row('failed', (error as Error).message);
  }
}

/** Whether a run of the matrix is good. @param strict whether a missing engine is a failure */
export function isGood(rows: readonly Row[], faults: readonly string[], strict: boolean): boolean {
  const allowed = strict ? ['same'] : ['same', 'missing'];
  return rows.length > 0 && faults.length === 0 && rows.every(({ verdict }) => allowed.includes(verdict));
}
