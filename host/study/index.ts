/** Studies: many trainings, kept on disk and compared by paired statistics. The package's `nlr-vqa/study` entry, for Node alone. */
export { type Interval, meanInterval, RESAMPLES, Resampler } from './bootstrap.ts';
export { type Cell, type Json, hashOfCell, type Problem, type Setting } from './cell.ts';
export {
  type Arm,
  type ArmSummary,
  type Measure,
  MEASURE_NAMES,
  type Paired,
  pairedOf,
  summaryOf,
} from './comparison.ts';
export { curvesCsv, type NamedOutcome, pairedCsv, runsCsv } from './csv.ts';
export { type Pair, type PairedTest, pairedTest } from './paired.ts';
export type { Ascended, CellFailure, CellOutcome, CellResult, Curve } from './result.ts';
export { type CellProgress, type RunOptions, runCells } from './run-cells.ts';
export { placesOfShard, type Shard } from './shard.ts';
export { type Spread, spreadOf } from './spread.ts';
export { CELLS_FILE, CellStore } from './store.ts';
export type { Prepared } from './train-cell.ts';
export { type SignedRank, signedRank } from './wilcoxon.ts';
