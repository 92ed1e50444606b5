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
