/** Whatever `create` accepts can be saved, loaded and resumed: over generated models, trainings, classes and pipelines. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fitPipeline, type Step } from '../../../host/data/index.ts';
import {
  type Circuit,
  type Dataset,
  loadModel,
  type ModelOptions,
  NlrError,
  type Pipeline,
  type Prediction,
  Trainer,
  type TrainerOptions,
  type TrainingOptions,
} from '../../../host/index.ts';
import { finish, MODEL, rowsOf, TRAINING, trainerOf } from '../../support/host-data.ts';
import { assertAllClose } from '../../support/close.ts';
import fc from '../../support/property.ts';

const COLUMNS = 3;

/** Numbers that are hard to write down and to read back. */
const real = fc.oneof(
  fc.double({ min: -4, max: 4, noNaN: true }),
  fc.constantFrom(-0, 5e-324, -1e-300, 1 / 3, 0.1 + 0.2),
);

const angle = fc.oneof(
  fc.record({ parameter: fc.nat(4), scale: real, offset: real }, { requiredKeys: ['parameter'] }),
  fc.record({ feature: fc.nat(COLUMNS - 1), scale: real, offset: real }, { requiredKeys: ['feature'] }),
);
const operation = (qubits: number) =>
  fc.oneof(
    fc.record({
      gate: fc.constantFrom('rx', 'ry', 'rz'),
      qubits: fc.nat(qubits - 1).map((qubit) => [qubit]),
      angle,
    }),
    fc.record({ gate: fc.constant('u'), qubits: fc.constant([0]), angles: fc.tuple(real, real, real) }),
    fc.record({ gate: fc.constantFrom('cnot', 'cz'), qubits: fc.constant([1, 0]) }),
  );
const observable = fc.array(
  fc.record({ pauli: fc.constantFrom('Z0', 'X1', 'Y0 Z1', ''), coefficient: real }),
  { minLength: 1, maxLength: 3 },
);

/** A structure, and how parameters start. */
const structure = fc.oneof(
  fc.record(
    {
      layout: fc.constantFrom('layers', 'mirrored'),
      entangler: fc.constantFrom('chain', 'ring', 'all-to-all'),
      entanglerGate: fc.constantFrom('cnot', 'cz'),
      reuploads: fc.integer({ min: 1, max: 2 }),
      correlated: fc.boolean(),
      initialisation: fc.constantFrom('uniform', 'gaussian', 'small-angles', 'identity-blocks', 'zero'),
    },
    { requiredKeys: [] },
  ),
  fc.record({
    layout: fc.constant('qcnn' as const),
    correlated: fc.boolean(),
    initialisation: fc.constantFrom('small-angles', 'zero'),
    initialScale: fc.constantFrom(undefined, 0.5),
  }),
);

/** A model as users write it down, most of it left to the defaults. */
const model: fc.Arbitrary<ModelOptions> = fc
  .record({
    qubits: fc.integer({ min: 2, max: 3 }),
    encoding: fc.constantFrom('amplitude', 'angle', 'zz', undefined),
    structure: fc.oneof(fc.constant({}), structure),
    circuit: fc.option(fc.array(operation(2), { minLength: 1, maxLength: 6 }), { nil: undefined }),
    layers: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
    observable: fc.option(
      fc.oneof(
        fc.constantFrom('z0', 'all-z', 'mean-z', 'parity'),
        fc.array(observable, { minLength: 1, maxLength: 2 }),
      ),
      { nil: undefined },
    ),
    head: fc.constantFrom('linear', 'none', undefined),
    loss: fc.constantFrom('mse', 'bce', 'hinge', undefined),
  })
  .map(({ circuit, layers, observable, head, structure, ...options }) => {
    const single = Array.isArray(observable) ? observable.slice(0, 1) : 'z0';
    const outputs = { head, observable: head === 'none' ? single : observable };
    // The rest that contradicts itself is refused, which is part of what is tried.
    const circuits = circuit === undefined ? { layers, ...structure } : { circuit };
    return { ...options, ...outputs, ...circuits, features: COLUMNS } as unknown as ModelOptions;
  });

