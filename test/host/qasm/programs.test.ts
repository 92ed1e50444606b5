/** What small programs of every statement become, whole: circuit, registers, inputs and measurements; or with which sentence they are refused. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readOpenQasm, type ReadOptions } from '../../../host/qasm/index.ts';
import { tokensOf } from '../../../host/qasm/lexer.ts';
import { assertGolden } from '../../support/golden.ts';
import { circuitText, said, table } from './said.ts';

const HEAD = {
  2: 'OPENQASM 2.0; include "qelib1.inc"; qreg q[3]; creg c[3];\n',
  3: 'OPENQASM 3.0; include "stdgates.inc"; qubit[3] q; bit[3] c;\n',
};

const circuitOf = (text: string, options?: ReadOptions): string =>
  circuitText(readOpenQasm(text, { name: 'p', ...options }).circuit);

/** All that reading gives. */
function wholeOf(text: string, options?: ReadOptions): string {
  const { circuit, registers, bits, measured, parameters, features, applications, version, qubits } =
    readOpenQasm(text, { name: 'p', ...options });
  const list = (all: readonly { name: string; from: number; size: number; single: boolean }[]) =>
    all.map(({ name, from, size, single }) => `${name}${single ? '' : `[${size}]`}@${from}`).join(' ');
  const gates = applications.map(
    ({ name, qubits: on, line, from, to }) => `${name} ${on} line ${line} ${from}-${to}`,
  );
  return [
    `version ${version}, ${qubits} qubits: ${list(registers)}; bits ${list(bits)}; measured ${JSON.stringify(measured)}`,
    `parameters ${parameters.join(' ')}; features ${features.join(' ')}; gates ${gates.join(', ')}`,
    circuitText(circuit),
  ].join('\n    ');
}

const golden = (name: string, text: string) =>
  assertGolden(new URL(`golden/${name}.txt`, import.meta.url), text);

