/**
 * Trains a small model whose circuits a process measures, here the stand-in, with the options given:
 *
 *   node --import tsx --import ./test/support/wasm.mjs host/devices/qpu/train-with-qpu.ts [STEPS] [--latency MS] [--fail-every K] [...]
 *
 * When the process dies it is started again, and when an answer is wrong, late or missing the question is asked
 * again: the trace stays the same.
 */
import { fileURLToPath } from 'node:url';
// In a program of your own: from 'nlr-vqa' and 'nlr-vqa/qpu'.
import { type Dataset, Trainer } from '../../index.ts';
import { qpu } from '../../qpu/index.ts';
import { QpuProcess } from './qpu-process.ts';

const FEATURES = 4;
const SAMPLES = 12;

/** Two classes, each strong in a feature of its own. */
const dataset: Dataset = {
  name: 'two classes',
  rows: SAMPLES,
  columns: FEATURES,
  classes: ['first', 'second'],
  labels: Int32Array.from({ length: SAMPLES }, (_, sample) => sample % 2),
  features: Float64Array.from({ length: SAMPLES * FEATURES }, (_, at) => {
    const [sample, j] = [Math.floor(at / FEATURES), at % FEATURES];
    return (j === sample % 2 ? 3 : 0) + ((7 * sample + 3 * j) % 5) * 0.125;
  }),
};

const [steps = '6', ...options] = process.argv.slice(2);
const standIn = fileURLToPath(new URL('stand-in.mjs', import.meta.url));
const processor = new QpuProcess([process.execPath, standIn, ...options]);

const trainer = await Trainer.create({
  model: {
    qubits: 3,
    features: FEATURES,
    layers: 2,
    observable: [[{ pauli: 'Z2', coefficient: 1 }]],
    head: 'none',
    loss: 'mse',
  },
  training: {
    rule: 'nlr',
    batch: 4,
    shots: 64,
    rate: 0.2,
    negativeRate: 0.1,
    schedule: 'constant',
    answerer: 'caller',
  },
  dataset,
});
try {
  const answer = qpu(processor.run, { attempts: 5, timeout: 10_000 });
  for await (const { step, loss } of trainer.fit({ answer, until: Number(steps) })) {
    console.log(`step ${step} loss ${loss.toFixed(6)}`);
  }
  console.log(`trace ${trainer.trace}`);
  console.log(`the process was started ${processor.starts} times`);
} catch (error) {
  console.error(`${error}`);
  process.exitCode = 1;
} finally {
  processor.stop();
}
