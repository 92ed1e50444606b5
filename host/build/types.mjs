/** The type declarations of dist/types. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { filesBelow, ROOT, versionOf } from './fresh.mjs';

/** One for each entry of the package that has types of its own. */
const PROJECTS = ['host', 'host/parallel', 'host/qpu', 'host/study'].map(
  (folder) => `${folder}/tsconfig.types.json`,
);

/** @param {string} project @param {string} outDir */
async function declare(project, outDir) {
  const compiler = `${ROOT}node_modules/typescript/bin/tsc`;
  try {
    await promisify(execFile)(process.execPath, [compiler, '-p', project, '--outDir', outDir], { cwd: ROOT });
  } catch (error) {
    const { stdout } = /** @type {{ stdout: string }} */ (error);
    throw new Error(`${project} does not compile\n${stdout}`, { cause: error });
  }
}

/** Typed arrays with the kind of their buffer, which TypeScript has known since 5.7. */
const GENERIC_ARRAY = /\b((?:Big)?(?:Int|Uint|Float)\d+(?:Clamped)?Array)<\w+>/g;

/** Of programs with neither the DOM nor Node's types; with either it says nothing new. */
const SIGNAL =
  'declare global {\n    interface AbortSignal {\n        readonly aborted: boolean;\n    }\n}\n';

/** A declaration as every TypeScript from 5.4 on reads it, in every resolution mode. @param {string} text */
function portable(text) {
  const resolved = text.replace(/(from |import\()(['"])(\.[^'"]*)\.ts\2/g, '$1$2$3.js$2');
  return resolved.replace(GENERIC_ARRAY, '$1') + (/\bAbortSignal\b/.test(text) ? SIGNAL : '');
}

/**
 * Declarations that do not ask more of a compiler than they must.
 * @returns {import('./fresh.mjs').Rule}
 */
export function typesRule() {
  return {
    name: 'types',
    recipe: versionOf('typescript'),
    inputs: [
      'host/build/types.mjs',
      'tsconfig.json',
      ...PROJECTS,
      ...filesBelow('host', /\.ts$/),
      ...filesBelow('assembly/abi', /\.ts$/),
    ],
    async make() {
      const folder = await mkdtemp(`${ROOT}build/.types-`);
      try {
        for (const project of PROJECTS) await declare(project, folder);
        const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.d.ts'));
        const outputs = names.map(async (name) => {
          const text = await readFile(`${folder}/${name}`, 'utf8');
          return { path: `dist/types/${name.replaceAll('\\', '/')}`, content: portable(text) };
        });
        return { outputs: await Promise.all(outputs) };
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}
