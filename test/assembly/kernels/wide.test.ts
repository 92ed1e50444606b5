/** One large sample alone, its amplitudes over both lanes: what the same sample gives in a batch of two. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  Encoding,
  Gradient,
  Loss,
  MAX_QUBITS,
  Operation,
  Rule,
  Source,
  Status,
  TWO_QUBIT_OPERATIONS,
} from '../../../assembly/abi/codes.ts';
import { assertAllClose, assertClose, assertSameBits } from '../../support/close.ts';
import {
  type Build,
  BUILDS,
  type CoreTraining,
  hasColumns,
  isDevice,
  load,
  Machine,
  ok,
  putImage,
} from '../../support/core-harness.ts';
import { gate, pauli } from '../../support/core-heisenberg.ts';
import { scramble } from '../../support/core-models.ts';
import { TRUE_GRADIENTS, RULES } from '../../support/members.ts';
import * as oracle from '../../support/oracle/index.ts';

const SEED = 1035;
/** The fewest qubits of a state that runs alone. */
const QUBITS = 10;
const LAST = QUBITS - 1;
/** The builds that run such states alone; the others that have memory for them run two samples as ever. */
const ALONE_BUILDS: readonly Build[] = BUILDS.filter((build) => hasColumns(build) && !isDevice(build));

/** Everything that a prediction and a step leave behind. */
interface Outcome {
  outputs: number[];
  losses: number[];
  norms: number[];
  gradient: number[];
  parameters: number[];
}

/** Predicts one sample, exactly and with shots. */
function outputsOf(machine: Machine, theta: oracle.Vector, sample: number[]): number[] {
  machine.withParameters(theta);
  return [...machine.predict([sample])[0], ...machine.predict([sample], 50)[0]];
}

/** Predicts one sample, and takes a step on it. */
function run(machine: Machine, theta: oracle.Vector, sample: number[], label: number): Outcome {
  const outputs = outputsOf(machine, theta, sample);
  const report = machine.step([sample], [label]);
  return {
    outputs,
    losses: [report.Loss, ...(machine.training.rule === Rule.Nlr ? [report.TentativeLoss] : [])],
    norms: [report.GradientNormLoss, report.GradientNormObservable],
    gradient: [...machine.gradient],
    parameters: [...machine.parameters],
  };
}

/** The sample alone against the same sample in a batch that has room for two. */
function check(
  model: oracle.OracleModel,
  rng: oracle.Rng,
  what: string,
  training: Partial<CoreTraining> = {},
): void {
  const theta = oracle.randomTheta(rng, model);
  const { batch, labels } = oracle.randomBatch(rng, model, 1);
  const pair = new Machine('release', model, { ...training, batch: 2 });
  const expected = run(pair, theta, batch[0], labels[0]);
  // The one build with memory for such states that runs them as two samples, alone or not.
  // It predicts, whatever the rule.
  const { rule: _, ...predicting } = training;
  const compact = new Machine('compact', model, { ...predicting, batch: 1 });
  assert.deepEqual(
    outputsOf(compact, theta, batch[0]),
    expected.outputs,
    `compact, seed ${SEED}, ${what}: two samples`,
  );
  let first: Outcome | undefined;
  for (const build of ALONE_BUILDS) {
    const where = `${build}, seed ${SEED}, ${what}`;
    const found = run(new Machine(build, model, { ...training, batch: 1 }), theta, batch[0], labels[0]);
    first ??= found;
    assert.deepEqual(found, first, `${where}: bits differ`);
    assertAllClose(found.outputs, expected.outputs, 1e-12, `${where}: outputs`);
    assertAllClose(found.losses, expected.losses, 1e-11, `${where}: losses`);
    assertAllClose(found.norms, expected.norms, 1e-11, `${where}: norms`);
    assertAllClose(found.gradient, expected.gradient, 1e-11, `${where}: gradient`);
    assertAllClose(found.parameters, expected.parameters, 1e-11, `${where}: parameters`);
  }
}

/** A state of no symmetry, the operations, and a turn of every qubit behind them. */
function around(rng: oracle.Rng, operations: oracle.OracleOp[]): oracle.OracleOp[] {
  const chain = [oracle.fixed(Operation.CNOT, LAST, 0), oracle.fixed(Operation.CNOT, 4, LAST)];
  return [...scramble(rng, QUBITS), ...chain, ...operations, ...scramble(rng, QUBITS)];
}

