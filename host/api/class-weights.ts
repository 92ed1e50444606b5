/** How much the loss of a sample counts, by its class: for data in which one class is rare. */
import type { Dataset } from '../data/dataset.ts';
import { isListOf, refuse } from '../core/checks.ts';
import { OptionError } from '../core/errors.ts';

/**
 * 'balanced' counts every class alike, whatever its number of rows: rows / (classes x rows of the class). Else a number
 * for each class by its name, where the others count 1, or for all of them in their order.
 */
export type ClassWeights = 'balanced' | Readonly<Record<string, number>> | readonly number[];

/** Weights may differ by this factor from 1 before they are scaled. */
const FARTHEST = 1e6;

/** Scaled, they differ by its square at most; by twice as much here, so that rounding puts none outside. */
const LEAST_SCALED = 5e-13;
const MOST_SCALED = 2e12;

function checked(value: unknown, place: string): number {
  if (typeof value === 'number' && value >= 1 / FARTHEST && value <= FARTHEST) return value;
  return refuse('classWeights', value, `a number from ${1 / FARTHEST} to ${FARTHEST} for ${place}`);
}

/** Weights with a mean of 1 by which the classes that have rows count alike. */
function balancedWeights(counts: readonly number[]): number[] {
  const rows = counts.reduce((sum, count) => sum + count, 0);
  const present = counts.filter((count) => count > 0).length;
  return counts.map((count) => (count > 0 ? rows / (present * count) : 1));
}

/** A weight for each class, not yet scaled. */
function givenWeights(given: ClassWeights, classes: readonly string[]): number[] {
  if (typeof given !== 'object' || given === null) {
    return refuse('classWeights', given, "'balanced', or a number for each class by its name");
  }
  if (Array.isArray(given)) {
    if (given.length !== classes.length)
      refuse(
        'classWeights',
        `of length ${given.length}`,
        `a number for each of the ${classes.length} classes`,
      );
    return classes.map((name, c) => checked(given[c], `the class ${name}`));
  }
  const stranger = Object.keys(given).find((name) => !classes.includes(name));
  if (stranger !== undefined) {
    const message = `classWeights names ${JSON.stringify(stranger)}; the classes are ${classes.map((name) => JSON.stringify(name)).join(', ')}`;
    throw new OptionError('ERR_OPTION_VALUE', message, 'classWeights');
  }
  const byName = given as Readonly<Record<string, number>>;
  return classes.map((name) =>
    Object.hasOwn(byName, name) ? checked(byName[name], `the class ${name}`) : 1,
  );
}

/**
 * A weight for each class, scaled so that their mean over the rows is 1: learning rates keep their meaning.
 * @throws OptionError
 */
export function resolveClassWeights(given: ClassWeights, { labels, classes }: Dataset): number[] {
  const counts = new Array<number>(classes.length).fill(0);
  for (const label of labels) counts[label]++;
  if (given === 'balanced') return balancedWeights(counts);
  const weights = givenWeights(given, classes);
  const mean = weights.reduce((sum, weight, c) => sum + weight * (counts[c] as number), 0) / labels.length;
  return weights.map((weight) => weight / mean);
}

/** Weights out of a file: as they were scaled. @throws OptionError */
export function parseClassWeights(value: unknown, classes: number): readonly number[] | undefined {
  if (value === undefined) return undefined;
  const good = (weight: unknown) =>
    typeof weight === 'number' && weight >= LEAST_SCALED && weight <= MOST_SCALED;
  if (isListOf(value, good) && value.length === classes) return value as number[];
  return refuse('classWeights', value, `${classes} numbers from ${LEAST_SCALED} to ${MOST_SCALED}`);
}
