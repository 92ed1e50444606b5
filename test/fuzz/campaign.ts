/**
 * Fuzzing by cases. A case is one fresh instance of one build under a few sequences of random calls; its number
 * says all of its draws, so that it can be run again.
 */
import assert from 'node:assert/strict';
import { Status } from '../../assembly/abi/codes.ts';
import type { Build } from '../support/core-harness.ts';
import { Fuzzer, knownTrace } from './calls-at-random.ts';
import { fastRng } from './draws.ts';

/** Sequences in a case, and random choices in each. */
const LIVES = 5;
const LENGTH = 40;

/** The shipped modules, which take turns. */
export const FUZZED_BUILDS: readonly Build[] = [
  'device',
  'device-f32',
  'device-fast',
  'device-fast-f32',
  'release',
  'compact',
];

/** Functions whose result is a value rather than a status. */
const VALUES =
  /^(trace|moments_loss|predict_effective|ask_angle|option_(value|at_fault)|step_(evaluations|shots|work|abandon)|abi|real)|_(ptr|count|capacity|parameters|qubits|in_use|wanted)$/;

/** Outcomes of calls: how often each function ended in each way. */
export type Outcomes = Map<string, number>;

/** What some cases have come to. */
export interface Tally {
  calls: number;
  /** The longest call, milliseconds. */
  longest: number;
  readonly outcomes: Outcomes;
}

export function emptyTally(): Tally {
  return { calls: 0, longest: 0, outcomes: new Map() };
}

/** Adds one tally to another. */
export function addTally(sum: Tally, { calls, longest, outcomes }: Tally): void {
  sum.calls += calls;
  sum.longest = Math.max(sum.longest, longest);
  for (const [outcome, count] of outcomes)
    sum.outcomes.set(outcome, (sum.outcomes.get(outcome) ?? 0) + count);
}

/** How a call ended, in words: its status, or what kind of value it gave. */
export function outcomeOf(name: string, result: number): string {
  const status = VALUES.test(name) ? undefined : Status[result];
  if (status !== undefined) return `${name} ${status}`;
  return `${name} ${result > 0 ? 'positive' : result < 0 ? 'negative' : result === 0 ? 'zero' : 'nothing'}`;
}

/** Called after every call of a case that is recorded. */
export type Watch = (fuzzer: Fuzzer, name: string, result: number) => void;

/** The seed of a case of a campaign. @param seed 0 ... 2^20 @param index 0 ... 2^32 - 1 */
export function caseSeed(seed: number, index: number): number {
  return seed * 2 ** 32 + index;
}

const traces = new Map<Build, bigint>();

/** The known program's trace on an instance that nothing came before. */
function undisturbed(build: Build): bigint {
  const trace = traces.get(build) ?? knownTrace(build);
  traces.set(build, trace);
  return trace;
}

/**
 * Runs one case.
 * @param watch called after every call; the case is then recorded from its start
 * @throws Error with the latest calls: a trap, a stray write, a call without end, a state that lasts
 */
export function runCase(build: Build, seed: number, tally: Tally, watch?: Watch): void {
  const fuzzer = new Fuzzer(build, fastRng(seed));
  if (watch !== undefined) fuzzer.record();
  fuzzer.watch = (name, result) => {
    tally.calls++;
    const outcome = outcomeOf(name, result);
    tally.outcomes.set(outcome, (tally.outcomes.get(outcome) ?? 0) + 1);
    watch?.(fuzzer, name, result);
  };
  for (let life = 0; life < LIVES; life++) fuzzer.run(LENGTH);
  assert.equal(fuzzer.knownTrace(), undisturbed(build), `something lasts: ${fuzzer.history()}`);
  tally.longest = Math.max(tally.longest, fuzzer.longest);
}