/** One string with letters on a few qubits. */
function string(letters: Partial<Record<number, string>>, output = 0, coefficient = 1): oracle.OracleTerm {
  const all = Array.from({ length: QUBITS }, (_, q) => letters[q] ?? 'I');
  return pauli(all.join(''), output, coefficient);
}

describe('single: gates that touch the last qubit', () => {
  const terms = [
    string({ 0: 'Y', 9: 'X' }, 0, 0.6),
    string({ 4: 'Z', 9: 'Y' }, 0, -0.3),
    string({ 9: 'Z' }, 0, 0.2),
  ];

  for (const kind of oracle.KINDS) {
    it(`${Operation[kind]}, with every partner, from either side`, () => {
      const rng = oracle.seededRng(SEED + kind);
      const partners = (TWO_QUBIT_OPERATIONS >> kind) & 1 ? [0, 5, 8] : [LAST];
      for (const [p, partner] of partners.entries()) {
        for (const [a, b] of partner === LAST
          ? [[LAST, LAST]]
          : [
              [LAST, partner],
              [partner, LAST],
            ]) {
          const operations = around(rng, [
            gate(kind, a, b, 0),
            gate(Operation.RY, 9, 9, 1),
            gate(kind, a, b, 2),
          ]);
          for (const gradient of TRUE_GRADIENTS) {
            const shape = { operations, parameters: 3, terms };
            const model = oracle.paperModel(QUBITS, 0, p % 2 ? 1 : 2 ** QUBITS, shape);
            check(model, rng, `${Operation[kind]}(${a}, ${b}), ${Gradient[gradient]}`, { gradient });
          }
        }
      }
    });
  }

  it('the other qubits too, each by all gates', () => {
    const rng = oracle.seededRng(SEED + 20);
    for (let q = 0; q < QUBITS; q++) {
      const operations = oracle.KINDS.map((kind, p) => gate(kind, q, (q + 1 + (p % LAST)) % QUBITS, p));
      const model = oracle.paperModel(QUBITS, 0, 700, {
        operations: around(rng, operations),
        parameters: 8,
        terms,
      });
      check(model, rng, `qubit ${q}`);
    }
  });
});

describe('single: measurement', () => {
  const operations = (rng: oracle.Rng) =>
    around(rng, [gate(Operation.RYY, 9, 0, 0), gate(Operation.CNOT, 9, 3, 0), gate(Operation.RX, 9, 9, 1)]);

  it('every letter on the last qubit, alone and with others, exact and with shots', () => {
    const rng = oracle.seededRng(SEED + 30);
    for (const letter of 'XYZ') {
      for (const others of [{}, { 0: 'X' }, { 0: 'Y' }, { 8: 'Y', 2: 'Y' }, { 8: 'Z', 0: 'X', 5: 'Y' }]) {
        const terms = [string({ ...others, 9: letter }), string(others, 0, 0.1)];
        const model = oracle.paperModel(QUBITS, 0, 3, { operations: operations(rng), parameters: 2, terms });
        for (const gradient of TRUE_GRADIENTS) {
          check(model, rng, `${letter} and ${JSON.stringify(others)}, ${Gradient[gradient]}`, { gradient });
        }
        const shots = { gradient: Gradient.ParameterShift, shots: 30, rule: Rule.NlrGuarded };
        check({ ...model, readoutError: 0.03 }, rng, `${letter}, shots term by term`, shots);
      }
    }
  });

  it('bitstrings: the draws of the batch of two', () => {
    const rng = oracle.seededRng(SEED + 31);
    for (const readoutError of [0, 0.02]) {
      const terms = [0, 4, 8, 9].map((q, k) => string({ [q]: 'Z' }, k % 2, 0.5));
      const head = { outputs: 2, logits: 3, loss: Loss.CrossEntropy, readoutError };
      const shape = { operations: operations(rng), parameters: 2, terms, ...head };
      const shots = { gradient: Gradient.ParameterShift, shots: 30 };
      for (const rule of RULES) {
        check(oracle.paperModel(QUBITS, 0, 900, shape), rng, `${Rule[rule]}, e = ${readoutError}`, {
          ...shots,
          rule,
        });
      }
    }
  });
});

