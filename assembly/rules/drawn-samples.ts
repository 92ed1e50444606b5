/**
 * Which samples of a pool a gradient is measured of: those that it depends on most. With s_b the slope of sample b's
 * share of the loss along the observable that it reads, sum_k |v_bk| = 1 (loss/loss.ts), of B samples D are drawn,
 *
 *   p_b = .8 |s_b| / sum |s| + .2 / B,     omega_b = 1 / (B p_b),     g = (1 / D) sum_drawn omega_b grad l_b
 *
 * which is the pool's gradient in the mean. Systematically: from one uniform u, sample b once for each whole number i
 * with sum_(a < b) D p_a <= u + i < sum_(a <= b) D p_a, so that a sample is drawn D p_b times, rounded up or down.
 * Where no slope is other than 0, all are as likely. The option `Draws` has every sample drawn once instead: D = B.
 */
import { sampleGradient, sampleLoss } from '../loss/loss';
import { batchLabel, batchRow, batchWeight, outputsRow } from '../memory/batch';
import { drawnOf, drawsAll, labelCount } from '../memory/configuration';
import { integer } from '../memory/options';
import { get, put } from '../memory/reals';
import { Buffer, Field, buffer, field, setField } from '../memory/registers';
import { currentStep } from '../memory/report';
import { Purpose, openStream, uniform } from '../number/random';
import { RIVAL_METHODS } from '../profile';
import { Next } from './contract';
import { noteSlopes } from './residuals';

/** How much of the chances goes by the slopes. */
const BY_SLOPE: real = <real>0.8;

/** Samples that one tick works on. */
const SAMPLES_A_TICK = 4;

function ticksFor(samples: i32): i32 {
  return (samples + SAMPLES_A_TICK - 1) / SAMPLES_A_TICK;
}

/** Ticks of all of it, for a pool of so many. */
export function drawTicks(count: i32): i32 {
  return ticksFor(count) + 1 + ticksFor(drawnOf(count));
}

/**
 * Slope and weights of the observable of some samples of the pass, with the parameters in force.
 * @returns whether all of them have a class: a host may have written another in the meantime
 */
function weighSamples(from: i32, end: i32, drawn: bool): bool {
  const classes = labelCount();
  for (let sample = from; sample < end; sample++) {
    const outputs = outputsRow(Buffer.Pool, batchRow(sample));
    const label = batchLabel(sample);
    if (<u32>label >= <u32>classes) return false;
    const share: real = drawn ? get(buffer(Buffer.Shares), sample) : <real>1 / <real>field(Field.Count);
    sampleLoss(outputs, sample, label);
    sampleGradient(outputs, sample, label, batchWeight(sample) * share, false);
  }
  return true;
}

/** Draws from the slopes of the pool. */
function draw(count: i32): void {
  const slopes = buffer(Buffer.Slopes);
  const wanted = drawnOf(count);
  const each = <real>1 / <real>count;
  const all = drawsAll();
  let sum: real = 0;
  if (!all) for (let b = 0; b < count; b++) sum += abs<real>(get(slopes, b));
  openStream(Purpose.Draw, currentStep(), 0, 0);
  // Where all are as likely and as many are drawn, each is drawn once: the middle of its share is clear of rounding.
  let mark: real = all ? <real>0.5 : uniform();
  let before: real = 0;
  let drawn = 0;
  for (let b = 0; b < count; b++) {
    const chance: real =
      sum > 0 ? BY_SLOPE * (abs<real>(get(slopes, b)) / sum) + (1 - BY_SLOPE) * each : each;
    before += <real>wanted * chance;
    // The last one has what rounding has left.
    while (drawn < wanted && (mark < before || b == count - 1)) {
      store<i32>(buffer(Buffer.Drawn) + ((<usize>drawn) << 2), b);
      put(buffer(Buffer.Shares), drawn, each / (chance * <real>wanted));
      drawn++;
      mark += 1;
    }
  }
}

/** Goes on with it. @param tick how many ticks have been before @returns what the rule wants then */
export function advanceDraw(tick: i32): Next {
  const count = field(Field.Count);
  const first = ticksFor(count);
  const from = SAMPLES_A_TICK * (tick < first ? tick : tick - first - 1);
  if (tick < first) {
    if (!weighSamples(from, min(from + SAMPLES_A_TICK, count), false)) return Next.Diverged;
  } else if (tick == first) {
    if (RIVAL_METHODS) noteSlopes(count);
    draw(count);
    setField(Field.IsDrawn, 1);
  } else {
    if (!weighSamples(from, min(from + SAMPLES_A_TICK, drawnOf(count)), true)) return Next.Diverged;
  }
  return tick + 1 < drawTicks(count) ? Next.Again : Next.DrawnGradient;
}
