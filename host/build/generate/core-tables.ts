/** assembly/abi/ranges.ts and traits.ts, and assembly/rules/dispatch.ts: what the core alone reads of the tables. */
import type { MemberRow } from '../../../assembly/abi/enumerations.table.ts';
import type { OptionRow } from '../../../assembly/abi/options.table.ts';
import { RULES, type RuleRow } from '../../../assembly/abi/rules.table.ts';
import { limit, membersOf, ROWS } from './options.ts';
import { bits, byNumber, docComment, opening } from './text.ts';
import { TRAITS } from './traits.ts';

/** What the core has to know of a range, by the names of the bits below. */
function kindOf(row: OptionRow): string {
  switch (row.kind) {
    case 'whole':
      return row.least === 1 ? 'WHOLE | POSITIVE' : 'WHOLE';
    case 'flag':
    case 'seed word':
      return 'WHOLE';
    case 'choice':
      return 'WHOLE | CHOICE';
    case 'rate':
      return 'POSITIVE';
    case 'decay':
      return 'OPEN';
    case 'share':
      return '0';
  }
}

/**
 * The values of a choice, a bit each, in the builds with the features that they need, which are added to `switches`.
 */
function choices(members: readonly MemberRow[], switches: Set<string>): string {
  const features = [...new Set(members.map(({ feature }) => feature))];
  for (const feature of features) if (feature !== undefined) switches.add(feature);
  const terms = features.map((feature) => {
    const mask = `0b${bits(members.filter((member) => member.feature === feature)).toString(2)}`;
    return feature === undefined ? mask : `(${feature} ? ${mask} : 0)`;
  });
  return terms.join(' | ');
}

/** The bits of a number in single precision, which has to have it exactly. */
function single(value: number): string {
  if (Math.fround(value) !== value) throw new RangeError(`${value} is no number of single precision`);
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  return `0x${view.getUint32(0).toString(16)}`;
}

/** An option's largest value; the limits and switches that it takes are added to `names` and `switches`. */
function largest(row: OptionRow, names: Set<string>, switches: Set<string>): string {
  switch (row.kind) {
    case 'whole':
      names.add(row.most);
      return row.most;
    case 'flag':
      return '1';
    case 'seed word':
      return '0xffffffff';
    case 'choice':
      return choices(membersOf(row.of), switches);
    case 'rate':
      return single(limit('GREATEST_RATE'));
    case 'decay':
      return single(1);
    case 'share':
      return single(typeof row.most === 'number' ? row.most : limit(row.most));
  }
}

/** An import; nothing of no names. */
const importing = (names: readonly string[], from: string) =>
  names.length === 0 ? '' : `import { ${names.join(', ')} } from '${from}';\n`;

/** A table with a line for each row. */
function table(name: string, type: string, doc: string, values: readonly (readonly [string, string])[]) {
  const lines = values.map(([value, of]) => `  ${value}, // ${of}`);
  return `${docComment(doc)}export const ${name}: usize = memory.data<${type}>([\n${lines.join('\n')}\n]);\n`;
}

/** The text of ranges.ts. */
export function makeRanges(): string {
  const names = new Set<string>();
  const switches = new Set<string>();
  const kinds = ROWS.map((row) => [kindOf(row), row.name] as const);
  const most = ROWS.map((row) => [largest(row, names, switches), row.name] as const);
  return `${opening('The ranges of the options, as the core checks them.', 'options.table.ts')}
${importing([...switches].sort(), '../profile')}${importing([...names].sort(), './codes')}
/** A whole number, from 0. */
export const WHOLE: u8 = 1;
/** Never 0: whole numbers from 1, others from LEAST_RATE. */
export const POSITIVE: u8 = 2;
/** Less than the largest value, also when rounded to a real. */
export const OPEN: u8 = 4;
/** A member of an enumeration. */
export const CHOICE: u8 = 8;

${table('KINDS', 'u8', 'Kinds of the ranges, by key: the bits above.', kinds)}
${table('LARGEST', 'u32', 'Largest values, by key: of a choice a bit for each member, of what is not whole the bits of an f32.', most)}`;
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
  const packed = rules.map(({ name, vectors, leastShots = 1 }): [string, string] => {
    if (leastShots > 15)
      throw new RangeError(`${name} needs ${leastShots} shots; the table holds 15 at most`);
    return [`0x${((leastShots << 4) | vectors).toString(16)}`, name];
  });
  const numbers = `
${table('RULES', 'u8', 'By rule: vectors it keeps, and fewest shots in the upper half of the byte.', packed).replace('export ', '')}
/** Vectors of the size of the parameters that the rule keeps from step to step. */
export function ruleVectors(rule: i32): i32 {
  return load<u8>(RULES + <usize>rule) & 15;
}

/** Fewest shots that mean something to the rule. */
export function ruleLeastShots(rule: i32): i32 {
  return load<u8>(RULES + <usize>rule) >> 4;
}
`;
  const head = opening(
    'What code asks of members of the enumerations.',
    'enumerations.table.ts and rules.table.ts',
  );
  return `${head}${importing(codes.sort(), './codes')}${asked.join('')}${numbers}`;
}

/** `nlr-guarded` as `nlrGuarded`. */
const camel = (word: string) => word.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

/** The text of rules/dispatch.ts. */
export function makeDispatch(): string {
  const rules = byNumber<RuleRow>(RULES);
  const switches = [...new Set(rules.flatMap(({ feature = [] }) => feature))].sort();
  const lines = rules.map(({ name, word, feature }, i) => {
    const call = `${camel(word)}(stage)`;
    const where = i + 1 < rules.length ? `case Rule.${name}` : 'default';
    return `    ${where}:\n      return ${feature === undefined ? call : `${feature} ? ${call} : Next.Done`};\n`;
  });
  return `${opening('The update rule in use.', 'rules.table.ts')}
${importing(['Option', 'Rule'], '../abi/codes')}${importing(['integer'], '../memory/options')}${importing(switches, '../profile')}${importing(['Next'], './contract')}${rules.map(({ word, file }) => importing([camel(word)], `./${file}`)).join('')}
/** What the configured rule wants next, at a stage of its step. */
export function nextOf(stage: i32): Next {
  switch (integer(Option.Rule)) {
${lines.join('')}  }
}
`;
}
