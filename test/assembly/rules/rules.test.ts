/** Every update rule against plain TypeScript, step by step, exact and with shots. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  Decision,
  GREATEST_RATE,
  Gradient,
  LEAST_RATE,
  Loss,
  Option,
  Report,
  REPORT_COUNT,
  Rule,
  Schedule,
  Status,
} from '../../../assembly/abi/codes.ts';
import { assertAllClose, assertClose } from '../../support/close.ts';
import { within } from '../../support/tolerance.ts';
import {
  BUILDS,
  type Build,
  type CoreReport,
  type CoreTraining,
  DOUBLE_BUILDS,
  isSingle,
  load,
  Machine,
  ok,
} from '../../support/core-harness.ts';
import {
  FOLLOWED,
  hasRule,
  hasSchedule,
  rulesOf,
  ruleVectors,
  SCHEDULES,
  TENTATIVE,
} from '../../support/members.ts';
import { oracleRun } from '../../support/core-oracle.ts';
import * as oracle from '../../support/oracle/index.ts';

const SEED = 1008;
/** Steps to follow; fewer where the steps are so large that rounding grows from one to the next. */
const STEPS = 10;
const LARGE_STEPS = 4;

/** One step of a machine against the oracle's. */
function assertStep(
  machine: Machine,
  report: CoreReport,
  step: oracle.TrainingStep,
  t: number,
  what: string,
) {
  const where = `${machine.build}, seed ${SEED}, ${what}, step ${t}`;
  const tolerance = within(machine.build, 1e-9, 2e-3);
  assertClose(report.Loss, step.loss, tolerance, `${where}: loss`);
  assert.equal(report.Decision, step.decision, `${where}: decision`);
  if (Number.isNaN(step.tentativeLoss)) {
    assert.ok(Number.isNaN(report.TentativeLoss) && Number.isNaN(report.LossChangeError), where);
  } else {
    assertClose(report.TentativeLoss, step.tentativeLoss, tolerance, `${where}: tentative loss`);
    assertClose(report.LossChangeError, step.lossChangeError, tolerance, `${where}: its error`);
  }
  assertClose(report.GradientNormLoss, step.gradientNormLoss, tolerance, `${where}: |grad L|`);
  assertClose(report.GradientNormObservable, step.gradientNormObservable, tolerance, `${where}: |grad f|`);
  assertClose(report.RateSum / (t + 1), step.meanRate, tolerance, `${where}: mean rate`);
  assertClose(report.Violations / (t + 1), step.violationRate, 1e-12, `${where}: violations`);
  assert.equal(report.Reversals, step.reversals, `${where}: reversals`);
  assertAllClose(machine.parameters, step.parameters, tolerance, `${where}: parameters`);
}

/** Runs machines of these builds beside the oracle. @returns the decisions */
function follow(
  builds: readonly Build[],
  model: oracle.OracleModel,
  training: Partial<CoreTraining>,
  rng: oracle.Rng,
  what: string,
  until = STEPS,
): Decision[] {
  const options = { samples: 7, batch: 3, seed: [SEED, 5] as const, ...training };
  const theta = oracle.randomTheta(rng, model);
  const { batch: samples, labels } = oracle.randomBatch(rng, model, options.samples);
  const able = builds.filter(
    (build) =>
      hasRule(build, options.rule ?? Rule.Nlr) && hasSchedule(build, options.schedule ?? Schedule.Constant),
  );
  const machines = able.map((build) => new Machine(build, model, options).withParameters(theta));
  const expected = oracleRun(machines[0], samples, labels, until);
  for (const machine of machines) {
    expected.forEach((step, t) => {
      assertStep(machine, machine.drawnStep(samples, labels), step, t, what);
    });
  }
  return expected.map((step) => step.decision);
}

/** A small model with a head, so that both rates are at work. */
function headed(rng: oracle.Rng, logits: number, diagonal = true): oracle.OracleModel {
  const shape = { qubits: 2, outputs: 2, logits, loss: Loss.CrossEntropy, extraOperations: 4 };
  return oracle.randomModel(rng, { ...shape, diagonal, readoutError: 0.02 });
}

