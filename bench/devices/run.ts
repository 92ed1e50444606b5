/**
 * What the core costs on a microcontroller: flash, RAM, stack and instructions, counted by the emulator and held
 * against budgets. Instructions are exact and repeatable (every firmware runs twice); the emulator models no
 * cycles, so that a time is an estimate of one instruction a cycle at 168 MHz, no more.
 *
 *   npm run bench:devices             the tables; writes bench/results/devices.json
 *   npm run bench:devices -- --json   one object instead of the tables
 *
 * Exits 1 when a budget is broken, 2 when the tools are missing.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { missing } from '../../host/devices/build-c.ts';
import { applicationSizes, type Configuration, type Measured, measure } from './firmware.ts';

const M4F = { target: 'cortex-m4f', how: 'wasm2c' } as const;
const INTERPRETED = { target: 'cortex-m4f', how: 'wasm3', shots: 0 } as const;
const RISC_V = { target: 'riscv-virt', how: 'wasm2c', shots: 0 } as const;

/** The one that the budgets of the single-precision firmware are for. */
const MAIN: Configuration = {
  ...M4F,
  build: 'device-columns-f32',
  engine: 'columns',
  memoryBytes: 13568,
  shots: 1000,
};
/** The cheapest step of all, compiled for speed. */
const FASTEST: Configuration = {
  ...MAIN,
  build: 'device-fast-f32',
  engine: 'heisenberg',
  memoryBytes: 16384,
  shots: 0,
  flags: ['-O2'],
};
/** The cheapest step in double precision; interpreted it takes all of the STM32F405's 192 KiB. */
const INTERPRETED_DOUBLE: Configuration = {
  ...INTERPRETED,
  build: 'device-fast',
  engine: 'heisenberg',
  memoryBytes: 27648,
  heapBytes: 159200,
  keepBytes: 128000,
  // All that an unsliced step calls no longer fits at once: compiled code is given up between slices.
  work: 40,
  ramBytes: 196608,
};
/** The least RAM under an interpreter. */
const INTERPRETED_SMALL: Configuration = {
  ...INTERPRETED,
  build: 'device-f32',
  engine: 'samples',
  memoryBytes: 10752,
  heapBytes: 62000,
  keepBytes: 20000,
  work: 8,
};
const CONFIGURATIONS: readonly Configuration[] = [
  MAIN,
  { ...MAIN, flags: ['-O2'] },
  FASTEST,
  { ...FASTEST, flags: undefined },
  { ...M4F, build: 'device-f32', engine: 'samples', memoryBytes: 12288, shots: 1000 },
  { ...M4F, build: 'device-fast', engine: 'columns', memoryBytes: 22528, shots: 0 },
  { ...M4F, build: 'device-fast', engine: 'heisenberg', memoryBytes: 28672, shots: 0 },
  { ...M4F, build: 'device', engine: 'samples', memoryBytes: 20480, shots: 0 },
  INTERPRETED_DOUBLE,
  {
    ...INTERPRETED,
    build: 'device-fast-f32',
    engine: 'columns',
    memoryBytes: 12288,
    heapBytes: 172000,
    keepBytes: 130000,
    ramBytes: 196608,
  },
  INTERPRETED_SMALL,
  { ...RISC_V, build: 'device-fast-f32', engine: 'columns', memoryBytes: 12288 },
  { ...RISC_V, build: 'device-fast', engine: 'columns', memoryBytes: 22528 },
];

/** A budget of the core on devices. */
interface Budget {
  readonly what: string;
  readonly budget: number;
  readonly found: number;
  readonly unit: string;
  readonly met: boolean;
}

/** Instructions a second of the estimates. */
const ESTIMATED_RATE = 168e6;
/** No slice is longer than one part in so many of a step that is not sliced. */
const LEAST_SLICES = 200;

/** RAM in use at most: static, heap and stack. */
function ramOf({ sizes, counts }: Measured): number {
  return sizes.ram + (counts.heap ?? 0) + counts.stack;
}

/** The same once a prediction has run too, in slices like a step. */
function ramWithPredictions({ sizes, counts }: Measured): number {
  return sizes.ram + (counts['heap-with-predictions'] ?? 0) + counts['stack-with-shots'];
}

