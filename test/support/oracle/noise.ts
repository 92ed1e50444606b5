/**
 * Circuits with noise as density matrices: every gate as U rho U*, every channel by its Kraus operators, as full
 * 2^n x 2^n matrices.
 */
import { Channel, Source } from '../../../assembly/abi/codes.ts';
import {
  circuitAngles,
  encode,
  isRotation,
  type OracleModel,
  type OracleOp,
  operationMatrix,
  PAULI_I,
  PAULI_X,
  PAULI_Y,
  PAULI_Z,
  type Vector,
} from './circuit.ts';
import { assembleGradient, type Jacobian, type LossGradient } from './gradient.ts';
import { sampleLoss } from './loss.ts';
import { dagger, identity, kron, type Matrix, matrix2, plus, scaled, times, zeros } from './matrix.ts';

/** A channel behind the gates before it, as an entry of the table. A readout reads 0 as 1 by `rate`, 1 as 0 by `other`. */
export function channel(kind: Channel, qubit: number, rate: number, other = 0): OracleOp {
  return { kind, a: qubit, source: Source.Constant, index: 0, scale: other, offset: rate };
}

/** Whether an entry of the table is a channel, readout among them. */
export function isChannel({ kind }: OracleOp): boolean {
  return kind in Channel;
}

const real = (m: Matrix, factor: number) => scaled(m, { re: factor, im: 0 });

/** The Kraus operators of a channel of one qubit (Nielsen and Chuang, section 8.3). */
export function krausOperators(kind: Channel, rate: number): Matrix[] {
  const keep = Math.sqrt(1 - rate);
  const lose = Math.sqrt(rate);
  switch (kind) {
    case Channel.Depolarizing:
      return [
        real(PAULI_I, Math.sqrt(1 - (3 * rate) / 4)),
        ...[PAULI_X, PAULI_Y, PAULI_Z].map((pauli) => real(pauli, lose / 2)),
      ];
    case Channel.Damping:
      return [matrix2([1, 0], [0, 0], [0, 0], [keep, 0]), matrix2([0, 0], [lose, 0], [0, 0], [0, 0])];
    case Channel.Dephasing:
      return [matrix2([1, 0], [0, 0], [0, 0], [keep, 0]), matrix2([0, 0], [0, 0], [0, 0], [lose, 0])];
    default:
      throw new RangeError(`channel ${kind} has no Kraus operators`);
  }
}

/** A matrix of each qubit, as one. */
function product(qubits: number, factor: (qubit: number) => Matrix): Matrix {
  let result = identity(1);
  for (let q = 0; q < qubits; q++) result = kron(result, factor(q));
  return result;
}

const conjugated = (m: Matrix, rho: Matrix) => times(times(m, rho), dagger(m));

/** rho behind all gates and channels, for given angles of the operations. */
export function densityFromAngles(model: OracleModel, angles: Vector, features: Vector): Matrix {
  const { qubits, operations } = model;
  const psi = encode(model, features);
  const size = 2 ** qubits;
  let rho = zeros(size);
  for (let r = 0; r < size; r++) for (let c = 0; c < size; c++) rho.re[r * size + c] = psi.re[r] * psi.re[c];
  operations.forEach((op, j) => {
    if (op.kind === Channel.Readout) return;
    if (!isChannel(op)) {
      rho = conjugated(operationMatrix(qubits, op, angles[j]), rho);
      return;
    }
    const before = rho;
    rho = krausOperators(op.kind as Channel, op.offset)
      .map((kraus) =>
        conjugated(
          product(qubits, (q) => (q === op.a ? kraus : PAULI_I)),
          before,
        ),
      )
      .reduce(plus);
  });
  return rho;
}

/** What a measured letter of a qubit is read as: (1 - e - f) L + (f - e) I, once for each readout of the qubit. */
function readLetter(model: OracleModel, qubit: number, letter: Matrix): Matrix {
  return model.operations
    .filter((op) => op.kind === Channel.Readout && op.a === qubit)
    .reduce((read, { offset: e, scale: f }) => plus(real(read, 1 - e - f), real(PAULI_I, f - e)), letter);
}

