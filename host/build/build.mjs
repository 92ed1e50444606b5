/**
 * Builds what is asked for, as far as it is out of date.
 *
 *   node host/build/build.mjs                             the package in dist/, and all targets of the core
 *   node host/build/build.mjs --targets debug,release     these targets alone; `all` for all of them
 *   node host/build/build.mjs dist/cli.js build/core.wasm these files, and what is in them
 *   node host/build/build.mjs --check device-fast-f32     nothing: the compiler looks the target over, in a second
 *
 * On success the only output is a line for each thing that was made, with its size, on stderr.
 */
import { parseArgs } from 'node:util';
import { ensurePackage, ensurePublished } from './package.mjs';
import { checkTarget, closeTargets, ensureTargets, TARGETS, targetOf } from './targets.mjs';

const { values, positionals } = parseArgs({
  options: { targets: { type: 'string' }, check: { type: 'string' } },
  allowPositionals: true,
});

/** The targets that an option names. @param {string} [list] @returns {string[]} */
function namedIn(list) {
  if (list === undefined) return [];
  if (list === 'all') return [...TARGETS];
  const names = list.split(',');
  const unknown = names.find((name) => !TARGETS.includes(name));
  if (unknown !== undefined) throw new Error(`no target ${unknown}; there are ${TARGETS.join(', ')}`);
  return names;
}

/** Builds a file of build/ or dist/. @param {string} path */
async function ensureFile(path) {
  const target = targetOf(path);
  if (target !== undefined) await ensureTargets([target]);
  else if (path.startsWith('dist/')) await ensurePublished(path);
  else throw new Error(`nothing makes ${path}`);
}

const everything = values.targets === undefined && values.check === undefined && positionals.length === 0;
try {
  await Promise.all([
    ensureTargets(everything ? TARGETS : namedIn(values.targets)),
    ...namedIn(values.check).map(checkTarget),
    ...positionals.map(ensureFile),
    ...(everything ? [ensurePackage()] : []),
  ]);
} catch (error) {
  process.stderr.write(`${/** @type {Error} */ (error).stack}\n`);
  process.exitCode = 1;
} finally {
  await closeTargets();
}
