/** eta' of a training, for what is told of it. */
import type { ResolvedTraining } from './options.ts';

/** eta' before the schedule; null where a step works it out, by Eq. 10 or as it goes, or where the rule has none. */
export function reversalRate(training: ResolvedTraining): number | null {
  const { rule, reversal, rate, negativeRate, kappa, effectiveRate, noiseRate, depth } = training;
  if ((rule !== 'nlr' && rule !== 'nlr-guarded') || (reversal !== 'constant' && reversal !== 'kappa'))
    return null;
  const source = reversal === 'kappa' ? kappa * rate : negativeRate;
  return effectiveRate ? source / (1 + noiseRate * Number(depth)) : source;
}
