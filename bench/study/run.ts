/**
 * What a training of a study costs beside its steps, on threads, in a shard and by a queue: processor time of all processes
 * but Redis for a training of one step, bytes that are kept of it, and bytes of Redis. Comparisons with many and with few
 * trainings tell what belongs to one from what belongs to a run. Needs redis-server. Records bench/results/study.json.
 *
 *   npm run bench:study
 *   npm run bench:study -- --check    without recording
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';

const { values: options } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const CLI = new URL('../../dist/cli.js', import.meta.url).pathname;
const PORT = 36_379;
const URL_OF_QUEUE = `redis://127.0.0.1:${PORT}`;

/** Trainings in the two comparisons. */
const [FEW, MANY] = [40, 440];

/** A training of one step. */
const STUDY = [
  'compare',
  '--data',
  'gaussians:dimensions=2',
  '--rules',
  'adam',
  '--steps',
  '20',
  '--looks',
  '20',
];

/** Runs the command. @returns processor seconds of it and its processes */
async function seconds(args: readonly string[]): Promise<number> {
  const command = [process.execPath, CLI, ...args].map((word) => `'${word}'`).join(' ');
  const script = `TIMEFORMAT='cpu %U %S'; time ${command}`;
  const child = spawn('bash', ['-c', script], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  const [, user, system] = /cpu ([\d.]+) ([\d.]+)\s*$/.exec(said) ?? [];
  if (code !== 0 || user === undefined) throw new Error(`${command}: ${said}`);
  return Number(user) + Number(system);
}

/** Bytes of a finished training in a folder. */
async function bytesIn(folder: string): Promise<number> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.jsonl'));
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  const all = texts.join('');
  return Math.round(all.length / all.trim().split('\n').length);
}

const folder = await mkdtemp(join(tmpdir(), 'bench-study-'));

/** What a training takes by a way of running a comparison: processor milliseconds, and bytes. */
async function each(way: string, run: (out: string, seeds: readonly string[]) => Promise<number>) {
  const cpu: number[] = [];
  for (const count of [FEW, MANY]) {
    const out = join(folder, `${way}-${count}`);
    cpu.push(await run(out, ['--seeds', String(count), '--seed', String(1 + 10_000 * count)]));
    process.stderr.write(`${way}, ${count} trainings: ${cpu.at(-1)?.toFixed(1)} s of processors\n`);
  }
  const milliseconds = (1000 * (cpu[1] - cpu[0])) / (MANY - FEW);
  return { way, trainings: MANY - FEW, milliseconds, bytes: await bytesIn(join(folder, `${way}-${MANY}`)) };
}

const threads = await each('threads', (out, seeds) =>
  seconds([...STUDY, ...seeds, '--threads', '1', '--out', out]),
);
const shard = await each('shard', (out, seeds) =>
  seconds([...STUDY, ...seeds, '--threads', '1', '--out', out, '--shard', '1/1']),
);
const server = spawn('redis-server', ['--port', String(PORT), '--bind', '127.0.0.1', '--save', ''], {
  stdio: 'ignore',
});
const redis = new Redis(URL_OF_QUEUE);
redis.on('error', () => {});
const memory = async () => Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]);
const before = await memory();
const queue = await each('queue', async (out, seeds) => {
  const worker = seconds(['work', URL_OF_QUEUE, '--threads', '1', '--idle', '8']);
  const order = await seconds([...STUDY, ...seeds, '--queue', URL_OF_QUEUE, '--out', out]);
  return order + (await worker);
});
const redisBytes = Math.round(((await memory()) - before) / (FEW + MANY));
redis.disconnect();
server.kill();
await rm(folder, { recursive: true, force: true });

const rows = [threads, shard, { ...queue, redisBytes }];
for (const { way, milliseconds, bytes } of rows)
  process.stdout.write(`${way}: ${milliseconds.toFixed(1)} ms and ${bytes} bytes a training\n`);
process.stdout.write(`Redis: ${redisBytes} bytes a training\n`);
if (!options.check)
  await writeFile(
    new URL('../results/study.json', import.meta.url),
    `${JSON.stringify({ machine: cpus()[0].model, node: process.version, rows }, undefined, 2)}\n`,
  );
