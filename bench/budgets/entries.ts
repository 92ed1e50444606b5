/** What each entry of the package may weigh, minified and compressed: of its own, without what it shares with `nlr-vqa`; and the lab. */
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
 * Most KiB of what a page fetches that trains: the entry and two of its chunks, the module with the engines
 * of noise in one. The rules that are there to be compared with take 3 of it; a third chunk comes when a head is to be refitted.
 */
const TRAINING_BUDGET = 101;

/** Bytes of files of dist/, each compressed by gzip at level 9 as a server sends it. */
export function compressedBytes(...names: readonly string[]): number {
  const each = names.map((name) => gzipSync(readFileSync(new URL(`dist/${name}.js`, root)), { level: 9 }));
  return each.reduce((sum, { length }) => sum + length, 0);
}

/** Most bytes of the lab before its data. */
export const LAB_BUDGET = 150_000;

/** Files of dist/lab that are fetched before anything runs, but for what the scripts among them import. */
const LAB_START = ['index.html', 'lab.css', 'lab.js', 'worker.js', 'nlr-vqa/core.wasm'];

/** Chunks of the library that a training asks for. */
const LAB_LATER = ['nlr-vqa/training.js', 'nlr-vqa/release-core.js'];

/** What a visitor of the lab waits for before the data comes: the page, and the library as far as a training needs it. */
export function labFiles(): readonly string[] {
  const all = new Set([...LAB_START, ...LAB_LATER]);
  for (const name of all) {
    if (!name.endsWith('.js')) continue;
    const code = readFileSync(new URL(`dist/lab/${name}`, root), 'utf8');
    for (const [, other = ''] of code.matchAll(/(?:from|import)\s*"(\.\/[\w/-]+\.js)"/g))
      all.add(new URL(other, `file:///${name}`).pathname.slice(1));
  }
  return [...all];
}

/** Their bytes, each compressed by gzip at level 9. */
export function labBytes(): number {
  const each = labFiles().map((name) =>
    gzipSync(readFileSync(new URL(`dist/lab/${name}`, root)), { level: 9 }),
  );
  return each.reduce((sum, { length }) => sum + length, 0);
}

/** A row for each entry but the main one, one for all that a training loads, and one for the lab. The package must be built. */
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
  const lab = {
    what: 'the lab before its data, with the library, minified + gzip',
    ...{ budget: LAB_BUDGET, found: labBytes(), unit: 'B' },
  };
  return [...rows, training, lab];
}
