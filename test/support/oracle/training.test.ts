/** The update rules on objectives whose steps can be worked out by hand. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Decision, Rule, Schedule } from '../../../assembly/abi/codes.ts';
import * as oracle from './index.ts';

const base: oracle.TrainingOptions = {
  rule: Rule.Nlr,
  schedule: Schedule.Constant,
  steps: 3,
  circuitParameters: 1,
  rate: 0.25,
  negativeRate: 0.5,
  headRate: 0.125,
  beta1: 0.5,
  beta2: 0.75,
  epsilon: 0,
  guard: 3,
};

/** L = curvature/2 * |theta|^2 with a given shot variance. */
function bowl(curvature: number, variance = 0): oracle.Objective {
  return {
    loss: (theta) => ({
      loss: Array.from(theta).reduce((sum, v) => sum + (curvature / 2) * v * v, 0),
      variance,
    }),
    gradient: (theta) => {
      const gradient = Array.from(theta, (v) => curvature * v);
      return { gradient, observableGradient: gradient };
    },
  };
}

const batchAt = () => [0, 1];

function last(steps: oracle.TrainingStep[]): oracle.TrainingStep {
  return steps[steps.length - 1];
}

describe('oracle: Algorithm 1', () => {
  it('descends while the loss falls: theta halves', () => {
    const steps = oracle.train([8], base, bowl(2), batchAt);
    assert.deepEqual(
      steps.map((s) => s.parameters),
      [[4], [2], [1]],
    );
    assert.deepEqual(
      steps.map((s) => s.loss),
      [64, 16, 4],
    );
    assert.deepEqual(
      steps.map((s) => s.tentativeLoss),
      [16, 4, 1],
    );
    assert.equal(last(steps).violationRate, 0);
    assert.equal(last(steps).meanRate, 0.25);
    assert.equal(steps[0].gradientNormLoss, 16);
  });

  it("reverses when the tentative loss rises: theta + eta' g", () => {
    // g = 16 theta: theta_temp = -3 theta, a ninefold loss, so theta grows to 9 theta.
    const steps = oracle.train([1], base, bowl(16), batchAt);
    assert.deepEqual(
      steps.map((s) => s.parameters),
      [[9], [81], [729]],
    );
    assert.ok(steps.every((s) => s.decision === Decision.Reversed));
    assert.equal(last(steps).reversals, 3);
    assert.equal(last(steps).violationRate, 1);
    assert.equal(last(steps).meanRate, -0.5);
    assert.equal(steps[0].lossChange, 64);
  });

  it('an unchanged loss is accepted', () => {
    // g = 8 theta: theta_temp = -theta.
    const [step] = oracle.train([1], base, bowl(8), batchAt);
    assert.deepEqual(step.parameters, [-1]);
    assert.equal(step.decision, Decision.Descended);
  });

  it('line 1 and 13: the cost is called at theta_0 and after every step', () => {
    const seen: number[] = [];
    oracle.algorithm1([8], base, bowl(2), batchAt, (theta) => seen.push(theta[0]));
    assert.deepEqual(seen, [8, 4, 2, 1]);
  });

  it('the head moves with its own rate, both ways', () => {
    const [down] = oracle.train([8, 8], base, bowl(2), batchAt);
    assert.deepEqual(down.parameters, [4, 6]);
    const [up] = oracle.train([1, 1], base, bowl(16), batchAt);
    assert.deepEqual(up.parameters, [9, 5]);
    assert.equal(up.gradientNormLoss, 16);
  });

  it('cosine: the rate starts at eta, halves midway, is 0 from T on', () => {
    const options = { ...base, schedule: Schedule.Cosine, steps: 4, until: 6 };
    const steps = oracle.train([8], options, bowl(2), batchAt);
    assert.equal(steps[0].rate, 0.25);
    assert.ok(Math.abs(steps[2].rate - 0.125) < 1e-16);
    assert.deepEqual(steps[5].parameters, steps[3].parameters);
  });
});

describe('oracle: guarded', () => {
  const guarded = { ...base, rule: Rule.NlrGuarded };

  it('is Algorithm 1 when exact and within the cap', () => {
    const start = [1, 1];
    const plain = oracle.train(start, base, bowl(16), batchAt);
    assert.deepEqual(oracle.train(start, guarded, bowl(16), batchAt), plain);
  });

  it('takes half the step when the rise is within k standard errors', () => {
    // The rise is 64; two batches of 2 with variance sum 1000 each: error sqrt(2000) / 2 = 22.4, times 3 is 67.
    const [step] = oracle.train([1, 1], { ...guarded }, bowl(16, 1000), batchAt);
    assert.equal(step.lossChangeError, Math.sqrt(2000) / 2);
    const [alone] = oracle.train([1], guarded, bowl(16, 1000), batchAt);
    assert.equal(alone.decision, Decision.Halved);
    assert.deepEqual(alone.parameters, [-1]);
    assert.equal(alone.meanRate, 0.125);
    assert.equal(alone.violationRate, 1);
    assert.equal(alone.reversals, 0);
    const [loud] = oracle.train([1], { ...guarded, guard: 2 }, bowl(16, 1000), batchAt);
    assert.equal(loud.decision, Decision.Reversed);
  });

  it('caps the reversal at three descent steps, head included', () => {
    const [step] = oracle.train([1, 1], { ...guarded, negativeRate: 100 }, bowl(16), batchAt);
    assert.deepEqual(step.parameters, [1 + 0.75 * 16, 1 + 0.375 * 16]);
    assert.equal(step.meanRate, -0.75);
  });
});

