/** What a program has declared and done so far, with the bounds that it has to keep. */
import { MAX_OPERATIONS, MAX_PARAMETERS, MAX_QUBITS } from '../../assembly/abi/codes.ts';
import type { QasmErrorCode } from '../core/errors.ts';
import type { Name } from './ast.ts';
import { Emitter } from './emit.ts';
import { QasmError, type Source, type Span } from './error.ts';
import { CONSTANTS, type Context, real, type Value } from './evaluate.ts';
import { type OwnGate, Scopes } from './scope.ts';

/** Statements that are run and gates that are applied, at most, loops and definitions gone through: a bound on time. */
const MOST_STEPS = 2 ** 19;

/** Gates in gates, at most. */
export const DEEPEST_CALL = 200;

/** Classical bits at most. */
const MOST_BITS = 2 ** 16;

/** A register: its numbers are `from` to `from + size - 1`. */
export interface Register {
  readonly name: string;
  readonly from: number;
  readonly size: number;
}

/** A gate of the program as it stands there, and the operations that it became. */
export interface Application {
  readonly name: string;
  readonly qubits: readonly number[];
  /** Line, from 1. */
  readonly line: number;
  /** Its operations are `from` up to, and without, `to`. */
  readonly from: number;
  readonly to: number;
}

export class Machine implements Context {
  readonly scopes = new Scopes();
  readonly gates = new Map<string, OwnGate>();
  readonly opaque = new Set<string>();
  readonly qubits: Register[] = [];
  readonly bits: Register[] = [];
  /** Names of the inputs, in their order. */
  readonly inputs: string[] = [];
  /** Names of those that numbers have taken the place of. */
  readonly given = new Set<string>();
  readonly applications: Application[] = [];
  /** The qubit that each bit is measured from, by the bit's number. */
  readonly outcomes = new Map<number, number>();
  /** The line of its measurement, by the qubit's number. */
  readonly measured = new Map<number, number>();
  /** Qubits that something has happened to. */
  readonly used = new Set<number>();
  readonly emitter: Emitter;
  /** Whether standard gates are known. */
  hasLibrary = false;
  /** How many gates deep a gate is applied. */
  depth = 0;
  /** The statement that is run, for messages about the whole. */
  current: Span = { from: 0, to: 0 };
  #steps = 0;

  constructor(
    readonly source: Source,
    readonly version: 2 | 3,
    /** Numbers that take the place of inputs. */
    readonly values: Readonly<Record<string, number>>,
  ) {
    this.emitter = new Emitter(MAX_OPERATIONS, () => {
      const message = `the circuit has more than ${MAX_OPERATIONS} operations from here on, which is all that there is room for`;
      return this.fail('ERR_QASM_SIZE', message, this.current);
    });
  }

  /** @throws QasmError */
  fail(code: QasmErrorCode, message: string, place: Span): never {
    throw new QasmError(code, message, this.source, place);
  }

  /** Counts a step. @throws QasmError */
  step(place: Span): void {
    if (++this.#steps <= MOST_STEPS) return;
    this.fail('ERR_QASM_SIZE', `the program takes more than ${MOST_STEPS} steps`, place);
  }

  lineOf({ from }: Span): number {
    return this.source.text.slice(0, from).split(/\r\n|\r|\n/).length;
  }

  /** @throws QasmError */
  lookup(name: Name): Value {
    const { text } = name;
    const variable = this.scopes.find(text);
    if (variable !== undefined) {
      if (variable.value !== undefined) return variable.value;
      return this.fail('ERR_QASM_VALUE', `'${text}' has no value yet`, name);
    }
    if (Object.hasOwn(CONSTANTS, text) && (this.version === 3 || text === 'pi'))
      return real(CONSTANTS[text] as number);
    return this.fail('ERR_QASM_NAME', `'${text}' is not declared`, name);
  }

  /** Makes sure that a name is new in its scope. @throws QasmError */
  checkNew(name: Name): void {
    const { text } = name;
    const taken = this.scopes.has(text) ? this.scopes.find(text) : undefined;
    if (taken === undefined) return;
    this.fail('ERR_QASM_NAME', `'${text}' is declared already, in line ${this.lineOf(taken.at)}`, name);
  }

  /** Declares qubits. @param size absent: one, which has no index @throws QasmError */
  declareQubits(name: Name, size: number | undefined): void {
    this.checkNew(name);
    const from = this.#count(this.qubits);
    const count = size ?? 1;
    if (from + count > MAX_QUBITS) {
      const message = `${name.text} makes the qubits ${from + count}; at most ${MAX_QUBITS} are simulated`;
      this.fail('ERR_QASM_SIZE', message, name);
    }
    this.qubits.push({ name: name.text, from, size: count });
    const qubits = Array.from({ length: count }, (_, i) => from + i);
    const value: Value = { type: 'qubits', qubits, single: size === undefined };
    this.scopes.define(name, { value, at: name, isConstant: false });
  }

  /** Declares classical bits. @throws QasmError */
  declareBits(name: Name, size: number | undefined): void {
    this.checkNew(name);
    const from = this.#count(this.bits);
    const count = size ?? 1;
    if (from + count > MOST_BITS) this.fail('ERR_QASM_SIZE', `there are more than ${MOST_BITS} bits`, name);
    this.bits.push({ name: name.text, from, size: count });
    const bits = Array.from({ length: count }, (_, i) => from + i);
    this.scopes.define(name, {
      value: { type: 'bits', bits, single: size === undefined },
      at: name,
      isConstant: false,
    });
  }

  /** Declares an input, which is a number if there is one in its place. @throws QasmError */
  declareInput(text: string, place: Span): Value {
    const given = Object.hasOwn(this.values, text) ? this.values[text] : undefined;
    if (given !== undefined) {
      this.given.add(text);
      return real(given);
    }
    if (this.inputs.length >= MAX_PARAMETERS)
      this.fail('ERR_QASM_SIZE', `there are more than ${MAX_PARAMETERS} inputs`, place);
    this.inputs.push(text);
    return { type: 'real', value: { constant: 0, terms: new Map([[this.inputs.length - 1, 1]]) } };
  }

  /** How a qubit is called in the program. */
  nameOf(qubit: number): string {
    const { name, from, size } = [...this.qubits]
      .reverse()
      .find((register) => register.from <= qubit) as Register;
    return size === 1 && this.version === 3 ? name : `${name}[${qubit - from}]`;
  }

  #count(registers: readonly Register[]): number {
    const last = registers.at(-1);
    return last === undefined ? 0 : last.from + last.size;
  }
}
