/** What a comparison is made of, and what its trainings come to, whoever trains them. */
import { MEASURE_NAMES, type Measure, pairedOf, summaryOf } from '../../study/comparison.ts';
import type { Cell, Problem } from '../../study/cell.ts';
import type { CellOutcome } from '../../study/result.ts';
import type { CostedArm, CostedSetting } from './estimate.ts';
import type { Shown } from './figures/shown.ts';
import { notesOf } from './notes.ts';
import { type ComparedRun, type ComparisonResult, runJson } from './result.ts';
import { chooseSetting, type TunedArm } from './tune.ts';

/** All that a comparison is: plain data. */
export interface Comparison {
  readonly problem: Problem;
  readonly arms: readonly CostedArm[];
  readonly seeds: readonly number[];
  readonly tuningSeeds: readonly number[];
  /** What is tuned for. */
  readonly tuneFor: Measure;
  readonly looks: number;
}

/** A training of a comparison. */
export interface ComparisonCell {
  readonly arm: CostedArm;
  readonly setting: CostedSetting;
  readonly seed: number;
  readonly cell: Cell;
}

/**
 * Comes by what became of trainings: makes them, has them made, or looks them up.
 * @param title what they are for
 */
export type Runner = (title: string, cells: readonly ComparisonCell[]) => Promise<readonly CellOutcome[]>;

/** The training of a setting from a seed. */
export function cellOf(
  { problem, looks }: Comparison,
  arm: CostedArm,
  setting: CostedSetting,
  seed: number,
): ComparisonCell {
  const { model, ascent } = setting;
  const own = Object.keys(model).length > 0 && { model };
  const cell: Cell = {
    ...{ problem, rule: arm.rule, setting: setting.setting },
    ...own,
    ...{ seed, looks },
    ...(ascent && { ascent }),
  };
  return { arm, setting, seed, cell };
}

/** Every setting of every rule that is to be tuned, seed after seed. */
export function tuningCells(comparison: Comparison): ComparisonCell[] {
  return comparison.tuningSeeds.flatMap((seed) =>
    comparison.arms.flatMap((arm) =>
      arm.settings.length < 2 ? [] : arm.settings.map((setting) => cellOf(comparison, arm, setting, seed)),
    ),
  );
}

/**
 * The best setting of every rule.
 * @param cells of the tuning
 * @param outcomes of those
 */
export function tunedArms(
  { arms, tuneFor }: Comparison,
  cells: readonly ComparisonCell[],
  outcomes: readonly CellOutcome[],
): TunedArm[] {
  return arms.map((arm) => {
    const { settings } = arm;
    if (settings.length < 2) return { setting: settings[0], tried: [] };
    const found = settings.map((setting) => outcomes.filter((_, i) => cells[i].setting === setting));
    return chooseSetting(arm, found, tuneFor);
  });
}

/** The trainings to compare. They go seed by seed, so that a study that is interrupted has pairs. */
export function comparedCells(comparison: Comparison, tuned: readonly TunedArm[]): ComparisonCell[] {
  const { seeds, arms } = comparison;
  return seeds.flatMap((seed) => arms.map((arm, i) => cellOf(comparison, arm, tuned[i].setting, seed)));
}

/** What a comparison came to, with the runs. */
export interface Compared {
  readonly result: Omit<ComparisonResult, 'out'>;
  readonly runs: readonly ComparedRun[];
  readonly shown: Shown;
}

const sumOf = <T>(list: readonly T[], of: (each: T) => number) =>
  list.reduce((sum, each) => sum + of(each), 0);

/**
 * Tunes what is to be tuned, then compares every rule from every seed.
 * @throws what the runner throws
 */
export async function runComparison(comparison: Comparison, run: Runner): Promise<Compared> {
  const { arms, seeds, problem } = comparison;
  const tuning = tuningCells(comparison);
  const tuned = tunedArms(comparison, tuning, tuning.length === 0 ? [] : await run('tuning', tuning));
  const cells = comparedCells(comparison, tuned);
  const outcomes = await run('comparing', cells);
  const runs = cells.map(({ arm, seed, cell }, i): ComparedRun => ({
    rule: arm.name,
    seed,
    cell,
    outcome: outcomes[i],
  }));
  const compared = arms.map(({ name }) => {
    const own = runs.filter(({ rule }) => rule === name);
    return {
      name,
      results: new Map(
        own.flatMap(({ seed, outcome }) => ('result' in outcome ? [[seed, outcome.result]] : [])),
      ),
      failed: own.flatMap(({ seed, outcome }) => ('failure' in outcome ? [seed] : [])),
    };
  });
  const rules = compared.map((arm, i) => {
    const { setting, model } = tuned[i].setting;
    return { ...summaryOf(arm), name: arms[i].rule, setting: { ...setting, ...model } };
  });
  const results = outcomes.flatMap((outcome) => ('result' in outcome ? [outcome.result] : []));
  const tried = tuned.flatMap((arm) => arm.tried);
  return {
    runs,
    shown: {
      problem: problem.name,
      rules: compared.map((arm, i) => ({
        ...arm,
        ...{ rule: arms[i].rule, setting: tuned[i].setting.setting },
        tuning: {
          shots: sumOf(tuned[i].tried, ({ shots }) => shots),
          evaluations: sumOf(tuned[i].tried, ({ evaluations }) => evaluations),
        },
      })),
    },
    result: {
      problem: problem.name,
      seeds,
      rules,
      paired: pairedOf(compared, seeds[0]),
      runs: runs.map(runJson),
      tuning: tried,
      notes: notesOf(
        rules,
        compared,
        tuned.map((each, i) => ({ ...each, of: arms[i] })),
      ),
      shots: { compared: sumOf(results, ({ shots }) => shots), tuning: sumOf(tried, ({ shots }) => shots) },
      evaluations: {
        compared: sumOf(results, ({ evaluations }) => evaluations),
        tuning: sumOf(tried, ({ evaluations }) => evaluations),
      },
    },
  };
}

/** Names of what can be tuned for. */
export const TUNED_FOR: readonly Measure[] = MEASURE_NAMES;
