/**
 * What the tests run on, built when it is missing or out of date: a test gets a module or a file of dist/ through
 * here, so that a test file run alone needs no build before it. The test command builds beforehand what it can
 * foresee, side by side, and says so in NLR_READY: a source that changes during a run does not mix two states.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FOLDER = `${ROOT}build/loaded/`;

/** Paths that are up to date. */
const ready = new Set((process.env.NLR_READY ?? '').split(','));

/** Builds a file of build/ or dist/, relative to the root, unless it is up to date. @param {string} path */
export function ensureBuilt(path) {
  if (ready.has(path)) return;
  const { status, stderr } = spawnSync(process.execPath, [`${ROOT}host/build/build.mjs`, path], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${path} is not built\n${stderr}`);
  ready.add(path);
}

/** Where it is kept what a test file loaded. @param {string} test its path from the root */
const recordOf = (test) => `${FOLDER}${test.replace(/[\\/]/g, '-')}.json`;

/** @type {Set<string>} */
const loaded = new Set();

/** Builds a module that a test loads, and keeps on record that it does, for the next run to foresee. @param {string} path */
export function ensureLoaded(path) {
  ensureBuilt(path);
  const script = process.argv[1] ?? '';
  if (loaded.has(path) || !script.endsWith('.test.ts')) return;
  loaded.add(path);
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(recordOf(relative(ROOT, script)), JSON.stringify([...loaded]));
}

/** The modules that a test file loaded when it last ran. @param {string} test its path from the root @returns {string[]} */
export function loadedBefore(test) {
  try {
    return JSON.parse(readFileSync(recordOf(test), 'utf8'));
  } catch {
    return [];
  }
}
