/** Seeded shuffling and the split into a training and a test part. */
import { flag, integer, optional, record, type Table, that, whole } from '../core/checks.ts';
import { DataError } from '../core/errors.ts';
import { type Dataset, readDataset, subset } from './dataset.ts';
import { HostRandom } from './philox.ts';
import { sumOf } from './sums.ts';

/** Rows that a permutation has at most: what a list of words can hold. */
const MOST_ROWS = 2 ** 31 - 1;

/** A permutation of 0 .. n-1 (Fisher-Yates), a function of `n` and the seed alone. */
export function shuffled(n: number, seed: number): Uint32Array {
  integer('n', n, 0, MOST_ROWS);
  const random = new HostRandom(seed);
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  for (let last = n - 1; last > 0; last--) {
    const pick = random.below(last + 1);
    const moved = order[last];
    order[last] = order[pick];
    order[pick] = moved;
  }
  return order;
}

/** How to split. */
export interface SplitOptions {
  /** Share of the rows that go to the test part, between 0 and 1, both excluded. */
  readonly testFraction: number;
  /** Integer from 0 to 2^53 - 1. */
  readonly seed: number;
  /** Keep the class proportions in both parts, to within a row per class. Default true. */
  readonly stratify?: boolean;
}

/** The two parts of a data set. */
export interface Split {
  /** What to train on; its `part` is `train`. */
  readonly train: Dataset;
  /** What to test on; its `part` is `test`, and nothing is fitted to it. */
  readonly test: Dataset;
}

const isFraction = (value: unknown) => typeof value === 'number' && value > 0 && value < 1;

const OPTIONS: Table<SplitOptions> = {
  testFraction: that('a number between 0 and 1, both excluded', isFraction),
  seed: whole(0),
  stratify: optional(flag),
};

/**
 * Splits the rows at random. Each part keeps the rows in their original order. Stratified, every class keeps
 * at least one row in the training part.
 * OptionError for a bad fraction or seed, DataError when a part would be empty.
 */
export function trainTestSplit(given: Dataset, options: SplitOptions): Split {
  const dataset = readDataset(given);
  const { testFraction, seed, stratify = true } = record('trainTestSplit', options, OPTIONS);
  const order = shuffled(dataset.rows, seed);
  const groups = new Map<number, number[]>();
  for (const i of order) {
    const group = stratify ? dataset.labels[i] : 0;
    const members = groups.get(group);
    if (members) members.push(i);
    else groups.set(group, [i]);
  }
  const members = [...groups].sort(([a], [b]) => a - b).map(([, rows]) => rows);
  const counts = apportion(
    members.map((rows) => rows.length),
    testFraction,
  );
  const test = members.flatMap((rows, g) => rows.slice(0, counts[g]));
  const train = members.flatMap((rows, g) => rows.slice(counts[g]));
  if (test.length === 0 || train.length === 0) {
    const message =
      members.length === dataset.rows
        ? `no two of the ${dataset.rows} rows are of one class, which leaves none to be tested on; is the label a number to predict, or an identifier?`
        : `${dataset.rows} rows leave a part empty when ${testFraction} of them are for testing`;
    throw new DataError('ERR_DATA_ROWS', message, { file: dataset.name });
  }
  const part = (rows: number[], side: 'train' | 'test'): Dataset => ({
    ...subset(
      dataset,
      rows.sort((a, b) => a - b),
    ),
    part: side,
  });
  return { train: part(train, 'train'), test: part(test, 'test') };
}

/**
 * How many of each group go to the test part: together round(fraction x total), shared by largest remainder
 * (the earlier group on a tie), but never the whole of a group.
 */
function apportion(sizes: readonly number[], fraction: number): number[] {
  const quotas = sizes.map((size) => size * fraction);
  const counts = quotas.map(Math.floor);
  let left = Math.round(sumOf(quotas)) - sumOf(counts);
  const byRemainder = quotas
    .map((quota, g) => ({ g, remainder: quota - counts[g] }))
    .sort((a, b) => b.remainder - a.remainder || a.g - b.g);
  for (const { g } of byRemainder) {
    if (left <= 0) break;
    if (counts[g] + 1 >= sizes[g]) continue;
    counts[g]++;
    left--;
  }
  return counts;
}
