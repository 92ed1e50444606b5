/** Runs a comparison: tunes what is to be tuned, then trains every rule from every seed. */
import { MEASURE_NAMES, type Measure, pairedOf, summaryOf } from '../../study/comparison.ts';
import type { Cell } from '../../study/cell.ts';
import type { CellOutcome } from '../../study/result.ts';
import { runCells } from '../../study/run-cells.ts';
import type { CellStore } from '../../study/store.ts';
import type { CostedArm, CostedSetting } from './estimate.ts';
import type { ReadProblem } from './problem.ts';
import type { Shown } from './figures/shown.ts';
import { CellsProgress } from './progress.ts';
import { type ComparedRun, type ComparisonResult, runJson } from './result.ts';
import { chooseSetting, type TunedArm } from './tune.ts';

/** All that a comparison is. */
export interface Comparison {
  readonly read: ReadProblem;
  readonly arms: readonly CostedArm[];
  readonly seeds: readonly number[];
  readonly tuningSeeds: readonly number[];
  /** What is tuned for. */
  readonly tuneFor: Measure;
  readonly looks: number;
}

/** How it is run. */
export interface ComparisonRun {
  readonly store: CellStore | undefined;
  readonly threads: number | undefined;
  readonly signal: AbortSignal;
  readonly quiet: boolean;
  /** Hears of every bar. */
  readonly onBar: (bar: CellsProgress) => void;
}

/** The training of a setting from a seed. */
export function cellOf(
  { read, looks }: Comparison,
  { rule }: CostedArm,
  { setting, model, ascent }: CostedSetting,
  seed: number,
): Cell {
  const own = Object.keys(model).length > 0 && { model };
  return { problem: read.problem, rule, setting, ...own, seed, looks, ...(ascent && { ascent }) };
}

/** Trains cells, with a bar. */
async function trained(
  comparison: Comparison,
  title: string,
  cells: readonly { readonly cell: Cell; readonly seconds: number }[],
  { store, threads, signal, quiet, onBar }: ComparisonRun,
): Promise<CellOutcome[]> {
  const bar = new CellsProgress(
    title,
    cells.map(({ seconds }) => seconds),
    quiet,
  );
  onBar(bar);
  try {
    const options = {
      prepare: (_: unknown, seed: number) => comparison.read.prepare(seed),
      onProgress: bar.update,
    };
    return await runCells(
      cells.map(({ cell }) => cell),
      { ...options, store, threads, signal },
    );
  } finally {
    bar.stop();
  }
}

/** Every setting of every rule that is to be tuned, seed after seed. */
export function tuningCells(comparison: Comparison) {
  return comparison.tuningSeeds.flatMap((seed) =>
    comparison.arms.flatMap((arm) =>
      arm.settings.length < 2
        ? []
        : arm.settings.map((setting) => ({
            ...{ arm, setting, cell: cellOf(comparison, arm, setting, seed) },
            seconds: setting.cost.seconds,
          })),
    ),
  );
}

async function tune(comparison: Comparison, run: ComparisonRun): Promise<TunedArm[]> {
  const cells = tuningCells(comparison);
  const outcomes = cells.length === 0 ? [] : await trained(comparison, 'tuning', cells, run);
  return comparison.arms.map((arm) => {
    const { settings } = arm;
    if (settings.length < 2) return { setting: settings[0], tried: [] };
    const found = settings.map((setting) => outcomes.filter((_, i) => cells[i].setting === setting));
    return chooseSetting(arm, found, comparison.tuneFor);
  });
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
 * Runs a comparison. Cells go seed by seed, so that a study that is interrupted has pairs.
 * @throws the reason of the signal; the error of a training that cannot be made
 */
export async function runComparison(comparison: Comparison, run: ComparisonRun): Promise<Compared> {
  const { arms, seeds, read } = comparison;
  const tuned = await tune(comparison, run);
  const cells = seeds.flatMap((seed) =>
    arms.map((arm, i) => {
      const { setting } = tuned[i];
      const cell = cellOf(comparison, arm, setting, seed);
      return { rule: arm.name, seed, cell, seconds: setting.cost.seconds };
    }),
  );
  const outcomes = await trained(comparison, 'comparing', cells, run);
  const runs = cells.map(({ rule, seed, cell }, i): ComparedRun => ({
    rule,
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
  const results = outcomes.flatMap((outcome) => ('result' in outcome ? [outcome.result] : []));
  const tuning = tuned.flatMap(({ tried }) => tried);
  const problem = read.problem.name;
  return {
    runs,
    shown: {
      problem,
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
      problem,
      seeds,
      rules: compared.map((arm, i) => {
        const { setting, model } = tuned[i].setting;
        return { ...summaryOf(arm), name: arms[i].rule, setting: { ...setting, ...model } };
      }),
      paired: pairedOf(compared, seeds[0]),
      runs: runs.map(runJson),
      tuning,
      shots: { compared: sumOf(results, ({ shots }) => shots), tuning: sumOf(tuning, ({ shots }) => shots) },
      evaluations: {
        compared: sumOf(results, ({ evaluations }) => evaluations),
        tuning: sumOf(tuning, ({ evaluations }) => evaluations),
      },
    },
  };
}

/** Names of what can be tuned for. */
export const TUNED_FOR: readonly Measure[] = MEASURE_NAMES;
