/** The oracle against what is known without it: identities, known states, published vectors, statistics. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Encoding, Loss, Operation, Source } from '../../../assembly/abi/codes.ts';
import { assertAllClose, assertClose } from '../close.ts';
import * as oracle from './index.ts';

const SEED = 20_251;
const rng = oracle.seededRng(SEED);

function constantOp(kind: Operation, a: number, b?: number, angle = 0): oracle.OracleOp {
  return { kind, a, b, source: Source.Constant, index: 0, scale: 1, offset: angle };
}

function circuitOf(
  qubits: number,
  operations: oracle.OracleOp[],
  terms: oracle.OracleTerm[] = [],
): oracle.OracleModel {
  const outputs = 1 + Math.max(-1, ...terms.map((term) => term.output));
  return oracle.paperModel(qubits, 0, 1, { encoding: Encoding.Zero, operations, terms, outputs });
}

/** exp(m) by its power series, as a check of the closed form. */
function exponential(m: oracle.Matrix): oracle.Matrix {
  let sum = oracle.identity(m.size);
  let power = oracle.identity(m.size);
  for (let k = 1; k < 60; k++) {
    power = oracle.scaled(oracle.times(power, m), { re: 1 / k, im: 0 });
    sum = oracle.plus(sum, power);
  }
  return sum;
}

describe('oracle: operations', () => {
  it('are unitary', () => {
    for (const kind of oracle.KINDS) {
      const unitary = oracle.operationMatrix(3, constantOp(kind, 2, 0), oracle.randomBetween(rng, -4, 4));
      const product = oracle.times(oracle.dagger(unitary), unitary);
      assert.ok(oracle.distance(product, oracle.identity(8)) < 1e-14, Operation[kind]);
    }
  });

  it('rotations are exp(-i angle/2 P), by power series', () => {
    for (const kind of oracle.KINDS.slice(0, 6)) {
      const op = constantOp(kind, 1, 2);
      const angle = oracle.randomBetween(rng, -4, 4);
      const exponent = oracle.scaled(oracle.generatorMatrix(3, op), { re: 0, im: -angle / 2 });
      const series = exponential(exponent);
      assert.ok(oracle.distance(oracle.operationMatrix(3, op, angle), series) < 1e-13, Operation[kind]);
    }
  });

  it('one-qubit rotations have their textbook elements', () => {
    const angle = 0.7;
    const [c, s] = [Math.cos(angle / 2), Math.sin(angle / 2)];
    const expected = [
      oracle.matrix2([c, 0], [0, -s], [0, -s], [c, 0]),
      oracle.matrix2([c, 0], [-s, 0], [s, 0], [c, 0]),
      oracle.matrix2([c, -s], [0, 0], [0, 0], [c, s]),
    ];
    expected.forEach((matrix, kind) => {
      const actual = oracle.operationMatrix(1, constantOp(kind, 0), angle);
      assert.ok(oracle.distance(actual, matrix) < 1e-15, Operation[kind]);
    });
  });

  it('Pauli matrices anticommute and XY = iZ; masks with both bits are Y', () => {
    const xy = oracle.times(oracle.PAULI_X, oracle.PAULI_Y);
    const yx = oracle.times(oracle.PAULI_Y, oracle.PAULI_X);
    assert.equal(oracle.distance(xy, oracle.scaled(oracle.PAULI_Z, { re: 0, im: 1 })), 0);
    assert.equal(oracle.distance(xy, oracle.scaled(yx, { re: -1, im: 0 })), 0);
    assert.equal(oracle.distance(oracle.pauliMatrix(1, 1, 1), oracle.PAULI_Y), 0);
  });

  it('RXX, RYY and RZZ commute with one another; RX and RZ on one qubit do not', () => {
    const one = oracle.operationMatrix(2, constantOp(Operation.RXX, 0, 1), 0.4);
    const two = oracle.operationMatrix(2, constantOp(Operation.RYY, 0, 1), 1.1);
    assert.ok(oracle.distance(oracle.times(one, two), oracle.times(two, one)) < 1e-15);
    const x = oracle.operationMatrix(1, constantOp(Operation.RX, 0), 0.4);
    const z = oracle.operationMatrix(1, constantOp(Operation.RZ, 0), 1.1);
    assert.ok(oracle.distance(oracle.times(x, z), oracle.times(z, x)) > 0.1);
  });

  it('CNOT copies X forward and Z backward; CZ is symmetric; CNOT = H CZ H', () => {
    const cnot = oracle.operationMatrix(2, oracle.fixed(Operation.CNOT, 0, 1), 0);
    const conjugated = (xMask: number, zMask: number) =>
      oracle.times(oracle.times(cnot, oracle.pauliMatrix(2, xMask, zMask)), oracle.dagger(cnot));
    assert.equal(oracle.distance(conjugated(0b01, 0), oracle.pauliMatrix(2, 0b11, 0)), 0);
    assert.equal(oracle.distance(conjugated(0, 0b10), oracle.pauliMatrix(2, 0, 0b11)), 0);
    const cz = oracle.operationMatrix(2, oracle.fixed(Operation.CZ, 0, 1), 0);
    assert.equal(oracle.distance(cz, oracle.operationMatrix(2, oracle.fixed(Operation.CZ, 1, 0), 0)), 0);
    const r = Math.SQRT1_2;
    const h = oracle.kron(oracle.PAULI_I, oracle.matrix2([r, 0], [r, 0], [r, 0], [-r, 0]));
    assert.ok(oracle.distance(cnot, oracle.times(oracle.times(h, cz), h)) < 1e-15);
  });

  it('qubit 0 is the most significant bit: RX(pi) on it takes |000> to -i |100>', () => {
    const model = circuitOf(3, [constantOp(Operation.RX, 0, undefined, Math.PI)]);
    const unitary = oracle.circuitMatrix(model, [], []);
    const state = oracle.apply(unitary, oracle.basisState(8, 0));
    assertClose(state.im[4], -1, 1e-15, 'amplitude 4');
  });
});

