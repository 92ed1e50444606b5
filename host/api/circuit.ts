/** Circuits and observables as plain data: what the core's program table is filled from. */
import {
  MAX_OUTPUTS,
  MAX_PARAMETERS,
  MAX_TERMS,
  ROTATIONS,
  Source,
  TWO_QUBIT_OPERATIONS,
} from '../../assembly/abi/codes.ts';
import { GATES, type OperationName } from './choices.ts';
import { choice, known, OptionError, refuse } from '../core/errors.ts';

/** Rotations about Pauli strings, exp(-i angle/2 P), the two entangling gates, and OpenQASM's U. */
export type GateName = OperationName | 'u';

/** angle = scale * v + offset, v a trainable parameter, an input feature or nothing. */
export interface Angle {
  readonly parameter?: number;
  readonly feature?: number;
  /** Default 1. */
  readonly scale?: number;
  /** Radians; default 0. */
  readonly offset?: number;
}

/** One operation, in time order. */
export interface CircuitOperation {
  readonly gate: GateName;
  /** One qubit or two, from 0; of `cnot` the control comes first. */
  readonly qubits: readonly [number] | readonly [number, number];
  /** Of rotations. */
  readonly angle?: Angle;
  /** Of `u`: theta, phi, lambda of OpenQASM's U, radians. */
  readonly angles?: readonly [number, number, number];
}

/** A whole circuit: operations in time order. */
export type Circuit = readonly CircuitOperation[];

/** coefficient * P, P a string such as 'Z0', 'X0 Y2' or '' for the identity. */
export interface PauliTerm {
  readonly pauli: string;
  readonly coefficient: number;
}

/** One output: a Pauli sum. */
export type Observable = readonly PauliTerm[];

/** All gates: those of the core's table, and `u`, which is three of its rotations. */
const ALL_GATES: Readonly<Record<GateName, unknown>> = { ...GATES, u: 3 };

/** Whether a gate is among some operations of the core's table, which have a bit each. */
const isAmong = (gate: GateName, operations: number) =>
  gate !== 'u' && ((operations >> GATES[gate]) & 1) !== 0;

/** The paper's ansatz (section V.A): per layer RX RY RZ on every qubit, then CNOT along the chain. */
export function chainAnsatz(qubits: number, layers: number): Circuit {
  const operations: CircuitOperation[] = [];
  let parameter = 0;
  for (let layer = 0; layer < layers; layer++) {
    for (let qubit = 0; qubit < qubits; qubit++) {
      for (const gate of ['rx', 'ry', 'rz'] as const) {
        operations.push({ gate, qubits: [qubit], angle: { parameter: parameter++ } });
      }
    }
    for (let qubit = 1; qubit < qubits; qubit++)
      operations.push({ gate: 'cnot', qubits: [qubit - 1, qubit] });
  }
  return operations;
}

/** Angle encoding: feature i turns qubit i mod n about Y (the second round about Z, and so on). */
export function angleEncoding(qubits: number, features: number): Circuit {
  const axes = ['ry', 'rz', 'rx'] as const;
  return Array.from({ length: features }, (_, feature) => ({
    gate: axes[Math.floor(feature / qubits) % axes.length] as GateName,
    qubits: [feature % qubits] as const,
    angle: { feature },
  }));
}

/** Z on each of the first `outputs` qubits, one output each. */
export function zOnEach(outputs: number): readonly Observable[] {
  return Array.from({ length: outputs }, (_, qubit) => [{ pauli: `Z${qubit}`, coefficient: 1 }]);
}

/** Operations of the core's table that a circuit fills. */
export function tableLength(circuit: Circuit): number {
  return circuit.reduce((count, { gate }) => count + (gate === 'u' ? 3 : 1), 0);
}

/** One past the largest parameter of a circuit. */
export function parametersOf(circuit: Circuit): number {
  return circuit.reduce((count, { angle }) => Math.max(count, (angle?.parameter ?? -1) + 1), 0);
}

/** Where an angle takes its value from, in the core's terms. */
export function angleSource({ parameter, feature }: Angle): { source: Source; index: number } {
  if (parameter !== undefined) return { source: Source.Parameter, index: parameter };
  if (feature !== undefined) return { source: Source.Feature, index: feature };
  return { source: Source.Constant, index: 0 };
}

const OPERATION_FIELDS = ['gate', 'qubits', 'angle', 'angles'];
const ANGLE_FIELDS = ['parameter', 'feature', 'scale', 'offset'];

/**
 * Checks a circuit of the caller's own, which may come from JavaScript or from a file.
 * @throws OptionError naming the operation
 */
