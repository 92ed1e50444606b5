/** Sequential minimisation: beside its paper's formula, at the minimum it has to reach, and refused where there is none. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  Encoding,
  Engine,
  Gradient,
  Loss,
  Operation,
  Option,
  Rule,
  Source,
  Status,
} from '../../../assembly/abi/codes.ts';
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

/** A model whose loss is a pure expectation, with parameters of several scales. */
function model(): oracle.OracleModel {
  const terms = [
    { output: 0, xMask: 1, zMask: 0, coefficient: 0.5 },
    { output: 0, xMask: 0, zMask: 3, coefficient: -0.4 },
  ];
  const paper = oracle.paperModel(3, 2, 5, { loss: Loss.Hinge, terms });
  const scales = [1, -1, 0.5, 2];
  return { ...paper, operations: paper.operations.map((op, j) => ({ ...op, scale: scales[j % 4] })) };
}

describe('rotosolve', () => {
  for (const [name, training] of [
    ['exact', {}],
    ['shots', { shots: 30 }],
    ['shots of its own', { shots: 200, displacedShots: 3 }],
    ['blocks', { blocks: 3 }],
  ] as const) {
    it(`the printed formula, ${name}, in every engine`, () => {
      for (const build of RIVAL_BUILDS) {
        for (const engine of ENGINES) {
          const machine = new Machine(build, model(), { ...ROTOSOLVE, ...training, engine });
          const rng = oracle.seededRng(SEED + 1);
          const { batch: samples, labels } = oracle.randomBatch(rng, model(), 7);
          machine.withParameters(oracle.randomTheta(rng, model()));
          const order = orderOf(machine);
          rivalRun(machine, samples, labels, 10).forEach((step, t) => {
            const what = `${build}, ${Engine[engine]}, step ${t}`;
            const before = machine.report.Shots;
            const report = machine.drawnStep(samples, labels);
            assertRival(machine, report, step, what);
            assert.equal(report.Shots - before, shotsOf(machine, step, order), what);
            assert.equal(report.Rate, 0);
          });
        }
      }
    });
  }

  it('never raises an exact loss of all samples, and ends where no angle lowers it', () => {
    for (const build of RIVAL_BUILDS) {
      const circuit = model();
      const rng = oracle.seededRng(SEED + 2);
      const { batch: samples, labels } = oracle.randomBatch(rng, circuit, 7);
      const machine = new Machine(build, circuit, { ...ROTOSOLVE, batch: 7, engine: Engine.Columns });
      machine.withParameters(oracle.randomTheta(rng, circuit));
      const losses = Array.from({ length: 300 }, () => machine.drawnStep(samples, labels).Loss);
      losses.forEach((loss, t) => assert.ok(t === 0 || loss <= losses[t - 1] + 1e-12, `step ${t}`));
      assert.ok(losses[0] - losses[299] > 0.05, `${losses[0]} to ${losses[299]}`);
      const { gradient } = oracle.exactObjective(circuit, samples, labels).gradient(
        [...machine.parameters],
        samples.map((_, i) => i),
        0,
      );
      assert.ok(Math.hypot(...gradient) < 1e-3, `${Math.hypot(...gradient)}`);
    }
  });

  it('one angle: to its minimum in one step, from anywhere', () => {
    const operations = [
      { kind: Operation.RY, a: 0, source: Source.Parameter, index: 0, scale: -3, offset: 0.4 },
    ];
    const terms = [{ output: 0, xMask: 1, zMask: 0, coefficient: 0.8 }];
    const one = oracle.paperModel(1, 0, 2, { operations, terms, parameters: 1, loss: Loss.Hinge });
    for (const build of RIVAL_BUILDS) {
      for (let k = -8; k <= 8; k++) {
        const machine = new Machine(build, one, { ...ROTOSOLVE, samples: 0, batch: 1 });
        machine.withParameters([k / 3]).step([[1, 0.3]], [1]);
        assertClose(machine.step([[1, 0.3]], [1]).Loss, 0.2, 1e-12, `from ${k / 3}`);
        // |0> is what it is wherever it is an angle that no one measures; and a flat loss moves nothing.
        const flat = new Machine(
          build,
          { ...one, terms: [{ ...terms[0], coefficient: 0 }] },
          machine.training,
        );
        flat.withParameters([k / 3]).step([[1, 0.3]], [1]);
        assert.equal(flat.parameters[0], k / 3);
      }
    }
  });

  it('is refused with any other loss, a head, a gradient that displaces nothing, and in builds without it', () => {
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
    refused({ gradient: Gradient.Adjoint }, {}, Option.Gradient);
    refused({ gradient: Gradient.TwoPoint }, {}, Option.Gradient);
    for (const build of BUILDS) {
      if (!RIVAL_BUILDS.includes(build))
        assert.equal(load(build).configure(Option.Rule, Rule.Rotosolve), Status.BadOption);
    }
  });

  it('compiles no observable with which the hinge has a corner, and no parameter that two gates share', () => {
    const sound = model();
    const compiled = (changed: oracle.OracleModel) => {
      for (const build of RIVAL_BUILDS) {
        const abi = load(build);
        const { training } = new Machine(build, sound, ROTOSOLVE);
        for (const [key, value] of optionValues(changed, training))
          ok(abi.configure(key, value), Option[key]);
        return [addProgram(abi, changed), abi.option_at_fault()];
      }
      return [];
    };
    const [term] = sound.terms;
    const far = { ...sound, terms: [{ ...term, coefficient: 1.01 }] };
    assert.deepEqual(compiled(far)[0], Status.BadObservable);
    assert.equal(compiled({ ...sound, terms: [{ ...term, coefficient: 1 }] })[0], Status.Ok);
    const trained = sound.operations.filter((op) => op.source === Source.Parameter && oracle.isRotation(op));
    const shared = { ...sound, operations: [...sound.operations, ...trained, ...sound.operations] };
    assert.deepEqual(compiled(shared), [Status.BadCombination, Option.Rule]);
    assert.equal(sound.encoding, Encoding.Amplitude);
  });
});
