/** The paper's family of rules with all their options, against their transcription. Beside rules.test.ts, which follows them too. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  Decision,
  Doubt,
  Engine,
  Fallback,
  Gradient,
  Loss,
  Option,
  Perturbation,
  Reversal,
  Rule,
  Schedule,
  Status,
} from '../../../assembly/abi/codes.ts';
import { assertAllClose, assertClose } from '../../support/close.ts';
import { BUILDS, type Build, type CoreTraining, Machine, ok, wanted } from '../../support/core-harness.ts';
import { oracleRun } from '../../support/core-oracle.ts';
import { hasRule, rulesOf } from '../../support/members.ts';
import * as oracle from '../../support/oracle/index.ts';

const SEED = 2211;
const FAMILY_BUILDS: readonly Build[] = BUILDS.filter((build) => hasRule(build, Rule.Armijo));
const SHOTS = { gradient: Gradient.ParameterShift, shots: 20 };
const EXACT = { shots: 0 };

/** Rates at which steps fail often, and a schedule in the midst of which they do. */
const RESTLESS: Partial<CoreTraining> = {
  rate: 1.5,
  negativeRate: 2.5,
  headRate: 0.8,
  schedule: Schedule.Linear,
  steps: 30,
  samples: 9,
  batch: 4,
  seed: [SEED, 3],
  beta1: 0.7,
  beta2: 0.9,
  epsilon: 1e-3,
};

/** Some steps of machines beside the oracle's. @returns the decisions */
function follow(
  model: oracle.OracleModel,
  training: Partial<CoreTraining>,
  seed: number,
  until = 12,
): Decision[] {
  const rng = oracle.seededRng(seed);
  const theta = oracle.randomTheta(rng, model);
  const options = { ...RESTLESS, ...training };
  const { batch: samples, labels } = oracle.randomBatch(rng, model, 9);
  const weights = options.weights ? oracle.randomWeights(rng, 9) : undefined;
  const decisions: Decision[] = [];
  for (const build of FAMILY_BUILDS) {
    const machine = new Machine(build, model, options).withParameters(theta);
    oracleRun(machine, samples, labels, until, weights).forEach((step, t) => {
      const where = `${build}, seed ${seed}, ${Rule[options.rule ?? 0]}, step ${t}`;
      const report = machine.drawnStep(samples, labels, undefined, weights);
      assert.equal(Decision[report.Decision], Decision[step.decision], where);
      assertClose(report.Loss, step.loss, 1e-7, `${where}: loss`);
      assertAllClose(machine.parameters, step.parameters, 1e-7, `${where}: parameters`);
      assertClose(report.RateSum / (t + 1), step.meanRate, 1e-7, `${where}: mean rate`);
      assertClose(report.Violations / (t + 1), step.violationRate, 1e-12, `${where}: violations`);
      assert.equal(report.Reversals, step.reversals, `${where}: reversals`);
      decisions.push(report.Decision);
    });
  }
  return decisions;
}

/** Models with and without a head, whose outputs are single strings, measured apart or together. */
function models(seed: number): oracle.OracleModel[] {
  const shape = { qubits: 2, extraOperations: 4 };
  const rng = oracle.seededRng(seed);
  const single = (model: oracle.OracleModel) => ({
    ...model,
    terms: Array.from({ length: model.outputs }, (_, k) => oracle.zTerm(k, k, 0.7 + k / 2)),
  });
  return [
    single(oracle.randomModel(rng, { ...shape, outputs: 1, logits: 0, loss: Loss.MeanSquare })),
    single(oracle.randomModel(rng, { ...shape, outputs: 2, logits: 1, loss: Loss.CrossEntropy })),
    single(oracle.randomModel(rng, { ...shape, outputs: 2, logits: 3, loss: Loss.CrossEntropy })),
  ].map((model) => ({ ...model, readoutError: 0 }));
}

/** Follows a rule through all models, exact and with shots. @returns all decisions */
function followAll(training: Partial<CoreTraining>, seed = SEED): Set<Decision> {
  const found = new Set<Decision>();
  for (const [i, model] of models(seed).entries()) {
    for (const how of [EXACT, SHOTS]) {
      for (const decision of follow(model, { ...training, ...how }, seed + i)) found.add(decision);
    }
  }
  return found;
}

