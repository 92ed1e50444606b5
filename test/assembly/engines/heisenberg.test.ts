/** The Heisenberg engine, evaluation by evaluation: it computes what the dense oracle does. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Encoding, Loss, Operation, Rule, Source } from '../../../assembly/abi/codes.ts';
import { assertAllClose } from '../../support/close.ts';
import { within } from '../../support/tolerance.ts';
import { type Build, BUILDS, isDevice } from '../../support/core-harness.ts';
import { buildsFor, gate, heisenberg, localString, pauli } from '../../support/core-heisenberg.ts';
import { LOSSES_AND_LOGITS, qubitPairs } from '../../support/core-models.ts';
import { assertExactStep, randomCase } from '../../support/engine-checks.ts';
import * as oracle from '../../support/oracle/index.ts';

const SEED = 1030;
const ROTATIONS = oracle.KINDS.slice(0, 6);

/** One exact step on every build that has room for it. @returns those */
function check(model: oracle.OracleModel, rng: oracle.Rng, size: number, what: string): readonly Build[] {
  const builds = buildsFor(model, { batch: size });
  const make = (build: Build) => heisenberg(build, model, { rule: Rule.Sgd, batch: size });
  assertExactStep(randomCase(rng, model, size), builds, make, `seed ${SEED}, ${what}`);
  return builds;
}

describe('heisenberg: exact, against the dense oracle', () => {
  for (const [loss, logits] of LOSSES_AND_LOGITS) {
    it(`${Loss[loss]}, ${logits} logits: random programs of all gates, 1 to 4 qubits, batches of 1 to 5`, () => {
      const rng = oracle.seededRng(SEED + 10 * loss + logits);
      let onDevices = 0;
      for (let trial = 0; trial < 15; trial++) {
        const qubits = 1 + (trial % 4);
        const outputs = logits === 0 ? 1 : 1 + (trial % 3);
        const encoding = trial % 3 === 2 ? Encoding.Zero : Encoding.Amplitude;
        const model = oracle.randomModel(rng, { qubits, outputs, loss, logits, encoding, linear: true });
        onDevices += Number(check(model, rng, 1 + (trial % 5), `trial ${trial}`).some(isDevice));
      }
      assert.ok(onDevices >= 5 || !BUILDS.some(isDevice), `${onDevices} on devices`);
    });

    it(`${Loss[loss]}, ${logits} logits: observables that see a part of the qubits, or none`, () => {
      const rng = oracle.seededRng(SEED + 200 + 10 * loss + logits);
      for (let trial = 0; trial < 30; trial++) {
        const qubits = 1 + (trial % 5);
        const features = 1 + oracle.randomInteger(rng, 2 ** qubits);
        const outputs = logits === 0 ? 1 : 1 + (trial % 3);
        const readoutError = trial % 3 === 2 ? 0.07 : 0;
        const shape = { qubits, features, outputs };
        check(
          localString(rng, shape, { loss, logits, readoutError }),
          rng,
          1 + (trial % 5),
          `trial ${trial}`,
        );
      }
    });
  }

  it('every two gates one after the other, every string on 2 qubits', () => {
    const rng = oracle.seededRng(SEED + 1);
    // All strings but the identity, an output each, and a softmax that weighs them all.
    const strings = Array.from({ length: 15 }, (_, i) =>
      ['IXYZ'[(i + 1) >> 2], 'IXYZ'[(i + 1) & 3]].join(''),
    );
    const terms = strings.map((string, k) => pauli(string, k));
    for (const first of oracle.KINDS) {
      for (const second of oracle.KINDS) {
        for (const encoding of [Encoding.Amplitude, Encoding.Zero]) {
          const [[a, b], [c, d]] = [0, 1].map(() => qubitPairs(2)[oracle.randomInteger(rng, 2)]);
          const turns = [0, 1].map((q) => gate(Operation.RY, q, q, 2 + q));
          const operations = [gate(first, a, b, 0), gate(second, c, d, 1), ...turns];
          const shape = { encoding, operations, parameters: 4, terms, outputs: 15, logits: 2 };
          const model = oracle.paperModel(2, 0, 4, { ...shape, loss: Loss.CrossEntropy });
          const gates = [`${Operation[first]}(${a}, ${b})`, `${Operation[second]}(${c}, ${d})`];
          check(model, rng, 1, `${Encoding[encoding]}, ${gates}`);
        }
      }
    }
  });

  it('turns of the same vector again and again, between rotations of two qubits', () => {
    const rng = oracle.seededRng(SEED + 2);
    for (let trial = 0; trial < 40; trial++) {
      const qubits = 2 + (trial % 2);
      const operations = Array.from({ length: 6 + (trial % 12) }, () => {
        const kind = ROTATIONS[oracle.randomInteger(rng, 6)];
        return oracle.randomOperation(
          rng,
          kind,
          trial % 5 ? Source.Parameter : Source.Constant,
          qubits,
          5,
          1,
        );
      });
      operations.push(...Array.from({ length: qubits }, (_, q) => gate(oracle.KINDS[q % 3], q, q, q)));
      const letters = Array.from({ length: qubits }, () => 'XYZ'[oracle.randomInteger(rng, 3)]).join('');
      const encoding = trial % 4 === 3 ? Encoding.Zero : Encoding.Amplitude;
      const shape = { encoding, operations, parameters: 5, terms: [pauli(letters)] };
      check(oracle.paperModel(qubits, 0, 2 ** qubits, shape), rng, 2, `trial ${trial}, ${letters}`);
    }
  });

  it('RZZ between turns of its qubits, the smallest case', () => {
    const { RX, RY, RZ, RZZ } = Operation;
    const chains = [
      [gate(RX, 0, 0, 0), gate(RZZ, 0, 1, 1), gate(RX, 0, 0, 2)],
      [gate(RX, 0, 0, 0), gate(RZZ, 0, 1, 1), gate(RX, 0, 0, 2), gate(RZZ, 1, 0, 3), gate(RY, 1, 1, 4)],
      [gate(RZZ, 0, 1, 0), gate(RX, 1, 1, 1), gate(RZ, 0, 0, 2), gate(RZZ, 0, 1, 3), gate(RX, 1, 1, 4)],
    ];
    const rng = oracle.seededRng(SEED + 3);
    for (const operations of chains) {
      for (const letters of ['YI', 'ZI', 'IX', 'YY', 'XZ', 'ZY']) {
        for (const features of [1, 2, 3, 4]) {
          const shape = { operations, parameters: 5, terms: [pauli(letters)] };
          check(oracle.paperModel(2, 0, features, shape), rng, 3, `${letters}, ${features} features`);
        }
      }
    }
  });

  it('every number of features on 3 qubits', () => {
    const rng = oracle.seededRng(SEED + 4);
    for (let features = 1; features <= 8; features++) {
      check(oracle.paperModel(3, 2, features), rng, 3, `${features} features`);
      check(localString(rng, { qubits: 3, features }), rng, 3, `${features} features, few operations`);
    }
  });

  it('qubits that start in |0> without a gate of their own, at either end of a gate', () => {
    const rng = oracle.seededRng(SEED + 5);
    for (const kind of oracle.KINDS.slice(3)) {
      for (const [a, b] of qubitPairs(3)) {
        for (const features of [1, 2, 3]) {
          const operations = [gate(kind, a, b, 0), gate(Operation.RX, b, b, 1)];
          for (const letters of ['XII', 'IYX', 'ZZY', 'IIZ']) {
            const shape = {
              operations,
              parameters: 2,
              terms: [pauli(letters, 0, 0.7), pauli('XYI', 0, 0.2)],
            };
            const what = `${Operation[kind]}(${a}, ${b}), ${letters}, ${features} features`;
            check(oracle.paperModel(3, 0, features, shape), rng, 2, what);
          }
        }
      }
    }
  });

  it('features on qubits that the string never reaches', () => {
    const rng = oracle.seededRng(SEED + 6);
    for (const features of [5, 8, 11, 16]) {
      for (let q = 0; q < 4; q++) {
        const next = (q + 1) % 4;
        const operations = [
          gate(Operation.RY, q, q, 0),
          gate(Operation.CNOT, next, q, 0),
          gate(Operation.RX, q, q, 1),
        ];
        for (const letter of ['X', 'Y', 'Z']) {
          const terms = [pauli('IIII'.substring(0, q) + letter + 'IIII'.substring(q + 1))];
          const model = oracle.paperModel(4, 0, features, { operations, parameters: 2, terms });
          check(model, rng, 3, `${letter} on qubit ${q}, ${features} features`);
        }
      }
    }
  });

  it('5 and 6 qubits, and the paper model at full size', () => {
    const rng = oracle.seededRng(SEED + 7);
    for (const [qubits, layers, features] of [
      [5, 2, 19],
      [6, 2, 64],
      [6, 5, 8],
    ]) {
      check(oracle.paperModel(qubits, layers, features), rng, 5, `${qubits} qubits, ${features} features`);
    }
    const shape = { qubits: 5, features: 13, outputs: 2, logits: 3, encoding: Encoding.Amplitude };
    check(oracle.randomModel(rng, { ...shape, linear: true }), rng, 3, 'random, 5 qubits');
  });
});

