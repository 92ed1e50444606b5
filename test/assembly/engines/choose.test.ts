/** Which engine runs a program, what work area it asks for, and that the engines agree on any program. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  Encoding,
  Engine,
  Gradient,
  Loss,
  Operation,
  Option,
  Source,
  Status,
} from '../../../assembly/abi/codes.ts';
import { assertAllClose, assertClose } from '../../support/close.ts';
import { COLUMN_BUILDS } from '../../support/core-columns.ts';
import { sweeps } from '../../support/core-heisenberg.ts';
import {
  type Abi,
  addProgram,
  BUILDS,
  type Build,
  type CoreTraining,
  DEFAULTS,
  hasColumns,
  isDevice,
  load,
  Machine,
  ok,
  optionValues,
} from '../../support/core-harness.ts';
import { localModel } from '../../support/core-models.ts';
import { canTrain, LAID_OUT, RULES, TENTATIVE, TRUE_GRADIENTS } from '../../support/members.ts';
import * as oracle from '../../support/oracle/index.ts';
import fc from '../../support/property.ts';

const SEED = 1018;

/** Compiles a model with an engine in a work area. @returns the core, and the status of `compile` */
function compiled(
  build: Build,
  model: oracle.OracleModel,
  training: Partial<CoreTraining>,
): { abi: Abi; status: number } {
  const abi = load(build);
  const options = { ...DEFAULTS, workspace: 0, ...training };
  for (const [key, value] of optionValues(model, options)) ok(abi.configure(key, value), 'configure');
  return { abi, status: addProgram(abi, model) };
}

/** Whether the Heisenberg engine runs a small program that no feature drives. */
function allowsHeisenberg(model: oracle.OracleModel, build: Build, gradient: Gradient): boolean {
  return !oracle.sharesBitstrings(model) && (sweeps(build) || gradient !== Gradient.ParameterShift);
}

/** RY on a qubit by a feature. */
function driven(qubit: number): oracle.OracleOp {
  return { kind: Operation.RY, a: qubit, source: Source.Feature, index: 0, scale: 1, offset: 0 };
}

/** Random models that every engine can run. */
function linearModel(rng: oracle.Rng, trial: number): oracle.OracleModel {
  const qubits = 1 + (trial % 4);
  if (trial % 2) return localModel(rng, { qubits, features: 1 + oracle.randomInteger(rng, 2 ** qubits) });
  return oracle.randomModel(rng, { qubits, outputs: 2, logits: 1 + (trial % 3), linear: true });
}