async function budgets(measured: ReadonlyMap<Configuration, Measured>): Promise<readonly Budget[]> {
  const of = (configuration: Configuration) => measured.get(configuration) as Measured;
  const [main, fastest, double, small] = [MAIN, FASTEST, INTERPRETED_DOUBLE, INTERPRETED_SMALL].map(of);
  const rows: readonly (readonly [what: string, budget: number, found: number, unit: string])[] = [
    ['firmware flash, ahead of time, f32', 48 * 1024, (await applicationSizes(MAIN)).flash, 'B'],
    ['RAM, ahead of time, f32', 24 * 1024, ramOf(main), 'B'],
    ['exact NLR step, f32, ahead of time', 1e6, main.counts.step, 'instructions'],
    [
      'exact NLR step by Heisenberg, f32, ahead of time for speed',
      200_000,
      fastest.counts.step,
      'instructions',
    ],
    ['RAM of it', 24 * 1024, ramOf(fastest), 'B'],
    ['exact NLR step, f64, wasm3', 12e6, double.counts.step, 'instructions'],
    ['prediction, effective observable, f32', 5000, main.counts.prediction, 'instructions'],
    [
      'longest step_advance(1), f32, ahead of time',
      Math.floor(main.counts.step / LEAST_SLICES),
      main.counts['longest-slice'],
      'instructions',
    ],
    ['RAM, wasm3, linear memory limited: training, checkpoints', 64 * 1024, ramOf(small), 'B'],
    ['RAM, wasm3, linear memory limited: predictions too', 64 * 1024, ramWithPredictions(small), 'B'],
  ];
  return rows.map(([what, budget, found, unit]) => ({ what, budget, found, unit, met: found <= budget }));
}

const grouped = (value: number | undefined) => (value === undefined ? '-' : value.toLocaleString('en-US'));

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function nameOf({ target, how, build, engine, flags = [] }: Configuration): string {
  return [target, how, build, engine, ...flags].join(' ');
}

/** The laid-out engines run no circuit of one sample. */
function ofSamples({ engine }: Configuration, count: number): number | undefined {
  return engine === 'samples' ? count : undefined;
}

const COLUMNS: readonly (readonly [title: string, value: (measured: Measured) => number | undefined])[] = [
  ['flash', ({ sizes }) => sizes.flash],
  ['core', ({ sizes }) => sizes.core],
  ['RAM', ({ sizes }) => sizes.ram],
  ['heap', ({ counts }) => counts.heap],
  ['stack', ({ counts }) => counts.stack],
  ['layer', ({ counts, configuration }) => ofSamples(configuration, counts.layer)],
  ['circuit', ({ counts, configuration }) => ofSamples(configuration, counts.circuit)],
  ['exact step', ({ counts }) => counts.step],
  ['shots step', ({ counts }) => counts['shots-step']],
  ['prediction', ({ counts }) => counts.prediction],
  ['checkpoint', ({ counts }) => counts['checkpoint-write'] + counts['checkpoint-save']],
  ['longest slice', ({ counts }) => counts['longest-slice']],
];

function show(rows: readonly Measured[], verdicts: readonly Budget[]): string {
  const figures = rows.map((row) => [
    nameOf(row.configuration),
    ...COLUMNS.map(([, value]) => grouped(value(row))),
  ]);
  const verdict = verdicts.map(({ what, budget, found, unit, met }) => [
    what,
    grouped(budget),
    grouped(found),
    met ? 'met' : 'BROKEN',
    unit === 'B'
      ? 'bytes'
      : `${unit}, about ${((found / ESTIMATED_RATE) * 1e3).toFixed(3)} ms at 168 MHz (estimate)`,
  ]);
  return [
    'Bytes and instructions, of firmware that measures itself (digits included):',
    table([['', ...COLUMNS.map(([title]) => title)], ...figures]),
    '',
    table([['budget', 'at most', 'found', '', ''], ...verdict]),
    '',
  ].join('\n');
}

/** Costs of a step's slices by powers of two: how many cost so much. */
function histogram(slices: readonly number[]): Record<string, number> {
  const bins = new Map<number, number>();
  for (const cost of slices) {
    const bin = 2 ** Math.ceil(Math.log2(cost));
    bins.set(bin, (bins.get(bin) ?? 0) + 1);
  }
  return Object.fromEntries([...bins].sort(([a], [b]) => a - b).map(([bin, count]) => [`<= ${bin}`, count]));
}

async function main(): Promise<number> {
  const lacking = CONFIGURATIONS.map(({ target, how }) => missing(target, how)).find(
    (each) => each !== undefined,
  );
  if (lacking !== undefined) {
    process.stderr.write(`please install: ${lacking}\n`);
    return 2;
  }
  const measured = new Map<Configuration, Measured>();
  for (const configuration of CONFIGURATIONS) {
    process.stderr.write(`${nameOf(configuration)}\n`);
    measured.set(configuration, await measure(configuration));
  }
  const rows = [...measured.values()];
  const verdicts = await budgets(measured);
  const slices = rows.map(({ slices, ...row }) => ({ ...row, slices: histogram(slices) }));
  const result = { budgets: verdicts, rows: slices };
  const folder = new URL('../results/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL('devices.json', folder), `${JSON.stringify(result, null, 2)}\n`);
  process.stdout.write(
    process.argv.includes('--json') ? `${JSON.stringify(result)}\n` : show(rows, verdicts),
  );
  return verdicts.every(({ met }) => met) ? 0 : 1;
}

process.exitCode = await main();
