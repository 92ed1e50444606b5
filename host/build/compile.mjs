/** Compiles one target of the core, in a thread of the pool that targets.mjs keeps. */
import { fileURLToPath } from 'node:url';
import { main } from 'assemblyscript/asc';
import { tuneWasm } from './tune-wasm.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Compiles and tunes a target.
 * @param {object} task
 * @param {string} task.target its name in asconfig.json
 * @param {readonly string[]} task.absent exports that it has no use for
 * @returns {Promise<Uint8Array>} the module
 */
export default async function compile({ target, absent }) {
  /** @type {Uint8Array} */
  let wasm = new Uint8Array();
  const { error, stderr } = await main(['--baseDir', ROOT, '--target', target, '--outFile', 'core.wasm'], {
    writeFile: (_, content) => {
      wasm = /** @type {Uint8Array} */ (content);
    },
  });
  if (error !== null) throw new Error(`the target ${target} does not compile\n${stderr}`);
  return target === 'debug' ? wasm : tuneWasm(wasm, target, absent);
}

/** Settings as the compiler's arguments. @param {object} settings */
function flags(settings) {
  return Object.entries(settings).flatMap(([name, value]) => {
    if (typeof value === 'boolean') return value ? [`--${name}`] : [];
    return [value].flat().flatMap((item) => [`--${name}`, String(item)]);
  });
}

/**
 * Has the compiler check a target, and make nothing: it refuses what TypeScript lets pass, such as a double where
 * a build is in single precision.
 * @param {object} task
 * @param {string[]} task.entries
 * @param {object} task.options the target's and those of all, in one
 */
export async function check({ entries, options }) {
  const settings = { ...options, converge: false, optimizeLevel: 0, shrinkLevel: 0, noEmit: true };
  const isolated = ['--config', 'none', '--baseDir', ROOT];
  const { error, stderr } = await main([...entries, ...isolated, ...flags(settings)]);
  if (error !== null) throw new Error(`the core does not compile\n${stderr}`);
}