const names = (decisions: Iterable<Decision>) => [...decisions].map((decision) => Decision[decision]).sort();

describe("the paper's family: rules", () => {
  const expected: readonly [Partial<CoreTraining>, readonly (keyof typeof Decision)[]][] = [
    [{ rule: Rule.NlrAdaptive }, ['Descended', 'Reversed']],
    [{ rule: Rule.NlrThreshold, threshold: 0.1 }, ['Descended', 'Reversed']],
    [{ rule: Rule.NlrPlateau, threshold: 0.4 }, ['Descended', 'Reversed']],
    [{ rule: Rule.NlrNoise, deviation: 0.05 }, ['Descended', 'Reversed']],
    [{ rule: Rule.TwoRates }, ['Descended', 'Rescaled']],
    [{ rule: Rule.PerturbGaussian }, ['Descended', 'Perturbed']],
    [{ rule: Rule.PerturbUniform }, ['Descended', 'Perturbed']],
    [{ rule: Rule.PerturbGaussian, perturbation: Perturbation.Gradient }, ['Descended', 'Perturbed']],
    [{ rule: Rule.PerturbUniform, perturbation: Perturbation.Gradient }, ['Descended', 'Perturbed']],
    [{ rule: Rule.SgdRestart, threshold: 0.6, stallSteps: 2, rate: 0.1 }, ['Descended', 'Restarted']],
    [{ rule: Rule.Armijo, backtracks: 5, decrease: 0.3 }, ['Descended', 'Rescaled']],
    [{ rule: Rule.Armijo, backtracks: 1, decrease: 0.9 }, ['Rejected', 'Rescaled']],
    [{ rule: Rule.AdamReversal, guard: 2, rate: 0.3, headRate: 0.3 }, ['Descended']],
    // Beyond 1, so that a single sample that counts, whose gradient is 0 but for rounding, reverses nothing.
    [{ rule: Rule.AdamReversal, guard: 1.2, rate: 0.3, headRate: 0.3, weights: 1 }, ['Descended']],
  ];
  for (const [training, decisions] of expected) {
    const { rule = Rule.Nlr, ...rest } = training;
    it(`${Rule[rule]}, ${JSON.stringify(rest)}`, () => {
      const found = names(followAll(training));
      for (const decision of decisions) assert.ok(found.includes(decision), `${decision} among ${found}`);
    });
  }

  it('where steps descend and reverse as in Algorithm 1, tau = 0 is Algorithm 1, to the last bit', () => {
    for (const build of FAMILY_BUILDS) {
      const [, model] = models(SEED);
      const run = (rule: Rule) => {
        const machine = new Machine(build, model, { ...RESTLESS, ...SHOTS, rule });
        ok(machine.abi.parameters_initialise(), 'initialise');
        const { batch, labels } = oracle.randomBatch(oracle.seededRng(SEED), model, 9);
        for (let t = 0; t < 10; t++) machine.drawnStep(batch, labels);
        assert.ok(machine.report.Reversals > 0);
        return machine.trace;
      };
      assert.equal(run(Rule.NlrThreshold), run(Rule.Nlr));
      assert.equal(run(Rule.NlrNoise), run(Rule.Nlr));
    }
  });
});

describe("the paper's family: nlr-guarded", () => {
  const shots = { ...SHOTS, shots: 12, rule: Rule.NlrGuarded, guard: 0.7 };
  for (const fallback of [Fallback.Reverse, Fallback.Halve, Fallback.Reject]) {
    for (const doubt of [Doubt.Halve, Doubt.Descend, Doubt.Reject, Doubt.Reverse]) {
      it(`fallback ${Fallback[fallback]}, in doubt ${Doubt[doubt]}`, () => {
        const found = new Set<Decision>();
        for (const [i, model] of models(SEED).entries())
          for (const decision of follow(model, { ...shots, fallback, doubt }, SEED + 10 + i))
            found.add(decision);
        const beyond = [Decision.Reversed, Decision.Halved, Decision.Rejected][fallback];
        const within = [Decision.Halved, Decision.Descended, Decision.Rejected, Decision.Reversed][doubt];
        assert.deepEqual(names(found), names(new Set([Decision.Descended, beyond, within])));
      });
    }
  }
});

