/** Displaced angles in the Heisenberg engine: what the displaced circuits give, without running one. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Encoding, Gradient, Loss, MAX_SHOTS, Operation, Rule, Source } from '../../../assembly/abi/codes.ts';
import { assertAllClose } from '../../support/close.ts';
import { columns } from '../../support/core-columns.ts';
import { type Build, DOUBLE_BUILDS, type Machine } from '../../support/core-harness.ts';
import { buildsFor, gate, heisenberg, localString, pauli } from '../../support/core-heisenberg.ts';
import { constantOp, LOSSES_AND_LOGITS, qubitPairs } from '../../support/core-models.ts';
import { assertExactStep, randomCase } from '../../support/engine-checks.ts';
import * as oracle from '../../support/oracle/index.ts';

const SEED = 1130;
const EXACT = { gradient: Gradient.ParameterShift, shots: 0, rule: Rule.Sgd } as const;
const ROTATIONS = oracle.KINDS.slice(0, 6);

/** One exact step on every build that has room for it.  */
function check(model: oracle.OracleModel, rng: oracle.Rng, size: number, what: string): void {
  const training = { ...EXACT, batch: size };
  const builds = buildsFor(model, training);
  const make = (build: Build) => heisenberg(build, model, training);
  assertExactStep(randomCase(rng, model, size), builds, make, `seed ${SEED}, ${what}`);
}

/** Rotations of every kind, shared and scaled parameters and constant angles among them, then a turn of every qubit. */
function rotations(rng: oracle.Rng, qubits: number, count: number): oracle.OracleOp[] {
  const drawn = Array.from({ length: count }, (_, i) => {
    const kind = ROTATIONS[oracle.randomInteger(rng, qubits > 1 ? 6 : 3)];
    const source = i % 5 === 4 ? Source.Constant : Source.Parameter;
    return oracle.randomOperation(rng, kind, source, qubits, 5, 1);
  });
  return [...drawn, ...Array.from({ length: qubits }, (_, q) => gate(oracle.KINDS[q % 3], q, q, q))];
}

function letters(rng: oracle.Rng, qubits: number): string {
  return Array.from({ length: qubits }, () => 'XYZ'[oracle.randomInteger(rng, 3)]).join('');
}

