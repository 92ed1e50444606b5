/**
 * The average of the parameters over the end of a training, which has less of the noise than the last of them: over
 * all of it (Polyak and Juditsky, "Acceleration of stochastic approximation by averaging", 1992; Ruppert 1988), or over
 * a suffix (Rakhlin, Shamir and Sridharan, "Making gradient descent optimal for strongly convex stochastic
 * optimization", 2012). With a the option `AveragedShare`, r the share of the training that is done and n the steps
 * averaged so far,
 *
 *   r > 1 - a:   n <- n + 1,   mean <- mean + (theta - mean) / n
 *
 * It answers predictions; steps go on from theta. It belongs to the checkpoint, n behind the parameters.
 */
import { Option } from '../abi/codes';
import { isAveraged, parameterCount } from '../memory/configuration';
import { number } from '../memory/options';
import { get, put } from '../memory/reals';
import { Buffer, buffer, field, Field, Stage } from '../memory/registers';
import { RIVAL_METHODS } from '../profile';
import { runShare } from '../rules/schedule';

/** n */
function averaged(): real {
  return get(buffer(Buffer.Average), parameterCount());
}

/** Takes the parameters in that a step has just left. */
export function averageParameters(): void {
  if (!isAveraged() || !(runShare() > 1 - number(Option.AveragedShare))) return;
  const means = buffer(Buffer.Average);
  const count = parameterCount();
  const n = averaged() + 1;
  for (let i = 0; i < count; i++) {
    const value = get(buffer(Buffer.Parameters), i);
    // Divided first, so that no difference is too large; at 1 there is nothing to average.
    const mean = get(means, i);
    put(means, i, n > 1 ? mean + (value / n - mean / n) : value);
  }
  put(means, count, n);
}

/** The parameters that predict: the average, where there is one. */
export function answering(): Buffer {
  return isAveraged() && averaged() > 0 ? Buffer.Average : Buffer.Parameters;
}

/**
 * The average, laid out as the parameters, and behind it how many steps it is of: 0 for none, and who writes 0 there
 * makes predictions go by the parameters again.
 * @returns an address; 0 before `init`, and without `AveragedShare`
 */
export function averageAddress(): i32 {
  if (!RIVAL_METHODS || !isAveraged() || field(Field.Stage) == Stage.Configuring) return 0;
  return <i32>buffer(Buffer.Average);
}