const DECLARATIONS = [
  ...[
    'qubit q;',
    'qubit[1] q;',
    'qubit[2] q; qubit r; qubit[3] s;',
    'qreg q[2];',
    'qreg q;',
    'qubit[0] q;',
    'qubit[1.5] q;',
    'qubit[20] q;',
    'qubit[21] q;',
  ],
  ...[
    'qubit[19] q; qubit r;',
    'qubit[20] q; qubit r;',
    'bit c; qubit q;',
    'creg c[2]; creg d; qubit q;',
    'bit[0] c; qubit q;',
    'bit[4096] c; bit d; qubit q;',
  ],
  ...[
    'qubit q; bit c = measure q;',
    'qubit[2] q; bit[2] c; bit[2] d = measure q;',
    'qubit q; bit c = "1";',
    'qubit q; bit c = 1;',
    'qubit[2] q; bit c = measure q;',
  ],
  ...[
    'qubit[3] q; bit[2] c; c[1] = measure q[2]; measure q[0] -> c[0];',
    'qubit q; measure q;',
    'qubit q; bit c; measure q -> c;',
    'qubit q; bit c; c = measure q; c = measure q;',
  ],
  ...[
    'qubit q; bit c; c += measure q;',
    'qubit q; bit c; c = 1;',
    'qubit q; bit[2] c; c[0:1] = measure q;',
    'qubit[3] q; bit[3] c; c[{2, 0}] = measure q[0:1];',
  ],
  ...[
    'qubit q; qubit q;',
    'bit q;\nqubit q;',
    'float q; qubit q;',
    'qubit q; float q;',
    'qubit q; let q = q;',
    'qubit q; input float q;',
    'qubit q; bit q;',
    'qubit q; const int q = 1;',
  ],
  ...[
    'h $0;',
    'cx $2, $0;',
    'h $19;',
    'h $20;',
    'h $0; qubit q;',
    'qubit q; h $0;',
    'measure $1;',
    'bit c; c = measure $1;',
    'h $0; x $0; cx $0, $1;',
    'cx $1, $1;',
  ],
  ...['', 'bit c;', ';', 'gphase(1);'],
  ...[
    'qubit q; input float x; rx(x) q;',
    'qubit q; input float[64] x; input angle[8] y; rx(y - x) q;',
    'qubit q; input array[float, 2, 2] w; rx(w[1][0] + w[0][1]) q;',
  ],
  ...[
    'qubit q; input int n; rx(n) q;',
    'qubit q; input uint n; rx(n) q;',
    'qubit q; input bool n; if (n) x q;',
    'qubit q; input bit n;',
    'qubit q; input complex n;',
    'qubit q; input duration n;',
  ],
  ...[
    'qubit q; input array[float, 0] w;',
    'qubit q; input array[float, 4097] w;',
    'qubit q; input array[float, 64, 65] w;',
    'qubit q; input array[float, 1, 1, 1, 1, 1, 1, 1] w; rx(sizeof(w)) q;',
  ],
  ...[
    'qubit q; input array[float, 1, 1, 1, 1, 1, 1, 1, 1] w;',
    'qubit q; input float x; x = 1;',
    'qubit q; input array[int, 2] w;',
    'qubit q; output bit c; c = measure q;',
    'qubit q; output bit[1] c; c[0] = measure q;',
  ],
  ...[
    'qubit q; output float f; f = 2; rx(f) q;',
    'qubit q; output complex f;',
    'qubit q; float f; rx(f) q;',
    'qubit q; float f = 2; f += 1; rx(f) q;',
    'qubit q; int f = 2.7; rx(f) q;',
    'qubit q; const float f = 2; f = 1;',
  ],
  ...[
    'qubit q; bool f = 2; rx(int(f)) q;',
    'qubit q; uint f = -1;',
    'qubit q; complex f = 1;',
    'qubit q; bit f = true;',
    'qubit q; array[float, 2] f = {1, 2}; rx(f[1]) q;',
    'qubit q; array[float, 2] f = 1;',
    'qubit q; float f = {1, 2};',
  ],
  ...[
    'qubit q; array[int, 2] f = {1.5, -2.5}; rx(f[0]) q; ry(f[1]) q;',
    'qubit q; array[int, 2] f = {1, {2}};',
    'qubit q; array[int, 2] f = {1, 2, 3};',
    'qubit q; array[int, 2] f = {1};',
    'qubit q; array[int, 2, 1] f = {{1}, {2}}; rx(f[1][0]) q;',
    'qubit q; array[int, 2, 1] f = {1, 2};',
    'qubit q; array[int, 2] f = {1, 2}; int i = 1; i = f;',
    'qubit q; array[int, 2] f = {1, 2}; array[int, 2] g; g = f; rx(g[1]) q;',
    'qubit q; array[int, 2] f = {1, 2}; f = 3;',
    'qubit q; array[int, 2] f = {1, 2}; array[int, 3] g; g = f;',
    'qubit q; array[int, 0] f;',
    'qubit q; array[int, 64, 65] f;',
    'qubit q; array[float, 1] f = {q};',
    'qubit q; array[float, 2] f = {1, 2}; f[0] = 3;',
    'qubit q; const int f;',
  ],
  ...[
    'qubit q; float f = 1; float g = f; f = 2; rx(g) q; ry(f) q;',
    'qubit q; int i = 7; i /= 2; rx(i) q;',
    'qubit q; q = 1;',
    'qubit q; nothing = 1;',
    'qubit q; const int n = 2; const float m = n / 4.0; rx(m) q;',
  ],
  ...['-=', '*=', '/=', '%=', '**=', '&=', '|=', '^=', '<<=', '>>='].map(
    (symbol) => `qubit q; int i = 13; i ${symbol} 3; rx(i) q;`,
  ),
  ...[
    'qubit[4] q; let a = q[1:2]; x a;',
    'qubit[4] q; let a = q[0] ++ q[3]; x a[1];',
    'qubit[4] q; let a = q[2]; x a; x a[0];',
    'qubit[4] q; let a = q[{2}]; x a[0];',
    'qubit[2] q; let a = q ++ q;',
    'qubit[2] q; let a = q[0] ++ q[0:1];',
  ],
  ...[
    'qubit[2] q; bit[2] c; let a = q ++ c;',
    'qubit[2] q; bit[2] c; let a = c ++ q;',
    'qubit[2] q; bit[3] c; let a = c[1:2]; a = measure q;',
    'qubit q; bit[3] c; let a = c[1]; a = measure q;',
    'qubit q; let a = 1;',
    'qubit q; let a = q; let a = q;',
  ],
  ...[
    'qubit[2] q; let a = q; cx a[0], q[1]; cx a[0], q[0];',
    'qubit[2] q; bit[3] c; let a = c[0] ++ c[2]; a[1] = measure q[0];',
    'qubit[2] q; bit[2] c; let a = c; a[2] = measure q[0];',
  ],
];