describe('heisenberg: predictions with shots', () => {
  it('term by term: the very draws of the oracle', () => {
    const rng = oracle.seededRng(SEED + 20);
    const seed = [71, 72] as const;
    for (let trial = 0; trial < 24; trial++) {
      const qubits = 1 + (trial % 4);
      const logits = trial % 4;
      const shape = { qubits, logits, outputs: logits === 0 ? 1 : 2, linear: true };
      const model = oracle.randomModel(rng, { ...shape, readoutError: trial % 2 ? 0.04 : 0 });
      assert.equal(oracle.sharesBitstrings(model), false);
      const theta = oracle.randomTheta(rng, model);
      const { batch } = oracle.randomBatch(rng, model, 3);
      const plan = { shots: 300, seed, purpose: oracle.PREDICT_PURPOSE };
      for (const build of buildsFor(model, { batch: 3 })) {
        const machine = heisenberg(build, model, { batch: 3, seed }).withParameters(theta);
        for (const call of [1, 2]) {
          const expected = batch.flatMap((x, b) => {
            const { f } = oracle.measureSample(model, theta, x, plan, b, call, 0);
            return oracle.logits(model, theta, f);
          });
          const rows = machine.predict(batch, plan.shots).flat();
          // In single precision a probability may round to the other side of a draw.
          const tolerance = within(build, 1e-12, 0.15);
          assertAllClose(
            rows,
            expected,
            tolerance,
            `${build}, seed ${SEED + 20}, trial ${trial}, call ${call}`,
          );
        }
      }
    }
  });
});
