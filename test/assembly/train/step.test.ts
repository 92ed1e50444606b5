/** The training step: Algorithm 1 on the paper's model, slices, restarts, and what gives a step up. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Gradient, Loss, Operation, Report, Rule, Source, Status } from '../../../assembly/abi/codes.ts';
import { assertAllClose, assertClose, assertSameBits } from '../../support/close.ts';
import { within } from '../../support/tolerance.ts';
import {
  type Build,
  BUILDS,
  type CoreTraining,
  DOUBLE_BUILDS,
  isSingle,
  load,
  Machine,
  ok,
  SINGLE_BUILDS,
  stepWork,
} from '../../support/core-harness.ts';
import {
  canTrain,
  GRADIENTS,
  hasRule,
  LOSSES,
  RULES,
  rulesOf,
  SHOT_GRADIENTS,
  TENTATIVE,
  wordOfRule,
} from '../../support/members.ts';
import { oracleRun } from '../../support/core-oracle.ts';
import * as oracle from '../../support/oracle/index.ts';
import { drawnRun, type Run, snapshot } from '../../support/training-runs.ts';

const SEED = 1009;

/** Steps on mini-batches that the core draws, `work` at a time. */
function run(
  build: Build,
  model: oracle.OracleModel,
  training: Partial<CoreTraining>,
  steps: number,
  work?: number,
): Run {
  return drawnRun(new Machine(build, model, { samples: 9, batch: 3, ...training }), SEED, steps, work);
}

/** Every rule, exact and with shots, and every gradient. */
const ALL_RUNS: [string, Partial<CoreTraining>][] = [
  ...RULES.map((rule): [string, Partial<CoreTraining>] => [
    `${wordOfRule(rule)}, adjoint`,
    { rule, ...(rule === Rule.Nlr ? { rate: 0.4, negativeRate: 0.2 } : {}) },
  ]),
  ...SHOT_GRADIENTS.flatMap((gradient): [string, Partial<CoreTraining>][] => [
    [`nlr, exact ${Gradient[gradient]}`, { rule: Rule.Nlr, gradient }],
    ...RULES.map((rule): [string, Partial<CoreTraining>] => [
      `${wordOfRule(rule)}, 30 shots of ${Gradient[gradient]}`,
      { rule, gradient, shots: 30 },
    ]),
  ]),
  ...GRADIENTS.filter((gradient) => !SHOT_GRADIENTS.includes(gradient)).map(
    (gradient): [string, Partial<CoreTraining>] => [
      `sgd, ${Gradient[gradient]}`,
      { rule: Rule.Sgd, gradient },
    ],
  ),
];

const RUNS = ALL_RUNS.filter(([, training]) => canTrain('release', training));

const MODELS: [string, oracle.OracleModel][] = [
  ["the paper's, 3 qubits", oracle.paperModel(3, 2, 8)],
  [
    'a random one, softmax',
    oracle.randomModel(oracle.seededRng(SEED), { qubits: 3, outputs: 2, logits: 3, diagonal: true }),
  ],
];

