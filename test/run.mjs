/**
 * The test command: builds, checks types and format, then runs the specs in AssemblyScript, the tests of the
 * built core and host, the conformance matrix of all engines that are there, and the budgets. Its last line is
 * `N passed, N failed`. A suite that ran no test counts as a failure.
 *
 *   npm test                    everything
 *   npm test -- trainer loss    only test files whose name contains one of the words
 */
import { spawn } from 'node:child_process';
import { readdir, readFile, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const total = { passed: 0, failed: 0, skipped: 0 };
const started = performance.now();

/** Runs node with arguments; shows its output as it comes when `show`, and always returns it. */
function node(args, { show }) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text) => {
        output += text;
        if (show) process.stdout.write(text.replace(/^#counts.*\n/m, ''));
      });
    }
    child.on('close', (code) => resolve({ code, output }));
  });
}

function heading(title) {
  process.stdout.write(`\n== ${title} (${((performance.now() - started) / 1000).toFixed(0)} s)\n`);
}

function add({ passed, failed, skipped = 0 }) {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
}

/** A step that is one test: it passes when the program ends with 0. */
async function single(title, args) {
  heading(title);
  const { code, output } = await node(args, { show: false });
  if (code === 0) add({ passed: 1, failed: 0 });
  else add({ passed: 0, failed: 1 });
  process.stdout.write(code === 0 ? 'ok\n' : `${output}\nFAILED ${title}\n`);
  return code === 0;
}

/** The specs in AssemblyScript. The runner exits with 0 when it finds none, so its count is read. */
async function assemblySpecs() {
  heading('specs in AssemblyScript');
  const config = [
    '--config',
    'test/assembly/as-pect.config.js',
    '--as-config',
    'test/assembly/as-pect.asconfig.json',
  ];
  const { code, output } = await node(
    ['node_modules/@as-pect/cli/bin/asp.js', ...config, '--no-logo', '--summary'],
    {
      show: false,
    },
  );
  const plain = output.replace(/\x1b\[[0-9;]*m/g, '');
  const [, passed, of] = /\[Tests\]:\s*(\d+)\s*\/\s*(\d+)/.exec(plain) ?? [];
  const counts = { passed: Number(passed ?? 0), failed: Number(of ?? 0) - Number(passed ?? 0) };
  if (code !== 0 || counts.passed + counts.failed === 0) counts.failed = Math.max(counts.failed, 1);
  process.stdout.write(counts.failed === 0 ? `ok     ${counts.passed} passed\n` : `${plain}\nFAILED specs\n`);
  add(counts);
}

/** The tests of core and host. */
async function hostTests(words) {
  heading('tests');
  const files = (await readdir(`${root}test`, { recursive: true }))
    .filter((name) => name.endsWith('.test.ts'))
    .filter((name) => words.length === 0 || words.some((word) => name.includes(word)))
    .map((name) => `test/${name}`);
  const hooks = ['--import', 'tsx', '--import', './test/support/wasm.mjs'];
  const runner = ['--test', '--test-concurrency=2', '--test-reporter=./test/support/reporter.mjs'];
  const { code, output } = await node([...hooks, ...runner, ...files], { show: true });
  const counts = /^#counts (.*)$/m.exec(output);
  const found = files.length === 0 || counts === null ? { passed: 0, failed: 1 } : JSON.parse(counts[1]);
  // A runner that ends badly has failed, whatever it counted.
  if (code !== 0) found.failed = Math.max(found.failed, 1);
  add(found);
}

/** The conformance matrix: an engine is a test. */
async function engines() {
  heading('engines');
  const file = `build/engines-matrix.${process.pid}.json`;
  const { code, output } = await node(['--import', 'tsx', 'test/engines/run.ts', '--json', file], {
    show: true,
  });
  try {
    const { rows, faults } = JSON.parse(await readFile(`${root}${file}`, 'utf8'));
    const of = (...verdicts) => rows.filter(({ verdict }) => verdicts.includes(verdict)).length;
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

const words = process.argv.slice(2);
if (await single('build', ['host/build/build.mjs'])) {
  if (words.length === 0) {
    await single('types', ['node_modules/typescript/bin/tsc', '--noEmit']);
    await single('format', ['node_modules/prettier/bin/prettier.cjs', '--check', '.']);
    await assemblySpecs();
  }
  await hostTests(words);
  if (words.length === 0 || words.some((word) => 'engines'.includes(word))) await engines();
  if (words.length === 0) {
    heading('budgets');
    const { code, output } = await node(
      ['--import', 'tsx', '--import', './test/support/wasm.mjs', 'bench/budgets/run.ts'],
      { show: true },
    );
    add(code === 0 && output.includes('ok') ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });
  }
}
if (total.skipped > 0) process.stdout.write(`\n${total.skipped} skipped, listed above with what they miss\n`);
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed\n`);
process.exitCode = total.failed > 0 ? 1 : 0;
