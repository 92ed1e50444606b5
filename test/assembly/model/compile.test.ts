/** Fusion, runs of CNOTs and the light cone: what may be merged, moved or left out, and that it changes nothing. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Operation, Source, Status } from '../../../assembly/abi/codes.ts';
import { assertAllClose } from '../../support/close.ts';
import { within } from '../../support/tolerance.ts';
import { BUILDS, hasColumns, load, Machine, ok } from '../../support/core-harness.ts';
import { constantOp, qubitPairs, scramble, throughHead, tomography } from '../../support/core-models.ts';
import * as oracle from '../../support/oracle/index.ts';

const SEED = 1004;
const rng = oracle.seededRng(SEED);

function rotation(kind: Operation, a: number, index: number, b?: number): oracle.OracleOp {
  return { kind, a, b, source: Source.Parameter, index, scale: 1, offset: 0 };
}

/**
 * Gates of a compiled program. An exact adjoint step of nlr costs 5 per gate and pair of samples, and around them
 * 3 and two measurements of a look and a draw per term each; what it costs beside does not go by pairs.
 */
function gateCount(model: oracle.OracleModel): number {
  const [two, one] = [4, 2].map((batch) => new Machine('release', model, { batch }).abi.step_work());
  return (two - one - 3 - 2 * (1 + model.terms.length)) / 5;
}

/** Random tables of these kinds of operation on 3 qubits, against the dense oracle. */
function checkRandom(kinds: readonly Operation[], length: number, trials: number): void {
  for (let trial = 0; trial < trials; trial++) {
    const operations = Array.from({ length }, () => {
      const [a, b] = oracle.shuffled(rng, [0, 1, 2]);
      const kind = kinds[oracle.randomInteger(rng, kinds.length)];
      return constantOp(kind, a, b, oracle.randomBetween(rng, -4, 4));
    });
    for (const model of tomography(3, operations)) {
      const theta = throughHead(model);
      const { batch } = oracle.randomBatch(rng, model, 1);
      const expected = oracle.evaluate(model, theta, batch[0]);
      for (const build of BUILDS) {
        const [row] = new Machine(build, model).withParameters(theta).predict(batch);
        assertAllClose(row, expected, within(build, 1e-13, 5e-6), `${build}, seed ${SEED}, trial ${trial}`);
      }
    }
  }
}

describe('compile: order', () => {
  const { RX, RY, RZ, RXX, RZZ, CNOT, CZ } = Operation;

  it('CNOTs in any order, with and without rotations between them', () => {
    checkRandom([CNOT], 9, 12);
    checkRandom([CNOT, RX, RY], 24, 12);
  });

  it('CNOTs beside CZs and two-qubit rotations', () => {
    checkRandom([CNOT, CNOT, CZ], 16, 8);
    checkRandom([CNOT, CNOT, RXX, RZZ, RY], 20, 8);
  });

  it('one-qubit rotations, many on a qubit', () => {
    checkRandom([RX, RY, RZ], 20, 8);
    checkRandom([RX, RY, RZ, CZ], 30, 8);
  });

  it('chains, rings and full tangles of CNOTs', () => {
    const chain = [constantOp(CNOT, 0, 1), constantOp(CNOT, 1, 2)];
    const tangles = [
      chain,
      [...chain, constantOp(CNOT, 2, 0)],
      [...chain, ...chain, ...chain],
      [...chain].reverse(),
      qubitPairs(3).map(([a, b]) => constantOp(CNOT, a, b)),
    ];
    for (const operations of tangles) {
      for (const model of tomography(3, [
        ...scramble(rng, 3),
        ...operations,
        ...scramble(rng, 3),
        ...operations,
      ])) {
        const theta = throughHead(model);
        const expected = oracle.evaluate(model, theta, [1, 2, 3, 4, 5, 6, 7, 8]);
        for (const build of BUILDS) {
          const [row] = new Machine(build, model).withParameters(theta).predict([[1, 2, 3, 4, 5, 6, 7, 8]]);
          assertAllClose(row, expected, within(build, 1e-13, 5e-6), build);
        }
      }
    }
  });
});

