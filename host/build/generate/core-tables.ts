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

/** An option's largest value. */
function largest(row: OptionRow): string {
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

/** Options that every build knows come first: how many there are. */
function knownEverywhere(): number {
  const first = ROWS.findIndex(({ feature }) => feature !== undefined);
  const known = first < 0 ? ROWS.length : first;
  const late = ROWS.slice(known).find(({ feature }) => feature === undefined);
  if (late !== undefined) throw new RangeError(`${late.name} comes behind options that not all builds know`);
  return known;
}

/** A value of the builds that have one of some features, and one of the others; nothing to tell apart: that of all. */
function byFeatures(features: readonly string[], all: string, others: string): string {
  return features.length === 0 ? all : `${features.join(' || ')} ? ${all} : ${others}`;
}

/** The text of ranges.ts. */
export function makeRanges(): string {
  const values = [...new Set(ROWS.map(largest))];
  const members = ROWS.flatMap((row) => (row.kind === 'choice' ? membersOf(row.of) : []));
  if (values.length > MOST_LARGEST) throw new RangeError(`more than ${MOST_LARGEST} different ranges`);
  const names = values.filter((value) => /^[A-Z]/.test(value));
  const known = knownEverywhere();
  const features = switchesOf(ROWS);
  const ranges = ROWS.map(
    (row) => `  ${[...kindOf(row), `(${values.indexOf(largest(row))} << 3)`].join(' | ')}, // ${row.name}`,
  );
  const first = new Set(ROWS.slice(0, known).map(largest)).size;
  const list = (lines: readonly string[]) => `memory.data<u8>([\n${lines.join('\n')}\n], 4)`;
  const words = (some: readonly string[]) => `memory.data<u32>([${some.join(', ')}], 4)`;
  return `${opening('The ranges of the options, as the core checks them.', 'options.table.ts')}
${imported([...new Set([...switchesOf(members), ...features])], '../profile')}${importing([...names, 'OPTION_COUNT'], './codes')}
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
export const RANGES: usize = ${byFeatures(features, list(ranges), list(ranges.slice(0, known)))};

/** Largest values, u32: of a choice a bit for each member, of what is not whole the bits of an f32. */
export const LARGEST: usize = ${byFeatures(features, words(values), words(values.slice(0, first)))};

/** Options that this build knows: the others are for rules that it does not have. */
export const KNOWN_OPTIONS: i32 = ${byFeatures(features, 'OPTION_COUNT', String(known))};
`;
}

/** Rules whose numbers fit into 64 bits, two bits each. */
const MOST_RULES = 32;

/** A number of the rules that a build has: what each feature adds to it. */
function ofRules(rules: readonly RuleRow[], of: (rules: readonly RuleRow[]) => string): string {
  const features = [...new Set(rules.map(({ feature }) => feature))];
  return features
    .map((feature) => {
      const part = of(rules.filter((rule) => rule.feature === feature));
      return feature === undefined ? part : `(${feature} ? ${part} : 0)`;
    })
    .join(' | ');
}

/** A number from 0 to 3 of every rule, two bits each. */
function packed(rules: readonly RuleRow[], of: (rule: RuleRow) => number): string {
  const most = Math.max(...rules.map(({ number }) => number));
  if (most >= MOST_RULES) throw new RangeError(`more than ${MOST_RULES} rules`);
  const digits = Array.from({ length: most + 1 }, (_, number) => {
    const rule = rules.find((each) => each.number === number);
    const value = rule === undefined ? 0 : of(rule);
    if (value > 3) throw new RangeError(`${rule?.name}: ${value} does not fit into two bits`);
    return value.toString(2).padStart(2, '0');
  });
  return `0b${digits.reverse().join('_')}`;
}

/** The members of a trait; of rules those of the build, so that a module is no larger for what it does not have. */
function traitOf({ name, of, bits: all }: (typeof TRAITS)[number], rules: readonly RuleRow[]): string {
  if (of !== 'rule') return name;
  return ofRules(rules, (some) => `0b${(all & bits(some)).toString(2)}`);
}

/** The text of traits.ts. */
export function makeTraits(): string {
  const rules = byNumber<RuleRow>(RULES);
  const codes = TRAITS.filter(({ of }) => of !== 'rule').map(({ name }) => name);
  const asked = TRAITS.map(
    (trait) => `
${docComment(`Whether the ${trait.of} ${trait.does}.`)}export function ${trait.asks}(${trait.of}: i32): bool {
  return (((${traitOf(trait, rules)}) >> ${trait.of}) & 1) != 0;
}
`,
  );
  const numbers = `
/** By rule, two bits each: vectors of the size of the parameters that it keeps from step to step. */
const VECTORS: u64 = ${ofRules(rules, (some) => packed(some, ({ vectors }) => vectors))};
/** By rule, two bits each: fewest shots that mean something to it. */
const LEAST_SHOTS: u64 = ${ofRules(rules, (some) => packed(some, ({ leastShots = 1 }) => leastShots))};

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
  return `${head}\n${imported(switchesOf(rules), '../profile')}${importing(codes, './codes')}${asked.join('')}${numbers}`;
}

/** `nlr-guarded` as `nlrGuarded`. */
const camel = (word: string) => word.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

/** The text of rules/dispatch.ts. */
export function makeDispatch(): string {
  const rules = byNumber<RuleRow>(RULES);
  // A switch for what the first feature adds, which is the rest of the switch of all builds, and one for each other.
  const [first, ...others] = switchesOf(rules);
  const common = rules.filter(({ feature }) => feature === undefined || feature === first);
  const line = ({ name, word }: RuleRow) => `case Rule.${name}:\n return ${camel(word)}(stage);\n`;
  const last = ({ word, feature }: RuleRow) =>
    feature === undefined ? `${camel(word)}(stage)` : `${feature} ? ${camel(word)}(stage) : Next.Done`;
  const further = others.map((feature) => {
    const cases = rules.filter((rule) => rule.feature === feature).map(line);
    return `if (${feature}) {\n switch (rule) {\n${cases.join('')}default:\n break;\n}\n}\n`;
  });
  const files = [...new Set(rules.map(({ file }) => file))];
  const imports = files.map((file) =>
    importing(
      rules.filter((rule) => rule.file === file).map(({ word }) => camel(word)),
      `./${file}`,
    ),
  );
  return `${opening('The update rule in use.', 'rules.table.ts')}
${importing(['Option', 'Rule'], '../abi/codes')}${importing(['integer'], '../memory/options')}${imported(switchesOf(rules), '../profile')}${importing(['Next'], './contract')}${imports.join('')}
/** What the configured rule wants next, at a stage of its step. */
export function nextOf(stage: i32): Next {
  const rule = integer(Option.Rule);
${further.join('')}  switch (rule) {
${common.slice(0, -1).map(line).join('')}default:
      return ${last(common[common.length - 1] as RuleRow)};
  }
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
