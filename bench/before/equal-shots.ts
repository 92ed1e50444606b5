/** Steps whose circuits do not all take the same shots, held against such that do. */
import type { TrainingOptions } from '../../host/api/options.ts';

/** The option that sets the shots of displaced circuits apart, under whichever of its names the library has it. */
export function displacedShots(options: readonly string[]): keyof TrainingOptions | undefined {
  return options.find((name) => /^(displaced|shift)Shots$/i.test(name)) as keyof TrainingOptions | undefined;
}

/** Shots that one sample takes in a step: `circuits` displaced ones, and one beside them. */
export function shotsOfSample(circuits: number, displaced: number, plain: number): number {
  return circuits * displaced + plain;
}

/**
 * What a step would take with a number of shots between those of two that were timed: in proportion.
 * @throws RangeError when the number is not between them
 */
export function between(
  [fewer, more]: readonly [number, number],
  [short, long]: readonly [number, number],
  shots: number,
): number {
  if (!(fewer < more && fewer <= shots && shots <= more))
    throw new RangeError(`${shots} shots are not between ${fewer} and ${more}`);
  return short + ((long - short) * (shots - fewer)) / (more - fewer);
}
