/** Losses of one sample and their derivatives, with and without the linear head. */
import { Loss } from '../../../assembly/abi/codes.ts';
import type { OracleModel, Vector } from './circuit.ts';

/** Keeps the bare cross-entropy finite at f = -y: p = (1 + (1 - eps) y f) / 2. */
const BARE_CROSS_ENTROPY_MARGIN = 2 ** -7;

/** The loss of one sample and what back-propagation needs of it. */
export interface SampleLoss {
  loss: number;
  /** dl/dz_c for every logit; a single entry dl/df_0 without a head. */
  logitGradient: number[];
  /** u_k = dl/df_k for every output: the weights of the observable that the loss reads. */
  outputGradient: number[];
}

/** Circuit parameters + weights + biases. */
export function parameterCount(model: OracleModel): number {
  return model.parameters + model.logits * model.outputs + model.logits;
}

/** W[c, k] of the head. */
function headWeight(model: OracleModel, parameters: Vector, c: number, k: number): number {
  return parameters[model.parameters + c * model.outputs + k];
}

/** The output that is read without a head: of several, which only the energy has, the label's. */
function readOutput(model: OracleModel, label: number): number {
  return model.outputs > 1 ? Math.max(label, 0) : 0;
}

/** z: the bare f_0 (or f_label) without a head, otherwise z_c = sum_k W[c,k] f_k + b_c. */
export function logits(model: OracleModel, parameters: Vector, f: Vector, label = 0): number[] {
  if (model.logits === 0) return [f[readOutput(model, label)]];
  return Array.from({ length: model.logits }, (_, c) => {
    let z = parameters[model.parameters + model.logits * model.outputs + c];
    for (let k = 0; k < model.outputs; k++) z += headWeight(model, parameters, c, k) * f[k];
    return z;
  });
}

/** log(1 + exp(x)) without overflow. */
function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

function binaryLoss(model: OracleModel, z: number, y: number): { loss: number; slope: number } {
  switch (model.loss) {
    case Loss.MeanSquare:
      return { loss: (z - y) ** 2, slope: 2 * (z - y) };
    case Loss.Hinge:
      return 1 - y * z > 0 ? { loss: 1 - y * z, slope: -y } : { loss: 0, slope: 0 };
    case Loss.Energy:
      return { loss: z, slope: 1 };
    case Loss.CrossEntropy: {
      if (model.logits === 1) return { loss: softplus(-y * z), slope: -y / (1 + Math.exp(y * z)) };
      const p = (1 + (1 - BARE_CROSS_ENTROPY_MARGIN) * y * z) / 2;
      return { loss: -Math.log(p), slope: (-(1 - BARE_CROSS_ENTROPY_MARGIN) * y) / (2 * p) };
    }
  }
}

/** y of the losses without softmax. */
export function targetOf(model: OracleModel, label: number): number {
  if (model.targets) return label;
  return label === 0 ? -1 : 1;
}

function softmaxLoss(z: number[], label: number): { loss: number; slopes: number[] } {
  const largest = Math.max(...z);
  const exponentials = z.map((v) => Math.exp(v - largest));
  const sum = exponentials.reduce((a, b) => a + b, 0);
  return {
    loss: Math.log(sum) + largest - z[label],
    slopes: exponentials.map((e, c) => e / sum - (c === label ? 1 : 0)),
  };
}

/**
 * The loss of one sample whose (exact or estimated) outputs are f.
 * @param label class index; with at most one logit class 0 is y = -1 and class 1 is y = +1; or, of a model with
 *   targets, y itself
 */
export function sampleLoss(model: OracleModel, parameters: Vector, f: Vector, label: number): SampleLoss {
  const z = logits(model, parameters, f, label);
  if (model.logits >= 2) {
    if (model.loss !== Loss.CrossEntropy) throw new RangeError('softmax goes with the cross-entropy only');
    const { loss, slopes } = softmaxLoss(z, label);
    return { loss, logitGradient: slopes, outputGradient: throughHead(model, parameters, slopes) };
  }
  const { loss, slope } = binaryLoss(model, z[0], targetOf(model, label));
  if (model.logits === 1) {
    return { loss, logitGradient: [slope], outputGradient: throughHead(model, parameters, [slope]) };
  }
  const read = readOutput(model, label);
  const outputGradient = Array.from({ length: model.outputs }, (_, k) => (k === read ? slope : 0));
  return { loss, logitGradient: [slope], outputGradient };
}

function throughHead(model: OracleModel, parameters: Vector, logitGradient: number[]): number[] {
  return Array.from({ length: model.outputs }, (_, k) =>
    logitGradient.reduce((sum, slope, c) => sum + slope * headWeight(model, parameters, c, k), 0),
  );
}

/**
 * The weights o_k of the observable whose gradient norm is reported, sum_k |o_k| = 1 or all zero: f_0 without a head
 * (or f_label),
 * w / sum |w| with one logit, u / sum |u| of the sample with softmax.
 */
export function observableWeights(model: OracleModel, parameters: Vector, sample: SampleLoss): number[] {
  if (model.loss === Loss.Energy && model.logits === 0) return sample.outputGradient;
  if (model.logits === 0) return Array.from({ length: model.outputs }, (_, k) => (k === 0 ? 1 : 0));
  const raw =
    model.logits === 1
      ? Array.from({ length: model.outputs }, (_, k) => headWeight(model, parameters, 0, k))
      : sample.outputGradient;
  const sum = raw.reduce((total, v) => total + Math.abs(v), 0);
  return raw.map((v) => (sum === 0 ? 0 : v / sum));
}
