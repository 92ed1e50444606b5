/**
 * Circuits, encodings and observables from their textbook definitions, as full 2^n x 2^n matrices.
 *
 * Conventions: qubit 0 is the leftmost Kronecker factor, so it is the most significant bit of the amplitude index.
 * Operations are listed in time order. A rotation is exp(-i angle/2 P) for its Pauli string P.
 */
import { type Channel, Encoding, type Loss, Operation, Source } from '../../../assembly/abi/codes.ts';
import {
  apply,
  basisState,
  identity,
  inner,
  kron,
  type Matrix,
  matrix2,
  plus,
  type State,
  scaled,
  times,
} from './matrix.ts';

/** One row of the circuit table: angle = scale * v + offset, v being what `source` and `index` name. */
export interface OracleOp {
  kind: Operation | Channel;
  /** The qubit; the first qubit of a two-qubit rotation; the control of CNOT. */
  a: number;
  /** The second qubit of a two-qubit operation; the target of CNOT. */
  b?: number;
  source: Source;
  /** Which parameter or feature. */
  index: number;
  scale: number;
  offset: number;
}

/** coefficient * P in output number `output`. Bit q of a mask belongs to qubit q: x only is X, z only Z, both Y. */
export interface OracleTerm {
  output: number;
  xMask: number;
  zMask: number;
  coefficient: number;
}

/** A whole model. Its parameter vector is the circuit's `parameters`, then W row-major (logits x outputs), then b. */
export interface OracleModel {
  qubits: number;
  features: number;
  encoding: Encoding;
  operations: OracleOp[];
  /** Number of circuit parameters P. */
  parameters: number;
  terms: OracleTerm[];
  /** Number of outputs K. */
  outputs: number;
  /** 0: no head; 1: one logit; C >= 2: softmax over C classes. */
  logits: number;
  loss: Loss;
  /** Probability that a measured bit flips, 0 to 1/2. */
  readoutError: number;
  /** The labels are targets: the numbers that z is to be. */
  targets?: boolean;
}

/** Anything indexed by numbers: a plain array or a typed one. */
export type Vector = ArrayLike<number>;

/** Every kind of operation, rotations of one qubit first, then those of two. */
export const KINDS: readonly Operation[] = [
  Operation.RX,
  Operation.RY,
  Operation.RZ,
  Operation.RXX,
  Operation.RYY,
  Operation.RZZ,
  Operation.CNOT,
  Operation.CZ,
];

/** The one-qubit identity. */
export const PAULI_I = matrix2([1, 0], [0, 0], [0, 0], [1, 0]);
/** Pauli X, the bit flip. */
export const PAULI_X = matrix2([0, 0], [1, 0], [1, 0], [0, 0]);
/** Pauli Y = i X Z. */
export const PAULI_Y = matrix2([0, 0], [0, -1], [0, 1], [0, 0]);
/** Pauli Z, +1 on |0> and -1 on |1>. */
export const PAULI_Z = matrix2([1, 0], [0, 0], [0, 0], [-1, 0]);
const PROJECTOR_0 = matrix2([1, 0], [0, 0], [0, 0], [0, 0]);
const PROJECTOR_1 = matrix2([0, 0], [0, 0], [0, 0], [1, 0]);

/** The Kronecker product over qubits 0 to n-1 of `factor(q)`. */
function kronOverQubits(qubits: number, factor: (qubit: number) => Matrix): Matrix {
  let result = identity(1);
  for (let q = 0; q < qubits; q++) result = kron(result, factor(q));
  return result;
}

const constants = new Map<string, Matrix>();

/** Matrices without an angle are built once: every circuit asks for the same few again and again. */
function remembered(key: string, build: () => Matrix): Matrix {
  const matrix = constants.get(key) ?? build();
  constants.set(key, matrix);
  return matrix;
}

/** The Pauli string of the two masks on n qubits. */
export function pauliMatrix(qubits: number, xMask: number, zMask: number): Matrix {
  return remembered(`Pauli ${qubits} ${xMask} ${zMask}`, () =>
    kronOverQubits(qubits, (q) => {
      const x = ((xMask >> q) & 1) === 1;
      const z = ((zMask >> q) & 1) === 1;
      if (x && z) return PAULI_Y;
      if (x) return PAULI_X;
      return z ? PAULI_Z : PAULI_I;
    }),
  );
}

/** The Pauli string P that generates a rotation, as a 2^n x 2^n matrix. CNOT and CZ have none and throw. */
export function generatorMatrix(qubits: number, op: OracleOp): Matrix {
  const one = 1 << op.a;
  const two = one | (1 << secondQubit(op));
  switch (op.kind) {
    case Operation.RX:
      return pauliMatrix(qubits, one, 0);
    case Operation.RY:
      return pauliMatrix(qubits, one, one);
    case Operation.RZ:
      return pauliMatrix(qubits, 0, one);
    case Operation.RXX:
      return pauliMatrix(qubits, two, 0);
    case Operation.RYY:
      return pauliMatrix(qubits, two, two);
    case Operation.RZZ:
      return pauliMatrix(qubits, 0, two);
    default:
      throw new RangeError(`operation kind ${op.kind} is not a rotation`);
  }
}

