/**
 * The rules that are compared, each in its setting: `adam`, or `adam:rate=0.1:shots=5`, the options as the flags of `train`
 * have them. What stands between slashes is to be tuned: `adam:rate=0.01/0.03/0.1`.
 */
import { resolveModel, type ModelOptions, type RuleName, type TrainingOptions } from '../../api/options.ts';
import { STRUCTURE_FIELDS } from '../../api/ansatz.ts';
import { RULES } from '../../api/choices.ts';
import { TRAINING } from '../../api/training-options.ts';
import { decimal } from '../../data/dataset.ts';
import { flagName, UsageError } from '../output/failure.ts';

/** Options that an arm can set. */
export type ArmOptions = Readonly<Record<string, number | boolean | string>>;

/** One of the rules that are compared. */
export interface ArmText {
  /** As it was written. */
  readonly name: string;
  readonly rule: RuleName;
  /** Every combination of what is to be tuned; one of an arm that is not. */
  readonly settings: readonly ArmOptions[];
}

/** Settings of an arm at most. */
const MOST_SETTINGS = 1000;

/** Options of training that are the same for all, so that they are compared at equal cost and on the same seeds. */
const SHARED: readonly string[] = [
  'rule',
  'steps',
  'shotsBudget',
  'seed',
  'answerer',
  'moments',
  'workspace',
];

/** Options of the model that leave data, preprocessing and loss as they are. */
const OF_MODEL = [...STRUCTURE_FIELDS, 'layers', 'initialisation', 'initialScale'] as const;
const NUMBERS: readonly string[] = ['layers', 'mirrorDepth', 'reuploads', 'initialScale', 'refitHead'];

/** Other names for an option. */
const ALSO: Readonly<Record<string, string>> = { eta: 'rate' };

/** The share of the budget that is the head's is no option of the core, and one of an arm all the same. */
const REFIT = 'refitHead';

const TRAINED = [...Object.keys(TRAINING), REFIT].filter((name) => !SHARED.includes(name));

const word = (name: string) => flagName(name).slice(2);
const camel = (name: string) => name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Whether an option is one of the model. */
export const isOfModel = (name: string): name is (typeof OF_MODEL)[number] =>
  (OF_MODEL as readonly string[]).includes(name);

/** Reads a value of an option. @throws UsageError, OptionError */
function valueOf(name: string, text: string, at: string): number | boolean | string {
  const isFlag = name === 'correlated' || TRAINING[name as keyof typeof TRAINING]?.flag === true;
  if (isFlag) {
    if (text === 'true' || text === 'false') return text === 'true';
    throw new UsageError(`${at}: ${word(name)} is '${text}'; expected true or false`);
  }
  const range = TRAINING[name as keyof typeof TRAINING] as (typeof TRAINING)['rate'] | undefined;
  const zero = name === REFIT ? 'none' : range?.word;
  const isWord = range?.choices !== undefined || text === zero || (!range && !NUMBERS.includes(name));
  if (isWord) return text;
  const number = decimal(text);
  if (number !== undefined && Number.isFinite(number)) return number;
  const or = zero === undefined ? '' : ` or '${zero}'`;
  throw new UsageError(`${at}: ${word(name)} is '${text}'; expected a number${or}`);
}

/** The values of some options, each with the alternatives between slashes. */
type Grid = ReadonlyMap<string, readonly (number | boolean | string)[]>;

/**
 * Reads `option=value:option=value/value`.
 * @param at what it is called in messages
 * @throws UsageError
 */
function readGrid(parts: readonly string[], at: string): Grid {
  const grid = new Map<string, readonly (number | boolean | string)[]>();
  for (const part of parts) {
    const [, key = '', , values] = /^([a-z0-9-]+)(=(.+))?$/is.exec(part) ?? [];
    const name = ALSO[key] ?? camel(key);
    if (SHARED.includes(name)) {
      const flag = name === 'rule' ? '--rules' : flagName(name);
      throw new UsageError(`${at}: ${key} is the same for all rules; it is given by ${flag}`);
    }
    if (!TRAINED.includes(name) && !isOfModel(name)) {
      const known = [...TRAINED, ...OF_MODEL].map(word).join(', ');
      throw new UsageError(`${at} has '${part}'; expected option=value, option one of ${known}`);
    }
    if (values === undefined) throw new UsageError(`${at}: ${key} has no value; expected ${key}=value`);
    if (grid.has(name)) throw new UsageError(`${at} gives ${word(name)} twice`);
    const read = values.split('/').map((text) => valueOf(name, text.trim(), at));
    if (new Set(read).size < read.length)
      throw new UsageError(`${at}: ${key} has a value twice in '${values}'`);
    grid.set(name, read);
  }
  return grid;
}

/** All combinations of what is in a grid. */
function combinations(grid: Grid, at: string): ArmOptions[] {
  let settings: ArmOptions[] = [{}];
  for (const [name, values] of grid) {
    settings = settings.flatMap((setting) => values.map((value) => ({ ...setting, [name]: value })));
    if (settings.length > MOST_SETTINGS)
      throw new UsageError(`${at} has more than ${MOST_SETTINGS} settings to tune over`);
  }
  return settings;
}

/** An option and a value as they are written. */
export function optionText(options: ArmOptions): string {
  return Object.entries(options)
    .map(([name, value]) => `${word(name)}=${value}`)
    .join(':');
}

/** Reads what `--tune` has. @throws UsageError */
export function readTuning(text: string): Grid {
  return readGrid(text.split(':'), '--tune');
}

/**
 * Reads the rules of `--rules`, two or more with names of their own.
 * @param tuned what is tuned of every rule that reads it and does not say otherwise
 * @param isRead whether a rule reads an option
 * @throws UsageError
 */
export function readArms(
  text: string,
  tuned: Grid,
  isRead: (rule: RuleName, option: string) => boolean,
): ArmText[] {
  const arms = text.split(',').map((each): ArmText => {
    const name = each.trim();
    const [rule, ...parts] = name.split(':');
    if (!Object.hasOwn(RULES, rule)) {
      const message = `--rules has '${name}'; expected RULE or RULE:option=value:..., RULE one of ${Object.keys(RULES).join(', ')}`;
      throw new UsageError(message);
    }
    const own = readGrid(parts, `--rules ${rule}`);
    const others = [...tuned].filter(([option]) => !own.has(option) && isRead(rule as RuleName, option));
    const settings = combinations(new Map([...own, ...others]), `--rules ${name}`);
    return { name, rule: rule as RuleName, settings };
  });
  const names = arms.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new UsageError(`--rules has '${twice}' twice`);
  return arms;
}

/** Divides the options of an arm into those of training and those of the model. @throws OptionError */
export function divided(
  options: ArmOptions,
  model: Omit<ModelOptions, 'features'>,
): { readonly training: TrainingOptions; readonly model: Partial<ModelOptions> } {
  const entries = Object.entries(options);
  const own = Object.fromEntries(entries.filter(([name]) => isOfModel(name))) as Partial<ModelOptions>;
  resolveModel({ ...model, ...own, features: 1 });
  return { training: Object.fromEntries(entries.filter(([name]) => !isOfModel(name))), model: own };
}
