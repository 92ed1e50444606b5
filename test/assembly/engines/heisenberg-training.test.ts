/** Training with the Heisenberg engine: the other engines' losses, bits of its own, and images between steps. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Encoding, Engine, Gradient, Loss, Rule, Status } from '../../../assembly/abi/codes.ts';
import { assertAllClose } from '../../support/close.ts';
import { COLUMN_BUILDS } from '../../support/core-columns.ts';
import { type CoreTraining, isSingle, Machine, ok } from '../../support/core-harness.ts';
import { buildsFor, heisenberg, localString } from '../../support/core-heisenberg.ts';
import {
  assertAbandonable,
  assertModelReadBack,
  assertNormIsOptional,
  assertSamplesApart,
  randomCase,
} from '../../support/engine-checks.ts';
import { RULES, TRUE_GRADIENTS } from '../../support/members.ts';
import * as oracle from '../../support/oracle/index.ts';
import { drawnRun, snapshot } from '../../support/training-runs.ts';

const SEED = 1031;

const RUNS: [string, Partial<CoreTraining>][] = [
  ['nlr', { rule: Rule.Nlr, rate: 0.3, negativeRate: 0.2 }],
  ['nlr-guarded', { rule: Rule.NlrGuarded }],
  ['adam', { rule: Rule.Adam, rate: 0.05 }],
  ['nlr, no norm of <O>', { rule: Rule.Nlr, observableNorm: 0 }],
  ['nlr-guarded, exact shifts', { rule: Rule.NlrGuarded, gradient: Gradient.ParameterShift }],
  ['nlr, 30 shots', { rule: Rule.Nlr, gradient: Gradient.ParameterShift, shots: 30 }],
  ['nlr-guarded, 1000 shots', { rule: Rule.NlrGuarded, gradient: Gradient.ParameterShift, shots: 1000 }],
];

const random = { qubits: 3, features: 5, outputs: 2, logits: 3, linear: true } as const;
const MODELS: [string, oracle.OracleModel][] = [
  ["the paper's, 3 qubits", oracle.paperModel(3, 2, 7)],
  [
    'a random one, softmax',
    oracle.randomModel(oracle.seededRng(SEED), { ...random, encoding: Encoding.Amplitude }),
  ],
  [
    'a random one from |0>, one logit',
    oracle.randomModel(oracle.seededRng(SEED + 1), { ...random, logits: 1, encoding: Encoding.Zero }),
  ],
];

describe('heisenberg training: runs', () => {
  for (const [name, model] of MODELS) {
    for (const [how, training] of RUNS) {
      const options = { ...training, samples: 9, batch: 5 };

      it(`${name}, ${how}: 25 steps as samples and columns do them, but for rounding`, () => {
        const { losses } = drawnRun(heisenberg('release', model, options), SEED, 25);
        for (const engine of [Engine.Samples, Engine.Columns]) {
          const expected = drawnRun(new Machine('release', model, { ...options, engine }), SEED, 25).losses;
          assertAllClose(losses, expected, 1e-9, `${Engine[engine]}, seed ${SEED}`);
        }
      });

      it(`${name}, ${how}: the same bits on every build, however it is sliced`, () => {
        const builds = buildsFor(model, options);
        for (const single of [false, true]) {
          const own = builds.filter((build) => isSingle(build) === single);
          if (own.length === 0) continue;
          const reference = drawnRun(heisenberg(own[0], model, options), SEED, 6);
          for (const build of own) {
            for (const work of [undefined, 1, 7, 1000]) {
              const found = drawnRun(heisenberg(build, model, options), SEED, 6, work);
              assert.deepEqual(found, reference, `${build}, slices of ${work}`);
            }
          }
        }
      });
    }
  }

  it('devices are among the builds of these runs', () => {
    assert.deepEqual(buildsFor(MODELS[0][1], { samples: 9, batch: 5 }), COLUMN_BUILDS);
  });

  it('without the norm of <O> it is not-a-number, and nothing else changes', () => {
    const rng = oracle.seededRng(SEED + 2);
    for (const [name, model] of MODELS) {
      const drawn = randomCase(rng, model, 3);
      for (const gradient of TRUE_GRADIENTS) {
        for (const build of buildsFor(model, { batch: 3, gradient })) {
          const make = (observableNorm: 0 | 1) =>
            heisenberg(build, model, { gradient, observableNorm, batch: 3 });
          assertNormIsOptional(drawn, make, `${build}, ${name}, ${Gradient[gradient]}`);
        }
      }
    }
  });

  it('samples do not see one another: alone, in any place, in odd batches', () => {
    const rng = oracle.seededRng(SEED + 3);
    for (let trial = 0; trial < 10; trial++) {
      const model = localString(rng, { qubits: 4, features: 1 + oracle.randomInteger(rng, 16) });
      const { theta, batch } = randomCase(rng, model, 5);
      for (const build of buildsFor(model, { batch: 5 })) {
        const machine = heisenberg(build, model, { batch: 5 }).withParameters(theta);
        assertSamplesApart(machine, batch, `${build}, trial ${trial}`);
      }
    }
  });

  it('a step begun again or abandoned at any tick was never there', () => {
    for (const [name, model] of MODELS) {
      const drawn = oracle.randomBatch(oracle.seededRng(SEED + 4), model, 3);
      for (const gradient of TRUE_GRADIENTS) {
        const make = () => heisenberg('release', model, { batch: 3, gradient });
        const stride = (work: number) => Math.max(1, Math.floor(work / 150));
        assertAbandonable(drawn, make, stride, `${name}, ${Gradient[gradient]}`);
      }
    }
  });
});

describe('heisenberg training: images', () => {
  /** Models of every shape, with a batch. */
  function* cases(seed: number, trials: number) {
    const rng = oracle.seededRng(seed);
    for (let trial = 0; trial < trials; trial++) {
      const qubits = 1 + (trial % 4);
      const features = 1 + oracle.randomInteger(rng, 2 ** qubits);
      const logits = trial % 3;
      const loss = logits > 1 ? Loss.CrossEntropy : Loss.MeanSquare;
      const shape = { qubits, features, outputs: logits === 0 ? 1 : 2 };
      const model =
        trial % 2
          ? localString(rng, shape, { logits, loss })
          : oracle.randomModel(rng, { ...shape, logits, loss, linear: true });
      yield { trial, ...randomCase(rng, model, 3) };
    }
  }

  it('written between steps, or whatever is put in their place, they change nothing', () => {
    for (const { trial, model, theta, batch, labels } of cases(SEED + 10, 24)) {
      for (const rule of RULES) {
        for (const build of buildsFor(model, { batch: 3, rule })) {
          const [machine, reference] = [0, 1].map(() =>
            heisenberg(build, model, { batch: 3, rule }).withParameters(theta),
          );
          const { abi } = machine;
          for (let t = 0; t < 4; t++) {
            machine.checkpoint();
            machine.modelImage();
            const area = new Uint8Array(abi.memory.buffer, abi.image_ptr(), abi.image_capacity());
            area.fill([0xff, 0x7f, 0, 0xa5][t]);
            for (const one of [machine, reference]) one.step(batch, labels);
            const what = `${build}, seed ${SEED + 10}, trial ${trial}, step ${t}`;
            assert.deepEqual(snapshot(machine), snapshot(reference), what);
            area.fill(0xff);
            assert.deepEqual(machine.predict(batch), reference.predict(batch), what);
          }
        }
      }
    }
  });

  it('whatever a host writes there during a step spoils that step alone', () => {
    for (const { trial, model, theta, batch, labels } of cases(SEED + 11, 12)) {
      const gradient = TRUE_GRADIENTS[trial % TRUE_GRADIENTS.length];
      for (const build of buildsFor(model, { gradient, batch: 3 })) {
        const machine = heisenberg(build, model, { gradient, batch: 3 }).withParameters(theta);
        const expected = machine.predict(batch);
        const { abi } = machine;
        const area = new Uint8Array(abi.memory.buffer, abi.image_ptr(), abi.image_capacity());
        ok(abi.step_begin(3), 'step_begin');
        machine.fill(batch, labels);
        for (let slice = 0; slice < 2000 && abi.step_advance(1) === Status.More; slice++) area.fill(0xff);
        abi.step_abandon();
        assert.deepEqual(machine.withParameters(theta).predict(batch), expected, `${build}, trial ${trial}`);
      }
    }
  });

  it('a resumed run has the bits of an uninterrupted one', () => {
    for (const { trial, model, theta, batch, labels } of cases(SEED + 12, 12)) {
      for (const rule of RULES) {
        for (const build of buildsFor(model, { batch: 3, rule })) {
          const fresh = () => heisenberg(build, model, { batch: 3, rule }).withParameters(theta);
          const whole = fresh();
          for (let t = 0; t < 3; t++) whole.step(batch, labels);
          const resumed = fresh();
          assert.equal(resumed.restore(whole.checkpoint()), Status.Ok);
          for (const machine of [whole, resumed]) for (let t = 0; t < 3; t++) machine.step(batch, labels);
          assert.deepEqual(snapshot(resumed), snapshot(whole), `${build}, ${Rule[rule]}, trial ${trial}`);
        }
      }
    }
  });

  it('a model is written and read: the same engine, predictions, image and training', () => {
    for (const { trial, model, theta, batch, labels } of cases(SEED + 13, 24)) {
      for (const build of buildsFor(model, { batch: 3 })) {
        const machine = heisenberg(build, model, { batch: 3 }).withParameters(theta);
        assertModelReadBack(machine, { batch, labels }, `${build}, seed ${SEED + 13}, trial ${trial}`);
      }
    }
  });

  it('writes nothing behind the arena, in a work area of just the bytes that it wants', () => {
    for (const { trial, model, theta, batch, labels } of cases(SEED + 14, 40)) {
      for (const size of [1, 2, 3]) {
        const gradient = TRUE_GRADIENTS[(trial + size) % TRUE_GRADIENTS.length];
        for (const build of buildsFor(model, { gradient, batch: size })) {
          const machine = heisenberg(build, model, { gradient, batch: size }).withParameters(theta);
          const { abi } = machine;
          const end = abi.plan();
          const room = Math.min(4096, abi.memory.buffer.byteLength - end);
          const beyond = new Uint8Array(abi.memory.buffer, end, room).fill(0xa5);
          for (let t = 0; t < 2; t++) machine.step(batch.slice(0, size), labels.slice(0, size));
          machine.predict(batch.slice(0, size), 7);
          const stray = beyond.findIndex((byte) => byte !== 0xa5);
          const terms = `${model.terms.length} terms, batch of ${size}, ${Gradient[gradient]}`;
          assert.equal(stray, -1, `${build}, seed ${SEED + 14}, trial ${trial}: ${terms}`);
        }
      }
    }
  });

  it('a checkpoint belongs to its engine', () => {
    const model = oracle.paperModel(2, 1, 4);
    for (const build of COLUMN_BUILDS) {
      const image = heisenberg(build, model).checkpoint();
      for (const engine of [Engine.Samples, Engine.Columns]) {
        assert.equal(new Machine(build, model, { engine }).restore(image), Status.OtherConfiguration);
      }
    }
  });
});