describe("the paper's family: eta'", () => {
  const sources: readonly Partial<CoreTraining>[] = [
    { reversal: Reversal.Kappa, kappa: 1.75 },
    { reversal: Reversal.Eq10, noiseRate: 0.05, depth: 5 },
    { reversal: Reversal.Eq10State, noiseRate: 0.05, depth: 3 },
    { effectiveRate: 1, noiseRate: 0.04, depth: 7 },
    { reversal: Reversal.Eq10, effectiveRate: 1, noiseRate: 1, depth: 2 },
    { reversal: Reversal.Kappa, kappa: 3, effectiveRate: 1, noiseRate: 0.04, depth: 7 },
  ];
  const rules = [
    Rule.Nlr,
    Rule.NlrGuarded,
    Rule.NlrAdaptive,
    Rule.TwoRates,
    Rule.PerturbUniform,
    Rule.NlrNoise,
  ];
  for (const source of sources) {
    it(JSON.stringify({ ...source, reversal: Reversal[source.reversal ?? 0] }), () => {
      for (const rule of rules) {
        const found = followAll({ rule, ...source, guard: 0.5 }, SEED + 20 + rule);
        assert.ok(found.size > 1, `${Rule[rule]}: ${names(found)}`);
      }
    });
  }

  it('the variance over all states takes a string that comes twice once, and the identity not at all', () => {
    const rng = oracle.seededRng(SEED + 30);
    for (let i = 0; i < 10; i++) {
      const model = oracle.randomModel(rng, { qubits: 3, outputs: 2, logits: 1, loss: Loss.CrossEntropy });
      const [first] = model.terms;
      model.terms.push({ ...first, coefficient: 0.3 }, { output: 1, xMask: 0, zMask: 0, coefficient: 2 });
      model.readoutError = 0;
      const source = { rule: Rule.Nlr, reversal: Reversal.Eq10, depth: 1, rate: 3, headRate: 3 };
      follow(model, source, SEED + 31 + i, 6);
    }
  });

  it('of the state, from shots, it is no less than nothing and counts what the identity adds apart', () => {
    const model = oracle.paperModel(2, 2, 4, { loss: Loss.MeanSquare });
    model.terms.push({ output: 0, xMask: 0, zMask: 0, coefficient: 0.4 });
    for (const how of [EXACT, SHOTS, { ...SHOTS, shots: 2 }])
      follow(
        model,
        { ...how, rule: Rule.Nlr, reversal: Reversal.Eq10State, depth: 2, rate: 3 },
        SEED + 40,
        10,
      );
  });

  it('nlr-adaptive stays between 1.5 and 3, and gets to both ends', () => {
    const [model] = models(SEED);
    const { batch, labels } = oracle.randomBatch(oracle.seededRng(SEED), model, 4);
    const kappas = (rate: number, steps: number) => {
      const options = { ...RESTLESS, rate, samples: 0, rule: Rule.NlrAdaptive, schedule: Schedule.Constant };
      const machine = new Machine(FAMILY_BUILDS[0], model, { ...options, negativeRate: 2 * rate });
      ok(machine.abi.parameters_initialise(), 'initialise');
      const count = machine.parameters.length;
      const vectors = machine.reals(machine.abi.parameters_ptr(), 3 * count);
      return Array.from({ length: steps }, () => {
        machine.step(batch, labels);
        return vectors[2 * count];
      });
    };
    // Calm steps let it grow, those that overshoot make it fall.
    assert.equal(kappas(1e-3, 40).at(-1), 3);
    const restless = kappas(40, 40);
    assert.ok(Math.min(...restless) === 1.5 && Math.max(...restless) <= 3, `${restless}`);
  });
});

