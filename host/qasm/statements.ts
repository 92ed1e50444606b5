/** Reading a program, statement by statement. */
import type { CallStatement, Expression, GateStatement, Modifier, Name, Program, Statement } from './ast.ts';
import { Cursor } from './cursor.ts';
import type { Source } from './error.ts';
import { brackets, designator, expression, operand, typeName, TYPES } from './expressions.ts';

/** What a statement says without where it is. */
type Said = Statement extends infer Each
  ? Each extends Statement
    ? Omit<Each, 'from' | 'to'>
    : never
  : never;

/** Reads a statement whose first word has been looked at, not taken. */
type Reader = (cursor: Cursor) => Said;

/** A statement that is understood and refused. */
const refused =
  (what: string): Reader =>
  (cursor) => {
    cursor.take();
    skip(cursor);
    return { kind: 'refused', what };
  };

/** Goes behind a statement that nobody reads: its semicolon, or the brace that closes it. */
function skip(cursor: Cursor): void {
  for (let depth = 0; cursor.peek().kind !== 'end';) {
    if (depth === 0 && cursor.is('}')) return;
    const { text } = cursor.take();
    if (text === '{') depth++;
    if (text === '}' && --depth === 0) return;
    if (text === ';' && depth === 0) return;
  }
}

const semicolon = (cursor: Cursor) => cursor.expect(';', 'behind the statement');

/** What both versions have. */
const READERS: Readonly<Record<string, Reader>> = {
  include(cursor) {
    cursor.take();
    const { text: file } = cursor.kind('string', 'the name of a file in quotes');
    semicolon(cursor);
    return { kind: 'include', file };
  },
  qreg: (cursor) => register(cursor, 'qubits'),
  creg: (cursor) => register(cursor, 'bits'),
  gate: gateDefinition,
  measure(cursor) {
    cursor.take();
    const qubits = operand(cursor);
    const bits = cursor.version === 2 || cursor.is('->') ? arrow(cursor) : undefined;
    semicolon(cursor);
    return { kind: 'measure', qubits, bits };
  },
  reset(cursor) {
    cursor.take();
    const qubits = operand(cursor);
    semicolon(cursor);
    return { kind: 'reset', qubits };
  },
  barrier(cursor) {
    cursor.take();
    return { kind: 'nothing', operands: operands(cursor) };
  },
  if: condition,
};

const READERS_OF_TWO: Readonly<Record<string, Reader>> = {
  ...READERS,
  opaque(cursor) {
    cursor.take();
    const name = cursor.name('a gate');
    if (cursor.accept('(')) cursor.listUntil(')', () => cursor.name('a parameter'));
    operands(cursor);
    return { kind: 'opaque', name };
  },
};

const READERS_OF_THREE: Readonly<Record<string, Reader>> = {
  ...READERS,
  qubit(cursor) {
    cursor.take();
    const size = cursor.is('[') ? designator(cursor) : undefined;
    const name = cursor.name('a register');
    semicolon(cursor);
    return { kind: 'qubits', name, size };
  },
  input: inputOrOutput,
  output: inputOrOutput,
  const: declaration,
  let(cursor) {
    cursor.take();
    const name = cursor.name('an alias');
    cursor.expect('=', 'behind the name of an alias');
    const parts: Expression[] = [];
    do parts.push(expression(cursor));
    while (cursor.accept('++'));
    semicolon(cursor);
    return { kind: 'alias', name, parts };
  },
  for: loop,
  while(cursor) {
    cursor.take();
    cursor.expect('(', 'behind while');
    const asked = expression(cursor);
    cursor.expect(')', 'behind the condition');
    return { kind: 'while', condition: asked, body: body(cursor) };
  },
  delay(cursor) {
    cursor.take();
    designator(cursor);
    return { kind: 'nothing', operands: operands(cursor) };
  },
  nop(cursor) {
    cursor.take();
    return { kind: 'nothing', operands: operands(cursor) };
  },
  box(cursor) {
    cursor.take();
    if (cursor.is('[')) designator(cursor);
    return block(cursor);
  },
  end(cursor) {
    cursor.take();
    semicolon(cursor);
    return { kind: 'end' };
  },
  def: refused('a subroutine'),
  extern: refused('an external function'),
  cal: refused('a calibration'),
  defcal: refused('a calibration'),
  defcalgrammar: refused('a calibration'),
  switch: refused('a switch'),
  break: refused('break'),
  continue: refused('continue'),
  return: refused('return'),
  ...Object.fromEntries(TYPES.map((type) => [type, declaration])),
};