describe('oracle: states and observables', () => {
  const z = (qubit: number) => oracle.zTerm(qubit);
  const term = (xMask: number, zMask: number): oracle.OracleTerm => ({
    output: 0,
    xMask,
    zMask,
    coefficient: 1,
  });

  it('Bell state: XX = ZZ = 1, YY = -1, ZI = 0', () => {
    const bell = [constantOp(Operation.RY, 0, undefined, Math.PI / 2), oracle.fixed(Operation.CNOT, 0, 1)];
    const state = oracle.stateFromAngles(circuitOf(2, bell), [Math.PI / 2, 0], []);
    const values = [term(3, 0), term(0, 3), term(3, 3), z(0)].map((t) => oracle.termExpectation(state, t));
    assertAllClose(values, [1, 1, -1, 0], 1e-15, 'XX ZZ YY ZI');
  });

  it('GHZ state of 4 qubits: ZZ = 1 on every pair, XXXX = 1, YYXX = -1, Z = 0', () => {
    const chain = [0, 1, 2].map((q) => oracle.fixed(Operation.CNOT, q, q + 1));
    const ghz = circuitOf(4, [constantOp(Operation.RY, 0, undefined, Math.PI / 2), ...chain]);
    const state = oracle.stateFromAngles(ghz, oracle.circuitAngles(ghz, [], []), []);
    assertClose(state.re[0], Math.SQRT1_2, 1e-15, '|0000>');
    assertClose(state.re[15], Math.SQRT1_2, 1e-15, '|1111>');
    for (const [a, b] of [
      [0, 1],
      [0, 3],
      [2, 3],
    ]) {
      assertClose(oracle.termExpectation(state, term(0, (1 << a) | (1 << b))), 1, 1e-14, `ZZ ${a} ${b}`);
    }
    const values = [term(15, 0), term(15, 3), z(2)].map((t) => oracle.termExpectation(state, t));
    assertAllClose(values, [1, -1, 0], 1e-14, 'XXXX YYXX Z');
  });

  it('RX(t) and RY(t) on |0> give <Z> = cos t, <Y> = -sin t and <X> = sin t', () => {
    const t = 1.234;
    const afterX = oracle.stateFromAngles(circuitOf(1, [constantOp(Operation.RX, 0)]), [t], []);
    const afterY = oracle.stateFromAngles(circuitOf(1, [constantOp(Operation.RY, 0)]), [t], []);
    assertClose(oracle.termExpectation(afterX, z(0)), Math.cos(t), 1e-15, '<Z>');
    assertClose(oracle.termExpectation(afterX, term(1, 1)), -Math.sin(t), 1e-15, '<Y>');
    assertClose(oracle.termExpectation(afterY, term(1, 0)), Math.sin(t), 1e-15, '<X>');
  });

  it('amplitude encoding is x / |x| padded with zeros', () => {
    const state = oracle.encode(oracle.paperModel(2, 1, 3), [3, 0, -4]);
    assertAllClose(state.re, [0.6, 0, -0.8, 0], 1e-15, 'amplitudes');
  });

  it('circuitMatrix applied to the encoded state gives the same outputs as evaluate', () => {
    for (let trial = 0; trial < 10; trial++) {
      const model = oracle.randomModel(rng);
      const theta = oracle.randomTheta(rng, model);
      const [features] = oracle.randomBatch(rng, model, 1).batch;
      const unitary = oracle.circuitMatrix(model, theta, features);
      const state = oracle.apply(unitary, oracle.encode(model, features));
      const f = oracle.outputs(model, state);
      assertAllClose(oracle.evaluate(model, theta, features), f, 1e-13, `trial ${trial}`);
    }
  });

  it('readout damping equals the parity averaged over all flips', () => {
    const model = circuitOf(2, [constantOp(Operation.RY, 0), constantOp(Operation.RXX, 0, 1)]);
    const state = oracle.stateFromAngles(model, [0.8, 0.5], []);
    const e = 0.13;
    let averaged = 0;
    for (let flips = 0; flips < 4; flips++) {
      const count = (flips & 1) + (flips >> 1);
      for (let k = 0; k < 4; k++) {
        const read = k ^ flips;
        const sign = (read & 1) === read >> 1 ? 1 : -1;
        averaged += sign * (state.re[k] ** 2 + state.im[k] ** 2) * e ** count * (1 - e) ** (2 - count);
      }
    }
    assertClose(oracle.termExpectation(state, term(0, 3), e), averaged, 1e-14, 'damped <ZZ>');
  });

  it('the paper model has 90 parameters, 90 rotations and 25 CNOTs', () => {
    const model = oracle.paperModel(6, 5, 8);
    assert.equal(model.parameters, 90);
    assert.deepEqual(
      model.operations.filter(oracle.isRotation).map((op) => op.index),
      Array.from({ length: 90 }, (_, i) => i),
    );
    assert.equal(model.operations.length, 115);
  });
});

