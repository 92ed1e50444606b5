/**
 * Mutation testing of the host, by Stryker: one group of sources after the other is changed in one place at a time, and the
 * tests of the group run until one notices.
 *
 *   npm run mutate:host                       all groups of groups.mjs; hours
 *   npm run mutate:host -- qasm split         these
 *   npm run mutate:host -- --minutes 30       begins no group later than that
 *   npm run mutate:host -- --sample 200 --seed 1   that many of the changes of all groups, drawn at random
 *   npm run mutate:host -- qasm --dry         whether the tests pass without a change, in one process
 *   npm run mutate:host -- --record           and writes bench/results/mutation.json, of which `npm run pages` makes a table
 *
 * A group whose sources and tests are as they were when it last ran is not run again. Prints what survived. Exit code 1 when
 * less than 75 % of what was changed was noticed.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';
import { GROUPS } from './groups.mjs';
import { sampleOf } from './sample.mjs';
import { wilson } from './wilson.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const KEPT = `${ROOT}build/mutation-host/`;
const RECORD = `${ROOT}bench/results/mutation.json`;

/** Share of the changes that has to be noticed. */
const BAR = 0.75;

/**
 * Changes of a source: how many a test noticed, or did not end with, which a busy machine may be the reason of; how many ran
 * in tests and were not noticed; how many ran in none; how many were not tried, for they are in what runs once when a module
 * is loaded.
 * @typedef {{ noticed: number, endless: number, survived: number, uncovered: number, untried: number }} Counts
 * @typedef {{ state: string, tests: number, files: Record<string, Counts> }} Found
 */

/** @type {Readonly<Record<string, keyof Counts>>} */
const KIND = {
  ...{ Killed: 'noticed', Timeout: 'endless', Survived: 'survived', NoCoverage: 'uncovered' },
  Ignored: 'untried',
};

/**
 * What became of a change; undefined where it cannot run. What runs when a module is loaded, and perhaps in tests besides, is
 * not tried: a change is made when the module is there.
 * @param {{ status: string, static?: boolean }} result
 * @returns {keyof Counts | undefined}
 */
const kindOf = ({ status, static: isStatic }) => (isStatic && status in KIND ? 'untried' : KIND[status]);

/** Counts what became of changes. @param {Counts} counts @param {{ status: string, static?: boolean }} result */
function add(counts, result) {
  const kind = kindOf(result);
  if (kind !== undefined) counts[kind]++;
}

/** Files below a folder that match. @param {string} folder @param {RegExp} pattern */
const below = (folder, pattern) =>
  readdirSync(ROOT + folder, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => pattern.test(name))
    .map((name) => folder + name)
    .sort();

/** Sources of each room, by its folder. @returns {Record<string, number>} */
function sourcesByRoom() {
  /** @type {Record<string, number>} */
  const rooms = {};
  for (const path of below('host/', /(?<!\.d)\.(?:tsx?|mjs)$/)) {
    const room = path.split('/').slice(1, -1).join('/');
    rooms[room] = (rooms[room] ?? 0) + 1;
  }
  return rooms;
}

/** @param {string} name of a group */
const sourcesOf = (name) => below('host/', GROUPS[name].sources);

/** @param {string} name of a group */
function testsOf(name) {
  const { tests } = GROUPS[name];
  return [
    ...below('test/host/', tests),
    ...below('test/', /^faults\/.*\.test\.ts$/).filter((path) => tests.test(path.slice('test/'.length))),
  ];
}

/** How the tests run is a part of what they notice. */
const RUNNING = below(
  'test/mutation/',
  /^(?:mocha|mocha-hook|node-test|stryker\.config)\.mjs$|^package-lock\.json$/,
);

/** @returns {Counts} */
const noCounts = () => ({ noticed: 0, endless: 0, survived: 0, uncovered: 0, untried: 0 });

/** @param {readonly string[]} paths */
function stateOf(paths) {
  const hash = createHash('sha256');
  for (const path of [...paths, ...RUNNING]) hash.update(`${path}\n`).update(readFileSync(ROOT + path));
  return hash.digest('hex').slice(0, 16);
}