/** A register of the old style: `qreg q[3];` */
function register(cursor: Cursor, kind: 'qubits' | 'bits'): Said {
  cursor.take();
  const name = cursor.name('a register');
  const size = cursor.version === 2 || cursor.is('[') ? designator(cursor) : undefined;
  semicolon(cursor);
  return { kind, name, size };
}

/** Operands until the end of the statement. */
function operands(cursor: Cursor) {
  return cursor.listUntil(';', () => operand(cursor));
}

function arrow(cursor: Cursor) {
  cursor.expect('->', 'and the bits that take the outcome');
  return operand(cursor);
}

function inputOrOutput(cursor: Cursor): Said {
  const kind = cursor.take().text as 'input' | 'output';
  if (!TYPES.includes(cursor.peek().text)) cursor.refuse('a type');
  const type = typeName(cursor);
  const name = cursor.name(`an ${kind}`);
  semicolon(cursor);
  return { kind, name, type };
}

/** `const float x = 1;`, `int i;`, `bit[2] c = measure q;`; or an expression that starts with a cast, which says nothing. */
function declaration(cursor: Cursor): Said {
  const isConst = cursor.accept('const');
  if (!TYPES.includes(cursor.peek().text)) cursor.refuse('a type');
  const type = typeName(cursor);
  const name = cursor.name(isConst ? 'a constant' : 'a variable');
  const value = cursor.accept('=') ? valueOf(cursor) : undefined;
  if (isConst && value === undefined) cursor.refuse("'=' and the value of the constant");
  semicolon(cursor);
  if (type.base === 'bit' && type.lengths === undefined && !isConst)
    return { kind: 'bits', name, size: type.size, value };
  return { kind: isConst ? 'const' : 'variable', name, type, value };
}

/** An expression, or entries between braces. */
function valueOf(cursor: Cursor): Expression {
  const { from } = cursor.peek();
  if (!cursor.accept('{')) return expression(cursor);
  const entries = cursor.nested(() => cursor.listUntil('}', () => valueOf(cursor)));
  return {
    kind: 'list',
    entries,
    from,
    to: cursor.behind,
    depth: 1 + Math.max(0, ...entries.map(({ depth }) => depth)),
  };
}

function gateDefinition(cursor: Cursor): Said {
  cursor.take();
  const name = cursor.name('a gate');
  const parameters = cursor.accept('(') ? cursor.listUntil(')', () => cursor.name('a parameter')) : [];
  if (cursor.is('{')) cursor.refuse('the names of its qubits');
  const qubits = cursor.listUntil('{', () => cursor.name('a qubit'));
  const statements = statementsUntilBrace(cursor);
  return { kind: 'gate', name, parameters, qubits, body: statements } satisfies Omit<
    GateStatement,
    'from' | 'to'
  >;
}

function statementsUntilBrace(cursor: Cursor): Statement[] {
  const statements: Statement[] = [];
  while (!cursor.accept('}')) {
    if (cursor.peek().kind === 'end') cursor.refuse("'}'");
    statements.push(statement(cursor));
  }
  return statements;
}

function block(cursor: Cursor): Said {
  cursor.expect('{', 'before statements');
  return { kind: 'block', body: statementsUntilBrace(cursor) };
}

/** What a condition or a loop is about: a block, or one statement. */
function body(cursor: Cursor): Statement {
  return cursor.nested(() => statement(cursor));
}

function condition(cursor: Cursor): Said {
  cursor.take();
  cursor.expect('(', 'behind if');
  const asked = expression(cursor);
  cursor.expect(')', 'behind the condition');
  const chosen = body(cursor);
  const otherwise = cursor.version === 3 && cursor.accept('else') ? body(cursor) : undefined;
  return { kind: 'if', condition: asked, chosen, otherwise };
}

function loop(cursor: Cursor): Said {
  cursor.take();
  if (TYPES.includes(cursor.peek().text)) typeName(cursor);
  const name = cursor.name('a variable');
  cursor.expect('in', 'behind the variable of a loop');
  const { from } = cursor.peek();
  if (cursor.is('[')) {
    const over = brackets(cursor);
    if (over.kind === 'range') return { kind: 'for', name, over, body: body(cursor) };
    const message = 'this is no range such as [0:3]; a loop goes over a range, a set or an array';
    cursor.fail('ERR_QASM_SYNTAX', message, { from, to: cursor.behind });
  }
  if (!cursor.accept('{')) return { kind: 'for', name, over: expression(cursor), body: body(cursor) };
  const entries = cursor.listUntil('}', () => expression(cursor));
  return { kind: 'for', name, over: { kind: 'set', entries, from, to: cursor.behind }, body: body(cursor) };
}

