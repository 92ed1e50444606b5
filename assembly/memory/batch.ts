/** The mini-batch, its buffers, and the current pair of samples. */
import { Option } from '../abi/codes';
import { parameterCount, rememberedSamples } from './configuration';
import { integer } from './options';
import { RIVAL_METHODS, SAMPLE_POOLS, SAMPLE_TARGETS } from '../profile';
import { at, get } from './reals';
import { Buffer, Field, buffer, field, setField } from './registers';

/** The first sample of the current pair. */
export function firstSample(): i32 {
  return 2 * field(Field.Pair);
}

/** Samples in the current pair: 1 where the batch is odd and this is its end, or 2. */
export function samplesInPair(): i32 {
  return min(field(Field.Count) - firstSample(), 2);
}

/** The second sample of the current pair; the first again when the batch is odd and this is its end. */
export function secondSample(): i32 {
  return firstSample() + samplesInPair() - 1;
}

/** Moves to the next pair of samples; false at the end of the batch. */
export function advancePair(): bool {
  const pair = field(Field.Pair) + 1;
  if (2 * pair >= field(Field.Count)) return false;
  setField(Field.Pair, pair);
  return true;
}

/** The row of the mini-batch that a pass has as its sample: where the samples were drawn, that of the drawn one. */
export function batchRow(sample: i32): i32 {
  // Between steps there is no pass.
  if (!SAMPLE_POOLS || field(Field.IsDrawn) == 0 || field(Field.Phase) == 0) return sample;
  return load<i32>(buffer(Buffer.Drawn) + ((<usize>sample) << 2));
}

/** The features of a row of the mini-batch, reals [d]. */
export function rowFeatures(row: i32): usize {
  return at(buffer(Buffer.Features), row * integer(Option.Features));
}

/** The features of a sample of the pass, reals [d]. */
export function batchFeatures(sample: i32): usize {
  return rowFeatures(batchRow(sample));
}

/** Whether samples have targets: numbers that the model's output is to be, in place of labels. */
function hasTargets(): bool {
  return SAMPLE_TARGETS && integer(Option.Targets) != 0;
}

/** Whether the samples want what this build does not have: it predicts, and knows of no loss. */
export function isLossUnknown(): bool {
  return !SAMPLE_TARGETS && (integer(Option.Targets) | integer(Option.Weights)) != 0;
}

/** The class of a sample of the pass; below 0 for none. With targets 0 for a number, and not-a-number is none. */
export function batchLabel(sample: i32): i32 {
  if (isLossUnknown()) return -1;
  if (!hasTargets()) return load<i32>(buffer(Buffer.Labels) + ((<usize>batchRow(sample)) << 2));
  const target = get(buffer(Buffer.Targets), batchRow(sample));
  // An infinite one is no class at all.
  return isFinite<real>(target) ? 0 : target == target ? i32.MAX_VALUE : -1;
}

/** y of the binary losses: a sample's target, or -1 and +1 for the classes 0 and 1. */
export function batchTarget(sample: i32, label: i32): real {
  return hasTargets() ? get(buffer(Buffer.Targets), batchRow(sample)) : label == 0 ? -1 : 1;
}

/** How much a sample's loss counts: its weight, or 1; in a step more, the less likely it was to be in the pool. */
export function batchWeight(sample: i32): real {
  const row = batchRow(sample);
  const weight: real = SAMPLE_TARGETS && integer(Option.Weights) != 0 ? get(buffer(Buffer.Weights), row) : 1;
  const drawn = RIVAL_METHODS && rememberedSamples() > 0 && field(Field.Phase) != 0;
  return drawn ? weight * get(buffer(Buffer.PoolShares), row) : weight;
}

/** Whether a loss can count so much: from 0, finite. */
export function isWeight(weight: real): bool {
  return !SAMPLE_TARGETS || (weight >= 0 && weight < <real>Infinity);
}

/** What a sample of the batch adds to the gradient, by parameter: see `Buffer.Parts`. */
export function partsRow(sample: i32): usize {
  return at(buffer(Buffer.Parts), sample * parameterCount());
}

/** One lane's or sample's row of a buffer [...][output]. */
export function outputsRow(name: Buffer, index: i32): usize {
  return at(buffer(name), index * integer(Option.Outputs));
}
