/** What a trainer, a loaded model and early stopping say when they are asked for what they cannot do: every sentence whole. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EarlyStopping, type EarlyStoppingState } from '../../../host/early-stopping.ts';
import {
  type Dataset,
  type FitOptions,
  loadModel,
  type ResumeOptions,
  Trainer,
  type TrainerOptions,
} from '../../../host/index.ts';
import { finish, MODEL, rowsOf, trainerOf, TRAINING } from '../../support/host-data.ts';
import { assertClose } from '../../support/close.ts';
import { assertGolden } from '../../support/golden.ts';
import { settled } from '../../support/settled.ts';

type Loose = Readonly<Record<string, unknown>>;

const golden = (name: string) => new URL(`refusals-${name}.txt`, import.meta.url);
const dataOf = () => rowsOf(['no', 'yes']);
/** Rows with a number to predict each. */
const numbersOf = (): Dataset => {
  const rows = dataOf();
  return { ...rows, targets: Float64Array.from(rows.labels, (label, i) => 3 * label + i) };
};
const numericTrainer = () =>
  Trainer.create({ model: MODEL, training: TRAINING, dataset: numbersOf(), task: 'regression' });

/** Makes a trainer as JavaScript may; tells its classes, models and training in short. */
const make = (options: Loose) => async () => {
  const asked = { model: MODEL, training: TRAINING, dataset: dataOf(), ...options };
  const trainer = await Trainer.create(asked as unknown as TrainerOptions);
  const { classes, modelParameters, training, target, finished } = trainer;
  const { steps, batch, seed, shotsBudget } = training;
  return { classes, models: modelParameters.length, steps, batch, seed, shotsBudget, target, finished };
};

