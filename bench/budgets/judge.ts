/** What becomes of a budget that is not kept: a time is the machine's as much as the package's. */
import type { RecordedBudget as Row } from '../results/tables.ts';

/** A budget is kept (`ok`), passed with a warning (`over`), or not kept (`BROKEN`). */
export type Judgement = 'ok' | 'over' | 'BROKEN';

/** How strictly budgets are judged. */
export interface Strictness {
  /** Whether a time that is too long breaks its budget; otherwise it warns. */
  readonly time?: boolean;
  /** Whether a compressed size that is too large does; otherwise it warns, as the compressor may be another. */
  readonly compressed?: boolean;
}

const isTime = ({ unit }: Row) => unit === 'ms' || unit === 's';
const isCompressed = ({ what }: Row) => what.includes('gzip');

/** Whether a run gives the same figure everywhere: times vary, and so do compressors. */
export const isExact = (row: Row): boolean => !isTime(row) && !isCompressed(row);

/** What is to be said of a row. A figure that is not a number keeps no budget. */
export function judgement(row: Row, strict: Strictness): Judgement {
  if (row.found <= row.budget) return 'ok';
  if (isTime(row) && !strict.time) return 'over';
  return isCompressed(row) && !strict.compressed ? 'over' : 'BROKEN';
}

/** What is recorded of these rows, but is not what was found: a sentence each. */
export function differences(rows: readonly Row[], known: readonly Row[]): string[] {
  return rows.filter(isExact).flatMap((row) => {
    const other = known.find(({ what }) => what === row.what);
    if (other?.found === row.found && other.budget === row.budget) return [];
    return [
      `${row.what}: ${other?.found ?? 'nothing'} is recorded, of ${other?.budget ?? 'nothing'}; npm run record`,
    ];
  });
}
