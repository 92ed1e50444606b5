/** Gates applied to qubits. */
import type { CallStatement, Modifier, Statement } from './ast.ts';
import type { Affine } from './affine.ts';
import type { Span } from './error.ts';
import { angle, evaluate, known, type Value, whole } from './evaluate.ts';
import { DEEPEST_CALL, type Machine, MOST_PRIMITIVES } from './machine.ts';
import { powerOnOne } from './one-qubit-power.ts';
import { type Control, controlled, inverted, powerOfOne, type Primitive, turn } from './primitives.ts';
import { qubitsOf } from './operands.ts';
import { BUILT_IN, STANDARD_GATES } from './standard-gates.ts';

/** Runs the statements of a gate's body, which give primitives. */
export type Body = (machine: Machine, statements: readonly Statement[], sink: Primitive[]) => void;

/** A gate by its name: how many angles and qubits it takes, and what it is made of. */
interface Found {
  readonly angles: number;
  readonly qubits: number;
  readonly make: (angles: readonly Affine[], qubits: readonly number[]) => readonly Primitive[];
}

function find(machine: Machine, { name, operands }: CallStatement, body: Body): Found {
  const { text } = name;
  const own = machine.gates.get(text);
  if (own !== undefined) {
    const { parameters, qubits } = own.definition;
    return {
      angles: parameters.length,
      qubits: qubits.length,
      make: (values, on) => applyOwn(machine, own.definition, values, on, name, body),
    };
  }
  const standard = STANDARD_GATES.get(text);
  if (standard !== undefined && (machine.hasLibrary || BUILT_IN[machine.version].includes(text)))
    return standard;
  if (machine.opaque.has(text))
    machine.fail('ERR_QASM_UNSUPPORTED', `'${text}' is opaque: nothing says what it does`, name);
  if (text === 'gphase' && machine.version === 3)
    return { angles: 1, qubits: 0, make: ([value]) => [turn('phase', value as Affine)] };
  if (standard !== undefined) {
    const file = machine.version === 2 ? 'qelib1.inc' : 'stdgates.inc';
    return machine.fail('ERR_QASM_NAME', `'${text}' is not defined; include "${file}" defines it`, name);
  }
  if (operands.length === 0) machine.fail('ERR_QASM_UNSUPPORTED', `'${text}' is no gate`, name);
  return machine.fail('ERR_QASM_NAME', `'${text}' is not defined, and no gate of the libraries`, name);
}

/** A gate that the program defines. */
function applyOwn(
  machine: Machine,
  {
    parameters,
    qubits,
    body: statements,
  }: {
    parameters: readonly { text: string }[];
    qubits: readonly { text: string }[];
    body: readonly Statement[];
  },
  values: readonly Affine[],
  on: readonly number[],
  place: Span,
  body: Body,
): Primitive[] {
  if (machine.depth >= DEEPEST_CALL)
    machine.fail('ERR_QASM_SIZE', `gates are defined by one another more than ${DEEPEST_CALL} deep`, place);
  const sink: Primitive[] = [];
  machine.depth++;
  try {
    machine.scopes.apart(() => {
      parameters.forEach((name, i) => {
        const value: Value = { type: 'real', value: values[i] as Affine };
        machine.scopes.define(name, { value, at: place, isConstant: false });
      });
      qubits.forEach((name, i) => {
        const value: Value = { type: 'qubits', qubits: [on[i] as number], single: true };
        machine.scopes.define(name, { value, at: place, isConstant: false });
      });
      body(machine, statements, sink);
    });
  } finally {
    machine.depth--;
  }
  return sink;
}

/** A modifier with its argument known. */
interface Known {
  readonly kind: Modifier['kind'];
  readonly value: number;
  readonly place: Span;
}

function read(machine: Machine, modifier: Modifier): Known {
  const { kind, argument } = modifier;
  if (kind === 'pow' && argument !== undefined)
    return { kind, value: known(evaluate(argument, machine), argument, machine), place: modifier };
  // More controls than qubits would be refused for those that are not there.
  const value = argument === undefined ? 1 : whole(argument, machine, 'the number of controls', 1, 1000);
  return { kind, value, place: modifier };
}

const isControl = ({ kind }: Known) => kind === 'ctrl' || kind === 'negctrl';

