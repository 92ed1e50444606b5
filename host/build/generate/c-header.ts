/**
 * host/devices/nlr_vqa.h: the C view of the ABI, and the words of the rules for Python. Enumerations, limits, ranges and defaults come from the tables in
 * assembly/abi, exports from assembly/index.ts, signatures and comments from the files that it names.
 */
import { readFileSync } from 'node:fs';
import { RULES, type RuleRow } from '../../../assembly/abi/rules.table.ts';
import { type LimitRow, LIMITS, VERSION } from '../../../assembly/abi/limits.table.ts';
import { namingRules, type OptionRow, withRules } from '../../../assembly/abi/options.table.ts';
import { absentExports } from '../profiles.mjs';
import { ALL, countDoc, countOf, type Enumeration, VERSION_DOC } from './codes.ts';
import { defaultMember, isRequired, literal, rangeText, ROWS } from './options.ts';
import { byNumber, comment, docComment, lower, upper } from './text.ts';
import { TRAITS } from './traits.ts';

const ROOT = new URL('../../../', import.meta.url);
const source = (path: string) => readFileSync(new URL(path, ROOT), 'utf8');

/** Columns of the header's code; its comments are as long as they are in the sources. */
const WIDTH = 105;

/** A type as it crosses the ABI, and its letter in a signature: wasm3's, `i` 32-bit integer, `F` double. */
const TYPES: Readonly<Record<string, readonly [c: string, letter: string]>> = {
  i32: ['int32_t', 'i'],
  u32: ['uint32_t', 'i'],
  usize: ['uint32_t', 'i'],
  f64: ['double', 'F'],
  void: ['void', 'v'],
};

/** An exported function. */
export interface CoreFunction {
  readonly name: string;
  /** Lines of its doc comment. */
  readonly doc: readonly string[];
  readonly result: string;
  readonly parameters: readonly { readonly type: string; readonly name: string }[];
  /** Result and parameters in one word, such as `i(iF)`. */
  readonly signature: string;
  /** Whether only the builds with all engines have it. */
  readonly allEngines: boolean;
}

/** Lines of a doc comment without its marks and its outer blank lines. */
function docLines(comment: string | undefined): string[] {
  return (comment ?? '')
    .replace(/^\s*\/\*\*|\*\/\s*$/g, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trimEnd())
    .join('\n')
    .trim()
    .split('\n')
    .filter((line, _, lines) => line !== '' || lines.length > 1);
}

/** The doc comment that opens a file. */
function fileDoc(path: string): string[] {
  return docLines(/^\/\*\*[\s\S]*?\*\//.exec(source(path))?.[0]);
}

const DOC = String.raw`(?:(/\*\*(?:(?!\*/)[\s\S])*\*/)\s*)?`;

/** All exports of the core, in the order of assembly/index.ts. */
export function coreFunctions(): CoreFunction[] {
  // What the device builds with one engine lack; PROFILE=0 is theirs.
  const allEngines = absentExports(['PROFILE=0']);
  const exported = source('assembly/index.ts').matchAll(/export \{([^}]*)\} from '\.\/([\w/-]+)'/g);
  const pairs = [...exported].flatMap(([, names, file]) =>
    names
      .split(',')
      .filter((name) => name.trim() !== '' && !name.includes('__'))
      .map((pair) => pair.trim().split(' as '))
      .map(([local, name = local]) => ({ file, local, name })),
  );
  // The comments name one another's functions, and parameters, as the sources do.
  const inC = (word: string) => pairs.find(({ local }) => local === word)?.name ?? lower(word);
  const renamed = (line: string) => line.replace(/`([a-z]\w*)`/g, (_, word: string) => `\`${inC(word)}\``);
  return pairs.map(({ file, local, name }) => {
    const { doc, ...rest } = declaration(file, local);
    return { ...rest, doc: doc.map(renamed), name, allEngines: allEngines.includes(name) };
  });
}

