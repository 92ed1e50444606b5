/** dist/c/: the core as C, and what a firmware takes beside it, so that a C compiler is all that it needs. */
import { readFileSync } from 'node:fs';
import { translate, TRANSLATOR } from '../devices/translate.mjs';
import { ROOT } from './fresh.mjs';
import { moduleOf } from './targets.mjs';

/** From host/devices as they are. */
const FILES = [
  ...['core.h', 'core-bytes.h', 'core-arithmetic.h', 'core-call.c', 'nlr_vqa.h'],
  ...['core-wasm2c.c', 'wasm2c-runtime.h', 'wasm2c-runtime.c'],
  ...['core-wasm3.h', 'core-wasm3.c', 'wasm3-heap.h', 'wasm3-heap.c'],
  ...['slots.h', 'slots.c', 'flash.h', 'paper.h', 'paper.c', 'text.h', 'text.c'],
];

/** Modules that are translated: those without SIMD, which wasm2c does not take. @param {string} target */
export const isTranslated = (target) => target.startsWith('device');

/** @returns {import('./fresh.mjs').Rule} */
export function cFilesRule() {
  const pairs = [
    ...FILES.map((name) => [`host/devices/${name}`, `dist/c/${name}`]),
    ['host/devices/package/README.md', 'dist/c/README.md'],
    ['host/devices/package/example.c', 'dist/c/example.c'],
    ['host/devices/package/predict.c', 'dist/c/predict.c'],
  ];
  return {
    name: 'c-files',
    recipe: JSON.stringify(pairs),
    inputs: pairs.map(([from]) => from),
    async make() {
      return { outputs: pairs.map(([from, path]) => ({ path, content: readFileSync(ROOT + from) })) };
    },
  };
}

/** A module as C. @param {string} target @returns {import('./fresh.mjs').Rule} */
export function cModuleRule(target) {
  return {
    name: `c-${target}`,
    recipe: TRANSLATOR,
    inputs: [moduleOf(target), 'host/devices/translate.mjs'],
    async make() {
      // Its indentation is a third of it, and tells nobody anything.
      const content = translate(ROOT + moduleOf(target)).replace(/^ +/gm, '');
      return { outputs: [{ path: `dist/c/core-module-${target}.c`, content }] };
    },
  };
}
