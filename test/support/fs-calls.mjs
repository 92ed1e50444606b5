/** The calls by which the command reads and writes files, in the hands of a test: each is announced before it is made. */
import fs from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

/**
 * A call that is about to be made.
 * @typedef {object} Call
 * @property {string} name
 * @property {readonly any[]} args
 * @property {boolean} changes whether it changes the file system, or makes a change last
 * @property {() => any} whole makes the call
 * @property {() => any} half makes the call by half, where it writes bytes, and not at all elsewhere
 */

/** Calls that only look. */
const LOOKS = [
  'stat',
  'lstat',
  'realpath',
  'readlink',
  'readFile',
  'readdir',
  'lstatSync',
  'readFileSync',
  'read',
];

const handle = await promises.open(process.execPath, 'r');
const prototype = Object.getPrototypeOf(handle);
await handle.close();

/** What is watched, and where it is. @type {readonly (readonly [owner: any, names: readonly string[]])[]} */
const WATCHED = [
  [
    promises,
    ['open', 'rename', 'unlink', 'link', 'stat', 'lstat', 'realpath', 'readlink', 'readFile', 'readdir'],
  ],
  [prototype, ['writeFile', 'appendFile', 'write', 'truncate', 'chmod', 'sync', 'stat', 'read']],
  [fs, ['unlinkSync', 'lstatSync', 'readFileSync']],
];

/**
 * @param {string} name
 * @param {(...args: any[]) => any} original
 * @param {any} self
 * @param {any[]} args
 * @returns {Call}
 */
function callOf(name, original, self, args) {
  return {
    name,
    args,
    changes: !LOOKS.includes(name),
    whole: () => original.apply(self, args),
    half: () => {
      const [content, ...rest] = args;
      if (name === 'write') return original.call(self, content, rest[0], rest[1] >> 1, rest[2]);
      if (name !== 'writeFile' && name !== 'appendFile') return undefined;
      return original.call(self, content.slice(0, content.length >> 1), ...rest);
    },
  };
}

/**
 * Announces every call to `before`, which may throw, or return a promise that the call waits for. A call without
 * promises waits for none.
 * @param {(call: Call) => unknown} before
 * @returns {() => void} ends it
 */
export function watchFiles(before) {
  /** @param {string} name @param {(...args: any[]) => any} original */
  const waiting = (name, original) =>
    /** @this {any} @param {any[]} args */
    async function (...args) {
      await before(callOf(name, original, this, args));
      const result = await original.apply(this, args);
      // Every opened file has its own way to close it.
      if (name === 'open') result.close = waiting('close', result.close);
      return result;
    };
  /** @param {string} name @param {(...args: any[]) => any} original */
  const atOnce = (name, original) =>
    /** @this {any} @param {any[]} args */
    function (...args) {
      before(callOf(name, original, this, args));
      return original.apply(this, args);
    };
  const originals = WATCHED.flatMap(([owner, names]) =>
    names.map((name) => ({ owner, name, original: owner[name] })),
  );
  for (const { owner, name, original } of originals) {
    owner[name] = name.endsWith('Sync') ? atOnce(name, original) : waiting(name, original);
  }
  syncBuiltinESMExports();
  return () => {
    for (const { owner, name, original } of originals) owner[name] = original;
    syncBuiltinESMExports();
  };
}

/** An error as the system makes it. @param {string} code @returns {Error} */
export function systemError(code) {
  return Object.assign(new Error(`${code}: by a test`), { code });
}

/**
 * Fails a call: what it writes is there by half, and a file that is closed is closed.
 * @param {Call} call @param {string} code @returns {undefined | Promise<never>}
 */
export function failCall(call, code) {
  const error = systemError(code);
  if (call.name.endsWith('Sync')) throw error;
  return Promise.resolve(call.name === 'close' ? call.whole() : call.half()).then(() => {
    throw error;
  });
}
