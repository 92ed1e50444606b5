/** Which setting of a rule is the best one, on seeds that nothing is compared on. */
import { MEASURES, type Measure } from '../../study/comparison.ts';
import { csv } from '../../study/csv.ts';
import type { CellOutcome, CellResult } from '../../study/result.ts';
import { type Spread, spreadOf } from '../../study/spread.ts';
import { type ArmOptions, optionText } from './arms.ts';
import type { CostedArm, CostedSetting } from './estimate.ts';

/** How a setting fared. */
export interface TunedSetting {
  readonly rule: string;
  /** The options that it is about. */
  readonly setting: string;
  /** Of the measure, over the seeds; null where a training left the finite numbers, or never came to a value. */
  readonly measured: Spread | null;
  readonly failed: number;
  /** Of all its trainings. */
  readonly shots: number;
  readonly evaluations: number;
  readonly chosen: boolean;
}

/** What became of a rule's settings. */
export interface TunedArm {
  readonly setting: CostedSetting;
  readonly tried: readonly TunedSetting[];
}

/** What of its options is not the same in all settings. */
function varied(settings: readonly CostedSetting[]): (options: ArmOptions) => ArmOptions {
  const [first] = settings;
  const names = Object.keys(first.options).filter((name) =>
    settings.some(({ options }) => options[name] !== first.options[name]),
  );
  return (options) => Object.fromEntries(names.map((name) => [name, options[name]]));
}

/**
 * Chooses the setting with the best mean, the first of those that are alike.
 * @param outcomes of each setting, on the seeds to tune on
 */
export function chooseSetting(
  { name, settings }: CostedArm,
  outcomes: readonly (readonly CellOutcome[])[],
  measure: Measure,
): TunedArm {
  const { less, of } = MEASURES[measure];
  const found = outcomes.map((ofSetting) => {
    const results = ofSetting.flatMap((outcome) => ('result' in outcome ? [outcome.result] : []));
    const values = results.flatMap((result) => of(result) ?? []);
    const isWhole = values.length === ofSetting.length;
    const sum = (count: (result: CellResult) => number) =>
      results.reduce((all, each) => all + count(each), 0);
    return {
      measured: isWhole ? spreadOf(values) : null,
      failed: ofSetting.length - results.length,
      shots: sum(({ shots }) => shots),
      evaluations: sum(({ evaluations }) => evaluations),
    };
  });
  const rank = ({ measured }: { measured: Spread | null }) =>
    measured === null ? Number.POSITIVE_INFINITY : less ? measured.mean : -measured.mean;
  const ranks = found.map(rank);
  const best = ranks.indexOf(Math.min(...ranks));
  const show = varied(settings);
  return {
    setting: settings[best],
    tried: found.map((each, i) => ({
      ...{ rule: name, setting: optionText(show(settings[i].options)) },
      ...each,
      chosen: i === best,
    })),
  };
}

/** A row for each setting that was tried, as CSV; the header alone where nothing was tuned. */
export function tuningCsv(problem: string, tuning: readonly TunedSetting[]): string {
  const header = [
    'problem',
    'rule',
    'setting',
    'seeds',
    'mean',
    'deviation',
    'failed',
    'shots',
    'evaluations',
  ];
  const rows = tuning.map((each) => [
    ...[
      problem,
      each.rule,
      each.setting,
      each.measured?.count,
      each.measured?.mean,
      each.measured?.deviation,
    ],
    ...[each.failed, each.shots, each.evaluations, each.chosen],
  ]);
  return csv([...header, 'chosen'], rows);
}
