/** What is wrong with a program is said with its place, the line and a caret under what is meant. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { QasmError, readOpenQasm } from '../../../host/qasm/index.ts';

const TWO = 'OPENQASM 2.0;\ninclude "qelib1.inc";\n';
const THREE = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n';

/** What a program is refused with. */
function refusal(source: string): QasmError {
  try {
    readOpenQasm(source, { name: 'a.qasm' });
  } catch (error) {
    assert.ok(error instanceof QasmError, `${error}`);
    return error;
  }
  return assert.fail(`taken: ${source}`);
}

/** Programs, by the head that they have; `§` is where the error is, and is no part of the program. */
const CASES: readonly (readonly [source: string, code: string, message: RegExp])[] = [
  // Not OpenQASM.
  [`${TWO}qreg q[2]\n§h q;`, 'SYNTAX', /found 'h'; expected ';'/],
  [`${TWO}qreg q[2];\n§h ;`, 'SYNTAX', /h is applied to nothing/],
  [`${TWO}qreg q[2];\nrx(1 §q[0];`, 'SYNTAX', /expected/],
  [`${TWO}qreg q[2];\nrx(1+§) q[0];`, 'SYNTAX', /expected an expression/],
  [`${TWO}qreg q[2];\n§"abc`, 'SYNTAX', /closing quote/],
  [`${TWO}§/* never ends`, 'SYNTAX', /comment has no end/],
  [`${TWO}qreg q[2];\nh q[§3x];`, 'SYNTAX', /'3x' is neither a number nor a name/],
  [`${TWO}qreg q[2];\nh q§#[0];`, 'SYNTAX', /"#" means nothing/],
  [`${TWO}gate g a { h a;§`, 'SYNTAX', /found the end of the program; expected '}'/],
  [`${TWO}gate g a { §measure a -> a; }\nqreg q[1]; g q[0];`, 'SYNTAX', /a gate is made of gates/],
  ['OPENQASM §4.0;\n', 'UNSUPPORTED', /versions 2.0 and 3 are read/],
  [`${TWO}§OPENQASM 2.0;`, 'SYNTAX', /said once/],
  [`${TWO}qreg §pi[2];`, 'SYNTAX', /'pi' is a word of the language/],
  // Names.
  ['OPENQASM 2.0;\nqreg q[2];\n§h q[0];', 'NAME', /include "qelib1.inc" defines it/],
  [`${TWO}qreg q[2];\n§foo q[0];`, 'NAME', /'foo' is not defined/],
  [`${TWO}qreg q[2];\nh §r[0];`, 'NAME', /'r' is not declared/],
  [`${TWO}qreg q[2];\nrx(§theta) q[0];`, 'NAME', /'theta' is not declared/],
  [`${TWO}qreg q[2];\nqreg §q[3];`, 'NAME', /declared already, in line 3/],
  [`${TWO}gate g a { h a; }\ngate §g a { x a; }`, 'NAME', /defined already, in line 3/],
  [`${TWO}gate g a { §g a; }`, 'NAME', /defined by itself/],
  [`${TWO}gate g a,§a { h a; }`, 'NAME', /'a' is there twice/],
  [`${TWO}qreg q[1];\nrx(§foo(1)) q[0];`, 'NAME', /'foo' is no function; there are cos, exp/],
  [`${TWO}qreg q[1];\n gate g(x) a { rx(§y) a; }\ng(1) q[0];`, 'NAME', /'y' is not declared/],
  // Operands.
  [`${TWO}qreg q[2];\ncx q[0],§q[0];`, 'TYPE', /q\[0\] is named twice/],
  [`${TWO}qreg q[2];\n§cx q[0];`, 'TYPE', /cx takes 2 qubits, not 1/],
  [`${TWO}qreg q[2];\n§rx q[0];`, 'TYPE', /rx takes 1 angle, not 0/],
  [`${TWO}qreg q[2];\n§h(1) q[0];`, 'TYPE', /h takes no angles, not 1/],
  [`${TWO}qreg a[2];\nqreg b[3];\ncx a,§b;`, 'TYPE', /3 qubits and another operand has 2/],
  [`${TWO}qreg q[2];\ncreg c[3];\n§measure q -> c;`, 'TYPE', /2 qubits are measured into 3 bits/],
  [`${TWO}qreg q[2];\ncreg c[2];\nh §c[0];`, 'TYPE', /'c' is not made of qubits/],
  [`${TWO}qreg q[2];\nmeasure q -> §q;`, 'TYPE', /'q' is not made of classical bits/],
  [`${THREE}qubit q;\nh §q[0];`, 'TYPE', /has no index/],
  // Numbers.
  [`${TWO}qreg q[2];\nh q[§2];`, 'VALUE', /the index is 2; the indices are 0 to 1/],
  [`${TWO}qreg q[§0];`, 'VALUE', /expected a whole number from 1/],
  [`${TWO}qreg q[1];\nrx(§1/0) q[0];`, 'VALUE', /divides by 0/],
  [`${TWO}qreg q[1];\nrx(§ln(-1)) q[0];`, 'VALUE', /no finite number/],
  [`${THREE}qubit q;\nfloat x;\nrx(§x) q;`, 'VALUE', /no value yet/],
  [`${THREE}qubit q;\ninput float x;\nrx(sin(§x)) q;`, 'VALUE', /an input stands here/],
  [`${THREE}qubit q;\ninput float x;\nrx(x * §x) q;`, 'VALUE', /an input stands here/],
  [`${THREE}input int §n;\nqubit[n] q;`, 'VALUE', /has to be given a value/],
  [`${THREE}qubit[2] q;\nfor int i in [§0:0:3] { h q[0]; }`, 'VALUE', /the step of the range is 0/],
  [`${TWO}creg c[1];§`, 'VALUE', /declares no qubit/],
  // Sizes.
  [`${TWO}qreg a[20];\nqreg §b[1];`, 'SIZE', /b makes the qubits 21; at most 20/],
  [
    `${TWO}qreg q[1];\nrx(${'('.repeat(150)}${'('.repeat(49)}§(1${')'.repeat(200)}) q[0];`,
    'SIZE',
    /nested more than/,
  ],
  [`${THREE}qubit[2] q;\nfor int i in [0:5000] { cx q[0], q[1]; }§`, 'SIZE', /more than the 4096 operations/],
  // What is no circuit that runs without looking.
  [`${TWO}qreg q[1];\ncreg c[1];\n§if (c == 1) x q[0];`, 'UNSUPPORTED', /classical control is not supported/],
  [`${THREE}qubit q;\nbit c = measure q;\nif (§c) { x q; }`, 'UNSUPPORTED', /classical control/],
  [`${THREE}qubit q;\nbit c;\nc = measure q;\nwhile (§c == 1) { x q; }`, 'UNSUPPORTED', /classical control/],
  [
    `${TWO}qreg q[2];\ncreg c[2];\nmeasure q[1] -> c[1];\n§x q;`,
    'UNSUPPORTED',
    /q\[1\] was measured in line 5/,
  ],
  [`${TWO}qreg q[2];\nh q;\nreset §q[0];`, 'UNSUPPORTED', /q\[0\] is reset after it was used/],
  [`${TWO}opaque magic(a) b;\nqreg q[1];\n§magic(1) q[0];`, 'UNSUPPORTED', /'magic' is opaque/],
  [`OPENQASM 2.0;\n§include "other.inc";`, 'UNSUPPORTED', /'other.inc' is not read/],
  [`${THREE}§def f(qubit q) { h q; }`, 'UNSUPPORTED', /a subroutine is not supported/],
  [`${THREE}§defcal x q { play(); }`, 'UNSUPPORTED', /a calibration is not supported/],
  [`${THREE}qubit[2] q;\n§pow(0.5) @ iswap q[0], q[1];`, 'UNSUPPORTED', /a power of 0.5/],
];

