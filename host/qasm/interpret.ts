/** Runs a program: what it declares, what it computes, and the gates that it applies. */
import type { CallStatement, Expression, Name, Operand, Statement, Type } from './ast.ts';
import { primitivesOf } from './apply.ts';
import type { Span } from './error.ts';
import {
  convert,
  describe,
  evaluate,
  MOST_DIMENSIONS,
  operate,
  rangeOf,
  truth,
  type Value,
  whole,
} from './evaluate.ts';
import { type Machine, MOST_PRIMITIVES } from './machine.ts';
import { bitsOf, qubitsOf } from './operands.ts';
import type { Primitive } from './primitives.ts';

/** Files whose gates come along; each version has its own, and takes the other's. */
const LIBRARIES = ['qelib1.inc', 'stdgates.inc'];

/** Where gates go: into the circuit, or into the gate whose body is run. */
type Sink = Primitive[] | undefined;

/** Thrown by `end`. */
const ENDED = Symbol('end');

/** Entries of an array at most. */
const MOST_ENTRIES = 4096;

/** Runs statements until the end of the program. @throws QasmError */
export function interpret(machine: Machine, statements: readonly Statement[]): void {
  try {
    for (const statement of statements) run(machine, statement, undefined);
  } catch (thrown) {
    if (thrown !== ENDED) throw thrown;
  }
}

/** What statements of a gate's body may be. */
const IN_GATES = ['call', 'nothing', 'for', 'if', 'block', 'while', 'const', 'variable', 'assign'];

function inGate(machine: Machine, statements: readonly Statement[], sink: Primitive[]): void {
  for (const statement of statements) run(machine, statement, sink);
}

/** Runs a statement. */
function run(machine: Machine, statement: Statement, sink: Sink): void {
  machine.step(statement);
  if (sink === undefined) machine.current = statement;
  else if (!IN_GATES.includes(statement.kind))
    machine.fail('ERR_QASM_SYNTAX', 'a gate is made of gates; this is none', statement);
  switch (statement.kind) {
    case 'include':
      return include(machine, statement.file, statement);
    case 'qubits':
      return machine.declareQubits(statement.name, sizeOf(machine, statement.size, 'qubits'));
    case 'bits':
      machine.declareBits(statement.name, sizeOf(machine, statement.size, 'bits'));
      return measureInto(machine, statement.name, statement.value);
    case 'input':
      return input(machine, statement.name, statement.type);
    case 'output':
      if (statement.type.base === 'bit')
        return machine.declareBits(statement.name, sizeOf(machine, statement.type.size, 'bits'));
      return declare(machine, statement.name, statement.type, undefined, false);
    case 'const':
    case 'variable':
      return declare(machine, statement.name, statement.type, statement.value, statement.kind === 'const');
    case 'alias':
      return alias(machine, statement.name, statement.parts);
    case 'assign':
      return assign(machine, statement);
    case 'gate':
      return defineGate(machine, statement);
    case 'opaque':
      machine.opaque.add(statement.name.text);
      return;
    case 'call':
      return call(machine, statement, sink);
    case 'measure':
      return measure(machine, statement.qubits, statement.bits, statement);
    case 'reset':
      return reset(machine, statement.qubits);
    case 'nothing':
      for (const operand of statement.operands) qubitsOf(machine, operand);
      return;
    case 'block':
      return machine.scopes.inside(() => statement.body.forEach((each) => run(machine, each, sink)));
    case 'if':
      return condition(machine, statement, sink);
    case 'for':
      return loop(machine, statement, sink);
    case 'while':
      while (truth(statement.condition, machine)) {
        machine.step(statement);
        machine.scopes.inside(() => run(machine, statement.body, sink));
      }
      return;
    case 'end':
      throw ENDED;
    case 'refused': {
      const [line = ''] = machine.source.text.slice(statement.from, statement.to).split(/[\r\n]/);
      const place = { from: statement.from, to: statement.from + line.trimEnd().length };
      return machine.fail('ERR_QASM_UNSUPPORTED', `${statement.what} is not supported`, place);
    }
  }
}

