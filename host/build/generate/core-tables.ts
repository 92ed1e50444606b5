/** assembly/abi/ranges.ts and traits.ts, and the dispatch of rules and gradients: what the core alone reads of the tables. */
import { GRADIENTS, type MemberRow } from '../../../assembly/abi/enumerations.table.ts';
import type { OptionRow } from '../../../assembly/abi/options.table.ts';
import { RULES, type RuleRow } from '../../../assembly/abi/rules.table.ts';
import { limit, membersOf, ROWS } from './options.ts';
import { bits, byNumber, docComment, importing, opening } from './text.ts';
import { TRAITS } from './traits.ts';

/** What the core has to know of a range, by the names of the bits below. */
function kindOf(row: OptionRow): readonly string[] {
  switch (row.kind) {
    case 'whole':
      return row.least === 1 ? ['WHOLE', 'POSITIVE'] : ['WHOLE'];
    case 'flag':
    case 'seed word':
      return ['WHOLE'];
    case 'choice':
      return ['WHOLE', 'CHOICE'];
    case 'rate':
      return ['POSITIVE'];
    case 'decay':
      return ['OPEN'];
    case 'share':
      return [];
    case 'count':
      return ['COUNT'];
  }
}

/** The values of a choice, a bit each, in the builds with the features that they need. */
function choices(members: readonly MemberRow[]): string {
  const features = [...new Set(members.map(({ feature }) => feature))];
  const terms = features.map((feature) => {
    const mask = `0b${bits(members.filter((member) => member.feature === feature)).toString(2)}`;
    return feature === undefined ? mask : `(${feature} ? ${mask} : 0)`;
  });
  return terms.join(' | ');
}

/** The compile-time switches that some rows need. */
const switchesOf = (rows: readonly { readonly feature?: string }[]) => [
  ...new Set(rows.flatMap(({ feature = [] }) => feature)),
];

/** An import; nothing of no names. */
const imported = (names: readonly string[], from: string) => (names.length > 0 ? importing(names, from) : '');

/** The bits of a number in single precision, which has to have it exactly. */
function single(value: number): string {
  if (Math.fround(value) !== value) throw new RangeError(`${value} is no number of single precision`);
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  return `0x${view.getUint32(0).toString(16)}`;
}

/** An option's largest value, in the builds that take more than 0. */
function largest(row: OptionRow): string {
  return row.feature === undefined ? most(row) : `(${row.feature} ? ${most(row)} : 0)`;
}

function most(row: OptionRow): string {
  switch (row.kind) {
    case 'whole':
      return row.most;
    case 'flag':
      return '1';
    case 'seed word':
      return '0xffffffff';
    case 'choice':
      return choices(membersOf(row.of));
    case 'rate':
      return single(limit('GREATEST_RATE'));
    case 'decay':
      return single(1);
    case 'share':
      return single(typeof row.most === 'number' ? row.most : limit(row.most));
    case 'count':
      return single(2 ** 53);
  }
}

/** Most different largest values: five bits tell them apart. */
const MOST_LARGEST = 32;

/** The text of ranges.ts. */
export function makeRanges(): string {
  const values = [...new Set(ROWS.map(largest))];
  const members = ROWS.flatMap((row) => (row.kind === 'choice' ? membersOf(row.of) : []));
  if (values.length > MOST_LARGEST) throw new RangeError(`more than ${MOST_LARGEST} different ranges`);
  const names = [...new Set(values.flatMap((value) => value.match(/\bMAX_[A-Z]+\b/g) ?? []))];
  const ranges = ROWS.map(
    (row) => `  ${[...kindOf(row), `(${values.indexOf(largest(row))} << 3)`].join(' | ')}, // ${row.name}`,
  );
  return `${opening('The ranges of the options, as the core checks them.', 'options.table.ts')}
${imported(switchesOf([...members, ...ROWS]), '../profile')}${importing(names, './codes')}
/** A whole number. */
export const WHOLE: u8 = 1;
/** Never 0: whole numbers from 1, others from LEAST_RATE. */
export const POSITIVE: u8 = 2;
/** Of a whole number: a member of an enumeration. */
export const CHOICE: u8 = 4;
/** Of others: less than the largest value, also when rounded to a real. */
export const OPEN: u8 = 4;
/** Of others, in place of both: a whole number from 0 that 32 bits do not hold. */
export const COUNT: u8 = 6;

/** The bits above and, from bit 3 on, the place of the largest value, u8 by key. */
export const RANGES: usize = memory.data<u8>([
${ranges.join('\n')}
], 4);

/** Largest values, u32: of a choice a bit for each member, of what is not whole the bits of an f32. */
export const LARGEST: usize = memory.data<u32>([${values.join(', ')}], 4);
`;
}

/** Rules whose numbers fit into 64 bits, two bits each. */
const MOST_RULES = 32;

