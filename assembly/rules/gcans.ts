/**
 * Gradient descent that allots shots (Gu, Lowe, Dub, Coles and Arrasmith, "Adaptive shot allocation for fast convergence
 * in variational quantum algorithms", 2021: gCANS, after iCANS of Kuebler et al. 2020). With chi and xi the running means
 * of the derivatives g_i and of their standard deviations s_i from one shot a sign, by the decay beta1, without their
 * bias, k the steps before, and L the Lipschitz constant of the gradient, the displaced circuits of parameter i get
 *
 *   M_i = ceil( 2 L eta / (2 - L eta) xi_i sum_j xi_j / (|chi|^2 + B beta1^k) )
 *
 * shots each, `DisplacedShots` at least, which are those of the first step. Their mean is over a mini-batch, of which
 * each sample has so many; that samples differ is nothing that shots change, and not in s_i. Of blocks, the sums are over
 * the parameters of the current one, and k counts its sweeps.
 */
import { MAX_SHOTS, Option, Report } from '../abi/codes';
import { blockSize, displacedShots, lipschitz, parameterCount } from '../memory/configuration';
import { integer, number } from '../memory/options';
import { get, put } from '../memory/reals';
import { Buffer, Field, buffer, field } from '../memory/registers';
import { currentStep, reported } from '../memory/report';
import { isMoved, sweepPower } from '../program/blocks';
import { Next } from './contract';
import { beginDescent, descend, endDescent, noted } from './moves';
import { setRates } from './schedule';

/** B, the paper's b: keeps the quotient finite while nothing is known of the gradient. */
const REGULARISER: real = <real>1e-6;

/** Allots the shots of the current step, from what the steps before have left. */
export function allotShots(): void {
  const circuit = integer(Option.Parameters);
  const least = displacedShots();
  const inBlocks = blockSize() > 0;
  const known = inBlocks ? field(Field.BlockSweep) > 0 : currentStep() > 0;
  const power: real = inBlocks ? sweepPower(number(Option.Beta1), 0) : <real>reported(Report.Beta1Power);
  // Both have the same bias; one that is lost by rounding is none.
  const unbias: real = power < 1 ? 1 - power : 1;
  let square: real = 0;
  let sum: real = 0;
  for (let i = 0; i < circuit; i++) {
    if (!isMoved(i)) continue;
    const chi = get(buffer(Buffer.FirstMoment), i) / unbias;
    square += chi * chi;
    sum += get(buffer(Buffer.SecondMoment), i) / unbias;
  }
  // With the schedule.
  const steep = lipschitz() * setRates(number(Option.Rate));
  const factor: real = (((2 * steep) / (2 - steep)) * sum) / (square + REGULARISER * power);
  for (let i = 0; i < circuit; i++) {
    const wanted = ceil<real>((factor * get(buffer(Buffer.SecondMoment), i)) / unbias);
    // What is no number wants the least.
    let shots = least;
    if (known && wanted > <real>least) shots = wanted < <real>MAX_SHOTS ? <i32>wanted : MAX_SHOTS;
    store<i32>(buffer(Buffer.Allotted) + ((<usize>i) << 2), shots);
  }
}

export function gcans(stage: i32): Next {
  if (stage == 0) return Next.LossAndGradient;
  const rate = beginDescent();
  const circuit = integer(Option.Parameters);
  const count = parameterCount();
  const decay = number(Option.Beta1);
  const means = buffer(Buffer.FirstMoment);
  const spreads = buffer(Buffer.SecondMoment);
  for (let i = 0; i < count; i++) {
    if (!isMoved(i)) continue;
    const slope = get(buffer(Buffer.Gradient), i);
    if (i < circuit) {
      const spread = sqrt<real>(get(buffer(Buffer.Spreads), i));
      put(means, i, noted(decay * get(means, i) + (1 - decay) * slope));
      put(spreads, i, noted(decay * get(spreads, i) + (1 - decay) * spread));
    }
    descend(i, slope);
  }
  return endDescent(rate);
}
