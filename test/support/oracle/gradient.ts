/** Exact gradients, three independent ways. */
import { Source } from '../../../assembly/abi/codes.ts';
import {
  circuitAngles,
  evaluate,
  generatorMatrix,
  isRotation,
  type OracleModel,
  operationMatrix,
  outputs,
  pauliMatrix,
  stateFromAngles,
  statesFromAngles,
  type Vector,
  weight,
} from './circuit.ts';
import { observableWeights, parameterCount, type SampleLoss, sampleLoss } from './loss.ts';
import { apply, dagger, inner, type Matrix, plus, scaled, zeros } from './matrix.ts';

/** How df_k/dtheta_p is computed. */
export type Method = 'adjoint' | 'parameter-shift' | 'central-differences';

/** The mini-batch loss and its gradients. */
export interface LossGradient {
  /** Mean over the batch. */
  loss: number;
  /** Over all parameters: the circuit's P, then W row-major, then b. */
  gradient: number[];
  /** Over the circuit's P parameters: the batch mean of the gradient of the observable that the loss reads. */
  observableGradient: number[];
}

/** jacobian[k][p] = df_k / dtheta_p, outputs x circuit parameters. */
export type Jacobian = number[][];

/**
 * Derivative of g at x: central differences at h, h/2 and h/4, Richardson-extrapolated twice. The error is of
 * order h^6, about 1e-11 for the default h and derivatives of order 1.
 */
export function derivative(g: (x: number) => number, x: number, h = 0.02): number {
  const central = (step: number) => (g(x + step) - g(x - step)) / (2 * step);
  const [coarse, middle, fine] = [central(h), central(h / 2), central(h / 4)];
  const first = (4 * middle - coarse) / 3;
  const second = (4 * fine - middle) / 3;
  return (16 * second - first) / 15;
}

function emptyJacobian(model: OracleModel): Jacobian {
  return Array.from({ length: model.outputs }, () => new Array<number>(model.parameters).fill(0));
}

function differencesJacobian(model: OracleModel, parameters: Vector, features: Vector): Jacobian {
  const jacobian = emptyJacobian(model);
  for (let k = 0; k < model.outputs; k++) {
    for (let p = 0; p < model.parameters; p++) {
      const moved = Array.from(parameters);
      jacobian[k][p] = derivative((value) => {
        moved[p] = value;
        return evaluate(model, moved, features)[k];
      }, parameters[p]);
    }
  }
  return jacobian;
}

/**
 * Eq. 7 for one operation: its angle alone moves by +pi/2 and -pi/2. A parameter's derivative is the sum over the
 * operations that use it, each times its scale (chain rule).
 */
function shiftJacobian(model: OracleModel, parameters: Vector, features: Vector): Jacobian {
  const jacobian = emptyJacobian(model);
  const angles = circuitAngles(model, parameters, features);
  model.operations.forEach((op, j) => {
    if (op.source !== Source.Parameter || !isRotation(op)) return;
    const shifted = (shift: number) => {
      const moved = angles.map((angle, i) => (i === j ? angle + shift : angle));
      return outputs(model, stateFromAngles(model, moved, features));
    };
    const forward = shifted(Math.PI / 2);
    const backward = shifted(-Math.PI / 2);
    for (let k = 0; k < model.outputs; k++) {
      jacobian[k][op.index] += (op.scale * (forward[k] - backward[k])) / 2;
    }
  });
  return jacobian;
}

/** O_k as a 2^n x 2^n matrix, readout damping included. */
export function observableMatrix(model: OracleModel, output: number): Matrix {
  let sum = zeros(2 ** model.qubits);
  for (const term of model.terms) {
    if (term.output !== output) continue;
    const damped = term.coefficient * (1 - 2 * model.readoutError) ** weight(term);
    sum = plus(sum, scaled(pauliMatrix(model.qubits, term.xMask, term.zMask), { re: damped, im: 0 }));
  }
  return sum;
}

/**
 * Reverse mode. With |psi_j> the state after operation j and |lambda_j> = U_{j+1}^dagger ... U_m^dagger O |psi_m>,
 * dU_j/dangle = -i/2 P U_j gives df/dangle_j = 2 Re <lambda_j| -i/2 P |psi_j> = Im <lambda_j| P |psi_j>.
 */
function adjointJacobian(model: OracleModel, parameters: Vector, features: Vector): Jacobian {
  const jacobian = emptyJacobian(model);
  const angles = circuitAngles(model, parameters, features);
  const states = statesFromAngles(model, angles, features);
  const last = model.operations.length;
  for (let k = 0; k < model.outputs; k++) {
    let lambda = apply(observableMatrix(model, k), states[last]);
    for (let j = last - 1; j >= 0; j--) {
      const op = model.operations[j];
      if (op.source === Source.Parameter && isRotation(op)) {
        const slope = inner(lambda, apply(generatorMatrix(model.qubits, op), states[j + 1])).im;
        jacobian[k][op.index] += op.scale * slope;
      }
      lambda = apply(dagger(operationMatrix(model.qubits, op, angles[j])), lambda);
    }
  }
  return jacobian;
}

