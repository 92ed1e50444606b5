/** What a comparison will cost, before it is run: circuits, shots, and by a short try the time. */
import type { RuleName, TrainingOptions } from '../../api/options.ts';
import { Trainer } from '../../api/trainer.ts';
import type { NlrError } from '../../core/errors.ts';
import { looksAt } from '../../study/looks.ts';
import type { Prepared } from '../../study/train-cell.ts';
import { UsageError } from '../output/failure.ts';
import { count, pairs, plural } from '../output/format.ts';
import { costOf } from '../training/result.ts';
import type { ArmSetting, PlannedArm } from './settings.ts';
import { ofArm } from './settings.ts';

/** Seconds that are spent on finding out how long a step takes. */
const TRY = 0.06;

/** What one training costs. */
export interface RunCost {
  readonly steps: number;
  readonly evaluations: number;
  /** At most. */
  readonly shots: number;
  readonly seconds: number;
}

/** A setting with what a training of it costs, and how long it is. */
export interface CostedSetting extends ArmSetting {
  readonly cost: RunCost;
}

/** A rule with all its settings. */
export interface CostedArm extends Omit<PlannedArm, 'settings'> {
  readonly settings: readonly CostedSetting[];
}

/** How settings are tried. */
export interface Trial {
  readonly prepared: Prepared;
  readonly seed: number;
  readonly looks: number;
  /** Circuits that each training may run; absent: as many as its steps take. */
  readonly evaluations?: number;
}

/** Seconds of a step and of a look. */
interface Pace {
  readonly step: number;
  readonly look: number;
}

/**
 * The pace of a training. The first step and the first look are left out: they are as slow as no other. A training that leaves
 * the finite numbers goes no further; that it does is found out when it is run.
 */
async function paceOf(trainer: Trainer, ascent: boolean): Promise<Pace> {
  const seconds = (since: number) => (performance.now() - since) / 1000;
  trainer.trainingLoss();
  let started = performance.now();
  trainer.trainingLoss();
  const look = seconds(started);
  started = performance.now();
  let steps = 0;
  try {
    for await (const { step } of trainer.fit({ ascent })) {
      if (step === 1 && !trainer.finished) {
        started = performance.now();
        continue;
      }
      steps++;
      if (seconds(started) >= TRY) break;
    }
  } catch (error) {
    if ((error as NlrError | undefined)?.code !== 'ERR_CORE_DIVERGED') throw error;
  }
  return { look, step: seconds(started) / Math.max(1, steps) };
}

/** What the pace of a training goes by: not its rates. */
function kindOf(rule: RuleName, { setting, model, ascent }: ArmSetting): string {
  const { shots, displacedShots, batch, gradient, engine } = setting;
  return JSON.stringify([rule, shots, displacedShots, batch, gradient, engine, model, ascent]);
}

/** Costs settings, those of a kind by one try. */
class Costing {
  readonly #paces = new Map<string, Pace>();

  constructor(readonly trial: Trial) {}

  async of(rule: RuleName, planned: ArmSetting): Promise<CostedSetting> {
    const { prepared, seed, looks, evaluations } = this.trial;
    const { test: _, ...options } = prepared;
    const model = { ...prepared.model, ...planned.model };
    const create = (training: TrainingOptions) =>
      Trainer.create({ ...options, model, training: { ...training, rule, seed } });
    let trainer = await create(planned.setting);
    const models = prepared.oneVsRest ? trainer.classes.length : 1;
    const cost = await costOf(trainer);
    const each = models * cost.evaluationsPerStep;
    let { setting } = planned;
    if (evaluations !== undefined) {
      const steps = Math.floor(evaluations / each);
      if (steps < 1) {
        const message = `a single step takes ${count(each)} circuit evaluations; --evaluations is ${count(evaluations)}`;
        throw new UsageError(message);
      }
      setting = { ...setting, steps };
      trainer = await create(setting);
    }
    const { steps } = trainer.training;
    const kind = kindOf(rule, planned);
    const pace = this.#paces.get(kind) ?? (await paceOf(trainer, planned.ascent));
    this.#paces.set(kind, pace);
    const shots = steps * models * cost.shotsPerStep;
    // At the end both sets are looked at once more.
    const seconds = steps * pace.step + (looksAt(steps, looks).length + 3) * pace.look;
    return { ...planned, setting, cost: { steps, evaluations: steps * each, shots, seconds } };
  }
}