test('who makes a trainer is told what is wrong', async () => {
  const three = rowsOf(['a', 'b', 'c']);
  const manyClasses = rowsOf(
    Array.from({ length: 257 }, (_, i) => `${i}`),
    257,
  );
  const one = { ...dataOf(), labels: new Int32Array(12), classes: ['no'] };
  const text = await settled({
    'nothing wrong': make({}),
    'no options': () => Trainer.create(undefined as unknown as TrainerOptions),
    'a strange option': make({ epochs: 3 }),
    'no model': make({ model: undefined }),
    'a model of null': make({ model: null }),
    'no data': make({ dataset: undefined }),
    'a pipeline of a text': make({ pipeline: 'scale' }),
    'a strange task': make({ task: 'ranking' }),
    'one against the rest by 1': make({ oneVsRest: 1 }),
    'strange engines': make({ engines: 'many' }),
    'a module that is none': make({ wasm: 7 }),
    'one class': make({ dataset: one }),
    'one class of an energy': make({ dataset: one, model: { ...MODEL, loss: 'energy' } }),
    'three classes of data': make({ dataset: three }),
    'three classes of data, two of the model': make({ dataset: three, model: { ...MODEL, classes: 2 } }),
    'two classes of data, three of the model': make({ model: { ...MODEL, classes: 3 } }),
    'two classes of data, 257 of the model': make({ model: { ...MODEL, classes: 257 } }),
    'classes of a text': make({ model: { ...MODEL, classes: '3' } }),
    'a model a class': make({ dataset: three, oneVsRest: true }),
    'a model a class, two of the model': make({
      dataset: three,
      oneVsRest: true,
      model: { ...MODEL, classes: 2 },
    }),
    'a model a class, three of the model': make({
      dataset: three,
      oneVsRest: true,
      model: { ...MODEL, classes: 3 },
    }),
    'a model a class, four of the model': make({
      dataset: three,
      oneVsRest: true,
      model: { ...MODEL, classes: 4 },
    }),
    'a model for each of 257 classes': make({ dataset: manyClasses, oneVsRest: true }),
    numbers: make({ dataset: numbersOf(), task: 'regression' }),
    'numbers without targets': make({ task: 'regression' }),
    'numbers, a model a class': make({ dataset: numbersOf(), task: 'regression', oneVsRest: true }),
    'numbers, not a model a class': make({ dataset: numbersOf(), task: 'regression', oneVsRest: false }),
    'numbers, class weights': make({ dataset: numbersOf(), task: 'regression', classWeights: 'balanced' }),
    'numbers by the hinge': make({
      dataset: numbersOf(),
      task: 'regression',
      model: { ...MODEL, loss: 'hinge' },
    }),
    'numbers of three classes': make({
      dataset: numbersOf(),
      task: 'regression',
      model: { ...MODEL, classes: 3 },
    }),
    'numbers by a caller': make({
      ...{ dataset: numbersOf(), task: 'regression' },
      training: { ...TRAINING, shots: 10, answerer: 'caller' },
    }),
    'classes, with the task': make({ task: 'classification' }),
    'more steps at once than rows': make({ training: { steps: 2, batch: 100 } }),
    'a budget of shots': make({ training: { ...TRAINING, steps: 500, shots: 10, shotsBudget: 10000 } }),
    'a budget of shots of three models': make({
      ...{ dataset: three, oneVsRest: true },
      training: { ...TRAINING, steps: 500, shots: 10, shotsBudget: 10000 },
    }),
    'a budget of too few shots': make({ training: { ...TRAINING, shots: 10, shotsBudget: 100 } }),
    'a budget that blocks pay for': make({
      training: { ...TRAINING, steps: 500, shots: 10, shotsBudget: 10000, blocks: 4 },
    }),
    'a head to fit, and no budget': make({ training: { ...TRAINING, refitHead: 0.1 } }),
    'sfgn of two rows a step': make({ training: { ...TRAINING, rule: 'sfgn', damping: 0 } }),
    'moments of bce': make({ training: { ...TRAINING, moments: true } }),
    'moments, no laid-out engine': make({
      model: { ...MODEL, loss: 'mse' },
      training: { ...TRAINING, moments: true, engine: 'samples' },
    }),
    moments: make({
      model: { ...MODEL, loss: 'mse' },
      training: { ...TRAINING, moments: true, engine: 'columns' },
    }),
    'one label of two classes': make({ dataset: { ...one, classes: ['no', 'yes'] } }),
    'one label of two classes of an energy': make({
      dataset: { ...one, classes: ['no', 'yes'] },
      model: { ...MODEL, loss: 'energy', head: 'none' },
    }),
    'narrow rows': make({ model: { ...MODEL, features: 4 } }),
    'a row of zeros': make({ dataset: { ...dataOf(), features: new Float64Array(36) } }),
    'a row of zeros as angles': make({
      dataset: { ...dataOf(), features: new Float64Array(36) },
      model: { ...MODEL, encoding: 'angle' },
    }),
    'a row that is not finite': make({
      dataset: { ...dataOf(), features: new Float64Array(36).fill(Infinity) },
    }),
    'class weights of one class': make({ classWeights: { no: 2 } }),
    'strange class weights': make({ classWeights: 'equal' }),
  });
  assertGolden(golden('making'), text);
});