describe('heisenberg, displaced angles: exact, against the dense oracle', () => {
  for (const [loss, logits] of LOSSES_AND_LOGITS) {
    it(`${Loss[loss]}, ${logits} logits: random programs of all gates, 1 to 4 qubits, batches of 1 to 5`, () => {
      const rng = oracle.seededRng(SEED + 10 * loss + logits);
      for (let trial = 0; trial < 15; trial++) {
        const qubits = 1 + (trial % 4);
        const outputs = logits === 0 ? 1 : 1 + (trial % 3);
        const encoding = trial % 3 === 2 ? Encoding.Zero : Encoding.Amplitude;
        const model = oracle.randomModel(rng, { qubits, outputs, loss, logits, encoding, linear: true });
        check(model, rng, 1 + (trial % 5), `trial ${trial}`);
      }
    });
  }

  it('observables that see a part of the qubits, or none, with readout errors', () => {
    const rng = oracle.seededRng(SEED + 200);
    for (let trial = 0; trial < 40; trial++) {
      const qubits = 1 + (trial % 5);
      const features = 1 + oracle.randomInteger(rng, 2 ** qubits);
      const readoutError = trial % 3 === 2 ? 0.07 : 0;
      const model = localString(
        rng,
        { qubits, features, outputs: 1 + (trial % 3) },
        { logits: 1, readoutError },
      );
      check(model, rng, 1 + (trial % 5), `trial ${trial}`);
    }
  });

  it('turns of the same vector again and again, between rotations of two qubits', () => {
    const rng = oracle.seededRng(SEED + 1);
    for (let trial = 0; trial < 40; trial++) {
      const qubits = 1 + (trial % 3);
      const operations = rotations(rng, qubits, 6 + (trial % 12));
      const encoding = trial % 4 === 3 ? Encoding.Zero : Encoding.Amplitude;
      const terms = [pauli(letters(rng, qubits)), pauli(letters(rng, qubits), 0, 0.3)];
      const model = oracle.paperModel(qubits, 0, 2 ** qubits, { encoding, operations, parameters: 5, terms });
      if (!oracle.sharesBitstrings(model)) check(model, rng, 2, `trial ${trial}`);
    }
  });

  it('qubits that start in |0> without a gate of their own, at either end of a gate', () => {
    const rng = oracle.seededRng(SEED + 2);
    for (const kind of oracle.KINDS.slice(3)) {
      for (const [a, b] of qubitPairs(3)) {
        for (const features of [1, 2, 3]) {
          const operations = [gate(kind, a, b, 0), gate(Operation.RX, b, b, 1)];
          const terms = [pauli('ZZY', 0, 0.7), pauli('XYI', 0, 0.2)];
          const model = oracle.paperModel(3, 0, features, { operations, parameters: 2, terms });
          check(model, rng, 2, `${Operation[kind]}(${a}, ${b}), ${features} features`);
        }
      }
    }
  });

  it('qubits that start in |0> with a gate of their own, reached by one run of CNOTs after the other', () => {
    const rng = oracle.seededRng(SEED + 3);
    const { RX, RY, RZ } = Operation;
    for (let trial = 0; trial < 12; trial++) {
      const qubits = 3 + (trial % 3);
      const starts = oracle.shuffled(
        rng,
        Array.from({ length: qubits }, (_, q) => q),
      );
      const turned = starts.flatMap((q, i) => [
        gate(RX, q, q, i),
        constantOp(RZ, q, q, 0.3),
        gate(RY, q, q, qubits + i),
      ]);
      const chain = Array.from({ length: qubits - 1 }, (_, i) => [
        oracle.fixed(Operation.CNOT, starts[i], starts[i + 1]),
        gate(RX, starts[i], starts[i], i),
      ]).flat();
      const operations = [...turned, ...chain];
      const terms = [pauli(letters(rng, qubits))];
      const shape = { operations, parameters: 2 * qubits, terms };
      check(oracle.paperModel(qubits, 0, 1 + (trial % 4), shape), rng, 2, `trial ${trial}`);
    }
  });

  it('every number of features on 3 qubits, and the paper model at full size', () => {
    const rng = oracle.seededRng(SEED + 4);
    for (let features = 1; features <= 8; features++)
      check(oracle.paperModel(3, 2, features), rng, 3, `${features} features`);
    check(oracle.paperModel(6, 5, 8), rng, 5, 'the paper model');
  });
});

