/** From an OpenQASM program to a circuit. */
import { anything, optional, record, refuse, type Table, text as readText } from '../core/checks.ts';
import type { Circuit, CircuitOperation } from '../api/circuit.ts';
import type { Source } from './error.ts';
import { interpret } from './interpret.ts';
import { type Application, Machine, type Register } from './machine.ts';
import { parseProgram } from './statements.ts';

/** How a program is read. */
export interface ReadOptions {
  /** What messages call it; default 'the program'. */
  readonly name?: string;
  /** Inputs that are features, in their order; all others are trainable parameters. */
  readonly features?: readonly string[];
  /** Numbers in the place of inputs, which the circuit then has no longer. */
  readonly values?: Readonly<Record<string, number>>;
}

/** What a program says. */
export interface QasmProgram {
  /** Of OpenQASM, as the program's first line says; 3 without one. */
  readonly version: 2 | 3;
  /** Qubits, numbered in the order in which they are declared. */
  readonly qubits: number;
  /** Registers of qubits, in the order in which they are declared. */
  readonly registers: readonly Register[];
  /** Classical bits. */
  readonly bits: readonly Register[];
  /** Names of the inputs that are parameters of the circuit, in their order. */
  readonly parameters: readonly string[];
  /** Names of those that are its features. */
  readonly features: readonly string[];
  /** What it does, but for a global phase. */
  readonly circuit: Circuit;
  /**
   * The gates as they stand in the program, and the operations that each became. None where neighbours had to be put
   * together to have room for all.
   */
  readonly applications: readonly Application[];
  /** The qubit that each classical bit is measured from, by the bit's number; undefined of one that is not. */
  readonly measured: readonly (number | undefined)[];
}

const OPTIONS: Table<ReadOptions> = {
  name: optional(readText),
  features: optional(anything),
  values: optional(anything),
};

/** A list of different names. @throws OptionError */
function namesOf(names: readonly string[]): readonly string[] {
  const good =
    Array.isArray(names) && names.every((name, i) => typeof name === 'string' && names.indexOf(name) === i);
  return good ? names : refuse('features', names, 'a list of different names of inputs');
}

function valuesOf(values: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  if (typeof values !== 'object') refuse('values', values, 'a record of numbers by the names of inputs');
  for (const [name, value] of Object.entries(values))
    if (!Number.isFinite(value)) refuse(`values.${name}`, value, 'a finite number');
  return values;
}

/**
 * Reads a program in OpenQASM 2 or 3, as far as it is a circuit: gates, and measurements at its end.
 * @throws QasmError with file, line and column; OptionError
 * @example
 * ```ts
 * const { circuit, qubits } = readOpenQasm('OPENQASM 2.0; include "qelib1.inc"; qreg q[2]; h q[0]; cx q[0], q[1];');
 * console.log(qubits, circuit.length); // 2 2
 * ```
 */
export function readOpenQasm(text: string, options: ReadOptions = {}): QasmProgram {
  const read = record('readOpenQasm', options, OPTIONS);
  const source: Source = { name: read.name ?? 'the program', text: readText(text, 'the program') };
  const features = namesOf(read.features ?? []);
  const { version, statements } = parseProgram(source);
  const machine = new Machine(source, version, valuesOf(read.values ?? {}));
  interpret(machine, statements);
  const { inputs, bits, outcomes, emitter } = machine;
  if (machine.qubits.length === 0) {
    const end = { from: text.length, to: text.length };
    machine.fail('ERR_QASM_VALUE', 'the program declares no qubit', end);
  }
  // The core wants one operation at least, were it to turn nothing.
  if (emitter.length === 0) emitter.operations.push({ gate: 'rz', qubits: [0] });
  for (const names of [features, Object.keys(machine.values)]) {
    const stranger = names.find((name) => !inputs.includes(name) && !machine.given.has(name));
    if (stranger !== undefined)
      refuse(
        names === features ? 'features' : 'values',
        stranger,
        `one of the inputs of ${source.name}: ${[...inputs, ...machine.given].join(', ') || 'it has none'}`,
      );
  }
  const parameters = inputs.filter((name) => !features.includes(name));
  const count = bits.reduce((sum, { size }) => sum + size, 0);
  return {
    version,
    qubits: machine.qubits.reduce((sum, { size }) => sum + size, 0),
    registers: machine.qubits,
    bits,
    parameters,
    features,
    circuit: emitter.operations.map((operation) => renumbered(operation, inputs, parameters, features)),
    applications: emitter.isFused ? [] : machine.applications,
    measured: Array.from({ length: count }, (_, bit) => outcomes.get(bit)),
  };
}

/** An operation whose angle, if an input drives it, names it as a parameter or a feature. */
function renumbered(
  operation: CircuitOperation,
  inputs: readonly string[],
  parameters: readonly string[],
  features: readonly string[],
): CircuitOperation {
  const { angle } = operation;
  if (angle?.parameter === undefined) return operation;
  const { parameter: input, ...rest } = angle;
  const name = inputs[input] as string;
  const feature = features.indexOf(name);
  return {
    ...operation,
    angle: feature >= 0 ? { feature, ...rest } : { parameter: parameters.indexOf(name), ...rest },
  };
}
