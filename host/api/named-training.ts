/** The options of training that a file names. */
import { type ResolvedTraining, resolveTraining, type TrainingOptions } from './options.ts';

/**
 * Options of training that every file names: those of version 0.1.0. Younger ones are named only where they are not at
 * their default, so that a library that does not know them yet reads the files that do without them.
 */
const ALWAYS_NAMED =
  'rule steps batch rate negativeRate headRate shots gradient schedule readoutError beta1 beta2 epsilon guard seed engine workspace observableNorm moments answerer'.split(
    ' ',
  );

/** Options of training as a file names them. @param training all of them */
export function namedTraining(training: ResolvedTraining): TrainingOptions {
  const options = Object.entries(training);
  const defaults: Record<string, unknown> = resolveTraining(
    Object.fromEntries(options.filter(([name]) => ALWAYS_NAMED.includes(name))),
  );
  return Object.fromEntries(
    options.filter(([name, value]) => ALWAYS_NAMED.includes(name) || value !== defaults[name]),
  );
}
