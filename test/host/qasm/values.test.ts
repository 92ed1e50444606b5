/** What every operator, function, cast, index and range of both versions comes to, and which sentence refuses what has no value. */
import { describe, test } from 'node:test';
import { Cursor } from '../../../host/qasm/cursor.ts';
import { evaluate } from '../../../host/qasm/evaluate.ts';
import { expression } from '../../../host/qasm/expressions.ts';
import { interpret } from '../../../host/qasm/interpret.ts';
import { Machine } from '../../../host/qasm/machine.ts';
import { parseProgram } from '../../../host/qasm/statements.ts';
import { assertGolden } from '../../support/golden.ts';
import { table, valueText } from './said.ts';

/** What the expressions have names for. */
const DECLARED = {
  2: 'OPENQASM 2.0; qreg q[4]; creg c[3];',
  3: `OPENQASM 3.0; qubit[4] q; qubit one; bit[3] c; bit b; input float x; input float y; const int n = 3; int i = 5;
    bool yes = true; float unset; array[int, 4] list = {10, 20, 30, 40}; array[int, 1, 3] wide = {{1, 2, 3}}; array[float, 2, 2] rows = {{1, 2}, {3, 4}};`,
};

/** An expression's value, with places in the expression alone. */
function valueOf(text: string, version: 2 | 3): string {
  const source = { name: 'e', text };
  const cursor = new Cursor(source);
  cursor.version = version;
  const read = expression(cursor);
  if (cursor.peek().kind !== 'end') cursor.refuse('the end of the expression');
  const machine = new Machine(source, version, {});
  interpret(machine, parseProgram({ name: 'declared', text: DECLARED[version] }).statements);
  return valueText(evaluate(read, machine));
}

/** Every pair of some operands with every operator between them. */
const pairs = (operands: readonly string[], operators: readonly string[]): string[] =>
  operators.flatMap((operator) => operands.flatMap((a) => operands.map((b) => `${a} ${operator} ${b}`)));

const OPERATORS = '|| && | ^ & == != < > <= >= << >> + - * / % **'.split(' ');
const FUNCTIONS =
  'arccos arcsin arctan ceiling cos exp floor ln log mod popcount pow sin sizeof sqrt tan toString'.split(
    ' ',
  );

const LITERALS = [
  ...[
    '0',
    '7',
    '1_000',
    '0x1F',
    '0XfF',
    '0b1_01',
    '0B11',
    '0o17',
    '0O7',
    '9007199254740991',
    '9007199254740992',
  ],
  ...['0xFFFFFFFFFFFFFFFF', '1.5', '.5', '5.', '1e3', '1E-2', '1.5e+2', '1_0.2_5', '1e400', '1.0'],
  ...['true', 'false', '"0101"', "'1'", '100ns', '2.5us', '3dt', '7im', '4µs', '3x', '0xg', '1.2.3'],
  ...[
    'pi',
    'π',
    'tau',
    'τ',
    'euler',
    'ℇ',
    'x',
    'n',
    'unset',
    'missing',
    'q',
    'one',
    'c',
    'b',
    'list',
    'rows',
    'yes',
  ],
  ...[
    '(1)',
    '((2))',
    '(1',
    '\n (1',
    '(1\n',
    '()',
    '',
    ')',
    '1 2',
    '§',
    '$0',
    'measure q',
    'measure',
    'measure q[0]',
  ],
];

