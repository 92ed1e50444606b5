/** Where the core can be changed by one sign: operators, bounds, conditions and minus signs of its sources. */
import { readdirSync, readFileSync } from 'node:fs';

/** What takes the place of an operator: its opposite, or the bound that is off by one. */
const OPPOSITES = {
  '+': '-',
  '-': '+',
  '*': '+',
  '/': '*',
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '==': '!=',
  '!=': '==',
  '&&': '||',
  '||': '&&',
  '&': '|',
  '|': '&',
  '<<': '>>',
  '>>': '<<',
};

/** Between blanks an operator has two sides; the formatter puts them there. */
const BINARY = / (\+|-|\*|\/|<<|>>|<=|>=|<|>|==|!=|&&|\|\||&|\|) /g;
/** A minus sign of its own. */
const SIGN = /(?<=[(,[] ?|= |return |\? |: )-(?=[\w(<])/g;

/** A source with blanks for its comments and texts: places stay. @param {string} text */
export function bare(text) {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*|'[^'\n]*'|`[^`]*`/g, (part) => part.replace(/[^\n]/g, ' '));
}

/**
 * @typedef {object} Site
 * @property {string} path from the root
 * @property {number} at place in the file
 * @property {string} from
 * @property {string} to
 * @property {number} line
 */

/** All sites of a text. @param {string} path @param {string} text @returns {Site[]} */
export function sitesOf(path, text) {
  const code = bare(text);
  const found = [...code.matchAll(BINARY)].map((match) => ({ at: match.index + 1, from: match[1] }));
  const signs = [...code.matchAll(SIGN)].map((match) => ({ at: match.index, from: '-', to: '' }));
  const line = (/** @type {number} */ at) => code.slice(0, at).split('\n').length;
  return [...found, ...signs]
    .filter(({ at }) => !/^\s*(?:import|export (?:\*|\{|type)|type |interface )/.test(lineAt(code, at)))
    .map(({ at, from, to = OPPOSITES[/** @type {keyof typeof OPPOSITES} */ (from)] }) => ({
      ...{ path, at, from, to },
      line: line(at),
    }))
    .sort((a, b) => a.at - b.at);
}

/** @param {string} text @param {number} at */
const lineAt = (text, at) => text.slice(text.lastIndexOf('\n', at) + 1).split('\n', 1)[0];

/** The text with one site changed. @param {string} text @param {Site} site */
export const changed = (text, { at, from, to }) => text.slice(0, at) + to + text.slice(at + from.length);

/** All sites of the rooms of assembly/. @param {string} root @param {readonly string[]} rooms @returns {Site[]} */
export function sitesIn(root, rooms) {
  return rooms.flatMap((room) =>
    readdirSync(`${root}assembly/${room}`, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .sort()
      .flatMap((name) => {
        const path = `assembly/${room}/${name.replaceAll('\\', '/')}`;
        return sitesOf(path, readFileSync(root + path, 'utf8'));
      }),
  );
}

/** Some of a list, without repeats, by a seed. @template T @param {readonly T[]} list @param {number} count @param {number} seed @returns {T[]} */
export function sampled(list, count, seed) {
  const rest = [...list];
  let state = seed >>> 0;
  /** mulberry32: one draw in [0, 1). */
  const draw = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return Array.from(
    { length: Math.min(count, list.length) },
    () => rest.splice(Math.floor(draw() * rest.length), 1)[0],
  );
}
