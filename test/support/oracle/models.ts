/** Models for tests: the paper's ansatz, and random ones that leave nothing out. */
import { Encoding, Loss, Operation, Source } from '../../../assembly/abi/codes.ts';
import type { OracleModel, OracleOp, OracleTerm } from './circuit.ts';
import { parameterCount } from './loss.ts';
import { Stream, uniform53 } from './random.ts';

/** A source of uniform numbers in [0, 1). */
export type Rng = () => number;

/** A seeded `Rng`; its purpose number keeps it apart from every stream of a training run. */
export function seededRng(seed: number): Rng {
  const stream = new Stream([seed, 0], [0, 0, 15]);
  return () => uniform53(stream);
}

/**
 * The paper's circuit (section V.A): per layer RX, RY, RZ with parameters 3(l n + q) + 0, 1, 2 on every qubit, then
 * CNOT(q, q+1) along the chain. It has 3 n layers parameters.
 */
export function paperAnsatz(qubits: number, layers: number): OracleOp[] {
  const operations: OracleOp[] = [];
  for (let l = 0; l < layers; l++) {
    for (let q = 0; q < qubits; q++) {
      [Operation.RX, Operation.RY, Operation.RZ].forEach((kind, axis) => {
        const index = 3 * (l * qubits + q) + axis;
        operations.push({ kind, a: q, source: Source.Parameter, index, scale: 1, offset: 0 });
      });
    }
    for (let q = 0; q + 1 < qubits; q++) operations.push(fixed(Operation.CNOT, q, q + 1));
  }
  return operations;
}

/** CNOT or CZ, which take no angle. */
export function fixed(kind: Operation.CNOT | Operation.CZ, a: number, b: number): OracleOp {
  return { kind, a, b, source: Source.Constant, index: 0, scale: 0, offset: 0 };
}

/** One output <Z_qubit>. */
export function zTerm(qubit: number, output = 0, coefficient = 1): OracleTerm {
  return { output, xMask: 0, zMask: 1 << qubit, coefficient };
}

/** The paper's model: amplitude encoding of d features, <Z_0>, mean square error. Any field may be replaced. */
export function paperModel(
  qubits: number,
  layers: number,
  features: number,
  replaced: Partial<OracleModel> = {},
): OracleModel {
  return {
    qubits,
    features,
    encoding: Encoding.Amplitude,
    operations: paperAnsatz(qubits, layers),
    parameters: 3 * qubits * layers,
    terms: [zTerm(0)],
    outputs: 1,
    logits: 0,
    loss: Loss.MeanSquare,
    readoutError: 0,
    ...replaced,
  };
}

/** Uniform integer in [0, bound). */
export function randomInteger(rng: Rng, bound: number): number {
  return Math.floor(rng() * bound);
}

/** Uniform number in [low, high). */
export function randomBetween(rng: Rng, low: number, high: number): number {
  return low + (high - low) * rng();
}

const ROTATIONS_1 = [Operation.RX, Operation.RY, Operation.RZ];
const ROTATIONS_2 = [Operation.RXX, Operation.RYY, Operation.RZZ];
const CONTROLLED = [Operation.CNOT, Operation.CZ];
const SOURCES = [Source.Constant, Source.Parameter, Source.Feature];

/** A random operation of this kind; its parameter index is below `usedParameters`. */
export function randomOperation(
  rng: Rng,
  kind: Operation,
  source: Source,
  qubits: number,
  usedParameters: number,
  features: number,
): OracleOp {
  const a = randomInteger(rng, qubits);
  const b = (a + 1 + randomInteger(rng, Math.max(qubits - 1, 1))) % qubits;
  if (kind === Operation.CNOT || kind === Operation.CZ) return fixed(kind, a, b);
  const bounds = { [Source.Constant]: 1, [Source.Parameter]: usedParameters, [Source.Feature]: features };
  const op: OracleOp = {
    kind,
    a,
    source,
    index: randomInteger(rng, bounds[source]),
    scale: randomBetween(rng, -2, 2),
    offset: randomBetween(rng, -Math.PI, Math.PI),
  };
  return ROTATIONS_2.includes(kind) ? { ...op, b } : op;
}

/** Random terms: every output gets a constant, a diagonal string and one of any Paulis; or diagonal strings only. */
export function randomTerms(rng: Rng, qubits: number, outputs: number, diagonal = false): OracleTerm[] {
  const masks = 2 ** qubits;
  const coefficient = () => randomBetween(rng, -1, 1);
  const nonzero = () => 1 + randomInteger(rng, masks - 1);
  const terms: OracleTerm[] = [];
  for (let output = 0; output < outputs; output++) {
    terms.push({ output, xMask: 0, zMask: nonzero(), coefficient: coefficient() });
    terms.push({ output, xMask: 0, zMask: 0, coefficient: coefficient() });
    const xMask = diagonal ? 0 : nonzero();
    terms.push({
      output,
      xMask,
      zMask: diagonal ? nonzero() : randomInteger(rng, masks),
      coefficient: coefficient(),
    });
  }
  return terms;
}

