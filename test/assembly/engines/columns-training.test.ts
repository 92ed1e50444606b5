/** Training in columns: run by run the samples engine's losses, bits of its own, and what gives a step up. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Encoding, Gradient, Rule, Status } from '../../../assembly/abi/codes.ts';
import { assertAllClose, assertSameBits } from '../../support/close.ts';
import { COLUMN_BUILDS, columns } from '../../support/core-columns.ts';
import { type CoreTraining, isSingle, Machine, ok } from '../../support/core-harness.ts';
import { localModel } from '../../support/core-models.ts';
import * as oracle from '../../support/oracle/index.ts';

const SEED = 1020;
const SOURCES = [Gradient.Adjoint, Gradient.ParameterShift];

/** Rules with and without a test, every source of gradients. */
const RUNS: [string, Partial<CoreTraining>][] = [
  ['nlr, adjoint', { rule: Rule.Nlr, rate: 0.3, negativeRate: 0.2 }],
  ['nlr-guarded, exact shifts', { rule: Rule.NlrGuarded, gradient: Gradient.ParameterShift }],
  ['adam, adjoint', { rule: Rule.Adam, rate: 0.05 }],
  ['adam, adjoint, no norm of <O>', { rule: Rule.Adam, rate: 0.05, observableNorm: 0 }],
  ['nlr, 30 shots', { rule: Rule.Nlr, gradient: Gradient.ParameterShift, shots: 30 }],
  ['nlr-guarded, 30 shots', { rule: Rule.NlrGuarded, gradient: Gradient.ParameterShift, shots: 30 }],
];

const MODELS: [string, oracle.OracleModel][] = [
  ["the paper's, 3 qubits", oracle.paperModel(3, 2, 7)],
  [
    'a random one, softmax',
    oracle.randomModel(oracle.seededRng(SEED), {
      qubits: 3,
      features: 5,
      outputs: 2,
      logits: 3,
      diagonal: true,
      linear: true,
      encoding: Encoding.Amplitude,
    }),
  ],
];

/** What a run leaves behind, to the last bit. */
interface Outcome {
  losses: number[];
  bits: unknown[];
}

/** Steps on mini-batches that the core draws, `work` at a time. */
function run(machine: Machine, steps: number, work?: number): Outcome {
  ok(machine.abi.parameters_initialise(), 'initialise');
  const { batch, labels } = oracle.randomBatch(oracle.seededRng(SEED), machine.model, 9);
  const losses: number[] = [];
  const reports = Array.from({ length: steps }, () => {
    losses.push(machine.drawnStep(batch, labels, work).Loss);
    return [...machine.reportSlots];
  });
  return { losses, bits: [machine.trace, reports, [...machine.parameters], [...machine.gradient]] };
}

describe('columns training: runs', () => {
  for (const [name, model] of MODELS) {
    for (const [how, training] of RUNS) {
      const options = { ...training, samples: 9, batch: 5 };

      it(`${name}, ${how}: 25 steps as the samples engine does them, but for rounding`, () => {
        const expected = run(new Machine('release', model, options), 25).losses;
        assertAllClose(run(columns('release', model, options), 25).losses, expected, 1e-9, `seed ${SEED}`);
      });

      it(`${name}, ${how}: the same bits on every build with columns, however it is sliced`, () => {
        for (const builds of [COLUMN_BUILDS.filter((b) => !isSingle(b)), COLUMN_BUILDS.filter(isSingle)]) {
          const reference = run(columns(builds[0], model, options), 6);
          for (const build of builds) {
            for (const work of [undefined, 1, 7, 1000]) {
              const found = run(columns(build, model, options), 6, work);
              assert.deepEqual(found, reference, `${build}, slices of ${work}`);
            }
          }
        }
      });
    }
  }

  it('without the norm of <O> it is not-a-number, and nothing else changes', () => {
    const rng = oracle.seededRng(SEED + 30);
    for (const [, model] of MODELS) {
      const theta = oracle.randomTheta(rng, model);
      const { batch, labels } = oracle.randomBatch(rng, model, 3);
      for (const build of COLUMN_BUILDS) {
        for (const gradient of SOURCES) {
          const [plain, full] = ([0, 1] as const).map((observableNorm) => {
            const machine = columns(build, model, { gradient, observableNorm, batch: 3 });
            machine.withParameters(theta).step(batch, labels);
            return machine;
          });
          assertSameBits(plain.gradient, full.gradient, build);
          assertSameBits(plain.parameters, full.parameters, build);
          assert.ok(full.report.GradientNormObservable > 0);
          assert.equal(plain.report.GradientNormObservable, Number.NaN);
        }
      }
    }
  });

  it('samples do not see one another: alone, in any place, in odd batches', () => {
    const rng = oracle.seededRng(SEED + 31);
    for (let trial = 0; trial < 10; trial++) {
      const model = localModel(rng, { qubits: 4, features: 1 + oracle.randomInteger(rng, 16) });
      const theta = oracle.randomTheta(rng, model);
      const { batch } = oracle.randomBatch(rng, model, 5);
      for (const build of COLUMN_BUILDS) {
        const machine = columns(build, model, { batch: 5 }).withParameters(theta);
        const alone = batch.map((sample) => machine.predict([sample])[0]);
        for (let size = 2; size <= 5; size++) {
          const rows = machine.predict(batch.slice(0, size)).flat();
          assertSameBits(rows, alone.slice(0, size).flat(), `${build}, trial ${trial}, batch of ${size}`);
        }
        const backwards = machine.predict([...batch].reverse()).flat();
        assertSameBits(backwards, [...alone].reverse().flat(), `${build}, trial ${trial}, backwards`);
      }
    }
  });
});

