/**
 * Mutation testing of the core: one operator, bound or sign of assembly/ is changed at a time, the debug build compiled
 * with it, and the tests of the core run until one notices, those of its name and of its room first. A sample, by a seed;
 * what was tried before with the same sources is not tried again, unless it survived and the tests are others.
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
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { main } from 'assemblyscript/asc';
import { changed, sampled, sitesIn } from './sites.mjs';
import { wilson } from './wilson.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const KEPT = `${root}build/mutation-core.json`;
const RECORD = `${root}bench/results/mutation.json`;
const MODULE = `${root}build/mutant.wasm`;

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

/** The debug build of the sources with one of them in another form. @param {string} [path] @param {string} [text] */
async function compiled(path, text) {
  /** @type {Uint8Array | undefined} */
  let module;
  const { error } = await main(['--baseDir', root, '--target', 'debug', '--outFile', 'core.wasm'], {
    readFile(name, folder) {
      const file = name.startsWith('/') ? name : `${folder.replace(/\/$/, '')}/${name}`;
      if (path !== undefined && file === root + path) return text ?? null;
      return existsSync(file) ? readFileSync(file, 'utf8') : null;
    },
    writeFile: (_, content) => {
      if (typeof content !== 'string') module = content;
    },
  });
  return error === null ? module : undefined;
}

/**
 * The first test file that fails on the mutant.
 * @param {readonly string[]} tests
 * @param {(test: string) => number} patience milliseconds; 0 without end
 */
function noticing(tests, patience) {
  const hooks = ['--import', 'tsx', '--import', './test/support/wasm.mjs'];
  // The release is as it was, in the place of the debug build: a mutant that is not the same to the bit is noticed by that, too.
  const builds = { NLR_BUILDS: 'debug,release', NLR_READY: 'build/core.debug.wasm,build/core.wasm' };
  const env = { ...process.env, ...builds, NLR_MUTANT: MODULE };
  return tests.find((test) => {
    const options = { cwd: root, env, timeout: patience(test), stdio: /** @type {const} */ ('ignore') };
    return spawnSync(process.execPath, [...hooks, test], options).status !== 0;
  });
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
const counts = { killed: 0, survived: 0, invalid: 0 };
const state = stateOf(['assembly']);
const tests = stateOf(['test/assembly', 'test/support']);

/** Keeps a verdict. @param {string} key @param {string} verdict */
function keep(key, verdict) {
  kept[key] = verdict;
  writeFileSync(KEPT, `${JSON.stringify(kept, null, 1)}\n`);
}

// A test that fails on the core as it is would kill every mutant.
writeFileSync(MODULE, (await compiled()) ?? new Uint8Array());
for (const test of new Set(sites.flatMap(({ path }) => testsOf(path)))) {
  const key = `${state} ${tests} ${test}`;
  if (kept[key] !== undefined) continue;
  const started = performance.now();
  if (noticing([test], () => 0)) throw new Error(`${test} fails without any change`);
  keep(key, String(Math.ceil(performance.now() - started)));
}

/** How long a test of a mutant is waited for. @param {string} test */
const patience = (test) => TIMES_AS_LONG * Number(kept[`${state} ${tests} ${test}`]) + LONGER;

for (const site of sites) {
  const { path, line, from, to, at } = site;
  const key = `${state} ${path}:${at} ${from}>${to}`;
  const survived = `survived ${tests}, ${testsOf(path).length} test files`;
  if (kept[key] === undefined || (kept[key].startsWith('survived') && kept[key] !== survived)) {
    const module = await compiled(path, changed(readFileSync(root + path, 'utf8'), site));
    if (module !== undefined) writeFileSync(MODULE, module);
    keep(key, module === undefined ? 'invalid' : (noticing(testsOf(path), patience) ?? survived));
  }
  const verdict = kept[key];
  const kind = verdict === 'invalid' ? 'invalid' : verdict === survived ? 'survived' : 'killed';
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
  `${counts.killed} of ${tried} killed, ${percent(share)} %, with 95 % of confidence between ${interval.map(percent).join(' and ')} % of all ${all.length}; ${counts.invalid} did not compile`,
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
