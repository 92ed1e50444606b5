/** What a step is said to cost is what it costs. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Engine, Gradient, Loss, Rule, Status } from '../../../assembly/abi/codes.ts';
import { BUILDS, type CoreTraining, hasColumns, load, Machine, ok } from '../../support/core-harness.ts';
import { buildsFor, localString } from '../../support/core-heisenberg.ts';
import { localModel } from '../../support/core-models.ts';
import { canTrain, ENGINES, GRADIENTS, LAID_OUT, RULES, SHOT_GRADIENTS } from '../../support/members.ts';
import { settings } from '../../support/core-oracle.ts';
import * as oracle from '../../support/oracle/index.ts';

const SEED = 1010;

/** Every rule, and every gradient with a rule that looks back and one that does not, exact and with shots. */
const TRAININGS: Partial<CoreTraining>[] = [
  ...RULES.map((rule) => ({ rule })),
  { rule: Rule.Nlr, observableNorm: 0 },
  ...GRADIENTS.filter((gradient) => gradient !== Gradient.Adjoint).flatMap((gradient) => [
    { rule: Rule.NlrGuarded, gradient },
    { rule: Rule.Sgd, gradient },
  ]),
  ...SHOT_GRADIENTS.flatMap((gradient) => [
    { rule: Rule.Nlr, gradient, shots: 5 },
    { rule: Rule.NlrGuarded, gradient, shots: 200 },
  ]),
];

/** One unit of work less than `step_work` leaves a tick to do, and slices change nothing about the end. */
function checkWork(
  machine: Machine,
  { batch: samples, labels }: { batch: number[][]; labels: number[] },
  what: string,
): void {
  const { abi } = machine;
  const work = abi.step_work();
  ok(abi.parameters_initialise(), 'initialise');
  machine.fill(samples, labels);
  ok(abi.step_begin(samples.length), 'step_begin');
  assert.equal(abi.step_advance(work), Status.Ok, what);
  ok(abi.step_begin(samples.length), 'step_begin');
  assert.equal(abi.step_advance(work - 1), Status.More, what);
  assert.equal(abi.step_advance(1), Status.Ok, what);
  const slices = new Set([1, 2, 3].map((slice) => machine.step(samples, labels, slice).Step));
  assert.equal(slices.size, 3);
}

// The builds with one engine leave it to these to count their work.
for (const build of BUILDS.filter(hasColumns)) {
  describe(`cost: ${build}`, () => {
    for (const engine of ENGINES) {
      // It measures term by term.
      const heisenberg = engine === Engine.Heisenberg;
      it(`${Engine[engine]}: step_work is the allowance that is just enough, for any program and batch`, () => {
        const rng = oracle.seededRng(SEED);
        for (const training of TRAININGS.filter((each) => canTrain(build, { ...each, engine }))) {
          for (const batch of [1, 2, 3, 4]) {
            const linear = LAID_OUT.includes(engine);
            const shape = { qubits: batch, outputs: 2, logits: 2, diagonal: batch > 2 && !heisenberg };
            const models = [oracle.randomModel(rng, { ...shape, linear })];
            if (linear) {
              // The observable sees a part of the qubits, or none.
              const head = { logits: 1, loss: Loss.Hinge };
              for (const diagonal of [true, false, true]) {
                const features = 1 + oracle.randomInteger(rng, 8);
                const local = heisenberg ? localString : localModel;
                models.push(local(rng, { qubits: 3, features, outputs: 2, diagonal }, head));
              }
            }
            for (const model of models) {
              if (heisenberg && !buildsFor(model, { ...training, batch }).includes(build)) continue;
              const machine = new Machine(build, model, { ...training, engine, batch });
              assert.equal(machine.abi.engine_in_use(), engine);
              const what = `seed ${SEED}, batch ${batch}, ${JSON.stringify(training)}`;
              checkWork(machine, oracle.randomBatch(rng, model, batch), what);
            }
          }
        }
      });
    }

    it('slices never take more than their allowance and one tick', () => {
      const model = oracle.paperModel(3, 2, 8);
      const machine = new Machine(build, model, { batch: 3 });
      ok(machine.abi.parameters_initialise(), 'initialise');
      const { batch, labels } = oracle.randomBatch(oracle.seededRng(SEED), model, 3);
      machine.fill(batch, labels);
      const work = machine.abi.step_work();
      for (const allowance of [1, 2, 5, 10]) {
        ok(machine.abi.step_begin(3), 'step_begin');
        const slices = machine.finish(allowance);
        // A tick is worth 1 to 3.
        assert.ok(slices >= work / (allowance + 2), `${slices} slices of ${allowance} for ${work}`);
        assert.ok(slices <= Math.ceil(work / allowance), `${slices} slices of ${allowance} for ${work}`);
      }
    });

    it('step_evaluations is what the report counts: circuits of every sample, angle, sign and setting', () => {
      const rng = oracle.seededRng(SEED + 1);
      for (const training of TRAININGS) {
        for (const diagonal of [true, false]) {
          const batch = diagonal ? 3 : 2;
          const model = oracle.randomModel(rng, { qubits: 2, outputs: 2, logits: 1, diagonal, linear: true });
          const engine = diagonal ? Engine.Columns : Engine.Samples;
          if (!canTrain(build, { ...training, engine })) continue;
          const machine = new Machine(build, model, { ...training, engine, batch });
          ok(machine.abi.parameters_initialise(), 'initialise');
          const { batch: samples, labels } = oracle.randomBatch(rng, model, batch);
          const report = machine.step(samples, labels);
          assert.equal(report.Evaluations, machine.abi.step_evaluations());
          assert.equal(report.Shots, machine.abi.step_evaluations() * (training.shots ?? 0));
        }
      }
    });

    it("the paper's model: B (2 + 2 P_active) circuits a step with shots, 2 B without shifts", () => {
      const model = oracle.paperModel(6, 5, 8);
      const shots = { gradient: Gradient.ParameterShift, shots: 1000 };
      const { abi } = new Machine(build, model, { ...shots, batch: 32 });
      const active = abi.active_parameters();
      // The last layers reach <Z_0> from few qubits only.
      const wide = oracle.paperModel(6, 5, 64);
      const rng = oracle.seededRng(SEED + 2);
      const { batch, labels } = oracle.randomBatch(rng, wide, 1);
      const { gradient } = oracle.lossGradient(wide, oracle.randomTheta(rng, wide), batch, labels);
      assert.equal(active, gradient.filter((slope) => Math.abs(slope) > 1e-12).length);
      assert.equal(settings(model), 1);
      assert.equal(abi.step_evaluations(), 32 * (2 + 2 * active));
      assert.equal(new Machine(build, model, { batch: 32 }).abi.step_evaluations(), 64);
    });

    it('nothing is known before compile', () => {
      const { abi } = new Machine(build, oracle.paperModel(2, 1, 4));
      ok(abi.init(), 'init');
      assert.deepEqual([abi.step_work(), abi.step_evaluations()], [0, 0]);
      assert.deepEqual([load(build).step_work(), load(build).step_evaluations()], [0, 0]);
    });
  });
}