/** df_k/dtheta_p of one sample by the chosen method. */
export function outputJacobian(
  model: OracleModel,
  parameters: Vector,
  features: Vector,
  method: Method = 'adjoint',
): Jacobian {
  if (method === 'adjoint') return adjointJacobian(model, parameters, features);
  if (method === 'parameter-shift') return shiftJacobian(model, parameters, features);
  return differencesJacobian(model, parameters, features);
}

/** A sample's loss counted by its weight, and its derivatives. */
export function weighted(sample: SampleLoss, weight: number): SampleLoss {
  const times = (values: number[]) => values.map((value) => weight * value);
  return {
    loss: weight * sample.loss,
    logitGradient: times(sample.logitGradient),
    outputGradient: times(sample.outputGradient),
  };
}

/** The mini-batch loss, exact expectations (Eq. 6). @param weights of its samples; default: 1 each */
export function batchLoss(
  model: OracleModel,
  theta: Vector,
  batch: readonly Vector[],
  labels: Vector,
  weights?: Vector,
): number {
  const total = batch.reduce((sum, features, b) => {
    const { loss } = sampleLoss(model, theta, evaluate(model, theta, features), labels[b]);
    return sum + (weights?.[b] ?? 1) * loss;
  }, 0);
  return total / batch.length;
}

/** One sample's contribution to the gradients: its loss derivatives, outputs and Jacobian, exact or estimated. */
export interface SampleGradient {
  sample: SampleLoss;
  f: number[];
  jacobian: Jacobian;
  /** How much the sample's loss counts. */
  weight: number;
}

/** Chain rule over a batch: from per-sample Jacobians to the gradient of the mean loss over all parameters. */
export function assembleGradient(
  model: OracleModel,
  theta: Vector,
  samples: readonly SampleGradient[],
): LossGradient {
  const gradient = new Array<number>(parameterCount(model)).fill(0);
  const observableGradient = new Array<number>(model.parameters).fill(0);
  const biases = model.parameters + model.logits * model.outputs;
  let loss = 0;
  for (const { sample: own, f, jacobian, weight } of samples) {
    const share = 1 / samples.length;
    // The observable is the sample's own, whatever the sample counts.
    const weights = observableWeights(model, theta, own);
    const sample = weighted(own, weight);
    loss += share * sample.loss;
    for (let k = 0; k < model.outputs; k++) {
      for (let p = 0; p < model.parameters; p++) {
        gradient[p] += share * sample.outputGradient[k] * jacobian[k][p];
        observableGradient[p] += share * weights[k] * jacobian[k][p];
      }
      for (let c = 0; c < model.logits; c++) {
        gradient[model.parameters + c * model.outputs + k] += share * sample.logitGradient[c] * f[k];
      }
    }
    for (let c = 0; c < model.logits; c++) gradient[biases + c] += share * sample.logitGradient[c];
  }
  return { loss, gradient, observableGradient };
}

/**
 * The mini-batch loss, its gradient over all parameters and the gradient of the observable, exact expectations.
 * By central differences the loss itself is differentiated, head and loss function included.
 * @param theta all parameters, head included
 * @param batch one feature vector per sample
 * @param labels one class index per sample
 * @param weights how much each sample's loss counts; default: 1 each
 */
export function lossGradient(
  model: OracleModel,
  theta: Vector,
  batch: readonly Vector[],
  labels: Vector,
  method: Method = 'adjoint',
  weights?: Vector,
): LossGradient {
  const samples = batch.map((features, b) => {
    const f = evaluate(model, theta, features);
    const sample = sampleLoss(model, theta, f, labels[b]);
    const jacobian = outputJacobian(model, theta, features, method);
    return { sample, f, jacobian, weight: weights?.[b] ?? 1 };
  });
  const assembled = assembleGradient(model, theta, samples);
  if (method !== 'central-differences') return assembled;
  const moved = Array.from(theta);
  const gradient = moved.map((value, p) => {
    const slope = derivative((x) => {
      moved[p] = x;
      return batchLoss(model, moved, batch, labels, weights);
    }, value);
    moved[p] = value;
    return slope;
  });
  return { ...assembled, gradient };
}

/** The Euclidean norm of the first `count` entries. */
export function norm(vector: Vector, count = vector.length): number {
  let squares = 0;
  for (let i = 0; i < count; i++) squares += vector[i] ** 2;
  return Math.sqrt(squares);
}
