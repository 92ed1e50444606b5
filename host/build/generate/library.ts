/**
 * What the library reads of the tables, without their texts but for the comments: host/core/refusals.ts,
 * host/api/choices.ts and host/api/training-options.ts.
 */
import { ENUMERATIONS, type EnumerationRow } from '../../../assembly/abi/enumerations.table.ts';
import {
  namingRules,
  type OptionRow,
  OPTIONS,
  type TrainingRow,
  withRules,
} from '../../../assembly/abi/options.table.ts';
import { RULES, type RuleRow } from '../../../assembly/abi/rules.table.ts';
import { type StatusRow, STATUSES } from '../../../assembly/abi/statuses.table.ts';
import { limit } from './options.ts';
import { docComment, importing, listComment, opening, upper } from './text.ts';

/** The core's numbers, as the library imports them. */
const CODES = '../../assembly/abi/codes.ts';

/** An option of training. */
export type TrainingOption = OptionRow & { readonly training: TrainingRow };

const TRAINING = (OPTIONS as readonly OptionRow[]).filter(
  (row): row is TrainingOption => row.training !== undefined,
);

/** Enumerations whose members have words. */
const WORDED = (ENUMERATIONS as readonly EnumerationRow[]).filter(({ words }) => words !== undefined);

const wordsOf = (name: string) => WORDED.find((row) => row.name === name)?.words ?? '';

/** The type of an enumeration's words. */
const wordType = (name: string) => `${name}Name`;

/** What counts from 0 on without a gap, in its order. */
function listed<T>(what: string, rows: readonly T[], place: (row: T) => number, first: number): readonly T[] {
  const list = [...rows].sort((a, b) => place(a) - place(b));
  if (list.some((row, i) => place(row) !== i + first)) throw new Error(`${what} have a gap in their numbers`);
  return list;
}

/** The text of refusals.ts. */
export function makeRefusals(): string {
  const refusing = (STATUSES as readonly StatusRow[]).filter(({ sentence }) => sentence !== undefined);
  const rows = listed('the refusals', refusing, ({ number }) => -number, 1);
  const code = ({ name }: StatusRow) => `ERR_CORE_${upper(name)}`;
  const lines = rows.map((row) => `  ['${code(row)}', ${JSON.stringify(row.sentence)}],\n`);
  const options = listed('the options', OPTIONS as readonly OptionRow[], ({ number }) => number, 0);
  return `${opening("How the library says the core's refusals.", 'statuses.table.ts and options.table.ts')}
/** Codes of \`CoreError\` for what the core refuses. */
export type RefusalCode =\n${rows.map((row) => `${docComment(row.doc, '  ')}  | '${code(row)}'`).join('\n')};

/** Code and sentence, by minus the status. Lists, not records by number, because they are smaller to fetch. */
export const REFUSALS: readonly (readonly [code: RefusalCode, sentence: string] | undefined)[] = [
  undefined,
${lines.join('')}];

/** Names of options, by their keys. */
export const OPTION_NAMES: readonly (string | undefined)[] =
  '${options.map(({ name }) => name).join(' ')}'.split(' ');
`;
}

/** The text of choices.ts. */
export function makeChoices(): string {
  const lists = WORDED.map((row) => {
    const members = row.members.map(({ word, name }) => `  '${word}': ${row.name}.${name},\n`);
    return `/** The core's numbers of \`${wordType(row.name)}\`. */\nexport const ${row.words} = {\n${members.join('')}} as const;\n`;
  });
  const types = WORDED.map((row) => {
    const members = row.members.map(({ word, doc }) => `\`${word}\`${doc === undefined ? '' : `: ${doc}`}`);
    const text = row.doc ?? `What stands for each ${row.name.toLowerCase()}.`;
    return `${listComment(text, members)}export type ${wordType(row.name)} = keyof typeof ${row.words};\n`;
  });
  const shots = (RULES as readonly RuleRow[]).flatMap(({ word, leastShots }) =>
    leastShots === undefined ? [] : [`  '${word}': ${leastShots},\n`],
  );
  return `${opening("The library's words for members of the core's enumerations, and their numbers.", 'enumerations.table.ts and rules.table.ts')}
${importing(
  WORDED.map(({ name }) => name),
  CODES,
)}
${lists.join('\n')}
${types.join('\n')}
/** Fewest shots that mean something to a rule, where not 1. */
export const LEAST_SHOTS: Readonly<Partial<Record<RuleName, number>>> = {
${shots.join('')}};
`;
}

/** The type of what users give. */
function typeOf(row: TrainingOption): string {
  switch (row.kind) {
    case 'choice':
      return wordType(row.of);
    case 'flag':
      return 'boolean';
    default:
      return row.training.word === undefined ? 'number' : `number | '${row.training.word}'`;
  }
}

/** What users give, as a literal. */
const shown = (value: unknown) => (typeof value === 'string' ? `'${value}'` : String(value));

