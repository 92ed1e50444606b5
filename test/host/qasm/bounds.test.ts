/** How far each thing in a program may go: the most that is taken, and what one more is refused with; and where a refusal points. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { QasmError } from '../../../host/qasm/error.ts';
import { readOpenQasm } from '../../../host/qasm/index.ts';
import { tokensOf } from '../../../host/qasm/lexer.ts';
import { Machine } from '../../../host/qasm/machine.ts';
import { assertGolden } from '../../support/golden.ts';
import { said } from './said.ts';

const HEAD = 'OPENQASM 3.0; include "stdgates.inc"; qubit[3] q;\n';
const times = (count: number, text: (i: number) => string, between = '') =>
  Array.from({ length: count }, (_, i) => text(i)).join(between);

const golden = (name: string, text: string) =>
  assertGolden(new URL(`golden/${name}.txt`, import.meta.url), text);

/** Programs by how much of something they have. */
const GROWING: Readonly<Record<string, (count: number) => string>> = {
  brackets: (n) => `rx(${'('.repeat(n)}1${')'.repeat(n)}) q;`,
  signs: (n) => `rx(${'-'.repeat(n)}1) q;`,
  negations: (n) => `rx(int(${'!'.repeat(n)}true)) q;`,
  powers: (n) => `rx(${'1**'.repeat(n)}1) q;`,
  sums: (n) => `rx(${'1+'.repeat(n)}1) q;`,
  casts: (n) => `rx(${'int('.repeat(n)}1${')'.repeat(n)}) q;`,
  calls: (n) => `rx(${'sin('.repeat(n)}0${')'.repeat(n)}) q;`,
  'indices in expressions': (n) => `let a = q${'[0:1]'.repeat(n)};`,
  'indices in indices': (n) => `array[int, 1] a = {0}; rx(${'a['.repeat(n)}0${']'.repeat(n)}) q;`,
  blocks: (n) => `${'{'.repeat(n)}x q;${'}'.repeat(n)}`,
  conditions: (n) => `${'if (true) '.repeat(n)}x q;`,
  alternatives: (n) => `${'if (false) x q; else '.repeat(n)}x q;`,
  loops: (n) => `${times(n, (i) => `for int i${i} in [0:0] `)}x q;`,
  'parts of numbers': (n) => `end; ${'complex['.repeat(n)}float${']'.repeat(n)} z;`,
  lists: (n) => `end; array[int, 1] a = ${'{'.repeat(n)}1${'}'.repeat(n)};`,
  'gates in gates': (n) => `gate g0 a { x a; } ${times(n, (i) => `gate g${i + 1} a { g${i} a; }`)} g${n} q;`,
  'dimensions of an input': (n) => `input array[float, ${times(n, () => '1', ', ')}] a;`,
  'dimensions of an array': (n) => `array[float, ${times(n, () => '1', ', ')}] a;`,
  'entries of an input': (n) => `input array[float, ${n}] a;`,
  'entries of an array': (n) => `array[float, ${n}] a;`,
  'entries in two dimensions': (n) => `array[float, 2, ${n}] a;`,
  inputs: (n) => times(n, (i) => `input float a${i};`),
  'classical bits': (n) => `bit[${n}] c;`,
  'classical bits after others': (n) => `bit[4000] c; bit[${n}] d;`,
  qubits: (n) => `qubit[${n}] r;`,
  'qubits one by one': (n) => times(n, (i) => `qubit r${i};`),
  controls: (n) =>
    `qubit[17] r; ctrl(${n}) @ p(1) ${times(n + 1, (i) => (i < 3 ? `q[${i}]` : `r[${i - 3}]`), ', ')};`,
  'gates of a gate': (n) =>
    `gate g0 a { gphase(1); } ${times(14, (i) => `gate g${i + 1} a { g${i} a; g${i} a; }`)} gate g a { ${'gphase(1); '.repeat(n)} g14 a; } g q[0];`,
  'a power of a gate': (n) => `pow(${n}) @ iswap q[0], q[1];`,
  shifts: (n) => `int i = 1 << ${n};`,
};

