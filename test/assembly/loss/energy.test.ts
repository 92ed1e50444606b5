/** The loss `Energy`: the output itself, and of several without a head that of the sample's label. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Engine, Gradient, Loss, Option, Rule, Status } from '../../../assembly/abi/codes.ts';
import { assertAllClose, assertClose } from '../../support/close.ts';
import { COLUMN_BUILDS } from '../../support/core-columns.ts';
import { BUILDS, Machine } from '../../support/core-harness.ts';
import { localString } from '../../support/core-heisenberg.ts';
import { TRUE_GRADIENTS } from '../../support/members.ts';
import * as oracle from '../../support/oracle/index.ts';
import { within } from '../../support/tolerance.ts';

const SEED = 577;
const BATCH = 5;
const OUTPUTS = 3;

/** The engines, each with the gradients that it knows. */
const WAYS: readonly (readonly [Engine, readonly Gradient[]])[] = [
  [Engine.Samples, TRUE_GRADIENTS],
  [Engine.Columns, TRUE_GRADIENTS],
  [Engine.Heisenberg, [Gradient.Adjoint]],
];

const groups = (rng: oracle.Rng, outputs: number) =>
  localString(rng, { qubits: 3, features: 6, outputs }, { loss: Loss.Energy, outputs });

describe('energy', () => {
  for (const outputs of [1, OUTPUTS]) {
    it(`${outputs} outputs: loss and gradient are the oracle's, in every engine`, () => {
      const rng = oracle.seededRng(SEED + outputs);
      const model = groups(rng, outputs);
      const theta = oracle.randomTheta(rng, model);
      const { batch } = oracle.randomBatch(rng, model, BATCH);
      const labels = batch.map((_, i) => i % outputs);
      const expected = oracle.lossGradient(model, theta, batch, labels, 'adjoint');
      const differences = oracle.lossGradient(model, theta, batch, labels, 'central-differences');
      assertAllClose(expected.gradient, differences.gradient, 1e-8, 'the oracle with itself');
      for (const build of COLUMN_BUILDS) {
        for (const [engine, gradients] of WAYS) {
          for (const gradient of gradients) {
            const what = `${build}, ${Engine[engine]}, ${Gradient[gradient]}`;
            const tolerance = within(build, 1e-11, 1e-4);
            const machine = new Machine(build, model, { batch: BATCH, engine, gradient, rule: Rule.Sgd });
            const report = machine.withParameters(theta).step(batch, labels);
            assertClose(report.Loss, expected.loss, tolerance, `${what}: loss`);
            assertAllClose(machine.gradient, expected.gradient, tolerance, `${what}: gradient`);
          }
        }
      }
    });
  }

  for (const build of BUILDS) {
    it(`${build}: a sample has its label's output, of a prediction too; other labels are refused`, () => {
      const rng = oracle.seededRng(SEED);
      const model = groups(rng, OUTPUTS);
      const theta = oracle.randomTheta(rng, model);
      const { batch } = oracle.randomBatch(rng, model, 1);
      const machine = new Machine(build, model, { batch: 1 }).withParameters(theta);
      const f = oracle.evaluate(model, theta, batch[0]);
      const tolerance = within(build, 1e-12, 1e-5);
      for (let label = 0; label < OUTPUTS; label++) {
        const [[output]] = machine.predict(batch, 0, [label]);
        assertClose(output, f[label], tolerance, `output ${label}`);
        assertClose(machine.report.EvaluatedLoss, f[label], tolerance, `loss ${label}`);
      }
      assert.equal(machine.abi.step_begin(1), Status.Ok);
      machine.fill(batch, [OUTPUTS]);
      assert.equal(machine.abi.step_advance(1e6), Status.BadLabel);
    });

    it(`${build}: other losses have one output without a head`, () => {
      const model = { ...groups(oracle.seededRng(SEED), OUTPUTS), loss: Loss.Hinge };
      assert.throws(() => new Machine(build, model, { batch: 1 }));
      const machine = new Machine(build, { ...model, loss: Loss.Energy }, { batch: 1 });
      machine.abi.configure(Option.Loss, Loss.Hinge);
      assert.equal(machine.abi.plan(), Status.BadCombination);
      assert.equal(machine.abi.option_at_fault(), Option.Outputs);
    });
  }
});
