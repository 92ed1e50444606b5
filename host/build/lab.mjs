/**
 * The lab page, dist/lab: files that any server of files can host. The page's own scripts are bundled; its worker loads the
 * package's entries as they are published, which lie beside it.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { inputsOf, smallest } from './bundles.mjs';
import { ensure, filesBelow, ROOT, versionOf } from './fresh.mjs';
import { licencesOf, packagesIn } from './licences.mjs';

/** Entries of the package that the worker loads, by the file that each is made of. */
const ENTRIES = {
  'host/index.ts': 'index',
  'host/circuits.ts': 'circuits',
  'host/data/index.ts': 'data',
  'host/problems/index.ts': 'problems',
  'host/qasm/index.ts': 'qasm',
};

/** Bundles that the page needs beside it. */
export const LAB_BUNDLES = [...Object.values(ENTRIES), 'training', 'head-refit'];

/** Modules for devices, which a model is planned for and packed with. */
const DEVICES = ['device-f32', 'device', 'device-columns-f32', 'device-fast-f32', 'device-fast'];

/** What a device takes of dist/c beside the module, as `nlr-vqa c` copies it. */
const SOURCES = [
  ...[
    'core-wasm2c.c',
    'wasm2c-runtime.c',
    'slots.c',
    'paper.c',
    'core.h',
    'core-bytes.h',
    'core-arithmetic.h',
  ],
  ...['wasm2c-runtime.h', 'nlr_vqa.h', 'slots.h', 'flash.h', 'paper.h', 'example.c'],
];

/** Files of dist/ that lie beside the page. */
const BESIDE = [
  ...DEVICES.map((name) => [`build/core.${name}.wasm`, `nlr-vqa/core.${name}.wasm`]),
  ['build/core.wasm', 'nlr-vqa/core.wasm'],
  ...LAB_BUNDLES.map((name) => [`dist/${name}.js`, `nlr-vqa/${name}.js`]),
  ...filesBelow('host/data/mnist-0-1', /\.gz$/).map((path) => [path, path.replace('host/data/', '')]),
];

/**
 * The library's chunk with the core, which in the package is the module as text, because it has to do without fetching anything.
 * Here the module lies beside it as it is, a twentieth smaller when compressed, and nothing has to be unpacked.
 */
const CORE_CHUNK = {
  path: 'dist/lab/nlr-vqa/release-core.js',
  content: `const found = await fetch(new URL('core.wasm', import.meta.url));
if (!found.ok) throw new Error(\`core.wasm is not there: \${found.status}\`);
export default new Uint8Array(await found.arrayBuffer());
`,
};

/** Files that are there as they are. */
const STATIC = ['index.html', 'icon.svg', 'lab.webmanifest'];

/** Has the published entries loaded from beside the page. @type {import('esbuild').Plugin} */
const publishedEntries = {
  name: 'published-entries',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.?\/.*\.ts$/ }, ({ path, resolveDir }) => {
      const file = relative(ROOT, join(resolveDir, path)).replaceAll('\\', '/');
      const entry = ENTRIES[/** @type {keyof typeof ENTRIES} */ (file)];
      return entry === undefined ? undefined : { path: `./nlr-vqa/${entry}.js`, external: true };
    });
  },
};

/**
 * Has what is fetched later import what is there from the start, so that this is one file, which compresses better and comes
 * sooner than a file for each set of parts that share something.
 * @param {string} start path of the script that is there from the start
 * @returns {import('esbuild').Plugin}
 */
function oneStart(start) {
  /** @type {Set<string>} */
  const later = new Set();
  return {
    name: 'one-start',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\.\.?\/.*\.tsx?$/ }, ({ kind, path, resolveDir }) => {
        if (kind === 'dynamic-import') later.add(join(resolveDir, path));
        return undefined;
      });
      onResolve({ filter: /^the start$/ }, () => ({ path: ROOT + start }));
      onLoad({ filter: /\.tsx?$/ }, async ({ path }) => {
        if (!later.has(path)) return undefined;
        const code = await readFile(path, 'utf8');
        return {
          contents: `${code}\nimport 'the start';`,
          loader: path.endsWith('x') ? 'tsx' : 'ts',
        };
      });
    },
  };
}

