/** Losses at the values where they bend, saturate and overflow, through a circuit whose output is known. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Encoding, Loss, Operation, Option, Rule, Source, Status } from '../../../assembly/abi/codes.ts';
import { assertClose } from '../../support/close.ts';
import { within } from '../../support/tolerance.ts';
import { addProgram, BUILDS, hasColumns, Machine, ok } from '../../support/core-harness.ts';
import { LOSSES } from '../../support/members.ts';
import * as oracle from '../../support/oracle/index.ts';

/** One qubit in |0> turned by its feature: f_0 = coefficient * cos(x). */
function cosine(loss: Loss, logits: number, coefficient = 1): oracle.OracleModel {
  return oracle.paperModel(1, 0, 1, {
    encoding: Encoding.Zero,
    parameters: 1,
    operations: [{ kind: Operation.RY, a: 0, source: Source.Feature, index: 0, scale: 1, offset: 0 }],
    terms: [oracle.zTerm(0, 0, coefficient)],
    loss,
    logits,
  });
}

for (const build of BUILDS) {
  const tolerance = within(build, 4e-15, 2e-6);

  /** The loss of one sample, feature x, label, at these parameters. */
  const lossOf = (model: oracle.OracleModel, head: number[], x: number, label: number) => {
    const machine = new Machine(build, model).withParameters([0, ...head]);
    machine.predict([[x]], 0, [label]);
    return machine.report.EvaluatedLoss;
  };

  describe(`loss: ${build}`, () => {
    it('mean square, hinge and cross-entropy of the bare output', () => {
      for (const loss of LOSSES) {
        const model = cosine(loss, 0);
        for (let x = 0; x <= 3.2; x += 0.2) {
          for (const label of [0, 1]) {
            const expected = oracle.sampleLoss(model, [0], [Math.cos(x)], label).loss;
            assertClose(lossOf(model, [], x, label), expected, 50 * tolerance, `${Loss[loss]}, x = ${x}`);
          }
        }
      }
    });

    it('on its kink the hinge is flat', () => {
      const operations = [
        { kind: Operation.RY, a: 0, source: Source.Parameter, index: 0, scale: 1, offset: 0 },
      ];
      // A bias on the margin itself, and a weight that the slope would move.
      const model = { ...cosine(Loss.Hinge, 1), operations };
      const machine = new Machine(build, model, { rule: Rule.Sgd }).withParameters([0.7, 0, 1]);
      assert.equal(machine.step([[0]], [1]).Loss, 0);
      assert.deepEqual([...machine.gradient], [0, 0, 0]);
      machine.withParameters([0.7, 0, 1 - 2 ** -20]).step([[0]], [1]);
      assert.equal(machine.gradient[2], -1, 'and steep a little before it');
    });

    it('one logit from -1e30 to 1e30', () => {
      const sizes = [0, 1e-20, 1e-8, 1e-3, 0.1, 0.5, 1, 2, 5, 10, 20, 36, 40, 80, 90, 700, 720, 1e5, 1e30];
      for (const size of sizes) {
        for (const z of [size, -size]) {
          for (const label of [0, 1]) {
            const y = label === 0 ? -1 : 1;
            const expected = Math.max(-y * z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
            const found = lossOf(cosine(Loss.CrossEntropy, 1), [0, z], 1, label);
            const what = `cross-entropy of ${z}, label ${label}`;
            assertClose(found, expected, tolerance, what);
            if (expected > 1e-30) assertClose(found / expected, 1, 5 * tolerance, `${what}, relative`);
          }
        }
      }
    });

    it('softmax, far apart and all alike', () => {
      const logits = [
        [0, 0, 0],
        [1, 2, 3],
        [1000, 1000, 1000],
        [-1e5, 0, 1e5],
        [0, -700, 50],
        [1e-9, 0, 0],
      ];
      for (const z of logits) {
        const top = Math.max(...z);
        const sum = z.reduce((total, v) => total + Math.exp(v - top), 0);
        for (const label of [0, 1, 2]) {
          const expected = Math.log(sum) - (z[label] - top);
          const found = lossOf(cosine(Loss.CrossEntropy, 3), [0, 0, 0, ...z], 1, label);
          assertClose(found, expected, tolerance, `softmax of ${z}, label ${label}`);
        }
      }
    });

    it('the mean over labelled samples, not-a-number without any', () => {
      const machine = new Machine(build, cosine(Loss.MeanSquare, 0), { batch: 4 }).withParameters([0]);
      machine.predict([[0], [0], [0], [0]], 0, [0, -1, 1, -7]);
      assert.equal(machine.report.EvaluatedLoss, 2);
      machine.predict([[0], [0]], 0, [-1, -(2 ** 31)]);
      assert.equal(machine.report.EvaluatedLoss, Number.NaN);
      machine.predict([[0], [0], [0]], 0, [0, 0, 0]);
      assert.equal(machine.report.EvaluatedLoss, 4);
    });

    it('the loss of an output that is not a number is not a number', () => {
      for (const [loss, logits] of [
        [Loss.MeanSquare, 0],
        [Loss.Hinge, 0],
        [Loss.CrossEntropy, 0],
        [Loss.CrossEntropy, 1],
        [Loss.CrossEntropy, 3],
      ]) {
        const machine = new Machine(build, cosine(loss, logits));
        machine.predict([[Number.NaN]], 0, [1]);
        const outputs = machine.reals(machine.abi.outputs_ptr(), 1);
        assert.equal(outputs[0], Number.NaN, `${Loss[loss]}, ${logits} logits: output`);
        assert.equal(machine.report.EvaluatedLoss, Number.NaN, `${Loss[loss]}, ${logits} logits: loss`);
      }
    });

    it('the bare cross-entropy wants an observable that stays within -1 and 1, where there is room to look', () => {
      const terms = (list: [x: number, z: number, coefficient: number][]) =>
        list.map(([xMask, zMask, coefficient]) => ({ output: 0, xMask, zMask, coefficient }));
      const S = Math.SQRT1_2;
      for (const [list, fits] of [
        [[[0, 1, 3]], false],
        [[[0, 1, -1.01]], false],
        [[[0, 1, -1]], true],
        // A part in a hundred is lost to the smoothing; ten tenths are 1 but for rounding.
        [Array.from({ length: 10 }, () => [0, 1, 0.1]), true],
        [
          [
            [0, 1, 0.6],
            [0, 2, 0.6],
          ],
          false,
        ],
        [
          [
            [0, 1, 0.6],
            [0, 2, 0.4],
          ],
          true,
        ],
        [
          [
            [0, 0, 0.5],
            [0, 1, 0.6],
          ],
          false,
        ],
        // X and Z, and Y besides, anticommute: their sum is no longer than the root of the squares.
        [
          [
            [1, 0, S],
            [0, 1, S],
          ],
          true,
        ],
        [
          [
            [1, 0, 0.8],
            [0, 1, 0.7],
          ],
          false,
        ],
        [
          [
            [1, 0, 0.57],
            [0, 1, 0.57],
            [1, 1, 0.57],
          ],
          true,
        ],
        // Two of three that do, and one that does not.
        [
          [
            [1, 0, S],
            [0, 1, S],
            [0, 2, 0.1],
          ],
          false,
        ],
      ] as [[number, number, number][], boolean][]) {
        const model = oracle.paperModel(2, 1, 4, { terms: terms(list), loss: Loss.CrossEntropy });
        const { abi } = new Machine(build, { ...model, terms: [oracle.zTerm(0)] }, { terms: list.length });
        const refused = hasColumns(build) && !fits;
        assert.equal(
          addProgram(abi, model),
          refused ? Status.BadObservable : Status.Ok,
          JSON.stringify(list),
        );
        assert.equal(abi.predict(1, 0) === Status.NotReady, refused, 'and nothing runs');
        for (const other of [{ logits: 1 }, { loss: Loss.Hinge }, { loss: Loss.MeanSquare }])
          assert.equal(
            new Machine(build, { ...model, ...other }).abi.option_value(Option.Terms),
            list.length,
          );
      }
    });

    it('labels beyond the classes are refused, also while a step is under way', () => {
      for (const [logits, classes] of [
        [0, 2],
        [1, 2],
        [3, 3],
      ]) {
        const loss = logits > 1 ? Loss.CrossEntropy : Loss.MeanSquare;
        const machine = new Machine(build, cosine(loss, logits), { rule: Rule.Sgd });
        for (const bad of [classes, classes + 1, 2 ** 31 - 1]) {
          machine.fill([[1], [2]], [0, bad]);
          assert.equal(machine.abi.predict(2, 0), Status.BadLabel);
          ok(machine.abi.step_begin(2), 'step_begin');
          assert.equal(machine.abi.step_advance(1000), Status.BadLabel);
        }
        machine.fill([[1], [2]], [-1, 0]);
        ok(machine.abi.step_begin(2), 'step_begin');
        assert.equal(machine.abi.step_advance(1000), Status.BadLabel, 'training needs labels');
        for (const bad of [classes, -1, 100_000_000, 2 ** 31 - 1, -(2 ** 31)]) {
          ok(machine.abi.step_begin(2), 'step_begin');
          machine.fill([[1], [2]], [0, 0]);
          ok(machine.abi.step_advance(1), 'the labels have been looked at');
          machine.fill([[1], [2]], [bad, bad]);
          const status = machine.abi.step_advance(1000);
          const what = `label ${bad} written behind the check`;
          assert.ok([Status.BadLabel, Status.Diverged, Status.Ok].includes(status), `${what}: ${status}`);
        }
      }
    });
  });
}