const STATEMENTS = [
  ...[
    'h q;',
    'cx q[0], q;',
    'cx q[0], q[1:2];',
    'cx q[0:1], q[1:2];',
    'cx q, q;',
    'cx q[1:2], q[0];',
    'ccx q[0], q[1], q[2];',
    'cx q[0], q[0:1];',
    'h q[1:0];',
    'h q[0], q[1];',
    'cx q[0:1], q[0:2];',
    'cx q[{0, 1}], q[{1, 2}];',
  ],
  ...[
    'U(1, 2, 3) q[0];',
    'U(x) q[0];',
    'rx() q[0];',
    'rx(1, 2) q[0];',
    'rx(true) q[0];',
    'rx(q) q[0];',
    'rx(c) q[0];',
    'h(1) q[0];',
    'cu(1, 2, 3, 4) q[0], q[1];',
    'id q[0];',
    'delay[100ns] q;',
    'delay[1] q[0], c;',
    'nop q;',
    'barrier q, q[0];',
    'barrier;',
    'barrier c;',
  ],
  ...[
    'foo q;',
    'foo();',
    'foo;',
    'c q;',
    'gphase(1);',
    'gphase(1) q;',
    'gphase q;',
    'ctrl @ gphase(0.5) q[1];',
    'ctrl(2) @ gphase(0.5) q[0], q[1];',
    'negctrl @ gphase(0.5) q[1];',
    'inv @ gphase(0.5);',
    'h[3] q;',
    'reset q;',
    'x q[1]; reset q[0:1];',
    'x q[1]; reset q[0];',
    'measure q; reset q;',
    'reset c;',
  ],
  ...[
    'inv @ s q[0];',
    'inv @ rx(1) q[0];',
    'inv @ U(1, 2, 3) q[0];',
    'inv @ inv @ t q[0];',
    'pow(2) @ s q[0];',
    'pow(-1) @ t q[0];',
    'pow(0) @ rx(1) q[0];',
    'pow(3) @ x q[0];',
    'pow(2) @ x q[0];',
    'pow(-3) @ h q[0];',
    'pow(2) @ U(1, 2, 3) q[0];',
    'pow(0) @ U(1, 2, 3) q[0];',
    'pow(-2) @ iswap q[0], q[1];',
  ],
  ...[
    'pow(0.5) @ rx(1) q[0];',
    'pow(0.5) @ rx(4) q[0];',
    'pow(0.5) @ rx(7) q[0];',
    'pow(0.5) @ rx(2 * pi) q[0];',
    'pow(0.5) @ p(4) q[0];',
    'pow(0.5) @ p(pi) q[0];',
    'pow(0.5) @ p(-pi) q[0];',
    'pow(0.5) @ rz(2 * pi) q[0];',
    'ctrl @ pow(0.5) @ rz(2 * pi) q[0], q[1];',
    'pow(0.5) @ x q[0];',
    'pow(0.5) @ y q[0];',
    'pow(0.5) @ h q[0];',
    'pow(0.5) @ swap q[0], q[1];',
    'pow(0.5) @ cx q[0], q[1];',
    'pow(1.5) @ z q[0];',
    'pow(0.5) @ iswap q[0], q[1];',
  ],
  ...[
    'pow(0.25) @ sx q[0];',
    'pow(-0.5) @ U(1, 2, 3) q[0];',
    'pow(0.5) @ rzz(1) q[0], q[1];',
    'pow(0.5) @ id q[0];',
    'pow(1) @ id q[0];',
    'pow(0.5) @ u2(0, pi) q[0];',
    'pow(0.5) @ ecr q[0], q[1];',
    'pow(q) @ x q[0];',
    'pow @ x q[0];',
    'pow(20000) @ U(1, 2, 3) q[0];',
    'pow(4096) @ U(1, 2, 3) q[0]; x q[1];',
    'pow(1e300) @ rx(1) q[0];',
  ],
  ...[
    'ctrl @ x q[0], q[1];',
    'ctrl @ ctrl @ x q[0], q[1], q[2];',
    'ctrl(2) @ x q[0], q[1], q[2];',
    'negctrl @ x q[0], q[1];',
    'negctrl @ ctrl @ x q[0], q[1], q[2];',
    'ctrl @ negctrl @ x q[0], q[1], q[2];',
    'negctrl(2) @ z q[0], q[1], q[2];',
    'ctrl @ y q[0], q[1];',
    'ctrl @ h q[0], q[1];',
    'ctrl @ swap q[0], q[1], q[2];',
    'ctrl @ rx(1) q[0], q[1];',
    'negctrl @ ry(1) q[0], q[1];',
  ],
  ...[
    'ctrl(2) @ rx(1) q[0], q[1], q[2];',
    'ctrl(2) @ ry(1) q[0], q[1], q[2];',
    'ctrl(2) @ rz(1) q[0], q[1], q[2];',
    'ctrl(2) @ p(1) q[0], q[1], q[2];',
    'ctrl @ rxx(1) q[0], q[1], q[2];',
    'ctrl @ ryy(1) q[0], q[1], q[2];',
    'ctrl @ rzz(1) q[0], q[1], q[2];',
    'ctrl @ U(1, 2, 3) q[0], q[1];',
    'ctrl @ id q[0], q[1];',
    'ctrl @ s q[0], q[1];',
    'ctrl @ inv @ sx q[0], q[1];',
  ],
  ...[
    'inv @ ctrl @ s q[0], q[1];',
    'pow(2) @ ctrl @ s q[0], q[1];',
    'ctrl @ pow(0.5) @ x q[0], q[1];',
    'ctrl(0) @ x q[0];',
    'ctrl(1001) @ x q[0];',
    'ctrl(1000) @ x q[0];',
    'ctrl(1.5) @ x q[0];',
    'ctrl @ x q[0];',
    'ctrl @ x q[0], q[1], q[2];',
    'ctrl @ x q, q[1];',
    'ctrl @ x q[0], q[1:2];',
    'ctrl @ x q[0], q[0];',
    'ctrl(1) @ rx(1) q[0];',
    'ctrl() @ x q;',
    'inv x q;',
    'inv(2) @ x q;',
  ],
  ...[
    'if (true) x q[0];',
    'if (false) x q[0];',
    'if (false) x q[0]; else y q[0];',
    'if (true) { x q[0]; } else { y q[0]; }',
    'if (0) { x q[0]; } else if (1) { y q[0]; } else z q[0];',
    'if (0.5) x q[0];',
    'if (c[0]) x q[0];',
    'if (true) { int i = 1; } rx(i) q[0];',
    'if (true) int i = 1; rx(i) q[0];',
    'int i = 2; if (i == 2) { i = 3; int i = 7; } rx(i) q[0];',
  ],
  ...[
    'for int i in [0:2] x q[i];',
    'for int i in [2:-1:0] { x q[i]; }',
    'for int i in [0:2:2] x q[i];',
    'for int i in {2, 0} x q[i];',
    'for i in [0:1] x q[i];',
    'for float f in {0.5, 1.5} rx(f) q[0];',
    'array[int, 2] a = {2, 1}; for int i in a x q[i];',
    'for int i in 3 x q[i];',
    'for int i in [0:] x q[i];',
    'for int i in [:2] x q[i];',
    'for int i in [1:0] x q[i];',
    'for int i in [0] x q[i];',
    'for int i in [{0, 1}] x q[i];',
  ],
  ...[
    'for int i in q x i;',
    'for int i in [-1:0] x q[i];',
    'for int i in [0:0.5] x q[i];',
    'for int i in [0:1] { for int j in [0:i] { cx q[j], q[i + 1]; } }',
    'for int i in [0:1] { i = 2; }',
    'for int i in [0:1] { int k = i; k += 1; x q[k]; }',
    'int k = 0; for int i in [0:2] { k += i; } rx(k) q[0];',
    'for int i in [0:1] x q[0]; rx(i) q[0];',
    'for int pi in [0:1] x q[0];',
  ],
  ...[
    'int i = 0; while (i < 3) { x q[i]; i += 1; }',
    'int i = 2; while (i) { ry(i) q[0]; i -= 1; }',
    'while (false) x q;',
    'while (0.5) x q;',
    '{ x q[0]; int i = 1; } rx(i) q[0];',
    'box { x q[0]; }',
    'box[100ns] { x q[0]; }',
    'box x q[0];',
    'x q[0]; end; y q[0];',
    'if (true) { x q[0]; end; } y q[0];',
    'end',
    'for int i in [0:5] { x q[i]; end; }',
  ],
  ...[
    'gate g a { x a; } g q;',
    'gate g a, b { cx a, b; } g q[0], q[1];',
    'gate g(t) a { rx(t) a; ry(2 * t) a; } g(0.5) q[0];',
    'gate g(s, t) a { rx(s - t) a; } g(1, 0.25) q[0];',
    'input float y; gate g(t) a { rx(t / 2 + 1) a; } g(y) q[0]; g(-y) q[1];',
    'gate g a { } g q[0];',
    'gate g a { x a; } inv @ g q[0]; ctrl @ g q[1], q[2];',
    'gate g a { s a; t a; } inv @ g q[0]; pow(2) @ g q[1]; pow(0.5) @ g q[2];',
  ],
  ...[
    'gate g a { gphase(0.5); } g q[0]; ctrl @ g q[1], q[2];',
    'gate g a { x q[0]; } g q[1];',
    'const int n = 2; gate g a { rx(n) a; } g q[0];',
    'int n = 2; gate g a { rx(n) a; } g q[0];',
    'gate g a, b { cx a, a; } g q[0], q[1];',
    'gate g a { for int i in [1:2] { rx(i) a; } if (true) y a; int k = 3; k += 1; while (k > 3) { rz(k) a; k -= 1; } barrier a; { z a; } } g q[0];',
  ],
  ...[
    'gate g a { qubit b; } g q[0];',
    'gate g a { reset a; } g q[0];',
    'gate g a { end; } g q[0];',
    'gate g a { let b = a; } g q[0];',
    'gate g a { input float f; } g q[0];',
    'gate g a { gate k b { x b; } } g q[0];',
    'gate g a { g a; }',
    'gate g a { { g a; } }',
    'gate g a { for int i in [0:1] g a; }',
    'gate g a { while (true) { g a; } }',
    'gate g a { if (true) x a; else g a; }',
    'gate g a { if (true) g a; }',
    'gate g { x q[0]; }',
    'gate g() a { x a; } g q[0];',
    'gate g(a) a { x a; }',
    'gate g(t, t) a { x a; }',
  ],
  ...[
    'gate x a { y a; } x q[0];',
    'gate g a { x a; }\ngate g a { y a; }',
    'gate g a { k a; } g q[0];',
    'gate g a { k a; } gate k a { x a; } g q[0];',
    'gate pi a { x a; }',
    'gate g a { x b; } g q[0];',
    'gate g a { x a[0]; } g q[0];',
    'gate g(t) a { rx(t) a; } g q[0];',
    'gate g(t) a { rx(t) a; } g(1) q[0], q[1];',
    'gate g a { x a; } g(1) q[0];',
    'gate g(t) a { rx(sin(t)) a; } input float y; g(y) q[0];',
  ],
  ...[
    'x q[0]; measure q[0]; y q[0];',
    'x q[0];\nmeasure q[0];\ncx q[1], q[0];',
    'measure q[0]; y q[1];',
    'measure c;',
    'measure q -> q;',
    'measure q[0:1] -> c;',
    'c = measure q[0];',
    'c[5] = measure q[0];',
    'x = measure q[0];',
    'measure q -> c; ctrl @ gphase(1) q[0];',
  ],
  ...[
    'def f() { x q; } f();',
    'extern f(int) -> int;',
    'cal { x }',
    'defcal x q { }',
    'defcalgrammar "openpulse";',
    'switch (1) { case 1 { x q; } }',
    'break;',
    'continue;',
    'return 1;',
    'opaque g a;',
    'include "other.inc";',
    'include "qelib1.inc"; cu1(1) q[0], q[1];',
    'include q;',
    'pragma anything at all\nx q;',
    '#pragma x\nx q;',
    '@note\nx q;',
    'x q; @note',
    '// only\nx q; /* a\nb */ y q;',
    'input float y; rx(1e300 * y * 1e10) q[0];',
    'rx(1e308) q[0]; rx(-1e308) q[0];',
  ],
  ...[
    'OPENQASM 3;',
    'q;',
    'q[0];',
    'q[0] = 1;',
    '1;',
    '"x";',
    'x "q";',
    '+ 1;',
    '[0];',
    '}',
    '{',
    '$0;',
    'int(2);',
    'int 2;',
    'let x = ;',
    'let = q;',
    'let a q;',
    'const x = 1;',
    'const qubit r;',
    'input qubit r;',
    'output r;',
    'input float;',
    'qubit[2 r;',
    'qubit 2;',
    'creg;',
    'true = 1;',
    'gate(1) q;',
    'else x q;',
    'in q;',
  ],
];

