/** The columns engine, evaluation by evaluation: it computes what the dense oracle and the samples engine do. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Encoding, Engine, Gradient, Loss, Operation, Rule, Source } from '../../../assembly/abi/codes.ts';
import { assertAllClose, assertClose } from '../../support/close.ts';
import { within } from '../../support/tolerance.ts';
import { COLUMN_BUILDS, columns } from '../../support/core-columns.ts';
import { type Build, isSingle, Machine } from '../../support/core-harness.ts';
import { LOSSES_AND_LOGITS, localModel } from '../../support/core-models.ts';
import { assertExactStep, randomCase } from '../../support/engine-checks.ts';
import { TRUE_GRADIENTS } from '../../support/members.ts';
import * as oracle from '../../support/oracle/index.ts';
import { assertChiSquared } from '../../support/statistics.ts';

const SEED = 1017;

/** Builds in whose memory a model of so many qubits and columns fits. */
function buildsFor({ qubits, features }: oracle.OracleModel): Build[] {
  const small = 2 ** qubits * features <= 256;
  return COLUMN_BUILDS.filter((build) => small || build === 'release' || build === 'debug');
}

/** One exact step with every source of gradients. */
function check(model: oracle.OracleModel, rng: oracle.Rng, size: number, what: string): void {
  const drawn = randomCase(rng, model, size);
  for (const gradient of TRUE_GRADIENTS) {
    const make = (build: Build) => columns(build, model, { gradient, rule: Rule.Sgd, batch: size });
    assertExactStep(drawn, buildsFor(model), make, `${Gradient[gradient]}, seed ${SEED}, ${what}`);
  }
}

describe('columns: exact, against the dense oracle', () => {
  for (const [loss, logits] of LOSSES_AND_LOGITS) {
    it(`${Loss[loss]}, ${logits} logits: random programs, 1 to 4 qubits, batches of 1 to 5`, () => {
      const rng = oracle.seededRng(SEED + 10 * loss + logits);
      for (let trial = 0; trial < 12; trial++) {
        const qubits = 1 + (trial % 4);
        const outputs = logits === 0 ? 1 : 1 + (trial % 3);
        const encoding = trial % 6 === 5 ? Encoding.Zero : Encoding.Amplitude;
        const model = oracle.randomModel(rng, { qubits, outputs, loss, logits, encoding, linear: true });
        check(model, rng, 1 + (trial % 5), `trial ${trial}`);
      }
    });

    it(`${Loss[loss]}, ${logits} logits: observables that see a part of the qubits, or none`, () => {
      const rng = oracle.seededRng(SEED + 200 + 10 * loss + logits);
      for (let trial = 0; trial < 30; trial++) {
        const qubits = 1 + (trial % 5);
        const features = 1 + oracle.randomInteger(rng, 2 ** qubits);
        const outputs = logits === 0 ? 1 : 1 + (trial % 3);
        const readoutError = trial % 3 === 2 ? 0.07 : 0;
        const model = localModel(rng, { qubits, features, outputs }, { loss, logits, readoutError });
        check(model, rng, 1 + (trial % 5), `trial ${trial}`);
      }
    });
  }

  it('every number of features on 3 qubits', () => {
    const rng = oracle.seededRng(SEED + 1);
    for (let features = 1; features <= 8; features++) {
      const model = oracle.paperModel(3, 2, features);
      check(model, rng, 3, `${features} features`);
      check(localModel(rng, { qubits: 3, features }), rng, 3, `${features} features, few operations`);
    }
  });

  it('5 and 6 qubits: few features, all of them, and numbers in between', () => {
    const rng = oracle.seededRng(SEED + 2);
    for (const [qubits, features] of [
      [5, 1],
      [5, 19],
      [5, 32],
      [6, 3],
      [6, 8],
      [6, 33],
      [6, 64],
    ]) {
      const shape = { qubits, features, outputs: 2, logits: 3, encoding: Encoding.Amplitude };
      check(
        oracle.randomModel(rng, { ...shape, linear: true }),
        rng,
        3,
        `${qubits} qubits, ${features} features`,
      );
    }
  });

  it("the paper's model at full size, B = 5", () => {
    check(oracle.paperModel(6, 5, 8), oracle.seededRng(SEED + 3), 5, '6 qubits, 5 layers');
  });
});

