/**
 * The budgets: sizes, memory and start-up time, measured on the built package and printed as a table.
 * Exits 1 when one is broken, where a time that is too long only warns, or when what a run gives alike
 * everywhere (not times, not what a compressor makes) is not what bench/results/budgets.json says.
 *
 *   npm run budgets                   the table
 *   npm run budgets -- --strict-time  a time that is too long breaks its budget
 *   npm run budgets -- --exact        as in `npm test`: what a compressor makes only warns, too
 *   npm run budgets -- --json         one object; what is recorded is not looked at
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PAPER, plan, Trainer, type TrainingOptions } from '../../host/index.ts';
import { type RecordedBudget as Row, type RecordedLoop, recorded } from '../results/tables.ts';
import { compressedBytes, measureEntries } from './entries.ts';
import { differences, judgement, type Strictness } from './judge.ts';

const root = new URL('../..', import.meta.url);
const bytes = (path: string) => new Uint8Array(readFileSync(new URL(path, root)));

/** Bytes of the paper's model on a device build. */
async function arena(build: string, training: TrainingOptions): Promise<number> {
  const { arenaBytes } = await plan(
    PAPER.model,
    { ...PAPER.training, ...training },
    {
      build: { wasm: bytes(`build/${build}`) },
    },
  );
  return arenaBytes;
}

/**
 * The largest arena of the paper's model: on the small build, and with the columns engine on the fast one,
 * with shots and exact, by NLR and by Adam.
 * @param suffix of the builds
 * @param observableNorm whether exact steps report |grad <O>|, for which columns pull a second observable back
 */
async function largestArena(suffix: string, observableNorm: boolean): Promise<number> {
  const sizes: number[] = [];
  for (const rule of ['nlr', 'adam'] as const) {
    sizes.push(await arena(`core.device${suffix}.wasm`, { rule }));
    for (const shots of [1000, 'exact'] as const)
      sizes.push(
        await arena(`core.device-fast${suffix}.wasm`, { rule, shots, engine: 'columns', observableNorm }),
      );
  }
  return Math.max(...sizes);
}

/** Pages of the memory a module declares, least and most; NaN for an open end. */
function pages(build: string): { least: number; most: number } {
  const module = new WebAssembly.Module(bytes(`build/${build}`));
  const memory = new WebAssembly.Instance(module).exports.memory as WebAssembly.Memory;
  const least = memory.buffer.byteLength / 65536;
  try {
    memory.grow(1);
    return { least, most: Number.POSITIVE_INFINITY };
  } catch {
    return { least, most: least };
  }
}

/** Fresh processes tried at most, and at least, for the start-up time. */
const MOST_STARTS = 60;
const LEAST_STARTS = 9;

/**
 * Least of several fresh processes: a busy machine only ever adds. More are tried while none is within the
 * budget, so that a passing load does not decide.
 */
async function firstPrediction(budget: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'nlr-vqa-'));
  try {
    const file = join(folder, 'model');
    const columns = 8;
    const dataset = {
      features: Float64Array.from({ length: 4 * columns }, (_, i) => Math.sin(i + 1)),
      rows: 4,
      columns,
      labels: Int32Array.of(0, 1, 0, 1),
      classes: ['0', '1'],
      name: 'four rows',
    };
    const trainer = await Trainer.create({ model: PAPER.model, training: { batch: 4 }, dataset });
    writeFileSync(file, trainer.save());
    const script = new URL('bench/budgets/first-prediction.mjs', root).pathname;
    let least = Number.POSITIVE_INFINITY;
    for (let start = 0; start < LEAST_STARTS || (least > budget && start < MOST_STARTS); start++) {
      const elapsed = execFileSync(process.execPath, [script, file, String(columns)], { encoding: 'utf8' });
      least = Math.min(least, Number(elapsed));
    }
    return least;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Most bytes of each module, by its profile. */
const MODULES: Readonly<Record<string, number>> = {
  'core.device.wasm': 19.5 * 1024,
  'core.device-f32.wasm': 19.5 * 1024,
  'core.device-columns-f32.wasm': 32 * 1024,
  'core.device-fast.wasm': 50 * 1024,
  'core.device-fast-f32.wasm': 50 * 1024,
  'core.compact.wasm': 13 * 1024,
  // 128 KiB, the two engines of noisy circuits, and methods to compare with: blocks of parameters in every rule and
  // engine, rotosolve and gcans take 5 KiB; the Gauss-Newton steps of sfgn, whose matrix is made and factored in slices, 3;
  // shots that are divided two ranges at a time 2, for which less is inlined.
  'core.wasm': 142 * 1024,
};

/** Measures everything. The package must be built. */
export async function measureBudgets(): Promise<readonly Row[]> {
  return [
    ...Object.entries(MODULES).map(([name, budget]) => ({
      what: `${name}, raw`,
      budget,
      found: bytes(`build/${name}`).length,
      unit: 'B',
    })),
    { what: 'memory of the device build', budget: 1, found: pages('core.device.wasm').most, unit: 'pages' },
    {
      what: 'memory of the f32 device build',
      budget: 1,
      found: pages('core.device-f32.wasm').most,
      unit: 'pages',
    },
    {
      what: "arena of the paper's model, f64",
      budget: 24 * 1024,
      found: await largestArena('', true),
      unit: 'B',
    },
    {
      what: "arena of the paper's model, f32",
      // 12 KiB, and the state that displaced angles keep: see engines/parameter-shift.ts.
      budget: 13.25 * 1024,
      found: await largestArena('-f32', false),
      unit: 'B',
    },
    {
      what: 'library entry, minified + gzip',
      // 26 KiB, and what a circuit's structure and the rules around Algorithm 1 have as options, with their checks.
      budget: 28 * 1024,
      found: compressedBytes('index'),
      unit: 'B',
    },
    ...measureEntries(),
    { what: 'instantiate to first prediction', budget: 5, found: await firstPrediction(5), unit: 'ms' },
    // These take minutes, so they are not measured again: npm run bench:loop.
    ...recorded<{ rows: RecordedLoop[] }>('loop').rows.map(({ what, budget, seconds }) => ({
      what,
      budget,
      found: seconds,
      unit: 's',
    })),
  ];
}

const number = (value: number) => (Number.isInteger(value) ? String(value) : value.toFixed(2));

function table(rows: readonly Row[], strict: Strictness): string {
  const cells = [
    ['what', 'budget', 'found', 'unit', ''],
    ...rows.map((row) => [row.what, number(row.budget), number(row.found), row.unit, judgement(row, strict)]),
  ];
  const widths = [0, 1, 2, 3, 4].map((column) =>
    Math.max(...cells.map((line) => (line[column] ?? '').length)),
  );
  return cells
    .map((line) =>
      line
        .map((cell, i) => (i === 1 || i === 2 ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    'strict-time': { type: 'boolean', default: false },
    exact: { type: 'boolean', default: false },
  },
});
const strict: Strictness = { time: options['strict-time'], compressed: !options.exact };

const rows = await measureBudgets();
const broken = rows.filter((row) => judgement(row, strict) === 'BROKEN');
if (options.json) {
  process.stdout.write(`${JSON.stringify({ rows, broken: broken.length })}\n`);
  process.exitCode = broken.length > 0 ? 1 : 0;
} else {
  const stale = differences(rows, recorded<{ rows: Row[] }>('budgets').rows);
  process.stdout.write(`${[table(rows, strict), ...stale].join('\n')}\n`);
  process.exitCode = broken.length + stale.length > 0 ? 1 : 0;
}
