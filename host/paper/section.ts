/**
 * What an experiment comes to, as plain data: tables, plots, verdicts, notes. Everything that people read is a rendering of it,
 * on a terminal, as a page, in README; no times are in it, so that it is the same whatever ran the cells.
 */
import type { Interval } from '../study/bootstrap.ts';

/** A number over the seeds, beside what the paper prints. */
export interface Measured {
  /** Mean over the seeds that have a value; null where none has. */
  readonly mean: number | null;
  /** Standard deviation of the sample, over n - 1; null of fewer than two. */
  readonly deviation: number | null;
  /** Of the mean, at 95 %, by bootstrap; null of fewer than two. */
  readonly interval: Interval | null;
  /** Seeds with a value. */
  readonly count: number;
  /** The paper's figure, where it prints one. */
  readonly printed?: number;
}

/** How numbers of a column are shown: 'percent' is of shares of 1. */
export type Unit = 'percent' | 'number' | 'count';

/** A column of a table. */
export interface Column {
  readonly name: string;
  readonly unit: Unit;
}

/** A row: what it is called, and a cell for each column. */
export interface Row {
  readonly name: string;
  /** A number over the seeds, one that is worked out, a text, or nothing. */
  readonly cells: readonly (Measured | number | string | null)[];
  /** Seeds whose training left the finite numbers; absent where none did. */
  readonly failed?: number;
}

/** A table. */
export interface SectionTable {
  /** Of this section alone, `step-exact`. */
  readonly name: string;
  readonly title: string;
  /** Which reading of the paper it is, and what about the run is not as in the paper. */
  readonly about: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

/** A picture: a vega-lite specification with its data, without a look of its own. */
export interface Plot {
  /** Of its files; of the whole report. */
  readonly name: string;
  readonly title: string;
  /** What it shows, for those who do not see it. */
  readonly description: string;
  readonly spec: object;
}

/** A picture that is no chart: Figure 1's surface, and how steep it is. */
export interface Drawing extends Omit<Plot, 'spec'> {
  readonly drawing: 'surface' | 'steepness';
}

/** What becomes of a claim. */
export type Judgement = 'holds' | 'holds only if' | 'does not hold';

/** A claim of the paper, judged. */
export interface Verdict {
  /** In a sentence. */
  readonly claim: string;
  /** Where the paper makes it, `Table I`, `abstract`. */
  readonly where: string;
  readonly verdict: Judgement;
  /** Under which condition it holds; of 'holds only if' alone. */
  readonly condition?: string;
  /** The figures that say so, a line for each reading that they are of. */
  readonly number: string;
  /** Seeds that it is over. */
  readonly seeds: number;
  /** What makes the figures again. */
  readonly command: string;
}

/** What an experiment came to. */
export interface Section {
  readonly id: string;
  readonly title: string;
  /** What the paper says and which readings of it are taken. */
  readonly about: string;
  readonly tables: readonly SectionTable[];
  readonly plots: readonly (Plot | Drawing)[];
  readonly verdicts: readonly Verdict[];
  readonly notes: readonly string[];
}
