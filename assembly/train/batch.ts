/** Which samples of the training set a step trains on. */
import { Buffer, buffer } from '../memory/registers';
import { currentStep } from '../memory/report';
import { Purpose, below, openStream } from '../number/random';

/**
 * Line 3 of Algorithm 1: a uniformly random subset of the training set, in the indices buffer (Floyd's
 * algorithm: Bentley and Floyd, "A sample of brilliance", 1987).
 * @param samples of the training set, @param count of the subset
 */
export function drawBatch(samples: i32, count: i32): void {
  const indices = buffer(Buffer.Indices);
  openStream(Purpose.Batch, currentStep(), 0, 0);
  for (let taken = 0; taken < count; taken++) {
    const top = samples - count + taken;
    let chosen = <i32>below(top + 1);
    for (let i = 0; i < taken; i++) {
      if (load<i32>(indices + ((<usize>i) << 2)) == chosen) {
        chosen = top;
        break;
      }
    }
    store<i32>(indices + ((<usize>taken) << 2), chosen);
  }
}
