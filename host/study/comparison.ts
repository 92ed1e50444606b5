/** What a study says of its rules: how each fares over the seeds, and against each other on the same seeds. */
import { Resampler } from './bootstrap.ts';
import { type PairedTest, pairedTest } from './paired.ts';
import type { CellResult } from './result.ts';
import { type Spread, spreadOf } from './spread.ts';

/** What rules are judged by, and whether less of it is better. */
export const MEASURES = {
  loss: { less: true, of: (result: CellResult) => result.loss },
  best: { less: true, of: (result: CellResult) => result.best },
  auc: { less: true, of: (result: CellResult) => result.auc },
  lossTest: { less: true, of: (result: CellResult) => result.lossTest },
  accuracyTest: { less: false, of: (result: CellResult) => result.accuracy.test },
  toHalf: { less: true, of: (result: CellResult) => result.toHalf },
} as const satisfies Readonly<
  Record<string, { readonly less: boolean; readonly of: (result: CellResult) => number | null }>
>;

/** The name of a measure. */
export type Measure = keyof typeof MEASURES;
/** All of them. */
export const MEASURE_NAMES = Object.keys(MEASURES) as Measure[];

/** The results of one rule in one setting, by seed. */
export interface Arm {
  /** What it is called; each has a name of its own. */
  readonly name: string;
  /** What came of the trainings that came to their end. */
  readonly results: ReadonlyMap<number, CellResult>;
  /** Seeds of trainings that left the finite numbers. */
  readonly failed: readonly number[];
}

/** How one rule fares. */
export interface ArmSummary {
  /** Name of the arm. */
  readonly rule: string;
  /** Seeds with a result. */
  readonly seeds: number;
  /** Seeds whose training left the finite numbers. */
  readonly failed: number;
  /** Of each measure, over the seeds that have a value; null where none has. */
  readonly measures: Readonly<Record<Measure, Spread | null>>;
  /** Shots of a training. Null without a result, as all that follow. */
  readonly shots: Spread | null;
  /** Circuits of a training. */
  readonly evaluations: Spread | null;
  /** Steps of a training. */
  readonly steps: Spread | null;
  /** Reversed steps of each training; 0 of a rule that does not look back. */
  readonly reversals: Spread | null;
  /** Trainings whose mean signed rate ended below zero: reversals outweighed descent in rate. */
  readonly alarms: number;
}

/** One rule against another by one measure. */
export interface Paired extends PairedTest {
  /** Name of the arm that is judged. */
  readonly rule: string;
  /** Name of the arm that it is held against. */
  readonly against: string;
  /** What both are judged by. */
  readonly measure: Measure;
}

function spread(results: readonly CellResult[], of: (result: CellResult) => number | null): Spread | null {
  return spreadOf(results.flatMap((result) => of(result) ?? []));
}

/** How a rule fares over its seeds. */
export function summaryOf({ name, results, failed }: Arm): ArmSummary {
  const all = [...results.values()];
  const measures = MEASURE_NAMES.map((measure) => [measure, spread(all, MEASURES[measure].of)]);
  return {
    ...{ rule: name, seeds: all.length, failed: failed.length },
    measures: Object.fromEntries(measures) as ArmSummary['measures'],
    shots: spread(all, (result) => result.shots),
    evaluations: spread(all, (result) => result.evaluations),
    steps: spread(all, (result) => result.steps),
    reversals: spread(all, (result) => result.reversals),
    alarms: all.filter(({ meanRate }) => meanRate < 0).length,
  };
}

/**
 * Every rule against every one before it in the list, by every measure that both have.
 * @param seed of the bootstrap
 */
export function pairedOf(arms: readonly Arm[], seed: number): Paired[] {
  const resampler = new Resampler(seed);
  return arms.flatMap((rule, i) =>
    arms.slice(0, i).flatMap((against) => {
      const seeds = [...rule.results.keys()].filter((each) => against.results.has(each));
      return MEASURE_NAMES.flatMap((measure) => {
        const { of, less } = MEASURES[measure];
        const value = ({ results }: Arm, each: number) => of(results.get(each) as CellResult);
        const pairs = seeds.map((each) => [value(rule, each), value(against, each)] as const);
        if (pairs.every(([one, other]) => one === null && other === null)) return [];
        const test = pairedTest(pairs, less, resampler);
        return [{ rule: rule.name, against: against.name, measure, ...test }];
      });
    }),
  );
}