function include(machine: Machine, file: string, place: Span): void {
  if (!LIBRARIES.includes(file))
    machine.fail(
      'ERR_QASM_UNSUPPORTED',
      `'${file}' is not read; ${LIBRARIES.join(' and ')} come along, other gates have to be in the program itself`,
      place,
    );
  machine.hasLibrary = true;
}

function sizeOf(machine: Machine, size: Expression | undefined, of: string): number | undefined {
  return size && whole(size, machine, `the number of ${of}`, 1);
}

/** `bit[2] c = measure q;` */
function measureInto(machine: Machine, name: Name, value: Expression | undefined): void {
  if (value === undefined) return;
  if (value.kind !== 'measure')
    machine.fail('ERR_QASM_UNSUPPORTED', 'bits have no values of their own here, only measurements', value);
  measure(machine, value.operand, { name: name.text, indices: [], from: name.from, to: name.to }, value);
}

const NUMBERS = ['float', 'angle', 'int', 'uint', 'bool'];

/** `input float x;`: an angle, or with an array a list of them. */
function input(machine: Machine, name: Name, type: Type): void {
  machine.checkNew(name);
  const { base } = type;
  if (!NUMBERS.includes(base))
    machine.fail('ERR_QASM_UNSUPPORTED', `an input of type ${base} is not supported`, type);
  const lengths = lengthsOf(machine, type);
  const one = (text: string): Value => {
    const value = machine.declareInput(text, name);
    if (base === 'float' || base === 'angle') return value;
    const given = Object.hasOwn(machine.values, text) ? machine.values[text] : undefined;
    if (given !== undefined && (base === 'bool' || Number.isInteger(given)))
      return convert(value, base, name, machine);
    if (given !== undefined)
      machine.fail('ERR_QASM_VALUE', `the input ${text} is of type ${base}, and is given ${given}`, name);
    return machine.fail(
      'ERR_QASM_VALUE',
      `the input ${text} is of type ${base}, and has to be given a value before the circuit is known`,
      name,
    );
  };
  const all = (text: string, [length, ...rest]: readonly number[]): Value =>
    length === undefined
      ? one(text)
      : { type: 'list', entries: Array.from({ length }, (_, i) => all(`${text}[${i}]`, rest)) };
  machine.scopes.define(name, { value: all(name.text, lengths), at: name, isConstant: false });
}

/** Lengths of an array, the outermost first; none of another type. @throws QasmError */
function lengthsOf(machine: Machine, type: Type): readonly number[] {
  const { lengths: said = [] } = type;
  if (said.length > MOST_DIMENSIONS)
    machine.fail('ERR_QASM_SIZE', `an array has at most ${MOST_DIMENSIONS} dimensions`, type);
  const lengths = said.map((length) => whole(length, machine, 'the length of the array', 1, MOST_ENTRIES));
  if (lengths.reduce((product, length) => product * length, 1) > MOST_ENTRIES)
    machine.fail('ERR_QASM_SIZE', `an array has at most ${MOST_ENTRIES} entries`, type);
  return lengths;
}

/** A value as a variable of a type has it, an array with as many entries as were declared. @throws QasmError */
function converted(
  value: Value,
  base: string,
  [length, ...inner]: readonly number[],
  place: Span,
  machine: Machine,
): Value {
  machine.step(place);
  if (length === undefined && value.type !== 'list') return convert(value, base, place, machine);
  if (length === undefined || value.type !== 'list') {
    const expected = length === undefined ? 'one value' : 'a list';
    return machine.fail('ERR_QASM_TYPE', `this is ${describe(value)}; expected ${expected}`, place);
  }
  const { entries } = value;
  if (entries.length !== length)
    machine.fail('ERR_QASM_TYPE', `this is a list of ${entries.length}; the array is of ${length}`, place);
  return { type: 'list', entries: entries.map((entry) => converted(entry, base, inner, place, machine)) };
}

