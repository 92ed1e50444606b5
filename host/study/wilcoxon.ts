/**
 * Wilcoxon's signed-rank test (Wilcoxon 1945) of paired differences: whether they lie about zero, whatever they are
 * distributed as, if only alike on both sides.
 */
import jStat from 'jstat';

/** What the test found. */
export interface SignedRank {
  /** The smaller one of the sums of ranks of rises and of falls. */
  readonly statistic: number;
  /** Two-sided. */
  readonly p: number;
  /** Whether p is exact, given the ranks, and not by the normal approximation. */
  readonly exact: boolean;
}

/** Differences up to which all 2^n signs are counted. */
const MOST_EXACT = 50;

/** Twice the rank of each number, from 2; the same numbers share the mean of their ranks, so that twice it is whole. */
function doubledRanks(sizes: readonly number[]): number[] {
  const order = sizes.map((_, i) => i).sort((a, b) => sizes[a] - sizes[b]);
  const ranks = new Array<number>(sizes.length);
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to + 1 < order.length && sizes[order[to + 1]] === sizes[order[from]]) to++;
    for (let i = from; i <= to; i++) ranks[order[i]] = from + to + 2;
    from = to + 1;
  }
  return ranks;
}

/** P(sum <= statistic) of the ranks that get a sign by the toss of a coin; twice the ranks, so that all is whole. */
function exactTail(doubled: readonly number[], statistic: number): number {
  const total = doubled.reduce((sum, rank) => sum + rank, 0);
  // How many of the 2^n signs come to each sum: below 2^53, so exact.
  const ways = new Float64Array(total + 1);
  ways[0] = 1;
  for (const rank of doubled) for (let sum = total; sum >= rank; sum--) ways[sum] += ways[sum - rank];
  let tail = 0;
  for (let sum = 0; sum <= statistic; sum++) tail += ways[sum];
  return tail / 2 ** doubled.length;
}

/**
 * The test. Differences of zero are left out.
 * @returns null where none is left
 */
export function signedRank(differences: readonly number[]): SignedRank | null {
  const moved = differences.filter((difference) => difference !== 0);
  const count = moved.length;
  if (count === 0) return null;
  const doubled = doubledRanks(moved.map(Math.abs));
  const total = doubled.reduce((sum, rank) => sum + rank, 0);
  const rises = doubled.reduce((sum, rank, i) => sum + (moved[i] > 0 ? rank : 0), 0);
  const smaller = Math.min(rises, total - rises);
  const statistic = smaller / 2;
  if (count <= MOST_EXACT) return { statistic, p: Math.min(1, 2 * exactTail(doubled, smaller)), exact: true };
  // The variance of the sum of ranks with random signs; ties are in it.
  const variance = doubled.reduce((sum, rank) => sum + rank * rank, 0) / 16;
  const z = (statistic - total / 4) / Math.sqrt(variance);
  return { statistic, p: Math.min(1, 2 * jStat.normal.cdf(z, 0, 1)), exact: false };
}
