/** The bundles of dist/: the library's entries, and the command. */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { ensure, filesBelow, recordOf, ROOT, versionOf } from './fresh.mjs';
import { ensureTargets, targetOf } from './targets.mjs';

/**
 * The release build stays a chunk of its own, which the library loads when it trains.
 * @type {import('esbuild').Plugin}
 */
const separateRelease = {
  name: 'separate-release',
  setup({ onResolve }) {
    onResolve({ filter: /\/release-core\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './release-core.js', external: true } : undefined,
    );
  },
};

/**
 * What only training needs stays a chunk of its own too.
 * @type {import('esbuild').Plugin}
 */
const separateTraining = {
  name: 'separate-training',
  setup({ onResolve }) {
    onResolve({ filter: /\/training-chunk\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './training.js', external: true } : undefined,
    );
  },
};

/**
 * What a file of dist/ exports, for what lies beside it to share: a line for each name, by the files that they are from.
 * @param {string} built @param {readonly string[]} sources
 * @returns {[file: string, line: string][]}
 */
const sharedBy = (built, ...sources) =>
  sources.flatMap((source) => {
    const exports = readFileSync(ROOT + source, 'utf8').matchAll(/^export \{([^}]*)\} from '(.*)';/gm);
    return [...exports].flatMap(([, list, path]) => {
      const names = list.split(',').flatMap((name) => name.match(/^\s*(\w+)\s*$/)?.[1] ?? []);
      const file = join(dirname(source), path).replaceAll('\\', '/');
      return names.map(
        (name) => /** @type {[string, string]} */ ([file, `export { ${name} } from '${built}';`]),
      );
    });
  });

/**
 * A chunk of the main entry, or an entry beside it, has from it what that exports, so that a program has it once: the
 * core's bytes, and the classes of errors, by which callers know them. It has copies of what else it needs. Each name is
 * an import of its own, so that those of which nothing is left are left out.
 * @param {readonly [file: string, line: string][]} shared
 * @returns {import('esbuild').Plugin}
 */
const sharing = (shared) => ({
  name: 'from-entry',
  setup({ onResolve, onLoad }) {
    const files = new Set(shared.map(([file]) => file));
    onResolve({ filter: /^\.\.?\/.*\.ts$/ }, ({ path, resolveDir, namespace, kind }) => {
      const file = relative(ROOT, join(resolveDir, path)).replaceAll('\\', '/');
      if (namespace === 'entry' || kind === 'entry-point' || !files.has(file)) return undefined;
      return { path: file, namespace: 'entry', sideEffects: false };
    });
    onResolve({ filter: /^\.\/\w+\.js$/, namespace: 'entry' }, ({ path }) => ({
      path,
      external: true,
      sideEffects: false,
    }));
    // The entry alone has modules; of the copies here nothing asks for one.
    onResolve({ filter: /\.wasm$/ }, ({ path }) => ({ path, external: true, sideEffects: false }));
    onLoad({ filter: /./, namespace: 'entry' }, ({ path }) => {
      const lines = shared.filter(([file]) => file === path).map(([, line]) => line);
      // A name that is exported here hides the one that is behind the star.
      return { contents: [...lines, `export * from './${path}';`].join('\n'), resolveDir: ROOT };
    });
  },
});
const OF_ENTRY = sharedBy('./index.js', 'host/index.ts', 'host/entry.ts');
const fromEntry = sharing(OF_ENTRY);
const fromTraining = sharing([...OF_ENTRY, ...sharedBy('./training.js', 'host/api/training-chunk.ts')]);

/**
 * What fits a head behind a training stays a chunk of its own, which few trainings ask for.
 * @type {import('esbuild').Plugin}
 */
const separateHead = {
  name: 'separate-head',
  setup({ onResolve }) {
    onResolve({ filter: /\/head-refit\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './head-refit.js', external: true } : undefined,
    );
  },
};

/**
 * Charts and pictures of them stay chunks of their own, which the command loads when it draws.
 * @type {import('esbuild').Plugin}
 */
const separateCharts = {
  name: 'separate-charts',
  setup({ onResolve }) {
    onResolve({ filter: /\/(charts|png)\.ts$/ }, ({ kind, path }) =>
      kind === 'dynamic-import'
        ? { path: path.replace(/^.*\/(\w+)\.ts$/, './$1.js'), external: true }
        : undefined,
    );
  },
};

