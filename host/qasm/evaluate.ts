/** What expressions come to. All is known when a program is read, but for inputs, of which angles are affine functions. */
import type { QasmErrorCode } from '../core/errors.ts';
import type { Expression, Index, Name, RangeIndex } from './ast.ts';
import { add, type Affine, constant, isConstant, isFinite, scaled } from './affine.ts';
import type { Span } from './error.ts';
import { callFunction, wholeOperation } from './functions.ts';

/** Dimensions of an array at most. */
export const MOST_DIMENSIONS = 7;

/** A value: qubits by their numbers, `bits` what is measured, and what else a program computes with. */
export type Value =
  | { readonly type: 'int'; readonly value: number }
  | { readonly type: 'real'; readonly value: Affine }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'qubits'; readonly qubits: readonly number[]; readonly single: boolean }
  | { readonly type: 'bits'; readonly bits: readonly number[]; readonly single: boolean }
  | { readonly type: 'list'; readonly entries: readonly Value[] };

/** Where names are looked up, and what refuses. */
export interface Context {
  readonly version: 2 | 3;
  lookup(name: Name): Value;
  /** Counts what is done, which has a bound. @throws QasmError */
  step(place: Span, count?: number): void;
  fail(code: QasmErrorCode, message: string, place: Span): never;
}

/** What a value is, for messages. */
export function describe(value: Value): string {
  if (value.type === 'int') return `the whole number ${value.value}`;
  if (value.type === 'bool') return String(value.value);
  if (value.type === 'real')
    return isConstant(value.value) ? `the number ${value.value.constant}` : 'an angle that an input drives';
  return { qubits: 'qubits', bits: 'bits', list: 'a list' }[value.type];
}

export const int = (value: number): Value => ({ type: 'int', value });
export const real = (value: number): Value => ({ type: 'real', value: constant(value) });

/** Constants by name; OpenQASM 2 has pi alone. */
export const CONSTANTS: Readonly<Record<string, number>> = {
  ...{ pi: Math.PI, π: Math.PI, tau: 2 * Math.PI, τ: 2 * Math.PI, euler: Math.E, ℇ: Math.E },
};

/** Bits are known only by measuring. @throws QasmError */
const refuseBits = (context: Context, place: Span): never =>
  context.fail(
    'ERR_QASM_UNSUPPORTED',
    'this depends on the outcome of a measurement; classical control is not supported',
    place,
  );

/** An expression's value. @throws QasmError */
export function evaluate(expression: Expression, context: Context): Value {
  context.step(expression);
  switch (expression.kind) {
    case 'int':
      return int(expression.value);
    case 'real':
      return finite(constant(expression.value), expression, context);
    case 'bool':
      return { type: 'bool', value: expression.value };
    case 'name':
      return context.lookup(expression);
    case 'unary':
      return unary(expression.operator, expression, expression.operand, context);
    case 'binary':
      return binary(expression.operator, expression, expression.left, expression.right, context);
    case 'call':
      return called(expression, expression.name, expression.operands, context);
    case 'cast': {
      const { type, operand } = expression;
      if (type.lengths !== undefined)
        context.fail('ERR_QASM_UNSUPPORTED', 'nothing is cast to an array here', type);
      return convert(evaluate(operand, context), type.base, operand, context);
    }
    case 'index':
      return indexed(evaluate(expression.base, context), expression.index, expression.base, context);
    case 'list':
      return { type: 'list', entries: expression.entries.map((entry) => evaluate(entry, context)) };
    case 'measure':
      return context.fail('ERR_QASM_TYPE', 'a measurement goes to bits, and nowhere else', expression);
    case 'timing':
      return context.fail(
        'ERR_QASM_UNSUPPORTED',
        `${expression.text}: times are not computed with`,
        expression,
      );
    case 'text':
      return context.fail(
        'ERR_QASM_UNSUPPORTED',
        'bits have no values of their own here, only measurements',
        expression,
      );
  }
}

