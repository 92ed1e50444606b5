/** Options and their ranges, the plan, the budget, and that nothing is written beyond the plan. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  Answerer,
  Engine,
  Extrapolation,
  GREATEST_RATE,
  Gradient,
  LEAST_RATE,
  Loss,
  MAX_BATCH,
  MAX_FEATURES,
  MAX_QUBITS,
  MAX_WORKSPACE,
  OPTION_COUNT,
  Option,
  REPORT_COUNT,
  Rule,
  Schedule,
  Status,
} from '../../../assembly/abi/codes.ts';
import { ENUMERATIONS, type MemberRow } from '../../../assembly/abi/enumerations.table.ts';
import { LIMITS } from '../../../assembly/abi/limits.table.ts';
import { type OptionRow, OPTIONS } from '../../../assembly/abi/options.table.ts';
import { type RuleRow, RULES as RULE_ROWS } from '../../../assembly/abi/rules.table.ts';
import { isRequired } from '../../../host/build/generate/options.ts';
import {
  type Abi,
  type Build,
  BUILDS,
  DEFAULTS,
  isDevice,
  isSingle,
  load,
  Machine,
  ok,
  optionValues,
  putImage,
} from '../../support/core-harness.ts';
import { withDouble } from '../../support/core-image.ts';
import { canTrain, GRADIENTS, hasRule, rulesOf, SHOT_GRADIENTS } from '../../support/members.ts';
import { featuresOf, useOf } from '../../../host/build/profiles.mjs';
import * as oracle from '../../support/oracle/index.ts';

const PAGE = 65536;
const U32 = 2 ** 32 - 1;

/** A limit of the tables, by its name or its value. */
const limit = (of: number | string) => LIMITS.find(({ name }) => name === of)?.value ?? Number(of);

/** Whether a build accepts a member of an enumeration as an option. */
const accepts = (build: Build) => {
  const features = featuresOf(useOf(build));
  return ({ feature }: Pick<MemberRow, 'feature'>) => feature === undefined || features[feature];
};

/** What the table says of every option: least and largest value in a build; true where fractions are refused. */
function rangeOf(build: Build, row: OptionRow): [least: number, largest: number, integer: boolean] {
  // What only rules read that the build does not have.
  if (!accepts(build)(row)) return [0, 0, row.kind !== 'share' && row.kind !== 'decay'];
  switch (row.kind) {
    case 'whole':
      return [row.least, limit(row.most), true];
    case 'flag':
      return [0, 1, true];
    case 'seed word':
      return [0, U32, true];
    case 'choice': {
      const members: readonly MemberRow[] = ENUMERATIONS.find(({ name }) => name === row.of)?.members ?? [];
      return [0, Math.max(...members.filter(accepts(build)).map(({ number }) => number)), true];
    }
    case 'rate':
      return [LEAST_RATE, GREATEST_RATE, false];
    case 'decay':
      return [0, 1 - 2 ** (isSingle(build) ? -24 : -53), false];
    case 'share':
      return [0, limit(row.most), false];
    case 'count':
      return [0, 2 ** 53, true];
  }
}

const ROWS: readonly OptionRow[] = OPTIONS;

/** The largest value that a build takes. */
const largestOf = (build: Build, row: OptionRow) => rangeOf(build, row)[1];

/** Every byte of memory, copied. */
function snapshot(abi: Abi): Uint8Array {
  return new Uint8Array(abi.memory.buffer).slice();
}

/** The core, configured for a model, with some options changed. */
function configured(build: Build, model: oracle.OracleModel, changed: [Option, number][] = []): Abi {
  const abi = load(build);
  for (const [key, value] of [...optionValues(model, DEFAULTS), ...changed])
    ok(abi.configure(key, value), 'configure');
  return abi;
}

/** The paper's model with the rule and mini-batch of its experiments. */
function paperPlan(build: Build, rule: Rule): number {
  const model = oracle.paperModel(6, 5, 8);
  return configured(build, model, [
    [Option.Batch, 32],
    [Option.Rule, rule],
  ]).plan();
}