describe('compile: gates', () => {
  const everything = { terms: [{ output: 0, xMask: 0b1111, zMask: 0b1010, coefficient: 1 }] };
  const model = (operations: oracle.OracleOp[]) =>
    oracle.paperModel(4, 0, 16, { parameters: 20, operations, ...everything });
  const axes = (qubit: number) =>
    [Operation.RX, Operation.RY, Operation.RZ, Operation.RY].map((kind, i) => rotation(kind, qubit, i));
  const chain = [0, 1, 2].map((q) => constantOp(Operation.CNOT, q, q + 1));
  const ring = [...chain, constantOp(Operation.CNOT, 3, 0)];

  it('one-qubit neighbours are one gate, a run of CNOTs is one gate', () => {
    assert.equal(gateCount(model(axes(0))), 1);
    assert.equal(gateCount(model([0, 1, 2, 3].flatMap(axes))), 4);
    assert.equal(gateCount(model([...axes(0), ...ring])), 2);
    assert.equal(gateCount(model([...axes(1), ...ring, ...ring, ...axes(1)])), 3);
  });

  it('what another qubit does in between does not matter', () => {
    const mixed = [0, 1, 2, 3].flatMap((i) => [0, 1, 2, 3].map((q) => axes(q)[i]));
    assert.equal(gateCount(model(mixed)), 4);
    const apart = [constantOp(Operation.CNOT, 0, 1), ...axes(3), constantOp(Operation.CNOT, 1, 2)];
    assert.equal(gateCount(model(apart)), 2);
  });

  it("the paper's ansatz: 30 gates and 5 permutations, less what the observable cannot see", () => {
    const paper = oracle.paperModel(6, 5, 8);
    const all = { terms: Array.from({ length: 6 }, (_, q) => ({ ...oracle.zTerm(q), xMask: 1 << q })) };
    assert.equal(gateCount({ ...paper, ...all }), 35);
    assert.ok(gateCount(paper) < 35);
  });
});

/** U^dagger O U at these parameters; features are not used. */
function pulledBack(model: oracle.OracleModel, theta: oracle.Vector): oracle.Matrix {
  const unitary = oracle.circuitMatrix(model, theta, []);
  return oracle.times(oracle.dagger(unitary), oracle.times(oracle.observableMatrix(model, 0), unitary));
}

/** Circuit parameters that change U^dagger O U. */
function movingParameters(model: oracle.OracleModel, theta: number[]): number {
  const before = pulledBack(model, theta);
  return Array.from({ length: model.parameters }, (_, p) => {
    const moved = theta.map((v, i) => (i === p ? v + 1.234 : v));
    return Number(oracle.distance(pulledBack(model, moved), before) > 1e-9);
  }).reduce((a, b) => a + b, 0);
}

/** Mask of the qubits on which U^dagger O U is not the identity. */
function touchedQubits(model: oracle.OracleModel, theta: number[]): number {
  const operator = pulledBack(model, theta);
  let mask = 0;
  for (let q = 0; q < model.qubits; q++) {
    for (const [x, z] of [
      [1 << q, 0],
      [0, 1 << q],
    ]) {
      const pauli = oracle.pauliMatrix(model.qubits, x, z);
      const difference = oracle.distance(oracle.times(operator, pauli), oracle.times(pauli, operator));
      if (difference > 1e-9) mask |= 1 << q;
    }
  }
  return mask;
}