describe('engine: choice', () => {
  const paper = oracle.paperModel(6, 5, 8);

  it("the paper's model: Heisenberg exactly, with displaced angles, with shots and for one alone", () => {
    const shift = { gradient: Gradient.ParameterShift };
    for (const build of COLUMN_BUILDS) {
      const chosen = (training: Partial<CoreTraining>) =>
        new Machine(build, paper, { engine: Engine.Auto, batch: 32, ...training }).abi.engine_in_use();
      for (const training of [{}, { batch: 1 }]) assert.equal(chosen(training), Engine.Heisenberg, build);
      const displacing = sweeps(build) ? Engine.Heisenberg : Engine.Columns;
      for (const shots of [0, 1000]) assert.equal(chosen({ ...shift, shots }), displacing, build);
    }
  });

  it('samples when they are asked for, however large the work area', () => {
    for (const build of BUILDS) {
      const { abi, status } = compiled(build, paper, { batch: 8, workspace: 20_000 });
      assert.deepEqual([status, abi.workspace_wanted()], [Status.Ok, 0]);
      if (hasColumns(build)) assert.equal(abi.engine_in_use(), Engine.Samples);
    }
  });

  it('laid-out engines need a build that has them', () => {
    const small = oracle.paperModel(3, 1, 8);
    for (const build of BUILDS) {
      for (const engine of LAID_OUT) {
        const { status } = compiled(build, small, { engine, workspace: 20_000 });
        assert.equal(status, hasColumns(build) ? Status.Ok : Status.BadCombination, build);
      }
    }
  });

  it('they need a circuit that no feature drives, as far as the observable sees', () => {
    for (const encoding of [Encoding.Zero, Encoding.Amplitude]) {
      const shape = { encoding, parameters: 6, operations: [...oracle.paperAnsatz(2, 1)] };
      const seen = { ...shape, operations: [driven(0), ...shape.operations] };
      const apart = { ...shape, operations: [...shape.operations, driven(1)] };
      for (const build of COLUMN_BUILDS) {
        const training = { workspace: 5000, batch: 20 };
        for (const engine of LAID_OUT) {
          const refused = compiled(build, oracle.paperModel(2, 0, 3, seen), { ...training, engine });
          assert.equal(refused.status, Status.BadCombination, build);
          assert.equal(refused.abi.engine_in_use(), 0);
          const taken = compiled(build, oracle.paperModel(2, 0, 3, apart), { ...training, engine });
          assert.equal(taken.status, Status.Ok, build);
          assert.equal(taken.abi.engine_in_use(), engine);
        }
        const auto = compiled(build, oracle.paperModel(2, 0, 3, seen), { ...training, engine: Engine.Auto });
        assert.equal(auto.status, Status.Ok);
        assert.equal(auto.abi.engine_in_use(), Engine.Samples);
      }
    }
  });

  it('nothing is known before compile, and a refused compile leaves no program', () => {
    for (const build of COLUMN_BUILDS) {
      const fresh = load(build);
      assert.deepEqual([fresh.engine_in_use(), fresh.workspace_wanted()], [0, 0]);
      const { abi, status } = compiled(build, paper, { engine: Engine.Columns, batch: 16 });
      assert.equal(status, Status.OutOfMemory);
      assert.equal(abi.compile(), Status.NotReady, 'a second compile');
      assert.equal(abi.circuit_add(Operation.RX, 0, 0, Source.Constant, 0, 1, 0), Status.NotReady);
      assert.equal(abi.observable_add(0, 0, 1, 1), Status.NotReady);
      assert.equal(abi.parameters_initialise(), Status.NotReady);
      assert.equal(abi.step_begin(1), Status.NotReady);
      assert.equal(abi.predict(1, 0), Status.NotReady);
      assert.equal(abi.model_write(), Status.NotReady);
      assert.deepEqual([abi.engine_in_use(), abi.step_work(), abi.features_ptr()], [0, 0, 0]);
      assert.ok(abi.workspace_wanted() > 0);
      ok(abi.configure(Option.Engine, Engine.Samples), 'configure');
      assert.equal(addProgram(abi, paper), Status.Ok, 'after init it may come again');
      assert.equal(abi.engine_in_use(), Engine.Samples);
    }
  });

  it('Auto goes by the configuration and the circuit alone: the same on every build with columns', () => {
    const rng = oracle.seededRng(SEED + 1);
    const found = new Set<Engine>();
    for (let trial = 0; trial < 40; trial++) {
      const model = linearModel(rng, trial);
      const batch = 1 + (trial % 12);
      const chosen = COLUMN_BUILDS.filter((build) => !build.endsWith('f32')).map((build) => {
        const { abi } = new Machine(build, model, { engine: Engine.Auto, batch });
        return abi.engine_in_use();
      });
      assert.equal(new Set(chosen).size, 1, `seed ${SEED + 1}, trial ${trial}: ${chosen}`);
      found.add(chosen[0]);
    }
    assert.equal(found.size, 3, 'each was chosen');
  });
});

