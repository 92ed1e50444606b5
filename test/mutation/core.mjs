/**
 * Mutation testing of the core: one operator, bound or sign of assembly/ is changed at a time, the debug build compiled
 * with it (where that is the same module without the change, another), and the tests of the core run until one notices,
 * those of its name and of its room first. A sample, by a seed; what was tried before with the same sources is not tried
 * again, unless it survived and the tests are others. A change that no module contains is not tried.
 *
 *   npm run mutate:core -- --sample 40 --seed 1           of all rooms
 *   npm run mutate:core -- --rooms kernels,loss           of these
 *   npm run mutate:core -- --record                       and writes it into bench/results/mutation.json
 *
 * Prints a line a mutant and the share that was killed, with its interval; results are kept in build/mutation-core.json.
 * Exit code 1 when less than 85 % were. It takes minutes to hours.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { mutantsOf } from './mutants.mjs';
import { changed, sampled, sitesIn } from './sites.mjs';
import { wilson } from './wilson.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const KEPT = `${root}build/mutation-core.json`;
const RECORD = `${root}bench/results/mutation.json`;
const MODULE = `${root}build/mutant.wasm`;

/** @typedef {import('./mutants.mjs').Mutant} Mutant */

/** Share of the mutants that has to be killed. */
const BAR = 0.85;
/** A test file that takes so many times as long as without a change, and so many milliseconds more, hangs: noticed, too. */
const [TIMES_AS_LONG, LONGER] = [5, 60_000];
/** What notices most mutants of any room. */
const COMMON = ['loss/loss', 'engines/gradient', 'train/step'].map((name) => `test/assembly/${name}.test.ts`);

