/** Shots: draw for draw the oracle's in double precision, 5 sigma and chi-squared in every build. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Encoding, Loss, MAX_SHOTS, Operation, Source, Status } from '../../../assembly/abi/codes.ts';
import { assertAllClose } from '../../support/close.ts';
import { BUILDS, DOUBLE_BUILDS, Machine } from '../../support/core-harness.ts';
import { termsModel, throughHead } from '../../support/core-models.ts';
import * as oracle from '../../support/oracle/index.ts';
import {
  assertChiSquared,
  assertMean,
  binomialProbabilities,
  SIGMAS,
  variance,
} from '../../support/statistics.ts';

const SEED = 1007;

/** A qubit in |0> turned by its feature: <Z> = cos(x). */
const turned = (kind: Operation, qubit: number): oracle.OracleOp => {
  return { kind, a: qubit, source: Source.Feature, index: qubit, scale: 1, offset: 0 };
};

/**
 * The same model with a term on every qubit, which counts for nothing: or the core would leave out gates that only move
 * probabilities about.
 */
function seen(model: oracle.OracleModel): oracle.OracleModel {
  const whole = { output: 0, xMask: 0, zMask: 2 ** model.qubits - 1, coefficient: 0 };
  return { ...model, terms: [...model.terms, whole] };
}

/** What the oracle measures for the n-th prediction since compile. */
function drawn(
  model: oracle.OracleModel,
  theta: number[],
  batch: number[][],
  shots: number,
  seed: [number, number],
  prediction: number,
): number[] {
  const plan = { shots, seed, purpose: oracle.PREDICT_PURPOSE };
  return batch.flatMap((sample, b) => {
    const { f } = oracle.measureSample(model, theta, sample, plan, b, prediction, oracle.EVALUATION_LOSS);
    return oracle.logits(model, theta, f);
  });
}

describe('sampler: draw for draw', () => {
  for (const build of DOUBLE_BUILDS) {
    for (const diagonal of [true, false]) {
      it(`${build}, ${diagonal ? 'bitstrings' : 'term by term'}`, () => {
        const rng = oracle.seededRng(SEED + Number(diagonal));
        for (let trial = 0; trial < 12; trial++) {
          const logits = trial % 3;
          const shape = { qubits: 1 + (trial % 4), outputs: logits === 0 ? 1 : 2, logits, diagonal };
          const readoutError = [0, 0.03, 0.5][trial % 3];
          const random = oracle.randomModel(rng, { ...shape, readoutError });
          const model = diagonal ? seen(random) : random;
          assert.equal(oracle.sharesBitstrings(model), diagonal);
          const theta = oracle.randomTheta(rng, model);
          const seed: [number, number] = [trial * 0x10000001, 0xffffffff - trial];
          const machine = new Machine(build, model, { batch: 3, seed }).withParameters(theta);
          let prediction = 0;
          for (const shots of [1, 2, 3, 20, 33, 47, 48, 75, 100, 1000, ...(diagonal ? [] : [MAX_SHOTS])]) {
            const { batch } = oracle.randomBatch(rng, model, 1 + (shots % 3));
            prediction += 1;
            const expected = drawn(model, theta, batch, shots, seed, prediction);
            const what = `seed ${SEED}, trial ${trial}, ${shots} shots`;
            assertAllClose(machine.predict(batch, shots).flat(), expected, 1e-12, what);
          }
        }
      });
    }
  }
});

describe('sampler: draw for draw, bitstrings of many outcomes', () => {
  for (const build of DOUBLE_BUILDS) {
    it(`${build}: of 5 to 7 qubits, and samples that are not in pairs`, () => {
      const rng = oracle.seededRng(SEED + 3);
      for (const qubits of [5, 6, 7]) {
        const shape = { qubits, outputs: 2, logits: 2, diagonal: true };
        const random = oracle.randomModel(rng, { ...shape, readoutError: qubits === 6 ? 0.05 : 0 });
        const model = seen(random);
        const theta = oracle.randomTheta(rng, model);
        const seed: [number, number] = [qubits, 59];
        const machine = new Machine(build, model, { batch: 3, seed }).withParameters(theta);
        [1, 20, 31, 80, 81].forEach((shots, i) => {
          const { batch } = oracle.randomBatch(rng, model, 3);
          const expected = drawn(model, theta, batch, shots, seed, i + 1);
          const what = `${qubits} qubits, ${shots} shots`;
          assertAllClose(machine.predict(batch, shots).flat(), expected, 1e-12, what);
        });
      }
    });
  }
});