function declare(
  machine: Machine,
  name: Name,
  type: Type,
  value: Expression | undefined,
  isConstant: boolean,
): void {
  machine.checkNew(name);
  const { base } = type;
  if (!NUMBERS.includes(base))
    machine.fail('ERR_QASM_UNSUPPORTED', `a variable of type ${base} is not supported`, type);
  const lengths = lengthsOf(machine, type);
  const found = value && converted(evaluate(value, machine), base, lengths, value, machine);
  const variable = { base: isConstant ? undefined : base, lengths, at: name, isConstant };
  machine.scopes.define(name, { value: found, ...variable });
}

function alias(machine: Machine, name: Name, parts: readonly Expression[]): void {
  machine.checkNew(name);
  const values = parts.map((part) => {
    const value = evaluate(part, machine);
    if (value.type === 'qubits' || value.type === 'bits') return value;
    return machine.fail('ERR_QASM_TYPE', `this is ${describe(value)}; expected qubits or bits`, part);
  });
  const [{ type }] = values as [(typeof values)[number]];
  const odd = values.findIndex((value) => value.type !== type);
  if (odd >= 0) machine.fail('ERR_QASM_TYPE', 'qubits and bits do not go into one alias', parts[odd] as Span);
  const numbers = values.flatMap((value) => (value.type === 'qubits' ? value.qubits : value.bits));
  machine.step(name, numbers.length);
  if (new Set(numbers).size < numbers.length)
    machine.fail('ERR_QASM_TYPE', `one of the ${type} is in '${name.text}' twice`, name);
  const single = values.length === 1 && (values[0]?.single ?? false);
  const value: Value =
    type === 'qubits' ? { type, qubits: numbers, single } : { type, bits: numbers, single };
  machine.scopes.define(name, { value, at: name, isConstant: false });
}

function assign(
  machine: Machine,
  { target: to, operator, value }: Extract<Statement, { kind: 'assign' }>,
): void {
  const variable = machine.scopes.find(to.name);
  if (variable === undefined) machine.fail('ERR_QASM_NAME', `'${to.name}' is not declared`, to);
  if (variable.value?.type === 'bits') {
    if (operator === '=' && value.kind === 'measure') return measure(machine, value.operand, to, value);
    machine.fail('ERR_QASM_UNSUPPORTED', 'bits take the outcomes of measurements, and nothing else', value);
  }
  const { base } = variable;
  if (base === undefined)
    machine.fail('ERR_QASM_TYPE', `'${to.name}' is no variable, and keeps its value`, to);
  if (to.indices.length > 0) machine.fail('ERR_QASM_UNSUPPORTED', 'an entry of an array keeps its value', to);
  const given = evaluate(value, machine);
  const result =
    operator === '='
      ? given
      : operate(
          operator.slice(0, -1),
          [machine.lookup({ text: to.name, from: to.from, to: to.to }), to],
          [given, value],
          value,
          machine,
        );
  variable.value = converted(result, base, variable.lengths ?? [], value, machine);
}

function defineGate(machine: Machine, definition: Extract<Statement, { kind: 'gate' }>): void {
  const { name, parameters, qubits } = definition;
  const taken = machine.gates.get(name.text);
  if (taken !== undefined) {
    const line = machine.lineOf(taken.definition.name);
    machine.fail('ERR_QASM_NAME', `the gate '${name.text}' is defined already, in line ${line}`, name);
  }
  const names = [...parameters, ...qubits];
  const twice = names.find(({ text }, i) => names.findIndex((each) => each.text === text) < i);
  if (twice !== undefined) machine.fail('ERR_QASM_NAME', `'${twice.text}' is there twice`, twice);
  if (qubits.length === 0) machine.fail('ERR_QASM_SYNTAX', `the gate '${name.text}' has no qubits`, name);
  checkBody(machine, definition.body, name);
  machine.gates.set(name.text, { definition });
}

/** A gate is made of those that were there before it, so that none is made of itself. */
function checkBody(machine: Machine, body: readonly Statement[], gate: Name): void {
  for (const statement of body) {
    if (statement.kind === 'call' && statement.name.text === gate.text && !machine.gates.has(gate.text))
      machine.fail('ERR_QASM_NAME', `the gate '${gate.text}' is defined by itself`, statement.name);
    if (statement.kind === 'block') checkBody(machine, statement.body, gate);
    if (statement.kind === 'for' || statement.kind === 'while') checkBody(machine, [statement.body], gate);
    if (statement.kind === 'if')
      checkBody(machine, [statement.chosen, ...(statement.otherwise ? [statement.otherwise] : [])], gate);
  }
}