describe('trainer: Algorithm 1', () => {
  for (const [n, layers, steps] of [
    [2, 2, 20],
    [6, 5, 2],
  ]) {
    it(`exact, ${n} qubits, ${layers} layers: step by step the printed algorithm`, () => {
      const model = oracle.paperModel(n, layers, 2 ** Math.min(n, 3));
      const rng = oracle.seededRng(SEED + n);
      const options = { samples: 64, batch: 32, rate: 0.01, negativeRate: 0.02 };
      const { batch: samples, labels } = oracle.randomBatch(rng, model, options.samples);
      const theta = oracle.randomTheta(rng, model);
      const machines = BUILDS.map((build) => new Machine(build, model, options).withParameters(theta));
      const expected = oracleRun(machines[0], samples, labels, steps);
      for (const machine of machines) {
        const tolerance = within(machine.build, 1e-11, 1e-4);
        expected.forEach((step, t) => {
          const what = `${machine.build}, seed ${SEED + n}, step ${t}`;
          const report = machine.drawnStep(samples, labels);
          assertClose(report.Loss, step.loss, tolerance, `${what}: loss`);
          assertClose(report.TentativeLoss, step.tentativeLoss, tolerance, `${what}: tentative loss`);
          assert.equal(report.LossChangeError, 0);
          assert.equal(report.Decision, step.decision, `${what}: decision`);
          assertAllClose(machine.parameters, step.parameters, tolerance, `${what}: parameters`);
        });
      }
    });
  }

  it('1000 shots, 6 qubits, 5 layers: step by step, on the very same draws', () => {
    const model = oracle.paperModel(6, 5, 8);
    const rng = oracle.seededRng(SEED + 7);
    const options = { samples: 2, batch: 2, gradient: Gradient.ParameterShift, shots: 1000 };
    const { batch: samples, labels } = oracle.randomBatch(rng, model, 2);
    const theta = oracle.randomTheta(rng, model);
    const machines = DOUBLE_BUILDS.map((build) => new Machine(build, model, options).withParameters(theta));
    const [step] = oracleRun(machines[0], samples, labels, 1);
    for (const machine of machines) {
      const report = machine.drawnStep(samples, labels);
      const what = `${machine.build}, seed ${SEED + 7}`;
      assertClose(report.Loss, step.loss, 1e-12, `${what}: loss`);
      assertClose(report.TentativeLoss, step.tentativeLoss, 1e-12, `${what}: tentative loss`);
      assertClose(report.LossChangeError, step.lossChangeError, 1e-12, `${what}: its error`);
      assert.equal(report.Decision, step.decision, `${what}: decision`);
      assertAllClose(machine.parameters, step.parameters, 1e-12, `${what}: parameters`);
    }
  });
});

describe('trainer: bits', () => {
  for (const [name, model] of MODELS) {
    for (const [how, training] of RUNS) {
      it(`${name}, ${how}: the same on every build, however it is sliced`, () => {
        const reference = run('release', model, training, 6);
        assert.notEqual(reference.trace, 0n);
        for (const build of DOUBLE_BUILDS.filter((each) => canTrain(each, training))) {
          for (const work of [undefined, 1, 7, 1000]) {
            if (build === 'release' && work === undefined) continue;
            assert.deepEqual(run(build, model, training, 6, work), reference, `${build}, slices of ${work}`);
          }
        }
      });

      it(`${name}, ${how}: single precision, however it is sliced`, () => {
        const [first, ...others] = SINGLE_BUILDS.filter((each) => canTrain(each, training));
        if (first === undefined) return;
        const reference = run(first, model, training, 6);
        for (const build of [first, ...others]) {
          for (const work of [undefined, 1, 7, 1000]) {
            if (build === first && work === undefined) continue;
            assert.deepEqual(run(build, model, training, 6, work), reference, `${build}, slices of ${work}`);
          }
        }
      });
    }
  }
});

