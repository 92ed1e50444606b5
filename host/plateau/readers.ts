/** What the functions of this entry are given, read once and checked: it may come from JavaScript. */
import type { ResolvedModel } from '../api/options.ts';
import type { TrainerOptions } from '../api/trainer.ts';
import { isFields, type Reader, that, whole } from '../core/checks.ts';

export const seedRead = whole(0);

/** A variance over draws takes two; a look at a training more. */
export const drawsRead = (least: number) => whole(least, 1e6);

export const positive: Reader<number> = that(
  'a number above 0',
  (value) => typeof value === 'number' && value > 0 && Number.isFinite(value),
);

/** What is in it, `Trainer.create` reads. */
export const trainerOptionsRead: Reader<TrainerOptions> = that(
  'an object as Trainer.create takes it',
  isFields,
);

/** A model that was checked as a whole when it was resolved. */
export const resolvedRead: Reader<ResolvedModel> = that(
  'a model as resolveModel makes it',
  (value) =>
    isFields(value) &&
    ['circuit', 'observables'].every((name) => Array.isArray(value[name])) &&
    ['encoding', 'initialisation'].every((name) => typeof value[name] === 'string') &&
    typeof value.qubits === 'number',
);