/**
 * A module's bytes as a string, a character each. It keeps the pattern of the bytes, which base64 breaks up,
 * so that a compressed library is a tenth smaller. The shift moves the many small bytes past the characters
 * that a string has to escape; it goes round, because a file with characters above 255 has twice the size in memory. A module that is missing or out of date is compiled on the way.
 * @type {import('esbuild').Plugin}
 */
const wasmAsText = {
  name: 'wasm-as-text',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\.wasm$/ }, ({ path, resolveDir }) => ({ path: `${resolveDir}/${path}` }));
    onLoad({ filter: /\.wasm$/ }, async ({ path }) => {
      const target = targetOf(relative(ROOT, path).replaceAll('\\', '/'));
      if (target !== undefined) await ensureTargets([target]);
      const shifted = (await readFile(path)).map((byte) => (byte + TEXT_SHIFT) % 256);
      return {
        contents: `const text = ${JSON.stringify(Buffer.from(shifted).toString('latin1'))};
          const bytes = new Uint8Array(text.length);
          for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i) - ${TEXT_SHIFT};
          export default bytes;`,
      };
    });
  },
};
const TEXT_SHIFT = 36;

/**
 * What every bundle has in common. The library itself needs nothing but a browser's globals.
 * @type {import('esbuild').BuildOptions}
 */
const BUNDLE = {
  absWorkingDir: ROOT,
  bundle: true,
  format: 'esm',
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
  outdir: 'dist',
};
/** @type {import('esbuild').BuildOptions} */
const LIBRARY = { ...BUNDLE, minify: true, platform: 'browser', target: 'es2022' };
/** @type {import('esbuild').BuildOptions} */
const PROGRAM = {
  ...BUNDLE,
  platform: 'node',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true,
};
/** Packages in CommonJS form still call `require` for Node's own modules. */
const REQUIRE =
  'import { createRequire as __createRequire } from "node:module";\nconst require = __createRequire(import.meta.url);';

/**
 * How each is bundled, by its name, which is also the name of its first file in dist/.
 * @type {Record<string, import('esbuild').BuildOptions>}
 */
const BUNDLES = {
  index: {
    ...LIBRARY,
    entryPoints: { index: 'host/entry.ts' },
    plugins: [separateRelease, separateTraining, wasmAsText],
  },
  training: {
    ...LIBRARY,
    entryPoints: { training: 'host/api/training-chunk.ts' },
    plugins: [separateHead, fromEntry],
  },
  'head-refit': {
    ...LIBRARY,
    entryPoints: { 'head-refit': 'host/api/head-refit.ts' },
    plugins: [fromTraining],
  },
  'release-core': {
    ...LIBRARY,
    entryPoints: { 'release-core': 'host/core/release-core.ts' },
    plugins: [wasmAsText],
  },
  'early-stopping': {
    ...LIBRARY,
    entryPoints: { 'early-stopping': 'host/early-stopping.ts' },
    plugins: [fromEntry],
  },
  growth: { ...LIBRARY, entryPoints: { growth: 'host/growth.ts' }, plugins: [fromEntry] },
  plateau: { ...LIBRARY, entryPoints: { plateau: 'host/plateau/index.ts' }, plugins: [fromEntry] },
  problems: { ...LIBRARY, entryPoints: { problems: 'host/problems/index.ts' }, plugins: [fromEntry] },
  noise: { ...LIBRARY, entryPoints: { noise: 'host/noise.ts' }, plugins: [fromEntry] },
  circuits: {
    ...LIBRARY,
    entryPoints: { circuits: 'host/circuits.ts' },
    plugins: [fromEntry],
  },
  data: { ...LIBRARY, entryPoints: { data: 'host/data/index.ts' }, plugins: [fromEntry] },
  qasm: { ...LIBRARY, entryPoints: { qasm: 'host/qasm/index.ts' }, plugins: [fromEntry] },
  qpu: { ...LIBRARY, entryPoints: { qpu: 'host/qpu/index.ts' }, plugins: [fromEntry] },
  parallel: {
    ...PROGRAM,
    entryPoints: {
      parallel: 'host/parallel/index.ts',
      'parallel-worker': 'host/parallel/worker.ts',
      // The pool starts its threads with a file of its own, which it looks for here.
      'entry/worker': 'node_modules/tinypool/dist/entry/worker.js',
    },
    plugins: [fromEntry],
  },
  study: {
    ...PROGRAM,
    entryPoints: { study: 'host/study/index.ts', 'study-worker': 'host/study/worker.ts' },
    plugins: [fromEntry],
    banner: { js: REQUIRE },
  },
  paper: {
    ...PROGRAM,
    entryPoints: { 'paper-worker': 'host/paper/worker.ts' },
    plugins: [fromEntry],
    banner: { js: REQUIRE },
  },
  cli: {
    ...PROGRAM,
    entryPoints: { cli: 'host/cli/main.ts' },
    // What a queue needs is the user's to install.
    external: ['bullmq', 'ioredis'],
    plugins: [separateCharts, wasmAsText],
    banner: { js: `#!/usr/bin/env node\n${REQUIRE}` },
  },
  'queue-worker': {
    ...PROGRAM,
    entryPoints: { 'queue-worker': 'host/cli/queue/processor.ts' },
    external: ['bullmq', 'ioredis'],
    plugins: [fromEntry],
    banner: { js: REQUIRE },
  },
  charts: { ...PROGRAM, entryPoints: { charts: 'host/cli/output/charts.ts' }, minify: true },
  png: { ...PROGRAM, entryPoints: { png: 'host/cli/output/png.ts' } },
};