describe('oracle: gradients', () => {
  it('random models leave no operation, source or case out', () => {
    const model = oracle.randomModel(rng, { qubits: 3 });
    const uses = (p: number) =>
      model.operations.filter((op) => op.source === Source.Parameter && op.index === p).length;
    for (const kind of oracle.KINDS)
      assert.ok(
        model.operations.some((op) => op.kind === kind),
        Operation[kind],
      );
    assert.equal(uses(model.parameters - 1), 0);
    assert.ok(Array.from({ length: model.parameters }, (_, p) => uses(p)).some((count) => count > 1));
  });

  it('adjoint = parameter shift = central differences on 30 random models, within 1e-9', () => {
    for (let trial = 0; trial < 30; trial++) {
      const model = oracle.randomModel(rng, { qubits: 1 + (trial % 4), logits: trial % 5 });
      const theta = oracle.randomTheta(rng, model);
      const { batch, labels } = oracle.randomBatch(rng, model, 3);
      const adjoint = oracle.lossGradient(model, theta, batch, labels, 'adjoint');
      const shift = oracle.lossGradient(model, theta, batch, labels, 'parameter-shift');
      const differences = oracle.lossGradient(model, theta, batch, labels, 'central-differences');
      const what = `seed ${SEED}, trial ${trial}, ${Loss[model.loss]}, ${model.logits} logits`;
      assertAllClose(shift.gradient, adjoint.gradient, 1e-12, `${what}: shift`);
      assertAllClose(
        shift.observableGradient,
        adjoint.observableGradient,
        1e-12,
        `${what}: shift, observable`,
      );
      assertAllClose(differences.gradient, adjoint.gradient, 1e-9, `${what}: differences`);
      assertAllClose(
        differences.observableGradient,
        adjoint.observableGradient,
        1e-9,
        `${what}: differences, observable`,
      );
      assert.equal(adjoint.gradient[model.parameters - 1], 0, 'unused parameter');
    }
  });

  it('every loss with every head it allows, 2 samples, within 1e-9', () => {
    const pairs: [Loss, number][] = [Loss.MeanSquare, Loss.CrossEntropy, Loss.Hinge].flatMap((loss) => [
      [loss, 0] as [Loss, number],
      [loss, 1] as [Loss, number],
    ]);
    for (const [loss, logits] of [...pairs, [Loss.CrossEntropy, 2], [Loss.CrossEntropy, 4]] as [
      Loss,
      number,
    ][]) {
      const model = oracle.randomModel(rng, { qubits: 2, outputs: 2, logits, loss });
      const theta = oracle.randomTheta(rng, model);
      const { batch, labels } = oracle.randomBatch(rng, model, 2);
      const adjoint = oracle.lossGradient(model, theta, batch, labels);
      const differences = oracle.lossGradient(model, theta, batch, labels, 'central-differences');
      assertAllClose(differences.gradient, adjoint.gradient, 1e-9, `${Loss[loss]}, ${logits} logits`);
    }
  });

  it('the paper model: gradient of 6 qubits and one layer, and |grad f|^2 <= parameters (1 - f^2)', () => {
    const model = oracle.paperModel(6, 1, 8);
    const theta = oracle.randomTheta(rng, model);
    const { batch } = oracle.randomBatch(rng, model, 1);
    const [f] = oracle.evaluate(model, theta, batch[0]);
    const [row] = oracle.outputJacobian(model, theta, batch[0]);
    assertAllClose(row, oracle.outputJacobian(model, theta, batch[0], 'parameter-shift')[0], 1e-12, 'shift');
    for (const slope of row) assert.ok(slope ** 2 <= 1 - f ** 2 + 1e-12);
  });
});