/** `ctrl(2) @ inv @` */
function modifiers(cursor: Cursor): Modifier[] {
  const read: Modifier[] = [];
  for (;;) {
    const { text, from } = cursor.peek();
    if (cursor.version === 2 || !['ctrl', 'negctrl', 'inv', 'pow'].includes(text)) return read;
    cursor.take();
    const kind = text as Modifier['kind'];
    const isPower = kind === 'pow';
    let argument: Expression | undefined;
    if (isPower || (kind !== 'inv' && cursor.is('('))) {
      cursor.expect('(', `behind ${kind}`);
      argument = expression(cursor);
      cursor.expect(')', `behind the argument of ${kind}`);
    }
    const { to } = cursor.expect('@', `behind ${kind}`);
    read.push({ kind, argument, from, to });
  }
}

/** A gate's application, or an assignment. */
function callOrAssignment(cursor: Cursor): Said {
  const before = modifiers(cursor);
  if (before.length === 0 && cursor.version === 3 && isAssignment(cursor)) return assignment(cursor);
  const name: Name = cursor.kind('word', 'a statement');
  const angles = cursor.accept('(') ? cursor.listUntil(')', () => expression(cursor)) : [];
  if (cursor.version === 3 && cursor.is('[') && name.text !== 'gphase') designator(cursor);
  const on = operands(cursor);
  if (on.length === 0 && name.text !== 'gphase') {
    const message = `${name.text} is applied to nothing; expected the qubits that it is applied to`;
    cursor.fail('ERR_QASM_SYNTAX', message, name);
  }
  return { kind: 'call', modifiers: before, name, angles, operands: on } satisfies Omit<
    CallStatement,
    'from' | 'to'
  >;
}

const ASSIGNMENTS = ['=', '+=', '-=', '*=', '/=', '%=', '**=', '&=', '|=', '^=', '<<=', '>>='];

/** Whether a name, maybe with indices, comes before an assignment's symbol. */
function isAssignment(cursor: Cursor): boolean {
  let ahead = 1;
  while (cursor.is('[', ahead)) {
    let depth = 0;
    do {
      if (cursor.is('[', ahead)) depth++;
      if (cursor.is(']', ahead)) depth--;
      if (cursor.peek(ahead).kind === 'end') return false;
      ahead++;
    } while (depth > 0);
  }
  return ASSIGNMENTS.some((symbol) => cursor.is(symbol, ahead));
}

function assignment(cursor: Cursor): Said {
  const target = operand(cursor);
  const operator = cursor.take().text;
  const value = expression(cursor);
  semicolon(cursor);
  return { kind: 'assign', target, operator, value };
}

function statement(cursor: Cursor): Statement {
  return cursor.nested(() => {
    const { from, kind, text } = cursor.peek();
    const readers = cursor.version === 2 ? READERS_OF_TWO : READERS_OF_THREE;
    const reader = kind === 'word' && Object.hasOwn(readers, text) ? readers[text] : undefined;
    const isBlock = cursor.version === 3 && cursor.is('{');
    const said = reader ? reader(cursor) : isBlock ? block(cursor) : callOrAssignment(cursor);
    return { ...said, from, to: cursor.behind } as Statement;
  });
}

/** Reads the first line, which says the version; without one it is 3. */
function versionOf(cursor: Cursor): 2 | 3 {
  if (!cursor.accept('OPENQASM')) return 3;
  const token = cursor.peek();
  if (token.kind !== 'real' && token.kind !== 'int') cursor.refuse('a version such as 2.0 or 3.0');
  cursor.take();
  const version = Math.floor(Number(token.text));
  if (version !== 3 && token.text !== '2.0' && token.text !== '2')
    cursor.fail('ERR_QASM_UNSUPPORTED', `this is OpenQASM ${token.text}; versions 2.0 and 3 are read`, token);
  semicolon(cursor);
  return version as 2 | 3;
}

/** Reads a program. @throws QasmError */
export function parseProgram(source: Source): Program {
  const cursor = new Cursor(source);
  cursor.version = versionOf(cursor);
  const statements: Statement[] = [];
  while (cursor.peek().kind !== 'end') {
    if (cursor.is('OPENQASM'))
      cursor.fail('ERR_QASM_SYNTAX', 'the version is said once, in the first statement', cursor.peek());
    statements.push(statement(cursor));
  }
  return { version: cursor.version, statements };
}