describe('optimizer: rules', () => {
  for (const rule of FOLLOWED) {
    for (const schedule of SCHEDULES) {
      it(`${Rule[rule]}, ${Schedule[schedule]}, exact, all builds`, () => {
        const rates = {
          rate: 0.05,
          negativeRate: 0.11,
          headRate: 0.2,
          beta1: 0.7,
          beta2: 0.9,
          epsilon: 1e-3,
        };
        const rng = oracle.seededRng(SEED + rule);
        for (const logits of [1, 3]) {
          // T = 7: the last steps are beyond the end of a schedule that has one.
          const options = { rule, schedule, steps: 7, ...rates };
          follow(BUILDS, headed(rng, logits), options, rng, `${logits} logits`);
        }
      });

      it(`${Rule[rule]}, ${Schedule[schedule]}, shots`, () => {
        const rates = { rate: 0.3, negativeRate: 0.4, headRate: 0.5, beta1: 0.7, beta2: 0.9, epsilon: 1e-3 };
        const options = { rule, schedule, steps: 7, gradient: Gradient.ParameterShift, ...rates };
        const rng = oracle.seededRng(SEED + 10 + rule);
        follow(DOUBLE_BUILDS, headed(rng, 1, false), { ...options, shots: 20 }, rng, 'term by term');
        follow(DOUBLE_BUILDS, headed(rng, 3), { ...options, shots: 20 }, rng, 'bitstrings');
      });
    }
  }
});

describe('optimizer: decisions', () => {
  const model = oracle.paperModel(2, 2, 4);
  const shots = { gradient: Gradient.ParameterShift, shots: 16 };

  it('nlr at a rate that overshoots: descends and reverses', () => {
    const rng = oracle.seededRng(SEED + 20);
    const options = { rule: Rule.Nlr, rate: 4, negativeRate: 0.5 };
    const decisions = follow(BUILDS, model, options, rng, 'large steps', LARGE_STEPS);
    assert.ok(
      decisions.includes(Decision.Descended) && decisions.includes(Decision.Reversed),
      `${decisions}`,
    );
  });

  it('nlr-guarded, exact, above the cap: reverses by three descent steps', () => {
    const rng = oracle.seededRng(SEED + 20);
    const options = { rule: Rule.NlrGuarded, rate: 4, negativeRate: 900 };
    const decisions = follow(BUILDS, model, options, rng, 'capped', LARGE_STEPS);
    assert.ok(decisions.includes(Decision.Reversed));
  });

  it('nlr-guarded with few shots: halves within k standard errors, reverses beyond', () => {
    const rng = oracle.seededRng(SEED + 21);
    const found = new Set<Decision>();
    for (const guard of [0, 0.5, 3]) {
      const options = { rule: Rule.NlrGuarded, rate: 0.5, negativeRate: 0.7, guard, ...shots };
      for (const decision of follow(DOUBLE_BUILDS, model, options, rng, `guard ${guard}`)) {
        found.add(decision);
        assert.ok(guard > 0 || decision !== Decision.Halved, 'without a guard nothing is halved');
      }
    }
    assert.equal(found.size, 3, 'all decisions were taken');
  });

  it('one shot: the errors of nlr are finite', () => {
    const rng = oracle.seededRng(SEED + 22);
    const options = { rule: Rule.Nlr, gradient: Gradient.ParameterShift, shots: 1 };
    follow(DOUBLE_BUILDS, model, options, rng, 'one shot');
  });
});

describe('optimizer: a budget of shots', () => {
  const rates = { rate: 0.3, negativeRate: 0.4, headRate: 0.5, shots: 20, shotsBudget: 3000 };
  for (const schedule of SCHEDULES) {
    it(`${Schedule[schedule]} goes by the shots that are spent, whatever T, and on beyond the budget`, () => {
      for (const rule of [Rule.Nlr, Rule.Adam]) {
        const options = { rule, schedule, steps: 2, gradient: Gradient.ParameterShift, ...rates };
        const rng = oracle.seededRng(SEED + 30);
        follow(DOUBLE_BUILDS, headed(rng, 3), options, rng, Rule[rule]);
      }
    });
  }

  it('takes the place of T, which need not be set', () => {
    const model = oracle.paperModel(1, 1, 2);
    for (const build of BUILDS) {
      const options = { schedule: Schedule.Cosine, shots: 2, gradient: Gradient.ParameterShift };
      const { abi } = new Machine(build, model, { ...options, shotsBudget: 100 });
      // Only what is set for the first time can be left out.
      const fresh = load(build);
      for (const key of Object.values(Option).filter((each) => typeof each === 'number')) {
        if (key !== Option.Steps) fresh.configure(key, abi.option_value(key));
      }
      ok(fresh.plan(), 'plan');
      ok(fresh.configure(Option.ShotsBudget, 0), 'no budget');
      assert.equal(fresh.plan(), Status.BadCombination);
      assert.equal(fresh.option_at_fault(), Option.Steps);
    }
  });

  it('is refused where nothing takes shots', () => {
    const model = oracle.paperModel(1, 1, 2);
    for (const build of BUILDS) {
      const { abi } = new Machine(build, model);
      ok(abi.configure(Option.ShotsBudget, 100), 'configure');
      assert.equal(abi.plan(), Status.BadCombination);
      assert.equal(abi.option_at_fault(), Option.ShotsBudget);
    }
  });
});

