/**
 * Large states, which runs of gates go through in tiles: the states, to the last bit, and the gradients of going
 * through them gate by gate. The modules are compiled here with small tiles, so that states of 8 qubits are large.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Encoding, Gradient, Loss, Operation, Rule, Source, Status } from '../../../assembly/abi/codes.ts';
import { assertAllClose, assertClose, assertSameBits } from '../../support/close.ts';
import { type Abi, type CoreTraining, Machine, ok } from '../../support/core-harness.ts';
import { gate, pauli } from '../../support/core-heisenberg.ts';
import { constantOp, scramble } from '../../support/core-models.ts';
import { TRUE_GRADIENTS } from '../../support/members.ts';
import * as oracle from '../../support/oracle/index.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const SEED = 1117;

/** Row bits of a small tile, and of the smallest state that is large, forward too: program/runs.ts in assembly/. */
const TILE_BITS = 6;
const LEAST_BITS = 8;
/** Bytes that a run keeps of each gate. */
const GATE_BYTES = 128;
/** Bytes of the two tiles that it gathers. */
const TILES_BYTES = 2 * 32 * 2 ** TILE_BITS;

/** A module of a target with small tiles. */
async function compile(target: 'release' | 'debug'): Promise<WebAssembly.Module> {
  const folder = await mkdtemp(join(tmpdir(), 'tiles-'));
  try {
    const outFile = join(folder, 'core.wasm');
    const options = [
      '--target',
      target,
      '--use',
      'SMALL_TILES=1',
      '--optimizeLevel',
      '1',
      '--outFile',
      outFile,
    ];
    await run(process.execPath, ['node_modules/assemblyscript/bin/asc.js', ...options], { cwd: ROOT });
    return await WebAssembly.compile(await readFile(outFile));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** With SIMD, and without. */
let modules: readonly WebAssembly.Module[] = [];

before(async () => {
  modules = await Promise.all([compile('release'), compile('debug')]);
});

/** A machine that goes through its states in tiles. */
function tiled(
  model: oracle.OracleModel,
  training: Partial<CoreTraining>,
  module: WebAssembly.Module = modules[0],
): Machine {
  return new Machine('release', model, training, new WebAssembly.Instance(module, {}).exports as Abi);
}

/** A mini-batch of one sample runs over both lanes. */
const BATCHES = [1, 2];

/** Qubits from which on the states of a batch are large. */
function leastQubits(batch: number): number {
  return batch === 1 ? 10 : LEAST_BITS;
}

/** Everything that a prediction and a step leave behind. */
function outcome(
  machine: Machine,
  theta: oracle.Vector,
  samples: number[][],
  labels: number[],
  work?: number,
) {
  machine.withParameters(theta);
  const outputs = machine.predict(samples).flat();
  const { Loss: loss } = machine.step(samples, labels, work);
  return { outputs, loss, gradient: [...machine.gradient], parameters: [...machine.parameters] };
}

/** In tiles, with SIMD and without, whole and in slices, against gate by gate. @returns the outcome */
function check(
  model: oracle.OracleModel,
  rng: oracle.Rng,
  what: string,
  training: Partial<CoreTraining> & { batch: number },
) {
  const theta = oracle.randomTheta(rng, model);
  const { batch: samples, labels } = oracle.randomBatch(rng, model, training.batch);
  const plain = new Machine('release', model, training);
  const expected = outcome(plain, theta, samples, labels);
  const whole = tiled(model, training);
  assert.ok(
    whole.abi.plan() >= plain.abi.plan() + TILES_BYTES + GATE_BYTES * model.qubits,
    `${what}: the states are not large: ${whole.abi.plan()} bytes, ${plain.abi.plan()} gate by gate`,
  );
  const found = outcome(whole, theta, samples, labels);
  assertSameBits(found.outputs, expected.outputs, `${what}: outputs`);
  assertSameBits([found.loss], [expected.loss], `${what}: loss`);
  // Displaced circuits only run forward.
  if (training.gradient === Gradient.ParameterShift) {
    assertSameBits(found.gradient, expected.gradient, `${what}: gradient`);
  }
  assertAllClose(found.gradient, expected.gradient, 1e-12, `${what}: gradient`);
  assertAllClose(found.parameters, expected.parameters, 1e-11, `${what}: parameters`);
  for (const work of [1, 5]) {
    const sliced = outcome(tiled(model, training), theta, samples, labels, work);
    assert.deepEqual(sliced, found, `${what}: bits in slices of ${work}`);
  }
  assert.deepEqual(
    outcome(tiled(model, training, modules[1]), theta, samples, labels),
    found,
    `${what}: bits without SIMD`,
  );
  return { theta, samples, labels, ...found };
}

/** Z, or another letter, on every qubit: no gate drops out. */
function everywhere(qubits: number, letters = 'Z'): oracle.OracleTerm {
  return pauli(Array.from({ length: qubits }, (_, q) => letters[q % letters.length]).join(''));
}

/** Operations on a dense state, seen by a string on every qubit. */
function modelOf(
  qubits: number,
  operations: oracle.OracleOp[],
  parameters: number,
  replaced: Partial<oracle.OracleModel> = {},
): oracle.OracleModel {
  const terms = [everywhere(qubits, 'ZYX'), everywhere(qubits, 'XIZ')];
  return oracle.paperModel(qubits, 0, 2 ** qubits, { operations, parameters, terms, ...replaced });
}

describe('tiles: whole programs', () => {
  it('the chain, from dense samples and from few features', () => {
    const rng = oracle.seededRng(SEED);
    for (const batch of BATCHES) {
      for (const qubits of [leastQubits(batch), 11]) {
        for (const features of [2 ** qubits, 5]) {
          const model = oracle.paperModel(qubits, 3, features, { terms: [everywhere(qubits)] });
          check(model, rng, `${qubits} qubits, ${features} features, ${batch}`, { batch });
        }
      }
    }
  });

  it('random ones of all gates, sources and losses', () => {
    const rng = oracle.seededRng(SEED + 1);
    for (let trial = 0; trial < 24; trial++) {
      const batch = BATCHES[trial % 2];
      const logits = trial % 3;
      const qubits = leastQubits(batch) + (trial % 3 === 0 ? 1 : 0);
      const encoding = trial % 4 < 2 ? Encoding.Amplitude : Encoding.Zero;
      const outputs = logits === 0 ? 1 : 2;
      const shape = { qubits, features: 2 ** (trial % (qubits + 1)), logits, outputs, encoding };
      const model = oracle.randomModel(rng, { ...shape, extraOperations: 40 });
      check(model, rng, `trial ${trial}`, {
        batch,
        gradient: TRUE_GRADIENTS[trial % TRUE_GRADIENTS.length],
        rule: trial % 2 ? Rule.Nlr : Rule.Adam,
      });
    }
  });

  it('displaced circuits, whose rest is runs', () => {
    const rng = oracle.seededRng(SEED + 4);
    for (const batch of BATCHES) {
      const qubits = leastQubits(batch);
      const model = oracle.paperModel(qubits, 2, 2 ** qubits, { terms: [everywhere(qubits)] });
      for (const shots of [0, 20]) {
        const training = { batch, shots, gradient: Gradient.ParameterShift, rule: Rule.Sgd };
        check(model, rng, `${qubits} qubits, ${shots} shots`, training);
      }
    }
  });

  it('the gradients of the dense oracle', () => {
    const rng = oracle.seededRng(SEED + 2);
    for (const batch of BATCHES) {
      const qubits = leastQubits(batch);
      const model = oracle.paperModel(qubits, 2, 2 ** qubits, { terms: [everywhere(qubits, 'ZX')] });
      const { theta, samples, labels, gradient, loss } = check(model, rng, `${qubits} qubits`, {
        batch,
        rule: Rule.Sgd,
      });
      const objective = oracle.exactObjective(model, samples, labels);
      const all = samples.map((_, i) => i);
      assertClose(loss, objective.loss(theta, all, 0, 0).loss, 1e-12, 'loss');
      assertAllClose(gradient, objective.gradient(theta, all, 0).gradient, 1e-12, 'gradient');
    }
  });

  it('with shots, the draws of going gate by gate', () => {
    const rng = oracle.seededRng(SEED + 3);
    for (const batch of BATCHES) {
      const qubits = leastQubits(batch);
      for (const terms of [[everywhere(qubits)], [everywhere(qubits), pauli(`Z${'I'.repeat(qubits - 1)}`)]]) {
        const model = oracle.paperModel(qubits, 2, 2 ** qubits, { terms });
        const theta = oracle.randomTheta(rng, model);
        const { batch: samples } = oracle.randomBatch(rng, model, batch);
        const [found, expected] = [tiled(model, { batch }), new Machine('release', model, { batch })].map(
          (machine) => machine.withParameters(theta).predict(samples, 100),
        );
        assert.deepEqual(found, expected, `${qubits} qubits, ${terms.length} terms`);
      }
    }
  });
});

describe('tiles: runs', () => {
  /** One-qubit rotations on some qubits. */
  const turns = (qubits: readonly number[]) =>
    qubits.flatMap((q) => [gate(Operation.RX, q, q, q), gate(Operation.RY, q, q, q % 3)]);
  const cnots = (pairs: readonly (readonly [number, number])[]) =>
    pairs.map(([a, b]) => oracle.fixed(Operation.CNOT, a, b));

  for (const batch of BATCHES) {
    const qubits = leastQubits(batch);
    const all = Array.from({ length: qubits }, (_, q) => q);
    const last = qubits - 1;
    /** Qubits whose gates are on high row bits, and on low ones. */
    const high = all.slice(0, qubits - TILE_BITS - (batch === 1 ? 1 : 0));
    const low = all.slice(high.length);
    const permutations: Record<string, oracle.OracleOp[]> = {
      none: [],
      chain: cnots(all.slice(1).map((q) => [q - 1, q] as const)),
      'chain upwards': cnots(all.slice(1).map((q) => [q, q - 1] as const)),
      ring: cnots(all.map((q) => [q, (q + 1) % qubits] as const)),
      'low alone': cnots([[last - 1, last - 2]]),
      'high alone': cnots([[0, 1]]),
      'to the last': cnots([[0, last]]),
      'from the last': cnots([
        [last, 0],
        [last, last - 1],
      ]),
    };
    const unitaries: Record<string, number[]> = {
      all,
      low,
      high,
      'one low': [last - 1],
      'the last': [last],
      'one high': [0],
      none: [],
    };

    for (const [permutation, operations] of Object.entries(permutations)) {
      it(`${permutation}, before every kind of run, batch ${batch}`, () => {
        const rng = oracle.seededRng(SEED + 10);
        for (const [name, chosen] of Object.entries(unitaries)) {
          const circuit = [
            ...scramble(rng, qubits),
            ...operations,
            ...turns(chosen),
            oracle.fixed(Operation.CZ, 0, last),
            ...operations,
            ...turns(chosen),
          ];
          check(modelOf(qubits, circuit, qubits), rng, `${permutation}, ${name}`, { batch });
        }
      });
    }

    it(`a permutation and gates with nothing before them, batch ${batch}`, () => {
      const rng = oracle.seededRng(SEED + 20);
      for (const operations of [
        [...permutations.chain, ...turns(all)],
        [...permutations['high alone'], ...turns(high), ...permutations.ring, ...turns(low)],
        [...turns(low), ...permutations['high alone'], ...turns(all)],
        [...turns(all), ...permutations.ring],
      ]) {
        check(modelOf(qubits, operations, qubits), rng, `${operations.length} operations`, { batch });
      }
    });

    it(`between gates of two qubits and gates that features drive, batch ${batch}`, () => {
      const rng = oracle.seededRng(SEED + 30);
      const driven = all.map((q) => ({ ...gate(Operation.RY, q, q, q), source: Source.Feature }));
      const operations = [
        ...scramble(rng, qubits),
        gate(Operation.RXX, 0, last, 0),
        ...driven,
        ...permutations.ring,
        gate(Operation.RZZ, 0, 1, 1),
        ...turns(all),
        ...permutations.chain,
        constantOp(Operation.RX, 2, undefined, 0.3),
      ];
      for (const encoding of [Encoding.Amplitude, Encoding.Zero]) {
        check(modelOf(qubits, operations, qubits, { encoding, features: qubits }), rng, `${encoding}`, {
          batch,
        });
      }
    });
  }
});

describe('tiles: around them', () => {
  it('a step takes the work that it says, and nothing is written behind the arena', () => {
    const rng = oracle.seededRng(SEED + 40);
    for (const batch of BATCHES) {
      const qubits = leastQubits(batch) + 1;
      const model = oracle.paperModel(qubits, 2, 9, { terms: [everywhere(qubits)], loss: Loss.Hinge });
      const { batch: samples, labels } = oracle.randomBatch(rng, model, batch);
      for (const gradient of TRUE_GRADIENTS) {
        const machine = tiled(model, { batch, gradient });
        const { abi } = machine;
        const beyond = new Uint8Array(abi.memory.buffer, abi.plan()).fill(0xa5);
        ok(abi.parameters_initialise(), 'initialise');
        machine.fill(samples, labels);
        const work = abi.step_work();
        ok(abi.step_begin(batch), 'step_begin');
        assert.equal(abi.step_advance(work - 1), Status.More);
        assert.equal(abi.step_advance(1), Status.Ok);
        assert.equal(
          beyond.findIndex((byte) => byte !== 0xa5),
          -1,
          `batch ${batch}`,
        );
      }
    }
  });

  it('a step given up within a run leaves nothing behind', () => {
    const rng = oracle.seededRng(SEED + 41);
    for (const batch of BATCHES) {
      const qubits = leastQubits(batch);
      const model = oracle.paperModel(qubits, 2, 2 ** qubits, { terms: [everywhere(qubits)] });
      const theta = oracle.randomTheta(rng, model);
      const { batch: samples, labels } = oracle.randomBatch(rng, model, batch);
      const expected = outcome(tiled(model, { batch }), theta, samples, labels);
      for (const spent of [4, 9, 14, 40, 60, 70]) {
        const machine = tiled(model, { batch }).withParameters(theta);
        ok(machine.abi.step_begin(batch), 'step_begin');
        machine.fill(samples, labels);
        assert.equal(machine.abi.step_advance(spent), Status.More);
        machine.abi.step_abandon();
        assert.deepEqual(
          outcome(machine, theta, samples, labels),
          expected,
          `batch ${batch}, after ${spent}`,
        );
      }
    }
  });
});
