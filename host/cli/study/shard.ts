/** Runs one shard of a comparison. */
import { hashOfCell } from '../../study/cell.ts';
import type { CellOutcome } from '../../study/result.ts';
import { placesOfShard, type Shard } from '../../study/shard.ts';
import type { CellStore } from '../../study/store.ts';
import { pairs, plural } from '../output/format.ts';
import {
  type Comparison,
  type ComparisonCell,
  comparedCells,
  type Runner,
  tunedArms,
  tuningCells,
} from './run.ts';

/** What `compare --shard --json` prints. */
export interface ShardResult {
  readonly problem: string;
  readonly shard: number;
  readonly shards: number;
  /** Trainings of this shard that are finished, those that failed among them. */
  readonly trainings: number;
  readonly failed: number;
  /** Trainings that tune, of other shards, without which it is not known what is to be compared; 0: all is done. */
  readonly awaited: number;
  readonly out: string;
}

/** What became of trainings; undefined of those that are not finished. */
export function lookUp(
  cells: readonly ComparisonCell[],
  stores: readonly CellStore[],
): (CellOutcome | undefined)[] {
  return cells.map(({ cell }) => {
    const hash = hashOfCell(cell);
    return stores.map((store) => store.get(hash)).find((outcome) => outcome !== undefined);
  });
}

/**
 * Trains what a shard has of a comparison. The trainings to compare are known once all of the tuning are in the folder: a
 * shard that comes too early trains its part of the tuning alone, and the rest when it is run again.
 * @throws what the runner throws
 */
export async function runShard(
  comparison: Comparison,
  { shard, store, out, run }: { shard: Shard; store: CellStore; out: string; run: Runner },
): Promise<ShardResult> {
  const done: CellOutcome[] = [];
  const own = async (title: string, cells: readonly ComparisonCell[]) => {
    const hashes = cells.map(({ cell }) => hashOfCell(cell));
    const mine = placesOfShard(hashes, shard).map((place) => cells[place]);
    if (mine.length > 0) done.push(...(await run(title, mine)));
  };
  const tuning = tuningCells(comparison);
  await own('tuning', tuning);
  await store.refresh();
  const outcomes = lookUp(tuning, [store]).filter((outcome) => outcome !== undefined);
  const awaited = tuning.length - outcomes.length;
  if (awaited === 0)
    await own('comparing', comparedCells(comparison, tunedArms(comparison, tuning, outcomes)));
  return {
    ...{ problem: comparison.problem.name, shard: shard.index, shards: shard.of },
    ...{ trainings: done.length, failed: done.filter((outcome) => 'failure' in outcome).length },
    ...{ awaited, out },
  };
}

/** For people. */
export function describeShard({ shard, shards, trainings, failed, awaited, out }: ShardResult): string[] {
  const next =
    awaited > 0
      ? `tuning: ${plural(awaited, 'training')} of other shards to come; run all shards again when these are in ${out}`
      : `nlr-vqa merge ${out}, when all shards are done`;
  return pairs([
    ['shard', `${shard} of ${shards}`],
    ['finished', `${plural(trainings, 'training')}${failed > 0 ? `, ${failed} failed` : ''}`],
    ['next', next],
  ]);
}
