/**
 * The test command. Its last line is `N passed, N failed`; a suite that ran no test counts as a failure.
 *
 *   npm test                    everything: builds, checks types, format and lint, runs the specs in AssemblyScript,
 *                               the tests of core and host, the matrix of all engines that are there, the budgets
 *   npm test -- trainer loss    only test files whose path contains one of the words, on what they load
 *   npm run test:fast           what has changed since the last commit: its types, also as AssemblyScript sees them in
 *                               single precision, and its tests on the builds `debug` and `release`
 *
 * NLR_BUILDS=debug,release leaves the other builds out of the tests that go through them all.
 */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { needsOf } from './support/needs.mjs';
import { testsAbout, touchedFiles } from './support/touched.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const total = { passed: 0, failed: 0, skipped: 0 };
const started = performance.now();

const BUILD = 'host/build/build.mjs';
const TYPES = 'node_modules/typescript/bin/tsc';
const HOOKS = ['--import', 'tsx', '--import', './test/support/wasm.mjs'];
const ENGINES = 'test/engines/run.ts';
/**
 * How long one test file, and one step of another kind, may take before it counts as hanging, milliseconds: far more
 * than either takes on a slow and busy machine, for only what never ends is meant.
 */
const PATIENCE = 2 * 60 * 60 * 1000;
/** Single precision with all engines: the compiler refuses there what it lets pass in doubles. */
const CHECKED = 'device-fast-f32';

/**
 * Runs node to its end.
 * @param {readonly string[]} args
 * @param {{ show?: boolean, env?: NodeJS.ProcessEnv, patience?: number }} [options] whether its output is shown as it
 * comes; the milliseconds after which it is given up
 * @returns {Promise<{ code: number | null, output: string }>}
 */
function node(args, { show = false, env = {}, patience = PATIENCE } = {}) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const giveUp = () => {
      output += `\ngiven up after ${patience / 60_000} minutes: ${args.join(' ')}\n`;
      child.kill('SIGKILL');
      // What it started may hold them open.
      child.stdout.destroy();
      child.stderr.destroy();
    };
    // Infinity is no time that a timer knows.
    const timer = Number.isFinite(patience) ? setTimeout(giveUp, patience) : undefined;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text) => {
        output += text;
        if (show) process.stdout.write(text.replace(/^#counts.*\n/m, ''));
      });
    }
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, output });
    });
  });
}

/** @param {string} title */
function heading(title) {
  process.stdout.write(`\n== ${title} (${((performance.now() - started) / 1000).toFixed(0)} s)\n`);
}

/** @param {{ passed: number, failed: number, skipped?: number }} counts */
function add({ passed, failed, skipped = 0 }) {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
}

/** A step that is one test: it passes when the program ends with 0. @param {string} title @param {readonly string[]} args */
async function single(title, args) {
  const { code, output } = await node(args);
  heading(title);
  add(code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });
  process.stdout.write(code === 0 ? 'ok\n' : `${output}\nFAILED ${title}\n`);
  return code === 0;
}

