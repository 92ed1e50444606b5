/**
 * An experiment: one table, figure or statement of the paper as cells to run and what they come to. A cell is plain data with a
 * hash, so that cells that several experiments share run once, and a report that was interrupted does nothing twice.
 */
import { version } from '../../package.json';
import type { OriginalName } from '../data/sets/originals.ts';
import { type Cell, hashOf, hashOfCell, type Json } from '../study/cell.ts';
import type { CellResult } from '../study/result.ts';
import type { RunnerName } from './runners/names.ts';
import type { Section } from './section.ts';

/** How much is run. */
export interface Scope {
  /** Of the experiments that take no fewer by themselves. */
  readonly seeds: readonly number[];
  /** Few epochs, few rows of dear data, shots in the step reading alone: marked so wherever it matters. */
  readonly quick: boolean;
  /** False where the longest reading is left out: 300 epochs with shots. Absent otherwise. */
  readonly epochShots?: boolean;
  /** Where images are from: the four original files, or the few that come along. */
  readonly images: Readonly<Record<OriginalName, 'whole' | 'sample'>>;
}

/** A training. */
export interface TrainingCell {
  readonly kind: 'training';
  readonly cell: Cell;
}

/** Anything else that is worked out: a landscape, a walk, a training that grows. */
export interface ValueCell {
  readonly kind: 'value';
  /** What messages call it. */
  readonly name: string;
  /** Who works it out: see runners/index.ts. */
  readonly runner: RunnerName;
  /** All that decides the value. */
  readonly input: Json;
  /** Seconds that it takes on an ordinary processor, about, for the estimate. */
  readonly seconds: number;
}

export type PaperCell = TrainingCell | ValueCell;

/** What became of cells that are finished. */
export interface Results {
  /** Undefined of a training that is not finished, or that left the finite numbers. */
  training(cell: Cell): CellResult | undefined;
  /** The same of a value. */
  value(cell: ValueCell): Json | undefined;
  /** Whether a cell is finished, well or not. */
  has(cell: PaperCell): boolean;
}

/** One table, figure or statement of the paper. */
export interface Experiment {
  /** `table-1`, `figure-2`, or of the theory `theory-lemma-1`. */
  readonly id: string;
  readonly title: string;
  /** What the paper says, and which readings of what it leaves open are taken. */
  readonly about: string;
  /** Names of the plots that it comes to. */
  readonly pictures?: readonly string[];
  /**
   * What has to be run, given what is known: asked again until all that it names is finished, for settings that are tuned
   * first. Has to name the same cells for the same results.
   */
  cells(scope: Scope, known: Results): readonly PaperCell[];
  /** What the cells came to. */
  summarise(scope: Scope, results: Results): Section;
}

/** Of the texts of value cells that are hashed: raise it when a runner would come to something else. */
const FORMAT = 1;

/** The hash of a cell, 64 hexadecimal digits. @throws OptionError for a training that there cannot be */
export function hashOfPaperCell(cell: PaperCell): string {
  if (cell.kind === 'training') return hashOfCell(cell.cell);
  return hashOf({ format: FORMAT, version, runner: cell.runner, input: cell.input });
}

/** Trainings as cells of an experiment. */
export const trainings = (cells: readonly Cell[]): TrainingCell[] =>
  cells.map((cell) => ({ kind: 'training', cell }));