/** Costs all settings of all rules. @throws UsageError of one that cannot be trained so */
export async function costArms(arms: readonly PlannedArm[], trial: Trial): Promise<CostedArm[]> {
  const costing = new Costing(trial);
  const costed: CostedArm[] = [];
  for (const { name, rule, settings } of arms) {
    const found: CostedSetting[] = [];
    try {
      for (const setting of settings) found.push(await costing.of(rule, setting));
    } catch (error) {
      throw ofArm(name, error);
    }
    costed.push({ name, rule, settings: found });
  }
  return costed;
}

/** What all of it will cost. */
export interface Estimate {
  readonly rules: readonly {
    readonly rule: string;
    /** Settings to tune over; 1 where nothing is tuned. */
    readonly settings: number;
    /** Of one training, in the setting that costs most. */
    readonly steps: number;
    readonly evaluations: number;
    readonly shots: number;
    readonly seconds: number;
  }[];
  /** Trainings to tune, and to compare. */
  readonly tuning: number;
  readonly runs: number;
  /** Trainings that are finished already. */
  readonly finished: number;
  /** Of all trainings together. */
  readonly evaluations: number;
  readonly shots: number;
  /** Of processors, of trainings that are not finished. */
  readonly cpuSeconds: number;
  /** From start to end. */
  readonly seconds: number;
}

/** Adds up what settings cost. */
const summed = (settings: readonly CostedSetting[], of: (cost: RunCost) => number) =>
  settings.reduce((sum, { cost }) => sum + of(cost), 0);

const most = (settings: readonly CostedSetting[], of: (cost: RunCost) => number) =>
  Math.max(...settings.map(({ cost }) => of(cost)));

/** How many there are of each. */
export interface Counts {
  readonly seeds: number;
  readonly tuningSeeds: number;
  readonly threads: number;
  readonly finished: number;
  /** What is to be done, of 1. */
  readonly left: number;
}

/** Adds up what a comparison costs. */
export function estimateOf(
  arms: readonly CostedArm[],
  { seeds, tuningSeeds, threads, finished, left }: Counts,
): Estimate {
  const tuned = arms.filter(({ settings }) => settings.length > 1);
  const all = (of: (cost: RunCost) => number) =>
    arms.reduce((sum, { settings }) => sum + seeds * most(settings, of), 0) +
    tuned.reduce((sum, { settings }) => sum + tuningSeeds * summed(settings, of), 0);
  const cpuSeconds = left * all(({ seconds }) => seconds);
  return {
    rules: arms.map(({ name, settings }) => ({
      rule: name,
      settings: settings.length,
      steps: most(settings, ({ steps }) => steps),
      evaluations: most(settings, ({ evaluations }) => evaluations),
      shots: most(settings, ({ shots }) => shots),
      seconds: most(settings, ({ seconds }) => seconds),
    })),
    tuning: tuningSeeds * tuned.reduce((sum, { settings }) => sum + settings.length, 0),
    runs: seeds * arms.length,
    finished,
    evaluations: all(({ evaluations }) => evaluations),
    shots: all(({ shots }) => shots),
    cpuSeconds,
    seconds: cpuSeconds / threads,
  };
}

/** A time for people, to about a tenth. */
export function duration(seconds: number): string {
  if (seconds < 1) return 'less than a second';
  if (seconds < 100) return `about ${plural(Math.round(seconds), 'second')}`;
  if (seconds < 6000) return `about ${plural(Math.round(seconds / 60), 'minute')}`;
  return `about ${(seconds / 3600).toFixed(1)} hours`;
}

/** One sentence. */
export function estimateSentence(estimate: Estimate, threads: number): string {
  const { tuning, runs, finished, shots, evaluations, seconds } = estimate;
  const what = shots > 0 ? `at most ${count(shots)} shots` : `${count(evaluations)} circuit evaluations`;
  const tuned = tuning > 0 ? `${plural(tuning, 'training')} to tune, at most, and ` : '';
  const kept = finished > 0 ? `, ${count(finished)} of them finished already` : '';
  return `${tuned}${plural(runs, 'training')} to compare${kept}: ${what}, ${duration(seconds)} on ${plural(threads, 'thread')}`;
}

/** All of it, in aligned lines. */
export function describeEstimate(estimate: Estimate, threads: number): string[] {
  const rows = estimate.rules.map(
    ({ rule, settings, steps, evaluations, shots, seconds }): [string, string] => {
      const tuned = settings > 1 ? `${plural(settings, 'setting')}, each ` : '';
      const charged = shots > 0 ? `, ${count(shots)} shots` : '';
      return [
        rule,
        `${tuned}${plural(steps, 'step')}, ${count(evaluations)} circuit evaluations${charged}, ${duration(seconds)} a training`,
      ];
    },
  );
  return [...pairs(rows), '', estimateSentence(estimate, threads)];
}