test('who trains on, or resumes, is told what is wrong', async () => {
  const trainer = await finish(await trainerOf(), 2);
  const file = trainer.checkpoint({ early: 1 });
  const numeric = await finish(await numericTrainer(), 2);
  const numericFile = numeric.checkpoint();
  const fitted = (options: unknown) => async () => {
    const fresh = await trainerOf();
    for await (const { step } of fresh.fit(options as FitOptions)) if (step === 3) break;
    return fresh.steps;
  };
  const resume = (bytes: unknown, options: Loose) => async () => {
    const again = await Trainer.resume(bytes as Uint8Array, options as unknown as ResumeOptions);
    return { steps: again.steps, step: again.report?.step, finished: again.finished };
  };
  const dataset = dataOf();
  const shifted = { ...numbersOf(), targets: numbersOf().targets?.map((value) => value + 1) };
  const fresh = await trainerOf();
  const text = await settled({
    'until 2': fitted({ until: 2 }),
    'until 0': fitted({ until: 0 }),
    'until 2.5': fitted({ until: 2.5 }),
    'until -1': fitted({ until: -1 }),
    'until a text': fitted({ until: '2' }),
    'until NaN': fitted({ until: Number.NaN }),
    'slices of 0': fitted({ slice: 0 }),
    'slices of 1': fitted({ slice: 1 }),
    'slices of 2^31 - 1': fitted({ slice: 2 ** 31 - 1 }),
    'slices of 2^31': fitted({ slice: 2 ** 31 }),
    'a signal that is none': fitted({ signal: {} }),
    'a signal of null': fitted({ signal: null }),
    'an answer that is none': fitted({ answer: 7 }),
    'an answer that nobody asks for': fitted({ answer: () => {} }),
    'an ascent of 1': fitted({ ascent: 1 }),
    'an ascent by a build that is none': fitted({ ascent: { wasm: 1 } }),
    'an ascent with a strange field': fitted({ ascent: { steps: 1 } }),
    'an ascent': fitted({ ascent: true }),
    'no ascent': fitted({ ascent: false }),
    'a strange option of fit': fitted({ steps: 3 }),
    'options of a number': fitted(3),
    'a caller who does not answer': async () => {
      const asking = await trainerOf({ ...TRAINING, shots: 10, answerer: 'caller' });
      return asking.fit().next();
    },
    'a strange option of the training loss': () => fresh.trainingLoss({ shot: 3 } as object),
    'shots of the training loss': () => fresh.trainingLoss({ shots: 0 }),
    resumed: resume(file, { dataset }),
    'resumed from the end': async () => resume((await finish(await trainerOf())).checkpoint(), { dataset })(),
    'resumed from the start': resume(fresh.checkpoint(), { dataset }),
    'resumed by a name': resume(file.subarray(1), { dataset, name: 'run.nlr' }),
    'resumed by a name that is none': resume(file, { dataset, name: 7 }),
    'resumed from a model': resume(trainer.save(), { dataset }),
    'resumed from a part': resume(file.subarray(0, 40), { dataset }),
    'resumed from nothing': resume(undefined, { dataset }),
    'resumed with a strange option': resume(file, { dataset, training: TRAINING }),
    'resumed without data': resume(file, {}),
    'resumed on other classes': resume(file, { dataset: { ...dataset, classes: ['yes', 'no'] } }),
    'resumed on other rows': resume(file, {
      dataset: { ...dataset, features: dataset.features.map((x) => 2 * x) },
    }),
    'resumed on other labels': resume(file, {
      dataset: { ...dataset, labels: dataset.labels.map((x) => 1 - x) },
    }),
    'numbers resumed': resume(numericFile, { dataset: numbersOf() }),
    'numbers resumed on others': resume(numericFile, { dataset: shifted }),
    'numbers resumed without targets': resume(numericFile, { dataset }),
    'the context': () => Trainer.contextOf(file),
    'no context': () => Trainer.contextOf(fresh.checkpoint()) ?? 'none',
    'the context of a model': () => Trainer.contextOf(trainer.save()),
    'the context of a part': () => Trainer.contextOf(file.subarray(1), 'run.nlr'),
    'the context by a name that is none': () => Trainer.contextOf(file, 7 as unknown as string),
    trainers: () => [trainer instanceof Trainer, ({} as object) instanceof Trainer],
    'a model, no trainer': async () => ((await loadModel(trainer.save())) as object) instanceof Trainer,
  });
  assertGolden(golden('training'), text);
});