/** What takes long: how much of it is taken, so that nothing else is tried. */
const KNOWN: Readonly<Record<string, number>> = {
  'gates in gates': 199,
  controls: 10,
  'gates of a gate': 0,
  'a power of a gate': 2048,
  inputs: 4096,
};

/** The most that is taken, and what one more is refused with. */
function mostOf(program: (count: number) => string, known?: number): string {
  const refusal = (count: number) => said(() => (readOpenQasm(HEAD + program(count), { name: 'p' }), ''));
  let taken = known ?? 1;
  let refused = taken + 1;
  assert.equal(refusal(taken), '');
  for (; refusal(refused) === ''; refused *= 2) taken = refused;
  while (refused - taken > 1) {
    const middle = (taken + refused) >> 1;
    if (refusal(middle) === '') taken = middle;
    else refused = middle;
  }
  return `${taken}; then ${refusal(refused).replace(/»(.{40}).*«$/s, '»$1...«')}`;
}

test('of each thing there may be so many', () => {
  golden(
    'bounds',
    Object.entries(GROWING)
      .map(([what, program]) => `${what}: ${mostOf(program, KNOWN[what])}\n`)
      .join(''),
  );
});

test('a program may have so many characters and take so many steps', () => {
  const longest = 2 ** 22;
  assert.equal(tokensOf({ name: 'p', text: ' '.repeat(longest) }).length, 1);
  assert.throws(() => tokensOf({ name: 'p', text: ' '.repeat(longest + 1) }), {
    code: 'ERR_QASM_SIZE',
    message: 'p:1:1: the program has 4194305 characters; at most 4194304 are read',
  });
  const machine = new Machine({ name: 'p', text: 'abc' }, 3, {});
  const place = { from: 1, to: 2 };
  machine.step(place, 2 ** 20 - 1);
  machine.step(place);
  assert.throws(() => machine.step(place), {
    code: 'ERR_QASM_SIZE',
    message: 'p:1:2: the program takes more than 1048576 steps',
  });
  machine.step(place, -1);
  machine.step(place, 0);
});

describe('a refusal points at its place', () => {
  const pointed = (text: string, from: number, to: number): string => {
    const { message, excerpt, file, line, column } = new QasmError(
      'ERR_QASM_SYNTAX',
      'so',
      { name: 'p', text },
      { from, to },
    );
    assert.equal(message, `p:${line}:${column}: so`);
    assert.equal(file, 'p');
    return `${line}:${column}\n${excerpt[0]}|\n${excerpt[1]}|\n`;
  };

  test('whatever ends the lines', () => {
    const lines = ['', '\n', '\r', '\r\n'].flatMap((end) => {
      const text = ['ab', 'c\td', '', 'ef'].join(end);
      return Array.from({ length: text.length + 1 }, (_, from) =>
        [1, 3].map((width) => pointed(text, from, from + width)),
      ).flat();
    });
    golden('pointed', lines.join(''));
  });

  test('in a long line, by what is around it', () => {
    const long = Array.from({ length: 400 }, (_, i) => String.fromCodePoint(97 + (i % 26))).join('');
    const places = [0, 1, 98, 99, 100, 101, 119, 120, 121, 200, 339, 340, 341, 399, 400];
    golden(
      'pointed-long',
      places.flatMap((from) => [0, 1, 50, 150].map((width) => pointed(long, from, from + width))).join(''),
    );
    golden(
      'pointed-wide',
      [0, 2, 100, 236, 238].map((from) => pointed('𝛼'.repeat(120), from, from + 4)).join(''),
    );
  });

  test('by the line, and names it', () => {
    for (const end of ['\n', '\r', '\r\n']) {
      const text = ['a', 'b', '', 'c'].join(end);
      const machine = new Machine({ name: 'p', text }, 3, {});
      const lineAt = (from: number) => machine.lineOf({ from, to: from });
      assert.deepEqual(
        ['a', 'b', 'c'].map((letter) => lineAt(text.indexOf(letter))),
        [1, 2, 4],
      );
      assert.equal(lineAt(1), 1);
      assert.equal(lineAt(text.length), 4);
    }
  });
});