/** A number from 0 to 3 of every rule, two bits each. */
function packed(rules: readonly RuleRow[], of: (rule: RuleRow) => number): string {
  const digits = rules.map((rule) => {
    if (of(rule) > 3) throw new RangeError(`${rule.name}: ${of(rule)} does not fit into two bits`);
    return of(rule).toString(2).padStart(2, '0');
  });
  if (digits.length > MOST_RULES) throw new RangeError(`more than ${MOST_RULES} rules`);
  return `0b${digits.reverse().join('_')}`;
}

/** The text of traits.ts. */
export function makeTraits(): string {
  const codes = TRAITS.map(({ name }) => name);
  const asked = TRAITS.map(
    ({ name, asks, of, does }) => `
${docComment(`Whether the ${of} ${does}.`)}export function ${asks}(${of}: i32): bool {
  return ((${name} >> ${of}) & 1) != 0;
}
`,
  );
  const rules = byNumber<RuleRow>(RULES);
  const numbers = `
/** By rule, two bits each: vectors of the size of the parameters that it keeps from step to step. */
const VECTORS: u64 = ${packed(rules, ({ vectors }) => vectors)};
/** By rule, two bits each: fewest shots that mean something to it. */
const LEAST_SHOTS: u64 = ${packed(rules, ({ leastShots = 1 }) => leastShots)};

/** Vectors of the size of the parameters that the rule keeps from step to step. */
export function ruleVectors(rule: i32): i32 {
  return <i32>(VECTORS >> (<u64>rule << 1)) & 3;
}

/** Fewest shots that mean something to the rule. */
export function ruleLeastShots(rule: i32): i32 {
  return <i32>(LEAST_SHOTS >> (<u64>rule << 1)) & 3;
}
`;
  const head = opening(
    'What code asks of members of the enumerations.',
    'enumerations.table.ts and rules.table.ts',
  );
  return `${head}\n${importing(codes, './codes')}${asked.join('')}${numbers}`;
}

/** `nlr-guarded` as `nlrGuarded`. */
const camel = (word: string) => word.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

/** The text of rules/dispatch.ts. */
export function makeDispatch(): string {
  const rules = byNumber<RuleRow>(RULES);
  const lines = rules.map(({ name, word, feature }, i) => {
    const call = `${camel(word)}(stage)`;
    const where = i + 1 < rules.length ? `case Rule.${name}` : 'default';
    return `    ${where}:\n      return ${feature === undefined ? call : `${feature} ? ${call} : Next.Done`};\n`;
  });
  return `${opening('The update rule in use.', 'rules.table.ts')}
${importing(['Option', 'Rule'], '../abi/codes')}${importing(['integer'], '../memory/options')}${imported(switchesOf(rules), '../profile')}${importing(['Next'], './contract')}${rules.map(({ word, file }) => importing([camel(word)], `./${file}`)).join('')}
/** What the configured rule wants next, at a stage of its step. */
export function nextOf(stage: i32): Next {
  switch (integer(Option.Rule)) {
${lines.join('')}  }
}
`;
}

/** The text of gradients/dispatch.ts. */
export function makeGradients(): string {
  const rows: readonly (MemberRow & { readonly file?: string })[] = GRADIENTS;
  const sources = byNumber(rows).flatMap(({ word = '', file }) =>
    file === undefined
      ? []
      : [{ file, names: ['Passes', 'Displacement', 'Slope'].map((what) => camel(word) + what) }],
  );
  const members = byNumber(rows).filter(({ file }) => file !== undefined);
  const choice = (which: number, args: string) => {
    if (sources.length === 1) return `  return ${sources[0].names[which]}(${args});\n`;
    const cases = sources.map(({ names }, i) => {
      const where = i + 1 < sources.length ? `case Gradient.${members[i].name}` : 'default';
      return `    ${where}:\n      return ${names[which]}(${args});\n`;
    });
    return `  switch (integer(Option.Gradient)) {\n${cases.join('')}  }\n`;
  };
  const names = sources.length > 1 ? ['Gradient', 'Option'] : ['Option'];
  return `${opening('The gradient in use, where it is made of passes.', 'enumerations.table.ts')}
${importing(names, '../abi/codes')}${importing(['isMadeOfPasses'], '../abi/traits')}${importing(['integer'], '../memory/options')}${importing(['GRADIENT_PASSES'], '../profile')}${sources.map(({ file, names }) => importing(names, `./${file}`)).join('')}
/** Passes over the batch beside that of the loss; 0 where the gradient comes along with the loss. */
export function gradientPasses(): i32 {
  if (!GRADIENT_PASSES || !isMadeOfPasses(integer(Option.Gradient))) return 0;
${choice(0, '')}}

/** How far a parameter is from theta in one of the passes. */
export function gradientDisplacement(pass: i32, parameter: i32): real {
${choice(1, 'pass, parameter')}}

/** What the mean loss of a pass gives to the derivative by a parameter. */
export function gradientSlope(pass: i32, parameter: i32, loss: real): real {
${choice(2, 'pass, parameter, loss')}}
`;
}
