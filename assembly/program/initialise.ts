/** Parameters before training. */
import { Option } from '../abi/codes';
import { parameterCount } from '../memory/configuration';
import { integer } from '../memory/options';
import { put } from '../memory/reals';
import { Buffer, buffer } from '../memory/registers';
import { PI } from '../number/math';
import { Purpose, openStream, uniform } from '../number/random';

/**
 * Parameters before training: the circuit's uniform in [-pi, pi], the head's weights by Xavier's uniform
 * rule, |W| <= sqrt(6 / (K + C)) (Glorot and Bengio 2010), its biases 0.
 */
export function drawParameters(): void {
  openStream(Purpose.Initialise, 0, 0, 0);
  for (let i = 0; i < parameterCount(); i++) put(buffer(Buffer.Parameters), i, initialParameter(i));
}

/** One of them, from the open stream: all but biases take two words. */
export function initialParameter(i: i32): real {
  const circuit = integer(Option.Parameters);
  const outputs = integer(Option.Outputs);
  const logits = integer(Option.Logits);
  if (i >= circuit + logits * outputs) return 0;
  const half = i < circuit ? PI : sqrt<real>(<real>6 / <real>(outputs + logits));
  return 2 * half * uniform() - half;
}
