/**
 * A pool that is drawn from the whole training set by what each sample's slope was when it was last looked at. With r_b a
 * running |l'| of sample b of n, |l'| along the observable that the loss reads, sum_k |v_bk| = 1 (loss/loss.ts), of B
 *
 *   p_b = .8 r_b / sum r + .2 / n,     omega_b = 1 / (n p_b),     r_b <- (r_b + |l'_b|) / 2 of those drawn
 *
 * so that the mean over the pool, each sample times omega, is the mean over the training set. A sample that was never
 * looked at counts as the mean of the others, and takes over its first |l'|. Against a uniform pool the variance of the
 * gradient falls by n sum l'^2 / (sum |l'|)^2 at most. Drawn systematically, as in drawn-samples.ts, which then draws half of
 * the pool by omega |l'|. A number of memory for each sample: 1 + r, 0 before it was looked at.
 */
import { Option } from '../abi/codes';
import { rememberedSamples } from '../memory/configuration';
import { integer } from '../memory/options';
import { at, get, put } from '../memory/reals';
import { Buffer, buffer } from '../memory/registers';
import { currentStep } from '../memory/report';
import { Purpose, openStream, uniform } from '../number/random';

/** How much of the chances goes by the slopes. */
const BY_SLOPE: real = <real>0.8;

/** Draws the pool of a step: which samples, and how much each counts. @param samples of the training set @param count of the pool */
export function drawPool(samples: i32, count: i32): void {
  const residuals = buffer(Buffer.Residuals);
  let known = 0;
  let sum: real = 0;
  for (let b = 0; b < samples; b++) {
    const kept = get(residuals, b);
    if (!(kept >= 1)) continue;
    known++;
    sum += kept - 1;
  }
  const each = <real>1 / <real>samples;
  // Those that are not known add as much each as those that are.
  const unknown: real = known > 0 ? sum / <real>known : 0;
  const all = sum + unknown * <real>(samples - known);
  openStream(Purpose.Batch, currentStep(), 0, 0);
  let mark = uniform();
  let before: real = 0;
  let drawn = 0;
  for (let b = 0; b < samples; b++) {
    const kept = get(residuals, b);
    const r: real = kept >= 1 ? kept - 1 : unknown;
    const chance: real = all > 0 ? BY_SLOPE * (r / all) + (1 - BY_SLOPE) * each : each;
    before += <real>count * chance;
    // The last one has what rounding has left.
    while (drawn < count && (mark < before || b == samples - 1)) {
      store<i32>(buffer(Buffer.Indices) + ((<usize>drawn) << 2), b);
      put(buffer(Buffer.PoolShares), drawn, each / chance);
      drawn++;
      mark += 1;
    }
  }
}

/** Every sample of a pass counts as it is: of one that was not drawn. */
export function forgetShares(count: i32): void {
  if (rememberedSamples() == 0) return;
  for (let b = 0; b < count; b++) put(buffer(Buffer.PoolShares), b, 1);
}

/** The noted |l'| of a place that the pool does not have. */
const NONE: real = -1;

/** |l'| of the pool's samples, while their slopes are at hand, for `renewResiduals`. */
export function noteSlopes(count: i32): void {
  if (rememberedSamples() == 0) return;
  const batch = integer(Option.Batch);
  const shares = buffer(Buffer.PoolShares);
  const noted = at(shares, batch);
  for (let b = 0; b < batch; b++) {
    // Slopes have the mean over the pool and the share in them.
    const slope = abs<real>(get(buffer(Buffer.Slopes), b)) * <real>count;
    put(noted, b, b < count ? slope / get(shares, b) : NONE);
  }
}

/** What the samples of the pool have shown is remembered, with the step. */
export function renewResiduals(): void {
  const samples = rememberedSamples();
  if (samples == 0) return;
  const batch = integer(Option.Batch);
  const residuals = buffer(Buffer.Residuals);
  const noted = at(buffer(Buffer.PoolShares), batch);
  for (let b = 0; b < batch; b++) {
    const fresh = get(noted, b);
    const index = load<i32>(buffer(Buffer.Indices) + ((<usize>b) << 2));
    // A host may have written another in the meantime.
    if (fresh == NONE || <u32>index >= <u32>samples) continue;
    const kept = get(residuals, index);
    put(residuals, index, 1 + (kept >= 1 ? <real>0.5 * (kept - 1 + fresh) : fresh));
  }
}
