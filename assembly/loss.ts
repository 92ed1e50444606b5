/**
 * Losses of one sample, Eq. 6 before the mean, and the classical head. With y = -1 or +1 for the
 * classes 0 and 1 and z the model's output:
 *
 *   mean square  (z - y)^2
 *   hinge        max(0, 1 - y z)
 *   cross-entropy, one logit     log(1 + e^(-y z))
 *   cross-entropy, no head       -log p,  p = (1 + (1 - SMOOTHING) y f) / 2
 *   cross-entropy, C >= 2 logits -log softmax(z)_label
 *
 * z is the bare expectation f_0, or the head's logits z_c = sum_k W_ck f_k + b_c. Parameters are laid
 * out as circuit parameters, then W row by row (C x K), then b (C).
 */
import { Loss, Option } from "./status";
import { Buffer, LANE_WEIGHTS, PAIR, REAL, buffer, integer, outputWidth } from "./memory";
import { exp, log, log1p } from "./math";

/** Keeps log p and its slope finite when all shots agree: a power of two, so exact in both precisions. */
const SMOOTHING: real = <real>0.0078125;

/** Address of the head's first weight in a parameter-shaped buffer. */
function head(name: Buffer): usize {
  return buffer(name) + <usize>integer(Option.Parameters) * REAL;
}

/** Fills a sample's row of outputs from its lane's expectations. */
function computeOutputs(to: usize, expectations: usize): void {
  const logits = integer(Option.Logits);
  const outputs = integer(Option.Outputs);
  if (logits == 0) {
    store<real>(to, load<real>(expectations));
    return;
  }
  let weights = head(Buffer.Active);
  const biases = weights + <usize>(logits * outputs) * REAL;
  for (let c: usize = 0; c < <usize>logits; c++) {
    let z = load<real>(biases + c * REAL);
    for (let k: usize = 0; k < <usize>outputs; k++) {
      z += load<real>(weights) * load<real>(expectations + k * REAL);
      weights += REAL;
    }
    store<real>(to + c * REAL, z);
  }
}

/** Largest logit of a row. */
function largest(row: usize, logits: i32): real {
  let top = load<real>(row);
  for (let c = 1; c < logits; c++) top = max(top, load<real>(row + <usize>c * REAL));
  return top;
}

/** sum_c e^(z_c - top) */
function partition(row: usize, logits: i32, top: real): real {
  let sum: real = 0;
  for (let c = 0; c < logits; c++) sum += exp(load<real>(row + <usize>c * REAL) - top);
  return sum;
}

/** Loss of one output against y = -1 or +1. */
function binaryLoss(z: real, y: real): real {
  const kind = integer(Option.Loss);
  if (kind == Loss.MeanSquare) return (z - y) * (z - y);
  const margin = y * z;
  if (kind == Loss.Hinge) return max<real>(0, 1 - margin);
  if (integer(Option.Logits) == 0) return -log(<real>0.5 * (1 + (1 - SMOOTHING) * margin));
  // log(1 + e^-m) = max(0, -m) + log(1 + e^-|m|)
  return max<real>(0, -margin) + log1p(exp(-abs<real>(margin)));
}

/** Derivative of `binaryLoss` with respect to z. */
function binarySlope(z: real, y: real): real {
  const kind = integer(Option.Loss);
  if (kind == Loss.MeanSquare) return 2 * (z - y);
  const margin = y * z;
  if (kind == Loss.Hinge) return margin < 1 ? -y : 0;
  if (integer(Option.Logits) == 0) return (-y * (1 - SMOOTHING)) / (1 + (1 - SMOOTHING) * margin);
  // -y sigmoid(-m), with the exponential never above 1
  const e = exp(-abs<real>(margin));
  return (-y * (margin > 0 ? e : 1)) / (1 + e);
}

function sign(label: i32): real {
  return label == 0 ? -1 : 1;
}

/**
 * Puts out one sample's model output and returns its loss (0 for a label below 0).
 * @param lane where its expectations are
 * @param sample its row in the batch
 */
export function sampleLoss(lane: i32, sample: i32, label: i32): real {
  const outputs = <usize>integer(Option.Outputs);
  const row = buffer(Buffer.Outputs) + <usize>(sample * outputWidth()) * REAL;
  computeOutputs(row, buffer(Buffer.Expectations) + <usize>lane * outputs * REAL);
  if (label < 0) return 0;
  const logits = integer(Option.Logits);
  if (logits < 2) return binaryLoss(load<real>(row), sign(label));
  const top = largest(row, logits);
  return log(partition(row, logits, top)) - (load<real>(row + <usize>label * REAL) - top);
}

/**
 * Adds the head's gradient of one sample and prepares the circuit's. The loss reads the observable
 * O = sum_k v_k O_k, scaled to sum |v_k| = 1 so that |<O>| <= 1 for Pauli outputs:
 *
 *   no head v_0 = 1;   one logit v = w / |w|_1;   softmax v = u / |u|_1 with u_k = sum_c dl/dz_c W_ck
 *
 * and grad l = kappa grad <O>. Stores v in OutputWeights and {kappa/B, 1/B} of the lane in LANE_WEIGHTS.
 * @param share 1/B
 * @param train whether the head's gradient is wanted too
 */
export function sampleGradient(lane: i32, sample: i32, label: i32, share: real, train: bool): void {
  const logits = integer(Option.Logits);
  const outputs = integer(Option.Outputs);
  const row = buffer(Buffer.Outputs) + <usize>(sample * outputWidth()) * REAL;
  const expectations = buffer(Buffer.Expectations) + <usize>(lane * outputs) * REAL;
  const weights = buffer(Buffer.OutputWeights) + <usize>(lane * outputs) * REAL;
  const softmax = logits > 1;
  let kappa: real = 1;
  if (!softmax) kappa = binarySlope(load<real>(row), sign(label));
  store<real>(weights, 1);
  if (logits > 0) {
    for (let k = 0; k < outputs; k++) store<real>(weights + <usize>k * REAL, 0);
    const top = largest(row, logits);
    const sum = partition(row, logits, top);
    let matrix = head(Buffer.Active);
    let gradient = head(Buffer.Gradient);
    const biases = gradient + <usize>(logits * outputs) * REAL;
    for (let c = 0; c < logits; c++) {
      let slope = kappa;
      if (softmax) slope = exp(load<real>(row + <usize>c * REAL) - top) / sum - <real>(c == label);
      const pull: real = softmax ? slope : 1;
      for (let k: usize = 0; k < <usize>outputs; k++) {
        const weight = weights + k * REAL;
        store<real>(weight, load<real>(weight) + pull * load<real>(matrix));
        if (train) store<real>(gradient, load<real>(gradient) + slope * share * load<real>(expectations + k * REAL));
        matrix += REAL;
        gradient += REAL;
      }
      const bias = biases + <usize>c * REAL;
      if (train) store<real>(bias, load<real>(bias) + slope * share);
    }
    let norm: real = 0;
    for (let k = 0; k < outputs; k++) norm += abs<real>(load<real>(weights + <usize>k * REAL));
    if (norm > 0) for (let k = 0; k < outputs; k++) {
      const weight = weights + <usize>k * REAL;
      store<real>(weight, load<real>(weight) / norm);
    }
    kappa *= norm;
  }
  store<real>(LANE_WEIGHTS + <usize>lane * REAL, kappa * share);
  store<real>(LANE_WEIGHTS + <usize>lane * REAL, share, PAIR);
}
