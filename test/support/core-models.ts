/** Models that show more of the core than one number: all Pauli expectations at once. */
import { Encoding, Loss, Operation, Source } from '../../assembly/abi/codes.ts';
import * as oracle from './oracle/index.ts';

/** One operation with a constant angle. */
export function constantOp(kind: Operation, a: number, b?: number, angle = 0): oracle.OracleOp {
  return { kind, a, b, source: Source.Constant, index: 0, scale: 1, offset: angle };
}

/** RX, RY and RZ by random angles on every qubit: a state of no symmetry, complex throughout. */
export function scramble(rng: oracle.Rng, qubits: number): oracle.OracleOp[] {
  return Array.from({ length: qubits }, (_, qubit) =>
    [Operation.RX, Operation.RY, Operation.RZ].map((kind) =>
      constantOp(kind, qubit, undefined, oracle.randomBetween(rng, -4, 4)),
    ),
  ).flat();
}

/** What a head puts out as it is: so many outputs fit into one device page. */
const OUTPUTS_AT_ONCE = 16;

/** A model of one parameter whose logits are its outputs, one Pauli term each. */
export function termsModel(
  qubits: number,
  operations: oracle.OracleOp[],
  terms: readonly Omit<oracle.OracleTerm, 'output'>[],
  replaced: Partial<oracle.OracleModel> = {},
): oracle.OracleModel {
  return {
    qubits,
    features: 2 ** qubits,
    encoding: Encoding.Amplitude,
    operations,
    parameters: 1,
    terms: terms.map((term, output) => ({ ...term, output })),
    outputs: terms.length,
    logits: terms.length,
    loss: Loss.CrossEntropy,
    readoutError: 0,
    ...replaced,
  };
}

/**
 * Models on n <= 3 qubits that together put out the expectations of all 4^n Pauli strings, so that two
 * states with the same outputs are the same. Output 1 of the first is X on qubit 0.
 */
export function tomography(
  qubits: number,
  operations: oracle.OracleOp[],
  replaced: Partial<oracle.OracleModel> = {},
): oracle.OracleModel[] {
  const size = 2 ** qubits;
  const terms = Array.from({ length: size * size }, (_, i) => {
    return { xMask: i % size, zMask: Math.floor(i / size), coefficient: 1 };
  });
  const blocks: oracle.OracleModel[] = [];
  for (let from = 0; from < terms.length; from += OUTPUTS_AT_ONCE) {
    blocks.push(termsModel(qubits, operations, terms.slice(from, from + OUTPUTS_AT_ONCE), replaced));
  }
  return blocks;
}

/** Parameters with which a head puts its outputs through as they are (as many logits as outputs). */
export function throughHead(model: oracle.OracleModel, circuit: oracle.Vector = [0]): number[] {
  const theta = new Array<number>(oracle.parameterCount(model)).fill(0);
  for (let p = 0; p < model.parameters; p++) theta[p] = circuit[p];
  for (let k = 0; k < model.outputs; k++) theta[model.parameters + k * model.outputs + k] = 1;
  return theta;
}

/**
 * A few operations that no feature drives, and outputs of few short strings: observables that often see some
 * of the qubits only, now and then none.
 */
export function localModel(
  rng: oracle.Rng,
  shape: Pick<oracle.OracleModel, 'qubits' | 'features'> & { outputs?: number; diagonal?: boolean },
  replaced: Partial<oracle.OracleModel> = {},
): oracle.OracleModel {
  const { qubits, features } = shape;
  const parameters = 4;
  const kinds = [Operation.RX, Operation.RY, Operation.RZ];
  const pairs = [Operation.RXX, Operation.RYY, Operation.RZZ, Operation.CNOT, Operation.CZ, Operation.CNOT];
  if (qubits > 1) kinds.push(...pairs);
  const operations = Array.from({ length: 1 + oracle.randomInteger(rng, 2 * qubits + 2) }, () => {
    const kind = kinds[oracle.randomInteger(rng, kinds.length)];
    const source = rng() < 0.8 ? Source.Parameter : Source.Constant;
    return oracle.randomOperation(rng, kind, source, qubits, parameters, 1);
  });
  const outputs = shape.outputs ?? 1;
  const terms = Array.from({ length: outputs + oracle.randomInteger(rng, 2) }, (_, t) => {
    const [x, z] = [oracle.randomInteger(rng, qubits), oracle.randomInteger(rng, qubits)];
    const zMask = rng() < 0.9 ? 1 << z : 0;
    const xMask = shape.diagonal || rng() < 0.5 ? 0 : 1 << x;
    return { output: t % outputs, xMask, zMask, coefficient: oracle.randomBetween(rng, -0.5, 0.5) };
  });
  return oracle.paperModel(qubits, 0, features, { parameters, operations, terms, outputs, ...replaced });
}

/** Every ordered pair of different qubits. */
export function qubitPairs(qubits: number): [a: number, b: number][] {
  const all = Array.from({ length: qubits }, (_, q) => q);
  return all.flatMap((a) => all.filter((b) => b !== a).map((b): [number, number] => [a, b]));
}

/** Loss and head in every combination that the core allows. */
export const LOSSES_AND_LOGITS: readonly [Loss, number][] = [
  [Loss.MeanSquare, 0],
  [Loss.CrossEntropy, 0],
  [Loss.Hinge, 0],
  [Loss.MeanSquare, 1],
  [Loss.CrossEntropy, 1],
  [Loss.Hinge, 1],
  [Loss.CrossEntropy, 2],
  [Loss.CrossEntropy, 4],
];
