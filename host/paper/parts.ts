/** Parts of which the tables' experiments are put together: each has cells, and tables that they come to. */
import type { Cell } from '../study/cell.ts';
import { type Experiment, type Results, type Scope, trainings } from './experiment.ts';
import { type Grid, gridCells, gridTable } from './grid.ts';
import type { Court } from './judge.ts';
import { type Reading, readingsOf } from './readings.ts';
import type { SectionTable, Verdict } from './section.ts';

/** Cells, and what they come to. */
export interface Part {
  cells(scope: Scope, known: Results): readonly Cell[];
  tables(scope: Scope, results: Results): readonly SectionTable[];
}

/** How a grid becomes a part. */
export interface GridPart {
  readonly grid: Grid;
  /** Before the names and titles of the readings, where an experiment has several grids. */
  readonly name?: string;
  readonly title?: string;
  readonly about?: string;
  /** Which readings; default all but epochs with shots. */
  readonly readings?: (scope: Scope) => readonly Reading[];
}

/** A grid in some readings. */
export function gridPart({ grid, name, title, about, readings = readingsOf }: GridPart): Part {
  return {
    cells: (scope) => gridCells(grid, readings(scope), scope),
    tables: (scope, results) =>
      readings(scope).map((reading) => {
        const heading = { name: name === undefined ? reading.id : `${name}-${reading.id}`, title, about };
        return gridTable(grid, reading, scope, results, heading);
      }),
  };
}

/** An experiment of parts. */
export interface PartsExperiment {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly parts: readonly Part[];
  readonly verdicts: (court: Court) => readonly Verdict[];
  readonly notes?: (scope: Scope) => readonly string[];
}

/** Puts parts together. */
export function ofParts({ id, title, about, parts, verdicts, notes }: PartsExperiment): Experiment {
  return {
    ...{ id, title, about },
    cells: (scope, known) => trainings(parts.flatMap((part) => part.cells(scope, known))),
    summarise: (scope, results) => ({
      ...{ id, title, about },
      tables: parts.flatMap((part) => part.tables(scope, results)),
      plots: [],
      verdicts: verdicts({ id, scope, results }),
      notes: notes?.(scope) ?? [],
    }),
  };
}
