/** What the tables of a comparison do not say by themselves: rules that were one and the same, alarms, the ends of a grid. */
import type { Arm } from '../../study/comparison.ts';
import { plural } from '../output/format.ts';
import { looksBack } from '../training/result.ts';
import type { ComparedRule } from './result.ts';
import type { TunedArm } from './tune.ts';

/** Whether two rules made the same trainings, to the bit, on all their seeds. */
function isSame({ results }: Arm, other: Arm): boolean {
  if (results.size === 0 || results.size !== other.results.size) return false;
  return [...results].every(([seed, { trace }]) => other.results.get(seed)?.trace === trace);
}

/** Rules whose trainings are those of one before them, and why. */
function sameRules(rules: readonly ComparedRule[], arms: readonly Arm[]): string[] {
  return arms.flatMap((arm, i) => {
    const before = arms.slice(0, i).findIndex((other) => isSame(arm, other));
    if (before < 0) return [];
    const pair = [rules[before], rules[i]];
    const looking = pair.filter(({ name }) => looksBack(name));
    const never = looking.length > 0 && looking.every(({ reversals }) => reversals?.greatest === 0);
    const why = never ? ': no step was reversed, so that this compares nothing of reversing' : '';
    return [
      `${rules[before].rule} and ${rules[i].rule} made the same trainings to the bit on every seed${why}`,
    ];
  });
}

/** Rules that reversed more than they descended. */
const alarms = (rules: readonly ComparedRule[]) =>
  rules.flatMap(({ rule, name, alarms: count, seeds }) =>
    looksBack(name) && count > 0
      ? [
          `${rule}: reversals outweighed descent in rate on ${count} of ${plural(seeds, 'seed')}, whose mean signed rate is below zero`,
        ]
      : [],
  );

/** Options whose best value is the least or the greatest that was tried. */
function gridEnds({ setting, tried }: TunedArm, { settings, name }: SettingsOf): string[] {
  if (tried.length < 2) return [];
  return Object.entries(setting.options).flatMap(([option, value]) => {
    const values = settings.map(({ options }) => options[option]).filter((each) => typeof each === 'number');
    const [least, greatest] = [Math.min(...values), Math.max(...values)];
    if (typeof value !== 'number' || least === greatest || (value !== least && value !== greatest)) return [];
    const end = value === least ? 'least' : 'greatest';
    return [`${name}: ${option} ${value} is the ${end} that was tried; the best may lie beyond it`];
  });
}

/** What a rule was tuned over. */
type SettingsOf = {
  readonly name: string;
  readonly settings: readonly Pick<TunedArm['setting'], 'options'>[];
};

/** All of it, a sentence each. */
export function notesOf(
  rules: readonly ComparedRule[],
  arms: readonly Arm[],
  tuned: readonly (TunedArm & { readonly of: SettingsOf })[],
): string[] {
  return [...sameRules(rules, arms), ...alarms(rules), ...tuned.flatMap((arm) => gridEnds(arm, arm.of))];
}
