/** The targets of the core: what asconfig.json lists, made into build/ when a source of theirs has changed. */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Tinypool } from 'tinypool';
import { ensure, filesBelow, ROOT, versionOf } from './fresh.mjs';
import { absentExports } from './profiles.mjs';

const { entries, targets, options } = JSON.parse(readFileSync(`${ROOT}asconfig.json`, 'utf8'));
const TOOLS = [versionOf('assemblyscript'), versionOf('binaryen')];

/** Names of all targets. @type {readonly string[]} */
export const TARGETS = Object.keys(targets);

/** Where a target's module goes. @param {string} target @returns {string} */
export const moduleOf = (target) => targets[target].outFile;

/** The target that makes a module, if one does. @param {string} path */
export const targetOf = (path) => TARGETS.find((target) => moduleOf(target) === path);

/** @type {Tinypool | undefined} */
let pool;

/** Threads that compile, no more than there are processors. */
function threads() {
  pool ??= new Tinypool({
    filename: new URL('./compile.mjs', import.meta.url).href,
    minThreads: 0,
    maxThreads: availableParallelism(),
  });
  return pool;
}

/**
 * @param {string} target
 * @returns {import('./fresh.mjs').Rule}
 */
function targetRule(target) {
  return {
    name: target,
    recipe: JSON.stringify([entries, targets[target], options, TOOLS]),
    inputs: [
      ...filesBelow('assembly', /\.ts$/),
      'host/build/compile.mjs',
      'host/build/profiles.mjs',
      'host/build/tune-wasm.mjs',
    ],
    async make() {
      const content = await threads().run({ target, absent: absentExports(targets[target].use) });
      return { outputs: [{ path: moduleOf(target), content }] };
    },
  };
}

/** Makes some targets, side by side. @param {readonly string[]} names */
export async function ensureTargets(names) {
  await Promise.all(names.map((target) => ensure(targetRule(target))));
}

/** Has the compiler check a target without making it. @param {string} target */
export async function checkTarget(target) {
  const use = [...targets[target].use, ...options.use];
  await threads().run({ entries, options: { ...options, ...targets[target], use } }, { name: 'check' });
}

/** Lets the threads go. */
export async function closeTargets() {
  await pool?.destroy();
}
