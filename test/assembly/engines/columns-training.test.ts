/** Training in columns: run by run the samples engine's losses, bits of its own, and what gives a step up. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Encoding, Gradient, Rule, Status } from '../../../assembly/abi/codes.ts';
import { assertAllClose } from '../../support/close.ts';
import { COLUMN_BUILDS, columns } from '../../support/core-columns.ts';
import { type CoreTraining, hasColumns, Machine, ok, PRECISIONS } from '../../support/core-harness.ts';
import { localModel } from '../../support/core-models.ts';
import {
  assertAbandonable,
  assertNormIsOptional,
  assertSamplesApart,
  randomCase,
} from '../../support/engine-checks.ts';
import { TRUE_GRADIENTS } from '../../support/members.ts';
import * as oracle from '../../support/oracle/index.ts';
import { drawnRun } from '../../support/training-runs.ts';

const SEED = 1020;

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

describe('columns training: any number of columns', () => {
  it('has the same bits whole, where kernels go tile by tile, and in the least slices, where they do not', () => {
    for (const features of [1, 2, 3, 5, 6, 7, 9, 10, 11, 13]) {
      const model = oracle.paperModel(4, 4, features);
      const options = { rule: Rule.Nlr, samples: 9, batch: 5 };
      const whole = drawnRun(columns('release', model, options), SEED, 4);
      const sliced = drawnRun(columns('release', model, options), SEED, 4, 1);
      assert.deepEqual(sliced, whole, `${features} features`);
    }
  });
});

describe('columns training: runs', () => {
  for (const [name, model] of MODELS) {
    for (const [how, training] of RUNS) {
      const options = { ...training, samples: 9, batch: 5 };

      it(`${name}, ${how}: 25 steps as the samples engine does them, but for rounding`, () => {
        const expected = drawnRun(new Machine('release', model, options), SEED, 25).losses;
        assertAllClose(
          drawnRun(columns('release', model, options), SEED, 25).losses,
          expected,
          1e-9,
          `seed ${SEED}`,
        );
      });

      it(`${name}, ${how}: the same bits on every build with columns, however it is sliced`, () => {
        for (const builds of PRECISIONS.map((list) => list.filter(hasColumns))) {
          const reference = drawnRun(columns(builds[0], model, options), SEED, 6);
          for (const build of builds) {
            for (const work of [undefined, 1, 7, 1000]) {
              const found = drawnRun(columns(build, model, options), SEED, 6, work);
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
      const drawn = randomCase(rng, model, 3);
      for (const build of COLUMN_BUILDS) {
        for (const gradient of TRUE_GRADIENTS) {
          const make = (observableNorm: 0 | 1) =>
            columns(build, model, { gradient, observableNorm, batch: 3 });
          assertNormIsOptional(drawn, make, `${build}, ${Gradient[gradient]}`);
        }
      }
    }
  });

  it('samples do not see one another: alone, in any place, in odd batches', () => {
    const rng = oracle.seededRng(SEED + 31);
    for (let trial = 0; trial < 10; trial++) {
      const model = localModel(rng, { qubits: 4, features: 1 + oracle.randomInteger(rng, 16) });
      const { theta, batch } = randomCase(rng, model, 5);
      for (const build of COLUMN_BUILDS) {
        const machine = columns(build, model, { batch: 5 }).withParameters(theta);
        assertSamplesApart(machine, batch, `${build}, trial ${trial}`);
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
      for (const gradient of TRUE_GRADIENTS) {
        const make = () => columns(build, model, { rule: Rule.Nlr, gradient, batch: 3 });
        assertAbandonable({ batch, labels: [0, 1, 1] }, make, () => 3, Gradient[gradient]);
      }
    });
  }
});