/** The value as an angle. @throws QasmError */
export function angle(expression: Expression, context: Context): Affine {
  return affine(evaluate(expression, context), expression, context);
}

function affine(value: Value, place: Span, context: Context): Affine {
  if (value.type === 'int') return constant(value.value);
  if (value.type === 'real') return value.value;
  if (value.type === 'bits') return refuseBits(context, place);
  return context.fail('ERR_QASM_TYPE', `this is ${describe(value)}; expected a number`, place);
}

/** The value as a whole number in a range. @throws QasmError */
export function whole(
  expression: Expression,
  context: Context,
  what: string,
  least = -Number.MAX_SAFE_INTEGER,
  most = Number.MAX_SAFE_INTEGER,
): number {
  const value = evaluate(expression, context);
  if (value.type === 'bits') return refuseBits(context, expression);
  // In OpenQASM 2 a number is what it is, however it came about.
  const number =
    value.type === 'int'
      ? value.value
      : context.version === 2 && value.type === 'real' && isConstant(value.value)
        ? value.value.constant
        : Number.NaN;
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  const expected =
    least === -Number.MAX_SAFE_INTEGER ? 'a whole number' : `a whole number from ${least} to ${most}`;
  return context.fail('ERR_QASM_VALUE', `${what} is ${describe(value)}; expected ${expected}`, expression);
}

/** The value as true or false. @throws QasmError */
export function truth(expression: Expression, context: Context): boolean {
  return isTrue(evaluate(expression, context), expression, context);
}

function isTrue(value: Value, place: Span, context: Context): boolean {
  if (value.type === 'bits') return refuseBits(context, place);
  if (value.type === 'bool') return value.value;
  if (value.type === 'int') return value.value !== 0;
  return context.fail('ERR_QASM_TYPE', `this is ${describe(value)}; expected true or false`, place);
}

/** A number that no input drives. @throws QasmError */
export function known(value: Value, place: Span, context: Context): number {
  const { constant: number, terms } = affine(value, place, context);
  if (terms.size === 0) return number;
  return context.fail(
    'ERR_QASM_VALUE',
    'an input stands here where the circuit needs a number; angles are sums of inputs, each times a number',
    place,
  );
}

function finite(value: Affine, place: Span, context: Context): Value {
  if (isFinite(value)) return { type: 'real', value };
  return context.fail('ERR_QASM_VALUE', 'this is no finite number', place);
}

function wholeNumber(value: number, place: Span, context: Context): Value {
  if (Number.isSafeInteger(value)) return int(value + 0);
  return context.fail('ERR_QASM_VALUE', 'this is no whole number below 2^53', place);
}

function unary(operator: string, place: Span, operand: Expression, context: Context): Value {
  const value = evaluate(operand, context);
  if (operator === '!') return { type: 'bool', value: !isTrue(value, operand, context) };
  if (operator === '~') {
    if (value.type === 'int') return wholeNumber(-value.value - 1, place, context);
    return context.fail('ERR_QASM_TYPE', `this is ${describe(value)}; expected a whole number`, operand);
  }
  if (value.type === 'int') return int(0 - value.value);
  return finite(scaled(affine(value, operand, context), -1), place, context);
}

const LOGIC = ['&&', '||'];
const COMPARISONS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '>': (a, b) => a > b,
  '<=': (a, b) => a <= b,
  '>=': (a, b) => a >= b,
};

function binary(operator: string, place: Span, left: Expression, right: Expression, context: Context): Value {
  if (LOGIC.includes(operator)) {
    const first = truth(left, context);
    const second = truth(right, context);
    return { type: 'bool', value: operator === '&&' ? first && second : first || second };
  }
  const [a, b] = [evaluate(left, context), evaluate(right, context)];
  return operate(operator, [a, left], [b, right], place, context);
}

