/** What a comparison trains on what: from flags to plain data, and to what can be trained. */
import { createHash } from 'node:crypto';
import { trainTestSplit } from '../../data/split.ts';
import type { Dataset } from '../../data/dataset.ts';
import type { Json, Problem } from '../../study/cell.ts';
import type { Prepared } from '../../study/train-cell.ts';
import type { ColumnFlags, PreprocessingFlags } from '../input/flags.ts';
import type { Say } from '../input/notes.ts';
import type { Configuration } from '../input/preset.ts';
import { readSource, type TrainingData } from '../input/read-data.ts';
import type { SetSource, Source } from '../input/source.ts';
import type { WatchFlags } from '../input/watch-flags.ts';
import { trainerOptions } from '../training/trainer-options.ts';

/** Flags that say what becomes of the data before the model sees it. */
export type ShapingFlags = PreprocessingFlags &
  Pick<ColumnFlags, 'missing' | 'unseen'> &
  Pick<WatchFlags, 'classWeights'>;

/** What a problem is made of. */
export interface ProblemParts {
  readonly source: Source;
  readonly configuration: Configuration;
  readonly shaping: ShapingFlags;
}

/** A problem with its data, which is read once. */
export interface ReadProblem {
  readonly problem: Problem;
  /** Of a seed: what is drawn of the data goes by it. */
  readonly prepare: (seed: number) => Prepared;
}

/** Plain data without what is undefined. */
const plainly = (value: object) => JSON.parse(JSON.stringify(value)) as { readonly [name: string]: Json };

/** SHA-256 of all that training and testing see of data. */
function fingerprint(sets: readonly (Dataset | undefined)[]): string {
  const hash = createHash('sha256');
  for (const set of sets) {
    if (set === undefined) continue;
    const { features, labels, targets, rows, columns, classes, columnNames, categories, shape } = set;
    hash.update(JSON.stringify([rows, columns, classes, columnNames, categories, shape]));
    for (const values of [features, labels, targets])
      if (values) hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  return hash.digest('hex');
}

/** How a set is read, but for where it is. */
function without(set: SetSource): object {
  if (set.kind === 'csv') return { ...set, file: undefined };
  if (set.kind === 'idx') return { kind: set.kind };
  return { ...set, from: undefined };
}

/** What a set is called. */
function nameOf(set: SetSource, train: Dataset): string {
  return set.kind === 'digits' ? 'MNIST 0 and 1' : train.name;
}

/**
 * What a problem that `readProblem` has made is made of, on another machine.
 * @param folder that its files are in there; absent: the same
 */
export function partsOf(problem: Problem, folder?: string): ProblemParts {
  const { name: _, where, data, sha256: __, shaping, ...configuration } = problem;
  const { testFraction, classes } = data as Pick<Source, 'testFraction' | 'classes'>;
  const place = where as unknown as Pick<Source, 'folder' | 'set' | 'test'>;
  return {
    // No part of a source that is read whole is drawn.
    source: { ...place, ...(folder !== undefined && { folder }), testFraction, classes, seed: 0 },
    configuration: { ...(configuration as unknown as Configuration), training: {} },
    shaping: shaping as ShapingFlags,
  };
}

/** Reads the data of a problem. @param say hears how @throws UsageError, DataError, OptionError */
export async function readProblem(
  { source, configuration, shaping }: ProblemParts,
  say: Say,
): Promise<ReadProblem> {
  const { testFraction, set, test, classes, folder } = source;
  const whole = await readSource({ ...source, testFraction: 0 }, say);
  const problem: Problem = {
    name: nameOf(set, whole.train),
    where: plainly({ folder, set, test }),
    ...plainly({
      data: { ...without(set), classes, testFraction, test: test && without(test) },
      // What is made by a formula is known by that.
      sha256:
        set.kind === 'digits' || set.kind === 'made' ? undefined : fingerprint([whole.train, whole.test]),
      ...configuration,
      training: undefined,
      shaping,
    }),
  };
  const prepared = ({ train, test }: TrainingData): Prepared => {
    const { training: _, ...options } = trainerOptions(configuration, shaping, train);
    return { ...options, test };
  };
  if (!testFraction) {
    const one = prepared(whole);
    return { problem, prepare: () => one };
  }
  return { problem, prepare: (seed) => prepared(trainTestSplit(whole.train, { testFraction, seed })) };
}
