/**
 * Builds the package: the core's targets into build/, everything that is published into dist/.
 *
 *   node host/build/build.mjs               all of it
 *   node host/build/build.mjs --core-only   the core alone
 *
 * A target is compiled again only when a source is newer than its module. On success the only output is
 * one line a file, with its size, on stderr.
 */
import { spawn } from 'node:child_process';
import {
  chmod,
  copyFile,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { tuneWasm } from './tune-wasm.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Names of the modules that a package user can ask for; `debug` and `compact` stay in build/. */
const PUBLISHED = [
  'core.wasm',
  'core.device.wasm',
  'core.device-f32.wasm',
  'core.device-fast.wasm',
  'core.device-fast-f32.wasm',
];
/** What every bundle has in common. The library itself needs nothing but a browser's globals. */
const BUNDLE = {
  absWorkingDir: ROOT,
  bundle: true,
  format: 'esm',
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
};

/** Runs a program of node_modules; its output is shown only when it fails. */
function run(program, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [`${ROOT}node_modules/${program}`, ...args], { cwd: ROOT });
    let output = '';
    child.stdout.on('data', (text) => (output += text));
    child.stderr.on('data', (text) => (output += text));
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`${program} failed\n${output}`))));
  });
}

/** Time of the last change in milliseconds; of a missing file, before everything. */
async function changed(path) {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => Number.NEGATIVE_INFINITY,
  );
}

async function report(path) {
  const { size } = await stat(ROOT + path);
  process.stderr.write(`${path} ${size} bytes\n`);
}

/** Compiles a target unless it is up to date. The module appears whole or not at all. */
async function compile(target, { outFile, use }, sourcesChanged) {
  if ((await changed(ROOT + outFile)) > sourcesChanged) return;
  const partial = `build/.${target}.${process.pid}.wasm`;
  try {
    await run('assemblyscript/bin/asc.js', ['--target', target, '--outFile', partial]);
    if (target !== 'debug') {
      const tuned = tuneWasm(await readFile(ROOT + partial), target, !/PROFILE=[01]$/.test(use.at(-1)));
      await writeFile(ROOT + partial, tuned);
    }
    await rename(ROOT + partial, ROOT + outFile);
  } catch (error) {
    await unlink(ROOT + partial).catch(() => {});
    throw error;
  }
}

async function buildCore() {
  const { targets } = JSON.parse(await readFile(`${ROOT}asconfig.json`, 'utf8'));
  const files = (await readdir(`${ROOT}assembly`, { recursive: true })).filter((name) =>
    name.endsWith('.ts'),
  );
  const sources = ['asconfig.json', 'host/build/tune-wasm.mjs', ...files.map((name) => `assembly/${name}`)];
  const times = await Promise.all(sources.map((path) => changed(ROOT + path)));
  await mkdir(`${ROOT}build`, { recursive: true });
  const entries = Object.entries(targets);
  await Promise.all(entries.map(([name, settings]) => compile(name, settings, Math.max(...times))));
  for (const [, { outFile }] of entries) await report(outFile);
}

/**
 * Both entries must throw the same error classes, or a caller's `instanceof` would miss half of them: the
 * data entry takes them from the main one instead of carrying a copy.
 */
const sharedErrors = {
  name: 'shared-errors',
  setup({ onResolve }) {
    onResolve({ filter: /\/errors\.ts$/ }, () => ({ path: './index.js', external: true }));
  },
};

/** The entries for worker threads and quantum processors have all of the library from the main one, for the same reason. */
const mainEntry = {
  name: 'main-entry',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.\/index\.ts$/ }, () => ({ path: './index.js', external: true }));
  },
};

/** The release build stays a chunk of its own, which the library loads when it trains. */
const separateRelease = {
  name: 'separate-release',
  setup({ onResolve }) {
    onResolve({ filter: /\/release-core\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './release-core.js', external: true } : undefined,
    );
  },
};

/**
 * A module's bytes as a string, a character each. It keeps the pattern of the bytes, which base64 breaks up,
 * so that a compressed library is a tenth smaller. The shift moves the many small bytes past the characters
 * that a string has to escape.
 */
const TEXT_SHIFT = 36;
const wasmAsText = {
  name: 'wasm-as-text',
  setup({ onLoad }) {
    onLoad({ filter: /\.wasm$/ }, async ({ path }) => ({
      contents: `const text = ${JSON.stringify(String.fromCharCode(...Array.from(await readFile(path), (byte) => byte + TEXT_SHIFT)))};
        const bytes = new Uint8Array(text.length);
        for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i) - ${TEXT_SHIFT};
        export default bytes;`,
    }));
  },
};

