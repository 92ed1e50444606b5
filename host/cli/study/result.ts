/** The numbers of a comparison, for programs and for people. */
import type { RuleName } from '../../api/options.ts';
import type { Cell } from '../../study/cell.ts';
import { type ArmSummary, type Measure, type Paired } from '../../study/comparison.ts';
import type { CellFailure, CellOutcome, CellResult } from '../../study/result.ts';
import type { Spread } from '../../study/spread.ts';
import { count, fixed, percent, plural, table } from '../output/format.ts';
import { looksBack } from '../training/result.ts';
import type { Table } from '../output/page.ts';
import type { TunedSetting } from './tune.ts';

/** One training of a comparison. */
export interface ComparedRun {
  /** As `--rules` names it. */
  readonly rule: string;
  readonly seed: number;
  readonly cell: Cell;
  readonly outcome: CellOutcome;
}

/** One training, as `compare --json` prints it: the numbers of its result but for the curve. */
export type RunJson = { readonly rule: string; readonly seed: number; readonly cell: string } & (
  | (Omit<CellResult, 'curve' | 'accuracy'> & {
      readonly accuracyTrain: number | null;
      readonly accuracyTest: number | null;
      readonly seconds: number;
    })
  | { readonly failure: CellFailure }
);

/** A rule as it was compared. */
export interface ComparedRule extends ArmSummary {
  readonly name: RuleName;
  /** Options that are not the rule's defaults, those of the model among them. */
  readonly setting: Readonly<Record<string, unknown>>;
}

/** What `compare --json` prints. */
export interface ComparisonResult {
  readonly problem: string;
  readonly seeds: readonly number[];
  readonly rules: readonly ComparedRule[];
  /** Every rule against those before it; differences are the rule's value less the other's. */
  readonly paired: readonly Paired[];
  readonly runs: readonly RunJson[];
  /** Every setting that was tried, with all its shots; empty where nothing was tuned. */
  readonly tuning: readonly TunedSetting[];
  /** Of the trainings that are compared, and of those that tuned. */
  readonly shots: { readonly compared: number; readonly tuning: number };
  readonly evaluations: { readonly compared: number; readonly tuning: number };
  /** What a reader of the tables would take amiss: sentences. */
  readonly notes: readonly string[];
  /** Where the files are. */
  readonly out?: string;
}

/** A run without what takes much room. */
export function runJson({ rule, seed, outcome }: ComparedRun): RunJson {
  const { hash: cell, seconds } = outcome;
  if ('failure' in outcome) return { rule, seed, cell, failure: outcome.failure };
  const { curve: _, accuracy, ...result } = outcome.result;
  const accuracies = { accuracyTrain: accuracy.train, accuracyTest: accuracy.test };
  return { ...{ rule, seed, cell }, ...result, ...accuracies, seconds };
}

const spread = (value: Spread | null, show: (value: number) => string) =>
  value === null ? '-' : show(value.median);

function meanAndDeviation(value: Spread | null): string {
  if (value === null) return '-';
  return value.deviation === null ? fixed(value.mean) : `${fixed(value.mean)} ± ${fixed(value.deviation)}`;
}

/** Whether any training was charged in shots. */
const takesShots = (rules: readonly ComparedRule[]) => rules.some(({ shots }) => (shots?.greatest ?? 0) > 0);

/** How many steps a rule reversed, of how many. */
function reversalsOf({ name, reversals, steps }: ComparedRule): string {
  if (!looksBack(name) || reversals === null || steps === null) return '-';
  return `${count(reversals.median)} of ${count(steps.median)}`;
}

