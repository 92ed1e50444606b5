/** A thread of a campaign: runs every n-th case until the calls of all threads are enough. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Build } from '../support/core-harness.ts';
import { caseSeed, emptyTally, runCase, type Tally } from './campaign.ts';

/** What a thread is given. */
export interface Task {
  readonly builds: readonly Build[];
  readonly seed: number;
  /** The first case, and how many cases on the next one is. */
  readonly first: number;
  readonly stride: number;
  /** Calls of all threads together, after which they stop. */
  readonly target: number;
  /** Calls of all threads so far. */
  readonly calls: BigInt64Array;
  /** The case of each thread; this thread's has the index `first`. */
  readonly cases: Int32Array;
}

/** What it comes back with. */
export type Outcome = { readonly tally: Tally } | { readonly index: number; readonly message: string };

const { builds, seed, first, stride, target, calls, cases } = workerData as Task;

function run(): Outcome {
  const tally = emptyTally();
  for (let index = first; Number(Atomics.load(calls, 0)) < target; index += stride) {
    Atomics.store(cases, first, index);
    const before = tally.calls;
    try {
      runCase(builds[index % builds.length], caseSeed(seed, index), tally);
    } catch (error) {
      return { index, message: (error as Error).message };
    }
    Atomics.add(calls, 0, BigInt(tally.calls - before));
  }
  return { tally };
}

parentPort?.postMessage(run());
