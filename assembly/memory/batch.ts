/** The mini-batch, its buffers, and the current pair of samples. */
import { Option } from '../abi/codes';
import { integer } from './options';
import { at } from './reals';
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

/** The features of a sample of the mini-batch, reals [d]. */
export function batchFeatures(sample: i32): usize {
  return at(buffer(Buffer.Features), sample * integer(Option.Features));
}

/** The class of a sample of the mini-batch; below 0 for none. */
export function batchLabel(sample: i32): i32 {
  return load<i32>(buffer(Buffer.Labels) + ((<usize>sample) << 2));
}

/** One lane's or sample's row of a buffer [...][output]. */
export function outputsRow(name: Buffer, index: i32): usize {
  return at(buffer(name), index * integer(Option.Outputs));
}
