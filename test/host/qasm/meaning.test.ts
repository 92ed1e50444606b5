/**
 * What statements mean, in both versions: declarations, gates and their modifiers, aliases, measurements, loops, conditions.
 * Kept are the circuits that come of them, or the refusal with its place. Values are in values.test.ts.
 */
import { describe, test } from 'node:test';
import { readOpenQasm } from '../../../host/qasm/index.ts';
import { assertGolden } from '../../support/golden.ts';

const TWO = 'OPENQASM 2.0; include "qelib1.inc";';
const THREE = 'OPENQASM 3.0; include "stdgates.inc";';

const twelveDigits = (_: string, value: unknown) =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(12)) : value;

/** The circuit of a program, an operation after the other, or what it is refused with. */
function meaning(source: string): string {
  try {
    const { circuit, parameters, measured } = readOpenQasm(source, { name: 'a.qasm' });
    const operations = circuit.map(({ gate, qubits, ...angles }) => {
      const said = Object.values(angles).map((angle) => JSON.stringify(angle, twelveDigits));
      return `${gate} ${qubits.join()}${said.map((each) => ` ${each}`).join('')}`;
    });
    const seen = measured.some((qubit) => qubit !== undefined)
      ? [`measured ${JSON.stringify(measured)}`]
      : [];
    return [...operations, ...(parameters.length > 0 ? [`of ${parameters.join()}`] : []), ...seen].join('; ');
  } catch (error) {
    const { name, code, message } = error as Error & { code?: string };
    return `${name} ${code}: ${message}`;
  }
}

/** Each thing that pieces come to, once, with those that do. */
function groupedText(pieces: readonly string[], sourceOf: (piece: string) => string): string {
  const groups = new Map<string, string[]>();
  for (const piece of pieces) {
    // The line of the program differs wherever the piece does: what is kept of a refusal is its sentence.
    const text = meaning(sourceOf(piece)).split('\n')[0] ?? '';
    groups.set(text, [...(groups.get(text) ?? []), piece]);
  }
  return [...groups].map(([text, all]) => `${text}\n${all.map((each) => `    ${each}\n`).join('')}`).join('');
}

const wholeText = (pieces: readonly string[], sourceOf: (piece: string) => string): string =>
  pieces.map((piece) => `${piece}\n${meaning(sourceOf(piece)).replaceAll(/^/gm, '    ')}\n`).join('');

const file = (name: string) => new URL(`meaning/${name}.txt`, import.meta.url);

/** One of every type. */
const NAMES =
  'input float x; input array[float, 2] w; bit[2] b; qubit[2] q; int n = 5; bool flag = true; array[int, 3] l = {4, 5, 6};';

describe('expressions', () => {
  const operators = '+ - * / % ** & | ^ << >> == != < > <= >= && ||'.split(' ');

  test('that are conditions', () => {
    const pieces = operators.flatMap((operator) =>
      ['7', '-3', '2.5', 'true', 'flag', 'x', 'b[0]'].map((right) => `2 ${operator} ${right}`),
    );
    const all = [
      ...pieces,
      'true',
      'false',
      '!true',
      '!flag',
      '!0',
      '!2.5',
      '!x',
      '2',
      '0',
      '2.5',
      'x',
      'q',
      'l',
    ];
    const source = (piece: string) => `${THREE} ${NAMES} if (${piece}) { x q[0]; } else { y q[1]; }`;
    assertGolden(file('conditions'), groupedText(all, source));
  });

  test('as they are written', () => {
    const pieces = [
      ...'1 1.5 .5 1. 1e3 1E-3 0x1F 0b101 0o17 1_000 1__0 _1 pi π tau τ euler ℇ 9007199254740991 9007199254740992'.split(
        ' ',
      ),
      ...'1e400 0x 0b2 1e 2im 5ns "text" true 1+2*3 (1+2)*3 2**3**2 -2**2 2*-3 1-2-3 8/4/2 7%4*2 1<<2+1 1<2==true'.split(
        ' ',
      ),
      ...[
        '6 & 3 | 8 ^ 1',
        'x / 2 + x',
        'x * 2 * 3',
        '2 * (x + 1)',
        '(x + w[0]) / 4 - w[1]',
        'x - x',
        '-x',
        '-(x + 1)',
      ],
      ...[
        'x + y',
        'l[0]',
        'l[-1]',
        'l[3]',
        'l[0:1]',
        'l[x]',
        'l[2.0]',
        'w[2]',
        'n[0]',
        'q[0]',
        'b[0]',
        'measure q[0]',
      ],
      ...[
        '1 +',
        '+',
        '',
        '(1',
        '1)',
        '1 2',
        '{1}',
        '{1, 2}',
        'sin',
        'sin 1',
        'sin(1,)',
        '1 ? 2 : 3',
        'n++',
        'n = 3',
      ],
    ];
    assertGolden(
      file('written'),
      wholeText(pieces, (piece) => `${THREE} ${NAMES} rz(${piece}) q[0];`),
    );
    const old = [
      ...'1 1.5 .5 pi sin(pi/2) cos(0) tan(0.5) exp(1) ln(2) sqrt(2) 2^3 2^0.5 -2^2 7/2 2**3 1<2 0x10 true'.split(
        ' ',
      ),
      ...[
        '1/0',
        'ln(0)',
        'sqrt(-1)',
        'sin(1, 2)',
        'log(2)',
        'mod(7, 2)',
        'x',
        '3 % 2',
        '7 & 2',
        '(1',
        '1+',
        '[1]',
      ],
    ];
    assertGolden(
      file('written-2'),
      wholeText(old, (piece) => `${TWO} qreg q[1]; rz(${piece}) q[0];`),
    );
  });
});