/** The chunks that a bundle loads from beside it. @type {Record<string, string[]>} */
export const CHUNKS = {
  index: ['training', 'head-refit', 'release-core'],
  study: ['parallel', 'index', 'training', 'head-refit', 'release-core'],
  cli: ['charts'],
  'queue-worker': ['index', 'training', 'head-refit', 'release-core'],
};

/** Names of all bundles. */
export const BUNDLE_NAMES = Object.keys(BUNDLES);

/** Whether the last few per cent of size are not worth the minute: in a copy that is made to count its branches, and thrown away. */
const IS_QUICK = process.env.NLR_QUICK_BUILD !== undefined;

/**
 * What esbuild has bundled and minified, smaller still: by 3 % of the library's entry when compressed.
 * @param {string} code @returns {Promise<string>}
 */
export async function smallest(code) {
  const { minify } = await import('terser');
  const { code: smaller = code } = await minify(code, { module: true, ecma: 2020, compress: { passes: 3 } });
  return smaller;
}

/** @param {string} name @returns {import('./fresh.mjs').Rule} */
function bundleRule(name) {
  return {
    name: `bundle-${name}`,
    recipe: `${versionOf('esbuild')} ${IS_QUICK ? 'alone' : versionOf('terser')}`,
    inputs: [
      'host/build/bundles.mjs',
      'package.json',
      ...filesBelow('host', /\.ts$/),
      ...filesBelow('assembly/abi', /\.ts$/),
    ],
    async make() {
      const { build } = await import('esbuild');
      const options = BUNDLES[name];
      const { outputFiles, metafile } = await build({ ...options, metafile: true, write: false });
      const isFetched = options.platform === 'browser';
      return {
        outputs: await Promise.all(
          outputFiles.map(async ({ path, contents, text }) => ({
            path: relative(ROOT, path).replaceAll('\\', '/'),
            content: isFetched && !IS_QUICK ? await smallest(text) : contents,
            mode: name === 'cli' ? 0o755 : 0o644,
          })),
        ),
        // What a chunk has from the entry is no file.
        inputs: Object.keys(metafile.inputs).filter((path) => !path.startsWith('entry:')),
      };
    },
  };
}

/** What went into a bundle when it was last made. @param {string} name */
export const inputsOf = (name) => Object.keys(recordOf(`bundle-${name}`)?.inputs ?? {});

/** Makes some bundles, and first the modules that are in them. @param {readonly string[]} names */
export async function ensureBundles(names) {
  await Promise.all(
    names.map(async (name) => {
      await ensureTargets(inputsOf(name).flatMap((path) => targetOf(path) ?? []));
      await ensure(bundleRule(name));
    }),
  );
}