describe('engine: work area', () => {
  for (const build of COLUMN_BUILDS) {
    it(`${build}: workspace_wanted is exact, one byte less does not fit`, () => {
      const rng = oracle.seededRng(SEED + 2);
      const asked = new Map<Engine, number>();
      for (let trial = 0; trial < 80; trial++) {
        const model = linearModel(rng, trial);
        const gradient = trial % 3 ? Gradient.Adjoint : Gradient.ParameterShift;
        const observableNorm = trial % 4 ? 1 : 0;
        const moments = model.loss === Loss.MeanSquare && model.features < 9 && trial % 5 === 0 ? 1 : 0;
        const training = { batch: 1 + (trial % 9), gradient, observableNorm, moments } as const;
        const runs = (engine: Engine) =>
          engine === Engine.Columns || allowsHeisenberg(model, build, gradient);
        for (const engine of LAID_OUT.filter(runs)) {
          const what = `${Engine[engine]}, seed ${SEED + 2}, trial ${trial}`;
          const own = (workspace: number) => compiled(build, model, { ...training, engine, workspace });
          const first = own(0);
          const wanted = first.abi.workspace_wanted();
          assert.equal(first.status, Status.OutOfMemory, what);
          // What fits into no device at all is refused by `init` already.
          if (isDevice(build) && wanted > 40_000) continue;
          asked.set(engine, 1 + (asked.get(engine) ?? 0));
          const exact = own(wanted);
          assert.deepEqual([exact.status, exact.abi.workspace_wanted()], [Status.Ok, 0], what);
          assert.equal(exact.abi.engine_in_use(), engine, what);
          // The work area is rounded down to whole words.
          const short = own(wanted - 1);
          assert.deepEqual([short.status, short.abi.workspace_wanted()], [Status.OutOfMemory, wanted], what);
        }
      }
      for (const engine of LAID_OUT) assert.ok((asked.get(engine) ?? 0) > 20, Engine[engine]);
    });

    it(`${build}: Auto wants the bytes of the cheapest engine, and makes do with another`, () => {
      const rng = oracle.seededRng(SEED + 4);
      const fell: string[] = [];
      for (let trial = 0; trial < 80; trial++) {
        const model = linearModel(rng, trial);
        const gradient = trial % 3 ? Gradient.Adjoint : Gradient.ParameterShift;
        const training = { batch: 1 + (trial % 9), gradient, engine: Engine.Auto };
        const what = `seed ${SEED + 4}, trial ${trial}`;
        const auto = (workspace: number) => {
          const { abi, status } = compiled(build, model, { ...training, workspace });
          assert.equal(status, Status.Ok, what);
          return { engine: abi.engine_in_use(), wanted: abi.workspace_wanted() };
        };
        const { wanted, engine } = auto(0);
        if (wanted === 0 || (isDevice(build) && wanted > 40_000)) continue;
        const most = auto(wanted);
        assert.equal(most.wanted, 0, what);
        assert.ok(LAID_OUT.includes(most.engine) && most.engine !== engine, what);
        assert.equal(auto(wanted - 1).wanted, wanted, what);
        assert.notEqual(auto(wanted - 1).engine, most.engine, what);
        const named = compiled(build, model, { ...training, engine: most.engine });
        assert.equal(named.abi.workspace_wanted(), wanted, `${what}: the same bytes, asked for by name`);
        fell.push(`${Engine[most.engine]} to ${Engine[auto(wanted - 1).engine]}`);
      }
      for (const change of ['Columns to Samples', 'Heisenberg to Samples']) {
        assert.ok(fell.includes(change), `${change}: ${[...new Set(fell)]}`);
      }
    });
  }

  it('a work area of any size stays inside the plan', () => {
    for (const build of BUILDS) {
      for (let workspace = 3000; workspace < 3020; workspace++) {
        const { abi, status } = compiled(build, oracle.paperModel(3, 1, 8), { workspace });
        assert.equal(status, Status.Ok);
        const end = abi.plan();
        const { buffer } = abi.memory;
        new Uint8Array(buffer).fill(0xa5, end, Math.min(end + 64, buffer.byteLength));
        ok(abi.init(), 'init');
        const beyond = new Uint8Array(buffer, end, Math.min(64, buffer.byteLength - end));
        assert.ok(
          beyond.every((byte) => byte === 0xa5),
          `${build}: init wrote behind the plan with a work area of ${workspace}`,
        );
      }
    }
  });

  it('without a wish samples fit, but for amplitudes whose features drive gates too: those ask', () => {
    const rng = oracle.seededRng(SEED + 3);
    let asked = 0;
    for (let trial = 0; trial < 24; trial++) {
      const encoding = trial % 2 ? Encoding.Amplitude : Encoding.Zero;
      const linear = trial % 3 === 0;
      const model = oracle.randomModel(rng, { qubits: 1 + (trial % 3), logits: 1, encoding, linear });
      for (const build of BUILDS) {
        const what = `${build}, ${Encoding[encoding]}, seed ${SEED + 3}, trial ${trial}`;
        const own = (workspace: number) => compiled(build, model, { engine: Engine.Samples, workspace });
        const first = own(0);
        if (linear || encoding === Encoding.Zero) assert.equal(first.status, Status.Ok, what);
        if (first.status === Status.Ok) continue;
        assert.equal(first.status, Status.OutOfMemory, what);
        const wanted = first.abi.workspace_wanted();
        assert.equal(own(wanted - 1).status, Status.OutOfMemory, what);
        assert.deepEqual([own(wanted).status, own(wanted).abi.workspace_wanted()], [Status.Ok, 0], what);
        asked += 1;
      }
    }
    assert.ok(asked >= 3 * BUILDS.length, `${asked}`);
  });

  it('more than there is memory for is refused by init', () => {
    for (const build of BUILDS.filter(isDevice)) {
      const abi = load(build);
      for (const [key, value] of optionValues(oracle.paperModel(2, 1, 4), { ...DEFAULTS, workspace: 65_536 }))
        ok(abi.configure(key, value), 'configure');
      assert.equal(abi.init(), Status.OutOfMemory, build);
    }
  });
});