/** What a file declares about one of its functions. */
function declaration(file: string, local: string): Omit<CoreFunction, 'name' | 'allEngines'> {
  const pattern = new RegExp(String.raw`${DOC}export function ${local}\(([^)]*)\): (\w+)`);
  const [, comment, list, result] = pattern.exec(source(`assembly/${file}.ts`)) ?? [];
  if (result === undefined) throw new Error(`assembly/${file}.ts does not declare ${local}`);
  const parameters = [...list.matchAll(/(\w+): (\w+)/g)].map(([, name, type]) => ({
    name: lower(name),
    type,
  }));
  const known = (type: string) => {
    if (TYPES[type] === undefined) throw new Error(`${local}: ${type} does not cross the ABI`);
    return TYPES[type];
  };
  return {
    doc: docLines(comment),
    result: known(result)[0],
    parameters: parameters.map(({ name, type }) => ({ name, type: known(type)[0] })),
    signature: `${known(result)[1]}(${parameters.map(({ type }) => known(type)[1]).join('')})`,
  };
}

/** What an option's comment says: its meaning, its range, whether it has to be set, its default. */
export function optionDoc(row: OptionRow): string | undefined {
  const range = rangeText(row);
  const set = row.training?.otherwise ?? (row.byRule && String(row.default));
  const notes = [
    ...(range === undefined ? [] : [range]),
    ...(isRequired(row) ? ['required'] : []),
    ...(set === undefined ? [] : [`the library sets ${withRules(set, row)}`]),
  ];
  const note = notes.join('; ');
  const sentence = note === '' ? '' : ` ${note[0].toUpperCase()}${note.slice(1)}.`;
  return row.doc === undefined ? undefined : namingRules(row.doc, row.name) + sentence;
}

/** An enumeration, with its count where callers want it. */
function enumeration(given: Enumeration): string {
  const { name, doc, members, counted } = given;
  const lines = members.map((member) => {
    const row = name === 'Option' ? ROWS.find(({ number }) => number === member.number) : undefined;
    const said = row === undefined ? member.doc : optionDoc(row);
    return `${docComment(said, '  ')}  NLR_${upper(name)}_${upper(member.name)} = ${member.number},\n`;
  });
  const required =
    name === 'Option'
      ? ' Required are those that `plan` refuses when they were never set, whatever the rule.'
      : '';
  const count = counted
    ? `\n${docComment(countDoc(given))}#define NLR_${upper(name)}_COUNT ${countOf(given)}\n`
    : '';
  return `\n${docComment(doc && doc + required)}enum nlr_${lower(name)} {\n${lines.join('')}};\n${count}`;
}

/** What the library sets where its user says nothing, in C. */
function defaultOf(row: OptionRow): string[] {
  if (row.default === undefined) return [];
  const member = defaultMember(row);
  const value =
    row.kind === 'choice' && member !== undefined
      ? `NLR_${upper(row.of)}_${upper(member.name)}`
      : row.default === row.training?.word
        ? '0'
        : String(Number(row.default));
  return [`#define NLR_DEFAULT_${upper(row.name)} ${value}\n`];
}

/** Enumerations, numbers, defaults and traits. */
function constants(): string {
  const limits = LIMITS.map((row: LimitRow) => {
    const doc = row.doc === undefined ? '' : `\n${docComment(row.doc)}`;
    return `${doc}#define NLR_${row.name} ${literal(row)}\n`;
  });
  const traits = TRAITS.map(
    ({ name, of, does, bits }) =>
      `\n${docComment(`By ${of}: it ${does}.`)}#define NLR_${name} 0x${bits.toString(16)}\n`,
  );
  return [
    `\n${docComment(VERSION_DOC)}#define NLR_ABI_VERSION ${VERSION}\n`,
    ...ALL.map(enumeration),
    ...limits,
    `\n${docComment('What the library sets where its user says nothing; the core itself has no defaults.')}`,
    ...ROWS.flatMap(defaultOf),
    `\n/* Traits: bit i is set where the member of number i has it. */\n`,
    ...traits,
  ].join('');
}

function parameterList({ parameters }: CoreFunction): string {
  return parameters.length === 0 ? 'void' : parameters.map(({ type, name }) => `${type} ${name}`).join(', ');
}