describe('a refusal', () => {
  for (const [marked, code, message] of CASES) {
    const at = marked.indexOf('§');
    const source = marked.replace('§', '');
    const before = source.slice(0, at).split('\n');
    const [line, column] = [before.length, (before.at(-1) as string).length + 1];
    test(`of ${JSON.stringify(source.slice(0, 200).split('\n').slice(-2).join(' '))}`, () => {
      const error = refusal(source);
      assert.equal(error.code, `ERR_QASM_${code}`, error.message);
      assert.match(error.message, message);
      assert.ok(error.message.startsWith(`a.qasm:${error.line}:${error.column}: `), error.message);
      const isWhole = code === 'SIZE' && /operations/.test(error.message);
      if (!isWhole) assert.deepEqual([error.line, error.column], [line, column], error.message);
      const [shown, carets] = error.excerpt;
      assert.match(carets, /^ *\^+$/);
      if (source.length < 200) assert.equal(shown, source.split(/\n/)[error.line - 1]);
      if (source.length < 200) assert.equal(carets.indexOf('^'), error.column - 1);
    });
  }

  test('shows of a long line what is around the place, and no tabs, which would move the caret', () => {
    const { excerpt, column } = refusal(
      `${TWO}qreg q[1];\n\t${'h q[0]; '.repeat(100)}foo q[0]; ${'h q[0]; '.repeat(100)}`,
    );
    const [line, carets] = excerpt;
    assert.equal(column, 802);
    assert.ok(line.length <= 120);
    assert.equal(line.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1), 'foo');
    assert.ok(!refusal(`${TWO}\tfoo q;`).excerpt[0].includes('\t'));
  });

  test('counts columns in characters, whatever they are made of', () => {
    const { column, excerpt } = refusal(`${THREE}qubit 𝛼; qubit 𝛽; foo 𝛼, 𝛽;`);
    assert.equal(column, 19);
    assert.equal(Array.from(excerpt[0]).slice(18, 21).join(''), 'foo');
  });
});
