/** Whatever a program is, reading it ends, and with nothing but a circuit or the error of its own. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { MAX_OPERATIONS, MAX_QUBITS } from '../../../assembly/abi/codes.ts';
import { checkCircuit, tableLength } from '../../../host/api/circuit.ts';
import { QasmError, readOpenQasm } from '../../../host/qasm/index.ts';
import fc from '../../support/property.ts';

/** Reads a program, or is told why not. */
function attempt(source: string): QasmError | undefined {
  try {
    const { circuit, qubits } = readOpenQasm(source);
    assert.ok(qubits >= 1 && qubits <= MAX_QUBITS);
    assert.ok(tableLength(circuit) <= MAX_OPERATIONS);
    checkCircuit(circuit, qubits, 0);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof QasmError, `${error}`);
    assert.ok(error.line >= 1 && error.column >= 1);
    const [shown, carets] = error.excerpt;
    assert.ok(Array.from(shown).length <= 120 && carets.length <= 121, 'an excerpt is short');
    return error;
  }
}

const { cases } = JSON.parse(
  readFileSync(new URL('../../oracles/qasm-golden.json', import.meta.url), 'utf8'),
) as { cases: readonly { source: string }[] };

/** Words and symbols of both versions, and some numbers. */
const PIECES = [
  ...'OPENQASM 2.0 3.0 include "qelib1.inc" "stdgates.inc" qreg creg qubit bit gate opaque measure reset barrier'.split(
    ' ',
  ),
  ...'if else for while in input output const let int uint float angle bool array ctrl negctrl inv pow gphase'.split(
    ' ',
  ),
  ...'q r a c theta pi U CX h cx rx ccx sin ln mod sizeof true 0 1 2 3 1e3 0.5 1e400 9999999999999999999 0x1f $0 "01" 10ns'.split(
    ' ',
  ),
  ...'; ; ; { } [ ] ( ) , , : @ + - * / % ^ ** ++ -> == = += < && ! ~ << | . // /* */ # \\ \n'.split(' '),
];

describe('a program at random', () => {
  test('of any characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => void attempt(text)),
      { numRuns: 2000 },
    );
  });

  test('of pieces of the language', () => {
    const soup = fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }).map((pieces) => pieces.join(' '));
    const heads = fc.constantFrom(
      '',
      'OPENQASM 2.0; include "qelib1.inc"; qreg q[3]; creg c[3];',
      'OPENQASM 3; include "stdgates.inc"; qubit[3] q; bit[3] c;',
    );
    fc.assert(
      fc.property(heads, soup, (head, text) => void attempt(`${head}\n${text}`)),
      { numRuns: 5000 },
    );
  });

  test('that was a good one', () => {
    const place = fc.double({ min: 0, max: 1, noNaN: true });
    const change = fc.record({ at: place, length: fc.nat(12), piece: fc.constantFrom('', ...PIECES) });
    const source = fc.constantFrom(...cases.map((each) => each.source));
    let taken = 0;
    fc.assert(
      fc.property(source, fc.array(change, { minLength: 1, maxLength: 3 }), (text, changes) => {
        let changed = text;
        for (const { at, length, piece } of changes) {
          const from = Math.floor(at * changed.length);
          changed = `${changed.slice(0, from)}${piece}${changed.slice(from + length)}`;
        }
        if (attempt(changed) === undefined) taken++;
      }),
      { numRuns: 5000 },
    );
    assert.ok(taken > 50, 'some changes leave a program');
  });
});

const TWO = 'OPENQASM 2.0; include "qelib1.inc"; qreg q[2];';
const THREE = 'OPENQASM 3; include "stdgates.inc"; qubit[20] q;';
const times = (count: number, text: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => text(i)).join('\n');