const { values } = parseArgs({
  options: {
    rooms: { type: 'string' },
    sample: { type: 'string', default: '40' },
    seed: { type: 'string', default: '1' },
    record: { type: 'boolean', default: false },
  },
});
const every = readdirSync(`${root}assembly`, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();
const rooms = values.rooms?.split(',') ?? every;
if (values.record && values.rooms !== undefined)
  throw new Error('--record is of all rooms; leave --rooms out');

/** What the command has built. */
const READY = [
  'core.debug.wasm',
  'core.wasm',
  'core.compact.wasm',
  'core.device.wasm',
  'core.device-f32.wasm',
].map((name) => `build/${name}`);

/** The tests of the core, in order; what its builds are made of is no matter of a mutant. */
const EVERY_TEST = readdirSync(`${root}test/assembly`, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts') && name !== 'builds.test.ts')
  .map((name) => `test/assembly/${name.replaceAll('\\', '/')}`)
  .sort();

/** Test files in the order in which they should notice a source: of its name, of its room, the common ones, all others. @param {string} path */
function testsOf(path) {
  const [, room] = path.split('/');
  const named = EVERY_TEST.filter((test) => basename(test).startsWith(basename(path, '.ts')));
  const own = EVERY_TEST.filter((test) => test.startsWith(`test/assembly/${room}/`));
  return [...new Set([...named, ...own, ...COMMON, ...EVERY_TEST])];
}

/** The modules of the unchanged core that are in the tests of a mutant, by the place that it takes. @param {string} place */
const beside = (place) => (place === 'release' ? ['debug', 'release'] : ['release', place]);

/**
 * Runs a test with a module in the place of a build.
 * @param {string} test @param {Mutant} mutant
 * @param {number} patience milliseconds; 0 without end
 * @returns {boolean} whether it passes
 */
function passes(test, { place, module }, patience) {
  writeFileSync(MODULE, module);
  const hooks = ['--import', 'tsx', '--import', './test/support/wasm.mjs'];
  const builds = { NLR_BUILDS: `${beside(place)}`, NLR_READY: `${READY}` };
  const env = { ...process.env, ...builds, NLR_MUTANT: MODULE, NLR_MUTANT_PLACE: place };
  const options = { cwd: root, env, timeout: patience, stdio: /** @type {const} */ ('ignore') };
  return spawnSync(process.execPath, [...hooks, test], options).status === 0;
}

/** Hash of what is below some folders. @param {readonly string[]} folders */
function stateOf(folders) {
  const hash = createHash('sha256');
  for (const folder of folders) {
    const names = readdirSync(root + folder, { recursive: true, encoding: 'utf8' });
    for (const name of names.filter((each) => each.endsWith('.ts')).sort())
      hash.update(readFileSync(`${root}${folder}/${name}`));
  }
  return hash.digest('hex').slice(0, 16);
}

const all = sitesIn(root, rooms);
const sites = sampled(all, Number(values.sample), Number(values.seed));
/** @type {Record<string, string>} */
const kept = existsSync(KEPT) ? JSON.parse(readFileSync(KEPT, 'utf8')) : {};
mkdirSync(`${root}build`, { recursive: true });
const counts = { killed: 0, survived: 0, invalid: 0, nowhere: 0 };
const state = stateOf(['assembly']);
const tests = stateOf(['test/assembly', 'test/support']);
const { mutant, unchangedAt } = mutantsOf(root);

/** Keeps a verdict. @param {string} key @param {string} verdict */
function keep(key, verdict) {
  kept[key] = verdict;
  writeFileSync(KEPT, `${JSON.stringify(kept, null, 1)}\n`);
}

/**
 * How long a test is waited for. It has to pass on the core as it is: one that fails there would kill every mutant.
 * @param {string} test @param {string} place
 */
async function patience(test, place) {
  const key = `${state} ${tests} ${place} ${test}`;
  if (kept[key] === undefined) {
    const unchanged = { place, module: await unchangedAt(place) };
    const started = performance.now();
    if (!passes(test, unchanged, 0)) throw new Error(`${test} fails without any change`);
    keep(key, String(Math.ceil(performance.now() - started)));
  }
  return TIMES_AS_LONG * Number(kept[key]) + LONGER;
}

/** The first test file that fails on the mutant. @param {readonly string[]} files @param {Mutant} mutant */
async function noticing(files, mutant) {
  for (const test of files) if (!passes(test, mutant, await patience(test, mutant.place))) return test;
  return undefined;
}

for (const site of sites) {
  const { path, line, from, to, at } = site;
  const key = `${state} ${path}:${at} ${from}>${to}`;
  const survived = `survived ${tests}, ${testsOf(path).length} test files`;
  if (kept[key] === undefined || (kept[key].startsWith('survived') && kept[key] !== survived)) {
    const made = await mutant(path, changed(readFileSync(root + path, 'utf8'), site));
    keep(key, typeof made === 'string' ? made : ((await noticing(testsOf(path), made)) ?? survived));
  }
  const verdict = kept[key];
  const kind =
    verdict === 'invalid' || verdict === 'nowhere' ? verdict : verdict === survived ? 'survived' : 'killed';
  counts[kind]++;
  console.log(
    `${kind.padEnd(8)} ${path}:${line} '${from}' to '${to}'${kind === 'killed' ? `, by ${verdict}` : ''}`,
  );
}
const tried = counts.killed + counts.survived;
const share = counts.killed / tried;
const interval = wilson(counts.killed, tried);
const percent = (/** @type {number} */ part) => (100 * part).toFixed(1);
console.log(
  `${counts.killed} of ${tried} killed, ${percent(share)} %, with 95 % of confidence between ${interval.map(percent).join(' and ')} % of all ${all.length}; ${counts.invalid} did not compile, ${counts.nowhere} are in no module`,
);
if (values.record) {
  const recorded = existsSync(RECORD)
    ? JSON.parse(readFileSync(RECORD, 'utf8'))
    : { sources: {}, groups: {} };
  const core = { seed: Number(values.seed), all: all.length, counts, interval };
  writeFileSync(RECORD, `${JSON.stringify({ ...recorded, core }, null, 2)}\n`);
}
// Where nothing was tried it is no number.
process.exitCode = share >= BAR ? 0 : 1;