describe('oracle: baselines', () => {
  const run = (rule: Rule, steps = 2) =>
    oracle.train([8], { ...base, rule, steps }, bowl(2), batchAt).map((s) => s.parameters[0]);

  it('sgd halves theta and makes no test', () => {
    assert.deepEqual(run(Rule.Sgd), [4, 2]);
    const [step] = oracle.train([8], { ...base, rule: Rule.Sgd }, bowl(2), batchAt);
    assert.ok(Number.isNaN(step.tentativeLoss));
    assert.ok(Number.isNaN(step.lossChange));
  });

  it('a rule that it does not know is no other rule', () => {
    const unknown = 1 + Math.max(...Object.values(Rule).filter((value) => typeof value === 'number'));
    assert.throws(() => run(unknown as Rule), /support\/oracle\/training\.ts does not know the rule/);
  });

  it('momentum: m = 16, then 8 + 8', () => {
    assert.deepEqual(run(Rule.Momentum), [4, 0]);
  });

  it('rmsprop: the first step is eta / sqrt(1 - beta2)', () => {
    assert.deepEqual(run(Rule.RmsProp, 1), [8 - 0.25 * (16 / Math.sqrt(0.25 * 256))]);
  });

  it('adam: the first step is eta whatever the gradient, the second by the printed formula', () => {
    const [first, second] = run(Rule.Adam);
    assert.ok(Math.abs(first - 7.75) < 1e-15);
    const m = (0.5 * 8 + 0.5 * 15.5) / 0.75;
    const v = (0.75 * 64 + 0.25 * 240.25) / (1 - 0.75 ** 2);
    assert.ok(Math.abs(second - (first - (0.25 * m) / Math.sqrt(v))) < 1e-14);
  });
});

describe('oracle: training a model', () => {
  const rng = oracle.seededRng(51);
  const model = oracle.paperModel(2, 2, 4);
  const theta = oracle.randomTheta(rng, model);
  const { batch, labels } = oracle.randomBatch(rng, model, 4);
  const options = { ...base, circuitParameters: model.parameters, steps: 8, rate: 0.01, negativeRate: 0.02 };
  const everything = () => [0, 1, 2, 3];

  it('exact: at a small rate nlr, nlr-guarded and sgd are the same descent', () => {
    const exact = oracle.exactObjective(model, batch, labels);
    const run = (rule: Rule) => oracle.train(theta, { ...options, rule }, exact, everything);
    const steps = run(Rule.Nlr);
    for (let t = 1; t < steps.length; t++) assert.ok(steps[t].loss < steps[t - 1].loss, `step ${t}`);
    assert.deepEqual(last(run(Rule.NlrGuarded)).parameters, last(steps).parameters);
    assert.deepEqual(last(run(Rule.Sgd)).parameters, last(steps).parameters);
    assert.equal(steps[1].loss, steps[0].tentativeLoss);
  });

  it('shots: repeatable, seed by seed, and the error of Delta C is what Delta C scatters by', () => {
    const plan = (seed: number): oracle.ShotPlan => ({ shots: 100, seed: [seed, 0] });
    const run = (seed: number) => {
      const shots = oracle.shotObjective(model, batch, labels, plan(seed));
      return oracle.train(theta, { ...options, steps: 2 }, shots, everything);
    };
    assert.deepEqual(run(1), run(1));
    assert.notDeepEqual(last(run(1)).parameters, last(run(2)).parameters);
    const changes: number[] = [];
    let meanSquareError = 0;
    const repeats = 400;
    for (let step = 0; step < repeats; step++) {
      const [before, after] = [oracle.EVALUATION_LOSS, oracle.EVALUATION_TENTATIVE].map((evaluation) =>
        oracle.shotBatchLoss(model, theta, batch, labels, plan(52), step, evaluation),
      );
      changes.push(after.loss - before.loss);
      meanSquareError += oracle.standardError(before.variance, after.variance, 4) ** 2 / repeats;
    }
    const mean = changes.reduce((a, b) => a + b, 0) / repeats;
    const variance = changes.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (repeats - 1);
    assert.ok(
      Math.abs(variance / meanSquareError - 1) < 5 * Math.sqrt(2 / repeats),
      `${variance} ${meanSquareError}`,
    );
  });
});
