/** Which cells of a study a machine trains when several share it. */
import { refuse } from '../core/checks.ts';

/** One part of a study among several. */
export interface Shard {
  /** Which one, from 1. */
  readonly index: number;
  /** How many there are. */
  readonly of: number;
}

/** Parts that a study can be divided into. */
export const MOST_SHARDS = 1_000_000;

/** Checks a shard. @throws OptionError */
export function checkShard({ index, of }: Shard): void {
  if (!Number.isInteger(of) || of < 1 || of > MOST_SHARDS)
    refuse('of', of, `a whole number from 1 to ${MOST_SHARDS}`);
  if (!Number.isInteger(index) || index < 1 || index > of)
    refuse('index', index, `a whole number from 1 to ${of}`);
}

/**
 * Places in a list of cells that belong to a shard, in their order. The cells are dealt out one by one in the order of their
 * hashes, so that each shard gets as many as any other, of every rule, and each machine finds the same division by itself.
 * Cells that are the same are one.
 * @param hashes of all cells, see `hashOfCell`
 * @throws OptionError for a shard that there is not
 */
export function placesOfShard(hashes: readonly string[], shard: Shard): number[] {
  checkShard(shard);
  const first = new Map<string, number>();
  hashes.forEach((hash, place) => {
    if (!first.has(hash)) first.set(hash, place);
  });
  return [...first.keys()]
    .sort()
    .filter((_, rank) => rank % shard.of === shard.index - 1)
    .map((hash) => first.get(hash) as number)
    .sort((a, b) => a - b);
}