describe('oracle: losses', () => {
  const model = (loss: Loss, logits: number) => oracle.paperModel(1, 1, 2, { loss, logits, parameters: 0 });

  it('have their written values', () => {
    const value = (loss: Loss, logits: number, theta: number[], f: number, label: number) =>
      oracle.sampleLoss(model(loss, logits), theta, [f], label).loss;
    assertClose(value(Loss.MeanSquare, 0, [], 0.25, 0), 1.5625, 1e-15, 'mse');
    assertClose(value(Loss.Hinge, 0, [], 0.25, 1), 0.75, 1e-15, 'hinge');
    assert.equal(value(Loss.Hinge, 1, [8, 0], 0.25, 1), 0, 'hinge beyond the margin');
    assertClose(value(Loss.CrossEntropy, 1, [2, 0.5], 0.25, 1), Math.log(1 + Math.exp(-1)), 1e-15, 'bce');
    assertClose(value(Loss.CrossEntropy, 0, [], -1, 1), Math.log(2 ** 8), 1e-14, 'bce at f = -y');
    const softmax = value(Loss.CrossEntropy, 2, [1, 3, 0, 0], 0.5, 1);
    assertClose(softmax, Math.log(Math.exp(0.5) + Math.exp(1.5)) - 1.5, 1e-15, 'softmax');
  });

  it('the hinge has slope 0 on the kink, softmax with two logits is the sigmoid of their difference', () => {
    assert.equal(oracle.sampleLoss(model(Loss.Hinge, 0), [], [1], 1).outputGradient[0], 0);
    const two = oracle.sampleLoss(model(Loss.CrossEntropy, 2), [0.3, 0.9, 0.1, 0], [0.4], 1);
    const one = oracle.sampleLoss(model(Loss.CrossEntropy, 1), [0.6, -0.1], [0.4], 1);
    assertClose(two.loss, one.loss, 1e-15, 'loss');
    assertClose(two.outputGradient[0], one.outputGradient[0], 1e-15, 'slope');
  });

  it('the observable has norm at most 1: f_0, w / sum |w|, or u / sum |u|; nothing when all weights are 0', () => {
    const weights = (logits: number, theta: number[], outputGradient: number[]) => {
      const two = { ...model(Loss.CrossEntropy, logits), outputs: 2 };
      return oracle.observableWeights(two, theta, { loss: 0, logitGradient: [], outputGradient });
    };
    assert.deepEqual(weights(0, [], [5, 0]), [1, 0]);
    assert.deepEqual(weights(1, [1, -3, 9], [5, 5]), [0.25, -0.75]);
    assert.deepEqual(weights(2, [1, 1, 1, 1, 9, 9], [-6, 2]), [-0.75, 0.25]);
    assert.deepEqual(weights(1, [0, 0, 9], [0, 0]), [0, 0]);
  });

  it('softmax refuses the mean square and the hinge', () => {
    assert.throws(() => oracle.sampleLoss(model(Loss.Hinge, 2), [0, 0, 0, 0], [0], 0), RangeError);
  });
});
