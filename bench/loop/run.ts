/**
 * Measures the loops of whoever works on this, in a copy of the sources as they are: from an edit of a kernel to the
 * verdict of its tests, and from a fresh clone to the demo's table. Prints them beside their budgets, and records
 * them in bench/results/loop.json. A time that is too long is only told.
 *
 *   npm run bench:loop                 both; the second needs the network, or npm's cache
 *   npm run bench:loop -- --only edit  one of them: edit, start
 *
 * The processor's seconds say more than the clock's on a machine that others use too.
 */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type RecordedLoop, recorded } from '../results/tables.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Edits that are timed one after another; the middle one counts. */
const EDITS = 3;

/** Seconds that a shell command took, by the clock and of all processors together. */
function measure(command: string, folder: string): { wall: number; cpu: number } {
  const started = performance.now();
  const output = execFileSync('sh', ['-c', `{ ${command}; } >command.log 2>&1 || exit 1; times`], {
    cwd: folder,
    encoding: 'utf8',
  });
  const wall = (performance.now() - started) / 1000;
  // The second line is that of the children: the user's time and the system's.
  const times = [...(output.split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/g)];
  return {
    wall,
    cpu: times.reduce((sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds), 0),
  };
}

/** A repository of its own with the sources as they are now. */
function copySources(folder: string): void {
  const list = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
  });
  for (const path of list.toString().split('\0').filter(Boolean)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(join(root, path), join(folder, path));
  }
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, stdio: 'ignore' });
  git('init');
  git('add', '--all');
  git('-c', 'user.name=bench', '-c', 'user.email=bench', 'commit', '--message', 'as it is');
}

/** From an edit of a kernel to the verdict of its tests; everything was up to date before. */
function editToTest(folder: string): RecordedLoop {
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  execFileSync(process.execPath, ['host/build/build.mjs', '--targets', 'debug,release'], { cwd: folder });
  const command = 'npm run --silent test:fast';
  const [load] = loadavg();
  const runs = Array.from({ length: EDITS }, (_, edit) => {
    appendFileSync(join(folder, 'assembly/kernels/gates.ts'), `// edit ${edit}\n`);
    return measure(command, folder);
  }).sort((a, b) => a.wall - b.wall);
  const { wall, cpu } = runs[EDITS >> 1];
  return { what: 'edit a kernel, run its tests', command, budget: 15, seconds: wall, cpuSeconds: cpu, load };
}

/** From a fresh clone to the demo's table. */
function firstRun(folder: string): RecordedLoop {
  const command = 'npm ci --no-audit --no-fund && npm start';
  const [load] = loadavg();
  const { wall, cpu } = measure(command, folder);
  return { what: 'fresh clone to the demo', command, budget: 35, seconds: wall, cpuSeconds: cpu, load };
}

const LOOPS = { edit: editToTest, start: firstRun };

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const names = Object.keys(LOOPS) as (keyof typeof LOOPS)[];
const chosen = names.filter((name) => values.only === undefined || values.only === name);
if (chosen.length === 0) throw new Error(`--only ${values.only}: there are ${names.join(', ')}`);

const found = chosen.map((name) => {
  const folder = mkdtempSync(join(tmpdir(), 'nlr-vqa-loop-'));
  try {
    copySources(folder);
    return LOOPS[name](folder);
  } catch (error) {
    const log = readFileSync(join(folder, 'command.log'), 'utf8');
    throw new Error(`${name} failed\n${log}`, { cause: error });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
for (const { what, budget, seconds, cpuSeconds, load } of found) {
  const figures = `${seconds.toFixed(1)} s of ${budget} s, ${cpuSeconds.toFixed(1)} CPU-seconds, load before ${load.toFixed(1)}`;
  process.stdout.write(`${what}: ${figures}: ${seconds <= budget ? 'ok' : 'slow'}\n`);
}
const machine = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length };
const others = recorded<{ rows: RecordedLoop[] }>('loop').rows.filter(({ what }) =>
  found.every((row) => row.what !== what),
);
const file = join(root, 'bench/results/loop.json');
writeFileSync(file, `${JSON.stringify({ machine, rows: [...found, ...others] }, null, 2)}\n`);
