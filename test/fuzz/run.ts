/**
 * Fuzzes the shipped modules with random calls of their ABI: none may trap, hang or write outside the arena.
 *
 *   npm run fuzz -- --calls 10000000 --seed 7       as many calls as that, on all processors
 *   npm run fuzz -- --seed 7 --case 1234            one case again, of a build by its number
 *   npm run fuzz -- --builds device,release         some builds only; a case's build depends on the list
 *   npm run fuzz -- --outcomes                      also how often each function ended in each way
 *   npm run fuzz -- --corpus                        write the corpus anew, after a change to the ABI
 *
 * Prints what was done on stdout, progress on stderr; exit 1 at the first failure, with the line that repeats it.
 */
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { type Build, BUILDS } from '../support/core-harness.ts';
import { addTally, caseSeed, emptyTally, FUZZED_BUILDS, runCase, type Tally } from './campaign.ts';
import { collect, CORPUS_BUILDS, corpusUrl } from './corpus.ts';
import type { Outcome, Task } from './worker.ts';

/** A case takes a few milliseconds; one that has not ended after this long hangs. */
const PATIENCE_MS = 60_000;
const PROGRESS_MS = 5_000;

/** A mistake in the arguments. */
function usage(message: string): never {
  process.stderr.write(`fuzz: ${message}\n`);
  process.exit(2);
}

function whole(text: string, name: string, most = Number.MAX_SAFE_INTEGER): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > most) usage(`--${name} ${text} is not a whole number`);
  return value;
}

function buildsNamed(text: string): Build[] {
  const known: readonly Build[] = [...new Set([...BUILDS, ...FUZZED_BUILDS])];
  const names = text.split(',') as Build[];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) usage(`there is no build ${unknown}; there are ${known.join(', ')}`);
  return names;
}

/** One run of the fuzzer. */
interface Campaign {
  readonly builds: readonly Build[];
  readonly seed: number;
  readonly calls: number;
  readonly threads: number;
}

/** The line that runs one case again. */
function repeat({ builds, seed }: Campaign, index: number): string {
  return `npm run fuzz -- --builds ${builds.join(',')} --seed ${seed} --case ${index}`;
}

/** Runs all threads to the end. @returns their tally, or nothing after a failure, which is printed */
async function run(campaign: Campaign): Promise<Tally | undefined> {
  const { builds, seed, threads, calls: target } = campaign;
  const calls = new BigInt64Array(new SharedArrayBuffer(8));
  const cases = new Int32Array(new SharedArrayBuffer(4 * threads));
  const workers = Array.from({ length: threads }, (_, first) => {
    const workerData: Task = { builds, seed, first, stride: threads, target, calls, cases };
    return new Worker(new URL('./worker.mjs', import.meta.url), { workerData });
  });
  const tally = emptyTally();
  let failure: string | undefined;
  const fail = (message: string) => {
    failure ??= message;
    for (const worker of workers) void worker.terminate();
  };
  const seen = Array.from(cases, (index) => ({ index, since: performance.now() }));
  const ticker = setInterval(() => {
    process.stderr.write(`${Number(calls[0])} of ${target} calls\n`);
    cases.forEach((index, thread) => {
      if (seen[thread].index !== index) seen[thread] = { index, since: performance.now() };
      else if (performance.now() - seen[thread].since > PATIENCE_MS)
        fail(`hangs\n${repeat(campaign, index)}`);
    });
  }, PROGRESS_MS);
  const ends = workers.map((worker, thread) => {
    worker.on('message', (outcome: Outcome) => {
      if ('tally' in outcome) {
        addTally(tally, outcome.tally);
        // It has ended: it cannot hang any more.
        seen[thread].since = Number.POSITIVE_INFINITY;
      } else fail(`${outcome.message}\n${repeat(campaign, outcome.index)}`);
    });
    worker.on('error', (error) => fail(`${error.stack}`));
    return new Promise((resolve) => worker.once('exit', resolve));
  });
  await Promise.all(ends);
  clearInterval(ticker);
  if (failure === undefined) return tally;
  process.stderr.write(`fuzz: ${failure}\n`);
  process.exitCode = 1;
  return undefined;
}

/** Runs one case again. */
function runAgain({ builds, seed }: Campaign, index: number): void {
  const build = builds[index % builds.length];
  const tally = emptyTally();
  try {
    runCase(build, caseSeed(seed, index), tally);
    process.stdout.write(`case ${index} of seed ${seed} on ${build}: ${tally.calls} calls, no failure\n`);
  } catch (error) {
    process.stderr.write(`fuzz: ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}

/** Cases per build from which the corpus is taken. */
const CORPUS_CASES = 3000;

async function writeCorpus(seed: number): Promise<void> {
  for (const build of CORPUS_BUILDS) {
    const sequences = collect(build, seed, CORPUS_CASES);
    await writeFile(corpusUrl(build), `${JSON.stringify(sequences, undefined, 2)}\n`);
    process.stdout.write(`${build}: ${sequences.length} outcomes\n`);
  }
}

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    builds: { type: 'string', default: FUZZED_BUILDS.join(',') },
    threads: { type: 'string', default: String(availableParallelism()) },
    case: { type: 'string' },
    outcomes: { type: 'boolean', default: false },
    corpus: { type: 'boolean', default: false },
  },
});
const campaign: Campaign = {
  builds: buildsNamed(values.builds),
  seed: whole(values.seed, 'seed', 2 ** 20),
  calls: whole(values.calls, 'calls'),
  threads: Math.max(whole(values.threads, 'threads', 1024), 1),
};
if (values.corpus) {
  await writeCorpus(campaign.seed);
} else if (values.case !== undefined) {
  runAgain(campaign, whole(values.case, 'case', 2 ** 31 - 1));
} else {
  const started = performance.now();
  const tally = await run(campaign);
  if (tally !== undefined) {
    const seconds = (performance.now() - started) / 1000;
    if (values.outcomes) {
      for (const [outcome, count] of [...tally.outcomes].sort())
        process.stdout.write(`${count}\t${outcome}\n`);
    }
    process.stdout.write(
      `seed ${campaign.seed}: ${tally.calls} calls on ${campaign.builds.join(', ')}, ${tally.outcomes.size} outcomes, ` +
        `longest call ${tally.longest.toFixed(1)} ms, ${Math.round(tally.calls / seconds)} calls/s: no failure\n`,
    );
  }
}
