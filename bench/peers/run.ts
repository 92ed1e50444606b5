/**
 * This project against its peers and against a plain C program: same circuit, same parameters, same batch, answers
 * compared before anything is timed, pairs measured in turn in one run.
 *
 *   npm run bench:peers                        everything; records bench/results/peers.json
 *   npm run bench:peers -- --only Qulacs       one peer, or one row, or several, separated by commas
 *   npm run bench:peers -- --list              their names
 *   npm run bench:peers -- --seconds 2         seconds of rounds a row and peer, as far as rounds allow
 *   npm run bench:peers -- --runs 5            the exact step and the one with shots against C, so many times in fresh
 *                                              processes; records each run in bench/results/c-reference-runs.json
 *   npm run bench:peers -- --runs 5 --beside   keeps what is recorded there: the runs are of another machine
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { inWords, type Measured, type Verdict, verdicts } from './bars.ts';
import { install, installOurs } from './install.ts';
import { machine } from './machine.ts';
import { OURS, type Peer, PEERS, REFERENCE } from './peers.ts';
import { REPEATED, repeatOf, type Repeats, repeatsTable, type Run, type RunsOf } from './repeats.ts';
import { type Row, ROWS, rowsOf } from './rows.ts';
import { measureRow, type Outcome } from './session.ts';
import { aligned, duration, megabytes, significant } from './table.ts';
import { type Launch, Worker } from './worker.ts';
import { SEED } from './workload.ts';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    list: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '5' },
    runs: { type: 'string' },
    beside: { type: 'boolean', default: false },
  },
});

/** The peers and rows that were asked for; all of a kind when none of that kind was named. */
function chosen(): { peers: readonly Peer[]; rows: readonly Row[] } {
  const names = (options.only ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const peers = PEERS.filter(({ name }) => names.includes(name));
  const rows = ROWS.filter(({ id }) => names.includes(id));
  if (peers.length + rows.length !== names.length) throw new RangeError(`--only ${options.only}: see --list`);
  return { peers: peers.length > 0 ? peers : PEERS, rows: rows.length > 0 ? rows : ROWS };
}

/** What a worker runs on. */
async function versionsOf(launch: Launch): Promise<Readonly<Record<string, string>>> {
  const worker = new Worker(launch);
  try {
    return await worker.hello();
  } finally {
    await worker.close();
  }
}

/** All rows of one peer. Its failures are rows that say so. */
async function measurePeer(
  peer: Peer,
  rows: readonly Row[],
  ours: Launch,
): Promise<{ measured: readonly Measured[]; versions: Readonly<Record<string, string>> }> {
  const measured: Measured[] = [];
  const entry = ({ id, title, kind }: Row) =>
    ({ row: id, title, peer: peer.name, unit: kind === 'memory' ? 'bytes' : 'ns' }) as const;
  const launch = await install(peer);
  if ('reason' in launch)
    return { measured: rows.map((row) => ({ ...entry(row), ...launch })), versions: {} };
  const launches = { ours, peer: launch };
  const workers = { ours: new Worker(ours), peer: new Worker(launch) };
  const budget = Number(options.seconds) * 1e9;
  let versions: Readonly<Record<string, string>> = {};
  try {
    versions = await workers.peer.hello();
    for (const row of rows) {
      const started = performance.now();
      const result: Outcome = await measureRow(row, peer, workers, launches, budget).catch(
        (error: Error) => ({ reason: error.message }),
      );
      measured.push({ ...entry(row), ...result });
      const took = `${((performance.now() - started) / 1000).toFixed(0)} s`;
      process.stderr.write(`${peer.name}: ${row.title}, ${result.reason ?? 'measured'} (${took})\n`);
    }
  } catch (error) {
    const missing = rows.slice(measured.length);
    measured.push(...missing.map((row) => ({ ...entry(row), reason: (error as Error).message })));
  } finally {
    await workers.ours.close();
    await workers.peer.close();
  }
  return { measured, versions };
}

function resultsTable(measured: readonly Measured[]): string {
  const order = ROWS.map(({ id }) => id);
  const sorted = [...measured].sort((a, b) => order.indexOf(a.row) - order.indexOf(b.row));
  const lines = sorted.map(({ title, peer, unit, pair, reason, note = '' }) => {
    if (pair === undefined) return [title, peer, '', '', '', '', '', `not measured: ${reason}`];
    const show = unit === 'bytes' ? megabytes : duration;
    const { low, median, high } = pair.ratio;
    const between = pair.rounds > 1 ? `${significant(low)} - ${significant(high)}` : '';
    const times = [show(pair.ours.median), show(pair.peer.median)];
    return [title, peer, ...times, significant(median), between, String(pair.rounds), note];
  });
  return aligned(['row', 'peer', `${OURS} `, 'peer ', 'ratio ', 'quartiles ', 'rounds ', ''], lines);
}

/** A bar that was missed stays, with the time that would have met it. */
function verdictTable(all: readonly Verdict[]): string {
  const titles = new Map(ROWS.map(({ id, title }) => [id, title]));
  const lines = all.map((verdict) => {
    const { row, against, peer, factor, found, ours, needed, met } = verdict;
    const who = peer === against ? peer : `${against}: ${peer}`;
    const start = [titles.get(row) ?? row, who, inWords(verdict)];
    if (found === undefined) return [...start, '', '', '', 'NOT MEASURED'];
    const ratio = factor < 1 ? `${significant(1 / found)}x its time` : `${significant(found)}x`;
    return [...start, ratio, duration(ours ?? 0), duration(needed ?? 0), met ? 'met' : 'SHORT'];
  });
  return aligned(['row', 'against', 'bar', 'found ', `${OURS} `, 'needs ', 'verdict'], lines);
}

/** A file of bench/results. */
const recordOf = (name: string) => new URL(`../results/${name}.json`, import.meta.url);

/** Writes it. */
async function record(name: string, value: object): Promise<void> {
  await mkdir(new URL('.', recordOf(name)), { recursive: true });
  await writeFile(recordOf(name), `${JSON.stringify(value, null, 2)}\n`);
}

/** Everything that was asked for, once. */
async function compareAll(): Promise<void> {
  const { peers, rows } = chosen();
  const where = machine();
  const started = performance.now();
  const ours = await installOurs();
  const measured: Measured[] = [];
  const versions: Record<string, Readonly<Record<string, string>>> = { [OURS]: await versionsOf(ours) };
  for (const peer of peers) {
    const found = await measurePeer(peer, rowsOf(peer, rows), ours);
    measured.push(...found.measured);
    versions[peer.name] = found.versions;
  }
  const bars = verdicts(measured);
  const seconds = Math.round((performance.now() - started) / 1000);
  process.stdout.write(`${resultsTable(measured)}\n\n${verdictTable(bars)}\n`);
  process.stdout.write(`\nseed ${SEED}, ${seconds} s\n`);
  if (options.only === undefined)
    await record('peers', { machine: where, versions, seed: SEED, seconds, rows: measured, bars });
}

/** The rows that move most, run after run. */
async function repeatReference(count: number): Promise<void> {
  if (!(Number.isInteger(count) && count >= 1))
    throw new RangeError(`--runs ${options.runs}: a number from 1`);
  if (options.only !== undefined) throw new RangeError('--runs repeats rows of its own: leave --only out');
  const reference = PEERS.filter(({ name }) => name === REFERENCE);
  const rows = ROWS.filter(({ id }) => REPEATED.some((each) => each === id));
  const where = machine();
  const ours = await installOurs();
  const runs: Run[] = [];
  while (runs.length < count) {
    process.stderr.write(`run ${runs.length + 1} of ${count}\n`);
    for (const peer of reference) runs.push(repeatOf((await measurePeer(peer, rows, ours)).measured));
  }
  process.stdout.write(`${repeatsTable(runs, REFERENCE)}\n`);
  const own: RunsOf = { machine: where, runs };
  if (!options.beside) return record('c-reference-runs', own satisfies Repeats);
  const kept = JSON.parse(await readFile(recordOf('c-reference-runs'), 'utf8')) as Repeats;
  await record('c-reference-runs', { ...kept, beside: [...(kept.beside ?? []), own] } satisfies Repeats);
}

if (options.list)
  process.stdout.write(`${[...PEERS.map(({ name }) => name), ...ROWS.map(({ id }) => id)].join('\n')}\n`);
else if (options.beside && options.runs === undefined)
  throw new RangeError('--beside is of --runs: how many are kept beside those of another machine');
else if (options.runs !== undefined) await repeatReference(Number(options.runs));
else await compareAll();
