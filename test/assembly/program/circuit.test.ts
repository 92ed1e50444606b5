/** The circuit program: random tables of operations, the built-in ansatz, and what is refused. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MAX_QUBITS, Operation, Option, Source, Status } from '../../../assembly/abi/codes.ts';
import { assertAllClose, assertSameBits } from '../../support/close.ts';
import { BUILDS, hasColumns, isSingle, load, Machine, ok } from '../../support/core-harness.ts';
import { throughHead, tomography } from '../../support/core-models.ts';
import * as oracle from '../../support/oracle/index.ts';
import { assertOutputs } from '../../support/output-checks.ts';

const SEED = 1003;

describe('circuit: random programs', () => {
  const rng = oracle.seededRng(SEED);

  it('every operation and source, scales, offsets, shared and unused parameters, both encodings', () => {
    for (let trial = 0; trial < 60; trial++) {
      const logits = trial % 4;
      const options = logits === 0 ? { logits, outputs: 1 } : { logits };
      const model = oracle.randomModel(rng, { qubits: 1 + (trial % 5), extraOperations: 20, ...options });
      const theta = oracle.randomTheta(rng, model);
      const { batch } = oracle.randomBatch(rng, model, 3);
      assertOutputs(model, theta, batch, [], `seed ${SEED}, trial ${trial}`);
    }
  });
});

describe('circuit: angles', () => {
  it('are right whatever their size, as far as a module takes them', () => {
    const [model] = tomography(1, [
      { kind: Operation.RX, a: 0, source: Source.Parameter, index: 0, scale: 1, offset: 0 },
    ]);
    for (const build of BUILDS) {
      const single = isSingle(build);
      const machine = new Machine(build, model);
      const unit = single ? 2 ** -23 : 2 ** -52;
      const largest = hasColumns(build) ? (single ? 120 : 1000) : single ? 9 : 19;
      for (let power = -20; power <= largest; power++) {
        const angle = (single ? Math.fround : Number)(Math.PI * 0.8191 * 2 ** power);
        const [row] = machine.withParameters(throughHead(model, [angle])).predict([[1, 0]]);
        // Outputs in the order 1, X, Z, Y: y = -sin, z = cos.
        assertAllClose(
          row.slice(2),
          [Math.cos(angle), -Math.sin(angle)],
          4 * unit,
          `${build}, angle ${angle}`,
        );
      }
    }
  });
});

for (const build of BUILDS) {
  describe(`circuit: ${build}`, () => {
    const rng = oracle.seededRng(SEED + 1);

    it("circuit_ansatz is the paper's ansatz", () => {
      for (const [qubits, layers] of [
        [1, 1],
        [2, 3],
        [4, 2],
      ]) {
        const written = oracle.paperModel(qubits, layers, 2 ** qubits);
        const theta = oracle.randomTheta(rng, written);
        const { batch } = oracle.randomBatch(rng, written, 2);
        const reference = new Machine(build, written).withParameters(theta);
        const other = new Machine(build, written);
        ok(other.abi.init(), 'init');
        ok(other.abi.circuit_ansatz(layers), 'circuit_ansatz');
        ok(other.abi.observable_add(0, 0, 1, 1), 'observable_add');
        ok(other.abi.compile(), 'compile');
        other.withParameters(theta);
        assertSameBits(other.predict(batch).flat(), reference.predict(batch).flat(), `${qubits}, ${layers}`);
        assert.deepEqual(other.modelImage(), reference.modelImage());
      }
    });

    it('statuses of circuit_add', () => {
      const { abi } = new Machine(build, oracle.paperModel(2, 1, 4), { operations: 8 });
      const add = (kind: number, a: number, b: number, source = 0, index = 0, scale = 1, offset = 0) =>
        abi.circuit_add(kind, a, b, source, index, scale, offset);
      assert.equal(add(0, 0, 0), Status.NotReady, 'after compile');
      ok(abi.init(), 'init');
      for (const kind of [-1, 8, 1e6]) assert.equal(add(kind, 0, 1), Status.BadIndex, `kind ${kind}`);
      for (const q of [-1, 2, MAX_QUBITS, 2 ** 31]) {
        assert.equal(add(Operation.RX, q, 0), Status.BadIndex, `qubit ${q}`);
        assert.equal(add(Operation.CNOT, 0, q), Status.BadIndex, `target ${q}`);
      }
      assert.equal(add(Operation.CZ, 1, 1), Status.BadIndex, 'twice the same qubit');
      assert.equal(add(Operation.RX, 0, 0, 3), Status.BadIndex, 'source');
      for (const index of [-1, 6]) {
        assert.equal(add(Operation.RX, 0, 0, Source.Parameter, index), Status.BadIndex, 'parameter');
      }
      for (const index of [-1, 4]) {
        assert.equal(add(Operation.RX, 0, 0, Source.Feature, index), Status.BadIndex, 'feature');
      }
      for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
        assert.equal(add(Operation.RX, 0, 0, Source.Parameter, 0, bad), Status.BadNumber, 'scale');
        assert.equal(add(Operation.RX, 0, 0, Source.Constant, 0, 1, bad), Status.BadNumber, 'offset');
      }
      assert.equal(abi.compile(), Status.NotReady, 'none of them was added');
      for (let i = 0; i < 8; i++) ok(add(Operation.RX, 0, -5, Source.Parameter, 5), 'b is not read');
      assert.equal(add(Operation.RX, 0, 0), Status.TooMany);
      assert.equal(abi.compile(), Status.NotReady, 'no term');
    });

    it('circuit_ansatz refuses too many layers, and everything before init', () => {
      const { abi } = new Machine(build, oracle.paperModel(2, 2, 4));
      assert.equal(abi.circuit_ansatz(2), Status.NotReady, 'after compile');
      ok(abi.init(), 'init');
      for (const layers of [0, -1, 3, 2 ** 31 - 1]) {
        assert.equal(abi.circuit_ansatz(layers), Status.BadIndex, `${layers} layers`);
      }
      ok(abi.circuit_ansatz(2), 'two layers');
      assert.equal(abi.circuit_ansatz(1), Status.TooMany);
      const fresh = load(build);
      assert.equal(fresh.circuit_ansatz(1), Status.NotReady, 'nothing configured');
      assert.equal(fresh.circuit_add(0, 0, 0, 0, 0, 1, 0), Status.NotReady);
      fresh.configure(Option.Qubits, 2);
      fresh.configure(Option.Parameters, 12);
      assert.equal(fresh.circuit_ansatz(2), Status.NotReady, 'before init');
    });
  });
}
