/**
 * Lines 4 and 5 of Algorithm 1: loss and gradient at theta, by the gradient source in use. Adjoint and parameter shift
 * differentiate within the pass of the loss (engines/). A source that needs passes of its own asks for them here, one
 * after another, each followed by `Phase.Gradient`.
 */
import { Option, Status } from '../abi/codes';
import { Phase } from '../engines/contract';
import { beginEvaluation } from '../engines/evaluation';
import { parameterCount } from '../memory/configuration';
import { integer } from '../memory/options';
import { at, sumOfSquares } from '../memory/reals';
import { Buffer, buffer } from '../memory/registers';
import { Sum, mean, setSum } from '../memory/sums';

/** The source's first pass. */
export function beginGradient(): Phase {
  return beginEvaluation(Buffer.Parameters, Sum.Loss, 0, true, Phase.Gradient);
}

/** A pass of the source is through, here its only one: the mean loss and the norms; the update has ticks of its own. */
export function gradientTick(): i32 {
  const loss = mean(Sum.Loss);
  const circuit = integer(Option.Parameters);
  const gradient = buffer(Buffer.Gradient);
  const square = sumOfSquares(gradient, circuit);
  const headSquare = sumOfSquares(at(gradient, circuit), parameterCount() - circuit);
  if (!isFinite<real>(loss) || !isFinite<real>(square) || !isFinite<real>(headSquare)) return Status.Diverged;
  const wanted = integer(Option.ObservableNorm) != 0;
  const observableSquare = wanted ? sumOfSquares(buffer(Buffer.ObservableGradient), circuit) : <real>NaN;
  setSum(Sum.Loss, loss);
  setSum(Sum.GradientNorm, sqrt<real>(square));
  setSum(Sum.ObservableNorm, sqrt<real>(observableSquare));
  return Phase.Rule;
}