describe('sampler: bits that leave two outcomes open', () => {
  for (const build of DOUBLE_BUILDS) {
    it(`${build}: those that follow decide, of either sample of a pair`, () => {
      const operations = [turned(Operation.RY, 0)];
      const strings = [oracle.zTerm(0), oracle.zTerm(1)];
      const model = termsModel(2, operations, strings, { encoding: Encoding.Zero, features: 2 });
      const theta = throughHead(model);
      for (let trial = 0; trial < 40; trial++) {
        const seed: [number, number] = [trial, 58];
        const machine = new Machine(build, model, { batch: 2, seed }).withParameters(theta);
        let prediction = 0;
        for (const [shots, at, beyond] of [
          [1, 0, 2 ** -12],
          [1, 0, -(2 ** -12)],
          [20, 0, 2 ** -12],
          [20, 17, -(2 ** -12)],
        ]) {
          prediction += 1;
          // The first outcome's probability lies within the bits' part, just behind those that follow or before them.
          const batch = [0, 1].map((sample) => {
            const bits = oracle.shotStreams(seed, sample, prediction, 0, oracle.PREDICT_PURPOSE).bitstrings();
            for (let shot = 0; shot < at; shot++) bits.next();
            const part = bits.next() + bits.more() / 2 ** 32 + beyond;
            const chance = Math.min(1, Math.max(0, part / 2 ** 16));
            return [2 * Math.atan2(Math.sqrt(1 - chance), Math.sqrt(chance)), 0];
          });
          const found = machine.predict(batch, shots);
          const what = `trial ${trial}, ${shots} shots`;
          assertAllClose(found.flat(), drawn(model, theta, batch, shots, seed, prediction), 1e-12, what);
          if (shots > 1) continue;
          for (const outputs of found) assert.deepEqual(outputs.slice(0, 2), [Math.sign(beyond), 1], what);
        }
      }
    });
  }
});

describe('sampler: which way', () => {
  const identity = { output: 0, xMask: 0, zMask: 0, coefficient: 0.5 };
  const string = { ...oracle.zTerm(1), coefficient: 0.5 };

  it('one diagonal string is a binomial draw, with or without a constant, wherever it stands', () => {
    const rng = oracle.seededRng(SEED + 2);
    for (const terms of [[string], [identity, string], [string, identity], [identity]]) {
      const model = oracle.paperModel(2, 1, 4, { terms });
      const theta = oracle.randomTheta(rng, model);
      const { batch } = oracle.randomBatch(rng, model, 2);
      for (const build of DOUBLE_BUILDS) {
        const machine = new Machine(build, model, { seed: [9, 9] }).withParameters(theta);
        const expected = drawn(model, theta, batch, 500, [9, 9], 1);
        assertAllClose(
          machine.predict(batch, 500).flat(),
          expected,
          1e-12,
          `${build}, ${terms.length} terms`,
        );
      }
    }
  });
});

