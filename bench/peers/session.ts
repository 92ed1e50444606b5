/** One row of one peer: set up, compare, measure. */
import type { Measured } from './bars.ts';
import { wrongWith } from './check.ts';
import { measurePair, pairOf } from './measure.ts';
import type { Peer } from './peers.ts';
import type { Row } from './rows.ts';
import { type Launch, Worker } from './worker.ts';

/** Ours and the peer's. */
export interface Both<T> {
  readonly ours: T;
  readonly peer: T;
}

/** What becomes of a row. */
export type Outcome = Pick<Measured, 'pair' | 'reason' | 'note'>;

/** Largest deviation of our own exact answers. */
const OUR_TOLERANCE = 1e-9;
/** Starts of fresh processes: at most; at least, where a start is quick and where it is slow. */
const MOST_STARTS = 9;
const USUAL_STARTS = 5;
const FEWEST_STARTS = 2;
/** Nanoseconds beyond which a start counts as slow. */
const SLOW_START = 3e9;

/** What comparing the answers showed: `wrong` forbids timing, `note` belongs beside the figures. */
interface Comparison {
  readonly wrong?: string;
  readonly note?: string;
}

/**
 * Checks a worker's answer. One with shots has some hundred sampled numbers: when one of them lies beyond five standard
 * deviations, the worker answers again from fresh shots, and only a second time so far off is wrong. The first
 * is noted.
 */
async function checkAnswer(
  worker: Worker,
  whose: string,
  { workload }: Row,
  tolerance: number,
  ours: readonly number[],
  answer: readonly number[],
): Promise<Comparison> {
  const first = wrongWith(workload, answer, ours, tolerance);
  if (first === undefined) return {};
  if (workload.shots === 0) return { wrong: `${whose} answer is ${first}` };
  const second = wrongWith(workload, await worker.answer(), ours, tolerance);
  if (second !== undefined) return { wrong: `${whose} answers are ${first} and ${second}` };
  return { note: `a number of ${whose} first answer was ${first}, none of the second` };
}

/** Sets both up and checks their answers; not again when they still are set up on the same workload. */
async function compare(row: Row, { tolerance }: Peer, workers: Both<Worker>): Promise<Comparison> {
  if (workers.ours.workload === row.workload && workers.peer.workload === row.workload) return {};
  await workers.ours.setup(row.workload);
  await workers.peer.setup(row.workload);
  const ours = await workers.ours.answer();
  const answer = await workers.peer.answer();
  const own = await checkAnswer(workers.ours, 'our', row, OUR_TOLERANCE, ours, ours);
  if (own.wrong !== undefined) return own;
  const theirs = await checkAnswer(workers.peer, "the peer's", row, tolerance, ours, answer);
  return theirs.wrong === undefined ? { ...own, ...theirs } : theirs;
}

/** Nanoseconds from starting a process to its first prediction. */
async function start(launch: Launch, { workload }: Row): Promise<number> {
  const began = process.hrtime.bigint();
  const worker = new Worker(launch);
  await worker.setup(workload);
  await worker.answer();
  const elapsed = Number(process.hrtime.bigint() - began);
  await worker.close();
  return elapsed;
}

async function measureStarts(row: Row, launches: Both<Launch>, budget: number): Promise<Outcome> {
  const times: Both<number>[] = [];
  const began = performance.now();
  const spent = () => (performance.now() - began) * 1e6;
  let least = USUAL_STARTS;
  while (times.length < least || (times.length < MOST_STARTS && spent() < budget)) {
    const peer = await start(launches.peer, row);
    if (peer > SLOW_START) least = FEWEST_STARTS;
    times.push({ ours: await start(launches.ours, row), peer });
  }
  return { pair: pairOf(times) };
}

/** Peak memory of two workers that do what the row says; they must not have done anything else before. */
async function measureMemory(row: Row, peer: Peer, workers: Both<Worker>): Promise<Outcome> {
  const { wrong } = await compare(row, peer, workers);
  if (wrong !== undefined) return { reason: wrong };
  return { pair: pairOf([{ ours: await workers.ours.memory(), peer: await workers.peer.memory() }]) };
}

/** Measures a row, or says why it cannot be. */
export async function measureRow(
  row: Row,
  peer: Peer,
  workers: Both<Worker>,
  launches: Both<Launch>,
  budget: number,
): Promise<Outcome> {
  if (row.kind === 'start') return measureStarts(row, launches, budget);
  if (row.kind === 'memory') return measureMemory(row, peer, workers);
  const { wrong, note } = await compare(row, peer, workers);
  if (wrong !== undefined) return { reason: wrong };
  const { rounds, ours, peer: theirs, ratio } = await measurePair(workers.ours, workers.peer, budget);
  const divided = ({ low, median, high }: typeof ours) => ({
    low: low / row.per,
    median: median / row.per,
    high: high / row.per,
  });
  return { pair: { rounds, ours: divided(ours), peer: divided(theirs), ratio }, note };
}