const IN_TWO = [
  ...[
    'h q;',
    'cx q[0],q[1];',
    'CX q[0],q[1];',
    'U(1,2,3) q[0];',
    'u1(1) q[0]; u2(1,2) q[0]; u3(1,2,3) q[0];',
    'cx q,q[0];',
    'u0(1) q[0];',
    'measure q -> c;',
    'measure q[1] -> c[2];',
    'measure q;',
    'measure q[0] -> c;',
    'reset q;',
    'barrier q;',
    'if (c == 1) x q[0];',
    'if (c) x q[0];',
    'opaque g(a, b) x, y;',
    'opaque g x; g q[0];',
    'opaque g(a) x; g(1) q[0];',
  ],
  ...[
    'gate g(t) a { rx(t/2) a; } g(1) q[0];',
    'gate g a,b { cx a,b; barrier a,b; } g q[0],q[1];',
    'gate g() a { h a; } g() q[0];',
    'rx(pi/2^2) q[0];',
    'rx(sin(pi/2)) q[0];',
    'qreg r; ',
    'qreg r[1]; cx q[0],r;',
    'creg d[0];',
    'qreg r[4/2]; x r;',
    'qreg r[5/2];',
    'x q[4/2];',
    'x q[-1];',
    'x q[0:1];',
    'x q[0.5];',
    'float f = 1;',
    'let a = q;',
    'for int i in [0:1] x q[i];',
    'ctrl @ x q[0],q[1];',
    'gphase(1);',
    'x $0;',
  ],
  ...[
    'rx(tau) q[0];',
    'include "stdgates.inc"; cp(1) q[0],q[1];',
    'qreg h[1]; h h[0];',
    'qreg U[1];',
    'qreg gate[1];',
    'qreg input[1]; x input[0];',
    'while (1) x q;',
    'end;',
    '{ x q; }',
    'delay(1) q[0];',
    'nop q;',
    'foo q;',
    'c3x q[0],q[1],q[2];',
    'rx(1) c[0];',
    'x c;',
    'i = 1;',
  ],
];

