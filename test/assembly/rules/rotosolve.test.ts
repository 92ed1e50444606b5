/** Sequential minimisation: beside its paper's formula, at the minimum it has to reach, and refused where there is none. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  Channel,
  Engine,
  Extrapolation,
  Gradient,
  Loss,
  Operation,
  Option,
  Rule,
  Source,
  Status,
} from '../../../assembly/abi/codes.ts';
import { answerStep, asked, beginDrawn, simulatedCounts, tellAll } from '../../support/caller-answers.ts';
import { assertClose } from '../../support/close.ts';
import {
  addProgram,
  BUILDS,
  type CoreTraining,
  load,
  Machine,
  ok,
  optionValues,
} from '../../support/core-harness.ts';
import { assertRival, orderOf, RIVAL_TRAINING, rivalRun, shotsOf } from '../../support/core-rivals.ts';
import { RIVAL_BUILDS } from '../../support/members.ts';
import * as oracle from '../../support/oracle/index.ts';

const SEED = 1108;
const ROTOSOLVE: Partial<CoreTraining> = { ...RIVAL_TRAINING, rule: Rule.Rotosolve };
const ENGINES = [Engine.Samples, Engine.Columns, Engine.Heisenberg];
const SCALES = [1, -1, 0.5, 2];

const TERMS = [
  { output: 0, xMask: 1, zMask: 0, coefficient: 0.5 },
  { output: 0, xMask: 0, zMask: 3, coefficient: -0.4 },
];

/** A model whose loss is a pure expectation, with parameters of several scales. */
function model(loss = Loss.Hinge): oracle.OracleModel {
  const terms =
    loss === Loss.Energy ? TERMS.map((term) => ({ ...term, coefficient: 4 * term.coefficient })) : TERMS;
  const paper = oracle.paperModel(3, 2, 5, { loss, terms });
  return { ...paper, operations: paper.operations.map((op, j) => ({ ...op, scale: SCALES[j % 4] })) };
}

/** Two energies, of which a sample has its label's. */
function chosen(): oracle.OracleModel {
  return { ...model(Loss.Energy), outputs: 2, terms: TERMS.map((term, output) => ({ ...term, output })) };
}

function dataOf(circuit: oracle.OracleModel) {
  const rng = oracle.seededRng(SEED + 1);
  return { ...oracle.randomBatch(rng, circuit, 7), theta: oracle.randomTheta(rng, circuit) };
}

/** Holds some steps against the paper's formula. */
function follow(
  circuit: oracle.OracleModel,
  training: Partial<CoreTraining>,
  weighted: boolean,
  what: string,
): void {
  for (const build of RIVAL_BUILDS) {
    const machine = new Machine(build, circuit, { ...ROTOSOLVE, ...training, weights: weighted ? 1 : 0 });
    const { batch: samples, labels, theta } = dataOf(circuit);
    const weights = weighted ? samples.map((_, i) => (i % 4) / 2) : undefined;
    machine.withParameters(theta);
    const order = orderOf(machine);
    rivalRun(machine, samples, labels, 10, weights).forEach((step, t) => {
      const where = `${build}, ${what}, step ${t}`;
      const promised = machine.abi.step_shots();
      const before = machine.report.Shots;
      const report = machine.drawnStep(samples, labels, 50, weights);
      assertRival(machine, report, step, where);
      assert.equal(report.Shots - before, shotsOf(machine, step, order), where);
      assert.equal(report.Shots - before, promised, where);
      assert.equal(report.Rate, 0);
    });
  }
}

