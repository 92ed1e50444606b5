/** Pauli strings, Pauli sums, constants and readout error, exact. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Encoding, Option, Status } from '../../../assembly/abi/codes.ts';
import { assertAllClose, assertClose } from '../../support/close.ts';
import { within } from '../../support/tolerance.ts';
import { BUILDS, DEFAULTS, isSingle, Machine, ok } from '../../support/core-harness.ts';
import { scramble, termsModel, throughHead } from '../../support/core-models.ts';
import * as oracle from '../../support/oracle/index.ts';
import { assertOutputs } from '../../support/output-checks.ts';

const SEED = 1005;
const rng = oracle.seededRng(SEED);

/** All outputs of a model on two random samples, on all builds. */
function check(model: oracle.OracleModel, theta: number[], what: string): void {
  const { batch } = oracle.randomBatch(rng, model, 2);
  assertOutputs(model, theta, batch, [1e-12, 1e-5], `seed ${SEED}, ${what}`);
}

describe('observable', () => {
  it('Pauli sums of many terms over many outputs, constants among them', () => {
    for (let trial = 0; trial < 12; trial++) {
      const qubits = 1 + (trial % 4);
      const terms = oracle.shuffled(
        rng,
        Array.from({ length: 5 }, () => oracle.randomTerms(rng, qubits, 3)).flat(),
      );
      const replaced = { terms, outputs: 3, logits: 3, readoutError: trial % 2 ? 0.12 : 0 };
      const model = termsModel(qubits, scramble(rng, qubits), [], replaced);
      check(model, throughHead(model), `trial ${trial}`);
    }
  });

  it('strings over all 6 qubits', () => {
    const strings = Array.from({ length: 12 }, () => ({
      xMask: oracle.randomInteger(rng, 64),
      zMask: oracle.randomInteger(rng, 64),
      coefficient: oracle.randomBetween(rng, -1, 1),
    }));
    const operations = [...scramble(rng, 6), ...oracle.paperAnsatz(6, 1)];
    const model = termsModel(6, operations, strings, { parameters: 18, readoutError: 0.05 });
    check(model, throughHead(model, oracle.randomTheta(rng, model)), 'six qubits');
  });

  it('a bare sum, one logit and softmax read the same outputs', () => {
    for (const logits of [0, 1, 2, 5]) {
      const model = oracle.randomModel(rng, { qubits: 3, outputs: logits === 0 ? 1 : 4, logits });
      check(model, oracle.randomTheta(rng, model), `${logits} logits`);
    }
  });

  it('readout error e: a factor 1 - 2e per qubit of a string', () => {
    const masks = [0b0001, 0b0011, 0b0111, 0b1111];
    for (const e of [0, 0.01, 0.25, 0.5]) {
      const strings = [0, ...masks].map((zMask) => ({ xMask: 0, zMask, coefficient: 1 }));
      const model = termsModel(4, [oracle.fixed(6, 0, 1)], strings, {
        readoutError: e,
        encoding: Encoding.Zero,
      });
      for (const build of BUILDS) {
        const [row] = new Machine(build, model).withParameters(throughHead(model)).predict([[]]);
        const expected = [0, 1, 2, 3, 4].map((weight) => (1 - 2 * e) ** weight);
        assertAllClose(row, expected, within(build, 1e-15, 1e-6), `${build}, e = ${e}`);
      }
    }
  });

  it('an output without a term is 0', () => {
    const terms = [oracle.zTerm(0, 1)];
    const model = termsModel(2, scramble(rng, 2), [], { terms, outputs: 3, logits: 3 });
    for (const build of BUILDS) {
      const [row] = new Machine(build, model).withParameters(throughHead(model)).predict([[1, 2, 3, 4]]);
      assert.deepEqual([row[0], row[2]], [0, 0]);
      assert.notEqual(row[1], 0);
    }
  });

  it('coefficients of all sizes', () => {
    const coefficients = [1e-30, -1e30, 3, 1e-300, 0];
    const model = termsModel(
      1,
      scramble(rng, 1),
      coefficients.map((coefficient) => ({ xMask: 0, zMask: 1, coefficient })),
    );
    const theta = throughHead(model);
    const z = oracle.evaluate(model, theta, [1, 2])[2] / 3;
    for (const build of BUILDS) {
      const [row] = new Machine(build, model).withParameters(theta).predict([[1, 2]]);
      // A head of zeros and ones adds the others times zero.
      row.forEach((f, k) => {
        assertClose(f, z * coefficients[k], within(build, 1e-13, 1e-5), `${build}, ${coefficients[k]}`);
      });
    }
  });

  it('statuses of observable_add', () => {
    for (const build of BUILDS) {
      const { abi } = new Machine(build, oracle.paperModel(3, 1, 4), { terms: 4 });
      assert.equal(abi.observable_add(0, 0, 1, 1), Status.NotReady, 'after compile');
      ok(abi.init(), 'init');
      for (const output of [-1, 1, 64, 2 ** 31 - 1]) {
        assert.equal(abi.observable_add(output, 0, 1, 1), Status.BadIndex, `output ${output}`);
      }
      for (const mask of [8, 16, 0x10000, -1, 2 ** 31]) {
        assert.equal(abi.observable_add(0, mask, 0, 1), Status.BadIndex, `x mask ${mask}`);
        assert.equal(abi.observable_add(0, 0, mask, 1), Status.BadIndex, `z mask ${mask}`);
      }
      for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
        assert.equal(abi.observable_add(0, 0, 1, bad), Status.BadNumber);
      }
      const large = abi.observable_add(0, 0, 1, 1e300);
      assert.equal(large, isSingle(build) ? Status.BadNumber : Status.Ok, 'beyond single precision');
      for (let i = large === Status.Ok ? 1 : 0; i < 4; i++) ok(abi.observable_add(0, 7, 7, -1), 'YYY');
      assert.equal(abi.observable_add(0, 0, 1, 1), Status.TooMany);
      abi.configure(Option.Batch, DEFAULTS.batch);
      assert.equal(abi.observable_add(0, 0, 1, 1), Status.NotReady, 'after configure');
    }
  });
});