for (const build of BUILDS) {
  describe(`sampler: ${build}`, () => {
    for (const [shots, angle, e, seed] of [
      [20, 1, 0, 51],
      [64, 1.7, 0, 52],
      [100, 0.4, 0.1, 53],
      [1000, 2.9, 0, 54],
      [1000, 1.9, 0, 55],
      [1000, 2.3, 0.02, 56],
    ]) {
      it(`one string: binomial, M = ${shots}, e = ${e}, seed ${seed} (chi-squared, 5 sigma)`, () => {
        const model = oracle.paperModel(1, 0, 1, {
          encoding: Encoding.Zero,
          parameters: 1,
          operations: [turned(Operation.RY, 0)],
          readoutError: e,
        });
        const machine = new Machine(build, model, { batch: 64, seed: [seed, 0] });
        const batch = Array.from({ length: 64 }, () => [angle]);
        const counts = new Array<number>(shots + 1).fill(0);
        for (let repeat = 0; repeat < 60; repeat++) {
          for (const [f] of machine.predict(batch, shots)) counts[Math.round(((1 + f) / 2) * shots)] += 1;
        }
        const p = (1 + (1 - 2 * e) * Math.cos(angle)) / 2;
        assertChiSquared(counts, binomialProbabilities(shots, p), 'binomial');
      });
    }

    it('one string, the most shots: mean and variance (seed 57, 5 sigma)', () => {
      const operations = [turned(Operation.RY, 0)];
      const model = oracle.paperModel(1, 0, 1, { encoding: Encoding.Zero, parameters: 1, operations });
      const machine = new Machine(build, model, { batch: 64, seed: [57, 0] });
      for (const angle of [0.01, 0.5, Math.PI / 2, 3]) {
        const batch = Array.from({ length: 64 }, () => [angle]);
        const draws = Array.from({ length: 40 }, () => machine.predict(batch, MAX_SHOTS).flat()).flat();
        // The expectation as this build has it: in single precision its rounding would show.
        const [[f]] = machine.predict([[angle]]);
        assertMean(draws, f, `angle ${angle}`);
        const ratio = variance(draws) / ((1 - f * f) / MAX_SHOTS);
        // The relative error of a variance from N near-normal draws is sqrt(2 / N).
        const bound = SIGMAS * Math.sqrt(2 / draws.length);
        assert.ok(Math.abs(ratio - 1) < bound, `angle ${angle}: ${ratio} times the variance`);
      }
    });

    for (const [shots, e, seed] of [
      [100, 0, 64],
      [100, 0.15, 65],
      [20, 0, 66],
      [20, 0.15, 67],
    ]) {
      it(`bitstrings, ${shots} shots ${shots < 48 ? 'at once' : 'divided'}, e = ${e}, seed ${seed} (5 sigma)`, () => {
        const operations = [turned(Operation.RY, 0), turned(Operation.RX, 1)];
        operations.push(oracle.fixed(Operation.CNOT, 0, 1));
        const strings = [oracle.zTerm(0), oracle.zTerm(1), { ...oracle.zTerm(0), zMask: 3 }];
        const replaced = { encoding: Encoding.Zero, features: 2, readoutError: e };
        const model = termsModel(2, operations, strings, replaced);
        const machine = new Machine(build, model, { batch: 64, seed: [seed, 0] });
        machine.withParameters(throughHead(model));
        const sample = [0.9, 1.8];
        const batch = Array.from({ length: 64 }, () => sample);
        const draws = Array.from({ length: 40 }, () => machine.predict(batch, shots)).flat();
        const exact = machine.predict([sample])[0];
        strings.forEach((_, t) => {
          const values = draws.map((row) => row[t]);
          assertMean(values, exact[t], `string ${t}`);
          const ratio = variance(values) / ((1 - exact[t] ** 2) / shots);
          assert.ok(
            Math.abs(ratio - 1) < SIGMAS * Math.sqrt(2 / values.length),
            `${ratio} times the variance`,
          );
          const sums = new Array<number>(shots + 1).fill(0);
          for (const value of values) sums[Math.round(((1 + value) / 2) * shots)] += 1;
          assertChiSquared(sums, binomialProbabilities(shots, (1 + exact[t]) / 2), `string ${t}`);
        });
      });
    }

    for (const [e, seed] of [
      [0, 61],
      [0.15, 62],
    ]) {
      it(`bitstrings, one shot at a time, e = ${e}, seed ${seed} (chi-squared, 5 sigma)`, () => {
        const operations = [turned(Operation.RY, 0), turned(Operation.RX, 1), turned(Operation.RY, 2)];
        operations.push(oracle.fixed(Operation.CNOT, 0, 2), oracle.fixed(Operation.CNOT, 1, 0));
        const strings = [0, 1, 2].map((q) => oracle.zTerm(q));
        const replaced = { encoding: Encoding.Zero, features: 3, readoutError: e };
        const model = termsModel(3, operations, strings, replaced);
        const machine = new Machine(build, model, { batch: 64, seed: [seed, 0] });
        machine.withParameters(throughHead(model));
        const sample = [0.9, 1.8, 2.5];
        const batch = Array.from({ length: 64 }, () => sample);
        const counts = new Array<number>(8).fill(0);
        for (let repeat = 0; repeat < 100; repeat++) {
          for (const row of machine.predict(batch, 1)) {
            counts[row.reduce((index, f) => 2 * index + Number(f < 0), 0)] += 1;
          }
        }
        const angles = oracle.circuitAngles(model, [0], sample);
        const state = oracle.stateFromAngles(model, angles, sample);
        const read = counts.map((_, outcome) => {
          let total = 0;
          for (let k = 0; k < 8; k++) {
            const flips = [0, 1, 2].filter((bit) => ((outcome ^ k) >> bit) & 1).length;
            total += (state.re[k] ** 2 + state.im[k] ** 2) * e ** flips * (1 - e) ** (3 - flips);
          }
          return total;
        });
        assertChiSquared(counts, read, 'bitstrings');
      });
    }

    it('estimates of Pauli sums are unbiased, both ways to measure (seed 63, 5 sigma)', () => {
      const rng = oracle.seededRng(63);
      for (const diagonal of [true, false]) {
        const model = oracle.randomModel(rng, {
          qubits: 3,
          outputs: 1,
          logits: 0,
          loss: Loss.Hinge,
          diagonal,
        });
        const theta = oracle.randomTheta(rng, model);
        const { batch } = oracle.randomBatch(rng, model, 1);
        const machine = new Machine(build, model, { batch: 64, seed: [63, 0] }).withParameters(theta);
        const copies = Array.from({ length: 64 }, () => batch[0]);
        const draws = Array.from({ length: 20 }, () => machine.predict(copies, 25).flat()).flat();
        assertMean(draws, oracle.evaluate(model, theta, batch[0])[0], diagonal ? 'bitstrings' : 'terms');
      }
    });

    it('certain outcomes are certain, fair ones fair, up to the most shots', () => {
      const strings = [oracle.zTerm(0), oracle.zTerm(1), { xMask: 1, zMask: 0, coefficient: 1 }];
      for (const count of [1, 2, 3]) {
        const operations = [turned(Operation.RX, 1)];
        const replaced = { encoding: Encoding.Zero, features: 2 };
        const model = termsModel(2, operations, strings.slice(0, count), replaced);
        const machine = new Machine(build, model).withParameters(throughHead(model));
        for (const shots of [1, 20, 1000, MAX_SHOTS]) {
          const [up, down] = machine.predict(
            [
              [0, 0],
              [0, Math.PI],
            ],
            shots,
          );
          assert.deepEqual(up.slice(0, 2), [1, 1].slice(0, count));
          assert.deepEqual(down.slice(0, 2), [1, -1].slice(0, count));
          const fair = [up[2] ?? 0, down[2] ?? 0];
          for (const f of fair) assert.ok(Math.abs(f) <= 5 / Math.sqrt(shots), `${f} of ${shots}`);
        }
      }
    });

    it('shots out of range are refused', () => {
      const machine = new Machine(build, oracle.paperModel(1, 1, 2));
      machine.fill([[1, 2]]);
      for (const shots of [-1, MAX_SHOTS + 1, 2 ** 31 - 1, -(2 ** 31)]) {
        assert.equal(machine.abi.predict(1, shots), Status.BadOption);
      }
      for (const count of [0, -1, 3, 2 ** 31 - 1])
        assert.equal(machine.abi.predict(count, 0), Status.BadIndex);
    });
  });
}