/** The specs in AssemblyScript. The runner exits with 0 when it finds none, so its count is read. */
async function assemblySpecs() {
  heading('specs in AssemblyScript');
  const config = ['--config', 'test/assembly/as-pect.config.js'];
  const compiler = ['--as-config', 'test/assembly/as-pect.asconfig.json'];
  const runner = 'node_modules/@as-pect/cli/bin/asp.js';
  const { code, output } = await node([runner, ...config, ...compiler, '--no-logo', '--summary']);
  const plain = output.replace(/\x1b\[[0-9;]*m/g, '');
  const [, passed, of] = /\[Tests\]:\s*(\d+)\s*\/\s*(\d+)/.exec(plain) ?? [];
  const counts = { passed: Number(passed ?? 0), failed: Number(of ?? 0) - Number(passed ?? 0) };
  if (code !== 0 || counts.passed + counts.failed === 0) counts.failed = Math.max(counts.failed, 1);
  process.stdout.write(counts.failed === 0 ? `ok     ${counts.passed} passed\n` : `${plain}\nFAILED specs\n`);
  add(counts);
}

/** The tests of core and host. @param {readonly string[]} files @param {NodeJS.ProcessEnv} env */
async function hostTests(files, env) {
  heading('tests');
  if (files.length === 0) {
    process.stdout.write('FAILED there is no such test\n');
    add({ passed: 0, failed: 1 });
    return;
  }
  const runner = [
    '--test',
    '--test-concurrency=2',
    `--test-timeout=${PATIENCE}`,
    '--test-reporter=./test/support/reporter.mjs',
  ];
  const { code, output } = await node([...HOOKS, ...runner, ...files], {
    show: true,
    env,
    patience: Infinity,
  });
  const counts = /^#counts (.*)$/m.exec(output);
  const found = counts === null ? { passed: 0, failed: 1 } : JSON.parse(counts[1]);
  // A runner that ends badly has failed, whatever it counted, and so has one that ran nothing.
  if (code !== 0 || found.passed + found.failed === 0) found.failed = Math.max(found.failed, 1);
  add(found);
}

/** The conformance matrix: an engine is a test. */
async function engines() {
  heading('engines');
  const file = `build/engines-matrix.${process.pid}.json`;
  const { code, output } = await node(['--import', 'tsx', ENGINES, '--json', file], { show: true });
  try {
    const { rows, faults } = JSON.parse(await readFile(`${root}${file}`, 'utf8'));
    /** @param {readonly string[]} verdicts */
    const of = (...verdicts) =>
      rows.filter((/** @type {{ verdict: string }} */ row) => verdicts.includes(row.verdict)).length;
    const missing = of('missing');
    const strict = process.env.NLR_ALL_ENGINES !== undefined;
    const failed = of('different', 'failed') + (strict ? missing : 0) + Number(faults.length > 0);
    // A matrix that ends badly has failed, whatever its rows say.
    add({
      passed: of('same'),
      failed: code === 0 ? failed : Math.max(failed, 1),
      skipped: strict ? 0 : missing,
    });
  } catch {
    process.stdout.write(`${output}\nFAILED engines\n`);
    add({ passed: 0, failed: 1 });
  } finally {
    await rm(`${root}${file}`, { force: true });
  }
}

/** What the compilers and the linter say of everything. */
async function checks() {
  await single('types', [TYPES, '--noEmit']);
  await single('lint', ['node_modules/oxlint/bin/oxlint', '--deny-warnings']);
  await single('format', ['node_modules/prettier/bin/prettier.cjs', '--check', '.']);
}

/** Where a fault shows soonest: these tests take seconds, and fail for whoever forgot a page, a layer or a lock. */
const SOONEST = 'test/house/';

/** All tests there are whose names end so, those of the house first. @param {string} ending */
const testsEnding = (ending) =>
  readdirSync(`${root}test`, { recursive: true, encoding: 'utf8' })
    .map((name) => `test/${name.replaceAll('\\', '/')}`)
    .filter((name) => name.endsWith(ending))
    .sort((a, b) => Number(b.startsWith(SOONEST)) - Number(a.startsWith(SOONEST)) || (a < b ? -1 : 1));

/** Modules of the builds that the tests go through. */
async function modules() {
  const { targets } = JSON.parse(await readFile(`${root}asconfig.json`, 'utf8'));
  const names = process.env.NLR_BUILDS?.split(',') ?? Object.keys(targets);
  const unknown = names.find((name) => !(name in targets));
  if (unknown !== undefined) throw new Error(`NLR_BUILDS: ${unknown} is not one of ${Object.keys(targets)}`);
  return names.map((name) => targets[name].outFile);
}

/** What the tests are told of files that are up to date. @param {readonly string[]} paths */
const ready = (paths) => ({ NLR_READY: paths.join(',') });

/** `npm test` */
async function everything() {
  if (!(await single('build', [BUILD]))) return;
  await checks();
  await assemblySpecs();
  await hostTests(testsEnding('.test.ts'), ready([...(await modules()), 'dist/']));
  await engines();
  heading('budgets');
  const { code, output } = await node([...HOOKS, 'bench/budgets/run.ts', '--exact'], { show: true });
  add(code === 0 && output.includes('ok') ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });
}

/** `npm test -- WORDS` @param {readonly string[]} words */
async function named(words) {
  /** @param {string} path */
  const isNamed = (path) => words.some((word) => path.includes(word));
  const tests = testsEnding('.test.ts').filter(isNamed);
  const programs = isNamed(ENGINES) ? [ENGINES] : [];
  const needs = await needsOf([...tests, ...programs], await modules());
  if (needs.length > 0 && !(await single('build', [BUILD, ...needs]))) return;
  await hostTests(tests, ready(needs));
  if (programs.length > 0) await engines();
}

/** `npm run test:fast` */
async function touched() {
  process.env.NLR_BUILDS ??= 'debug,release';
  const files = touchedFiles();
  const tests = testsAbout(testsEnding('.test.ts'), files);
  const specs = testsAbout(testsEnding('.spec.ts'), files);
  const isCore = files.some((file) => file.startsWith('assembly/'));
  const needs = await needsOf(tests, await modules());
  if (isCore) needs.push(...(await modules()));
  const check = isCore ? ['--check', CHECKED] : [];
  const build = [BUILD, ...check, ...needs];
  const [types, isBuilt] = await Promise.all([
    single('types', [TYPES, '--noEmit']),
    build.length > 1 ? single('build', build) : true,
  ]);
  if (!types || !isBuilt) return;
  if (tests.length > 0 || specs.length === 0) await hostTests(tests, ready(needs));
  if (specs.length > 0) await assemblySpecs();
}

const { values, positionals } = parseArgs({
  options: { touched: { type: 'boolean', default: false } },
  allowPositionals: true,
});
try {
  if (values.touched) await touched();
  else if (positionals.length > 0) await named(positionals);
  else await everything();
} catch (error) {
  // Such as a test that does not parse, of which nobody can say what it needs.
  process.stdout.write(`\nFAILED ${/** @type {Error} */ (error).message}\n`);
  add({ passed: 0, failed: 1 });
}
if (total.skipped > 0) process.stdout.write(`\n${total.skipped} skipped, listed above with what they miss\n`);
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed\n`);
process.exitCode = total.failed > 0 ? 1 : 0;