describe('a program', () => {
  test('of declarations', () =>
    golden(
      'declarations',
      table(
        DECLARATIONS.map((text) => `OPENQASM 3.0; include "stdgates.inc"; ${text}`),
        wholeOf,
      ),
    ));
  test('of statements of OpenQASM 3', () =>
    golden(
      'statements-3',
      table(STATEMENTS, (text) => circuitOf(HEAD[3] + text)),
    ));
  test('of statements of OpenQASM 2', () =>
    golden(
      'statements-2',
      table(IN_TWO, (text) => circuitOf(HEAD[2] + text)),
    ));

  test('of a version, or of none', () =>
    golden(
      'versions',
      table(
        [
          ...[
            'qubit q; U(1, 2, 3) q;',
            'OPENQASM 3; qubit q;',
            'OPENQASM 3.1; qubit q;',
            'OPENQASM 3.9; qubit q;',
            'OPENQASM 2; qreg q[1];',
            'OPENQASM 2.0; qreg q[1];',
            'OPENQASM 2.1; qreg q[1];',
            'OPENQASM 4; qubit q;',
            'OPENQASM 1.0; qreg q[1];',
          ],
          ...[
            'OPENQASM; qubit q;',
            'OPENQASM three; qubit q;',
            'OPENQASM 3 qubit q;',
            'OPENQASM',
            'OPENQASM 3; OPENQASM 3;',
            '// first\nOPENQASM 2.0; qreg q[1]; CX q[0],q[0];',
            '\uFEFFOPENQASM 2.0; qreg q[1];',
            'qubit q; OPENQASM 3;',
          ],
          ...[
            'OPENQASM 2.0; qreg q[2]; CX q[0],q[1]; cx q[0],q[1];',
            'OPENQASM 3; qubit[2] q; U(1, 0, 0) q[0]; CX q[0], q[1];',
            'OPENQASM 3; qubit[2] q; x q;',
            'OPENQASM 2.0; qreg q[1]; gate h a { U(1,2,3) a; } h q[0];',
            'OPENQASM 3; include "qelib1.inc"; qubit[2] q; u3(1, 2, 3) q[0];',
          ],
        ],
        wholeOf,
      ),
    ));

  test('with numbers or features for its inputs', () => {
    const program = `${HEAD[3]}input float a; input array[float, 2] w; input int n; input uint u; input bool b; rx(a + w[1]) q[0]; ry(n + u + int(b)) q[1];`;
    const good = { n: 2, u: 3, b: 1 };
    const options: Readonly<Record<string, ReadOptions>> = {
      'all of them': { values: { ...good, a: 0.5, 'w[0]': 7, 'w[1]': 0.25 } },
      'those that have to be': { values: good },
      'a feature': { values: good, features: ['w[1]'] },
      'features in another order': { values: good, features: ['w[1]', 'a'] },
      'a feature that is given': { values: { ...good, a: 1 }, features: ['a'] },
      'no n': { values: { u: 3, b: 1 } },
      'n that is not whole': { values: { ...good, n: 1.5 } },
      'u below 0': { values: { ...good, u: -1 } },
      'b of half': { values: { ...good, b: 0.5 } },
      'b of 0': { values: { ...good, b: 0 } },
    };
    golden(
      'inputs',
      Object.entries(options)
        .map(([what, each]) => `${what}\n    ${said(() => wholeOf(program, each))}\n`)
        .join(''),
    );
    const refused: readonly (readonly [unknown, string])[] = [
      [
        { values: { ...good, z: 1 } },
        'values is "z"; expected one of the inputs of p: a, w[0], w[1], n, u, b',
      ],
      [
        { values: good, features: ['z'] },
        'features is "z"; expected one of the inputs of p: a, w[0], w[1], n, u, b',
      ],
      [
        { values: good, features: ['a', 'a'] },
        'features is ["a","a"]; expected a list of different names of inputs',
      ],
      [{ values: good, features: 'a' }, 'features is "a"; expected a list of different names of inputs'],
      [{ values: good, features: [1] }, 'features is [1]; expected a list of different names of inputs'],
      [{ values: 3 }, 'values is 3; expected a record of numbers by the names of inputs'],
      [{ values: { ...good, a: Infinity } }, 'values.a is Infinity; expected a finite number'],
    ];
    for (const [given, message] of refused)
      assert.throws(() => readOpenQasm(program, { name: 'p', ...(given as ReadOptions) }), {
        name: 'OptionError',
        message,
      });
    assert.throws(() => readOpenQasm('qubit q;', { values: { a: 1 } }), {
      message: 'values is "a"; expected one of the inputs of the program: it has none',
    });
  });
});

