/** Which options a rule has in a race, and the words of `rules` in a link: `nlr:rate=0.01,adam`. */
import { BACKTRACKING_RULES, TENTATIVE_RULES } from '../../../assembly/abi/codes.ts';
import { RULES } from '../../api/choices.ts';
import type { RuleName, TrainingOptions } from '../../api/options.ts';
import { TRAINING } from '../../api/training-options.ts';
import { type Arm, MOST_ARMS } from './settings.ts';

/** Words of all rules. */
export const RULE_NAMES = Object.keys(RULES) as readonly RuleName[];

/** An option of a rule that is a number. */
export type ArmOption = 'rate' | 'negativeRate' | 'headRate' | Extract<keyof TrainingOptions, NumberOption>;
type NumberOption =
  | 'beta1'
  | 'beta2'
  | 'guard'
  | 'threshold'
  | 'deviation'
  | 'stallSteps'
  | 'backtracks'
  | 'decrease'
  | 'averagedShare'
  | 'damping';

/** What some rules read beside the rates. */
const READ: Readonly<Partial<Record<RuleName, readonly NumberOption[]>>> = {
  'nlr-guarded': ['guard'],
  momentum: ['beta1'],
  rmsprop: ['beta2'],
  adam: ['beta1', 'beta2'],
  frugal: ['beta1', 'beta2'],
  'nlr-threshold': ['threshold'],
  'nlr-plateau': ['threshold'],
  'nlr-noise': ['deviation'],
  'sgd-restart': ['threshold', 'stallSteps'],
  armijo: ['backtracks', 'decrease'],
  'adam-reversal': ['beta1', 'beta2', 'guard'],
  gcans: ['beta1'],
  sfgn: ['beta1', 'beta2', 'damping'],
};

/** How the options are called where there is little room. */
export const LABELS: Readonly<Record<ArmOption, string>> = {
  rate: 'η',
  negativeRate: 'η′',
  headRate: 'η head',
  beta1: 'β₁',
  beta2: 'β₂',
  guard: 'guard',
  threshold: 'τ',
  deviation: 'σ',
  stallSteps: 'stall',
  backtracks: 'halvings',
  decrease: 'c',
  averagedShare: 'averaged',
  damping: 'λ',
};

const has = (rules: number, rule: RuleName) => ((rules >> RULES[rule]) & 1) !== 0;

/** Whether a rule has a rate eta' of its own. */
export const reverses = (rule: RuleName): boolean =>
  has(TENTATIVE_RULES, rule) && !has(BACKTRACKING_RULES, rule);

/** The options of a rule, in the order of the form. */
export function optionsOf(rule: RuleName, hasHead = true): ArmOption[] {
  const rates = { rate: true, negativeRate: reverses(rule), headRate: hasHead };
  return [
    ...(Object.keys(rates) as (keyof typeof rates)[]).filter((name) => rates[name]),
    ...(READ[rule] ?? []),
  ];
}

/** What an option is where nobody says anything. @param options what was said @param rate instead of the rule's own */
export function defaultOf(rule: RuleName, option: ArmOption, options: Arm['options'], rate?: number): number {
  const { value, byRule, most = Number.POSITIVE_INFINITY } = TRAINING[option];
  if (option === 'negativeRate')
    return Math.min(2 * (options.rate ?? defaultOf(rule, 'rate', options, rate)), most);
  return (option === 'rate' && rate) || Number(byRule?.[rule] ?? value ?? 0);
}

/** Whether a number is within an option's range. */
function isWithin(option: ArmOption, value: number): boolean {
  const { least = 0, most = 0, open = false, whole = false } = TRAINING[option];
  return value >= least && (open ? value < most : value <= most) && (!whole || Number.isInteger(value));
}

const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const camel = (name: string) => name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** What is wrong with a text as the number of an option, in a sentence; undefined of what it may be. */
export function wrongOption(rule: RuleName, option: ArmOption, text: string): string | undefined {
  if (text.trim() !== '' && isWithin(option, Number(text))) return undefined;
  const { least, most, open, whole } = TRAINING[option];
  const kind = whole ? 'a whole number' : 'a number';
  return `${kebab(option)} of ${rule} is '${text.slice(0, 40)}'; expected ${kind} from ${least} to ${open ? 'less than ' : ''}${most}`;
}

/** Some rules as a link has them. */
export function armsText(arms: readonly Arm[]): string {
  const one = ({ rule, options }: Arm) =>
    [rule, ...Object.entries(options).map(([name, value]) => `${kebab(name)}=${value}`)].join(':');
  return arms.map(one).join(',');
}

/** Reads one rule with its options. @param wrong takes a sentence for each part that means nothing, which is left out */
function readArm(text: string, wrong: (sentence: string) => void): Arm | undefined {
  const [rule = '', ...parts] = text.split(':');
  if (!RULE_NAMES.includes(rule as RuleName)) {
    wrong(`there is no rule '${rule.slice(0, 40)}'; expected one of ${RULE_NAMES.join(', ')}`);
    return undefined;
  }
  const known = optionsOf(rule as RuleName);
  const options: Record<string, number> = {};
  for (const part of parts) {
    const [word = '', number = ''] = part.split('=');
    const name = camel(word) as ArmOption;
    if (!known.includes(name)) {
      wrong(`${rule} has no option '${word.slice(0, 40)}'; expected ${known.map(kebab).join(', ')}`);
      continue;
    }
    const sentence = wrongOption(rule as RuleName, name, number);
    if (sentence === undefined) options[name] = Number(number);
    else wrong(sentence);
  }
  return { rule: rule as RuleName, options };
}

/** Reads the rules of a link, four at most. @param wrong takes a sentence for each part that means nothing */
export function readArms(text: string, wrong: (sentence: string) => void): Arm[] {
  const parts = text.split(',').filter((part) => part !== '');
  if (parts.length > MOST_ARMS) wrong(`there are ${parts.length} rules; the first ${MOST_ARMS} race`);
  return parts.slice(0, MOST_ARMS).flatMap((part) => readArm(part, wrong) ?? []);
}
