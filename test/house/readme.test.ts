/** The README is true: its code runs and prints what it says, its figures are the recorded ones. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  type RecordedBudget,
  type RecordedRun,
  recorded,
  withRecordedTables,
} from '../../bench/results/tables.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = readFileSync(join(root, 'README.md'), 'utf8');
let folder = '';

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'nlr-vqa-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/nlr-vqa'));
});

after(() => {
  rmSync(folder, { recursive: true });
});

/** Contents of the fenced blocks of a language. */
function blocks(language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms'))].map(
    ([, code]) => code ?? '',
  );
}

function node(args: readonly string[]): string {
  return execFileSync(process.execPath, args, {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

test('every JavaScript block runs and prints the text block behind it', () => {
  const programs = blocks('js');
  const outputs = blocks('text');
  assert.ok(programs.length > 0 && programs.length === outputs.length);
  for (const [i, program] of programs.entries()) {
    writeFileSync(join(folder, `block-${i}.mjs`), program);
    assert.equal(node([`block-${i}.mjs`]), outputs[i]);
  }
});

test('every shell block runs, line by line', () => {
  const lines = blocks('sh').flatMap((block) => block.trim().split('\n'));
  const scripts = (
    JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }
  ).scripts;
  let ran = 0;
  for (const line of lines) {
    const words = line.split(/\s+/);
    if (line.startsWith('npm ci && npm ')) {
      // Installing and testing from inside a test would never end; that the scripts exist is checked.
      assert.ok(Object.hasOwn(scripts, words[4] ?? ''), line);
      continue;
    }
    assert.deepEqual(words.slice(0, 2), ['node', 'dist/cli.js'], line);
    assert.notEqual(node([join(root, 'dist/cli.js'), ...words.slice(2)]), '', line);
    ran++;
  }
  assert.ok(ran >= 4);
});

test('the tables are those of the recorded results', () => {
  assert.equal(page, withRecordedTables(page));
});

test('the figures in the text are the recorded ones', () => {
  const { rows } = recorded<{ rows: RecordedBudget[] }>('budgets');
  const { runs } = recorded<{
    runs: (RecordedRun & { circuitParameters: number; activeParameters: number })[];
  }>('first-light');
  const found = (what: string) => rows.find((row) => row.what.startsWith(what))?.found ?? Number.NaN;
  const kilobytes = (what: string) => `${(found(what) / 1000).toFixed(1)} KB`;
  const [nlr] = runs;
  assert.ok(nlr !== undefined);
  for (const figure of [
    `The device module is ${kilobytes('core.device.wasm')}`,
    `${kilobytes("arena of the paper's model, f64")} of memory in double precision`,
    `${kilobytes("arena of the paper's model, f32")} in single precision`,
    `here ${(100 * (nlr.violationRate ?? 0)).toFixed(1)} % did`,
    `sees ${nlr.activeParameters} of ${nlr.circuitParameters} parameters`,
  ]) {
    assert.ok(page.includes(figure), figure);
  }
});

test('the recorded results are what the demo gives', () => {
  const found = (
    JSON.parse(node([join(root, 'dist/cli.js'), 'demo', '--json', '--quiet'])) as { runs: RecordedRun[] }
  ).runs;
  const { runs } = recorded<{ runs: RecordedRun[] }>('first-light');
  const figures = ({
    model,
    rule,
    loss,
    accuracy,
    violationRate,
    reversals,
    shots,
    arenaBytes,
    trace,
  }: RecordedRun) => ({
    ...{ model, rule, loss, accuracy, violationRate, reversals, shots, arenaBytes, trace },
  });
  assert.deepEqual(found.map(figures), runs.map(figures));
});

test('the recorded sizes are those of the built package', () => {
  const hooks = ['--import', 'tsx', '--import', './test/support/wasm.mjs'];
  const output = execFileSync(process.execPath, [...hooks, 'bench/budgets/run.ts', '--json'], {
    cwd: root,
    encoding: 'utf8',
  });
  const { rows } = JSON.parse(output) as { rows: RecordedBudget[] };
  // Times vary from run to run, and a compressed size with the engine's compressor.
  const exact = (list: readonly RecordedBudget[]) =>
    list.filter(({ what, unit }) => unit !== 'ms' && !what.includes('gzip'));
  assert.ok(exact(rows).length >= 6);
  assert.deepEqual(exact(recorded<{ rows: RecordedBudget[] }>('budgets').rows), exact(rows));
});

test('every file the page links to exists', () => {
  for (const [, target] of page.matchAll(/\]\((?!https?:)([^)#]+)\)/g)) {
    assert.ok(existsSync(join(root, target ?? '')), target);
  }
});