describe('an expression of OpenQASM 3', () => {
  const golden = (name: string, cases: readonly string[]) =>
    assertGolden(
      new URL(`golden/${name}.txt`, import.meta.url),
      table(cases, (text) => valueOf(text, 3)),
    );

  test('that is one token, or a few', () => golden('literals-3', LITERALS));

  test('of one operator', () =>
    golden('operators-3', [
      ...pairs(['7', '-2', '0.5', '0'], OPERATORS),
      ...pairs(['true', 'false'], OPERATORS),
      ...OPERATORS.flatMap((operator) => [`x ${operator} 2`, `2 ${operator} x`, `x ${operator} y`]),
      ...OPERATORS.flatMap((operator) => [`q ${operator} 2`, `1 ${operator} c`, `list ${operator} 2`]),
      ...[
        'x - x',
        'x + y - x',
        '2 * x - 2 * x + 1',
        'x / 4 + 1.5',
        '0 * x',
        'x * 0',
        'x ** 1',
        '1e308 * 10',
        'x * 1e308 * 10',
      ],
      ...[
        '7 ^ 3',
        '5 & 6',
        '5 | 6',
        '-1 & 255',
        '1 << 52',
        '1 << 53',
        '1 << 64',
        '0 << 64',
        '0 << 65',
        '1 << -1',
      ],
      ...[
        '1 >> 0',
        '-1 >> 64',
        '-5 >> 1',
        '5 >> 65',
        '5 >> 64',
        '9007199254740991 + 1',
        '9007199254740991 + 0',
        '2 ** 52',
        '2 ** 53',
      ],
      ...[
        '3 ** 40',
        '2 ** -1',
        '2 ** 0',
        '0 ** 0',
        '-7 / 2',
        '7 / -2',
        '-7 % 3',
        '7 % -3',
        '-6 % 3',
        '7.5 % 2',
        '-7.5 % 2',
        '(-8) ** (1/3)',
      ],
      ...['0 - 9007199254740991 - 1', '5 / 0.0', '5 % 0.0', '5 / x', '5 % x', 'x % 2', '1 / (n - 3)'],
    ]));

  test('of one sign', () =>
    golden('signs-3', [
      ...['-', '+', '!', '~'].flatMap((sign) =>
        [
          '7',
          '0',
          '-3',
          '0.5',
          'x',
          'true',
          'false',
          'q',
          'c',
          'b',
          'list',
          'unset',
          'pi',
          '9007199254740991',
        ].map((operand) => sign + operand),
      ),
      ...['--1', '-+-1', '!!true', '~~5', '-x * 2', '-(x + 1)', '~(-9007199254740991)'],
    ]));

  test('of several operators, by their precedence', () =>
    golden('precedence-3', [
      ...OPERATORS.slice(0, -1).map((operator, i) => `6 ${operator} 3 ${OPERATORS[i + 1] as string} 2`),
      ...OPERATORS.slice(0, -1).map((operator, i) => `6 ${OPERATORS[i + 1] as string} 3 ${operator} 2`),
      ...[
        '2 ** 3 ** 2',
        '-2 ** 2',
        '2 ** -2',
        '2 ** -2 ** 2',
        '10 - 3 - 2',
        '24 / 4 / 2',
        '24 / (4 / 2)',
        '17 % 7 % 2',
        '-3 % 2',
      ],
      ...[
        '1 + 2 * 3 ** 2',
        '(1 + 2) * 3 ** 2',
        '2 * 3 + 1',
        '1 << 2 + 1',
        '1 | 2 == 2',
        '!true || true',
        '~1 & 3',
        '1 < 2 == true',
      ],
      ...[
        '-list[1]',
        'list[1] ** 2',
        '2 ** list[0]',
        '1 + ',
        '1 +* 2',
        '* 2',
        '1 ++ 2',
        '1 = 2',
        '1 -> 2',
        '1 . 2',
      ],
    ]));

  test('of a function', () =>
    golden('functions-3', [
      ...FUNCTIONS.flatMap((name) =>
        ['', '0', '1', '0.5', '-2', '2, 3', 'x', 'true', 'c'].map((operands) => `${name}(${operands})`),
      ),
      ...['mod', 'pow'].flatMap((name) =>
        ['-7, 2', '2, -1', '7.5, 2', '2, 0.5', '2.0, 2', '1, 2, 3'].map((operands) => `${name}(${operands})`),
      ),
      ...[
        'sizeof(rows)',
        'sizeof(rows[0])',
        'sizeof(one)',
        'sizeof(q[1:2])',
        'sizeof(list, 0)',
        'sizeof(list, 1)',
        'sizeof(wide, 1)',
        'sizeof(wide, 2)',
        'sizeof(wide, -1)',
        'sizeof(q, 1)',
        'sizeof(q)',
        'sizeof(list)',
        'sizeof(wide, 7)',
        'sizeof(wide, 0, 1)',
        'popcount(255)',
        'popcount(-5)',
      ],
      ...[
        'floor(-0.5)',
        'ceiling(-0.5)',
        'floor(1e300)',
        'mod(5, 0)',
        'pow(2, 60)',
        'pow(10, 400)',
        'pow(10.0, 2)',
        'exp(1000)',
      ],
      ...[
        'sin(1, )',
        'sin(1',
        'sin(,1)',
        'sin(1 2)',
        'sin()',
        'floor(x)',
        'mod(3, x)',
        'constructor(1)',
        'sqrt(unset)',
      ],
    ]));

  test('that is cast', () =>
    golden('casts-3', [
      ...['bit', 'complex', 'duration', 'stretch', 'array'].flatMap((type) => [`${type}(2)`, `${type}(c)`]),
      ...'bool int uint float angle'
        .split(' ')
        .flatMap((type) =>
          [
            '2',
            '-2',
            '0',
            '2.7',
            '-2.7',
            '0.2',
            '1e300',
            'x',
            'true',
            'false',
            'q',
            'c',
            'list',
            'unset',
          ].map((operand) => `${type}(${operand})`),
        ),
      ...[
        'int[32](2.5)',
        'float[64](1)',
        'uint[8](3)',
        'int[](2)',
        'int[8(2)',
        'int 2',
        'int(2',
        'int()',
        'int[8',
        'complex[float](1)',
      ],
      ...[
        'complex[float[64]](1)',
        'complex[(1)',
        'complex[float(1)',
        'complex[foo](1)',
        'array[int, 3](1)',
        'array[3](1)',
        'array[int](1)',
        'array[int, 3',
        'array',
      ],
      ...[
        'array[int, 2, 2](list)',
        'int(2.5) + 1',
        'float(7) / 2',
        'float(int(7.9)) / 2',
        'bool(int(0.5))',
        'int(yes) + 1',
      ],
    ]));

  test('with an index', () =>
    golden('indices-3', [
      ...['q', 'c', 'list'].flatMap((name) =>
        [
          ...[
            '0',
            '3',
            '-1',
            '-4',
            '4',
            '-5',
            '1.0',
            'x',
            'yes',
            'n',
            '',
            '0:1',
            '1:2',
            ':',
            ':1',
            '1:',
            '::',
            '::2',
            '1::2',
            ':2:',
            '0:2:2',
          ],
          ...[
            '2:-1:0',
            ':-1:',
            '-2:-1',
            '3:0',
            '0:4',
            '-5:0',
            '0:0:1',
            '0:1.5',
            '0:x',
            '0.5:1',
            '{0}',
            '{0, 2}',
            '{2, 0}',
            '{0, 0}',
            '{-1}',
            '{4}',
            '{}',
          ],
          ...['{0', '0', '0, 1', '0:1:1:1', '{0,}', '{0} + 1', 'c', '0:c', 'b'],
        ].map((index) => `${name}[${index}]`),
      ),
      ...[
        'rows[0]',
        'rows[1][0]',
        'rows[0:1]',
        'rows[1][-1]',
        'rows[0][0][0]',
        'one[0]',
        'b[0]',
        'one[0:0]',
        'n[0]',
        'x[0]',
        '1[0]',
        'yes[0]',
      ],
      ...[
        'q[1:3][0]',
        'q[1:3][2]',
        'q[1:3][3]',
        'q[0][0]',
        'q[1:1][0]',
        'c[0:1][1]',
        'q[',
        'q[0',
        'q[0:',
        'q[0:1',
        'q[{',
        'q[{0}',
        'list[0][1:',
      ],
    ]));
});