/** The primitives to a power. @throws QasmError */
function power(machine: Machine, list: readonly Primitive[], exponent: number, place: Span): Primitive[] {
  const simple = powerOfOne(list, exponent);
  if (simple !== undefined) return simple;
  if (Number.isInteger(exponent)) {
    const base = exponent < 0 ? inverted(list) : list;
    const times = Math.abs(exponent);
    if (times * list.length > MOST_PRIMITIVES)
      machine.fail('ERR_QASM_SIZE', 'this power repeats the gate more often than there is room for', place);
    return Array.from({ length: times }, () => base).flat();
  }
  const one = powerOnOne(list, exponent);
  if (one !== undefined) return one;
  const message = `a power of ${exponent} is supported for gates on one qubit without inputs, and for single rotations`;
  return machine.fail('ERR_QASM_UNSUPPORTED', message, place);
}

/** Applies a gate to qubits, of which broadcasts have been made already, under its modifiers. */
function applyTo(
  machine: Machine,
  found: Found,
  modifiers: readonly Known[],
  angles: readonly Affine[],
  qubits: readonly number[],
): readonly Primitive[] {
  const controls = modifiers
    .filter(isControl)
    .flatMap(({ kind, value }) => Array.from({ length: value }, () => kind));
  let list = found.make(angles, qubits.slice(controls.length));
  // Controls go with inverses and powers, so that each is put where the gate is smallest.
  for (const { kind, value, place } of [...modifiers].reverse()) {
    if (kind === 'inv') list = inverted(list);
    if (kind === 'pow') list = power(machine, list, value, place);
  }
  if (controls.length === 0) return list;
  const states = controls.map((kind, i): Control => ({
    qubit: qubits[i] as number,
    value: kind === 'ctrl' ? 1 : 0,
  }));
  return controlled(list, states);
}

const counted = (count: number, what: string) =>
  `${count === 0 ? 'no' : count} ${what}${count === 1 ? '' : 's'}`;

/** Gates of a statement, each with its qubits: of registers, one for each of their qubits. */
function broadcast(machine: Machine, statement: CallStatement): readonly (readonly number[])[] {
  const operands = statement.operands.map((operand) => qubitsOf(machine, operand));
  const registers = operands.filter(({ single }) => !single);
  const [first] = registers;
  const size = first === undefined ? 1 : first.qubits.length;
  for (const [i, { qubits, single }] of operands.entries()) {
    if (single || qubits.length === size) continue;
    const message = `this has ${counted(qubits.length, 'qubit')} and another operand has ${size}; expected as many of each`;
    machine.fail('ERR_QASM_TYPE', message, statement.operands[i] as Span);
  }
  return Array.from({ length: size }, (_, i) => {
    const on = operands.map(({ qubits, single }) => (single ? qubits[0] : qubits[i]) as number);
    const twice = on.findIndex((qubit, place) => on.indexOf(qubit) < place);
    if (twice >= 0) {
      const message = `${machine.depth > 0 ? statement.operands[twice]?.name : machine.nameOf(on[twice] as number)} is named twice; a gate takes different qubits`;
      machine.fail('ERR_QASM_TYPE', message, statement.operands[twice] as Span);
    }
    return on;
  });
}

/**
 * The primitives of a gate statement, by the qubits that it is applied to.
 * @throws QasmError
 */
export function primitivesOf(
  machine: Machine,
  statement: CallStatement,
  body: Body,
): readonly { readonly qubits: readonly number[]; readonly list: readonly Primitive[] }[] {
  const { name, operands } = statement;
  const found = find(machine, statement, body);
  const modifiers = statement.modifiers.map((modifier) => read(machine, modifier));
  const controls = modifiers.filter(isControl).reduce((sum, { value }) => sum + value, 0);
  if (statement.angles.length !== found.angles) {
    const message = `${name.text} takes ${counted(found.angles, 'angle')}, not ${statement.angles.length}`;
    machine.fail('ERR_QASM_TYPE', message, name);
  }
  if (operands.length !== found.qubits + controls) {
    const under = controls === 0 ? '' : ` under ${counted(controls, 'control')}`;
    const message = `${name.text}${under} takes ${counted(found.qubits + controls, 'qubit')}, not ${operands.length}`;
    machine.fail('ERR_QASM_TYPE', message, name);
  }
  const angles = statement.angles.map((each) => angle(each, machine));
  return broadcast(machine, statement).map((qubits) => {
    machine.step(statement);
    return { qubits, list: applyTo(machine, found, modifiers, angles, qubits) };
  });
}
