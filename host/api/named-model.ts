/** The options of a model that a file names. */
import { LAYOUTS, ENTANGLER_GATES, ENTANGLERS } from './ansatz.ts';
import { INITIALISATIONS, type ModelOptions } from './options.ts';

/** Defaults of the options that are younger than version 0.1.0: a library that does not know them yet reads files without. */
const YOUNGER: Readonly<Record<string, unknown>> = {
  layout: LAYOUTS[0],
  entangler: ENTANGLERS[0],
  entanglerGate: ENTANGLER_GATES[0],
  reuploads: 1,
  correlated: false,
  initialisation: INITIALISATIONS[0],
};

/** Options of a model as a file names them. @param given as they were given */
export function namedModel(given: ModelOptions): ModelOptions {
  const named = Object.entries(given).filter(([name, value]) => value !== YOUNGER[name]);
  return Object.fromEntries(named) as unknown as ModelOptions;
}
