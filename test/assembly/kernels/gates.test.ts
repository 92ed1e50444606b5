/** Every gate kernel against full matrices, seen through all Pauli expectations of the final state. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Operation } from '../../../assembly/abi/codes.ts';
import { assertAllClose } from '../../support/close.ts';
import { within } from '../../support/tolerance.ts';
import { BUILDS, Machine } from '../../support/core-harness.ts';
import {
  constantOp,
  qubitPairs,
  scramble,
  termsModel,
  throughHead,
  tomography,
} from '../../support/core-models.ts';
import * as oracle from '../../support/oracle/index.ts';
import { assertOutputs } from '../../support/output-checks.ts';

const SEED = 1001;
const rng = oracle.seededRng(SEED);
const ONE = [Operation.RX, Operation.RY, Operation.RZ];
const ROTATIONS_2 = [Operation.RXX, Operation.RYY, Operation.RZZ];
const TWO = [...ROTATIONS_2, Operation.CNOT, Operation.CZ];

/** The outputs of one model on random inputs, on all builds. */
function checkModel(model: oracle.OracleModel, tolerance: [double: number, single: number], what: string) {
  const { batch } = oracle.randomBatch(rng, model, 2);
  assertOutputs(model, throughHead(model), batch, tolerance, `seed ${SEED}, ${what}`);
}

/** All Pauli expectations of the circuit. */
function check(qubits: number, operations: oracle.OracleOp[], what: string): void {
  for (const model of tomography(qubits, operations)) checkModel(model, [1e-13, 2e-6], what);
}

describe('gates', () => {
  for (let qubits = 1; qubits <= 3; qubits++) {
    it(`one-qubit rotations on every one of ${qubits}`, () => {
      for (const kind of ONE) {
        for (let qubit = 0; qubit < qubits; qubit++) {
          const angle = oracle.randomBetween(rng, -7, 7);
          const what = `${Operation[kind]} on ${qubit} of ${qubits}`;
          // Two-qubit gates keep it from fusing with the scrambling.
          const wall = qubitPairs(qubits).map(([a, b]) => constantOp(Operation.CZ, a, b));
          const op = constantOp(kind, qubit, undefined, angle);
          check(qubits, [op], `${what}, first`);
          check(qubits, [...scramble(rng, qubits), ...wall, op], `${what}, behind others`);
        }
      }
    });
  }

  for (let qubits = 2; qubits <= 3; qubits++) {
    it(`two-qubit gates on every ordered pair of ${qubits}`, () => {
      for (const kind of TWO) {
        for (const [a, b] of qubitPairs(qubits)) {
          const op = constantOp(kind, a, b, oracle.randomBetween(rng, -7, 7));
          check(qubits, [...scramble(rng, qubits), op], `${Operation[kind]} on ${a}, ${b} of ${qubits}`);
        }
      }
    });
  }

  it('all of them in one row, on 3 qubits', () => {
    for (let trial = 0; trial < 10; trial++) {
      const kinds = oracle.shuffled(rng, [...ONE, ...TWO, ...ONE, ...TWO]);
      const operations = kinds.map((kind) => {
        const [a, b] = oracle.shuffled(rng, [0, 1, 2]);
        return constantOp(kind, a, b, oracle.randomBetween(rng, -7, 7));
      });
      check(3, operations, `trial ${trial}`);
    }
  });

  it('on 6 qubits, every pair, through all one- and two-qubit Paulis of the pair', () => {
    for (const [a, b] of qubitPairs(6)) {
      const kind = TWO[oracle.randomInteger(rng, TWO.length)];
      const other = TWO[oracle.randomInteger(rng, TWO.length)];
      const operations = [
        ...scramble(rng, 6),
        constantOp(kind, a, b, oracle.randomBetween(rng, -7, 7)),
        constantOp(other, b, (b + 1) % 6, oracle.randomBetween(rng, -7, 7)),
      ];
      const masks = [0, 1 << a, 1 << b, (1 << a) | (1 << b)];
      const terms = masks.flatMap((xMask) => masks.map((zMask) => ({ xMask, zMask, coefficient: 1 })));
      checkModel(termsModel(6, operations, terms), [1e-13, 3e-6], `${a}, ${b} of 6`);
    }
  });

  it('a rotation by 2 pi is at most a phase', () => {
    const circuit = scramble(rng, 2);
    const turns = [...ONE, ...ROTATIONS_2].map((kind) => constantOp(kind, 0, 1, 2 * Math.PI));
    const [plain] = tomography(2, circuit);
    const [turned] = tomography(2, [...circuit, ...turns]);
    for (const build of BUILDS) {
      const [before, after] = [plain, turned].map((model) =>
        new Machine(build, model).withParameters(throughHead(model)).predict([[1, 2, 3, 4]]),
      );
      assert.equal(before[0].length, 16);
      assertAllClose(after[0], before[0], within(build, 1e-13, 2e-6), build);
    }
  });
});
