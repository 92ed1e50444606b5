/**
 * Lines 4 and 5 of Algorithm 1: loss and gradient at theta. Adjoint and parameter shift differentiate within the pass
 * of the loss (engines/). A gradient that is made of passes (gradients/) is summed up here: each pass displaces the
 * parameters, takes the loss on the same mini-batch, and adds what that gives to every derivative.
 *
 *   the loss at theta -> a few parameters displaced ... -> their loss -> a few slopes ... -> the next pass -> norms
 */
import { Option, Status } from '../abi/codes';
import { Phase } from '../engines/contract';
import { beginDrawn, beginEvaluation, isDrawn } from '../engines/evaluation';
import { gradientDisplacement, gradientPasses, gradientSlope } from '../gradients/dispatch';
import { displacesAngles, drawnOf, parameterCount, pullsBack } from '../memory/configuration';
import { integer } from '../memory/options';
import { at, get, increase, put, sumOfSquares } from '../memory/reals';
import { Buffer, Field, buffer, field, setField } from '../memory/registers';
import { Sum, mean, setSum, sum } from '../memory/sums';
import { Evaluation } from '../number/random';
import { GRADIENT_PASSES, SHORT_TICKS } from '../profile';
import { inBlocks, isMoved } from '../program/blocks';

/** Parameters that one tick displaces or differentiates by, in the modules that keep their ticks short: each may take a draw. */
export const DERIVATIVES_A_TICK = 8;

/** The pass of the loss. */
export function beginGradient(): Phase {
  setField(Field.GradientStage, 0);
  return beginEvaluation(Buffer.Parameters, Sum.Loss, Evaluation.Loss, gradientPasses() == 0, Phase.Gradient);
}

/** The loss over a pool. */
export function beginPool(): Phase {
  return beginEvaluation(Buffer.Parameters, Sum.Loss, Evaluation.Loss, false, Phase.Rule);
}

/** The gradient from the samples drawn of the pool: see engines/pool.ts. */
export function drawnGradient(): Phase {
  setField(Field.GradientStage, 0);
  // The loss is the pool's.
  setSum(Sum.Loss, mean(Sum.Loss));
  return beginDrawn(drawnOf(field(Field.Count)), Phase.Gradient);
}

/** A pass is through: what comes next of the gradient, or its end. */
export function gradientTick(): i32 {
  const stage = field(Field.GradientStage);
  return GRADIENT_PASSES && stage < 2 * gradientPasses() ? goOn(stage >> 1, (stage & 1) != 0) : norms();
}

/** A few parameters displaced for a pass, or, when its loss is there, a few slopes. */
function goOn(pass: i32, measured: bool): Phase {
  const from = field(Field.Moved);
  const count = parameterCount();
  const end = SHORT_TICKS ? min(from + DERIVATIVES_A_TICK, count) : count;
  const loss = mean(Sum.DisplacedLoss);
  for (let i = from; i < end; i++) {
    const value = get(buffer(Buffer.Parameters), i);
    if (!isMoved(i)) put(buffer(Buffer.Displaced), i, value);
    else if (measured) increase(buffer(Buffer.Gradient), i, gradientSlope(pass, i, loss));
    else put(buffer(Buffer.Displaced), i, value + gradientDisplacement(pass, i));
  }
  setField(Field.Moved, end == count ? 0 : end);
  if (end < count) return Phase.Gradient;
  setField(Field.GradientStage, 2 * pass + (measured ? 2 : 1));
  if (measured) return Phase.Gradient;
  return beginEvaluation(
    Buffer.Displaced,
    Sum.DisplacedLoss,
    Evaluation.Passes + pass,
    false,
    Phase.Gradient,
  );
}

/** The mean loss and the norms of its gradients; the update has ticks of its own. */
function norms(): i32 {
  const loss = isDrawn() ? sum(Sum.Loss) : mean(Sum.Loss);
  const circuit = integer(Option.Parameters);
  const gradient = buffer(Buffer.Gradient);
  // The adjoint has differentiated by all of them.
  for (let i = 0; inBlocks() && i < circuit; i++) {
    if (isMoved(i)) continue;
    put(gradient, i, 0);
    put(buffer(Buffer.ObservableGradient), i, 0);
  }
  const square = sumOfSquares(gradient, circuit);
  const headSquare = sumOfSquares(at(gradient, circuit), parameterCount() - circuit);
  if (!isFinite<real>(loss) || !isFinite<real>(square) || !isFinite<real>(headSquare)) return Status.Diverged;
  // Only what differentiates within the pass knows of the observable.
  const wanted = integer(Option.ObservableNorm) != 0 && (pullsBack() || displacesAngles());
  const observableSquare = wanted ? sumOfSquares(buffer(Buffer.ObservableGradient), circuit) : <real>NaN;
  setSum(Sum.Loss, loss);
  setSum(Sum.GradientNorm, sqrt<real>(square));
  setSum(Sum.ObservableNorm, sqrt<real>(observableSquare));
  return Phase.Rule;
}