describe('rotosolve', () => {
  for (const [name, training] of [
    ['exact', {}],
    ['shots', { shots: 30 }],
    ['one shot, which is often certain', { shots: 1 }],
    ['shots of its own', { shots: 200, displacedShots: 3 }],
  ] as const) {
    it(`the printed formula, ${name}, in every engine`, () => {
      for (const engine of ENGINES) {
        const where = `${name}, ${Engine[engine]}`;
        follow(model(), { ...training, engine }, false, `hinge, ${where}`);
        follow(model(), { ...training, engine }, true, `hinge and weights, ${where}`);
        follow(model(Loss.Energy), { ...training, engine }, true, `an energy, ${where}`);
        follow(chosen(), { ...training, engine }, false, `energies by label, ${where}`);
      }
    });
  }

  it('a sample at the corner of the hinge counts with the others', () => {
    const operations = [0, 1].map((a) => ({
      ...{ kind: Operation.RY, a, source: Source.Parameter, index: a, scale: 1, offset: 0 },
    }));
    const terms = [{ output: 0, xMask: 0, zMask: 1, coefficient: 1 }];
    const certain = { ...oracle.paperModel(1, 0, 2, { terms, loss: Loss.Hinge }), parameters: 1 };
    const circuit = { ...certain, operations: operations.slice(0, 1) };
    for (const build of RIVAL_BUILDS) {
      const machine = new Machine(build, circuit, { ...ROTOSOLVE, samples: 0, batch: 3 });
      // Of |0>, |0> and a state in between, with the labels of +1, +1 and -1: the first two are certain at 0.
      const samples = [
        [1, 0],
        [1, 0],
        [1, 0.4],
      ];
      machine.withParameters([0]).step(samples, [1, 1, 0]);
      const loss = (x: number) => oracle.batchLoss(circuit, [x], samples, [1, 1, 0]);
      const [here] = machine.parameters;
      for (const x of [-0.01, 0.01]) assert.ok(loss(here) <= loss(here + x), `${build}, ${here}`);
    }
  });

  it('noise, unital and not, between the gates: the density matrix along each angle is a sinusoid too', () => {
    const rng = oracle.seededRng(SEED + 3);
    for (const loss of [Loss.Hinge, Loss.Energy]) {
      const noisy = oracle.withNoise(oracle.paperModel(2, 2, 4, { loss, terms: TERMS }), rng);
      assert.ok(noisy.operations.some(({ kind }) => kind === Channel.Damping));
      follow(noisy, { engine: Engine.Noisy }, false, `noisy, ${Loss[loss]}`);
    }
  });

  it('trajectories: as the noisy engine, in the mean of many shots', () => {
    const rng = oracle.seededRng(SEED + 4);
    const noisy = oracle.withNoise(oracle.paperModel(2, 2, 4, { loss: Loss.Energy, terms: TERMS }), rng);
    const { batch: samples, labels, theta } = dataOf(noisy);
    for (const build of RIVAL_BUILDS) {
      const [exact, drawn] = [
        { engine: Engine.Noisy },
        { engine: Engine.Trajectories, shots: 20000, displacedShots: 20000 },
      ].map((training) =>
        new Machine(build, noisy, { ...ROTOSOLVE, ...training, batch: 7 }).withParameters(theta),
      );
      for (let t = 0; t < 3; t++) {
        const promised = drawn.abi.step_shots();
        const before = drawn.report.Shots;
        drawn.drawnStep(samples, labels, 100000);
        exact.drawnStep(samples, labels);
        assert.equal(drawn.report.Shots - before, promised);
        const [best, found] = [exact, drawn].map(({ parameters }) =>
          oracle.noisyLoss(noisy, [...parameters], samples, labels),
        );
        // An error e of the sinusoid's two parts costs 2 |e| at most, and its deviation is 0.002.
        assert.ok(found < best + 0.02, `${build}, step ${t}: ${found}, at the minimum ${best}`);
        drawn.parameters.set(exact.parameters);
      }
    }
  });

  it('asks a caller for three circuits a sample, and takes the same step', () => {
    for (const build of RIVAL_BUILDS) {
      const { batch: samples, labels, theta } = dataOf(model());
      const training = { ...ROTOSOLVE, shots: 12, displacedShots: 7 };
      const machine = new Machine(build, model(), asked(training)).withParameters(theta);
      const twin = new Machine(build, model(), { ...training, engine: Engine.Samples }).withParameters(theta);
      for (let t = 0; t < 4; t++) {
        let questions = 0;
        beginDrawn(machine, samples, labels);
        answerStep(machine, (one: Machine, question) => {
          questions++;
          tellAll(one, simulatedCounts(one, question));
        });
        twin.drawnStep(samples, labels);
        assert.equal(questions, 3 * 3 * 2);
        assert.equal(machine.trace, twin.trace);
      }
    }
  });

  it('never raises an exact loss of all samples, and ends where no angle lowers it', () => {
    for (const build of RIVAL_BUILDS) {
      const circuit = model();
      const { batch: samples, labels, theta } = dataOf(circuit);
      const machine = new Machine(build, circuit, { ...ROTOSOLVE, batch: 7, engine: Engine.Columns });
      machine.withParameters(theta);
      const losses = Array.from({ length: 300 }, () => machine.drawnStep(samples, labels).Loss);
      losses.forEach((loss, t) => assert.ok(t === 0 || loss <= losses[t - 1] + 1e-12, `step ${t}`));
      assert.ok(losses[0] - losses[299] > 0.05, `${losses[0]} to ${losses[299]}`);
      const { gradient } = oracle
        .exactObjective(circuit, samples, labels)
        .gradient([...machine.parameters], [...samples.keys()], 0);
      assert.ok(Math.hypot(...gradient) < 1e-3, `${Math.hypot(...gradient)}`);
    }
  });

  it('one angle: to its minimum in one step, from anywhere and at any scale', () => {
    const operations = [
      { kind: Operation.RY, a: 0, source: Source.Parameter, index: 0, scale: -3, offset: 0.4 },
    ];
    const terms = [{ output: 0, xMask: 1, zMask: 0, coefficient: 0.8 }];
    const one = oracle.paperModel(1, 0, 2, { operations, terms, parameters: 1, loss: Loss.Hinge });
    for (const build of RIVAL_BUILDS) {
      for (let k = -8; k <= 8; k++) {
        const training = { ...ROTOSOLVE, samples: 0, batch: 1 };
        const machine = new Machine(build, one, training);
        machine.withParameters([k / 3]).step([[1, 0.3]], [1]);
        assertClose(machine.step([[1, 0.3]], [1]).Loss, 0.2, 1e-12, `from ${k / 3}`);
        // A flat loss moves nothing, nor does an angle of scale 0.
        for (const flat of [
          { ...one, terms: [{ ...terms[0], coefficient: 0 }] },
          { ...one, operations: [{ ...operations[0], scale: 0 }] },
        ]) {
          const still = new Machine(build, flat, training).withParameters([k / 3]);
          still.step([[1, 0.3]], [1]);
          assert.equal(still.parameters[0], k / 3);
        }
      }
    }
  });

  it('is refused with any other loss, a head, blocks, folded circuits, and a gradient that displaces nothing', () => {
    const sound = model();
    const refused = (change: Partial<CoreTraining>, other: Partial<oracle.OracleModel>, option: Option) => {
      for (const build of RIVAL_BUILDS) {
        const abi = load(build);
        const machine = new Machine(build, sound, ROTOSOLVE);
        const training = { ...machine.training, ...change };
        for (const [key, value] of optionValues({ ...sound, ...other }, training)) {
          ok(abi.configure(key, value), Option[key]);
        }
        assert.equal(abi.plan(), Status.BadCombination);
        assert.equal(abi.option_at_fault(), option);
      }
    };
    refused({}, { loss: Loss.MeanSquare }, Option.Loss);
    refused({}, { loss: Loss.CrossEntropy }, Option.Loss);
    refused({}, { logits: 1 }, Option.Loss);
    refused({ blocks: 3 }, {}, Option.Blocks);
    refused({ gradient: Gradient.Adjoint }, {}, Option.Gradient);
    refused({ gradient: Gradient.TwoPoint }, {}, Option.Gradient);
    const folded = [
      [Option.Extrapolation, Extrapolation.Linear],
      [Option.Scales, 2],
    ] as const;
    refused({ extra: folded }, { loss: Loss.Energy }, Option.Extrapolation);
    refused({ extra: [[Option.CalibrationShots, 100]] }, {}, Option.CalibrationShots);
    for (const build of BUILDS) {
      if (!RIVAL_BUILDS.includes(build))
        assert.equal(load(build).configure(Option.Rule, Rule.Rotosolve), Status.BadOption);
    }
  });

  it('compiles no observable with which the hinge has a corner, and no parameter that two gates share', () => {
    const compiled = (changed: oracle.OracleModel) =>
      RIVAL_BUILDS.map((build) => {
        const abi = load(build);
        const { training } = new Machine(build, model(), ROTOSOLVE);
        for (const [key, value] of optionValues(changed, training))
          ok(abi.configure(key, value), Option[key]);
        return [addProgram(abi, changed), abi.option_at_fault()] as const;
      });
    const far = (loss: Loss, coefficient: number) => ({
      ...model(loss),
      terms: [{ ...TERMS[0], coefficient }],
    });
    for (const [status] of compiled(far(Loss.Hinge, 1.01))) assert.equal(status, Status.BadObservable);
    for (const [status] of compiled(far(Loss.Hinge, 1))) assert.equal(status, Status.Ok);
    for (const [status] of compiled(far(Loss.Energy, 7))) assert.equal(status, Status.Ok);
    const { operations } = model();
    const shared = { ...model(), operations: [...operations, ...operations] };
    for (const found of compiled(shared)) assert.deepEqual(found, [Status.BadCombination, Option.Rule]);
  });

  it('slices and a checkpoint in the midst of a sweep change nothing', () => {
    for (const build of RIVAL_BUILDS) {
      const training = { ...ROTOSOLVE, shots: 20, engine: Engine.Heisenberg };
      const { batch: samples, labels, theta } = dataOf(model());
      const [whole, first] = [0, 1].map(() => new Machine(build, model(), training).withParameters(theta));
      for (let t = 0; t < 6; t++) whole.drawnStep(samples, labels);
      for (let t = 0; t < 3; t++) first.drawnStep(samples, labels, 1);
      const second = new Machine(build, model(), training);
      assert.equal(second.restore(first.checkpoint()), Status.Ok);
      for (let t = 3; t < 6; t++) second.drawnStep(samples, labels, 7);
      assert.equal(second.trace, whole.trace);
    }
  });
});
