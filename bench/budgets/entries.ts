/** What each entry of the package may weigh, minified and compressed: of its own, without what it shares with `nlr-vqa`. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { RecordedBudget as Row } from '../results/tables.ts';

const root = new URL('../..', import.meta.url);

/** Most KiB of each entry that is a program, by its name in package.json; `.` has a row of its own. */
export const ENTRY_BUDGETS: Readonly<Record<string, number>> = {
  './circuits': 10,
  './data': 60,
  './early-stopping': 3,
  './growth': 6,
  './noise': 7,
  './parallel': 11,
  './plateau': 20,
  './problems': 41,
  './qasm': 21,
  './qpu': 5,
  './study': 43,
};

/**
 * Most KiB of what a page fetches that trains: the entry and both of its chunks, the module with the engines of noise in one.
 * The fit of the head behind a training takes 2.5 of them.
 */
const TRAINING_BUDGET = 101;

/** Bytes of files of dist/, each compressed by gzip at level 9 as a server sends it. */
export function compressedBytes(...names: readonly string[]): number {
  const each = names.map((name) => gzipSync(readFileSync(new URL(`dist/${name}.js`, root)), { level: 9 }));
  return each.reduce((sum, { length }) => sum + length, 0);
}

/** A row for each entry but the main one, and one for all that a training loads. The package must be built. */
export function measureEntries(): readonly Row[] {
  const rows = Object.entries(ENTRY_BUDGETS).map(([entry, budget]) => ({
    what: `${entry.replace('.', 'nlr-vqa')}, minified + gzip`,
    budget: budget * 1024,
    found: compressedBytes(entry.replace('./', '')),
    unit: 'B',
  }));
  const training = {
    what: 'all that a page fetches that trains, minified + gzip',
    budget: TRAINING_BUDGET * 1024,
    found: compressedBytes('index', 'training', 'release-core'),
    unit: 'B',
  };
  return [...rows, training];
}