export function checkCircuit(circuit: Circuit, width: number, features: number): void {
  if (!Array.isArray(circuit)) refuse('circuit', circuit, 'a list of operations');
  const below = (value: number, limit: number) => Number.isInteger(value) && value >= 0 && value < limit;
  for (const [i, operation] of (circuit as Circuit).entries()) {
    const at = `circuit[${i}]`;
    const { gate, qubits, angle = {}, angles } = known(at, operation, OPERATION_FIELDS);
    const single = !isAmong(choice(`${at}.gate`, gate, ALL_GATES), TWO_QUBIT_OPERATIONS);
    const { parameter, feature, scale = 1, offset = 0 } = known(`${at}.angle`, angle, ANGLE_FIELDS);
    const good =
      Array.isArray(qubits) &&
      qubits.length === (single ? 1 : 2) &&
      qubits.every((qubit) => below(qubit, width)) &&
      qubits[0] !== qubits[1] &&
      (operation.angle === undefined || isAmong(gate, ROTATIONS)) &&
      (parameter === undefined || (feature === undefined && below(parameter, MAX_PARAMETERS))) &&
      (feature === undefined || below(feature, features)) &&
      (angles === undefined || (gate === 'u' && angles?.length === 3)) &&
      [scale, offset, ...(angles ?? [])].every(Number.isFinite);
    if (good) continue;
    const place = `${gate} on ${single ? 'one' : 'two different ones'} of ${width} qubits`;
    refuse(at, operation, `${place}, its angles finite, of a parameter or of one of ${features} features`);
  }
}

function unreadable(message: string): never {
  throw new OptionError('ERR_OPTION_VALUE', `observable: ${message}`, 'observable');
}

/** Checks the outputs of the caller's own. @throws OptionError */
export function checkObservables(observables: readonly Observable[], qubits: number): void {
  const sums = Array.isArray(observables) ? observables : [];
  const terms = sums.flat();
  const filled = sums.length > 0 && sums.every((sum) => Array.isArray(sum) && sum.length > 0);
  if (!filled || sums.length > MAX_OUTPUTS || terms.length > MAX_TERMS) {
    unreadable(`expected 1 to ${MAX_OUTPUTS} Pauli sums, none empty, of ${MAX_TERMS} terms at most`);
  }
  for (const term of terms) {
    const { pauli, coefficient } = known('observable', term, ['pauli', 'coefficient']);
    if (typeof pauli !== 'string' || !Number.isFinite(coefficient))
      refuse('observable', term, 'a Pauli string and a finite coefficient');
    pauliMasks(pauli, qubits);
  }
}

/** Masks over qubits of a Pauli string such as 'X0 Z3'. @throws OptionError */
export function pauliMasks(pauli: string, qubits: number): { x: number; z: number } {
  let x = 0;
  let z = 0;
  for (const factor of pauli.split(/[\s*@]+/).filter((part) => part !== '')) {
    const match = /^([XYZI])(\d+)$/i.exec(factor);
    const qubit = Number(match?.[2]);
    const letter = match?.[1]?.toUpperCase();
    if (match === null || qubit >= qubits || ((x | z) >> qubit) & 1) {
      const expected = `a Pauli on one of the qubits 0 to ${qubits - 1}, each at most once, such as 'Z0'`;
      unreadable(`'${factor}' in '${pauli}' is not ${expected}`);
    }
    if (letter === 'X' || letter === 'Y') x |= 1 << qubit;
    if (letter === 'Z' || letter === 'Y') z |= 1 << qubit;
  }
  return { x, z };
}

/** Reads a Pauli sum such as 'Z0', '0.5 Z0 Z1 - 1.2 X2' or 'Z0 + 0.5'. @throws OptionError */
export function parseObservable(text: string): Observable {
  const terms: PauliTerm[] = [];
  const pattern = /\s*([+-])?\s*(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)?\s*\*?\s*((?:[XYZI]\d+[\s*@]*)*)/giy;
  do {
    const from = pattern.lastIndex;
    const match = pattern.exec(text);
    const [, sign, magnitude, pauli] = match ?? [];
    const empty = magnitude === undefined && (pauli ?? '') === '';
    if (match === null || empty || (terms.length > 0 && sign === undefined)) {
      unreadable(
        `cannot read '${text}' at character ${from + 1}; expected a Pauli sum such as 'Z0' or '0.5 Z0 Z1 - X2'`,
      );
    }
    terms.push({
      pauli: (pauli ?? '').trim(),
      coefficient: (sign === '-' ? -1 : 1) * Number(magnitude ?? 1),
    });
  } while (pattern.lastIndex < text.length);
  return terms;
}