async function bundle() {
  const { build } = await import('esbuild');
  const library = { ...BUNDLE, minify: true, platform: 'browser', target: 'es2022' };
  const program = {
    ...BUNDLE,
    platform: 'node',
    target: 'node20',
    minifySyntax: true,
    minifyWhitespace: true,
  };
  const bundles = await Promise.all([
    build({
      ...library,
      entryPoints: ['host/index.ts'],
      outfile: 'dist/index.js',
      plugins: [separateRelease, wasmAsText],
    }),
    build({
      ...library,
      entryPoints: ['host/core/release-core.ts'],
      outfile: 'dist/release-core.js',
      plugins: [wasmAsText],
    }),
    build({
      ...library,
      entryPoints: ['host/data/index.ts'],
      outfile: 'dist/data.js',
      plugins: [sharedErrors, wasmAsText],
    }),
    build({
      ...library,
      entryPoints: ['host/qpu/index.ts'],
      outfile: 'dist/qpu.js',
      plugins: [mainEntry],
    }),
    build({
      ...program,
      entryPoints: {
        parallel: 'host/parallel/index.ts',
        'parallel-worker': 'host/parallel/worker.ts',
        // The pool starts its threads with a file of its own, which it looks for here.
        'entry/worker': 'node_modules/tinypool/dist/entry/worker.js',
      },
      outdir: 'dist',
      plugins: [mainEntry],
    }),
    build({
      ...program,
      entryPoints: ['host/cli/main.ts'],
      outfile: 'dist/cli.js',
      plugins: [wasmAsText],
      banner: {
        // Packages in CommonJS form still call `require` for Node's own modules.
        js: '#!/usr/bin/env node\nimport { createRequire as __createRequire } from "node:module";\nconst require = __createRequire(import.meta.url);',
      },
    }),
  ]);
  await chmod(`${ROOT}dist/cli.js`, 0o755);
  const outputs = bundles.flatMap(({ metafile }) => Object.keys(metafile.outputs));
  for (const path of outputs) await report(path);
  await writeLicences(bundles.flatMap(({ metafile }) => Object.keys(metafile.inputs)));
}

/** The licences of the packages whose code is in the bundles; theirs ask that they travel along. */
async function writeLicences(inputs) {
  const names = inputs.flatMap((path) => path.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1] ?? []);
  const parts = [...new Set(names)].sort().map(async (name) => {
    const folder = `${ROOT}node_modules/${name}`;
    const { version, license } = JSON.parse(await readFile(`${folder}/package.json`, 'utf8'));
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file === undefined ? '' : `\n${await readFile(`${folder}/${file}`, 'utf8')}`;
    return `${name} ${version} (${license})\n${text}`;
  });
  await writeFile(`${ROOT}dist/THIRD-PARTY-LICENCES.txt`, (await Promise.all(parts)).join('\n----\n\n'));
  await report('dist/THIRD-PARTY-LICENCES.txt');
}

/** What a C program includes. */
async function copyHeader() {
  await copyFile(`${ROOT}host/devices/nlr_vqa.h`, `${ROOT}dist/nlr_vqa.h`);
  await report('dist/nlr_vqa.h');
}

async function copyData() {
  await mkdir(`${ROOT}dist/mnist-0-1`, { recursive: true });
  const names = (await readdir(`${ROOT}host/data/mnist-0-1`)).filter((name) => /\.gz$|^README/.test(name));
  for (const name of names) {
    await copyFile(`${ROOT}host/data/mnist-0-1/${name}`, `${ROOT}dist/mnist-0-1/${name}`);
    await report(`dist/mnist-0-1/${name}`);
  }
}

/** Type declarations, whose imports get the extension that every resolution mode knows. */
async function declare() {
  await rm(`${ROOT}dist/types`, { recursive: true, force: true });
  await run('typescript/bin/tsc', ['-p', 'host/tsconfig.types.json']);
  await run('typescript/bin/tsc', ['-p', 'host/parallel/tsconfig.types.json']);
  await run('typescript/bin/tsc', ['-p', 'host/qpu/tsconfig.types.json']);
  let bytes = 0;
  for (const name of await readdir(`${ROOT}dist/types`, { recursive: true })) {
    if (!name.endsWith('.d.ts')) continue;
    const text = await readFile(`${ROOT}dist/types/${name}`, 'utf8');
    const portable = text.replace(/(from |import\()(['"])(\.[^'"]*)\.ts\2/g, '$1$2$3.js$2');
    await writeFile(`${ROOT}dist/types/${name}`, portable);
    bytes += portable.length;
  }
  process.stderr.write(`dist/types ${bytes} bytes\n`);
}

async function buildPackage() {
  await mkdir(`${ROOT}dist`, { recursive: true });
  for (const name of PUBLISHED) {
    await copyFile(`${ROOT}build/${name}`, `${ROOT}dist/${name}`);
    await report(`dist/${name}`);
  }
  await Promise.all([bundle(), copyData(), copyHeader(), declare()]);
}

const { values } = parseArgs({ options: { 'core-only': { type: 'boolean', default: false } } });
await buildCore();
if (!values['core-only']) await buildPackage();