describe('columns: shots, against the samples engine', () => {
  const shots = { gradient: Gradient.ParameterShift, shots: 40, batch: 3 };

  for (const diagonal of [true, false]) {
    it(`${diagonal ? 'bitstrings' : 'term by term'}: the same draws where all qubits are seen`, () => {
      const rng = oracle.seededRng(SEED + 20 + Number(diagonal));
      for (let trial = 0; trial < 12; trial++) {
        const logits = trial % 4;
        const qubits = 1 + (trial % 4);
        const outputs = logits === 0 ? 1 : 2;
        const shape = { qubits, logits, outputs, diagonal, linear: true, encoding: Encoding.Amplitude };
        const model = oracle.randomModel(rng, { ...shape, readoutError: trial % 2 ? 0.04 : 0 });
        const theta = oracle.randomTheta(rng, model);
        const { batch, labels } = oracle.randomBatch(rng, model, 3);
        for (const build of buildsFor(model)) {
          const what = `${build}, seed ${SEED}, trial ${trial}`;
          const machine = columns(build, model, shots).withParameters(theta);
          if (machine.abi.visible_qubits() !== 2 ** qubits - 1) continue;
          const reference = new Machine(build, model, shots).withParameters(theta);
          // In single precision a probability may round to the other side of a draw.
          const tolerance = within(build, 1e-12, 0.15);
          assertAllClose(
            machine.predict(batch, 300).flat(),
            reference.predict(batch, 300).flat(),
            tolerance,
            what,
          );
          if (isSingle(build)) continue;
          const [report, expected] = [machine.step(batch, labels), reference.step(batch, labels)];
          assertClose(report.Loss, expected.Loss, tolerance, `${what}: loss`);
          assertClose(report.TentativeLoss, expected.TentativeLoss, tolerance, `${what}: tentative loss`);
          assertClose(report.LossChangeError, expected.LossChangeError, tolerance, `${what}: its error`);
          assertAllClose(machine.gradient, reference.gradient, tolerance, `${what}: gradient`);
          assert.equal(report.Shots, expected.Shots, what);
          assert.equal(report.Evaluations, expected.Evaluations, what);
        }
      }
    });
  }

  it('one string alone: the same draws whatever is seen', () => {
    const rng = oracle.seededRng(SEED + 22);
    for (let trial = 0; trial < 30; trial++) {
      const qubits = 1 + (trial % 5);
      const features = 1 + oracle.randomInteger(rng, 2 ** qubits);
      const { terms, ...model } = localModel(rng, { qubits, features });
      const lone = { ...model, terms: terms.slice(0, 1) };
      const theta = oracle.randomTheta(rng, lone);
      const { batch, labels } = oracle.randomBatch(rng, lone, 3);
      const [machine, reference] = [Engine.Columns, Engine.Samples].map((engine) =>
        new Machine('release', lone, { ...shots, engine }).withParameters(theta),
      );
      const what = `seed ${SEED + 22}, trial ${trial}`;
      assertAllClose(machine.predict(batch, 99).flat(), reference.predict(batch, 99).flat(), 1e-12, what);
      machine.step(batch, labels);
      reference.step(batch, labels);
      assertAllClose(machine.gradient, reference.gradient, 1e-12, what);
    }
  });

  for (const build of COLUMN_BUILDS) {
    for (const [e, seed] of [
      [0, 71],
      [0.15, 72],
    ]) {
      it(`${build}: bitstrings of 3 seen among 5 qubits, e = ${e}, seed ${seed} (chi-squared, 5 sigma)`, () => {
        const rng = oracle.seededRng(seed);
        const operations = [0, 2, 3].flatMap((q) => [
          { kind: Operation.RX, a: q, source: Source.Parameter, index: q, scale: 1, offset: 0.3 },
          oracle.fixed(Operation.CNOT, q === 0 ? 2 : 0, q === 0 ? 3 : q),
        ]);
        const terms = [0, 2, 3].map((q, k) => oracle.zTerm(q, k));
        const shape = { operations, parameters: 4, outputs: 3, logits: 3, readoutError: e };
        const model = oracle.paperModel(5, 0, 21, { ...shape, terms, loss: Loss.CrossEntropy });
        const theta = [0.9, 0, 1.3, -0.4, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0];
        const machine = columns(build, model, { batch: 64, seed: [seed, 0] }).withParameters(theta);
        assert.equal(machine.abi.visible_qubits(), 0b01101);
        const { batch } = oracle.randomBatch(rng, model, 1);
        const copies = Array.from({ length: 64 }, () => batch[0]);
        const counts = new Array<number>(8).fill(0);
        for (let repeat = 0; repeat < 100; repeat++) {
          for (const row of machine.predict(copies, 1)) {
            counts[row.reduce((index, f) => 2 * index + Number(f < 0), 0)] += 1;
          }
        }
        const angles = oracle.circuitAngles(model, theta, batch[0]);
        const state = oracle.stateFromAngles(model, angles, batch[0]);
        const chances = new Array<number>(8).fill(0);
        state.re.forEach((re, k) => {
          // Qubits 0, 2 and 3 are bits 4, 2 and 1 of the index.
          const outcome = 4 * ((k >> 4) & 1) + 2 * ((k >> 2) & 1) + ((k >> 1) & 1);
          chances.forEach((_, read) => {
            const flips = [1, 2, 4].filter((bit) => (outcome ^ read) & bit).length;
            chances[read] += (re ** 2 + state.im[k] ** 2) * e ** flips * (1 - e) ** (3 - flips);
          });
        });
        assertChiSquared(counts, chances, 'bitstrings');
      });
    }
  }
});
