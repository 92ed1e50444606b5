/** What a program has declared and done so far, with the bounds that it has to keep. */
import { MAX_PARAMETERS, MAX_QUBITS } from '../../assembly/abi/codes.ts';
import type { QasmErrorCode } from '../core/errors.ts';
import type { Name } from './ast.ts';
import { Emitter } from './emit.ts';
import { QasmError, type Source, type Span } from './error.ts';
import { CONSTANTS, type Context, real, type Value } from './evaluate.ts';
import { type OwnGate, Scopes } from './scope.ts';

/**
 * Statements run, gates applied and values computed, at most, loops and definitions gone through: a bound on time, far
 * beyond what a circuit takes that there is room for.
 */
const MOST_STEPS = 2 ** 20;

/** Gates in gates, at most. */
export const DEEPEST_CALL = 200;

/** Primitives that a gate may be made of, far more than there is room for. */
export const MOST_PRIMITIVES = 2 ** 14;

/** Classical bits at most. */
const MOST_BITS = 4096;

/** A register: its numbers are `from` to `from + size - 1`. */
export interface Register {
  /** As declared; `$` of the machine's own qubits. */
  readonly name: string;
  /** Number of its first qubit or bit in the whole program, from 0. */
  readonly from: number;
  /** How many it has. */
  readonly size: number;
  /** Declared without a size, so that it has no index. */
  readonly single: boolean;
}

/** What qubits of the machine are called in front of their numbers. */
const HARDWARE = '$';

/** What the qubits or bits of a register are called. */
export function namesIn({ name, size, single }: Register): string[] {
  if (single) return [name];
  return Array.from({ length: size }, (_, i) => (name === HARDWARE ? `${name}${i}` : `${name}[${i}]`));
}

/** A gate of the program as it stands there, and the operations that it became. */
export interface Application {
  /** Of the gate, as the program has it. */
  readonly name: string;
  /** Qubits that it is on, from 0, in the order in which the program has them. */
  readonly qubits: readonly number[];
  /** Line, from 1. */
  readonly line: number;
  /** The first of its operations in the circuit, from 0. */
  readonly from: number;
  /** What comes behind its last operation: from `from` up to, and without, this one. */
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
  /** Where lines end. */
  readonly #ends: readonly number[];

  constructor(
    readonly source: Source,
    readonly version: 2 | 3,
    /** Numbers that take the place of inputs. */
    readonly values: Readonly<Record<string, number>>,
  ) {
    this.#ends = Array.from(source.text.matchAll(/\r\n|\r|\n/g), ({ index }) => index);
    this.emitter = new Emitter((code, message) => this.fail(code, message, this.current));
  }

  /** @throws QasmError */
  fail(code: QasmErrorCode, message: string, place: Span): never {
    throw new QasmError(code, message, this.source, place);
  }

  /** Counts steps. @throws QasmError */
  step(place: Span, count = 1): void {
    this.#steps += count;
    if (this.#steps <= MOST_STEPS) return;
    this.fail('ERR_QASM_SIZE', `the program takes more than ${MOST_STEPS} steps`, place);
  }

  /** The line of a place, from 1. */
  lineOf({ from }: Span): number {
    let [low, high] = [0, this.#ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ends[middle] as number) < from) low = middle + 1;
      else high = middle;
    }
    return low + 1;
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
    const taken = this.scopes.own(text);
    if (taken === undefined) return;
    this.fail('ERR_QASM_NAME', `'${text}' is declared already, in line ${this.lineOf(taken.at)}`, name);
  }

  /** Declares qubits. @param size absent: one, which has no index @throws QasmError */
  declareQubits(name: Name, size: number | undefined): void {
    this.checkNew(name);
    if (this.qubits[0]?.name === HARDWARE)
      this.fail('ERR_QASM_TYPE', 'a program has qubits of the machine or its own, not both', name);
    const from = this.#count(this.qubits);
    const count = size ?? 1;
    if (from + count > MAX_QUBITS) {
      const message = `${name.text} makes the qubits ${from + count}; at most ${MAX_QUBITS} are simulated`;
      this.fail('ERR_QASM_SIZE', message, name);
    }
    this.qubits.push({ name: name.text, from, size: count, single: size === undefined });
    const qubits = Array.from({ length: count }, (_, i) => from + i);
    const value: Value = { type: 'qubits', qubits, single: size === undefined };
    this.scopes.define(name, { value, at: name, isConstant: false });
  }

  /** A qubit of the machine, `$3`, which is declared nowhere. @throws QasmError */
  hardwareQubit(text: string, place: Span): Value {
    const qubit = Number(text.slice(HARDWARE.length));
    const [first] = this.qubits;
    if (first !== undefined && first.name !== HARDWARE)
      this.fail(
        'ERR_QASM_TYPE',
        `${text} is a qubit of the machine; a program has such or its own, not both`,
        place,
      );
    if (qubit >= MAX_QUBITS)
      this.fail('ERR_QASM_SIZE', `${text} is beyond the ${MAX_QUBITS} qubits that are simulated`, place);
    const size = Math.max(first?.size ?? 0, qubit + 1);
    this.qubits[0] = { name: HARDWARE, from: 0, size, single: false };
    return { type: 'qubits', qubits: [qubit], single: true };
  }

  /** Declares classical bits. @throws QasmError */
  declareBits(name: Name, size: number | undefined): void {
    this.checkNew(name);
    const from = this.#count(this.bits);
    const count = size ?? 1;
    if (from + count > MOST_BITS)
      this.fail('ERR_QASM_SIZE', `there are more than ${MOST_BITS} classical bits`, name);
    this.bits.push({ name: name.text, from, size: count, single: size === undefined });
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
    const register = [...this.qubits].reverse().find(({ from }) => from <= qubit) as Register;
    return namesIn(register)[qubit - register.from] as string;
  }

  #count(registers: readonly Register[]): number {
    const last = registers.at(-1);
    return last === undefined ? 0 : last.from + last.size;
  }
}