describe("the paper's family: what a step costs", () => {
  const training = { ...RESTLESS, ...SHOTS };
  it('armijo: every try is paid, at most as many as the plan says, which count their own ticks', () => {
    const [, model] = models(SEED);
    for (const build of FAMILY_BUILDS) {
      const options = { ...training, rule: Rule.Armijo, backtracks: 3, decrease: 0.8 };
      const machine = new Machine(build, model, options);
      ok(machine.abi.parameters_initialise(), 'initialise');
      const { batch, labels } = oracle.randomBatch(oracle.seededRng(SEED), model, 9);
      const most = machine.abi.step_shots();
      const tries = new Set<number>();
      let before = 0;
      for (let t = 0; t < 12; t++) {
        const report = machine.drawnStep(batch, labels);
        const spent = report.Shots - before;
        before = report.Shots;
        assert.equal(spent, report.StepShots);
        assert.ok(spent <= most);
        const left = (most - spent) / (options.batch as number) / options.shots;
        assert.ok(Number.isInteger(left) && left <= 3, `${left} tries were left`);
        tries.add(left);
      }
      assert.ok(tries.size > 1 && tries.has(0), `${[...tries]}`);
    }
  });

  it('no step takes more ticks than its work, whatever the slices, and slices change no bit', () => {
    for (const build of FAMILY_BUILDS) {
      for (const model of models(SEED)) {
        for (const rule of rulesOf(build)) {
          if (rule < Rule.NlrAdaptive) continue;
          const own = { threshold: 0.6, stallSteps: 2, backtracks: 2, decrease: 0.8, deviation: 0.1 };
          for (const how of [EXACT, SHOTS]) {
            const run = (work: number) => {
              const machine = new Machine(build, model, { ...RESTLESS, ...own, ...how, rule });
              ok(machine.abi.parameters_initialise(), 'initialise');
              const { batch, labels } = oracle.randomBatch(oracle.seededRng(SEED), model, 9);
              for (let t = 0; t < 6; t++) {
                ok(machine.abi.step_begin(4), 'step_begin');
                const chosen = machine.indices;
                machine.fill(
                  chosen.map((i) => batch[i]),
                  chosen.map((i) => labels[i]),
                );
                const slices = machine.finish(work);
                if (work === 1)
                  assert.ok(slices <= machine.abi.step_work(), `${Rule[rule]}: ${slices} ticks`);
              }
              return { trace: machine.trace, report: [...machine.reportSlots] };
            };
            assert.deepEqual(run(1), run(1e6), `${build}, ${Rule[rule]}`);
          }
        }
      }
    }
  });
});

