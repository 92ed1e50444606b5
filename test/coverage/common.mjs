/** What the three kinds of coverage have in common. */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const FOLDER = `${ROOT}build/coverage/`;

/**
 * Branches of a folder, and how many of them some test takes.
 * @typedef {object} Row
 * @property {string} room
 * @property {number} branches
 * @property {number} taken
 *
 * What was looked at in one way.
 * @typedef {object} Part
 * @property {string} what
 * @property {number} tests files of tests that ran
 * @property {number} [unrun] files of tests that the minutes did not suffice for
 * @property {number} failed files of them that failed, for instance because they look at sizes or times
 * @property {{ counted: number, all: number }} [sources] how many were looked at, where that is not all of them
 * @property {Row[]} rows
 * @property {string[]} [missed] places of branches that no test took, which are not recorded
 */

/** Test files below a folder. @param {string} folder from the root */
export const testsBelow = (folder) =>
  readdirSync(ROOT + folder, { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((name) => name.endsWith('.test.ts'))
    .sort();

/**
 * Runs test files.
 * @param {readonly string[]} tests
 * @param {readonly string[]} loaded before each
 * @param {NodeJS.ProcessEnv} env
 * @param {string} [folder] where they are
 * @param {number} [minutes] after which none is begun
 * @returns {Promise<{ failed: number, unrun: number }>} how many failed, and how many were not begun
 */
export async function runTests(tests, loaded, env, folder = ROOT, minutes = Infinity) {
  let failed = 0;
  const left = [...tests];
  const end = performance.now() + minutes * 60_000;
  const one = async () => {
    while (left.length > 0 && performance.now() < end) {
      const test = left.shift() ?? '';
      const hooks = ['tsx', './test/support/wasm.mjs', ...loaded].flatMap((name) => ['--import', name]);
      const child = spawn(process.execPath, [...hooks, test], {
        ...{ cwd: folder, stdio: /** @type {const} */ ('ignore') },
        env: { ...process.env, ...env },
      });
      const code = await new Promise((resolve) => child.on('close', resolve));
      if (code !== 0) failed++;
      process.stderr.write(`${code === 0 ? 'ok    ' : 'FAILED'} ${test}, ${left.length} to come\n`);
    }
  };
  await Promise.all([one(), one()]);
  return { failed, unrun: left.length };
}
