/** Reading expressions, by precedence. */
import type { Expression, Index, Name, Operand, RangeIndex, Type } from './ast.ts';
import { type Cursor, DEEPEST } from './cursor.ts';

/** Binary operators from the loosest to the tightest, power apart. */
const LEVELS: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '>', '<=', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];

/** Operators of OpenQASM 2; the comparison is that of `if`. */
const IN_TWO = ['+', '-', '*', '/', '=='];

/** Types of variables. */
export const TYPES = [
  'bit',
  'bool',
  'int',
  'uint',
  'float',
  'angle',
  'complex',
  'duration',
  'stretch',
  'array',
];

/** The operator of a level that comes next. */
function operatorAt(cursor: Cursor, level: number): string | undefined {
  const { kind, text } = cursor.peek();
  if (kind !== 'symbol' || !(LEVELS[level] as readonly string[]).includes(text)) return undefined;
  return cursor.version === 3 || IN_TWO.includes(text) ? text : undefined;
}

/** An expression made of others, unless it is nested too deep. @throws QasmError */
function made<T extends Omit<Expression, 'depth'>>(
  cursor: Cursor,
  node: T,
  ...parts: Expression[]
): T & { depth: number } {
  const depth = 1 + Math.max(0, ...parts.map((part) => part.depth));
  if (depth > DEEPEST)
    cursor.fail('ERR_QASM_SIZE', `this expression is nested more than ${DEEPEST} deep`, {
      from: node.to - 1,
      to: node.to,
    });
  return { ...node, depth };
}

/** An expression. @throws QasmError */
export function expression(cursor: Cursor, level = 0): Expression {
  return cursor.nested(() => binary(cursor, level));
}

function binary(cursor: Cursor, level: number): Expression {
  if (level === LEVELS.length) return unary(cursor);
  let left = binary(cursor, level + 1);
  for (;;) {
    const operator = operatorAt(cursor, level);
    if (operator === undefined) return left;
    cursor.take();
    const right = binary(cursor, level + 1);
    left = made(
      cursor,
      { kind: 'binary', operator, left, right, from: left.from, to: right.to },
      left,
      right,
    );
  }
}

/** A sign binds looser than a power, so that -x**2 is -(x**2). */
function unary(cursor: Cursor): Expression {
  const { kind, text, from } = cursor.peek();
  const isSign =
    kind === 'symbol' && (text === '-' || text === '+' || (cursor.version === 3 && '!~'.includes(text)));
  if (!isSign) return power(cursor);
  cursor.take();
  const operand = cursor.nested(() => unary(cursor));
  if (text === '+') return operand;
  return made(cursor, { kind: 'unary', operator: text, operand, from, to: operand.to }, operand);
}

/** A power goes from right to left, and its exponent may have a sign. */
function power(cursor: Cursor): Expression {
  const base = indexed(cursor);
  const symbol = cursor.version === 2 ? '^' : '**';
  if (!cursor.accept(symbol)) return base;
  const exponent = cursor.nested(() => unary(cursor));
  const node = {
    kind: 'binary',
    operator: '**',
    left: base,
    right: exponent,
    from: base.from,
    to: exponent.to,
  } as const;
  return made(cursor, node, base, exponent);
}

function indexed(cursor: Cursor): Expression {
  let base = primary(cursor);
  while (cursor.version === 3 && cursor.is('[')) {
    const index = brackets(cursor);
    base = made(cursor, { kind: 'index', base, index, from: base.from, to: cursor.behind }, base);
  }
  return base;
}

/** Whole numbers may be written to the base 2, 8 or 16. */
function integer(cursor: Cursor, text: string): number {
  const value = Number(text.toLowerCase());
  if (Number.isSafeInteger(value)) return value;
  return cursor.fail('ERR_QASM_VALUE', `${text} is too large a whole number`, {
    from: cursor.behind - text.length,
    to: cursor.behind,
  });
}

function primary(cursor: Cursor): Expression {
  const token = cursor.peek();
  const { kind, text, from, to } = token;
  if (cursor.accept('(')) {
    const inner = expression(cursor);
    const { to: end } = cursor.expect(')', `to close the one at column ${columnOf(cursor, from)}`);
    return { ...inner, from, to: end };
  }
  if (kind === 'int' || kind === 'real') {
    cursor.take();
    if (kind === 'int' && cursor.version === 3)
      return { kind, value: integer(cursor, text), from, to, depth: 1 };
    const value = Number(text);
    return { kind: Number.isSafeInteger(value) ? kind : 'real', value, from, to, depth: 1 };
  }
  if (kind === 'timing' || kind === 'string') {
    cursor.take();
    return { kind: kind === 'string' ? 'text' : kind, text, from, to, depth: 1 };
  }
  if (kind === 'word') return word(cursor);
  return cursor.refuse('an expression');
}