/** Where uPlot hands out its parts for programs to call, of which a bundler drops none. */
const PARTS_OF_UPLOT = /^uPlot\.assign = [^]*(?=^export \{ uPlot as default \};)/m;

/**
 * Charts are lines alone: without uPlot's parts for bars, steps and splines it is an eighth smaller.
 * @type {import('esbuild').Plugin}
 */
const linesAlone = {
  name: 'lines-alone',
  setup({ onLoad }) {
    onLoad({ filter: /uPlot\.esm\.js$/ }, async ({ path }) => {
      const code = await readFile(path, 'utf8');
      if (!PARTS_OF_UPLOT.test(code)) throw new Error(`${path} ends in another way than was known`);
      return { contents: code.replace(PARTS_OF_UPLOT, '') };
    });
  },
};

/** The table of a training's options, and its rows. */
const OPTIONS = /(?<=^export const TRAINING\b[^{]*\{\n)[^]*?(?=^\};)/m;
const OPTION = /^ {2}(\w+): \{(?:.*|[^]*?\n {2})\},\n/gm;
/** The words of the fields that an arm of a race has, by option. */
const FIELDS = /^export const LABELS\b[^]*?^\};/m;
const FIELD = /^ {2}(\w+): '/gm;

/**
 * Of the options of a training the page knows those that a race has fields for: it is the worker's library that takes
 * them all.
 * @type {import('esbuild').Plugin}
 */
const fieldsAlone = {
  name: 'fields-alone',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]training-options\.ts$/ }, async ({ path }) => {
      const code = await readFile(path, 'utf8');
      const [labels = ''] =
        FIELDS.exec(await readFile(`${ROOT}host/browser/settings/rules.ts`, 'utf8')) ?? [];
      const fields = [...labels.matchAll(FIELD)].map(([, name]) => name);
      const rows = [...(OPTIONS.exec(code)?.[0] ?? '').matchAll(OPTION)];
      const kept = rows.filter(([, name = '']) => fields.includes(name));
      if (fields.length === 0 || kept.length !== fields.length)
        throw new Error(`${path} does not have a row for each of ${fields.join(', ')}`);
      return { contents: code.replace(OPTIONS, kept.map(([row]) => row).join('')), loader: 'ts' };
    });
  },
};

/** @type {import('esbuild').BuildOptions} */
const SCRIPTS = {
  absWorkingDir: ROOT,
  bundle: true,
  format: 'esm',
  charset: 'utf8',
  platform: 'browser',
  target: 'es2022',
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  write: false,
  metafile: true,
  outdir: 'dist/lab',
};

/**
 * Bundles the page with its style, and its worker, each by itself: a package that both use is in each as far as it is used
 * there.
 */
async function bundled() {
  const { build } = await import('esbuild');
  const page = { start: 'host/browser/main.tsx', out: 'lab', beside: ['host/browser/lab.css'] };
  const worker = { start: 'host/browser/worker.ts', out: 'worker', beside: [] };
  const made = await Promise.all(
    [page, worker].map(({ start, out, beside }) =>
      build({
        ...SCRIPTS,
        entryPoints: [start, ...beside].map((path) => ({ in: path, out })),
        // Of the start nothing is left to run when it is imported later: it has its place by that alone.
        logOverride: { 'ignored-bare-import': 'silent' },
        ...{
          splitting: true,
          chunkNames: '[name]-[hash]',
          plugins: [publishedEntries, linesAlone, fieldsAlone, oneStart(start)],
        },
      }),
    ),
  );
  const outputs = await Promise.all(
    made
      .flatMap(({ outputFiles }) => outputFiles ?? [])
      .map(async ({ path, contents, text }) => ({
        path: relative(ROOT, path).replaceAll('\\', '/'),
        content: path.endsWith('.js') ? await smallest(text) : contents,
      })),
  );
  return { outputs, inputs: made.flatMap(({ metafile }) => Object.keys(metafile?.inputs ?? {})) };
}

/** The line that compiles the example beside a module. @param {string} device */
function compileLine(device) {
  const engines = device === 'device' || device === 'device-f32' ? '' : '-DNLR_ALL_ENGINES ';
  const sources = SOURCES.filter((name) => name.endsWith('.c')).join(' ');
  return `cc -std=c11 -O2 ${engines}-DNLR_CORE_MODULE='"core-module-${device}.c"' ${sources} -lm -o example\n`;
}

