/** Groups of terms, and the turns that make Z-type strings of them, against dense matrices. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pauliMasks } from '../../../host/api/circuit.ts';
import { builtIn } from '../../../host/problems/built-in.ts';
import { groupTerms, GROUPINGS, turned } from '../../../host/problems/groups.ts';
import { commute, commuteOnEach, pauliText, times } from '../../../host/problems/pauli.ts';
import { assertClose } from '../../support/close.ts';
import * as oracle from '../../support/oracle/index.ts';

const QUBITS = 3;
const SIZE = 2 ** QUBITS;

const matrixOf = ({ x, z }: { x: number; z: number }) => oracle.pauliMatrix(QUBITS, x, z);
const complex = (re: number, im: number): oracle.Complex => ({ re, im });
const power = (phase: number): oracle.Complex =>
  [complex(1, 0), complex(0, 1), complex(-1, 0), complex(0, -1)][phase];
const random = (rng: oracle.Rng) => ({
  x: oracle.randomInteger(rng, SIZE),
  z: oracle.randomInteger(rng, SIZE),
  phase: oracle.randomInteger(rng, 4),
});

/** exp(-i sign pi/4 P) */
function turnMatrix(turn: { x: number; z: number; sign: number }): oracle.Matrix {
  const half = Math.SQRT1_2;
  const identity = oracle.scaled(oracle.identity(SIZE), complex(half, 0));
  return oracle.plus(identity, oracle.scaled(matrixOf(turn), complex(0, -turn.sign * half)));
}

describe('Pauli strings', () => {
  it('multiply and commute as their matrices do', () => {
    const rng = oracle.seededRng(11);
    for (let trial = 0; trial < 200; trial++) {
      const [a, b] = [random(rng), random(rng)];
      const [ma, mb] = [a, b].map((each) => oracle.scaled(matrixOf(each), power(each.phase)));
      const product = times(a, b);
      const expected = oracle.scaled(matrixOf(product), power(product.phase));
      assertClose(oracle.distance(oracle.times(ma, mb), expected), 0, 1e-12, `trial ${trial}`);
      const apart = oracle.distance(oracle.times(ma, mb), oracle.times(mb, ma));
      assert.equal(commute(a, b), apart < 1e-9);
      if (commuteOnEach(a, b)) assert.ok(commute(a, b));
    }
  });

  it('turn as their matrices do', () => {
    const rng = oracle.seededRng(12);
    for (let trial = 0; trial < 200; trial++) {
      const string = random(rng);
      const turn = { ...random(rng), sign: trial % 2 === 0 ? (1 as const) : (-1 as const) };
      const u = turnMatrix(turn);
      const given = oracle.scaled(matrixOf(string), power(string.phase));
      const expected = oracle.times(oracle.times(u, given), oracle.dagger(u));
      const got = turned(string, turn);
      assertClose(
        oracle.distance(oracle.scaled(matrixOf(got), power(got.phase)), expected),
        0,
        1e-12,
        `trial ${trial}`,
      );
    }
  });

  it('have the words of observables', () => {
    assert.equal(pauliText({ x: 0b011, z: 0b110 }), 'X0 Y1 Z2');
    assert.equal(pauliText({ x: 0, z: 0 }), '');
    assert.deepEqual(pauliMasks(pauliText({ x: 2 ** 19, z: 5 }), 20), { x: 2 ** 19, z: 5 });
  });
});

describe('groups of terms', () => {
  it('of random sums: every term is in one, all are Z-type behind the turns, and the matrices agree', () => {
    const rng = oracle.seededRng(13);
    for (let trial = 0; trial < 40; trial++) {
      const strings = new Set(
        Array.from({ length: 1 + oracle.randomInteger(rng, 30) }, () => pauliText(random(rng))),
      );
      strings.delete('');
      const terms = [...strings].map((pauli) => ({ pauli, coefficient: oracle.randomBetween(rng, -1, 1) }));
      for (const grouping of GROUPINGS) {
        const groups = groupTerms(terms, QUBITS, grouping);
        const all = groups.flatMap((group) => group.terms);
        assert.deepEqual(new Set(all), new Set(terms), grouping);
        assert.equal(all.length, terms.length);
        for (const group of groups) {
          const u = group.turns
            .map(turnMatrix)
            .reduce((product, next) => oracle.times(next, product), oracle.identity(SIZE));
          assert.ok(group.turns.length <= QUBITS);
          group.terms.forEach(({ pauli, coefficient }, i) => {
            const { pauli: z, coefficient: signed } = group.diagonal[i];
            assert.doesNotMatch(z, /[XY]/);
            const before = oracle.scaled(matrixOf(pauliMasks(pauli, QUBITS)), complex(coefficient, 0));
            const behind = oracle.scaled(matrixOf(pauliMasks(z, QUBITS)), complex(signed, 0));
            const expected = oracle.times(oracle.times(u, before), oracle.dagger(u));
            assertClose(oracle.distance(behind, expected), 0, 1e-12, `${pauli} is ${z}`);
          });
        }
      }
    }
  });

  it('are as few as they should be', () => {
    const count = (name: string) => {
      const { terms, qubits } = builtIn(name) ?? assert.fail(name);
      return GROUPINGS.map((grouping) => groupTerms(terms, qubits, grouping).length);
    };
    assert.deepEqual(count('h2'), [2, 5, 14]);
    assert.deepEqual(count('tfim:6,1'), [2, 2, 11]);
    assert.deepEqual(count('heisenberg:6'), [2, 3, 15]);
    const [commuting, each] = count('lih');
    assert.ok(commuting < each && commuting <= 13, `${commuting} of lih`);
  });
});
