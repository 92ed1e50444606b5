/**
 * Which files of build/ and dist/ some test files need, found in what they import: every file that they reach is
 * searched for the paths of built files. The modules that the harness loads by the name of their build are not in
 * any text; those are the ones that a test loaded when it last ran, and the harness builds what that leaves out.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';
import { loadedBefore } from './built.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What a text says of built files: a module by its path, any module by a path with a gap, or a file of dist/. */
const MODULE = /build\/core\.[\w.${}-]*wasm/g;
const PACKAGE = /\bdist\//;

/** Files of the repository that each file imports. @param {readonly string[]} files */
async function importsOf(files) {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [...files],
    bundle: true,
    write: false,
    outdir: 'build',
    metafile: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    external: ['*.wasm'],
    logLevel: 'error',
  });
  return Object.entries(metafile.inputs);
}

/** @param {string} path */
const loaderOf = (path) => (path.endsWith('.json') ? 'json' : path.endsWith('.tsx') ? 'tsx' : 'ts');

/** @param {string} path from the root @param {readonly string[]} modules for a path with a gap */
async function needsOfFile(path, modules) {
  const source = await readFile(ROOT + path, 'utf8');
  // Without its comments, which speak of much that a file does not load.
  const { code: text } = await transform(source, { loader: loaderOf(path), minifyWhitespace: true });
  const needs = [...text.matchAll(MODULE)].flatMap(([name]) => (name.includes('$') ? modules : [name]));
  return PACKAGE.test(text) ? [...needs, 'dist/'] : needs;
}

/**
 * @param {readonly string[]} files from the root
 * @param {readonly string[]} modules those of the builds that the tests go through
 * @returns {Promise<string[]>} paths for host/build/build.mjs
 */
export async function needsOf(files, modules) {
  if (files.length === 0) return [];
  const reached = await importsOf(files);
  const inTexts = await Promise.all(reached.map(([path]) => needsOfFile(path, modules)));
  const loaded = files.flatMap(loadedBefore).filter((path) => modules.includes(path));
  return [...new Set([...inTexts.flat(), ...loaded])];
}
