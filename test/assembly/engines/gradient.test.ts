/** Gradients: the core's adjoint, its parameter shift, differences of its own loss, and the dense oracle agree. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Gradient, Loss, Operation, Rule, Source, Status } from '../../../assembly/abi/codes.ts';
import { assertAllClose, assertClose, assertSameBits } from '../../support/close.ts';
import { within } from '../../support/tolerance.ts';
import { type Build, BUILDS, DOUBLE_BUILDS, Machine } from '../../support/core-harness.ts';
import { LOSSES_AND_LOGITS, localModel } from '../../support/core-models.ts';
import { TRUE_GRADIENTS } from '../../support/members.ts';
import * as oracle from '../../support/oracle/index.ts';

const SEED = 1006;

/** The core's loss of these samples, as a function of one parameter. */
function lossAlong(machine: Machine, theta: number[], p: number, batch: number[][], labels: number[]) {
  return (x: number) => {
    machine.withParameters(theta.map((v, i) => (i === p ? x : v)));
    machine.predict(batch, 0, labels);
    return machine.report.EvaluatedLoss;
  };
}

/** Loss, gradient and both norms of one step, all builds and both sources, against the dense adjoint. */
function check(model: oracle.OracleModel, rng: oracle.Rng, size: number, what: string): void {
  const theta = oracle.randomTheta(rng, model);
  const { batch, labels } = oracle.randomBatch(rng, model, size);
  const expected = oracle.lossGradient(model, theta, batch, labels);
  for (const source of TRUE_GRADIENTS) {
    const bits = new Map<Build, number[]>();
    for (const build of BUILDS) {
      const where = `${build}, ${Gradient[source]}, seed ${SEED}, ${what}`;
      const options = { gradient: source, rule: Rule.Sgd, batch: size };
      const machine = new Machine(build, model, options).withParameters(theta);
      const report = machine.step(batch, labels);
      const tolerance = within(build, 1e-11, 5e-4);
      assertAllClose(machine.gradient, expected.gradient, tolerance, where);
      assertClose(report.Loss, expected.loss, tolerance, `${where}: loss`);
      const norm = oracle.norm(expected.gradient, model.parameters);
      assertClose(report.GradientNormLoss, norm, tolerance, `${where}: norm of the loss`);
      const observable = oracle.norm(expected.observableGradient);
      assertClose(report.GradientNormObservable, observable, tolerance, `${where}: norm of the observable`);
      bits.set(build, [...machine.gradient, ...machine.reportSlots]);
    }
    for (const build of DOUBLE_BUILDS) {
      assertSameBits(bits.get(build) as number[], bits.get('release') as number[], `${build}, ${what}`);
    }
  }
}

describe('gradient', () => {
  for (const [loss, logits] of LOSSES_AND_LOGITS) {
    it(`${Loss[loss]}, ${logits} logits: random programs, batches of 1 to 4`, () => {
      const rng = oracle.seededRng(SEED + 10 * loss + logits);
      for (let trial = 0; trial < 8; trial++) {
        const options = { qubits: 1 + (trial % 4), outputs: logits === 0 ? 1 : 1 + (trial % 3) };
        const model = oracle.randomModel(rng, { ...options, loss, logits });
        check(model, rng, 1 + (trial % 4), `trial ${trial}`);
      }
    });

    it(`${Loss[loss]}, ${logits} logits: differences of the core's own loss`, () => {
      const rng = oracle.seededRng(SEED + 1 + 10 * loss + logits);
      const model = oracle.randomModel(rng, { qubits: 2, outputs: logits === 0 ? 1 : 2, loss, logits });
      const theta = oracle.randomTheta(rng, model);
      const { batch, labels } = oracle.randomBatch(rng, model, 3);
      const machine = new Machine('release', model, { batch: 3, rule: Rule.Sgd });
      const slopes = theta.map((v, p) => oracle.derivative(lossAlong(machine, theta, p, batch, labels), v));
      machine.withParameters(theta).step(batch, labels);
      assertAllClose(machine.gradient, slopes, 1e-8, `seed ${SEED}`);
    });
  }

  it('few operations: qubits that start late, CNOTs that join a run of others, parts never seen', () => {
    const rng = oracle.seededRng(SEED + 3);
    const kinds = [Operation.RX, Operation.RY, Operation.CNOT, Operation.CNOT, Operation.CNOT];
    for (let trial = 0; trial < 150; trial++) {
      const qubits = 2 + (trial % 4);
      const local = localModel(rng, { qubits, features: 2 ** qubits });
      if (trial % 3 === 0) check(local, rng, 1, `trial ${trial}`);
      const operations = Array.from({ length: 3 + qubits }, () => {
        const kind = kinds[oracle.randomInteger(rng, kinds.length)];
        return oracle.randomOperation(rng, kind, Source.Parameter, qubits, local.parameters, 1);
      });
      const [xMask, zMask] = [0, 0].map(() => oracle.randomInteger(rng, 2 ** qubits));
      const terms = [{ output: 0, xMask, zMask, coefficient: 1 }];
      check({ ...local, operations, terms }, rng, 1 + (trial % 2), `trial ${trial}, CNOTs and few turns`);
    }
  });

  it('a CNOT on fresh qubits joins a run that does not start its own', () => {
    const { CNOT, RX, RY } = Operation;
    const turn = (kind: Operation, a: number, index: number) => {
      return { kind, a, source: Source.Parameter, index, scale: 1, offset: 0 };
    };
    const operations = [
      turn(RX, 0, 0),
      oracle.fixed(CNOT, 0, 1),
      oracle.fixed(CNOT, 2, 3),
      turn(RY, 1, 1),
      turn(RY, 3, 2),
    ];
    const terms = [{ output: 0, xMask: 0, zMask: 0b1010, coefficient: 1 }];
    const model = oracle.paperModel(4, 0, 16, { operations, terms, parameters: 3 });
    check(model, oracle.seededRng(SEED + 4), 2, 'RX(0) CNOT(0, 1) CNOT(2, 3)');
  });

  it("the paper's model at full size, B = 5", () => {
    const rng = oracle.seededRng(SEED + 2);
    check(oracle.paperModel(6, 5, 8), rng, 5, '6 qubits, 5 layers');
  });

  it('where the loss is flat: the hinge beyond its margin, and a head of zeros', () => {
    const model = oracle.paperModel(2, 1, 4, { loss: Loss.Hinge, logits: 1 });
    for (const build of BUILDS) {
      for (const gradient of TRUE_GRADIENTS) {
        const machine = new Machine(build, model, { gradient, rule: Rule.Sgd });
        machine.withParameters([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.5, -9]);
        const flat = machine.step([[1, 2, 3, 4]], [0]);
        assert.equal(flat.Loss, 0);
        assert.deepEqual([...machine.gradient], new Array(8).fill(0));
        assert.equal(flat.GradientNormLoss, 0);
        assert.ok(flat.GradientNormObservable > 0.01, 'the observable still slopes');
        machine.withParameters([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0, 0]);
        const blind = machine.step([[1, 2, 3, 4]], [0]);
        assert.equal(blind.GradientNormLoss, 0);
        assert.equal(blind.GradientNormObservable, 0, 'a head of zeros reads nothing');
        assert.notEqual(machine.gradient[6], 0, 'but it learns');
      }
    }
  });

  it('shots need the parameter shift', () => {
    for (const build of BUILDS) {
      const model = oracle.paperModel(2, 1, 4);
      assert.throws(
        () => new Machine(build, model, { shots: 10, gradient: Gradient.Adjoint }),
        (error) => `${error}`.includes(Status[Status.BadCombination]),
      );
    }
  });
});