/** O_k as a matrix, with all that is read wrong. */
export function noisyObservable(model: OracleModel, output: number): Matrix {
  let sum = zeros(2 ** model.qubits);
  for (const term of model.terms) {
    if (term.output !== output) continue;
    const string = product(model.qubits, (q) => {
      const x = (term.xMask >> q) & 1;
      const z = (term.zMask >> q) & 1;
      if (x + z === 0) return PAULI_I;
      const letter = x === 1 ? (z === 1 ? PAULI_Y : PAULI_X) : PAULI_Z;
      return real(readLetter(model, q, letter), 1 - 2 * model.readoutError);
    });
    sum = plus(sum, real(string, term.coefficient));
  }
  return sum;
}

/** tr(a b), the real part. */
function trace(a: Matrix, b: Matrix): number {
  let sum = 0;
  for (let r = 0; r < a.size; r++) {
    for (let c = 0; c < a.size; c++) {
      const [at, to] = [r * a.size + c, c * a.size + r];
      sum += a.re[at] * b.re[to] - a.im[at] * b.im[to];
    }
  }
  return sum;
}

/** f_0 to f_{K-1} of one sample, for given angles of the operations. */
export function noisyOutputsFromAngles(model: OracleModel, angles: Vector, features: Vector): number[] {
  const rho = densityFromAngles(model, angles, features);
  return Array.from({ length: model.outputs }, (_, k) => trace(rho, noisyObservable(model, k)));
}

/** f_0 to f_{K-1} of one sample. */
export function noisyOutputs(model: OracleModel, parameters: Vector, features: Vector): number[] {
  return noisyOutputsFromAngles(model, circuitAngles(model, parameters, features), features);
}

/** df_k / dtheta_p by Eq. 7: channels stand between the gates, and each angle is displaced alone. */
export function noisyJacobian(model: OracleModel, parameters: Vector, features: Vector): Jacobian {
  const angles = circuitAngles(model, parameters, features);
  const jacobian = Array.from({ length: model.outputs }, () => new Array<number>(model.parameters).fill(0));
  model.operations.forEach((op, j) => {
    if (op.source !== Source.Parameter || isChannel(op) || !isRotation(op)) return;
    const shifted = (by: number) =>
      noisyOutputsFromAngles(
        model,
        angles.map((angle, i) => (i === j ? angle + by : angle)),
        features,
      );
    const [up, down] = [shifted(Math.PI / 2), shifted(-Math.PI / 2)];
    for (let k = 0; k < model.outputs; k++) jacobian[k][op.index] += (op.scale * (up[k] - down[k])) / 2;
  });
  return jacobian;
}

/** The mini-batch loss (Eq. 6) of a noisy circuit and its gradients, exact expectations. */
export function noisyGradient(
  model: OracleModel,
  theta: Vector,
  batch: readonly Vector[],
  labels: Vector,
): LossGradient {
  const samples = batch.map((features, b) => {
    const f = noisyOutputs(model, theta, features);
    const jacobian = noisyJacobian(model, theta, features);
    return { sample: sampleLoss(model, theta, f, labels[b]), f, jacobian, weight: 1 };
  });
  return assembleGradient(model, theta, samples);
}

/** The mini-batch loss of a noisy circuit. */
export function noisyLoss(
  model: OracleModel,
  theta: Vector,
  batch: readonly Vector[],
  labels: Vector,
): number {
  const losses = batch.map(
    (features, b) => sampleLoss(model, theta, noisyOutputs(model, theta, features), labels[b]).loss,
  );
  return losses.reduce((sum, loss) => sum + loss, 0) / batch.length;
}

const CHANNELS = [Channel.Depolarizing, Channel.Damping, Channel.Dephasing];

/**
 * The model with channels behind its gates: of each gate, on each of its qubits, none to three, of any kinds in any
 * order; and with what is read wrong of some qubits.
 */
export function withNoise(model: OracleModel, rng: () => number, readout = true): OracleModel {
  const operations = model.operations.flatMap((op) => {
    const qubits = op.b === undefined ? [op.a] : [op.a, op.b];
    const noise = qubits.flatMap((qubit) =>
      Array.from({ length: Math.floor(rng() * 4) }, () =>
        // Now and then all is lost, or nothing.
        channel(CHANNELS[Math.floor(rng() * 3)], qubit, rng() < 0.1 ? Math.round(rng()) : 0.2 * rng()),
      ),
    );
    return [op, ...noise];
  });
  const misread = Array.from({ length: readout ? model.qubits : 0 }, (_, qubit) =>
    channel(Channel.Readout, qubit, 0.1 * rng(), 0.2 * rng()),
  );
  return { ...model, operations: [...operations, ...misread.filter(() => rng() < 0.7)] };
}