/** Programs that have all that the grammar knows. */
const GRAMMAR: Readonly<Record<2 | 3, readonly string[]>> = {
  2: [
    'gate g(s, t) a, b { rx(s + 2 * t) a; barrier a, b; cx a, b; }',
    'opaque k(s) a, b;',
    'qreg r[1];',
    'creg d[1];',
    'rx(-pi / 2 ^ 2) q[0];',
    'measure q[0] -> c[0];',
    'reset q[0];',
    'if (c == 1) x q[0];',
    'include "qelib1.inc";',
  ],
  3: [
    'gate g(s, t) a, b { rx(s ** 2 + t) a; cx a, b; }',
    'for int[8] i in [0:1:2] { x q[i]; }',
    'for int i in {0, 1} x q[i];',
    'while (false) x q[0];',
    'if (true) { x q[0]; } else y q[0];',
    'ctrl(2) @ inv @ pow(2) @ s q[0], q[1], q[2];',
    'const float[64] f = sin(1.5) * (2 - -1);',
    'array[float[64], 2, 1] f = {{1}, {2}};',
    'complex[float[64]] z;',
    'bit[3] d = measure q;',
    'input array[float, 2] x;',
    'output bit[2] d;',
    'let a = q[0:1] ++ q[{2}];',
    'int i = list[1]; i <<= int(2.5);',
    'c[0:1] = measure q[1:2];',
    'measure q[0] -> c[0];',
    'delay[100ns] q[0], q[1];',
    'box[10ns] { x q; }',
    'barrier q, q[0];',
    'reset q; nop q; end;',
    'def f(int a) { if (a) { x q; } } x q;',
    'switch (1) { case 1 { x q; } default { y q; } } x q;',
    'include "stdgates.inc";',
    'U(1, 2, 3) $0;',
  ],
};

describe('a statement with one of its words left out, or another one in its place', () => {
  for (const version of [2, 3] as const) {
    test(`of OpenQASM ${version}`, () => {
      const lines = GRAMMAR[version].flatMap((statement) => {
        const tokens = tokensOf({ name: 'p', text: statement }).slice(0, -1);
        const heads = HEAD[version] + (version === 3 ? 'array[int, 2] list = {3, 1};' : '');
        const changed = tokens.flatMap(({ from, to }) => {
          const [before, after] = [statement.slice(0, from), statement.slice(to)];
          return [`${before}${after}`, `${before};${after}`, before];
        });
        return [statement, ...new Set(changed)].map(
          (text) => `${text}\n    ${said(() => circuitOf(`${heads}\n${text}`))}\n`,
        );
      });
      golden(`left-out-${version}`, lines.join(''));
    });
  }
});
