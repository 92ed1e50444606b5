/**
 * Prints the milliseconds from a model file's bytes to its first prediction in this fresh process:
 * instantiate the core, load the model, predict one row. The library is already imported.
 *
 *   node bench/budgets/first-prediction.mjs MODEL COLUMNS
 */
import { readFile } from 'node:fs/promises';
import { loadModel } from '../../dist/index.js';

const [file, columns] = process.argv.slice(2);
const bytes = new Uint8Array(await readFile(file));
const row = Float64Array.from({ length: Number(columns) }, (_, i) => (i % 7) + 1);
const start = performance.now();
const model = await loadModel(bytes);
model.predict([row]);
const elapsed = performance.now() - start;
process.stdout.write(`${elapsed}\n`);
