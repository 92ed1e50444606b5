/** Numbers over seeds, as sections have them. */
import { Resampler, meanInterval } from '../study/bootstrap.ts';
import { spreadOf } from '../study/spread.ts';
import type { Measured } from './section.ts';

/** Of the intervals; the same for all, so that they are the same whatever is run beside them. */
const SEED = 20251122;

const resampler = new Resampler(SEED);

/** The mean of some numbers, how they spread, and what the paper prints. @param values of the seeds; null where there is none */
export function measured(values: readonly (number | null | undefined)[], printed?: number): Measured {
  const found = values.filter((value): value is number => typeof value === 'number');
  const spread = spreadOf(found);
  return {
    mean: spread?.mean ?? null,
    deviation: spread?.deviation ?? null,
    interval: meanInterval(found, resampler),
    count: found.length,
    ...(printed !== undefined && { printed }),
  };
}
