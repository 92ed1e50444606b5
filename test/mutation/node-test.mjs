/**
 * What the tests use of `node:test`, by Mocha. Hooks of a suite run before and after each of its tests: any test may be run
 * alone, and what a hook runs is covered by every test that builds on it.
 */
import { mock } from 'node:test';

export { mock };

/** Nothing gives a test up but Stryker, from outside. */
const NEVER = new AbortController().signal;

/** @param {readonly unknown[]} args */
const bodyOf = (args) => args.find((arg) => typeof arg === 'function');
/** @param {readonly unknown[]} args */
const isSkipped = (args) => args.some((arg) => typeof arg === 'object' && arg?.skip);

/** @param {string} name @param {...unknown} args */
export function describe(name, ...args) {
  if (isSkipped(args)) return;
  globalThis.describe(name, () => {
    // Mocha does not wait for a suite, and would not see its tests.
    if (bodyOf(args)() instanceof Promise) throw new Error(`${name}: what is waited for belongs in a hook`);
  });
}

/** @param {string} name @param {...unknown} args */
export function test(name, ...args) {
  const body = bodyOf(args);
  if (isSkipped(args) || body === undefined) return;
  globalThis.it(name, async function run() {
    /** @type {(() => unknown)[]} */
    const last = [];
    const after = (/** @type {() => unknown} */ hook) => void last.push(hook);
    const context = { name, mock, diagnostic() {}, skip: () => this.skip(), signal: NEVER, after };
    try {
      await body(context);
    } finally {
      for (const hook of last) await hook();
      mock.reset();
    }
  });
}
export const it = test;

/** The test file that is being loaded: Mocha tells it to suites alone, and has one root for all files. */
const fileNow = () => globalThis.describe('', () => {}).file;

/** @param {'beforeEach' | 'afterEach'} when */
const hook = (when) => (/** @type {() => unknown} */ body) => {
  const file = fileNow();
  globalThis[when](async function run() {
    if (this.currentTest.file === file) await body();
  });
};
export const before = hook('beforeEach');
export const beforeEach = before;
export const after = hook('afterEach');
export const afterEach = after;
export default test;
