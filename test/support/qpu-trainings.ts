/** Small trainings whose circuits a test measures, and the built-in simulator's counts for them. */
import assert from 'node:assert/strict';
import { Trainer, type TrainingOptions } from '../../host/index.ts';
import { type Question, qpu, type QpuOptions, type Run } from '../../host/qpu/index.ts';
import { simulatedCounts } from './caller-answers.ts';
import { DEFAULTS } from './core-harness.ts';
import { rowsOf } from './host-data.ts';
import * as oracle from './oracle/index.ts';

/** Of the trainings. */
export const SEED = 11;
const TRAINING: TrainingOptions = { steps: 3, batch: 3, shots: 40, seed: SEED, engine: 'samples' };

/** <Z0> alone, and Z on both qubits behind a head. */
const SIMULATED = {
  z0: oracle.paperModel(2, 2, 3),
  'all-z': oracle.paperModel(2, 2, 3, { terms: [oracle.zTerm(0), oracle.zTerm(1, 1)], outputs: 2 }),
};
/** What is observed. */
export type Observed = keyof typeof SIMULATED;

/** A trainer of one of the models. */
export function trainerOf(observable: Observed, training: TrainingOptions = {}): Promise<Trainer> {
  const model = {
    qubits: 2,
    features: 3,
    layers: 2,
    observable,
    head: observable === 'z0' ? 'none' : 'linear',
  } as const;
  return Trainer.create({ model, training: { ...TRAINING, ...training }, dataset: rowsOf(['no', 'yes'], 7) });
}

/** What the built-in simulator would have counted, by masks. */
export function simulated(question: Question, observable: Observed = 'all-z'): Map<number, number> {
  const training = { ...DEFAULTS, seed: [SEED, 0] as const };
  return simulatedCounts({ build: 'release', model: SIMULATED[observable], training }, question);
}

/** Trains to the end. */
export async function trained(
  run: Run,
  options?: QpuOptions,
  observable: Observed = 'all-z',
): Promise<Trainer> {
  const trainer = await trainerOf(observable, { answerer: 'caller' });
  for await (const _ of trainer.fit({ answer: qpu(run, options) }));
  return trainer;
}

/** Trained by the built-in simulator. */
export async function builtIn(observable: Observed = 'all-z'): Promise<Trainer> {
  const trainer = await trainerOf(observable);
  for await (const _ of trainer.fit());
  return trainer;
}

/** Trains, and compares with the built-in simulator, bit for bit. */
export async function assertUndisturbed(
  run: Run,
  options?: QpuOptions,
  observable: Observed = 'all-z',
): Promise<void> {
  const [actual, expected] = [await trained(run, options, observable), await builtIn(observable)];
  assert.equal(actual.trace, expected.trace);
  assert.deepEqual(actual.report, expected.report);
}
