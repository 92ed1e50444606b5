/**
 * How training from several seeds scales over threads: one thread against one for each processor, in turns, on
 * the built package. Prints times, their ratio and the efficiency, and records them in bench/results/seeds.json.
 *
 *   npm run bench:seeds
 */
import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';

const dist = new URL('../../dist/', import.meta.url);
const { Trainer } = (await import(new URL('index.js', dist).href)) as typeof import('../../host/index.ts');
const { fitPipeline, mnist01 } = (await import(
  new URL('data.js', dist).href
)) as typeof import('../../host/data/index.ts');
const { trainSeeds } = (await import(
  new URL('parallel.js', dist).href
)) as typeof import('../../host/parallel/index.ts');

/** Rounds, each of which runs every way once. */
const ROUNDS = 7;
/** Seeds for each thread of the widest way. */
const SEEDS_A_THREAD = 4;
/** Seconds that the training from one seed should take: more than in a test, less than in earnest. */
const SECONDS_A_SEED = 1;

const threads = availableParallelism();
const seeds = Array.from({ length: SEEDS_A_THREAD * threads }, (_, i) => i + 1);

/** The recommended configuration on the built-in digits, as the command line has it. */
const folder = new URL('mnist-0-1/', dist);
const { train: dataset } = await mnist01(async (name) => readFile(new URL(name, folder)));
const { pipeline } = fitPipeline(dataset, [
  { kind: 'pool', to: [14, 14] },
  { kind: 'pca', components: 15 },
  { kind: 'constant', ratio: 1 },
]);
const model = { qubits: 4, features: 16 };
const shots = 20;

/** Seconds that processors have worked for this process, all its threads together. */
function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** One training in this thread, evaluated as the helper does; its trace. */
async function alone(seed: number, steps: number): Promise<string> {
  const trainer = await Trainer.create({ model, training: { shots, steps, seed }, dataset, pipeline });
  for await (const _ of trainer.fit());
  trainer.evaluate(dataset);
  return trainer.trace;
}

/** Steps that take about as long as a training from one seed should. */
async function calibrated(): Promise<number> {
  for (let steps = 16; ; steps *= 2) {
    const before = processorSeconds();
    await alone(1, steps);
    const seconds = processorSeconds() - before;
    if (seconds > SECONDS_A_SEED / 4) return Math.ceil((steps * SECONDS_A_SEED) / seconds);
  }
}

const steps = await calibrated();

/** Trains from all seeds and gives the traces. */
type Way = () => Promise<string[]>;

const onThreads = (count: number): Way => {
  const run = { model, training: { shots, steps }, dataset, pipeline, seeds, threads: count };
  return async () => (await trainSeeds(run)).map(({ trace }) => trace);
};

const WAYS: Readonly<Record<string, Way>> = {
  'a loop without threads': async () => {
    const traces: string[] = [];
    for (const seed of seeds) traces.push(await alone(seed, steps));
    return traces;
  },
  '1 thread': onThreads(1),
  [`${threads} threads`]: onThreads(threads),
};

/** Seconds on the clock, and those of processors at work. */
interface Time {
  readonly seconds: number;
  readonly processor: number;
}

async function timed(way: Way, expected: string | undefined): Promise<Time & { traces: string }> {
  const before = processorSeconds();
  const started = performance.now();
  const traces = (await way()).join();
  const seconds = (performance.now() - started) / 1000;
  if (expected !== undefined && traces !== expected) throw new Error('the ways differ in their bits');
  return { seconds, processor: processorSeconds() - before, traces };
}

/** The value below which a share of the values lies, between the nearest two. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return below + (above - below) * (at - Math.floor(at));
}

/** Median and quartiles. */
function spread(values: readonly number[]) {
  const [lower, median, upper] = [0.25, 0.5, 0.75].map((share) =>
    Number(quantile(values, share).toPrecision(4)),
  );
  return { median, lower, upper };
}

const times: Record<string, Time[]> = Object.fromEntries(Object.keys(WAYS).map((name) => [name, []]));
let traces: string | undefined;
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, way] of Object.entries(WAYS)) {
    const time = await timed(way, traces);
    traces = time.traces;
    times[name].push(time);
  }
}

const [loop, one, all] = Object.values(times);
const ratios = (from: readonly Time[], to: readonly Time[]) =>
  spread(from.map(({ seconds }, round) => seconds / to[round].seconds));
const rows = Object.entries(times).map(([way, list]) => ({
  way,
  seconds: spread(list.map(({ seconds }) => seconds)),
  processorSeconds: spread(list.map(({ processor }) => processor)),
  /** On average: fewer than there are threads when others use the machine. */
  processorsAtWork: spread(list.map(({ seconds, processor }) => processor / seconds)),
}));
const ratio = ratios(one, all);
const efficiency = Number((ratio.median / threads).toPrecision(3));
const overLoop = ratios(loop, all);

const shown = ({ median, lower, upper }: ReturnType<typeof spread>) =>
  `${median.toFixed(2).padStart(6)} (${lower.toFixed(2)} to ${upper.toFixed(2)})`.padEnd(26);
process.stdout.write(
  [
    `${seeds.length} seeds of ${steps} steps, ${ROUNDS} rounds; medians with quartiles`,
    `${'way'.padEnd(24)}${'seconds'.padEnd(26)}processors at work`,
    ...rows.map((row) =>
      `${row.way.padEnd(24)}${shown(row.seconds)}${shown(row.processorsAtWork)}`.trimEnd(),
    ),
    `${`${threads} threads against 1`.padEnd(24)}${shown(ratio).trimEnd()} times as fast, efficiency ${efficiency}`,
    `${'against the loop'.padEnd(24)}${shown(overLoop).trimEnd()} times as fast`,
    '',
  ].join('\n'),
);
const machine = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length };
const result = {
  machine,
  threads,
  seeds: seeds.length,
  steps,
  rounds: ROUNDS,
  rows,
  ratio,
  overLoop,
  efficiency,
};
await writeFile(new URL('../results/seeds.json', import.meta.url), `${JSON.stringify(result, null, 2)}\n`);
