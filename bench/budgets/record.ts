/**
 * Runs the demo and the budgets on the built package, records what they print in bench/results/ with the
 * machine they ran on. Then it puts all recorded figures into the tables of the pages.
 *
 *   npm run record
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const machine = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length };

/** Writes one list of a command's JSON; the rest of what it prints speaks of this machine's folders. */
function record(name: string, key: string, output: string): void {
  const folder = join(root, 'bench/results');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, `${name}.json`),
    `${JSON.stringify({ machine, [key]: JSON.parse(output)[key] }, null, 2)}\n`,
  );
}

const folder = mkdtempSync(join(tmpdir(), 'nlr-vqa-'));
try {
  const run = (args: readonly string[], cwd: string) =>
    execFileSync(process.execPath, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  record('first-light', 'runs', run([join(root, 'dist/cli.js'), 'demo', '--json', '--quiet'], folder));
  const hooks = ['--import', 'tsx', '--import', './test/support/wasm.mjs'];
  record('budgets', 'rows', run([...hooks, 'bench/budgets/run.ts', '--json'], root));
  run(['--import', 'tsx', 'test/house/write-pages.ts'], root);
} finally {
  rmSync(folder, { recursive: true });
}