describe('statements', () => {
  test('of OpenQASM 3', () => {
    const pieces = [
      // Declarations and assignments.
      ...['int i = 3; i = i + 1; rz(i) q[0];', 'int i; i = 2; rz(i) q[0];', 'int i; rz(i) q[0];', 'i = 2;'],
      ...[
        'const int i = 3; i = 4;',
        'const float f = pi / 2; rz(f) q[0];',
        'const float f; ',
        'uint u = -1;',
      ],
      ...[
        'uint u = 2; u -= 3; rz(u) q[0];',
        'int i = 7; i *= 2; i -= 1; i += 0.5; rz(i) q[0];',
        'int i = 2.7; rz(i) q[0];',
      ],
      ...[
        'float f = 1; f /= 4; rz(f) q[0];',
        'int i = 7; i /= 2; rz(i) q[0];',
        'int i = 2; i **= 3; i %= 5; rz(i) q[0];',
      ],
      ...[
        'int i = 6; i &= 3; i |= 8; i ^= 1; i <<= 2; i >>= 1; rz(i) q[0];',
        'bool t = 2; if (t) { x q[0]; }',
      ],
      ...[
        'bool t = 0.0; if (t) { x q[0]; } else { y q[0]; }',
        'angle[8] a = pi; rz(a) q[0];',
        'bit c = 1;',
        'bit[2] c = "01";',
      ],
      ...[
        'array[float, 2] a = {1, 2.5}; rz(a[1]) q[0];',
        'array[float, 2] a = {1}; ',
        'array[int, 2] a = {1, 2.5}; rz(a[1]) q[0];',
      ],
      ...[
        'array[int, 2, 2] a = {{1, 2}, {3, 4}}; rz(a[1][0]) q[0];',
        'array[int, 2, 2] a = {{1, 2}, {3, 4}}; rz(a[1, 0]) q[0];',
      ],
      ...[
        'array[int, 2, 2] a = {{1, 2}, 3};',
        'array[int, 2, 2] a = {{1, 2}, {3}};',
        'array[int, 2] a = {{1, 2}, {3, 4}};',
        'array[int, 2] a = 3;',
        'int a = {1};',
        'array[int, 3] a; a = l; rz(a[2]) q[0];',
        'array[int, 2] a; a = l;',
        'int a; a = l;',
        'array[int, x] a;',
        'array[int, 0] a;',
        'array[int, 100, 100] a;',
        'array[int, 1, 1, 1, 1, 1, 1, 1, 1] a;',
        'gate g r { } pow(0.5) @ g q[0];',
        'array[int, 3] a = {1, 2, 3}; a[1] = 7; rz(a[1]) q[0];',
        'array[int, 3] a; rz(a[0]) q[0];',
      ],
      ...[
        'int[0] i;',
        'int[x] i;',
        'qubit[0] r;',
        'qubit[1.5] r;',
        'qubit[2] q;',
        'float q;',
        'int pi;',
        'complex c;',
        'duration d;',
      ],
      // Gates and their modifiers.
      ...[
        'gate g(a) r, s { rx(a) r; cx r, s; } g(0.5) q[0], q[1];',
        'gate g r { } g q;',
        'gate g r { h r; } g(1) q[0];',
      ],
      ...[
        'gate g(a, b) r { U(a, b, a - b) r; } inv @ g(1, 2) q[0];',
        'gate g r { gphase(0.5); x r; } ctrl @ g q[0], q[1];',
      ],
      ...[
        'ctrl @ x q[0], q[1];',
        'negctrl @ x q[0], q[1];',
        'ctrl(2) @ x q[0], q[1], q[2];',
        'negctrl(2) @ z q[0], q[1], q[2];',
      ],
      ...[
        'pow(2) @ x q[0];',
        'pow(3) @ x q[0];',
        'pow(0) @ x q[0];',
        'pow(-1) @ s q[0];',
        'pow(0.5) @ x q[0];',
        'pow(2) @ rx(x) q[0];',
      ],
      ...[
        'pow(x) @ rx(1) q[0];',
        'pow(2) @ cx q[0], q[1];',
        'pow(0.5) @ cx q[0], q[1];',
        'pow(4) @ swap q[0], q[1];',
        'pow(1/3) @ swap q[0], q[1];',
      ],
      ...[
        'inv @ h q[0];',
        'inv @ s q[0];',
        'inv @ rx(x) q[0];',
        'inv @ pow(2) @ t q[0];',
        'ctrl @ inv @ s q[0], q[1];',
        'ctrl @ h q[0];',
      ],
      ...[
        'ctrl @ ctrl @ z q[0], q[1], q[2];',
        'ctrl @ gphase(pi) q[0];',
        'gphase(0.3);',
        'gphase(0.3) q[0];',
        'ctrl(0) @ x q[0];',
        'ctrl(1.5) @ x q[0], q[1];',
      ],
      ...[
        'h q;',
        'cx q[0:1], q[1:2];',
        'cx q[0:1], q[2];',
        'cx q[0], q;',
        'cx q[0], q[0];',
        'h q[{0, 2}];',
        'h q[-1];',
        'h q[0:2:2];',
        'h q[2:-1:0];',
      ],
      ...[
        'h q[3];',
        'h q[-4];',
        'h q[1:];',
        'h q[:1];',
        'h q[0:5];',
        'h q[x];',
        'h q[0][0];',
        'U(1, 2, 3) q[0];',
        'U(1, 2) q[0];',
        'foo q[0];',
      ],
      // Aliases, broadcasts, barriers, resets, measurements.
      ...[
        'let a = q[1:2]; h a[0];',
        'let a = q[0] ++ q[2]; cx a[0], a[1];',
        'let a = q[{2, 0}]; h a[0];',
        'let a = q ++ q; h a;',
        'let a = 3;',
      ],
      ...[
        'let a = x;',
        'barrier q; h q[0];',
        'barrier;',
        'barrier q[0], q[2];',
        'reset q[0];',
        'h q[0]; reset q[0];',
        'delay[10ns] q[0];',
        'nop q[0];',
      ],
      ...[
        'b[0] = measure q[0];',
        'b = measure q[0:1];',
        'measure q[0] -> b[0];',
        'measure q;',
        'bit c = measure q[2];',
        'b = measure q;',
        'b[0] = measure q[0]; h q[0];',
      ],
      ...[
        'b[0] = measure q[0]; h q[1];',
        'b[0] = measure q[0]; b[0] = measure q[1];',
        'b[0] = measure q[0]; b[1] = measure q[0];',
      ],
      // Loops and conditions.
      ...[
        'for int i in [0:2] { rz(i) q[i]; }',
        'for int i in [2:-1:0] h q[i];',
        'for int i in {0, 2} { h q[i]; }',
        'for int i in [0:-1] { h q[i]; }',
      ],
      ...[
        'for float f in {0.5, 1} { rz(f) q[0]; }',
        'for int i in l { rz(i) q[0]; }',
        'for int i in [0:0.5:1] { h q[0]; }',
        'for int i in q { h q[0]; }',
      ],
      ...[
        'for int i in [0:2] { if (i == 1) continue; h q[i]; }',
        'for int i in [0:2] { if (i == 1) break; h q[i]; }',
        'for uint[8] i in [0:1] { h q[i]; }',
      ],
      ...[
        'for int i in [0:] { h q[0]; }',
        'for int i in [:2] { h q[0]; }',
        'int i = 0; while (i < 2) { h q[i]; i += 1; }',
        'while (true) { h q[0]; }',
        'break;',
        'continue;',
      ],
      ...[
        'if (n == 5) h q[0]; else x q[0];',
        'if (n != 5) h q[0]; else if (n < 6) y q[0]; else x q[0];',
        'if (x > 1) h q[0];',
        'if (b == 1) h q[0];',
        'if (q) h q[0];',
      ],
      ...[
        'switch (n) { case 4 { h q[0]; } case 5, 6 { x q[0]; } default { y q[0]; } }',
        'switch (n) { case 4 { h q[0]; } }',
        'switch (x) { case 1 { h q[0]; } }',
      ],
      ...[
        'switch (n) { default { y q[0]; } }',
        'switch (n) { case 5 { } case 5 { } }',
        'switch (n) { h q[0]; }',
        '{ int k = 2; rz(k) q[0]; }',
        '{ int k = 2; } rz(k) q[0];',
      ],
      ...[
        'int n = 3;',
        '{ int n = 3; rz(n) q[0]; } rz(n) q[0];',
        'def f(int a) { }',
        'return;',
        'end;',
        'extern f(int);',
        'cal { }',
        'defcal x $0 { }',
        'box { h q[0]; }',
      ],
      ...[
        'include "other.inc";',
        '#pragma x',
        '@note here\nh q[0];',
        'input int k; rz(k) q[0];',
        'output bit k;',
        'input bit k;',
        'input float[64] k; rz(k / 3) q[0];',
      ],
      ...[
        'h q[0]',
        'h',
        'h q[0];;',
        ';',
        '}',
        'rx q[0];',
        'rx(1, 2) q[0];',
        'rx() q[0];',
        'rx(x, ) q[0];',
        'h(1) q[0];',
        'cx q[0] q[1];',
        'h b[0];',
        'h n;',
        'h $0;',
      ],
    ];
    const names = NAMES.replace('qubit[2]', 'qubit[3]');
    assertGolden(
      file('statements'),
      wholeText(pieces, (piece) => `${THREE} ${names}\n${piece}`),
    );
  });

  test('of OpenQASM 2', () => {
    const pieces = [
      ...[
        'h q;',
        'CX q[0], q[1];',
        'U(1, 2, 3) q[0];',
        'cx q, r;',
        'cx q[0], r;',
        'barrier q, r[0];',
        'reset q[0];',
        'opaque g a;',
        'opaque g(x) a, b;',
      ],
      ...[
        'gate g(t) a, b { rx(t) a; cx a, b; barrier a; } g(pi/4) q[0], r[1];',
        'gate g a { } g q;',
        'gate g() a { h a; } g() q[0];',
        'gate g a { h b; }',
      ],
      ...[
        'gate g(t, t) a { }',
        'gate g a { h a[0]; }',
        'gate g { }',
        'opaque g a; g q[0];',
        'measure q -> c;',
        'measure q[0] -> c[1];',
        'measure q[0] -> c;',
      ],
      ...[
        'measure q[2] -> c[0];',
        'if (c == 1) x q[0];',
        'if (d == 1) x q[0];',
        'u1(0.5) q[0]; u2(1, 2) q[0]; u3(1, 2, 3) q[0];',
        'rzz(0.5) q[0], q[1];',
      ],
      ...[
        'ccx q[0], q[1], r[0];',
        'cswap q[0], q[1], r[0];',
        'swap q[0], q[1];',
        'cu1(0.5) q[0], q[1];',
        'cu3(1, 2, 3) q[0], q[1];',
        'crz(0.5) q[0], q[1];',
        'id q[0];',
      ],
      ...[
        'ch q[0], q[1];',
        'cy q[0], q[1];',
        'sdg q[0]; tdg q[0]; t q[0]; s q[0];',
        'rxx(0.5) q[0], q[1];',
        'sx q[0];',
        'p(0.5) q[0];',
        'for (i = 0;;) {}',
        'qubit q;',
        'int i = 3;',
      ],
      ...[
        'inv @ h q[0];',
        'h q[0:1];',
        'h q[-1];',
        'qreg s[1.5];',
        'qreg s[-1];',
        'qreg s[2-1]; h s[0];',
        'creg e[0];',
        'qreg q[1];',
        'include "other.inc";',
        'include other;',
      ],
    ];
    assertGolden(
      file('statements-2'),
      wholeText(pieces, (piece) => `${TWO} qreg q[2]; qreg r[2]; creg c[2];\n${piece}`),
    );
  });

  test('of no program', () => {
    const pieces = [
      ...[
        '',
        'OPENQASM',
        'OPENQASM 2.0',
        'OPENQASM 3;',
        'OPENQASM 3.1; qubit q; U(0, 0, 0) q;',
        'OPENQASM 1.0;',
        'OPENQASM x;',
        'qubit q;',
        'qreg q[1];',
      ],
      ...[
        'OPENQASM 2.0; qreg q[1]; U(1, 2, 3) q[0];',
        'OPENQASM 3.0; qubit q; h q;',
        'OPENQASM 2.0; qreg q[21];',
        'OPENQASM 3.0; qubit[21] q;',
        '// nothing',
        '/* open',
      ],
      ...[
        'OPENQASM 2.0; include "qelib1.inc"; include "qelib1.inc"; qreg q[1]; h q[0];',
        'OPENQASM 3.0; include "qelib1.inc"; qubit q;',
        'OPENQASM 2.0; include "stdgates.inc";',
      ],
      ...[
        'OPENQASM 3.0; input float a; input float a; qubit q;',
        'OPENQASM 3.0; input array[float, 0] a; qubit q;',
        'OPENQASM 3.0; qubit q; input float a; rz(a) q;',
      ],
    ];
    assertGolden(
      file('programs'),
      wholeText(pieces, (piece) => piece),
    );
  });
});