describe('an expression of OpenQASM 2', () => {
  const golden = (name: string, cases: readonly string[]) =>
    assertGolden(
      new URL(`golden/${name}.txt`, import.meta.url),
      table(cases, (text) => valueOf(text, 2)),
    );

  test('that is one token, or a few', () => golden('literals-2', LITERALS));

  test('of operators, signs and functions', () =>
    golden('operators-2', [
      ...pairs(['7', '-2', '0.5', '0'], ['+', '-', '*', '/', '^', '==']),
      ...OPERATORS.map((operator) => `7 ${operator} 2`),
      ...[
        '2^3^2',
        '-2^2',
        '2^-2',
        '6/2/3',
        '10-3-2',
        '1+2*3^2',
        '-pi/4',
        '+1',
        '!1',
        '~1',
        '3*pi/4',
        '2^0.5',
        '7/2*2',
        '1e400',
        '1/0',
      ],
      ...FUNCTIONS.flatMap((name) => [`${name}(0.5)`, `${name}(2)`, `${name}(1, 2)`, `${name}()`]),
      ...[
        'q[0]',
        'c',
        'q',
        'sin(q)',
        'q + 1',
        'int(2.5)',
        'true == false',
        '9007199254740993',
        '1 + c',
        'ln(0)',
        'sqrt(-1)',
      ],
    ]));
});
