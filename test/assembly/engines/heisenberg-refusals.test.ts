/** What the Heisenberg engine refuses, and what it still takes. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Encoding, Engine, Gradient, Operation, Rule, Source, Status } from '../../../assembly/abi/codes.ts';
import { assertAllClose } from '../../support/close.ts';
import { COLUMN_BUILDS, columns } from '../../support/core-columns.ts';
import {
  addProgram,
  BUILDS,
  type Build,
  type CoreTraining,
  DEFAULTS,
  hasColumns,
  isDevice,
  load,
  ok,
  optionValues,
} from '../../support/core-harness.ts';
import { gate, heisenberg, pauli, sweeps } from '../../support/core-heisenberg.ts';
import * as oracle from '../../support/oracle/index.ts';

const SEED = 1032;

describe('heisenberg refusals', () => {
  /** Compiles with plenty of memory. @returns the status, and the engine */
  function compiled(build: Build, model: oracle.OracleModel, training: Partial<CoreTraining>) {
    const abi = load(build);
    const workspace = isDevice(build) ? 20_000 : 100_000_000;
    const options = { ...DEFAULTS, engine: Engine.Heisenberg, workspace, batch: 20, ...training };
    for (const [key, value] of optionValues(model, options)) ok(abi.configure(key, value), 'configure');
    // The builds with one engine have no name for it.
    return [addProgram(abi, model), abi.engine_in_use?.() ?? 0];
  }

  /** A string of so many letters on its own, X on every qubit, behind one turn each. */
  function wide(qubits: number, weight: number): oracle.OracleModel {
    const operations = Array.from({ length: weight }, (_, q) => gate(Operation.RY, q, q, 0));
    const terms = [pauli('X'.repeat(weight) + 'I'.repeat(qubits - weight))];
    return oracle.paperModel(qubits, 0, 2, { encoding: Encoding.Zero, operations, parameters: 1, terms });
  }

  const refused = [Status.BadCombination, 0];

  it('builds without it', () => {
    for (const build of BUILDS) {
      const expected = hasColumns(build) ? [Status.Ok, Engine.Heisenberg] : refused;
      assert.deepEqual(compiled(build, oracle.paperModel(2, 1, 4), {}), expected, build);
    }
  });

  it('joint measurement, whether shots are drawn or not', () => {
    const terms = [pauli('ZI'), pauli('IZ')];
    const model = oracle.paperModel(2, 1, 4, { terms });
    for (const build of COLUMN_BUILDS) {
      assert.deepEqual(compiled(build, model, {}), refused, build);
      const apart = { ...model, terms: [...terms, pauli('XI')] };
      assert.deepEqual(
        compiled(build, apart, {}),
        [Status.Ok, Engine.Heisenberg],
        `${build}, an X among them`,
      );
    }
  });

  it('the parameter shift of joint measurements, with shots and without', () => {
    const joint = oracle.paperModel(2, 1, 4, { terms: [pauli('ZI'), pauli('IZ')] });
    for (const build of COLUMN_BUILDS) {
      for (const shots of [0, 10]) {
        const training = { gradient: Gradient.ParameterShift, shots };
        assert.deepEqual(compiled(build, joint, training), refused, build);
        const alone = sweeps(build) ? [Status.Ok, Engine.Heisenberg] : refused;
        assert.deepEqual(compiled(build, oracle.paperModel(2, 1, 4), training), alone, build);
      }
    }
  });

  it('gates that features drive, as far as the observable sees', () => {
    const driven = (q: number) => ({ ...gate(Operation.RY, q, q, 0), source: Source.Feature });
    for (const encoding of [Encoding.Zero, Encoding.Amplitude]) {
      for (const build of COLUMN_BUILDS) {
        const model = (operations: oracle.OracleOp[]) =>
          oracle.paperModel(2, 1, 3, { encoding, operations, terms: [pauli('ZI')] });
        const seen = model([driven(0), ...oracle.paperAnsatz(2, 1)]);
        assert.deepEqual(compiled(build, seen, {}), refused, build);
        const hidden = model([...oracle.paperAnsatz(2, 1), driven(1)]);
        assert.deepEqual(compiled(build, hidden, {}), [Status.Ok, Engine.Heisenberg], build);
      }
    }
  });

  it('strings over more than 10 qubits, and those that grow so far', () => {
    for (const build of COLUMN_BUILDS.filter((build) => !isDevice(build))) {
      const taken = [Status.Ok, Engine.Heisenberg];
      assert.deepEqual(compiled(build, wide(11, 10), {}), taken, build);
      assert.deepEqual(compiled(build, wide(11, 11), {}), refused, build);
      for (const qubits of [8, 14]) {
        // Backwards, the first of them is the one on qubit 0.
        const controls = Array.from({ length: qubits - 1 }, (_, q) => qubits - 2 - q);
        const chain = controls.map((q) => oracle.fixed(Operation.CNOT, q, q + 1));
        const shape = { operations: [gate(Operation.RX, 0, 0, 0), ...chain], parameters: 1 };
        const grown = oracle.paperModel(qubits, 0, 2, {
          ...shape,
          terms: [pauli(`X${'I'.repeat(qubits - 1)}`)],
        });
        assert.deepEqual(
          compiled(build, grown, {}),
          qubits === 8 ? taken : refused,
          `${build}, ${qubits} qubits`,
        );
      }
    }
    const auto = { engine: Engine.Auto, batch: 2 };
    assert.deepEqual(compiled('release', wide(11, 11), auto)[0], Status.Ok);
  });

  it('10 qubits, and as the columns do them', () => {
    const rng = oracle.seededRng(SEED);
    const model = wide(11, 10);
    const { batch, labels } = oracle.randomBatch(rng, model, 2);
    const theta = oracle.randomTheta(rng, model);
    const [found, expected] = [heisenberg, columns].map((made) => {
      const machine = made('release', model, { rule: Rule.Sgd }).withParameters(theta);
      const { Loss: loss } = machine.step(batch, labels);
      return [loss, ...machine.gradient];
    });
    assertAllClose(found, expected, 1e-12, `seed ${SEED}`);
  });

  it('a step with a bad sample or label, and goes on', () => {
    const model = oracle.paperModel(2, 1, 4, { logits: 1 });
    const good = [1, 2, 3, 4];
    for (const build of COLUMN_BUILDS) {
      const machine = heisenberg(build, model, { rule: Rule.Adam, batch: 3 });
      ok(machine.abi.parameters_initialise(), 'initialise');
      for (const [batch, labels, status] of [
        [[good, [0, 0, 0, 0], good], [0, 1, 0], Status.BadSample],
        [[good, good, [0, Number.NaN, 0, 1]], [0, 1, 0], Status.BadSample],
        [[good, good, good], [0, 2, 0], Status.BadLabel],
        [[good, good, good], [0, 1, -1], Status.BadLabel],
      ] as const) {
        ok(machine.abi.step_begin(3), 'step_begin');
        machine.fill(batch, labels);
        assert.equal(machine.abi.step_advance(1e6), status, build);
      }
      const held = machine.parameters[0];
      machine.parameters[0] = Number.NaN;
      ok(machine.abi.step_begin(1), 'step_begin');
      machine.fill([good], [0]);
      assert.equal(machine.abi.step_advance(1e6), Status.Diverged);
      assert.deepEqual(machine.predict([good]), [[Number.NaN]]);
      machine.parameters[0] = held;
      const reference = heisenberg(build, model, { rule: Rule.Adam, batch: 3 });
      ok(reference.abi.parameters_initialise(), 'initialise');
      const [found, expected] = [machine, reference].map((one) => one.step([good, good], [0, 1]).Loss);
      assert.equal(found, expected);
      assert.equal(machine.trace, reference.trace);
    }
  });
});