/** The range in numbers, of what is not a rate or a count without a limit to speak of. */
function numbersOf(row: TrainingOption): string {
  const most = (name: number | string) => (typeof name === 'number' ? name : limit(name));
  switch (row.kind) {
    case 'whole':
      return row.most === 'MAX_COUNT' ? '' : `, ${row.training.least ?? row.least} to ${most(row.most)}`;
    case 'share':
      return `, 0 to ${most(row.most)}`;
    case 'decay':
      return ', 0 to below 1';
    case 'count':
      return `, ${row.training.least ?? 0} to 2^53 - 1`;
    case 'seed word':
      return ', 0 to 2^53 - 1';
    default:
      return '';
  }
}

/** What an option's comment says: its meaning, its range and its default. */
export function docOf(row: TrainingOption): string {
  const { doc, otherwise, word } = row.training;
  const ending = `efault ${withRules(otherwise ?? shown(row.default), row)}.`;
  if (doc === '') return `D${ending}`;
  const meaning = `${namingRules(doc, row.name)}${numbersOf(row)}${word === undefined ? '' : `, or '${word}'`}`;
  return meaning.includes('. ') ? `${meaning}. D${ending}` : `${meaning}; d${ending}`;
}

/** The fields of a range. */
function rangeOf(row: TrainingOption): string {
  switch (row.kind) {
    case 'choice':
      return `choices: ${wordsOf(row.of)}`;
    case 'flag':
      return 'flag: true';
    case 'whole':
      return `whole: true, least: ${row.training.least ?? row.least}, most: ${row.most}`;
    case 'count':
      return `whole: true, least: ${row.training.least ?? 0}, most: Number.MAX_SAFE_INTEGER`;
    case 'seed word':
      return 'whole: true, least: 0, most: Number.MAX_SAFE_INTEGER';
    case 'rate':
      return 'least: LEAST_RATE, most: GREATEST_RATE';
    case 'decay':
      return 'least: 0, most: 1, open: true';
    case 'share':
      return `least: 0, most: ${row.most}`;
  }
}

/** What an option may be, its default and its key, as the library reads them. */
export function entryOf(row: TrainingOption): string {
  const word = row.training.word === undefined ? '' : `, word: '${row.training.word}'`;
  const value = row.default === undefined ? '' : `, value: ${shown(row.default)}`;
  const byRule = row.byRule === undefined ? '' : `, byRule: ${JSON.stringify(row.byRule)}`;
  return `  ${row.training.name}: { key: Option.${row.name}, ${rangeOf(row)}${word}${value}${byRule} },\n`;
}

/** The text of training-options.ts. */
export function makeTrainingOptions(): string {
  const fields = TRAINING.map(
    (row) => `${docComment(docOf(row), '  ')}  readonly ${row.training.name}?: ${typeOf(row)};\n`,
  );
  const text = TRAINING.map(entryOf).join('');
  const limits = [
    ...new Set(text.match(/\b(?:MAX|LEAST|GREATEST)_[A-Z]+\b/g)?.filter((name) => !name.includes('SAFE'))),
  ];
  const model = (OPTIONS as readonly OptionRow[]).flatMap((row) =>
    row.training === undefined && row.kind === 'choice'
      ? [`  ${row.name.toLowerCase()}: ${shown(row.default)},\n`]
      : [],
  );
  const lists = [...new Set(TRAINING.flatMap((row) => (row.kind === 'choice' ? [wordsOf(row.of)] : [])))];
  const types = [
    ...new Set(TRAINING.flatMap((row) => (row.kind === 'choice' ? [`type ${typeOf(row)}`] : []))),
  ];
  return `${opening('The options of training: what users give, and what it may be.', 'options.table.ts')}
${importing([...limits, 'Option'], CODES)}${importing([...lists, ...types], './choices.ts')}
/** How it is trained. */
export interface TrainingOptions {
${fields.join('')}}

/** What an option of training may be, its default and its key in the core. */
export interface TrainingRange {
  readonly key: Option;
  /** One of some words. */
  readonly choices?: Readonly<Record<string, number>>;
  /** True or false. */
  readonly flag?: true;
  /** A number, whole or not, in a range that leaves its end out when open. */
  readonly whole?: true;
  readonly least?: number;
  readonly most?: number;
  readonly open?: true;
  /** The word for 0. */
  readonly word?: string;
  /** The default; absent: worked out from the other options. */
  readonly value?: number | boolean | string;
  /** Other defaults for some rules. */
  readonly byRule?: Readonly<Partial<Record<RuleName, number | string>>>;
}

/** In the order in which they are checked: defaults that are worked out go by those before. */
export const TRAINING: Readonly<Record<keyof TrainingOptions, TrainingRange>> = {
${text}};

/** Defaults of the model. */
export const MODEL_DEFAULTS = {
${model.join('')}} as const;
`;
}