describe("the paper's family: what goes on and what is refused", () => {
  it('a checkpoint has all that a rule keeps', () => {
    for (const build of FAMILY_BUILDS) {
      const [, model] = models(SEED);
      for (const rule of [Rule.NlrAdaptive, Rule.SgdRestart, Rule.AdamReversal, Rule.PerturbGaussian]) {
        const options = { ...RESTLESS, ...SHOTS, rule, threshold: 0.9, stallSteps: 4, guard: 0.5 };
        const { batch, labels } = oracle.randomBatch(oracle.seededRng(SEED), model, 9);
        const machine = new Machine(build, model, options);
        ok(machine.abi.parameters_initialise(), 'initialise');
        for (let t = 0; t < 3; t++) machine.drawnStep(batch, labels);
        const image = machine.checkpoint();
        const other = new Machine(build, model, options);
        assert.equal(other.restore(image), Status.Ok);
        for (const each of [machine, other]) for (let t = 0; t < 6; t++) each.drawnStep(batch, labels);
        assert.equal(other.trace, machine.trace, Rule[rule]);
      }
    }
  });

  it('a mean of squares below 0 is refused of a checkpoint, a step back is not', () => {
    const [, model] = models(SEED);
    const machine = new Machine(FAMILY_BUILDS[0], model, { ...RESTLESS, rule: Rule.AdamReversal });
    ok(machine.abi.parameters_initialise(), 'initialise');
    const { batch, labels } = oracle.randomBatch(oracle.seededRng(SEED), model, 9);
    machine.drawnStep(batch, labels);
    const count = machine.parameters.length;
    const vectors = machine.reals(machine.abi.parameters_ptr(), 4 * count);
    assert.ok(
      vectors.subarray(3 * count).some((step) => step < 0),
      'the latest step has both signs',
    );
    assert.equal(machine.restore(machine.checkpoint()), Status.Ok);
    vectors[2 * count + 1] = -1;
    assert.equal(machine.restore(machine.checkpoint()), Status.BadContent);
  });

  it('options that contradict one another, by the one at fault', () => {
    const [model] = models(SEED);
    const refused: readonly [Partial<CoreTraining>, Option][] = [
      [{ reversal: Reversal.Kappa, kappa: 1.4 }, Option.Kappa],
      [{ reversal: Reversal.Kappa }, Option.Kappa],
      [{ reversal: Reversal.Eq10 }, Option.Depth],
      [{ reversal: Reversal.Eq10State }, Option.Depth],
      [{ effectiveRate: 1 }, Option.Depth],
      [{ reversal: Reversal.Eq10State, depth: 2, ...SHOTS, shots: 1 }, Option.Shots],
      [{ rule: Rule.AdamReversal, gradient: Gradient.TwoPoint }, Option.Gradient],
    ];
    for (const build of FAMILY_BUILDS) {
      for (const [training, key] of refused) {
        const { abi } = new Machine(build, model, { rule: Rule.Nlr, gradient: Gradient.Adjoint });
        const all = { rule: Rule.Nlr, gradient: Gradient.Adjoint, shots: 0, ...training };
        for (const [name, value] of Object.entries(all))
          ok(
            abi.configure(
              Option[(name[0].toUpperCase() + name.slice(1)) as keyof typeof Option],
              Number(value),
            ),
            name,
          );
        assert.equal(abi.plan(), Status.BadCombination, JSON.stringify(training));
        assert.equal(Option[abi.option_at_fault()], Option[key]);
      }
      for (const [key, value] of [
        [Option.Kappa, 3.1],
        [Option.NoiseRate, 1.01],
        [Option.Reversal, 4],
        [Option.Doubt, 4],
        [Option.Fallback, 3],
        [Option.Perturbation, 2],
        [Option.Backtracks, 33],
        [Option.Decrease, 1],
        [Option.EffectiveRate, 2],
      ]) {
        const { abi } = new Machine(build, model);
        assert.equal(abi.configure(key, value), Status.BadOption, Option[key]);
      }
    }
  });

  it('a sum of strings has no variance at theta that is measured, nor samples of their own where they are laid out', () => {
    const sums = oracle.paperModel(2, 1, 4, { loss: Loss.MeanSquare });
    sums.terms.push(oracle.zTerm(1));
    const model = oracle.paperModel(2, 1, 4, { loss: Loss.MeanSquare });
    const refused = /compile: BadCombination/;
    for (const build of FAMILY_BUILDS) {
      const state = { reversal: Reversal.Eq10State, depth: 1 };
      assert.throws(() => new Machine(build, sums, state), refused);
      const laidOut = { rule: Rule.AdamReversal, engine: Engine.Columns, workspace: 1 << 16 };
      assert.throws(() => new Machine(build, model, laidOut), refused);
      // Displaced circuits are measured sample by sample, there too.
      assert.ok(new Machine(build, model, { ...laidOut, ...SHOTS }).abi.engine_in_use() === Engine.Columns);
    }
  });

  it('adam-reversal has the same numbers in every engine that measures displaced circuits', () => {
    for (const model of models(SEED)) {
      for (const engine of [Engine.Samples, Engine.Columns, Engine.Heisenberg]) {
        if (engine === Engine.Heisenberg && model.outputs > 1) continue;
        follow(
          { ...model, operations: oracle.paperAnsatz(2, 2), parameters: 12 },
          { ...SHOTS, rule: Rule.AdamReversal, engine, guard: 0.5, rate: 0.3, workspace: 1 << 16 },
          SEED + 60,
        );
      }
    }
  });

  it('modules without the family take its options as 0, and predict with its models', () => {
    const [, model] = models(SEED);
    const trained = new Machine(FAMILY_BUILDS[0], model, { rule: Rule.Armijo, backtracks: 3 });
    ok(trained.abi.parameters_initialise(), 'initialise');
    const image = trained.modelImage();
    const rows = oracle.randomBatch(oracle.seededRng(SEED), model, 2).batch;
    const expected = trained.predict(rows);
    for (const build of wanted(['device', 'device-fast'] as const)) {
      const { abi } = new Machine(build, model);
      assert.equal(abi.configure(Option.Backtracks, 0), Status.Ok);
      assert.equal(abi.configure(Option.Backtracks, 3), Status.BadOption);
      assert.equal(abi.configure(Option.Rule, Rule.Armijo), Status.BadOption);
      const machine = new Machine(build, model);
      machine.putImage(image);
      ok(machine.abi.model_read(image.length), 'model_read');
      assert.deepEqual(machine.predict(rows), expected);
      assert.equal(machine.abi.option_value(Option.Rule), Rule.Adam);
    }
  });
});
