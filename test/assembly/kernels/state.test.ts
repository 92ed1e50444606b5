/** Encodings, qubit order, and samples that do not see one another. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Encoding, MAX_QUBITS, Operation, Rule, Source, Status } from '../../../assembly/abi/codes.ts';
import { assertAllClose, assertClose, assertSameBits } from '../../support/close.ts';
import { within } from '../../support/tolerance.ts';
import { BUILDS, isSingle, Machine } from '../../support/core-harness.ts';
import { constantOp, scramble, termsModel, throughHead, tomography } from '../../support/core-models.ts';
import * as oracle from '../../support/oracle/index.ts';

const SEED = 1002;
const rng = oracle.seededRng(SEED);

/** Z on every qubit, one output each, of the encoded state with nothing done to it. */
function zOnEach(qubits: number, replaced: Partial<oracle.OracleModel> = {}): oracle.OracleModel {
  const terms = Array.from({ length: qubits }, (_, q) => oracle.zTerm(q));
  return termsModel(qubits, [constantOp(Operation.RX, 0)], terms, replaced);
}

for (const build of BUILDS) {
  /** Two random samples against the dense oracle. */
  function checkOutputs(model: oracle.OracleModel, what: string): void {
    const theta = throughHead(model);
    const { batch } = oracle.randomBatch(rng, model, 2);
    const rows = new Machine(build, model).withParameters(theta).predict(batch);
    rows.forEach((row, b) => {
      assertAllClose(row, oracle.evaluate(model, theta, batch[b]), within(build, 1e-13, 2e-6), what);
    });
  }

  describe(`state: ${build}`, () => {
    it('qubit 0 is the most significant bit of the amplitude index', () => {
      for (const qubits of [2, 3, 5]) {
        const model = zOnEach(qubits);
        const machine = new Machine(build, model).withParameters(throughHead(model));
        for (let index = 0; index < 2 ** qubits; index++) {
          const basis = Array.from({ length: 2 ** qubits }, (_, k) => Number(k === index));
          const expected = Array.from(
            { length: qubits },
            (_, q) => 1 - 2 * ((index >> (qubits - 1 - q)) & 1),
          );
          assert.deepEqual(machine.predict([basis])[0], expected, `basis state ${index} of ${qubits} qubits`);
        }
      }
    });

    it('amplitude encoding of 1 to 2^n features, the rest zero', () => {
      for (let features = 1; features <= 8; features++) {
        for (const model of tomography(3, scramble(rng, 3), { features })) {
          checkOutputs(model, `seed ${SEED}, ${features} features`);
        }
      }
    });

    it('only the direction counts, from tiny to huge features', () => {
      const [model] = tomography(2, scramble(rng, 2));
      const theta = throughHead(model);
      const machine = new Machine(build, model).withParameters(theta);
      const sample = [0.3, -0.2, 0.7, 0.1];
      const expected = oracle.evaluate(model, theta, sample);
      const scales = isSingle(build) ? [1e-17, 1e-6, -1, 1e17] : [1e-150, 1e-20, -1, 1e20, 1e150];
      for (const scale of scales) {
        const [row] = machine.predict([sample.map((x) => x * scale)]);
        assertAllClose(row, expected, within(build, 1e-13, 2e-6), `scale ${scale}`);
      }
    });

    it('a sample whose square underflows is refused or encoded as well as any other', () => {
      const model = zOnEach(1);
      const machine = new Machine(build, model).withParameters(throughHead(model));
      const scales = isSingle(build)
        ? [1e-19, 1e-20, 1e-21, 1e-22, 3e-23, 1e-30]
        : [1e-154, 1e-156, 1e-158, 1e-160, 1e-161, 3e-162, 1e-200];
      for (const scale of scales) {
        machine.fill([[scale, scale]]);
        const status = machine.abi.predict(1, 0);
        if (status === Status.BadSample) continue;
        assert.equal(status, Status.Ok);
        machine.fill([[scale, 0]]);
        machine.abi.predict(1, 0);
        const [norm] = machine.reals(machine.abi.outputs_ptr(), 1);
        assertClose(norm, 1, within(build, 1e-9, 1e-4), `|psi|^2 of a sample of length ${scale}`);
      }
    });

    it('samples without a direction are refused, wherever they stand', () => {
      const model = zOnEach(2);
      const machine = new Machine(build, model, { batch: 3 }).withParameters(throughHead(model));
      const good = [1, 2, 3, 4];
      const large = isSingle(build) ? 3e38 : 1e308;
      for (const bad of [
        [0, 0, 0, 0],
        [0, Number.NaN, 0, 1],
        [1, Number.POSITIVE_INFINITY, 0, 0],
        [1, Number.NEGATIVE_INFINITY, 0, 0],
        [large, 0, 0, 0],
      ]) {
        for (let place = 0; place < 3; place++) {
          machine.fill([0, 1, 2].map((b) => (b === place ? bad : good)));
          assert.equal(machine.abi.predict(3, 0), Status.BadSample, `${bad} at ${place}`);
        }
      }
      assert.equal(machine.predict([good, good, good]).length, 3, 'and the core goes on');
    });

    it('angle encoding starts in |0...0>, feature by feature, scaled and offset', () => {
      const operations = [0, 1, 2].map((q): oracle.OracleOp => {
        const kind = [Operation.RY, Operation.RX, Operation.RY][q];
        return { kind, a: q, source: Source.Feature, index: 2 - q, scale: q + 0.5, offset: 0.25 * q };
      });
      const replaced = { encoding: Encoding.Zero, features: 3 };
      for (const model of tomography(3, operations, replaced)) checkOutputs(model, `seed ${SEED}`);
      const one = termsModel(3, operations, [oracle.zTerm(0)], { ...replaced, logits: 0 });
      const [[z]] = new Machine(build, one).predict([[7, 7, 0.8]]);
      assertClose(z, Math.cos(0.4), within(build, 1e-15, 1e-7), '<Z_0> = cos(x_2 / 2)');
    });

    it('without features there is still |0...0>', () => {
      const model = zOnEach(2, { encoding: Encoding.Zero, features: 0 });
      const machine = new Machine(build, model).withParameters(throughHead(model));
      assert.deepEqual(machine.predict([[], []]), [
        [1, 1],
        [1, 1],
      ]);
    });

    it('a sample has the same bits alone, in any place and in an odd batch', () => {
      const model = oracle.randomModel(rng, { qubits: 3, outputs: 2, logits: 2, readoutError: 0 });
      const theta = oracle.randomTheta(rng, model);
      const machine = new Machine(build, model, { batch: 5 }).withParameters(theta);
      const { batch } = oracle.randomBatch(rng, model, 5);
      const alone = batch.map((sample) => machine.predict([sample])[0]);
      for (let size = 2; size <= 5; size++) {
        assertSameBits(
          machine.predict(batch.slice(0, size)).flat(),
          alone.slice(0, size).flat(),
          `batch of ${size}`,
        );
      }
      assertSameBits(machine.predict([...batch].reverse()).flat(), [...alone].reverse().flat(), 'backwards');
    });
  });
}

