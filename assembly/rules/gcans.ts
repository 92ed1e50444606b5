/**
 * Gradient descent that allots shots by gains (Gu, Lowe, Dub, Coles and Arrasmith, "Adaptive shot allocation for fast
 * convergence in variational quantum algorithms", 2021: gCANS, after iCANS of Kuebler et al. 2020). With chi and xi the
 * running means of the derivatives and of their standard deviations from one shot a sign, both by the decay mu = beta1
 * and without their bias, behind k of them, and L the Lipschitz constant of the gradient, the displaced circuits of
 * parameter i get
 *
 *   s_i = ceil( 2 L eta / (2 - L eta) xi_i sum_j xi_j / (|chi|^2 + B mu^(k - 1)) )
 *
 * shots each, `DisplacedShots` at least, which are those of the first step. Each sample of a mini-batch has so many; that
 * samples differ is nothing that shots change, and not in xi. Of blocks, the sums are over the parameters of the current
 * one, and k counts its sweeps.
 */
import { Loss, Option } from '../abi/codes';
import { parameterCount } from '../memory/configuration';
import { integer, number } from '../memory/options';
import { get } from '../memory/reals';
import { Buffer, buffer } from '../memory/registers';
import { Sum, setSum } from '../memory/sums';
import { isMoved, powerOf, sweepsBefore } from '../program/blocks';
import { coefficientSum } from '../program/observable';
import { Next } from './contract';
import { beginDescent, descend, endDescent, renew } from './moves';
import { setRates } from './schedule';

/** B, the paper's b: keeps the quotient finite while the gradient is small. */
const REGULARISER: real = <real>1e-6;

/** L, once the observable is known. */
export function lipschitz(): real {
  const own = number(Option.Lipschitz);
  if (own > 0) return own;
  // Of several energies a sample has one: the mean.
  return integer(Option.Loss) == Loss.Energy ? coefficientSum() / <real>integer(Option.Outputs) : 1;
}

/** Works out what the current step's shots go by: s_i over the running mean of xi_i. */
export function allotShots(): void {
  const k = sweepsBefore();
  const decay = number(Option.Beta1);
  const bias: real = 1 - powerOf(decay, k);
  let square: real = 0;
  let spread: real = 0;
  for (let i = integer(Option.Parameters) - 1; i >= 0; i--) {
    if (!isMoved(i)) continue;
    const mean = get(buffer(Buffer.FirstMoment), i) / bias;
    square += mean * mean;
    spread += get(buffer(Buffer.SecondMoment), i) / bias;
  }
  // With the schedule.
  const steep = lipschitz() * setRates(number(Option.Rate));
  const gain: real = (2 * steep) / (2 - steep);
  const allotment = (gain * spread) / (square + REGULARISER * powerOf(decay, k - 1)) / bias;
  setSum(Sum.Allotment, k > 0 ? allotment : 0);
}

export function gcans(stage: i32): Next {
  if (stage == 0) return Next.LossAndGradient;
  const rate = beginDescent();
  const circuit = integer(Option.Parameters);
  const count = parameterCount();
  const decay = number(Option.Beta1);
  for (let i = 0; i < count; i++) {
    if (!isMoved(i)) continue;
    const slope = get(buffer(Buffer.Gradient), i);
    if (i < circuit) {
      renew(buffer(Buffer.FirstMoment), i, slope, decay);
      renew(buffer(Buffer.SecondMoment), i, sqrt<real>(get(buffer(Buffer.Spreads), i)), decay);
    }
    descend(i, slope);
  }
  return endDescent(rate);
}