const columnOf = (cursor: Cursor, at: number) => at - cursor.source.text.lastIndexOf('\n', at - 1);

function word(cursor: Cursor): Expression {
  const { text, from, to } = cursor.peek();
  if (cursor.version === 3 && (text === 'true' || text === 'false')) {
    cursor.take();
    return { kind: 'bool', value: text === 'true', from, to, depth: 1 };
  }
  if (cursor.version === 3 && text === 'measure') {
    cursor.take();
    const on = operand(cursor);
    return { kind: 'measure', operand: on, from, to: on.to, depth: 1 };
  }
  if (cursor.version === 3 && TYPES.includes(text)) {
    const type = typeName(cursor);
    cursor.expect('(', 'behind a type in an expression');
    const inner = expression(cursor);
    const { to: end } = cursor.expect(')', 'behind what is cast');
    return made(cursor, { kind: 'cast', type, operand: inner, from, to: end }, inner);
  }
  const name: Name = cursor.take();
  if (!cursor.accept('(')) return { kind: 'name', text, from, to, depth: 1 };
  const operands = cursor.listUntil(')', () => expression(cursor));
  return made(cursor, { kind: 'call', name, operands, from, to: cursor.behind }, ...operands);
}

/** What stands between brackets. */
export function brackets(cursor: Cursor): Index {
  cursor.expect('[', 'before an index');
  const { from } = cursor.peek();
  if (cursor.accept('{')) {
    const entries = cursor.listUntil('}', () => expression(cursor));
    const { to } = cursor.expect(']', 'behind a set');
    return { kind: 'set', entries, from, to };
  }
  const index = rangeOrOne(cursor, from);
  if (cursor.is(',')) cursor.refuse("']': lists have one index here");
  cursor.expect(']', 'behind an index');
  return index;
}

function rangeOrOne(cursor: Cursor, from: number): Index {
  const part = () => (cursor.is(':') || cursor.is(']') ? undefined : expression(cursor));
  const first = part();
  if (first !== undefined && !cursor.is(':')) return { kind: 'one', at: first };
  cursor.expect(':', 'in a range');
  const second = part();
  if (!cursor.accept(':')) return { kind: 'range', first, last: second, from, to: cursor.behind };
  return { kind: 'range', first, step: second, last: part(), from, to: cursor.behind } satisfies RangeIndex;
}

/** Qubits or bits by name. */
export function operand(cursor: Cursor): Operand {
  const { kind, text, from } = cursor.peek();
  if (kind === 'hardware' && cursor.version === 3) {
    cursor.take();
    return { name: text, indices: [], from, to: cursor.behind };
  }
  cursor.kind('word', 'the name of a qubit, a register or bits');
  const indices: Index[] = [];
  while (cursor.is('[')) indices.push(brackets(cursor));
  return { name: text, indices, from, to: cursor.behind };
}

/** The type of a variable. */
export function typeName(cursor: Cursor): Type {
  const { text: base, from } = cursor.take();
  if (base !== 'array') {
    const size = cursor.is('[') && base !== 'complex' ? designator(cursor) : undefined;
    if (base === 'complex' && cursor.accept('[')) {
      if (!TYPES.includes(cursor.peek().text)) cursor.refuse('the type of the parts');
      cursor.nested(() => typeName(cursor));
      cursor.expect(']', 'behind the type of the parts');
    }
    return { base, size, from, to: cursor.behind };
  }
  cursor.expect('[', 'behind array');
  if (!TYPES.includes(cursor.peek().text)) cursor.refuse('the type of the entries');
  const { base: of } = cursor.nested(() => typeName(cursor));
  cursor.expect(',', 'behind the type of the entries');
  const lengths = cursor.listUntil(']', () => expression(cursor));
  return { base: of, lengths, from, to: cursor.behind };
}

/** A number between brackets. */
export function designator(cursor: Cursor): Expression {
  cursor.expect('[', 'before a size');
  const size = expression(cursor);
  cursor.expect(']', 'behind a size');
  return size;
}
