/**
 * What the paper leaves open, read in two ways. Its steps: T = 500 of them, the bare <Z0> with the squared error, as section
 * V.A says. Its epochs: a linear head on all <Z_i>, started as Xavier has it, with the cross-entropy, and 300 epochs, as
 * its classical layers, its losses of 1e-4 and Table VIII want it. Either exact or with M = 1000 shots.
 */
import { type ModelOptions, PAPER } from '../index.ts';
import type { Setting } from '../study/cell.ts';
import type { Scope } from './experiment.ts';

/** A reading of the paper. */
export interface Reading {
  readonly id: 'step-exact' | 'step-shots' | 'epoch-exact' | 'epoch-shots';
  /** In a word or two. */
  readonly title: string;
  readonly isEpochs: boolean;
  readonly isExact: boolean;
}

const reading = (id: Reading['id'], title: string): Reading => ({
  ...{ id, title },
  isEpochs: id.startsWith('epoch'),
  isExact: id.endsWith('exact'),
});

/** All of them. */
export const READINGS = [
  reading('step-exact', 'steps, exact'),
  reading('step-shots', 'steps, shots'),
  reading('epoch-exact', 'epochs, exact'),
  reading('epoch-shots', 'epochs, shots'),
] as const;

/** Seeds of what takes longest. */
const FEW = 5;
/** What a quick report leaves of epochs. */
const QUICK = 10;
/** Epochs and steps that the paper trains for. */
const EPOCHS = 300;
const STEPS = PAPER.training.steps as number;
const BATCH = PAPER.training.batch as number;

/** The readings of a scope. @param all the epochs with shots too, where they are not too many for it */
export function readingsOf({ quick, epochShots = true }: Scope, all = false): readonly Reading[] {
  return READINGS.filter(({ id }) => id !== 'epoch-shots' || (all && !quick && epochShots));
}

/** The seeds of a reading. */
export function seedsOf({ id }: Reading, { seeds }: Scope): readonly number[] {
  return id === 'epoch-shots' ? seeds.slice(0, FEW) : seeds;
}

const { features: _, ...bare } = PAPER.model;

/** The model of a reading, but for its number of features. */
export function modelOf({ isEpochs }: Reading): Omit<ModelOptions, 'features'> {
  return isEpochs ? { ...bare, observable: 'all-z', head: 'linear', loss: 'bce' } : bare;
}

/** How long a training is. */
export interface Length {
  readonly steps?: number;
  readonly epochs?: number;
}

/** Epochs that are run of so many. */
export const epochsIn = ({ quick }: Pick<Scope, 'quick'>, epochs = EPOCHS) =>
  quick ? Math.max(1, Math.round(epochs / QUICK)) : epochs;

/** Steps of a training. @param rows of the training part */
export function stepsOf(reading: Reading, scope: Scope, rows: number, length: Length = {}): number {
  const { steps = STEPS, epochs } = length;
  return reading.isEpochs ? epochsIn(scope, epochs) * Math.ceil(rows / BATCH) : steps;
}

/** The paper's training in a reading, but for its rule. One rate for circuit and head. */
export function settingOf(reading: Reading, steps: number): Setting {
  const { batch, rate, schedule, shots } = PAPER.training;
  return {
    ...{ steps, batch, rate, schedule },
    ...(!reading.isExact && { shots }),
    ...(reading.isEpochs && { headRate: rate }),
  };
}

/** A reading in a line. */
export function titleOf({ isEpochs, isExact }: Reading, scope: Pick<Scope, 'quick'>): string {
  const length = isEpochs ? `${epochsIn(scope)} epochs` : `${STEPS} steps`;
  const model = isEpochs ? 'linear head on all <Z_i>, cross-entropy' : '<Z0>, squared error';
  return `${length}, ${model}, ${isExact ? 'exact' : `${PAPER.training.shots} shots`}`;
}

/** What of a reading is not as in the paper, in words; empty where all is. */
export function cutOf(reading: Reading, scope: Scope): string {
  if (!scope.quick || !reading.isEpochs) return '';
  return `Cut: a tenth of the paper's epochs, so that these figures are of short trainings.`;
}
