/** One rule against another, seed by seed. */
import jStat from 'jstat';
import { type Interval, meanInterval, type Resampler } from './bootstrap.ts';
import { type SignedRank, signedRank } from './wilcoxon.ts';

/** Paired differences, the rule's value less that of the one it is held against. */
export interface PairedTest {
  /** Of the differences, over seeds on which both have a value; null where there is none. */
  readonly mean: number | null;
  /** Median of the same differences; null where there is none. */
  readonly median: number | null;
  /** Their standard deviation, over n - 1; null with fewer than two. */
  readonly deviation: number | null;
  /** Of the mean, at 95 %, by the bootstrap; null with fewer than two differences. */
  readonly interval: Interval | null;
  /** Student's t of the mean; null with fewer than two differences, and where all are alike. */
  readonly t: number | null;
  /** Two-sided p of `t` with n - 1 degrees of freedom, 0 to 1; null without it. */
  readonly p: number | null;
  /** Wilcoxon's signed-rank test of the differences; null where all are 0. */
  readonly wilcoxon: SignedRank | null;
  /** Seeds on which the rule is the better one. A value beats none. */
  readonly wins: number;
  /** Seeds on which the other is. */
  readonly losses: number;
  /** Seeds on which neither is. */
  readonly ties: number;
  /** Seeds that both were trained on. */
  readonly seeds: number;
  /** Seeds on which both have a value: what `mean` is over. */
  readonly compared: number;
}

/** A pair of values; null is what never came to be, and worse than any value. */
export type Pair = readonly [rule: number | null, against: number | null];

/** Above zero where the first of two is better. @param sign 1 where less is better, -1 where more is */
function better([rule, against]: Pair, sign: 1 | -1): number {
  if (rule === null || against === null) return Number(against === null) - Number(rule === null);
  return Math.sign(sign * (against - rule));
}

/** Tests pairs. @param less is better */
export function pairedTest(pairs: readonly Pair[], less: boolean, resampler: Resampler): PairedTest {
  const signs = pairs.map((pair) => better(pair, less ? 1 : -1));
  const differences = pairs.flatMap(([rule, against]) =>
    rule === null || against === null ? [] : [rule - against],
  );
  const compared = differences.length;
  const deviation = compared < 2 ? null : jStat.stdev(differences, true);
  const mean = compared === 0 ? null : jStat.mean(differences);
  const t = mean === null || !deviation ? null : mean / (deviation / Math.sqrt(compared));
  return {
    mean,
    median: compared === 0 ? null : jStat.median(differences),
    deviation,
    interval: meanInterval(differences, resampler),
    t,
    p: t === null ? null : Math.min(1, 2 * jStat.studentt.cdf(-Math.abs(t), compared - 1)),
    wilcoxon: signedRank(differences),
    wins: signs.filter((sign) => sign > 0).length,
    losses: signs.filter((sign) => sign < 0).length,
    ties: signs.filter((sign) => sign === 0).length,
    seeds: pairs.length,
    compared,
  };
}