/** Operates on two values, each with its place. @throws QasmError */
export function operate(
  operator: string,
  [a, left]: readonly [Value, Span],
  [b, right]: readonly [Value, Span],
  place: Span,
  context: Context,
): Value {
  const compare = COMPARISONS[operator];
  if (compare !== undefined) {
    if (a.type === 'bool' && b.type === 'bool')
      return { type: 'bool', value: compare(Number(a.value), Number(b.value)) };
    return { type: 'bool', value: compare(known(a, left, context), known(b, right, context)) };
  }
  if ((operator === '/' || operator === '%') && known(b, right, context) === 0)
    context.fail('ERR_QASM_VALUE', 'this divides by 0', place);
  if (
    a.type === 'int' &&
    b.type === 'int' &&
    !(context.version === 2 && (operator === '/' || operator === '**'))
  ) {
    const result = wholeOperation(operator, a.value, b.value);
    if (result !== undefined) return wholeNumber(result, place, context);
  }
  const [x, y] = [affine(a, left, context), affine(b, right, context)];
  switch (operator) {
    case '+':
      return finite(add(x, y), place, context);
    case '-':
      return finite(add(x, y, -1), place, context);
    case '*':
      // One of them has to be a number.
      if (isConstant(x)) return finite(scaled(y, x.constant), place, context);
      return finite(scaled(x, known(b, right, context)), place, context);
    case '/': {
      const divisor = known(b, right, context);
      // By its parts, so that what is written as a quotient is rounded once.
      const terms = new Map([...x.terms].map(([input, scale]) => [input, scale / divisor]));
      return finite({ constant: x.constant / divisor, terms }, place, context);
    }
    case '%':
      return finite(constant(known(a, left, context) % known(b, right, context)), place, context);
    case '**':
      return finite(constant(known(a, left, context) ** known(b, right, context)), place, context);
  }
  return context.fail(
    'ERR_QASM_TYPE',
    `'${operator}' is for whole numbers; this is ${describe(a)} and ${describe(b)}`,
    place,
  );
}

/** How many entries there are: of an array in one of its dimensions, from 0, the first unless another is asked for. */
function sizeOf(
  name: Name,
  values: readonly Value[],
  operands: readonly Expression[],
  context: Context,
): number {
  const [value, ...more] = values;
  if (value === undefined || more.length > 1)
    return context.fail('ERR_QASM_NAME', `sizeof takes one or two operands, not ${values.length}`, name);
  const [of, asked] = operands as [Expression, Expression?];
  const dimension = asked === undefined ? 0 : whole(asked, context, 'the dimension', 0, MOST_DIMENSIONS - 1);
  let found: Value | undefined = value;
  for (let i = 0; i < dimension; i++) found = found?.type === 'list' ? found.entries[0] : undefined;
  if (found?.type === 'list') return found.entries.length;
  if (found?.type === 'qubits') return found.qubits.length;
  if (found?.type === 'bits') return found.bits.length;
  const has = dimension === 0 ? 'size' : `dimension ${dimension}`;
  return context.fail('ERR_QASM_TYPE', `this is ${describe(value)}, which has no ${has}`, of);
}

function called(place: Span, name: Name, operands: readonly Expression[], context: Context): Value {
  const values = operands.map((operand) => evaluate(operand, context));
  if (name.text === 'sizeof' && context.version === 3) return int(sizeOf(name, values, operands, context));
  const numbers = values.map((value, i) => known(value, operands[i] as Expression, context));
  const allWhole = values.every(({ type }) => type === 'int');
  const result = callFunction(name.text, numbers, allWhole, context.version);
  if (typeof result === 'string') return context.fail('ERR_QASM_NAME', result, name);
  return result.whole
    ? wholeNumber(result.value, place, context)
    : finite(constant(result.value), place, context);
}