/** What a random model should look like; the rest is drawn. */
export type RandomModelOptions = Partial<
  Pick<OracleModel, 'qubits' | 'features' | 'encoding' | 'outputs' | 'logits' | 'loss' | 'readoutError'>
> & {
  /** Operations beyond the one of each kind and source that is always there; default 0 to 11. */
  extraOperations?: number;
  /** Only Z-type terms, so that shots are bitstrings. */
  diagonal?: boolean;
  /** No feature drives an angle: all samples go through the same circuit. */
  linear?: boolean;
};

/**
 * A random model: every rotation with every source and both controlled gates at least once, in random order (one-qubit
 * rotations only when n = 1), parameters shared among operations, the last parameter unused, scales and offsets
 * everywhere, Pauli sums.
 */
export function randomModel(rng: Rng, options: RandomModelOptions = {}): OracleModel {
  const qubits = options.qubits ?? 1 + randomInteger(rng, 4);
  const encoding = options.encoding ?? (rng() < 0.5 ? Encoding.Zero : Encoding.Amplitude);
  const features = options.features ?? 1 + randomInteger(rng, 2 ** qubits);
  const outputs = options.outputs ?? 1 + randomInteger(rng, 3);
  const logits = options.logits ?? randomInteger(rng, 4);
  const losses = [Loss.MeanSquare, Loss.CrossEntropy, Loss.Hinge];
  const rotations = qubits > 1 ? [...ROTATIONS_1, ...ROTATIONS_2] : ROTATIONS_1;
  const usedParameters = rotations.length - 1;
  const one = (kind: Operation, source: Source) =>
    randomOperation(rng, kind, source, qubits, usedParameters, features);
  const sources = options.linear ? SOURCES.filter((source) => source !== Source.Feature) : SOURCES;
  const operations = rotations.flatMap((kind) => sources.map((source) => one(kind, source)));
  if (qubits > 1) operations.push(...CONTROLLED.map((kind) => one(kind, Source.Constant)));
  for (let extra = options.extraOperations ?? randomInteger(rng, 12); extra > 0; extra--) {
    const kinds = qubits > 1 ? [...rotations, ...CONTROLLED] : rotations;
    operations.push(
      one(kinds[randomInteger(rng, kinds.length)], sources[randomInteger(rng, sources.length)]),
    );
  }
  const model: OracleModel = {
    qubits,
    features,
    encoding,
    operations: shuffled(rng, operations),
    parameters: usedParameters + 1,
    terms: shuffled(rng, randomTerms(rng, qubits, outputs, options.diagonal)),
    outputs,
    logits,
    loss: options.loss ?? (logits >= 2 ? Loss.CrossEntropy : losses[randomInteger(rng, losses.length)]),
    readoutError: options.readoutError ?? (rng() < 0.5 ? 0 : randomBetween(rng, 0, 0.2)),
  };
  if (model.logits === 0 && model.loss === Loss.CrossEntropy) return withBoundedOutput(model);
  return model;
}

/** Scale output 0 into [-1, 1], as the cross-entropy without a head needs. */
function withBoundedOutput(model: OracleModel): OracleModel {
  const own = model.terms.filter((term) => term.output === 0);
  const total = own.reduce((sum, term) => sum + Math.abs(term.coefficient), 0);
  const terms = model.terms.map((term) =>
    term.output === 0 ? { ...term, coefficient: term.coefficient / Math.max(total, 1) } : term,
  );
  return { ...model, terms };
}

/** A random permutation of the items (Fisher-Yates). */
export function shuffled<T>(rng: Rng, items: readonly T[]): T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = randomInteger(rng, i + 1);
    [result[i], result[j]] = [result[j], result[i]];
  }
  return result;
}

/** All parameters of a model: angles uniform in [-pi, pi), head entries in [-1, 1). */
export function randomTheta(rng: Rng, model: OracleModel): number[] {
  return Array.from({ length: parameterCount(model) }, (_, i) => {
    const bound = i < model.parameters ? Math.PI : 1;
    return randomBetween(rng, -bound, bound);
  });
}

/** Weights of samples: uniform in [0, 3), and now and then 0. */
export function randomWeights(rng: Rng, size: number): number[] {
  return Array.from({ length: size }, () => (rng() < 0.2 ? 0 : randomBetween(rng, 0, 3)));
}

/** A mini-batch: features uniform in [-1, 1), labels uniform over the classes, or targets in [-2, 2). */
export function randomBatch(
  rng: Rng,
  model: OracleModel,
  size: number,
): { batch: number[][]; labels: number[] } {
  const classes = Math.max(model.logits, 2);
  return {
    batch: Array.from({ length: size }, () =>
      Array.from({ length: model.features }, () => randomBetween(rng, -1, 1)),
    ),
    labels: Array.from({ length: size }, () =>
      model.targets ? randomBetween(rng, -2, 2) : randomInteger(rng, classes),
    ),
  };
}