describe('engine: agreement', () => {
  it(`any program, any batch: outputs, losses and gradients agree (fast-check, seed ${SEED})`, () => {
    const programs = fc.record({
      seed: fc.nat(),
      qubits: fc.integer({ min: 1, max: 6 }),
      outputs: fc.integer({ min: 1, max: 3 }),
      logits: fc.integer({ min: 0, max: 3 }),
      batch: fc.integer({ min: 1, max: 7 }),
      gradient: fc.constantFrom(...TRUE_GRADIENTS),
      rule: fc.constantFrom(
        ...RULES.filter((each) => canTrain('release', { rule: each, engine: Engine.Columns })),
      ),
      few: fc.boolean(),
    });
    fc.assert(
      fc.property(programs, ({ seed, qubits, outputs, logits, batch: size, gradient, rule, few }) => {
        const rng = oracle.seededRng(seed);
        const features = 1 + oracle.randomInteger(rng, 2 ** qubits);
        const shape = { qubits, features, outputs: logits === 0 ? 1 : outputs };
        const loss = logits > 1 ? Loss.CrossEntropy : Loss.MeanSquare;
        const model = few
          ? localModel(rng, shape, { logits, loss })
          : oracle.randomModel(rng, { ...shape, logits, loss, linear: true, encoding: Encoding.Amplitude });
        const theta = oracle.randomTheta(rng, model);
        const { batch, labels } = oracle.randomBatch(rng, model, size);
        const engines = [Engine.Samples, Engine.Columns];
        if (allowsHeisenberg(model, 'release', gradient)) engines.push(Engine.Heisenberg);
        const [samples, ...laidOut] = engines.map((engine) => {
          const machine = new Machine('release', model, { engine, gradient, rule, batch: size });
          assert.equal(machine.abi.engine_in_use(), engine);
          const outputsOf = machine.withParameters(theta).predict(batch).flat();
          return { machine, outputsOf, report: machine.step(batch, labels) };
        });
        for (const found of laidOut) {
          assert.equal(found.machine.abi.visible_qubits(), samples.machine.abi.visible_qubits());
          assert.equal(found.machine.abi.active_parameters(), samples.machine.abi.active_parameters());
          assert.equal(found.machine.abi.step_evaluations(), samples.machine.abi.step_evaluations());
          assertAllClose(found.outputsOf, samples.outputsOf, 1e-12, 'outputs');
          assertClose(found.report.Loss, samples.report.Loss, 1e-11, 'loss');
          const norms = [found, samples].map(({ report }) => report.GradientNormObservable);
          assertClose(norms[0], norms[1], 1e-11, 'norm of the observable');
          assertAllClose(found.machine.gradient, samples.machine.gradient, 1e-11, 'gradient');
          if (TENTATIVE.includes(rule))
            assertClose(found.report.TentativeLoss, samples.report.TentativeLoss, 1e-10, 'tentative');
        }
      }),
      { seed: SEED, numRuns: 400 },
    );
  });
});