for (const build of BUILDS) {
  describe(`memory: ${build}`, () => {
    it('every option takes its range and nothing else', () => {
      const abi = load(build);
      for (const row of ROWS) {
        const { number: key, name, kind } = row;
        const [least, largest, integer] = rangeOf(build, row);
        // Decays stay below 1 in the build's own precision.
        const next = integer ? largest + 1 : largest * (1 + 2 ** -52) || Number.MIN_VALUE;
        // The next number after 2^53, of doubles, is two more.
        const above = kind === 'decay' ? (1 + largest) / 2 : kind === 'count' ? largest + 2 : next;
        const inside = [least, largest, integer ? Math.floor((least + largest) / 2) : (least + largest) / 3];
        for (const value of inside) {
          assert.equal(abi.configure(key, value), Status.Ok, `${name} = ${value}`);
          assert.equal(abi.option_value(key), value);
        }
        const below =
          least > 0 && !integer ? least * (1 - 2 ** -52) : least - (integer ? 1 : Number.MIN_VALUE);
        const outside = [above, below, -1, -0.25, Number.NaN, 1 / 0, -1 / 0, 1e300, -1e300];
        if (integer) outside.push(least + 0.5, 1e-300, ...(kind === 'count' ? [] : [largest - 0.5]));
        const kept = abi.option_value(key);
        for (const value of outside) {
          assert.equal(abi.configure(key, value), Status.BadOption, `${name} = ${value}`);
          assert.equal(abi.option_value(key), kept);
        }
      }
      for (const key of [-1, OPTION_COUNT, 2 ** 31 - 1, -(2 ** 31)]) {
        assert.equal(abi.configure(key, 1), Status.BadOption, `key ${key}`);
        assert.equal(abi.option_value(key), 0, `key ${key}`);
      }
    });

    it('options that contradict one another', () => {
      const model = oracle.paperModel(2, 1, 4);
      // The option that is said to be at fault comes first.
      const contradictions: [Option, number][][] = [
        [[Option.Features, 5]],
        [[Option.Features, 0]],
        [[Option.Outputs, 2]],
        [
          [Option.Loss, Loss.Hinge],
          [Option.Logits, 2],
        ],
        [
          [Option.Loss, Loss.MeanSquare],
          [Option.Logits, 3],
        ],
        [
          [Option.Gradient, Gradient.Adjoint],
          [Option.Shots, 1],
        ],
        [
          [Option.Loss, Loss.Hinge],
          [Option.Moments, 1],
        ],
        [
          [Option.Batch, 2],
          [Option.Samples, 1],
        ],
        [
          [Option.Shots, 1],
          [Option.Rule, Rule.NlrGuarded],
          [Option.Gradient, Gradient.ParameterShift],
        ],
        [
          [Option.NegativeRate, 1.001],
          [Option.Rate, 1e-3],
        ],
      ];
      for (const changed of contradictions) {
        const abi = configured(build, model, changed);
        const what = changed.map(([key, value]) => `${Option[key]} = ${value}`).join();
        assert.equal(abi.plan(), Status.BadCombination, what);
        assert.equal(Option[abi.option_at_fault()], Option[changed[0][0]], what);
        assert.equal(abi.init(), Status.BadCombination, what);
        assert.equal(Option[abi.option_at_fault()], Option[changed[0][0]], what);
        assert.equal(abi.circuit_add(0, 0, 0, 0, 0, 1, 0), Status.NotReady, 'nothing was laid out');
      }
      assert.equal(load(build).plan(), Status.BadCombination, 'nothing configured');
      assert.equal(load(build).init(), Status.BadCombination, 'nothing configured');
    });

    it('names the option at fault, and demands none that nothing reads', () => {
      const model = oracle.paperModel(2, 1, 4);
      const values = (rule: Rule, head: Partial<oracle.OracleModel>, schedule: Schedule) =>
        optionValues({ ...model, ...head }, { ...DEFAULTS, rule, schedule });
      const fault = (all: [Option, number][], without: Option) => {
        const abi = load(build);
        for (const [key, value] of all) if (key !== without) ok(abi.configure(key, value), 'configure');
        return abi.plan() < 0 ? abi.option_at_fault() : -1;
      };
      for (const row of ROWS.filter(isRequired)) {
        for (const rule of rulesOf(build)) {
          const reads = RULE_ROWS.find(({ number }) => number === rule) as RuleRow;
          for (const [head, schedule] of [
            [{}, Schedule.Constant],
            [{ logits: 1 }, Schedule.Cosine],
          ] as const) {
            const wanted: Partial<Record<Option, boolean>> = {
              [Option.Epsilon]: reads.reads?.includes('Epsilon') ?? false,
              [Option.NegativeRate]: reads.tentative === true && !reads.backtracks,
              [Option.HeadRate]: 'logits' in head && !reads.pooling,
              [Option.Steps]: schedule === Schedule.Cosine || reads.pooling === true,
            };
            const all = values(rule, head, schedule);
            const expected = (wanted[row.number as Option] ?? true) ? row.number : -1;
            assert.equal(fault(all, row.number), expected, `${row.name}, ${Rule[rule]}, ${schedule}`);
          }
        }
      }
      const abi = load(build);
      assert.equal(abi.option_at_fault(), -1, 'nothing has been looked at');
      for (const [key, value] of [
        [Option.Qubits, 0],
        [Option.Beta1, 1],
        [Option.Steps, 2.5],
        [Option.Loss, 7],
      ]) {
        assert.equal(abi.configure(key, value), Status.BadOption);
        assert.equal(abi.option_at_fault(), key);
      }
      assert.equal(abi.configure(Option.Qubits, 2), Status.Ok);
      assert.equal(abi.option_at_fault(), -1, 'a sound one');
      assert.equal(abi.plan(), Status.BadCombination);
      assert.equal(abi.option_at_fault(), Option.Operations, 'the first that was never set');
    });

    it('plan touches nothing, and is what init takes', () => {
      const rng = oracle.seededRng(1012);
      for (let trial = 0; trial < 20; trial++) {
        const model = oracle.randomModel(rng, { qubits: 1 + (trial % 6), logits: 1 + (trial % 3) });
        const abi = configured(build, model, [[Option.Batch, 1 + trial]]);
        const before = snapshot(abi);
        const plan = ok(abi.plan(), 'plan');
        assert.deepEqual(snapshot(abi), before);
        ok(abi.init(), 'init');
        assert.equal(abi.plan(), plan);
        assert.equal(abi.image_ptr() + abi.image_capacity(), plan, 'the image area is the end of the arena');
        assert.ok(plan <= abi.memory.buffer.byteLength);
        const spare = abi.memory.buffer.byteLength - plan;
        assert.ok(spare < PAGE || abi.memory.buffer.byteLength === PAGE, 'no page too many');
      }
    });

    it('buffers are aligned, in order and apart', () => {
      const rng = oracle.seededRng(1013);
      for (let trial = 0; trial < 10; trial++) {
        const model = oracle.randomModel(rng, { logits: 1 + (trial % 3) });
        const { abi, training } = new Machine(build, model, { batch: 1 + trial, rule: Rule.Adam });
        const real = abi.real_bytes();
        const parameters = real * abi.parameter_count();
        const width = Math.max(model.logits, 1);
        const buffers: [string, number, number][] = [
          ['report', abi.report_ptr(), 8 * REPORT_COUNT],
          ['parameters', abi.parameters_ptr(), 3 * parameters],
          ['gradient', abi.gradient_ptr(), parameters],
          ['features', abi.features_ptr(), real * training.batch * model.features],
          ['labels', abi.labels_ptr(), 4 * training.batch],
          ['indices', abi.indices_ptr(), 4 * training.batch],
          ['outputs', abi.outputs_ptr(), real * training.batch * width],
          ['images', abi.image_ptr(), abi.image_capacity()],
        ];
        buffers.forEach(([name, at, bytes], i) => {
          assert.equal(at % real, 0, `${name} is aligned`);
          const next = buffers[i + 1]?.[1] ?? abi.plan();
          assert.ok(at + bytes <= next, `${name}, ${bytes} bytes at ${at}, and then ${next}`);
        });
      }
    });

    it('without an arena there are no buffers', () => {
      const abi = load(build);
      const pointers = () => [
        abi.features_ptr(),
        abi.labels_ptr(),
        abi.indices_ptr(),
        abi.parameters_ptr(),
        abi.gradient_ptr(),
        abi.outputs_ptr(),
        abi.report_ptr(),
        abi.parameter_count(),
      ];
      assert.deepEqual(pointers(), new Array(8).fill(0));
      const machine = new Machine(build, oracle.paperModel(2, 1, 4), {}, abi);
      assert.ok(pointers().every((address) => address > 0));
      ok(machine.abi.configure(Option.Batch, 4), 'configure');
      assert.deepEqual(pointers(), new Array(8).fill(0), 'an option makes the arena void');
      assert.equal(abi.predict(1, 0), Status.NotReady);
    });

    it('training, predicting and images write inside the arena, and not into what the host fills', () => {
      const rng = oracle.seededRng(1014);
      for (const gradient of GRADIENTS) {
        const rules = rulesOf(build).filter((rule) => canTrain(build, { rule, gradient }));
        for (let trial = 0; trial < rules.length + 2; trial++) {
          const model = oracle.randomModel(rng, { logits: 1 + (trial % 3) });
          const shots = SHOT_GRADIENTS.includes(gradient) ? 4 : 0;
          const machine = new Machine(build, model, {
            gradient,
            shots,
            batch: 3,
            rule: rules[trial % rules.length],
            samples: 5,
          });
          const { abi } = machine;
          const beyond = new Uint8Array(abi.memory.buffer).subarray(abi.plan());
          beyond.fill(0xa5);
          ok(abi.parameters_initialise(), 'initialise');
          const { batch, labels } = oracle.randomBatch(rng, model, 3);
          machine.fill(batch, labels);
          const bytes = 3 * model.features * abi.real_bytes();
          const features = new Uint8Array(abi.memory.buffer, abi.features_ptr(), bytes);
          const marks = new Int32Array(abi.memory.buffer, abi.labels_ptr(), 3);
          const held = [...features];
          for (let step = 0; step < 3; step++) {
            ok(abi.step_begin(3), 'step_begin');
            machine.finish(5);
            ok(abi.predict(2, shots), 'predict');
            assert.equal(machine.restore(machine.checkpoint()), Status.Ok);
            machine.modelImage();
          }
          assert.deepEqual([...features], held, 'features');
          assert.deepEqual([...marks], labels, 'labels');
          assert.ok(
            beyond.every((byte) => byte === 0xa5),
            'bytes beyond the arena',
          );
        }
      }
    });

    it('over budget is a status that leaves everything as it is', () => {
      const large = oracle.paperModel(MAX_QUBITS, 1, 2);
      const abi = configured(build, large);
      const plan = ok(abi.plan(), 'plan');
      assert.ok(plan > PAGE);
      if (isDevice(build)) {
        const before = snapshot(abi);
        assert.equal(abi.init(), Status.OutOfMemory);
        assert.deepEqual(snapshot(abi), before);
        assert.equal(abi.circuit_ansatz(1), Status.NotReady);
        ok(abi.configure(Option.Qubits, 2), 'a smaller one');
        assert.equal(abi.init(), Status.Ok);
      } else {
        assert.equal(abi.init(), Status.Ok);
        assert.equal(abi.memory.buffer.byteLength, Math.ceil(plan / PAGE) * PAGE);
      }
    });

    it('a model image that asks for too much is refused', () => {
      const image = new Machine(build, oracle.paperModel(2, 1, 4)).modelImage();
      const greedy = withDouble(withDouble(image, 24 + 8 * Option.Qubits, 16), 24 + 8 * Option.Batch, 1024);
      const abi = load(build);
      new Uint8Array(abi.memory.buffer, abi.image_ptr(), greedy.length).set(greedy);
      const status = abi.model_read(greedy.length);
      const small = isDevice(build);
      assert.equal(status, small ? Status.OutOfMemory : Status.Ok);
    });

    it('a model image gets the work area that it asks for as far as it has a use for it', () => {
      if (isDevice(build)) return;
      const model = oracle.paperModel(3, 2, 8);
      for (const engine of [Engine.Auto, Engine.Samples, Engine.Columns, Engine.Heisenberg]) {
        const machine = new Machine(build, model, { engine });
        ok(machine.abi.parameters_initialise(), 'initialise');
        const image = machine.modelImage();
        const at = 24 + 8 * Option.Workspace;
        const wanted = machine.abi.option_value(Option.Workspace);
        const plan = machine.abi.plan();
        for (const workspace of [wanted, wanted + 16, MAX_WORKSPACE]) {
          const abi = load(build);
          const greedy = withDouble(image, at, workspace);
          putImage(abi, greedy);
          ok(abi.model_read(greedy.length), `${Engine[engine]}, ${workspace}`);
          assert.equal(abi.engine_in_use(), machine.abi.engine_in_use());
          assert.equal(abi.option_value(Option.Workspace), wanted);
          assert.equal(abi.plan(), plan);
          assert.ok(abi.memory.buffer.byteLength <= 2 * PAGE, `${abi.memory.buffer.byteLength} bytes`);
          assert.equal(abi.predict(1, 0) === Status.BadSample, true, 'it runs');
        }
        // One byte less, and a named engine does not fit; another is chosen where any may be.
        const poor = withDouble(image, at, Math.max(wanted - 1, 0));
        const abi = load(build);
        putImage(abi, poor);
        const status = abi.model_read(poor.length);
        if (wanted === 0) continue;
        assert.equal(status, engine === Engine.Auto ? Status.Ok : Status.OutOfMemory, Engine[engine]);
        if (status === Status.Ok) assert.notEqual(abi.engine_in_use(), machine.abi.engine_in_use());
      }
    });

    it('the largest options plan without overflow', () => {
      const abi = load(build);
      for (const row of ROWS) ok(abi.configure(row.number, largestOf(build, row)), 'configure');
      // The rule with the most of memory.
      if (hasRule(build, Rule.AdamReversal)) ok(abi.configure(Option.Rule, Rule.AdamReversal), 'configure');
      ok(abi.configure(Option.Loss, Loss.CrossEntropy), 'configure');
      ok(abi.configure(Option.Gradient, Gradient.ParameterShift), 'configure');
      ok(abi.configure(Option.Moments, 0), 'configure');
      ok(abi.configure(Option.Extrapolation, Extrapolation.None), 'configure');
      ok(abi.configure(Option.CalibrationShots, 0), 'configure');
      ok(abi.configure(Option.Targets, 0), 'configure');
      ok(abi.configure(Option.Answerer, Answerer.Simulator), 'configure');
      const plan = ok(abi.plan(), 'plan');
      const features = MAX_BATCH * MAX_FEATURES * abi.real_bytes();
      assert.ok(plan > features + MAX_WORKSPACE && plan < 2 ** 31, `${plan}`);
    });
  });
}

describe('memory: budgets', () => {
  it("the paper's model with B = 32 takes at most 24 KiB in double, 12 KiB in single precision", () => {
    for (const build of BUILDS) {
      // What each sample adds to the gradient takes room that no device has to give.
      for (const rule of rulesOf('device-fast').filter((each) => hasRule(build, each))) {
        const budget = isSingle(build) ? 12 * 1024 : 24 * 1024;
        const plan = paperPlan(build, rule);
        assert.ok(plan > 0 && plan <= budget, `${build}, ${Rule[rule]}: ${plan} of ${budget}`);
      }
    }
  });
});
