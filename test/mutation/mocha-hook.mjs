/** A module hook: `node:test` is its stand-in, but for the stand-in itself. */

const STAND_IN = new URL('./node-test.mjs', import.meta.url).href;

/** @param {string} name @param {{ parentURL?: string }} context @param {(name: string, context: object) => unknown} next */
export function resolve(name, context, next) {
  if (name !== 'node:test' || context.parentURL === STAND_IN) return next(name, context);
  return { url: STAND_IN, format: 'module', shortCircuit: true };
}
