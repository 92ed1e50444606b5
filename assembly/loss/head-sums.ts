/**
 * Gradient and curvature of the loss along the head, summed over a pool that is measured once: what a Newton step of
 * the head needs. With phi = (f, 1), l' and l'' the derivatives of a sample's loss by its logits and C the covariance
 * of its measured outputs, for each logit c
 *
 *   g_c = mean[ l'_c phi - (C q_c, 0) + r_c (w_c, 0) ],     q_c = sum_d l''_cd w_d
 *   H_c = mean[ h_c (phi phi^T - C (+) 0) + r_c I ],     r_c = .01 min(1, 32/M) |l'_c|, at least 1e-6, of M shots a sample
 *
 * where C takes off what shot noise adds: the noise of f is in l' too, and E[l'(z) f] has l'' C w more, and E[f f^T] has
 * C more, than of the true outputs. Of the squared error g and H are unbiased. Curvatures of different logits go apart.
 *
 *   loss                         l''                 h
 *   mean square                  2                   2
 *   cross-entropy, one logit     s (1 - s)           l''       s = |l'|
 *   softmax                      p_c (d_cd - p_d)    l''_cc
 *   hinge                        0                   1 / (2 max(|1 - y z|, 1/2))
 *   energy                       0                   0
 *
 * The hinge has no curvature of its own: h is that of the parabola that touches it at z and is nowhere below it
 * (Groenen, Nalbantoglu and Bioch, "SVM-Maj", 2008), which a Newton step then goes to the bottom of.
 */
import { Loss, Option } from '../abi/codes';
import { batchTarget, outputsRow } from '../memory/batch';
import { headByNewton, headWidth } from '../memory/configuration';
import { integer } from '../memory/options';
import { at, clear, get, increase, put } from '../memory/reals';
import { Buffer, buffer } from '../memory/registers';
import { exp } from '../number/math';
import { headPlace, outputRow, partition, largest, sampleBend, sampleSlope } from './loss';

/** r of a sample that is wholly wrong, of few shots, and the least. */
const RIDGE: real = <real>1e-2;
const LEAST_RIDGE: real = <real>1e-6;

/** What stands for |l'| of the squared error: r is there for the curvature to be definite, for nothing grows. */
const SQUARE_SLOPE: real = <real>0.1;

/** Shots of each sample from which r falls. */
const FEW_SHOTS: real = 32;

/**
 * r: what holds the weights, so that the curvature is never nothing. It holds them the more the fewer the shots are, for
 * what C takes off is right to first order alone: where the noise of z, which grows with the weights, is no longer small,
 * the slopes of samples on the right side of the boundary come out too large, and nothing else would end their growth.
 * And it holds them the more the more samples are on the wrong side: where all are on the right one, weights may grow.
 * 0 without Newton steps.
 * @param slope l'
 */
function ridge(slope: real): real {
  if (!headByNewton()) return 0;
  const share = FEW_SHOTS / max<real>(<real>integer(Option.Shots), FEW_SHOTS);
  const wrong = integer(Option.Loss) == Loss.MeanSquare ? SQUARE_SLOPE : abs<real>(slope);
  return max<real>(RIDGE * share * wrong, LEAST_RIDGE);
}

/** Adds r (w, 0) to g and r I to H of one logit. */
function hold(logit: i32, r: real): void {
  const outputs = integer(Option.Outputs);
  for (let j = 0; j <= outputs; j++) {
    const place = headPlace(logit, j);
    if (j < outputs) increase(buffer(Buffer.Gradient), place, r * get(buffer(Buffer.Parameters), place));
    increase(curvatureOf(Buffer.Curvature, logit), (j * (j + 3)) >> 1, r);
  }
}

/** The hinge's parabola is no narrower than at this distance from its corner. */
const LEAST_DISTANCE: real = <real>0.5;

/** A logit's curvature: the lower half of a symmetric matrix, row by row. */
export function curvatureOf(name: Buffer, logit: i32): usize {
  const width = headWidth();
  return at(buffer(name), logit * ((width * (width + 1)) >> 1));
}

/** g = 0 and H = 0 of one logit. */
function beginSums(logit: i32): void {
  clear(curvatureOf(Buffer.Curvature, logit), curvatureOf(Buffer.Curvature, logit + 1));
  for (let j = 0; j <= integer(Option.Outputs); j++) put(buffer(Buffer.Gradient), headPlace(logit, j), 0);
}

/** h of a loss of one logit. @param bend l'' */
function heldCurvature(sample: i32, label: i32, bend: real): real {
  if (integer(Option.Loss) != Loss.Hinge) return bend;
  const distance = abs<real>(1 - batchTarget(sample, label) * load<real>(outputRow(sample)));
  return <real>0.5 / max<real>(distance, LEAST_DISTANCE);
}

/**
 * Adds one sample to the sums of one logit; the pool's first sample begins them. Comes behind its `sampleLoss`, and with
 * shots behind its covariance.
 * @param sample its row in the batch, of which the outputs are kept
 * @param share w/B
 * @param noisy whether the outputs have a covariance, in `Buffer.Factor`
 */
export function addHeadSums(logit: i32, sample: i32, label: i32, share: real, noisy: bool): void {
  if (sample == 0) beginSums(logit);
  const outputs = integer(Option.Outputs);
  const logits = integer(Option.Logits);
  const f = outputsRow(Buffer.Pool, sample);
  const row = outputRow(sample);
  const gradient = buffer(Buffer.Gradient);
  const parameters = buffer(Buffer.Parameters);
  const curvature = curvatureOf(Buffer.Curvature, logit);
  const covariance = buffer(Buffer.Factor);
  const softmax = logits > 1;
  const top = largest(row, logits);
  const all: real = softmax ? partition(row, logits, top) : 1;
  const chance: real = softmax ? exp(get(row, logit) - top) / all : 0;
  const slope: real = softmax ? chance - <real>(logit == label) : sampleSlope(sample);
  const bend: real = softmax ? chance * (1 - chance) : sampleBend(sample);
  const held: real = share * (softmax ? bend : heldCurvature(sample, label, bend));
  let place = 0;
  for (let i = 0; i < outputs; i++) {
    const fi = get(f, i);
    increase(gradient, headPlace(logit, i), share * slope * fi);
    for (let j = 0; j <= i; j++, place++) {
      const noise: real = noisy ? get(covariance, place) : 0;
      increase(curvature, place, held * (fi * get(f, j) - noise));
    }
  }
  for (let j = 0; j < outputs; j++, place++) increase(curvature, place, held * get(f, j));
  increase(curvature, place, held);
  increase(gradient, headPlace(logit, outputs), share * slope);
  hold(logit, share * ridge(slope));
  if (!noisy) return;
  for (let k = 0; k < outputs; k++) {
    // q_k
    let pull = get(parameters, headPlace(logit, k));
    if (softmax) {
      for (let d = 0; d < logits; d++)
        pull -= (exp(get(row, d) - top) / all) * get(parameters, headPlace(d, k));
      pull *= chance;
    } else {
      pull *= bend;
    }
    for (let i = 0; i < outputs; i++) {
      const noise = get(covariance, i < k ? ((k * (k + 1)) >> 1) + i : ((i * (i + 1)) >> 1) + k);
      increase(gradient, headPlace(logit, i), -share * noise * pull);
    }
  }
}
