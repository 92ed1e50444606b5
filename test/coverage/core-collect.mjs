/**
 * Loaded before a test of the core: writes the branches that were taken into NLR_TAKEN when the process ends. Instances are
 * looked at once more when there are many, so that they need not be kept.
 */
import { writeFileSync } from 'node:fs';
import { threadId } from 'node:worker_threads';

const KEPT = 64;

/** @type {Set<number>} */
const taken = new Set();
/** @type {WebAssembly.Exports[]} */
let instances = [];

function look() {
  for (const exports of instances)
    for (const [name, value] of Object.entries(exports))
      if (value instanceof WebAssembly.Global && value.value === 1 && name.startsWith('__branch'))
        taken.add(Number(name.slice('__branch'.length)));
}

WebAssembly.Instance = class extends WebAssembly.Instance {
  /** @param {WebAssembly.Module} module @param {WebAssembly.Imports} [imports] */
  constructor(module, imports) {
    super(module, imports);
    if (!('__branch0' in this.exports)) return;
    if (instances.length === KEPT) {
      look();
      instances = instances.slice(KEPT / 2);
    }
    instances.push(this.exports);
  }
};

process.on('exit', () => {
  look();
  if (taken.size > 0)
    writeFileSync(`${process.env.NLR_TAKEN}${process.pid}-${threadId}.json`, JSON.stringify([...taken]));
});
