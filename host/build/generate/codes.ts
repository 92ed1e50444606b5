/** assembly/abi/codes.ts: the numbers of the ABI as both sides of the boundary compile them. */
import { ENUMERATIONS } from '../../../assembly/abi/enumerations.table.ts';
import { type LimitRow, LIMITS, VERSION } from '../../../assembly/abi/limits.table.ts';
import { namingRules, OPTIONS, type OptionRow } from '../../../assembly/abi/options.table.ts';
import { REPORT } from '../../../assembly/abi/report.table.ts';
import { STATUSES } from '../../../assembly/abi/statuses.table.ts';
import { literal } from './options.ts';
import { byNumber, docComment, opening, upper } from './text.ts';
import { TRAITS } from './traits.ts';

/** A member of an enumeration as the generated files write it. */
export interface Member {
  readonly name: string;
  readonly number: number;
  readonly doc?: string;
}

/** An enumeration as the generated files write it. */
export interface Enumeration {
  readonly name: string;
  readonly doc?: string;
  /** In the order to write them. */
  readonly members: readonly Member[];
  /** Whether callers want to know how many there are. */
  readonly counted: boolean;
}

/** All enumerations of the ABI, in the order to write them. */
export const ALL: readonly Enumeration[] = [
  {
    name: 'Status',
    doc: 'Every fallible function returns one of these: 0 or positive is success, negative is refusal.',
    members: STATUSES,
    counted: false,
  },
  {
    name: 'Option',
    doc: 'What `configure(key, value)` sets. Ranges are checked there, combinations by `plan`.',
    members: byNumber<OptionRow>(OPTIONS).map(({ name, number, doc }) => ({
      name,
      number,
      doc: doc && namingRules(doc, name),
    })),
    counted: true,
  },
  ...ENUMERATIONS.map((row) => ({
    ...row,
    members: byNumber<Member>(row.members),
    counted: 'slots' in row,
  })),
  {
    name: 'Report',
    doc: 'Slots of the report: what training has done so far and what the latest step measured. 64-bit floats in every build, counts exact up to 2^53. A checkpoint keeps all of it.',
    members: byNumber<Member>(REPORT),
    counted: true,
  },
];

/** The doc of the version, too. */
export const VERSION_DOC =
  'Bumped in every release that changes an exported signature, the meaning of a number, the random stream or a file layout. Numbers are append-only: a new rule, option, status or slot bumps nothing.';

/** What the count of an enumeration is. */
export const countDoc = ({ name, members }: Enumeration): string =>
  `One past the last \`${name}\`${members === ALL[1].members ? '' : ' slot'}.`;

/** The largest number of an enumeration, and one. */
export const countOf = ({ members }: Enumeration): number =>
  Math.max(...members.map(({ number }) => number)) + 1;

function enumeration(given: Enumeration): string {
  const members = given.members.map(
    ({ name, number, doc }) => `${docComment(doc, '  ')}  ${name} = ${number},\n`,
  );
  const count = given.counted
    ? `\n${docComment(countDoc(given))}export const ${upper(given.name)}_COUNT = ${countOf(given)};\n`
    : '';
  return `\n${docComment(given.doc)}export enum ${given.name} {\n${members.join('')}}\n${count}`;
}

/** The file's text. */
export function makeCodes(): string {
  const limits = LIMITS.map(
    (row: LimitRow) => `${docComment(row.doc)}export const ${row.name} = ${literal(row)};\n`,
  );
  const traits = TRAITS.map(
    ({ name, of, does, bits }) =>
      `${docComment(`By ${of}: it ${does}.`)}export const ${name} = 0b${bits.toString(2)};\n`,
  );
  const head = opening(
    'Status codes, limits and the enumerations of the ABI. Plain enums and numbers only, so that the host compiles this very file.',
    'the tables in assembly/abi',
  );
  return `${head}\n${docComment(VERSION_DOC)}export const ABI_VERSION = ${VERSION};\n${ALL.map(enumeration).join('')}\n${limits.join('')}\n// Traits: bit i is set where the member of number i has it.\n\n${traits.join('')}`;
}
