/** What is drawn at random beside shots: initial parameters and mini-batches. */
import { Option } from '../abi/codes';
import { Buffer, buffer, parameterCount, put } from '../memory/map';
import { PI } from '../number/math';
import { integer } from '../memory/options';
import { currentStep } from '../memory/report';
import { Purpose, below, openStream, uniform } from '../number/random';

/**
 * Parameters before training: the circuit's uniform in [-pi, pi], the head's weights by Xavier's uniform
 * rule, |W| <= sqrt(6 / (K + C)) (Glorot and Bengio 2010), its biases 0.
 */
export function drawParameters(): void {
  const circuit = integer(Option.Parameters);
  const weights = integer(Option.Logits) * integer(Option.Outputs);
  const width = sqrt<real>(<real>6 / <real>(integer(Option.Outputs) + integer(Option.Logits)));
  openStream(Purpose.Initialise, 0, 0, 0);
  for (let i = 0; i < parameterCount(); i++) {
    let value: real = 0;
    if (i < circuit + weights) {
      const half = i < circuit ? PI : width;
      value = 2 * half * uniform() - half;
    }
    put(buffer(Buffer.Parameters), i, value);
  }
}

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
