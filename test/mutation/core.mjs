/**
 * Mutation testing of the core: one operator, bound or sign of assembly/ is changed at a time, the debug build compiled
 * with it, and the tests of its room run until one notices. A sample, by a seed; what was tried before with the same
 * source is not tried again.
 *
 *   npm run mutate:core -- --rooms kernels,loss --sample 40 --seed 1
 *
 * Prints a line a mutant and the share that was killed; results are kept in build/mutation-core.json. Exit code 1 when
 * less than 85 % were. It takes minutes to hours.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { main } from 'assemblyscript/asc';
import { changed, sampled, sitesIn } from './sites.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const KEPT = `${root}build/mutation-core.json`;
const MODULE = `${root}build/mutant.wasm`;

/** Share of the mutants that has to be killed. */
const BAR = 0.85;
/** Milliseconds after which a test file hangs, which notices a mutant too. */
const PATIENCE = 300_000;
/** What notices most mutants of any room. */
const COMMON = ['loss/loss', 'engines/gradient', 'train/step'].map((name) => `test/assembly/${name}.test.ts`);

const { values } = parseArgs({
  options: {
    rooms: { type: 'string', default: 'kernels,loss,measure,number,program,rules,train' },
    sample: { type: 'string', default: '40' },
    seed: { type: 'string', default: '1' },
  },
});
const rooms = values.rooms.split(',');

/** Test files of a room, its own first. @param {string} path of a source */
function testsOf(path) {
  const folder = `test/assembly/${path.split('/')[1]}`;
  const names = existsSync(root + folder)
    ? readdirSync(root + folder).filter((name) => name.endsWith('.test.ts'))
    : [];
  return [...new Set([...names.sort().map((name) => `${folder}/${name}`), ...COMMON])];
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

/** The first test file that fails on the mutant. @param {readonly string[]} tests */
function noticing(tests) {
  const hooks = ['--import', 'tsx', '--import', './test/support/wasm.mjs'];
  // The release build is as it was: a mutant that is not the same to the bit is noticed by that, too.
  const builds = { NLR_BUILDS: 'debug,release', NLR_READY: 'build/core.debug.wasm,build/core.wasm' };
  const env = { ...process.env, ...builds, NLR_MUTANT: MODULE };
  return tests.find((test) => {
    const options = { cwd: root, env, timeout: PATIENCE, stdio: /** @type {const} */ ('ignore') };
    return spawnSync(process.execPath, [...hooks, test], options).status !== 0;
  });
}

const sites = sampled(sitesIn(root, rooms), Number(values.sample), Number(values.seed));
/** @type {Record<string, string>} */
const kept = existsSync(KEPT) ? JSON.parse(readFileSync(KEPT, 'utf8')) : {};
mkdirSync(`${root}build`, { recursive: true });
const counts = { killed: 0, survived: 0, invalid: 0 };
const sources = readdirSync(`${root}assembly`, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.ts'),
);
const hash = createHash('sha256');
for (const name of sources.sort()) hash.update(readFileSync(`${root}assembly/${name}`));
const state = hash.digest('hex').slice(0, 16);

// A test that fails on the core as it is would kill every mutant.
writeFileSync(MODULE, (await compiled()) ?? new Uint8Array());
const broken = noticing([...new Set(sites.flatMap(({ path }) => testsOf(path)))]);
if (broken !== undefined) throw new Error(`${broken} fails without any change`);

for (const site of sites) {
  const { path, line, from, to, at } = site;
  const key = `${state} ${path}:${at} ${from}>${to}`;
  if (kept[key] === undefined) {
    const module = await compiled(path, changed(readFileSync(root + path, 'utf8'), site));
    if (module !== undefined) writeFileSync(MODULE, module);
    kept[key] = module === undefined ? 'invalid' : (noticing(testsOf(path)) ?? 'survived');
    writeFileSync(KEPT, `${JSON.stringify(kept, null, 1)}\n`);
  }
  const verdict = kept[key];
  const kind = verdict === 'invalid' || verdict === 'survived' ? verdict : 'killed';
  counts[kind]++;
  console.log(
    `${kind.padEnd(8)} ${path}:${line} '${from}' to '${to}'${kind === 'killed' ? `, by ${verdict}` : ''}`,
  );
}
const tried = counts.killed + counts.survived;
const share = counts.killed / tried;
console.log(
  `${counts.killed} of ${tried} killed, ${(100 * share).toFixed(1)} %; ${counts.invalid} did not compile`,
);
process.exitCode = share >= BAR ? 0 : 1;