/** Whether the operation is one of the six rotations. */
export function isRotation(op: OracleOp): boolean {
  return op.kind !== Operation.CNOT && op.kind !== Operation.CZ;
}

function secondQubit(op: OracleOp): number {
  return op.b ?? op.a;
}

/** |0><0| on the control (target untouched) + |1><1| on the control with `action` on the target. */
function controlled(qubits: number, control: number, target: number, action: Matrix): Matrix {
  const off = kronOverQubits(qubits, (q) => (q === control ? PROJECTOR_0 : PAULI_I));
  const on = kronOverQubits(qubits, (q) => (q === control ? PROJECTOR_1 : q === target ? action : PAULI_I));
  return plus(off, on);
}

/**
 * The 2^n x 2^n matrix of an operation. Since P^2 = 1, exp(-i angle/2 P) = cos(angle/2) 1 - i sin(angle/2) P.
 */
export function operationMatrix(qubits: number, op: OracleOp, angle: number): Matrix {
  if (!isRotation(op)) {
    const action = op.kind === Operation.CNOT ? PAULI_X : PAULI_Z;
    const [control, target] = [op.a, secondQubit(op)];
    return remembered(`controlled ${op.kind} ${qubits} ${control} ${target}`, () =>
      controlled(qubits, control, target, action),
    );
  }
  const cosine = scaled(identity(2 ** qubits), { re: Math.cos(angle / 2), im: 0 });
  const sine = scaled(generatorMatrix(qubits, op), { re: 0, im: -Math.sin(angle / 2) });
  return plus(cosine, sine);
}

/** The angle of every operation in time order (the offset for CNOT and CZ, which do not use it). */
export function circuitAngles(model: OracleModel, parameters: Vector, features: Vector): number[] {
  return model.operations.map((op) => {
    if (op.source === Source.Parameter) return op.scale * parameters[op.index] + op.offset;
    if (op.source === Source.Feature) return op.scale * features[op.index] + op.offset;
    return op.offset;
  });
}

/** U, the 2^n x 2^n product of all operations, the last one leftmost (Eq. 1). */
export function circuitMatrix(model: OracleModel, parameters: Vector, features: Vector): Matrix {
  let unitary = identity(2 ** model.qubits);
  circuitAngles(model, parameters, features).forEach((angle, j) => {
    unitary = times(operationMatrix(model.qubits, model.operations[j], angle), unitary);
  });
  return unitary;
}

/** The start state: |0...0>, or amplitude k = x_k / |x| for k < d and zero above. */
export function encode(model: OracleModel, features: Vector): State {
  const size = 2 ** model.qubits;
  if (model.encoding === Encoding.Zero) return basisState(size, 0);
  const state = { re: new Float64Array(size), im: new Float64Array(size) };
  let squares = 0;
  for (let k = 0; k < model.features; k++) squares += features[k] ** 2;
  for (let k = 0; k < model.features; k++) state.re[k] = features[k] / Math.sqrt(squares);
  return state;
}

/** The states between operations, operations + 1 of them: the encoded input first, |psi_out> (Eq. 3) last. */
export function statesFromAngles(model: OracleModel, angles: Vector, features: Vector): State[] {
  const states = [encode(model, features)];
  model.operations.forEach((op, j) => {
    states.push(apply(operationMatrix(model.qubits, op, angles[j]), states[j]));
  });
  return states;
}

/** |psi_out> (Eq. 3) for given operation angles. */
export function stateFromAngles(model: OracleModel, angles: Vector, features: Vector): State {
  return statesFromAngles(model, angles, features)[model.operations.length];
}

/** Number of qubits on which a term is not the identity. */
export function weight(term: OracleTerm): number {
  let support = term.xMask | term.zMask;
  let count = 0;
  for (; support !== 0; support >>>= 1) count += support & 1;
  return count;
}

/** (1 - 2e)^weight <P>: the mean of the product of measured bits, each flipped with probability e. */
export function termExpectation(state: State, term: OracleTerm, readoutError = 0): number {
  const qubits = Math.log2(state.re.length);
  const pauli = pauliMatrix(qubits, term.xMask, term.zMask);
  return (1 - 2 * readoutError) ** weight(term) * inner(state, apply(pauli, state)).re;
}

/** Sum of coefficient * <P> over all given terms, whatever their output (Eq. 4). */
export function expectation(state: State, terms: readonly OracleTerm[], readoutError = 0): number {
  return terms.reduce((sum, term) => sum + term.coefficient * termExpectation(state, term, readoutError), 0);
}

/** f_0 to f_{K-1} of a state. */
export function outputs(model: OracleModel, state: State): number[] {
  return Array.from({ length: model.outputs }, (_, k) => {
    const own = model.terms.filter((term) => term.output === k);
    return expectation(state, own, model.readoutError);
  });
}

/** f_0 to f_{K-1}: the exact outputs of the model for one sample (Eq. 4). Reads the first P entries of `parameters`. */
export function evaluate(model: OracleModel, parameters: Vector, features: Vector): number[] {
  return outputs(model, stateFromAngles(model, circuitAngles(model, parameters, features), features));
}