describe('optimizer: limits', () => {
  it('a step that would leave the finite numbers is not made, and nothing of it stays', () => {
    const model = oracle.paperModel(1, 1, 2, { logits: 1 });
    for (const build of BUILDS) {
      for (const rule of rulesOf(build)) {
        const extreme = { rate: GREATEST_RATE, negativeRate: GREATEST_RATE, headRate: GREATEST_RATE };
        const options = { ...extreme, rule, epsilon: LEAST_RATE, beta1: 0.9, beta2: 0 };
        const machine = new Machine(build, model, options);
        ok(machine.abi.parameters_initialise(), 'initialise');
        // As far out as there are numbers, one that no loss sees: any move along its slope is one too far.
        const largest = isSingle(build) ? 3.4028234663852886e38 : Number.MAX_VALUE;
        for (let t = 0; t < 40; t++) {
          if (t === 2) machine.parameters[model.parameters + 1] = largest;
          const before = machine.checkpoint();
          ok(machine.abi.step_begin(1), 'step_begin');
          machine.fill([[1, 2]], [t % 2]);
          const status = machine.abi.step_advance(1e6);
          const what = `${build}, ${Rule[rule]}, step ${t}, ${Status[status]}`;
          if (status === Status.Ok) {
            assert.ok(machine.parameters.every(Number.isFinite), what);
            assert.ok(
              machine.restore(machine.checkpoint()) === Status.Ok,
              `${what}: what it left can be read`,
            );
            continue;
          }
          assert.ok(status === Status.Diverged || status === Status.BadAngle, what);
          const after = machine.checkpoint();
          // What training has come to; a rule that tries a step keeps no vector of it.
          const reals = (1 + (TENTATIVE.includes(rule) ? 0 : ruleVectors(rule))) * machine.parameters.length;
          const parts = [
            [24, 24 + 8 * Report.Loss],
            [24 + 8 * REPORT_COUNT, 24 + 8 * REPORT_COUNT + reals * machine.abi.real_bytes()],
          ];
          for (const [from, end] of parts)
            assert.deepEqual(after.slice(from, end), before.slice(from, end), what);
          break;
        }
      }
    }
  });

  it('rates and decays at the ends of their ranges leave finite parameters, or the step is not taken', () => {
    const model = oracle.paperModel(1, 1, 2, { logits: 1 });
    for (const build of BUILDS) {
      for (const rule of rulesOf(build)) {
        for (const [rate, bias] of [LEAST_RATE, 1e-20, 1e-3, GREATEST_RATE].flatMap((r) => [
          [r, 0],
          [r, 1e10],
        ])) {
          const options = {
            rule,
            rate,
            negativeRate: Math.min(GREATEST_RATE * rate, GREATEST_RATE),
            headRate: GREATEST_RATE,
            epsilon: LEAST_RATE,
            beta1: 0,
            beta2: 0,
          };
          const machine = new Machine(build, model, options);
          ok(machine.abi.parameters_initialise(), 'initialise');
          machine.parameters[model.parameters + 1] = bias;
          for (let t = 0; t < 8; t++) {
            const before = machine.parameters.slice();
            ok(machine.abi.step_begin(1), 'step_begin');
            machine.fill([[1, 2]], [t % 2]);
            const status = machine.abi.step_advance(1e6);
            const what = `${build}, ${Rule[rule]}, rate ${rate}, step ${t}, ${Status[status]}`;
            if (status !== Status.Ok) {
              // The two smallest modules refuse large angles.
              assert.ok(status === Status.Diverged || status === Status.BadAngle, what);
              assert.deepEqual(machine.parameters, before, what);
              break;
            }
            assert.ok(machine.parameters.every(Number.isFinite), `${what}: ${machine.parameters}`);
          }
        }
      }
    }
  });
});