describe('columns training: what gives a step up', () => {
  const model = oracle.paperModel(2, 1, 4, { logits: 1 });
  const good = [1, 2, 3, 4];

  for (const build of COLUMN_BUILDS) {
    it(`${build}: bad samples, bad labels and parameters that are not numbers; then it goes on`, () => {
      const [machine, reference] = [0, 1].map(() => {
        const made = columns(build, model, { rule: Rule.Adam, batch: 3 });
        ok(made.abi.parameters_initialise(), 'initialise');
        return made;
      });
      const attempt = (batch: number[][], labels: number[]) => {
        ok(machine.abi.step_begin(batch.length), 'step_begin');
        machine.fill(batch, labels);
        return machine.abi.step_advance(1e6);
      };
      for (let place = 0; place < 3; place++) {
        const put = <T>(bad: T, usual: T) => [0, 1, 2].map((b) => (b === place ? bad : usual));
        for (const bad of [
          [0, 0, 0, 0],
          [1, Number.NaN, 0, 0],
          [0, 0, 0, Number.POSITIVE_INFINITY],
        ]) {
          assert.equal(attempt(put(bad, good), [0, 1, 0]), Status.BadSample, `${bad} at ${place}`);
          assert.equal(machine.abi.predict(3, 0), Status.BadSample);
        }
        for (const label of [2, -1]) {
          assert.equal(attempt([good, good, good], put(label, 0)), Status.BadLabel, `${label} at ${place}`);
        }
      }
      const held = machine.parameters[0];
      machine.parameters[0] = Number.NaN;
      assert.equal(attempt([good], [0]), Status.Diverged);
      assert.deepEqual(machine.predict([good]), [[Number.NaN]]);
      assert.deepEqual(machine.predict([good], 20), [[Number.NaN]]);
      machine.parameters[0] = held;
      const batch = [good, [4, -3, 2, 1], [0, 1, 0, -1]];
      const [found, expected] = [machine, reference].map((one) => one.step(batch, [0, 1, 1]));
      assert.equal(found.Loss, expected.Loss);
      assert.equal(machine.trace, reference.trace);
    });

    it(`${build}: a step begun again or abandoned at any tick was never there`, () => {
      const batch = [good, [4, -3, 2, 1], [0, 1, 0, -1]];
      for (const gradient of SOURCES) {
        const fresh = () => {
          const made = columns(build, model, { rule: Rule.Nlr, gradient, batch: 3 });
          ok(made.abi.parameters_initialise(), 'initialise');
          return made;
        };
        const reference = fresh();
        const expected = [reference.step(batch, [0, 1, 1]), reference.trace];
        const work = reference.abi.step_work();
        for (let spent = 1; spent < work; spent += 3) {
          const machine = fresh();
          ok(machine.abi.step_begin(3), 'step_begin');
          machine.fill([...batch].reverse(), [1, 1, 0]);
          assert.equal(machine.abi.step_advance(spent), Status.More);
          if (spent % 2) machine.abi.step_abandon();
          assert.deepEqual([machine.step(batch, [0, 1, 1]), machine.trace], expected, `after ${spent}`);
        }
      }
    });
  }
});