describe('single: whole programs', () => {
  it('random ones of all gates, sources and losses, 10 and 11 qubits', () => {
    const rng = oracle.seededRng(SEED + 40);
    for (let trial = 0; trial < 24; trial++) {
      const logits = trial % 3;
      const shape = { qubits: 10 + (trial % 2), features: 1 + oracle.randomInteger(rng, 1024), logits };
      const outputs = logits === 0 ? 1 : 2;
      const encoding = trial % 4 < 2 ? Encoding.Amplitude : Encoding.Zero;
      const model = oracle.randomModel(rng, { ...shape, outputs, encoding, diagonal: trial % 5 === 0 });
      const rule = trial % 2 ? Rule.Nlr : Rule.Adam;
      check(model, rng, `trial ${trial}`, { gradient: TRUE_GRADIENTS[trial % TRUE_GRADIENTS.length], rule });
    }
  });

  it('the first gates of fresh qubits, in any order', () => {
    const rng = oracle.seededRng(SEED + 41);
    for (const order of [[0, 9], [9, 0], [9], [1, 9, 5], [8, 9]]) {
      for (const encoding of [Encoding.Zero, Encoding.Amplitude]) {
        const operations = order.flatMap((q, p) => [
          gate(Operation.RX, q, q, p),
          gate(Operation.RZ, q, q, p),
        ]);
        operations.push(
          oracle.fixed(Operation.CZ, 9, order[0] === 9 ? 0 : order[0]),
          gate(Operation.RYY, 9, 4, 3),
        );
        const terms = [string({ 9: 'Y' }), string({ [order[0]]: 'X' })];
        const model = oracle.paperModel(QUBITS, 0, 2, { encoding, operations, parameters: 4, terms });
        check(model, rng, `${Encoding[encoding]}, ${order}`);
      }
    }
  });

  it('many steps, resumed from a checkpoint or a model, however they are sliced: the same bits', () => {
    const rng = oracle.seededRng(SEED + 42);
    const model = oracle.paperModel(QUBITS, 2, 1000, { terms: [string({ 9: 'X' }), string({ 0: 'Z' })] });
    const theta = oracle.randomTheta(rng, model);
    const { batch, labels } = oracle.randomBatch(rng, model, 1);
    for (const gradient of TRUE_GRADIENTS) {
      const training = { gradient, rule: Rule.Adam, batch: 1 };
      const fresh = (build: Build) => new Machine(build, model, training).withParameters(theta);
      const whole = fresh('release');
      for (let t = 0; t < 4; t++) whole.step(batch, labels);
      for (const build of ALONE_BUILDS) {
        const machine = fresh(build);
        for (let t = 0; t < 2; t++) machine.step(batch, labels, 40);
        const resumed = fresh(build);
        assert.equal(resumed.restore(machine.checkpoint()), Status.Ok);
        for (let t = 0; t < 2; t++) resumed.step(batch, labels, 7);
        const what = `${build}, ${Gradient[gradient]}, seed ${SEED + 42}`;
        assertSameBits(resumed.parameters, whole.parameters, what);
        assert.equal(resumed.trace, whole.trace, what);
        const image = resumed.modelImage();
        const abi = load(build);
        putImage(abi, image);
        ok(abi.model_read(image.length), 'model_read');
        const other = Object.assign(Object.create(resumed) as Machine, { abi });
        assert.deepEqual(other.predict(batch), resumed.predict(batch), what);
      }
    }
  });

  it('the work area is that of one state of both lanes, and nothing is written behind the arena', () => {
    const rng = oracle.seededRng(SEED + 43);
    for (const encoding of [Encoding.Amplitude, Encoding.Zero]) {
      const model = oracle.randomModel(rng, { qubits: QUBITS, encoding, logits: 0, outputs: 1 });
      const { batch, labels } = oracle.randomBatch(rng, model, 1);
      for (const build of ALONE_BUILDS) {
        const alone = new Machine(build, model, { batch: 1 });
        const pair = new Machine(build, model, { batch: 2 });
        // Three states of 2^n amplitudes, 16 bytes each, in place of three pairs of them.
        const spared = pair.abi.plan() - alone.abi.plan();
        assert.ok(spared >= 3 * 16 * 2 ** QUBITS, `${build}: ${spared} bytes less`);
        const { buffer } = alone.abi.memory;
        const beyond = new Uint8Array(buffer, alone.abi.plan()).fill(0xa5);
        alone.withParameters(oracle.randomTheta(rng, model)).step(batch, labels);
        alone.predict(batch, 20);
        assert.equal(
          beyond.findIndex((byte) => byte !== 0xa5),
          -1,
          `${build}, ${Encoding[encoding]}, seed ${SEED + 43}`,
        );
      }
    }
  });

  it('the work of a step is what it says', () => {
    const rng = oracle.seededRng(SEED + 44);
    const model = oracle.randomModel(rng, { qubits: QUBITS, logits: 1, outputs: 2 });
    const { batch, labels } = oracle.randomBatch(rng, model, 1);
    for (const gradient of TRUE_GRADIENTS) {
      const machine = new Machine('release', model, { gradient, batch: 1 });
      ok(machine.abi.parameters_initialise(), 'initialise');
      machine.fill(batch, labels);
      const work = machine.abi.step_work();
      ok(machine.abi.step_begin(1), 'step_begin');
      assert.equal(machine.abi.step_advance(work - 1), Status.More);
      assert.equal(machine.abi.step_advance(1), Status.Ok);
    }
  });

  it(`the gradient of a shallow circuit on ${MAX_QUBITS} qubits`, () => {
    const turns = Array.from({ length: MAX_QUBITS }, (_, q) => gate(Operation.RY, q, q, q));
    const chain = Array.from({ length: MAX_QUBITS - 1 }, (_, q) => oracle.fixed(Operation.CZ, q, q + 1));
    const last = MAX_QUBITS - 1;
    const operations = [...turns, ...chain, gate(Operation.RX, last, last, MAX_QUBITS)];
    const terms = [{ output: 0, xMask: 0, zMask: 1 << last, coefficient: 1 }];
    const shape = { encoding: Encoding.Zero, operations, parameters: MAX_QUBITS + 1, terms };
    const model = oracle.paperModel(MAX_QUBITS, 0, 1, shape);
    const theta = oracle.randomTheta(oracle.seededRng(SEED + 45), model);
    const machine = new Machine('release', model, { rule: Rule.Sgd, batch: 1 }).withParameters(theta);
    const { Loss: loss } = machine.step([[1]], [1]);
    // RX makes cos u Z + sin u Y of Z; CZ leaves Z alone, and no qubit that RY turned has any <Y>.
    const [t, u] = [theta[last], theta[MAX_QUBITS]];
    const f = Math.cos(u) * Math.cos(t);
    assertClose(loss, (f - 1) ** 2, 1e-12, 'loss');
    const expected = new Array<number>(MAX_QUBITS + 1).fill(0);
    expected[last] = 2 * (f - 1) * -Math.cos(u) * Math.sin(t);
    expected[MAX_QUBITS] = 2 * (f - 1) * -Math.sin(u) * Math.cos(t);
    assertAllClose(machine.gradient, expected, 1e-12, `seed ${SEED + 45}`);
  });
});

describe('single: at its edges', () => {
  it('features drive gates', () => {
    const rng = oracle.seededRng(SEED + 50);
    const driven = [0, 4, 9].map((q, k) => ({ ...gate(Operation.RY, q, q, k), source: Source.Feature }));
    const operations = [...driven, gate(Operation.RXX, 9, 0, 0), gate(Operation.RX, 9, 9, 1)];
    for (const encoding of [Encoding.Zero, Encoding.Amplitude]) {
      const shape = { encoding, operations, parameters: 2, terms: [string({ 9: 'Z', 4: 'X' })] };
      check(oracle.paperModel(QUBITS, 0, 3, shape), rng, Encoding[encoding]);
    }
  });

  it('9 qubits run as two samples do: the same bits', () => {
    const rng = oracle.seededRng(SEED + 51);
    const model = oracle.paperModel(9, 1, 100);
    const theta = oracle.randomTheta(rng, model);
    const { batch, labels } = oracle.randomBatch(rng, model, 1);
    for (const build of ALONE_BUILDS) {
      const [alone, pair] = [1, 2].map((size) => {
        const machine = new Machine(build, model, { batch: size });
        return run(machine, theta, batch[0], labels[0]);
      });
      assert.deepEqual(alone, pair, build);
    }
  });
});