/** Runs a group. @param {string} name @param {boolean} dryRunOnly @returns {Promise<Found>} */
async function found(name, dryRunOnly) {
  const [sources, tests] = [sourcesOf(name), testsOf(name)];
  const state = stateOf([...sources, ...tests]);
  const path = `${KEPT}${name}.json`;
  /** @type {Found | undefined} */
  const before = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
  if (before?.state === state && !dryRunOnly) return before;
  const stryker = new Stryker({
    ...{ configFile: 'test/mutation/stryker.config.mjs', dryRunOnly, mutate: sources },
    mochaOptions: { spec: tests },
    // Side by side each has its own.
    tempDirName: `build/stryker-${name}`,
  });
  const results = await stryker.runMutationTest();
  /** @type {Record<string, Counts>} */
  const files = {};
  for (const { fileName, ...result } of results) {
    const file = fileName.replaceAll('\\', '/').replace(ROOT, '');
    files[file] ??= noCounts();
    add(files[file], result);
  }
  const now = { state, tests: tests.length, files };
  if (!dryRunOnly) writeFileSync(path, `${JSON.stringify(now, null, 2)}\n`);
  return now;
}

/** @param {unknown} sample @param {Record<string, Found>} groups */
function record(sample, groups) {
  const all = { ...recorded, sources: sourcesByRoom(), sample, groups };
  writeFileSync(RECORD, `${JSON.stringify(all, null, 2)}\n`);
}

const { values, positionals } = parseArgs({
  options: {
    minutes: { type: 'string', default: 'Infinity' },
    sample: { type: 'string' },
    seed: { type: 'string', default: '1' },
    dry: { type: 'boolean', default: false },
    record: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const unknown = positionals.find((name) => !(name in GROUPS));
if (unknown !== undefined) throw new Error(`there is no group ${unknown}; expected ${Object.keys(GROUPS)}`);

process.chdir(ROOT);
// The tests need not look whether what they load is up to date: the command has built it.
const modules = readdirSync('build').filter((name) => name.endsWith('.wasm'));
process.env.NLR_READY = ['dist/', 'dist/lab/index.html', ...modules.map((name) => `build/${name}`)].join(',');
mkdirSync(KEPT, { recursive: true });
const names = positionals.length > 0 ? positionals : Object.keys(GROUPS);
const recorded = existsSync(RECORD) ? JSON.parse(readFileSync(RECORD, 'utf8')) : { groups: {} };
for (const name of Object.keys(recorded.groups)) if (!(name in GROUPS)) delete recorded.groups[name];

/** Tries some changes of the groups. @param {number} count @param {number} seed */
async function trySome(count, seed) {
  const [sources, tests] = [sourcesOf, testsOf].map((of) => [...new Set(names.flatMap(of))]);
  const { results, all } = await sampleOf(sources, tests, count, seed, values.dry);
  if (values.dry) return;
  const counts = noCounts();
  for (const result of results) add(counts, result);
  const noticed = counts.noticed + counts.endless;
  const tried = noticed + counts.survived + counts.uncovered;
  const interval = wilson(noticed, tried);
  const percent = (/** @type {number} */ share) => (100 * share).toFixed(1);
  const every = Object.values(sourcesByRoom()).reduce((sum, each) => sum + each, 0);
  process.stdout.write(
    `${noticed} of ${tried} noticed, ${percent(noticed / tried)} %, with 95 % of confidence between ${interval.map(percent).join(' and ')} %: ` +
      `${results.length} drawn of ${all} changes of ${sources.length} sources; ${every - sources.length} sources are in no group\n`,
  );
  if (values.record && positionals.length === 0)
    record({ seed, sources: sources.length, all, counts, interval }, recorded.groups);
  // Where nothing was tried it is no number.
  if (!(noticed / tried >= BAR)) process.exitCode = 1;
}

/** Tries all changes of the groups. */
async function tryAll() {
  const started = performance.now();
  for (const name of names) {
    if (performance.now() - started > Number(values.minutes) * 60_000) {
      process.stdout.write(`${name} is not begun: the minutes are over\n`);
      continue;
    }
    const group = await found(name, values.dry);
    if (values.dry) continue;
    recorded.groups[name] = group;
    if (values.record) record(recorded.sample, recorded.groups);
    const counts = Object.values(group.files);
    const sum = (/** @type {keyof Counts} */ kind) => counts.reduce((all, each) => all + each[kind], 0);
    const noticed = sum('noticed') + sum('endless');
    const tried = noticed + sum('survived') + sum('uncovered');
    const share = noticed / tried;
    process.stdout.write(`${name}: ${noticed} of ${tried} noticed, ${(100 * share).toFixed(1)} %\n`);
    if (!(share >= BAR)) process.exitCode = 1;
  }
}

if (values.sample === undefined) await tryAll();
else await trySome(Number(values.sample), Number(values.seed));
