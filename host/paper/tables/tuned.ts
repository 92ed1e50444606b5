/** The same rows with rates of their own: each is tuned on seeds apart, then trained at the cost of the first row. */
import type { Cell } from '../../study/cell.ts';
import type { Results, Scope } from '../experiment.ts';
import { type Arm, type Grid, armsIn, cellOf, columnsOf, rowOf } from '../grid.ts';
import { meanOf } from '../judge.ts';
import type { Part } from '../parts.ts';
import { cutOf, type Reading, seedsOf, titleOf } from '../readings.ts';
import type { SectionTable } from '../section.ts';

/** Rates to choose from. */
const RATES = [0.01, 0.03, 0.1, 0.3, 1];
const QUICK_RATES = [0.01, 0.1, 1];
/** Seeds to tune on, and how far they are from those to compare on. */
const TUNING = 5;
const QUICK_TUNING = 2;
const FAR = 1_000_000;

/** How rows are tuned. */
export interface TunedPart {
  readonly grid: Grid;
  readonly name: string;
  readonly title: string;
  readonly readings: (scope: Scope) => readonly Reading[];
}

const ratesOf = ({ quick }: Scope) => (quick ? QUICK_RATES : RATES);
const tuningSeeds = ({ seeds, quick }: Scope) =>
  seeds.slice(0, quick ? QUICK_TUNING : TUNING).map((seed) => seed + FAR);

/** An arm at a rate; eta' is twice that, the head's rate the same. With shots as many as `budget`. */
function at(arm: Arm, rate: number | undefined, reading: Reading, budget: number): Arm {
  const rates = rate === undefined ? {} : { rate, ...(reading.isEpochs && { headRate: rate }) };
  const length = reading.isExact ? {} : { shotsBudget: budget };
  return { ...arm, setting: { ...arm.setting, ...rates, ...length } };
}

/** Shots of a training of the first row as it is; undefined until it is known. */
function budgetOf(grid: Grid, reading: Reading, scope: Scope, known: Results): number | undefined {
  const cell = cellOf(grid, grid.arms[0], reading, scope, seedsOf(reading, scope)[0]);
  return known.training(cell)?.shots;
}

/** The training of each rate, by the mean loss on the tuning seeds; undefined until all are known. */
function chosenRate(
  grid: Grid,
  arm: Arm,
  reading: Reading,
  scope: Scope,
  { known, budget }: { readonly known: Results; readonly budget: number },
): number | undefined {
  const cells = tuningCells(grid, arm, reading, scope, budget);
  if (!cells.every(({ cell }) => known.has({ kind: 'training', cell }))) return undefined;
  const losses = ratesOf(scope).map((rate) => {
    const found = cells.filter((each) => each.rate === rate).map(({ cell }) => known.training(cell)?.loss);
    // A rate at which a training leaves the finite numbers is no good one.
    return { rate, loss: found.includes(undefined) ? Infinity : meanOf(found as number[]) };
  });
  return losses.reduce((best, each) => (each.loss < best.loss ? each : best)).rate;
}

const tuningCells = (grid: Grid, arm: Arm, reading: Reading, scope: Scope, budget: number) =>
  ratesOf(scope).flatMap((rate) =>
    tuningSeeds(scope).map((seed) => ({
      rate,
      cell: cellOf(grid, at(arm, rate, reading, budget), reading, scope, seed),
    })),
  );

/** The rows as they are compared; a rate that is not known yet is absent. */
function chosenArms(grid: Grid, reading: Reading, scope: Scope, known: Results, budget: number) {
  return armsIn(grid, reading, scope).map((arm) => {
    const rate = chosenRate(grid, arm, reading, scope, { known, budget });
    return { arm, rate, tuned: rate === undefined ? undefined : at(arm, rate, reading, budget) };
  });
}

/** The tuned rows of a reading by the names of the untuned ones; empty until they are known. */
export function tunedArms(
  grid: Grid,
  reading: Reading,
  scope: Scope,
  known: Results,
): ReadonlyMap<string, Arm> {
  const budget = budgetOf(grid, reading, scope, known);
  if (budget === undefined) return new Map();
  const found = chosenArms(grid, reading, scope, known, budget);
  return new Map(found.flatMap(({ arm, tuned }) => (tuned ? [[arm.name, tuned]] : [])));
}

function cellsOf({ grid, readings }: TunedPart, scope: Scope, known: Results): Cell[] {
  return readings(scope).flatMap((reading) => {
    const seeds = seedsOf(reading, scope);
    const first = seeds.map((seed) => cellOf(grid, grid.arms[0], reading, scope, seed));
    const budget = budgetOf(grid, reading, scope, known);
    if (budget === undefined) return first;
    return [
      ...first,
      ...chosenArms(grid, reading, scope, known, budget).flatMap(({ arm, tuned }) => [
        ...tuningCells(grid, arm, reading, scope, budget).map(({ cell }) => cell),
        ...(tuned ? seeds.map((seed) => cellOf(grid, tuned, reading, scope, seed)) : []),
        // At the same cost and the paper's rate too.
        ...(reading.isExact
          ? []
          : seeds.map((seed) => cellOf(grid, at(arm, undefined, reading, budget), reading, scope, seed))),
      ]),
    ];
  });
}

function tableOf(
  part: TunedPart,
  reading: Reading,
  scope: Scope,
  results: Results,
  tuned: boolean,
): SectionTable {
  const { grid, name, title } = part;
  const budget = budgetOf(grid, reading, scope, results) ?? 0;
  const rows = chosenArms(grid, reading, scope, results, budget).flatMap(({ arm, rate, tuned: chosen }) => {
    const used = tuned ? chosen : at(arm, undefined, reading, budget);
    if (used === undefined) return [];
    const cells = seedsOf(reading, scope).map((seed) => cellOf(grid, used, reading, scope, seed));
    const row = rowOf(
      { name: arm.name },
      cells.map((cell) => results.training(cell)),
      columnsOf(reading),
    );
    return [tuned ? { ...row, cells: [rate ?? null, ...row.cells] } : row];
  });
  const columns = columnsOf(reading).map(({ name: column, unit }) => ({ name: column, unit }));
  const cost = reading.isExact
    ? 'The same number of steps.'
    : `At most the shots that ${grid.arms[0].name} takes, ${budget.toLocaleString('en-US')}, the test of NLR included.`;
  const about = tuned
    ? `${cost} eta of ${ratesOf(scope).join(', ')} by the mean final loss on ${tuningSeeds(scope).length} seeds of their own, eta' = 2 eta.`
    : cost;
  return {
    name: `${name}-${tuned ? 'tuned' : 'equal'}-${reading.id}`,
    title: `${title}${tuned ? 'tuned rates' : "the paper's rates at equal shots"}: ${titleOf(reading, scope)}`,
    about: [about, cutOf(reading, scope)].filter(Boolean).join(' '),
    columns: tuned ? [{ name: 'eta', unit: 'number' }, ...columns] : columns,
    rows,
  };
}

/** Rows that are tuned. */
export function tunedPart(part: TunedPart): Part {
  return {
    cells: (scope, known) => cellsOf(part, scope, known),
    tables: (scope, results) =>
      part
        .readings(scope)
        .flatMap((reading) => [
          ...(reading.isExact ? [] : [tableOf(part, reading, scope, results, false)]),
          tableOf(part, reading, scope, results, true),
        ]),
  };
}
