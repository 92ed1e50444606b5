/**
 * Losses of one sample, Eq. 6 before the mean, and the classical head. With y = -1 or +1 for the
 * classes 0 and 1, or a sample's target where they have some, and z the model's output:
 *
 *   mean square  (z - y)^2
 *   hinge        max(0, 1 - y z)
 *   cross-entropy, one logit     log(1 + e^(-y z))
 *   cross-entropy, no head       -log p,  p = (1 + (1 - SMOOTHING) y f) / 2
 *   cross-entropy, C >= 2 logits -log softmax(z)_label
 *   energy       z
 *
 * A mini-batch's loss is sum_i w_i l_i / B, with B its samples whatever their weights: w_i = 1, or a sample's weight
 * where they have some. Whoever gives weights gives them a mean of 1 over the training set, so that rates keep their
 * meaning.
 *
 * z is the bare expectation f_0 (of several, which only the energy has, f_label), or the head's logits
 * z_c = sum_k W_ck f_k + b_c. Parameters are laid
 * out as circuit parameters, then W row by row (C x K), then b (C).
 */
import { Loss, Option } from '../abi/codes';
import { batchTarget, outputsRow, partsRow } from '../memory/batch';
import { outputWidth, solvesAngles, splitsGradient } from '../memory/configuration';
import { integer } from '../memory/options';
import { at, get, increase, put } from '../memory/reals';
import { Buffer, buffer } from '../memory/registers';
import { exp, log, log1p } from '../number/math';

/** Keeps log p and its slope finite when all shots agree: a power of two, so exact in both precisions. */
const SMOOTHING: real = <real>0.0078125;

/** Whether the loss has a value wherever an observable of this norm can be: only the bare cross-entropy may have none. */
export function hasValueTo(norm: real): bool {
  const bare = integer(Option.Logits) == 0 && integer(Option.Loss) == Loss.CrossEntropy;
  return !bare || (1 - SMOOTHING) * norm < 1;
}

/** The head's weights and biases in a parameter-shaped buffer. */
function headWeights(name: Buffer): usize {
  return at(buffer(name), integer(Option.Parameters));
}

function headBiases(name: Buffer): usize {
  return at(headWeights(name), integer(Option.Logits) * integer(Option.Outputs));
}

/** Place of a logit's weight of an output among the parameters; of its bias where the output is one behind the last. */
export function headPlace(logit: i32, output: i32): i32 {
  const outputs = integer(Option.Outputs);
  const place = output < outputs ? logit * outputs + output : integer(Option.Logits) * outputs + logit;
  return integer(Option.Parameters) + place;
}

/** dl/dz of the latest `sampleLoss` of a sample with one output number. */
export function sampleSlope(sample: i32): real {
  return get(buffer(Buffer.Slopes), sample);
}

/** d2l/dz2 of it, but for the corner of the hinge. */
export function sampleBend(sample: i32): real {
  const kind = integer(Option.Loss);
  const slope = abs<real>(sampleSlope(sample));
  if (kind == Loss.MeanSquare) return 2;
  if (kind != Loss.CrossEntropy) return 0;
  return integer(Option.Logits) == 0 ? slope * slope : slope * (1 - slope);
}

/** A sample's row of the outputs buffer. */
export function outputRow(sample: i32): usize {
  return at(buffer(Buffer.Outputs), sample * outputWidth());
}

/** The output that is read without a head. */
function readOutput(label: i32): i32 {
  return integer(Option.Outputs) > 1 ? max(label, 0) : 0;
}

/** Fills a sample's row of outputs from its lane's expectations. */
function computeOutputs(row: usize, expectations: usize, label: i32): void {
  const logits = integer(Option.Logits);
  const outputs = integer(Option.Outputs);
  put(row, 0, get(expectations, logits == 0 ? readOutput(label) : 0));
  for (let c = 0; c < logits; c++) {
    let z = get(headBiases(Buffer.Active), c);
    for (let k = 0; k < outputs; k++)
      z += get(headWeights(Buffer.Active), c * outputs + k) * get(expectations, k);
    put(row, c, z);
  }
}

/** Largest logit of a row. */
export function largest(row: usize, logits: i32): real {
  let top = load<real>(row);
  for (let c = 0; c < logits; c++) top = max(top, get(row, c));
  return top;
}

/** sum_c e^(z_c - top) */
export function partition(row: usize, logits: i32, top: real): real {
  let sum: real = 0;
  for (let c = 0; c < logits; c++) sum += exp(get(row, c) - top);
  return sum;
}