const training: fc.Arbitrary<TrainingOptions> = fc.record(
  {
    rule: fc.constantFrom('nlr', 'nlr-guarded', 'sgd', 'momentum', 'rmsprop', 'adam'),
    steps: fc.constant(4),
    batch: fc.integer({ min: 1, max: 40 }),
    rate: fc.double({ min: 1e-3, max: 0.1, noNaN: true }),
    shots: fc.constantFrom<'exact' | number>('exact', 2, 20),
    schedule: fc.constantFrom('constant', 'cosine'),
    readoutError: fc.constantFrom(0, -0, 0.1),
    seed: fc.maxSafeNat(),
    observableNorm: fc.boolean(),
    guard: fc.constantFrom(-0, 2.5),
  },
  { requiredKeys: ['steps'] },
);

const name = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom('', '0', '-0', '__proto__', 'constructor', '\ud800', '"\\\n', 'é\u0301', ' a', 'a'),
);
const classes = fc.uniqueArray(name, { minLength: 2, maxLength: 4 });

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.constant({ kind: 'standardise' } as const),
  fc.constant({ kind: 'minmax' } as const),
  fc.constant({ kind: 'pca', components: COLUMNS } as const),
  fc.record({ kind: fc.constant('scale' as const), factor: fc.constantFrom(-0.5, 3, 1 / 3) }),
);

/** A fitted pipeline, also as no JSON would have it: with arrays of one type in the place of lists. */
const pipelineOf = (data: Dataset) =>
  fc.tuple(fc.array(step, { maxLength: 3 }), fc.boolean()).map(([steps, typed]) => {
    const { pipeline } = fitPipeline(data, steps);
    if (!typed) return pipeline;
    return pipeline.map((fitted) =>
      Object.fromEntries(
        Object.entries(fitted).map(([field, value]) => [
          field,
          Array.isArray(value) && typeof value[0] === 'number' ? Float64Array.from(value) : value,
        ]),
      ),
    ) as unknown as Pipeline;
  });

const options: fc.Arbitrary<TrainerOptions> = classes.chain((names) => {
  const dataset = rowsOf(names, 9);
  return fc.record({
    model,
    training,
    dataset: fc.constant(dataset),
    pipeline: pipelineOf(dataset),
    oneVsRest: fc.boolean(),
  });
});

/** The trainer, unless the options are refused. */
async function created(given: TrainerOptions): Promise<Trainer | undefined> {
  try {
    return await Trainer.create(given);
  } catch (error) {
    assert.ok(error instanceof NlrError, (error as Error).stack);
    return undefined;
  }
}

/** The same to rounding: a loaded model has the samples engine, whatever trained it. */
function assertSamePredictions(actual: readonly Prediction[], expected: readonly Prediction[]): void {
  actual.forEach(({ scores, name }, i) => {
    assertAllClose(scores, expected[i].scores, 1e-9, `row ${i}`);
    const [largest, second] = [...expected[i].scores, 0].sort((a, b) => b - a);
    if (largest - second > 1e-6) assert.equal(name, expected[i].name);
  });
  assert.equal(actual.length, expected.length);
}

/** Makes a mess of everything that was given. */
function mutate(given: unknown): void {
  if (ArrayBuffer.isView(given)) (given as Float64Array).fill(7);
  else if (typeof given === 'object' && given !== null && !Object.isFrozen(given)) {
    for (const field of Object.values(given)) mutate(field);
    for (const field of Object.keys(given)) Reflect.set(given, field, 'mutated');
  }
}