function call(machine: Machine, statement: CallStatement, sink: Sink): void {
  for (const { qubits, list } of primitivesOf(machine, statement, inGate)) {
    if (sink !== undefined) {
      for (const each of list) sink.push(each);
      if (sink.length > MOST_PRIMITIVES)
        machine.fail('ERR_QASM_SIZE', 'this gate is made of more gates than there is room for', statement);
      continue;
    }
    const late = qubits.find((qubit) => machine.measured.has(qubit));
    if (late !== undefined) {
      const line = machine.measured.get(late);
      const message = `${machine.nameOf(late)} was measured in line ${line}; a circuit here measures at its end only`;
      machine.fail('ERR_QASM_UNSUPPORTED', message, statement);
    }
    const from = machine.emitter.operations.length;
    machine.emitter.add(list);
    for (const qubit of qubits) machine.used.add(qubit);
    const to = machine.emitter.operations.length;
    machine.applications.push({
      name: statement.name.text,
      qubits,
      line: machine.lineOf(statement),
      from,
      to,
    });
  }
}

function measure(machine: Machine, from: Operand, into: Operand | undefined, place: Span): void {
  const { qubits } = qubitsOf(machine, from);
  const bits = into && bitsOf(machine, into);
  if (bits !== undefined && bits.length !== qubits.length) {
    const { length } = qubits;
    const measured = length === 1 ? '1 qubit is' : `${length} qubits are`;
    const message = `${measured} measured into ${bits.length} bit${bits.length === 1 ? '' : 's'}; expected as many`;
    machine.fail('ERR_QASM_TYPE', message, place);
  }
  qubits.forEach((qubit, i) => {
    machine.measured.set(qubit, machine.lineOf(place));
    if (bits !== undefined) machine.outcomes.set(bits[i] as number, qubit);
  });
}

/** A qubit that nothing has happened to is in its first state already. */
function reset(machine: Machine, operand: Operand): void {
  const { qubits } = qubitsOf(machine, operand);
  const late = qubits.find((qubit) => machine.used.has(qubit) || machine.measured.has(qubit));
  if (late === undefined) return;
  const message = `${machine.nameOf(late)} is reset after it was used; a reset is supported at the start only`;
  machine.fail('ERR_QASM_UNSUPPORTED', message, operand);
}

function condition(machine: Machine, statement: Extract<Statement, { kind: 'if' }>, sink: Sink): void {
  const { condition: asked, chosen: first, otherwise } = statement;
  if (machine.version === 2)
    machine.fail(
      'ERR_QASM_UNSUPPORTED',
      'classical control is not supported: a gate here depends on no outcome',
      statement,
    );
  const chosen = truth(asked, machine) ? first : otherwise;
  if (chosen !== undefined) machine.scopes.inside(() => run(machine, chosen, sink));
}

function loop(machine: Machine, { name, over, body }: Extract<Statement, { kind: 'for' }>, sink: Sink): void {
  const numbers =
    over.kind === 'range' || over.kind === 'set'
      ? over.kind === 'range'
        ? valuesOf(rangeOf(over, machine))
        : over.entries.map((entry) => evaluate(entry, machine))
      : listed(machine, over as Expression);
  for (const value of numbers) {
    machine.step(body);
    machine.scopes.inside(() => {
      machine.scopes.define(name, { value, at: name, isConstant: false });
      run(machine, body, sink);
    });
  }
}

function* valuesOf(numbers: Iterable<number>): Generator<Value> {
  for (const value of numbers) yield { type: 'int', value };
}

function listed(machine: Machine, over: Expression): readonly Value[] {
  const value = evaluate(over, machine);
  if (value.type === 'list') return value.entries;
  return machine.fail(
    'ERR_QASM_TYPE',
    `this is ${describe(value)}; a loop goes over a range, a set or an array`,
    over,
  );
}