for (const build of BUILDS) {
  describe(`trainer: ${build}`, () => {
    const model = oracle.paperModel(2, 1, 4, { logits: 2, loss: Loss.CrossEntropy });
    const samples = [
      [1, 2, 3, 4],
      [4, -3, 2, 1],
      [0, 1, 0, -1],
    ];
    const labels = [0, 1, 1];

    /** A machine in the middle of training, with Adam's moments filled. */
    const trained = (rule = Rule.Adam) => {
      const machine = new Machine(build, model, { rule, batch: 3 });
      ok(machine.abi.parameters_initialise(), 'initialise');
      for (let t = 0; t < 3; t++) machine.step(samples, labels);
      return machine;
    };
    /** Everything but the circuits that the given-up step has used. */
    const gotTo = (machine: Machine) => {
      const all = snapshot(machine);
      const spent: Report[] = [Report.StepEvaluations, Report.StepShots];
      return { ...all, report: all.report.filter((_, slot) => !spent.includes(slot)) };
    };

    it('an odd batch is the mean of its samples, none counted twice', () => {
      const whole = new Machine(build, model, { rule: Rule.Sgd, batch: 3 });
      ok(whole.abi.parameters_initialise(), 'initialise');
      const theta = whole.parameters.slice();
      const { Loss: loss, StepEvaluations: evaluations } = whole.step(samples, labels);
      assert.equal(evaluations, 3);
      const alone = samples.map((sample, b) => {
        const machine = new Machine(build, model, { rule: Rule.Sgd }).withParameters(theta);
        const report = machine.step([sample], [labels[b]]);
        return { loss: report.Loss, gradient: [...machine.gradient] };
      });
      const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
      assertClose(loss, mean(alone.map((one) => one.loss)), within(build, 1e-14, 1e-6), 'loss');
      const gradient = alone[0].gradient.map((_, p) => mean(alone.map((one) => one.gradient[p])));
      assertAllClose(whole.gradient, gradient, within(build, 1e-14, 1e-6), 'gradient');
    });

    it('a step begun again at any point is the step', () => {
      for (const rule of rulesOf(build)) {
        const reference = trained(rule);
        reference.step(samples, labels);
        for (const part of [0.05, 0.2, 0.4, 0.6, 0.8, 0.95]) {
          const machine = trained(rule);
          const interrupted = Math.floor(part * stepWork(machine));
          ok(machine.abi.step_begin(3), 'step_begin');
          machine.fill([...samples].reverse(), labels);
          assert.equal(machine.abi.step_advance(interrupted), Status.More);
          machine.step(samples, labels);
          assert.deepEqual(gotTo(machine), gotTo(reference), `${Rule[rule]}, after ${interrupted}`);
          assert.deepEqual(machine.reportSlots, reference.reportSlots);
        }
      }
    });

    it('a bad sample, a bad label or a loss without bounds gives the step up and changes nothing', () => {
      const bad: [string, number[][], number[], Status][] = [
        ['zero vector', [samples[0], [0, 0, 0, 0]], [0, 1], Status.BadSample],
        ['not a number', [samples[0], samples[1], [1, Number.NaN, 0, 0]], [0, 1, 1], Status.BadSample],
        ['label 2 of 2', [samples[0], samples[1], samples[2]], [0, 1, 2], Status.BadLabel],
        ['no label', [samples[0]], [-1], Status.BadLabel],
      ];
      for (const rule of rulesOf(build)) {
        const machine = trained(rule);
        const reference = trained(rule);
        for (const [what, batch, marks, status] of bad) {
          ok(machine.abi.step_begin(batch.length), 'step_begin');
          machine.fill(batch, marks);
          assert.equal(machine.abi.step_advance(1e6), status, what);
          assert.deepEqual(gotTo(machine), gotTo(reference), `${Rule[rule]}, ${what}`);
          assert.equal(machine.abi.step_advance(1), Status.NotReady, 'the step is over');
        }
        machine.step(samples, labels);
        reference.step(samples, labels);
        assert.deepEqual(gotTo(machine), gotTo(reference), 'and training goes on as if nothing was');
      }
    });

    it('parameters that are not numbers, or too large, diverge', () => {
      const huge = isSingle(build) ? 1e30 : 1e300;
      for (const rule of rulesOf(build)) {
        for (const loss of LOSSES) {
          for (const [logits, place, value] of [
            [0, 0, Number.NaN],
            [0, 1, Number.POSITIVE_INFINITY],
            [1, 6, Number.NaN],
            [1, 7, Number.NaN],
            ...(loss === Loss.MeanSquare ? [[1, 7, huge]] : []),
          ]) {
            const machine = new Machine(build, { ...oracle.paperModel(2, 1, 4), logits, loss }, { rule });
            ok(machine.abi.parameters_initialise(), 'initialise');
            machine.parameters[place] = value;
            const before = gotTo(machine);
            ok(machine.abi.step_begin(1), 'step_begin');
            machine.fill([samples[0]], [1]);
            const what = `${Rule[rule]}, ${Loss[loss]}, parameter ${place} of ${logits} logits = ${value}`;
            assert.equal(machine.abi.step_advance(1e6), Status.Diverged, what);
            assert.deepEqual(gotTo(machine), before, what);
          }
        }
      }
    });

    it('a state that is not a number has no outcomes: shots give not-a-numbers, a step diverges', () => {
      const shots = { gradient: Gradient.ParameterShift, shots: 50, rule: Rule.Sgd };
      for (const terms of [[oracle.zTerm(0)], [oracle.zTerm(0), oracle.zTerm(1)]]) {
        const machine = new Machine(build, oracle.paperModel(2, 1, 4, { terms }), shots);
        machine.parameters[0] = Number.NaN;
        assert.deepEqual(machine.predict([samples[0]], 50), [[Number.NaN]]);
        ok(machine.abi.step_begin(1), 'step_begin');
        machine.fill([samples[0]], [1]);
        assert.equal(machine.abi.step_advance(2 ** 31 - 1), Status.Diverged);
      }
    });

    it('a step given up by the caller was never there', () => {
      for (const rule of rulesOf(build)) {
        for (const part of [0, 0.3, 0.6, 0.9]) {
          const [machine, reference] = [trained(rule), trained(rule)];
          ok(machine.abi.step_begin(3), 'step_begin');
          machine.fill(samples, labels);
          machine.abi.step_advance(Math.floor(part * stepWork(machine)));
          machine.abi.step_abandon();
          assert.equal(machine.abi.step_advance(1), Status.NotReady);
          assert.deepEqual(gotTo(machine), gotTo(reference), `${Rule[rule]}, ${part}`);
          ok(machine.abi.checkpoint_write(), 'checkpoint_write');
          machine.step(samples, labels);
          reference.step(samples, labels);
          assert.deepEqual(gotTo(machine), gotTo(reference), `${Rule[rule]}, ${part}, one step on`);
        }
      }
    });

    it('a gradient without bounds diverges, though the loss is fine', () => {
      const scale = isSingle(build) ? 3e38 : 1.7e308;
      const operations = [
        { kind: Operation.RY, a: 0, source: Source.Parameter, index: 0, scale, offset: 1.5 },
      ];
      const steep = oracle.paperModel(1, 0, 2, { operations, parameters: 1 });
      for (const rule of rulesOf(build)) {
        const machine = new Machine(build, steep, { rule });
        const before = gotTo(machine);
        machine.predict([[1, 0]], 0, [0]);
        assert.ok(Number.isFinite(machine.report.EvaluatedLoss));
        ok(machine.abi.step_begin(1), 'step_begin');
        assert.equal(machine.abi.step_advance(1e6), Status.Diverged, Rule[rule]);
        assert.deepEqual(machine.parameters[0], 0, Rule[rule]);
        assert.equal(machine.report.Step, 0);
        assert.equal(machine.trace, before.trace);
      }
    });

    it('a tentative loss without bounds diverges too', () => {
      for (const loss of LOSSES) {
        // f = cos(scale theta) at its steepest. The squared slope is finite, 1000 scale slope is not.
        const scale = isSingle(build) ? 8e18 : 4e153;
        const operations = [
          { kind: Operation.RY, a: 0, source: Source.Parameter, index: 0, scale, offset: 0 },
        ];
        const steep = oracle.paperModel(1, 0, 2, { loss, operations, parameters: 1 });
        for (const rule of TENTATIVE) {
          if (!hasRule(build, rule)) continue;
          const machine = new Machine(build, steep, { rule, rate: 1000, negativeRate: 1000 });
          machine.withParameters([Math.PI / 2 / scale]);
          ok(machine.abi.step_begin(1), 'step_begin');
          machine.fill([[1, 0]], [0]);
          const before = gotTo(machine);
          const status = machine.abi.step_advance(1e6);
          const what = `${Rule[rule]}, ${Loss[loss]}: ${Status[status]}`;
          assert.equal(status, Status.Diverged, what);
          assert.ok(machine.gradient.every(Number.isFinite), 'the gradient was fine');
          assert.deepEqual(gotTo(machine), before, what);
        }
      }
    });

    it('order of calls: NotReady, Busy and BadIndex', () => {
      const fresh = load(build);
      assert.equal(fresh.step_begin(1), Status.NotReady);
      assert.equal(fresh.step_advance(1), Status.NotReady);
      assert.equal(fresh.predict(1, 0), Status.NotReady);
      assert.equal(fresh.reseed(1, 1), Status.NotReady);
      fresh.step_abandon();
      const machine = trained();
      const { abi } = machine;
      assert.equal(abi.step_advance(1), Status.NotReady, 'no step under way');
      for (const count of [0, -1, 4, 2 ** 31 - 1]) assert.equal(abi.step_begin(count), Status.BadIndex);
      ok(abi.step_begin(3), 'step_begin');
      machine.fill(samples, labels);
      assert.equal(abi.step_advance(1), Status.More);
      assert.equal(abi.predict(1, 0), Status.Busy);
      assert.equal(abi.checkpoint_write(), Status.Busy);
      assert.equal(abi.checkpoint_read(100), Status.Busy);
      assert.equal(abi.model_write(), Status.Busy);
      assert.equal(abi.model_read(100), Status.Busy);
      assert.equal(abi.compile(), Status.NotReady);
      assert.equal(abi.reseed(1, 1), Status.Busy);
      machine.finish();
      ok(abi.predict(1, 0), 'predict');
    });

    it('a prediction in slices is the prediction at once, and a step cannot begin the other way round', () => {
      const [machine, reference] = [trained(), trained()];
      const { abi } = machine;
      for (const slice of [1, 7, 2 ** 31 - 1]) {
        const expected = reference.predict(samples, 0, labels);
        machine.fill(samples, labels);
        ok(abi.predict_begin(samples.length, 0), 'predict_begin');
        assert.equal(abi.predict_begin(samples.length, 0), Status.Busy);
        let slices = 1;
        while (ok(abi.step_advance(slice), 'step_advance') === Status.More) slices += 1;
        assert.equal(slices > 1, slice < 2 ** 31 - 1);
        const width = Math.max(1, model.logits);
        assert.deepEqual([...machine.reals(abi.outputs_ptr(), samples.length * width)], expected.flat());
        assert.equal(machine.report.EvaluatedLoss, reference.report.EvaluatedLoss);
      }
      assert.equal(abi.predict_begin(0, 0), Status.BadIndex);
      assert.equal(abi.predict_begin(1, -1), Status.BadOption);
      assert.equal(load(build).predict_begin(1, 0), Status.NotReady);
      assert.deepEqual(gotTo(machine), gotTo(reference));
    });

    it('no allowance of work still makes one tick, so any caller gets there', () => {
      for (const work of [0, -1, -(2 ** 31)]) {
        const [machine, reference] = [trained(), trained()];
        reference.step(samples, labels);
        machine.step(samples, labels, work);
        assert.deepEqual(gotTo(machine), gotTo(reference));
      }
    });

    it('predictions between steps change nothing about training', () => {
      const shots = { gradient: Gradient.ParameterShift, shots: 10, rule: Rule.Sgd, batch: 3 };
      const [machine, reference] = [0, 1].map(() => {
        const made = new Machine(build, model, shots);
        ok(made.abi.parameters_initialise(), 'initialise');
        return made;
      });
      for (let t = 0; t < 3; t++) {
        machine.predict(samples, 5 * t, labels);
        machine.step(samples, labels);
        reference.step(samples, labels);
      }
      assertSameBits(machine.parameters, reference.parameters, 'parameters');
      assert.equal(machine.trace, reference.trace);
    });
  });
}
