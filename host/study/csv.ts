/** A study as CSV. No times are in it, so that it has the same bytes whatever ran the cells, and however often. */
import type { Paired } from './comparison.ts';
import type { Cell } from './cell.ts';
import { hashOfCell, settingOf } from './cell.ts';
import type { CellOutcome, CellResult, Curve } from './result.ts';

/** A field, in quotes where it has to be (RFC 4180); nothing for what is not there. */
function field(value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined) return '';
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A header and rows. */
export function csv(
  header: readonly string[],
  rows: readonly (readonly Parameters<typeof field>[0][])[],
): string {
  return [header, ...rows].map((row) => `${row.map(field).join(',')}\n`).join('');
}

/** A cell with the name of its rule in its setting, and what became of it. */
export interface NamedOutcome {
  /** What the rule in its setting is called. */
  readonly arm: string;
  /** The training. */
  readonly cell: Cell;
  /** What became of it. */
  readonly outcome: CellOutcome;
}

/** Columns of a run, behind those that say which it is. */
const RESULT: Readonly<Record<string, (result: CellResult) => number | string | null | undefined>> = {
  initial_loss: (result) => result.initialLoss,
  loss: (result) => result.loss,
  best: (result) => result.best,
  auc: (result) => result.auc,
  to_half: (result) => result.toHalf,
  loss_test: (result) => result.lossTest,
  accuracy_train: (result) => result.accuracy.train,
  accuracy_test: (result) => result.accuracy.test,
  steps: (result) => result.steps,
  evaluations: (result) => result.evaluations,
  shots: (result) => result.shots,
  reversals: (result) => result.reversals,
  violation_rate: (result) => result.violationRate,
  mean_rate: (result) => result.meanRate,
  gradient_norm_loss: (result) => result.gradientNorm.loss,
  gradient_norm_observable: (result) => result.gradientNorm.observable,
  mean_product: (result) => result.ascent?.meanProduct,
  ratio: (result) => result.ascent?.ratio,
  rate_turns: (result) => result.ascent?.rate,
  step_turns: (result) => result.ascent?.step,
  trace: (result) => result.trace,
};

/** Options of a setting as text: `rate=0.1 shots=20`. */
function settingText({ rule, setting, model = {} }: Cell): string {
  const options = { ...settingOf(rule, setting), ...model };
  return Object.entries(options)
    .map(([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : value}`)
    .join(' ');
}

/** A row for each run, in the order given. */
export function runsCsv(outcomes: readonly NamedOutcome[]): string {
  const header = ['problem', 'arm', 'rule', 'setting', 'seed', 'cell', 'failure', ...Object.keys(RESULT)];
  const rows = outcomes.map(({ arm, cell, outcome }) => [
    ...[cell.problem.name, arm, cell.rule, settingText(cell), cell.seed, hashOfCell(cell)],
    'failure' in outcome ? outcome.failure.code : null,
    ...Object.values(RESULT).map((of) => ('result' in outcome ? of(outcome.result) : null)),
  ]);
  return csv(header, rows);
}

/** A row for each look at each run. */
export function curvesCsv(outcomes: readonly NamedOutcome[]): string {
  const names: Readonly<Record<string, keyof Curve>> = {
    ...{ step: 'step', evaluations: 'evaluations', shots: 'shots', loss: 'loss', batch_loss: 'batchLoss' },
    ...{ gradient_norm_loss: 'gradientNorm', gradient_norm_observable: 'observableNorm' },
    ...{ violation_rate: 'violationRate', reversals: 'reversals', mean_rate: 'meanRate' },
  };
  const rows = outcomes.flatMap(({ arm, cell, outcome }) => {
    if ('failure' in outcome) return [];
    const { curve } = outcome.result;
    return curve.step.map((_, i) => [
      ...[cell.problem.name, arm, cell.seed],
      ...Object.values(names).map((name) => curve[name][i]),
    ]);
  });
  return csv(['problem', 'arm', 'seed', ...Object.keys(names)], rows);
}

/** A row for each pair of rules and measure. @param problem that they were trained on */
export function pairedCsv(problem: string, paired: readonly Paired[]): string {
  const header = ['problem', 'rule', 'against', 'measure', 'mean', 'median', 'deviation', 'low', 'high'];
  const tests = ['t', 'p', 'wilcoxon', 'wilcoxon_p', 'wins', 'losses', 'ties', 'seeds', 'compared'];
  const rows = paired.map((each) => [
    ...[problem, each.rule, each.against, each.measure, each.mean, each.median, each.deviation],
    ...[each.interval?.[0], each.interval?.[1], each.t, each.p],
    ...[each.wilcoxon?.statistic, each.wilcoxon?.p],
    ...[each.wins, each.losses, each.ties, each.seeds, each.compared],
  ]);
  return csv([...header, ...tests], rows);
}
