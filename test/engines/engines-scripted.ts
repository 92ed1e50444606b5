/** Engines that run a program with the tasks as its arguments: Node, Deno, Bun, wasmtime. */
import { type Engine, firstOf, HERE, INSTALLED, output, pairs, separated } from './engine.ts';

/** @param version what prints its version @param args what goes before the tasks */
function scripted(
  name: string,
  needs: string,
  places: readonly string[],
  version: readonly string[],
  args: readonly string[],
): Engine {
  return {
    name,
    needs,
    async find() {
      const program = firstOf(...places);
      if (program === undefined) return undefined;
      try {
        const text = await output(program, version);
        return {
          version: text.trim().split('\n')[0].replace(/ \(.*/, ''),
          run: async (tasks) => separated(await output(program, [...args, ...pairs(tasks)])),
        };
      } catch (error) {
        // Python is there, its package is not.
        if (/No module named/.test(String(error))) return undefined;
        throw error;
      }
    },
  };
}

/** Where their programs are: of the packages in package.json, or on the path. */
const PACKAGES = `${INSTALLED}npm/node_modules/`;
export const DENO_PLACES = [`${PACKAGES}@deno/linux-x64-glibc/deno`, 'deno'];
export const BUN_PLACES = [`${PACKAGES}@oven/bun-linux-x64/bin/bun`, 'bun'];
export const PYTHON_PLACES = [`${INSTALLED}python/bin/python`, 'python3'];
const MAIN = `${HERE}main.js`;
const INSTALL = 'bash test/engines/install.sh';

export const NODE = scripted(
  'Node',
  '',
  [process.execPath],
  ['-p', '"Node " + process.versions.node + ", V8 " + process.versions.v8'],
  [MAIN],
);

export const DENO = scripted(
  'Deno',
  INSTALL,
  DENO_PLACES,
  ['--version'],
  ['run', '--no-config', '--allow-read', MAIN],
);

export const BUN = scripted('Bun', INSTALL, BUN_PLACES, ['-p', '`Bun ${Bun.version}`'], ['run', MAIN]);

export const WASMTIME = scripted(
  'wasmtime',
  INSTALL,
  PYTHON_PLACES,
  ['-c', 'import wasmtime, importlib.metadata as m; print("wasmtime", m.version("wasmtime"))'],
  [`${HERE}transcript.py`],
);