/** The value as a variable of some type has it. @throws QasmError */
export function convert(value: Value, base: string, place: Span, context: Context): Value {
  if (value.type === 'bits' && base !== 'bit') return refuseBits(context, place);
  if (base === 'float' && value.type === 'bool') return real(Number(value.value));
  if (base === 'float' || base === 'angle') return { type: 'real', value: affine(value, place, context) };
  const isNumber = value.type === 'int' || value.type === 'real' || value.type === 'bool';
  if (isNumber && (base === 'int' || base === 'uint')) {
    const number = value.type === 'bool' ? Number(value.value) : Math.trunc(known(value, place, context));
    if (base === 'uint' && number < 0)
      return context.fail('ERR_QASM_VALUE', `this is ${number}; a uint has no sign`, place);
    return wholeNumber(number, place, context);
  }
  if (isNumber && base === 'bool')
    return { type: 'bool', value: value.type === 'bool' ? value.value : known(value, place, context) !== 0 };
  return context.fail(
    'ERR_QASM_UNSUPPORTED',
    `${describe(value)} as a value of type ${base} is not supported`,
    place,
  );
}

/** Places that an index means in a list of some length. @throws QasmError */
export function placesOf(index: Index, length: number, context: Context): readonly number[] {
  if (index.kind === 'one') return [placeOf(index.at, length, context)];
  if (index.kind === 'set') return index.entries.map((entry) => placeOf(entry, length, context));
  const numbers = rangeOf(index, context, length);
  return Array.from(numbers, (number) => checkPlace(number, length, index, context));
}

function placeOf(expression: Expression, length: number, context: Context): number {
  return checkPlace(whole(expression, context, 'the index'), length, expression, context);
}

function checkPlace(number: number, length: number, place: Span, context: Context): number {
  const found = number < 0 && context.version === 3 ? number + length : number;
  if (found >= 0 && found < length) return found;
  const has = length === 1 ? 'there is only index 0' : `the indices are 0 to ${length - 1}`;
  return context.fail('ERR_QASM_VALUE', `the index is ${number}; ${has}`, place);
}

/** The numbers of a range, one after the other. @param length of what it is an index of, which ends may be left out for */
export function* rangeOf(range: RangeIndex, context: Context, length?: number): Generator<number> {
  const open = (end: Expression | undefined, missing: number | undefined): number => {
    if (end !== undefined) return whole(end, context, 'the end of the range');
    return missing ?? context.fail('ERR_QASM_SYNTAX', 'this range has no end; expected both', range);
  };
  const step = range.step === undefined ? 1 : whole(range.step, context, 'the step of the range');
  if (step === 0) context.fail('ERR_QASM_VALUE', 'the step of the range is 0', range);
  const down = step < 0;
  const wrap = (end: number) => (length !== undefined && end < 0 ? end + length : end);
  const ends = length === undefined ? [undefined, undefined] : down ? [length - 1, 0] : [0, length - 1];
  const [first, last] = [wrap(open(range.first, ends[0])), wrap(open(range.last, ends[1]))];
  for (let at = first; down ? at >= last : at <= last; at += step) yield at;
}

/** Some of a list. @throws QasmError */
export function indexed(value: Value, index: Index, place: Span, context: Context): Value {
  const one = index.kind === 'one';
  if (value.type === 'list') {
    const places = placesOf(index, value.entries.length, context);
    context.step(place, places.length);
    const entries = places.map((at) => value.entries[at] as Value);
    return one ? (entries[0] as Value) : { type: 'list', entries };
  }
  const list = value.type === 'qubits' ? value.qubits : value.type === 'bits' ? value.bits : undefined;
  if (list === undefined || (value as { single: boolean }).single)
    return context.fail(
      'ERR_QASM_TYPE',
      `this is ${list ? 'a single one' : describe(value)}, and has no index`,
      place,
    );
  const found = placesOf(index, list.length, context).map((at) => list[at] as number);
  context.step(place, found.length);
  return value.type === 'qubits'
    ? { type: 'qubits', qubits: found, single: one }
    : { type: 'bits', bits: found, single: one };
}