/** Loss of one output z against y. Its derivative by z goes into the sample's slope. */
function binaryLoss(sample: i32, z: real, y: real): real {
  const kind = integer(Option.Loss);
  const margin = y * z;
  let slope: real = 2 * (z - y);
  let loss: real = (z - y) * (z - y);
  if (kind == Loss.Hinge) {
    // The one that is taken for 1 - y z has no corner.
    slope = margin < 1 || solvesAngles() ? -y : 0;
    loss = max<real>(0, 1 - margin);
  } else if (kind == Loss.Energy) {
    slope = 1;
    loss = z;
  } else if (kind == Loss.CrossEntropy) {
    if (integer(Option.Logits) == 0) {
      const twice: real = 1 + (1 - SMOOTHING) * margin;
      slope = (-y * (1 - SMOOTHING)) / twice;
      loss = -log(<real>0.5 * twice);
    } else {
      // log(1 + e^-m) = max(0, -m) + log(1 + e^-|m|) and -y sigmoid(-m), with the exponential never above 1
      const e = exp(-abs<real>(margin));
      slope = (-y * (margin > 0 ? e : 1)) / (1 + e);
      loss = max<real>(0, -margin) + log1p(e);
    }
  }
  put(buffer(Buffer.Slopes), sample, slope);
  return loss;
}

/**
 * Computes one sample's model output and returns its loss (0 for a label below 0). Must come before the
 * sample's `sampleGradient`.
 * @param expectations its measured outputs
 * @param sample its row in the batch
 */
export function sampleLoss(expectations: usize, sample: i32, label: i32): real {
  const logits = integer(Option.Logits);
  const row = outputRow(sample);
  computeOutputs(row, expectations, label);
  if (label < 0) return 0;
  if (logits < 2) return binaryLoss(sample, get(row, 0), batchTarget(sample, label));
  const top = largest(row, logits);
  return log(partition(row, logits, top)) - (get(row, label) - top);
}

/**
 * `sampleLoss` and `sampleGradient` of one sample where the output is a bare expectation z, already in its row.
 * @param share w/B
 */
export function bareLoss(sample: i32, z: real, label: i32, share: real): real {
  const loss = binaryLoss(sample, z, batchTarget(sample, label));
  put(buffer(Buffer.OutputWeights), sample, 1);
  put(buffer(Buffer.Slopes), sample, get(buffer(Buffer.Slopes), sample) * share);
  return loss;
}

/**
 * Adds the head's gradient of one sample and prepares the circuit's. The loss reads the observable
 * O = sum_k v_k O_k, scaled to sum |v_k| = 1 so that |<O>| <= 1 for Pauli outputs:
 *
 *   no head v_0 = 1 (or v_label);   one logit v = w / |w|_1;   softmax v = u / |u|_1 with u_k = sum_c dl/dz_c W_ck
 *
 * and grad l = kappa grad <O>. Stores v in OutputWeights and kappa w/B in Slopes, in the sample's row.
 * @param expectations its measured outputs; nothing reads them without the head's gradient
 * @param share w/B
 * @param train whether the head's gradient is wanted too
 */
export function sampleGradient(expectations: usize, sample: i32, label: i32, share: real, train: bool): void {
  const logits = integer(Option.Logits);
  const outputs = integer(Option.Outputs);
  const row = outputRow(sample);
  const weights = outputsRow(Buffer.OutputWeights, sample);
  const softmax = logits > 1;
  const top = largest(row, logits);
  const slopes = buffer(Buffer.Slopes);
  const split = train && splitsGradient();
  const parts = at(partsRow(sample), integer(Option.Parameters));
  let sum: real = 1;
  let kappa: real = 1;
  if (softmax) sum = partition(row, logits, top);
  else kappa = get(slopes, sample);
  const only = logits == 0 ? readOutput(label) : -1;
  for (let k = 0; k < outputs; k++) put(weights, k, <real>(k == only));
  for (let c = 0; c < logits; c++) {
    let slope = kappa;
    let pull: real = 1;
    if (softmax) {
      slope = exp(get(row, c) - top) / sum - <real>(c == label);
      pull = slope;
    }
    for (let k = 0; k < outputs; k++) {
      const w = c * outputs + k;
      increase(weights, k, pull * get(headWeights(Buffer.Active), w));
      if (train) increase(headWeights(Buffer.Gradient), w, slope * share * get(expectations, k));
      if (split) put(parts, w, slope * share * get(expectations, k));
    }
    if (train) increase(headBiases(Buffer.Gradient), c, slope * share);
    if (split) put(parts, logits * outputs + c, slope * share);
  }
  let norm: real = 0;
  for (let k = 0; k < outputs; k++) norm += abs<real>(get(weights, k));
  if (norm > 0) for (let k = 0; k < outputs; k++) put(weights, k, get(weights, k) / norm);
  put(slopes, sample, kappa * norm * share);
}