describe('state: the most qubits', () => {
  it('20 qubits turned one by one: <Z...Z> is the product of their cosines, and so is its gradient', () => {
    const { operations, theta } = turns(MAX_QUBITS);
    const terms = [{ output: 0, xMask: 0, zMask: 2 ** MAX_QUBITS - 1, coefficient: 1 }];
    const model = oracle.paperModel(MAX_QUBITS, 0, 1, { operations, parameters: MAX_QUBITS, terms });
    const machine = new Machine('release', model, { rule: Rule.Sgd }).withParameters(theta);
    const f = theta.reduce((product, angle) => product * Math.cos(angle), 1);
    assertClose(machine.predict([[1]])[0][0], f, 1e-12, 'output');
    machine.step([[1]], [0]);
    const expected = theta.map((angle) => -2 * (f + 1) * f * Math.tan(angle));
    assertAllClose(machine.gradient, expected, 1e-11, 'gradient');
  });
});

/** RY by a parameter on every qubit, and angles that keep all cosines away from 0. */
function turns(qubits: number): { operations: oracle.OracleOp[]; theta: number[] } {
  const operations = Array.from({ length: qubits }, (_, q) => {
    return { kind: Operation.RY, a: q, source: Source.Parameter, index: q, scale: 1, offset: 0 };
  });
  return { operations, theta: operations.map((_, q) => 0.1 + 0.02 * q) };
}