test('who predicts is told what is wrong, by a trainer and by a loaded model alike', async () => {
  const trainer = await finish(await trainerOf(), 2);
  const numeric = await finish(await numericTrainer(), 2);
  const row = [1, 2, 3];
  /** What a pair of a trainer or model with classes, and of one with numbers, says. */
  const said = (classes: Pick<Trainer, 'predict'> & Trainer, numbers: Trainer) =>
    settled({
      'no rows': () => classes.predict([]),
      'rows of null': () => classes.predict(null as never),
      'rows of a text': () => classes.predict('rows' as never),
      'rows of a record': () => classes.predict({} as never),
      'rows of a record that cannot be read': () =>
        classes.predict(
          new Proxy(
            {},
            {
              has: () => {
                throw new Error('no');
              },
            },
          ) as never,
        ),
      'a row of a text': () => classes.predict([row, 'row'] as never),
      'a first row of null': () => classes.predict([null] as never),
      'rows of unlike widths': () => classes.predict([row, row, [1, 2]]),
      'wide rows': () => classes.predict([[1, 2, 3, 4]]),
      'a row that is not finite': () => classes.predict([[1, Number.NaN, 3]]),
      'a row of zeros': () => classes.predict([[0, 0, 0]]),
      'a data set of half a row': () => classes.predict({ ...dataOf(), rows: 0.5 }),
      'a data set of one row less': () => classes.predict({ ...dataOf(), rows: 11 }),
      'typed rows': () => classes.predict([Float32Array.from(row), Int8Array.from(row)]).length,
      'no shots': () => classes.predict([row], { shots: 0 }),
      'a shot': () => classes.predict([row], { shots: 1 }).length,
      '2^20 shots and one': () => classes.predict([row], { shots: 2 ** 20 + 1 }),
      'half a shot': () => classes.predict([row], { shots: 0.5 }),
      'shots by a word': () => classes.predict([row], { shots: 'many' as never }),
      exact: () => classes.predict([row], { shots: 'exact' }).length,
      'a strange option': () => classes.predict([row], { seed: 1 } as object),
      'values of classes': () => classes.predictValues([row]),
      'the value of classes, evaluated': () => classes.evaluateValues(numbersOf()),
      'classes of numbers': () => numbers.predict([row]),
      'the class of numbers, evaluated': () => numbers.evaluate(dataOf()),
      'numbers of no targets, evaluated': () => numbers.evaluateValues(dataOf()),
      'numbers of 3 rows': () => numbers.predictValues([row, row, row]).length,
      'what scores of numbers say': () => numbers.predictionOf([1]),
      'no data, evaluated': () => classes.evaluate(undefined as never),
      'another label, evaluated': () => classes.evaluate({ ...dataOf(), classes: ['no', 'maybe'] }),
      'narrow rows, evaluated': () =>
        classes.evaluate({ ...dataOf(), columns: 2, features: dataOf().features.subarray(12) }),
      classes: () => [
        classes.classes,
        numbers.classes,
        classes.target ?? 'none',
        classes.modelParameters.length,
      ],
    });
  const text = await said(trainer, numeric);
  const loaded = [await loadModel(trainer.save()), await loadModel(numeric.save())] as unknown as [
    Trainer,
    Trainer,
  ];
  assert.equal(await said(...loaded), text);
  assertGolden(golden('predicting'), text);
});

test('early stopping is told of what it cannot go on from', async () => {
  const trainer = await finish(await trainerOf(), 4);
  const dataset = dataOf();
  const early = new EarlyStopping(trainer, { dataset, every: 2, patience: 1 });
  early.look();
  const { state } = early;
  const best = { step: 4, loss: 0.25, accuracy: 0.5 };
  const width = trainer.parameters.length;
  const digits = '000000000000f03f'.repeat(width);
  const good: EarlyStoppingState = { best, parameters: [digits], misses: 1 };
  const resumed = (given: unknown, name?: string) => () => {
    const {
      best: found,
      misses,
      parameters,
    } = new EarlyStopping(trainer, { dataset }).resume(given, name).state;
    return { best: found, misses, width: parameters?.map(({ length }) => length / 16) };
  };
  const change = (changed: object) => resumed({ ...good, best: { ...best, ...changed } });
  const options = (given: unknown) => () => new EarlyStopping(trainer, given as never).every;
  const text = await settled({
    'of no trainer': () => new EarlyStopping({} as never, { dataset }),
    'no options': options(undefined),
    'no data': options({}),
    'the usual': options({ dataset }),
    'every 0 steps': options({ dataset, every: 0 }),
    'every step': options({ dataset, every: 1 }),
    'every 1.5 steps': options({ dataset, every: 1.5 }),
    'no patience': options({ dataset, patience: 0 }),
    'a strange option': options({ dataset, patients: 1 }),
    'data of other classes': options({ dataset: { ...dataset, classes: ['x', 'y'] } }),
    'a good state': resumed(good),
    'the own state': () => new EarlyStopping(trainer, { dataset }).resume(state).best?.step,
    'before the first look': resumed({ misses: 0 }),
    'before the first look, with parameters': resumed({ misses: 0, parameters: [digits] }),
    'no state': resumed(undefined),
    'a state of null': resumed(null),
    'a name that is none': resumed(good, 7 as unknown as string),
    'misses of none': resumed({ ...good, misses: undefined }),
    'misses of -1': resumed({ ...good, misses: -1 }),
    'misses of 0': resumed({ ...good, misses: 0 }),
    'misses of 0.5': resumed({ ...good, misses: 0.5 }),
    'misses beyond counting': resumed({ ...good, misses: 2 ** 53 }),
    'a best of null': resumed({ ...good, best: null }),
    'a step of 0': change({ step: 0 }),
    'a step of 1': change({ step: 1 }),
    'a step of 1.5': change({ step: 1.5 }),
    'a step that is not done': change({ step: 5 }),
    'a loss that is not finite': change({ loss: Infinity }),
    'a loss of a text': change({ loss: '1' }),
    'a loss below 0': change({ loss: -3 }),
    'an accuracy of null': change({ accuracy: null }),
    'an accuracy of 0': change({ accuracy: 0 }),
    'an accuracy of 1': change({ accuracy: 1 }),
    'an accuracy above 1': change({ accuracy: 1.01 }),
    'an accuracy below 0': change({ accuracy: -0.01 }),
    'an accuracy of a text': change({ accuracy: '1' }),
    'an accuracy of none': change({ accuracy: undefined }),
    'no parameters': resumed({ ...good, parameters: undefined }, 'run.nlr'),
    'parameters of two models': resumed({ ...good, parameters: [digits, digits] }),
    'parameters of a text': resumed({ ...good, parameters: digits }),
    'a parameter too few': resumed({ ...good, parameters: [digits.slice(16)] }),
    'parameters that are no text': resumed({ ...good, parameters: [7] }),
    'parameters in large letters': resumed({ ...good, parameters: [digits.toUpperCase()] }),
    'a parameter that is no digit': resumed({ ...good, parameters: [`g${digits.slice(1)}`] }),
    'a parameter of infinity': resumed({ ...good, parameters: [`000000000000f07f${digits.slice(16)}`] }),
  });
  assertGolden(golden('early-stopping'), text);
});

