/** From the rules of a comparison to the trainings that they are: every setting with its options filled in and checked. */
import type { ModelOptions, RuleName, TrainingOptions } from '../../api/options.ts';
import { NlrError, OptionError, type OptionErrorCode } from '../../core/errors.ts';
import { type Setting, settingOf } from '../../study/cell.ts';
import type { CommonFlags, ModelFlags, TrainingFlags } from '../input/flags.ts';
import { type Configuration, configure, isReadBy, readsHeadRate } from '../input/preset.ts';
import { TRAINING } from '../../api/training-options.ts';
import { flagName, UsageError } from '../output/failure.ts';
import { looksBack } from '../training/result.ts';
import { type ArmOptions, type ArmText, divided } from './arms.ts';

/** Flags that all rules share. */
export type SharedFlags = ModelFlags & TrainingFlags & CommonFlags;

/** A rule in one setting. */
export interface ArmSetting {
  readonly options: ArmOptions;
  readonly setting: Setting;
  readonly model: Partial<ModelOptions>;
  /** Whether to look at the steps' direction. */
  readonly ascent: boolean;
}

/** A rule with all settings that it is to be tuned over; one where it is not. */
export interface PlannedArm {
  readonly name: string;
  readonly rule: RuleName;
  readonly settings: readonly ArmSetting[];
}

/** An error of one of the rules, which says of which. */
export function ofArm(name: string, error: unknown): unknown {
  if (!(error instanceof NlrError || error instanceof UsageError)) return error;
  const message = `--rules ${name}: ${error.message}`;
  return error instanceof OptionError
    ? new OptionError(error.code as OptionErrorCode, message)
    : new UsageError(message);
}

/** Whether a rule reads an option, of training or of the model. */
export const reads = (rule: RuleName, option: string) => isReadBy(rule, option as keyof TrainingOptions);

/** The flags that a rule has a use for. @param own options of its own, beside them */
function readFlags(flags: SharedFlags, rule: RuleName, own: TrainingOptions): SharedFlags {
  const headStep = own.headStep ?? flags.headStep;
  const isRead = (name: string) =>
    reads(rule, name) && (name !== 'headRate' || readsHeadRate(rule, headStep));
  return Object.fromEntries(Object.entries(flags).filter(([name]) => isRead(name))) as SharedFlags;
}

/** Refuses flags that none of the rules has a use for. @throws UsageError */
export function refuseUnread(flags: object, rules: readonly RuleName[]): void {
  for (const [name, value] of Object.entries(flags)) {
    if (value === undefined || rules.some((rule) => reads(rule, name))) continue;
    throw new UsageError(`${flagName(name)} is read by none of the rules: ${rules.join(', ')}`);
  }
}

/**
 * Fills in the options of every setting.
 * @param ascent whether rules that reverse are to be looked at
 * @throws UsageError
 */
export function planArms(arms: readonly ArmText[], flags: SharedFlags, ascent: boolean): PlannedArm[] {
  const { model: shared } = sharedConfiguration(flags);
  return arms.map(({ name, rule, settings }) => ({
    ...{ name, rule },
    settings: settings.map((options) => {
      try {
        const { training, model } = divided(options, shared);
        const { training: whole } = configure({
          ...readFlags(flags, rule, training),
          rule,
          ...training,
        } as SharedFlags);
        const { seed: _, rule: __, ...setting } = whole;
        return { options, setting: settingOf(rule, setting), model, ascent: ascent && looksBack(rule) };
      } catch (error) {
        throw ofArm(name, error);
      }
    }),
  }));
}

/** The configuration that all rules share: everything but the training. @throws OptionError, UsageError */
export function sharedConfiguration(flags: SharedFlags): Configuration {
  const others = Object.entries(flags).filter(([name]) => !Object.hasOwn(TRAINING, name));
  return configure(Object.fromEntries(others) as SharedFlags);
}