describe('whatever create accepts', () => {
  test('is saved and loaded with the same predictions, and resumed with the same trace', async () => {
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(options, async (drawn) => {
        const given = structuredClone(drawn);
        const original = structuredClone(drawn.dataset);
        const [whole, first] = [await created(given), await created(given)];
        if (whole === undefined || first === undefined) return;
        accepted++;
        // What becomes of the caller's objects does not matter any more.
        mutate(given);
        try {
          for (const trainer of [whole, first]) await finish(trainer, 2);
        } catch (error) {
          assert.equal((error as NlrError).code, 'ERR_CORE_DIVERGED');
          return;
        }
        const loaded = await loadModel(whole.save());
        assertSamePredictions(loaded.predict(original), whole.predict(original));
        assert.deepEqual([loaded.classes, loaded.pipeline], [whole.classes, whole.pipeline]);
        const resumed = await Trainer.resume(first.checkpoint(), { dataset: original });
        assert.deepEqual([resumed.training, resumed.model], [first.training, first.model]);
        for (const trainer of [whole, resumed])
          await finish(trainer).catch(({ code }) => assert.equal(code, 'ERR_CORE_DIVERGED'));
        assert.equal(resumed.trace, whole.trace);
        assert.deepEqual(Buffer.from(resumed.save()), Buffer.from(whole.save()));
      }),
      { numRuns: 100 },
    );
    assert.ok(accepted >= 15, `only ${accepted} were accepted`);
  });

  test('has classes of different names, which are texts', async () => {
    const dataset = rowsOf(['a', 'b']);
    for (const names of [['a', 'a'], [1, 2], ['a', null], 'ab', { 0: 'a', 1: 'b', length: 2 }]) {
      const wrong = { model: MODEL, dataset: { ...dataset, classes: names as string[] } };
      await assert.rejects(Trainer.create(wrong), (error) => error instanceof NlrError);
    }
  });

  test('has a pipeline that a file could hold', async () => {
    const dataset = rowsOf(['a', 'b']);
    const wrong: unknown[] = [
      [{ kind: 'standardise' }],
      [{ kind: 'standardise', mean: [0, 0, 0], scale: [1, 1, -1] }],
      [{ kind: 'standardise', mean: [0, 0, 0], scale: [1, 1, 0] }],
      [{ kind: 'scale', factor: Number.NaN }],
      [{ kind: 'scale', factor: 1, more: 1 }],
      [{ kind: 'constant', value: 1n }],
      { length: 0 },
      Array.from({ length: 33 }, () => ({ kind: 'scale', factor: 1 })),
    ];
    for (const pipeline of wrong) {
      await assert.rejects(Trainer.create({ model: MODEL, dataset, pipeline: pipeline as Pipeline }), {
        name: 'OptionError',
        option: 'pipeline',
      });
    }
  });
});

test('what a trainer keeps cannot be changed', async () => {
  const trainer = await trainerOf();
  const circuit: Circuit = trainer.model.circuit;
  for (const kept of [
    trainer.model,
    trainer.training,
    trainer.classes,
    trainer.pipeline,
    circuit,
    circuit[0].qubits,
  ])
    assert.ok(Object.isFrozen(kept));
});

describe('parameters that were overwritten with what is no number', () => {
  for (const value of [Number.NaN, Infinity, -Infinity]) {
    test(`${value}: save and checkpoint refuse, and go on when they are mended`, async () => {
      for (const oneVsRest of [false, true]) {
        const trainer = await finish(await trainerOf(TRAINING, oneVsRest));
        const before = trainer.save();
        const [old] = trainer.parameters;
        trainer.parameters[0] = value;
        const refused = {
          code: 'ERR_CORE_BAD_NUMBER',
          message: `parameter 0 is ${value}; expected a finite number`,
        };
        assert.throws(() => trainer.save(), refused);
        assert.throws(() => trainer.checkpoint(), refused);
        trainer.parameters[0] = old;
        assert.deepEqual(trainer.save(), before);
      }
    });
  }
});

test('a context that JSON cannot hold is refused', async () => {
  const trainer = await trainerOf();
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  for (const context of [circle, { big: 1n }, { toJSON: () => assert.fail('no') }]) {
    assert.throws(() => trainer.save(context), { name: 'OptionError', option: 'context' });
    assert.throws(() => trainer.checkpoint(context), { name: 'OptionError', option: 'context' });
  }
  assert.equal(Trainer.contextOf(trainer.checkpoint()), undefined);
  assert.deepEqual(Trainer.contextOf(trainer.checkpoint({ a: [1] })), { a: [1] });
});
