/** Two workers measured in turn: ours, the peer, ours, the peer, ... */
import { type Spread, spread } from './statistics.ts';
import type { Worker } from './worker.ts';

/** What a pair gave. Times in nanoseconds a call; ratios are the peer's over ours, round by round. */
export interface Pair {
  readonly rounds: number;
  readonly ours: Spread;
  readonly peer: Spread;
  readonly ratio: Spread;
}

/** Nanoseconds a round lasts at least, in each worker. */
const ROUND = 40e6;
/** Nanoseconds a worker runs at least before it is timed, so that every tier of compiler has had its say. */
const WARM = 300e6;
/** Rounds at most; at least, where a round is quick, slow or very slow. */
const MOST_ROUNDS = 15;
const USUAL_ROUNDS = 9;
const FEW_ROUNDS = 3;
const FEWEST_ROUNDS = 2;
/** Nanoseconds beyond which a round counts as slow and as very slow. */
const SLOW = 500e6;
const VERY_SLOW = 5e9;

function roundsAtLeast(nanoseconds: number): number {
  if (nanoseconds < SLOW) return USUAL_ROUNDS;
  return nanoseconds < VERY_SLOW ? FEW_ROUNDS : FEWEST_ROUNDS;
}

/** Warms a worker up. @returns calls that fill a round */
async function warm(worker: Worker): Promise<number> {
  let calls = 1;
  let spent = 0;
  let pace = Number.POSITIVE_INFINITY;
  while (spent < WARM) {
    const elapsed = await worker.time(calls);
    spent += elapsed;
    pace = elapsed / calls;
    calls = Math.max(1, Math.min(2 * calls, Math.ceil(WARM / 8 / pace)));
  }
  return Math.max(1, Math.ceil(ROUND / pace));
}

/**
 * Times both workers, already set up on the same workload.
 * @param budget nanoseconds to spend on rounds, as far as the least number of rounds allows
 */
export async function measurePair(ours: Worker, peer: Worker, budget: number): Promise<Pair> {
  const calls = { ours: await warm(ours), peer: await warm(peer) };
  const start = process.hrtime.bigint();
  const spent = () => Number(process.hrtime.bigint() - start);
  const times: { ours: number; peer: number }[] = [];
  let least = USUAL_ROUNDS;
  while (times.length < least || (times.length < MOST_ROUNDS && spent() < budget)) {
    const before = spent();
    times.push({
      ours: (await ours.time(calls.ours)) / calls.ours,
      peer: (await peer.time(calls.peer)) / calls.peer,
    });
    least = roundsAtLeast(spent() - before);
  }
  return pairOf(times);
}

/** The spreads of times measured in turn. */
export function pairOf(times: readonly { readonly ours: number; readonly peer: number }[]): Pair {
  return {
    rounds: times.length,
    ours: spread(times.map(({ ours }) => ours)),
    peer: spread(times.map(({ peer }) => peer)),
    ratio: spread(times.map(({ ours, peer }) => peer / ours)),
  };
}