/** Programs that mean far more than they say. */
const BOMBS: Readonly<Record<string, string>> = {
  'gates that double': `${TWO} gate g0 a { h a; h a; } ${times(60, (i) => `gate g${i + 1} a { g${i} a; g${i} a; }`)} g60 q[0];`,
  'gates that double and do nothing': `${TWO} gate g0 a { } ${times(60, (i) => `gate g${i + 1} a { g${i} a; g${i} a; }`)} g60 q[0];`,
  'gates that double their phases': `${THREE} gate g0 a { gphase(1); } ${times(60, (i) => `gate g${i + 1} a { g${i} a; g${i} a; }`)} g60 q[0];`,
  'gates one in another': `${TWO} gate g0 a { h a; } ${times(20_000, (i) => `gate g${i + 1} a { g${i} a; }`)} g20000 q[0];`,
  'a loop without an end': `${THREE} while (true) { }`,
  'a loop over everything': `${THREE} for int i in [0:9007199254740991] { }`,
  'loops in loops': `${THREE} ${times(50, (i) => `for int i${i} in [0:9] {`)} gphase(1); ${'}'.repeat(50)}`,
  'a long expression in a loop': `${THREE} float x = 0; for int i in [0:1000000] { x = ${times(150, () => 'x + ')} 1; }`,
  'long sums': `${THREE} rx(${'1+'.repeat(100_000)}1) q[0];`,
  'deep brackets': `${THREE} rx(${'('.repeat(100_000)}1${')'.repeat(100_000)}) q[0];`,
  'deep signs': `${THREE} rx(${'-'.repeat(100_000)}1) q[0];`,
  'deep powers': `${THREE} rx(${'1**'.repeat(100_000)}1) q[0];`,
  'deep blocks': `${THREE} ${'{'.repeat(100_000)}${'}'.repeat(100_000)}`,
  'deep conditions': `${THREE} ${'if (true) '.repeat(100_000)} h q;`,
  'deep indices': `${THREE} h q${'[0'.repeat(100_000)}`,
  'deep types': `${THREE} ${'array['.repeat(100_000)}`,
  'deep parts': `${THREE} ${'complex['.repeat(100_000)}`,
  'deep lists': `${THREE} array[int, 1] a = ${'{'.repeat(100_000)}`,
  'many controls': `${THREE} ctrl(19) @ x ${times(20, (i) => `q[${i}]${i < 19 ? ',' : ';'}`)}`,
  'more controls than there are': `${THREE} ${'ctrl(1000) @ '.repeat(10_000)} x q[0];`,
  'a high power': `${THREE} pow(1000000000) @ iswap q[0], q[1];`,
  'powers of powers': `${THREE} ${'pow(2) @ '.repeat(1000)} iswap q[0], q[1];`,
  'a long name': `${THREE} ${'a'.repeat(1_000_000)} q[0];`,
  'a long number': `${THREE} rx(${'1'.repeat(1_000_000)}) q[0];`,
  'a long comment': `/*${'*'.repeat(1_000_000)}`,
  'many comments': `${'/**/'.repeat(300_000)}`,
  'many spaces': `${' '.repeat(1_000_000)}`,
  'aliases that double': `${THREE} bit[2000] c; let a0 = c; ${times(60, (i) => `let a${i + 1} = a${i} ++ a${i};`)}`,
  'aliases of many bits': `${THREE} bit[4000] c; for int i in [0:1000000] { let a = c; }`,
  'arrays of arrays': `${THREE} input array[float, 4000, 4000, 4000] a;`,
  'many dimensions': `${THREE} input array[float, ${'1, '.repeat(100_000)}1] a;`,
  'arrays that are copied': `${THREE} array[float, 4000] a = {${'1, '.repeat(4000)}1}; for int i in [0:1000000] { array[float, 4000] b = a; }`,
  'more lines than there is room for': `${TWO}${'\nh q; cx q[0],q[1];'.repeat(100_000)}`,
  'too long a text': ' '.repeat(2 ** 22 + 1),
};

describe('a program that means far more than it says', () => {
  for (const [name, source] of Object.entries(BOMBS)) {
    test(name, () => assert.ok(attempt(source) instanceof QasmError, 'refused'));
  }

  test('is taken where it is only long', () => {
    assert.equal(
      attempt(`${THREE} ${'// nothing\n'.repeat(100_000)} ${'barrier q;\n'.repeat(10_000)} h q;`),
      undefined,
    );
    assert.equal(attempt(`${THREE} h q${'[0:1]'.repeat(10_000)};`), undefined);
    assert.equal(attempt(`${THREE} rx(${'1'.repeat(30)}.0${'+1'.repeat(100)}) q[0];`), undefined);
  });
});