/** A declaration, with its parameters on a line of their own where it would be too long. */
function prototype(f: CoreFunction): string {
  const doc = f.doc.map((line) => line.replace(/^@returns/, 'Returns:').replace(/^@param (\w+)/, '$1:'));
  const opening = `${f.result} nlr_${f.name}(`;
  const parameters = parameterList(f);
  const gap = opening.length + parameters.length > WIDTH ? '\n    ' : '';
  return `${comment(doc)}${opening}${gap}${parameters});\n`;
}

/** A function in the lists for bindings, broken up where it would be too long. */
function entry(f: CoreFunction): string {
  const names = f.parameters.map(({ name }) => `, ${name}`).join('');
  const from = f.parameters.map(({ type }, i) => `(${type})from[${i}]`).join(', ');
  const parts = [`"${f.signature}"`, `(${parameterList(f)})`, `(${names})`, `(${from})`];
  const line = `  X(${f.result}, ${f.name}, ${parts.join(', ')})`;
  return line.length <= WIDTH ? line : `  X(${f.result}, ${f.name}, ${parts.join(', \\\n    ')})`;
}

function list(name: string, functions: readonly CoreFunction[]): string {
  return `#define ${name}(X) \\\n${functions.map(entry).join(' \\\n')}\n`;
}

/** The text of words.py: the header has the rules' numbers, and no words. */
export function makeWords(): string {
  const lines = byNumber<RuleRow>(RULES).map(
    ({ word, name }) => `    "${word}": NLR["NLR_RULE_${upper(name)}"],\n`,
  );
  return `"""The rules by the words that users know. Generated by \`npm run generate\` from rules.table.ts."""

from core import NLR

RULES = {
${lines.join('')}}
`;
}

/** The header's text. */
export function makeHeader(): string {
  // What no build for devices has; PROFILE=2 is that of the one with all engines.
  const absent = absentExports(['PROFILE=2']);
  const functions = coreFunctions().filter(({ name }) => !absent.includes(name));
  const everywhere = functions.filter(({ allEngines }) => !allEngines);
  const laidOut = functions.filter(({ allEngines }) => allEngines);
  return `/*
 * nlr-vqa: the C view of the core's ABI. Generated by \`npm run generate\` from the tables and sources in assembly/.
 *
 * ${fileDoc('assembly/index.ts').join('\n * ').replaceAll(' * \n', ' *\n')}
 *
 * Addresses are bytes from the start of the module's exported memory; statuses and other members of
 * enumerations are named in comments without their prefix. A real is a double, or a float in the builds
 * named f32. Define NLR_ALL_ENGINES for the builds with all engines: release and device-fast(-f32).
 *
 * ${fileDoc('assembly/model/images.ts').join('\n * ').replaceAll(' * \n', ' *\n')}
 */
#ifndef NLR_VQA_H
#define NLR_VQA_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
${constants()}
${everywhere.map(prototype).join('\n')}
#ifdef NLR_ALL_ENGINES
${laidOut.map(prototype).join('\n')}
#endif

/*
 * All functions once more, for bindings and tables of names: X(result type, name without nlr_, signature,
 * parameters, arguments, arguments taken from an array of doubles named \`from\`). A signature is the letter of
 * the result and those of the parameters: i 32-bit integer, F double, v none. Each argument has a comma before it,
 * so that they stand behind one that a binding adds: f(added NLR_LIST arguments).
 */
#define NLR_LIST(...) __VA_ARGS__
${list('NLR_COMMON_FUNCTIONS', everywhere)}
/* What only the builds with all engines have. */
${list('NLR_ENGINE_FUNCTIONS', laidOut)}
#ifdef NLR_ALL_ENGINES
#define NLR_FUNCTIONS(X) NLR_COMMON_FUNCTIONS(X) NLR_ENGINE_FUNCTIONS(X)
#else
#define NLR_FUNCTIONS(X) NLR_COMMON_FUNCTIONS(X)
#endif

#ifdef __cplusplus
}
#endif

#endif
`;
}