describe('compile: light cone', () => {
  const paulis = (qubits: number) => {
    const masks = Array.from({ length: qubits }, (_, q) => 1 << q);
    return masks.flatMap((bit) => [
      [bit, 0],
      [0, bit],
      [bit, bit],
    ]);
  };

  it("the paper's ansatz, any one-qubit observable: exactly the parameters and qubits that matter", () => {
    for (const [qubits, layers] of [
      [2, 1],
      [3, 1],
      [3, 2],
      [4, 1],
      [4, 2],
    ]) {
      for (const [xMask, zMask] of paulis(qubits)) {
        const terms = [{ output: 0, xMask, zMask, coefficient: 1 }];
        const model = oracle.paperModel(qubits, layers, 2 ** qubits, { terms });
        const theta = oracle.randomTheta(rng, model);
        for (const build of BUILDS.filter(hasColumns)) {
          const { abi } = new Machine(build, model);
          const what = `${build}, ${qubits} qubits, ${layers} layers, X ${xMask}, Z ${zMask}`;
          assert.equal(abi.active_parameters(), movingParameters(model, theta), what);
          assert.equal(abi.visible_qubits(), touchedQubits(model, theta), what);
        }
      }
    }
  });

  it('random circuits: never less than what matters, and its gradient is zero elsewhere', () => {
    let left = 0;
    for (let trial = 0; trial < 40; trial++) {
      const kinds = oracle.shuffled(rng, [0, 1, 2, 3, 4, 5, 6, 7, 6, 7]) as Operation[];
      const operations = kinds.map((kind, index) => {
        const [a, b] = oracle.shuffled(rng, [0, 1, 2, 3]);
        return rotation(kind, a, index, b);
      });
      const [xMask, zMask] = paulis(4)[oracle.randomInteger(rng, 12)];
      const terms = [{ output: 0, xMask, zMask, coefficient: 1 }];
      const model = oracle.paperModel(4, 0, 16, { parameters: kinds.length, operations, terms });
      const theta = oracle.randomTheta(rng, model);
      const { batch, labels } = oracle.randomBatch(rng, model, 2);
      const machine = new Machine('release', model).withParameters(theta);
      const active = machine.abi.active_parameters();
      const what = `seed ${SEED}, trial ${trial}`;
      assert.ok(active >= movingParameters(model, theta), what);
      const visible = machine.abi.visible_qubits();
      assert.equal(touchedQubits(model, theta) & ~visible, 0, what);
      machine.step(batch, labels);
      assert.ok(machine.gradient.filter((g) => g !== 0).length <= active, what);
      left += kinds.length - active;
      const expected = oracle.lossGradient(model, theta, batch, labels).gradient;
      assertAllClose(machine.gradient, expected, 1e-12, what);
    }
    assert.ok(left > 100, `${left} operations were left out`);
  });

  it('an observable that sees nothing: a constant, no gates, and training goes on', () => {
    const terms = [{ output: 0, xMask: 0, zMask: 0, coefficient: 0.5 }];
    const model = oracle.paperModel(2, 1, 4, { terms });
    for (const build of BUILDS) {
      const machine = new Machine(build, model);
      ok(machine.abi.parameters_initialise(), 'initialise');
      if (hasColumns(build)) {
        assert.equal(machine.abi.active_parameters(), 0);
        assert.equal(machine.abi.visible_qubits(), 0);
      }
      assert.deepEqual(machine.predict([[1, 2, 3, 4]]), [[0.5]]);
      const before = machine.parameters.slice();
      const report = machine.step([[1, 2, 3, 4]], [0]);
      assert.equal(report.Loss, 2.25);
      assert.equal(report.GradientNormLoss, 0);
      assert.deepEqual(machine.parameters, before);
    }
  });

  it('compile needs an operation and a term, and comes once', () => {
    for (const build of BUILDS) {
      assert.equal(load(build).compile(), Status.NotReady);
      const { abi } = new Machine(build, oracle.paperModel(2, 1, 4));
      assert.equal(abi.compile(), Status.NotReady, 'twice');
      ok(abi.init(), 'init');
      assert.equal(abi.compile(), Status.NotReady, 'empty');
      ok(abi.observable_add(0, 0, 1, 1), 'observable_add');
      assert.equal(abi.compile(), Status.NotReady, 'no operation');
      ok(abi.circuit_ansatz(1), 'circuit_ansatz');
      if (hasColumns(build)) {
        assert.equal(abi.active_parameters(), 0, 'before compile');
        assert.equal(abi.visible_qubits(), 0, 'before compile');
      }
      assert.equal(abi.compile(), Status.Ok);
    }
  });
});
