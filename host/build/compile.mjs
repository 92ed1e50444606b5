/** Compiles and tunes one target of the core, in a thread of the pool that targets.mjs keeps. */
import { fileURLToPath } from 'node:url';
import { main } from 'assemblyscript/asc';
import { tuneWasm } from './tune-wasm.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
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