/** The core as C for a device, in one file. @param {string} device */
async function packedSources(device) {
  const { strToU8, zipSync } = await import('fflate');
  const names = [`core-module-${device}.c`, ...SOURCES];
  const files = await Promise.all(names.map(async (name) => [name, await readFile(`${ROOT}dist/c/${name}`)]));
  const all = { ...Object.fromEntries(files), 'compile.txt': strToU8(compileLine(device)) };
  // The date of a build would make another file of the same sources.
  const content = zipSync(all, { level: 9, mtime: new Date(1980, 0, 1, 12) });
  return { path: `dist/lab/c/${device}.zip`, content };
}

/** The service worker, which knows every file of the build. @param {readonly import('./fresh.mjs').Output[]} files */
async function serviceWorker(files) {
  const { build } = await import('esbuild');
  const hash = createHash('sha256');
  for (const { path, content } of files) hash.update(path).update(content);
  const names = files.map(({ path }) => path.replace('dist/lab/', ''));
  const { outputFiles } = await build({
    ...SCRIPTS,
    format: 'iife',
    entryPoints: { 'service-worker': 'host/browser/service-worker.ts' },
    define: {
      BUILD: JSON.stringify(hash.digest('hex').slice(0, 16)),
      FILES: JSON.stringify(['./', ...names]),
    },
  });
  return { path: 'dist/lab/service-worker.js', content: outputFiles?.[0]?.contents ?? '' };
}

/** Recorded reports on the paper, the longest first. */
const REPORTS = ['full', 'quick'].flatMap((name) => [
  `bench/results/paper/${name}.json`,
  `bench/results/paper/${name}.json.gz`,
]);

/** What the page shows of the recorded report: all but the plots, which it draws itself; null where there is none. */
async function paperReport() {
  const found = REPORTS.find((path) => existsSync(ROOT + path));
  if (found === undefined) return { path: 'dist/lab/paper.json', content: 'null' };
  const bytes = await readFile(ROOT + found);
  const text = (found.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  /** @type {import('../../bench/results/paper.ts').RecordedReport} */
  const { commit, report } = JSON.parse(text);
  const sections = report.sections.map(({ plots: _, ...section }) => section);
  const kept = { commit, command: report.command, sections };
  return { path: 'dist/lab/paper.json', content: JSON.stringify(kept) };
}

/** A file that stands in the page's folder as it is, but for lines and indentation where people wrote it. @param {string} from */
async function copiedFile(from) {
  const content = await readFile(ROOT + from);
  return STATIC.includes(basename(from)) ? content.toString('utf8').replace(/\s*\n\s*/g, ' ') : content;
}

/** The page. The bundles beside it have to be there. @returns {import('./fresh.mjs').Rule} */
export function labRule() {
  const copied = [...STATIC.map((name) => [`host/browser/${name}`, name]), ...BESIDE];
  return {
    name: 'lab',
    recipe: ['esbuild', 'preact', 'uplot', 'fflate'].map(versionOf).join(' '),
    inputs: [
      'host/build/lab.mjs',
      ...filesBelow('host/browser', /./),
      ...copied.map(([from]) => from),
      ...DEVICES.map((name) => `dist/c/core-module-${name}.c`),
      ...SOURCES.map((name) => `dist/c/${name}`),
      ...REPORTS,
    ],
    async make() {
      const { outputs, inputs } = await bundled();
      const files = await Promise.all(
        copied.map(async ([from, to]) => ({ path: `dist/lab/${to}`, content: await copiedFile(from) })),
      );
      const within = packagesIn([...inputs, ...LAB_BUNDLES.flatMap(inputsOf)]);
      const licences = { path: 'dist/lab/THIRD-PARTY-LICENCES.txt', content: licencesOf(within) };
      const all = [
        licences,
        CORE_CHUNK,
        await paperReport(),
        ...outputs,
        ...files,
        ...(await Promise.all(DEVICES.map(packedSources))),
      ];
      return { outputs: [...all, await serviceWorker(all)], inputs };
    },
  };
}

/** Makes the page; the bundles first. */
export const ensureLab = () => ensure(labRule());
