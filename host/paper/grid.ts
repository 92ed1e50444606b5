/** Rows times readings times seeds: what all tables but the last are made of. */
import type { ModelOptions, RuleName } from '../index.ts';
import type { Cell, Setting } from '../study/cell.ts';
import type { CellResult, Curve } from '../study/result.ts';
import type { Results, Scope } from './experiment.ts';
import type { PrintedRow } from './printed.ts';
import { problemOf, type SetUp, trainRows } from './problems.ts';
import {
  cutOf,
  type Length,
  modelOf,
  type Reading,
  seedsOf,
  settingOf,
  stepsOf,
  titleOf,
} from './readings.ts';
import type { Column, Row, SectionTable } from './section.ts';
import { measured } from './summary.ts';

/** A row: a rule in a setting. What it does not say is as the reading has it. */
export interface Arm {
  readonly name: string;
  readonly rule: RuleName;
  readonly setting?: Setting;
  readonly model?: Partial<ModelOptions>;
  readonly setUp?: Partial<SetUp>;
  readonly length?: Length;
  readonly printed?: PrintedRow;
  /** Nothing of the reading is left but data, budget and shots: rate, batch and the like are the rule's defaults. */
  readonly own?: boolean;
  /** In some readings alone. */
  readonly only?: (reading: Reading, scope: Scope) => boolean;
}

/** Rows that share data. */
export interface Grid {
  readonly setUp: SetUp;
  readonly arms: readonly Arm[];
}

/** Data and model of an arm. */
function partsOf(grid: Grid, arm: Arm, reading: Reading) {
  return { setUp: { ...grid.setUp, ...arm.setUp }, model: { ...modelOf(reading), ...arm.model } };
}

/** The training of a row from a seed. */
export function cellOf(grid: Grid, arm: Arm, reading: Reading, scope: Scope, seed: number): Cell {
  const { setUp, model } = partsOf(grid, arm, reading);
  const steps = stepsOf(reading, scope, trainRows(setUp, scope), arm.length);
  const base = settingOf(reading, steps);
  const { shots } = base;
  // With a budget the training is as long as that lasts.
  const length = arm.setting?.shotsBudget === undefined ? { steps } : {};
  const kept: Setting = arm.own ? { ...length, shots } : { ...base, steps: length.steps };
  return {
    problem: problemOf(setUp, model, scope),
    rule: arm.rule,
    setting: { ...kept, ...arm.setting },
    seed,
    // At the start and the end alone: each look takes as long as a hundred steps.
    looks: 0,
  };
}

/** The rows of a reading. */
export const armsIn = ({ arms }: Grid, reading: Reading, scope: Scope) =>
  arms.filter(({ only }) => only?.(reading, scope) ?? true);

/** All trainings of a grid in some readings. */
export function gridCells(grid: Grid, readings: readonly Reading[], scope: Scope): Cell[] {
  return readings.flatMap((reading) =>
    armsIn(grid, reading, scope).flatMap((arm) =>
      seedsOf(reading, scope).map((seed) => cellOf(grid, arm, reading, scope, seed)),
    ),
  );
}

/** The results of a row by seed; undefined where a training left the finite numbers. */
export function resultsOf(
  grid: Grid,
  arm: Arm,
  reading: Reading,
  scope: Scope,
  results: Results,
): (CellResult | undefined)[] {
  return seedsOf(reading, scope).map((seed) => results.training(cellOf(grid, arm, reading, scope, seed)));
}

/** What tables show of a training, whoever trained. */
export type Trained = Pick<
  CellResult,
  'loss' | 'accuracy' | 'gradientNorm' | 'reversals' | 'steps' | 'shots' | 'evaluations'
> & { readonly curve: Pick<Curve, 'gradientNorm'> };

/** |grad L|, the mean over all steps. */
export const meanNorm = ({ curve }: Trained): number | null => curve.gradientNorm.at(-1) ?? null;

/** A column: what it shows of a training, and what the paper prints there. */
export interface Shown extends Column {
  readonly of: (result: Trained) => number | null;
  readonly printed?: (row: PrintedRow) => number | undefined;
}

/** Of every table, shots apart. */
const COLUMNS = [
  {
    name: 'accuracy',
    unit: 'percent',
    of: ({ accuracy }) => accuracy.test,
    printed: ({ accuracy }) => (accuracy === undefined ? undefined : accuracy / 100),
  },
  { name: 'final loss', unit: 'number', of: ({ loss }) => loss, printed: ({ loss }) => loss },
  {
    name: '|grad L|',
    unit: 'number',
    of: ({ gradientNorm }) => gradientNorm.loss,
    printed: ({ gradient }) => gradient,
  },
  {
    name: '|grad f|',
    unit: 'number',
    of: ({ gradientNorm }) => gradientNorm.observable,
    printed: ({ gradient }) => gradient,
  },
  { name: 'mean |grad L|', unit: 'number', of: meanNorm },
  { name: 'reversed', unit: 'percent', of: ({ reversals, steps }) => reversals / steps },
] as const satisfies readonly Shown[];

/** The columns of a reading. */
export const columnsOf = ({ isExact }: Reading): readonly Shown[] =>
  isExact ? COLUMNS : [...COLUMNS, { name: 'shots', unit: 'count', of: ({ shots }) => shots }];

/** A row of measured columns. */
export function rowOf(
  { name, printed }: Pick<Arm, 'name' | 'printed'>,
  found: readonly (Trained | undefined)[],
  columns: readonly Shown[],
): Row {
  const failed = found.filter((result) => result === undefined).length;
  return {
    name,
    cells: columns.map(({ of, printed: figure }) =>
      measured(
        found.map((result) => result && of(result)),
        printed && figure?.(printed),
      ),
    ),
    ...(failed > 0 && { failed }),
  };
}

/** A table of a grid in one reading. @param title what stands before that of the reading */
export function gridTable(
  grid: Grid,
  reading: Reading,
  scope: Scope,
  results: Results,
  { name = reading.id as string, title = '', about = '' } = {},
): SectionTable {
  return {
    name,
    title: `${title === '' ? '' : `${title}: `}${titleOf(reading, scope)}`,
    about: [about, cutOf(reading, scope)].filter(Boolean).join(' '),
    columns: columnsOf(reading).map(({ name: column, unit }) => ({ name: column, unit })),
    rows: armsIn(grid, reading, scope).map((arm) =>
      rowOf(arm, resultsOf(grid, arm, reading, scope, results), columnsOf(reading)),
    ),
  };
}