describe('heisenberg, displaced angles: every displaced circuit', () => {
  /** Where so many numbers follow one another in a core's memory, but for rounding; -1 where they do not. */
  function findIn({ abi }: Machine, numbers: readonly number[]): number {
    const memory = new Float64Array(abi.memory.buffer);
    const near = (at: number) => numbers.every((number, i) => Math.abs(memory[at + i] - number) <= 1e-12);
    return memory.findIndex((_, at) => at + numbers.length <= memory.length && near(at));
  }

  /** Of one term the elements on and above the diagonal, off it twice, of the form x -> <P>, with an angle displaced. */
  function formOf(
    model: oracle.OracleModel,
    theta: oracle.Vector,
    term: oracle.OracleTerm,
    operation: number,
    shift: number,
  ) {
    const operations = model.operations.map((op, i) =>
      i === operation ? { ...op, offset: op.offset + shift } : op,
    );
    const displaced = {
      ...model,
      operations,
      outputs: 1,
      terms: [{ ...term, output: 0, coefficient: 1 }],
      readoutError: 0,
    };
    const d = model.encoding === Encoding.Zero ? 1 : model.features;
    const at = (...ones: number[]) => {
      const x = Array.from({ length: Math.max(d, 1) }, (_, k) => (ones.includes(k) ? 1 : 0));
      return oracle.evaluate(displaced, theta, x)[0];
    };
    const diagonal = Array.from({ length: d }, (_, j) => at(j));
    return diagonal.flatMap((own, j) => [
      own,
      ...diagonal.slice(j + 1).map((other, i) => 2 * at(j, j + 1 + i) - own - other),
    ]);
  }

  it('M+ and M- of every angle and term, to 1e-12 of the displaced circuits themselves', () => {
    const rng = oracle.seededRng(SEED + 20);
    let found = 0;
    for (let trial = 0; trial < 60; trial++) {
      const qubits = 1 + (trial % 3);
      const encoding = trial % 5 === 4 ? Encoding.Zero : Encoding.Amplitude;
      const features = encoding === Encoding.Zero ? 0 : 1 + oracle.randomInteger(rng, 2 ** qubits);
      const operations =
        trial % 2
          ? rotations(rng, qubits, 5)
          : oracle.randomModel(rng, { qubits, encoding, linear: true, features }).operations;
      const terms = [pauli(letters(rng, qubits)), pauli(letters(rng, qubits))];
      const parameters = 1 + Math.max(4, ...operations.map(({ index }) => index));
      const model = oracle.paperModel(qubits, 0, Math.max(features, 1), {
        encoding,
        features,
        operations,
        parameters,
        terms,
      });
      if (oracle.sharesBitstrings(model)) continue;
      const { theta, batch, labels } = randomCase(rng, model, 1);
      const machine = heisenberg(DOUBLE_BUILDS[0], model, { ...EXACT, batch: 1 }).withParameters(theta);
      machine.step(batch, labels);
      // The columns are all features only where the observable sees all qubits.
      if (machine.abi.visible_qubits() !== 2 ** qubits - 1) continue;
      const plain = terms.map((term) => formOf(model, theta, term, -1, 0));
      operations.forEach(({ source, kind }, i) => {
        if (source !== Source.Parameter || !ROTATIONS.includes(kind as Operation)) return;
        const [plus, minus] = [Math.PI / 2, -Math.PI / 2].map((shift) =>
          terms.map((term) => formOf(model, theta, term, i, shift)),
        );
        const pad = (form: number[]) => (form.length % 2 ? [...form, 0] : form);
        const close = (a: number[][]) => a.flat().every((x, at) => Math.abs(x - plain.flat()[at]) < 1e-9);
        if (close(plus) && close(minus)) return;
        const place = findIn(machine, [...plus, ...minus].flatMap(pad));
        assert.notEqual(place, -1, `seed ${SEED + 20}, trial ${trial}, operation ${i}`);
        found += 1;
      });
    }
    assert.ok(found > 150, `${found}`);
  });

  it('the draws of the columns engine, from few shots to as many as there can be', () => {
    const rng = oracle.seededRng(SEED + 21);
    for (let trial = 0; trial < 40; trial++) {
      const qubits = 1 + (trial % 4);
      const shape = { qubits, outputs: 1 + (trial % 2), logits: 1 + (trial % 3), linear: true } as const;
      const model = oracle.randomModel(rng, { ...shape, readoutError: trial % 2 ? 0.04 : 0 });
      if (oracle.sharesBitstrings(model)) continue;
      const { theta, batch, labels } = randomCase(rng, model, 3);
      const shots = [1, 20, 1000, MAX_SHOTS][trial % 4];
      const training = { gradient: Gradient.ParameterShift, rule: Rule.Sgd, shots, batch: 3 };
      const [own, others] = [heisenberg, columns].map((made) => {
        const machine = made(DOUBLE_BUILDS[0], model, training).withParameters(theta);
        const { Loss: loss, Shots: taken, GradientNormObservable: norm } = machine.step(batch, labels);
        return [loss, taken, norm, ...machine.gradient];
      });
      // One draw on the other side would be 1 / shots away.
      assertAllClose(
        own,
        others,
        1e-13 * Math.max(1, ...others.map(Math.abs)),
        `trial ${trial}, ${shots} shots`,
      );
    }
  });
});