test('early stopping looks when it is time, and counts its misses', async () => {
  const trainer = await trainerOf({ steps: 5, batch: 4, rule: 'sgd', rate: 1e-9, headRate: 1e-9 });
  const early = new EarlyStopping(trainer, { dataset: dataOf(), every: 2, patience: 2 });
  assert.equal(early.look(), undefined, 'before the first step');
  assert.deepEqual(early.state, { misses: 0 });
  // Nothing is kept yet, so that nothing is put back.
  const drawn = Array.from(trainer.parameters);
  early.restore();
  assert.deepEqual(Array.from(trainer.parameters), drawn);
  const looks: unknown[] = [];
  for await (const { step } of trainer.fit()) {
    const found = early.look();
    looks.push([step, found?.step ?? null]);
    // The same parameters again: as good is no better.
    if (step === 2) {
      assert.equal(early.stop, false);
      early.look();
      assert.deepEqual([early.state.misses, early.stop], [1, false]);
      early.look();
      assert.deepEqual([early.state.misses, early.stop], [2, true]);
      assert.equal(early.best, found);
    }
  }
  assert.deepEqual(looks, [
    [1, null],
    [2, 2],
    [3, null],
    [4, 4],
    [5, 5],
  ]);
  assert.equal(early.state.parameters?.[0].length, 16 * trainer.parameters.length);
});

test('the training loss is the mean over all rows, by moments, by shots or row by row', async () => {
  const dataset = dataOf();
  const model = { ...MODEL, loss: 'mse' } as const;
  const plain = await Trainer.create({ model, training: TRAINING, dataset });
  const kept = await Trainer.create({
    model,
    training: { ...TRAINING, moments: true, engine: 'columns' },
    dataset,
  });
  const { loss } = plain.evaluate(dataset);
  for (const shots of [undefined, 'exact'] as const) {
    assertClose(plain.trainingLoss({ shots }), loss, 1e-12, 'row by row');
    assertClose(kept.trainingLoss({ shots }), loss, 1e-12, 'by moments');
  }
  const drawn = kept.trainingLoss({ shots: 100 });
  assert.ok(Math.abs(drawn - loss) > 1e-9 && Math.abs(drawn - loss) < 1, 'by shots, which scatter');
  const three = rowsOf(['a', 'b', 'c']);
  const rest = await Trainer.create({ model, training: TRAINING, dataset: three, oneVsRest: true });
  assertClose(rest.trainingLoss(), rest.evaluate(three).loss, 1e-12, 'the mean of three models');
  assert.equal(rest.modelParameters.length, 3);
  assert.equal(rest.memoryPages, 3);
  assert.equal(rest.trace.split('-').length, 3);
  assert.ok(rest.wasmBytes > 1000 && plain.wasmBytes === rest.wasmBytes);
});