/** How each rule fares. */
export function rulesTable(rules: readonly ComparedRule[]): Table {
  const charged = takesShots(rules);
  const reverses = rules.some(({ name }) => looksBack(name));
  const titles = [
    ...['rule', 'loss, median', 'mean ± std', 'best', 'mean over run', 'test loss', 'test accuracy'],
    ...['half loss at', charged ? 'shots' : 'evaluations'],
    ...(reverses ? ['reversals'] : []),
  ];
  const rows = rules.map((each) => {
    const { rule, measures, shots, evaluations, seeds, failed } = each;
    const { loss, best, auc, lossTest, accuracyTest, toHalf } = measures;
    const never = seeds - (toHalf?.count ?? 0);
    return [
      failed > 0 ? `${rule} (${failed} failed)` : rule,
      spread(loss, fixed),
      meanAndDeviation(loss),
      spread(best, fixed),
      spread(auc, fixed),
      spread(lossTest, fixed),
      spread(accuracyTest, percent),
      `${spread(toHalf, count)}${never > 0 ? ` (never: ${never})` : ''}`,
      spread(charged ? shots : evaluations, count),
      ...(reverses ? [reversalsOf(each)] : []),
    ];
  });
  return { titles, rows };
}

/** A p-value. */
function shownP(p: number | null | undefined): string {
  if (p === null || p === undefined) return '-';
  return p < 0.001 ? p.toExponential(0) : p.toFixed(3);
}

/** What the measures are called. */
export const MEASURE_TITLES: Readonly<Record<Measure, string>> = {
  loss: 'loss of the training set at the end',
  best: 'lowest loss of the training set',
  auc: 'mean loss over the run',
  lossTest: 'loss of the test set',
  accuracyTest: 'accuracy on the test set',
  toHalf: 'cost to half of the first loss',
};

/** One measure of every pair of rules. */
export function pairedTable(paired: readonly Paired[], measure: Measure): Table {
  const titles = ['rule', 'against', 'difference', '95 % interval', 't', 'p', 'Wilcoxon p', 'better on'];
  const show = measure === 'toHalf' ? count : fixed;
  const rows = paired
    .filter((each) => each.measure === measure)
    .map((each) => [
      each.rule,
      each.against,
      show(each.mean),
      each.interval === null ? '-' : `${show(each.interval[0])} to ${show(each.interval[1])}`,
      each.t === null ? '-' : each.t.toFixed(1),
      shownP(each.p),
      shownP(each.wilcoxon?.p),
      `${each.wins} of ${each.seeds}${each.ties > 0 ? `, ${each.ties} alike` : ''}`,
    ]);
  return { titles, rows };
}

/** Every setting that was tried. */
export function tuningTable(tuning: readonly TunedSetting[]): Table {
  const charged = tuning.some(({ shots }) => shots > 0);
  const titles = ['rule', 'setting', 'mean ± std', 'failed', charged ? 'shots' : 'evaluations', ''];
  const rows = tuning.map(({ rule, setting, measured, failed, shots, evaluations, chosen }) => [
    ...[rule, setting, meanAndDeviation(measured), failed > 0 ? count(failed) : '-'],
    ...[count(charged ? shots : evaluations), chosen ? 'chosen' : ''],
  ]);
  return { titles, rows };
}

/** A table for the terminal. */
const lines = ({ titles, rows }: Table) => table(titles, rows);

/** All of it. @param glance lines that show the losses on their way */
export function describeComparison(result: ComparisonResult, glance: readonly string[] = []): string[] {
  const { problem, seeds, rules, paired, tuning, shots, evaluations } = result;
  const spent =
    shots.tuning > 0 ? `${count(shots.tuning)} shots` : `${count(evaluations.tuning)} circuit evaluations`;
  const measures: readonly Measure[] = ['loss', 'accuracyTest'];
  return [
    `${problem}, ${plural(seeds.length, 'seed')} from ${seeds[0]} on; medians, losses exact and of whole sets`,
    ...lines(rulesTable(rules)),
    ...result.notes,
    ...glance,
    ...measures.flatMap((measure) => {
      const found = pairedTable(paired, measure);
      return found.rows.length === 0 ? [] : ['', `${MEASURE_TITLES[measure]}, seed by seed`, ...lines(found)];
    }),
    ...(tuning.length === 0
      ? []
      : ['', `tuned on seeds of their own, with ${spent} beside those above`, ...lines(tuningTable(tuning))]),
  ];
}
