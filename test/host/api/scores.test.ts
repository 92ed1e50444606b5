/** What is made of scores and of the numbers that cores report: losses, predictions, metrics of numbers, and reports, against their formulas. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Report } from '../../../assembly/abi/codes.ts';
import { DECISIONS, ENGINES } from '../../../host/api/choices.ts';
import { lossOf } from '../../../host/api/losses.ts';
import { type Prediction, predictionOf } from '../../../host/api/prediction.ts';
import {
  fitTarget,
  numericDataset,
  readTarget,
  regressionMetrics,
  sameTarget,
  standardised,
  type Target,
} from '../../../host/api/regression.ts';
import { readReport, stepsOf } from '../../../host/api/report.ts';
import { wordOf } from '../../../host/api/words.ts';
import type { Dataset } from '../../../host/index.ts';
import { assertAllClose, assertClose } from '../../support/close.ts';
import { assertGolden, outcomes } from '../../support/golden.ts';
import { settled } from '../../support/settled.ts';

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

describe('the loss of a sample', () => {
  const scores = [-3, -0.75, 0, 0.25, 1, 2.5];
  for (const label of [0, 1]) {
    const y = 2 * label - 1;
    for (const z of scores) {
      test(`of the score ${z} for class ${label} is that of its formula`, () => {
        const of = (loss: 'mse' | 'bce' | 'hinge' | 'energy', logits: number) =>
          lossOf([z], label, { loss, logits });
        assert.equal(of('mse', 1), (z - y) ** 2);
        assert.equal(of('energy', 0), z);
        assert.equal(of('hinge', 0), y * z >= 1 ? 0 : 1 - y * z);
        assertClose(of('bce', 1), -Math.log(sigmoid(y * z)), 1e-14, 'a logit');
        // Of a bare expectation, drawn towards the middle by as much as keeps the logarithm finite.
        const expectation = Math.max(-1, Math.min(1, z));
        const chance = (1 + (127 / 128) * y * expectation) / 2;
        assertClose(
          lossOf([expectation], label, { loss: 'bce', logits: 0 }),
          -Math.log(chance),
          1e-14,
          'bare',
        );
      });
    }
  }

  test('of a softmax is minus the logarithm of its class, however large the logits', () => {
    const model = { loss: 'bce', logits: 3 } as const;
    for (const logits of [
      [0, 0, 0],
      [1, -2, 0.5],
      [-4, -1, -3],
    ]) {
      const sum = logits.reduce((all, z) => all + Math.exp(z), 0);
      for (const label of [0, 1, 2]) {
        const wanted = -Math.log(Math.exp(logits[label]) / sum);
        assertClose(lossOf(logits, label, model), wanted, 1e-14, `${logits}, ${label}`);
        const far = logits.map((z) => z + 1000);
        assertClose(lossOf(far, label, model), wanted, 1e-12, `${far}, ${label}`);
      }
    }
  });

  test('of a logit that says no by far is as large as that, and finite', () => {
    const model = { loss: 'bce', logits: 1 } as const;
    assert.equal(lossOf([800], 0, model), 800);
    assert.equal(lossOf([-800], 1, model), 800);
    assert.equal(lossOf([800], 1, model), 0);
    assert.equal(lossOf([0], 1, model), Math.LN2);
  });
});

describe('a prediction', () => {
  const names = ['a', 'b', 'c'];
  const LOGIT = { head: 'linear', loss: 'bce' } as const;
  const read = (scores: readonly number[], model: Parameters<typeof predictionOf>[2] = LOGIT, each = false) =>
    predictionOf(scores, names, model, each);
  const chances = ({ probabilities }: Prediction) => probabilities.map((p) => Number(p.toPrecision(6)));

  test('has the class of the sign of one score, and of the largest of several, the first of equals', () => {
    const classOf = (...scores: number[]) => {
      const { label, name } = read(scores);
      return `${label} ${name}`;
    };
    assertGolden(
      new URL('scores-classes.txt', import.meta.url),
      outcomes(
        Object.fromEntries(
          [
            [-1],
            [-1e-300],
            [0],
            [-0],
            [1e-300],
            [1],
            [0, 0],
            [1, 2],
            [2, 1],
            [2, 3, 3],
            [3, 2, 3],
            [-3, -2, -5],
            [1, 1, 1],
          ].map((scores) => [
            `[${scores.map((z) => (Object.is(z, -0) ? '-0' : z))}]`,
            () => classOf(...scores),
          ]),
        ),
      ),
    );
  });

  test('has probabilities by its head and its loss', () => {
    for (const loss of ['bce', 'hinge', 'energy'] as const)
      for (const z of [-2, 0, 0.5, 40])
        assertAllClose(
          read([z], { head: 'linear', loss }).probabilities,
          [1 - sigmoid(z), sigmoid(z)],
          1e-15,
          loss,
        );
    for (const model of [
      { head: 'linear', loss: 'mse' },
      { head: 'none', loss: 'bce' },
      { head: 'none', loss: 'mse' },
    ] as const) {
      assert.deepEqual(read([0.5], model).probabilities, [0.25, 0.75]);
      assert.deepEqual(read([-1], model).probabilities, [1, 0]);
      assert.deepEqual(read([1], model).probabilities, [0, 1]);
      assert.deepEqual(read([3], model).probabilities, [0, 1], 'not beyond 1');
      assert.deepEqual(read([-3], model).probabilities, [1, 0], 'not below 0');
    }
  });

  test('has no probability that is not a number, however large its logit', () => {
    assert.deepEqual(read([1e5]).probabilities, [0, 1]);
    assert.deepEqual(read([-1e5]).probabilities, [1, 0]);
    assert.deepEqual(read([1e5, -1e5, 1e5]).probabilities, [0.5, 0, 0.5]);
  });

  test('of several logits is their softmax, of a model a class the share of each', () => {
    const z = [0.5, -1, 2];
    const powers = z.map(Math.exp);
    const all = powers[0] + powers[1] + powers[2];
    assertAllClose(
      read(z).probabilities,
      powers.map((power) => power / all),
      1e-15,
      'softmax',
    );
    const own = z.map(sigmoid);
    const sum = own[0] + own[1] + own[2];
    assertAllClose(
      read(z, LOGIT, true).probabilities,
      own.map((p) => p / sum),
      1e-15,
      'shares',
    );
    const bare = { head: 'none', loss: 'mse' } as const;
    assert.deepEqual(chances(read([0, 0.5, -0.5], bare, true)), [0.333333, 0.5, 0.166667]);
    assert.deepEqual(
      chances(read([-1, -1, -1], bare, true)),
      [0.333333, 0.333333, 0.333333],
      'where all say no',
    );
    assert.deepEqual(read(z).scores, z);
  });
});

describe('the metrics of predicted numbers', () => {
  const target: Target = { mean: 10, scale: 2 };
  const of = (values: number[], targets: number[]) =>
    regressionMetrics(Float64Array.from(values), Float64Array.from(targets), target);

  test('are those of their definitions', () => {
    // Errors 1, -1, 2 and 0; distances from the mean 4 of the targets -3, -1, 1, 3.
    assert.deepEqual(of([2, 2, 7, 7], [1, 3, 5, 7]), {
      ...{ rows: 4, loss: 6 / 4 / 4, rmse: Math.sqrt(6 / 4), mae: 1, r2: 1 - 6 / 20 },
    });
    assert.equal(of([1, 3], [1, 3]).r2, 1);
    assert.equal(of([2, 2], [1, 3]).r2, 0);
    assert.equal(of([1, 3], [5, 5]).r2, null, 'where all targets are the same');
    assert.equal(of([0, 1], [1e-200, 2e-200]).r2, null, 'where they are too close together to square');
    assert.equal(of([1], [5]).mae, 4);
  });

  test('go by a target that standardises the training set', () => {
    const dataset = (targets: readonly number[] | undefined, name = 'rows'): Dataset => ({
      ...{
        features: new Float64Array(2),
        rows: 2,
        columns: 1,
        labels: new Int32Array(2),
        classes: ['a'],
        name,
      },
      ...(targets && { targets: Float64Array.from(targets) }),
    });
    assert.deepEqual(fitTarget(dataset([1, 3, 5, 7])), { mean: 4, scale: Math.sqrt(5) });
    assert.deepEqual([...standardised(Float64Array.of(8, 10, 13), target)], [-1, 0, 1.5]);
    const numbers = numericDataset(dataset([8, 13]), Float64Array.of(1, 2), target);
    assert.deepEqual([...(numbers.targets ?? [])], [-1, 1.5]);
    assert.deepEqual([[...numbers.features], [...numbers.labels], numbers.classes], [[1, 2], [-1, -1], []]);
    const refusals = {
      'no targets': () => fitTarget(dataset(undefined)),
      'a target that is none': () => fitTarget(dataset([1, Number.NaN])),
      'an endless target': () => fitTarget(dataset([-Infinity, 1])),
      'one target': () => fitTarget(dataset([3, 3, 3])),
      'targets whose mean is rounded': () => fitTarget(dataset([0.1, 0.1, 0.1])),
      'targets too large': () => fitTarget(dataset([1e308, -1e308])),
      'targets too close together': () => fitTarget(dataset([1e-200, 2e-200])),
      'a target of a file': () => readTarget({ mean: -1, scale: 2 }, 'target'),
      'no target in a file': () => readTarget(null, 'target'),
      'a mean of a file that is no number': () => readTarget({ mean: 'x', scale: 2 }, 'target'),
      'a scale of a file of 0': () => readTarget({ mean: 0, scale: 0 }, 'target'),
      'a strange field of a file': () => readTarget({ mean: 0, scale: 1, unit: 'm' }, 'target'),
    };
    assertGolden(new URL('scores-targets.txt', import.meta.url), outcomes(refusals));
    const [one, other, third] = [
      { mean: 1, scale: 2 },
      { mean: 1, scale: 3 },
      { mean: 0, scale: 2 },
    ];
    assert.ok(sameTarget(one, { ...one }) && sameTarget(undefined, undefined));
    assert.ok(!sameTarget(one, other) && !sameTarget(one, third) && !sameTarget(one, undefined));
  });
});

describe('a report', () => {
  /** A core that reports what it is told, and 0 in all other slots. */
  const core = (slots: Partial<Record<Report, number>>) => {
    const all = new Float64Array(64);
    for (const [slot, value] of Object.entries(slots)) all[Number(slot)] = value;
    return { slots: all };
  };
  const first = core({
    ...{
      [Report.Step]: 4,
      [Report.Loss]: 0.5,
      [Report.TentativeLoss]: 0.25,
      [Report.LossChangeError]: 0.125,
    },
    ...{
      [Report.Decision]: DECISIONS.descended,
      [Report.GradientNormLoss]: 3,
      [Report.GradientNormObservable]: 2,
    },
    ...{ [Report.Violations]: 1, [Report.Reversals]: 1, [Report.Evaluations]: 100, [Report.Shots]: 1000 },
    ...{ [Report.Rate]: 0.5, [Report.RateSum]: 2 },
  });
  const second = core({
    ...{ [Report.Step]: 5, [Report.Loss]: 1, [Report.TentativeLoss]: 1.5, [Report.LossChangeError]: 0.375 },
    ...{
      [Report.Decision]: DECISIONS.reversed,
      [Report.GradientNormLoss]: 1,
      [Report.GradientNormObservable]: 4,
    },
    ...{ [Report.Violations]: 5, [Report.Reversals]: 4, [Report.Evaluations]: 50, [Report.Shots]: 500 },
    ...{ [Report.Rate]: -1.5, [Report.RateSum]: -5 },
  });

  test('of one core is what it says', () => {
    assert.deepEqual(readReport([first]), {
      ...{ step: 4, loss: 0.5, tentativeLoss: 0.25, lossChange: -0.25, lossChangeError: 0.125 },
      ...{
        decision: 'descended',
        gradientNorm: { loss: 3, observable: 2 },
        violationRate: 0.25,
        reversals: 1,
      },
      ...{ evaluations: 100, shots: 1000, rate: 0.5, meanRate: 0.5, alarm: false },
    });
  });

  test('of several is the mean of what is measured, the sum of counts and the least of steps', () => {
    const both = {
      ...{ step: 4, loss: 0.75, tentativeLoss: 0.875, lossChange: 0.125, lossChangeError: 0.25 },
      ...{
        decision: 'reversed',
        gradientNorm: { loss: 2, observable: 3 },
        violationRate: 0.625,
        reversals: 5,
      },
      ...{ evaluations: 150, shots: 1500, rate: -0.5, meanRate: -0.25, alarm: true },
    };
    assert.deepEqual(readReport([first, second]), both);
    assert.deepEqual(readReport([second, first]), both);
    assert.equal(stepsOf([second, first]), 4);
    assert.equal(stepsOf([second]), 5);
    assert.equal(stepsOf([]), Infinity);
  });

  test('has nothing where a rule measures nothing, and no rate before the first step', () => {
    const unmeasured = [Report.TentativeLoss, Report.LossChangeError, Report.GradientNormObservable];
    const bare = core({
      [Report.Loss]: 2,
      ...Object.fromEntries(unmeasured.map((slot) => [slot, Number.NaN])),
    });
    const { step, loss, tentativeLoss, lossChange, lossChangeError, gradientNorm, ...rest } = readReport([
      bare,
    ]);
    assert.deepEqual([step, loss, tentativeLoss, lossChange, lossChangeError], [0, 2, null, null, null]);
    assert.deepEqual(gradientNorm, { loss: 0, observable: null });
    assert.deepEqual([rest.violationRate, rest.meanRate, rest.alarm], [0, 0, false]);
  });

  test('has a word for every decision, and tells the first that is no plain descent', () => {
    for (const [word, number] of Object.entries(DECISIONS)) {
      assert.equal(readReport([core({ [Report.Decision]: number })]).decision, word);
      assert.equal(wordOf(DECISIONS, number), word);
    }
    const decisions = [DECISIONS.descended, DECISIONS.rejected, DECISIONS.reversed];
    assert.equal(readReport(decisions.map((one) => core({ [Report.Decision]: one }))).decision, 'rejected');
    assert.equal(wordOf(ENGINES, ENGINES.heisenberg), 'heisenberg');
  });
});

test('what is settled tells the option at fault', async () => {
  const text = await settled({
    later: async () => 7,
    now: () => readTarget({ mean: 0, scale: -1 }, 'target'),
  });
  assert.match(text, /^later\n {2}7\nnow\n {2}OptionError ERR_OPTION_VALUE of scale: scale is -1; expected /);
});
