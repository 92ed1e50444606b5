/** Everything that is published: dist/. */
import { readFileSync, rmSync } from 'node:fs';
import { cFilesRule, cModuleRule, isTranslated } from './c-sources.mjs';
import { BUNDLE_NAMES, CHUNKS, ensureBundles, inputsOf } from './bundles.mjs';
import { ensure, filesBelow, recordOf, ROOT } from './fresh.mjs';
import { ensureLab, LAB_BUNDLES } from './lab.mjs';
import { licenceFiles, licencesOf, packagesIn } from './licences.mjs';
import { sbomRule } from './sbom.mjs';
import { ensureTargets, moduleOf, TARGETS } from './targets.mjs';
import { typesRule } from './types.mjs';

/** The targets whose modules a package user can ask for; `debug` and `compact` stay in build/. */
const PUBLISHED = TARGETS.filter((target) => target !== 'debug' && target !== 'compact');

/**
 * Files that are published as they are.
 * @param {string} name
 * @param {readonly [from: string, to: string][]} pairs
 * @returns {import('./fresh.mjs').Rule}
 */
function copies(name, pairs) {
  return {
    name,
    recipe: JSON.stringify(pairs),
    inputs: pairs.map(([from]) => from),
    async make() {
      return { outputs: pairs.map(([from, to]) => ({ path: to, content: readFileSync(ROOT + from) })) };
    },
  };
}

/** The packages whose code is in the bundles, those of the fonts, and the one whose is in the core as C. */
const packagesWithin = () =>
  [...new Set([...packagesIn(BUNDLE_NAMES.flatMap(inputsOf)), 'dejavu-fonts-ttf', 'wabt'])].sort();

/**
 * Their licences, which ask that they travel along.
 * @param {readonly string[]} names
 * @returns {import('./fresh.mjs').Rule}
 */
function licencesRule(names) {
  return {
    name: 'licences',
    recipe: '',
    inputs: licenceFiles(names),
    make: async () => ({ outputs: [{ path: 'dist/THIRD-PARTY-LICENCES.txt', content: licencesOf(names) }] }),
  };
}

/** The built-in data. */
function dataRule() {
  const files = ['mnist-0-1', 'samples'].flatMap((folder) =>
    filesBelow(`host/data/${folder}`, /\.gz$|\/README/),
  );
  return copies(
    'data',
    files.map((path) => [path, path.replace('host/data/', 'dist/')]),
  );
}

/** What runs a comparison on several machines. */
function schedulersRule() {
  const files = filesBelow('host/study/schedulers', /\.(sh|yaml)$/);
  return copies(
    'schedulers',
    files.map((path) => [path, path.replace('host/study/', 'dist/')]),
  );
}

/** What pictures are drawn by and with. */
function pictureRule() {
  return copies('pictures', [
    ['node_modules/@resvg/resvg-wasm/index_bg.wasm', 'dist/resvg.wasm'],
    ['node_modules/dejavu-fonts-ttf/ttf/DejaVuSans.ttf', 'dist/fonts/DejaVuSans.ttf'],
    ['node_modules/dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf', 'dist/fonts/DejaVuSans-Bold.ttf'],
  ]);
}

/** Takes away what an earlier state of the sources has left in dist/. @param {readonly string[]} rules */
function removeOthers(rules) {
  const ours = new Set(rules.flatMap((name) => Object.keys(recordOf(name)?.outputs ?? {})));
  for (const path of filesBelow('dist', /\.[^/]*$/))
    if (!ours.has(path)) rmSync(ROOT + path, { force: true });
}

/** A module as it is published. @param {string} target */
const moduleRule = (target) =>
  copies(`dist-${target}`, [[moduleOf(target), moduleOf(target).replace('build/', 'dist/')]]);

/** Makes a module that is published. @param {string} target */
async function ensureModule(target) {
  await ensureTargets([target]);
  await ensure(moduleRule(target));
  if (isTranslated(target)) await ensure(cModuleRule(target));
}

/** Makes the whole package. */
export async function ensurePackage() {
  const whole = [
    copies('header', [['host/devices/nlr_vqa.h', 'dist/nlr_vqa.h']]),
    dataRule(),
    pictureRule(),
    schedulersRule(),
    typesRule(),
    cFilesRule(),
  ];
  await Promise.all([
    ensureBundles(BUNDLE_NAMES),
    ...PUBLISHED.map(ensureModule),
    ...whole.map((rule) => ensure(rule)),
  ]);
  await ensureLab();
  // Which packages are in the bundles is known only now.
  const within = packagesWithin();
  const papers = [licencesRule(within), sbomRule(within)];
  await Promise.all(papers.map((rule) => ensure(rule)));
  const translated = PUBLISHED.filter(isTranslated).map(cModuleRule);
  const names = [...whole, ...papers, ...PUBLISHED.map(moduleRule), ...translated].map(({ name }) => name);
  removeOthers([...names, 'lab', ...BUNDLE_NAMES.map((name) => `bundle-${name}`)]);
}

/** Makes one file of dist/ with what is in it, or all of the package where the file comes with that. @param {string} path */
export async function ensurePublished(path) {
  const bundle = BUNDLE_NAMES.find((name) => path === `dist/${name}.js`);
  const target = PUBLISHED.find((name) => path === moduleOf(name).replace('build/', 'dist/'));
  if (bundle !== undefined) await ensureBundles([bundle, ...(CHUNKS[bundle] ?? [])]);
  else if (target !== undefined) await ensureModule(target);
  else if (path.startsWith('dist/lab')) {
    await Promise.all([ensureBundles(LAB_BUNDLES), ensure(cFilesRule()), ...PUBLISHED.map(ensureModule)]);
    await ensureLab();
  } else if (path === 'dist/mnist-0-1') await ensure(dataRule());
  else await ensurePackage();
}
